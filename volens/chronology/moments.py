"""A time as far as it is known: an interval of minutes, and how it is said by a clock."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Final

from volens.chronology.clocks import ZONES

__all__ = ["PRECISION", "Moment", "day_in_words", "days_in_words", "whole_days"]

#: How exactly a time is known, in words.
PRECISION: Final[Mapping[str, str]] = MappingProxyType(
    {
        "minute": "known to the minute",
        "about": "known to an hour or more",
        "part of day": "known to a part of the day",
        "day": "known to the day",
        "days": "the day itself is uncertain",
    }
)
_UNKNOWN: Final = {
    "day": "time of day not known",
    "days": "day not known",
    "month": "day not known",
    "year": "month not known",
}
_LAST_MINUTE = 59
_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Moment:
    """When something happened, as far as it is known.

    Attributes
    ----------
    earliest, latest
        The first and the last minute at which it can have happened; both count.
    precision
        One of :data:`PRECISION`.
    """

    earliest: datetime
    latest: datetime
    precision: str

    @property
    def exact(self) -> bool:
        """Whether it is known to the minute."""
        return self.precision == "minute"

    def before(self, other: Moment) -> bool:
        """Return whether this certainly came before the other."""
        return self.latest < other.earliest

    def overlaps(self, other: Moment) -> bool:
        """Return whether nobody can say which of the two came first."""
        return not self.before(other) and not other.before(self)

    def days(self, zone: str) -> tuple[date, date]:
        """Return the first and the last day on which it can have happened, by a clock."""
        return self._local(zone)[0].date(), self._local(zone)[1].date()

    def share(self, zone: str) -> tuple[float, float]:
        """Return where the interval begins and ends, in percent of its days by a clock.

        Examples
        --------
        >>> from volens.chronology import happening
        >>> happening("T031").moment.share("nur-sultan")
        (70.83, 100.0)
        """
        begin, end = self._local(zone)
        first = datetime.combine(begin.date(), time())
        whole = datetime.combine(end.date(), time()) + _DAY - first
        return (
            round(100 * ((begin - first) / whole), 2),
            round(100 * ((_shown_end(begin, end) - first) / whole), 2),
        )

    def in_words(self, zone: str) -> str:
        """Return the interval by a clock, with its days.

        Parameters
        ----------
        zone
            One of :data:`ZONES`.

        Examples
        --------
        >>> from volens.chronology import happening
        >>> happening("T039").moment.in_words("moscow")
        '6 January 2022, 00:42 Moscow time'
        >>> happening("T041").moment.in_words("utc")
        'between 5 January 2022, 21:00, and 6 January 2022, 21:00 UTC'
        """
        begin, end = self._local(zone)
        words = ZONES[zone].words
        if whole_days(begin, end):
            known = _UNKNOWN["day" if begin.date() == end.date() else _whole_period(begin, end)]
            return f"{days_in_words(begin.date(), end.date())}, {known} ({words})"
        if begin.date() == end.date():
            return f"{day_in_words(begin.date())}, {self.clock(zone)} {words}"
        return (
            f"between {day_in_words(begin.date())}, {begin:%H:%M}, "
            f"and {day_in_words(end.date())}, {_end_clock(begin, end)} {words}"
        )

    def clock(self, zone: str) -> str:
        """Return the time of day by a clock, for a list that names the day above.

        Examples
        --------
        >>> from volens.chronology import happening
        >>> happening("T031").moment.clock("nur-sultan")
        'between 17:00 and 24:00'
        >>> happening("T031").moment.clock("utc")
        'between 11:00 and 18:00'
        """
        begin, end = self._local(zone)
        if whole_days(begin, end):
            return _UNKNOWN["day" if begin.date() == end.date() else _whole_period(begin, end)]
        if begin == end:
            return f"{begin:%H:%M}"
        if begin.date() == end.date():
            return f"between {begin:%H:%M} and {_end_clock(begin, end)}"
        return (
            f"between {begin.day} {begin:%B}, {begin:%H:%M}, "
            f"and {end.day} {end:%B}, {_end_clock(begin, end)}"
        )

    def of_whole_days(self, zone: str) -> bool:
        """Return whether it begins and ends at midnight by a clock."""
        return whole_days(*self._local(zone))

    def _local(self, zone: str) -> tuple[datetime, datetime]:
        return ZONES[zone].local(self.earliest), ZONES[zone].local(self.latest)


def day_in_words(day: date) -> str:
    """Name a day.

    Examples
    --------
    >>> day_in_words(date(2022, 1, 5))
    '5 January 2022'
    """
    return f"{day.day} {day:%B} {day.year}"


def days_in_words(first: date, last: date) -> str:
    """Name a day, or the days one of which is meant.

    Examples
    --------
    >>> days_in_words(date(2022, 1, 4), date(2022, 1, 5))
    '4 or 5 January 2022'
    """
    if first == last:
        return day_in_words(first)
    begin, end = (datetime.combine(day, time()) for day in (first, last))
    match _whole_period(begin, end):
        case "year":
            return str(first.year)
        case "month":
            return f"{first:%B} {first.year}"
    left = day_in_words(first)
    if (first.year, first.month) == (last.year, last.month):
        left = str(first.day)
    elif first.year == last.year:
        left = f"{first.day} {first:%B}"
    if last - first == _DAY:
        return f"{left} or {day_in_words(last)}"
    return f"between {left} and {day_in_words(last)}"


def _shown_end(begin: datetime, end: datetime) -> datetime:
    """Return the end of the last minute where an hour is full: 23:59 is shown as 24:00."""
    return end + _MINUTE if end > begin and end.minute == _LAST_MINUTE else end


def _end_clock(begin: datetime, end: datetime) -> str:
    shown = _shown_end(begin, end)
    return "24:00" if shown.date() > end.date() else f"{shown:%H:%M}"


def whole_days(begin: datetime, end: datetime) -> bool:
    """Return whether an interval begins and ends at midnight.

    Examples
    --------
    >>> whole_days(datetime(2022, 1, 5, 0, 0), datetime(2022, 1, 5, 23, 59))
    True
    """
    return begin.time() == time() and _end_clock(begin, end) == "24:00"


def _whole_period(begin: datetime, end: datetime) -> str:
    """Say whether whole days are a month, a year or neither."""
    if (begin.month, begin.day, end.month, end.day, end.year) == (1, 1, 12, 31, begin.year):
        return "year"
    last = monthrange(begin.year, begin.month)[1]
    month = (begin.year, begin.month, 1, last) == (end.year, end.month, begin.day, end.day)
    return "month" if month else "days"
