"""The evidence: reads the tables, and refuses what the codebook forbids.

Rows are frozen. Most tables belong to a case; where none is named, the case of the
course is meant. Standard library only, so that the evidence can be read wherever
Python runs.

Examples
--------
>>> from volens import evidence
>>> evidence.row("claims", "C009").date
'2022-01-06'
>>> [source.type for source in evidence.sources_of("claims", "C014")]
['primary', 'press']
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, NoReturn

from volens import codebook
from volens.codebook import COURSE_CASE, Cell, Table
from volens.errors import CellError, UnknownRowError

__all__ = ["Row", "ids", "items", "row", "rows", "sources_of"]

_SPREADSHEET_DATE = re.compile(r"^\d{1,2}[/.]\d{1,2}[/.]\d{2,4}$")


class Row(Mapping[str, Cell]):
    """One row of a table; it cannot be changed.

    Cells are read as attributes or by name: ``row.date`` or ``row["date"]``.
    An empty cell is ``None``.
    """

    __slots__ = ("_cells", "_table")

    def __init__(self, table: str, cells: Mapping[str, Cell]) -> None:
        object.__setattr__(self, "_table", table)
        object.__setattr__(self, "_cells", MappingProxyType(dict(cells)))

    def __getitem__(self, column: str) -> Cell:
        return self._cells[column]  # type: ignore[no-any-return]

    def __getattr__(self, column: str) -> Any:  # noqa: ANN401 (the type depends on the column)
        try:
            return self._cells[column]
        except KeyError:
            raise AttributeError(
                f"The table `{self._table}` has no column `{column}`. "
                f"It has: {', '.join(self._cells)}."
            ) from None

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"A row of evidence cannot be changed (`{name}`).")

    def __iter__(self) -> Iterator[str]:
        return iter(self._cells)

    def __len__(self) -> int:
        return len(self._cells)

    def __hash__(self) -> int:
        return hash((self._table, tuple(self._cells.items())))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Row) and (self._table, dict(self)) == (other._table, dict(other))

    def __repr__(self) -> str:
        return f"<{self._table} {next(iter(self._cells.values()), '')}>"


def rows(name: str, *, case: str = COURSE_CASE) -> tuple[Row, ...]:
    """Return every row of a table, in the order of its file.

    Parameters
    ----------
    name
        A name out of :func:`volens.codebook.table_names`.
    case
        Whose table, for a table that every case has. A case other than that of the
        course may lack the file; then it has no rows.

    Raises
    ------
    UnknownTableError
        If there is no such table.
    CellError
        If a cell holds what the codebook forbids, or the file cannot be read as a table.

    Examples
    --------
    >>> len(rows("conflicts"))
    56
    """
    return _rows(name, case)


@cache
def _rows(name: str, case: str) -> tuple[Row, ...]:
    described = codebook.table(name)
    file = described.file(case)
    path = codebook.data_directory() / file
    if described.of_case and case != COURSE_CASE and not path.exists():
        return ()
    header, *lines = _cells(path, f"data/{file}")
    _check_header(described, f"data/{file}", header)
    return tuple(
        _read_row(described, f"data/{file}", number, cells) for number, cells in enumerate(lines, 2)
    )


def row(name: str, key: str, *, case: str = COURSE_CASE) -> Row:
    """Return one row by its id, or by its code in the research files.

    Raises
    ------
    UnknownTableError
        If there is no such table.
    UnknownRowError
        If the table has no such row.

    Examples
    --------
    >>> row("claims", "C004").speaker
    'Peskov, spokesman of the President of Russia'
    """
    index = _index(name, case)
    try:
        return index[key]
    except KeyError:
        raise UnknownRowError(name, key, index) from None


@cache
def ids(name: str, *, case: str = COURSE_CASE) -> frozenset[str]:
    """Return the ids of a table.

    Examples
    --------
    >>> "C004" in ids("claims")
    True
    """
    return frozenset(str(line.id) for line in rows(name, case=case))


def items(cell: Cell) -> tuple[str, ...]:
    """Return the items of a cell that holds a list, joined with "; ".

    Examples
    --------
    >>> items("treaty-obligation; consent-of-government")
    ('treaty-obligation', 'consent-of-government')
    >>> items(None)
    ()
    """
    return tuple(str(cell).split("; ")) if cell is not None else ()


@cache
def _index(name: str, case: str) -> Mapping[str, Row]:
    key = codebook.table(name).key
    lines = rows(name, case=case)
    found = {str(line[key]): line for line in lines} if key else {}
    aliases = {alias: line for line in lines for alias in items(line.get("ref"))}
    return {**aliases, **found}


def sources_of(
    name: str, key: str, *, role: str = "supports", case: str = COURSE_CASE
) -> tuple[Row, ...]:
    """Return the sources on which a row rests.

    Parameters
    ----------
    name, key
        The table and the row's id.
    role
        How the source bears on the row; the codebook lists the roles under ``links``. A
        source that ``quotes`` also ``supports``.
    case
        Whose row, for a table that every case has.

    Raises
    ------
    UnknownRowError
        If the table has no such row.
    """
    row(name, key, case=case)
    links = _links("case_links" if codebook.table(name).of_case else "links", case)
    wanted = ("supports", "quotes") if role == "supports" else (role,)
    return tuple(
        row("sources", source)
        for source, as_what in links.get((name, key), ())
        if as_what in wanted
    )


@cache
def _links(table: str, case: str) -> Mapping[tuple[str, str], tuple[tuple[str, str], ...]]:
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for link in rows(table, case=case):
        found.setdefault((link.table, link.row), []).append((link.source, link.role))
    return {place: tuple(sources) for place, sources in found.items()}


def _cells(path: Path, file: str) -> Iterator[list[str]]:
    """Read a file's cells, or say what keeps it from being a table."""
    try:
        with path.open(encoding="utf-8", newline="") as opened:
            text = opened.read()
    except FileNotFoundError:
        raise _unreadable(
            file, 1, "the file", "no such file", "Take it back from the last commit."
        ) from None
    except UnicodeDecodeError as problem:
        line = path.read_bytes()[: problem.start].count(b"\n") + 1
        raise _unreadable(
            file,
            line,
            "text in UTF-8",
            f"the byte {problem.object[problem.start]:#04x}",
            'In a spreadsheet, save as "CSV UTF-8".',
        ) from None
    if text.startswith("\ufeff"):
        raise _unreadable(
            file, 1, "text", "a byte order mark", "Save it as UTF-8 without that mark."
        )
    try:
        yield from csv.reader(text.splitlines(keepends=True), strict=True) if text else [[]]
    except csv.Error as problem:
        raise _unreadable(
            file,
            1,
            "cells with commas between them",
            str(problem),
            "Look for a lost quotation mark.",
        ) from None


def _unreadable(file: str, line: int, expected: str, got: str, advice: str) -> CellError:
    return CellError(file, line, "", expected=expected, got=got, advice=advice)


def _check_header(described: Table, file: str, header: list[str]) -> None:
    expected = [column.name for column in described.columns]
    if header != expected:
        missing = [name for name in expected if name not in header]
        raise CellError(
            file,
            1,
            (missing or header or ["?"])[0],
            expected=f"the columns {', '.join(expected)}",
            got=", ".join(header),
            advice="The codebook data/datapackage.json and the file must agree.",
        )


def _read_row(described: Table, file: str, number: int, cells: list[str]) -> Row:
    if len(cells) != len(described.columns):
        raise CellError(
            file,
            number,
            described.columns[min(len(cells), len(described.columns) - 1)].name,
            expected=f"{len(described.columns)} cells",
            got=f"{len(cells)} cells",
            advice="A comma inside a cell needs quotation marks round the cell.",
        )
    values: dict[str, Cell] = {}
    for column, text in zip(described.columns, cells, strict=True):
        try:
            values[column.name] = column.read(text)
        except ValueError as expected:
            raise CellError(
                file, number, column.name, expected=str(expected), got=text, advice=_advice(text)
            ) from None
    return Row(described.name, values)


def _advice(text: str) -> str:
    if _SPREADSHEET_DATE.match(text):
        return (
            "Write year-month-day. A spreadsheet may have changed it: compare with the last commit."
        )
    return ""
