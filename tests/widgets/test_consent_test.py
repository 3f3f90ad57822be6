"""The consent test's model and its static twin, and what it sends to the browser."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import traitlets

from tests.reasoning.imagined import case_of
from volens import cases, positions
from volens.errors import ExaminationError
from volens.examining import Examination, OwnFinding
from volens.logic import MET, UNCLEAR
from volens.reasoning import Standard
from volens.widgets.consent_test import ConsentTest, consent_test
from volens.widgets.engine import engine_content

CASE = cases.case("kazakhstan-2022")
EXAMINED = Examination(
    CASE, "russian-deployment", "purpose-based", standard=Standard(known_on=date(2022, 1, 11))
).set("requester-coerced", OwnFinding(MET, evidence="He was <b>told</b> to"))


@pytest.fixture(name="filled")
def _filled() -> ConsentTest:
    return consent_test(CASE, EXAMINED.to_data())


def test_a_new_test_is_untouched() -> None:
    assert consent_test().value == Examination.begin(CASE).to_data()


def test_it_shows_what_it_is_given(filled: ConsentTest) -> None:
    assert filled.examination == EXAMINED
    assert not filled.keeps


def test_what_the_view_changes_is_the_examination(filled: ConsentTest) -> None:
    filled.set_state({"value": replace(EXAMINED, position="abstention").to_data()})

    assert filled.examination.position == "abstention"


def test_an_answer_of_another_form_is_refused() -> None:
    with pytest.raises(ExaminationError, match="There is no finding `guilt`"):
        consent_test(CASE, {"findings": {"decision": {"guilt": {"value": "met"}}}})


def test_it_is_saved_and_loaded(filled: ConsentTest, tmp_path: Path) -> None:
    filled.save(tmp_path / "test.json")
    other = consent_test()
    other.load(tmp_path / "test.json")

    assert other.examination == EXAMINED


def test_the_findings_can_be_linked_to_a_board_and_only_read(filled: ConsentTest) -> None:
    class Board(traitlets.HasTraits):
        findings = traitlets.Dict()

    board = Board()
    traitlets.link((filled, "findings"), (board, "findings"))
    filled.examination = EXAMINED.set("requester-coerced", None)

    assert board.findings == {} == filled.value["findings"]
    with pytest.raises(traitlets.TraitError):
        filled.findings = {"decision": {}}


def test_the_value_is_a_literal_in_python_and_in_json(filled: ConsentTest) -> None:
    def parts(value: object) -> Iterator[object]:
        yield value
        for part in value.values() if isinstance(value, dict) else ():
            yield from parts(part)

    kinds = {type(part) for part in parts(filled.value)}

    assert kinds == {dict, str, int}
    assert json.loads(json.dumps(filled.value)) == filled.value


# Its twin


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes |= {name for name, _ in attrs}
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_twin_has_the_opinion_the_answers_and_the_positions(filled: ConsentTest) -> None:
    page = filled.to_html()
    tags = _Tags()
    tags.feed(page)

    assert tags.open == []
    assert "id" not in tags.attributes
    assert "Freely given" in page
    assert "He was &lt;b&gt;told&lt;/b&gt; to" in page
    assert page.count("<caption") == 2
    assert all(one.name in page for one in positions.positions() if one.kind == "position")


def test_before_a_position_is_chosen_the_twin_gives_no_opinion() -> None:
    page = consent_test().to_html()

    assert "No position is chosen yet." in page
    assert "The walk through the elements" not in page
    assert page.count("<caption") == 1


def test_before_a_position_is_chosen_the_text_says_what_to_do() -> None:
    first = consent_test(CASE).to_text().splitlines()[0]

    assert first.endswith(
        'No position is chosen yet. Choose one under "Position": a verdict holds on one position, '
        "as stipulated here, and there is none that holds on all."
    )


def test_the_twin_answers_questions_with_yes_or_no(filled: ConsentTest) -> None:
    own = filled.to_html().split("own answers. They hold")[1]

    assert ">yes</td>" in own
    assert ">no</td>" in own
    assert ">met<" not in own
    assert filled.value["findings"]["russian-deployment"]["requester-coerced"]["value"] == "met"


def test_a_single_fact_that_turns_the_verdict_is_said_with_yes_or_no() -> None:
    text = consent_test(CASE, {"act": "russian-deployment", "position": "S3"}).to_text()

    assert (
        "- Did the Security Council forbid the intervention, or demand its end? If yes: unlawful.\n"
        "- Was there a request for this occasion, beside the treaty? If no: unlawful."
    ) in text


def test_the_text_says_whose_answer_it_is(filled: ConsentTest) -> None:
    assert (
        "- Was the person who asked coerced, by threats or by force? Yours: yes. It rests on "
        "this: He was <b>told</b> to. On the record: no."
    ) in filled.to_text().splitlines()


def test_an_answer_without_evidence_says_so() -> None:
    bare = EXAMINED.set("requester-coerced", OwnFinding(UNCLEAR, "conflicting evidence"))

    assert (
        "Yours: unclear, conflicting evidence. Still without evidence. On the record: no."
        in consent_test(CASE, bare.to_data()).to_text()
    )


def test_an_own_answer_has_no_confidence_of_the_record(filled: ConsentTest) -> None:
    record = consent_test(CASE, EXAMINED.set("requester-coerced", None).to_data())
    asks = "Was the person who asked coerced, by threats or by force?"

    assert "\nFreely given: met, confidence: medium. " in record.to_text()
    assert "\nFreely given: not met. Your answer: " in filled.to_text()
    for test, held in ((record, True), (filled, False)):
        ground = test.to_html().split(asks)[1].split("</li>")[0]
        assert ("Confidence of the record: medium." in ground.split("<ul>")[0]) is held


def test_the_text_says_when_the_verdict_follows_from_the_burden() -> None:
    text = consent_test(
        CASE, {"position": "free-consent", "standard": {"burden": "complainant"}}
    ).to_text()

    assert text.splitlines()[0].endswith(
        "lawful. This follows from the burden, not from a finding that the facts were so."
    )


def test_a_fact_of_another_title_is_said_to_need_the_rest_of_it() -> None:
    text = consent_test(CASE, {"position": "free-consent"}).to_text()

    assert "If yes: lawful, if the other elements of that title are shown too." in text


def test_the_memo_is_that_of_the_opinions_with_the_answers(filled: ConsentTest) -> None:
    headings = [line for line in filled.memo().splitlines() if line.startswith("## ")]

    assert headings == [
        "## Issue",
        "## Rule",
        "## Application",
        "## Conclusion",
        "## Against this opinion",
        "## Own answers",
    ]


def test_there_is_no_memo_without_a_position() -> None:
    with pytest.raises(ExaminationError, match="choose one before you judge"):
        consent_test().memo()


def test_the_notebook_gets_the_twin_and_the_text(filled: ConsentTest) -> None:
    bundle = filled._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle

    assert data["text/html"] == filled.to_html()
    assert data["text/plain"] == filled.to_text()


def test_it_has_a_short_repr(filled: ConsentTest) -> None:
    assert repr(filled) == (
        "<ConsentTest kazakhstan-2022, russian-deployment: purpose-based, 1 own finding>"
    )


def test_no_word_of_a_score_stands_on_the_screen(filled: ConsentTest) -> None:
    words = filled.to_html() + filled.to_text() + filled._esm

    assert re.findall(r"\b(score|points|guilty|winner)\b", words, re.IGNORECASE) == []


# What it sends to the browser


def test_the_content_is_made_once() -> None:
    assert engine_content("kazakhstan-2022") is engine_content(cases.case("kazakhstan-2022"))


@pytest.mark.parametrize("key", cases.case_ids())
def test_what_the_browser_needs_to_judge_is_small(key: str) -> None:
    text = json.dumps(engine_content(key), ensure_ascii=False, separators=(",", ":"))

    assert len(text) < 100_000


def test_a_case_that_is_not_among_the_data_is_judged_too() -> None:
    shown = consent_test(case_of({"requester-coerced": MET}))

    assert shown.content["case"] == "imagined-2000"
    assert shown.content["days"] == []
    assert [act["id"] for act in shown.content["acts"]] == ["entry", ""]


def test_a_rule_is_kept_once_and_names_only_rules_before_it() -> None:
    rules = engine_content(CASE)["rules"]
    written = [json.dumps(rule) for rule in rules]

    assert len(set(written)) == len(written)
    for number, rule in enumerate(rules):
        if rule[0] in ("all", "any"):
            assert all(part < number for part in rule[1:])


def test_the_days_are_those_on_which_the_record_changed_and_the_one_before() -> None:
    days = engine_content("mali-2013")["days"]

    assert days == ["2013-04-24", "2013-04-25"]
    assert engine_content("gambia-2017")["days"] == []


def test_each_finding_names_the_rows_and_the_sources_behind_it(filled: ConsentTest) -> None:
    content: Mapping[str, Any] = filled.content

    for finding in CASE.findings:
        places = content["restsOn"][finding.id]["rows"]
        assert places == [" ".join(row) for row in finding.rows]
        for place in places:
            assert content["rows"][place]["text"].startswith(place.split()[1])
            assert all(key in content["sources"] for key in content["rows"][place]["sources"])


def test_each_authority_says_whether_its_own_text_was_read(filled: ConsentTest) -> None:
    reads = {one["read"].split(" (")[0] for one in filled.content["authorities"].values()}

    assert reads <= {"in full", "in part", "not"}
    assert "not" in reads
