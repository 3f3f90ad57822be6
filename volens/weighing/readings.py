"""How each position reads a board, and on which findings the conclusion hinges.

The engine judges the facts; the cells of a board never enter a verdict. What is computed
here is how the two meet: which cells a view counts, which it leaves aside, and whether a
finding that a student calls a hinge is one on the chosen view.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from volens import doctrine
from volens.cases import Answer, Finding, case
from volens.examining import ASPECTS, Given
from volens.positions import element, positions
from volens.reasoning.judging import UNDETERMINED as OPEN
from volens.reasoning.judging import Step
from volens.reasoning.questions import question_of
from volens.weighing import locks
from volens.weighing.board import Weighing
from volens.weighing.cautions import NO_CELL, UNDETERMINED
from volens.weighing.cells import (
    LABELS,
    OWN,
    Entry,
    in_words,
    inline,
    listed,
    own_words,
    quoted,
)
from volens.weighing.judged import TITLES, Judged, outcome
from volens.wording import sentence

__all__ = [
    "AIM_WORDS",
    "BUCKETS",
    "HERE",
    "NEITHER",
    "UNNAMED",
    "Point",
    "changed",
    "hinges",
    "inviter_facts",
    "met",
    "on_record",
    "reading",
]

#: Under which words a view's reading puts a cell, by what the principle is on that view.
BUCKETS: Mapping[str, str] = {
    "bar": "Constraint",
    "title": "Constraint",
    "priority": "Constraint",
    "argument": "Argument",
    "beside": "Beside the title",
    "aside": "Left aside",
}
#: Which elements say of a principle how it stands in this case.
HERE: Mapping[str, tuple[str, ...]] = {
    "human-rights": ("self-determination-and-purpose", "conduct-of-forces", "complicity"),
    "self-determination": ("civil-war-limit", "self-determination-and-purpose"),
}
#: How what is found of an aim is named.
AIM_WORDS = ("Stated", "borne out by evidence", "pursued")
#: What is said of a finding that an inviter test could ask for, where the chosen one does not.
NEITHER = "Neither this view nor the chosen inviter test asks it."
#: What stands before a finding that would change the verdict and is no hinge on the board.
UNNAMED = "Not named by any of your cells"


@dataclass(frozen=True)
class Point:
    """One thing that follows from a board.

    Attributes
    ----------
    lead
        Of what kind it is, in a word or two; may be empty.
    text
        What it says.
    """

    lead: str
    text: str

    def __str__(self) -> str:
        return f"{self.lead}: {self.text}" if self.lead else self.text


def met(weighing: Weighing) -> Iterator[Point]:
    """Yield the constraints of the chosen position with which a cell is in tension."""
    for standing in locks.standings(weighing.position):
        principle = doctrine.principle(standing.principle)
        strained = tuple(
            quoted(purpose.name)
            for purpose, norm, entry in weighing.named()
            if norm == principle and entry.stance == "tension"
        )
        if standing.lock and strained:
            yield Point(
                principle.name,
                f"in tension with {listed(strained)}. {standing.why} {standing.can}",
            )


def changed(judged: Judged) -> Iterator[Point]:
    """Yield what the student answered otherwise in the consent test."""
    for one in judged.given:
        yield Point("", f"{one.question} {_record(one.record)} {_own(one)}")
    for clash in judged.examined.clashes():
        yield Point("To be looked at together", clash)


def hinges(judged: Judged) -> Iterator[Point]:
    """Yield the findings on which the verdict hinges, and what the board's own hinges do."""
    weighing, record = judged.weighing, case(judged.weighing.case)
    yield Point("Verdict", judged.verdict())
    undetermined = judged.opinion.verdict == OPEN
    yield Point("", f"{UNDETERMINED} {NO_CELL}" if undetermined else NO_CELL)
    named = _named_hinges(weighing)
    given = {one.fact: one for one in judged.given}
    for finding in record.findings:
        if finding.id in named:
            yield Point(
                "Your hinge",
                f"{finding.question} {on_record(finding, weighing.act, given.get(finding.id))} "
                f"{_effect(judged, finding.id)} Named by: {listed(tuple(named[finding.id]))}.",
            )
    for words, cells in _own_hinges(weighing).items():
        yield Point(
            "Your hinge",
            f"{sentence(words)} In your own words, so the engine cannot test it. "
            f"Named by: {listed(tuple(cells))}.",
        )
    for fact, effect in judged.flips.items():
        if fact not in named:
            yield Point(UNNAMED, f"{question_of(record, fact)} {_alone(effect)}")


def reading(judged: Judged) -> Iterator[Point]:
    """Yield how a position reads a board: verdict, what it makes of the cells, and of the aims."""
    yield Point("Verdict", judged.verdict())
    standings = locks.standings(judged.position)
    for bucket in dict.fromkeys(BUCKETS.values()):
        for standing in standings:
            if BUCKETS[standing.reach] == bucket:
                cells = _cells_of(judged, standing.principle)
                if cells:
                    name = doctrine.principle(standing.principle).name
                    here = _here(judged, standing)
                    yield Point(bucket, f"{name}, for {listed(cells)}. {standing.why}{here}")
    yield Point("Aims", locks.aims(judged.position))
    for purpose in dict.fromkeys(purpose for purpose, _, _ in judged.weighing.named()):
        said = _of_row(judged, purpose)
        if said:
            yield Point("Aims", f"{purpose.name}. {said}")


def on_record(finding: Finding, act: str, given: Given | None = None) -> str:
    """Return what the record says of a finding, how firmly, and what the student changed."""
    answer = given.record if given else finding.answer(act)
    sure = "" if finding.confidence == "high" else f", confidence: {finding.confidence}"
    said = f"(On the record: {_said(answer)}{sure}.)"
    return f"{said} {_own(given)}" if given else said


def _record(answer: Answer) -> str:
    return f"(On the record: {_said(answer)}.)"


def _said(answer: Answer) -> str:
    return f"{in_words(answer.value)}, {answer.why}" if answer.why else in_words(answer.value)


def _own(given: Given) -> str:
    own = given.own
    said = f"{in_words(own.value)}, {own.why}" if own.why else in_words(own.value)
    return f"Changed by you in the consent test: {said}."


def _named_hinges(weighing: Weighing) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for purpose, principle, entry in weighing.named():
        if entry.hinge and not entry.hinge.startswith(OWN):
            found.setdefault(entry.hinge, []).append(_cell(purpose, principle))
    return found


def _own_hinges(weighing: Weighing) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for purpose, principle, entry in weighing.named():
        words = own_words(entry.hinge)
        if entry.hinge.startswith(OWN) and words:
            found.setdefault(words, []).append(_cell(purpose, principle))
    return found


def _cell(purpose: doctrine.Purpose, principle: doctrine.Principle) -> str:
    return f"{quoted(purpose.name)} and {inline(principle.name)}"


def _effect(judged: Judged, fact: str) -> str:
    """Say what a finding does on the position: change the verdict, bear on it, or nothing."""
    if fact in judged.flips:
        return _alone(judged.flips[fact])
    if judged.asked(fact):
        return f"This view asks it, under {_names(judged.asked(fact))}. Alone it changes nothing."
    if judged.beside(fact):
        return (
            f"This view asks it beside the title, under {_names(judged.beside(fact))}: it changes "
            "no verdict."
        )
    return NEITHER if fact in inviter_facts() else "This view does not ask it."


@cache
def inviter_facts() -> tuple[str, ...]:
    """Return the findings for which some inviter test asks, in the order of the tests.

    Examples
    --------
    >>> "effective-control" in inviter_facts()
    True
    """
    asked = [
        fact
        for one in positions()
        if one.kind == "inviter test"
        for key in ("asks", "asks_none")
        for fact in _facts(one.flags[key])
    ]
    return tuple(dict.fromkeys(asked))


def _facts(flag: object) -> tuple[str, ...]:
    return flag if isinstance(flag, tuple) else (str(flag),)


def _alone(effect: str) -> str:
    return f"Alone it changes the verdict: {effect}."


def _names(steps: tuple[Step, ...]) -> str:
    return listed(tuple(f'"{element(step.element).name}"' for step in steps))


def _cells_of(judged: Judged, principle: str) -> tuple[str, ...]:
    return tuple(
        f"{quoted(purpose.name)} ({_stance(judged, purpose.id, norm.id, entry)})"
        for purpose, norm, entry in judged.weighing.named()
        if norm.id == principle
    )


def _stance(judged: Judged, purpose: str, principle: str, entry: Entry) -> str:
    """Return a stance, with a word where the course ties it to other views."""
    relation = doctrine.relation(purpose, principle)
    elsewhere = relation.positions and judged.position not in relation.positions
    if elsewhere and entry.stance == relation.stance:
        return f"{LABELS[entry.stance]}; the course's default, for other views"
    return LABELS[entry.stance]


def _here(judged: Judged, standing: locks.Standing) -> str:
    """Say how a principle that is a lock stands in this case; nothing for the others."""
    if standing.reach == "title":
        return f" Here {TITLES[judged.opinion.title]}."
    if not standing.lock:
        return ""
    opinion = judged.opinion
    steps = opinion.parallel
    if standing.reach != "beside":
        steps = (*opinion.steps, *steps)
    wanted = HERE.get(standing.principle, ())
    found = [outcome(step) for step in steps if step.element in wanted]
    return f" Here: {'; '.join(found)}." if found else ""


def _of_row(judged: Judged, purpose: doctrine.Purpose) -> str:
    """Say what a view that asks for aims makes of one purpose; nothing on the others."""
    said = locks.row(judged.position, purpose.id)
    if said or not locks.asks_aims(judged.position):
        return said
    examined = judged.examined
    for aim in examined.applied().aims:
        if aim.id == purpose.id:
            stood = aim.at(judged.weighing.act)
            values = [in_words(getattr(stood, aspect)) for aspect in ASPECTS]
            words = zip(AIM_WORDS, values, strict=True)
            return f"{'; '.join(f'{word}: {value}' for word, value in words)}."
    return "The record of this case does not have it among the aims that were stated."
