"""Which facts would change the answer, alone or two together; and whether like is judged alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, product
from typing import NamedTuple, TypeAlias

from volens import cases
from volens import positions as views
from volens.cases import DISPUTED, Answer, Case
from volens.errors import ReasoningError
from volens.logic import UNCLEAR, Value
from volens.positions import OTHER_TITLES, Position
from volens.reasoning.judging import (
    LAWFUL,
    UNDETERMINED,
    UNLAWFUL,
    Opinion,
    assess,
    facts,
    positions_of,
)
from volens.reasoning.rules import VALUES, Plan, Rule, answer, coded, facts_of, open_for_good, plan
from volens.reasoning.standards import BURDENS, MIXED_PURPOSES, Standard

__all__ = ["Difference", "Flip", "Sensitivity", "pivotal", "sensitivity", "symmetry"]

_PAIR = 2

Change: TypeAlias = tuple[str, int]


class Flip(NamedTuple):
    """A change of one finding, or of two together, and the verdict that it gives.

    Attributes
    ----------
    changes
        Finding and the value it would have. What is found of an aim is called
        ``aim <purpose> <stated, viable or pursued>``.
    verdict
        The verdict then.
    """

    changes: tuple[tuple[str, Value], ...]
    verdict: str


@dataclass(frozen=True)
class Sensitivity:
    """The verdict of one position under one setting, and what would change it.

    Attributes
    ----------
    position, inviter_test, burden, mixed_purposes
        The setting.
    verdict
        The verdict.
    alone
        Single findings that change it.
    together
        Pairs that change it although neither does alone.
    """

    position: str
    inviter_test: str
    burden: str
    mixed_purposes: str
    verdict: str
    alone: tuple[Flip, ...]
    together: tuple[Flip, ...]


@dataclass(frozen=True)
class Difference:
    """How one position judges two cases.

    Attributes
    ----------
    position
        Its id.
    first, second
        The two verdicts.
    findings
        Findings that the position looks at and that differ, with both values.
    why
        In words.
    """

    position: str
    first: str
    second: str
    findings: tuple[tuple[str, Value | None, Value | None], ...]
    why: str


def pivotal(
    case: Case | str,
    position: Position | str,
    standard: Standard | None = None,
    *,
    order: int = 1,
    act: str | None = None,
    inviter_test: Position | str | None = None,
) -> tuple[Flip, ...]:
    """Return the facts, or the pairs of facts, that would change the verdict.

    Parameters
    ----------
    case, position, standard, act, inviter_test
        As for :func:`volens.reasoning.assess`.
    order
        1 for single findings, 2 for pairs of which neither does it alone.

    Raises
    ------
    ReasoningError
        If the order is neither 1 nor 2.

    Examples
    --------
    >>> flips = pivotal("congo-1998", "free-consent", act="with-consent")
    >>> {flip.verdict for flip in flips} == {"unlawful"}
    True
    """
    if order not in (1, _PAIR):
        raise ReasoningError(f"`order`: expected 1 or 2, got {order!r}.")
    found = cases.record_of(case)
    view = positions_of("position", position)
    test = positions_of("inviter test", inviter_test or str(view.flags["default_inviter_test"]))
    settings = standard or Standard()
    answers, _ = facts(found, settings, act)
    asked = plan(view, test, found.aims, settings.mixed_purposes)
    probe = _Probe(asked, settings, _Table(answers))
    alone = probe.alone()
    return alone if order == 1 else probe.together(alone)


def sensitivity(
    case: Case | str,
    *,
    act: str | None = None,
    standard: Standard | None = None,
) -> tuple[Sensitivity, ...]:
    """Return every position with every inviter test under every burden and aims rule.

    Parameters
    ----------
    case, act
        As for :func:`volens.reasoning.assess`.
    standard
        Its knowledge date, legal test and presumptions count; burden and aims rule are varied.
        The aims rule is varied only where a position asks for the purpose.

    Examples
    --------
    >>> len({row.position for row in sensitivity("mali-2013")})
    4
    """
    found = cases.record_of(case)
    base = standard or Standard()
    answers, _ = facts(found, base, act)
    table = _Table(answers)
    tests = [one for one in views.positions() if one.kind == "inviter test"]
    rows = []
    for view in views.positions():
        if view.kind != "position":
            continue
        mixed = MIXED_PURPOSES if view.flags["purpose_test"] else (base.mixed_purposes,)
        for test, rule in product(tests, mixed):
            asked = plan(view, test, found.aims, rule)
            for burden in BURDENS:
                settings = Standard(burden, rule, base.known_on, base.legal_test, base.presumptions)
                probe = _Probe(asked, settings, table)
                alone = probe.alone()
                rows.append(
                    Sensitivity(
                        view.id,
                        test.id,
                        burden,
                        rule,
                        probe.verdict,
                        alone,
                        probe.together(alone),
                    )
                )
    return tuple(rows)


def symmetry(
    first: Case | str,
    second: Case | str,
    standard: Standard | None = None,
    *,
    acts: tuple[str | None, str | None] = (None, None),
) -> tuple[Difference, ...]:
    """Ask of each position whether it judges two cases alike, and which facts tell them apart.

    Parameters
    ----------
    first, second
        Cases, or their ids.
    standard
        The settings, the same for both.
    acts
        An act of each; none for what the acts share.

    Examples
    --------
    >>> [one.position for one in symmetry("mali-2013", "syria-2015")][:2]
    ['free-consent', 'abstention']
    """
    return tuple(
        _difference(first, second, view, standard, acts)
        for view in views.positions()
        if view.kind == "position"
    )


def _difference(
    first: Case | str,
    second: Case | str,
    view: Position,
    standard: Standard | None,
    acts: tuple[str | None, str | None],
) -> Difference:
    one = assess(first, view, standard, act=acts[0])
    two = assess(second, view, standard, act=acts[1])
    values = []
    for opinion, case, act in ((one, first, acts[0]), (two, second, acts[1])):
        found = cases.record_of(case)
        answers, _ = facts(found, opinion.standard, act)
        values.append({key: answers[key].value for step in opinion.steps for key in step.findings})
    shared = [key for key in values[0] if key in values[1]]
    differ = tuple(
        (key, values[0][key], values[1][key]) for key in shared if values[0][key] != values[1][key]
    )
    return Difference(view.id, one.verdict, two.verdict, differ, _why(one, two, differ))


def _why(one: Opinion, two: Opinion, differ: tuple[object, ...]) -> str:
    if one.verdict == two.verdict:
        return (
            "Judged alike, although findings differ: none of them decides here."
            if differ
            else "Judged alike: nothing that the position asks differs."
        )
    if not differ:
        return "Judged differently by aims that only one of the cases has."
    return "Judged differently, and the position can say by which facts."


class _Table:
    """The findings as numbers, and answers of rules that were asked before."""

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        self.values = coded(answers)
        self.disputed = {
            key for key, one in answers.items() if one.value is UNCLEAR and one.why == DISPUTED
        }
        self._numbers: dict[Rule, int] = {}
        self._rules: list[Rule] = []
        self.looks_at: list[frozenset[str]] = []
        self.open_for_good: list[bool] = []
        self._known: list[dict[tuple[Change, ...], tuple[int | None, bool]]] = []

    def number(self, rule: Rule) -> int:
        """Return a number for a rule: a nested rule is slow to look up again and again."""
        if rule not in self._numbers:
            self._numbers[rule] = len(self._rules)
            self._rules.append(rule)
            self.looks_at.append(facts_of(rule))
            self.open_for_good.append(bool(open_for_good(rule)))
            self._known.append({})
        return self._numbers[rule]

    def ask(self, number: int, changes: tuple[Change, ...]) -> tuple[int | None, bool]:
        """Return a rule's answer under some changes, and whether a dispute of law keeps it open."""
        known = self._known[number]
        if changes not in known:
            rule = self._rules[number]
            values = {**self.values, **dict(changes)}
            found = answer(rule, values)
            looks_at = self.looks_at[number]
            disputed = found == 1 and (
                self.open_for_good[number]
                or any(fact in self.disputed and values[fact] == 1 for fact in looks_at)
            )
            known[changes] = (found, disputed)
        return known[changes]


class _Probe:
    """One position under one setting: its verdict, and the changes that alter it.

    The verdict by consent is the lowest answer among the elements, so it is enough to
    count how many are not met and how many are open, and how a change moves the counts.
    """

    def __init__(self, asked: Plan, standard: Standard, table: _Table) -> None:
        rules = [*asked.consent.items(), (OTHER_TITLES, asked.other_titles)]
        self._table = table
        self._numbers = [table.number(rule) for _, rule in rules]
        self._settled = [self._settling(key, standard) for key, _ in rules]
        self._base = [self._ask(place, ()) for place in range(len(rules))]
        self._last = len(rules) - 1
        counted = self._base[:-1]
        self._counts = (counted.count(0), counted.count(1))
        self.verdict = _verdict(*self._counts, self._base[-1])
        looks = [table.looks_at[number] for number in self._numbers]
        self._places = {
            fact: frozenset(place for place, facts in enumerate(looks) if fact in facts)
            for fact in table.values
        }
        # Most findings bear on one element of consent and on nothing else.
        self._only = {
            fact: next(iter(places)) if len(places) == 1 and self._last not in places else None
            for fact, places in self._places.items()
        }

    @staticmethod
    def _settling(key: str, standard: Standard) -> tuple[int, int]:
        """Return what an open answer becomes: open on the facts, and open on the law."""
        if key in standard.presumptions:
            return 2, 2
        if standard.burden == "intervener":
            return 0, 1
        if standard.burden == "complainant" and key != OTHER_TITLES:
            return 2, 1
        return 1, 1

    def _ask(self, place: int, changes: tuple[Change, ...]) -> int | None:
        found, disputed = self._table.ask(self._numbers[place], changes)
        return self._settled[place][disputed] if found == 1 else found

    def _changes(self) -> Iterator[Change]:
        for fact, places in self._places.items():
            if places:
                for value in (0, 2):
                    if self._table.values[fact] not in (value, None):
                        yield fact, value

    def _moved(self, changes: tuple[Change, ...]) -> tuple[int, int, int | None]:
        """Return how the counts move, and the answer for the other title."""
        only = self._only[changes[0][0]]
        if only is not None and only == self._only[changes[-1][0]]:
            before, value = self._base[only], self._ask(only, changes)
            moved = (value == 0) - (before == 0), (value == 1) - (before == 1)
            return *moved, self._base[-1]
        not_met = unclear = 0
        other = self._base[-1]
        places = self._places[changes[0][0]]
        for change in changes[1:]:
            places = places | self._places[change[0]]
        for place in places:
            inside = tuple([one for one in changes if place in self._places[one[0]]])
            value = self._ask(place, inside)
            if place == self._last:
                other = value
                continue
            before = self._base[place]
            not_met += (value == 0) - (before == 0)
            unclear += (value == 1) - (before == 1)
        return not_met, unclear, other

    def alone(self) -> tuple[Flip, ...]:
        """Return the single changes that alter the verdict."""
        found = []
        for change in self._changes():
            not_met, unclear, other = self._moved((change,))
            result = _verdict(self._counts[0] + not_met, self._counts[1] + unclear, other)
            if result != self.verdict:
                found.append(_flip((change,), result))
        return tuple(found)

    def together(self, alone: tuple[Flip, ...]) -> tuple[Flip, ...]:
        """Return the pairs of changes that alter the verdict although neither does alone."""
        strong = {(name, VALUES.index(value)) for flip in alone for name, value in flip.changes}
        still = (0, 0, self._base[-1])
        tried = [
            (change, moved, self._places[change[0]], moved == still)
            for change in self._changes()
            if change not in strong
            for moved in [self._moved((change,))]
        ]
        found = []
        for (one, first, at_first, idle), (two, second, at_second, idle_too) in combinations(
            tried, 2
        ):
            if at_first.isdisjoint(at_second):
                if idle or idle_too:
                    continue  # the other one did not do it alone
                not_met, unclear = first[0] + second[0], first[1] + second[1]
                other = (first if self._last in at_first else second)[2]
            elif one[0] == two[0]:
                continue
            else:
                not_met, unclear, other = self._moved((one, two))
            result = _verdict(self._counts[0] + not_met, self._counts[1] + unclear, other)
            if result != self.verdict:
                found.append(_flip((one, two), result))
        return tuple(found)


def _verdict(not_met: int, unclear: int, other: int | None) -> str:
    """Return the verdict from the counts of elements and the answer for the other title."""
    if not_met == 0 and unclear == 0:
        return LAWFUL
    if other == 2:  # noqa: PLR2004 (met)
        return LAWFUL
    if not_met and other in (0, None):
        return UNLAWFUL
    return UNDETERMINED


def _flip(changes: tuple[Change, ...], result: str) -> Flip:
    return Flip(tuple((name, VALUES[value]) for name, value in changes), result)
