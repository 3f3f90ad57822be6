"""Measure the weighing board in JupyterLab, in real Chromium, and print the figures.

It starts the course, makes a board in a notebook of its own, and works it as a
person would. Nothing depends on the figures; they are for whoever changes the board.
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

from playwright.sync_api import CDPSession, Page, sync_playwright

from volens.widgets.weighing_board import weighing_board

CHECKOUT = Path(__file__).resolve().parents[1]
CASE = "kazakhstan-2022"
CREATIONS = 20
REDRAWS = 100
INTERACTIONS = 200

ONE_REDRAW = """(turn) => new Promise((done) => {
    const board = document.querySelector(".volens-board");
    const radios = board.querySelectorAll("input[type=radio]");
    const radio = radios[turn % radios.length];
    const start = performance.now();
    radio.click();
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
})"""


def creation() -> tuple[float, int]:
    """Return the median milliseconds to make a board, and the bytes of its state."""
    times = []
    for _ in range(CREATIONS):
        start = time.perf_counter()
        board = weighing_board(CASE)
        times.append(1000 * (time.perf_counter() - start))
    state = {"content": board.content, "cells": board.cells}
    return statistics.median(times), len(json.dumps(state).encode())


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


def first_shown(page: Page, address: str) -> float:
    """Return the milliseconds from running the board's cell to the board on the page."""
    lesson = address.replace("/lab/tree/", "/lab/workspaces/bench/tree/")
    page.goto(lesson.replace("00-start-here", "05-weighing-the-reasons") + "&reset")
    page.get_by_text("| Idle").wait_for(timeout=60_000)
    start = time.perf_counter()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    page.wait_for_selector(".volens-board", state="attached", timeout=60_000)
    return 1000 * (time.perf_counter() - start)


def memory(tools: CDPSession) -> float:
    """Return the megabytes of JavaScript memory in use, after tidying up."""
    tools.send("HeapProfiler.collectGarbage")
    return float(tools.send("Runtime.getHeapUsage")["usedSize"]) / 1e6


def main() -> None:
    """Measure and print."""
    program = shutil.which("chromium")
    if program is None:
        sys.exit("The measurement needs Chromium. `make test` sets it up.")
    made, size = creation()
    with (
        course() as address,
        sync_playwright() as playwright,
        tempfile.TemporaryDirectory() as home,
    ):
        browser = playwright.chromium.launch_persistent_context(
            home, executable_path=program, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        page.set_viewport_size({"width": 1280, "height": 900})
        shown = first_shown(page, address)
        page.locator(".volens-board").first.scroll_into_view_if_needed()
        tools = browser.new_cdp_session(page)
        redraws = [float(page.evaluate(ONE_REDRAW, turn)) for turn in range(REDRAWS)]
        before = memory(tools)
        for turn in range(INTERACTIONS):
            page.evaluate(ONE_REDRAW, turn)
        after = memory(tools)
        browser.close()
    print(f"creation, median of {CREATIONS}: {made:.1f} ms")
    print(f"lesson 5 run to board shown: {shown:.0f} ms")
    print(f"control to redraw, median of {REDRAWS}: {statistics.median(redraws):.1f} ms")
    print(f"control to redraw, slowest of {REDRAWS}: {max(redraws):.1f} ms")
    print(f"state: {size / 1000:.1f} kB")
    print(f"memory before {INTERACTIONS} interactions: {before:.1f} MB, after: {after:.1f} MB")


if __name__ == "__main__":
    main()
