"""The codebook: which tables there are, and what a cell of each column may hold.

It is read from ``data/datapackage.json``, a Frictionless Data Package. Most tables
belong to a case; every case has the same ones, in its own folder. Standard library
only, so that the evidence can be read wherever Python runs.

Examples
--------
>>> table("claims").key
'id'
>>> table("claims").file("kazakhstan-2022")
'cases/kazakhstan-2022/claims.csv'
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from volens.errors import DataNotFoundError, UnknownTableError

__all__ = [
    "COURSE_CASE",
    "Cell",
    "Column",
    "Table",
    "data_directory",
    "in_words",
    "table",
    "table_names",
]

#: The case that the course is about; its tables are read where no other case is named.
COURSE_CASE = "kazakhstan-2022"

Cell: TypeAlias = str | int | float | bool | date | datetime | None

_INSTANT = "%Y-%m-%dT%H:%MZ"
_IN_WORDS = (
    (
        r"\d{4}(-\d{2}(-\d{2})?)?/\d{4}(-\d{2}(-\d{2})?)?",
        "two ISO dates with a slash between them",
    ),
    (r"^\d{4}(-\d{2}(-\d{2})?)?$", "an ISO date, year-month or year"),
    (r"^[a-z0-9]+(-[a-z0-9]+)*$", "a slug: small letters, digits and hyphens"),
    (r"^https?://\S+$", "an address that begins with http:// or https://"),
)


@dataclass(frozen=True)
class Column:
    """What the codebook says of one column.

    Attributes
    ----------
    name, title, description
        How the column is called in the file, on screen, and what it means.
    kind
        ``string``, ``integer``, ``number``, ``boolean``, ``date`` or ``datetime``
        (a minute by UTC).
    required
        Whether a cell must hold something.
    unique
        Whether no two rows may hold the same.
    choices
        The allowed values; empty where any will do.
    pattern
        A regular expression that a cell must match whole; empty where there is none.
    minimum
        The lowest number allowed, if there is one.
    names
        What each item of the cell, split at "; ", must name: tables joined with ``|``,
        or ``actors``, ``principles``, ``positions``, ``purposes`` or ``elements``. Empty
        where a cell names nothing.
    """

    name: str
    title: str
    description: str
    kind: str
    required: bool
    unique: bool
    choices: tuple[str, ...]
    pattern: str
    minimum: float | None
    names: str

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
            unique=constraints.get("unique", False),
            choices=tuple(constraints.get("enum", ())),
            pattern=constraints.get("pattern", ""),
            minimum=constraints.get("minimum"),
            names=field.get("volens:names", ""),
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
            raise ValueError(in_words(self.pattern))
        value = _convert(self.kind, text)
        if self.minimum is not None and isinstance(value, int | float) and value < self.minimum:
            raise ValueError(f"a number not below {self.minimum:g}")
        return value


@dataclass(frozen=True)
class Table:
    """What the codebook says of one table.

    Attributes
    ----------
    name
        How the table is called.
    path
        The file, as a path inside ``data/``; for a table of a case, that of the course's case.
    title, description
        What one row is.
    columns
        In the order of the file.
    key
        The column that names a row; empty where several columns do so together.
    references
        Column to the table whose rows it names.
    of_case
        Whether every case has a table of this name.
    """

    name: str
    path: str
    title: str
    description: str
    columns: tuple[Column, ...]
    key: str
    references: Mapping[str, str]
    of_case: bool

    def file(self, case: str = COURSE_CASE) -> str:
        """Return the file of a case's table, as a path inside ``data/``."""
        return self.path.replace(COURSE_CASE, case) if self.of_case else self.path


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


def in_words(pattern: str) -> str:
    """Say what a pattern asks for, for the words after "expected"."""
    return dict(_IN_WORDS).get(pattern, f"text like {pattern}")


@cache
def _codebook() -> Mapping[str, Table]:
    text = (data_directory() / "datapackage.json").read_text(encoding="utf-8")
    return {
        resource["name"]: _table(resource)
        for resource in json.loads(text)["resources"]
        if "schema" in resource
    }


def _table(resource: Mapping[str, Any]) -> Table:
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
        of_case="volens:case" in resource,
    )


def _convert(kind: str, text: str) -> Cell:
    match kind:
        case "integer":
            return _number(int, text, "a whole number")
        case "number":
            return _number(float, text, "a number")
        case "boolean":
            if text not in ("true", "false"):
                raise ValueError("true or false")
            return text == "true"
        case "date":
            try:
                return date.fromisoformat(text)
            except ValueError:
                raise ValueError("an ISO date (year-month-day)") from None
        case "datetime":
            try:
                return datetime.strptime(text, _INSTANT).replace(tzinfo=UTC)
            except ValueError:
                raise ValueError("a minute by UTC, like 2022-01-05T19:01Z") from None
        case _:
            return text


def _number(make: type[int | float], text: str, expected: str) -> int | float:
    try:
        return make(text)
    except ValueError:
        raise ValueError(expected) from None


def _only(fields: str | list[str]) -> str:
    return fields if isinstance(fields, str) else fields[0]
