"""An event of a timeline, with its sources, and with what others say of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from volens.chronology.moments import Moment
from volens.references import Reference

__all__ = ["SOURCE_TYPES", "Conflict", "Happening", "Mention", "Version"]

#: How a source is graded, the closest to the actor first.
SOURCE_TYPES: Final = ("primary", "press", "scholarly", "partisan")


@dataclass(frozen=True)
class Mention:
    """A row that a note names by its id, with what it is about.

    Attributes
    ----------
    id, words
        The id, and what the row says.
    """

    id: str
    words: str


@dataclass(frozen=True)
class Version:
    """One telling of a point on which the record differs.

    Attributes
    ----------
    id
        Its id in the table of versions.
    told_by, words, date
        Who tells it, what is told, and the day to which it belongs, where that is known.
    """

    id: str
    told_by: str
    words: str
    date: str


@dataclass(frozen=True)
class Conflict:
    """A point that is told in more than one way.

    Attributes
    ----------
    id, title, about
        The id, a short name, and what is told in more than one way.
    record, settled
        What the sources that were read bear out, and whether that decides.
    note
        What could not be seen; may be empty.
    confidence
        How well established it is that the versions were told so.
    versions
        The tellings.
    claims
        Claims that bear on the point.
    named
        Rows that its words name by their ids.
    """

    id: str
    title: str
    about: str
    record: str
    settled: str
    note: str
    confidence: str
    versions: tuple[Version, ...]
    claims: tuple[Mention, ...]
    named: tuple[Mention, ...]


@dataclass(frozen=True)
class Happening:
    """One event of the timeline, with what stands behind it.

    Attributes
    ----------
    id
        Its id in the timeline.
    moment
        When it happened.
    told
        The time as the sources give it, with the clock by which the row is dated.
    actor, actors
        Who acted, in words and as ids of the case.
    what, place, category
        What happened, where (may be empty), and of which kind it is.
    stage
        Which stage of the case it is; empty for most.
    confidence
        How well established it is that it happened on this day.
    recalled
        Whether part of the row rests on what its author knew, and on no page.
    note
        What other sources say instead; may be empty.
    named
        Rows that the note names by their ids.
    conflicts
        Points of the record, told in more than one way, on which the event bears.
    sources
        On what it rests.
    """

    id: str
    moment: Moment
    told: str
    actor: str
    actors: tuple[str, ...]
    what: str
    place: str
    category: str
    stage: str
    confidence: str
    recalled: bool
    note: str
    named: tuple[Mention, ...]
    conflicts: tuple[Conflict, ...]
    sources: tuple[Reference, ...]

    @property
    def versions(self) -> int:
        """How many tellings there are to compare: none where nobody differs.

        A note counts as two: what the row says, and what others say.
        """
        return (2 if self.note else 0) + sum(len(one.versions) for one in self.conflicts)

    @property
    def types(self) -> frozenset[str]:
        """The types of its sources."""
        return frozenset(source.type for source in self.sources)

    @property
    def marks(self) -> tuple[str, ...]:
        """What a reader should know before relying on it, in words."""
        found = {
            f"stage of the case: {self.stage}": self.stage,
            f"confidence: {self.confidence}": self.confidence != "high",
            "part of it from knowledge, no page read": self.recalled,
            "one source only": len(self.sources) == 1,
            "no source linked": not self.sources,
        }
        return tuple(words for words, holds in found.items() if holds)
