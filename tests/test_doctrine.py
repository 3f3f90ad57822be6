"""The doctrine as data, and what is said when it is written wrongly."""

import re
from pathlib import Path

import pytest

from tests.conftest import Damage, forget
from volens import doctrine, evidence
from volens.entries import toml
from volens.errors import CellError, DoctrineError, UnknownDoctrineError

PRINCIPLES = "doctrine/principles.toml"
PURPOSES = "doctrine/purposes.toml"
MATRIX = "doctrine/matrix.csv"
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def test_every_purpose_stands_in_one_relation_to_every_principle() -> None:
    expected = [
        (purpose.id, principle.id)
        for purpose in doctrine.purposes()
        for principle in doctrine.principles()
    ]
    assert expected == [(one.purpose, one.principle) for one in doctrine.relations()]
    assert len(expected) == 19 * 8


def test_consent_is_the_only_precondition() -> None:
    kinds = {one.id: one.kind for one in doctrine.principles()}

    assert [one for one, kind in kinds.items() if kind == "precondition"] == ["sovereign-consent"]
    assert {one for one, kind in kinds.items() if kind == "constraint"} == {
        "self-determination",
        "prohibition-of-force",
        "human-rights",
        "charter-hierarchy",
    }


def test_constraints_and_only_they_say_how_far_they_reach() -> None:
    for one in doctrine.principles():
        assert bool(one.constraint_scope) == (one.kind == "constraint"), one.id


def test_every_principle_rests_on_something_that_was_read() -> None:
    for one in doctrine.principles():
        read = [evidence.row("authorities", key).read for key in one.authorities]
        assert any(how_much != "not" for how_much in read), one.id


def test_only_support_of_the_government_as_such_is_not_avowed() -> None:
    assert [one.id for one in doctrine.purposes() if not one.avowed] == ["regime-support"]


def test_every_purpose_names_codes_that_exist() -> None:
    known = {row.id for row in evidence.rows("claim_codes") if row.kind == "purpose"}
    for one in doctrine.purposes():
        assert known.issuperset(one.claim_codes), one.id


def test_every_code_has_a_purpose_or_is_listed_with_none() -> None:
    codes = [code for one in doctrine.purposes() for code in one.claim_codes]
    listed = toml(PURPOSES, DoctrineError).entries("without_purpose")
    without = [entry.text("claim_code") for entry in listed]

    assert {row.id for row in evidence.rows("claim_codes") if row.kind == "purpose"} == {
        *codes,
        *without,
    }
    assert set(codes).isdisjoint(without)
    assert {code for code in codes if codes.count(code) > 1} == {
        "humanitarian-crisis",
        "not-taking-sides",
    }


def test_slugs_and_codes_find_the_same() -> None:
    for one in doctrine.purposes():
        assert SLUG.fullmatch(one.id)
        assert doctrine.purpose(one.ref) is doctrine.purpose(one.id) is one
    for norm in doctrine.principles():
        assert SLUG.fullmatch(norm.id)
        assert doctrine.principle(norm.ref) is doctrine.principle(norm.id) is norm
    assert doctrine.relation("J01", "HR") is doctrine.relation("counter-terrorism", "human-rights")


def test_a_stance_without_a_hinge_is_one_that_is_not_engaged() -> None:
    assert {one.stance for one in doctrine.relations() if not one.hinge} == {"not engaged"}


def test_self_determination_is_in_tension_on_some_positions_only() -> None:
    """Whether it limits an invitation is what scholars divide on."""
    for one in doctrine.relations():
        if one.principle == "self-determination" and one.stance == "tension":
            assert one.positions == ("abstention", "purpose-based", "human-rights-bar")
            assert "free-consent view" in one.note


@pytest.mark.parametrize("principle", ["non-intervention", "self-determination"])
def test_what_names_a_position_in_its_note_names_it_in_its_column(principle: str) -> None:
    for one in doctrine.relations():
        if one.principle == principle and one.stance == "tension":
            assert bool(one.positions) == ("view" in one.note), one


def test_no_note_is_longer_than_45_words() -> None:
    assert [one for one in doctrine.relations() if len(one.note.split()) > 45] == []


def test_a_note_that_names_what_was_not_read_is_not_of_high_confidence() -> None:
    assert [one for one in doctrine.relations() if "not read" in one.note] != []
    assert [
        one for one in doctrine.relations() if "not read" in one.note and one.confidence == "high"
    ] == []


def test_nothing_in_the_doctrine_quotes_15_words_or_more() -> None:
    texts = [one.note for one in doctrine.relations()]
    for file, key in ((PRINCIPLES, "principle"), (PURPOSES, "purpose")):
        for entry in toml(file, DoctrineError).entries(key):
            texts += [text for text in entry.content.values() if isinstance(text, str)]
            texts += [one["for"] for one in entry.content.get("works", ())]
    for text in texts:
        for quoted in re.findall(r"[\"“«]([^\"”»]*)[\"”»]", text):
            assert len(quoted.split()) < 15, quoted


def test_no_text_for_a_page_shows_a_code_alone() -> None:
    shown = [one.note + one.hinge for one in doctrine.relations()]
    shown += [one.definition + one.self_determination + one.abuse for one in doctrine.purposes()]
    shown += [one.protects + one.disputed for one in doctrine.principles()]
    assert [text for text in shown if re.search(r"\b([JFS]\d{1,2}|ARSIWA|ROE)\b", text)] == []


@pytest.mark.parametrize(
    ("look_up", "message"),
    [
        (
            lambda: doctrine.purpose("counter-terorism"),
            (
                r"There is no purpose `counter-terorism`\. Did you mean `counter-terrorism`\? "
                r"The purposes are: regime-support, "
            ),
        ),
        (
            lambda: doctrine.principle("human-right"),
            r"no principle `human-right`\. Did you mean `human-rights`\?",
        ),
        (lambda: doctrine.relation("J99", "HR"), "no purpose `J99`"),
        (lambda: doctrine.relation("J01", "XX"), "no principle `XX`"),
    ],
)
def test_an_unknown_key_is_named_with_the_nearest(look_up: object, message: str) -> None:
    with pytest.raises(UnknownDoctrineError, match=message):
        look_up()  # type: ignore[operator]


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (
            PRINCIPLES,
            'kind = "precondition"',
            'kind = "gate"',
            (
                r"data/doctrine/principles.toml, principle `sovereign-consent`, key `kind`: "
                r'expected one of precondition, constraint, principle, got "gate" \(line \d+\)\.'
            ),
        ),
        (
            PRINCIPLES,
            "protects =",
            "protect =",
            r"principle `sovereign-consent`, key `protect`: expected no such key \(there are id,",
        ),
        (
            PRINCIPLES,
            'name = "Non-intervention"\n',
            "",
            r"`non-intervention`, key `name`: expected a text, got nothing \(line \d+\)\.",
        ),
        (
            PRINCIPLES,
            'kind = "principle"\n',
            'kind = "principle"\nconstraint_scope = "all"\n',
            "key `constraint_scope`: expected no scope for a principle",
        ),
        (
            PRINCIPLES,
            '"un-charter-2-1"',
            '"un-charter-2-9"',
            "`sovereign-consent`, key `authorities`: expected ids of the table authorities",
        ),
        (
            PRINCIPLES,
            'id = "non-intervention"',
            'id = "sovereign-consent"',
            r"a name of its own, got \"sovereign-consent\" \(line \d+\)\. It occurs twice",
        ),
        (PRINCIPLES, 'ref = "NI"', 'ref = "SC"', r'a name of its own, got "SC"'),
        (PRINCIPLES, "[[principle]]", "[[principle]", "principles.toml is not TOML: .* line"),
        (
            PURPOSES,
            "avowed = false",
            'avowed = "no"',
            r"purpose `regime-support`, key `avowed`: expected true or false, got \"no\"",
        ),
        (
            PURPOSES,
            'claim_codes = ["stability"]',
            'claim_codes = ["calm"]',
            r"purpose `stability`, key `claim_codes`: expected ids of data/claim-codes.csv.*calm",
        ),
        (
            PURPOSES,
            'claim_codes = ["stability"]',
            'claim_codes = "stability"',
            r"purpose `stability`, key `claim_codes`: expected a list of texts",
        ),
        (
            PURPOSES,
            'claim_codes = ["stability"]',
            "claim_codes = []",
            r"purposes.toml, key `claim_codes`: expected a place for the code `stability`",
        ),
        (
            PURPOSES,
            'id = "stability"',
            'id = "Stability"',
            r"purpose `Stability`, key `id`: expected text like",
        ),
        (
            MATRIX,
            "stability,human-rights,",
            "calm,human-rights,",
            r"data/doctrine/matrix.csv, row 71, column `purpose`: expected one of .*got \"calm\"",
        ),
        (
            MATRIX,
            "stability,human-rights,",
            "stability,territorial-integrity,",
            r"matrix.csv, row 71: `stability` and `territorial-integrity` occur twice",
        ),
    ],
)
def test_a_mistake_is_named_by_file_entry_and_key(
    damage: Damage, file: str, old: str, new: str, message: str
) -> None:
    damage(old, new, file)
    with pytest.raises(DoctrineError, match=message):
        doctrine.relations()


def test_a_missing_cell_of_the_matrix_is_named(data: Path) -> None:
    lines = (data / MATRIX).read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("stability,human-rights,")]
    (data / MATRIX).write_text("".join(kept), encoding="utf-8")
    forget()

    with pytest.raises(
        DoctrineError, match="expected a row for the purpose `stability` and the principle `human-"
    ):
        doctrine.relations()


def test_an_unknown_stance_is_named_as_in_any_table(damage: Damage) -> None:
    damage(",tension,", ",conflict,", MATRIX)
    with pytest.raises(CellError, match="column `stance`: expected one of supports"):
        doctrine.relations()


def test_a_missing_file_says_what_to_do(data: Path) -> None:
    (data / PRINCIPLES).unlink()
    with pytest.raises(DoctrineError, match=r"principles.toml was not found\. Install the"):
        doctrine.principles()
