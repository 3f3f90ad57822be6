"""All that a student has entered at the source desk, as a value and as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from types import MappingProxyType
from typing import Any

from volens.accounts.classes import SORTS
from volens.accounts.classing import WORDS, Classing, word_count
from volens.accounts.compiling import dossier, dossiers
from volens.accounts.matters import WHOLE, Item
from volens.accounts.telling import memo
from volens.errors import SourceDeskError

__all__ = ["SCHEMA", "VERSION", "Desk"]

SCHEMA = "volens/source-desk"
VERSION = 1


@dataclass(frozen=True)
class Desk:
    """All that a student has entered; a change makes a new one.

    Attributes
    ----------
    case
        The id of the case.
    entries
        The name of an item to its classing, in the order of the dossiers.

    Examples
    --------
    >>> reason = "The Russian text and every other English version have interference, and the "
    >>> reason += "word decides which article is engaged."
    >>> desk = Desk("kazakhstan-2022").set("Q01|F049", Classing("contradicted", "", reason))
    >>> desk.compare("Q01|F049").entries["Q01|F049"].first.choice
    'contradicted'
    """

    case: str
    entries: Mapping[str, Classing] = field(default_factory=dict)

    def __post_init__(self) -> None:
        kept = {place: self.entries[place] for place in _items(self.case) if place in self.entries}
        object.__setattr__(self, "entries", MappingProxyType(kept))

    def __repr__(self) -> str:
        return f"<Desk {self.case}: {len(self.entries)} classings>"

    def set(self, place: str, classing: Classing) -> Desk:
        """Return the desk with one item classed.

        Parameters
        ----------
        place
            The name of the item, such as ``Q01|F049``, or ``Q01|whole`` for the dossier.
        classing
            What to say of it.

        Raises
        ------
        SourceDeskError
            If there is no such item, or a class is not one of those that may be chosen.
        """
        item = _item(self.case, place)
        for one in (classing, classing.first):
            if one is not None:
                _check(item, one)
        return replace(self, entries={**self.entries, place: classing})

    def compare(self, place: str) -> Desk:
        """Return the desk with one classing laid beside the record; its first form is kept.

        Raises
        ------
        SourceDeskError
            If the item has no class yet, or its reason is too short.
        """
        item = _item(self.case, place)
        classing = self.entries.get(place, Classing())
        if classing.first is not None:
            return self
        if not classing.ready:
            raise SourceDeskError(
                f"{place} cannot be compared yet: choose a class, and give a reason of at least "
                f"{WORDS} words. Yours has {word_count(classing.reason)}."
            )
        seen = sum(
            1
            for other in dossier(self.case, item.dossier).items
            if other != item and self.entries.get(other.place, Classing()).first is not None
        )
        return self.set(place, replace(classing, first=classing, seen=seen))

    def to_data(self) -> dict[str, Any]:
        """Return the desk as plain data: the form that stands in an answer cell."""
        entries = {place: classing.to_data() for place, classing in self.entries.items()}
        return {"schema": SCHEMA, "version": VERSION, "case": self.case, "entries": entries}

    @classmethod
    def from_data(cls, case: str, data: object) -> Desk:
        """Build a desk from plain data, as :meth:`to_data` returns it.

        Parameters
        ----------
        case
            The id of the case.
        data
            The answer; an empty dictionary is an empty desk.

        Raises
        ------
        SourceDeskError
            If the data are not of that form; the message names the item.
        """
        desk = cls(case)
        for place, given in _given(case, data).items():
            desk = desk.set(str(place), _classing(str(place), given))
        return desk

    def to_memo(self) -> str:
        """Return the student's source criticism as text, with the record where it was seen."""
        return memo(self.case, self.entries)


@cache
def _items(case: str) -> Mapping[str, Item]:
    return {item.place: item for one in dossiers(case) for item in one.items}


def _item(case: str, place: str) -> Item:
    try:
        return _items(case)[place]
    except KeyError:
        raise SourceDeskError(
            f'"{place}" is nothing that can be classed in {case}. Write the dossier and the '
            'statement, such as "Q01|F049", or "Q01|whole" for the dossier.'
        ) from None


def _given(case: str, data: object) -> Mapping[object, object]:
    if not isinstance(data, Mapping):
        raise SourceDeskError(
            f"A source desk is a dictionary; this is a {type(data).__name__}. "
            "Use *Copy answer* on the desk."
        )
    if not data:
        return {}
    if data.get("schema") != SCHEMA or data.get("version") != VERSION:
        raise SourceDeskError(
            f'A source desk begins with "schema": "{SCHEMA}", "version": {VERSION}; this has '
            f"{data.get('schema')!r} and {data.get('version')!r}. Use *Copy answer* on the desk."
        )
    if data.get("case") != case:
        raise SourceDeskError(
            f"This desk belongs to the case {data.get('case')!r}; expected {case!r}. "
            "Open the desk of that case."
        )
    entries = data.get("entries", {})
    if not isinstance(entries, Mapping):
        raise SourceDeskError(
            f'"entries" is a dictionary of classings; this is a {type(entries).__name__}. '
            "Use *Copy answer* on the desk."
        )
    return entries


def _classing(place: str, given: object) -> Classing:
    if not isinstance(given, Mapping):
        raise SourceDeskError(
            f"{place}: a classing is a dictionary with a class, a sort and a reason; this is a "
            f"{type(given).__name__}."
        )
    choice, sort, reason = (given.get(name, "") for name in ("class", "sort", "reason"))
    seen = given.get("seen", 0)
    if not all(isinstance(text, str) for text in (choice, sort, reason)):
        raise SourceDeskError(f"{place}: class, sort and reason are texts.")
    if not isinstance(seen, int) or isinstance(seen, bool) or seen < 0:
        raise SourceDeskError(f'{place}: "seen" is a number of items; it is {seen!r}.')
    if "first" not in given:
        return Classing(choice, sort, reason)
    first = replace(_classing(place, given["first"]), first=None, seen=0)
    return Classing(choice, sort, reason, first, seen)


def _check(item: Item, classing: Classing) -> None:
    sorts = {} if item.id == WHOLE else SORTS
    for what, chosen, known in (
        ("class", classing.choice, item.choices),
        ("sort", classing.sort, sorts),
    ):
        if chosen and chosen not in known:
            raise SourceDeskError(
                f"{item.place}: the {what} should be one of {', '.join(known) or 'none'}; "
                f'yours is "{chosen}".'
            )
