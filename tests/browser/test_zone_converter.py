"""The zone converter on a page: the same words as Python, bad input, keyboard, phone."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.bare import write_page
from tests.browser.conftest import visited
from tests.checkout import ROOT
from volens.widgets.zone_converter import FIRST, LAST, PLACES, to_utc, zone_converter

PICTURES = ROOT / "build" / "pictures"
FORM = "%Y-%m-%d %H:%M"


@pytest.fixture(name="tab", scope="module")
def _tab(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    file = tmp_path_factory.mktemp("zones") / "page.html"
    write_page(zone_converter(), file)
    with visited(chromium, file, permissions=["clipboard-read", "clipboard-write"]) as page:
        yield page


@pytest.fixture(name="page")
def _page(tab: Page) -> Page:
    tab.set_viewport_size({"width": 1280, "height": 900})
    tab.reload()
    return tab


def convert(page: Page, place: str, local: str) -> str:
    """Choose and type; what stands in the field for UTC."""
    page.get_by_label("Place").select_option(place)
    page.get_by_label("Local date and time there").fill(local)
    return page.get_by_label("In UTC").input_value()


def test_it_begins_with_the_first_minute_of_5_january_in_almaty(page: Page) -> None:
    assert page.get_by_label("In UTC").input_value() == "2022-01-04 18:00"
    assert page.locator(".zc-words").inner_text() == str(to_utc("nur-sultan", "2022-01-05 00:00"))


@pytest.mark.parametrize(
    ("place", "local", "utc"),
    [
        ("nur-sultan", "2024-02-29 12:00", "2024-02-29 06:00"),
        ("nur-sultan", "2024-03-01 12:00", "2024-03-01 07:00"),
        ("aktau", "2022-01-04 23:30", "2022-01-04 18:30"),
        ("moscow", " 2022-1-5T8.05 ", "2022-01-05 05:05"),
        ("brussels", "2022-03-27 02:30", ""),
        ("brussels", "2022-10-30 02:30", ""),
    ],
)
def test_a_local_time_becomes_one_in_utc(page: Page, place: str, local: str, utc: str) -> None:
    assert convert(page, place, local) == utc


def test_on_random_times_it_says_what_python_says(page: Page) -> None:
    chance = random.Random(8)  # noqa: S311 (the same times in every run)
    begin = datetime(FIRST, 1, 1)  # noqa: DTZ001 (a local time)
    cases = [
        (chance.choice(list(PLACES)), begin + timedelta(minutes=chance.randrange(21_000_000)))
        for _ in range(200)
    ]
    cases += [("brussels", datetime(2022, 3, 27, 2, 30)), ("aktau", datetime(LAST, 12, 31, 23, 59))]  # noqa: DTZ001
    for place, local in cases:
        convert(page, place, f"{local:{FORM}}")

        assert page.locator(".zc-words").inner_text() == str(to_utc(place, f"{local:{FORM}}"))


@pytest.mark.parametrize(
    ("local", "words"),
    [
        ("", "Type a date and a time, such as 2022-01-05 00:00."),
        ("5 January", "\u201c5 January\u201d cannot be read. Type year, month, day"),
        ("2022-01-05", "cannot be read"),
        ("05.01.2022 10:00", "cannot be read"),
        ("2022-13-05 10:00", "There is no month 13. The month comes second"),
        ("2022-02-29 10:00", "The month 2022-02 has 28 days; there is no day 29."),
        ("2022-01-05 24:00", "There is no time 24:00. A day goes from 00:00 to 23:59."),
        ("1975-01-05 10:00", "The converter knows the clocks of the years 1990 to 2030."),
        ("<img src=x onerror=alert(1)>", "cannot be read"),
    ],
)
def test_what_cannot_be_read_is_told_beside_the_field(page: Page, local: str, words: str) -> None:
    assert convert(page, "moscow", local) == ""
    field = page.get_by_label("Local date and time there")
    problem = page.locator(".zc-problem")

    assert words in problem.inner_text()
    assert field.get_attribute("aria-invalid") == "true"
    assert str(problem.get_attribute("id")) in str(field.get_attribute("aria-describedby"))


def test_it_is_used_and_copied_with_the_keyboard_alone(page: Page) -> None:
    page.get_by_label("Place").focus()
    page.keyboard.type("Mosc")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+A")
    page.keyboard.type("2022-01-05 20:30")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("navigator.clipboard.readText()") == "2022-01-05 17:30"
    expect(page.locator(".v-status")).to_have_text(
        "2022-01-05 17:30 copied. Paste it where UTC is asked for."
    )


def test_where_there_is_nothing_to_copy_the_button_says_so(page: Page) -> None:
    page.evaluate("navigator.clipboard.writeText('before')")
    convert(page, "moscow", "soon")
    page.get_by_role("button", name="Copy").press("Enter")

    expect(page.locator(".v-status")).to_have_text("There is no time to copy yet.")
    assert page.evaluate("navigator.clipboard.readText()") == "before"


def test_the_result_is_announced_once_the_typing_rests(page: Page) -> None:
    spoken = page.locator(".zc-spoken")
    assert spoken.get_attribute("role") == "status"
    assert spoken.inner_text() == ""
    convert(page, "moscow", "2022-01-05 20:30")

    expect(spoken).to_have_text(str(to_utc("moscow", "2022-01-05 20:30")))


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_axe_finds_nothing_and_nothing_sticks_out(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    PICTURES.mkdir(parents=True, exist_ok=True)
    for local in ("2022-01-05 20:30", "soon"):
        convert(page, "new-york", local)
        page.screenshot(path=PICTURES / f"zone-converter-{width}.png")
        found = Axe().run(page).response["violations"]

        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_it_ends_without_a_word(page: Page, tmp_path: Path) -> None:
    """JupyterLab takes a view away when its cell runs again."""
    convert(page, "moscow", "2022-01-05 20:30")
    page.evaluate("window.end()")
    page.wait_for_timeout(800)

    assert page.locator(".zc-spoken").inner_text() == ""
