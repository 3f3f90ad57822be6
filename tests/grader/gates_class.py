"""A small class that has handed in, and ways to mark it."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.grading.imagined_course import ASSIGNMENT, TIMES, build, gates, hand_in
from volens.grader.crew import Crew, mark_here
from volens.grader.folders import Folders
from volens.grader.register import Register
from volens.grader.reporting import Report
from volens.grader.results import Graded, Job
from volens.grader.running import Orders, Watch, run
from volens.grader.template import Template
from volens.grading.gradebook import coursedir, quietly
from volens.grading.notebooks import cells, read_notebook
from volens.grading.stock import Course

NAME = f"{ASSIGNMENT}.ipynb"
HOURS = 'hours = {"E1": "12"}'
EASIER = TIMES.replace('key = {"E1": "12", "E2": "5"}', 'key = {"E1": "12"}')


def build_class(root: Path) -> Path:
    """Release the course; five hand in, two of them something that cannot be marked."""
    build(root)
    Course(root).release(ASSIGNMENT)
    right = gates("met", "not met", "not met")
    hand_in(root, "s01", {"gates-table-answer": right, "hours-answer": HOURS})
    hand_in(root, "s02", {"gates-table-answer": right, "essay-answer": "It is about consent."})
    hand_in(root, "s03", {"gates-table-answer": "gates_table = 1 / 0", "hours-answer": HOURS})
    submitted(root, "s04").parent.mkdir(parents=True)
    hand_in(root, "s05", {})
    submitted(root, "s05").write_text("{", encoding="utf-8")
    return root


def submitted(root: Path, student: str) -> Path:
    """The notebook that a student handed in."""
    return root / "submitted" / student / ASSIGNMENT / NAME


def autograded(root: Path, student: str) -> Path:
    """The marked notebook of a student."""
    return root / "autograded" / student / ASSIGNMENT / NAME


def record(root: Path, student: str) -> Path:
    """What was written down about a student's submission."""
    return root / "results" / ASSIGNMENT / "records" / f"{student}.json"


def report(root: Path) -> dict[str, Any]:
    """The report of the last run."""
    file = root / "results" / ASSIGNMENT / "report.json"
    data: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return data


def database(root: Path) -> str:
    """The address of the gradebook."""
    return f"sqlite:///{root / 'gradebook.db'}"


def change_test(root: Path, name: str, source: str) -> None:
    """Change a test cell, and release the assignment anew."""
    file = root / "source" / ASSIGNMENT / NAME
    notebook = read_notebook(file)
    for grade_id, cell in cells(notebook):
        if grade_id == name:
            cell["source"] = source
    file.write_text(json.dumps(notebook), encoding="utf-8")
    Course(root).release(ASSIGNMENT)


class Here:
    """A crew of one: this process, whose room stays warm from test to test."""

    workers = 1

    def results(self, jobs: Iterable[Job]) -> Iterator[Graded]:
        return (mark_here(job) for job in jobs)


#: What became of each submission when it was marked for the first time.
_MARKED: dict[tuple[str, bytes], Graded] = {}


def _marked(root: Path, job: Job) -> Graded:
    key = (job.student, job.notebooks[ASSIGNMENT])
    if key not in _MARKED:
        _MARKED[key] = mark_here(replace(job, templates=_templates(root)))
    return _MARKED[key]


def _templates(root: Path) -> dict[str, Template]:
    with closing(opened(root)) as register:
        return register.templates(ASSIGNMENT, Folders(coursedir(root), ASSIGNMENT).released())


class Marked:
    """A crew that marks the class as it was first handed in, each submission once for all.

    What it gives back can be changed: student to the fields that are to be different.
    """

    workers = 1

    def __init__(self, root: Path, changes: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        self._root = root
        self._changes = changes or {}

    def results(self, jobs: Iterable[Job]) -> Iterator[Graded]:
        for job in jobs:
            graded = _marked(self._root, job)
            yield replace(graded, **self._changes.get(job.student, {}))


def opened(root: Path, address: str = "") -> Register:
    """The gradebook of a course, or another."""
    with quietly():
        return Register(address or database(root), "volens", pauses=())


def grade(
    root: Path,
    crew: Crew | None = None,
    watch: Watch | None = None,
    address: str = "",
    **orders: Any,  # noqa: ANN401 (passed on)
) -> Report:
    """Run over the class."""
    folders = Folders(coursedir(root), ASSIGNMENT)
    with quietly(), closing(opened(root, address)) as register:
        return run(folders, register, crew or Here(), Orders(**orders), watch)
