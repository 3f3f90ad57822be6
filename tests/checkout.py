"""Where things lie in the checkout that is tested."""

from pathlib import Path
from typing import Any

from volens.grading.notebooks import read_notebook

ROOT = Path(__file__).resolve().parents[1]
LESSONS = sorted((ROOT / "lessons").glob("[0-9]*.ipynb"))
SOURCES = sorted((ROOT / "source").glob("*/*.ipynb"))
RELEASED = sorted((ROOT / "assignments").glob("*/*.ipynb"))

__all__ = ["LESSONS", "RELEASED", "ROOT", "SOURCES", "read_notebook", "text"]


def text(cell: dict[str, Any]) -> str:
    """The source of a cell as one text."""
    return "".join(cell["source"])
