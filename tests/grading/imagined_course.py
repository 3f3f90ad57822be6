"""A small course with one assignment, for tests of what happens to marks."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.checkout import ROOT
from volens.grading.notebooks import fill_in, read_notebook

ASSIGNMENT = "a0-gates"

RUBRIC = """
assignment = "a0-gates"
[[question]]
id = "essay-answer"
points = 12
[[question.criterion]]
id = "law"
title = "The law"
level = [
    {points = 6, description = "Names the rule."},
    {points = 4, description = "Names it in part."},
    {points = 2, description = "Names another rule."},
    {points = 0, description = "Names none."},
]
[[question.criterion]]
id = "fact"
title = "The facts"
level = [
    {points = 6, description = "Takes two facts."},
    {points = 3, description = "Takes one fact."},
    {points = 0, description = "Takes none."},
]
[[question.anchor]]
label = "strong"
text = "Consent needs a request."
why = "All is there."
marks = {law = 6, fact = 6}
[[question.anchor]]
label = "weak"
text = "It was wrong."
why = "Nothing is there."
marks = {law = 0, fact = 0}
"""

GATES = """\
import volens as vo

check = vo.checks.Check(vo.answers(), points=6, reread="lesson 3, section 2")
read = check.table(
    "gates_table",
    rows=("V1", "V2", "V3"),
    columns={"request": vo.checks.Choice("met", "not met", "unclear")},
)
### BEGIN HIDDEN TESTS
key = {
    "V1: request": "met",
    "V2: request": "not met",
    "V3: request": "not met",
}
why = {"V1: request": "Who asked?", "V2: request": "Who signed?", "V3: request": "For whom?"}
check.compare(read, key, why)
### END HIDDEN TESTS
check.score()"""

TIMES = """\
import volens as vo

check = vo.checks.Check(vo.answers(), points=2)
read = check.items("hours", items=("E1", "E2"), kind=vo.checks.Number())
### BEGIN HIDDEN TESTS
key = {"E1": "12", "E2": "5"}
check.compare(read, key)
### END HIDDEN TESTS
check.score()"""

STUB = "*Write your answer here, in place of this line.*"


def _cell(kind: str, name: str, source: str, **settings: object) -> dict[str, Any]:
    metadata: dict[str, Any] = {}
    if settings:
        metadata["nbgrader"] = {"grade_id": name, "schema_version": 3, "task": False, **settings}
    cell = {"cell_type": kind, "id": name, "metadata": metadata, "source": source}
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    return cell


def _answer(name: str, source: str) -> dict[str, Any]:
    return _cell("code", name, source, grade=False, solution=True, locked=False)


def _test(name: str, source: str, points: float) -> dict[str, Any]:
    return _cell("code", name, source, grade=True, solution=False, locked=True, points=points)


def _by_hand(kind: str, name: str, source: str, points: float) -> dict[str, Any]:
    return _cell(kind, name, source, grade=True, solution=True, locked=False, points=points)


def instructors() -> dict[str, Any]:
    """The instructor's notebook."""
    gates = (
        'gates_table = {"V1": {"request": ""}, "V2": {"request": ""}, "V3": {"request": ""}}\n'
        "### BEGIN SOLUTION\n"
        'gates_table |= {"V1": {"request": "met"}, "V2": {"request": "not met"}, '
        '"V3": {"request": "not met"}}\n### END SOLUTION'
    )
    hours = 'hours = {"E1": "", "E2": ""}\n### BEGIN SOLUTION\nhours |= {"E1": "12", "E2": "5"}\n'
    disputed = 'disputes = {"gates_table: V3: request": ""}\n### BEGIN SOLUTION\n### END SOLUTION'
    cells = [
        _cell("markdown", "a0-gates", "# a0. Which gates are passed?\n\nAbout three cases."),
        _cell("code", "import-volens", "import volens as vo"),
        _cell("markdown", "gates-table", "## 1. Was there a request?\n\nSay it for each case."),
        _cell("code", "gates-table-cards", 'vo.cards("claims", "C004", bare=True)'),
        _answer("gates-table-answer", gates),
        _test("gates-table-test", GATES, 6),
        _cell("markdown", "hours", "## 2. How many hours?\n\nCount."),
        _answer("hours-answer", hours + "### END SOLUTION"),
        _test("hours-test", TIMES, 2),
        _cell("markdown", "essay", "## 3. Why it matters\n\nWrite."),
        _by_hand("markdown", "essay-answer", STUB, 12),
        _cell("markdown", "disputes", "## Do you dispute a key?\n\nSay why."),
        _by_hand("code", "disputes-answer", disputed, 0),
        _cell("markdown", "before-you-hand-in", "## Before you hand in\n\nSave."),
    ]
    return {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def build(root: Path) -> Path:
    """Write the course, not yet released, and return its root."""
    folder = root / "source" / ASSIGNMENT
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "nbgrader_config.py", root)
    (folder / "rubric.toml").write_text(RUBRIC, encoding="utf-8")
    text = json.dumps(instructors(), indent=1, ensure_ascii=False) + "\n"
    (folder / f"{ASSIGNMENT}.ipynb").write_text(text, encoding="utf-8")
    return root


def hand_in(root: Path, student: str, answers: Mapping[str, str]) -> None:
    """Put a student's work into ``submitted/``: cell to what stands there."""
    released = read_notebook(root / "assignments" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb")
    folder = root / "submitted" / student / ASSIGNMENT
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{ASSIGNMENT}.ipynb").write_text(
        json.dumps(fill_in(released, answers)), encoding="utf-8"
    )


def gates(*words: str) -> str:
    """An answer cell for the first question."""
    rows = {f"V{place}": {"request": word} for place, word in enumerate(words, start=1)}
    return f"gates_table = {rows!r}"
