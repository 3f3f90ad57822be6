"""What a student filtered, opened and chose, as a value and as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from volens import cases
from volens.chronology.clocks import ZONES
from volens.chronology.events import SOURCE_TYPES, Happening
from volens.chronology.gathering import by_id, happenings
from volens.chronology.telling import chronicle, counted
from volens.codebook import COURSE_CASE
from volens.errors import UnreadableAnswerError
from volens.saved import Form
from volens.wording import one_line

__all__ = ["ALL", "FILTERS", "SCHEMA", "VERSION", "Selection", "offered"]

SCHEMA: Final = "volens/timeline-explorer"
VERSION: Final = 1
#: The filters, as the screen names them.
FILTERS: Final[Mapping[str, str]] = MappingProxyType(
    {"actors": "Actors", "categories": "Kinds of event", "source_types": "Types of source"}
)
#: Stands in place of a list where a filter leaves nothing out.
ALL: Final = "all"

_LIST: Final = f'a list of texts, or "{ALL}"'
_FORM: Final = Form(SCHEMA, VERSION, "timeline", UnreadableAnswerError)


@dataclass(frozen=True)
class Selection:
    """What a student filtered, opened and chose; a change makes a new one.

    Attributes
    ----------
    case
        The id of the case.
    zone
        The clock: one of :data:`ZONES`.
    actors, categories, source_types
        What is switched on; none where nothing is left out.
    search
        Words that an event must have, all of them.
    opened
        The event whose card is open; empty where none is.
    chosen
        The events taken into the answer, in the order of :func:`happenings`.

    Raises
    ------
    UnreadableAnswerError
        If the timeline of the case has no such zone, actor, category, type or event.

    Examples
    --------
    >>> asked = Selection("kazakhstan-2022", categories=("request",), search="Tokayev")
    >>> [one.id for one in asked.shown]
    ['T037', 'T036']
    >>> asked.summary
    '2 of 133 events shown; 2 of them have no exact time.'
    """

    case: str = COURSE_CASE
    zone: str = "nur-sultan"
    actors: tuple[str, ...] | None = None
    categories: tuple[str, ...] | None = None
    source_types: tuple[str, ...] | None = None
    search: str = ""
    opened: str = ""
    chosen: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _known(self.zone, ZONES, "zone", "a clock")
        events = list(by_id(self.case))
        if self.opened:
            _known(self.opened, events, "opened", "an event")
        for name, known in offered(self.case).items():
            given = getattr(self, name)
            if given is not None:
                kept = _in_order(given, known, name, "an entry")
                object.__setattr__(self, name, None if kept == tuple(known) else kept)
        object.__setattr__(self, "chosen", _in_order(self.chosen, events, "chosen", "an event"))

    def __repr__(self) -> str:
        return f"<Selection {self.case}: {len(self.shown)} shown, {len(self.chosen)} chosen>"

    @property
    def shown(self) -> tuple[Happening, ...]:
        """The events that every filter lets through."""
        return tuple(one for one in happenings(self.case) if self._lets_through(one))

    @property
    def listed(self) -> tuple[Happening, ...]:
        """The events of the chronology: the chosen ones, or those shown where none is chosen."""
        index = by_id(self.case)
        return tuple(index[key] for key in self.chosen) or self.shown

    @property
    def summary(self) -> str:
        """How many events are shown, of how many, and for how many no exact time is known."""
        return counted(self.shown, len(by_id(self.case)), "shown")

    @property
    def filters(self) -> tuple[str, ...]:
        """Say in words what each filter lets through; empty where none leaves anything out."""
        found = []
        for name, known in offered(self.case).items():
            given = getattr(self, name)
            if given is not None:
                words = "; ".join(known[key] for key in given) or "none"
                found.append(f"{FILTERS[name]}: {words}.")
        if one_line(self.search):
            found.append(f'Words searched: "{one_line(self.search)}".')
        return tuple(found)

    def to_data(self) -> dict[str, Any]:
        """Return the selection as plain data: the form that stands in an answer cell."""
        return {
            **_FORM.head(self.case),
            "zone": self.zone,
            **{name: _or_all(getattr(self, name)) for name in offered(self.case)},
            "search": self.search,
            "opened": self.opened,
            "chosen": list(self.chosen),
        }

    @classmethod
    def from_data(cls, case: str, data: object) -> Selection:
        """Build a selection from plain data, as :meth:`to_data` returns it.

        What is left out stands as at the beginning.

        Raises
        ------
        UnreadableAnswerError
            If the data are not of that form; the message names the part.
        """
        read = _FORM.opened(data, case)
        texts = {
            name: _FORM.text(read, name) for name in ("zone", "search", "opened") if name in read
        }
        lists = {name: _texts(read, name) for name in (*offered(case), "chosen") if name in read}
        if lists.get("chosen", ()) is None:
            raise _FORM.wrong("`chosen`", "a list of event ids", ALL)
        return replace(cls(case), **texts, **lists)  # type: ignore[arg-type] # checked one by one

    def to_memo(self) -> str:
        """Return a chronology as text: of the chosen events, or of those shown."""
        return "\n".join(self._memo_lines()) + "\n"

    def _lets_through(self, one: Happening) -> bool:
        return (
            (self.actors is None or bool({*self.actors} & {*one.actors}))
            and (self.categories is None or one.category in self.categories)
            and (self.source_types is None or bool({*self.source_types} & one.types))
            and _has_words(one, self.search)
        )

    def _memo_lines(self) -> Iterator[str]:
        yield f"# Chronology: {cases.case(self.case).title}"
        yield ""
        yield f"Clock: {ZONES[self.zone].words}."
        yield counted(self.listed, len(by_id(self.case)), "chosen" if self.chosen else "shown")
        if not self.chosen:
            yield from self.filters
        yield from chronicle(self.listed, self.zone)


@cache
def offered(case: str) -> Mapping[str, Mapping[str, str]]:
    """Return what each filter offers: ids and words, only those that the timeline has.

    Examples
    --------
    >>> list(offered("kazakhstan-2022")["source_types"])
    ['primary', 'press', 'scholarly', 'partisan']
    """
    those = happenings(case)
    used = {key for one in those for key in one.actors}
    return MappingProxyType(
        {
            "actors": {one.id: one.name for one in cases.case(case).actors if one.id in used},
            "categories": {name: name for name in sorted({one.category for one in those}, key=_up)},
            "source_types": {
                name: name for name in SOURCE_TYPES if any(name in one.types for one in those)
            },
        }
    )


def _has_words(one: Happening, search: str) -> bool:
    text = f"{one.id} {one.actor} {one.what} {one.place} {one.category} {one.note}".lower()
    return all(word in text for word in one_line(search.lower()).split(" "))


def _up(name: str) -> str:
    return name.casefold()


def _or_all(given: tuple[str, ...] | None) -> list[str] | str:
    return ALL if given is None else list(given)


def _texts(data: Mapping[str, object], name: str) -> tuple[str, ...] | None:
    return None if data[name] == ALL else _FORM.texts(data[name], f"`{name}`", _LIST)


def _in_order(
    given: Sequence[str], known: Sequence[str] | Mapping[str, str], name: str, kind: str
) -> tuple[str, ...]:
    for one in given:
        _known(one, known, name, kind)
    wanted = set(given)
    return tuple(one for one in known if one in wanted)


def _known(one: str, known: Sequence[str] | Mapping[str, Any], name: str, kind: str) -> None:
    if one not in known:
        such = next(iter(known), "none")
        raise _FORM.wrong(f"`{name}`", f"{kind} of this timeline, such as `{such}`", one)
