"""A student's examination: plain data in and out, and the engine's own opinion of it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.reasoning.imagined import before, case_of, values
from volens import cases, reasoning
from volens.errors import ExaminationError
from volens.examining import SHARED, WHYS, Examination, Given, OwnFinding, clash
from volens.logic import MET, NOT_MET, UNCLEAR, Value
from volens.reasoning import Standard

KAZAKHSTAN = cases.case("kazakhstan-2022")
DEPLOYMENT = Examination(KAZAKHSTAN, "russian-deployment", "purpose-based")
KNOWN_LATER = "consent-withdrawn"


def imagined(changes: Mapping[str, Value | None] | None = None) -> Examination:
    return Examination(case_of(changes), "entry", "free-consent")


# What it holds


def test_it_begins_with_the_first_act_and_no_position() -> None:
    assert Examination.begin(KAZAKHSTAN).to_data() == {
        "schema": "volens/consent-test",
        "version": 1,
        "case": "kazakhstan-2022",
        "act": "decision",
        "position": "",
        "inviter_test": "",
        "standard": {
            "burden": "none",
            "mixed_purposes": "all",
            "known_on": "",
            "legal_test": "objective",
        },
        "findings": {},
    }


def test_a_code_of_the_research_files_is_read_as_its_slug() -> None:
    assert Examination(KAZAKHSTAN, "decision", "S3", "C2").to_data()["position"] == "purpose-based"


@given(
    st.dictionaries(
        st.sampled_from([one.id for one in KAZAKHSTAN.findings]),
        st.one_of(
            st.builds(OwnFinding, st.sampled_from([MET, NOT_MET, None]), st.just(""), st.text()),
            st.builds(OwnFinding, st.just(UNCLEAR), st.sampled_from(WHYS), st.text()),
        ),
    )
)
def test_what_is_written_is_read_back(own: Mapping[str, OwnFinding]) -> None:
    examined = replace(DEPLOYMENT, findings={"russian-deployment": own})

    assert Examination.from_data(KAZAKHSTAN, examined.to_data()) == examined


def test_answers_stand_in_the_order_of_the_case() -> None:
    examined = DEPLOYMENT.set("consent-withdrawn", OwnFinding(MET)).set(
        "requester-coerced", OwnFinding(MET)
    )

    assert list(examined.own) == ["requester-coerced", "consent-withdrawn"]


def test_an_answer_can_be_taken_back() -> None:
    assert (
        DEPLOYMENT.set("requester-coerced", OwnFinding(MET)).set("requester-coerced", None)
        == DEPLOYMENT
    )


def test_an_answer_holds_for_its_act_alone() -> None:
    examined = DEPLOYMENT.set("requester-coerced", OwnFinding(MET))

    assert replace(examined, act="decision").own == {}
    assert examined.to_data()["findings"] == {
        "russian-deployment": {"requester-coerced": {"value": "met", "why": "", "evidence": ""}}
    }


# What it refuses


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ([], "expected a dictionary"),
        ({"schema": "volens/weighing-board"}, '`schema`: expected "volens/consent-test"'),
        ({"case": "mali-2013"}, '`case`: expected "kazakhstan-2022"'),
        ({"verdict": "lawful"}, "there is no `verdict`"),
        ({"act": "war"}, "There is no act `war`"),
        ({"act": 3}, "`act`: expected a text, got 3"),
        ({"position": "democratic-origin"}, "expected one of the kind position"),
        ({"position": "S99"}, "`position`: There is no position `S99`"),
        ({"inviter_test": "free-consent"}, "`inviter_test`"),
        ({"standard": {"burden": "heavy"}}, "`standard`, `burden`: expected one of none"),
        ({"standard": {"known_on": "6 January"}}, "expected a day such as 2022-01-06"),
        ({"standard": {"presumptions": ""}}, "there is no `presumptions`"),
        ({"findings": []}, "`findings`: expected a dictionary"),
        ({"findings": {"war": {"un-notified": {"value": "met"}}}}, "There is no act `war`"),
        ({"findings": {SHARED: {"F99": {"value": "met"}}}}, "There is no finding `F99`"),
        ({"findings": {SHARED: {"un-notified": {"value": "yes"}}}}, 'not apply, got "yes"'),
        ({"findings": {SHARED: {"un-notified": {"value": "unclear"}}}}, "needs one of no evidence"),
        (
            {"findings": {SHARED: {"un-notified": {"value": "met", "why": "no evidence"}}}},
            "`un-notified`: `why`: only an answer that is unclear has one",
        ),
        (
            {"findings": {SHARED: {"aim stability viable": {"value": "does not apply"}}}},
            "expected met, not met or unclear",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(data: object, words: str) -> None:
    with pytest.raises(ExaminationError) as refused:
        Examination.from_data(KAZAKHSTAN, data)

    assert words in str(refused.value)


def test_there_is_no_opinion_without_a_position() -> None:
    with pytest.raises(ExaminationError, match="choose one before you judge: free-consent"):
        Examination.begin(KAZAKHSTAN).opinion()


def test_presumptions_have_no_place_here() -> None:
    with pytest.raises(ExaminationError, match="no presumptions"):
        Examination(KAZAKHSTAN, "decision", standard=Standard(presumptions=("scope",)))


# What becomes of the opinion


def test_without_answers_the_case_is_judged_as_it_is() -> None:
    assert DEPLOYMENT.applied() is KAZAKHSTAN
    assert DEPLOYMENT.opinion() == reasoning.assess(
        KAZAKHSTAN, "purpose-based", act="russian-deployment"
    )


@given(values, st.sampled_from(["requester-coerced", "acts-within-scope", "ad-hoc-request"]))
def test_an_answer_is_judged_as_if_the_record_gave_it(value: Value, fact: str) -> None:
    why = "no evidence" if value is UNCLEAR else ""
    mine = imagined().set(fact, OwnFinding(value, why)).opinion()
    record = imagined({fact: value}).opinion()

    assert (mine.verdict, mine.title) == (record.verdict, record.title)
    assert [step.value for step in mine.steps] == [step.value for step in record.steps]


def test_the_reason_says_that_the_answer_is_the_students() -> None:
    own = OwnFinding(MET, evidence="A guard was seen\n in the room")
    step = imagined().set("requester-coerced", own).opinion().step("free-will")

    assert step.reason == "Your answer: A guard was seen in the room."


def test_an_answer_of_ones_own_holds_on_every_day() -> None:
    early = Standard(known_on=date(2000, 1, 1))
    case = case_of(known={"requester-coerced": before(date(2000, 6, 1), UNCLEAR)})
    record = Examination(case, "entry", "free-consent", standard=early)
    mine = record.set("requester-coerced", OwnFinding(MET))

    assert (record.opinion().verdict, record.opinion().later) == (
        "undetermined",
        ("requester-coerced",),
    )
    assert (mine.opinion().verdict, mine.opinion().later) == ("unlawful", ())


def test_the_rest_of_the_record_still_moves_with_the_day() -> None:
    early = replace(DEPLOYMENT, standard=Standard(known_on=date(2022, 1, 6)))
    mine = early.set("requester-coerced", OwnFinding(NOT_MET))

    assert KNOWN_LATER in mine.opinion().later


def test_one_answer_on_an_aim_leaves_the_others_to_the_record() -> None:
    fact = "aim protect-infrastructure pursued"
    early = replace(DEPLOYMENT, standard=Standard(known_on=date(2022, 1, 8)))
    mine = early.set(fact, OwnFinding(MET, evidence="Photographs."))
    step = mine.opinion().step("self-determination-and-purpose")
    aim = next(one for one in mine.applied().aims if one.id == "protect-infrastructure")

    assert fact in early.opinion().open
    assert fact not in mine.opinion().open
    assert fact in step.findings
    assert aim.at("russian-deployment").note.startswith(
        "Your answer on whether it was pursued: Photographs. On the record: "
    )


def test_what_the_acts_share_can_be_answered_too() -> None:
    shared = replace(DEPLOYMENT, act="").set("requester-coerced", OwnFinding(MET))

    assert list(shared.findings) == [SHARED]
    assert shared.opinion().verdict != "lawful"
    assert shared.opinion().step("free-will").value is NOT_MET


def test_the_positions_stand_side_by_side_now_and_on_the_record() -> None:
    sides = imagined().set("requester-coerced", OwnFinding(MET)).side_by_side()

    assert {(one.now, one.record) for one in sides} == {("unlawful", "lawful")}
    assert [one.position for one in sides] == [
        "free-consent",
        "abstention",
        "purpose-based",
        "human-rights-bar",
    ]


def test_a_chosen_inviter_test_holds_for_every_position() -> None:
    sides = replace(DEPLOYMENT, inviter_test="democratic-origin").side_by_side()

    assert {one.inviter_test for one in sides} == {"democratic-origin"}


def test_pivotal_facts_are_those_of_the_engine() -> None:
    assert DEPLOYMENT.pivotal() == reasoning.pivotal(
        KAZAKHSTAN, "purpose-based", act="russian-deployment"
    )
    assert len(DEPLOYMENT.pivotal(order=2)) > 0


def test_each_answer_stands_beside_the_record() -> None:
    own = OwnFinding(MET, evidence="A letter.")
    case = case_of()
    given_now = Examination(case, "entry").set("requester-coerced", own).given()

    assert given_now == (
        Given(
            "requester-coerced",
            "Was it so?",
            own,
            case.finding("requester-coerced").answer(),
        ),
    )


def test_answers_that_do_not_go_together_are_named_and_still_judged() -> None:
    examined = imagined()
    for fact in ("ad-hoc-request", "treaty-clause-covers"):
        examined = examined.set(fact, OwnFinding(NOT_MET))
    examined = examined.set("consent-withdrawn", OwnFinding(MET))

    withdrawn, arrived = examined.clashes()
    assert withdrawn == (
        "No request and no treaty is found here, yet consent was withdrawn. That fits only if "
        "consent was given in another way, for instance tacitly, which is disputed: say so in "
        "your evidence."
    )
    assert arrived == (
        "These answers cannot be true together: no request was made and no treaty covers the "
        "case, yet a request came before the troops."
    )
    assert examined.opinion().verdict == "unlawful"


@pytest.mark.parametrize("key", cases.case_ids())
def test_no_record_clashes_with_itself(key: str) -> None:
    case = cases.case(key)
    for act in ("", *(one.id for one in case.acts)):
        assert Examination(case, act).clashes() == ()


def test_a_clash_needs_three_values() -> None:
    values_now = {"ad-hoc-request": NOT_MET, "treaty-clause-covers": NOT_MET}

    assert clash(values_now) == ()
    assert len(clash({**values_now, "consent-withdrawn": MET})) == 1
