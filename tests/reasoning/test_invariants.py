"""What holds of every position and every case, found or imagined."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.reasoning.imagined import aims, case_of, vectors, whys
from volens import positions
from volens.cases import Aim
from volens.errors import ReasoningError
from volens.logic import MET, NOT_MET, UNCLEAR, Value
from volens.positions import Position
from volens.reasoning import Opinion, Standard, assess

VIEWS = [one for one in positions.positions() if one.kind == "position"]
TESTS = [one for one in positions.positions() if one.kind == "inviter test"]
#: Positions as they are stipulated, and with every other value that a flag may have.
VARIED = [
    replace(view, flags=MappingProxyType({**view.flags, **changed}))
    for view in VIEWS
    for changed in (
        {},
        {"treaty_rule": "suffices"},
        {"treaty_rule": "suffices", "advance_consent_revocable": False},
        {"limit_threshold": "armed conflict"},
        {"purpose_test": True, "purpose_from": "civil war"},
    )
]
GATES = ("existence", "free-will", "authority-to-invite", "timing", "scope", "continuity")

views = st.sampled_from(VARIED)
tests = st.sampled_from(TESTS)
standards = st.builds(
    Standard,
    burden=st.sampled_from(["none", "intervener", "complainant"]),
    mixed_purposes=st.sampled_from(["all", "predominant", "any"]),
)
Vector = Mapping[str, Value]


def judged(
    vector: Vector,
    view: Position,
    test: Position,
    standard: Standard | None = None,
    *,
    of: tuple[Aim, ...] = (),
    why: str = "no evidence",
) -> Opinion:
    """Judge; a vector that contradicts itself is left out."""
    try:
        return assess(case_of(vector, of, why), view, standard, inviter_test=test)
    except ReasoningError:
        assume(condition=False)
        raise


@given(vectors, views, tests, standards, aims)
def test_coerced_consent_is_a_title_on_no_position(
    vector: Vector, view: Position, test: Position, standard: Standard, of: tuple[Aim, ...]
) -> None:
    coerced = {**vector, "requester-coerced": MET}
    assert judged(coerced, view, test, standard, of=of).title != "consent"


@given(vectors, views, tests, standards)
def test_withdrawal_ends_the_title_of_who_stays_unless_a_treaty_bound_the_host(
    vector: Vector, view: Position, test: Position, standard: Standard
) -> None:
    stayed = {**vector, "consent-withdrawn": MET, "left-when-asked": NOT_MET}
    opinion = judged(stayed, view, test, standard)

    irrevocable = not view.flags["advance_consent_revocable"]
    assert opinion.title != "consent" or irrevocable


@given(vectors, views, tests, standards, aims, st.sampled_from([MET, NOT_MET, UNCLEAR]))
@pytest.mark.parametrize(
    "fact", ["sending-parliament-agreed", "un-notified", "request-text-public", "council-endorses"]
)
def test_what_is_no_condition_of_consent_never_changes_title_or_verdict(
    fact: str,
    vector: Vector,
    view: Position,
    test: Position,
    standard: Standard,
    of: tuple[Aim, ...],
    value: Value,
) -> None:
    one = judged(vector, view, test, standard, of=of)
    two = judged({**vector, fact: value}, view, test, standard, of=of)

    assert (one.verdict, one.title) == (two.verdict, two.title)


@given(vectors, views, tests, standards, aims)
def test_a_good_purpose_creates_no_title_without_the_gates(
    vector: Vector, view: Position, test: Position, standard: Standard, of: tuple[Aim, ...]
) -> None:
    opinion = judged(vector, view, test, standard, of=of)
    if any(step.value is NOT_MET for step in opinion.steps if step.element in GATES):
        assert opinion.title != "consent"


@given(vectors, views, tests, standards, aims, vectors)
def test_abuse_changes_a_verdict_only_where_the_position_says_so(
    vector: Vector,
    view: Position,
    test: Position,
    standard: Standard,
    of: tuple[Aim, ...],
    other: Vector,
) -> None:
    abuse = (
        *("nonviolent-protest-targeted", "abuse-known-to-senders"),
        *("serious-violations-by-force", "help-contributed-to-abuse"),
    )
    assume(not view.flags["human_rights_bar"])
    one = judged(vector, view, test, standard, of=of)
    two = judged({**vector, **{key: other[key] for key in abuse}}, view, test, standard, of=of)

    assert (one.verdict, one.title) == (two.verdict, two.title)


@given(vectors, views, tests, aims, vectors, whys)
def test_with_no_burden_learning_a_fact_never_turns_one_definite_verdict_into_the_other(
    vector: Vector,
    view: Position,
    test: Position,
    of: tuple[Aim, ...],
    truth: Vector,
    why: str,
) -> None:
    plain = replace(
        test, flags=MappingProxyType({**test.flags, "presumption_for_incumbent": False})
    )
    learnt = {key: truth[key] if value is UNCLEAR else value for key, value in vector.items()}
    before = judged(vector, view, plain, of=of, why=why).verdict
    after = judged(learnt, view, plain, of=of, why=why).verdict

    assert before in ("undetermined", after)


@given(vectors, views, tests, standards, aims, whys)
def test_unclear_never_becomes_met_in_silence(
    vector: Vector,
    view: Position,
    test: Position,
    standard: Standard,
    of: tuple[Aim, ...],
    why: str,
) -> None:
    for step in judged(vector, view, test, standard, of=of, why=why).steps:
        assert step.value is step.found or (step.found is UNCLEAR and step.settled_by)


@given(vectors, views, tests, aims)
def test_a_burden_never_overturns_what_is_definite_without_it(
    vector: Vector, view: Position, test: Position, of: tuple[Aim, ...]
) -> None:
    plain = judged(vector, view, test, of=of)
    for burden in ("intervener", "complainant"):
        settled = judged(vector, view, test, Standard(burden=burden), of=of)
        assert plain.verdict in ("undetermined", settled.verdict)


@given(vectors, views, tests, standards, aims)
def test_an_open_verdict_says_what_is_open(
    vector: Vector, view: Position, test: Position, standard: Standard, of: tuple[Aim, ...]
) -> None:
    opinion = judged(vector, view, test, standard, of=of)
    if opinion.verdict == "undetermined":
        assert opinion.open or any(step.found is UNCLEAR for step in opinion.steps)


@given(vectors, tests, standards, aims, aims)
def test_free_consent_looks_at_neither_war_nor_purpose(
    vector: Vector,
    test: Position,
    standard: Standard,
    of: tuple[Aim, ...],
    other: tuple[Aim, ...],
) -> None:
    view = positions.position("free-consent")
    calm = {**vector, "organised-armed-group": NOT_MET, "political-order-at-stake": NOT_MET}

    assert (
        judged(vector, view, test, standard, of=of).verdict
        == judged(calm, view, test, standard, of=other).verdict
    )
