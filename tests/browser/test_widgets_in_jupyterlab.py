"""All widgets in one notebook in JupyterLab: used, kept, and found again after a reload."""

import json
import shutil
from collections.abc import Callable, Iterator

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import opened_file, run_all
from tests.checkout import ROOT
from volens.widgets import KINDS

FOLDER = ROOT / "build" / "widgets"
PICTURES = ROOT / "build" / "pictures"


def chosen(label: str, option: int) -> Callable[[Locator], None]:
    def choose(widget: Locator) -> None:
        widget.get_by_label(label).first.select_option(index=option)

    return choose


def weigh(widget: Locator) -> None:
    chosen("Position", 1)(widget)
    widget.get_by_label("in tension", exact=True).check()


def change_the_clock(widget: Locator) -> None:
    widget.get_by_label("Moscow", exact=True).check()


def class_a_statement(widget: Locator) -> None:
    widget.locator("input[type=radio]").first.check()


#: The first thing that a student enters in each.
FIRST_ENTRIES: dict[str, Callable[[Locator], None]] = {
    "weighing-board": weigh,
    "consent-test": chosen("Position", 1),
    "timeline-explorer": change_the_clock,
    "source-desk": class_a_statement,
    "claim-coder": class_a_statement,
    "practice-explorer": chosen("Columns", 2),
}


def shown(page: Page, kind: str) -> Locator:
    page.wait_for_selector(f".volens-{kind}", state="attached", timeout=60_000)
    widget = page.locator(f".volens-{kind}")
    widget.scroll_into_view_if_needed()
    return widget


def answer(widget: Locator) -> str:
    """What "The answer as text" shows."""
    text = widget.locator("[data-part=answer]")
    if not text.is_visible():
        widget.get_by_text("The answer as text").click()
    expect(text).not_to_have_value("")
    return text.input_value()


@pytest.fixture(name="page", scope="module")
def _page(chromium: Browser, address: str) -> Iterator[Page]:
    """A notebook that shows every widget, run; errors on the page fail its last test."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    calls = ("import volens as vo", *(f"vo.{kind.replace('-', '_')}()" for kind in KINDS))
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(text) for text in calls], metadata={"kernelspec": kernel}
    )
    file = FOLDER / "notebook.ipynb"
    nbformat.write(notebook, file)
    page = opened_file(chromium, address, file.relative_to(ROOT).as_posix())
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    page.close()
    assert errors == []


@pytest.fixture(name="widget", params=KINDS)
def _widget(request: pytest.FixtureRequest, page: Page) -> Locator:
    """One of them, brought into sight."""
    return shown(page, str(request.param))


@pytest.fixture(name="kind")
def _kind(request: pytest.FixtureRequest) -> str:
    return str(request.node.callspec.params["widget"])


def test_an_untouched_widget_keeps_nothing(widget: Locator, kind: str) -> None:
    assert list(FOLDER.glob(f"answers/{kind}*")) == []
    assert widget.get_by_role("group", name="From earlier").count() == 0


def test_what_is_entered_is_kept_beside_the_notebook(widget: Locator, kind: str) -> None:
    FIRST_ENTRIES[kind](widget)
    widget.get_by_text(f"Saved in answers/{kind}").wait_for(timeout=60_000)

    (file,) = FOLDER.glob(f"answers/{kind}*.json")
    entered = json.loads(answer(widget).split("=", 1)[1])
    assert json.loads(file.read_text("utf-8")) == entered


def test_arrow_keys_stay_in_the_widget(widget: Locator, page: Page) -> None:
    """JupyterLab takes the arrow keys to go from cell to cell, where it is let."""
    widget.locator(":is(select, input[type=radio])").first.focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp"):
        page.keyboard.press(key)

    assert widget.evaluate("node => node.contains(document.activeElement)")


def test_axe_finds_nothing_in_the_widget(widget: Locator, page: Page, kind: str) -> None:
    assert widget.is_visible()
    found = Axe().run(page, context=f".volens-{kind}").response["violations"]

    assert [(one["id"], one["impact"], len(one["nodes"])) for one in found] == []


def test_a_picture_is_taken_for_people_to_look_at(widget: Locator, page: Page, kind: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    assert widget.is_visible()
    picture = page.screenshot(path=PICTURES / f"{kind}-in-jupyterlab.png")

    assert len(picture) > 10_000


def test_after_a_reload_the_entries_come_back(page: Page) -> None:
    before = {kind: answer(shown(page, kind)) for kind in KINDS}
    page.reload()
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    page.get_by_text("| Idle").wait_for(timeout=60_000)
    run_all(page)
    for kind in KINDS:
        widget = shown(page, kind)
        widget.get_by_role("button", name="Bring it back").first.click(timeout=60_000)
        assert answer(widget) == before[kind]
    assert page.locator("[data-mime-type$=error]").count() == 0
