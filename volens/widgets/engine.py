"""What the browser needs to judge a case without a kernel: rules, answers and words.

The rules are those of :mod:`volens.reasoning.rules`, compiled for each position, inviter
test and aims rule; ``view/engine.js`` interprets them as the engine does in Python, and a
test compares the two. Parts that several rules share are kept once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from itertools import product
from typing import Any

from volens import cases, doctrine, evidence
from volens import positions as views
from volens.cases import Aim, Answer, Case, Finding
from volens.examining import ASPECTS
from volens.logic import Value
from volens.positions import OTHER_TITLES, Element, Position
from volens.reasoning import Standard
from volens.reasoning.judging import facts
from volens.reasoning.questions import question_of
from volens.reasoning.rules import VALUES, Fixed, Leaf, Plan, Rule, aim_fact, plan
from volens.reasoning.standards import MIXED_PURPOSES
from volens.references import how_far

__all__ = ["engine_content"]


def engine_content(case: Case | str) -> Mapping[str, Any]:
    """Return what ``engine.js`` reads, as plain data. It is shared: copy it before a change.

    Parameters
    ----------
    case
        The case, or its id.

    Returns
    -------
    ``acts``, ``positions``, ``tests``, ``elements``, ``authorities``, ``facts``, ``aims``,
    ``leftOut``, ``days``, ``rules`` and ``plans``. In ``rules`` a list stands for a rule whose
    other parts are numbers of rules: ``["fact", id, negated, required, presumed]``,
    ``["all", 1, 2]``, ``["any", 1, 2]`` or ``["fixed", value, why]``. A value is 0 (not met),
    1 (unclear), 2 (met), or none where the question does not arise.

    Raises
    ------
    UnknownCaseError
        If there is no such case.

    Examples
    --------
    >>> engine_content("mali-2013")["case"]
    'mali-2013'
    """
    if isinstance(case, str):
        return _of_data(case)
    stored = case.id in cases.case_ids() and cases.case(case.id) is case
    return _of_data(case.id) if stored else _content(case)


@cache
def _of_data(key: str) -> Mapping[str, Any]:
    return _content(cases.case(key))


def _content(case: Case) -> Mapping[str, Any]:
    of_kind = {kind: [one for one in views.positions() if one.kind == kind] for kind in views.KINDS}
    rules = _Rules()
    plans = {
        f"{view.id}|{test.id}|{mixed}": rules.add(plan(view, test, case.aims, mixed))
        for view, test, mixed in product(
            of_kind["position"], of_kind["inviter test"], MIXED_PURPOSES
        )
    }
    asked = {key for one in plans.values() for key, _ in (*one["consent"], *one["parallel"])}
    asked.add(OTHER_TITLES)
    elements = [one for one in views.elements() if one.id in asked]
    answers, _ = facts(case, Standard())
    found = {one.id for one in case.findings}
    aims = {aim_fact(aim.id, aspect) for aim in case.aims for aspect in ASPECTS}
    return {
        "case": case.id,
        "caseTitle": case.title,
        "acts": list(_acts(case)),
        "positions": [_position(one) for one in of_kind["position"]],
        "tests": [_position(one) for one in of_kind["inviter test"]],
        "elements": [_element(one) for one in elements],
        "names": {one.id: one.name for one in views.elements()},
        "authorities": {key: _authority(key) for one in elements for key in one.authorities},
        "facts": [_finding(one) for one in case.findings],
        "leftOut": [
            {"id": key, "question": question_of(case, key)}
            for key in answers
            if key not in found | aims
        ],
        "aims": [_aim(case, one) for one in case.aims],
        "days": list(_days(case)),
        "rules": rules.all,
        "plans": plans,
    }


class _Rules:
    """The rules of all plans, each part once, with its number."""

    def __init__(self) -> None:
        self.all: list[list[Any]] = []
        self._numbers: dict[Rule, int] = {}

    def add(self, asked: Plan) -> dict[str, Any]:
        """Return a plan in which each rule is a number."""
        return {
            "consent": [[key, self._number(rule)] for key, rule in asked.consent.items()],
            "other": self._number(asked.other_titles),
            "parallel": [[key, self._number(rule)] for key, rule in asked.parallel.items()],
        }

    def _number(self, rule: Rule) -> int:
        if rule not in self._numbers:
            written = self._written(rule)  # its parts get their numbers first
            self._numbers[rule] = len(self.all)
            self.all.append(written)
        return self._numbers[rule]

    def _written(self, rule: Rule) -> list[Any]:
        if isinstance(rule, Leaf):
            marks = (rule.negated, rule.required, rule.presumed)
            return ["fact", rule.fact, *(int(mark) for mark in marks)]
        if isinstance(rule, Fixed):
            return ["fixed", rule.value, rule.why]
        return ["any" if rule.any else "all", *(self._number(part) for part in rule.parts)]


def _acts(case: Case) -> Iterator[dict[str, str]]:
    """Return the acts, and last what they share, each with its first day."""
    for act in case.acts:
        yield {"id": act.id, "name": act.name, "what": act.what, "begins": _begins(act.period)}
    yield {
        "id": "",
        "name": "what all its acts have in common",
        "what": "No act by itself, but what holds for all of them.",
        "begins": _begins(case.period),
    }


def _begins(period: str) -> str:
    """Return the first day of a period of which perhaps only the month or the year is known."""
    begins = period.split("/", maxsplit=1)[0]
    return begins + "-01" * (2 - begins.count("-"))


def _position(one: Position) -> dict[str, Any]:
    return {
        "id": one.id,
        "ref": one.ref,
        "name": one.name,
        "short": one.short_name,
        "thesis": one.thesis,
        "test": str(one.flags.get("default_inviter_test", "")),
        "purpose": int(bool(one.flags.get("purpose_test"))),
        "reasons": dict(one.reasons),
        "means": dict(one.met_means),
    }


def _element(one: Element) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "question": one.question,
        "means": one.met_means,
        "authorities": list(one.authorities),
    }


def _authority(key: str) -> dict[str, str]:
    row = evidence.row("authorities", key)
    return {
        "label": f"{row.instrument}, {row.provision}",
        "says": row.says,
        "read": how_far(row),
    }


def _number(value: Value | None) -> int | None:
    return None if value is None else VALUES.index(value)


def _answer(one: Answer) -> list[Any]:
    return [_number(one.value), one.why, one.note]


def _finding(one: Finding) -> dict[str, Any]:
    return {
        "id": one.id,
        "question": one.question,
        "answer": _answer(one.answer()),
        "byAct": {act: _answer(answer) for act, answer in one.by_act.items()},
        "known": [[known.until.isoformat(), _answer(known.answer)] for known in one.known],
        "contested": one.contested_by,
        "confidence": one.confidence,
    }


def _aim(case: Case, aim: Aim) -> dict[str, Any]:
    return {
        "id": aim.id,
        "name": doctrine.purpose(aim.id).name,
        "questions": [question_of(case, aim_fact(aim.id, aspect)) for aspect in ASPECTS],
        "stood": _stood(aim),
        "byAct": {act: _stood(stood) for act, stood in aim.by_act.items()},
        "known": [[until.isoformat(), _stood(stood)] for until, stood in aim.known],
        "confidence": aim.confidence,
    }


def _stood(aim: Aim) -> list[Any]:
    return [*(_number(getattr(aim, aspect)) for aspect in ASPECTS), aim.why, aim.note]


def _days(case: Case) -> Iterator[str]:
    """Return the day before anything changed, and each day on which more became known."""
    changes = {
        *(known.until for one in case.findings for known in one.known),
        *(until for aim in case.aims for until, _ in aim.known),
    }
    days: list[date] = sorted(changes)
    for day in [days[0] - timedelta(days=1), *days] if days else ():
        yield day.isoformat()
