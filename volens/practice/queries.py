"""A question to the incidents: which of them, grouped by what.

Examples
--------
>>> asked = Query(filters={"region": ("Central Asia",)}, rows="purpose")
>>> asked.in_words()
('Region: Central Asia',)
>>> asked.rows
'purpose'
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from volens.errors import PracticeError
from volens.practice.variables import LEFT_OUT, SPEAKERS, Option, Variable, variable, variables
from volens.saved import Form

__all__ = ["CORE", "FORM", "SHARES", "Query", "query_from"]

#: The filter for the core incidents: since 1990, force came, consent was claimed.
CORE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"era": ("post-cold-war",), "case_type": ("intervention",)}
)
#: Of what a percentage is a share.
SHARES: tuple[Option, ...] = (
    Option("none", "no percentages"),
    Option("filter", "of all incidents in your filter"),
    Option("rows", "of the incidents in the row"),
    Option("columns", "of the incidents in the column"),
)
#: The form in which a query is saved.
FORM = Form("volens/practice-explorer", 1, "practice explorer", PracticeError)
_IN_OR_OUT = ("in", "out")


@dataclass(frozen=True)
class Query:
    """Which incidents, and how to group them.

    Attributes
    ----------
    filters
        Variable to the values that are let in. Within one variable any of the values is
        enough; between variables all must hold. A variable without values lets all in.
    rows, columns
        Variables; ``columns`` may be ``none``.
    speakers
        Whose purposes count, out of :data:`SPEAKERS`; empty for everybody's.
    unchecked
        ``in``, or ``out`` to leave out incidents that were not spot-checked.
    low
        ``in``, or ``out`` to leave out incidents and stated purposes of low confidence.
    share
        Of what percentages are shares, out of :data:`SHARES`.

    Raises
    ------
    PracticeError
        If a name or a value is unknown.
    """

    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rows: str = "purpose"
    columns: str = "none"
    speakers: tuple[str, ...] = ()
    unchecked: str = "in"
    low: str = "in"
    share: str = "none"

    def __post_init__(self) -> None:
        for key in self.filters:
            _check_filter(key)
        variable(self.rows)
        if self.columns != "none":
            variable(self.columns)
        _one_of("unchecked", self.unchecked, _IN_OR_OUT)
        _one_of("low", self.low, _IN_OR_OUT)
        _one_of("share", self.share, [one.id for one in SHARES])
        for speaker in self.speakers:
            _one_of("speakers", speaker, [one.id for one in SPEAKERS])
        kept = {one.id: _in_order(one, self.filters.get(one.id, ())) for one in variables()}
        found = MappingProxyType({key: values for key, values in kept.items() if values})
        object.__setattr__(self, "filters", found)
        told = tuple(one.id for one in SPEAKERS if one.id in self.speakers)
        object.__setattr__(self, "speakers", told)

    def options(self, key: str) -> tuple[Option, ...]:
        """Return the values that a variable takes in the table of this query."""
        found = variable(key)
        if key in ("purpose", "stated_by") and self.low == "out":
            return (*found.options, LEFT_OUT)
        return found.options

    def in_words(self) -> tuple[str, ...]:
        """Return what is asked for, one part a text; nothing where all incidents are let in."""
        said = [_filter_in_words(variable(key), values) for key, values in self.filters.items()]
        if self.speakers:
            names = [one.name for one in SPEAKERS if one.id in self.speakers]
            said.append(f"Only purposes stated by: {' or '.join(names)}")
        if self.unchecked == "out":
            said.append("Only incidents that were spot-checked")
        if self.low == "out":
            said.append("Without incidents and stated purposes of low confidence")
        return tuple(said)

    def to_data(self) -> dict[str, Any]:
        """Return the query as plain data."""
        return {
            "filters": {key: list(values) for key, values in self.filters.items()},
            "speakers": list(self.speakers),
            "unchecked": self.unchecked,
            "low": self.low,
            "rows": self.rows,
            "columns": self.columns,
            "share": self.share,
        }


def query_from(data: Mapping[str, Any]) -> Query:
    """Return a query out of plain data; what is not said stays as in a new query.

    Raises
    ------
    PracticeError
        If the data are not of that form; the message names the key.

    Examples
    --------
    >>> query_from({"rows": "region"}).rows
    'region'
    """
    filters = FORM.part(data, "filters")
    return Query(
        filters={key: FORM.texts(some, f"`filters`, `{key}`") for key, some in filters.items()},
        speakers=FORM.texts(data.get("speakers", ()), "`speakers`"),
        **{key: FORM.text(data, key) for key in _SINGLE if key in data},
    )


_SINGLE = ("rows", "columns", "unchecked", "low", "share")


def _one_of(key: str, found: str, known: Sequence[str]) -> None:
    if found not in known:
        words = ", ".join(f'"{one}"' for one in known)
        raise PracticeError(f'`{key}` should be one of {words}; yours is "{found}".')


def _check_filter(key: str) -> None:
    if not variable(key).filters:
        instead = "speakers" if key == "stated_by" else "unchecked"
        raise PracticeError(f"Incidents are not filtered by `{key}`: use `{instead}`.")


def _in_order(one: Variable, values: Sequence[str]) -> tuple[str, ...]:
    known = [option.id for option in one.options]
    for value in values:
        if value not in known:
            one.option("" if value == LEFT_OUT.id else value)
    return tuple(key for key in known if key in values)


def _filter_in_words(one: Variable, values: Sequence[str]) -> str:
    return f"{one.name}: {' or '.join(one.option(value).name for value in values)}"
