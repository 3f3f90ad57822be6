"""The evidence: finds the tables, reads them, and refuses what the codebook forbids.

The codebook is ``data/datapackage.json``, a Frictionless Data Package. It names
every table, every column, and what a cell may hold. What is no table (the
doctrine's lists, the findings of a case) stands in TOML files and is read with
the same care by :func:`toml`. Standard library only, so that the evidence can be
read wherever Python runs.

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
import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, NoReturn, TypeAlias

from volens.errors import (
    CaseError,
    CellError,
    DataNotFoundError,
    DoctrineError,
    UnknownRowError,
    UnknownTableError,
)

__all__ = [
    "Cell",
    "Column",
    "Row",
    "Table",
    "TomlEntry",
    "check",
    "data_directory",
    "row",
    "rows",
    "sources_of",
    "table",
    "table_names",
    "toml",
]

Cell: TypeAlias = str | int | float | bool | date | None

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


@dataclass(frozen=True)
class Column:
    """What the codebook says of one column.

    Attributes
    ----------
    name, title, description
        How the column is called in the file, on screen, and what it means.
    kind
        ``string``, ``integer``, ``number``, ``boolean`` or ``date``.
    required
        Whether a cell may be empty.
    choices
        The allowed values; empty where any will do.
    pattern
        A regular expression that a cell must match whole; empty where there is none.
    """

    name: str
    title: str
    description: str
    kind: str
    required: bool
    choices: tuple[str, ...]
    pattern: str

    @classmethod
    def from_codebook(cls, field: Mapping[str, Any]) -> Column:
        """Build a column from a Frictionless field descriptor."""
        constraints = field.get("constraints", {})
        return cls(
            name=field["name"],
            title=field.get("title", field["name"]),
            description=field.get("description", ""),
            kind=field.get("type", "string"),
            required=constraints.get("required", False),
            choices=tuple(constraints.get("enum", ())),
            pattern=constraints.get("pattern", ""),
        )

    def read(self, text: str) -> Cell:
        """Turn a cell's text into its value.

        Raises
        ------
        ValueError
            With the words that follow "expected": what the codebook allows.
        """
        if not text:
            if self.required:
                raise ValueError("a value")
            return None
        if self.choices and text not in self.choices:
            raise ValueError(f"one of {', '.join(self.choices)}")
        if self.pattern and not re.fullmatch(self.pattern, text):
            raise ValueError(_in_words(self.pattern))
        return _convert(self.kind, text)


@dataclass(frozen=True)
class Table:
    """What the codebook says of one table.

    Attributes
    ----------
    name
        How the table is called.
    path
        The file, as a path inside ``data/``.
    title, description
        What one row is.
    columns
        In the order of the file.
    key
        The column that names a row; empty where several columns do so together.
    references
        Column to the table whose rows it names.
    """

    name: str
    path: str
    title: str
    description: str
    columns: tuple[Column, ...]
    key: str
    references: Mapping[str, str]


def data_directory() -> Path:
    """Return the folder that holds the tables.

    An installed package carries it inside; a checkout has it beside the package.
    The working directory does not matter.

    Raises
    ------
    DataNotFoundError
        If neither is there.
    """
    package = Path(__file__).resolve().parent
    for folder in (package / "_data", package.parent / "data"):
        if (folder / "datapackage.json").is_file():
            return folder
    raise DataNotFoundError(
        f"The course's data were not found beside {package}. "
        "Install the package again, or start from a complete clone."
    )


@cache
def _codebook() -> Mapping[str, Table]:
    text = (data_directory() / "datapackage.json").read_text(encoding="utf-8")
    return {
        resource["name"]: _table_from_codebook(resource)
        for resource in json.loads(text)["resources"]
        if "schema" in resource
    }


def _table_from_codebook(resource: Mapping[str, Any]) -> Table:
    schema = resource["schema"]
    key = schema.get("primaryKey", "")
    return Table(
        name=resource["name"],
        path=resource["path"],
        title=resource["title"],
        description=resource["description"],
        columns=tuple(Column.from_codebook(field) for field in schema["fields"]),
        key=key if isinstance(key, str) else (key[0] if len(key) == 1 else ""),
        references={
            _only(foreign["fields"]): foreign["reference"]["resource"]
            for foreign in schema.get("foreignKeys", ())
        },
    )


def table_names() -> tuple[str, ...]:
    """Return the names of all tables, in the order of the codebook."""
    return tuple(_codebook())


def table(name: str) -> Table:
    """Return what the codebook says of a table.

    Raises
    ------
    UnknownTableError
        If there is no such table.
    """
    try:
        return _codebook()[name]
    except KeyError:
        raise UnknownTableError(name, _codebook()) from None


@cache
def rows(name: str) -> tuple[Row, ...]:
    """Return every row of a table, in the order of its file.

    Parameters
    ----------
    name
        A name out of :func:`table_names`.

    Raises
    ------
    UnknownTableError
        If there is no such table.
    CellError
        If a cell holds what the codebook forbids.

    Examples
    --------
    >>> len(rows("claims"))
    105
    """
    described = table(name)
    path = data_directory() / described.path
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        _check_header(described, next(reader, []))
        return tuple(_read_row(described, number, cells) for number, cells in enumerate(reader, 2))


def row(name: str, key: str) -> Row:
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
    index = _index(name)
    try:
        return index[key]
    except KeyError:
        raise UnknownRowError(name, key, index) from None


@cache
def _index(name: str) -> Mapping[str, Row]:
    key = table(name).key
    found = {str(line[key]): line for line in rows(name)} if key else {}
    aliases = {str(line["ref"]): line for line in rows(name) if line.get("ref")}
    return {**aliases, **found}


def sources_of(name: str, key: str, *, role: str = "supports") -> tuple[Row, ...]:
    """Return the sources on which a row rests.

    Parameters
    ----------
    name, key
        The table and the row's id.
    role
        How the source bears on the row; ``table("links")`` lists the roles.

    Raises
    ------
    UnknownRowError
        If the table has no such row.
    """
    row(name, key)
    return tuple(
        row("sources", source)
        for source, as_what in _links().get((name, key), ())
        if as_what == role
    )


@cache
def _links() -> Mapping[tuple[str, str], tuple[tuple[str, str], ...]]:
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for link in rows("links"):
        found.setdefault((link.table, link.row), []).append((link.source, link.role))
    return {place: tuple(sources) for place, sources in found.items()}


@dataclass(frozen=True)
class TomlEntry:
    """One entry of a TOML file in ``data/``, read key by key.

    Each method reads one key and refuses what does not belong there.

    Attributes
    ----------
    file
        The file, as a path inside the course.
    name
        How the entry is called in a message.
    content
        The keys and what they hold.
    error
        What to raise.
    """

    file: str
    name: str
    content: Mapping[str, Any]
    error: type[CaseError | DoctrineError]

    def text(self, key: str, choices: Iterable[str] = (), *, pattern: str = "") -> str:
        """Return a text; a key that is not there is an error."""
        found = self._get(key)
        if not isinstance(found, str) or not found.strip():
            self.fail(key, "a text", found)
        if choices and found not in choices:
            self.fail(key, f"one of {', '.join(choices)}", found)
        if pattern and not re.fullmatch(pattern, found):
            self.fail(key, _in_words(pattern), found)
        return found

    def flag(self, key: str) -> bool:
        """Return ``True`` or ``False``."""
        found = self._get(key)
        if not isinstance(found, bool):
            self.fail(key, "true or false", found)
        return found

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, which may be empty."""
        found = self._get(key)
        if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
            self.fail(key, "a list of texts", found)
        return tuple(found)

    def entries(self, key: str) -> tuple[TomlEntry, ...]:
        """Return the entries below a key, each called by its id or its number.

        An id or a code (``ref``) that occurs twice is an error.
        """
        found = self._get(key)
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            self.fail(key, f"entries that begin with [[{key}]]", found)
        above = f"{self.name}, " if self.name else ""
        entries = tuple(
            TomlEntry(self.file, f"{above}{key} {_called(one, number)}", one, self.error)
            for number, one in enumerate(found, 1)
        )
        for naming in ("id", "ref"):
            seen: set[object] = set()
            for entry in entries:
                name = entry.content.get(naming)
                if name is not None and name in seen:
                    entry.fail(naming, "a name of its own", name, "It occurs twice: change one.")
                seen.add(name)
        return entries

    def only(self, *keys: str) -> None:
        """Refuse a key that is none of these: it may be another one, misspelt."""
        for key in self.content:
            if key not in keys:
                self.fail(key, f"no such key (there are {', '.join(keys)})", self.content[key])

    def fail(self, key: str, expected: str, got: object, advice: str = "") -> NoReturn:
        """Raise the error that names file, entry and key."""
        where = ", ".join(part for part in (self.file, self.name, f"key `{key}`") if part)
        shown = "nothing" if got is None else f'"{got}"'
        raise self.error(f"{where}: expected {expected}, got {shown}. {advice}".rstrip())

    def _get(self, key: str) -> Any:  # noqa: ANN401 (TOML holds values of several types)
        return self.content.get(key)


def toml(path: str, error: type[CaseError | DoctrineError]) -> TomlEntry:
    """Return a TOML file as one entry without a name.

    Parameters
    ----------
    path
        The file, as a path inside ``data/``.
    error
        What to raise where the file is written wrongly.

    Raises
    ------
    CaseError, DoctrineError
        If the file is not there, or is not TOML.
    """
    file = f"data/{path}"
    try:
        content = tomllib.loads((data_directory() / path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise error(
            f"{file} was not found. Install the package again, or start from a complete clone."
        ) from None
    except tomllib.TOMLDecodeError as reason:
        raise error(f"{file} is not TOML: {reason}. Compare with the last commit.") from None
    return TomlEntry(file, "", content, error)


def _called(content: Mapping[str, Any], number: int) -> str:
    key = content.get("id")
    return f"`{key}`" if isinstance(key, str) else str(number)


def check() -> tuple[str, ...]:
    """Read everything and return what is wrong, one sentence each; empty if all is well.

    Besides each cell this looks at ids that occur twice and at references,
    among them every link, that point nowhere.
    """
    problems: list[str] = []
    for name in table_names():
        try:
            problems += _check_keys(table(name))
        except CellError as error:
            problems.append(str(error))
    return tuple(problems)


def _check_keys(described: Table) -> Iterator[str]:
    seen: set[Cell] = set()
    for number, line in enumerate(rows(described.name), 2):
        where = f"data/{described.path}, row {number}"
        if described.key:
            if line[described.key] in seen:
                yield f"{where}: the id `{line[described.key]}` occurs twice. Give one a new id."
            seen.add(line[described.key])
        for column, target in described.references.items():
            if line[column] is not None and line[column] not in _index(target):
                yield f"{where}, column `{column}`: `{target}` has no row `{line[column]}`."
        if described.name == "links" and line.row not in _index(line.table):
            yield f"{where}, column `row`: `{line.table}` has no row `{line.row}`."


def _check_header(described: Table, header: list[str]) -> None:
    expected = [column.name for column in described.columns]
    if header != expected:
        missing = [name for name in expected if name not in header]
        raise CellError(
            f"data/{described.path}",
            1,
            (missing or header or ["?"])[0],
            expected=f"the columns {', '.join(expected)}",
            got=", ".join(header),
            advice="The codebook data/datapackage.json and the file must agree.",
        )


def _read_row(described: Table, number: int, cells: list[str]) -> Row:
    file = f"data/{described.path}"
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


def _convert(kind: str, text: str) -> Cell:
    match kind:
        case "integer":
            return _number(int, text, "a whole number")
        case "number":
            return _number(float, text, "a number")
        case "boolean":
            return text == "true"
        case "date":
            try:
                return date.fromisoformat(text)
            except ValueError:
                raise ValueError("an ISO date (year-month-day)") from None
        case _:
            return text


def _number(make: type[int | float], text: str, expected: str) -> int | float:
    try:
        return make(text)
    except ValueError:
        raise ValueError(expected) from None


def _in_words(pattern: str) -> str:
    if pattern.startswith(r"^\d{4}"):
        return "an ISO date, year-month or year"
    return f"text like {pattern}"


def _advice(text: str) -> str:
    if _SPREADSHEET_DATE.match(text):
        return (
            "Write year-month-day. A spreadsheet may have changed it: compare with the last commit."
        )
    return ""


def _only(fields: str | list[str]) -> str:
    return fields if isinstance(fields, str) else fields[0]
