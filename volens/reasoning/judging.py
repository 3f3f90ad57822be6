"""A case on a position: the walk through the elements, and the opinion at its end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import combinations, product
from types import MappingProxyType

from volens import cases
from volens import positions as views
from volens.cases import DISPUTED, Answer, Case
from volens.errors import ReasoningError
from volens.logic import MET, NOT_MET, UNCLEAR, Value
from volens.positions import OTHER_TITLES, Position
from volens.reasoning.rules import (
    VALUES,
    Plan,
    Rule,
    aim_fact,
    answer,
    coded,
    deciding,
    facts_of,
    open_for_good,
    plan,
)
from volens.reasoning.standards import MIXED_PURPOSES, Standard

__all__ = [
    "LAWFUL",
    "UNDETERMINED",
    "UNLAWFUL",
    "Opinion",
    "Step",
    "assess",
    "assess_acts",
    "compare",
    "facts",
    "positions_of",
    "settle",
    "verdict",
]

LAWFUL, UNLAWFUL, UNDETERMINED = "lawful", "unlawful", "undetermined"
_MOST_TOGETHER = 3
#: A finding that does not go with "no request and no treaty", and what to do about it.
_CONTRADICTIONS: Mapping[str, str] = MappingProxyType(
    {
        "consent-withdrawn": "consent must then have been given in another way, for instance "
        "tacitly, which is disputed: say in `by_act` for which act and on what evidence",
        "request-before-arrival": "no request came before the troops. Change one of the findings, "
        "or say in `by_act` for which act it holds",
    }
)
_LEFT_OUT = Answer(UNCLEAR, "no evidence", "The case has no finding on it.")


@dataclass(frozen=True)
class Step:
    """One element, answered.

    Attributes
    ----------
    element
        Its id.
    value
        The answer; none where no finding applies.
    found
        The answer before a burden or a presumption settled it.
    settled_by
        ``burden``, ``presumption``, or nothing.
    why
        Why it was found unclear: ``no evidence``, ``conflicting evidence`` or
        ``legal standard disputed``; empty otherwise.
    findings
        The findings on which it rests, in the order of the case.
    authorities
        Ids of the table ``authorities``.
    reason
        A sentence for the reader.
    deciding
        The findings that by themselves have the answer that was found.
    """

    element: str
    value: Value | None
    found: Value | None
    settled_by: str
    why: str
    findings: tuple[str, ...]
    authorities: tuple[str, ...]
    reason: str
    deciding: tuple[str, ...] = ()


@dataclass(frozen=True)
class Opinion:
    """What a position makes of a case, or of one act of it.

    Attributes
    ----------
    case, act
        Ids; the act is empty where the case is judged by what all its acts have in common.
    position, inviter_test
        Ids of the position and of the test of who may speak for the State.
    standard
        The settings.
    verdict
        ``lawful``, ``unlawful`` or ``undetermined``: on this position, as stipulated here.
    title
        ``consent``, ``other title`` or ``none``; ``open`` where that is undetermined.
    steps
        The walk, in order.
    decisive
        The smallest sets of elements whose change would change the verdict.
    open
        Findings that are unclear and bear on the verdict.
    parallel
        Conduct and complicity, reported beside the title and never set off against it.
    later
        Findings on which more became known after the day whose knowledge counts.
    """

    case: str
    act: str
    position: str
    inviter_test: str
    standard: Standard
    verdict: str
    title: str
    steps: tuple[Step, ...]
    decisive: tuple[frozenset[str], ...]
    open: tuple[str, ...]
    parallel: tuple[Step, ...]
    later: tuple[str, ...]

    def step(self, element: str) -> Step:
        """Return the step of an element, by slug or letter.

        Raises
        ------
        ReasoningError
            If this position does not ask it.
        """
        key = views.element(element).id
        for one in (*self.steps, *self.parallel):
            if one.element == key:
                return one
        asked = ", ".join(one.element for one in self.steps)
        raise ReasoningError(f"`{self.position}` does not ask `{key}`. It asks: {asked}.")


def assess(
    case: Case | str,
    position: Position | str,
    standard: Standard | None = None,
    *,
    act: str | None = None,
    inviter_test: Position | str | None = None,
) -> Opinion:
    """Judge a case, or one act of it, on a position.

    Parameters
    ----------
    case
        A case, or its id.
    position
        A position, its id or its code; one of the kind ``position``.
    standard
        The settings; none for those that presume and settle nothing.
    act
        The id of an act; none for what the acts share.
    inviter_test
        Who may speak for the State; none for the test that the position's works presuppose.

    Raises
    ------
    UnknownCaseError, UnknownDoctrineError
        If there is no such case, act or position.
    ReasoningError
        If the position gets no verdict, or the case has no findings.

    Examples
    --------
    >>> assess("congo-1998", "free-consent", act="with-consent").verdict
    'lawful'
    """
    found = cases.record_of(case)
    view = positions_of("position", position)
    test = positions_of("inviter test", inviter_test or str(view.flags["default_inviter_test"]))
    settings = standard or Standard()
    answers, later = facts(found, settings, act)
    asked = plan(view, test, found.aims, settings.mixed_purposes)
    reasons = {**view.reasons, **test.reasons}
    steps = tuple(
        _step(reasons, key, rule, answers, settings) for key, rule in asked.consent.items()
    )
    other = _step(reasons, OTHER_TITLES, asked.other_titles, answers, settings)
    values = {one.element: one.value for one in steps}
    result, title = verdict(values.values(), other.value)
    relevant = frozenset().union(*(facts_of(rule) for rule in asked.consent.values()))
    return Opinion(
        case=found.id,
        act=act or "",
        position=view.id,
        inviter_test=test.id,
        standard=settings,
        verdict=result,
        title=title,
        steps=(*steps, other),
        decisive=_decisive(values, other.value, result),
        open=tuple(
            key
            for key, one in answers.items()
            if one.value is UNCLEAR and key in relevant | facts_of(asked.other_titles)
        ),
        parallel=tuple(
            _step(_beside(reasons, asked), key, rule, answers, replace(settings, burden="none"))
            for key, rule in asked.parallel.items()
        ),
        later=later,
    )


def assess_acts(
    case: Case | str,
    position: Position | str,
    standard: Standard | None = None,
    *,
    inviter_test: Position | str | None = None,
) -> tuple[Opinion, ...]:
    """Judge each act of a case on a position, in the order of the case.

    Examples
    --------
    >>> [one.verdict for one in assess_acts("congo-1998", "free-consent")]
    ['lawful', 'unlawful']
    """
    found = cases.record_of(case)
    return tuple(
        assess(found, position, standard, act=one.id, inviter_test=inviter_test)
        for one in found.acts
    )


def compare(
    case: Case | str, standard: Standard | None = None, *, act: str | None = None
) -> tuple[Opinion, ...]:
    """Judge a case on every position, each with the inviter test that it presupposes.

    Examples
    --------
    >>> len(compare("mali-2013"))
    4
    """
    return tuple(
        assess(case, one, standard, act=act) for one in views.positions() if one.kind == "position"
    )


def facts(
    case: Case, standard: Standard, act: str | None = None
) -> tuple[Mapping[str, Answer], tuple[str, ...]]:
    """Return what counts as found, and on which findings more became known later.

    A finding that a rule asks for and the case leaves out is unclear, for want of evidence.

    Raises
    ------
    ReasoningError
        If the case has no findings, or they contradict one another.
    UnknownCaseError
        If the case has no such act.
    """
    if not case.findings:
        raise ReasoningError(
            f"`{case.id}` has no findings. Add [[finding]] entries to its case.toml."
        )
    _refuse_contradictions(case)
    known_on = standard.known_on
    if standard.legal_test == "reasonable belief":
        period = case.act(act).period if act else case.period
        known_on = min(_first_day(period), known_on or date.max)
    elif act:
        case.act(act)
    found = {one.id: one.answer(act or "", known_on) for one in case.findings}
    found |= {fact: _LEFT_OUT for fact in _ever_asked() if fact not in found}
    later = [one.id for one in case.findings if found[one.id] != one.answer(act or "", None)]
    for aim in case.aims:
        stood = aim.at(act or "", known_on)
        for aspect in ("stated", "viable", "pursued"):
            value = getattr(stood, aspect)
            if value is not getattr(aim.at(act or ""), aspect):
                later.append(aim_fact(aim.id, aspect))
            found[aim_fact(aim.id, aspect)] = Answer(
                value, (stood.why or "no evidence") if value is UNCLEAR else "", stood.note
            )
    return found, tuple(later)


@cache
def _ever_asked() -> tuple[str, ...]:
    """Return each finding for which some position, with some inviter test, asks."""
    kinds = ("position", "inviter test")
    views_of, tests = ([one for one in views.positions() if one.kind == kind] for kind in kinds)
    asked: set[str] = set()
    for view, test in product(views_of, tests):
        rules = plan(view, test, (), MIXED_PURPOSES[0])
        for rule in (*rules.consent.values(), rules.other_titles, *rules.parallel.values()):
            asked |= facts_of(rule)
    return tuple(sorted(asked))


def _first_day(period: str) -> date:
    """Return the first day of a period of which perhaps only the month or the year is known."""
    begins = period.split("/", maxsplit=1)[0]
    return date.fromisoformat(begins + "-01" * (2 - begins.count("-")))


def _refuse_contradictions(case: Case) -> None:
    """Refuse findings, as the acts share them, that do not go together."""
    shared = {one.id: one.value for one in case.findings}
    no_source = shared.get("ad-hoc-request") is NOT_MET is shared.get("treaty-clause-covers")
    for key, what_to_do in _CONTRADICTIONS.items():
        if no_source and shared.get(key) is MET:
            raise ReasoningError(
                f"`{case.id}`: `{key}` is met and `ad-hoc-request` is not, nor does a treaty cover "
                f"the case: {what_to_do}."
            )


def verdict(consent: Iterable[Value | None], other: Value | None) -> tuple[str, str]:
    """Return verdict and title.

    Parameters
    ----------
    consent
        The answers to the elements of consent; what does not apply is left out.
    other
        Whether another title is made out.

    Examples
    --------
    >>> verdict([MET, MET], NOT_MET)
    ('lawful', 'consent')
    >>> verdict([MET, UNCLEAR], NOT_MET)
    ('undetermined', 'open')
    """
    applied = [one for one in consent if one is not None]
    by_consent = min(applied, key=VALUES.index, default=UNCLEAR)
    if by_consent is MET:
        return LAWFUL, "consent"
    if other is MET:
        return LAWFUL, "other title"
    if by_consent is NOT_MET and other in (NOT_MET, None):
        return UNLAWFUL, "none"
    return UNDETERMINED, "open"


def settle(
    key: str, rule: Rule, answers: Mapping[str, Answer], standard: Standard
) -> tuple[Value | None, Value | None, str, str]:
    """Answer one element: value, value as found, what settled it, and why it was unclear."""
    numbers = coded(answers)
    number = answer(rule, numbers, presume=False)
    found = None if number is None else VALUES[number]
    if found is not UNCLEAR:
        return found, found, "", ""
    whys = {answers[fact].why for fact in facts_of(rule) if answers[fact].value is UNCLEAR}
    for_good = open_for_good(rule)
    why = next(
        (one for one in (DISPUTED, "conflicting evidence") if one in whys | {for_good}),
        "no evidence",
    )
    if key in standard.presumptions or answer(rule, numbers) == VALUES.index(MET):
        return MET, found, "presumption", why
    # A burden settles facts: neither the law, nor what the case was never asked.
    if why == DISPUTED or for_good:
        return found, found, "", why
    if standard.burden == "intervener":
        return NOT_MET, found, "burden", why
    # Another title is for whoever claims it to show, so this burden does not settle it.
    if standard.burden == "complainant" and key != OTHER_TITLES:
        return MET, found, "burden", why
    return found, found, "", why


def positions_of(kind: str, key: Position | str) -> Position:
    """Return a position of a kind.

    Raises
    ------
    ReasoningError
        If it is of another kind: only a position with an inviter test gets a verdict.
    """
    one = key if isinstance(key, Position) else views.position(key)
    if one.kind != kind:
        known = ", ".join(view.id for view in views.positions() if view.kind == kind)
        raise ReasoningError(
            f"`{one.id}` is of the kind {one.kind}; expected one of the kind {kind}: {known}."
        )
    return one


def _beside(reasons: Mapping[str, str], asked: Plan) -> dict[str, str]:
    """Return the reasons for what stands beside the title: not those of a bar to consent."""
    return {key: text for key, text in reasons.items() if key not in asked.consent}


def _step(
    reasons: Mapping[str, str],
    key: str,
    rule: Rule,
    answers: Mapping[str, Answer],
    standard: Standard,
) -> Step:
    value, found, settled_by, why = settle(key, rule, answers, standard)
    used = tuple(fact for fact in answers if fact in facts_of(rule))
    number = None if found is None else VALUES.index(found)
    because = deciding(rule, coded(answers), number)
    return Step(
        element=key,
        value=value,
        found=found,
        settled_by=settled_by,
        why=why,
        findings=used,
        authorities=views.element(key).authorities,
        reason=_reason(reasons, key, (value, found), [answers[fact].note for fact in because]),
        deciding=because,
    )


def _reason(
    reasons: Mapping[str, str],
    key: str,
    values: tuple[Value | None, Value | None],
    notes: list[str],
) -> str:
    """Say why, by the note of the finding that decided; from the value and the value as found."""
    value, found = values
    because = notes[0] if notes else "Nothing in the record bears on it."
    if key in reasons:
        outcome = {MET: "satisfied", NOT_MET: "not satisfied"}.get(value, "open")  # type: ignore[arg-type] # none is open
        return reasons[key].replace("{outcome}", outcome).replace("{because}", because)
    if found is MET and notes:
        return f"{views.element(key).met_means} {because}"
    return because


def _decisive(
    values: Mapping[str, Value | None], other: Value | None, result: str
) -> tuple[frozenset[str], ...]:
    """Return the smallest sets of elements whose change would change the verdict."""
    applied = {key: value for key, value in values.items() if value is not None}
    for size in range(1, _MOST_TOGETHER + 1):
        found = [
            frozenset(keys)
            for keys in combinations((*applied, OTHER_TITLES), size)
            if _can_change(applied, other, result, keys)
        ]
        if found:
            return tuple(found)
    return ()


def _can_change(
    values: Mapping[str, Value | None], other: Value | None, result: str, keys: tuple[str, ...]
) -> bool:
    """Whether some definite values of these elements give another verdict."""
    for target in (MET, NOT_MET):
        changed = {key: target if key in keys else value for key, value in values.items()}
        changed_other = target if OTHER_TITLES in keys else other
        if verdict(changed.values(), changed_other)[0] != result:
            return True
    return False
