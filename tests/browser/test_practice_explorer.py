"""The practice explorer on a page of its own: keyboard, phone, and the same counts as Python."""

import ast
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import visited
from tests.checkout import ROOT
from volens import evidence
from volens.answering import LocalAnswers
from volens.checks import Check
from volens.practice import (
    CORE,
    Exploration,
    Query,
    ask,
    asked,
    incident,
    limits,
    sentences,
    variables,
)
from volens.practice.queries import SHARES
from volens.practice.telling import filter_line
from volens.practice.variables import SPEAKERS
from volens.widgets.practice_explorer import PracticeExplorer, practice_explorer

PICTURES = ROOT / "build" / "pictures"
KEYS = [one.id for one in variables()]


@pytest.fixture(name="explorer", scope="module")
def _explorer(tmp_path_factory: pytest.TempPathFactory) -> PracticeExplorer:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("nothing-kept"))
        return practice_explorer()


@pytest.fixture(name="file", scope="module")
def _file(explorer: PracticeExplorer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("explorer") / "practice.html"
    file.write_text(explorer.to_page(), encoding="utf-8")
    return file


@pytest.fixture(name="shared", scope="module")
def _shared(chromium: Browser, file: Path) -> Iterator[Page]:
    """One page for all; errors on it fail the last test."""
    with visited(chromium, file, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.wait_for_selector(".volens")
        yield page


@pytest.fixture(name="page")
def _page(shared: Page) -> Page:
    """The explorer as at the beginning: core incidents, nothing kept."""
    shared.evaluate("localStorage.clear()")
    shared.set_viewport_size({"width": 1280, "height": 900})
    shared.reload()
    shared.evaluate("localStorage.clear()")
    return shared


def state(page: Page) -> dict[str, Any]:
    """What *Copy answer* copies."""
    page.get_by_role("button", name="Copy answer").click()
    expect(page.get_by_role("status")).to_have_text(
        "Answer copied. Paste it into the answer cell of the notebook."
    )
    text = page.evaluate("navigator.clipboard.readText()")
    return ast.literal_eval(text.removeprefix("practice = "))  # type: ignore[no-any-return]


def focused(page: Page) -> str:
    return str(
        page.evaluate("document.activeElement.ariaLabel ?? document.activeElement.textContent")
    )


def cell(page: Page, words: str) -> Any:  # noqa: ANN401 (a locator)
    return page.locator(f".pe-scroll td button[aria-label*='{words}']")


def test_the_core_incidents_stand_there_first(page: Page) -> None:
    denominator = page.locator(".pe-denominator").inner_text()

    assert denominator == sentences(ask(Query(filters=CORE)))[0]
    assert page.locator(".pe-list li").count() == 72
    assert Exploration.from_data(state(page)) == Exploration()


def test_a_query_is_set_read_and_copied_with_the_keyboard_alone(page: Page) -> None:
    page.locator("summary", has_text="Whoever asked").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.labels[0].innerText").strip() == "in control (17)"
    page.keyboard.press("Space")
    page.get_by_label("Columns").focus()
    page.keyboard.type("Reaction")
    page.locator(".pe-scroll").focus()
    page.keyboard.press("Tab")
    for key in ("ArrowDown", "ArrowRight", "End", "Home", "ArrowUp", "End", "Enter"):
        page.keyboard.press(key)
    assert focused(page) == "7 incidents: “counter-terrorism”"
    page.keyboard.press("Escape")
    assert focused(page) == "7, counter-terrorism"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert focused(page) == "List all that meet the filter"
    page.keyboard.press("Tab")
    assert focused(page) == "Back to the table"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "H3"
    opened = focused(page).rsplit("(", 1)[1].rstrip(")")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.closest('.pe-list') !== null")
    page.keyboard.press("Escape")
    assert focused(page) == "7, counter-terrorism"
    for key in ("Tab", "Tab", "Tab", "Enter"):
        page.keyboard.press(key)
    answer = state(page)

    assert answer["filters"]["requester_in_effective_control"] == ["yes"]
    assert (answer["columns"], answer["opened"]) == ("unsc_reaction", opened)
    assert answer["cell"] == {"row": "counter-terrorism", "column": ""}
    assert Exploration.from_data(answer).to_data() == answer


def test_an_answer_has_the_name_that_the_notebook_gave_it(
    chromium: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Several queries are handed in one notebook; what is copied is read as the check reads it."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "named.html"
    file.write_text(practice_explorer(answer="control_query").to_page(), encoding="utf-8")
    with visited(chromium, file, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.wait_for_selector(".volens")
        page.get_by_label("Rows").select_option("requester_in_effective_control")
        page.get_by_label("Columns").select_option("unsc_reaction")
        page.get_by_role("button", name="Copy answer").click()
        text = page.evaluate("navigator.clipboard.readText()")
        namespace: dict[str, Any] = {}
        exec(text, namespace)  # as the answer cell is run
        read = Check(LocalAnswers(namespace), points=3).pasted("control_query", asked)

    assert text.startswith("control_query = {")
    assert read is not None
    assert read.table.number("no", "endorsed") == 4
    assert namespace["control_query"] == read.to_data()


def test_gaps_are_a_column_of_their_own_and_the_sentence_counts_them(page: Page) -> None:
    page.get_by_label("Columns").select_option("unsc_reaction")
    heads = page.locator(".pe-scroll thead th").all_inner_texts()

    assert heads[-2:] == ["none on record", "all incidents"]
    assert "23 for “Reaction of the Security Council”." in (
        page.locator(".pe-denominator").inner_text()
    )
    assert "do not add up to 72" in page.locator(".pe-small").all_inner_texts()[-1] + "".join(
        page.locator("ul.pe-small li").all_inner_texts()
    )


def test_a_percentage_stands_with_its_denominator_and_not_for_few(page: Page) -> None:
    page.get_by_label("Columns").select_option("unsc_reaction")
    page.get_by_label("Percentages").select_option("columns")

    assert cell(page, "stability, authorised").inner_text().split("\n") == ["10", "91% of 11"]
    assert cell(page, "stability, noted").inner_text().split("\n") == ["2", "of 8"]
    assert page.locator(".pe-few").inner_text() == (
        "Where the denominator is under 10, no percentage is shown."
    )
    page.get_by_label("Percentages").select_option("filter")
    assert page.locator(".pe-few").inner_text() == ""


def test_two_warnings_and_the_missing_data_stand_open_and_the_rest_folds_away(page: Page) -> None:
    page.get_by_label("Columns").select_option("unsc_reaction")
    page.get_by_label("leave out incidents that were not spot-checked").check()
    table = ask(Query(filters=CORE, columns="unsc_reaction", unchecked="out"))
    seen = [one.inner_text() for one in page.locator(".volens li").all() if one.is_visible()]
    above = [one for one in seen if one in sentences(table)]

    assert page.locator(".pe-limits > p").inner_text() == " ".join(limits()[:2])
    assert page.get_by_text(limits()[2]).is_hidden()
    assert page.locator(".pe-denominator").inner_text() == sentences(table)[0]
    assert len(above) == 3
    missing = ("No value for", "Your settings leave out")
    assert {one for one in sentences(table) if one.startswith(missing)} <= {*above}
    page.locator("summary", has_text="What else to know before").click()
    text = page.locator("ul.pe-small").all_inner_texts()
    assert all(one in "\n".join(text) for one in sentences(table)[1:])


def test_a_number_is_seen_to_be_pressed_and_leads_to_its_incidents(page: Page) -> None:
    assert page.get_by_text("Choose a number to see its incidents.").is_visible()
    number = cell(page, "counter-terrorism")
    line = number.locator(".pe-count").evaluate("(one) => getComputedStyle(one).textDecorationLine")
    assert line == "underline"
    number.click()

    assert focused(page).endswith("incidents: “counter-terrorism”")
    expect(page.locator(".pe-chosen h3")).to_be_in_viewport()
    page.get_by_role("button", name="Back to the table").click()
    assert focused(page).endswith(", counter-terrorism")


def test_a_row_and_its_numbers_stand_on_one_line(page: Page) -> None:
    page.get_by_label("Percentages").select_option("filter")
    apart = page.evaluate(
        """() => [...document.querySelectorAll(".pe-scroll tbody tr")].map((row) => {
            const top = (node) => {
                const range = document.createRange();
                range.selectNodeContents(node);
                return range.getClientRects()[0].bottom;
            };
            return Math.abs(top(row.querySelector("th")) - top(row.querySelector(".pe-count")));
        })"""
    )

    assert max(apart) <= 3


def test_an_opened_incident_shows_speakers_documents_and_sources(page: Page) -> None:
    page.locator(".pe-list button", has_text="Kazakhstan 2022").click()
    card = page.locator(".pe-card").inner_text()
    found = incident("KAZ-2022")

    assert "Stated by: requesting State (or whoever asked)" in card
    assert "claimed: counter-terrorism. Speaker: Tokayev, 5 January 2022" in card
    assert f"Sources for the row ({len(found.sources)})" in card
    assert page.locator(".pe-card > ul a").first.get_attribute("href") == found.sources[0].address
    assert "named in his post of 2022" in card


def test_the_cases_left_out_are_listed_on_request(page: Page) -> None:
    page.locator("summary", has_text="What else these data cannot show").click()
    button = page.get_by_role("button", name="List the 21 cases left out")
    button.click()

    assert page.locator(".pe-excluded li").count() == len(evidence.rows("excluded"))
    assert page.get_by_role("button", name="Hide the 21 cases left out").is_visible()


def test_undo_brings_back_the_query_before(page: Page) -> None:
    page.get_by_role("button", name="All incidents (94)").click()
    assert page.locator(".pe-denominator").inner_text().startswith("94 of 94")
    page.get_by_role("button", name="Undo").click()

    assert page.locator(".pe-denominator").inner_text().startswith("72 of 94")
    expect(page.get_by_role("status")).to_have_text("Undone: the filter.")


def test_the_focus_stays_where_the_student_is(page: Page) -> None:
    page.locator("summary", has_text="Whose purposes count").click()
    box = page.get_by_label("intervening State")
    box.focus()
    page.keyboard.press("Space")

    assert page.evaluate("document.activeElement.checked") is True
    assert "Only purposes stated by: intervening State" in page.locator(".pe-filter").inner_text()


def test_everything_can_be_reached_with_tab(page: Page) -> None:
    page.get_by_label("Columns").select_option("ended")
    names = page.evaluate(
        """() => [...document.querySelectorAll(
            ".volens :is(button, input, select, summary, a, textarea):not([tabindex='-1'])")]
            .filter((one) => one.checkVisibility()).map((one) => one.textContent || one.id)"""
    )
    reached = set()
    page.evaluate("document.activeElement.blur()")
    for _ in range(len(names) + 5):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate("document.activeElement.textContent || document.activeElement.id")
        )

    assert set(names) - reached == set()
    assert page.locator(".pe-scroll td button[tabindex='0']").count() == 1


def test_every_control_keeps_its_keys_to_itself(page: Page) -> None:
    every = ".volens :is(button, input, select, textarea, summary)"
    assert page.locator(every).count() > 200
    assert page.locator(f"{every}:not([data-lm-suppress-shortcuts])").count() == 0


def test_at_320_pixels_nothing_sticks_out_and_targets_are_large(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    page.get_by_label("Columns").select_option("unsc_reaction")
    page.evaluate("document.querySelectorAll('.pe-panel').forEach((one) => { one.open = true; })")
    page.locator(".pe-list button").first.click()
    small = page.evaluate(
        """() => [...document.querySelectorAll(".volens :is(button, select, summary, .v-check)")]
            .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 24)
            .map((one) => one.textContent)"""
    )

    assert page.evaluate("document.scrollingElement.scrollWidth") <= 320
    assert small == []


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.get_by_label("Columns").select_option("unsc_reaction")
    page.get_by_label("Percentages").select_option("columns")
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    cell(page, "stability, endorsed").click()
    page.locator(".pe-list button").first.click()
    found = Axe().run(page).response["violations"]

    assert [(one["id"], one["impact"], one["nodes"][0]["html"]) for one in found] == []


def test_pictures_are_taken_for_people_to_look_at(page: Page) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.get_by_label("Columns").select_option("unsc_reaction")
    page.get_by_label("Percentages").select_option("columns")
    page.locator("summary", has_text="Whoever asked").click()
    cell(page, "stability, endorsed").click()
    page.locator(".pe-list button").first.click()
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        file = PICTURES / f"practice-explorer-{width}.png"
        page.screenshot(path=file, full_page=True)
        assert file.stat().st_size > 10_000


def drawn_lots(number: int) -> list[Exploration]:
    """Many queries at random, the same in every run."""
    lots = random.Random(20220105)  # noqa: S311 (nothing secret)
    return [lot(lots) for _ in range(number)]


def lot(lots: random.Random) -> Exploration:
    some = lots.sample([one for one in variables() if one.filters], lots.randint(0, 3))
    query = Query(
        filters={
            one.id: tuple(o.id for o in lots.sample(one.options, lots.randint(1, len(one.options))))
            for one in some
        },
        rows=lots.choice(KEYS),
        columns=lots.choice(["none", *KEYS]),
        speakers=tuple(lots.sample([one.id for one in SPEAKERS], lots.choice([0, 0, 1, 2, 4]))),
        unchecked=lots.choice(["in", "in", "out"]),
        low=lots.choice(["in", "out"]),
        share=lots.choice([one.id for one in SHARES]),
    )
    row = lots.choice(["", *(one.id for one in query.options(query.rows))])
    columns = [] if query.columns == "none" else [one.id for one in query.options(query.columns)]
    opened = lots.choice(["", "KAZ-2022", "MLI-2013"])
    return Exploration(query, row, lots.choice(["", *columns]), opened)


ASKED_IN_THE_BROWSER = """async ([script, content, values]) => {
    const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    const view = await import(address);
    return values.map((value) => {
        const table = view.ask(content, value);
        return {
            value: view.whole(content, value),
            sound: view.sound(content, value),
            found: table.found,
            filter: view.filterLine(content, value),
            sentences: view.sentences(content, table),
            memo: view.memo(content, value),
        };
    });
}"""


def in_the_browser(page: Page, explorer: PracticeExplorer, values: list[Any]) -> list[Any]:
    # As text, because the driver is slow with large objects.
    program = f"async (text) => ({ASKED_IN_THE_BROWSER})(JSON.parse(text))"
    return page.evaluate(  # type: ignore[no-any-return]
        program, json.dumps([explorer._esm, explorer.content, values])
    )


def test_the_view_counts_and_says_what_python_counts_and_says(
    page: Page, explorer: PracticeExplorer
) -> None:
    lots = drawn_lots(250)
    whole = [one.to_data() for one in lots]
    asked = [{key: part for key, part in one.items() if key != "result"} for one in whole]
    for one, data, seen in zip(lots, whole, in_the_browser(page, explorer, asked), strict=True):
        table = one.table
        assert seen["value"] == data
        assert list(seen["value"]) == list(data)
        assert seen["sound"] == {"value": data, "lost": 0}
        assert seen["found"] == list(table.found)
        assert seen["filter"] == filter_line(one.query)
        assert seen["sentences"] == list(sentences(table))
        assert seen["memo"] == one.to_memo()


DAMAGED = (
    ({"filters": {"weather": ["fine"]}}, 1),
    ({"filters": {"era": ["stone age", "cold-war"], "checked": ["spot-checked"]}}, 2),
    ({"filters": []}, 1),
    ({"rows": "none", "columns": "weather", "share": 3}, 3),
    ({"speakers": "requester", "low": "maybe"}, 2),
    ({"cell": {"row": "peace", "column": ""}, "opened": "ZZZ-2020"}, 2),
    ({"cell": None, "filters": {"era": "cold-war"}}, 1),
)


def test_of_a_damaged_file_the_view_keeps_what_it_knows(
    page: Page, explorer: PracticeExplorer
) -> None:
    found = page.evaluate(
        """async (text) => {
            const [script, content, values] = JSON.parse(text);
            const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
            const view = await import(address);
            return values.map((value) => view.sound(content, value));
        }""",
        json.dumps([explorer._esm, explorer.content, [value for value, _ in DAMAGED]]),
    )

    assert [one["lost"] for one in found] == [lost for _, lost in DAMAGED]
    for one in found:
        assert Exploration.from_data(one["value"]).to_data() == one["value"]


def test_a_change_of_the_filter_leaves_table_and_controls_in_place(page: Page) -> None:
    """Redrawing is quick because only numbers change: work is counted here, and not time."""
    page.get_by_label("Columns").select_option("unsc_reaction")
    page.evaluate(
        """() => {
            window.changes = { table: 0, controls: 0 };
            const count = (name, selector) => new MutationObserver((records) => {
                window.changes[name] += records.filter((one) => one.type === "childList"
                    && [...one.addedNodes].some((node) => node.nodeType === 1)).length;
            }).observe(document.querySelector(selector), { childList: true, subtree: true });
            count("table", ".pe-scroll");
            count("controls", ".pe-panels");
        }"""
    )
    page.get_by_role("button", name="All incidents (94)").click()

    assert page.locator(".pe-list li").count() == 94
    assert page.evaluate("window.changes") == {"table": 0, "controls": 0}
