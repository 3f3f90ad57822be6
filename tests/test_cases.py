"""The findings of a case, and what is said when they are written wrongly."""

from datetime import date, timedelta

import pytest

from tests.conftest import Damage
from volens import cases, evidence
from volens.errors import CaseError, UnknownCaseError
from volens.logic import MET, NOT_MET, UNCLEAR

KAZAKHSTAN = "kazakhstan-2022"
FILE = "cases/kazakhstan-2022/case.toml"


def test_the_findings_come_in_order_and_none_is_missing() -> None:
    refs = [one.ref for one in cases.case(KAZAKHSTAN).findings]
    numbers = [f"F{number:02}" for number in range(1, 30) if number not in (11, 12, 17)]

    assert refs == sorted([*numbers, "F11a", "F11b", "F17a", "F17b"])


def test_every_finding_rests_on_rows_that_exist() -> None:
    for one in cases.case(KAZAKHSTAN).findings:
        assert one.rows, one.id
        assert len(set(one.rows)) == len(one.rows), one.id
        for table, key in one.rows:
            assert evidence.row(table, key).id == key


def test_every_finding_rests_on_rows_that_have_sources() -> None:
    for one in cases.case(KAZAKHSTAN).findings:
        for table, key in one.rows:
            roles = ("supports", "hosts")
            assert any(evidence.sources_of(table, key, role=role) for role in roles), key


def test_unclear_and_only_unclear_says_why() -> None:
    for one in cases.case(KAZAKHSTAN).findings:
        assert bool(one.why) == (one.value is UNCLEAR), one.id


def test_what_was_not_shown_is_unclear_and_not_denied() -> None:
    found = cases.case(KAZAKHSTAN)
    for ref in ("F07", "F09", "F11b", "F15"):
        assert (found.finding(ref).value, found.finding(ref).why) == (UNCLEAR, "no evidence")


def test_all_three_values_occur() -> None:
    assert {MET, NOT_MET, UNCLEAR} == {one.value for one in cases.case(KAZAKHSTAN).findings}


def test_a_question_is_a_question_and_a_note_one_sentence_of_45_words_at_most() -> None:
    for one in cases.case(KAZAKHSTAN).findings:
        assert one.question.endswith("?"), one.id
        assert one.note.endswith("."), one.id
        assert ". " not in one.note, one.id
        assert len(one.note.split()) <= 45, one.id


def test_a_finding_is_found_by_its_slug_and_by_its_code() -> None:
    found = cases.case(KAZAKHSTAN)
    assert found.finding("F01") is found.finding("request-before-arrival")


def test_an_unknown_finding_suggests_the_nearest() -> None:
    with pytest.raises(
        UnknownCaseError, match=r"no finding `request-text`\. Did you mean `request-text-public`"
    ):
        cases.case(KAZAKHSTAN).finding("request-text")


def test_an_unknown_case_names_those_there_are() -> None:
    with pytest.raises(UnknownCaseError, match=r"no case `bahrain-2012`\. Did you mean `bahr"):
        cases.case("bahrain-2012")


def test_the_name_of_a_case_is_no_path() -> None:
    with pytest.raises(UnknownCaseError):
        cases.case("../cases/kazakhstan-2022")


@pytest.mark.parametrize("key", cases.case_ids())
def test_every_case_answers_the_same_questions(key: str) -> None:
    expected = [one.id for one in cases.case(KAZAKHSTAN).findings]
    found = cases.case(key)

    assert sorted(one.id for one in found.findings) == sorted(expected)
    assert {one.ref for one in found.findings} == {
        one.ref for one in cases.case(KAZAKHSTAN).findings
    }
    assert found.aims
    assert found.acts


@pytest.mark.parametrize("key", sorted(set(cases.case_ids()) - {KAZAKHSTAN}))
def test_a_comparison_case_names_the_source_of_what_was_read(key: str) -> None:
    for one in cases.case(key).findings:
        if one.verified.startswith("pages"):
            assert one.sources, one.id
        if one.verified == "knowledge":
            assert one.confidence != "high", one.id


def test_an_answer_depends_on_the_act_and_on_the_day() -> None:
    found = cases.case(KAZAKHSTAN)
    left = found.finding("left-when-asked")
    changed = [one for one in found.findings if one.known]

    assert left.answer("russian-deployment") != left.answer("stay-and-exit")
    assert changed
    for one in changed:
        first = one.known[0]
        assert one.answer(known_on=first.until - timedelta(days=1)) == first.answer
        assert one.answer(known_on=date.max) == one.answer()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'rows = ["T036", "T037", "T039"',
            'rows = ["T936", "T037", "T039"',
            (
                r"data/cases/kazakhstan-2022/case.toml, finding `request-before-arrival`, "
                r"key `rows`: expected ids of rows of timeline, claims, casualties, figures, "
                r'contingents, conflicts, got "T936" \(line \d+\)\.'
            ),
        ),
        (
            'value = "met"',
            'value = "yes"',
            r"key `value`: expected one of not met, unclear, met, not applicable",
        ),
        (
            'value = "not met"',
            'value = "not met"\nwhy = "no evidence"',
            r"key `why`: expected no reason beside `not met`",
        ),
        (
            'why = "no evidence"\n',
            "",
            r"finding `request-text-public`, key `why`: expected a text, got nothing",
        ),
        (
            'why = "no evidence"',
            'why = "unknown"',
            r"key `why`: expected one of no evidence, conflicting evidence, legal standard",
        ),
        (
            'ref = "F02"',
            'ref = "F01"',
            r'a name of its own, got "F01" \(line \d+\)\. It occurs twice',
        ),
        ('ref = "F02"', 'ref = "F002"', r"key `ref`: expected text like"),
        (
            'confidence = "high"',
            'confidence = "certain"',
            r"key `confidence`: expected one of high, medium, low",
        ),
        ('verified = "pages', 'verified = "read', r"key `verified`: expected text like"),
        ('id = "kazakhstan-2022"', 'id = "kazakhstan"', "expected one of kazakhstan-2022"),
        ('title = "', 'titel = "', r"case.toml, key `titel`: expected no such key"),
        ("\n[[finding]]", "\n[[finding]", "case.toml is not TOML"),
    ],
)
def test_a_mistake_is_named_by_file_entry_and_key(
    damage: Damage, old: str, new: str, message: str
) -> None:
    damage(old, new, FILE)

    with pytest.raises(CaseError, match=message):
        cases.case(KAZAKHSTAN)
