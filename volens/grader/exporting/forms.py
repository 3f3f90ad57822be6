"""Marks in Moodle's form, in Canvas's, and as a plain table.

Checked against the platforms' own source:

- Moodle's grading worksheet knows a student by *Identifier*, such as ``Participant 12345``,
  a grade by *Grade*; a cell that is empty, or a grade above the maximum, is passed over
  without a word. So the maximum is compared here.
- Canvas's gradebook has ``Student, ID, SIS User ID, SIS Login ID, Section``, then a column
  for each assignment, ``a3-consent (12345)``; above the students stands a row *Points
  Possible*. ``EX`` is excused, ``N/A`` not assigned.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from volens.errors import GradingError
from volens.grader.collecting.names import shown
from volens.grader.exporting.cells import Sheet, guarded, quoted, read_sheet
from volens.grader.exporting.comments import in_html
from volens.grader.exporting.marks import ClassMarks, StudentMarks, read_marks
from volens.grader.results import IN_PART, SCORED
from volens.grader.whole_files import write_whole
from volens.wording import suggestion

__all__ = ["Exported", "Settings", "export"]

_IDENTIFIER = "Identifier"
_MOODLE_IDS = (_IDENTIFIER, "ID number", "Username", "Email address")
_CANVAS_IDS = ("ID", "SIS User ID", "SIS Login ID")
_CANVAS_HEADER = ("Student", *_CANVAS_IDS, "Section")
_CANVAS_POSSIBLE = "    Points Possible"
_PARTICIPANT = re.compile(r"\D+\s(\d+)")
_AS_THE_PLATFORM_HAS_IT = {"ex", "n/a"}
_SAME = 0.005
_COMMENTS_ADVICE = (
    "Comments go into a column of this name only: set Moodle to English, download the worksheet "
    "again, and upload it in English, too; or leave out --comments."
)
_ID_ADVICE = (
    "Download the gradebook again, in English: students are found by its columns of ids, which "
    "no option names."
)


@dataclass(frozen=True)
class Settings:
    """What may be chosen about an export.

    Attributes
    ----------
    column
        The column of the template to fill, where it is not found by its name.
    scale
        Of how many points the exported marks are; ``None`` for the assignment's own.
    unfinished
        Whether marks count that still wait for a person.
    comments
        Whether Moodle's feedback comments are filled too.
    """

    column: str | None = None
    scale: float | None = None
    unfinished: bool = False
    comments: bool = False


@dataclass
class Exported:
    """What an export did.

    Attributes
    ----------
    written
        How many marks were written.
    matched_by
        The column of the template by which students were found; empty without a template.
    waiting
        Students whose marks are not finished, and were not written.
    unmarked
        Students without any mark.
    without_mark
        Rows of the template that are nobody's in the gradebook.
    excused
        Students for whom the platform itself has a word in place of a mark.
    without_row
        Students with a mark for whom the template has no row.
    """

    written: int = 0
    matched_by: str = ""
    waiting: list[str] = field(default_factory=list)
    unmarked: list[str] = field(default_factory=list)
    without_mark: list[str] = field(default_factory=list)
    excused: list[str] = field(default_factory=list)
    without_row: list[str] = field(default_factory=list)


def export(
    course: Path,
    assignment: str,
    platform: str,
    out: Path,
    *,
    template: Path | None = None,
    ids: Mapping[str, str] | None = None,
    settings: Settings | None = None,
) -> Exported:
    """Write the marks of a class into a file.

    Parameters
    ----------
    course
        The root of the course.
    assignment
        Of which assignment.
    platform
        ``moodle``, ``canvas`` or ``csv``.
    out
        The file to write; it is there in full or not at all.
    template
        The platform's own file to fill.
    ids
        The platform's ids to students' ids; without it they are the same.
    settings
        What may be chosen.

    Raises
    ------
    GradingError
        If something does not fit; nothing is written then.
    """
    chosen = settings or Settings()
    _check(platform, out, template, chosen)
    form = _Form(read_marks(course, assignment), ids or {}, chosen)
    if platform == "csv":
        text = form.plain()
    elif template is None:
        text = form.for_moodle() if platform == "moodle" else form.for_canvas()
    elif platform == "moodle":
        text = form.fill_moodle(read_sheet(template))
    else:
        text = form.fill_canvas(read_sheet(template))
    try:
        write_whole(out, text.encode("utf-8"), lasting=True)
    except OSError as error:
        raise GradingError(
            f"{out} could not be written ({error.strerror}). Name a file in a folder of yours."
        ) from None
    return form.done


def _check(platform: str, out: Path, template: Path | None, settings: Settings) -> None:
    if not out.parent.is_dir():
        raise GradingError(f"There is no folder {out.parent}. Name a file in a folder that exists.")
    if template is not None and out.exists() and template.exists() and out.samefile(template):
        raise GradingError(f"{out} is the template itself. Name another file to write.")
    if platform == "csv" and (template or settings.scale or settings.column):
        raise GradingError(
            "A plain table has every question with its own points: leave out --template, --scale "
            "and --column, or say --to moodle or --to canvas."
        )
    if settings.comments and (platform != "moodle" or template is None):
        raise GradingError(
            "Comments have a place in Moodle's grading worksheet only. Download it, and name it "
            "with --template."
        )


class _Form:
    """The marks of a class on their way into a file."""

    def __init__(self, marks: ClassMarks, ids: Mapping[str, str], settings: Settings) -> None:
        self._marks = marks
        self._students = {one.student: one for one in marks.students}
        self._ids = ids
        self._settings = settings
        self.done = Exported()

    # Without a template

    def plain(self) -> str:
        """Return one row for each student, with every question."""
        marks = self._marks
        header = ["student", "name", *marks.questions, "late_penalty", "points", "possible"]
        rows = [[*header, "state"]]
        for one in marks.students:
            points = [one.questions.get(question) for question in marks.questions]
            numbers = [*points, one.penalty if one.points is not None else None, one.points]
            cells = [*map(_number, numbers), _number(marks.possible), one.state]
            rows.append([guarded(one.student), guarded(one.name), *cells])
            self._count(one, written=one.points is not None)
        return _lines(rows)

    def for_moodle(self) -> str:
        """Return a table for *Import* in Moodle's gradebook."""
        rows = [[guarded(platform), mark] for _, platform, mark in self._marked()]
        return _lines([["idnumber", self._marks.assignment], *rows])

    def for_canvas(self) -> str:
        """Return a table for *Import* in Canvas's gradebook."""
        possible = _number(self._maximum)
        rows = [
            [*_CANVAS_HEADER, self._marks.assignment],
            [_CANVAS_POSSIBLE, "", "", "", "", possible],
        ]
        for student, platform, mark in self._marked():
            # Canvas takes the digits in front for the id, so anything else is no id there.
            is_id = platform.isdecimal()
            ids = [platform, "", ""] if is_id else ["", "", guarded(platform)]
            rows.append([guarded(student.name), *ids, "", mark])
        return _lines(rows)

    def _marked(self) -> list[tuple[StudentMarks, str, str]]:
        """Return everybody who has a mark, with the platform's id and the mark."""
        platforms = {student: platform for platform, student in self._ids.items()}
        found = []
        for one in self._marks.students:
            mark = self._mark(one)
            self._count(one, written=bool(mark))
            if mark:
                found.append((one, platforms.get(one.student, one.student), mark))
        return found

    # Moodle's worksheet

    def fill_moodle(self, sheet: Sheet) -> str:
        """Return Moodle's grading worksheet with its grades filled in."""
        grade = self._column(sheet, self._settings.column or "Grade", self._marks_advice)
        maximum = sheet.column("Maximum grade")
        comments = (
            self._column(sheet, "Feedback comments", _COMMENTS_ADVICE)
            if self._settings.comments
            else None
        )
        rows = range(1, len(sheet))
        if maximum is not None:
            for row in rows:
                self._compare(sheet, row, sheet.get(row, maximum))
        for row, student in self._who(sheet, rows, _MOODLE_IDS):
            mark = self._mark(student)
            self._count(student, written=bool(mark))
            if mark:
                sheet.set(row, grade, mark)
                if comments is not None and student.comments:
                    sheet.set(row, comments, guarded(in_html(student, self._marks.questions)))
        return str(sheet)

    # Canvas's gradebook

    def fill_canvas(self, sheet: Sheet) -> str:
        """Return Canvas's gradebook with the assignment's column filled in."""
        column = self._canvas_column(sheet)
        key = self._column(sheet, "ID", _ID_ADVICE)
        for row in range(1, len(sheet)):
            if sheet.get(row, 0) == _CANVAS_POSSIBLE.strip():
                if "read only" in sheet.get(row, column):
                    raise GradingError(
                        f"{sheet.name}: Canvas does not take marks in the column "
                        f"`{sheet.columns[column]}` (read only). Name another with --column."
                    )
                self._compare(sheet, row, sheet.get(row, column))
        # Above the students stand rows about the columns; they have no id.
        rows = [row for row in range(1, len(sheet)) if sheet.get(row, key)]
        for row, student in self._who(sheet, rows, _CANVAS_IDS):
            mark = self._mark(student)
            if mark and sheet.get(row, column).casefold() in _AS_THE_PLATFORM_HAS_IT:
                self.done.excused.append(student.student)
                continue
            self._count(student, written=bool(mark))
            if mark:
                sheet.set(row, column, mark)
        return str(sheet)

    def _canvas_column(self, sheet: Sheet) -> int:
        if self._settings.column:
            return self._column(sheet, self._settings.column, self._marks_advice)
        form = re.compile(rf"{re.escape(self._marks.assignment)}(?: \(\d+\))?", re.IGNORECASE)
        found = [place for place, name in enumerate(sheet.columns) if form.fullmatch(name)]
        if len(found) != 1:
            expected = f"one column {self._marks.assignment} (12345)"
            got = ", ".join(sheet.columns[place] for place in found) or "none"
            raise GradingError(
                f"{sheet.name}: expected {expected}, got {got}. Name the column with --column. "
                f"It has: {', '.join(sheet.columns)}."
            )
        return found[0]

    # What both share

    @property
    def _maximum(self) -> float:
        return self._settings.scale or self._marks.possible

    def _mark(self, student: StudentMarks) -> str:
        """Return a mark as it is written; nothing where there is none to write."""
        states = {SCORED, IN_PART} if self._settings.unfinished else {SCORED}
        if student.points is None or student.state not in states:
            return ""
        possible = self._marks.possible
        factor = self._maximum / possible if self._settings.scale and possible else 1
        return _number(student.points * factor)

    def _count(self, student: StudentMarks, *, written: bool) -> None:
        if written:
            self.done.written += 1
        elif student.points is None:
            self.done.unmarked.append(student.student)
        else:
            self.done.waiting.append(student.student)

    @property
    def _marks_advice(self) -> str:
        if self._settings.column:
            return "Name one of these with --column."
        return (
            "Is it the file that the platform gives for this assignment? In another language, "
            "name the column of the marks with --column."
        )

    def _column(self, sheet: Sheet, name: str, advice: str) -> int:
        found = sheet.column(name)
        if found is None:
            raise GradingError(_no_column(sheet, name, advice))
        return found

    def _compare(self, sheet: Sheet, row: int, maximum: str) -> None:
        """Stop where the platform counts out of another number of points."""
        try:
            theirs = float(maximum.replace(",", "."))
        except ValueError:
            return
        if abs(theirs - self._maximum) > _SAME:
            raise GradingError(
                f"{sheet.name}, row {row + 1}: expected marks out of {self._maximum:g}, as in "
                f"{self._marks.assignment}, got a maximum of {theirs:g}. Change the maximum on the "
                f"platform, or turn the marks into points out of {theirs:g}: --scale {theirs:g}."
            )

    def _who(
        self, sheet: Sheet, rows: Iterable[int], columns: Sequence[str]
    ) -> list[tuple[int, StudentMarks]]:
        """Return the rows of students of ours.

        One column serves for all of them, the one that finds most: a number may be one
        student's in one column and another's in the next.
        """
        rows = list(rows)
        readings: list[tuple[str, dict[int, str]]] = []
        for name in columns if not self._ids else columns[:1]:
            place = sheet.column(name)
            if place is None and name == _IDENTIFIER:
                place = 0  # its name depends on the language, its place does not
            if place is None:
                continue
            read = {
                row: self._ours(sheet.get(row, place), participant=name == _IDENTIFIER)
                for row in rows
            }
            readings.append((sheet.columns[place], read))
        if not readings:
            raise GradingError(_no_column(sheet, columns[0], _ID_ADVICE))
        name, best = max(
            readings, key=lambda one: sum(who in self._students for who in one[1].values())
        )
        self.done.matched_by = name
        found = {row: self._students[who] for row, who in best.items() if who in self._students}
        self._check_once(sheet, found)
        self.done.without_mark += [shown(sheet.get(row, 0)) for row in rows if row not in found]
        there = {one.student for one in found.values()}
        for one in self._marks.students:
            if one.student not in there:
                if self._mark(one):
                    self.done.without_row.append(one.student)
                else:
                    self._count(one, written=False)
        return list(found.items())

    def _check_once(self, sheet: Sheet, found: Mapping[int, StudentMarks]) -> None:
        first: dict[str, int] = {}
        for row, one in found.items():
            before = first.setdefault(one.student, row)
            if before != row:
                raise GradingError(
                    f"{sheet.name}, row {row + 1}: expected each student once, got "
                    f"{one.student} again, after row {before + 1}. Download the file again."
                )

    def _ours(self, cell: str, *, participant: bool) -> str:
        """Return whose a row is; *Participant 12345* is the platform's 12345."""
        match = _PARTICIPANT.fullmatch(cell) if participant else None
        platform = match[1] if match else cell
        return self._ids.get(platform, "" if self._ids else platform)


def _no_column(sheet: Sheet, name: str, advice: str) -> str:
    return (
        f"{sheet.name}: expected a column `{name}`, got none.{suggestion(name, sheet.columns)} "
        f"It has: {', '.join(sheet.columns)}. {advice}"
    )


def _number(value: float | None) -> str:
    """Return a number with at most two digits after the point; nothing for None.

    Examples
    --------
    >>> _number(7.5), _number(20.0), _number(1 / 3), _number(0), _number(None)
    ('7.5', '20', '0.33', '0', '')
    """
    return "" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")


def _lines(rows: Iterable[Iterable[str]]) -> str:
    return "".join(",".join(map(quoted, row)) + "\n" for row in rows)
