"""What a position makes of a board: locks, readings, hinges; and the words of caution."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Damage
from volens import cases, doctrine
from volens.errors import ReasoningError, WeighingError
from volens.positions import element, positions
from volens.reasoning import assess, pivotal
from volens.weighing import (
    STANCES,
    Entry,
    Precondition,
    Section,
    Weighing,
    additive_bias,
    choices,
    columns,
    compare_with,
    differences,
    precondition,
    sections,
    stand,
    standing,
    standings,
)
from volens.weighing.cautions import CONSENT_FIRST, CRITIQUE, NO_CELL, UNDETERMINED
from volens.weighing.locks import CAN, LOCKED, aims, row
from volens.weighing.readings import NEITHER, inviter_facts

CASE = "kazakhstan-2022"
VIEWS = [one.id for one in choices()]
FREE, ABSTENTION, PURPOSE, RIGHTS = (
    "free-consent",
    "abstention",
    "purpose-based",
    "human-rights-bar",
)
BOARD = (
    Weighing(CASE, position=PURPOSE)
    .set("J01", "HR", Entry("tension", "the label", "abuse-known-to-senders"))
    .set("J01", "SD", Entry("tension", "the label", "acts-within-scope"))
    .set("J15", "NI", Entry("tension", "", "own: who gave the order"))
)


def of(found: tuple[Section, ...], key: str) -> list[str]:
    (section,) = [one for one in found if one.id == key]
    return [str(point) for point in section.points]


def on(position: str, **changes: object) -> Weighing:
    return Weighing.from_data(CASE, BOARD.to_data() | {"position": position} | changes)


# Locks


@pytest.mark.parametrize("view", VIEWS)
def test_every_weighed_principle_has_a_standing_with_its_reason_on_every_view(view: str) -> None:
    found = standings(view)

    assert [one.principle for one in found] == [one.id for one in columns()]
    for one in found:
        assert one.why.endswith(".")
        assert one.can == CAN[one.reach]
        assert one.lock == (one.reach in LOCKED)


@pytest.mark.parametrize("view", VIEWS)
def test_only_a_constraint_of_the_doctrine_is_ever_a_lock(view: str) -> None:
    for one in standings(view):
        if one.lock:
            assert doctrine.principle(one.principle).kind == "constraint"
            assert one.scope


@pytest.mark.parametrize("view", VIEWS)
def test_self_determination_is_a_lock_exactly_where_the_position_says_so(view: str) -> None:
    (flags,) = [one.flags for one in positions() if one.id == view]

    assert standing(view, "self-determination").lock == flags["self_determination_limit"]


def test_human_rights_bar_the_title_on_one_view_and_stand_beside_it_on_the_others() -> None:
    assert {view: standing(view, "human-rights").reach for view in VIEWS} == {
        FREE: "beside",
        ABSTENTION: "beside",
        PURPOSE: "beside",
        RIGHTS: "bar",
    }


@pytest.mark.parametrize("view", VIEWS)
def test_force_without_a_title_is_a_lock_on_every_view(view: str) -> None:
    assert standing(view, "prohibition-of-force").reach == "title"


def test_the_free_consent_view_leaves_aside_what_the_government_may_sign_away() -> None:
    aside = [one.principle for one in standings(FREE) if one.reach == "aside"]

    assert aside == ["non-intervention", "self-determination"]


@pytest.mark.parametrize("view", VIEWS)
def test_a_duty_under_the_charter_has_priority_on_every_view(view: str) -> None:
    assert standing(view, "charter-hierarchy").reach == "priority"


def test_a_council_ban_can_meet_a_treaty_duty_on_the_free_consent_view_too() -> None:
    assert standing(FREE, "charter-hierarchy").why == (
        "It is a rule of priority between duties. On this view self-determination makes no "
        "conflict once consent is valid. A Council decision that forbids the help can conflict "
        "with a treaty duty to give it; that is asked on every view."
    )


def test_self_determination_is_locked_for_whose_right_it_is_and_not_for_its_rank() -> None:
    rests = "The lock rests on whose right it is, not on peremptory rank, which is disputed."

    assert {view for view in VIEWS if standing(view, "self-determination").why.endswith(rests)} == {
        ABSTENTION,
        PURPOSE,
        RIGHTS,
    }


def test_what_is_left_aside_is_not_said_to_decide_nothing() -> None:
    aside = standing(FREE, "self-determination")

    assert "Where its peremptory rank is beyond dispute, it is asked on every view" in aside.why
    assert aside.can.startswith("A stance here sets no limit of its own on this view.")


def test_a_reading_of_rhodes_that_would_undo_the_title_is_named_where_it_could_be_held() -> None:
    let = (
        "abuse does not undo the title. One reading of article 3 of the Institut's Rhodes "
        "resolution, as de Wet sets it out, would let it (own text read: in part "
        '(the words de Wet quotes in a chapter abstract)); see "No help in repression".'
    )

    assert {view for view in VIEWS if let in standing(view, "human-rights").why} == {
        ABSTENTION,
        PURPOSE,
    }
    for view in (FREE, ABSTENTION, PURPOSE):
        said = standing(view, "human-rights").why
        assert "On this view, as stipulated here, abuse does not undo the title." in said


def test_the_argument_from_the_purposes_of_the_charter_is_put_down_to_nobody() -> None:
    added = "the course puts this down to nobody."

    assert {view for view in VIEWS if added in standing(view, "prohibition-of-force").why} == {
        ABSTENTION,
        PURPOSE,
    }


def test_on_the_human_rights_view_crushing_nonviolent_protest_is_an_intervention() -> None:
    assert standing(RIGHTS, "non-intervention").why == (
        "On this view help in crushing nonviolent protest intervenes in the people's affairs "
        "although the government agrees."
    )


def test_each_view_says_by_what_it_lets_self_determination_work() -> None:
    said = {view: standing(view, "self-determination").why for view in VIEWS}

    assert "line of civil war" in said[ABSTENTION]
    assert "so the aim is asked" in said[PURPOSE]
    assert "nonviolent protest" in said[RIGHTS]


def test_a_lock_follows_from_a_flag_and_not_from_a_name(damage: Damage) -> None:
    damage(
        "self_determination_limit = false",
        "self_determination_limit = true",
        "doctrine/positions.toml",
    )

    assert standing(FREE, "self-determination").lock


def test_an_inviter_test_has_no_locks() -> None:
    with pytest.raises(ReasoningError, match="expected one of the kind position"):
        standings("effective-control")


@pytest.mark.parametrize("view", VIEWS)
def test_a_lock_forbids_no_stance(view: str) -> None:
    for principle in columns():
        for stance in STANCES:
            board = Weighing(CASE, position=view).set("J01", principle.id, Entry(stance))
            assert len(board.cells) == 1


def test_only_the_view_that_asks_for_aims_speaks_of_a_purpose() -> None:
    assert row(FREE, "regime-support") == ""
    assert row(PURPOSE, "regime-support") == "This is the aim that the view excludes."
    assert "disputed" in row(PURPOSE, "coup-attempt")
    assert "title of its own" in row(PURPOSE, "collective-self-defence")
    assert row(PURPOSE, "counter-terrorism") == ""
    assert "written into the consent" in aims(FREE)


def test_each_view_that_does_not_test_the_aims_says_so_as_stipulated() -> None:
    not_asked = "What the help is for is not asked on this view, as stipulated here."

    assert {view for view in VIEWS if aims(view).startswith(not_asked)} == {FREE, ABSTENTION}
    assert aims(RIGHTS).startswith(
        "The stated aims are not tested one by one on this view, as stipulated here. One thing is "
        "asked: whether the help served to put down nonviolent protest."
    )
    assert f"Aims: {aims(RIGHTS)}" in of(sections(BOARD), f"reading {RIGHTS}")


# Sections


def test_position_first_until_one_is_chosen_nothing_is_read_on_a_view() -> None:
    found = sections(on(""))

    assert [one.id for one in found] == ["conflicts", "lacking", "unsourced", "compare", "caution"]
    assert stand(on(""))[1].startswith("Choose a position first.")
    assert precondition(on("")) == Precondition(CONSENT_FIRST)


def test_with_a_position_all_four_views_read_the_board() -> None:
    found = [one.id for one in sections(BOARD)]

    assert [one for one in found if one.startswith("reading")] == [f"reading {v}" for v in VIEWS]
    assert found[0] == "locks"
    assert found[-1] == "caution"


def test_the_locks_met_are_those_of_the_chosen_position() -> None:
    met = {view: [line.split(":")[0] for line in of(sections(on(view)), "locks")] for view in VIEWS}

    assert met == {
        FREE: ["Human rights"],
        ABSTENTION: ["Self-determination", "Human rights"],
        PURPOSE: ["Self-determination", "Human rights"],
        RIGHTS: ["Self-determination", "Human rights"],
    }


def test_support_meets_no_lock() -> None:
    board = Weighing(CASE, position=PURPOSE).set("J01", "SD", Entry("supports"))

    assert of(sections(board), "locks") == []


@pytest.mark.parametrize("view", VIEWS)
def test_a_reading_has_the_verdict_of_the_engine(view: str) -> None:
    lines = of(sections(BOARD), f"reading {view}")

    assert lines[0].startswith(f"Verdict: {assess(CASE, view).verdict} (")
    assert "), on this view as stipulated here; judged: " in lines[0]


@given(st.sampled_from(VIEWS), st.sampled_from([one.id for one in columns()]))
def test_every_view_places_every_cell(view: str, principle: str) -> None:
    board = Weighing(CASE, position=view).set("J01", principle, Entry("depends"))
    name = doctrine.principle(principle).name
    lines = of(sections(board), f"reading {view}")

    assert sum(f": {name}, for " in line for line in lines) == 1


def test_what_the_free_consent_view_leaves_aside_it_says_with_its_reason() -> None:
    aside = [one for one in of(sections(BOARD), f"reading {FREE}") if one.startswith("Left aside")]

    assert len(aside) == 2  # non-intervention and self-determination
    assert "Self-determination does not limit what a government may invite" in aside[1]


def test_a_default_that_holds_on_other_views_is_marked() -> None:
    lines = of(sections(BOARD), f"reading {FREE}")
    default = doctrine.relation("coup-attempt", "non-intervention")

    assert (default.stance, FREE in default.positions) == ("tension", False)
    assert any("(in tension; the course's default, for other views)" in line for line in lines)


def test_the_purpose_view_says_how_each_weighed_aim_stands_in_the_case() -> None:
    lines = of(sections(BOARD), f"reading {PURPOSE}")

    assert (
        "Aims: Counter terrorism. Stated: yes; borne out by evidence: unclear; pursued: unclear."
        in lines
    )


def test_a_bar_of_human_rights_is_read_with_what_is_judged_beside_it() -> None:
    (line,) = [one for one in of(sections(BOARD), f"reading {RIGHTS}") if "Human rights, f" in one]
    here = line.split(" Here: ")[1]

    assert [one.split(":")[0] for one in here.split("; ")] == [
        element(one).name
        for one in ("self-determination-and-purpose", "conduct-of-forces", "complicity")
    ]


def test_an_act_stands_in_a_sentence_without_a_capital_article() -> None:
    acts = {one.id: one.name for one in cases.case(CASE).acts}
    judged = {key: precondition(on(FREE, act=key)).judged for key in acts}

    for key, name in acts.items():
        inside = name.replace("The ", "the ", 1) if name.startswith("The ") else name
        assert judged[key].endswith(f"for {inside}:")


# Hinges


def test_a_finding_that_no_test_could_ask_for_is_only_not_asked_by_the_view() -> None:
    board = on(FREE).set("J07", "PF", Entry("depends", "", "political-order-at-stake"))
    (line,) = [one for one in of(sections(board), "hinges") if "This view does not ask it." in one]

    assert "political-order-at-stake" not in inviter_facts()
    assert NEITHER not in line


def test_a_pivotal_finding_is_named_as_one_and_the_others_say_what_they_do() -> None:
    board = on(FREE).set("J07", "PF", Entry("depends", "", "democratic-mandate"))
    lines = of(sections(board), "hinges")

    assert any(
        "stay within what was asked for?" in one and "if yes, lawful." in one for one in lines
    )
    assert any("pattern of abuse" in one and "beside the title" in one for one in lines)
    assert any("democratic mandate" in one and f" {NEITHER} " in one for one in lines)
    assert any("who gave the order" in one and "cannot test it" in one for one in lines)


@pytest.mark.parametrize("view", VIEWS)
def test_every_single_flip_is_listed_as_a_hinge_of_the_board_or_as_named_by_none(view: str) -> None:
    lines = of(sections(on(view)), "hinges")
    flips = {flip.changes[0][0] for flip in pivotal(CASE, view)}
    found = [one for one in lines if "Alone it changes the verdict" in one]

    assert len(found) == len(flips)


def test_undetermined_is_called_a_result() -> None:
    assert f"{UNDETERMINED} {NO_CELL}" in of(sections(BOARD), "hinges")


def test_no_cell_enters_a_verdict() -> None:
    empty = Weighing(CASE, position=PURPOSE)
    verdicts = [of(sections(board), f"reading {PURPOSE}")[0] for board in (empty, BOARD)]

    assert verdicts[0] == verdicts[1]


def test_a_finding_changed_in_the_consent_test_changes_verdict_hinge_and_reading() -> None:
    own = {"shared": {"acts-within-scope": {"value": "met", "why": "", "evidence": "a log"}}}
    before, after = sections(on(FREE)), sections(on(FREE), own)

    assert of(before, f"reading {FREE}")[0].startswith("Verdict: undetermined")
    assert of(after, f"reading {FREE}")[0].startswith("Verdict: lawful")
    (line,) = of(after, "changed")
    assert line.endswith(
        "(On the record: unclear, no evidence.) Changed by you in the consent test: yes."
    )
    assert any("Your hinge" in one and "Changed by you" in one for one in of(after, "hinges"))


def test_a_finding_changed_for_one_act_leaves_the_others_alone() -> None:
    own = {"decision": {"acts-within-scope": {"value": "met", "why": "", "evidence": ""}}}

    assert of(sections(on(FREE), own), "changed") == []
    assert len(of(sections(on(FREE, act="decision"), own), "changed")) == 1


def test_findings_that_cannot_be_true_together_are_said_to_clash() -> None:
    no = {"value": "not met", "why": "", "evidence": ""}
    yes = {"value": "met", "why": "", "evidence": ""}
    own = {"shared": {"ad-hoc-request": no, "treaty-clause-covers": no, "consent-withdrawn": yes}}
    found = of(sections(on(FREE), own), "changed")

    assert sum(one.startswith("To be looked at together: ") for one in found) == 2


def test_findings_of_another_form_are_refused_in_words() -> None:
    with pytest.raises(WeighingError, match="The findings of the consent test: "):
        sections(BOARD, {"shared": {"luck": {"value": "met"}}})


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("case", cases.case_ids())
def test_a_board_can_be_read_on_every_view_for_every_case(case: str, view: str) -> None:
    found = sections(Weighing(case, position=view).set("J01", "HR", Entry("tension")))

    assert all(point.text for one in found for point in one.points)


def test_an_open_gate_is_settled_by_no_cell_and_a_shut_one_is_repaired_by_none() -> None:
    no = {"shared": {"acts-within-scope": {"value": "not met", "why": "", "evidence": ""}}}
    yes = {"shared": {"acts-within-scope": {"value": "met", "why": "", "evidence": ""}}}

    assert precondition(BOARD).after == (
        "One of these is undecided, so whether consent is a title here (a legal ground for the "
        "act) is undecided. Your cells do not settle that."
    )
    assert precondition(BOARD, no).after == (
        "One of these is not met, so consent is not a title here (a legal ground for the act). "
        "Your cells do not repair that."
    )
    assert precondition(BOARD, yes).after == ""


def test_each_condition_of_consent_has_a_sign_and_a_word() -> None:
    found = precondition(BOARD).gates

    assert found[0] == "\N{CHECK MARK} met: A request exists"
    assert "? unclear, no evidence: Within what was asked" in found
    assert found[-1] == "\N{CHECK MARK} met: Not withdrawn"


def test_several_open_gates_are_several() -> None:
    unclear = {"value": "unclear", "why": "no evidence", "evidence": ""}
    own = {"shared": {one.id: unclear for one in cases.case(CASE).findings}}

    assert precondition(BOARD, own).after.startswith("Some of these are undecided, so")


# Cautions


def test_two_boards_of_a_student_that_differ_ask_for_the_finding_that_makes_it() -> None:
    other = (
        Weighing("mali-2013").set("J01", "HR", Entry("supports")).set("J01", "SD", Entry("tension"))
    )

    (line,) = differences(BOARD, other)
    assert line == (
        "Counter terrorism and human rights: here in tension, on your board for Mali and France, "
        "January 2013 supports. Which finding makes the difference?"
    )


def counted() -> str:
    shown = {one.id for one in columns()}
    stances = [one.stance for one in doctrine.relations() if one.principle in shown]
    return f"{stances.count('supports')} cells in support and {stances.count('tension')} in tension"


def test_the_warning_counts_the_columns_that_are_shown() -> None:
    assert f"have {counted()}. A sum would favour intervention" in additive_bias()


def test_the_warning_changes_with_the_matrix(damage: Damage) -> None:
    before, cells = additive_bias(), counted()
    damage(
        "counter-terrorism,human-rights,depends",
        "counter-terrorism,human-rights,tension",
        "doctrine/matrix.csv",
    )

    assert counted() != cells
    assert additive_bias() == before.replace(cells, counted())


def test_the_board_ends_with_the_warning_and_the_critique() -> None:
    assert of(sections(BOARD), "caution") == [additive_bias(), CRITIQUE]


def test_cases_with_the_same_aims_come_first_in_the_symmetry_test() -> None:
    found = compare_with(BOARD)

    assert found[0].purposes == ("Counter terrorism",)
    assert CASE not in [one.case for one in found]
    assert of(sections(BOARD), "compare")[0].startswith(
        "Would you write the same cells with the States exchanged?"
    )


@pytest.mark.parametrize("view", VIEWS)
def test_no_code_stands_alone_and_no_state_is_called_guilty(view: str) -> None:
    for section in sections(on(view)):
        for point in section.points:
            assert not re.search(r"(?<!\()\b(F\d\d[ab]?|J\d\d|S\d+b?|H103)\b", str(point))
            assert "guilt" not in str(point)
