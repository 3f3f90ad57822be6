"""How a position judges a case, step by step."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from tests.reasoning.imagined import AIM, FALSE_AIM, FAVOURABLE, before, case_of
from volens import cases, positions
from volens.errors import ReasoningError, UnknownCaseError, UnknownDoctrineError
from volens.logic import MET, NOT_MET, UNCLEAR, Value
from volens.reasoning import Standard, assess, assess_acts, compare, pivotal
from volens.reasoning.judging import verdict

JUDGED = [one.id for one in positions.positions() if one.kind == "position"]
TESTS = [one.id for one in positions.positions() if one.kind == "inviter test"]

#: A change of one finding to the disfavour of the intervener, and the positions on which,
#: with the inviter test that each presupposes, the imagined case is then unlawful.
DECIDING: dict[str, tuple[Value, set[str]]] = {
    "act-of-the-invited": (NOT_MET, {*JUDGED}),
    "ad-hoc-request": (NOT_MET, {*JUDGED}),
    "requester-coerced": (MET, {*JUDGED}),
    "request-before-arrival": (NOT_MET, {*JUDGED}),
    "acts-within-scope": (NOT_MET, {*JUDGED}),
    "requester-head-of-state": (NOT_MET, {*JUDGED}),
    "recognised-government": (NOT_MET, {*JUDGED}),
    "host-law-manifestly-broken": (MET, {*JUDGED}),
    "council-prohibits": (MET, {*JUDGED}),
    "other-norm-overrides": (MET, {*JUDGED}),
    "nonviolent-protest-targeted": (MET, {"human-rights-bar"}),
    "organised-armed-group": (MET, set()),
    "political-order-at-stake": (MET, set()),
    "effective-control": (NOT_MET, set()),
    "democratic-mandate": (NOT_MET, set()),
    "protection-forfeited": (MET, set()),
    "un-notified": (NOT_MET, set()),
    "sending-parliament-agreed": (NOT_MET, set()),
    "request-text-public": (NOT_MET, set()),
    "treaty-clause-covers": (NOT_MET, set()),
    "serious-violations-by-force": (MET, set()),
    "abuse-known-to-senders": (MET, set()),
}


@pytest.mark.parametrize("position", JUDGED)
@pytest.mark.parametrize("test", TESTS)
def test_a_case_without_a_flaw_is_lawful_by_consent_everywhere(position: str, test: str) -> None:
    opinion = assess(case_of(), position, inviter_test=test)

    assert (opinion.verdict, opinion.title) == ("lawful", "consent")


@pytest.mark.parametrize("fact", DECIDING)
@pytest.mark.parametrize("position", JUDGED)
def test_one_flaw_is_fatal_where_the_position_asks_for_it(fact: str, position: str) -> None:
    value, fatal = DECIDING[fact]
    opinion = assess(case_of({fact: value}), position)

    assert opinion.verdict == ("unlawful" if position in fatal else "lawful")


@pytest.mark.parametrize("fact", DECIDING)
@pytest.mark.parametrize("position", JUDGED)
def test_what_is_not_known_leaves_open_what_it_would_decide(fact: str, position: str) -> None:
    presumed = fact == "recognised-government"
    _, fatal = DECIDING[fact]
    opinion = assess(case_of({fact: UNCLEAR}), position)

    expected = "undetermined" if position in fatal and not presumed else "lawful"
    assert opinion.verdict == expected


@pytest.mark.parametrize(
    ("test", "fact", "value"),
    [
        ("effective-control", "effective-control", NOT_MET),
        ("incumbency", "recognised-government", NOT_MET),
        ("democratic-origin", "democratic-mandate", NOT_MET),
        ("legitimacy-of-exercise", "protection-forfeited", MET),
    ],
)
def test_each_inviter_test_turns_on_its_own_finding(test: str, fact: str, value: Value) -> None:
    case = case_of({fact: value})
    refused = [
        one for one in TESTS if assess(case, "free-consent", inviter_test=one).verdict != "lawful"
    ]
    assert refused == [test]


def test_a_civil_war_shuts_the_door_on_abstention_only() -> None:
    war = case_of({"organised-armed-group": MET, "political-order-at-stake": MET})
    verdicts = {one.position: one.verdict for one in compare(war)}

    assert verdicts == {
        "free-consent": "lawful",
        "abstention": "unlawful",
        "purpose-based": "lawful",
        "human-rights-bar": "lawful",
    }


@pytest.mark.parametrize(
    ("rule", "verdict"), [("any", "lawful"), ("predominant", "lawful"), ("all", "unlawful")]
)
def test_one_false_aim_among_two_is_judged_by_the_rule_for_mixed_purposes(
    rule: str, verdict: str
) -> None:
    case = case_of(aims=(AIM, FALSE_AIM))
    opinion = assess(case, "purpose-based", Standard(mixed_purposes=rule))

    assert opinion.verdict == verdict


def test_without_a_predominant_aim_that_rule_gives_no_answer() -> None:
    case = case_of(aims=(FALSE_AIM,))
    assert assess(case, "purpose-based", Standard(mixed_purposes="predominant")).verdict == (
        "undetermined"
    )


def test_consent_is_judged_act_by_act() -> None:
    assert [one.act for one in assess_acts(case_of(), "free-consent")] == ["entry"]


def test_self_defence_is_a_title_of_its_own_and_repairs_no_consent() -> None:
    attacked = case_of({"external-armed-attack": MET, "acts-within-scope": NOT_MET})
    opinion = assess(attacked, "free-consent")

    assert (opinion.verdict, opinion.title) == ("lawful", "other title")
    assert opinion.step("E").value is NOT_MET


@pytest.mark.parametrize("norm", ["council-prohibits", "other-norm-overrides"])
def test_what_overrides_consent_overrides_another_title_too(norm: str) -> None:
    attacked = {"external-armed-attack": MET, norm: MET}
    assert assess(case_of(attacked), "free-consent").verdict == "unlawful"


def test_a_presumption_for_the_government_in_office_does_not_presume_the_office() -> None:
    nobody_knows = {"recognised-government": UNCLEAR, "requester-head-of-state": UNCLEAR}
    in_office = {"recognised-government": UNCLEAR}

    assert assess(case_of(nobody_knows), "free-consent").verdict == "undetermined"
    assert assess(case_of(in_office), "free-consent").verdict == "lawful"
    assert assess(case_of(in_office), "free-consent").step("C").settled_by == "presumption"


def test_a_reason_is_that_of_the_finding_that_decided() -> None:
    reason = assess(case_of({"other-norm-overrides": MET}), "free-consent").step("K").reason
    assert reason == "On other-norm-overrides the record is as it is."


def test_what_a_case_was_never_asked_is_settled_by_no_burden() -> None:
    standard = Standard(burden="complainant", mixed_purposes="predominant")
    assert assess(case_of(aims=(FALSE_AIM,)), "purpose-based", standard).verdict == "undetermined"


def test_another_title_is_not_made_out_by_what_does_not_apply() -> None:
    case = case_of({"external-armed-attack": None, "requester-coerced": MET})
    assert assess(case, "free-consent").verdict == "unlawful"


def test_what_is_open_on_the_law_is_settled_by_no_burden() -> None:
    case = case_of({"acts-within-scope": UNCLEAR}, why="legal standard disputed")
    for burden in ("none", "intervener", "complainant"):
        assert assess(case, "free-consent", Standard(burden=burden)).verdict == "undetermined"


@pytest.mark.parametrize(
    ("burden", "verdict"),
    [("none", "undetermined"), ("intervener", "unlawful"), ("complainant", "lawful")],
)
def test_a_burden_settles_what_is_open_on_the_facts_and_says_so(burden: str, verdict: str) -> None:
    opinion = assess(
        case_of({"acts-within-scope": UNCLEAR}), "free-consent", Standard(burden=burden)
    )
    step = opinion.step("scope")

    assert opinion.verdict == verdict
    assert step.found is UNCLEAR
    assert step.settled_by == ("" if burden == "none" else "burden")


def test_a_presumption_is_stated_and_yields_to_proof() -> None:
    presumed = Standard(presumptions=("free-will",))
    open_case = assess(case_of({"requester-coerced": UNCLEAR}), "free-consent", presumed)
    proven = assess(case_of({"requester-coerced": MET}), "free-consent", presumed)

    assert open_case.verdict == "lawful"
    assert open_case.step("B").settled_by == "presumption"
    assert proven.verdict == "unlawful"


def test_what_became_known_later_does_not_count_before() -> None:
    later = date(2000, 3, 1)
    case = case_of(known={"acts-within-scope": before(later, UNCLEAR)})

    assert assess(case, "free-consent", Standard(known_on=date(2000, 2, 1))).verdict == (
        "undetermined"
    )
    assert assess(case, "free-consent", Standard(known_on=later)).verdict == "lawful"


def test_the_opinion_names_what_became_known_later() -> None:
    case = case_of(known={"acts-within-scope": before(date(2000, 3, 1), UNCLEAR)})

    assert assess(case, "free-consent").later == ()
    assert assess(case, "free-consent", Standard(known_on=date(2000, 1, 1))).later == (
        "acts-within-scope",
    )


def test_reasonable_belief_looks_at_the_first_day_of_the_act() -> None:
    case = case_of(known={"acts-within-scope": before(date(2000, 1, 5), UNCLEAR)})
    belief = Standard(legal_test="reasonable belief")

    assert assess(case, "free-consent", belief, act="entry").verdict == "lawful"
    assert assess(case, "free-consent", belief).verdict == "undetermined"


def test_a_question_that_does_not_arise_is_left_out() -> None:
    opinion = assess(case_of({"host-law-manifestly-broken": None}), "free-consent")

    assert opinion.verdict == "lawful"
    assert opinion.step("H").value is None


def test_decisive_is_the_smallest_set_that_would_change_the_verdict() -> None:
    one = assess(case_of(), "free-consent").decisive
    flawed = assess(
        case_of({"acts-within-scope": NOT_MET, "requester-coerced": MET}), "free-consent"
    ).decisive

    assert {frozenset({"scope"}), frozenset({"timing"})} <= set(one)
    assert frozenset({"other-titles"}) in flawed
    assert all(len(keys) == 1 for keys in flawed)


def test_conduct_and_complicity_stand_beside_the_title() -> None:
    abuse = {
        "serious-violations-by-force": MET,
        "abuse-known-to-senders": MET,
        "help-contributed-to-abuse": MET,
    }
    opinion = assess(case_of(abuse), "free-consent")

    assert opinion.verdict == "lawful"
    assert {one.element: one.value for one in opinion.parallel} == {
        "conduct-of-forces": NOT_MET,
        "complicity": NOT_MET,
    }


def test_every_step_has_a_reason_and_an_authority() -> None:
    for opinion in compare("kazakhstan-2022"):
        for step in opinion.steps:
            assert step.reason.endswith((".", "?")), step.element
            assert step.authorities, step.element
            assert "{" not in step.reason


def test_the_walk_is_in_the_order_of_the_elements() -> None:
    order = [one.id for one in positions.elements()]
    for opinion in compare(case_of()):
        asked = [one.element for one in opinion.steps]
        assert asked == sorted(
            asked, key=lambda key: order.index(key) if key != "complicity" else 11.5
        )


def test_ids_codes_and_objects_are_accepted_alike() -> None:
    mali = cases.case("mali-2013")
    expected = assess(mali, positions.position("free-consent"))

    assert assess("mali-2013", "S1") == expected
    assert assess("mali-2013", "free-consent", inviter_test="incumbency") == expected


def test_a_coerced_request_carries_no_collective_self_defence_either() -> None:
    attacked = {"external-armed-attack": MET, "acts-within-scope": NOT_MET}

    assert assess(case_of(attacked), "free-consent").verdict == "lawful"
    coerced = case_of({**attacked, "requester-coerced": MET})
    assert assess(coerced, "free-consent").verdict == "unlawful"


def test_a_day_of_knowledge_may_be_given_as_text() -> None:
    assert replace(Standard(), known_on="2022-01-06") == Standard(known_on=date(2022, 1, 6))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"burden": "everybody"}, "`burden`: expected one of none, intervener, complainant"),
        ({"mixed_purposes": "most"}, "`mixed_purposes`: expected one of all, predominant, any"),
        ({"legal_test": "feeling"}, "`legal_test`: expected one of objective, reasonable belief"),
        ({"known_on": "6 January"}, "`known_on`: expected a date such as"),
        ({"known_on": 20220106.5}, "`known_on`: expected a date such as"),
        ({"presumptions": ("innocence",)}, "`presumptions`: expected one of existence"),
    ],
)
def test_a_setting_that_does_not_exist_is_named(settings: dict[str, object], message: str) -> None:
    with pytest.raises(ReasoningError, match=message):
        Standard(**settings)  # type: ignore[arg-type]


def test_what_gets_no_verdict_is_refused_by_name() -> None:
    with pytest.raises(ReasoningError, match="`counter-terrorism-exception` is of the kind exc"):
        assess(case_of(), "S7")
    with pytest.raises(ReasoningError, match="expected one of the kind inviter test"):
        assess(case_of(), "S1", inviter_test="S2")


def test_unknown_names_are_refused() -> None:
    with pytest.raises(UnknownCaseError, match="no case `mali`"):
        assess("mali", "S1")
    with pytest.raises(UnknownDoctrineError, match="no position `S99`"):
        assess(case_of(), "S99")
    with pytest.raises(UnknownCaseError, match="no act `exit`"):
        assess(case_of(), "S1", act="exit")
    with pytest.raises(ReasoningError, match="does not ask `civil-war-limit`"):
        assess(case_of(), "S1").step("I")


def test_a_case_without_findings_is_refused() -> None:
    bare = case_of()
    object.__setattr__(bare, "findings", ())
    with pytest.raises(ReasoningError, match="has no findings"):
        assess(bare, "S1")


def test_withdrawn_consent_without_request_or_treaty_asks_how_it_was_given() -> None:
    changes = {
        "ad-hoc-request": NOT_MET,
        "treaty-clause-covers": NOT_MET,
        "request-before-arrival": NOT_MET,
        "consent-withdrawn": MET,
    }

    with pytest.raises(ReasoningError, match="in another way, for instance tacitly, which is disp"):
        assess(case_of(changes), "free-consent")


@pytest.mark.parametrize("fact", ["consent-withdrawn", "request-before-arrival"])
def test_findings_that_contradict_one_another_are_refused(fact: str) -> None:
    changes = {fact: MET, "ad-hoc-request": NOT_MET, "treaty-clause-covers": NOT_MET}
    if fact == "consent-withdrawn":
        changes["request-before-arrival"] = NOT_MET
    with pytest.raises(ReasoningError, match=f"`{fact}` is met and `ad-hoc-request` is not"):
        assess(case_of(changes), "S1")


def test_the_verdict_follows_from_the_answers_over_all_of_them() -> None:
    """Exhaustive: three elements and another title, each of four answers."""
    for *consent, other in product((MET, NOT_MET, UNCLEAR, None), repeat=4):
        result, title = verdict(consent, other)
        applied = [one for one in consent if one is not None]
        good = bool(applied) and all(one is MET for one in applied)
        bad = any(one is NOT_MET for one in applied)

        assert (title == "consent") == good
        assert (result == "lawful") == (good or other is MET)
        assert (result == "unlawful") == (bad and other in (NOT_MET, None))


def test_what_was_known_of_an_aim_depends_on_the_day_too() -> None:
    later = date(2000, 1, 20)
    aim = replace(AIM, known=((later, replace(AIM, pursued=UNCLEAR, why="no evidence")),))
    early = assess(case_of(aims=(aim,)), "purpose-based", Standard(known_on=date(2000, 1, 6)))

    assert early.verdict == "undetermined"
    assert early.later == ("aim protect-infrastructure pursued",)
    assert (
        assess(case_of(aims=(aim,)), "purpose-based", Standard(known_on=later)).verdict == "lawful"
    )


def test_the_inviter_test_gives_the_reason_for_its_own_element() -> None:
    test = positions.position("effective-control")
    reason = assess(case_of(), "free-consent", inviter_test=test).step("C").reason

    assert reason.startswith(test.reasons["authority-to-invite"].split("{")[0])


def test_a_bar_for_nonviolent_protest_is_asked_with_the_choice_of_the_people() -> None:
    opinion = assess(case_of({"nonviolent-protest-targeted": MET}), "human-rights-bar")

    assert opinion.step("J").value is NOT_MET
    assert [one.element for one in opinion.parallel] == ["conduct-of-forces", "complicity"]


@pytest.mark.parametrize(
    ("aim", "verdict"),
    [
        ("collective-self-defence", "lawful"),
        ("not-taking-sides", "lawful"),
        ("coup-attempt", "undetermined"),
        ("regime-support", "unlawful"),
    ],
)
def test_only_a_distinct_aim_counts_for_the_purpose_based_view(aim: str, verdict: str) -> None:
    """Beside an aim that holds up; a title of its own and a disclaimer are left out."""
    beside = replace(AIM, id=aim, predominant=False)
    case = case_of(aims=(AIM, beside))

    assert assess(case, "purpose-based").verdict == verdict
    assert assess(case, "purpose-based", Standard(burden="complainant")).verdict == verdict


@pytest.mark.parametrize("fact", FAVOURABLE)
@pytest.mark.parametrize("code", JUDGED)
def test_a_finding_left_out_counts_as_unclear_for_want_of_evidence(fact: str, code: str) -> None:
    opened = case_of({fact: UNCLEAR})
    shorter = replace(opened, findings=tuple(one for one in opened.findings if one.id != fact))
    expected, got = assess(opened, code), assess(shorter, code)
    assert got.verdict == expected.verdict
    assert [(one.element, one.value, one.why) for one in (*got.steps, *got.parallel)] == [
        (one.element, one.value, one.why) for one in (*expected.steps, *expected.parallel)
    ]
    assert {*pivotal(shorter, code)} == {*pivotal(opened, code)}
    assert {*got.open} == {*expected.open}
