"""One batch of marked submissions, into nbgrader's tables, as nbgrader itself enters one.

The rules are those of ``nbgrader autograde``: a mark needs a person where there is none, or
where a person has given one before; a notebook that was not handed in has 0 points and needs
nobody; a task, which only a person marks, is left as it is.

Each table is read once and written once for the whole batch, and only where something is new.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from nbgrader.api import (
    Assignment,
    Comment,
    Grade,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    new_uuid,
)
from nbgrader.utils import parse_utc
from sqlalchemy import Connection, Table, bindparam, insert, select, update

from volens.errors import SubmissionError
from volens.grader.register.templates import known_cells, unknown
from volens.grader.results import Graded, GradedNotebook, Mark

__all__ = ["Penalty", "Plan", "enter", "read_plan"]

#: The student, the points and the seconds; the points to take off, or ``None`` for none.
Penalty: TypeAlias = Callable[[str, float, float], float | None]

_STUDENT: Table = Student.__table__
_SUBMISSION: Table = SubmittedAssignment.__table__
_NOTEBOOK: Table = SubmittedNotebook.__table__
_GRADE: Table = Grade.__table__
_COMMENT: Table = Comment.__table__

_NEW = "new_"


@dataclass(frozen=True)
class Plan:
    """What a submission of an assignment has rows for.

    Attributes
    ----------
    id, duedate
        The assignment's, from the gradebook.
    notebooks
        Name of a notebook to its id.
    marked, commented
        Id of a notebook to name to id of a cell that has a grade, that has a comment.
    possible
        Id of a marked cell to what it is worth.
    tasks
        Ids of the cells that only a person marks.
    """

    id: str
    duedate: datetime | None
    notebooks: Mapping[str, str]
    marked: Mapping[str, Mapping[str, str]]
    commented: Mapping[str, Mapping[str, str]]
    possible: Mapping[str, float]
    tasks: frozenset[str]


@dataclass(frozen=True)
class _Sheet:
    """One notebook of one submission, in the gradebook.

    ``graded`` is ``None`` where it was not handed in.
    """

    id: str
    submission: _Submission
    notebook: str
    graded: GradedNotebook | None
    penalty: float | None


@dataclass(frozen=True)
class _Submission:
    id: str
    student: str
    seconds_late: float
    same_work: bool


def read_plan(connection: Connection, assignment: str) -> Plan:
    """Read what a submission of an assignment has rows for.

    Raises
    ------
    GradebookError
        If the gradebook does not know the assignment.
    """
    found = connection.execute(
        select(Assignment.id, Assignment.duedate).where(Assignment.name == assignment)
    ).one_or_none()
    if found is None:
        raise unknown(assignment)
    notebooks = connection.execute(
        select(Notebook.name, Notebook.id).where(Notebook.assignment_id == found.id)
    )
    names: dict[str, str] = {row.name: row.id for row in notebooks}
    marked: dict[str, dict[str, str]] = {notebook: {} for notebook in names.values()}
    commented: dict[str, dict[str, str]] = {notebook: {} for notebook in names.values()}
    possible: dict[str, float] = {}
    tasks = set()
    for row in known_cells(connection, assignment):
        if row.type in {"GradeCell", "TaskCell"}:
            marked[row.notebook_id][row.name] = row.id
            possible[row.id] = row.possible
        if row.type in {"SolutionCell", "TaskCell"}:
            commented[row.notebook_id][row.name] = row.id
        if row.type == "TaskCell":
            tasks.add(row.id)
    return Plan(found.id, found.duedate, names, marked, commented, possible, frozenset(tasks))


def enter(
    connection: Connection,
    entries: Sequence[Graded],
    plan: Plan,
    times: Mapping[str, datetime],
    penalty: Penalty | None,
) -> None:
    """Enter submissions, each of another student.

    Parameters
    ----------
    connection
        To the gradebook, in a transaction.
    entries
        What was marked.
    plan
        What the assignment has rows for.
    times
        When a student handed in, if that is known.
    penalty
        What is taken off for handing in late.

    Raises
    ------
    SubmissionError
        If one of them cannot be entered as it is.
    """
    for entry in entries:
        _check(entry, plan)
    _enter_students(connection, entries)
    submissions = _enter_submissions(connection, entries, plan, times)
    sheets = _enter_sheets(connection, entries, submissions, plan)
    _enter_marks(connection, sheets, plan)
    _enter_comments(connection, sheets, plan)
    _enter_penalties(connection, sheets, penalty)


def _check(entry: Graded, plan: Plan) -> None:
    """Refuse what the gradebook has no place for."""
    for notebook in entry.notebooks:
        place = plan.notebooks.get(notebook.name)
        if place is None:
            raise _changed(f"the notebook `{notebook.name}`")
        for comment in notebook.comments:
            if comment.grade_id not in plan.commented[place]:
                raise _changed(f"an answer `{comment.grade_id}` in `{notebook.name}`")
        for mark in notebook.marks:
            cell = plan.marked[place].get(mark.grade_id)
            if cell is None:
                raise _changed(f"a marked cell `{mark.grade_id}` in `{notebook.name}`")
            most = 0 if cell in plan.tasks else plan.possible[cell]
            if mark.points is not None and not 0 <= mark.points <= most:
                raise SubmissionError(
                    "mark-out-of-range",
                    f"`{mark.grade_id}` in `{notebook.name}`: expected 0 to {most:g} points from "
                    f"a program, got {mark.points:g}. Mark it by hand, and report the test cell.",
                )


def _changed(what: str) -> SubmissionError:
    return SubmissionError(
        "assignment-changed",
        f"The gradebook has not got {what}: the assignment was changed after this was marked. "
        "Start the run again.",
    )


def _enter_students(connection: Connection, entries: Sequence[Graded]) -> None:
    students = [entry.student for entry in entries]
    known = set(connection.scalars(select(_STUDENT.c.id).where(_STUDENT.c.id.in_(students))))
    _insert(connection, _STUDENT, [{"id": name} for name in students if name not in known])


def _enter_submissions(
    connection: Connection,
    entries: Sequence[Graded],
    plan: Plan,
    times: Mapping[str, datetime],
) -> dict[str, _Submission]:
    """Return everybody's submission, after it was made where there was none."""
    rows = connection.execute(
        select(_SUBMISSION).where(
            _SUBMISSION.c.assignment_id == plan.id,
            _SUBMISSION.c.student_id.in_([entry.student for entry in entries]),
        )
    )
    known = {row.student_id: row for row in rows}
    new, changed, submissions = [], [], {}
    for entry in entries:
        time = parse_utc(times.get(entry.student))
        row = known.get(entry.student)
        key = row.id if row else new_uuid()
        if row is None:
            new.append(
                {
                    "id": key,
                    "assignment_id": plan.id,
                    "student_id": entry.student,
                    "timestamp": time,
                }
            )
        elif time not in {None, row.timestamp}:
            changed.append({"key": key, "new_timestamp": time})
        late = _seconds_late(
            time or (row.timestamp if row else None), plan.duedate, row.extension if row else None
        )
        submissions[entry.student] = _Submission(key, entry.student, late, entry.same_work)
    _insert(connection, _SUBMISSION, new)
    _update(connection, _SUBMISSION, changed)
    return submissions


def _seconds_late(
    time: datetime | None, due: datetime | None, extension: timedelta | None
) -> float:
    if time is None or due is None:
        return 0
    return (time - due - (extension or timedelta())).total_seconds()


def _enter_sheets(
    connection: Connection,
    entries: Sequence[Graded],
    submissions: Mapping[str, _Submission],
    plan: Plan,
) -> list[_Sheet]:
    """Return every notebook of every submission, after it was made where there was none."""
    rows = connection.execute(
        select(_NOTEBOOK).where(
            _NOTEBOOK.c.notebook_id.in_(plan.notebooks.values()),
            _NOTEBOOK.c.assignment_id.in_([one.id for one in submissions.values()]),
        )
    )
    known = {(row.assignment_id, row.notebook_id): row for row in rows}
    new, sheets = [], []
    for entry in entries:
        submission = submissions[entry.student]
        handed_in = {one.name: one for one in entry.notebooks if one.content}
        for name, notebook in plan.notebooks.items():
            row = known.get((submission.id, notebook))
            key = row.id if row else new_uuid()
            penalty = row.late_submission_penalty if row else None
            sheets.append(_Sheet(key, submission, notebook, handed_in.get(name), penalty))
            if row is None:
                new.append(
                    {
                        "id": key,
                        "assignment_id": submission.id,
                        "notebook_id": notebook,
                        "flagged": False,
                    }
                )
    _insert(connection, _NOTEBOOK, new)
    return sheets


def _enter_marks(connection: Connection, sheets: Sequence[_Sheet], plan: Plan) -> None:
    known = _rows(connection, _GRADE, sheets, plan.marked)
    new, changed = [], []
    for sheet in sheets:
        said = _said(sheet, plan)
        for cell in plan.marked[sheet.notebook].values():
            row = known.get((sheet.id, cell))
            if cell in said:
                mark = said[cell]
                wanted = mark.points, _waits(sheet, mark, row)
            elif row is None:
                wanted = None, True
            else:
                continue
            if row is None:
                new.append(
                    {
                        "id": new_uuid(),
                        "notebook_id": sheet.id,
                        "cell_id": cell,
                        "auto_score": wanted[0],
                        "needs_manual_grade": wanted[1],
                    }
                )
            elif (row.auto_score, row.needs_manual_grade) != wanted:
                changed.append(
                    {
                        "key": row.id,
                        "new_auto_score": wanted[0],
                        "new_needs_manual_grade": wanted[1],
                    }
                )
    _insert(connection, _GRADE, new)
    _update(connection, _GRADE, changed)


def _said(sheet: _Sheet, plan: Plan) -> dict[str, Mark]:
    """Return what the program says of cells, by their ids."""
    cells = plan.marked[sheet.notebook]
    if sheet.graded is None:
        return {cell: Mark(name, 0.0, plan.possible[cell]) for name, cell in cells.items()}
    said = {cells[mark.grade_id]: mark for mark in sheet.graded.marks}
    return {cell: mark for cell, mark in said.items() if cell not in plan.tasks}


def _waits(sheet: _Sheet, mark: Mark, row: Any) -> bool:  # noqa: ANN401 (any row)
    """Return whether a person has to look at a mark, again or for the first time."""
    if sheet.graded is None:
        return False
    if row is None or row.manual_score is None:
        return mark.points is None or mark.doubtful
    if not sheet.submission.same_work:
        return True
    # What a person gave to this very work stands, unless the program now says something else.
    return bool(row.needs_manual_grade) or row.auto_score != mark.points


def _enter_comments(connection: Connection, sheets: Sequence[_Sheet], plan: Plan) -> None:
    known = _rows(connection, _COMMENT, sheets, plan.commented)
    new, changed = [], []
    for sheet in sheets:
        comments = sheet.graded.comments if sheet.graded else ()
        said = {comment.grade_id: comment.text for comment in comments}
        for name, cell in plan.commented[sheet.notebook].items():
            row = known.get((sheet.id, cell))
            if row is None:
                new.append(
                    {
                        "id": new_uuid(),
                        "notebook_id": sheet.id,
                        "cell_id": cell,
                        "auto_comment": said.get(name),
                    }
                )
            elif name in said and said[name] != row.auto_comment:
                changed.append({"key": row.id, "new_auto_comment": said[name]})
    _insert(connection, _COMMENT, new)
    _update(connection, _COMMENT, changed)


def _enter_penalties(
    connection: Connection, sheets: Sequence[_Sheet], penalty: Penalty | None
) -> None:
    """Enter what is taken off each notebook that was handed in."""
    handed_in = [sheet for sheet in sheets if sheet.graded is not None]
    late = {sheet.id for sheet in handed_in if sheet.submission.seconds_late > 0}
    scores: dict[str, float] = {}
    if penalty and late:
        # The database adds the points up itself, as it does for nbgrader: to the last bit.
        query = select(SubmittedNotebook.id, SubmittedNotebook.score.label("score"))
        found = connection.execute(query.where(SubmittedNotebook.id.in_(late)))
        scores = {row.id: row.score for row in found}
    changed = []
    for sheet in handed_in:
        taken = None
        if penalty and sheet.id in scores:
            taken = _taken_off(penalty, sheet.submission, scores[sheet.id])
        if taken != sheet.penalty:
            changed.append({"key": sheet.id, "new_late_submission_penalty": taken})
    _update(connection, _NOTEBOOK, changed)


def _taken_off(penalty: Penalty, submission: _Submission, score: float) -> float | None:
    """Return what the course's rule takes off, never less than nothing or more than all."""
    try:
        taken = penalty(submission.student, score, submission.seconds_late)
        return None if taken is None else min(max(taken, 0.0), score)
    except Exception as error:  # a plugin of the course may do anything
        raise SubmissionError(
            "late-penalty",
            "The course's plugin for late submissions stopped with "
            f"{type(error).__name__}: {error}. Mend it (AssignLatePenalties in "
            "nbgrader_config.py), and start the run again.",
        ) from error


def _rows(
    connection: Connection,
    table: Table,
    sheets: Sequence[_Sheet],
    cells: Mapping[str, Mapping[str, str]],
) -> dict[tuple[str, str], Any]:
    """Return the rows of notebooks by notebook and cell; nobody changes them meanwhile."""
    rows = connection.execute(
        select(table)
        .where(
            # The index of the table begins with the cell: without it all rows are gone through.
            table.c.cell_id.in_([cell for named in cells.values() for cell in named.values()]),
            table.c.notebook_id.in_([sheet.id for sheet in sheets]),
        )
        .with_for_update()
    )
    return {(row.notebook_id, row.cell_id): row for row in rows}


def _insert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), rows)


def _update(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Change rows by their ids: ``new_NAME`` is for the column NAME."""
    if rows:
        names = [name for name in rows[0] if name != "key"]
        change = update(table).values({name[len(_NEW) :]: bindparam(name) for name in names})
        connection.execute(change.where(table.c.id == bindparam("key")), rows)
