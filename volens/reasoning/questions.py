"""Facts as the questions that they answer: findings, and what is asked of each aim."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from volens import doctrine
from volens.cases import Answer, Case
from volens.logic import MET, NOT_MET, UNCLEAR, Value
from volens.reasoning.rules import aim_fact

__all__ = ["ASPECTS", "OF_AIMS", "answer_in_words", "question_of", "said_of"]

#: How a sentence says each aspect of an aim.
ASPECTS: Mapping[str, str] = MappingProxyType(
    {"stated": "stated", "viable": "borne out", "pursued": "pursued"}
)
#: What is asked of an aim, by the aspect of it.
OF_AIMS: Mapping[str, str] = MappingProxyType(
    {
        "stated": 'Was the aim "{}" stated?',
        "viable": 'Does evidence bear out the aim "{}"?',
        "pursued": 'Did what was done serve the aim "{}"?',
    }
)

_ANSWERS: Mapping[Value | None, str] = MappingProxyType(
    {MET: "yes", NOT_MET: "no", UNCLEAR: "unclear", None: "does not apply"}
)


def answer_in_words(value: Value | None) -> str:
    """Return what a question of fact is answered: elements are met, but a question has a yes.

    Parameters
    ----------
    value
        The value of a finding; none where the question does not arise.

    Examples
    --------
    >>> from volens.logic import NOT_MET
    >>> answer_in_words(NOT_MET), answer_in_words(None)
    ('no', 'does not apply')
    """
    return _ANSWERS[value]


def said_of(answer: Answer) -> str:
    """Return the answer to a question of fact in words, and why it is so.

    Parameters
    ----------
    answer
        What the record, or a student, says.

    Examples
    --------
    >>> from volens.logic import UNCLEAR
    >>> said_of(Answer(UNCLEAR, "no evidence", ""))
    'unclear, no evidence'
    """
    said = answer_in_words(answer.value)
    return f"{said}, {answer.why}" if answer.why else said


def question_of(case: Case, fact: str) -> str:
    """Return a fact as the question that it answers.

    Parameters
    ----------
    case
        The case.
    fact
        The id of a finding, or what is found of an aim. A fact on which the case has no
        finding is named as such.

    Examples
    --------
    >>> from volens import cases
    >>> question_of(cases.case("mali-2013"), aim_fact("counter-terrorism", "stated"))
    'Was the aim "Counter terrorism" stated?'
    """
    for one in case.findings:
        if one.id == fact:
            return one.question
    for aim in case.aims:
        for aspect, question in OF_AIMS.items():
            if aim_fact(aim.id, aspect) == fact:
                return question.format(doctrine.purpose(aim.id).name)
    return f'"{fact.replace("-", " ")}" (no finding).'
