"""What an opinion says, whatever its form: on what a step rests, and what follows the walk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from volens import doctrine
from volens import positions as views
from volens.cases import Aim, Finding
from volens.logic import UNCLEAR
from volens.opinions.deciding import decisive
from volens.opinions.showing import Shown
from volens.opinions.words import as_line, outcome
from volens.reasoning.judging import Opinion, Step, facts
from volens.reasoning.questions import ASPECTS, question_of, said_of
from volens.reasoning.rules import aim_fact

__all__ = ["OPEN", "Ground", "blocks", "grounds", "step_line", "step_outcome", "sureness"]

#: The heading over what the record leaves open.
OPEN = "Open on the record"

_CONFIDENCE = ("low", "medium", "high")


@dataclass(frozen=True)
class Ground:
    """One thing on which a step rests: a finding, or all that was found of an aim.

    Attributes
    ----------
    text
        What it says.
    open
        Whether it is unclear, or any part of it is.
    of
        The finding or the aim, with its evidence.
    own
        Whether no part of it is the record's answer any more.
    """

    text: str
    open: bool
    of: Finding | Aim
    own: bool


def blocks(this: Shown) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Return what is said after the walk: a heading and its lines, where there are any."""
    opinion, record = this.opinion, this.record
    answers, _ = facts(record, opinion.standard, opinion.act or None)
    for heading, lines in (
        ("Not asked on this position", _not_asked(opinion)),
        ("What would decide it", decisive(opinion)),
        (
            OPEN,
            tuple(
                f"{question_of(record, fact)} Unclear, {answers[fact].why}."
                for fact in opinion.open
            ),
        ),
        ("What became known later", tuple(question_of(record, fact) for fact in opinion.later)),
    ):
        if lines:
            yield heading, lines


def grounds(this: Shown, step: Step) -> Iterator[Ground]:
    """Return on what a step rests: its findings, then its aims."""
    answers, _ = facts(this.record, this.opinion.standard, this.opinion.act or None)
    for one in this.record.findings:
        if one.id in step.findings:
            said = answers[one.id]
            text = f"{one.question} {said_of(said).capitalize()}. {said.note}"
            if one.contested_by:
                text += f" Contested by: {one.contested_by.rstrip('.')}."
            yield Ground(text, said.value is UNCLEAR, one, one.id in this.own)
    for aim in this.record.aims:
        seen = {
            aspect: answers[aim_fact(aim.id, aspect)]
            for aspect in ASPECTS
            if aim_fact(aim.id, aspect) in step.findings
        }
        if seen:
            found = "; ".join(
                f"{ASPECTS[aspect]}: {said_of(said)}" for aspect, said in seen.items()
            )
            yield Ground(
                f'The aim "{doctrine.purpose(aim.id).name}", {found}. {aim.note}',
                any(said.value is UNCLEAR for said in seen.values()),
                aim,
                all(aim_fact(aim.id, aspect) in this.own for aspect in seen),
            )


def sureness(this: Shown, step: Step) -> str:
    """Return the lowest confidence among the findings that decide a step.

    It is empty where that is high, or where no answer of the record decides.
    """
    sure = {one.id: one.confidence for one in this.record.findings}
    for aim in this.record.aims:
        sure |= {aim_fact(aim.id, aspect): aim.confidence for aspect in ASPECTS}
    found = [sure[fact] for fact in step.deciding if fact in sure and fact not in this.own]
    lowest = min(found, key=_CONFIDENCE.index, default="high")
    return "" if lowest == "high" else lowest


def step_outcome(this: Shown, step: Step) -> str:
    """Return the value of an element, what settled it, and how sure that is."""
    return outcome(step, sureness(this, step))


def step_line(this: Shown, step: Step) -> str:
    """Return a step as one line."""
    return as_line(step, sureness(this, step))


def _not_asked(opinion: Opinion) -> tuple[str, ...]:
    """Return why the position leaves out an element, where its entry says so."""
    asked = {step.element for step in (*opinion.steps, *opinion.parallel)}
    reasons = views.position(opinion.position).reasons
    return tuple(
        f"{one.name}: {reasons[one.id]}"
        for one in views.elements()
        if one.id not in asked and "{" not in reasons.get(one.id, "{")
    )
