"""Measure every widget in JupyterLab, in real Chromium, and print the figures.

It starts the course, shows each widget in a notebook of its own, and works it as a
person would. Nothing depends on the figures; they are for whoever changes a widget.
"""

import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import CDPSession, Page, sync_playwright

from volens.widgets import KINDS, widget

CHECKOUT = Path(__file__).resolve().parents[1]
NOTEBOOKS = CHECKOUT / "build" / "bench"
CASE = "kazakhstan-2022"
CREATIONS = 20
SHOWINGS = 5
REDRAWS = 60
INTERACTIONS = 200

#: The controls that are worked, by turns: those whose change redraws most.
CONTROLS = {
    "weighing-board": ".wb-editor input[type=radio]",
    "consent-test": "select",
    "timeline-explorer": "input[type=radio]",
    "source-desk": "input[type=radio]",
    "claim-coder": "input[type=radio]",
    "practice-explorer": "select",
}

ONE_REDRAW = """([selector, turn]) => new Promise((done) => {
    const found = document.querySelectorAll(`.volens ${selector}`);
    const all = [...found].filter((one) => one.offsetParent);
    const control = all[turn % all.length];
    const start = performance.now();
    if (control.tagName === "SELECT") {
        control.selectedIndex = (control.selectedIndex + 1) % control.options.length;
        control.dispatchEvent(new Event("change", { bubbles: true }));
    } else control.click();
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
})"""


class Figures(NamedTuple):
    """What was measured of one widget."""

    created: float
    shown: float
    redrawn: float
    slowest: float
    content: int
    before: float
    after: float


def creation(kind: str) -> tuple[float, int]:
    """Return the median milliseconds to make a widget, and the bytes that it sends."""
    times = []
    for _ in range(CREATIONS):
        start = time.perf_counter()
        made = widget(kind, CASE)
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times), len(json.dumps(made.get_state(), default=str).encode())


@contextmanager
def course() -> Iterator[str]:
    """Start the course and give its address."""
    program = [sys.executable, "-u", str(CHECKOUT / "tools" / "course.py"), "--browser", "no"]
    with subprocess.Popen(
        [*program, "--port", "8979"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as server:
        if server.stdout is None:
            sys.exit("The course could not be started.")
        for line in server.stdout:
            found = re.search(r"http://127\.0\.0\.1:\S+", line)
            if found:
                yield found[0]
                break
            print(line, end="")
        server.terminate()


def notebook(kind: str) -> str:
    """Write a notebook that shows one widget, and return its path in the course."""
    lines = ("import volens as vo", f"vo.{kind.replace('-', '_')}()")
    empty: dict[str, object] = {"cell_type": "code", "execution_count": None, "metadata": {}}
    cells = [
        {**empty, "id": f"cell-{number}", "source": line, "outputs": []}
        for number, line in enumerate(lines)
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    content = {"cells": cells, "metadata": {"kernelspec": kernel}}
    NOTEBOOKS.mkdir(parents=True, exist_ok=True)
    file = NOTEBOOKS / f"{kind}.ipynb"
    file.write_text(json.dumps(content | {"nbformat": 4, "nbformat_minor": 5}), encoding="utf-8")
    return str(file.relative_to(CHECKOUT))


def opened(page: Page, address: str, kind: str) -> None:
    """Open a notebook with one widget, and show the widget."""
    place = address.replace("/lab/tree/", "/lab/workspaces/bench/tree/")
    page.goto(place.replace("lessons/00-start-here.ipynb", notebook(kind)) + "&reset")
    page.get_by_text("| Idle").wait_for(timeout=60_000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    page.wait_for_selector(".volens", state="attached", timeout=60_000)
    page.get_by_text("| Idle").wait_for(timeout=60_000)


def shown_again(page: Page) -> float:
    """Return the milliseconds from running the widget's cell to the widget on the page."""
    cell = page.locator(".jp-CodeCell").nth(1).locator(".cm-content")
    cell.scroll_into_view_if_needed()
    cell.click()
    page.evaluate("document.querySelector('.volens').dataset.old = 'yes'")
    start = time.perf_counter()
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".volens:not([data-old])", state="attached", timeout=60_000)
    return 1000 * (time.perf_counter() - start)


def memory(tools: CDPSession) -> float:
    """Return the megabytes of JavaScript memory in use, after tidying up."""
    tools.send("HeapProfiler.collectGarbage")
    return float(tools.send("Runtime.getHeapUsage")["usedSize"]) / 1e6


def measure(page: Page, address: str, kind: str) -> Figures:
    """Return the figures of one widget."""
    created, content = creation(kind)
    opened(page, address, kind)
    shown = statistics.median(shown_again(page) for _ in range(SHOWINGS))
    page.locator(".volens").first.scroll_into_view_if_needed()
    if kind == "weighing-board":  # a position comes before any cell
        page.get_by_label("Position").first.select_option(index=1)
    if kind == "consent-test":
        page.get_by_label("Position").first.select_option(index=1)
    tools = page.context.new_cdp_session(page)
    selector = CONTROLS[kind]
    redraws = [float(page.evaluate(ONE_REDRAW, [selector, turn])) for turn in range(REDRAWS)]
    before = memory(tools)
    for turn in range(INTERACTIONS):
        page.evaluate(ONE_REDRAW, [selector, turn])
    return Figures(
        created,
        shown,
        statistics.median(redraws),
        max(redraws),
        content,
        before,
        memory(tools),
    )


def main() -> None:
    """Measure and print."""
    program = shutil.which("chromium")
    if program is None:
        sys.exit("The measurement needs Chromium. `make test` sets it up.")
    kinds = sys.argv[1:] or list(KINDS)
    print("widget             made    shown   redrawn  slowest  sent     memory, then after 200")
    with (
        course() as address,
        sync_playwright() as playwright,
        tempfile.TemporaryDirectory() as home,
    ):
        browser = playwright.chromium.launch_persistent_context(
            home, executable_path=program, args=["--no-sandbox", "--disable-gpu"]
        )
        for kind in kinds:
            page = browser.new_page()
            page.set_viewport_size({"width": 1280, "height": 900})
            one = measure(page, address, kind)
            print(
                f"{kind:18} {one.created:4.1f} ms {one.shown:5.0f} ms {one.redrawn:5.1f} ms "
                f"{one.slowest:5.0f} ms {one.content / 1000:4.0f} kB "
                f"{one.before:5.1f} MB, {one.after:5.1f} MB",
                flush=True,
            )
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
