"""The frame of every widget in Chromium: nothing entered is lost, and everything is said."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import visited
from tests.widgets.note import VIEW, Note
from volens.widgets.base import script

KEY = "volens note"


@pytest.fixture(name="file", scope="module")
def _file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("frame") / "note.html"
    file.write_text(Note().to_page(), encoding="utf-8")
    return file


@pytest.fixture(name="page")
def _page(chromium: Browser, file: Path) -> Iterator[Page]:
    """An untouched note; errors on the page fail the test."""
    with visited(chromium, file) as page:
        yield page


def enter(page: Page, words: str) -> None:
    page.get_by_label("Note", exact=True).fill(words)


def words(page: Page) -> str:
    return page.get_by_label("Note", exact=True).input_value()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click(force=True)


def kept(page: Page) -> Any:  # noqa: ANN401 (whatever the browser keeps)
    return page.evaluate("Object.entries(localStorage)")


def test_typing_is_one_step_to_undo_and_redo(page: Page) -> None:
    page.get_by_label("Note", exact=True).press_sequentially("who")
    press(page, "Undo")
    assert words(page) == ""
    expect(page.get_by_role("status")).to_have_text("Undone: the note.")
    press(page, "Redo")
    assert words(page) == "who"


def test_starting_again_can_be_undone(page: Page) -> None:
    enter(page, "who asked?")
    press(page, "Start again")
    assert words(page) == ""
    press(page, "Undo")
    assert words(page) == "who asked?"


def test_what_was_kept_is_offered_after_a_reload_and_comes_back(page: Page) -> None:
    enter(page, "who asked?")
    page.reload()
    assert words(page) == ""
    said = page.get_by_text("From earlier, in this browser").inner_text()
    assert re.fullmatch(
        r"From earlier, in this browser, \d{4}-\d\d-\d\d \d\d:\d\d: 2 words\.", said
    )
    press(page, "Bring it back")

    assert words(page) == "who asked?"
    expect(page.get_by_role("status")).to_have_text("Back again: 2 words.")
    expect(page.get_by_role("button", name="Undo")).to_be_focused()


def test_entries_made_before_the_offer_is_answered_overwrite_nothing(page: Page) -> None:
    enter(page, "first")
    page.reload()
    enter(page, "second")
    page.reload()

    page.get_by_role("button", name="Bring it back").click()
    assert words(page) == "second"
    page.get_by_text("1 more copy from earlier").click()
    page.get_by_role("button", name="Bring it back").click()
    assert words(page) == "first"
    assert not page.get_by_text("1 more copy from earlier").is_visible()


def test_not_now_keeps_the_copy_and_delete_does_not(page: Page) -> None:
    enter(page, "first")
    page.reload()
    press(page, "Not now")
    page.reload()
    press(page, "Delete this copy")
    page.reload()

    page.get_by_label("Note", exact=True).wait_for()
    assert page.get_by_role("group", name="From earlier").count() == 0


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "it cannot be read"),
        ('{"schema": "volens/board"}', "it is no saved note"),
        ('{"schema": "volens/note", "version": 3}', "a newer version of the course made it"),
    ],
)
def test_a_copy_that_cannot_be_used_is_shown_and_kept(page: Page, text: str, why: str) -> None:
    page.evaluate("([key, text]) => localStorage.setItem(key, text)", [KEY, text])
    page.reload()
    page.get_by_text(f"cannot be used: {why}. It stays as it is.").wait_for()
    page.get_by_text("What it holds").click()
    assert page.get_by_label("The copy as text").input_value() == text

    enter(page, "new")
    page.reload()
    page.get_by_text("1 more copy from earlier").click()
    page.get_by_text(f"cannot be used: {why}").wait_for()


def test_a_copy_from_an_older_version_says_so_and_what_was_left_out(page: Page) -> None:
    old = '{"schema": "volens/note", "version": 1, "words": 7}'
    page.locator("input[type=file]").set_input_files(
        [{"name": "old.json", "mimeType": "application/json", "buffer": old.encode()}]
    )

    said = page.get_by_text("old.json loaded: 0 words. It was made by an older version").first
    assert "1 of its entries could not be read and was left out." in (said.text_content() or "")


def test_without_a_store_the_page_says_so(chromium: Browser, file: Path) -> None:
    context = chromium.new_context()
    context.add_init_script("Storage.prototype.setItem = () => { throw new Error('refused'); };")
    page = context.new_page()
    page.goto(file.as_uri())
    enter(page, "who")

    page.get_by_text("This browser keeps nothing here.").wait_for()
    context.close()


def test_another_tab_is_announced_and_can_be_taken(page: Page, file: Path) -> None:
    other = page.context.new_page()
    other.goto(file.as_uri())
    enter(other, "from the other tab")
    press(page, "Take what the other tab has")

    assert words(page) == "from the other tab"


def test_save_and_load_are_each_others_way_back(page: Page, tmp_path: Path) -> None:
    enter(page, "who asked?")
    with page.expect_download() as download:
        press(page, "Save")
    download.value.save_as(tmp_path / "note.json")
    press(page, "Start again")
    page.locator("input[type=file]").set_input_files(tmp_path / "note.json")

    expect(page.get_by_label("Note", exact=True)).to_have_value("who asked?")
    assert Note(json.loads((tmp_path / "note.json").read_text("utf-8"))).value["version"] == 2


def test_the_answer_is_a_line_of_python(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    enter(page, 'He said "no".\nThen he left.')
    press(page, "Copy answer")
    expect(page.get_by_role("status")).to_have_text(
        "Answer copied. Paste it into the answer cell of the notebook."
    )

    names: dict[str, Any] = {}
    exec(page.evaluate("navigator.clipboard.readText()"), names)
    assert names["note"]["words"] == 'He said "no".\nThen he left.'


def test_where_copying_is_refused_the_text_is_selected(chromium: Browser, file: Path) -> None:
    context = chromium.new_context()
    context.add_init_script(
        "Object.defineProperty(navigator, 'clipboard', { value: undefined });"
        "document.execCommand = () => false;"
    )
    page = context.new_page()
    page.goto(file.as_uri())
    enter(page, "who")
    press(page, "Copy memo")

    expect(page.get_by_role("status")).to_have_text("Select the text of the memo and copy it.")
    assert page.evaluate("document.activeElement.value") == "Noted: who"
    context.close()


def test_what_is_offered_does_not_stay_on_top_while_scrolling(page: Page) -> None:
    enter(page, "who asked?")
    page.reload()
    page.set_viewport_size({"width": 1280, "height": 200})
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    offered = page.get_by_role("group", name="From earlier").bounding_box()
    scrolled = page.evaluate("window.scrollY")

    assert scrolled > 100
    assert offered
    assert offered["y"] < 200 - scrolled


# Keys that a page around the widget listens to, as JupyterLab does

LISTEN = """() => {
    window.heard = [];
    document.addEventListener("keydown", (event) => {
        if (!event.target.closest("[data-lm-suppress-shortcuts]")) heard.push(event.key);
    }, true);
    document.addEventListener("keydown", (event) => heard.push(event.defaultPrevented));
}"""


def heard(page: Page, keys: str) -> Any:  # noqa: ANN401 (keys, and whether one was taken)
    page.evaluate("heard.length = 0")
    page.keyboard.press(keys)
    return page.evaluate("heard.filter((one) => !['Control', 'Meta', 'Shift'].includes(one))")


def test_only_the_key_that_saves_leaves_a_widget_and_nobody_takes_it(page: Page) -> None:
    page.evaluate(LISTEN)
    field = page.get_by_label("Note", exact=True)
    field.focus()

    for _ in range(2):
        assert [one for one in heard(page, "Control+s") if one] == ["s"]
    for keys in ("Control+Shift+s", "Meta+s", "Alt+s", "s", "Control+b", "Enter", "ArrowDown"):
        assert [one for one in heard(page, keys) if one] == []
    expect(field).to_have_attribute("data-lm-suppress-shortcuts", "true")


def test_on_a_mac_it_is_another_key(chromium: Browser, file: Path) -> None:
    context = chromium.new_context()
    context.add_init_script("Object.defineProperty(navigator, 'platform', { value: 'MacIntel' });")
    page = context.new_page()
    page.goto(file.as_uri())
    page.evaluate(LISTEN)
    page.get_by_label("Note", exact=True).focus()

    assert [one for one in heard(page, "Meta+s") if one] == ["s"]
    assert [one for one in heard(page, "Control+s") if one] == []
    context.close()


def test_a_new_line_is_not_offered_to_the_page_and_can_be_undone(page: Page) -> None:
    page.evaluate(
        """() => document.addEventListener("keydown", ({ target }) => {
            target.addEventListener("beforeinput", (event) => {
                if (/LineBreak|history/.test(event.inputType)) event.preventDefault();
            }, { once: true });
        }, true)"""
    )
    field = page.get_by_label("Note", exact=True)
    field.press_sequentially("who")
    field.press("Enter")
    field.press_sequentially("asked")
    assert words(page) == "who\nasked"
    for _ in range(3):
        field.press("Control+z")

    assert words(page) == ""


def test_a_view_that_is_gone_listens_to_nothing(page: Page) -> None:
    with_a_kernel(page, "")
    page.evaluate(LISTEN)
    page.get_by_label("Note", exact=True).focus()
    assert [one for one in heard(page, "Control+s") if one] == ["s"]
    page.evaluate("window.end()")

    page.clock.run_for(100)
    assert [one for one in heard(page, "Control+s") if one] == []


# With a kernel


def with_a_kernel(page: Page, keeping: str) -> None:
    """Show the note on a model that answers as a kernel does, or is silent."""
    page.clock.install()
    page.evaluate(
        """async ([text, keeping]) => {
            const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
            const { default: view, pageModel } = await import(address);
            const model = window.model = pageModel({
                content: { title: "A note", kind: "note" },
                value: { schema: "volens/note", version: 2, words: "" },
                name: "note",
            });
            window.saved = 0;
            const kernel = { ...model, page: false, save_changes: () => {
                window.saved += 1;
                if (keeping) model.set("keeping", { number: model.get("sent"), note: keeping });
            } };
            const el = document.createElement("div");
            document.body.replaceChildren(el);
            window.end = view.render({ model: kernel, el });
        }""",
        [script() + VIEW + "\nexport { pageModel };", keeping],
    )


def test_changes_are_gathered_before_they_are_sent(page: Page) -> None:
    with_a_kernel(page, "Saved in answers/note.json.")
    page.get_by_label("Note", exact=True).press_sequentially("who asked?")
    page.clock.run_for(1000)

    assert page.evaluate("window.saved") == 1
    page.get_by_text("Saved in answers/note.json.").wait_for()


def test_a_silent_kernel_is_said_and_the_browser_still_keeps(page: Page) -> None:
    with_a_kernel(page, "")
    enter(page, "who")
    page.clock.run_for(1000)
    silent = page.get_by_text("The notebook does not answer")
    assert not silent.is_visible()
    page.clock.run_for(5000)
    assert silent.is_visible()
    assert json.loads(dict(kept(page))[KEY])["words"] == "who"

    page.evaluate("window.model.set('keeping', { number: 1, note: '' })")
    assert not silent.is_visible()


def test_what_was_not_sent_yet_is_sent_when_the_view_goes(page: Page) -> None:
    with_a_kernel(page, "")
    enter(page, "who")
    page.evaluate("window.end()")

    assert page.evaluate("window.saved") == 1
    page.evaluate("window.model.set('value', { words: 'after the end' })")
    assert words(page) == "who"
