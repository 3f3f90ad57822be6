"""The events of a case, gathered from its tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from volens import cases, evidence
from volens.chronology.clocks import ZONES, Zone
from volens.chronology.events import PHASES, Conflict, Happening, Mention, Version
from volens.chronology.moments import Moment, day_in_words, days_in_words, whole_days
from volens.codebook import COURSE_CASE
from volens.evidence import Row
from volens.references import Reference, reference

__all__ = ["by_id", "happening", "happenings"]

#: Tables whose rows a note may name by their ids, and which cells say what the row is about.
_NAMED: Final = {
    "T": ("timeline", ("actor", "event")),
    "C": ("claims", ("speaker", "claim")),
    "F": ("statements", ("statement",)),
    "Q": ("conflicts", ("title",)),
}
_ID = re.compile(r"\b(?:[TCF]\d{3}|Q\d{2})\b")


def happenings(case: str = COURSE_CASE) -> tuple[Happening, ...]:
    """Return the events of a case by the first minute at which each can have happened.

    Parameters
    ----------
    case
        The id of the case. A case without a timeline has none.

    Raises
    ------
    UnknownCaseError
        If there is no such case.

    Examples
    --------
    >>> len(happenings("kazakhstan-2022"))
    133
    """
    return tuple(by_id(case).values())


def happening(key: str, *, case: str = COURSE_CASE) -> Happening:
    """Return one event by its id.

    Raises
    ------
    UnknownRowError
        If the timeline has no such event.
    """
    return by_id(case)[evidence.row("timeline", key, case=case).id]


@cache
def by_id(case: str) -> Mapping[str, Happening]:
    """Return the events of a case by their ids, in the order of :func:`happenings`.

    Examples
    --------
    >>> by_id("kazakhstan-2022")["T036"].actor
    'Tokayev'
    """
    stages = {event: one.name for one in cases.case(case).sequence for event in one.events}
    lines = sorted(
        evidence.rows("timeline", case=case), key=lambda row: (row.earliest_utc, row.latest_utc)
    )
    conflicts = _conflicts(case)
    return MappingProxyType(
        {row.id: _happening(row, case, stages.get(row.id, ""), conflicts) for row in lines}
    )


def _happening(
    row: Row, case: str, stage: str, conflicts: Mapping[str, tuple[Conflict, ...]]
) -> Happening:
    note = row.conflicting_versions or ""
    moment = Moment(row.earliest_utc, row.latest_utc, row.precision)
    return Happening(
        id=row.id,
        moment=moment,
        told=_as_told(row),
        read_by=_read_by(row),
        day=_day(row, moment),
        actor=row.actor,
        actors=evidence.items(row.actors),
        what=row.event,
        place=row.place or "",
        category=row.category,
        phase=PHASES[row.phase],
        stage=stage,
        confidence=row.confidence,
        recalled="knowledge" in evidence.items(row.verified),
        note=note,
        named=_mentions(note, case),
        conflicts=conflicts.get(row.id, ()),
        sources=_references(row.id, case),
    )


def _as_told(row: Row) -> str:
    given = f" The sources give: {row.time}." if row.time else ""
    return f"Dated {day_in_words(row.date)} by {_read_by(row)}.{given}"


def _read_by(row: Row) -> str:
    """Name the clock by which a row is dated, as the screen names it."""
    offered = {zone.key: zone.name for zone in ZONES.values()}
    clock = offered.get(row.zone) or str(row.zone).rsplit("/", maxsplit=1)[-1].replace("_", " ")
    return "UTC" if clock == "UTC" else f"the clock of {clock}"


def _day(row: Row, moment: Moment) -> str:
    """Return the day or days of a row, where no hours of it are known."""
    if row.precision not in ("day", "days"):
        return ""
    own = Zone("", "", "", row.zone)
    begin, end = own.local(moment.earliest), own.local(moment.latest)
    return days_in_words(begin.date(), end.date()) if whole_days(begin, end) else ""


def _references(key: str, case: str) -> tuple[Reference, ...]:
    found = {
        source.id: reference(source)
        for role in ("hosts", "supports")
        for source in evidence.sources_of("timeline", key, role=role, case=case)
    }
    return tuple(found.values())


def _conflicts(case: str) -> Mapping[str, tuple[Conflict, ...]]:
    """Return the conflicts of each event."""
    versions: dict[str, list[Version]] = {}
    for row in evidence.rows("conflict_versions", case=case):
        version = Version(row.id, row.told_by, row.version, row.date or "")
        versions.setdefault(row.conflict, []).append(version)
    found: dict[str, list[Conflict]] = {}
    for row in evidence.rows("conflicts", case=case):
        conflict = _conflict(row, tuple(versions.get(row.id, ())), case)
        for key in evidence.items(row.rows):
            found.setdefault(key, []).append(conflict)
    return {key: tuple(those) for key, those in found.items()}


def _conflict(row: Row, versions: tuple[Version, ...], case: str) -> Conflict:
    words = " ".join(part for part in (row.about, row.record, row.note) if part)
    return Conflict(
        id=row.id,
        title=row.title,
        about=row.about,
        record=row.record,
        settled=row.settled,
        note=row.note or "",
        confidence=row.confidence,
        versions=versions,
        claims=tuple(_mention(key, case) for key in evidence.items(row.rows) if key[0] == "C"),
        named=_mentions(words, case),
    )


def _mentions(text: str, case: str) -> tuple[Mention, ...]:
    """Return the rows that a text names, so that no id stands alone."""
    return tuple(_mention(key, case) for key in dict.fromkeys(_ID.findall(text)))


def _mention(key: str, case: str) -> Mention:
    table, columns = _NAMED[key[0]]
    row = evidence.row(table, key, case=case)
    parts = [str(row[column]) for column in columns]
    if table in ("timeline", "claims"):
        parts[0] += f", {row.date}"
    return Mention(key, ": ".join(parts))
