"""What a position asks, as nested rules over findings; and how a rule is answered.

Answers are 0 (not met), 1 (unclear), 2 (met), or none where no finding applies.
They combine by Kleene's strong rules, as in :mod:`volens.logic`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import TypeAlias

from volens import doctrine
from volens.cases import DISPUTED, Aim, Answer
from volens.logic import MET, NOT_MET, UNCLEAR
from volens.positions import OTHER_TITLES, Clause, Position, element, elements

__all__ = [
    "VALUES",
    "Fixed",
    "Group",
    "Leaf",
    "Plan",
    "Rule",
    "aim_fact",
    "answer",
    "coded",
    "deciding",
    "facts_of",
    "open_for_good",
    "plan",
]

#: The answers in the order of their numbers: 0, 1, 2.
VALUES = (NOT_MET, UNCLEAR, MET)
_NOT_MET, _UNCLEAR, _MET = range(len(VALUES))
_OFFICE = "requester-head-of-state"
_PURPOSE = "self-determination-and-purpose"


@dataclass(frozen=True)
class Leaf:
    """A finding that must be met, or, negated, may not be.

    Attributes
    ----------
    fact, negated
        The finding, and whether its opposite is asked.
    required
        Whether it counts as not met where it does not apply. Otherwise it is left out.
    presumed
        Whether it counts as met until the contrary is shown.
    """

    fact: str
    negated: bool = False
    required: bool = False
    presumed: bool = False


@dataclass(frozen=True)
class Group:
    """Several rules: all of them, or any of them."""

    parts: tuple[Rule, ...]
    any: bool = False


@dataclass(frozen=True)
class Fixed:
    """A rule whose answer no finding changes.

    Attributes
    ----------
    value
        The answer.
    why
        Why it is unclear, for one that is.
    """

    value: int
    why: str = "no evidence"


Rule: TypeAlias = Leaf | Group | Fixed


@dataclass(frozen=True)
class Plan:
    """What is asked on a position.

    Attributes
    ----------
    consent
        Element to its rule: each must be met, or consent is no title.
    other_titles
        The rule for a title that is not consent.
    parallel
        Element to its rule: reported beside the title.
    """

    consent: Mapping[str, Rule]
    other_titles: Rule
    parallel: Mapping[str, Rule]


def coded(answers: Mapping[str, Answer]) -> dict[str, int | None]:
    """Return answers as numbers, as :func:`answer` reads them: 0, 1, 2, or none."""
    return {
        fact: None if one.value is None else VALUES.index(one.value)
        for fact, one in answers.items()
    }


def answer(rule: Rule, facts: Mapping[str, int | None], *, presume: bool = True) -> int | None:
    """Answer a rule.

    Parameters
    ----------
    rule
        What is asked.
    facts
        Finding to 0, 1 or 2, or none where it does not apply. A finding that is not
        there counts as unclear.
    presume
        Whether what is presumed counts as met while it is unclear.
    """
    if isinstance(rule, Leaf):
        value = facts.get(rule.fact, _UNCLEAR)
        if value is None:
            return _NOT_MET if rule.required else None
        if value == _UNCLEAR and rule.presumed and presume:
            return _MET
        return _MET - value if rule.negated else value
    if isinstance(rule, Fixed):
        return rule.value
    values = [
        value for part in rule.parts if (value := answer(part, facts, presume=presume)) is not None
    ]
    if not values:
        return None
    return max(values) if rule.any else min(values)


def deciding(rule: Rule, facts: Mapping[str, int | None], number: int | None) -> tuple[str, ...]:
    """Return the findings that by themselves have the answer that the rule has.

    Examples
    --------
    >>> deciding(Group((Leaf("a"), Leaf("b", negated=True))), {"a": 2, "b": 2}, 0)
    ('b',)
    """
    if isinstance(rule, Fixed):
        return ()
    if isinstance(rule, Leaf):
        return (rule.fact,) if answer(rule, facts, presume=False) == number else ()
    found = [fact for part in rule.parts for fact in deciding(part, facts, number)]
    return tuple(dict.fromkeys(found))


@cache
def open_for_good(rule: Rule) -> str:
    """Return why a part of a rule stays open whatever is found; empty where none does."""
    if isinstance(rule, Fixed):
        return rule.why if rule.value == _UNCLEAR else ""
    if isinstance(rule, Group):
        return next((why for part in rule.parts if (why := open_for_good(part))), "")
    return ""


@cache
def facts_of(rule: Rule) -> frozenset[str]:
    """Return the findings that a rule looks at."""
    if isinstance(rule, Leaf):
        return frozenset({rule.fact})
    if isinstance(rule, Fixed):
        return frozenset()
    return frozenset().union(*(facts_of(part) for part in rule.parts))


def aim_fact(aim: str, aspect: str) -> str:
    """Name what is found of an aim: ``stated``, ``viable`` or ``pursued``.

    Examples
    --------
    >>> aim_fact("protect-infrastructure", "viable")
    'aim protect-infrastructure viable'
    """
    return f"aim {aim} {aspect}"


def plan(position: Position, inviter: Position, aims: tuple[Aim, ...], mixed: str) -> Plan:
    """Return what is asked on a position with an inviter test.

    Parameters
    ----------
    position, inviter
        Of the kinds ``position`` and ``inviter test``.
    aims
        What the case was said to be for.
    mixed
        Which of several aims must hold.
    """
    flags = position.flags
    consent: dict[str, Rule] = {
        one.id: _from_clauses(one.met_if)
        for one in elements()
        if one.role in ("attribution", "gate", "internal law") and one.met_if
    }
    consent["authority-to-invite"] = _inviter(inviter)
    _add_treaty(consent, position)
    if flags["limit_threshold"] != "none":
        consent["civil-war-limit"] = _not(_trigger(str(flags["limit_threshold"])))
    if flags["purpose_test"]:
        consent[_PURPOSE] = _purpose(position, aims, mixed)
    consent["overriding-norms"] = _from_clauses(element("overriding-norms").met_if)
    parallel = {
        key: _from_clauses(element(key).met_if) for key in ("conduct-of-forces", "complicity")
    }
    if flags["human_rights_bar"]:
        asked = flags["human_rights_asks"]
        bar = [Leaf(fact, negated=True) for fact in (asked if isinstance(asked, tuple) else ())]
        purpose = [consent[_PURPOSE]] if _PURPOSE in consent else []
        consent[_PURPOSE] = _all([*purpose, *bar])
    other = _required(_from_clauses(element(OTHER_TITLES).met_if))
    return Plan(
        consent={one.id: consent[one.id] for one in elements() if one.id in consent},
        # What overrides consent overrides every other title too.
        other_titles=_all([other, consent["overriding-norms"]]),
        parallel=parallel,
    )


def _all(rules: Iterable[Rule]) -> Rule:
    parts = tuple(rules)
    return parts[0] if len(parts) == 1 else Group(parts)


def _any(rules: Iterable[Rule]) -> Rule:
    parts = tuple(rules)
    return parts[0] if len(parts) == 1 else Group(parts, any=True)


def _not(rule: Rule) -> Rule:
    if isinstance(rule, Leaf):
        return replace(rule, negated=not rule.negated)
    if isinstance(rule, Fixed):
        return Fixed(_MET - rule.value)
    return Group(tuple(_not(part) for part in rule.parts), any=not rule.any)


def _required(rule: Rule) -> Rule:
    """Ask for every part: a title is not made out by leaving out what does not apply."""
    if isinstance(rule, Leaf):
        return replace(rule, required=True)
    if isinstance(rule, Group):
        return replace(rule, parts=tuple(_required(part) for part in rule.parts))
    return rule


def _from_clauses(clauses: tuple[Clause, ...]) -> Rule:
    return _any(
        _all(
            [
                *(Leaf(fact) for fact in clause.all),
                *(Leaf(fact, negated=True) for fact in clause.none),
            ]
        )
        for clause in clauses
    )


def _inviter(test: Position) -> Rule:
    """Return the rule of an inviter test.

    A presumption helps the government in office, so that the office itself is not presumed.
    """
    asks, none = test.flags["asks"], test.flags["asks_none"]
    presumed = bool(test.flags["presumption_for_incumbent"])
    return _all(
        [
            *(
                Leaf(fact, presumed=presumed and fact != _OFFICE)
                for fact in (asks if isinstance(asks, tuple) else ())
            ),
            *(
                Leaf(fact, negated=True, presumed=presumed)
                for fact in (none if isinstance(none, tuple) else ())
            ),
        ]
    )


def _add_treaty(consent: dict[str, Rule], position: Position) -> None:
    """Let an earlier treaty stand in for a request, where the position lets it."""
    if position.flags["treaty_rule"] != "suffices":
        return
    treaty = _from_clauses(element("treaty-consent").met_if)
    replaced = ["existence", "timing"]
    if not position.flags["advance_consent_revocable"]:
        replaced.append("continuity")
    for key in replaced:
        consent[key] = _any([consent[key], treaty])


def _trigger(threshold: str) -> Rule:
    """Return the rule for having reached a threshold of unrest."""
    facts = {
        "political contest": ("political-order-at-stake",),
        "armed conflict": ("organised-armed-group",),
        "civil war": ("organised-armed-group", "political-order-at-stake"),
    }[threshold]
    return _all(Leaf(fact) for fact in facts)


def _purpose(position: Position, aims: tuple[Aim, ...], mixed: str) -> Rule:
    tested = _aims(aims, mixed)
    start = str(position.flags["purpose_from"])
    return tested if start == "always" else _any([_not(_trigger(start)), tested])


def _aims(aims: tuple[Aim, ...], mixed: str) -> Rule:
    counted = [aim for aim in aims if doctrine.purpose(aim.id).counts_as_aim != "no"]
    forbidden = [aim for aim in aims if not doctrine.purpose(aim.id).avowed]
    if not counted and not forbidden:
        return Fixed(_UNCLEAR)
    if mixed == "predominant":
        chosen = [aim for aim in (*counted, *forbidden) if aim.predominant]
        return _borne_out(chosen[0]) if chosen else Fixed(_UNCLEAR)
    if mixed == "any":
        return _any(_borne_out(aim) for aim in (*counted, *forbidden))
    return _all(
        _any([Leaf(aim_fact(aim.id, "stated"), negated=True), _borne_out(aim)])
        for aim in (*counted, *forbidden)
    )


def _borne_out(aim: Aim) -> Rule:
    """Return the rule for a distinct aim that is stated, viable and pursued."""
    purpose = doctrine.purpose(aim.id)
    if not purpose.avowed:
        return Fixed(_NOT_MET)  # to decide an internal contest is the aim that the view bars
    facts = [Leaf(aim_fact(aim.id, aspect)) for aspect in ("stated", "viable", "pursued")]
    distinct = [Fixed(_UNCLEAR, DISPUTED)] if purpose.counts_as_aim == "disputed" else []
    return _all([*facts, *distinct])
