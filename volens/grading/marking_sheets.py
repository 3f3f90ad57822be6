"""Marks for free text from a spreadsheet: one row for each reading of a text.

A sheet is a CSV file with the columns ``student``, ``question``, ``marker``, one for
each criterion, and ``comment``. Everything in it is held against the rubric and the
gradebook first; what is wrong is listed with its row, and then nothing is written.

The rule for several markers:

- One reading of a text: its points count.
- Two readings that are close: the mean counts, criterion by criterion.
- Two readings that are far apart: nothing counts until a third marker has read the text.
  Far apart is two levels or more in one criterion, or totals that differ by more than a
  stated share of the points. One level in one criterion is never far apart, even where
  a question has so few points that it exceeds the share.
- Three readings: the third one counts, alone. Who read third is said by name.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from pathlib import Path
from typing import Literal

from nbgrader.api import Grade, Gradebook, MissingEntry

from volens.errors import GradingError
from volens.grading.gradebook import gradebook, submissions
from volens.grading.rubric import Criterion, Rubric, read_rubrics, rubric_file
from volens.wording import suggestion

__all__ = [
    "APART",
    "Agreement",
    "Change",
    "Decision",
    "Fault",
    "Imported",
    "Reading",
    "agreements",
    "comment_for",
    "decide",
    "empty_sheet",
    "far_apart",
    "import_marks",
    "read_sheet",
]

#: Two totals further apart than this share of the points need a third reading.
APART = 0.15
#: With fewer texts than this, agreement beyond chance means little.
ENOUGH = 10
_FIXED = ("student", "question", "marker", "comment")
_DELIMITERS = (",", ";", "\t")
_TWO = 2
_THREE = 3
_LEVELS_APART = 2
_NUMBER = re.compile(r"\d+([.,]\d+)?")


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a sheet.

    Attributes
    ----------
    file, row, column
        Where; rows are counted as a spreadsheet counts, the header is row 1.
    expected, got, advice
        What should be there, what is, and what to do.
    """

    file: str
    row: int
    column: str
    expected: str
    got: str
    advice: str

    def __str__(self) -> str:
        where = f", column `{self.column}`" if self.column else ""
        return (
            f'{self.file}, row {self.row}{where}: expected {self.expected}, got "{self.got}". '
            f"{self.advice}"
        )


@dataclass(frozen=True)
class Reading:
    """One marker's reading of one text.

    Attributes
    ----------
    student, question, marker
        Whose text, the answer cell's id, and who read it.
    marks
        Criterion id to points.
    comment
        What the marker says to the student; may be empty.
    file, row
        Where it stands.
    """

    student: str
    question: str
    marker: str
    marks: Mapping[str, float]
    comment: str = ""
    file: str = ""
    row: int = 0

    @property
    def points(self) -> float:
        """The sum of its marks."""
        return sum(self.marks.values())


@dataclass(frozen=True)
class Decision:
    """What the readings of one text come to.

    Attributes
    ----------
    student, question
        Whose text, and the answer cell's id.
    readings
        Those that count: one, or two that are close; all of them where nothing is decided.
    differences
        Why a third reading is needed; empty where the points are decided.
    third
        Whether a third reading decided.
    """

    student: str
    question: str
    readings: tuple[Reading, ...]
    differences: tuple[str, ...] = ()
    third: bool = False

    @property
    def decided(self) -> bool:
        """Whether there are points to write down."""
        return not self.differences

    @property
    def marks(self) -> dict[str, float]:
        """Criterion id to points: the mean of the readings that count."""
        return {
            criterion: sum(one.marks[criterion] for one in self.readings) / len(self.readings)
            for criterion in self.readings[0].marks
        }

    @property
    def points(self) -> float:
        """The points in all."""
        return sum(self.marks.values())


@dataclass(frozen=True)
class Agreement:
    """How often two markers agree on one criterion, or on the total.

    Attributes
    ----------
    question, title
        The answer cell's id, and the criterion's title or ``Total``.
    same, near, of
        In how many texts they gave the same, or nearly the same, of how many.
    near_means
        What nearly the same means here.
    alpha
        Krippendorff's alpha; none where it is not defined.
    """

    question: str
    title: str
    same: int
    near: int
    of: int
    near_means: str
    alpha: float | None

    def __str__(self) -> str:
        if self.alpha is None:
            beyond = "beyond chance: not defined, because nothing varies"
        else:
            beyond = f"beyond chance (Krippendorff's alpha): {self.alpha:.2f}"
        return (
            f"{self.title}: the same in {self.same} of {self.of}, {self.near_means} in "
            f"{self.near} of {self.of}; {beyond}"
        )


@dataclass(frozen=True)
class Change:
    """A mark that the import sets.

    Attributes
    ----------
    student, question
        Whose text, and the answer cell's id.
    before, after
        The points; ``None`` where a person had given none yet.
    """

    student: str
    question: str
    before: float | None
    after: float


@dataclass(frozen=True)
class Imported:
    """What an import did, or would do.

    Attributes
    ----------
    decisions
        One for each text that was read.
    agreements
        How far two markers agree, where there are texts that two have read.
    changes
        The marks that are new or different; none where everything stood there already.
    left_empty
        Rows without any mark, as a half-done sheet has them: student and question.
    """

    decisions: tuple[Decision, ...]
    agreements: tuple[Agreement, ...]
    changes: tuple[Change, ...]
    left_empty: tuple[tuple[str, str], ...] = field(default=())


def empty_sheet(course: Path, assignment: str, question: str | None = None) -> str:
    """Return a sheet to fill in, as CSV: one row for each student and question.

    Parameters
    ----------
    course
        The root of the course.
    assignment
        The assignment's folder.
    question
        The id of an answer cell, for one question only.

    Raises
    ------
    GradingError
        If nobody has handed in, or there is no such question.
    """
    rubrics = _chosen(read_rubrics(rubric_file(course, assignment)), question)
    students = list(submissions(course, assignment))
    if not students:
        raise GradingError(
            f"Nobody has handed in {assignment} yet: submitted/ has no folder of that name. "
            "Collect first."
        )
    columns = ["student", "question", "marker", *_criteria(rubrics), "comment"]
    target = io.StringIO()
    writer = csv.DictWriter(target, columns, restval="", lineterminator="\n")
    writer.writeheader()
    for rubric in rubrics:
        for student in students:
            writer.writerow({"student": student, "question": rubric.question})
    return target.getvalue()


def _chosen(rubrics: Sequence[Rubric], question: str | None) -> tuple[Rubric, ...]:
    chosen = tuple(one for one in rubrics if question in (None, one.question))
    if not chosen:
        known = ", ".join(one.question for one in rubrics)
        raise GradingError(f"There is no question `{question}`. The questions are: {known}.")
    return chosen


def _criteria(rubrics: Iterable[Rubric]) -> dict[str, Criterion]:
    """Return the criteria of several questions by their ids, each id once."""
    return {criterion.id: criterion for rubric in rubrics for criterion in rubric.criteria}


# Reading a sheet


def read_sheet(
    file: Path, rubrics: Sequence[Rubric]
) -> tuple[list[Reading], list[Fault], list[tuple[str, str]]]:
    """Read a marking sheet, however a spreadsheet has saved it.

    Parameters
    ----------
    file
        A CSV file; commas, semicolons or tabs, with or without a byte order mark,
        with points or commas in numbers.
    rubrics
        Those of the assignment.

    Returns
    -------
    The readings, what is wrong, and the rows that were left empty.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        fault = Fault(
            file.name, 1, "", "text in UTF-8", "another encoding", 'Save it as "CSV UTF-8".'
        )
        return [], [fault], []
    except OSError as error:
        raise GradingError(f"{file} cannot be read ({error.strerror}). Name a CSV file.") from None
    header = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=header.count)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    sheet = _Sheet(file.name, rubrics)
    columns = sheet.columns(rows[0] if rows else [])
    if sheet.faults:
        return [], sheet.faults, []
    for number, row in enumerate(rows[1:], start=2):
        if any(cell.strip() for cell in row):
            sheet.read_row(number, row, columns)
    return sheet.readings, sheet.faults, sheet.left_empty


class _Sheet:
    """A sheet on its way to becoming readings.

    Parameters
    ----------
    name
        The file's name, for messages.
    rubrics
        Those of the assignment.
    """

    def __init__(self, name: str, rubrics: Sequence[Rubric]) -> None:
        self._name = name
        self._rubrics = {rubric.question: rubric for rubric in rubrics}
        self.readings: list[Reading] = []
        self.faults: list[Fault] = []
        self.left_empty: list[tuple[str, str]] = []

    def columns(self, header: Sequence[str]) -> dict[int, str]:
        """Return which column holds what: a fixed name, or a criterion's id."""
        criteria = _criteria(self._rubrics.values())
        meant = {name: name for name in (*_FIXED, *criteria)}
        meant |= {one.title.casefold(): one.id for one in criteria.values()}
        found: dict[int, str] = {}
        for place, cell in enumerate(header):
            word = cell.strip()
            name = meant.get(word.casefold())
            if not word:
                continue
            if name is None:
                advice = f"Delete the column, or mend its name.{suggestion(word, meant)}"
                self._fault(
                    1, word, f"one of: {', '.join(dict.fromkeys(meant.values()))}", word, advice
                )
            elif name in found.values():
                self._fault(1, name, "each column once", "two of them", "Delete one of the two.")
            else:
                found[place] = name
        needed = ["student", "marker", *(["question"] if len(self._rubrics) > 1 else [])]
        used = [one for one in criteria if len(self._rubrics) == 1 or one in found.values()]
        for name in [*needed, *used]:
            if name not in found.values():
                advice = "Add the column; `volens marks sheet` writes a sheet that has them all."
                self._fault(1, name, "a column of this name", "none", advice)
        return found

    def read_row(self, number: int, row: Sequence[str], columns: Mapping[int, str]) -> None:
        """Turn one row into a reading, or into faults."""
        before = len(self.faults)
        cells = {name: row[place].strip() for place, name in columns.items() if place < len(row)}
        beyond = [cell for place, cell in enumerate(row) if place not in columns and cell.strip()]
        if beyond:
            advice = "Put the cell under a heading; a comment with commas needs quotation marks."
            self._fault(number, "", "nothing outside the columns", beyond[0], advice)
        rubric = self._rubric(number, cells.get("question", ""))
        if rubric is None:
            return
        marked = [one.id for one in rubric.criteria if cells.get(one.id)]
        if not marked and not cells.get("comment"):
            self.left_empty.append((cells.get("student", ""), rubric.question))
            return
        for name in ("student", "marker"):
            if not cells.get(name):
                what = "whose text it is" if name == "student" else "who read it"
                self._fault(number, name, what, "", "Fill it in, the same way in every row.")
        marks = self._marks(number, cells, rubric)
        if len(self.faults) == before:
            self.readings.append(
                Reading(
                    cells["student"],
                    rubric.question,
                    cells["marker"],
                    marks,
                    cells.get("comment", ""),
                    self._name,
                    number,
                )
            )

    def _rubric(self, number: int, question: str) -> Rubric | None:
        if not question and len(self._rubrics) == 1:
            return next(iter(self._rubrics.values()))
        found = self._rubrics.get(question)
        if found is None:
            expected = f"one of: {', '.join(self._rubrics)}"
            advice = f"Name the answer cell.{suggestion(question, self._rubrics)}"
            self._fault(number, "question", expected, question, advice)
        return found

    def _marks(self, number: int, cells: Mapping[str, str], rubric: Rubric) -> dict[str, float]:
        marks = {}
        for criterion in rubric.criteria:
            cell = cells.get(criterion.id, "")
            value = float(cell.replace(",", ".")) if _NUMBER.fullmatch(cell) else None
            if value is None or criterion.place(value) is None:
                levels = " or ".join(f"{level.points:g}" for level in criterion.levels)
                advice = (
                    "Give every criterion the points of one of its levels."
                    if cell
                    else "The criterion is not marked yet. Give 0 if nothing was earned."
                )
                self._fault(number, criterion.id, levels, cell, advice)
            else:
                marks[criterion.id] = value
        others = _criteria(self._rubrics.values())
        for name in others:
            if name not in {one.id for one in rubric.criteria} and cells.get(name):
                expected = f"nothing, because it is no criterion of {rubric.question}"
                self._fault(number, name, expected, cells[name], "Is the question right?")
        return marks

    def _fault(self, row: int, column: str, expected: str, got: str, advice: str) -> None:
        self.faults.append(Fault(self._name, row, column, expected, got, advice))


# Deciding


def decide(
    readings: Sequence[Reading],
    rubrics: Sequence[Rubric],
    *,
    third: str | None = None,
    apart: float = APART,
) -> tuple[Decision, ...]:
    """Decide what the readings of each text come to; the rule stands at the top of this module.

    Parameters
    ----------
    readings
        From one sheet or several.
    rubrics
        Those of the assignment.
    third
        The marker whose reading decides where two others have read the same text.
    apart
        Totals further apart than this share of the points need a third reading, and at least
        one level of one criterion.

    Raises
    ------
    GradingError
        If a text has three readings and it is not said which is the third, or has more.
    """
    known = {rubric.question: rubric for rubric in rubrics}
    decisions = []
    for (student, question), found in _by_text(readings):
        if len(found) > _THREE:
            raise GradingError(
                f"{question} of {student} has {len(found)} readings. Leave at most three: "
                "two, and a third where they are far apart."
            )
        if len(found) == _THREE:
            deciding = tuple(one for one in found if _is(one, third))
            if not deciding:
                markers = ", ".join(one.marker for one in found)
                raise GradingError(
                    f"{question} of {student} has three readings ({markers}). "
                    "Say whose was the third, which decides: --third MARKER."
                )
            decisions.append(Decision(student, question, deciding, third=True))
            continue
        differences = far_apart(found, known[question], apart) if len(found) == _TWO else ()
        decisions.append(Decision(student, question, found, differences))
    return tuple(decisions)


def far_apart(readings: Sequence[Reading], rubric: Rubric, apart: float = APART) -> tuple[str, ...]:
    """Say where two readings of a text are so far apart that a third is needed."""
    one, other = readings
    found = [
        f"{criterion.title}: {one.marks[criterion.id]:g} and "
        f"{other.marks[criterion.id]:g} points, two levels or more apart"
        for criterion in rubric.criteria
        if _levels_apart(criterion, one, other) >= _LEVELS_APART
    ]
    limit = _limit(rubric, apart)
    if abs(one.points - other.points) > limit:
        found.append(
            f"in all: {one.points:g} and {other.points:g} points, more than {limit:g} apart"
        )
    return tuple(found)


def _is(reading: Reading, marker: str | None) -> bool:
    """Tell whether a reading is a marker's, however the name was typed."""
    return marker is not None and reading.marker.casefold() == marker.strip().casefold()


def _limit(rubric: Rubric, apart: float) -> float:
    """Return how many points two totals may differ without being far apart."""
    steps = [
        higher.points - lower.points
        for criterion in rubric.criteria
        for higher, lower in pairwise(criterion.levels)
    ]
    return max(round(apart * rubric.points, 2), *steps, 0)


def agreements(
    readings: Sequence[Reading],
    rubrics: Sequence[Rubric],
    *,
    third: str | None = None,
    apart: float = APART,
) -> tuple[Agreement, ...]:
    """Return how far two markers agree, for the texts that two have read.

    Where three have read a text, the third reading is left out: it came after the others.
    """
    found: list[Agreement] = []
    for rubric in rubrics:
        pairs = []
        for (_, question), of_text in _by_text(readings):
            two = [one for one in of_text if len(of_text) < _THREE or not _is(one, third)]
            if question == rubric.question and len(two) == _TWO:
                pairs.append((two[0], two[1]))
        if pairs:
            found += [_on(criterion, rubric, pairs) for criterion in rubric.criteria]
            found.append(_on_totals(rubric, pairs, apart))
    return tuple(found)


def _on(
    criterion: Criterion, rubric: Rubric, pairs: Sequence[tuple[Reading, Reading]]
) -> Agreement:
    steps = [_levels_apart(criterion, one, other) for one, other in pairs]
    values = [(one.marks[criterion.id], other.marks[criterion.id]) for one, other in pairs]
    return Agreement(
        rubric.question,
        criterion.title,
        steps.count(0),
        sum(step < _LEVELS_APART for step in steps),
        len(pairs),
        "at most one level apart",
        _alpha(values, [level.points for level in criterion.levels], "ordinal"),
    )


def _on_totals(rubric: Rubric, pairs: Sequence[tuple[Reading, Reading]], apart: float) -> Agreement:
    values = [(one.points, other.points) for one, other in pairs]
    limit = _limit(rubric, apart)
    return Agreement(
        rubric.question,
        "Total",
        sum(one == other for one, other in values),
        sum(abs(one - other) <= limit for one, other in values),
        len(pairs),
        f"at most {limit:g} points apart",
        _alpha(values, {value for pair in values for value in pair}, "interval"),
    )


def _alpha(
    pairs: Sequence[tuple[float, float]],
    domain: Iterable[float],
    metric: Literal["ordinal", "interval"],
) -> float | None:
    """Return Krippendorff's alpha; none where every reading gives one and the same."""
    import krippendorff  # noqa: PLC0415 (heavy)
    import numpy as np  # noqa: PLC0415 (heavy)

    if len({value for pair in pairs for value in pair}) == 1:
        return None
    return float(
        krippendorff.alpha(
            reliability_data=np.array(pairs).T,
            value_domain=sorted(domain),
            level_of_measurement=metric,
        )
    )


def _levels_apart(criterion: Criterion, one: Reading, other: Reading) -> int:
    first, second = (criterion.place(reading.marks[criterion.id]) for reading in (one, other))
    return abs((first or 0) - (second or 0))


def _by_text(
    readings: Iterable[Reading],
) -> Iterator[tuple[tuple[str, str], tuple[Reading, ...]]]:
    """Yield student and question with their readings, in the order of the students."""

    def text(reading: Reading) -> tuple[str, str]:
        return reading.student, reading.question

    for key, found in groupby(sorted(readings, key=text), key=text):
        yield key, tuple(found)


# Into the gradebook


def import_marks(
    course: Path,
    assignment: str,
    files: Sequence[Path],
    *,
    third: str | None = None,
    apart: float = APART,
    write: bool = True,
) -> Imported:
    """Take the marks of sheets into the gradebook: all of them, or none if anything is wrong.

    Parameters
    ----------
    course
        The root of the course.
    assignment
        The assignment's folder.
    files
        One sheet or several; several markers may share a sheet or have one each.
    third, apart
        See :func:`decide`.
    write
        Whether to write; otherwise only say what would be written.

    Raises
    ------
    GradingError
        If anything is wrong; the message lists all of it.
    """
    rubrics = read_rubrics(rubric_file(course, assignment))
    readings: list[Reading] = []
    faults: list[Fault] = []
    left_empty: list[tuple[str, str]] = []
    for file in files:
        read, wrong, empty = read_sheet(file, rubrics)
        readings += read
        faults += wrong
        left_empty += empty
    faults += _twice(readings)
    handed_in = submissions(course, assignment)
    with gradebook(course) as book:
        grades: dict[tuple[str, str], Grade] = {}
        for reading in readings:
            grade = _grade(book, assignment, reading)
            fault = _against_gradebook(reading, grade, book, handed_in)
            if fault:
                faults.append(fault)
            elif grade is not None:
                grades[reading.student, reading.question] = grade
        if faults:
            raise GradingError(_all(faults))
        decisions = decide(readings, rubrics, third=third, apart=apart)
        changes = _apply(book, assignment, decisions, rubrics, grades)
        if write:
            book.db.commit()
    found = agreements(readings, rubrics, third=third, apart=apart)
    return Imported(decisions, found, changes, tuple(left_empty))


def _all(faults: Sequence[Fault]) -> str:
    count = f"{len(faults)} things are" if len(faults) > 1 else "One thing is"
    return "\n".join([f"{count} wrong, so nothing was written:", *map(str, faults)])


def _twice(readings: Sequence[Reading]) -> Iterator[Fault]:
    first: dict[tuple[str, str, str], Reading] = {}
    for reading in readings:
        key = (reading.student, reading.question, reading.marker.casefold())
        if key in first:
            before = first[key]
            yield Fault(
                reading.file,
                reading.row,
                "marker",
                f"one row of {reading.marker} for {reading.question} of {reading.student}",
                f"a second, after {before.file}, row {before.row}",
                "Delete one of the two, or give the marker who wrote it.",
            )
        else:
            first[key] = reading


def _grade(book: Gradebook, assignment: str, reading: Reading) -> Grade | None:
    try:
        return book.find_grade(reading.question, assignment, assignment, reading.student)
    except MissingEntry:
        return None


def _against_gradebook(
    reading: Reading, grade: Grade | None, book: Gradebook, handed_in: Mapping[str, Path]
) -> Fault | None:
    """Return what the gradebook says against a reading; None if nothing."""
    student = reading.student
    if grade is not None:
        if grade.auto_score is not None and reading.points > 0:
            return Fault(
                reading.file,
                reading.row,
                "student",
                "no points, because this student left the text as it was",
                f"{reading.points:g}",
                "Has a row slipped? Look at the submission. If the points are for something in "
                "another cell, set them in formgrader.",
            )
        return None
    if student in handed_in:
        expected = "a submission that was marked by the program first"
        advice = "Run `nbgrader autograde`, or see docs/instructors.md if that cannot mark it."
    elif student in {one.id for one in book.students}:
        expected = "a student who handed in"
        advice = "Take the row out, or collect the submission first."
    else:
        expected = "a student of this course"
        advice = f"Mend the id: letters as in submitted/.{suggestion(student, handed_in)}"
    return Fault(reading.file, reading.row, "student", expected, student, advice)


def _apply(
    book: Gradebook,
    assignment: str,
    decisions: Sequence[Decision],
    rubrics: Sequence[Rubric],
    grades: Mapping[tuple[str, str], Grade],
) -> tuple[Change, ...]:
    """Set points and comments on the gradebook's objects, and say what is different."""
    known = {rubric.question: rubric for rubric in rubrics}
    changes = []
    for decision in decisions:
        if not decision.decided:
            continue
        grade = grades[decision.student, decision.question]
        comment = book.find_comment(decision.question, assignment, assignment, decision.student)
        words = comment_for(decision, known[decision.question])
        same = (grade.manual_score, grade.needs_manual_grade, comment.manual_comment)
        if same == (decision.points, False, words):
            continue
        changes.append(
            Change(decision.student, decision.question, grade.manual_score, decision.points)
        )
        grade.manual_score = decision.points
        grade.needs_manual_grade = False
        comment.manual_comment = words
    return tuple(changes)


def comment_for(decision: Decision, rubric: Rubric) -> str:
    """Return what the student reads: each criterion with the level reached, then the comments.

    Parameters
    ----------
    decision
        One that is decided.
    rubric
        How the text was marked.
    """
    lines = []
    for criterion in rubric.criteria:
        points = decision.marks[criterion.id]
        reached = dict.fromkeys(one.marks[criterion.id] for one in decision.readings)
        words = [level.description for level in criterion.levels if level.points in reached]
        level = words[0] if len(words) == 1 else f"Between two levels: {' / '.join(words)}"
        lines.append(f"- **{criterion.title}: {points:g} of {criterion.points:g} points.** {level}")
    remarks = list(dict.fromkeys(one.comment for one in decision.readings if one.comment))
    if decision.third:
        remarks.append("Three people read your text. The third reading counts.")
    elif len(decision.readings) == _TWO:
        remarks.append("Two people read your text. The points are the mean of theirs.")
    return "\n\n".join(["\n".join(lines), *remarks])
