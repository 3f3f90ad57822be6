"""A board's case as the engine judges it on a position, with a student's own findings in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

from volens.cases import case
from volens.errors import ExaminationError, WeighingError
from volens.examining import Examination, Given
from volens.logic import NOT_MET, UNCLEAR
from volens.positions import element, position
from volens.reasoning import Opinion, Standard
from volens.reasoning.judging import Step
from volens.weighing.board import Weighing
from volens.weighing.cells import in_words
from volens.weighing.locks import asks_aims, called

__all__ = [
    "AJAR",
    "GATE",
    "SHARED_ACTS",
    "SHUT",
    "SIGNS",
    "TITLES",
    "Judged",
    "acts",
    "outcome",
    "settings",
]

#: The role of the elements that ask for consent itself.
GATE = "gate"
#: What a title that the engine finds says in a sentence.
TITLES: Mapping[str, str] = MappingProxyType(
    {
        "consent": "consent is a title",
        "other title": "a title other than consent is made out",
        "none": "there is no title",
        "open": "whether there is a title is undecided",
    }
)
#: What follows where one gate is not met or several are, and where one is undecided or several.
SHUT = tuple(
    f"{many} not met, so consent is not a title here (a legal ground for the act). "
    "Your cells do not repair that."
    for many in ("One of these is", "Some of these are")
)
AJAR = tuple(
    f"{many} undecided, so whether consent is a title here (a legal ground for the act) is "
    "undecided. Your cells do not settle that."
    for many in ("One of these is", "Some of these are")
)
#: The sign that stands before the word of a gate.
SIGNS: Mapping[str, str] = MappingProxyType(
    {
        "met": "\N{CHECK MARK}",
        "unclear": "?",
        "not met": "\N{BALLOT X}",
        "does not apply": "\N{WHITE CIRCLE}",
    }
)
#: What is judged where no act is chosen.
SHARED_ACTS = "what all its acts have in common"


@dataclass(frozen=True)
class Judged:
    """What the engine makes of a board's case on one position.

    Attributes
    ----------
    weighing
        The board: its case, act and inviter test count, and none of its cells.
    position
        The id of the position.
    findings
        The student's own findings, as the consent test holds them: act, or ``shared``, to
        finding to ``value``, ``why`` and ``evidence``.

    Raises
    ------
    WeighingError
        If the findings are not of that form.
    """

    weighing: Weighing
    position: str
    findings: Mapping[str, Any]

    @cached_property
    def examined(self) -> Examination:
        """The case with the student's own findings for the act."""
        data = {
            "act": self.weighing.act,
            "position": self.position,
            "inviter_test": self.weighing.inviter_test,
            "findings": self.findings,
        }
        try:
            return Examination.from_data(case(self.weighing.case), data)
        except ExaminationError as error:
            raise WeighingError(f"The findings of the consent test: {error}") from None

    @cached_property
    def opinion(self) -> Opinion:
        """The opinion, with the student's own findings in it."""
        return self.examined.opinion()

    @cached_property
    def flips(self) -> Mapping[str, str]:
        """Finding to what becomes of the verdict if it alone were answered otherwise."""
        found: dict[str, list[str]] = {}
        for flip in self.examined.pivotal():
            ((fact, value),) = flip.changes
            found.setdefault(fact, []).append(f"if {in_words(value)}, {flip.verdict}")
        return {fact: "; ".join(said) for fact, said in found.items()}

    @property
    def given(self) -> tuple[Given, ...]:
        """The questions that the student answered in the consent test, for this act."""
        return self.examined.given()

    def verdict(self) -> str:
        """Return the verdict, and how it was reached, as one sentence."""
        judged = self.opinion
        test = called(position(judged.inviter_test))
        own = "; with your own findings" if self.given else ""
        return (
            f"{judged.verdict} ({TITLES[judged.title]}), on this view as stipulated here; "
            f"judged: {acts(self.weighing)}; "
            f"who may invite: {test}; {settings(self.position)}{own}."
        )

    def gates(self) -> tuple[str, ...]:
        """Return what the engine finds of consent, gate by gate, each with its sign."""
        return tuple(_gate(step) for step in self._gates())

    def after_gates(self) -> str:
        """Return what follows from the gates, and what no cell can do; empty where all are met."""
        values = [step.value for step in self._gates()]
        for value, said in ((NOT_MET, SHUT), (UNCLEAR, AJAR)):
            if value in values:
                return said[values.count(value) > 1]
        return ""

    def _gates(self) -> tuple[Step, ...]:
        return tuple(step for step in self.opinion.steps if element(step.element).role == GATE)

    def asked(self, fact: str) -> tuple[Step, ...]:
        """Return the steps of the walk that look at a finding; none where none does."""
        return tuple(step for step in self.opinion.steps if fact in step.findings)

    def beside(self, fact: str) -> tuple[Step, ...]:
        """Return the steps beside the title that look at a finding."""
        return tuple(step for step in self.opinion.parallel if fact in step.findings)


def acts(weighing: Weighing) -> str:
    """Return what is judged: an act of the case, or what all its acts have in common.

    Examples
    --------
    >>> acts(Weighing("kazakhstan-2022"))
    'what all its acts have in common'
    """
    return case(weighing.case).act(weighing.act).name if weighing.act else SHARED_ACTS


def settings(key: str) -> str:
    """Return the settings under which a board is judged, as a phrase.

    Parameters
    ----------
    key
        The id of the position: only one that asks for aims has a rule for several aims.

    Examples
    --------
    >>> settings("free-consent")
    'no burden rule, all that is known'
    """
    return Standard().in_words(purpose=asks_aims(key))


def outcome(step: Step) -> str:
    """Return a step in short: the name of its element, its value, and why it is unclear."""
    return f"{element(step.element).name}: {_word(step)}{_remarks(step)}"


def _gate(step: Step) -> str:
    return f"{SIGNS[_word(step)]} {_word(step)}{_remarks(step)}: {element(step.element).name}"


def _word(step: Step) -> str:
    return "does not apply" if step.value is None else step.value.value


def _remarks(step: Step) -> str:
    why = f", {step.why}" if step.value is UNCLEAR else ""
    return f"{why}, presumed" if step.settled_by == "presumption" else why
