"""The words that every form of an opinion shares."""

from __future__ import annotations

from collections.abc import Mapping

from volens import positions as views
from volens.cases import Answer, Case
from volens.logic import MET, NOT_MET, UNCLEAR, Value
from volens.reasoning.judging import Opinion, Step

__all__ = [
    "MET_MEANS",
    "SIGNS",
    "STIPULATED",
    "TITLES",
    "as_line",
    "asks_purpose",
    "first_line",
    "in_order",
    "in_words",
    "named",
    "outcome",
    "said_of",
    "subject",
]

#: A sign for each value; it stands before the word and never alone.
SIGNS: Mapping[Value | None, str] = {MET: "✓", NOT_MET: "✗", UNCLEAR: "?", None: "\N{EN DASH}"}
#: How far a verdict reaches.
STIPULATED = "The verdict holds on this position as stipulated here, and on no other."
#: How "met" is to be read.
MET_MEANS = '"Met" favours the intervener: of a limit it says that there is no obstacle.'
#: A sentence for each title that an opinion can find.
TITLES: Mapping[str, str] = {
    "consent": "The title is consent.",
    "other title": "The title is another than consent.",
    "none": "There is no title.",
    "open": "Whether there is a title is open.",
}


def in_words(value: Value | None) -> str:
    """Return a value in words.

    Examples
    --------
    >>> in_words(UNCLEAR), in_words(None)
    ('unclear', 'does not apply')
    """
    return "does not apply" if value is None else value.value


def said_of(answer: Answer) -> str:
    """Return an answer in words, and why it is so."""
    value = in_words(answer.value)
    return f"{value}, {answer.why}" if answer.why else value


def subject(record: Case, act: str | None) -> str:
    """Return what is judged: a case, one act of it, or what its acts share."""
    if act:
        return f"{record.title}, {record.act(act).name}"
    return f"{record.title}, what its acts share" if record.acts else record.title


def named(key: str) -> str:
    """Return a position by its name and its short reference."""
    one = views.position(key)
    return f'"{one.name}" ({one.ref})'


def asks_purpose(opinion: Opinion) -> bool:
    """Return whether the position of an opinion asks for the aims."""
    return bool(views.position(opinion.position).flags["purpose_test"])


def first_line(opinion: Opinion, record: Case) -> str:
    """Return what is judged, how, and the verdict."""
    settings = opinion.standard.in_words(purpose=asks_purpose(opinion))
    return (
        f"{subject(record, opinion.act)}. On {named(opinion.position)}, with "
        f"{named(opinion.inviter_test)} as inviter test, {settings}: {opinion.verdict}."
    )


def outcome(step: Step) -> str:
    """Return the value of an element, why it is unclear, and what settled it."""
    value = in_words(step.value)
    if step.settled_by:
        return f"{value} by a {step.settled_by}; {in_words(step.found)} on the record, {step.why}"
    return f"{value}, {step.why}" if step.why else value


def as_line(step: Step) -> str:
    """Return a step as one line."""
    return f"{views.element(step.element).name}: {outcome(step)}. {step.reason}"


def in_order(keys: frozenset[str]) -> list[str]:
    """Return elements in the order in which they are asked."""
    return [one.id for one in views.elements() if one.id in keys]
