"""Check my work: the button on a page with an object for a kernel, and in JupyterLab."""

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.bare import write_page
from tests.browser.conftest import opened_file, visited
from tests.browser.saving import LONG_AGO, saved
from tests.checkout import ROOT
from volens.handin import Checked, Manual, Problem, Question, Text
from volens.widgets.check_button import check_button

NAME = "a1-claims"
RELEASED = ROOT / "assignments" / NAME / f"{NAME}.ipynb"
FOLDER = ROOT / "build" / "check"
PICTURES = ROOT / "build" / "pictures"
CONVERTER = {
    "cell_type": "code",
    "id": "converter",
    "metadata": {},
    "source": "vo.zone_converter()",
    "outputs": [],
    "execution_count": None,
}
#: What Chromium puts between paragraphs in a text.
GAP = "\n\n"
TO_DO = Question("two", "2. <b>Whose</b> words?", 6, complete=False)
ITEMS = tuple(f"V{number}" for number in range(1, 7))


def found(**changed: Any) -> dict[str, Any]:  # noqa: ANN401 (any part of what was found)
    parts: dict[str, Any] = {
        "assignment": NAME,
        "title": "a1. Who says what?",
        "file": f"{NAME}.ipynb",
        "saved": datetime.now(UTC) - timedelta(minutes=12),
        "problems": (
            Problem("The check of question 2 is there twice: delete one. Press *Undo*."),
            Problem("`other.ipynb`, beside it, was saved later.", harms=False),
        ),
        "questions": (
            Question("one", "1. In whose name?", 6, complete=True),
            replace(TO_DO, empty=ITEMS, sentences=("`words` has no answer.",)),
            replace(TO_DO, title="3. Faithful?", sentences=("A comma.",), readable=False),
        ),
        "texts": (Text("four", "4. A critique", 24, 120, 300), Text("five", "5. Why?", 6, 0)),
        "manual": (Manual("six", "Do you dispute a key?", 0),),
    }
    return {"number": 1, "problem": "", **Checked(**parts | changed).to_data()}


@pytest.fixture(name="tab", scope="module")
def _tab(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    file = tmp_path_factory.mktemp("button") / "page.html"
    write_page(check_button(NAME), file, asked=0, found={})
    with visited(chromium, file) as page:
        yield page


@pytest.fixture(name="page")
def _page(tab: Page) -> Page:
    tab.set_viewport_size({"width": 1280, "height": 900})
    tab.reload()
    return tab


def press(page: Page) -> None:
    page.get_by_role("button", name="Check my work").click()


def answer(page: Page, result: dict[str, Any]) -> None:
    """Answer as the kernel does."""
    page.evaluate("found => window.model.set('found', found)", result)


def asked(page: Page) -> int:
    return int(page.evaluate("window.model.get('asked')"))


def test_it_says_to_save_first_and_that_it_does_not_save(page: Page) -> None:
    page.get_by_text("First save the notebook: Ctrl + S").wait_for()
    page.get_by_text("The button does not save for you.").wait_for()


def test_it_is_pressed_with_the_keyboard_and_says_that_it_checks(page: Page) -> None:
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_have_text("Checking\u2026")
    assert asked(page) == 1


def test_it_asks_once_until_there_is_an_answer(page: Page) -> None:
    press(page)
    page.get_by_role("button", name="Check my work").press("Enter")
    assert asked(page) == 1

    answer(page, found())
    press(page)
    assert asked(page) == 2


def test_what_was_found_stands_in_words_under_headings(page: Page) -> None:
    press(page)
    answer(page, found())
    result = page.locator(".cb-result")

    expect(page.get_by_role("status")).to_have_text(
        "Not ready yet. 1 thing to mend. 1 of 3 questions complete. 1 of 2 texts written."
    )
    assert result.locator("h3").all_inner_texts() == [
        "To mend",
        "Questions",
        "Your texts",
        "What else a person reads",
        "To know",
    ]
    third = (
        f"2. <b>Whose</b> words? to do Not complete: 6 items still empty.{GAP}"
        f"words has no answer.{GAP}All that is empty"
    )
    assert result.locator("li").all_inner_texts()[:3] == [
        "The check of question 2 is there twice: delete one. Press Undo.",
        "1. In whose name? complete",
        third,
    ]
    assert "3. Faithful? to do Cannot be read.\n\nA comma." in result.inner_text()
    assert "4. A critique 120 words About 300 are asked for.\n" in result.inner_text()
    assert "5. Why? to do Still empty." in result.inner_text()
    assert "Do you dispute a key?: nothing entered; that is fine." in result.inner_text()
    assert "Next: Mend first what stands at the top" in result.inner_text()


def test_a_text_says_how_long_it_is_and_should_be(page: Page) -> None:
    lengths = ((120, 300), (0, 300), (1, None), (0, None))
    answer(page, found(texts=tuple(Text("t", "Text", 6, *one) for one in lengths)))
    said = page.locator("li", has_text="Text").all_inner_texts()

    assert said == [
        "Text 120 words About 300 are asked for.",
        "Text to do Still empty. About 300 are asked for.",
        "Text 1 word",
        "Text to do Still empty.",
    ]


def test_all_that_is_empty_unfolds(page: Page) -> None:
    answer(page, found())
    page.get_by_text("All that is empty").press("Enter")

    assert page.get_by_text("V1, V2, V3, V4, V5, V6.").is_visible()


def test_the_time_of_the_save_is_told_by_the_clock_of_this_computer(page: Page) -> None:
    saved = datetime.now().astimezone() - timedelta(minutes=12, seconds=5)
    answer(page, found(saved=saved.astimezone(UTC)))

    assert f"saved on {saved:%Y-%m-%d %H:%M}, 12 minutes ago." in page.inner_text(".cb-result")


def test_a_fresh_save_needs_no_reminder(page: Page) -> None:
    answer(page, found(saved=datetime.now(UTC)))

    assert "minutes ago" not in page.inner_text(".cb-result")


def test_a_file_that_is_not_there_is_told(page: Page) -> None:
    press(page)
    answer(page, {"number": 1, "problem": "There is no file `a1-claims.ipynb` here."})

    expect(page.get_by_role("status")).to_have_text("The file could not be checked.")
    assert page.inner_text(".cb-result") == "There is no file a1-claims.ipynb here."


def test_a_kernel_that_is_silent_is_told_and_can_be_asked_again(
    chromium: Browser, tmp_path: Path
) -> None:
    write_page(check_button(NAME), tmp_path / "page.html", asked=0, found={})
    with visited(chromium, tmp_path / "page.html") as page:
        page.clock.install()
        press(page)
        page.clock.fast_forward(20_000)

        assert page.get_by_role("status").inner_text().startswith("Still checking.")
        press(page)
        assert asked(page) == 2
        answer(page, found())
        page.clock.fast_forward(20_000)
        assert page.get_by_role("status").inner_text().startswith("Not ready yet.")


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_axe_finds_nothing_and_nothing_sticks_out(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    PICTURES.mkdir(parents=True, exist_ok=True)
    for result in ({}, found(), found(problems=(Problem("word" * 60),), texts=(), manual=())):
        answer(page, result)
        page.screenshot(path=PICTURES / f"check-button-{width}.png", full_page=True)
        seen = Axe().run(page).response["violations"]

        assert [(one["id"], one["nodes"][0]["html"]) for one in seen] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_in_jupyterlab_it_reads_the_notebook_in_which_it_stands(
    chromium: Browser, address: str
) -> None:
    """A download that the browser renamed, with an untouched original beside it."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    shutil.copy(RELEASED, FOLDER)
    renamed = FOLDER / f"{NAME} (1).ipynb"
    notebook = json.loads(RELEASED.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["id"] == "critique-answer":
            cell["source"] = "Four words of mine."
    notebook["cells"].append(CONVERTER)
    renamed.write_text(json.dumps(notebook), encoding="utf-8")
    page = opened_file(chromium, address, f"build/check/{renamed.name}")
    page.wait_for_selector(".volens-check-button", state="attached", timeout=60_000)
    page.get_by_text("| Idle").wait_for(timeout=60_000)
    button = page.locator(".volens-check-button")
    button.scroll_into_view_if_needed()
    button.get_by_role("button", name="Check my work").press("Enter")

    expect(button.get_by_role("status")).to_have_text(
        "Not ready yet. 1 thing to mend. 0 of 6 questions complete. 1 of 1 text written.",
        timeout=30_000,
    )
    assert f"The file is called {renamed.name}. Hand it in as {NAME}.ipynb" in button.inner_text()
    page.screenshot(path=PICTURES / "check-button-jupyterlab.png")
    save_with_the_focus_on_the_button(page, renamed)
    change_a_sheet_and_check_before_saving(page, renamed)
    type_into_the_converter(page)
    saved(page, renamed, lambda: page.keyboard.press("Control+S"))
    page.close()


def save_with_the_focus_on_the_button(page: Page, file: Path) -> None:
    """Ctrl + S saves, and the next press is about the new file; B adds no cell."""
    button = page.locator(".volens-check-button").get_by_role("button", name="Check my work")
    expect(button).to_be_focused()
    cells = len(json.loads(file.read_text("utf-8"))["cells"])
    before = page.locator(".cb-result").inner_text()
    page.keyboard.press("b")
    assert len(saved(page, file, lambda: page.keyboard.press("Control+S"))["cells"]) == cells

    expect(button).to_be_focused()
    button.press("Enter")
    expect(page.locator(".cb-result")).to_contain_text(f"{datetime.now().astimezone():%Y-%m-%d}")
    assert before.startswith("This is about the file as it was saved on")


def change_a_sheet_and_check_before_saving(page: Page, file: Path) -> None:
    """An old file is told first, and no sheet; once it is saved, the sheet is named."""
    sheet = page.locator(".volens-answer-sheet").first
    sheet.scroll_into_view_if_needed()
    sheet.get_by_role("combobox").first.select_option(index=1)
    sheet.get_by_text("Saved in answers/").wait_for()
    button = page.locator(".volens-check-button")
    to_mend = button.locator("h3:text-is('To mend') + ul > li")
    os.utime(file, (LONG_AGO, LONG_AGO))
    button.get_by_role("button", name="Check my work").press("Enter")
    expect(to_mend.first).to_have_text(
        "You changed something after you last saved. Save, then check again."
    )
    expect(to_mend).to_have_count(2)
    button.scroll_into_view_if_needed()
    page.screenshot(path=PICTURES / "check-button-before-saving.png")

    saved(page, file, lambda: page.keyboard.press("Control+S"))
    button.get_by_role("button", name="Check my work").press("Enter")
    expect(to_mend.last).to_contain_text("The sheet of question 1 and the answer cell differ")
    expect(button).not_to_contain_text("after you last saved")
    expect(button).to_contain_text("4 words About 300 are asked for.")
    button.get_by_text("Your texts").scroll_into_view_if_needed()
    page.screenshot(path=PICTURES / "check-button-after-saving.png")


def type_into_the_converter(page: Page) -> None:
    """JupyterLab takes none of the keys for itself."""
    converter = page.locator(".volens-zone-converter")
    converter.scroll_into_view_if_needed()
    converter.get_by_label("Place").focus()
    page.keyboard.press("ArrowDown")
    field = converter.get_by_label("Local date and time there")
    field.press("Control+A")
    field.press_sequentially("2022-01-05 12:00")

    expect(converter.get_by_label("In UTC")).to_have_value("2022-01-05 07:00")
    page.screenshot(path=PICTURES / "zone-converter-jupyterlab.png")
