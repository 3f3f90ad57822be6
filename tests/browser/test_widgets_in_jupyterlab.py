"""Every widget in JupyterLab: used, kept beside the notebook, and found again after a reload."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import opened_file, run_all
from tests.checkout import ROOT
from volens.widgets import KINDS

NOTEBOOKS = ROOT / "build" / "widgets"
PICTURES = ROOT / "build" / "pictures"
WIDGET = ".volens"


def chosen(label: str, option: int) -> Callable[[Page], None]:
    def choose(page: Page) -> None:
        page.locator(WIDGET).get_by_label(label).first.select_option(index=option)

    return choose


def weigh(page: Page) -> None:
    chosen("Position", 1)(page)
    page.locator(WIDGET).get_by_label("in tension", exact=True).check()


def change_the_clock(page: Page) -> None:
    page.locator(WIDGET).get_by_label("Moscow", exact=True).check()


def class_a_statement(page: Page) -> None:
    page.locator(WIDGET).locator("input[type=radio]").first.check()


#: The first thing that a student enters in each.
FIRST_ENTRIES: dict[str, Callable[[Page], None]] = {
    "weighing-board": weigh,
    "consent-test": chosen("Position", 1),
    "timeline-explorer": change_the_clock,
    "source-desk": class_a_statement,
    "claim-coder": class_a_statement,
    "practice-explorer": chosen("Columns", 2),
}


def shown(page: Page) -> None:
    page.wait_for_selector(WIDGET, state="attached", timeout=60_000)
    page.locator(WIDGET).scroll_into_view_if_needed()


def answer(page: Page) -> str:
    """What "The answer as text" shows."""
    text = page.locator("[data-part=answer]")
    if not text.is_visible():
        page.get_by_text("The answer as text").click()
    expect(text).not_to_have_value("")
    return text.input_value()


@pytest.fixture(name="kind", scope="module", params=KINDS)
def _kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(name="page", scope="module")
def _page(chromium: Browser, address: str, kind: str) -> Iterator[Page]:
    """A notebook that shows one widget, run; errors on the page fail its last test."""
    folder = NOTEBOOKS / kind
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    calls = ("import volens as vo", f"vo.{kind.replace('-', '_')}()")
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(text) for text in calls], metadata={"kernelspec": kernel}
    )
    nbformat.write(notebook, folder / "notebook.ipynb")
    page = opened_file(
        chromium, address, str((folder / "notebook.ipynb").relative_to(ROOT).as_posix())
    )
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    shown(page)
    yield page
    page.close()
    assert errors == []


def kept(kind: str) -> Path:
    """The file beside the notebook."""
    (file,) = (NOTEBOOKS / kind / "answers").glob(f"{kind}*.json")
    return file


def test_an_untouched_widget_keeps_nothing(page: Page, kind: str) -> None:
    assert not (NOTEBOOKS / kind / "answers").exists()
    assert page.get_by_role("group", name="From earlier").count() == 0


def test_what_is_entered_is_kept_beside_the_notebook(page: Page, kind: str) -> None:
    FIRST_ENTRIES[kind](page)
    page.get_by_text(f"Saved in answers/{kind}").wait_for(timeout=60_000)

    entered = json.loads(answer(page).split("=", 1)[1])
    assert json.loads(kept(kind).read_text("utf-8")) == entered


def test_arrow_keys_stay_in_the_widget(page: Page) -> None:
    """JupyterLab takes the arrow keys to go from cell to cell, where it is let."""
    page.locator(f"{WIDGET} :is(select, input[type=radio])").first.focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp"):
        page.keyboard.press(key)

    assert page.evaluate(f"Boolean(document.activeElement.closest('{WIDGET}'))")


def test_axe_finds_nothing_in_the_widget(page: Page) -> None:
    found = Axe().run(page, context=WIDGET).response["violations"]

    assert [(one["id"], one["impact"], len(one["nodes"])) for one in found] == []


def test_a_picture_is_taken_for_people_to_look_at(page: Page, kind: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    picture = page.screenshot(path=PICTURES / f"{kind}-in-jupyterlab.png")

    assert len(picture) > 10_000


def test_after_a_reload_the_entries_come_back(page: Page, kind: str) -> None:
    before = answer(page)
    page.reload()
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    page.get_by_text("| Idle").wait_for(timeout=60_000)
    run_all(page)
    page.get_by_role("button", name="Bring it back").first.click(timeout=60_000)

    assert answer(page) == before
    assert page.locator("[data-mime-type$=error]").count() == 0
