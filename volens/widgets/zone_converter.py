"""The zone converter: a place and its local time, in UTC.

States change their clocks, so an hour of difference holds for a date and not for ever. The view
gets every change from 1990 to 2030 with it, and needs no kernel.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from volens.chronology import ZONES, Zone
from volens.pages import table
from volens.widgets.bare import BareWidget
from volens.widgets.base import script, styles

__all__ = ["FIRST", "LAST", "PLACES", "Conversion", "ZoneConverter", "to_utc", "zone_converter"]

#: The local times that the converter takes: those of these years and all between.
FIRST: Final = 1990
LAST: Final = 2030

_BEGIN = datetime(2022, 1, 5)  # noqa: DTZ001 (a local time: its zone is the place beside it)
_FORM = "%Y-%m-%d %H:%M"
_MINUTE = timedelta(minutes=1)
#: No clock here was changed twice in so short a time; a test looks at every hour.
_STEP = timedelta(days=2)
_HOUR = 60
#: What to say where the day in UTC is another one.
_TURN: Final = MappingProxyType(
    {
        -1: " In UTC it is still the day before.",
        0: "",
        1: " In UTC it is already the next day.",
    }
)


def _place(slug: str, name: str, key: str) -> Zone:
    return Zone(slug, name, f"{name} time", key)


#: The places to choose from. One clock may stand for several cities.
PLACES: Final[Mapping[str, Zone]] = MappingProxyType(
    {
        place.id: place
        for place in (
            replace(ZONES["nur-sultan"], name="Nur-Sultan and Almaty, Kazakhstan"),
            _place("aktau", "Aktau and Zhanaozen, Kazakhstan", "Asia/Aqtau"),
            _place("atyrau", "Atyrau, Kazakhstan", "Asia/Atyrau"),
            _place("oral", "Oral (Uralsk), Kazakhstan", "Asia/Oral"),
            replace(ZONES["moscow"], name="Moscow, Russia"),
            _place("minsk", "Minsk, Belarus", "Europe/Minsk"),
            _place("yerevan", "Yerevan, Armenia", "Asia/Yerevan"),
            _place("bishkek", "Bishkek, Kyrgyzstan", "Asia/Bishkek"),
            _place("dushanbe", "Dushanbe, Tajikistan", "Asia/Dushanbe"),
            _place("tashkent", "Tashkent, Uzbekistan", "Asia/Tashkent"),
            _place("brussels", "Brussels, Belgium", "Europe/Brussels"),
            _place("london", "London, United Kingdom", "Europe/London"),
            _place("new-york", "New York, seat of the United Nations", "America/New_York"),
            _place("beijing", "Beijing, China", "Asia/Shanghai"),
            ZONES["utc"],
        )
    }
)


@dataclass(frozen=True)
class Conversion:
    """A local time in UTC.

    Attributes
    ----------
    place, local
        Which clock, and what it showed.
    instants
        What that was in UTC: mostly one instant; two where the clock was set back and showed the
        time twice, none where it was set forward and never showed it.
    """

    place: Zone
    local: datetime
    instants: tuple[datetime, ...]

    def __str__(self) -> str:
        """Return it as a sentence, as the view says it.

        Examples
        --------
        >>> print(to_utc("nur-sultan", "2022-01-05 00:00"))
        2022-01-04 18:00 UTC. Clocks in Nur-Sultan and Almaty, Kazakhstan, on 2022-01-05: 6 hours \
ahead of UTC. In UTC it is still the day before.
        """
        where = f"Clocks in {self.place.name}, on {self.local:%Y-%m-%d}"
        if not self.instants:
            return f"{where}, were set forward and never showed {self.local:%H:%M}."
        first, *others = self.instants
        if others:
            return (
                f"{where}, were set back and showed {self.local:%H:%M} twice: at "
                f"{first:{_FORM}} UTC and at {others[-1]:{_FORM}} UTC."
            )
        turn = _TURN[(first.date() - self.local.date()).days]
        return f"{first:{_FORM}} UTC. {where}: {_apart(self.place.ahead(first))}.{turn}"


class ZoneConverter(BareWidget):
    """The zone converter as a widget: see :func:`zone_converter`."""

    kind = "zone-converter"
    _esm = script("zone_converter.js")
    _css = styles("zone_converter.css")

    def __init__(self) -> None:
        super().__init__(
            {
                "title": "Local time to UTC",
                "place": "nur-sultan",
                "local": f"{_BEGIN:{_FORM}}",
                "first": FIRST,
                "last": LAST,
                "places": [
                    {"id": place.id, "name": place.name, "changes": _changes(place.id)}
                    for place in PLACES.values()
                ],
            }
        )

    def __repr__(self) -> str:
        return f"<ZoneConverter {len(PLACES)} places>"

    def to_html(self) -> str:
        """Return a table of the places at the time with which the converter begins."""
        rows = [
            (place.name, f"{instant:{_FORM}}", _apart(place.ahead(instant)))
            for place, instant in _at_first()
        ]
        caption = f"What is {_BEGIN:{_FORM}} in each place, in UTC"
        return table(caption, ("Place", "UTC", "Clocks there"), rows)

    def to_text(self) -> str:
        """Return the same as lines of text."""
        lines = [f"{_BEGIN:{_FORM}} by the clocks of each place, in UTC:"]
        lines += [f"- {place.name}: {instant:{_FORM}}" for place, instant in _at_first()]
        return "\n".join(lines) + "\n"


def zone_converter() -> ZoneConverter:
    """Return a converter from a local time to UTC, for the questions about time.

    Examples
    --------
    >>> zone_converter()
    <ZoneConverter 15 places>
    """
    return ZoneConverter()


def to_utc(place: str, local: str) -> Conversion:
    """Return a local time in UTC.

    Parameters
    ----------
    place
        One of :data:`PLACES`.
    local
        Such as ``2022-01-05 00:00``.

    Examples
    --------
    >>> [f"{one:%H:%M}" for one in to_utc("moscow", "2022-01-05 20:30").instants]
    ['17:30']
    """
    zone = PLACES[place]
    shown = datetime.strptime(local, _FORM)  # noqa: DTZ007 (a local time: its zone is the place)
    offsets = {minutes for _, minutes in _changes(place)}
    possible = (shown.replace(tzinfo=UTC) - minutes * _MINUTE for minutes in sorted(offsets))
    return Conversion(
        zone, shown, tuple(sorted(one for one in possible if zone.local(one) == shown))
    )


@cache
def _changes(place: str) -> list[list[Any]]:
    """Return from which instant clocks were how many minutes ahead of UTC."""
    zone = PLACES[place]
    at, end = datetime(FIRST, 1, 1, tzinfo=UTC) - _STEP, datetime(LAST + 1, 1, 1, tzinfo=UTC)
    minutes = zone.ahead(at)
    changes: list[list[Any]] = [[f"{at:{_FORM}}", minutes]]
    while at <= end:
        before, at = at, at + _STEP
        if zone.ahead(at) != minutes:
            minutes = zone.ahead(at)
            changes.append([f"{_first_after(zone, before, at):{_FORM}}", minutes])
    return changes


def _first_after(zone: Zone, before: datetime, after: datetime) -> datetime:
    """Return the first minute at which a clock goes as it does later."""
    while after - before > _MINUTE:
        middle = before + ((after - before) // _MINUTE // 2) * _MINUTE
        if zone.ahead(middle) == zone.ahead(before):
            before = middle
        else:
            after = middle
    return after


def _at_first() -> list[tuple[Zone, datetime]]:
    return [(place, to_utc(place.id, f"{_BEGIN:{_FORM}}").instants[0]) for place in PLACES.values()]


def _apart(minutes: int) -> str:
    """Return how far a clock is from UTC, in words.

    Examples
    --------
    >>> _apart(-300), _apart(330), _apart(0)
    ('5 hours behind UTC', '5 hours 30 minutes ahead of UTC', 'the same as UTC')
    """
    if not minutes:
        return "the same as UTC"
    hours, rest = divmod(abs(minutes), _HOUR)
    parts = [_count(hours, "hour")] if hours else []
    if rest:
        parts.append(_count(rest, "minute"))
    return f"{' '.join(parts)} {'ahead of' if minutes > 0 else 'behind'} UTC"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
