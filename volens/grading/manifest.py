"""What a student's notebook should hold: the list that *Check my work* compares with.

It is made at release and lies in ``data/assignments.json``, because a student's copy
cannot be asked what it has lost.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

from volens.errors import AssignmentError
from volens.grading.notebooks import Notebook
from volens.handin.manifest import HEADING

__all__ = ["entry", "question_lines"]

_LINE = re.compile(r"^\*(\d+) points?, about (\d+) minutes\*$", re.MULTILINE)
_WORDS = re.compile(r"\b(\d+) words\b")
_TIME = re.compile(r"^\| \*\*Time\*\* \| (\d+) minutes: (\d+) to read", re.MULTILINE)
_POINTS = re.compile(r"^\| \*\*Points\*\* \| (\d+) in all", re.MULTILINE)


def entry(notebook: Notebook) -> dict[str, Any]:
    """Return the manifest's entry for an assignment.

    Parameters
    ----------
    notebook
        The students' version.

    Returns
    -------
    Title, minutes, points, questions, and for each cell its id, kind (``prompt``, ``shown``,
    ``answer``, ``test``, ``text`` or ``manual``), type, points, heading, and the SHA-256 of
    its source where a student should leave it as it is. A text also has the number of words
    that its question asks for, none where it names no number.

    Raises
    ------
    AssignmentError
        If the first cell does not state time and points.
    """
    first = "".join(notebook["cells"][0]["source"])
    time, points = _TIME.search(first), _POINTS.search(first)
    title = first.partition("\n")[0].removeprefix("# ")
    if time is None or points is None:
        raise AssignmentError(
            title,
            "the first table should have `| **Time** | 110 minutes: 10 to read ... |` and "
            "`| **Points** | 60 in all: ... |`.",
        )
    questions = question_lines(notebook)
    return {
        "title": title,
        "minutes": int(time[1]),
        "reading": int(time[2]),
        "points": int(points[1]),
        "questions": [
            {"title": heading, "points": worth, "minutes": minutes}
            for heading, (worth, minutes) in questions.items()
        ],
        "cells": list(_cells(notebook)),
    }


def question_lines(notebook: Notebook) -> dict[str, tuple[int, int]]:
    """Return each question's heading with the points and minutes that stand below it."""
    found = {}
    for cell in notebook["cells"]:
        text = "".join(cell["source"])
        heading, line = HEADING.search(text), _LINE.search(text)
        if cell["cell_type"] == "markdown" and heading and line:
            found[heading[1]] = (int(line[1]), int(line[2]))
    return found


def _cells(notebook: Notebook) -> list[dict[str, Any]]:
    heading, words, listed = "", None, []
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown" and (found := HEADING.search(source)):
            heading, words = found[1], None
        settings = cell["metadata"].get("nbgrader", {})
        kind = _kind(cell["cell_type"], settings)
        if kind == "prompt" and words is None and (asked := _WORDS.search(source)):
            words = int(asked[1])
        described = {
            "id": cell["id"],
            "kind": kind,
            "type": cell["cell_type"],
            "points": settings.get("points", 0),
            "title": heading,
            "checksum": hashlib.sha256(source.encode()).hexdigest()
            if kind in {"prompt", "shown", "test"}
            else None,
        }
        listed.append(described | ({"words": words} if kind == "text" else {}))
    return listed


def _kind(cell_type: str, settings: dict[str, Any]) -> str:
    if not settings:
        return "prompt" if cell_type == "markdown" else "shown"
    if cell_type == "markdown":
        return "text"
    if settings["grade"]:
        return "manual" if settings["solution"] else "test"
    return "answer"
