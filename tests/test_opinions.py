"""Opinions to read."""

import copy
import json
import re
from dataclasses import replace
from datetime import date
from html import escape, unescape
from html.parser import HTMLParser
from types import MappingProxyType

import pytest

import volens as vo
from volens import cases, evidence, opinions, positions, reasoning
from volens.cases import Act, Aim, Answer, Case, Finding, Known
from volens.errors import ReasoningError, UnknownCaseError
from volens.logic import MET, NOT_MET, UNCLEAR, Value
from volens.opinions import Shown
from volens.opinions.deciding import shared_and_own
from volens.reasoning import Standard

#: Findings that speak for the intervener where they are met.
GOOD = (
    *("act-of-the-invited", "ad-hoc-request", "requester-head-of-state", "recognised-government"),
    *("effective-control", "democratic-mandate", "request-before-arrival", "acts-within-scope"),
)
BAD = (
    *("requester-coerced", "protection-forfeited", "consent-withdrawn", "council-prohibits"),
    *("host-law-manifestly-broken", "organised-armed-group", "political-order-at-stake"),
    *("other-norm-overrides", "council-authorised", "external-armed-attack"),
    *("serious-violations-by-force", "abuse-known-to-senders", "help-contributed-to-abuse"),
    *("nonviolent-protest-targeted", "treaty-clause-covers"),
)


def finding(key: str, value: Value | None, *known: Known, note: str = "") -> Finding:
    return Finding(
        id=key,
        ref="F99",
        question=f"Is <{key}> so?",
        value=value,
        why="no evidence" if value is UNCLEAR else "",
        note=note or f"The record & {key}.",
        rows=(),
        sources=("OJ",),
        by_act=MappingProxyType({}),
        known=known,
        contested_by="Some doubt it.",
        verified="pages",
        confidence="medium",
    )


def small(**values: Value | None) -> Case:
    """A case in which everything speaks for the intervener but what is named."""
    found: dict[str, Value | None] = {**dict.fromkeys(GOOD, MET), **dict.fromkeys(BAD, NOT_MET)}
    found |= {key.replace("_", "-"): value for key, value in values.items()}
    return Case(
        id="small",
        title="Small <2020>",
        state="Nowhere",
        period="2020-01-01/2020-02-01",
        organisation="",
        actors=(),
        instruments=(),
        acts=(Act("landing", "The landing", (), "Troops land.", "2020-01-02/2020-01-03", ()),),
        sequence=(),
        questions=(),
        findings=tuple(finding(key, value) for key, value in found.items()),
        aims=(
            Aim(
                id="counter-terrorism",
                stated=MET,
                viable=UNCLEAR,
                pursued=MET,
                why="conflicting evidence",
                predominant=True,
                note="Two accounts differ.",
                rows=(),
                sources=("OJ",),
                verified="pages",
                confidence="low",
            ),
        ),
    )


PLAIN = small()
OPEN = small(requester_coerced=UNCLEAR, acts_within_scope=UNCLEAR)
EVERY = [one.id for one in positions.positions() if one.kind == "position"]


def lines_under(text: str, heading: str) -> list[str]:
    after = text.split(f"\n{heading}\n")[1]
    return after.split("\n\n", maxsplit=1)[0].splitlines()


class Tags(HTMLParser):
    """Every tag must close where it was opened."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("case", [PLAIN, OPEN], ids=["plain", "open"])
@pytest.mark.parametrize("position", EVERY)
def test_every_form_says_that_the_verdict_is_stipulated(case: Case, position: str) -> None:
    opinion = opinions.assess(case, position)

    for text in (repr(opinion), opinion._repr_html_(), opinions.as_markdown(opinion)):
        assert "holds on this position as stipulated here" in text


def test_it_is_said_whom_met_favours() -> None:
    opinion = opinions.assess(PLAIN, "S2")

    for text in (
        repr(opinion),
        unescape(opinion._repr_html_()),
        opinions.as_markdown(opinion),
        repr(opinions.compare(PLAIN)),
    ):
        assert '"Met" favours the intervener' in text


def test_the_first_line_names_case_act_position_test_standard_and_verdict() -> None:
    standard = Standard(burden="complainant", known_on=date(2020, 1, 6))
    text = repr(opinions.assess(OPEN, "S1", standard, act="landing", inviter_test="S4"))

    assert text.splitlines()[0] == (
        'Small <2020>, the landing. On "Free consent of the government" (S1), with "Effective '
        f'control" (S4) as inviter test, {standard.in_words(purpose=False)}: lawful. '
        "This follows from the burden, not from a finding that the facts were so."
    )


def test_each_element_has_a_line_with_value_why_and_reason() -> None:
    text = repr(opinions.assess(OPEN, "S1"))

    assert "\nFreely given: unclear, no evidence, confidence: medium. The record &" in text
    assert "\nA request exists: met, confidence: medium. " in text


def test_what_a_burden_or_a_presumption_settled_is_said() -> None:
    standard = Standard(burden="intervener", presumptions=("free-will",))
    text = repr(opinions.assess(OPEN, "S1", standard))

    assert "Freely given: met by a presumption; unclear on the record, no evidence, " in text
    assert "Within what was asked: not met by a burden; unclear on the record" in text


def test_an_element_that_does_not_apply_is_said_not_to() -> None:
    assert "The host's own law: does not apply, confidence: medium." in repr(
        opinions.assess(small(host_law_manifestly_broken=None), "S1")
    )


def test_elements_that_alone_change_the_verdict_are_named_together() -> None:
    decides = lines_under(repr(opinions.assess(PLAIN, "S1")), "What would decide it")

    assert len(decides) == 1
    assert decides[0].startswith('- Any one of these alone, if not met, unlawful: "The act and')


@pytest.mark.parametrize(
    ("case", "burden", "verdict", "said"),
    [
        (OPEN, "complainant", "lawful", True),
        (OPEN, "intervener", "unlawful", True),
        (OPEN, "none", "undetermined", False),
        (PLAIN, "intervener", "lawful", False),
        (small(requester_coerced=MET, acts_within_scope=UNCLEAR), "intervener", "unlawful", False),
    ],
)
def test_every_form_says_when_the_verdict_follows_from_the_burden(
    case: Case, burden: str, verdict: str, *, said: bool
) -> None:
    opinion = opinions.assess(case, "S1", Standard(burden=burden))
    words = f"{verdict}. This follows from the burden, not from a finding that the facts were so."

    assert opinion.verdict == verdict
    for text in (repr(opinion), opinion._repr_html_(), opinions.as_markdown(opinion)):
        assert (words in text) is said
        assert ("This follows from the burden" in text) is said


def test_every_form_says_that_no_title_was_made_out() -> None:
    opinion = opinions.assess(small(requester_coerced=MET), "S1")

    for text in (repr(opinion), opinion._repr_html_(), opinions.as_markdown(opinion)):
        assert "No title was made out under these settings." in text


def test_every_form_says_the_lowest_confidence_behind_a_step() -> None:
    firm = replace(PLAIN, findings=tuple(replace(one, confidence="high") for one in PLAIN.findings))
    opinion = opinions.assess(firm, "S3")
    given = replace(opinion, own=frozenset({"aim counter-terrorism viable"}))

    for text in (repr(opinion), opinion._repr_html_(), opinions.as_markdown(opinion)):
        assert text.count(", confidence: low") == 1
        assert ", confidence: medium" not in text
        assert ", confidence: high" not in text
    (line,) = (one for one in repr(opinion).splitlines() if ", confidence: low" in one)
    assert line.startswith("The people's choice and the purpose: unclear, conflicting evidence, ")
    assert ", confidence: " not in repr(given)


def test_a_single_element_that_decides_is_said_to_do_so_alone() -> None:
    text = repr(opinions.assess(small(acts_within_scope=UNCLEAR), "S1"))

    assert '- "Within what was asked" alone: if met, lawful, if not met, unlawful.' in text


def test_it_is_said_when_no_single_element_decides() -> None:
    case = small(requester_coerced=MET, acts_within_scope=NOT_MET)
    judged = reasoning.assess(case, "S1")
    pair = frozenset({"free-will", "scope"})
    text = opinions.as_text(opinions.shown(replace(judged, decisive=(pair,)), case))

    assert lines_under(text, "What would decide it") == [
        "- No single element does.",
        '- "Freely given" and "Within what was asked" together: if both met, lawful.',
    ]


def test_what_no_change_decides_is_said() -> None:
    judged = replace(reasoning.assess(PLAIN, "S1"), decisive=())

    assert "No element does" in opinions.as_text(opinions.shown(judged, PLAIN))


def test_what_consent_still_needs_is_named_beside_the_shortest_way() -> None:
    case = small(
        requester_coerced=UNCLEAR, acts_within_scope=UNCLEAR, external_armed_attack=UNCLEAR
    )
    decides = lines_under(repr(opinions.assess(case, "S1")), "What would decide it")
    needed = '"Freely given" and "Within what was asked"'

    assert decides == [
        '- "Another title" alone: if met, lawful.',
        f"- For consent to be the title, each of these would have to be met: {needed}.",
    ]


def test_open_findings_are_questions_and_aims_are_named() -> None:
    is_open = lines_under(repr(opinions.assess(OPEN, "S3")), "Open on the record")

    assert "- Is <requester-coerced> so? Unclear, no evidence." in is_open
    assert any("bear out the aim" in line and "conflicting" in line for line in is_open)
    assert not any("aim counter-terrorism viable" in line for line in is_open)


def test_what_became_known_later_is_named() -> None:
    earlier = Known(date(2020, 3, 1), Answer(UNCLEAR, "no evidence", "Nothing was known."))
    case = replace(PLAIN, findings=(*PLAIN.findings, finding("left-when-asked", MET, earlier)))
    text = repr(opinions.assess(case, "S1", Standard(known_on=date(2020, 2, 1))))

    assert lines_under(text, "What became known later") == ["- Is <left-when-asked> so?"]
    assert "What became known later" not in repr(opinions.assess(case, "S1"))


def test_parallel_steps_stand_apart() -> None:
    beside = repr(opinions.assess(PLAIN, "S1")).split(
        "\nBeside it, never set off against the title\n"
    )[1]

    assert beside.splitlines()[0] == "Separate questions: they do not change the verdict above."
    assert [line.split(":")[0] for line in beside.splitlines()[1:]] == [
        f"- {positions.element('conduct-of-forces').name}",
        f"- {positions.element('complicity').name}",
    ]


def test_what_a_position_does_not_ask_is_said_with_its_reason() -> None:
    left_out = lines_under(repr(opinions.assess(PLAIN, "S1")), "Not asked on this position")

    assert [line.split(":")[0] for line in left_out] == [
        "- Riot, armed conflict or civil war",
        "- The people's choice and the purpose",
    ]
    assert not any("{" in line for line in left_out)


def test_the_page_is_a_labelled_section_without_headings_styles_or_scripts() -> None:
    page = opinions.assess(OPEN, "S3")._repr_html_()
    tags = Tags(page)

    assert tags.open == []
    assert page.startswith('<section aria-label="Opinion: Small &lt;2020&gt;')
    assert not tags.seen & {"h1", "h2", "h3", "h4", "script", "style"}


def test_the_page_has_details_for_each_step_with_authorities_and_sources() -> None:
    opinion = opinions.assess(OPEN, "S3")
    page = opinion._repr_html_()
    source = evidence.row("sources", "OJ")

    assert page.count("<details>") == len(opinion.steps) + len(opinion.parallel)
    assert "Charter of the United Nations, art 2(4)</strong>" in page
    assert "own text read: in full" in page
    assert "own text read: not" in page
    assert f'<a href="{source.address}">' in page
    assert "Contested by: Some doubt it." in page


def test_a_question_of_fact_is_answered_yes_or_no_and_an_element_is_met_or_not() -> None:
    opinion = opinions.assess(OPEN, "S3")

    for text in (unescape(opinion._repr_html_()), opinions.as_markdown(opinion)):
        assert "Is <ad-hoc-request> so? Yes. The record & ad-hoc-request." in text
        assert "Is <council-prohibits> so? No. The record & council-prohibits." in text
        assert (
            'The aim "Counter terrorism", stated: yes; borne out: unclear, conflicting evidence; '
            "pursued: yes. Two accounts differ."
        ) in text
    assert opinion.step("A").value is MET
    assert "A request exists: met, confidence: medium." in repr(opinion)


def test_every_form_says_what_a_title_is() -> None:
    opinion = opinions.assess(PLAIN, "S1")

    for text in (repr(opinion), opinion._repr_html_(), opinions.as_markdown(opinion)):
        assert text.count("A title is a legal ground for the act.") == 1
        assert "Separate questions: they do not change the verdict above." in text


def test_the_confidence_is_that_of_the_record() -> None:
    page = opinions.assess(OPEN, "S1")._repr_html_()

    assert page.count("Confidence of the record: ") == page.count("Confidence") > 0


def test_the_page_escapes_what_the_data_say() -> None:
    page = opinions.assess(OPEN, "S3")._repr_html_()

    assert "<requester" not in page
    assert "Is &lt;requester-coerced&gt; so?" in page
    assert "The record &amp; requester-coerced." in page


def test_a_sign_never_stands_without_its_word() -> None:
    page = opinions.assess(OPEN, "S3")._repr_html_()
    words = re.findall(r'<span aria-hidden="true">(.)</span> ([a-z ]+)', page)

    assert len(words) == page.count('aria-hidden="true"')
    assert {(sign, word.split(" by ")[0]) for sign, word in words} == {
        ("✓", "met"),
        ("✗", "not met"),
        ("?", "unclear"),
    }


def test_rows_of_the_case_are_shown_with_their_sources() -> None:
    page = opinions.assess("kazakhstan-2022", "S1")._repr_html_()
    first = evidence.sources_of("timeline", "T036")[0]

    assert "T036: 2022-01-05" in page
    assert first.address is not None
    assert first.address.replace("&", "&amp;") in page
    assert Tags(page).open == []


def test_the_memo_has_its_parts_and_a_paragraph_for_the_other_side() -> None:
    memo = opinions.as_markdown(opinions.assess(OPEN, "S3", act="landing"))

    assert re.findall(r"^## (.*)$", memo, re.MULTILINE) == [
        *("Issue", "Rule", "Application", "Conclusion", "Against this opinion"),
    ]
    assert "Troops land. Was it lawful?" in memo
    assert "### Freely given: unclear, no evidence" in memo
    assert memo.split("## Against this opinion")[1].rstrip().endswith("> [your paragraph]")


def test_the_memo_marks_what_is_open_and_nothing_else() -> None:
    memo = opinions.as_markdown(opinions.assess(OPEN, "S1"))
    marked = [line for line in memo.splitlines() if "[to be shown]" in line]

    assert "- [to be shown] Is <requester-coerced> so?" in memo
    assert len(marked) == 5
    assert "[to be shown]" not in opinions.as_markdown(opinions.assess(PLAIN, "S1"))


def test_a_settled_element_is_still_to_be_shown() -> None:
    memo = opinions.as_markdown(opinions.assess(OPEN, "S1", Standard(burden="complainant")))

    assert "[to be shown] The record & requester-coerced." in memo


def test_data_are_plain_and_complete() -> None:
    standard = Standard(known_on=date(2020, 1, 6), presumptions=("free-will",))
    opinion = opinions.assess(OPEN, "S3", standard, act="landing")
    data = opinions.as_data(opinion)

    assert json.loads(json.dumps(data)) == data
    assert set(data) == {
        *("verdict", "title", "steps", "decisive", "open", "parallel", "later"),
        *("case", "act", "position", "inviter_test", "standard"),
    }
    assert data["standard"]["known_on"] == "2020-01-06"
    assert [step["element"] for step in data["steps"]] == [one.element for one in opinion.steps]
    assert {step["value"] for step in data["steps"]} == {"met", "not met", "unclear"}
    assert data["decisive"] == opinions.as_data(opinion.opinion)["decisive"]


def test_a_shown_opinion_is_used_like_the_opinion() -> None:
    opinion = opinions.assess(PLAIN, "S1")

    assert (opinion.verdict, opinion.case) == ("lawful", "small")
    assert opinion.step("F").value is MET
    assert opinion.opinion == reasoning.assess(PLAIN, "S1")
    assert copy.copy(opinion) == opinion
    with pytest.raises(AttributeError, match="no attribute 'verdct'"):
        _ = opinion.verdct


def test_an_opinion_finds_its_case_among_the_data() -> None:
    judged = reasoning.assess("kazakhstan-2022", "S1")

    assert opinions.shown(judged).record == cases.case("kazakhstan-2022")
    with pytest.raises(UnknownCaseError, match="small"):
        opinions.as_text(reasoning.assess(PLAIN, "S1"))


def test_what_is_shown_already_is_left_as_it_is() -> None:
    opinion = opinions.assess(PLAIN, "S1")
    assert opinions.shown(opinion) is opinion


def test_compare_says_for_each_position_what_would_decide() -> None:
    found = opinions.compare(OPEN)

    assert [one.position for one in found] == EVERY
    assert [row[2] for row in found.rows] == [one.verdict for one in found]
    assert 'with "' not in found.caption
    assert "as stipulated here" in found.caption
    assert all(row[3] for row in found.rows)


def test_on_a_page_compare_has_three_columns_and_says_once_what_holds_for_all() -> None:
    found = opinions.compare(OPEN)
    page = found._repr_html_()

    assert page.count('<th scope="col"') == 3
    assert page.count("Another title") == 1
    assert page.index("</table>") < page.index("What would decide it on every view above")
    assert all(escape(f"{row[0]}, with {row[1]}") in page for row in found.rows)


def test_where_the_same_decides_every_verdict_the_table_has_no_column_for_it() -> None:
    page = opinions.compare("congo-1998", act="after-withdrawal")._repr_html_()

    assert page.count('<th scope="col"') == 2
    assert page.count("&quot;Another title&quot; alone: if met, lawful.") == 1


def test_nothing_that_decides_a_verdict_is_lost_between_table_and_list() -> None:
    found = opinions.compare("congo-1998", act="with-consent")
    shared, own = shared_and_own(tuple(found))

    for one, lines in zip(found, own, strict=True):
        said = " ".join((*shared, *lines))
        for keys in one.decisive:
            assert all(positions.element(key).name in said for key in keys)
    assert "Not withdrawn" in " ".join(shared)
    assert "Riot, armed conflict or civil war" in " ".join(own[1])


def test_what_met_means_is_what_the_view_asks() -> None:
    aim = "there is a distinct lawful aim"

    assert aim in opinions.assess("kazakhstan-2022", "purpose-based")._repr_html_()
    assert aim not in opinions.assess("kazakhstan-2022", "human-rights-bar")._repr_html_()


def test_pivotal_shows_questions_and_both_values() -> None:
    found = opinions.pivotal(small(acts_within_scope=UNCLEAR), "S1")
    rows = {row[:3]: row[3] for row in found.rows}

    assert rows["Is <acts-within-scope> so?", "unclear", "yes"] == "lawful"
    assert rows["Is <acts-within-scope> so?", "unclear", "no"] == "unlawful"
    assert f"{len(found)} single changes of fact would give another." in found.caption


def test_a_fact_of_another_title_does_not_by_itself_make_that_title() -> None:
    found = opinions.pivotal(small(acts_within_scope=NOT_MET), "S1")
    rows = {row[0]: row[3] for row in found.rows}

    assert rows["Is <acts-within-scope> so?"] == "lawful"
    assert rows["Is <external-armed-attack> so?"] == (
        "lawful, if the other elements of that title are shown too"
    )
    assert {flip.verdict for flip in found} == {"lawful"}


def test_pivotal_shows_pairs() -> None:
    found = opinions.pivotal(OPEN, "S1", order=2)

    assert len(found) == len(found.rows) > 0
    assert any(
        row == ("Is <acts-within-scope> so? And: Is <requester-coerced> so?",
                "unclear and unclear", "yes and no", "lawful")
        for row in found.rows
    )  # fmt: skip
    with pytest.raises(ReasoningError, match="expected 1 or 2"):
        opinions.pivotal(OPEN, "S1", order=3)


def test_a_table_without_rows_says_so_in_its_caption() -> None:
    empty = replace(opinions.pivotal(OPEN, "S1"), rows=(), found=(), caption="No pair & more.")

    assert repr(empty) == "No pair & more."
    assert empty._repr_html_() == "<p>No pair &amp; more.</p>"


def test_sensitivity_puts_the_burdens_side_by_side() -> None:
    found = opinions.sensitivity(OPEN)
    aims = {row[0]: row[2] for row in found.rows}

    assert len(found.rows) * 3 == len(found)
    assert aims['"Free consent of the government" (S1)'] == "not asked"
    assert {row[3].split(" (")[0] for row in found.rows} <= {"lawful", "unlawful", "undetermined"}
    assert found.rows[0][3:] == tuple(f"{one.verdict} ({len(one.alone)})" for one in found[:3])


def test_symmetry_names_both_cases_and_what_differs() -> None:
    found = opinions.symmetry(PLAIN, replace(OPEN, title="Other"), acts=("landing", None))
    free = found.rows[0]

    assert found.columns[1:3] == ("Small <2020>, the landing", "Other")
    assert "Is <requester-coerced> so? no, then unclear" in free[3]
    assert opinions.symmetry(PLAIN, PLAIN).rows[0][3] == "none"


def test_tables_have_captions_and_a_line_for_each_row() -> None:
    for found in (
        opinions.compare(OPEN),
        opinions.pivotal(OPEN, "S1"),
        opinions.sensitivity(OPEN),
        opinions.symmetry(PLAIN, OPEN),
    ):
        page = found._repr_html_()
        assert f">{escape(found.caption)}</caption>" in page
        assert 'scope="col"' in page
        assert page.count("<tr>") == len(found.rows) + 1
        assert Tags(page).open == []
        assert len(repr(found).splitlines()) == len(found.rows) + 1
        assert "?:" not in repr(found)


def test_one_line_in_a_notebook_is_enough() -> None:
    assert isinstance(vo.assess("kazakhstan-2022", "S1", vo.Standard()), Shown)
    for name in ("compare", "pivotal", "sensitivity", "symmetry"):
        assert getattr(vo, name) is getattr(opinions, name)


def test_verdicts_have_a_line_a_standard_and_a_column_a_position() -> None:
    rules = {"nobody": Standard(), "those who came": Standard(burden="intervener")}
    found = opinions.verdicts(OPEN, rules, positions=["purpose-based", "free-consent"])

    assert found.columns == (
        "Standard",
        '"Purpose decides" (S3)',
        '"Free consent of the government" (S1)',
    )
    assert found.rows[1] == ("those who came", "unlawful", "unlawful")
    assert [one.standard.burden for one in found] == ["none", "none", "intervener", "intervener"]


def test_verdicts_are_those_of_every_position_where_none_is_named() -> None:
    (line,) = opinions.verdicts(OPEN, {"nobody": Standard()}).rows

    assert line[1:] == tuple(one.verdict for one in opinions.compare(OPEN))


def test_verdicts_may_share_an_inviter_test() -> None:
    found = opinions.verdicts(OPEN, {"nobody": Standard()}, inviter_test="effective-control")

    assert {one.inviter_test for one in found} == {"effective-control"}
    assert "Effective control" in found.caption


def test_verdicts_by_date_count_what_changed_later() -> None:
    rules = {day: Standard(known_on=day) for day in ("2022-01-06", "2022-08-16")}
    found = opinions.verdicts("kazakhstan-2022", rules, positions=["free-consent"])

    assert found.columns[-1] == "Findings that changed later"
    assert [row[-1] for row in found.rows] == [str(len(one.later)) for one in found]
    assert int(found.rows[0][-1]) > int(found.rows[1][-1]) == 0


def test_verdicts_say_which_settings_their_lines_share() -> None:
    rules = {
        day: Standard(known_on=day, mixed_purposes="any", presumptions=("scope",))
        for day in ("2022-01-06", "2022-01-09")
    }
    caption = opinions.verdicts("kazakhstan-2022", rules).caption

    assert "no burden rule, one viable aim enough" in caption
    assert "presum" in caption
    assert "known on" not in caption


def test_verdicts_under_no_standard_are_refused_in_one_line() -> None:
    with pytest.raises(ReasoningError, match="expected one or more under a name"):
        opinions.verdicts(OPEN, {})
