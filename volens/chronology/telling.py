"""Events as text: a numbered chronology that says what it does not know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from volens.chronology.arranging import arranged, unordered
from volens.chronology.events import Happening
from volens.chronology.moments import PRECISION
from volens.wording import sentence

__all__ = ["chronicle", "counted"]

_RULE: Final = (
    "Two events are ordered only where the interval of one ends before that of the other begins."
)


def chronicle(those: Sequence[Happening], zone: str) -> Iterator[str]:
    """Yield events by day and numbered, each with what stands behind it.

    Parameters
    ----------
    those
        Events, in the order of :func:`volens.chronology.happenings`.
    zone
        One of :data:`volens.chronology.ZONES`.

    Examples
    --------
    >>> from volens.chronology import happening
    >>> lines = list(chronicle([happening("T036"), happening("T039")], "utc"))
    >>> [line for line in lines if line.startswith("##")]
    ['## 5 January 2022']
    """
    days = arranged(those, zone)
    number = {one.id: at for at, one in enumerate((e for d in days for e in d.happenings), 1)}
    overlaps = unordered(those)
    yield _RULE
    for day in days:
        yield from ("", f"## {day.title}", "")
        for one in day.happenings:
            others = sorted(number[key] for key in overlaps[one.id])
            yield from _entry(one, number[one.id], others, zone)


def counted(those: Sequence[Happening], total: int, how: str) -> str:
    """Say how many events are meant, of how many, and for how many no exact time is known.

    Parameters
    ----------
    those
        The events.
    total
        Of how many.
    how
        What they are: ``shown`` or ``chosen``.

    Examples
    --------
    >>> from volens.chronology import happening
    >>> counted([happening("T036"), happening("T039")], 133, "chosen")
    '2 of 133 events chosen; 1 of them has no exact time.'
    """
    count = f"{len(those)} of {total} events {how}"
    vague = sum(not one.moment.exact for one in those)
    if not those:
        return f"{count}."
    if len(those) == 1:
        return f"{count}; it has {'no' if vague else 'an'} exact time."
    if not vague:
        return f"{count}; all of them have an exact time."
    return f"{count}; {vague} of them {'has' if vague == 1 else 'have'} no exact time."


def _entry(one: Happening, number: int, others: list[int], zone: str) -> Iterator[str]:
    when = one.in_words(zone)
    yield f"{number}. {when[0].upper()}{when[1:]}. {one.actor}: {sentence(one.what)} ({one.id})"
    marks = "; ".join((one.category, PRECISION[one.moment.precision], *one.marks))
    yield f"   - Kind and certainty: {marks}."
    if others:
        yield f"   - Order not known with {_runs(others)}."
    if one.note:
        yield f"   - Other versions: {sentence(one.note)}"
    yield from (f"     {mention.id} is: {sentence(mention.words)}" for mention in one.named)
    for conflict in one.conflicts:
        yield f"   - Told in more than one way: {conflict.title} (record: {conflict.settled})."
    for source in one.sources:
        yield f"   - Source: {source}."


def _runs(numbers: Sequence[int]) -> str:
    """Name numbers shortly.

    Examples
    --------
    >>> _runs([2, 3, 4, 7, 8])
    'numbers 2 to 4, 7 and 8'
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    words = [
        word
        for run in runs
        for word in ([f"{run[0]} to {run[-1]}"] if len(run) > 2 else [str(n) for n in run])  # noqa: PLR2004 (two are named)
    ]
    *most, last = words
    named = f"{', '.join(most)} and {last}" if most else last
    return f"number {named}" if len(numbers) == 1 else f"numbers {named}"
