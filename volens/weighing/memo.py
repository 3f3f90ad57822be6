"""A board as text to start a memo from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from volens import cases
from volens.examining import Given
from volens.weighing.board import Weighing
from volens.weighing.cautions import additive_bias
from volens.weighing.cells import OWN, STANCES, Entry, inline, own_words
from volens.weighing.grounds import grounds
from volens.weighing.judged import Judged
from volens.weighing.readings import on_record
from volens.weighing.sections import precondition, sections, stand
from volens.wording import sentence

__all__ = ["NOT_IN_MEMO", "memo"]

#: What the board asks its reader, and what is no part of the reader's own text.
NOT_IN_MEMO = ("compare", "caution")


def memo(weighing: Weighing, findings: Mapping[str, Any] | None = None) -> str:
    """Return a board as text to start a memo from.

    What is missing stands in brackets. The last line warns against adding cells up.

    Parameters
    ----------
    weighing
        The board.
    findings
        The student's own findings, as the consent test holds them; none for the record.

    Raises
    ------
    WeighingError
        If the findings are not those of this case.

    Examples
    --------
    >>> print(memo(Weighing("kazakhstan-2022")).splitlines()[0])
    # Weighing the reasons: Kazakhstan and the CSTO, January 2022
    """
    return "\n".join(_lines(weighing, findings or {})) + "\n"


def _lines(weighing: Weighing, findings: Mapping[str, Any]) -> Iterator[str]:
    found = cases.case(weighing.case)
    yield f"# Weighing the reasons: {found.title}"
    for line in (*stand(weighing), str(precondition(weighing, findings))):
        yield from ("", line)
    own = {}
    if weighing.position:
        own = {one.fact: one for one in Judged(weighing, weighing.position, findings).given}
    last = None
    for purpose, principle, entry in weighing.named():
        if purpose != last:
            yield from ("", f"## {purpose.name}", "")
            last = purpose
        said = f"It {STANCES[entry.stance]} {inline(principle.name)}."
        yield f"- {said} {_why(weighing, found, entry, own)} {_source(weighing, entry)}"
    for section in sections(weighing, findings):
        if section.points and section.id not in NOT_IN_MEMO:
            yield from ("", f"## {section.title}", "")
            yield from (f"- {point}" for point in section.points)
    yield from ("", f"Note: {inline(additive_bias())}")


def _why(weighing: Weighing, case: cases.Case, entry: Entry, own: Mapping[str, Given]) -> str:
    reason = sentence(entry.reason) or "[reason to be given]"
    if not own_words(entry.hinge):
        return f"{reason} [hinge to be named]"
    if entry.hinge.startswith(OWN):
        return f"{reason} It turns on this: {sentence(entry.hinge.removeprefix(OWN))}"
    finding = case.finding(entry.hinge)
    said = on_record(finding, weighing.act, own.get(finding.id))
    return f"{reason} It turns on this: {finding.question} {said}"


def _source(weighing: Weighing, entry: Entry) -> str:
    if not own_words(entry.source):
        return "[source to be named]"
    if entry.source.startswith(OWN):
        return f"Source: {sentence(entry.source.removeprefix(OWN))}"
    return f"Source: {sentence(str(grounds(weighing.case)[entry.source]))}"
