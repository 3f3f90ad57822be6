"""Real JupyterLab, started as a student starts it, in real Chromium."""

import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.checkout import ROOT

FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-sync",
    "--no-first-run",
]
WIDE: Any = {"width": 1280, "height": 900}
#: A machine that does two things at once may be late, and is not wrong.
expect.set_options(timeout=20_000)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(name="address", scope="session")
def _address() -> Iterator[str]:
    """The address that `make course` prints; the course runs until the tests end."""
    program = [sys.executable, "-u", str(ROOT / "tools" / "course.py")]
    with subprocess.Popen(
        [*program, "--browser", "no", "--port", str(free_port())],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as server:
        assert server.stdout
        printed = []
        for line in server.stdout:
            printed.append(line)
            found = re.search(r"http://127\.0\.0\.1:\S+", line)
            if found:
                break
        else:
            pytest.fail("the course did not start:\n" + "".join(printed))
        # Unread, what the server says would fill the pipe and hold it up.
        Thread(target=server.stdout.read, daemon=True).start()
        yield found[0]
        server.terminate()


@pytest.fixture(name="chromium", scope="session")
def _chromium() -> Iterator[Browser]:
    program = shutil.which("chromium")
    if program is None:
        pytest.fail("The browser tests need Chromium. Run `make test`, which sets it up.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def visited(chromium: Browser, file: Path, **options: Any) -> Iterator[Page]:  # noqa: ANN401
    """A stand-alone page in a browser of its own; an error on it fails the last test there."""
    context = chromium.new_context(**{"viewport": WIDE, **options})
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(file.as_uri())
    yield page
    context.close()
    assert errors == []


def opened(chromium: Browser, address: str, lesson: str) -> Page:
    """Open a lesson and run it from top to bottom, with the menu."""
    return opened_file(chromium, address, f"lessons/{lesson}.ipynb")


def opened_file(chromium: Browser, address: str, file: str) -> Page:
    """Open a notebook, by its path in the course, and run it from top to bottom."""
    page = chromium.new_page(viewport=WIDE)
    # A workspace of its own, so that what somebody left open here does not matter.
    place = address.replace("/lab/tree/", "/lab/workspaces/checks/tree/")
    page.goto(place.replace("lessons/00-start-here.ipynb", file) + "&reset")
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    page.get_by_text("| Idle").wait_for(timeout=60_000)
    run_all(page)
    return page


def run_all(page: Page) -> None:
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()


@pytest.fixture(name="lesson", scope="module")
def _lesson(chromium: Browser, address: str) -> Iterator[Page]:
    """Lesson 0, opened and run from top to bottom."""
    page = opened(chromium, address, "00-start-here")
    page.wait_for_selector("figure img[alt]", state="attached", timeout=60_000)
    yield page
    page.close()
