"""Which facts would change the answer."""

from collections.abc import Mapping
from itertools import combinations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.reasoning.imagined import AIM, aims, case_of, vectors
from volens import positions
from volens.cases import Aim, Case
from volens.errors import ReasoningError
from volens.logic import MET, NOT_MET, UNCLEAR, Value
from volens.reasoning import Flip, Standard, assess, pivotal, sensitivity, symmetry

VIEWS = [one.id for one in positions.positions() if one.kind == "position"]
BURDENS = ("none", "intervener", "complainant")
TESTS = [one.id for one in positions.positions() if one.kind == "inviter test"]
Vector = Mapping[str, Value]


def changed(vector: Vector, changes: tuple[tuple[str, Value], ...]) -> Vector:
    return {**vector, **dict(changes)}


def sound(vector: Vector, of: tuple[Aim, ...]) -> Case:
    case = case_of(vector, of)
    try:
        assess(case, "free-consent")
    except ReasoningError:
        assume(condition=False)
    return case


@given(
    vectors,
    aims,
    st.sampled_from(VIEWS),
    st.sampled_from(TESTS),
    st.sampled_from(["none", "intervener", "complainant"]),
)
def test_single_flips_are_those_that_judging_again_finds(
    vector: Vector, of: tuple[Aim, ...], view: str, test: str, burden: str
) -> None:
    standard = Standard(burden=burden)
    case = sound(vector, of)
    base = assess(case, view, standard, inviter_test=test).verdict
    expected = set()
    for key, value in vector.items():
        for other in (MET, NOT_MET):
            if other is value:
                continue
            try:
                verdict = assess(
                    case_of({**vector, key: other}, of), view, standard, inviter_test=test
                ).verdict
            except ReasoningError:
                assume(condition=False)
            if verdict != base:
                expected.add(Flip(((key, other),), verdict))
    found = {
        flip
        for flip in pivotal(case, view, standard, inviter_test=test)
        if not flip.changes[0][0].startswith("aim ")
    }

    assert expected == found


@settings(max_examples=8)
@given(vectors, st.sampled_from(VIEWS))
def test_pairs_are_those_of_which_neither_does_it_alone(vector: Vector, view: str) -> None:
    case = sound(vector, ())
    base = assess(case, view).verdict
    alone = {flip.changes[0] for flip in pivotal(case, view)}
    found = {frozenset(flip.changes): flip.verdict for flip in pivotal(case, view, order=2)}
    singles = [
        (key, other)
        for key, value in vector.items()
        for other in (MET, NOT_MET)
        if other is not value
    ]
    for one, two in combinations(singles, 2):
        if one[0] == two[0] or one in alone or two in alone:
            continue
        try:
            verdict = assess(case_of(changed(vector, (one, two)), ()), view).verdict
        except ReasoningError:
            continue
        assert found.get(frozenset({one, two}), base) == verdict


def test_no_single_fact_but_two_together_give_title_by_consent() -> None:
    case = case_of({"acts-within-scope": UNCLEAR, "requester-coerced": UNCLEAR})
    alone = {flip.changes[0][0] for flip in pivotal(case, "free-consent")}
    pairs = [
        frozenset(flip.changes)
        for flip in pivotal(case, "free-consent", order=2)
        if flip.verdict == "lawful"
    ]

    assert "acts-within-scope" not in {
        flip.changes[0][0] for flip in pivotal(case, "free-consent") if flip.verdict == "lawful"
    }
    assert "council-authorised" in alone
    free = ("requester-coerced", NOT_MET)
    assert set(pairs) == {
        frozenset({("acts-within-scope", MET), free}),
        frozenset({("external-armed-attack", MET), free}),
    }


def test_what_is_found_of_an_aim_can_decide_too() -> None:
    flips = pivotal(case_of(), "purpose-based")
    assert Flip((("aim protect-infrastructure viable", NOT_MET),), "unlawful") in flips


@pytest.mark.parametrize("order", [0, 3, "two"])
def test_an_order_that_does_not_exist_is_refused(order: object) -> None:
    with pytest.raises(ReasoningError, match="`order`: expected 1 or 2"):
        pivotal(case_of(), "S1", order=order)  # type: ignore[arg-type]


def test_sensitivity_holds_every_position_test_burden_and_where_asked_every_aims_rule() -> None:
    rows = sensitivity(case_of())
    expected = sum(
        len(TESTS) * 3 * (3 if positions.position(view).flags["purpose_test"] else 1)
        for view in VIEWS
    )
    assert len(rows) == len(
        {(r.position, r.inviter_test, r.burden, r.mixed_purposes) for r in rows}
    )
    assert len(rows) == expected


def test_sensitivity_agrees_with_judging_one_by_one() -> None:
    case = case_of({"acts-within-scope": UNCLEAR, "political-order-at-stake": MET}, (AIM,))
    for row in sensitivity(case):
        standard = Standard(burden=row.burden, mixed_purposes=row.mixed_purposes)
        opinion = assess(case, row.position, standard, inviter_test=row.inviter_test)
        assert row.verdict == opinion.verdict
        assert row.alone == pivotal(case, row.position, standard, inviter_test=row.inviter_test)


def test_cases_with_the_same_findings_are_judged_alike() -> None:
    for one in symmetry(case_of(), case_of()):
        assert one.first == one.second
        assert one.findings == ()
        assert "Judged alike" in one.why


def test_a_different_judgement_names_the_facts_that_differ() -> None:
    flawed = case_of({"acts-within-scope": NOT_MET})
    for one in symmetry(case_of(), flawed):
        assert (one.first, one.second) == ("lawful", "unlawful")
        assert one.findings == (("acts-within-scope", MET, NOT_MET),)
