"""Events in order, as far as there is one: by day of a clock, and which are not ordered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from volens.chronology.events import Happening
from volens.chronology.moments import days_in_words

__all__ = ["Day", "arranged", "unordered"]


@dataclass(frozen=True)
class Day:
    """The events of one day by a clock, or of days one of which is meant.

    Attributes
    ----------
    key
        First and last day, as ISO dates with a slash between them.
    title
        The day or days in words.
    happenings
        Its events, by the first minute at which each can have happened.
    """

    key: str
    title: str
    happenings: tuple[Happening, ...]


def arranged(those: Sequence[Happening], zone: str) -> tuple[Day, ...]:
    """Group events by day of a clock. What is certainly earlier stands earlier.

    Parameters
    ----------
    those
        Events, in the order of :func:`happenings`.
    zone
        One of :data:`ZONES`.

    Examples
    --------
    >>> from volens.chronology import happening
    >>> night = [happening("T030"), happening("T036"), happening("T039")]
    >>> [(day.title, len(day.happenings)) for day in arranged(night, "utc")]
    [('5 January 2022', 3)]
    >>> [(day.title, len(day.happenings)) for day in arranged(night, "nur-sultan")]
    [('5 January 2022', 1), ('6 January 2022', 2)]
    """

    def days(one: Happening) -> tuple[date, date]:
        return one.moment.days(zone)

    return tuple(
        Day(f"{first}/{last}", days_in_words(first, last), tuple(group))
        for (first, last), group in groupby(sorted(those, key=days), key=days)
    )


def unordered(those: Sequence[Happening]) -> Mapping[str, tuple[str, ...]]:
    """Return for each event those whose interval overlaps with its own.

    Examples
    --------
    >>> from volens.chronology import happening
    >>> unordered([happening("T036"), happening("T037"), happening("T039")])["T037"]
    ('T036', 'T039')
    """
    return {
        one.id: tuple(
            other.id for other in those if other.id != one.id and one.moment.overlaps(other.moment)
        )
        for one in those
    }
