"""The words that every form of an opinion shares."""

from __future__ import annotations

from collections.abc import Mapping

from volens import positions as views
from volens.cases import Case
from volens.logic import MET, NOT_MET, UNCLEAR, Value
from volens.reasoning import Flip
from volens.reasoning.judging import LAWFUL, UNDETERMINED, Opinion, Step, verdict

__all__ = [
    "BESIDE",
    "BESIDE_MEANS",
    "FROM_BURDEN",
    "IF_SHOWN",
    "MET_MEANS",
    "SIGNS",
    "STIPULATED",
    "TITLES",
    "TITLE_MEANS",
    "as_line",
    "asks_purpose",
    "first_line",
    "follows_from_burden",
    "in_order",
    "in_words",
    "inside",
    "named",
    "outcome",
    "subject",
    "verdict_of",
]

#: A sign for each value; it stands before the word and never alone.
SIGNS: Mapping[Value | None, str] = {MET: "✓", NOT_MET: "✗", UNCLEAR: "?", None: "\N{EN DASH}"}
#: How far a verdict reaches.
STIPULATED = "The verdict holds on this position as stipulated here, and on no other."
#: How "met" is to be read.
MET_MEANS = '"Met" favours the intervener: of a limit it says that there is no obstacle.'
#: What a title is, for who has not met the word.
TITLE_MEANS = "A title is a legal ground for the act."
#: The heading over the elements that stand beside the walk, and what it means.
BESIDE = "Beside it, never set off against the title"
BESIDE_MEANS = "Separate questions: they do not change the verdict above."
#: Said after a verdict that no finding gives without the burden.
FROM_BURDEN = "This follows from the burden, not from a finding that the facts were so."
#: A verdict that one fact of another title gives.
IF_SHOWN = "lawful, if the other elements of that title are shown too"
#: A sentence for each title that an opinion can find.
TITLES: Mapping[str, str] = {
    "consent": "The title is consent.",
    "other title": "The title is another than consent.",
    "none": "No title was made out under these settings.",
    "open": "Whether there is a title is open.",
}


def in_words(value: Value | None) -> str:
    """Return the value of an element in words: met, not met, unclear, does not apply.

    A question of fact is answered instead:
    :func:`volens.reasoning.questions.answer_in_words`.

    Examples
    --------
    >>> in_words(UNCLEAR), in_words(None)
    ('unclear', 'does not apply')
    """
    return "does not apply" if value is None else value.value


def subject(record: Case, act: str | None) -> str:
    """Return what is judged: a case, one act of it, or what all its acts have in common."""
    if act:
        return f"{record.title}, {inside(record.act(act).name)}"
    return f"{record.title}, what all its acts have in common" if record.acts else record.title


def inside(name: str) -> str:
    """Return a name as it stands inside a sentence.

    Examples
    --------
    >>> inside("The Russian deployment")
    'the Russian deployment'
    """
    return f"the {name.removeprefix('The ')}" if name.startswith("The ") else name


def named(key: str) -> str:
    """Return a position by its name and its short reference."""
    one = views.position(key)
    return f'"{one.name}" ({one.ref})'


def asks_purpose(opinion: Opinion) -> bool:
    """Return whether the position of an opinion asks for the aims."""
    return bool(views.position(opinion.position).flags["purpose_test"])


def first_line(opinion: Opinion, record: Case) -> str:
    """Return what is judged, how, the verdict, and whether it follows from the burden."""
    burden = f" {FROM_BURDEN}" if follows_from_burden(opinion) else ""
    settings = opinion.standard.in_words(purpose=asks_purpose(opinion))
    return (
        f"{subject(record, opinion.act)}. On {named(opinion.position)}, with "
        f"{named(opinion.inviter_test)} as inviter test, {settings}: {opinion.verdict}.{burden}"
    )


def follows_from_burden(opinion: Opinion) -> bool:
    """Return whether there is a verdict that the findings do not give without the burden."""
    *consent, other = (
        step.found if step.settled_by == "burden" else step.value for step in opinion.steps
    )
    return opinion.verdict not in (UNDETERMINED, verdict(consent, other)[0])


def verdict_of(opinion: Opinion, flip: Flip) -> str:
    """Return the verdict that a change of facts would give.

    Where a fact is one that only another title asks for, a single step stands for a title of
    which the engine does not ask every element.

    Parameters
    ----------
    opinion
        The opinion before the change.
    flip
        The change.
    """
    *consent, other = opinion.steps
    alone = set(other.findings).difference(*(step.findings for step in consent))
    through_other = flip.verdict == LAWFUL and any(fact in alone for fact, _ in flip.changes)
    return IF_SHOWN if through_other else flip.verdict


def outcome(step: Step, sure: str) -> str:
    """Return the value of an element, why it is unclear, what settled it, and how sure that is.

    Parameters
    ----------
    step
        The step.
    sure
        The lowest confidence among the findings that decide it; empty where it is not said.
    """
    value, confidence = in_words(step.value), f", confidence: {sure}" if sure else ""
    if step.settled_by:
        found = f"{in_words(step.found)} on the record, {step.why}"
        return f"{value} by a {step.settled_by}; {found}{confidence}"
    return f"{value}, {step.why}{confidence}" if step.why else f"{value}{confidence}"


def as_line(step: Step, sure: str) -> str:
    """Return a step as one line; ``sure`` is as for :func:`outcome`."""
    return f"{views.element(step.element).name}: {outcome(step, sure)}. {step.reason}"


def in_order(keys: frozenset[str]) -> list[str]:
    """Return elements in the order in which they are asked."""
    return [one.id for one in views.elements() if one.id in keys]
