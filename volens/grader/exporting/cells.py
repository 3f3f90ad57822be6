"""CSV files of a learning platform, in which a few cells change and the rest stays as it is.

The rest stays byte for byte: a platform recognises its own file by what is in it, and
some write cells in ways that a reader and a writer of CSV would not give back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from volens.errors import GradingError

__all__ = ["Sheet", "guarded", "quoted", "read_sheet"]

_DELIMITERS = (",", ";", "\t")
_BOM = "\ufeff"
_RISKY = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")


def guarded(text: str) -> str:
    """Return text that a spreadsheet shows and does not run as a formula.

    Examples
    --------
    >>> guarded("=HYPERLINK(1)"), guarded("-2.5"), guarded("s01")
    ("'=HYPERLINK(1)", '-2.5', 's01')
    """
    if text.lstrip(" ").startswith(_RISKY) and not _NUMBER.fullmatch(text.strip()):
        return f"'{text}"
    return text


def quoted(text: str, delimiter: str = ",") -> str:
    """Return text as a cell of a CSV file.

    Examples
    --------
    >>> print(quoted('so, "very" fine'))
    "so, ""very"" fine"
    """
    if any(one in text for one in (delimiter, '"', "\n", "\r")):
        doubled = text.replace('"', '""')
        return f'"{doubled}"'
    return text


@dataclass
class _Cell:
    """A cell as it is written, and what ends it."""

    raw: str
    end: str

    @property
    def text(self) -> str:
        if len(self.raw) > 1 and self.raw[0] == self.raw[-1] == '"':
            return self.raw[1:-1].replace('""', '"')
        return self.raw


class Sheet:
    r"""A CSV file that can be changed cell by cell.

    Parameters
    ----------
    name
        The file's name, for messages.
    text
        What is in it.

    Examples
    --------
    >>> sheet = Sheet("marks.csv", 'Name,Grade\n"Berg, Ann",\n')
    >>> sheet.set(1, 1, "7.5")
    >>> print(sheet, end="")
    Name,Grade
    "Berg, Ann",7.5
    """

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self._start = _BOM if text.startswith(_BOM) else ""
        text = text.removeprefix(_BOM)
        header = text.split("\n", 1)[0]
        self._delimiter = max(_DELIMITERS, key=header.count)
        self._rows = _rows(text, self._delimiter)
        self.columns = [cell.text.strip() for cell in self._rows[0]] if self._rows else []

    def __len__(self) -> int:
        """Return how many rows there are, with the header."""
        return len(self._rows)

    def __str__(self) -> str:
        cells = (f"{cell.raw}{cell.end}" for row in self._rows for cell in row)
        return self._start + "".join(cells)

    def column(self, name: str) -> int | None:
        """Return the place of a column, whatever its capitals; None if it is not there."""
        wanted = name.strip().casefold()
        names = [one.casefold() for one in self.columns]
        return names.index(wanted) if wanted in names else None

    def get(self, row: int, column: int) -> str:
        """Return what is in a cell; nothing where the row is shorter."""
        cells = self._rows[row]
        return cells[column].text.strip() if column < len(cells) else ""

    def set(self, row: int, column: int, text: str) -> None:
        """Write a cell; raises GradingError where the row is too short to have it."""
        cells = self._rows[row]
        if column >= len(cells):
            raise GradingError(
                f"{self.name}, row {row + 1}: expected {len(self.columns)} cells, got "
                f"{len(cells)}. Download the file again, and do not save it from a spreadsheet."
            )
        cells[column].raw = quoted(text, self._delimiter)


def _rows(text: str, delimiter: str) -> list[list[_Cell]]:
    # A quoted cell is read without going back, so that one without its end costs nothing.
    form = re.compile(rf'("(?:[^"]|"")*+"|[^{delimiter}\r\n]*+)({delimiter}|\r\n|\n|\r|\Z)')
    rows: list[list[_Cell]] = [[]]
    place = 0
    while place < len(text):
        match = form.match(text, place)
        if match is None:
            # A quotation mark in the middle of a cell: the cell ends with the next delimiter.
            match = re.compile(rf"([^{delimiter}\r\n]*)({delimiter}|\r\n|\n|\r|\Z)").match(
                text, place
            )
            assert match is not None
        rows[-1].append(_Cell(match[1], match[2]))
        place = match.end()
        if match[2] != delimiter:
            rows.append([])
        elif place == len(text):
            rows[-1].append(_Cell("", ""))
    return [row for row in rows if row]


def read_sheet(file: Path) -> Sheet:
    """Read a file of a learning platform.

    Raises
    ------
    GradingError
        If it cannot be read, or has no rows.
    """
    try:
        text = file.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise GradingError(
            f"{file}: expected text in UTF-8, got another encoding. Download it again from the "
            "platform; a spreadsheet may have saved it differently."
        ) from None
    except OSError as error:
        raise GradingError(
            f"{file} cannot be read ({error.strerror}). Name the file that the platform gave."
        ) from None
    sheet = Sheet(file.name, text)
    if len(sheet) < 2:  # noqa: PLR2004 (a header and a row)
        raise GradingError(f"{file}: expected a header and rows with students, got neither.")
    return sheet
