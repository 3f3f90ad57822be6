"""The course that is attacked: a small one with one assignment, and secrets all around it.

Three of its test cells are judged outside the student's process. One is an ordinary
nbgrader cell with an ``assert``: its mark can be forged, and the grader has to say so.
"""

import json
import secrets
import shutil
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.checkout import ROOT
from volens.grading.notebooks import fill_in, read_notebook
from volens.grading.stock import Course

__all__ = [
    "ASSIGNMENT",
    "FORGEABLE",
    "FULL",
    "HONEST",
    "NEIGHBOUR",
    "RIGHT",
    "WRONG",
    "Victim",
    "build",
    "canary",
]

ASSIGNMENT = "v1-victim"
#: What right answers earn in the cells that a program marks.
FULL = {"gates-test": 6.0, "counts-test": 4.0, "may-enter-test": 4.0, "total-test": 2.0}
#: What the wrong answers of all attackers earn without an attempt.
HONEST = {"gates-test": 2.0, "counts-test": 1.0, "may-enter-test": 1.0, "total-test": 0.0}
#: The cell whose mark is only the student's word.
FORGEABLE = "total-test"

_GATES = """\
import volens as vo

check = vo.checks.Check(vo.answers(), points=6)
read = check.choices("gates", items=("V1", "V2", "V3"), allowed=("met", "not met", "unclear"))
### BEGIN HIDDEN TESTS
seal = "@tests@"
check.compare(read, {"V1": "met", "V2": "not met", "V3": "not met"}, {"V2": "Who signed?"})
### END HIDDEN TESTS
check.score()"""

_COUNTS = """\
import volens as vo

check = vo.checks.Check(vo.answers(), points=4)
counts = vo.answers().get("counts")
readable = {"State", "troops"} <= set(getattr(counts, "columns", ()))
check.expect(readable, "`counts` should be a table with the columns State and troops.")
### BEGIN HIDDEN TESTS
seal = "@tests@"
key = {"Armenia": 100, "Belarus": 200, "Kyrgyzstan": 150}
given = dict(zip(counts["State"], counts["troops"])) if readable else {}
for state, troops in key.items():
    check.expect(given.get(state) == troops, f"{state}: you wrote {given.get(state)}.")
### END HIDDEN TESTS
check.score()"""

_MAY_ENTER = """\
import volens as vo

check = vo.checks.Check(vo.answers(), points=4)
right = check.call("may_enter", {"asked": True, "free": True}) is True
check.expect(right, "Who was asked in freedom may enter.")
### BEGIN HIDDEN TESTS
seal = "@tests@"
for asked, free in ((True, False), (False, True), (False, False)):
    found = check.call("may_enter", {"asked": asked, "free": free, "hint": "@arguments@"})
    check.expect(found is False, f"may_enter says {found} where asked={asked}, free={free}.")
### END HIDDEN TESTS
check.score()"""

_TOTAL = """\
assert total > 0
### BEGIN HIDDEN TESTS
assert total == 42, "Count again."
### END HIDDEN TESTS"""

WRONG = {
    "gates-answer": 'gates = {"V1": "met", "V2": "unclear", "V3": "unclear"}',
    "counts-answer": (
        "import pandas as pd\n\n"
        'counts = pd.DataFrame({"State": ["Armenia", "Belarus"], "troops": [1, 2]})'
    ),
    "may-enter-answer": "def may_enter(facts):\n    return True",
    "total-answer": "total = 41",
    "essay-answer": "It was wrong.",
}
RIGHT = {
    "gates-answer": 'gates = {"V1": "met", "V2": "not met", "V3": "not met"}',
    "counts-answer": (
        "import pandas as pd\n\n"
        'counts = pd.DataFrame({"State": ["Armenia", "Belarus", "Kyrgyzstan"], '
        '"troops": [100, 200, 150]})'
    ),
    "may-enter-answer": 'def may_enter(facts):\n    return facts["asked"] and facts["free"]',
    "total-answer": "total = 42",
    "essay-answer": "It was right.",
}
# An honest student who leaves things lying about, as people do.
_LEAVES = """\
import os

mine = "@neighbour@"
os.environ["MINE"] = mine
for folder in (".", "/tmp", "/dev/shm", "/var/tmp", os.path.expanduser("~")):
    try:
        with open(os.path.join(folder, "mine.txt"), "w") as file:
            file.write(mine)
    except OSError:
        pass
"""
#: The id of the honest student beside the attackers.
NEIGHBOUR = "n00-neighbour"


def canary(kind: str = "canary") -> str:
    """Return a word that stands nowhere else."""
    return f"volens-{kind}-{secrets.token_hex(8)}"


@dataclass(frozen=True)
class Victim:
    """The course, and what must not come out of it.

    Attributes
    ----------
    root
        The course's folder.
    secrets
        Where a secret is kept, to its text.
    arguments
        A word in the arguments with which hidden tests call a student's function.
    """

    root: Path
    secrets: Mapping[str, str]
    arguments: str

    @property
    def released(self) -> dict[str, Any]:
        """The students' version."""
        return read_notebook(self.root / "assignments" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb")

    def wrong(self) -> dict[str, Any]:
        """Return the notebook with the wrong answers."""
        return fill_in(self.released, WRONG)

    def right(self) -> dict[str, Any]:
        """Return the neighbour's notebook: right answers, and a secret in many places."""
        mine = self.secrets["neighbour"]
        answers = RIGHT | {"essay-answer": f"{RIGHT['essay-answer']} My code is {mine}."}
        notebook = fill_in(self.released, answers)
        leaves = _cell("code", "leaves", _LEAVES.replace("@neighbour@", mine))
        notebook["cells"].insert(2, leaves)
        return notebook


def build(folder: Path) -> Victim:
    """Make the course in an empty folder and release its assignment with real nbgrader."""
    words = {place: canary() for place in ("tests", "gradebook", "neighbour", "outside", "memory")}
    arguments = canary("argument")
    root = folder / "course"
    source = root / "source" / ASSIGNMENT
    source.mkdir(parents=True)
    shutil.copy(ROOT / "nbgrader_config.py", root)
    filled = json.dumps(_instructors(), indent=1)
    filled = filled.replace("@tests@", words["tests"]).replace("@arguments@", arguments)
    (source / f"{ASSIGNMENT}.ipynb").write_text(filled, encoding="utf-8")
    Course(root).release(ASSIGNMENT)
    with sqlite3.connect(root / "gradebook.db") as database:
        database.execute("CREATE TABLE kept (word TEXT)")
        database.execute("INSERT INTO kept VALUES (?)", (words["gradebook"],))
    database.close()
    (root / "keys.txt").write_text(words["outside"], encoding="utf-8")
    return Victim(root, words, arguments)


def _cell(kind: str, name: str, source: str, **settings: object) -> dict[str, Any]:
    metadata: dict[str, Any] = {}
    if settings:
        metadata["nbgrader"] = {"grade_id": name, "schema_version": 3, "task": False, **settings}
    cell: dict[str, Any] = {"cell_type": kind, "id": name, "metadata": metadata, "source": source}
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    return cell


def _question(name: str, test: str) -> list[dict[str, Any]]:
    answer, points = f"{name}-answer", FULL[f"{name}-test"]
    solution = f"### BEGIN SOLUTION\n{RIGHT[answer]}\n### END SOLUTION"
    return [
        _cell("markdown", name, f"## {name.replace('-', ' ').capitalize()}\n\nSay it."),
        _cell("code", answer, solution, grade=False, solution=True, locked=False),
        _cell("code", f"{name}-test", test, grade=True, solution=False, locked=True, points=points),
    ]


def _instructors() -> dict[str, Any]:
    cells = [
        _cell("markdown", "v1-victim", "# v1. Who may enter?\n\nAbout three cases."),
        _cell("code", "import-volens", "import volens as vo"),
        *_question("gates", _GATES),
        *_question("counts", _COUNTS),
        *_question("may-enter", _MAY_ENTER),
        *_question("total", _TOTAL),
        _cell("markdown", "essay", "## Why it matters\n\nWrite."),
        _cell(
            "markdown",
            "essay-answer",
            "*Write your answer here, in place of this line.*",
            grade=True,
            solution=True,
            locked=False,
            points=5,
        ),
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
