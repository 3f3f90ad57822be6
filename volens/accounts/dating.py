"""Dates of accounts and of sources, as a sentence has them."""

from __future__ import annotations

from datetime import datetime

__all__ = ["in_words"]


def in_words(date: str) -> str:
    """Return a day, a month or a year in words.

    Parameters
    ----------
    date
        A date as the tables have it (ISO 8601): a day, a month or a year; or nothing.

    Examples
    --------
    >>> in_words("2022-01-06"), in_words("2022-01"), in_words("2022"), in_words("")
    ('6 January 2022', 'January 2022', '2022', '')
    """
    match date.count("-"):
        case 2:
            day = datetime.strptime(date, "%Y-%m-%d")  # noqa: DTZ007 (a day, and no moment)
            return f"{day.day} {day:%B %Y}"
        case 1:
            return f"{datetime.strptime(date, '%Y-%m'):%B %Y}"  # noqa: DTZ007 (likewise)
        case _:
            return date
