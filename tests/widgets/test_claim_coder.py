"""The claim coder's model and its static twin, without a browser."""

import json
from pathlib import Path

import pytest

from volens import coding
from volens.agreement import memo
from volens.coding import CANNOT, Code, Coding
from volens.errors import CodingError
from volens.widgets.claim_coder import ClaimCoder, claim_coder

CASE = "kazakhstan-2022"
FIRST = coding.sample(CASE, "first")
AIM = Code("inviting-state", "aim", ("counter-terrorism",), "It says <b>aggression</b>.")


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def filled() -> Coding:
    found = Coding(CASE)
    for claim in FIRST[:4]:
        found = found.set(claim, AIM)
    return found.set("C007", Code("press", "limit", (CANNOT,))).set("C002", Code("press"))


@pytest.fixture(name="coder")
def _coder() -> ClaimCoder:
    return claim_coder(CASE, filled().to_data())


def test_a_new_coder_is_empty_and_keeps_what_is_entered() -> None:
    coder = claim_coder()

    assert coder.coding == Coding(CASE)
    assert (coder.name, coder.keeps, coder.computed) == ("claim-coder-kazakhstan-2022", True, {})


def test_a_coder_that_is_given_a_coding_shows_that(coder: ClaimCoder) -> None:
    assert coder.coding == filled()
    assert repr(coder) == "<ClaimCoder kazakhstan-2022: 5 claims coded>"


def test_a_value_has_schema_version_and_no_word_that_is_no_literal(coder: ClaimCoder) -> None:
    assert list(coder.value)[:3] == ["schema", "version", "case"]
    assert (coder.value["schema"], coder.value["version"]) == ("volens/claim-coder", 1)
    text = json.dumps(filled().compared().to_data())
    assert not {"true", "false", "null"} & set(text.replace(",", " ").replace("]", " ").split())


def test_a_value_of_another_form_is_refused() -> None:
    with pytest.raises(CodingError):
        claim_coder(CASE, {"codes": {}})


def test_a_case_without_claims_is_refused_in_words() -> None:
    with pytest.raises(CodingError, match="no table of claims yet"):
        claim_coder("mali-2013")


def test_a_coding_is_saved_and_loaded(coder: ClaimCoder, tmp_path: Path) -> None:
    coder.save(tmp_path / "mine.json")
    other = claim_coder()
    other.load(tmp_path / "mine.json")

    assert other.coding == filled()


def test_no_card_tells_the_reference(coder: ClaimCoder) -> None:
    told = {"role", "organ", "stance", "purpose", "counter_evidence"}

    for claim in coder.content["claims"]:
        assert not told & set(claim)
    assert "Not found in the sources" not in json.dumps(coder.content["codeBook"])


def test_every_claim_has_words_sources_and_a_language_in_words(coder: ClaimCoder) -> None:
    for claim in coder.content["claims"]:
        assert claim["claim"]
        assert set(claim["sources"]) <= set(coder.content["sources"])
        assert len(claim["spoken"]) > 2
    reads = {source["read"].split(" (")[0] for source in coder.content["sources"].values()}
    assert reads <= {"in full", "in part", "not"}


def test_every_code_stands_under_one_heading(coder: ClaimCoder) -> None:
    listed = [code["id"] for group in coder.content["groups"] for code in group["codes"]]

    assert sorted([*listed, CANNOT]) == sorted(coding.purposes())


def test_before_comparing_there_is_no_agreement(coder: ClaimCoder) -> None:
    assert coder.computed == {}
    with pytest.raises(CodingError, match="Compare with the reference"):
        coder.agreement()


def test_comparing_with_the_reference_brings_back_what_the_view_cannot_compute(
    coder: ClaimCoder,
) -> None:
    coder.set_state({"value": filled().compared().to_data()})

    assert coder.computed == {"reference": coder.agreement().to_data()}
    assert coder.computed["reference"]["counts"][-1] == 4
    assert set(coder.computed["reference"]["beyond"]) == set(coding.FIELDS)


def test_a_claim_coded_later_is_compared_only_when_asked(coder: ClaimCoder) -> None:
    coder.coding = filled().compared().set(FIRST[5], AIM)

    assert coder.agreement().agreements[0].share.of == 4


def test_a_second_coder_is_compared_where_both_have_coded(coder: ClaimCoder) -> None:
    second = Coding(CASE, dict.fromkeys(FIRST, AIM))
    coder.set_state({"value": filled().compared(second).to_data(), "second": second.to_data()})

    assert coder.computed["second"]["counts"] == [4, 4, 4, 4]
    assert coder.agreement(second).rows == ()


def test_two_coders_are_compared_with_each_other(coder: ClaimCoder) -> None:
    other = claim_coder(CASE, filled().set(FIRST[0], Code("press", "aim", (CANNOT,))).to_data())

    assert {row.claim for row in coder.agreement(other).rows} == {FIRST[0]}


def test_a_second_coding_that_is_none_does_not_stop_the_widget(coder: ClaimCoder) -> None:
    coder.set_state({"value": filled().compared().to_data(), "second": {"coding": 3}})

    assert "second" not in coder.computed
    assert "second coder" not in coder.to_html()


def test_the_static_twin_has_the_codes_and_escapes_words(coder: ClaimCoder) -> None:
    page = coder.to_html()

    assert "&lt;b&gt;aggression&lt;/b&gt;" in page
    assert page.count("<tr>") == 1 + len({*FIRST, *coder.coding.codes})
    assert "the reference" not in page.lower()


def test_the_static_twin_has_the_reference_once_compared(coder: ClaimCoder) -> None:
    coder.coding = filled().compared()

    assert "You and the reference: rows that disagree" in coder.to_html()


def test_the_static_twin_of_an_untouched_coder_has_the_claims_to_code_on_paper() -> None:
    page = claim_coder().to_html()

    assert page.count("<tr>") == 1 + len(FIRST)
    assert page.count("not coded</td>") == len(coding.FIELDS) * len(FIRST)


def test_without_a_view_the_notebook_gets_the_tables_and_the_memo(coder: ClaimCoder) -> None:
    bundle = coder._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle

    assert data["text/html"] == coder.to_html()
    assert data["text/plain"] == memo(filled())


def test_the_page_needs_nothing_from_the_network() -> None:
    page = claim_coder().to_page()

    assert " src=" not in page
    assert "@import" not in page
