"""The consent test on a page of its own: keyboard, phone, and the same opinion as in Python."""

import ast
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import visited
from tests.browser.test_engine import random_own, random_standard
from tests.checkout import ROOT
from volens import cases, positions
from volens.examining import SHARED, Examination
from volens.widgets.consent_test import ConsentTest, consent_test

CASE = "kazakhstan-2022"
PICTURES = ROOT / "build" / "pictures"
EVIDENCE = "Suppose that the mandate were published and named these tasks"
SCOPE = "Did the force stay within what was asked for?"
EMPTY = Examination.begin(cases.case(CASE)).to_data()


@pytest.fixture(name="file", scope="module")
def _file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("test") / "test.html"
    file.write_text(consent_test(CASE).to_page(), encoding="utf-8")
    return file


@pytest.fixture(name="opened", scope="module")
def _opened(chromium: Browser, file: Path) -> Iterator[Page]:
    with visited(chromium, file) as page:
        yield page


@pytest.fixture(name="page")
def _page(opened: Page) -> Page:
    """The one page of this module, brought back to an untouched test."""
    opened.set_viewport_size({"width": 1280, "height": 900})
    opened.get_by_role("button", name="Start again").click()
    opened.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = false; })")
    opened.evaluate("document.querySelector('.ct-settings').open = true")
    return opened


def value(page: Page) -> dict[str, Any]:
    """What the answer as text says."""
    page.locator("details", has=page.locator("[data-part=answer]")).evaluate("(e) => e.open = true")
    text = page.locator("[data-part=answer]")
    expect(text).not_to_have_value("")
    return ast.literal_eval(text.input_value().removeprefix("consent_test = "))  # type: ignore[no-any-return]


def ask(page: Page, position: str = "purpose-based", act: str = "russian-deployment") -> None:
    page.get_by_label("Act", exact=True).select_option(act)
    page.get_by_label("Position", exact=True).select_option(position)


def step(page: Page, name: str) -> Locator:
    return page.locator(".ct-steps > li", has=page.get_by_role("heading", name=name))


def opened_step(page: Page, name: str) -> Locator:
    found = step(page, name)
    found.locator("summary").first.click()
    return found


def test_no_verdict_stands_before_a_position_is_chosen(page: Page) -> None:
    expect(page.get_by_text("Choose a position first.")).to_be_visible()
    expect(page.locator(".ct-main")).to_be_hidden()
    expect(page.locator(".v-notice li")).to_have_text(
        [
            f"{one.name} ({one.ref}): {one.thesis}"
            for one in positions.positions()
            if one.kind == "position"
        ]
    )
    assert value(page) == EMPTY


def test_a_position_is_shown_with_its_thesis_and_its_inviter_test(page: Page) -> None:
    ask(page, "free-consent")

    thesis = positions.position("free-consent").thesis
    expect(page.get_by_text(f"As stipulated here: {thesis}")).to_be_visible()
    expect(page.get_by_text("This position presupposes: The recognised incumbent.")).to_be_visible()
    expect(page.locator(".ct-verdict")).to_have_text("? undetermined")


def test_how_doubt_is_treated_is_folded_and_said_in_a_line(chromium: Browser, file: Path) -> None:
    with visited(chromium, file) as page:
        ask(page)

        expect(page.locator(".ct-settings > summary")).to_have_text(
            "How doubt is treated: no burden rule, all stated aims required, all that is known"
        )
        expect(page.get_by_label("The last day whose knowledge counts")).to_be_hidden()
        expect(page.get_by_role("heading", name="The act and its author")).to_be_in_viewport()


def test_a_question_of_fact_is_answered_yes_or_no(page: Page) -> None:
    ask(page)
    found = opened_step(page, "Freely given")
    names = [" ".join(one.split()) for one in found.locator("fieldset label").all_inner_texts()[:5]]
    found.get_by_label("✓ yes").check()

    assert names == [
        "the record's answer",
        "✓ yes",
        "✗ no",
        "? unclear",
        "\N{EN DASH} does not apply",
    ]
    expect(found.get_by_role("heading", level=3)).to_have_text("✗ Freely given: not met")
    expect(found.get_by_text("On the record: ✗ no.")).to_be_visible()
    expect(page.locator(".ct-opinion")).to_contain_text(
        "Yours: ✓ yes, still without evidence. On the record: ✗ no."
    )
    own = value(page)["findings"]["russian-deployment"]["requester-coerced"]
    assert own == {"value": "met", "why": "", "evidence": ""}


def test_the_confidence_stands_with_the_record_and_not_with_the_own_answer(page: Page) -> None:
    ask(page)
    card = opened_step(page, "Freely given").locator(".ct-card")
    parts = card.evaluate("(e) => [...e.children].map((one) => one.textContent)")

    assert parts[1].startswith("On the record: ✗ no.")
    assert parts[2].startswith("Confidence of the record: ")
    assert parts[4].startswith("Your answer")


@pytest.mark.parametrize("width", [360, 1280])
def test_the_opinion_has_no_scrollbar_of_its_own_while_there_is_room(
    page: Page, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 1200})
    ask(page)
    opened_step(page, "Freely given").get_by_label("✓ yes").check()
    found = page.locator(".ct-opinion")

    assert found.evaluate("(e) => e.scrollHeight - e.clientHeight") <= 0
    assert found.evaluate("(e) => e.scrollWidth - e.clientWidth") <= 0


def test_the_main_path_by_keyboard_alone(page: Page) -> None:
    keys = page.keyboard
    page.get_by_label("Position", exact=True).focus()
    keys.press("ArrowDown")
    step(page, "Within what was asked").locator("summary").first.focus()
    keys.press("Enter")
    keys.press("Tab")
    keys.press("ArrowDown")
    keys.press("Tab")
    keys.type(EVIDENCE)

    assert value(page) == {
        **EMPTY,
        "position": "free-consent",
        "findings": {
            "decision": {"acts-within-scope": {"value": "met", "why": "", "evidence": EVIDENCE}}
        },
    }
    expect(page.locator(".ct-verdict")).to_have_text("✓ lawful")
    expect(page.get_by_role("status")).to_have_text(
        "The verdict is now: lawful. Before: undetermined."
    )
    expect(step(page, "Within what was asked")).to_contain_text(f"Your answer: {EVIDENCE}.")
    expect(page.get_by_label("What your answer rests on")).to_be_focused()


def test_unclear_asks_why(page: Page) -> None:
    ask(page)
    found = opened_step(page, "Freely given")
    found.get_by_label("? unclear").check()
    found.get_by_label("Why is it unclear?").select_option("legal standard disputed")

    own = value(page)["findings"]["russian-deployment"]["requester-coerced"]
    assert own == {"value": "unclear", "why": "legal standard disputed", "evidence": ""}
    expect(found.get_by_role("heading", level=3)).to_have_text(
        "? Freely given: unclear, legal standard disputed"
    )


def test_an_answer_is_marked_as_yours_and_can_be_returned(page: Page) -> None:
    ask(page)
    found = opened_step(page, "Freely given")
    found.get_by_label("✓ yes").check()
    expect(found.locator(".ct-yours")).to_be_visible()
    expect(found.locator("summary").first).to_contain_text("1 yours")
    found.get_by_label("the record's answer").check()

    assert value(page)["findings"] == {}
    expect(found.locator(".ct-yours")).to_be_hidden()


def test_all_answers_return_to_the_record_at_once(page: Page) -> None:
    ask(page)
    opened_step(page, "Freely given").get_by_label("✓ yes").check()
    page.get_by_role("button", name="Return all to the record").click()

    assert value(page)["findings"] == {}
    expect(page.get_by_role("heading", name="The opinion so far")).to_be_focused()


def test_a_pivotal_fact_is_marked_and_one_key_away(page: Page) -> None:
    ask(page)
    page.get_by_role("button", name="Show: Was there an armed attack from outside").click()

    card = step(page, "Another title").locator(".ct-card", has_text="an armed attack from outside")
    expect(card.locator(".ct-pivot:visible")).to_have_text(
        "▲ Would change the verdict. If ✓ yes: lawful, if the other elements of that title "
        "are shown too."
    )
    assert page.evaluate("document.activeElement.value") == "record"


def test_a_fact_of_an_aim_is_one_key_away_too(page: Page) -> None:
    ask(page)
    page.locator("summary", has_text="Open, and bearing on the verdict").click()
    page.get_by_role(
        "button", name='Show: Does evidence bear out the aim "Counter terrorism"?'
    ).click()
    page.keyboard.press("ArrowDown")

    assert value(page)["findings"]["russian-deployment"] == {
        "aim counter-terrorism viable": {"value": "met", "why": "", "evidence": ""}
    }


def test_the_day_of_knowledge_moves_by_buttons_and_by_the_slider(page: Page) -> None:
    ask(page)
    slider = page.get_by_label("The last day whose knowledge counts")
    page.get_by_role("button", name="Earlier date").click()
    expect(page.get_by_text("What was known on 2022-08-16", exact=True)).to_be_visible()
    slider.focus()
    page.keyboard.press("Home")

    expect(slider).to_have_attribute("aria-valuetext", "2022-01-06")
    assert value(page)["standard"]["known_on"] == "2022-01-06"
    expect(page.get_by_text("Became known later, and left out:")).to_be_visible()
    page.keyboard.press("End")
    assert value(page)["standard"]["known_on"] == ""


def test_sliding_through_the_days_is_one_step_to_undo(page: Page) -> None:
    ask(page)
    page.get_by_label("The last day whose knowledge counts").focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    page.get_by_role("button", name="Undo").click()

    assert value(page)["standard"]["known_on"] == ""
    expect(page.get_by_role("status")).to_have_text("Undone: how doubt is treated.")


def test_the_settings_stand_apart_and_are_said_in_words(page: Page) -> None:
    ask(page)
    for name in (
        "Fact: what may be known",
        "Law: the moment that counts",
        "Law: several aims",
        "Burden: open facts",
    ):
        expect(page.get_by_role("group", name=name, exact=True)).to_be_visible()
    page.get_by_label("the one who intervened: what is open counts against it").check()
    page.get_by_label("the evidence of the act's first day: what could be known then").check()
    expect(page.get_by_text("By what standard of proof the record finds a fact")).to_be_visible()
    expect(page.get_by_text("Whether an honest and reasonable mistake about")).to_be_visible()
    expect(page.get_by_text("No work read says how many aims must hold;")).to_be_visible()
    expect(page.get_by_label("all that were stated (preset)")).to_be_checked()
    expect(page.locator(".ct-opinion")).to_contain_text(
        "This follows from the burden, not from a finding that the facts were so. "
        "No title was made out under these settings."
    )

    expect(page.locator(".ct-settings > summary")).to_contain_text(
        "open facts count against the intervener, all stated aims required, "
        "what was known when the act began"
    )


def test_the_positions_stand_side_by_side_with_what_changed(page: Page) -> None:
    ask(page, "free-consent")
    opened_step(page, "Within what was asked").get_by_label("✓ yes").check()
    row = page.get_by_role("row", name="Free consent of the government (chosen)")

    expect(row.get_by_role("cell").first).to_contain_text("✓ lawful (changed by your answers)")
    expect(row.get_by_role("cell").last).to_contain_text("? undetermined")


def test_a_case_whose_knowledge_never_changed_and_answers_that_cannot_be_true_together(
    chromium: Browser, tmp_path: Path
) -> None:
    """Afghanistan: no stages of knowledge, and no treaty that covers the case."""
    file = tmp_path / "afghanistan.html"
    file.write_text(consent_test("afghanistan-1979").to_page(), encoding="utf-8")
    page = chromium.new_page()
    page.goto(file.as_uri())
    page.get_by_label("Position", exact=True).select_option("free-consent")
    page.locator(".ct-settings > summary").click()
    expect(page.get_by_text("does not say what was known when")).to_be_visible()
    opened_step(page, "A request exists").get_by_label("✗ no").check()
    opened_step(page, "Before or with entry").get_by_label("✓ yes").check()

    expect(page.locator(".ct-opinion .v-notice")).to_have_text(
        list(Examination.from_data(cases.case("afghanistan-1979"), value(page)).clashes())
    )
    expect(page.locator(".ct-opinion .v-notice")).to_have_count(1)
    page.close()


def test_each_change_is_told_to_the_rest_of_the_page(page: Page) -> None:
    page.evaluate(
        "window.heard = []; window.addEventListener('volens-findings', (e) => heard.push(e.detail))"
    )
    ask(page)
    opened_step(page, "Freely given").get_by_label("✓ yes").check()

    assert page.evaluate("heard.at(-1)") == {
        "case": CASE,
        "findings": {
            "russian-deployment": {"requester-coerced": {"value": "met", "why": "", "evidence": ""}}
        },
    }


def test_the_law_says_how_far_its_own_text_was_read(page: Page) -> None:
    ask(page)
    found = opened_step(page, "A request exists")
    found.get_by_text("The law: 4 authorities").click()

    expect(found.locator(".v-badge", has_text="own text read: ")).to_have_count(4)


def test_met_means_what_the_view_asks_and_nothing_of_another(page: Page) -> None:
    name = "The people's choice and the purpose"
    ask(page, "human-rights-bar")
    means = opened_step(page, name).locator(".ct-body > .ct-says")
    expect(means).to_contain_text("did not serve to put down nonviolent protest")
    expect(means).not_to_contain_text("distinct lawful aim")
    ask(page, "purpose-based")
    expect(means).to_contain_text("there is a distinct lawful aim")


def test_the_own_answers_can_be_copied_without_the_walk(page: Page) -> None:
    ask(page)
    found = opened_step(page, "Freely given")
    found.get_by_label("✓ yes").check()
    found.get_by_label("What your answer rests on").fill(EVIDENCE)
    page.get_by_role("button", name="Copy my answers only").click()
    copied = page.locator("[data-part=text]").input_value()

    assert copied == consent_test(CASE, value(page)).to_short_text()
    assert EVIDENCE in copied
    assert len(copied.split()) < 300


def test_evidence_opens_with_its_sources(page: Page) -> None:
    ask(page)
    found = opened_step(page, "Freely given")
    found.get_by_text("What the record rests on: 4 places").click()

    expect(found.locator(".ct-card details > .v-sources > li")).to_have_count(4)
    assert found.locator(".ct-card .v-sources a").count() > 0


def test_the_same_control_is_there_after_a_change(page: Page) -> None:
    ask(page)
    found = opened_step(page, "Freely given")
    found.get_by_label("✓ yes").focus()
    page.keyboard.press("ArrowDown")

    expect(found.get_by_label("✗ no")).to_be_focused()


def test_closed_steps_have_no_findings_on_the_page(page: Page) -> None:
    ask(page)
    found = opened_step(page, "Freely given")
    assert found.get_by_role("radio").count() == 5
    found.locator("summary").first.click()

    expect(found.get_by_role("radio")).to_have_count(0)


def test_two_hundred_changes_leave_no_nodes_behind(page: Page) -> None:
    ask(page)
    opened_step(page, "Freely given")
    count = "document.querySelectorAll('*').length"
    page.evaluate(CHANGES, 4)
    before = page.evaluate(count)
    page.evaluate(CHANGES, 200)

    assert page.evaluate(count) == before


CHANGES = """(times) => {
    const buttons = document.querySelectorAll(".ct-group .v-buttons button");
    for (let each = 0; each < times; each += 1) buttons[each % 2].click();
}"""


def test_every_control_keeps_its_keys_to_itself(page: Page) -> None:
    ask(page)
    opened_step(page, "The people's choice and the purpose")
    controls = ".volens :is(button, input, select, textarea, summary)"

    assert page.locator(f"{controls}:not([data-lm-suppress-shortcuts])").count() == 0


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_and_nothing_sticks_out(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    fill(page)
    found = Axe().run(page).response["violations"]

    assert [(one["id"], one["impact"], len(one["nodes"])) for one in found] == []
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width


def test_every_target_is_large_enough_for_a_finger(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 900})
    fill(page)
    small = page.evaluate(
        "[...document.querySelectorAll('.volens :is(button, select, textarea, summary,"
        " input[type=range], label:has(input))')].filter((one) => one.offsetParent"
        " && one.getBoundingClientRect().height < 24).map((one) => one.textContent)"
    )

    assert small == []


def fill(page: Page) -> None:
    ask(page)
    found = opened_step(page, "Within what was asked")
    found.get_by_label("✓ yes").check()
    found.get_by_label("What your answer rests on").fill(EVIDENCE)
    opened_step(page, "The people's choice and the purpose")
    page.locator("details.ct-card > summary").first.click()


@pytest.mark.parametrize("width", [1280, 320])
def test_pictures_are_taken_for_people_to_look_at(page: Page, width: int) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.set_viewport_size({"width": width, "height": 900})
    fill(page)
    page.evaluate("scrollTo(0, 0)")
    picture = PICTURES / f"consent-test-{width}.png"
    page.screenshot(path=picture, full_page=True)

    assert picture.stat().st_size > 10_000


# The same words as in Python


def examinations(chance: random.Random) -> Iterator[Examination]:
    case = cases.case(CASE)
    kinds = {
        kind: [one.id for one in positions.positions() if one.kind == kind]
        for kind in positions.KINDS
    }
    for _ in range(40):
        act = chance.choice(["", *(one.id for one in case.acts)])
        yield Examination(
            case,
            act,
            chance.choice(["", *kinds["position"]]),
            chance.choice(["", *kinds["inviter test"]]),
            random_standard(chance, case),
            {act or SHARED: random_own(chance, case)},
        )


def test_text_and_entries_are_those_of_python(page: Page) -> None:
    seed = random.randrange(10**6)  # noqa: S311 (a test's choice)
    print(f"seed {seed}")  # noqa: T201
    given = [one.to_data() for one in examinations(random.Random(seed))]  # noqa: S311
    test = consent_test(CASE)
    found = page.evaluate(IN_THE_BROWSER, [ConsentTest._esm, dict(test.content), given])

    for data, [text, short, sound] in zip(given, found["all"], strict=True):
        assert text == consent_test(CASE, data).to_text()
        assert short == consent_test(CASE, data).to_short_text()
        assert sound == {"value": data, "lost": 0}
        assert list(sound["value"]["findings"]) == list(data["findings"])
    assert found["empty"] == EMPTY


@pytest.mark.parametrize(
    "part",
    [
        {"act": "war"},
        {"position": 3},
        {"inviter_test": "free-consent"},
        {"standard": {"burden": "heavy"}},
        {"standard": {"known_on": "6 January"}},
        {"findings": {"war": {"un-notified": {"value": "met"}}}},
        {"findings": {"decision": {"guilt": {"value": "met"}}}},
        {"findings": {"decision": {"un-notified": {"value": "yes"}}}},
        {"findings": {"decision": {"un-notified": {"value": "unclear", "why": ""}}}},
        {"findings": {"decision": {"aim stability viable": {"value": "does not apply"}}}},
    ],
)
def test_what_the_test_does_not_know_is_left_out_and_counted(
    page: Page, part: dict[str, Any]
) -> None:
    content = dict(consent_test(CASE).content)
    found = page.evaluate(IN_THE_BROWSER, [ConsentTest._esm, content, [{**EMPTY, **part}]])

    assert found["all"][0][-1] == {"value": EMPTY, "lost": 1}


IN_THE_BROWSER = """async ([script, content, given]) => {
    const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    const test = await import(address);
    return {
        all: given.map((value) => {
            const sound = test.sound(content, value);
            return [test.text(content, sound.value), test.own(content, sound.value), sound];
        }),
        empty: test.empty(content),
    };
}"""
