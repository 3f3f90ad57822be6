"""The timeline explorer on a page of its own: keyboard, phone, and the same words as Python."""

import ast
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import visited
from tests.checkout import ROOT
from volens.chronology import (
    PHASES,
    ZONES,
    Selection,
    arranged,
    happening,
    happenings,
    offered,
    unordered,
)
from volens.widgets.timeline_explorer import TimelineExplorer, timeline_explorer

CASE = "kazakhstan-2022"
PICTURES = ROOT / "build" / "pictures"
REQUEST, DECISION = "T036", "T039"


@pytest.fixture(name="file", scope="module")
def _file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("timeline") / "timeline.html"
    file.write_text(timeline_explorer(CASE).to_page(), encoding="utf-8")
    return file


@pytest.fixture(name="opened", scope="module")
def _opened(chromium: Browser, file: Path) -> Iterator[Page]:
    """One page for all tests; its clock is that of a place far away."""
    with visited(chromium, file, timezone_id="Pacific/Kiritimati") as page:
        page.wait_for_selector(".te-day")
        yield page


@pytest.fixture(name="page")
def _page(opened: Page) -> Page:
    """The timeline, untouched."""
    opened.set_viewport_size({"width": 1280, "height": 900})
    opened.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = false; })")
    opened.get_by_role("button", name="Start again").click()
    return opened


def state(page: Page) -> dict[str, Any]:
    """What the answer as text says."""
    page.evaluate("document.querySelector('[data-part=answer]').closest('details').open = true")
    page.wait_for_function("document.querySelector('[data-part=answer]').value")
    text = page.locator("[data-part=answer]").input_value()
    return ast.literal_eval(text.removeprefix("timeline = "))  # type: ignore[no-any-return]


def row(page: Page, key: str) -> Any:  # noqa: ANN401 (a locator)
    return page.locator(f".te-event[data-id={key}]")


def go_to(page: Page, key: str) -> None:
    """Go to an event with the arrow keys, from wherever Tab reaches the list."""
    page.locator(".te-open[tabindex='0']").focus()
    page.keyboard.press("Home")
    listed = page.evaluate(LISTED)
    for _ in range(listed.index(key)):
        page.keyboard.press("ArrowDown")


def focused(page: Page) -> str:
    """The event whose row has the focus."""
    return page.evaluate(  # type: ignore[no-any-return]
        "document.activeElement.closest('.te-event')?.dataset.id ?? ''"
    )


def on_screen(page: Page) -> list[str]:
    return page.evaluate(LISTED)  # type: ignore[no-any-return]


LISTED = "[...document.querySelectorAll('.te-event')].map((one) => one.dataset.id)"


# The way of a student, by keyboard alone


def test_events_are_filtered_read_and_chosen_with_the_keyboard_alone(page: Page) -> None:
    page.locator(".te-filter summary").nth(1).focus()
    page.keyboard.press("Enter")
    for key in ("Tab", "Tab", "Enter"):  # to "No kinds of event"
        page.keyboard.press(key)
    assert page.locator(".te-count").inner_text() == (
        "0 of 133 events shown. Clock: Nur-Sultan time."
    )
    for kind in offered(CASE)["categories"]:
        page.keyboard.press("Tab")
        if kind in ("request", "CSTO act"):
            page.keyboard.press("Space")
    go_to(page, REQUEST)
    page.keyboard.press("a")
    go_to(page, DECISION)
    page.keyboard.press("Enter")
    assert "(T039)" in page.evaluate("document.activeElement.textContent")
    page.keyboard.press("a")
    page.keyboard.press("Escape")

    assert focused(page) == DECISION
    assert state(page) == {
        "schema": "volens/timeline-explorer",
        "version": 1,
        "case": CASE,
        "zone": "nur-sultan",
        "actors": "all",
        "categories": ["CSTO act", "request"],
        "source_types": "all",
        "search": "",
        "opened": "",
        "chosen": [REQUEST, DECISION],
    }


def test_one_key_opens_the_conflicting_versions(page: Page) -> None:
    go_to(page, "T037")
    page.keyboard.press("v")

    assert page.evaluate("document.activeElement.textContent") == (
        f"{happening('T037').points} points told differently"
    )
    card = row(page, "T037").locator(".te-card").inner_text()
    for conflict in happening("T037").conflicts:
        for version in conflict.versions:
            assert version.told_by in card
            assert version.words in card


def test_one_press_on_the_button_opens_them_too(page: Page) -> None:
    row(page, "T022").locator(".te-versions").click()

    assert page.evaluate("document.activeElement.className") == "te-told"
    assert happening("T022").note in row(page, "T022").locator(".te-card").inner_text()


def test_where_nobody_differs_the_key_says_so(page: Page) -> None:
    go_to(page, "T020")
    page.keyboard.press("v")

    said = page.locator("[role=status]").inner_text()
    assert said.startswith("No other version is recorded: protesters; police: Protests reach")
    assert state(page)["opened"] == ""


def test_the_keys_are_documented_on_screen(page: Page) -> None:
    hint = page.get_by_text("Keys on an event: the arrow keys move.")

    assert hint.is_visible()
    assert "the A key adds the event to your selection" in hint.inner_text()
    assert hint.get_attribute("class") == "v-keys"


def test_page_down_goes_to_the_next_day_and_page_up_back(page: Page) -> None:
    days = [[one.id for one in day.happenings] for day in arranged(happenings(CASE), "nur-sultan")]
    at = next(number for number, day in enumerate(days) if "T022" in day)
    go_to(page, "T022")
    page.keyboard.press("PageUp")
    assert focused(page) == days[at][0]
    page.keyboard.press("PageDown")
    assert focused(page) == days[at + 1][0]
    page.keyboard.press("PageUp")
    assert focused(page) == days[at][0]


def test_tab_reaches_the_controls_of_one_event_only(page: Page) -> None:
    reached = page.locator(".te-row :is(button, input)").evaluate_all(
        "(all) => [...new Set(all.filter((one) => one.tabIndex === 0)"
        ".map((one) => one.closest('.te-event').dataset.id))]"
    )

    assert len(reached) == 1


def test_every_control_keeps_its_keys_to_itself(page: Page) -> None:
    """Or JupyterLab would paste a cell at the key v."""
    row(page, REQUEST).locator(".te-open").click()
    outside = page.locator(".volens :is(button, input, select, textarea, summary, a)").evaluate_all(
        "(all) => all.filter((one) => !one.closest('[data-lm-suppress-shortcuts]')).length"
    )

    assert outside == 0


def test_the_card_shows_the_interval_by_all_clocks_with_sources_and_claims(page: Page) -> None:
    row(page, REQUEST).locator(".te-open").click()
    card = row(page, REQUEST).locator(".te-card")
    text = card.inner_text()
    event = happening(REQUEST)

    for zone in ZONES:
        assert event.moment.in_words(zone) in text
    assert "Nur-Sultan (6 hours ahead of UTC)" in text
    assert event.told in text
    for source in event.sources:
        assert source.name in text
    assert text.count("own text read: in part") == len(event.sources)
    assert card.get_by_text(re.compile(r"\d+ claims? on this point")).count() > 0


def test_undo_takes_a_choice_back_and_names_it(page: Page) -> None:
    row(page, REQUEST).get_by_label("in my selection").check()
    page.get_by_role("button", name="Undo").click()

    assert state(page)["chosen"] == []
    assert page.locator("[role=status]").inner_text() == "Undone: my selection."


def test_the_focus_stays_where_it_is_when_the_list_is_drawn_anew(page: Page) -> None:
    search = page.get_by_label("Search words")
    search.fill("")
    search.press_sequentially("tokayev csto")
    assert page.evaluate("document.activeElement.type") == "search"
    page.get_by_label("Moscow", exact=True).focus()
    page.keyboard.press("ArrowLeft")

    assert page.evaluate("document.activeElement.value") == "nur-sultan"


def test_nothing_left_is_said_and_can_be_mended(page: Page) -> None:
    page.get_by_label("Search words").fill("no such words here")
    assert page.get_by_text("No event is left.").is_visible()
    page.get_by_role("button", name="Clear search and filters").click()

    assert len(on_screen(page)) == 133
    assert page.get_by_label("Search words").input_value() == ""
    assert focused(page) == next(one.id for one in happenings(CASE) if one.phase == "January 2022")


def test_my_selection_says_which_events_are_not_ordered(page: Page) -> None:
    for key in (REQUEST, "T037", DECISION):
        row(page, key).get_by_label("in my selection").check()
    chosen = page.locator(".te-mine > li")

    assert [
        text.split(": the intervals")[0]
        for text in chosen.locator(".te-unordered").all_inner_texts()
    ] == [
        "≈ Order not known with numbers 2 and 3",
        "≈ Order not known with number 1",
        "≈ Order not known with number 1",
    ]


def test_an_event_of_my_selection_is_shown_even_where_a_filter_hid_it(page: Page) -> None:
    row(page, REQUEST).get_by_label("in my selection").check()
    page.get_by_label("Search words").fill("referendum")
    assert on_screen(page) == ["T124"]
    page.locator(".te-mine").get_by_role("button", name="Show").click()

    assert focused(page) == REQUEST
    assert row(page, REQUEST).locator(".te-card").is_visible()


# Clocks and uncertainty


@pytest.mark.parametrize("zone", ZONES)
def test_every_event_stands_by_the_chosen_clock_as_in_python(page: Page, zone: str) -> None:
    """Whatever the clock of the browser, which is fourteen hours ahead of UTC here."""
    page.get_by_label(ZONES[zone].name, exact=True).check()
    found = page.evaluate(DRAWN)
    expected = [
        [
            f"{day.title}: {len(day.happenings)} event{'' if len(day.happenings) == 1 else 's'}",
            [
                [one.id, one.clock(zone), one.moment.precision, *one.moment.share(zone)]
                for one in day.happenings
            ],
        ]
        for day in arranged(happenings(CASE), zone)
    ]

    for (title, events), (wanted, those) in zip(found, expected, strict=True):
        assert title == wanted
        for (key, clock, known, left, width), (same, words, precision, begin, end) in zip(
            events, those, strict=True
        ):
            assert (key, clock.lower(), known) == (same, words.lower(), precision)
            assert (left, left + width) == (pytest.approx(begin), pytest.approx(end, abs=0.02))


DRAWN = """() => [...document.querySelectorAll('.te-day')].map((day) => [
    day.querySelector('h3').textContent,
    [...day.querySelectorAll('.te-event')].map((one) => {
        const span = one.querySelector('.te-span');
        return [one.dataset.id, one.querySelector('.te-clock > span').textContent,
            span.dataset.known, parseFloat(span.style.left), parseFloat(span.style.width)];
    }),
])"""


def first_seen(page: Page) -> str:
    """The topmost event of which the list shows more than its edge."""
    return page.evaluate(  # type: ignore[no-any-return]
        """() => {
            const top = document.querySelector(".te-days").getBoundingClientRect().top;
            return [...document.querySelectorAll(".te-event")]
                .find((one) => one.getBoundingClientRect().bottom > top + 100).dataset.id;
        }"""
    )


def test_an_untouched_list_begins_in_january_2022_and_keeps_what_came_before(page: Page) -> None:
    page.reload()
    page.wait_for_function("document.querySelector('.te-days').scrollTop > 0")

    assert len(on_screen(page)) == 133
    assert on_screen(page)[0] == "T001"
    assert first_seen(page) == next(one.id for one in happenings(CASE) if "2022" in one.phase)
    assert page.evaluate("document.scrollingElement.scrollTop") == 0


@pytest.mark.parametrize("phase", PHASES.values())
def test_a_button_goes_to_each_stage_of_the_case(page: Page, phase: str) -> None:
    page.get_by_role("button", name=phase, exact=True).click()
    wanted = next(one.id for one in happenings(CASE) if one.phase == phase)

    assert (focused(page), first_seen(page)) == (wanted, wanted)
    assert state(page) == Selection(CASE).to_data()


def test_a_stage_without_an_event_shown_is_said_to_have_none(page: Page) -> None:
    page.get_by_label("Search words").fill("referendum")
    page.get_by_role("button", name="Background", exact=True).press("Enter")

    assert page.locator("[role=status]").inner_text() == (
        "No event shown belongs here: Background."
    )


def test_a_heading_of_two_days_says_why(page: Page) -> None:
    why = row(page, "T002").locator("xpath=ancestor::section[1]").locator(".te-why")

    assert why.inner_text() == (
        "Known to the day, by another clock. That day lies on two days of Nur-Sultan time."
    )


def test_the_opened_event_keeps_the_interval_by_the_clock_chosen(page: Page) -> None:
    row(page, "T002").locator(".te-open").click()
    card = row(page, "T002").locator(".te-card")

    assert "Between 15 May 1992, 02:00, and 16 May 1992, 02:00" in card.inner_text()
    card.get_by_role("button", name="Close").first.click()
    assert focused(page) == "T002"
    assert card.is_hidden()


def test_no_sentence_of_the_count_stands_on_the_screen_twice(page: Page) -> None:
    page.get_by_label("Search words").fill("referendum")
    status = page.locator("[role=status]")
    expect(status).to_have_text(page.locator(".te-count").inner_text())

    expect(status).to_have_class(re.compile("te-hidden"))
    row(page, "T124").get_by_label("in my selection").check()
    expect(status).not_to_have_class(re.compile("te-hidden"))


def test_uncertainty_is_drawn_and_said(page: Page) -> None:
    """The bar is for the eye only; the words stand beside it."""
    bar = row(page, "T019").locator(".te-bar")

    assert bar.get_attribute("aria-hidden") == "true"
    assert (
        bar.locator(".te-span").evaluate("(one) => getComputedStyle(one).borderStyle") == "dashed"
    )
    assert "known to the day" in (row(page, "T019").locator(".te-open").text_content() or "")


def test_no_code_stands_alone_on_the_rows(page: Page) -> None:
    text = page.locator(".te-days").text_content() or ""

    assert happening(REQUEST).what in text
    assert not re.search(r"\b[TCFQ]\d{2,3}\b", text)


# Another width, another sense


def test_at_320_pixels_nothing_sticks_out(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    for at in range(3):
        page.locator(".te-filter summary").nth(at).click()
    row(page, REQUEST).locator(".te-open").click()
    row(page, REQUEST).locator(".te-card").get_by_role("button", name="Add to my selection").click()

    assert page.evaluate("document.scrollingElement.scrollWidth") <= 320
    assert page.locator(".te-days").evaluate("(one) => one.scrollWidth - one.clientWidth") == 0
    assert page.locator(".te-mine > li").count() == 1


def test_every_target_is_large_enough_for_a_finger(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    row(page, REQUEST).locator(".te-open").click()
    small = page.locator(".volens :is(button, summary, .v-check, .v-options label)").evaluate_all(
        "(all) => all.filter((one) => { const { height, width } = one.getBoundingClientRect();"
        " return height && (height < 24 || width < 24); }).map((one) => one.textContent)"
    )

    assert small == []


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.get_by_label("Search words").fill("Tokayev")  # all 133 rows are checked in JupyterLab
    page.locator(".te-filter summary").first.click()
    row(page, REQUEST).get_by_label("in my selection").check()
    row(page, REQUEST).locator(".te-open").click()
    found = Axe().run(page).response["violations"]

    assert [(one["id"], one["impact"], len(one["nodes"])) for one in found] == []


def test_pictures_are_taken_for_people_to_look_at(page: Page) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    for key in (REQUEST, "T037", DECISION):
        row(page, key).get_by_label("in my selection").check()
    go_to(page, "T037")
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=PICTURES / f"timeline-explorer-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.keyboard.press("Enter")
    page.screenshot(path=PICTURES / "timeline-explorer-card-1280.png", full_page=True)

    assert (PICTURES / "timeline-explorer-1280.png").stat().st_size > 10_000


# The same words as in Python


def random_selection(chance: random.Random) -> Selection:
    def some(name: str) -> tuple[str, ...] | None:
        known = list(offered(CASE)[name])
        return chance.choice(
            [None, None, tuple(chance.sample(known, chance.randint(0, len(known))))]
        )

    ids = [one.id for one in happenings(CASE)]
    words = ("", "", "tokayev", " CSTO  decision", "Ö", "\n", '"liquidated"', "T03")
    return Selection(
        CASE,
        zone=chance.choice(list(ZONES)),
        actors=some("actors"),
        categories=some("categories"),
        source_types=some("source_types"),
        search=chance.choice(words),
        opened=chance.choice(["", chance.choice(ids)]),
        chosen=tuple(chance.sample(ids, chance.choice([0, 0, 1, 5, 40]))),
    )


def in_python(made: Selection) -> dict[str, Any]:
    days = arranged(made.listed, made.zone)
    overlaps = unordered(made.listed)
    order = [one.id for day in days for one in day.happenings]
    number = {key: at for at, key in enumerate(order, 1)}
    return {
        "shown": [one.id for one in made.shown],
        "summary": made.summary,
        "filters": list(made.filters),
        "days": [[day.title, [one.id for one in day.happenings]] for day in days],
        "unordered": [sorted(number[other] for other in overlaps[key]) for key in order],
        "memo": made.to_memo(),
        "sound": {"value": made.to_data(), "lost": 0},
    }


def test_filters_order_and_memo_are_those_of_python(page: Page) -> None:
    seed = random.randrange(10**6)  # noqa: S311 (a test's choice)
    print(f"seed {seed}")  # noqa: T201
    chance = random.Random(seed)  # noqa: S311
    made = [Selection(CASE), *(random_selection(chance) for _ in range(60))]
    content = json.loads(json.dumps(timeline_explorer(CASE).content))
    found = page.evaluate(
        IN_THE_BROWSER, [TimelineExplorer._esm, content, [one.to_data() for one in made]]
    )

    for one, drawn in zip(made, found, strict=True):
        assert drawn == in_python(one), one.to_data()


def test_what_the_timeline_does_not_have_is_left_out_and_counted(page: Page) -> None:
    data = {
        **Selection(CASE, categories=("request",), chosen=(REQUEST,)).to_data(),
        "zone": "almaty",
        "actors": ["nato", "csto"],
        "search": 5,
        "chosen": [DECISION, "T999", 7],
    }
    content = json.loads(json.dumps(timeline_explorer(CASE).content))
    (found,) = page.evaluate(IN_THE_BROWSER, [TimelineExplorer._esm, content, [data]])

    kept = Selection(CASE, actors=("csto",), categories=("request",), chosen=(DECISION,))
    assert found["sound"] == {"value": kept.to_data(), "lost": 5}


IN_THE_BROWSER = """async ([script, content, values]) => {
    const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    const view = await import(address);
    return values.map((given) => {
        const sound = view.sound(content, given);
        const { value } = sound;
        const chosen = content.events.filter((event) => value.chosen.includes(event.id));
        const shown = view.shown(content, value);
        const listed = chosen.length ? chosen : shown;
        return {
            shown: shown.map((event) => event.id),
            summary: view.counted(content, shown, "shown"),
            filters: view.filtersInWords(content, value),
            days: view.arranged(content, listed, value.zone)
                .map((day) => [day.title, day.events.map((event) => event.id)]),
            unordered: view.numbered(content, listed, value.zone).map((one) => one.others),
            memo: view.memo(content, value),
            sound,
        };
    });
}"""
