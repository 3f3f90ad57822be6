"""The verdicts on every position as a table that a telephone can show."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from volens.opinions.deciding import shared_and_own
from volens.opinions.words import named
from volens.pages import table
from volens.reasoning.judging import Opinion

__all__ = ["side_by_side"]

_DECIDES = "What would decide it"


def side_by_side(caption: str, opinions: Sequence[Opinion]) -> str:
    """Return a table of three columns, and once below it what would decide every verdict.

    Examples
    --------
    >>> from volens.reasoning import compare
    >>> page = side_by_side("Mali 2013", compare("mali-2013"))
    >>> page.count('<th scope="col"') <= 3
    True
    """
    shared, own = shared_and_own(opinions)
    heads = ("View, inviter test", "Verdict", _DECIDES)[: 3 if any(own) else 2]
    rows = [
        (
            f"{named(one.position)}, with {named(one.inviter_test)}",
            one.verdict,
            _in_a_cell(lines),
        )[: len(heads)]
        for one, lines in zip(opinions, own, strict=True)
    ]
    return table(caption, heads, rows) + _below(shared)


def _below(lines: Sequence[str]) -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<p>{_DECIDES} on every view above:</p><ul>{items}</ul>" if lines else ""


def _in_a_cell(lines: tuple[str, ...]) -> str | tuple[str, ...]:
    if not lines:
        return "what is said below the table"
    return lines if len(lines) > 1 else lines[0]
