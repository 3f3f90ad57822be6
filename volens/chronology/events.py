"""An event of a timeline, with its sources, and with what others say of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from volens.chronology.moments import Moment
from volens.references import Reference

__all__ = ["PHASES", "SOURCE_TYPES", "Conflict", "Happening", "Mention", "Version"]

#: The stages of the story, in words.
PHASES: Final[Mapping[str, str]] = MappingProxyType(
    {"background": "Background", "january-2022": "January 2022", "aftermath": "Afterwards"}
)
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
    read_by
        That clock in words, such as ``the clock of Minsk``.
    day
        The day or days by that clock, where no more is known than that; empty otherwise.
    actor, actors
        Who acted, in words and as ids of the case.
    what, place, category
        What happened, where (may be empty), and of which kind it is.
    phase
        Where it stands in the story: one of :data:`PHASES`.
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
    read_by: str
    day: str
    actor: str
    actors: tuple[str, ...]
    what: str
    place: str
    category: str
    phase: str
    stage: str
    confidence: str
    recalled: bool
    note: str
    named: tuple[Mention, ...]
    conflicts: tuple[Conflict, ...]
    sources: tuple[Reference, ...]

    @property
    def points(self) -> int:
        """On how many points the record tells it differently: none where nobody differs.

        A note counts only where no conflict is recorded: most notes are about one of these.
        """
        return len(self.conflicts) or int(bool(self.note))

    @property
    def dated(self) -> str:
        """The day by the clock by which the row is dated; empty where more is known.

        Examples
        --------
        >>> from volens.chronology import happening
        >>> happening("T002").dated
        '15 May 1992 by the clock of Tashkent; the time of day is not known'
        """
        if not self.day:
            return ""
        unknown = "the day" if self.moment.precision == "days" else "the time of day"
        return f"{self.day} by {self.read_by}; {unknown} is not known"

    def elsewhere(self, zone: str) -> bool:
        """Return whether only a day is known, and that day is none by this clock."""
        return bool(self.day) and not self.moment.of_whole_days(zone)

    def clock(self, zone: str) -> str:
        """Return the time for a list by day: never hours that nobody has told.

        Where only the day is known, and the clock is not the one by which it was told, the day is
        named by that one. By the clock chosen it would be an interval of two days.

        Parameters
        ----------
        zone
            One of :data:`volens.chronology.ZONES`.

        Examples
        --------
        >>> from volens.chronology import happening
        >>> happening("T002").clock("moscow")
        '15 May 1992 by the clock of Tashkent; the time of day is not known'
        >>> happening("T031").clock("nur-sultan")
        'between 17:00 and 24:00'
        """
        return self.dated if self.elsewhere(zone) else self.moment.clock(zone)

    def in_words(self, zone: str) -> str:
        """Return when it happened, with the day, and with the interval by the clock chosen.

        Examples
        --------
        >>> from volens.chronology import happening
        >>> happening("T118").in_words("utc")
        '7 February 2022, time of day not known (UTC)'
        >>> happening("T118").in_words("moscow").partition(" (between ")[0]
        '7 February 2022 by UTC; the time of day is not known'
        """
        interval = self.moment.in_words(zone)
        return f"{self.dated} ({interval})" if self.elsewhere(zone) else interval

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
