"""What a student asked of the incidents, as plain data: query, chosen cell, opened incident.

Examples
--------
>>> start = Exploration()
>>> start.query.in_words()
('Era: since 1990', 'Type of case: force came, consent was claimed')
>>> Exploration.from_data(start.to_data()) == start
True
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from volens import evidence
from volens.errors import PracticeError, UnknownRowError
from volens.practice.counting import CrossTable, ask
from volens.practice.queries import CORE, FORM, Query, query_from
from volens.practice.telling import memo

__all__ = ["SCHEMA", "VERSION", "Exploration", "asked"]

SCHEMA, VERSION = FORM.schema, FORM.version


@dataclass(frozen=True)
class Exploration:
    """A query, and what of its result is looked at.

    Attributes
    ----------
    query
        Which incidents, and how grouped. A new one asks for the core incidents.
    row, column
        The cell whose incidents are listed; both empty for all that meet the filter.
    opened
        The incident that is open; may be empty.

    Raises
    ------
    PracticeError
        If the cell is not in the table, or there is no such incident.
    """

    query: Query = field(default_factory=lambda: Query(filters=CORE))
    row: str = ""
    column: str = ""
    opened: str = ""

    def __post_init__(self) -> None:
        _check_cell(self.query, "rows", self.row)
        _check_cell(self.query, "columns", self.column)
        if self.opened:
            try:
                evidence.row("incidents", self.opened)
            except UnknownRowError as error:
                raise PracticeError(f"`opened`: {error}") from None

    @property
    def table(self) -> CrossTable:
        """What the query finds."""
        return ask(self.query)

    @property
    def listed(self) -> tuple[str, ...]:
        """The ids of the incidents that are listed."""
        return self.table.ids(self.row, self.column)

    def to_data(self) -> dict[str, Any]:
        """Return it as plain data, with the result: the form that stands in an answer cell."""
        return {
            **FORM.head(),
            **self.query.to_data(),
            "cell": {"row": self.row, "column": self.column},
            "opened": self.opened,
            "result": self.table.to_data(),
        }

    def to_memo(self) -> str:
        """Return the table, its sentences and the limits as text to start a memo from."""
        return memo(self.table, self.row, self.column)

    @classmethod
    def from_data(cls, data: object, *, trust: bool = True) -> Exploration:
        """Build it from plain data, as :meth:`to_data` returns them.

        Parameters
        ----------
        data
            An answer, as *Copy answer* gives it. What is not said stays as in a new query
            with all incidents.
        trust
            Whether a ``result`` that stands in the data must be what the tables give. Switch
            this off to ask an older query again.

        Raises
        ------
        PracticeError
            If the data are not of that form, or the result is another one.
        """
        read = FORM.opened(data)
        if not read:
            return cls()
        cell = FORM.part(read, "cell")
        found = cls(
            query_from(read),
            FORM.text(cell, "row", where="`cell`, `row`"),
            FORM.text(cell, "column", where="`cell`, `column`"),
            FORM.text(read, "opened"),
        )
        if trust and "result" in read:
            _check_result(read["result"], found.table.to_data())
        return found


def asked(data: object) -> Exploration:
    """Ask the query of an answer anew, whatever result stands beside it.

    So an answer is judged by its query, also where the tables have changed since.

    Parameters
    ----------
    data
        An answer, as *Copy answer* gives it.

    Raises
    ------
    PracticeError
        If the data are not of that form.

    Examples
    --------
    >>> asked(Exploration().to_data() | {"result": {"meeting": 94}}).table.number()
    72
    """
    return Exploration.from_data(data, trust=False)


def _check_cell(query: Query, axis: str, key: str) -> None:
    if not key:
        return
    name = query.rows if axis == "rows" else query.columns
    known = [] if name == "none" else [option.id for option in query.options(name)]
    if key not in known:
        words = ", ".join(f'"{one}"' for one in known) or "none"
        raise PracticeError(
            f'`cell`: the table has no "{key}" among its {axis}. They are: {words}.'
        )


def _check_result(given: object, computed: Mapping[str, Any]) -> None:
    place = _difference(given, computed, "result")
    if place:
        raise PracticeError(
            f"{place} Somebody changed the result, or the tables have changed since. "
            "Set the query again and use *Copy answer*."
        )


def _difference(given: object, computed: object, place: str) -> str:
    """Return where a result first differs from the tables, in words; nothing where it does not."""
    if not isinstance(computed, Mapping) or not isinstance(given, Mapping):
        same = type(given) is type(computed) and given == computed
        return "" if same else f"`{place}` is {given!r}; the tables give {computed!r}."
    for key in [*computed, *(key for key in given if key not in computed)]:
        if key not in given or key not in computed:
            missing = "missing" if key not in given else "not in the table"
            return f"`{place}[{key!r}]` is {missing}."
        if found := _difference(given[key], computed[key], f"{place}[{key!r}]"):
            return found
    return ""
