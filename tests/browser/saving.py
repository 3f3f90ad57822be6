"""Waiting for JupyterLab to save: it empties the file first, and then writes."""

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

LONG_AGO = datetime(2022, 1, 5, tzinfo=UTC).timestamp()


def saved(page: Page, file: Path, act: Callable[[], object]) -> Any:  # noqa: ANN401 (as JSON has it)
    """What the notebook holds once an act has saved all of it."""
    os.utime(file, (LONG_AGO, LONG_AGO))
    act()
    for _ in range(300):
        if file.stat().st_mtime > LONG_AGO:
            try:
                return json.loads(file.read_text("utf-8"))
            except ValueError:
                pass  # half of it
        page.wait_for_timeout(100)
    pytest.fail("The notebook was not saved.")
