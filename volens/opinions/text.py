"""An opinion as plain text."""

from __future__ import annotations

from volens.opinions.content import blocks, step_line
from volens.opinions.showing import Readable, shown
from volens.opinions.words import (
    BESIDE,
    BESIDE_MEANS,
    MET_MEANS,
    STIPULATED,
    TITLE_MEANS,
    TITLES,
    first_line,
)

__all__ = ["as_text"]


def as_text(opinion: Readable) -> str:
    """Return an opinion as plain text.

    Examples
    --------
    >>> from volens.opinions import assess
    >>> "What would decide it" in as_text(assess("mali-2013", "S1"))
    True
    """
    this = shown(opinion)
    lines = [
        first_line(this.opinion, this.record),
        f"{STIPULATED} {TITLES[this.opinion.title]} {TITLE_MEANS} {MET_MEANS}",
        "",
        *(step_line(this, step) for step in this.opinion.steps),
    ]
    for heading, content in blocks(this):
        lines += ["", heading, *(f"- {line}" for line in content)]
    beside = (f"- {step_line(this, step)}" for step in this.opinion.parallel)
    lines += ["", BESIDE, BESIDE_MEANS, *beside]
    return "\n".join(lines)
