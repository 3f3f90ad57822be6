"""The elements and the positions, as data."""

import pytest

from tests.conftest import Damage
from volens import cases, codebook, doctrine, evidence, positions
from volens.errors import DoctrineError, UnknownDoctrineError

ELEMENTS = "doctrine/elements.toml"
POSITIONS = "doctrine/positions.toml"
KAZAKHSTAN = cases.case("kazakhstan-2022")
JUDGED = [one for one in positions.positions() if one.kind == "position"]
TESTS = [one for one in positions.positions() if one.kind == "inviter test"]


def test_the_elements_run_from_conduct_to_complicity() -> None:
    assert "".join(one.ref for one in positions.elements()) == "0ABCDEFGHIJKLMN"
    assert [one.order for one in positions.elements()] == list(range(15))


def test_gates_are_asked_on_every_position() -> None:
    assert all(one.always for one in positions.elements() if one.role == "gate")


def test_an_element_that_is_not_always_asked_names_the_flags_that_switch_it_on() -> None:
    assert all(one.flags for one in positions.elements() if not one.always)


def test_only_positions_and_inviter_tests_have_flags() -> None:
    assert {one.kind for one in positions.positions() if one.flags} == {"position", "inviter test"}
    assert [one.id for one in JUDGED if not one.flags] == []


def test_the_inviter_tests_of_the_element_are_the_positions_of_that_kind() -> None:
    asked = [one.position for one in positions.element("authority-to-invite").inviter_tests]
    assert asked == [one.id for one in TESTS]


@pytest.mark.parametrize("position", JUDGED, ids=lambda one: one.id)
def test_a_position_names_an_inviter_test_that_exists(position: positions.Position) -> None:
    assert position.flags["default_inviter_test"] in [one.id for one in TESTS]


@pytest.mark.parametrize("one", positions.positions(), ids=lambda one: one.id)
def test_each_view_is_given_its_best_sentence_and_its_best_objection(
    one: positions.Position,
) -> None:
    for text in (one.thesis, one.strongest, one.objection, one.test):
        assert len(text.split()) >= 10


@pytest.mark.parametrize("one", positions.positions(), ids=lambda one: one.id)
def test_nobody_is_said_with_confidence_to_hold_what_was_not_read(one: positions.Position) -> None:
    unread = [work for work in one.works if work.read == "not"]
    assert [work.source for work in unread if work.confidence == "high"] == []


def test_a_work_is_read_no_further_here_than_its_source() -> None:
    rank = {"not": 0, "in part": 1, "in full": 2}
    for one in positions.positions():
        for work in one.works:
            source = evidence.row("sources", work.source)
            assert rank[work.read] <= rank[source.read], (one.id, work.source)


def test_findings_that_elements_name_are_findings_of_the_case() -> None:
    known = {finding.id for finding in KAZAKHSTAN.findings}
    for one in positions.elements():
        named = {*one.findings, *(key for test in one.inviter_tests for key in test.findings)}
        assert named <= known, one.id


def test_the_matrix_names_only_positions_that_exist() -> None:
    known = {one.id for one in JUDGED}
    assert {key for one in doctrine.relations() for key in one.positions} <= known


def test_a_position_is_found_by_its_code_too() -> None:
    assert positions.position("S6b").id == "human-rights-bar"
    assert positions.element("F").id == "continuity"


def test_an_unknown_name_lists_what_there_is() -> None:
    with pytest.raises(UnknownDoctrineError, match=r"no position `free`.*free-consent"):
        positions.position("free")
    with pytest.raises(UnknownDoctrineError, match=r"no element `Z`.*existence"):
        positions.element("Z")


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (POSITIONS, 'kind = "position"', 'kind = "school"', "`kind`: expected one of position"),
        (POSITIONS, "purpose_test = false", 'purpose_test = "no"', "expected true or false"),
        (
            POSITIONS,
            'limit_threshold = "none"',
            'limit_threshold = "war"',
            "`free-consent`, flags, key `limit_threshold`: expected one of none, political contest",
        ),
        (
            POSITIONS,
            'limit_threshold = "none"',
            'limit_treshold = "none"',
            "key `limit_treshold`: expected no such key",
        ),
        (
            POSITIONS,
            "purpose_test = false",
            'purpose_test = false\npurpose_from = "always"',
            "`purpose_from`: expected nothing, since purpose_test is false",
        ),
        (
            POSITIONS,
            'default_inviter_test = "incumbency"',
            'default_inviter_test = "popularity"',
            r"`default_inviter_test`: expected an inviter test \(effective-.* \(line \d+\)",
        ),
        (POSITIONS, "civil-war-limit = ", "war-limit = ", "`war-limit`: expected ids of elements"),
        (POSITIONS, 'source = "', 'source = "x-', "`source`: expected an id of data/sources.csv"),
        (POSITIONS, 'stance = "holds"', 'stance = "likes"', "`stance`: expected one of holds"),
        (ELEMENTS, 'role = "gate"', 'role = "door"', "`existence`, key `role`: expected one of"),
        (ELEMENTS, "\norder = 1\n", '\norder = "one"\n', "`order`: expected a whole number"),
        (ELEMENTS, '"un-charter-2-4"', '"un-charter-9-9"', "expected ids of data/doctrine/auth"),
    ],
)
def test_a_mistake_is_named_by_file_entry_and_key(
    damage: Damage, file: str, old: str, new: str, message: str
) -> None:
    damage(
        f"\n{old}" if old.startswith("order") else old,
        f"\n{new}" if old.startswith("order") else new,
        file,
    )
    with pytest.raises(DoctrineError, match=message):
        positions.positions()


def test_a_mistake_names_its_line(damage: Damage) -> None:
    damage('kind = "position"', 'kind = "school"', POSITIONS)
    text = (codebook.data_directory() / POSITIONS).read_text(encoding="utf-8")
    line = text[: text.index('kind = "school"')].count("\n") + 1

    with pytest.raises(DoctrineError, match=rf'got "school" \(line {line}\)\.'):
        positions.positions()
