"""The weighing board on a page of its own: position first, keyboard, phone, and Python's words."""

import json
import random
import re
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import visited
from tests.checkout import ROOT
from volens import cases, doctrine, positions
from volens.cases import Case
from volens.examining import ASPECTS, WHYS
from volens.reasoning import assess, pivotal
from volens.reasoning.rules import aim_fact
from volens.weighing import (
    OWN,
    STANCES,
    Entry,
    Section,
    Weighing,
    additive_bias,
    choices,
    columns,
    differences,
    grounds,
    memo,
    precondition,
    sections,
    stand,
    standings,
)
from volens.widgets.base import script
from volens.widgets.consent_test import ConsentTest
from volens.widgets.weighing_board import WeighingBoard, weighing_board

CASE = "kazakhstan-2022"
REASON_BOX = "Reason: why, in your words"
KEY = f"volens weighing-board-{CASE}"
PICTURES = ROOT / "build" / "pictures"
REASON = "The word widened what forces could do, and UN experts warned that it was too broad here"
PLACE = "counter-terrorism|human-rights"
PURPOSE = '"Purpose decides" (S3)'
FREE = '"Free consent of the government" (S1)'
VIEW = script("engine.js", "weighing.js", "weighing_board.js")


@pytest.fixture(name="file", scope="module")
def _file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("board") / "board.html"
    file.write_text(weighing_board(CASE).to_page(), encoding="utf-8")
    return file


@pytest.fixture(name="opened", scope="module")
def _opened(chromium: Browser, file: Path) -> Iterator[Page]:
    with visited(chromium, file) as page:
        yield page


@pytest.fixture(name="page")
def _page(opened: Page) -> Page:
    """The board, untouched, with nothing kept; errors on the page fail the test."""
    opened.evaluate("localStorage.clear()")
    opened.set_viewport_size({"width": 1280, "height": 900})
    opened.reload()
    opened.wait_for_selector(".volens-weighing-board")
    return opened


@pytest.fixture(name="placed")
def _placed(page: Page) -> Page:
    """The board with the purpose-based view chosen."""
    take_position(page, PURPOSE)
    return page


def take_position(page: Page, name: str) -> None:
    page.get_by_label("Your position").select_option(label=name)


def labelled(page: Page, label: str) -> Locator:
    return page.get_by_label(label, exact=True)


def fill_by_keyboard(page: Page) -> None:
    """Counter terrorism and human rights: in tension, with a reason, a hinge and a source."""
    page.locator(".wb-grid button[tabindex='0']").focus()
    right = [principle.id for principle in columns()].index(PLACE.split("|")[1])
    for key in ["ArrowRight"] * right + ["Enter", "ArrowDown", "Tab"]:
        page.keyboard.press(key)
    page.keyboard.type(REASON)
    for key in ("Tab", "ArrowDown", "Tab", "ArrowDown"):
        page.keyboard.press(key)


def fill(page: Page, purpose: str, principle: str, stance: str) -> None:
    labelled(page, "Purpose").select_option(label=doctrine.purpose(purpose).name)
    labelled(page, "Principle").select_option(label=doctrine.principle(principle).name)
    labelled(page, stance).check()


def value(page: Page) -> dict[str, Any]:
    """What the browser keeps of the board."""
    kept = page.evaluate(f"localStorage.getItem({KEY!r})")
    return Weighing(CASE).to_data() if kept is None else json.loads(kept)


def cells(page: Page) -> dict[str, Any]:
    return value(page)["cells"]  # type: ignore[no-any-return]


def points(page: Page, section: str) -> list[str]:
    return page.locator(f"[data-section='{section}'] li").all_text_contents()


def change_finding(page: Page, findings: dict[str, Any], case: str = CASE) -> None:
    """What the consent test on the same page sends when a finding is changed there."""
    page.evaluate(
        "(detail) => window.dispatchEvent(new CustomEvent('volens-findings', { detail }))",
        {"case": case, "findings": findings},
    )


def yes(fact: str, act: str = "shared") -> dict[str, Any]:
    return {act: {fact: {"value": "met", "why": "", "evidence": "a log"}}}


# Position first


def test_until_a_position_is_chosen_the_table_is_read_and_the_editor_asks(page: Page) -> None:
    page.locator(".wb-grid button[tabindex='0']").focus()
    page.keyboard.press("Enter")

    assert not labelled(page, "supports").is_visible()
    expect(page.get_by_role("button", name="Choose a position", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your position")).to_be_focused()
    for one in choices():
        assert page.get_by_text(one.thesis).is_visible()


def test_a_position_is_chosen_and_a_cell_filled_with_the_keyboard_alone(page: Page) -> None:
    page.get_by_label("Your position").focus()
    page.keyboard.press("ArrowDown")
    fill_by_keyboard(page)

    record = cases.case(CASE)
    first = record.finding(pivotal(CASE, "free-consent")[0].changes[0][0])
    assert value(page)["position"] == "free-consent"
    assert cells(page) == {
        PLACE: {
            "stance": "tension",
            "reason": REASON,
            "hinge": first.id,
            "source": first.rows[0][1],
        }
    }
    expect(page.get_by_role("status")).to_have_text(
        "1 cell filled, nothing still to be given. Support and tension meet nowhere yet."
    )


def test_choosing_a_position_says_what_cannot_be_outweighed_there(page: Page) -> None:
    take_position(page, FREE)

    expect(page.get_by_role("status")).to_have_text(
        f"On {FREE} these cannot be outweighed: prohibition of force, human rights and Charter "
        "hierarchy. Left aside: non-intervention and self-determination. The verdict on this "
        "view: undetermined."
    )


@pytest.mark.parametrize("view", choices(), ids=lambda view: view.id)
def test_the_head_of_the_table_says_what_each_principle_is_on_the_view(
    page: Page, view: positions.Position
) -> None:
    page.get_by_label("Your position").select_option(view.id)
    words = {"bar": "constraint", "title": "constraint", "priority": "constraint"}
    words |= {"beside": "beside the title", "argument": "argument", "aside": "left aside"}

    assert page.locator(".wb-mark").all_text_contents() == [
        words[one.reach] for one in standings(view)
    ]


def test_a_lock_shows_why_and_forbids_no_stance(placed: Page) -> None:
    fill(placed, "J01", "SD", "supports")

    lock = placed.locator(".wb-lock").inner_text()
    assert lock.startswith(f"Constraint, on {PURPOSE}: Self-determination limits what a government")
    assert "Tension here is not outweighed by support elsewhere." in lock
    for stance in ("supports", "in tension", "depends", "not engaged"):
        assert labelled(placed, stance).is_enabled()


def test_a_change_of_position_changes_locks_and_keeps_the_cells(placed: Page) -> None:
    fill(placed, "J01", "SD", "in tension")
    assert [one.split(":")[0] for one in points(placed, "locks")] == ["Self-determination"]
    take_position(placed, FREE)

    assert points(placed, "locks") == []
    assert list(cells(placed)) == ["counter-terrorism|self-determination"]
    placed.get_by_role("button", name="Undo").click()
    assert value(placed)["position"] == "purpose-based"
    expect(placed.get_by_role("status")).to_have_text("Undone: your position.")


def test_act_and_inviter_test_can_be_chosen(placed: Page) -> None:
    placed.get_by_text("What is judged, and who may invite").click()
    placed.get_by_label("What is judged").select_option("later-sites")
    placed.get_by_label("Who may speak for the State").select_option("effective-control")

    assert (value(placed)["act"], value(placed)["inviter_test"]) == (
        "later-sites",
        "effective-control",
    )
    assert "judged: Sites added later; who may invite:" in points(placed, "hinges")[0]


# Cells


def test_escape_goes_back_to_the_cell_in_the_table(placed: Page) -> None:
    fill_by_keyboard(placed)
    placed.keyboard.press("Escape")

    assert placed.evaluate("document.activeElement.getAttribute('aria-label')") == (
        "Counter terrorism and human rights: in tension"
    )


def test_everything_can_be_reached_with_tab(placed: Page) -> None:
    reached = set()
    for _ in range(60):
        placed.keyboard.press("Tab")
        reached.add(
            placed.evaluate("document.activeElement.textContent || document.activeElement.id")
        )

    for label in ("Start again", "Next cell", "Clear this cell", "Copy answer", "Copy memo"):
        assert label in reached


def test_every_control_keeps_its_keys_to_itself(placed: Page) -> None:
    controls = ".volens :is(button, input, select, textarea, summary)"
    without = placed.locator(f"{controls}:not([data-lm-suppress-shortcuts])")

    assert without.count() == 0


def test_a_cell_says_what_it_lacks(placed: Page) -> None:
    fill(placed, "J01", "HR", "in tension")
    cell = placed.locator(".wb-grid button[aria-current='true']")

    assert cell.inner_text().splitlines() == [
        "\N{MULTIPLICATION SIGN} in tension",
        "no reason yet",
    ]
    assert cell.get_attribute("aria-label") == (
        "Counter terrorism and human rights: in tension (no reason yet, no hinge, no source)"
    )
    assert points(placed, "lacking") == [
        "Counter terrorism and human rights: no reason and no hinge."
    ]
    assert points(placed, "unsourced") == ["Counter terrorism and human rights: no source."]
    labelled(placed, REASON_BOX).fill("Too broad.")
    assert cell.inner_text().splitlines()[1] == "reason too short"
    assert placed.locator(".wb-filled button").all_text_contents() == [
        "Counter terrorism and human rights: in tension (reason too short, no hinge, no source)"
    ]


def test_what_must_be_given_is_told_apart_from_a_source(placed: Page) -> None:
    fill_by_keyboard(placed)
    placed.get_by_label("Source: what your reason rests on").select_option("")

    expect(placed.get_by_role("status")).to_have_text(
        "1 cell filled, nothing still to be given; no source yet for 1. "
        "Support and tension meet nowhere yet."
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (0, "No word yet; 15 are needed."),
        (1, "1 word; 14 more are needed."),
        (4, "4 words; 11 more are needed."),
        (14, "14 words; 1 more is needed."),
        (17, "17 words: enough."),
    ],
)
def test_the_reason_is_counted_while_it_is_written(placed: Page, words: int, said: str) -> None:
    box = labelled(placed, REASON_BOX)
    box.fill(" ".join(["because"] * words))

    counted = placed.locator(f"#{(box.get_attribute('aria-describedby') or '').split()[-1]}")
    assert counted.inner_text() == said
    assert counted.get_attribute("aria-live") is None


def test_the_board_begins_where_the_case_has_claims(page: Page) -> None:
    assert page.locator(".wb-cell").inner_text().startswith("Counter terrorism and ")
    expect(page.get_by_role("status")).to_have_text("No cell filled yet.")
    page.get_by_text(re.compile(r"\d+ claims: somebody said it\. That alone does not")).click()
    assert "a claim, not a finding" not in page.locator(".wb-editor").inner_text()


@pytest.mark.parametrize("view", choices(), ids=lambda view: view.id)
def test_hinges_are_grouped_by_what_they_do_on_the_view(
    page: Page, view: positions.Position
) -> None:
    page.get_by_label("Your position").select_option(view.id)
    groups = (
        page.get_by_label("Hinge: the finding")
        .locator("optgroup")
        .evaluate_all(
            "(all) => Object.fromEntries(all.map((one) =>"
            " [one.label, [...one.children].map((option) => option.value)]))"
        )
    )
    judged = assess(CASE, view.id)
    flips = {flip.changes[0][0] for flip in pivotal(CASE, view.id)}
    asked = {fact for step in (*judged.steps, *judged.parallel) for fact in step.findings}
    facts = [one.id for one in cases.case(CASE).findings]

    expected = {
        "Would change the verdict on your view": [one for one in facts if one in flips],
        "Asked on your view": [one for one in facts if one in asked - flips],
        "Not asked on your view": [one for one in facts if one not in asked | flips],
    }
    assert groups == {name: ids for name, ids in expected.items() if ids}


def test_the_words_of_the_columns_are_explained_on_request(placed: Page) -> None:
    placed.get_by_text("What the column words mean").click()
    said = placed.locator(".wb-legend").inner_text()

    for word in {*placed.locator(".wb-mark").all_text_contents(), "left aside", "double line"}:
        assert word in said.lower()


def test_a_claim_as_a_source_is_short_in_the_list_and_shown_in_full_as_a_claim(
    placed: Page,
) -> None:
    fill(placed, "J01", "HR", "in tension")
    placed.get_by_label("Source: what your reason rests on").select_option("C033")

    assert cells(placed)[PLACE]["source"] == "C033"
    one = grounds(CASE)["C033"]
    assert placed.locator("option[value='C033']").inner_text() == one.brief
    assert placed.get_by_text(str(one), exact=True).is_visible()
    assert "a claim, not a finding" in str(one)


def test_the_rows_behind_the_hinge_are_offered_as_sources(placed: Page) -> None:
    fill(placed, "J01", "HR", "in tension")
    placed.get_by_label("Hinge: the finding").select_option("abuse-known-to-senders")
    offered = placed.locator("optgroup[label='Behind your hinge'] option")

    behind = cases.case(CASE).finding("abuse-known-to-senders").rows
    assert offered.evaluate_all("(all) => all.map((one) => one.value)") == [
        key for _, key in behind
    ]


def test_a_reason_written_for_another_stance_is_asked_about(placed: Page) -> None:
    fill(placed, "J01", "HR", "in tension")
    labelled(placed, REASON_BOX).fill(REASON)
    labelled(placed, "supports").check()

    note = placed.get_by_text("You wrote this reason for “in tension”.")
    assert note.is_visible()
    labelled(placed, REASON_BOX).fill("Another reason.")
    assert not note.is_visible()


@pytest.mark.parametrize(
    ("part", "label", "own"),
    [
        ("hinge", "Hinge: the finding that would move this cell", "Your hinge, in words"),
        ("source", "Source: what your reason rests on", "Your source, in words"),
    ],
)
def test_hinge_and_source_may_be_in_own_words_which_survive_another_try(
    placed: Page, part: str, label: str, own: str
) -> None:
    labelled(placed, "depends").check()
    choice = labelled(placed, label)
    choice.select_option(label="own, in words")
    expect(labelled(placed, own)).to_be_focused()
    labelled(placed, own).fill("who gave the order")
    choice.select_option(index=1)
    choice.select_option(label="own, in words")

    assert next(iter(cells(placed).values()))[part] == "own: who gave the order"


def test_a_reason_may_be_typed_before_a_stance_is_chosen(placed: Page) -> None:
    labelled(placed, REASON_BOX).fill(REASON)
    assert cells(placed) == {}
    assert placed.get_by_text("Not kept yet: choose a stance above.").is_visible()
    labelled(placed, "supports").check()

    assert next(iter(cells(placed).values()))["reason"] == REASON


def test_undo_takes_back_one_step_at_a_time(placed: Page) -> None:
    fill_by_keyboard(placed)
    undo = placed.get_by_role("button", name="Undo")
    for part in ("source", "hinge", "reason"):
        undo.click()
        assert cells(placed)[PLACE][part] == ""
    undo.click()
    assert cells(placed) == {}
    placed.get_by_role("button", name="Redo").click()
    assert cells(placed)[PLACE]["stance"] == "tension"


def test_the_next_cell_is_read_out(placed: Page) -> None:
    placed.get_by_role("button", name="Next cell").click()

    assert placed.evaluate("document.activeElement.tagName") == "H2"
    assert "self-determination" in placed.evaluate("document.activeElement.textContent")


def test_defaults_are_shown_when_asked_for_with_their_confidence(placed: Page) -> None:
    labelled(placed, "Purpose").select_option("regime-support")
    standard = placed.locator(".wb-default")
    assert not standard.is_visible()
    placed.get_by_label("show the course's defaults").check()

    assert standard.inner_text().startswith("The course's default: in tension, confidence: medium.")
    looks = {
        placed.locator(f".wb-grid td button[data-confidence='{sure}']").first.evaluate(
            "(cell) => getComputedStyle(cell).borderTopStyle + getComputedStyle(cell).fontStyle"
        )
        for sure in ("high", "medium")
    }
    assert len(looks) == 2
    assert cells(placed) == {}


def test_a_default_says_when_it_is_not_one_of_the_chosen_view(page: Page) -> None:
    take_position(page, FREE)
    labelled(page, "Purpose").select_option("regime-support")
    page.get_by_label("show the course's defaults").check()

    assert (
        page.locator(".wb-default")
        .inner_text()
        .endswith(f'tied to "Abstention in civil war" (S2) and {PURPOSE}, and not to yours.')
    )


# What follows


def test_a_finding_changed_in_the_consent_test_shows_at_once(page: Page) -> None:
    take_position(page, FREE)
    fill(page, "J01", "SD", "in tension")
    page.get_by_label("Hinge: the finding").select_option("acts-within-scope")
    reading = page.locator("[data-section='reading free-consent'] summary")
    assert reading.inner_text().endswith(": undetermined")
    change_finding(page, yes("acts-within-scope"))

    assert reading.inner_text().endswith(": lawful")
    assert len(points(page, "changed")) == 1
    assert (
        "; by you in the consent test: yes)"
        in page.get_by_label("Hinge: the finding").locator("option:checked").inner_text()
    )
    assert any("Changed by you in the consent test: yes." in one for one in points(page, "hinges"))
    change_finding(page, {})
    assert reading.inner_text().endswith(": undetermined")


def test_findings_of_another_case_and_nonsense_are_left_alone(placed: Page) -> None:
    before = points(placed, "hinges")
    change_finding(placed, yes("acts-within-scope"), case="mali-2013")
    change_finding(placed, {"shared": {"luck": {"value": "met"}}, "picnic": 3})

    assert points(placed, "hinges") == before


def test_findings_changed_for_another_act_are_named_and_can_be_followed(placed: Page) -> None:
    change_finding(placed, yes("acts-within-scope", act="decision"))
    button = placed.get_by_role("button", name="Judge here: The decision to send forces")
    assert points(placed, "changed") == []
    button.click()

    assert value(placed)["act"] == "decision"
    assert len(points(placed, "changed")) == 1
    assert not button.is_visible()


def test_what_the_consent_test_kept_in_this_browser_is_found(page: Page) -> None:
    kept = json.dumps({"findings": yes("acts-within-scope")})
    page.evaluate(f"(kept) => localStorage.setItem('volens consent-test-{CASE}', kept)", kept)
    page.reload()
    take_position(page, FREE)

    assert len(points(page, "changed")) == 1


def test_the_board_can_return_to_the_record_alone(page: Page) -> None:
    take_position(page, FREE)
    change_finding(page, yes("acts-within-scope"))
    page.get_by_role("button", name="Judge by the record alone").click()

    assert points(page, "changed") == []
    assert points(page, "reading free-consent")[0].startswith("Verdict: undetermined")
    assert page.evaluate("document.activeElement.tagName") == "SELECT"


def test_a_real_consent_test_on_the_same_page_is_heard(page: Page) -> None:
    take_position(page, FREE)
    test = ConsentTest(CASE, {"act": "", "findings": yes("acts-within-scope")})
    values = {"content": test.content, "value": test.value, "name": "test", "keeps": False}
    page.evaluate(A_CONSENT_TEST, [test._esm, values])

    assert len(points(page, "changed")) == 1
    assert points(page, "reading free-consent")[0].startswith("Verdict: lawful")


def test_a_board_for_another_case_that_differs_asks_for_the_reason(placed: Page) -> None:
    other = Weighing("mali-2013").set("J01", "HR", Entry("supports"))
    kept = json.dumps(other.to_data())
    placed.evaluate("(kept) => localStorage.setItem('volens weighing-board-mali-2013', kept)", kept)
    fill(placed, "J01", "HR", "in tension")
    here = Weighing.from_data(CASE, value(placed))

    assert points(placed, "compare")[1:] == list(differences(here, other))


def test_the_warning_and_the_critique_are_always_on_the_screen(page: Page) -> None:
    assert page.get_by_text(additive_bias()).is_visible()
    assert page.get_by_text("It does not settle between them.").is_visible()


def test_a_reading_that_was_opened_stays_open_while_the_board_changes(placed: Page) -> None:
    details = placed.locator("[data-section='reading abstention']")
    details.locator("summary").click()
    fill(placed, "J01", "HR", "in tension")

    assert details.get_attribute("open") is not None
    assert any(
        one.startswith("Beside the title: Human rights")
        for one in points(placed, "reading abstention")
    )


# Keeping


def test_a_position_without_a_cell_is_not_offered_on_return(page: Page) -> None:
    take_position(page, PURPOSE)
    page.reload()
    page.wait_for_selector(".volens-weighing-board")

    assert page.get_by_role("button", name="Bring it back").count() == 0
    take_position(page, PURPOSE)
    fill(page, "J01", "HR", "in tension")
    page.reload()
    expect(page.get_by_role("button", name="Bring it back")).to_be_visible()


@pytest.mark.parametrize("form", ["cells", "file"])
def test_a_file_of_the_first_version_is_taken_and_named_as_older(
    page: Page, tmp_path: Path, form: str
) -> None:
    old = {PLACE: {"stance": "tension", "reason": REASON, "hinge": "acts-within-scope"}}
    file = tmp_path / "old.json"
    file.write_text(
        json.dumps({"cells": old, "file": {"case": CASE, "cells": old}}[form]), encoding="utf-8"
    )
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_text("It was made by an older version of the course.").last.wait_for()

    assert cells(page) == {PLACE: old[PLACE] | {"source": ""}}


@pytest.mark.parametrize("content", ['{"case": "mali-2013", "cells": {}}', "{}"])
def test_another_file_is_refused_in_words(page: Page, tmp_path: Path, content: str) -> None:
    (tmp_path / "other.json").write_text(content, encoding="utf-8")
    page.locator("input[type=file]").set_input_files(tmp_path / "other.json")

    page.get_by_text("other.json was not loaded").last.wait_for()
    assert cells(page) == {}


# Small screens, screen readers, pictures


def test_at_320_pixels_one_cell_stands_at_a_time_and_nothing_sticks_out(placed: Page) -> None:
    placed.set_viewport_size({"width": 320, "height": 700})

    assert not placed.locator(".wb-grid").is_visible()
    fill(placed, "J01", "HR", "in tension")
    labelled(placed, REASON_BOX).fill(REASON)
    placed.locator("details").evaluate_all("(all) => all.forEach((one) => { one.open = true; })")
    filled = placed.locator(".wb-filled").inner_text()
    assert "Counter terrorism and human rights: in tension" in filled
    assert placed.evaluate("document.scrollingElement.scrollWidth") <= 320


def test_on_a_narrow_screen_the_table_can_still_be_shown(placed: Page) -> None:
    placed.set_viewport_size({"width": 500, "height": 700})
    placed.get_by_label("show the whole table").check()

    expect(placed.locator(".wb-grid")).to_be_in_viewport()


def test_on_a_phone_a_choice_of_position_stays_where_it_was(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 700})
    choice = page.get_by_label("Your position")
    choice.scroll_into_view_if_needed()
    before = choice.bounding_box()
    take_position(page, PURPOSE)

    assert choice.bounding_box() == before


def test_where_no_table_is_shown_nothing_speaks_of_one(placed: Page) -> None:
    placed.set_viewport_size({"width": 360, "height": 700})
    said = placed.locator("body").inner_text()

    assert "None yet. Choose a purpose and a principle." in said
    assert "in the table" not in said


def test_every_target_is_large_enough_for_a_finger(placed: Page) -> None:
    placed.set_viewport_size({"width": 320, "height": 700})
    small = placed.locator(".volens :is(button, select, textarea, summary)").evaluate_all(
        "(all) => all.filter((one) => one.checkVisibility() && one.offsetHeight < 24)"
        ".map((one) => one.textContent)"
    )

    assert small == []


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing(placed: Page, width: int) -> None:
    placed.set_viewport_size({"width": width, "height": 900})
    fill(placed, "J01", "HR", "in tension")
    placed.get_by_label("show the course's defaults").check()
    change_finding(placed, yes("acts-within-scope", act="decision"))
    placed.locator("details").evaluate_all("(all) => all.forEach((one) => { one.open = true; })")
    found = Axe().run(placed).response["violations"]

    assert [(one["id"], one["impact"], len(one["nodes"])) for one in found] == []


def test_two_boards_on_one_page_share_no_id(page: Page) -> None:
    page.evaluate(A_SECOND_BOARD, [VIEW, weighing_board(CASE).content])

    assert page.locator(".volens-weighing-board").count() == 2
    assert page.evaluate(
        "(() => { const ids = [...document.querySelectorAll('[id]')].map((one) => one.id);"
        " return ids.length === new Set(ids).size; })()"
    )


def test_a_board_that_was_taken_away_listens_no_more(page: Page) -> None:
    assert page.evaluate(A_BOARD_TAKEN_AWAY, [VIEW, weighing_board(CASE).content]) == 0


def test_pictures_are_taken_for_people_to_look_at(placed: Page) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    fill_by_keyboard(placed)
    fill(placed, "J01", "NI", "supports")
    fill(placed, "J08", "SD", "depends")
    fill(placed, "J08", "NI", "in tension")
    placed.get_by_text("4 cells filled, something still to be given for 3").wait_for()
    placed.screenshot(path=PICTURES / "weighing-board-1280.png", full_page=True)
    placed.set_viewport_size({"width": 1100, "height": 1300})
    placed.evaluate("window.scrollTo(0, 0)")
    placed.screenshot(path=PICTURES / "weighing-board.png")  # the one that the README shows
    placed.set_viewport_size({"width": 320, "height": 900})
    placed.screenshot(path=PICTURES / "weighing-board-320.png", full_page=True)

    assert (PICTURES / "weighing-board-1280.png").stat().st_size > 10_000


# The same words as in Python

TEXTS = (
    "",
    " ",
    "\n\n",
    "rights",
    "# Heading\n- and <b>more</b>",
    "Because.",
    'He said "no".\nAnd left.',
    "C:\\back",
    "\u00e9\u4e2d\U0001f600",
    "a|b $& {because}",
    REASON,
)


def random_weighing(chance: random.Random, case: Case) -> Weighing:
    kinds = {
        kind: [one.id for one in positions.positions() if one.kind == kind]
        for kind in ("position", "inviter test")
    }
    weighing = Weighing(
        case.id,
        position=chance.choice(["", *kinds["position"] * 2]),
        inviter_test=chance.choice(["", *kinds["inviter test"]]),
        act=chance.choice(["", *(act.id for act in case.acts)]),
    )
    findings = [finding.id for finding in case.findings]
    for _ in range(chance.randrange(12)):
        purpose = chance.choice([*doctrine.purposes()[:4], *doctrine.purposes()]).id
        own = OWN + chance.choice(TEXTS)
        weighing = weighing.set(
            purpose,
            chance.choice(columns()).id,
            Entry(
                chance.choice(list(STANCES)),
                chance.choice(TEXTS),
                chance.choice(["", chance.choice(findings), own]),
                chance.choice(["", chance.choice(list(grounds(case.id))), own]),
            ),
        )
    return weighing


def random_findings(chance: random.Random, case: Case) -> dict[str, Any]:
    aspects = [aim_fact(aim.id, aspect) for aim in case.aims for aspect in ASPECTS]
    facts = [*(one.id for one in case.findings), *aspects]
    found: dict[str, Any] = {}
    for act in chance.sample(["shared", *(one.id for one in case.acts)], chance.choice((0, 1, 2))):
        for fact in chance.sample(facts, chance.choice((1, 3, 8))):
            words = ["met", "not met", "unclear", *([] if fact in aspects else ["does not apply"])]
            word = chance.choice(words)
            why = chance.choice(WHYS) if word == "unclear" else ""
            entry = {"value": word, "why": why, "evidence": chance.choice(TEXTS)}
            found.setdefault(act, {})[fact] = entry
    return found


def plain(found: tuple[Section, ...]) -> list[dict[str, Any]]:
    return [
        {
            "id": one.id,
            "title": one.title,
            "none": one.none,
            "points": [{"lead": point.lead, "text": point.text} for point in one.points],
        }
        for one in found
    ]


@pytest.mark.parametrize("case", [CASE, "mali-2013", "syria-2015", "congo-1998"])
def test_memo_and_all_that_follows_are_those_of_python(page: Page, case: str) -> None:
    seed = random.randrange(10**6)  # noqa: S311 (a test's choice)
    print(f"seed {seed}")  # noqa: T201
    chance = random.Random(seed)  # noqa: S311
    record = cases.case(case)
    made = []
    for _ in range(30):
        weighing = random_weighing(chance, record)
        shuffled = weighing.to_data()
        shuffled["cells"] = dict(
            chance.sample(list(shuffled["cells"].items()), len(shuffled["cells"]))
        )
        made.append((weighing, random_findings(chance, record), shuffled))
    content = WeighingBoard(case, {}).content
    asked = [[value, findings] for _, findings, value in made]
    answers = page.evaluate(IN_THE_BROWSER, [VIEW, asked, content])

    for (weighing, findings, _), found in zip(made, answers, strict=True):
        assert found["stand"] == list(stand(weighing))
        consent = asdict(precondition(weighing, findings))
        assert found["precondition"] == consent | {"gates": list(consent["gates"])}
        assert found["sections"] == plain(sections(weighing, findings))
        assert found["memo"] == memo(weighing, findings)
        assert found["sound"] == {"value": weighing.to_data(), "lost": 0}
        assert list(found["sound"]["value"]["cells"]) == list(weighing.cells)
        assert found["findings"] == findings


IN_THE_BROWSER = """async ([script, asked, content]) => {
    const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    const board = await import(address);
    return asked.map(([value, findings]) => ({
        stand: board.stand(content, value),
        precondition: board.precondition(content, value, findings),
        sections: board.sections(content, value, findings),
        memo: board.memo(content, value, findings),
        sound: board.sound(content, value),
        findings: board.soundFindings(content, findings),
    }));
}"""

A_CONSENT_TEST = """async ([script, given]) => {
    const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    const test = (await import(address)).default;
    const values = { earlier: {}, sent: 0, keeping: { number: 0, note: "" }, ...given };
    const nothing = () => {};
    const model = {
        get: (name) => values[name], set: (name, value) => { values[name] = value; },
        save_changes: nothing, on: nothing, off: nothing,
    };
    test.render({ el: document.createElement("div"), model });
}"""

A_MODEL = """
    const values = {
        content, value: { schema: "volens/weighing-board", version: 2, case: content.case,
            position: "", inviter_test: "", act: "", cells: {} },
        name: "second", keeps: false, earlier: {}, sent: 0, keeping: { number: 0, note: "" },
        findings: {},
    };
    const nothing = () => {};
    let listening = 0;
    const model = {
        get: (name) => values[name],
        set: (name, value) => { values[name] = value; },
        save_changes: nothing,
        on: () => { listening += 1; },
        off: () => { listening -= 1; },
    };
"""
A_SECOND_BOARD = (
    """async ([script, content]) => {
    const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    const board = (await import(address)).default;
    const el = document.createElement("div");
    document.body.append(el);"""
    + A_MODEL
    + """
    board.render({ el, model });
}"""
)
A_BOARD_TAKEN_AWAY = (
    """async ([script, content]) => {
    const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    const board = (await import(address)).default;"""
    + A_MODEL
    + """
    const add = window.addEventListener, remove = window.removeEventListener;
    window.addEventListener = (...all) => { listening += 1; add.apply(window, all); };
    window.removeEventListener = (...all) => { listening -= 1; remove.apply(window, all); };
    const end = board.render({ el: document.createElement("div"), model });
    end();
    window.addEventListener = add;
    window.removeEventListener = remove;
    return listening;
}"""
)
