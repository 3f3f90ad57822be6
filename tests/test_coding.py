"""A coding: codes in a closed vocabulary, and where two coders differ."""

import ast
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volens import codebook, coding, doctrine, evidence
from volens.coding import BASES, CANNOT, FIELDS, SPEAKERS, Code, Coding, differences, share
from volens.errors import CodingError, UnknownCaseError

CASE = "kazakhstan-2022"
EMPTY = Coding(CASE)
AIM = Code("inviting-state", "aim", ("counter-terrorism",))
CLAIMS = tuple(coding.claims(CASE))
CODES = tuple(one for one in coding.purposes() if one != CANNOT)

codes = st.builds(
    Code,
    speaker=st.sampled_from(["", *SPEAKERS]),
    basis=st.sampled_from(["", *BASES]),
    purposes=st.one_of(
        st.just((CANNOT,)), st.lists(st.sampled_from(CODES), unique=True, max_size=4).map(tuple)
    ),
    note=st.text(max_size=20),
)
codings = st.dictionaries(st.sampled_from(CLAIMS), codes, max_size=8).map(
    lambda found: Coding(CASE, found)
)


def test_who_speaks_is_coded_in_the_words_of_the_table() -> None:
    role = next(one for one in codebook.table("claims").columns if one.name == "role")

    assert set(SPEAKERS) == {*role.choices, CANNOT}


#: A title and an assurance, of which the notes of the list say nothing.
NO_AIMS = {"collective-self-defence": "ground", "not-taking-sides": "limit"}


def test_a_basis_follows_the_kind_and_the_note_of_a_code() -> None:
    expected = {}
    for row in evidence.rows("claim_codes"):
        note = row.note or ""
        ground, limit = note.startswith("A ground for acting"), note.startswith("A limit on how")
        kind = "aim" if row.kind == "purpose" else row.kind
        by_note = "ground" if ground else "limit" if limit else kind
        expected[row.id] = NO_AIMS.get(row.id, by_note)

    assert {key: coding.basis_of(key) for key in expected} == expected
    assert set(expected.values()) | {CANNOT} == set(BASES)


def test_a_code_of_what_the_doctrine_calls_no_aim_is_no_aim() -> None:
    no_aims = {
        code
        for purpose in doctrine.purposes()
        if purpose.counts_as_aim == "no"
        for code in purpose.claim_codes
    }

    assert no_aims == set(NO_AIMS)


def test_the_reference_codes_every_claim_whole_and_never_gives_up() -> None:
    found = coding.reference(CASE).codes

    assert tuple(found) == CLAIMS
    assert all(code.complete and CANNOT not in code.purposes for code in found.values())


def test_the_reference_takes_main_and_other_purposes() -> None:
    assert coding.reference(CASE).codes["C001"] == Code(
        "inviting-state",
        "ground",
        ("collective-self-defence", "counter-terrorism", "treaty-obligation"),
    )


def test_only_a_reference_of_high_confidence_is_a_key() -> None:
    keys = {claim for claim in CLAIMS if coding.is_key(CASE, claim)}

    assert keys == {row.id for row in evidence.rows("claims") if row.confidence == "high"}
    with pytest.raises(CodingError, match=r'"C999" is no claim'):
        coding.is_key(CASE, "C999")


@given(codings)
def test_a_coding_survives_as_data_as_json_and_as_a_literal(made: Coding) -> None:
    kept = made.compared()
    text = json.dumps(kept.to_data(), ensure_ascii=False)

    assert Coding.from_data(CASE, kept.to_data()) == kept
    assert Coding.from_data(CASE, json.loads(text)) == kept
    assert Coding.from_data(CASE, ast.literal_eval(text)) == kept


@given(codings)
def test_what_was_compared_counts_as_first_coded(made: Coding) -> None:
    first = made.before()
    changed = made.compared()
    for claim in first:
        changed = changed.set(claim, Code("press", "neutral", (CANNOT,)))

    assert {claim: code.to_data() for claim, code in changed.before().items()} == {
        claim: {**code.to_data(), "note": ""} for claim, code in first.items()
    }
    assert changed.shown == tuple(first)


@given(codings, codings)
def test_differences_and_shares_count_the_same_claims(one: Coding, other: Coding) -> None:
    found = differences(one, other)
    both = set(one.before()) & set(other.before())

    for field in FIELDS:
        counted = share(one, other, field)
        assert counted.of == len(both)
        assert counted.of - counted.agreed == sum(row.field == field for row in found)
        assert counted.agreed <= counted.touching <= counted.of
    assert {row.claim for row in found} <= both
    assert len(differences(other, one)) == len(found)


def test_a_coding_does_not_differ_from_itself() -> None:
    assert differences(coding.reference(CASE), coding.reference(CASE)) == ()


def test_a_change_makes_a_new_coding() -> None:
    changed = EMPTY.set("C001", AIM)

    assert (len(EMPTY.codes), len(changed.codes)) == (0, 1)
    assert changed.clear("C001") == EMPTY
    assert repr(changed) == "<Coding kazakhstan-2022: 1 claim coded>"


def test_the_order_of_coding_and_of_ticking_does_not_matter() -> None:
    one = EMPTY.set("C002", AIM).set("C001", Code(purposes=("stability", "counter-terrorism")))
    other = EMPTY.set("C001", Code(purposes=("counter-terrorism", "stability"))).set("C002", AIM)

    assert list(one.to_data()["codes"]) == ["C001", "C002"]
    assert one == other


def test_a_claim_that_is_begun_is_not_compared() -> None:
    begun = EMPTY.set("C001", Code("inviting-state"))

    assert begun.before() == {}
    assert begun.compared().shown == ()


def test_comparing_with_a_second_coder_keeps_only_what_both_have_coded() -> None:
    mine = EMPTY.set("C001", AIM).set("C002", AIM)
    kept = mine.compared(EMPTY.set("C002", AIM))

    assert (tuple(kept.first), kept.shown) == (("C002",), ())


def test_a_difference_says_claim_speaker_field_and_both_codes() -> None:
    other = EMPTY.set("C001", Code("scholar", "aim", ("counter-terrorism", "stability")))

    assert [str(row) for row in differences(EMPTY.set("C001", AIM), other)] == [
        (
            "C001 (Tokayev, President of Kazakhstan), who speaks: the inviting State against a "
            "scholar or an analyst."
        ),
        (
            "C001 (Tokayev, President of Kazakhstan), purposes: "
            '"counter-terrorism" against "counter-terrorism" and "stability".'
        ),
    ]


def test_no_code_is_shown_without_its_words() -> None:
    for field, known in (("speaker", SPEAKERS), ("basis", BASES)):
        assert {coding.in_words(field, code) for code in known} == set(known.values())
    assert coding.in_words("purposes", (CANNOT,)) == "cannot be told from these words"
    assert coding.in_words("speaker", "") == coding.in_words("purposes", ()) == "not coded"


# Which claims


def test_the_first_eight_are_quoted_sure_and_spread() -> None:
    rows = [evidence.row("claims", claim) for claim in coding.sample(CASE, "first")]

    assert len(rows) == 8
    assert {(row.wording, row.confidence) for row in rows} == {("quoted", "high")}
    assert len({row.role for row in rows}) == 8
    assert {coding.basis_of(row.purpose) for row in rows} >= {"aim", "ground", "criticism"}


def test_a_sample_holds_what_its_name_says() -> None:
    rows = evidence.rows("claims")

    assert coding.sample(CASE, "all") == CLAIMS
    assert set(coding.sample(CASE, "quoted")) == {r.id for r in rows if r.wording == "quoted"}
    assert set(coding.sample(CASE, "speaker:belarus")) == {
        row.id for row in rows if "belarus" in evidence.items(row.actor)
    }


# What is refused, in words

GOOD = EMPTY.set("C001", AIM).compared().to_data()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"schema": "volens/timeline"}, "answer of another widget"),
        ({"case": "mali-2013"}, '`case`: .*got "mali-2013"'),
        ({"codes": []}, "`codes`: expected a dictionary, got a list"),
        ({"codes": {"C999": {}}}, '"C999" is no claim of'),
        ({"codes": {"C001": "aim"}}, "C001: expected a dictionary with speaker"),
        ({"codes": {"C001": {"speaker": 3}}}, "C001, `speaker`: expected a text, got 3"),
        ({"codes": {"C001": {"speaker": "me"}}}, 'C001, who speaks: .*got "me"'),
        ({"codes": {"C001": {"basis": "law"}}}, 'C001, what it rests on: .*got "law"'),
        ({"codes": {"C001": {"purposes": "stability"}}}, "C001, `purposes`: expected a list"),
        ({"codes": {"C001": {"purposes": ["P07"]}}}, 'C001, purposes: .*got "P07"'),
        ({"codes": {"C001": {"purposes": [CANNOT, "stability"]}}}, "stands alone"),
        ({"first": {"C001": {"speaker": "press"}}}, "expected all three fields"),
        ({"shown": ["C999"]}, '"C999" is no claim'),
        ({"shown": "C001"}, "expected a list"),
        ({"sample": "some"}, 'no choice of claims "some"'),
        ({"sample": "speaker:atlantis"}, "no choice of claims"),
    ],
)
def test_what_is_no_coding_is_refused_in_words(change: dict[str, object], said: str) -> None:
    with pytest.raises(CodingError, match=said):
        Coding.from_data(CASE, {**GOOD, **change})


def test_what_is_left_out_is_empty() -> None:
    found = Coding.from_data(CASE, {"schema": coding.SCHEMA, "version": 1, "case": CASE})

    assert found == EMPTY


def test_codings_of_different_cases_are_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("volens.coding.codings.claims", lambda case: {})

    with pytest.raises(CodingError, match="both are of one case"):
        share(Coding(CASE), Coding("mali-2013"), "speaker")


def test_an_unknown_field_lists_those_there_are() -> None:
    with pytest.raises(CodingError, match="speaker, basis, purposes"):
        share(EMPTY, EMPTY, "stance")


def test_a_case_without_claims_says_so() -> None:
    with pytest.raises(CodingError, match="no table of claims yet"):
        Coding("mali-2013")
    with pytest.raises(UnknownCaseError):
        Coding("atlantis")


def test_the_basis_of_the_reference_is_that_of_its_main_purpose() -> None:
    for claim, row in coding.claims(CASE).items():
        assert coding.main_purpose(CASE, claim) == coding.purposes()[row.purpose]
    with pytest.raises(CodingError, match="C999"):
        coding.main_purpose(CASE, "C999")
