"""Counting incidents: a table with its denominator, and with what is missing.

Examples
--------
>>> from volens.practice.queries import CORE
>>> table = ask(Query(filters=CORE, rows="purpose", columns="unsc_reaction"))
>>> table.number(), table.total
(72, 94)
>>> table.missing("columns")
{'none on record': 23}
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from volens import evidence
from volens.evidence import Row
from volens.practice.queries import Query
from volens.practice.variables import CONTESTED, LEFT_OUT, NONE, Option, variable, variables

__all__ = ["SMALLEST", "CrossTable", "ask", "values_of"]

#: A share of fewer incidents than this is not given as a percentage.
SMALLEST = 10

_FIRST_YEAR = 1990
_COMPUTED = {"period", "purpose", "stated_by"}


@dataclass(frozen=True)
class CrossTable:
    """What a query finds.

    Attributes
    ----------
    query
        The query.
    total
        How many incidents there are.
    found
        The ids of those that meet the query, in the order of the file: the denominator.
    left_out
        How many meet the filter and are left out as not spot-checked, or as of low confidence.
    cells
        Row and column to the ids of the incidents. An empty row or column stands for all:
        ``("purpose-id", "")`` is a whole row, ``("", "")`` the denominator.
    """

    query: Query
    total: int
    found: tuple[str, ...]
    left_out: Mapping[str, int]
    cells: Mapping[tuple[str, str], tuple[str, ...]]

    @property
    def rows(self) -> tuple[Option, ...]:
        """The rows, gaps last."""
        return self.query.options(self.query.rows)

    @property
    def columns(self) -> tuple[Option, ...]:
        """The columns, gaps last; none in a simple grouping."""
        return () if self.query.columns == "none" else self.query.options(self.query.columns)

    def ids(self, row: str = "", column: str = "") -> tuple[str, ...]:
        """Return the incidents of a cell; an empty row or column stands for all."""
        return self.cells.get((row, column), ())

    def number(self, row: str = "", column: str = "") -> int:
        """Return how many incidents a cell has."""
        return len(self.ids(row, column))

    def missing(self, axis: str) -> dict[str, int]:
        """Return how many incidents have no value, by the reason why.

        Parameters
        ----------
        axis
            ``rows`` or ``columns``.
        """
        numbers: dict[str, int] = {}
        for option in self._options(axis):
            count = self._along(axis, option.id)
            if option.gap and count:
                numbers[option.gap] = numbers.get(option.gap, 0) + count
        return numbers

    def contested(self, axis: str) -> int:
        """Return how many incidents are contested: a value of its own, and no gap."""
        return self._along(axis, CONTESTED)

    def repeated(self, axis: str) -> int:
        """Return how many incidents stand in more than one row, or column."""
        several = [self._ids_along(axis, option.id) for option in self._options(axis)]
        return sum(sum(one in ids for ids in several) > 1 for one in self.found)

    def share(self, row: str, column: str) -> tuple[int, int | None]:
        """Return the denominator of a cell and its percentage, rounded half up.

        The denominator is 0 where the query asks for no share of this cell. The percentage
        is none where the denominator is below :data:`SMALLEST`.
        """
        match self.query.share:
            case "filter":
                whole = self.number()
            case "rows":
                whole = self.number(row) if column else 0
            case "columns":
                whole = self.number("", column) if row else 0
            case _:
                whole = 0
        if whole < SMALLEST:
            return whole, None
        return whole, (200 * self.number(row, column) + whole) // (2 * whole)

    def stated(self) -> tuple[Row, ...]:
        """Return the stated purposes that count in this query, of the incidents found."""
        return tuple(
            row
            for one in self.found
            for row in _claimed(one, self.query)
            if self.query.low == "in" or row.confidence != "low"
        )

    def states(self) -> dict[str, int]:
        """Return how many of the incidents each State has, most first."""
        numbers: dict[str, int] = {}
        for one in self.found:
            state = evidence.row("incidents", one).territorial_state
            numbers[state] = numbers.get(state, 0) + 1
        return dict(sorted(numbers.items(), key=lambda pair: (-pair[1], pair[0])))

    def to_data(self) -> dict[str, Any]:
        """Return the counts as plain data, with the denominator and what is missing."""
        return {
            "incidents": self.total,
            "meeting": self.number(),
            "left_out": dict(self.left_out),
            "missing": {axis: self.missing(axis) for axis in _AXES},
            "contested": {axis: self.contested(axis) for axis in _AXES},
            "counted_more_than_once": {axis: self.repeated(axis) for axis in _AXES},
            "states": len(self.states()),
            "rows": {one.id: self.number(one.id) for one in self.rows},
            "columns": {one.id: self.number("", one.id) for one in self.columns},
            "cells": {
                row.id: {column.id: self.number(row.id, column.id) for column in self.columns}
                for row in self.rows
                if self.columns
            },
        }

    def _options(self, axis: str) -> tuple[Option, ...]:
        return self.rows if axis == "rows" else self.columns

    def _ids_along(self, axis: str, key: str) -> tuple[str, ...]:
        return self.ids(key) if axis == "rows" else self.ids("", key)

    def _along(self, axis: str, key: str) -> int:
        return len(self._ids_along(axis, key))


_AXES = ("rows", "columns")
#: A query that lets every purpose count.
_ANY = Query()


def ask(query: Query) -> CrossTable:
    """Count the incidents that a query asks for.

    Parameters
    ----------
    query
        Which incidents, and by what to group them.

    Examples
    --------
    >>> ask(Query(filters={"region": ("Central Asia",)}, rows="ended")).number("ended")
    3
    """
    rows = evidence.rows("incidents")
    wanted = [row for row in rows if _passes(row, query)]
    unchecked = [row for row in wanted if row.checked != "spot-checked"]
    low = [row for row in wanted if row.confidence == "low"]
    out = {
        "not spot-checked": unchecked if query.unchecked == "out" else [],
        "low confidence": low if query.low == "out" else [],
    }
    gone = {row.id for those in out.values() for row in those}
    found = [row for row in wanted if row.id not in gone]
    return CrossTable(
        query=query,
        total=len(rows),
        found=tuple(row.id for row in found),
        left_out=MappingProxyType({why: len(those) for why, those in out.items()}),
        cells=MappingProxyType(_cells(found, query)),
    )


def values_of(incident: str, key: str, query: Query | None = None) -> tuple[str, ...]:
    """Return the values of one incident, gaps among them.

    Parameters
    ----------
    incident
        Its id.
    key
        A variable.
    query
        Whose purposes count, and how sure they must be; without one, all count.

    Raises
    ------
    PracticeError
        If there is no such variable.
    UnknownRowError
        If there is no such incident.

    Examples
    --------
    >>> values_of("KAZ-2022", "requester_in_effective_control")
    ('yes',)
    >>> values_of("COG-1997", "purpose")
    ('none on record',)
    """
    variable(key)
    return _values(evidence.row("incidents", incident), key, query or _ANY)


def _passes(row: Row, query: Query) -> bool:
    return all(
        any(value in allowed for value in _values(row, key, query))
        for key, allowed in query.filters.items()
    )


def _cells(found: Iterable[Row], query: Query) -> dict[tuple[str, str], tuple[str, ...]]:
    cells: dict[tuple[str, str], list[str]] = {("", ""): []}
    for row in found:
        down = ("", *_values(row, query.rows, query))
        across = ("", *(_values(row, query.columns, query) if query.columns != "none" else ()))
        for place in ((one, other) for one in down for other in across):
            cells.setdefault(place, []).append(row.id)
    return {place: tuple(ids) for place, ids in cells.items()}


def _values(row: Row, key: str, query: Query) -> tuple[str, ...]:
    if key in ("purpose", "stated_by"):
        return _stated(row.id, key, query)
    return _fixed(row.id)[key]


@cache
def _fixed(incident: str) -> Mapping[str, tuple[str, ...]]:
    """Return the values of an incident that no query changes."""
    row = evidence.row("incidents", incident)
    found = {one.id: _cell(row[one.id]) for one in variables() if one.id not in _COMPUTED}
    found["period"] = (_decade(row),)
    return MappingProxyType({key: values or (_gap(key),) for key, values in found.items()})


def _cell(cell: object) -> tuple[str, ...]:
    if isinstance(cell, bool):
        return ("yes" if cell else "no",)
    return evidence.items(cell)  # type: ignore[arg-type]


def _gap(key: str) -> str:
    """Return what a blank cell counts as."""
    return next(option.id for option in variable(key).options if option.gap)


def _decade(row: Row) -> str:
    year = int(row.start_date[:4])
    return f"{year // 10 * 10}s" if year >= _FIRST_YEAR else "before 1990"


def _stated(incident: str, key: str, query: Query) -> tuple[str, ...]:
    claimed = _claimed(incident, query)
    let_in = {str(row[key]) for row in claimed if query.low == "in" or row.confidence != "low"}
    if let_in:
        return tuple(option.id for option in variable(key).options if option.id in let_in)
    return (LEFT_OUT.id if claimed else NONE.id,)


def _claimed(incident: str, query: Query) -> tuple[Row, ...]:
    return tuple(
        row
        for row in _claims().get(incident, ())
        if not query.speakers or row.stated_by in query.speakers
    )


@cache
def _claims() -> Mapping[str, tuple[Row, ...]]:
    """Return the purposes claimed in each incident; what was disavowed is none."""
    found: dict[str, tuple[Row, ...]] = {}
    for row in evidence.rows("incident_purposes"):
        if row.stance == "claimed":
            found[row.incident] = (*found.get(row.incident, ()), row)
    return found
