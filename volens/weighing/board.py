"""All that a student has entered on the board, as a value and as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from types import MappingProxyType
from typing import Any

from volens import cases, doctrine
from volens.errors import CaseError, DoctrineError, WeighingError
from volens.positions import positions
from volens.saved import Form
from volens.weighing.cells import (
    BETWEEN,
    OWN,
    STANCES,
    Conflict,
    Entry,
    Unsupported,
    columns,
    inline,
    key,
    lacks,
    listed,
    own_words,
    places,
    quoted,
)
from volens.weighing.grounds import grounds

__all__ = ["SCHEMA", "VERSION", "Weighing"]

SCHEMA = "volens/weighing-board"
VERSION = 2

_FORM = Form(SCHEMA, VERSION, "weighing board", WeighingError)

_PARTS = ("stance", "reason", "hinge", "source")
_KEYS = ("schema", "version", "case", "position", "inviter_test", "act", "cells")
_OLDER = (
    "This board was made by an older version of the course. Its cells are all here. "
    "It has no position and no sources yet: add them on the board."
)


@dataclass(frozen=True)
class Weighing:
    """All that a student has entered; a change makes a new one.

    Attributes
    ----------
    case
        The id of the case.
    cells
        ``purpose|principle`` to entry, in the order of the doctrine.
    position
        The id of the position that was chosen before weighing; empty where none is.
    inviter_test
        The id of the test of who may speak for the State; empty for the one that the
        position's works presuppose.
    act
        The id of an act of the case; empty for what the acts share.
    note
        What there was to say when the data were read; empty where nothing was.
    """

    case: str
    cells: Mapping[str, Entry] = field(default_factory=dict)
    position: str = ""
    inviter_test: str = ""
    act: str = ""
    note: str = field(default="", compare=False, repr=False)

    def __post_init__(self) -> None:
        """Put the cells in order, and refuse a choice that there is not."""
        ordered = {place: self.cells[place] for place in places() if place in self.cells}
        object.__setattr__(self, "cells", MappingProxyType(ordered))
        _check_choices(self)

    def __repr__(self) -> str:
        """Say how much there is, and on which position."""
        how_many = "1 cell" if len(self.cells) == 1 else f"{len(self.cells)} cells"
        return f"<Weighing {self.case}: {how_many}, {self.position or 'no position yet'}>"

    def set(self, purpose: str, principle: str, entry: Entry) -> Weighing:
        """Return the weighing with one cell set.

        Parameters
        ----------
        purpose, principle
            Slugs, or the codes of the research files.
        entry
            What to say of it.

        Raises
        ------
        WeighingError
            If the stance, the hinge or the source is unknown, or the principle is consent.
        DoctrineError
            If there is no such purpose or principle.
        """
        place = key(purpose, principle)
        _check_cell(self.case, place, entry)
        return replace(self, cells={**self.cells, place: entry})

    def clear(self, purpose: str, principle: str) -> Weighing:
        """Return the weighing without one cell."""
        place = key(purpose, principle)
        return replace(self, cells={k: v for k, v in self.cells.items() if k != place})

    def named(self) -> Iterator[tuple[doctrine.Purpose, doctrine.Principle, Entry]]:
        """Yield each cell with its purpose and its principle."""
        for place, entry in self.cells.items():
            purpose, principle = place.split(BETWEEN)
            yield doctrine.purpose(purpose), doctrine.principle(principle), entry

    def unsupported(self) -> tuple[Unsupported, ...]:
        """Return the cells that lack a reason, enough words, or a hinge."""
        return tuple(
            Unsupported(purpose.name, principle.name, missing)
            for purpose, principle, entry in self.named()
            if (missing := lacks(entry))
        )

    def unsourced(self) -> tuple[Unsupported, ...]:
        """Return the cells that name no source."""
        return tuple(
            Unsupported(purpose.name, principle.name, ("no source",))
            for purpose, principle, entry in self.named()
            if not own_words(entry.source)
        )

    def conflicts(self) -> tuple[Conflict, ...]:
        """Return where support and tension meet: by purpose first, then by principle."""
        return (*self._conflicts_by_purpose(), *self._conflicts_by_principle())

    def to_data(self) -> dict[str, Any]:
        """Return the weighing as plain data: the form that stands in an answer cell."""
        return {
            **_FORM.head(self.case),
            "position": self.position,
            "inviter_test": self.inviter_test,
            "act": self.act,
            "cells": {place: asdict(entry) for place, entry in self.cells.items()},
        }

    @classmethod
    def from_data(cls, case: str, data: object) -> Weighing:
        """Build a weighing from plain data, as :meth:`to_data` returns it.

        Data of an older version are read too; ``note`` then says so.

        Raises
        ------
        WeighingError
            If the data are not of that form, or belong to another case; the message names
            the place.

        Examples
        --------
        >>> older = {"counter-terrorism|human-rights": {"stance": "tension"}}
        >>> Weighing.from_data("kazakhstan-2022", older).note.startswith("This board was made by")
        True
        """
        found = _FORM.opened(_upgraded(case, data), case)
        _FORM.only(found, _KEYS)
        weighing = cls(
            case,
            position=_FORM.text(found, "position"),
            inviter_test=_FORM.text(found, "inviter_test"),
            act=_FORM.text(found, "act"),
        )
        for place, cell in _FORM.part(found, "cells").items():
            purpose, principle = _split(place)
            weighing = weighing.set(purpose, principle, _entry(place, cell))
        older = found.get("version", VERSION) < VERSION and weighing.cells
        return replace(weighing, note=_OLDER) if older else weighing

    def _conflicts_by_purpose(self) -> Iterator[Conflict]:
        for purpose in doctrine.purposes():
            mine = [(q, e) for p, q, e in self.named() if p == purpose]
            supports = tuple(inline(q.name) for q, e in mine if e.stance == "supports")
            tension = tuple(inline(q.name) for q, e in mine if e.stance == "tension")
            if supports and tension:
                yield Conflict(purpose.name, supports, tension)

    def _conflicts_by_principle(self) -> Iterator[Conflict]:
        for principle in columns():
            mine = [(p, e) for p, q, e in self.named() if q == principle]
            supports = tuple(quoted(p.name) for p, e in mine if e.stance == "supports")
            tension = tuple(quoted(p.name) for p, e in mine if e.stance == "tension")
            if supports and tension:
                yield Conflict(principle.name, supports, tension, "principle")


def _check_choices(weighing: Weighing) -> None:
    for kind, got, name in (
        ("position", weighing.position, "position"),
        ("inviter test", weighing.inviter_test, "inviter_test"),
    ):
        known = [one.id for one in positions() if one.kind == kind]
        if got and got not in known:
            raise WeighingError(
                f'`{name}`: expected one of {", ".join(known)}, got "{got}". '
                "Choose it on the board."
            )
    if weighing.act:
        try:
            cases.case(weighing.case).act(weighing.act)
        except CaseError as error:
            raise WeighingError(f"`act`: {error}") from None


def _check_cell(case: str, place: str, entry: Entry) -> None:
    if place not in set(places()):
        raise WeighingError(
            f"{place}: consent is a precondition and is not weighed. "
            "The consent test asks about it."
        )
    if entry.stance not in STANCES:
        raise WeighingError(
            f'{place}: the stance should be one of {", ".join(STANCES)}; yours is "{entry.stance}".'
        )
    findings = {finding.id for finding in cases.case(case).findings}
    if entry.hinge and not entry.hinge.startswith(OWN) and entry.hinge not in findings:
        raise WeighingError(
            f'{place}: the hinge "{entry.hinge}" is no finding of {case}. '
            f'Choose one from the list, or begin your own words with "{OWN}".'
        )
    if entry.source and not entry.source.startswith(OWN) and entry.source not in grounds(case):
        raise WeighingError(
            f'{place}: the source "{entry.source}" is not on the list of {case}. '
            f'Choose one from the list, or begin your own words with "{OWN}".'
        )


def _upgraded(case: str, data: object) -> object:
    """Return data of the first version, which named neither itself nor always a case, in full."""
    if not isinstance(data, Mapping) or not data or "schema" in data:
        return data
    return {"schema": SCHEMA, "version": 1, "case": case} | (
        dict(data) if "cells" in data else {"cells": data}
    )


def _split(place: str) -> tuple[str, str]:
    purpose, between, principle = place.partition(BETWEEN)
    if not between:
        raise WeighingError(
            f'"{place}" is not the name of a cell. A cell is named purpose|principle, '
            'such as "counter-terrorism|human-rights".'
        )
    try:
        return doctrine.purpose(purpose).id, doctrine.principle(principle).id
    except DoctrineError as error:
        raise WeighingError(f'"{place}" is not the name of a cell. {error}') from None


def _entry(place: str, cell: object) -> Entry:
    data = _FORM.dictionary(cell, place, f"a dictionary with {listed(_PARTS)}")
    _FORM.only(data, _PARTS, place)
    return Entry(**{name: _FORM.text(data, name, where=f"{place}, `{name}`") for name in _PARTS})
