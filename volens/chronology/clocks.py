"""The clocks by which a timeline can be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from volens.errors import DataNotFoundError

__all__ = ["ZONES", "Zone"]

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Zone:
    """A clock by which the timeline can be read.

    Attributes
    ----------
    id, name
        The slug, and the words to show.
    words
        What stands behind a time.
    key
        The name in the tz database.
    """

    id: str
    name: str
    words: str
    key: str

    def local(self, instant: datetime) -> datetime:
        """Return an instant by this clock, without its zone."""
        return instant.astimezone(_zone(self.key)).replace(tzinfo=None)

    def ahead(self, instant: datetime) -> int:
        """Return how many minutes this clock was ahead of UTC at an instant.

        Examples
        --------
        >>> from datetime import UTC
        >>> ZONES["nur-sultan"].ahead(datetime(2022, 1, 5, 12, tzinfo=UTC)) / 60
        6.0
        """
        ahead = instant.astimezone(_zone(self.key)).utcoffset()
        return int((ahead or timedelta()) / _MINUTE)


#: The clocks that the explorer offers. Asia/Almaty is the tz database's name for Nur-Sultan too.
ZONES: Final[Mapping[str, Zone]] = MappingProxyType(
    {
        zone.id: zone
        for zone in (
            Zone("utc", "UTC", "UTC", "UTC"),
            Zone("nur-sultan", "Nur-Sultan", "Nur-Sultan time", "Asia/Almaty"),
            Zone("moscow", "Moscow", "Moscow time", "Europe/Moscow"),
        )
    }
)


@cache
def _zone(key: str) -> ZoneInfo:
    try:
        return ZoneInfo(key)
    except ZoneInfoNotFoundError:
        raise DataNotFoundError(
            f"The time zone `{key}` was not found: this computer has no time zone database. "
            "Install the package `tzdata`, then start again."
        ) from None
