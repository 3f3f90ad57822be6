"""All that a student has entered at the source desk, as a value and as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from types import MappingProxyType
from typing import Any

from volens.accounts.classes import SORTS
from volens.accounts.classing import WORDS, Classing
from volens.accounts.compiling import dossier, dossiers
from volens.accounts.matters import WHOLE, Item
from volens.accounts.telling import memo
from volens.errors import SourceDeskError
from volens.saved import Form
from volens.wording import word_count

__all__ = ["SCHEMA", "VERSION", "Desk"]

SCHEMA = "volens/source-desk"
VERSION = 1

_FORM = Form(SCHEMA, VERSION, "source desk", SourceDeskError)


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
    >>> reason = "The Russian text has interference, and the other English versions have that or, "
    >>> reason += "from the French, intervention."
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
                f"{place} cannot be compared yet: choose how it stands, and give a reason "
                f"of at least {WORDS} words. Yours has {word_count(classing.reason)}."
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
        return {**_FORM.head(self.case), "entries": entries}

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
        for place, given in _FORM.part(_FORM.opened(data, case), "entries").items():
            desk = desk.set(place, _classing(place, given))
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
            f'"{place}" is nothing that can be judged in {case}. Write the dossier and the '
            'statement, such as "Q01|F049", or "Q01|whole" for the dossier.'
        ) from None


def _classing(place: str, given: object) -> Classing:
    data = _FORM.dictionary(given, place, "a dictionary with class, sort and reason")
    choice, sort, reason = (
        _FORM.text(data, name, where=f"{place}, `{name}`") for name in ("class", "sort", "reason")
    )
    seen = data.get("seen", 0)
    if type(seen) is not int or seen < 0:
        raise _FORM.wrong(f"{place}, `seen`", "a number of items", seen)
    if "first" not in data:
        return Classing(choice, sort, reason)
    first = replace(_classing(place, data["first"]), first=None, seen=0)
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
