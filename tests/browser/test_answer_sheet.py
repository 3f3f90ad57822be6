"""The answer sheet in Chromium: filled without a mouse, copied, and run as the cell it is."""

import json
import random
import re
import shutil
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import opened_file, visited
from tests.browser.saving import saved
from tests.checkout import ROOT
from tests.widgets.test_answer_sheet import HOSTILE
from volens.checks import Choice, Day, Instant, Number, Several, Words
from volens.widgets.answer_sheet import AnswerSheet, answer_sheet
from volens.widgets.base import script

PICTURES = ROOT / "build" / "pictures"
FOLDER = ROOT / "build" / "answer-sheet"
WIDTHS = [1280, 360]
COPIED = (
    "Copied. Click into the answer cell below, select all (Ctrl+A, on a Mac Cmd+A), "
    "paste (Ctrl+V), then run it with Shift+Enter."
)
COLUMNS = {
    "request": Choice("met", "not met", "unclear"),
    "gates": Several("request", "timing", "scope of the consent"),
    "number": Number(),
    "day": Day(),
    "moment": Instant(),
    "reason": Words(at_least=3),
}
ROWS = {"V1": "A letter, signed on day 3", "V2": "", "V3": 'Called "the cabinet"'}


def sheets() -> dict[str, AnswerSheet]:
    offices = Choice("the inviting State", "a sending State", "cannot be determined")
    wide = {
        "request": Choice("met", "not met", "unclear"),
        "gate": Choice("request", "validity of the consent", "authority", "timing"),
        "moment": Instant(),
        "reason": Words(at_least=6),
    }
    rows = {f"V{number}": "A letter by the Foreign Minister" for number in range(1, 13)}
    return {
        "kinds": answer_sheet("all_kinds", ROWS, COLUMNS),
        "one": answer_sheet("capacity", {"C004": "Peskov", "C009": "Pashinyan"}, offices),
        "many": answer_sheet("gates_table", rows, wide),
        "words": answer_sheet("disputes", ["gates_table: V3: request"], Words()),
    }


@pytest.fixture(name="made", scope="module")
def _made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Each sheet as a page of its own."""
    folder = tmp_path_factory.mktemp("sheets")
    with pytest.MonkeyPatch.context() as elsewhere:
        elsewhere.chdir(folder)
        files = {}
        for name, sheet in sheets().items():
            files[name] = folder / f"{name}.html"
            files[name].write_text(sheet.to_page(), encoding="utf-8")
    return files


@pytest.fixture(name="tab", scope="module")
def _tab(chromium: Browser, made: dict[str, Path]) -> Iterator[Page]:
    """One page for the whole module; errors on it fail the tests."""
    permissions = ["clipboard-read", "clipboard-write"]
    with visited(chromium, made["kinds"], permissions=permissions) as page:
        yield page


@pytest.fixture(name="page")
def _page(tab: Page, made: dict[str, Path]) -> Page:
    """The sheet with every kind of field, empty, with nothing kept."""
    return shown(tab, made["kinds"])


def shown(page: Page, file: Path, width: int = 1280) -> Page:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(file.as_uri())
    page.evaluate("localStorage.clear()")
    page.reload()
    return page


def copied(page: Page) -> dict[str, Any]:
    """What *Copy my answers* gave, run as a cell."""
    page.get_by_role("button", name="Copy my answers").click()
    expect(page.get_by_role("status")).to_contain_text("Copied")
    names: dict[str, Any] = {}
    exec(page.evaluate("navigator.clipboard.readText()"), names)
    names.pop("__builtins__")
    return names


def line(row: str, column: str) -> str:
    """The name of a field, as a screen reader says it."""
    return f"{row} {ROWS[row]}".strip() + f": {column}"


def test_copying_an_empty_sheet_warns_of_it(page: Page) -> None:
    copied(page)

    expect(page.get_by_role("status")).to_have_text(
        "Copied, but no field is filled. Do not paste this over an answer that you have already."
    )


EMPTY = {row: dict.fromkeys(COLUMNS, "") for row in ROWS}


# The main path


@pytest.mark.parametrize("width", WIDTHS)
def test_a_sheet_is_filled_and_copied_with_the_keyboard_alone(
    tab: Page, made: dict[str, Path], width: int
) -> None:
    page = shown(tab, made["kinds"], width)
    keys = page.keyboard
    for name in ("Undo", "Redo", "Start again"):
        keys.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == name

    keys.press("Tab")
    expect(page.get_by_role("combobox", name=line("V1", "request"))).to_be_focused()
    keys.type("not")
    keys.press("Tab")
    keys.press("Space")
    keys.press("Tab")
    keys.press("Tab")
    keys.press("Space")
    keys.press("Tab")
    for typed in ("12", "2022-01-05", "2022-01-05 17:15", "Who asked,\nand when?"):
        keys.press("Tab")
        if "\n" in typed:
            first, second = typed.split("\n")
            keys.type(first)
            keys.press("Enter")
            keys.type(second)
        else:
            keys.type(typed)
    expect(page.get_by_role("textbox", name=line("V1", "reason"))).to_be_focused()
    for _ in range(100):
        keys.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Copy my answers":
            break
    keys.press("Enter")

    expect(page.get_by_role("status")).to_have_text(COPIED)
    names: dict[str, Any] = {}
    exec(page.evaluate("navigator.clipboard.readText()"), names)
    assert names["all_kinds"] == {
        **EMPTY,
        "V1": {
            "request": "not met",
            "gates": "request; scope of the consent",
            "number": "12",
            "day": "2022-01-05",
            "moment": "2022-01-05 17:15",
            "reason": "Who asked, and when?",
        },
    }


def test_one_kind_copies_a_word_for_each_row(tab: Page, made: dict[str, Path]) -> None:
    page = shown(tab, made["one"])
    page.get_by_role("combobox", name="C009 Pashinyan: Your answer").select_option(
        "a sending State"
    )

    assert copied(page) == {"capacity": {"C004": "", "C009": "a sending State"}}
    assert page.evaluate("navigator.clipboard.readText()") == (
        'capacity = {\n    "C004": "",  # Peskov\n    "C009": "a sending State",  # Pashinyan\n}'
    )


def test_none_of_these_stands_alone_and_nothing_is_not_none(page: Page) -> None:
    group = page.get_by_role("group", name=line("V1", "gates"))
    group.get_by_label("timing").check()
    group.get_by_label("none of these").check()
    assert not group.get_by_label("timing").is_checked()
    assert copied(page)["all_kinds"]["V1"]["gates"] == "none"

    group.get_by_label("request").check()
    assert not group.get_by_label("none of these").is_checked()
    group.get_by_label("request").uncheck()
    assert copied(page)["all_kinds"]["V1"]["gates"] == ""


def test_a_day_can_be_pasted(page: Page) -> None:
    page.evaluate("navigator.clipboard.writeText('2022-01-13')")
    page.get_by_role("textbox", name=line("V1", "day")).focus()
    page.keyboard.press("Control+V")

    assert copied(page)["all_kinds"]["V1"]["day"] == "2022-01-13"


def test_where_copying_is_refused_the_text_is_selected(
    chromium: Browser, made: dict[str, Path]
) -> None:
    with visited(chromium, made["one"]) as page:
        page.add_init_script(
            "Object.defineProperty(navigator, 'clipboard', { value: undefined });"
            "document.execCommand = () => false;"
        )
        page.reload()
        page.get_by_role("combobox", name="C004 Peskov: Your answer").select_option(
            "a sending State"
        )
        page.get_by_role("button", name="Copy my answers").click()

        said = page.get_by_role("status")
        expect(said).to_contain_text("The text is selected: copy it")
        expect(said).to_contain_text("Then click into the answer cell below")
        assert page.evaluate("getSelection().toString()").startswith("capacity = {\n")


def test_the_answer_as_text_follows_the_fields(tab: Page, made: dict[str, Path]) -> None:
    page = shown(tab, made["one"])
    assert page.get_by_role("button", name="Copy answer", exact=True).count() == 0
    page.get_by_text("The answer as text").click()
    page.get_by_role("combobox", name="C004 Peskov: Your answer").select_option("a sending State")

    expect(page.get_by_label("For the answer cell")).to_have_value(
        'capacity = {\n    "C004": "a sending State",  # Peskov\n    "C009": "",  # Pashinyan\n}'
    )


# What is said


def test_the_sheet_counts_fields_and_names_those_to_look_at_again(page: Page) -> None:
    said = page.locator(".as-progress")
    expect(said).to_have_text("0 of 18 fields filled.")
    page.get_by_role("combobox", name=line("V1", "request")).select_option("met")
    expect(page.get_by_role("status")).to_have_text("1 of 18 fields filled.")
    page.get_by_role("textbox", name=line("V2", "moment")).fill("5 January")
    expect(said).to_have_text("2 of 18 fields filled.")  # nobody is faulted while typing
    page.keyboard.press("Tab")

    expect(said).to_have_text("2 of 18 fields filled. To look at again: V2: moment.")
    expect(page.get_by_role("status")).to_have_text(said.inner_text())
    trouble = "This cannot be read. Write a day and time in UTC, such as 2022-01-05 17:15."
    moment = page.get_by_role("textbox", name=line("V2", "moment"))
    expect(moment).to_have_attribute("aria-invalid", "true")
    expect(moment).to_have_accessible_description(
        f"a day and time in UTC, such as 2022-01-05 17:15 {trouble}"
    )
    moment.fill("2022-01-05 17:15")
    expect(page.get_by_text(trouble).first).to_be_hidden()
    assert moment.get_attribute("aria-invalid") is None
    expect(said).to_have_text("2 of 18 fields filled.")


def test_words_are_counted_while_they_are_typed(page: Page) -> None:
    reason = page.get_by_role("textbox", name=line("V1", "reason"))
    reason.press_sequentially("Who asked")
    count = page.locator(".as-count").first
    expect(count).to_have_text("2 words")
    expect(page.get_by_text("Too short.")).to_have_count(0)
    page.keyboard.press("Tab")

    expect(page.get_by_text("Too short. Write at least 3 words.")).to_be_visible()
    reason.press_sequentially("?\nWhen")
    expect(count).to_have_text("3 words")
    expect(page.get_by_text("Too short. Write at least 3 words.")).to_be_hidden()


def test_a_full_sheet_says_so(tab: Page, made: dict[str, Path]) -> None:
    page = shown(tab, made["one"])
    for row in ("C004 Peskov", "C009 Pashinyan"):
        page.get_by_role("combobox", name=f"{row}: Your answer").select_option("a sending State")

    expect(page.locator(".as-progress")).to_have_text("All 2 fields filled.")


def test_a_right_and_a_wrong_entry_are_told_alike(tab: Page, made: dict[str, Path]) -> None:
    page = shown(tab, made["one"])
    seen = []
    for word in ("the inviting State", "a sending State"):
        page.get_by_role("combobox", name="C004 Peskov: Your answer").select_option(word)
        expect(page.get_by_role("status")).to_have_text("1 of 2 fields filled.")
        seen.append(page.locator(".volens").inner_text())

    assert seen[0] == seen[1]


# What is kept


def test_after_a_reload_the_entries_come_back(page: Page) -> None:
    page.get_by_role("combobox", name=line("V1", "request")).select_option("unclear")
    page.get_by_role("textbox", name=line("V3", "reason")).fill('He said "no"\nand \U0001f600')
    page.get_by_role("group", name=line("V2", "gates")).get_by_label("timing").check()
    before = copied(page)
    page.reload()

    assert copied(page) == {"all_kinds": EMPTY}
    page.get_by_text("3 of 18 fields filled.").first.wait_for()
    page.get_by_role("button", name="Bring it back").click()
    assert copied(page) == before


def test_save_and_load_are_each_others_way_back(page: Page, tmp_path: Path) -> None:
    page.get_by_role("combobox", name=line("V1", "request")).select_option("unclear")
    save = page.get_by_role("button", name="Save", exact=True)
    expect(save).to_be_hidden()
    expect(page.locator("input[type=file]")).to_be_hidden()
    page.get_by_text("Keep a copy as a file (Save, Load)").click()
    with page.expect_download() as download:
        save.click()
    download.value.save_as(tmp_path / "mine.json")
    before = copied(page)
    page.get_by_role("button", name="Start again").click()
    page.locator("input[type=file]").set_input_files(tmp_path / "mine.json")

    expect(page.get_by_role("combobox", name=line("V1", "request"))).to_have_value("unclear")
    assert copied(page) == before


def test_the_file_of_another_question_is_refused(
    tab: Page, made: dict[str, Path], tmp_path: Path
) -> None:
    sheet = sheets()["kinds"]
    sheet.save(tmp_path / "other.json")
    page = shown(tab, made["one"])
    page.locator("input[type=file]").set_input_files(tmp_path / "other.json")

    expect(page.get_by_role("status")).to_contain_text("it belongs to all_kinds")


def test_undo_names_the_field(page: Page) -> None:
    page.get_by_role("textbox", name=line("V1", "number")).press_sequentially("12")
    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_role("status")).to_have_text("Undone: V1: number.")
    assert copied(page) == {"all_kinds": EMPTY}


# For everybody


@pytest.mark.parametrize("width", [1280, 640, 360, 320])
@pytest.mark.parametrize("name", ["kinds", "one", "many", "words"])
def test_nothing_sticks_out_and_axe_finds_nothing(
    tab: Page, made: dict[str, Path], name: str, width: int
) -> None:
    page = shown(tab, made[name], width)
    for text in page.locator("textarea:visible").all()[:2]:
        text.fill("Too-short-" * 12)
    page.locator(".as-copy").click()
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"answer-sheet-{name}-{width}.png", full_page=True)

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []


@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing_in_jupyterlabs_colours(
    tab: Page, made: dict[str, Path], *, dark: bool
) -> None:
    page = shown(tab, made["kinds"])
    page.get_by_role("textbox", name=line("V2", "moment")).fill("5 January")
    page.keyboard.press("Tab")
    surface, text = ("#111111", "#e0e0e0") if dark else ("#ffffff", "#212121")
    page.add_style_tag(
        content=f"body {{ --jp-layout-color0: {surface}; background: {surface}; color: {text} }}"
    )
    page.screenshot(path=PICTURES / f"answer-sheet-{'dark' if dark else 'light'}.png")

    found = Axe().run(page).response["violations"]
    assert [one["id"] for one in found] == []


@pytest.mark.parametrize("width", WIDTHS)
def test_each_control_has_a_name_of_row_and_column_and_is_large_enough(
    tab: Page, made: dict[str, Path], width: int
) -> None:
    page = shown(tab, made["kinds"], width)
    for row in ROWS:
        for column, kind in COLUMNS.items():
            roles = {Choice: "combobox", Several: "group"}
            control = page.get_by_role(roles.get(type(kind), "textbox"), name=line(row, column))  # type: ignore[arg-type]
            expect(control).to_have_count(1)
    sizes = page.locator(
        ".volens :is(button, select, textarea, summary, .v-check, input:not([type=checkbox]))"
    ).evaluate_all(
        "all => all.filter((one) => one.checkVisibility())"
        ".map((one) => Math.min(one.offsetHeight, one.offsetWidth))"
    )
    assert min(sizes) >= 24


def test_a_wide_sheet_is_a_table_and_a_narrow_one_has_cards(
    tab: Page, made: dict[str, Path]
) -> None:
    page = shown(tab, made["kinds"])
    assert page.get_by_role("columnheader").all_inner_texts()[1] == "request"
    assert page.get_by_role("rowheader").count() == 3
    assert page.locator("tbody .as-label:visible").count() == 0
    heads = page.locator("thead th").evaluate_all("all => all.map((one) => one.offsetTop)")
    assert len(set(heads)) == 1

    page.set_viewport_size({"width": 360, "height": 900})
    labels = page.locator("tbody .as-label:visible")
    expect(labels).to_have_count(18)
    assert labels.nth(4).inner_text() == ("moment a day and time in UTC, such as 2022-01-05 17:15")
    assert page.get_by_role("rowheader").count() == 3
    assert page.get_by_role("row").count() == 4
    shown(page, made["one"], 360)
    expect(page.locator(".as-cards")).to_have_count(1)


def test_the_heads_of_a_long_table_stay_in_sight_and_hide_no_field(
    tab: Page, made: dict[str, Path]
) -> None:
    page = shown(tab, made["many"])
    page.set_viewport_size({"width": 1280, "height": 500})
    page.locator("tbody textarea").last.focus()
    head = page.locator("thead th").first.bounding_box()
    assert head
    assert head["y"] == 0
    for _ in range(20):
        page.keyboard.press("Shift+Tab")
        page.evaluate("new Promise(requestAnimationFrame)")
        here = page.evaluate("document.activeElement.getBoundingClientRect().top")
        assert here >= head["height"]


def test_without_a_pointer_focus_is_seen(page: Page) -> None:
    page.keyboard.press("Tab")
    for _ in range(12):
        page.keyboard.press("Tab")
        style = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
        assert style == "3px"


def test_printed_it_shows_the_entries_and_no_buttons(page: Page) -> None:
    page.get_by_role("textbox", name=line("V1", "reason")).fill("Who asked, and when?")
    page.emulate_media(media="print")
    visible = page.locator(".volens button:visible").count()
    reason = page.get_by_role("textbox", name=line("V1", "reason")).is_visible()
    page.emulate_media(media="screen")

    assert (visible, reason) == (0, True)


# The same as in Python

IN_THE_BROWSER = """async ([script, content, values, texts]) => {
    const blob = new Blob([script], { type: "text/javascript" });
    const sheet = await import(URL.createObjectURL(blob));
    return {
        cells: values.map((value) => sheet.answerCell(content, sheet.sound(content, value).value)),
        sound: values.map((value) => sheet.sound(content, value)),
        read: texts.map((text) => content.columns.map((column) => sheet.reads(column, text))),
    };
}"""

#: What students type for a choice, a number, a day or a moment.
TYPED = (
    *(
        "met",
        "Not-met.",
        " the UNCLEAR ",
        "not  met",
        "\u2018met\u2019",
        "not",
        "a met",
        "m",
        ".",
        "none",
    ),
    *("request; timing", "timing;request;", "scope of the consent", "none.", "request, timing"),
    *("NONE; request", ";", "request;;timing", "an request"),
    *(
        "12",
        "-3",
        "\u22123",
        "0.75",
        "0,75",
        "1,234",
        "1 234",
        "12.",
        "1.2.3",
        "1e5",
        "+1",
        "12 men",
    ),
    *("1,23", "1,2345", "", "--1", ".5", "5.", "1234 567", "12,345,678", "12 345.6"),
    *("2022-01-05", "2022-1-5", "20220105", "2022-02-29", "2024-02-29", "2022-13-01", "0000-01-01"),
    *("2022-01-05.", " 2022-01-05 ", "5 January 2022", "2022/01/05", "05.01.2022", "2022-01-32"),
    *("2022-01-05 17:15", "2022-01-05T17:15", "2022-01-05  17:15 UTC", "2022-01-05 17:15 GMT."),
    *("2022-01-05 17:15Z", "2022-01-05 17:15+06:00", "2022-01-05 24:00", "2022-01-05 17:60"),
    *(
        "2022-01-05 17",
        "2022-01-05 7:15",
        "2022-01-05 17:15:30",
        "2022-01-05 1715",
        "2022-01-05 UTC",
    ),
    *(
        "2022-02-30 10:00",
        "2022-01-05, 17:15",
        "17:15",
        "2022-01-05 17:15 Moscow",
    ),
    *("2022-01-05 17:15 +0600", "2022-01-05 17:15-05", "0099-12-31 23:59", "2022-01-05 17:15:30.5"),
    *("one two", "one two three", "  one\u00a0two three ", "one, two\tthree", "1 2 3"),
)


def test_what_can_be_read_is_what_the_check_reads(page: Page) -> None:
    texts = [" ".join(text.split()) if "\t" in text else text for text in TYPED]
    sheet = sheets()["kinds"]
    given = [script("answer_sheet.js"), sheet.content, [], texts]
    found = page.evaluate(IN_THE_BROWSER, given)["read"]
    here = dict(zip(texts, found, strict=True))
    python = {text: [kind.read(text) is not None for kind in COLUMNS.values()] for text in texts}

    assert {
        text: both for text in texts if (both := (here[text], python[text]))[0] != both[1]
    } == {}


def test_a_full_stop_between_hours_and_minutes_is_not_taken_for_a_time(page: Page) -> None:
    page.get_by_role("textbox", name=line("V1", "moment")).fill("2022-01-05 17.15")
    page.keyboard.press("Tab")

    expect(page.locator(".as-progress")).to_contain_text("To look at again: V1: moment.")


def random_value(chance: random.Random) -> dict[str, Any]:
    words = ["".join(chr(chance.randrange(sys.maxunicode)) for _ in range(9)) for _ in range(3)]
    typed = [*HOSTILE, *(word for word in words if "Cs" not in map(unicodedata.category, word))]
    choices = {"request": ["met", "unclear"], "gates": ["none", "request; timing", "timing"]}
    entries = {
        row: {
            column: chance.choice(choices.get(column, typed))
            for column in COLUMNS
            if chance.random() < 0.7
        }
        for row in ROWS
    }
    kept = {row: cells for row, cells in entries.items() if cells}
    return {"schema": "volens/answer-sheet", "version": 1, "case": "all_kinds", "entries": kept}


def test_the_cell_is_the_one_that_python_writes(page: Page) -> None:
    seed = random.randrange(10**6)  # noqa: S311 (a test's choice)
    print(f"seed {seed}")  # noqa: T201
    chance = random.Random(seed)  # noqa: S311
    values = [random_value(chance) for _ in range(60)]
    sheet = sheets()["kinds"]
    # As one text, because half a character does not travel alone.
    found = page.evaluate(
        f"async (text) => ({IN_THE_BROWSER})(JSON.parse(text))",
        json.dumps([script("answer_sheet.js"), sheet.content, values, []]),
    )

    for value, cell, sound in zip(values, found["cells"], found["sound"], strict=True):
        sheet.value = sheet.check(value)
        assert cell == sheet.to_cell()
        assert sound["lost"] == 0
        assert list(sound["value"]["entries"]) == list(value["entries"])


DAMAGED = {
    "V1": {"request": "perhaps", "gates": "Timing; request", "number": 12, "reason": "a b c"},
    "V9": {"request": "met"},
    "V2": "met",
    "V3": {"opinion": "met", "request": "Not-met", "day": "no day"},
}


def test_what_the_sheet_does_not_know_is_left_out_and_counted(page: Page) -> None:
    value = {"schema": "volens/answer-sheet", "version": 1, "case": "all_kinds", "entries": DAMAGED}
    sheet = sheets()["kinds"]
    given = [script("answer_sheet.js"), sheet.content, [value], []]
    (found,) = page.evaluate(IN_THE_BROWSER, given)["sound"]

    assert found["lost"] == 5
    assert found["value"]["entries"] == {
        "V1": {"gates": "request; timing", "reason": "a b c"},
        "V3": {"request": "not met", "day": "no day"},
    }
    assert sheet.check(found["value"]) == found["value"]


# In JupyterLab, as a student does it

SHEET = """import volens as vo

vo.answer_sheet(
    "gates_table",
    {"V1": "Signed on day 3", "V2": "By telephone"},
    {"request": vo.checks.Choice("met", "not met"), "reason": vo.checks.Words(at_least=3)},
)"""
STUB = 'gates_table = {\n    "V1": {"request": "", "reason": ""},\n}'
TEST = """check = vo.checks.Check(vo.answers(), points=4)
columns = {"request": vo.checks.Choice("met", "not met"), "reason": vo.checks.Words(at_least=3)}
read = check.table("gates_table", rows=("V1", "V2"), columns=columns)
check.score()"""


@pytest.fixture(name="notebook", scope="module")
def _notebook(chromium: Browser, address: str) -> Iterator[Page]:
    """A question in JupyterLab, run from the top; errors on the page fail its last test."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    cells = [nbformat.v4.new_code_cell(text) for text in (SHEET, STUB, TEST)]
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    file = FOLDER / "notebook.ipynb"
    nbformat.write(notebook, file)
    page = opened_file(chromium, address, file.relative_to(ROOT).as_posix())
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    page.close()
    assert errors == []


def test_what_the_sheet_says_to_do_fills_the_answer_cell(notebook: Page) -> None:
    notebook.wait_for_selector(".volens-answer-sheet", timeout=60_000)
    assert list(FOLDER.glob("answers/*")) == []
    for row, word in (("V1 Signed on day 3", "met"), ("V2 By telephone", "not met")):
        notebook.get_by_role("combobox", name=f"{row}: request").select_option(word)
        reason = notebook.get_by_role("textbox", name=f"{row}: reason")
        reason.press_sequentially("a \\ b")
        reason.press("ArrowUp")  # which JupyterLab would take to leave the cell
        reason.press("Home")
        reason.press("Enter")
        reason.press_sequentially('"c"')
    notebook.get_by_role("button", name="Copy my answers").click()
    expect(notebook.get_by_role("status").filter(has_text="Copied.")).to_have_text(COPIED)

    notebook.locator(".jp-CodeCell", has_text="gates_table = {").last.locator(
        ".cm-content"
    ).first.click()
    notebook.keyboard.press("Control+A")
    notebook.keyboard.press("Control+V")
    notebook.keyboard.press("Shift+Enter")
    notebook.keyboard.press("Shift+Enter")
    notebook.get_by_text("Complete: every item is answered and can be read.").wait_for(
        timeout=20_000
    )
    (file,) = FOLDER.glob("answers/gates_table-*.json")
    assert len(json.loads(file.read_text("utf-8"))["entries"]) == 2


def test_in_jupyterlab_enter_begins_a_line_and_ctrl_s_saves_from_a_field(notebook: Page) -> None:
    reason = notebook.get_by_role("textbox", name="V1 Signed on day 3: reason")
    reason.fill("")
    reason.press_sequentially("one two")
    reason.press("Enter")
    reason.press_sequentially("three")
    expect(reason).to_have_value("one two\nthree")
    expect(notebook.locator(".as-count").first).to_have_text("3 words")
    reason.press("Shift+Enter")
    reason.press_sequentially("four")
    expect(reason).to_have_value("one two\nthree\nfour")
    reason.press("Control+z")
    expect(reason).not_to_have_value("one two\nthree\nfour")
    reason.press("Control+Shift+z")
    expect(reason).to_have_value("one two\nthree\nfour")
    reason.fill("one two\nthree")
    notebook.get_by_role("button", name="Copy my answers").click()
    expect(notebook.get_by_role("status").filter(has_text="Copied.")).to_have_text(COPIED)
    assert '"reason": "one two three",' in notebook.evaluate("navigator.clipboard.readText()")

    file = FOLDER / "notebook.ipynb"
    cells = notebook.locator(".jp-Notebook .jp-Cell").count()
    reason.press("End")
    assert len(saved(notebook, file, lambda: reason.press("Control+S"))["cells"]) == cells
    expect(reason).to_have_value("one two\nthree")
    expect(reason).to_be_focused()


def test_in_jupyterlab_a_sheet_run_again_shows_the_entries_and_asks_nothing(notebook: Page) -> None:
    reason = notebook.get_by_role("textbox", name="V1 Signed on day 3: reason")
    reason.fill("who asked, and when")
    (file,) = FOLDER.glob("answers/gates_table-*.json")
    for _ in range(100):
        if "who asked" in file.read_text("utf-8"):
            break
        notebook.wait_for_timeout(100)
    before = file.read_bytes()
    notebook.get_by_role("menuitem", name="Kernel", exact=True).click()
    notebook.get_by_role("menuitem", name=re.compile("Restart Kernel and Run All")).click()
    notebook.get_by_role("button", name="Confirm Kernel Restart").click()
    sheet = notebook.locator(".volens-answer-sheet")
    expect(sheet.get_by_text("were brought back.")).to_be_visible(timeout=60_000)

    assert re.fullmatch(
        r"Your entries of \d{4}-\d\d-\d\d \d\d:\d\d were brought back\.",
        sheet.get_by_text("were brought back.").inner_text(),
    )
    expect(reason).to_have_value("who asked, and when")
    expect(sheet.get_by_role("group", name="From earlier")).to_have_count(0)
    expect(sheet.locator(".as-progress")).to_have_text("All 4 fields filled.")
    assert file.read_bytes() == before
    notebook.get_by_role("button", name="Copy my answers").click()
    assert '"who asked, and when"' in notebook.evaluate("navigator.clipboard.readText()")
    sheet.get_by_role("button", name="Start again").click()
    expect(reason).to_have_value("")
    sheet.get_by_role("button", name="Undo").click()
    expect(reason).to_have_value("who asked, and when")
    PICTURES.mkdir(parents=True, exist_ok=True)
    sheet.scroll_into_view_if_needed()
    notebook.screenshot(path=PICTURES / "answer-sheet-run-again-in-jupyterlab.png")


def test_in_jupyterlab_axe_finds_nothing_and_a_picture_is_taken(notebook: Page) -> None:
    notebook.locator(".volens-answer-sheet").scroll_into_view_if_needed()
    PICTURES.mkdir(parents=True, exist_ok=True)
    notebook.screenshot(path=PICTURES / "answer-sheet-in-jupyterlab.png")
    found = Axe().run(notebook, context=".volens-answer-sheet").response["violations"]

    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
