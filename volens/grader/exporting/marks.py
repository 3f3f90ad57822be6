"""What everybody has in an assignment, as nbgrader counts it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from nbgrader.api import Assignment, Gradebook, MissingEntry

from volens.errors import GradingError
from volens.grader.collecting.names import meant
from volens.grader.results import IN_PART, PERSON, SCORED
from volens.grading.gradebook import gradebook, submissions

__all__ = ["NOTHING", "ClassMarks", "StudentMarks", "read_marks"]

#: In the gradebook, without a submission.
NOTHING: Final = "nothing handed in"


@dataclass(frozen=True)
class StudentMarks:
    """What one student has.

    Attributes
    ----------
    student, name
        The id, and the name as *Family, Given*; may be empty.
    state
        ``scored``, ``scored in part``, ``needs a person`` or ``nothing handed in``.
    points
        In all, after what is taken off for lateness; ``None`` where there is no mark.
    penalty
        What is taken off.
    questions
        Question to points; ``None`` where it waits for a person.
    comments
        Question to what the student is told.
    """

    student: str
    name: str
    state: str
    points: float | None = None
    penalty: float = 0
    questions: Mapping[str, float | None] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ClassMarks:
    """What a class has.

    Attributes
    ----------
    assignment
        In which assignment.
    possible
        How many points there are.
    questions
        Question to the points it is worth, in the order of the notebook.
    students
        Everybody in the gradebook, and everybody who handed in.
    """

    assignment: str
    possible: float
    questions: Mapping[str, float]
    students: tuple[StudentMarks, ...]


def read_marks(course: Path, assignment: str) -> ClassMarks:
    """Read the marks of a class.

    Parameters
    ----------
    course
        The root of the course.
    assignment
        Of which assignment.

    Raises
    ------
    GradingError
        If there is no gradebook, or it does not know the assignment.
    """
    handed_in = set(submissions(course, assignment))
    with gradebook(course) as book:
        try:
            found = book.find_assignment(assignment)
        except MissingEntry:
            known = sorted(one.name for one in book.assignments)
            raise GradingError(
                f"The gradebook has no assignment `{assignment}`.{meant(assignment, known)} "
                f"It has: {', '.join(known) or 'none'}."
            ) from None
        labels = _labels(found)
        questions = {
            labels[notebook.name, cell.name]: cell.max_score
            for notebook in found.notebooks
            for cell in (*notebook.grade_cells, *notebook.task_cells)
            if cell.max_score
        }
        names = {one.id: _name(one.last_name, one.first_name) for one in book.students}
        students = tuple(
            _of_student(book, found, labels, (student, names.get(student, "")), handed_in)
            for student in sorted(names.keys() | handed_in)
        )
        return ClassMarks(assignment, found.max_score, questions, students)


def _name(last: str | None, first: str | None) -> str:
    return ", ".join(part for part in (last, first) if part)


def _of_student(
    book: Gradebook,
    assignment: Assignment,
    labels: Mapping[tuple[str, str], str],
    who: tuple[str, str],
    handed_in: set[str],
) -> StudentMarks:
    student, name = who
    try:
        submission = book.find_submission(assignment.name, student)
    except MissingEntry:
        return StudentMarks(student, name, PERSON if student in handed_in else NOTHING)
    grades = [
        (labels[notebook.name, grade.name], grade)
        for notebook in submission.notebooks
        for grade in notebook.grades
        if grade.max_score
    ]
    if all(grade.auto_score is None and grade.manual_score is None for _, grade in grades):
        # Nobody has marked anything: nbgrader's own sum is 0, and no mark.
        return StudentMarks(student, name, PERSON)
    penalty = submission.late_submission_penalty or 0
    marked = {label for label, _ in grades}
    return StudentMarks(
        student,
        name,
        IN_PART if submission.needs_manual_grade else SCORED,
        # As nbgrader's own export has it.
        points=max(0.0, submission.score - penalty),
        penalty=penalty,
        questions={
            label: None if grade.needs_manual_grade else grade.score for label, grade in grades
        },
        comments={
            labels[notebook.name, one.name]: one.comment
            for notebook in submission.notebooks
            for one in notebook.comments
            # What nbgrader says by itself of an answer that is worth nothing helps nobody.
            if one.manual_comment or (one.comment and labels[notebook.name, one.name] in marked)
        },
    )


def _labels(assignment: Assignment) -> dict[tuple[str, str], str]:
    """Return what each cell is called: its id, with the notebook where two have such a cell."""
    cells = {
        (notebook.name, cell.name)
        for notebook in assignment.notebooks
        for cell in (*notebook.grade_cells, *notebook.solution_cells, *notebook.task_cells)
    }
    names = Counter(name for _, name in cells)
    return {
        (notebook, name): name if names[name] == 1 else f"{notebook}/{name}"
        for notebook, name in cells
    }
