"""An opinion as plain text."""

from __future__ import annotations

from volens.opinions.content import BESIDE, blocks
from volens.opinions.showing import Readable, shown
from volens.opinions.words import MET_MEANS, STIPULATED, TITLES, as_line, first_line

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
        f"{STIPULATED} {TITLES[this.opinion.title]} {MET_MEANS}",
        "",
        *(as_line(step) for step in this.opinion.steps),
    ]
    for heading, content in blocks(this):
        lines += ["", heading, *(f"- {line}" for line in content)]
    lines += ["", BESIDE, *(f"- {as_line(step)}" for step in this.opinion.parallel)]
    return "\n".join(lines)
