"""The weighing board on a page of its own: keyboard, phone, and the same words as Python."""

import ast
import json
import random
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.checkout import ROOT
from volens import cases, doctrine
from volens.weighing import OWN, STANCES, Entry, Weighing, columns
from volens.widgets.weighing_board import board_page

CASE = "kazakhstan-2022"
PICTURES = ROOT / "build" / "pictures"
REASON = "The word widened what forces could do, and UN experts warned that it was too broad here"


@pytest.fixture(name="file", scope="module")
def _file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("board") / "board.html"
    file.write_text(board_page(CASE), encoding="utf-8")
    return file


@pytest.fixture(name="page")
def _page(chromium: Browser, file: Path) -> Iterator[Page]:
    """The board, empty, with nothing kept; errors on the page fail the test."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(file.as_uri())
    page.wait_for_selector(".volens-board")
    yield page
    context.close()
    assert errors == []


def fill_by_keyboard(page: Page) -> None:
    """Counter terrorism and human rights: in tension, with a reason and a hinge."""
    page.locator(".vb-grid button[tabindex='0']").focus()
    place = "counter-terrorism|human-rights"
    down = [purpose.id for purpose in doctrine.purposes()].index(place.split("|", maxsplit=1)[0])
    right = [principle.id for principle in columns()].index(place.split("|")[1])
    for key in ["ArrowDown"] * down + ["ArrowRight"] * right + ["Enter", "ArrowDown"]:
        page.keyboard.press(key)
    page.keyboard.press("Tab")
    page.keyboard.type(REASON)
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")


def state(page: Page) -> dict[str, Any]:
    """What the answer as text says."""
    text = page.locator("textarea[id$=answer]").input_value()
    return ast.literal_eval(text.removeprefix("weighing = "))  # type: ignore[no-any-return]


def test_a_cell_is_filled_with_the_keyboard_alone(page: Page) -> None:
    fill_by_keyboard(page)
    first = cases.case(CASE).findings[0].id

    assert state(page) == {
        "counter-terrorism|human-rights": {"stance": "tension", "reason": REASON, "hinge": first}
    }
    page.get_by_text("1 cell filled, nothing still to be given.").wait_for()


def test_escape_goes_back_to_the_cell_in_the_table(page: Page) -> None:
    fill_by_keyboard(page)
    page.keyboard.press("Escape")

    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == (
        "Counter terrorism and human rights: in tension"
    )


def test_everything_can_be_reached_with_tab(page: Page) -> None:
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate("document.activeElement.textContent || document.activeElement.id")
        )

    for label in (
        "Empty the board",
        "Next cell",
        "Clear this cell",
        "Copy answer",
        "Copy memo",
        "Save",
    ):
        assert label in reached


def test_every_control_keeps_its_keys_to_itself(page: Page) -> None:
    controls = ".volens-board :is(button, input, select, textarea, summary)"
    without = page.locator(f"{controls}:not([data-lm-suppress-shortcuts])")

    assert without.count() == 0


def test_the_entries_are_there_after_a_reload(page: Page) -> None:
    fill_by_keyboard(page)
    before = state(page)
    page.reload()
    page.wait_for_selector(".volens-board")

    assert state(page) == before
    assert (
        "From this browser: 1 cell kept and back again"
        in page.locator("[role=status]").inner_text()
    )


def test_undo_after_a_reload_keeps_what_came_back(page: Page) -> None:
    fill_by_keyboard(page)
    page.reload()
    page.wait_for_selector(".volens-board")
    before = state(page)
    page.get_by_role("button", name="Undo").click(force=True)

    assert state(page) == before


def test_two_boards_on_one_page_do_not_share_their_controls(page: Page, file: Path) -> None:
    script = files("volens.widgets").joinpath("weighing_board.js").read_text(encoding="utf-8")
    page.evaluate(A_SECOND_BOARD, [script, content()])
    second = page.locator(".volens-board").nth(1)
    second.get_by_label("in tension", exact=True).check()

    assert page.locator(".vb-filled").nth(0).locator("li").count() == 0
    assert page.locator(".vb-filled").nth(1).locator("li").count() == 1
    assert page.evaluate(
        "(() => { const ids = [...document.querySelectorAll('[id]')].map((one) => one.id);"
        " return ids.length === new Set(ids).size; })()"
    )


def test_a_board_in_another_tab_is_announced_and_can_be_taken(page: Page, file: Path) -> None:
    other = page.context.new_page()
    other.goto(file.as_uri())
    other.wait_for_selector(".volens-board")
    fill_by_keyboard(other)
    page.get_by_role("button", name="Take what the other tab has").click()

    assert state(page) == state(other)


def test_without_a_store_the_page_says_so(chromium: Browser, file: Path) -> None:
    context = chromium.new_context()
    context.add_init_script("Storage.prototype.setItem = () => { throw new Error('refused'); };")
    page = context.new_page()
    page.goto(file.as_uri())
    page.get_by_label("depends", exact=True).check()

    page.get_by_text("This browser keeps nothing here.").wait_for()
    context.close()


def test_own_words_survive_a_try_with_another_hinge(page: Page) -> None:
    page.get_by_label("depends", exact=True).check()
    hinge = page.get_by_label("Hinge: the finding")
    hinge.select_option(label="own, in words")
    page.get_by_label("Your hinge, in words").fill("who gave the order")
    hinge.select_option(index=1)
    hinge.select_option(label="own, in words")

    assert next(iter(state(page).values()))["hinge"] == "own: who gave the order"


def test_the_next_cell_is_read_out(page: Page) -> None:
    page.get_by_role("button", name="Next cell").click()

    assert page.evaluate("document.activeElement.tagName") == "H2"
    assert "self-determination" in page.evaluate("document.activeElement.textContent")


def test_on_a_narrow_screen_the_table_can_still_be_shown(page: Page) -> None:
    page.set_viewport_size({"width": 500, "height": 700})
    page.get_by_label("show the whole table").check()

    assert page.locator(".vb-grid").is_visible()


def test_undo_takes_back_one_step_at_a_time(page: Page) -> None:
    fill_by_keyboard(page)
    undo = page.get_by_role("button", name="Undo")
    undo.click()
    assert state(page)["counter-terrorism|human-rights"]["hinge"] == ""
    undo.click()
    assert state(page)["counter-terrorism|human-rights"]["reason"] == ""
    undo.click()
    assert state(page) == {}
    assert undo.get_attribute("aria-disabled") == "true"
    page.get_by_role("button", name="Redo").click()
    assert state(page)["counter-terrorism|human-rights"]["stance"] == "tension"


def test_emptying_the_board_can_be_undone(page: Page) -> None:
    fill_by_keyboard(page)
    before = state(page)
    page.get_by_role("button", name="Empty the board").click()
    assert state(page) == {}
    page.get_by_role("button", name="Undo").click()

    assert state(page) == before


def test_a_reason_may_be_typed_before_a_stance_is_chosen(page: Page) -> None:
    page.get_by_label("Reason: why, in your words").fill(REASON)
    assert state(page) == {}
    assert page.get_by_text("Not kept yet: choose a stance above.").is_visible()
    page.get_by_label("supports", exact=True).check()

    assert next(iter(state(page).values()))["reason"] == REASON


def test_a_hinge_may_be_in_ones_own_words(page: Page) -> None:
    page.get_by_label("depends", exact=True).check()
    page.get_by_label("Hinge: the finding").select_option(label="own, in words")
    page.get_by_label("Your hinge, in words").fill("who gave the order")

    assert next(iter(state(page).values()))["hinge"] == "own: who gave the order"


def test_defaults_are_shown_only_when_asked_for(page: Page) -> None:
    standard = page.locator(".vb-default")
    assert not standard.is_visible()
    page.get_by_label("show the course's defaults").check()

    assert standard.inner_text().startswith("The course's default: ")
    assert "(" in page.locator(".vb-grid td button").nth(3).inner_text()
    assert state(page) == {}


def test_a_board_is_saved_and_loaded_as_a_file(page: Page, tmp_path: Path) -> None:
    fill_by_keyboard(page)
    before = state(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save", exact=True).click()
    download.value.save_as(tmp_path / "board.json")
    page.get_by_role("button", name="Empty the board").click()
    page.locator("input[type=file]").set_input_files(tmp_path / "board.json")
    page.wait_for_function("document.querySelectorAll('.vb-filled button').length === 1")

    assert state(page) == before
    assert Weighing.from_json((tmp_path / "board.json").read_text("utf-8")).to_data() == before


@pytest.mark.parametrize("content", ["nonsense", '{"case": "somewhere-else", "cells": {}}', "{}"])
def test_another_file_is_refused_in_words(page: Page, tmp_path: Path, content: str) -> None:
    (tmp_path / "other.json").write_text(content, encoding="utf-8")
    page.locator("input[type=file]").set_input_files(tmp_path / "other.json")

    page.get_by_text("other.json was not loaded").last.wait_for()
    assert state(page) == {}


def test_copying_puts_the_answer_on_the_clipboard(page: Page, file: Path) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    fill_by_keyboard(page)
    page.get_by_role("button", name="Copy answer").click()
    page.get_by_text("Answer copied.").last.wait_for()

    assert ast.literal_eval(
        page.evaluate("navigator.clipboard.readText()").removeprefix("weighing = ")
    ) == state(page)


def test_at_320_pixels_one_cell_stands_at_a_time_and_nothing_sticks_out(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 700})

    assert not page.locator(".vb-grid").is_visible()
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 320
    page.get_by_label("Purpose").select_option(label="Counter terrorism")
    page.get_by_label("Principle").select_option(label="Human rights")
    page.get_by_label("in tension", exact=True).check()
    page.get_by_label("Reason: why, in your words").fill(REASON)

    assert (
        "Counter terrorism and human rights: in tension" in page.locator(".vb-filled").inner_text()
    )
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 320


def test_every_target_is_large_enough_for_a_finger(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    for control in page.locator(".volens-board :is(button, select, textarea, summary)").all():
        box = control.bounding_box()
        if box and control.is_visible():
            assert box["height"] >= 24, control.inner_text()


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_serious(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    fill_by_keyboard(page) if width > 640 else page.get_by_label("in tension", exact=True).check()
    page.get_by_label("show the course's defaults").check()
    found = Axe().run(page).response["violations"]

    assert [(one["id"], one["impact"], len(one["nodes"])) for one in found] == []


def test_pictures_are_taken_for_people_to_look_at(page: Page) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    fill_by_keyboard(page)
    for purpose, principle, stance in (
        ("Counter terrorism", "Non-intervention", "supports"),
        ("Stability", "Self-determination", "depends"),
        ("Stability", "Non-intervention", "in tension"),
    ):
        options = page.get_by_label("Purpose").locator("option").all_inner_texts()
        chosen = next(name for name in options if purpose.lower() in name.lower())
        page.get_by_label("Purpose").select_option(label=chosen)
        page.get_by_label("Principle").select_option(label=principle)
        page.get_by_label(stance, exact=True).check()
    page.get_by_text("4 cells filled, something still to be given for 3").wait_for()
    page.screenshot(path=PICTURES / "weighing-board-1280.png", full_page=True)
    page.set_viewport_size({"width": 320, "height": 900})
    page.screenshot(path=PICTURES / "weighing-board-320.png", full_page=True)

    assert (PICTURES / "weighing-board-1280.png").stat().st_size > 10_000


# The same words as in Python

TEXTS = (
    "",
    " ",
    "\n\n",
    "# Heading\n- and <b>more</b>",
    "Because.",
    'He said "no".\nAnd left.',
    "C:\\back",
    "\u00e9\u4e2d\U0001f600",
    "a|b",
)


def random_cells(chance: random.Random) -> dict[str, dict[str, str]]:
    findings = [finding.id for finding in cases.case(CASE).findings]
    weighing = Weighing(CASE)
    for _ in range(chance.randrange(12)):
        hinge = chance.choice(["", chance.choice(findings), OWN + "who gave the order"])
        weighing = weighing.set(
            chance.choice(doctrine.purposes()).id,
            chance.choice(columns()).id,
            Entry(chance.choice(list(STANCES)), chance.choice(TEXTS), hinge),
        )
    return weighing.to_data()


def test_answer_memo_and_summary_are_those_of_python(page: Page) -> None:
    seed = random.randrange(10**6)  # noqa: S311 (a test's choice)
    print(f"seed {seed}")  # noqa: T201
    chance = random.Random(seed)  # noqa: S311
    script = files("volens.widgets").joinpath("weighing_board.js").read_text(encoding="utf-8")
    for _ in range(40):
        cells = random_cells(chance)
        weighing = Weighing.from_data(CASE, cells)
        shuffled = dict(chance.sample(list(cells.items()), len(cells)))
        found = page.evaluate(IN_THE_BROWSER, [script, shuffled, content()])

        assert found["literal"] == weighing.to_literal()
        assert json.loads(found["saved"]) == json.loads(weighing.to_json())
        assert found["memo"] == weighing.to_memo()
        assert found["conflicts"] == [str(conflict) for conflict in weighing.conflicts()]
        assert found["unsupported"] == [str(lacking) for lacking in weighing.unsupported()]
        assert found["sound"] == cells


def content() -> dict[str, Any]:
    text = board_page(CASE).split("const content = ", 1)[1].split(";\n", 1)[0]
    return json.loads(text.replace("<\\/", "</"))  # type: ignore[no-any-return]


IN_THE_BROWSER = """async ([script, cells, content]) => {
    const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    const board = await import(address);
    return {
        literal: board.literal(content, cells),
        saved: board.saved(content, cells),
        memo: board.memo(content, cells),
        conflicts: board.conflicts(content, cells),
        unsupported: board.unsupported(content, cells),
        sound: board.sound(content, cells),
    };
}"""


A_SECOND_BOARD = """async ([script, content]) => {
    const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    const board = (await import(address)).default;
    const values = { content, cells: {}, restore: false };
    const el = document.createElement("div");
    document.body.append(el);
    const nothing = () => {};
    board.render({ el, model: {
        get: (name) => values[name],
        set: (name, value) => { values[name] = value; },
        save_changes: nothing, on: nothing, off: nothing,
    } });
}"""
