"""A class marked twice by stock nbgrader, with all that a gradebook can hold, step by step.

Two notebooks, of which some hand in one; a task, which only a person marks; submissions that
come late, with a penalty of the course's own; a person's marks in between.

No kernel runs: what the cells would have shown is handed in with them, and stock nbgrader is
told to take it as it is. All that it writes into the gradebook is its own.
"""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.utils import parse_utc
from sqlalchemy import URL

from tests.grader.gradebook_rows import Row, rows
from tests.grading.imagined_course import ASSIGNMENT, build, hand_in, instructors
from volens.grader.results import Comment, Graded, GradedNotebook, Mark
from volens.grading.gradebook import configuration, quietly
from volens.grading.notebooks import cells, fill_in, read_notebook
from volens.grading.stock import Course

__all__ = ["DUE", "READING", "Stage", "as_graded", "at", "build_course", "play", "release"]

READING = "b0-reading"
DUE = "2022-01-10 12:00:00"
EARLY, LATE = "2022-01-09 18:00:00.250000 UTC", "2022-01-11 06:30:00 CET"

PLUGIN = '''
from nbgrader.plugins import BasePlugin


class Tenth(BasePlugin):
    """Take a tenth of the points, and more than there are from s03."""

    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return 1000 if student_id == "s03" else score / 10 + total_seconds_late / 1e6


c.AssignLatePenalties.plugin_class = Tenth

from nbgrader.converters import Autograde
from nbgrader.preprocessors import ClearOutput, Execute

for stages, left_out in (("sanitize", ClearOutput), ("autograde", Execute)):
    usual = getattr(Autograde, f"{stages}_preprocessors").default_args[0]
    c.Autograde[f"{stages}_preprocessors"] = [one for one in usual if one is not left_out]
'''


@dataclass(frozen=True)
class Work:
    """What is handed in: answers, and the points that the test cells show.

    Without ``reading`` the second notebook is missing.
    """

    answers: dict[str, str]
    shown: Mapping[str, float]
    reading: Mapping[str, float] | None = None


@dataclass(frozen=True)
class Stage:
    """A gradebook at one moment, and who had handed in what by then."""

    file: Path
    times: Mapping[str, datetime]
    handed_in: frozenset[tuple[str, str]]

    @property
    def database(self) -> str:
        return at(self.file)

    def rows(self) -> list[Row]:
        return rows(self.database, ASSIGNMENT)

    def copy(self, folder: Path) -> str:
        """The address of a copy that may be changed."""
        return at(Path(shutil.copy(self.file, folder / f"{self.file.stem}-copy.db")))


def at(file: Path) -> str:
    """The address of a database in a file."""
    return str(URL.create("sqlite", database=str(file)))


def build_course(root: Path, database: str = "") -> Path:
    """Write the course, not yet released; its gradebook is a file if nothing else is said."""
    build(root)
    content = instructors() | {"cells": _reading()}
    file = root / "source" / ASSIGNMENT / f"{READING}.ipynb"
    file.write_text(json.dumps(content), encoding="utf-8")
    with (root / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write(PLUGIN)
        if database:
            config.write(f"c.CourseDirectory.db_url = {database!r}\n")
    return root


def release(root: Path) -> None:
    """Release it with stock nbgrader, and say when it is due."""
    Course(root).release(ASSIGNMENT)
    url = configuration(root).CourseDirectory.get("db_url", at(root / "gradebook.db"))
    with Gradebook(str(url), "volens") as gradebook:
        gradebook.update_or_create_assignment(ASSIGNMENT, duedate=DUE)


def play(root: Path) -> dict[str, Stage]:
    """Play it through: ``released``, ``marked``, ``read`` by a person, ``marked again``."""
    build_course(root)
    release(root)
    stages = {"released": _stage(root, "released")}

    gates, hours = "gates-table-test", "hours-test"
    essay = {"essay-answer": "Consent needs a request."}
    _submit(root, "s01", Work(essay, {gates: 4, hours: 0}, {"count-test": 0}), EARLY)
    _submit(root, "s02", Work(essay, {gates: 4.5, hours: 2}), LATE)
    _submit(root, "s03", Work({}, {gates: 0, hours: 1}, {"count-test": 3}), LATE)
    _mark(root)
    stages["marked"] = _stage(root, "marked")

    _read(root)
    stages["read"] = _stage(root, "read")

    _submit(root, "s01", Work({}, {gates: 6, hours: 0}, {"count-test": 0}), LATE)
    _submit(root, "s02", Work(essay, {gates: 4.5, hours: 2}, {"count-test": 1.5}), EARLY)
    _submit(root, "s03", Work(essay, {gates: 3, hours: 1}), LATE)
    _mark(root)
    stages["marked again"] = _stage(root, "again")
    return stages


def as_graded(stage: Stage) -> list[Graded]:
    """What a marking that comes to the same points would hand to the register."""
    marks: dict[tuple[str, str], list[Mark]] = {}
    comments: dict[tuple[str, str], list[Comment]] = {}
    for table, student, notebook, cell, *said in stage.rows():
        if table == "grade" and cell != "task":
            marks.setdefault((student, notebook), []).append(Mark(cell, said[0], 12))
        elif table == "comment":
            comments.setdefault((student, notebook), []).append(Comment(cell, said[0]))
    students = sorted({student for student, _ in marks})
    return [
        Graded(
            student,
            "scored",
            "complete",
            "",
            tuple(
                GradedNotebook(name, "{}", tuple(marks[who, name]), tuple(comments[who, name]))
                if (who, name) in stage.handed_in
                else GradedNotebook(name, "")
                for who, name in marks
                if who == student
            ),
        )
        for student in students
    ]


def _reading() -> list[dict[str, Any]]:
    def cell(kind: str, name: str, source: str, **settings: object) -> dict[str, Any]:
        known = {"grade": False, "solution": False, "locked": False, "task": False}
        metadata = {"nbgrader": {"grade_id": name, "schema_version": 3, **known, **settings}}
        shown = {"cell_type": kind, "id": name, "metadata": metadata, "source": source}
        return shown | ({"execution_count": None, "outputs": []} if kind == "code" else {})

    stub = "count = 0\n### BEGIN SOLUTION\ncount = 3\n### END SOLUTION"
    task = "Draw it.\n=== BEGIN MARK SCHEME ===\nAn arrow.\n=== END MARK SCHEME ==="
    return [
        cell("markdown", "locked-text", "Count the gates.", locked=True),
        cell("code", "count-answer", stub, solution=True),
        cell("code", "count-test", "assert count == 3", grade=True, locked=True, points=3),
        cell("markdown", "task", task, task=True, locked=True, points=5),
    ]


def _submit(root: Path, student: str, work: Work, time: str) -> None:
    hand_in(root, student, work.answers)
    folder = root / "submitted" / student / ASSIGNMENT
    (folder / f"{READING}.ipynb").unlink(missing_ok=True)
    for name, shown in ((ASSIGNMENT, work.shown), (READING, work.reading)):
        if shown is None:
            continue
        answers = work.answers | {"count-answer": f"count = {shown.get('count-test')}"}
        released = read_notebook(root / "assignments" / ASSIGNMENT / f"{name}.ipynb")
        notebook = fill_in(released, answers)
        for grade_id, cell in cells(notebook):
            if grade_id in shown:
                cell["outputs"] = [_result(shown[grade_id])]
        (folder / f"{name}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    (folder / "timestamp.txt").write_text(time, encoding="utf-8")


def _result(points: float) -> dict[str, Any]:
    return {
        "output_type": "execute_result",
        "execution_count": 1,
        "metadata": {},
        "data": {"text/plain": str(points)},
    }


def _mark(root: Path) -> None:
    assert [one.reason for one in Course(root).autograde(ASSIGNMENT)] == ["free-text-waits"] * 3


def _read(root: Path) -> None:
    """Give marks and comments as the formgrader does."""
    with quietly(), Gradebook(at(root / "gradebook.db")) as gradebook:

        def give(student: str, notebook: str, cell: str, points: float, extra: float) -> None:
            grade = gradebook.find_grade(cell, notebook, ASSIGNMENT, student)
            grade.manual_score, grade.extra_credit = points, extra
            grade.needs_manual_grade = False

        def say(student: str, notebook: str, cell: str, text: str) -> None:
            comment = gradebook.find_comment(cell, notebook, ASSIGNMENT, student)
            comment.manual_comment = text

        give("s01", ASSIGNMENT, "essay-answer", 7.5, 0.5)
        give("s01", READING, "task", 4, 0)
        give("s01", READING, "count-test", 1, 0)
        give("s03", ASSIGNMENT, "essay-answer", 2, 0)
        give("s03", READING, "task", 5, 1)
        say("s01", ASSIGNMENT, "essay-answer", "Well argued.")
        say("s03", READING, "task", "A fine arrow.")
        gradebook.grant_extension(ASSIGNMENT, "s01", hours=1)
        gradebook.find_submission_notebook(READING, ASSIGNMENT, "s03").flagged = True
        gradebook.db.commit()


def _stage(root: Path, name: str) -> Stage:
    file = Path(shutil.copy(root / "gradebook.db", root / f"{name}.db"))
    submitted = list((root / "submitted").glob("*/*/*.ipynb"))
    times = {
        path.parent.parent.name: parse_utc(path.read_text(encoding="utf-8"))
        for path in (root / "submitted").glob("*/*/timestamp.txt")
    }
    handed_in = frozenset((path.parent.parent.name, path.stem) for path in submitted)
    return Stage(file, times, handed_in)
