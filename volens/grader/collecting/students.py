"""Which id of a learning platform is which student."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from volens.errors import CellError, GradingError
from volens.grader.collecting.names import student_problem

__all__ = ["read_students"]

_COLUMNS = ("platform_id", "student_id")
_DELIMITERS = (",", ";", "\t")


def read_students(file: Path) -> dict[str, str]:
    """Read a table of ids: the platform's to the student's.

    Parameters
    ----------
    file
        A CSV file with the columns ``platform_id`` and ``student_id``; others are not read.

    Raises
    ------
    GradingError
        If it cannot be read.
    CellError
        If something in it is wrong; the message names row and column.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise GradingError(
            f'{file}: expected text in UTF-8, got another encoding. Save it as "CSV UTF-8".'
        ) from None
    except OSError as error:
        raise GradingError(f"{file} cannot be read ({error.strerror}). Name a CSV file.") from None
    header = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(_DELIMITERS, key=header.count))
    try:
        rows = list(reader)
    except csv.Error as error:
        raise GradingError(f"{file.name}: expected a CSV file; {error}. Save it again.") from None
    columns = [cell.strip() for cell in rows[0]] if rows else []
    for name in _COLUMNS:
        if columns.count(name) != 1:
            raise CellError(
                file.name,
                1,
                name,
                expected="one column of this name",
                got=", ".join(columns),
                advice="The first row names the columns: platform_id,student_id",
            )
    return _read_rows(file.name, columns, rows)


def _read_rows(file: str, columns: list[str], rows: list[list[str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    students: dict[str, int] = {}
    for number, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        cells = dict(zip(columns, (cell.strip() for cell in row), strict=False))
        platform, student = (cells.get(name, "") for name in _COLUMNS)
        if not platform or platform in found:
            expected = "an id that stands in no other row" if platform else "the platform's id"
            raise CellError(
                file, number, "platform_id", expected=expected, got=platform, advice="Mend the row."
            )
        problem = student_problem(student)
        if problem is None and student in students:
            problem = f"a student of one row only; row {students[student]} has this one"
        if problem:
            raise CellError(
                file,
                number,
                "student_id",
                expected=problem.removeprefix("expected "),
                got=student,
                advice="Mend the row.",
            )
        found[platform] = student
        students[student] = number
    return found
