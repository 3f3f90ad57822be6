"""Facts as the questions that they answer: findings, and what is asked of each aim."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from volens import doctrine
from volens.cases import Case
from volens.reasoning.rules import aim_fact

__all__ = ["OF_AIMS", "question_of"]

#: What is asked of an aim, by the aspect of it.
OF_AIMS: Mapping[str, str] = MappingProxyType(
    {
        "stated": 'Was the aim "{}" stated?',
        "viable": 'Does evidence bear out the aim "{}"?',
        "pursued": 'Did what was done serve the aim "{}"?',
    }
)


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
