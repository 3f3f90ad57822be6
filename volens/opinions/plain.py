"""An opinion as data."""

from __future__ import annotations

from typing import Any

from volens import positions as views
from volens.opinions.showing import Readable, Shown
from volens.opinions.words import in_order, in_words
from volens.reasoning.judging import Step

__all__ = ["as_data"]


def as_data(opinion: Readable) -> dict[str, Any]:
    """Return an opinion as plain lists, dictionaries and text, as JSON holds them.

    Examples
    --------
    >>> from volens.opinions import assess
    >>> as_data(assess("mali-2013", "S1"))["inviter_test"]
    'incumbency'
    """
    judged = opinion.opinion if isinstance(opinion, Shown) else opinion
    known_on = judged.standard.known_on
    return {
        "verdict": judged.verdict,
        "title": judged.title,
        "steps": [_step_as_data(step) for step in judged.steps],
        "decisive": [in_order(keys) for keys in judged.decisive],
        "open": list(judged.open),
        "parallel": [_step_as_data(step) for step in judged.parallel],
        "later": list(judged.later),
        "case": judged.case,
        "act": judged.act,
        "position": judged.position,
        "inviter_test": judged.inviter_test,
        "standard": {
            "burden": judged.standard.burden,
            "mixed_purposes": judged.standard.mixed_purposes,
            "known_on": known_on.isoformat() if known_on else None,
            "legal_test": judged.standard.legal_test,
            "presumptions": list(judged.standard.presumptions),
        },
    }


def _step_as_data(step: Step) -> dict[str, Any]:
    return {
        "element": step.element,
        "name": views.element(step.element).name,
        "value": in_words(step.value),
        "found": in_words(step.found),
        "settled_by": step.settled_by,
        "why": step.why,
        "findings": list(step.findings),
        "authorities": list(step.authorities),
        "reason": step.reason,
    }
