"""One submission, from the bytes that were handed in to marks.

The student's cells run in the sandbox, one after another. At each test cell the judge runs
it outside and asks the student's process for what it needs. What follows a moment at which
the process ended keeps its place: tests go on and find nothing, so that the marks before it
stand.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from hashlib import sha256
from importlib.metadata import distributions, version
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import LimitOutput
from nbgrader.utils import compute_checksum, determine_grade

from volens.errors import SubmissionError
from volens.grader.kernel import Room
from volens.grader.opening import open_notebook
from volens.grader.repair import repair
from volens.grader.results import (
    IN_PART,
    PERSON,
    SCORED,
    Comment,
    Graded,
    GradedNotebook,
    Job,
    Mark,
    State,
)
from volens.grader.sitting import Sitting
from volens.grader.template import Template
from volens.grading.notebooks import NOTED

__all__ = ["environment", "mark"]

_NO_RESPONSE = "No response."
#: Repairs after which a person should look whether the right answer was taken.
_UNSURE = frozenset({"answers-twice"})
#: Stops after which the notebook goes on: where no mark was lost, nobody has to look.
_PASSING = frozenset({"cell-time", "probe-time"})


def mark(job: Job, room: Room) -> Graded:
    """Mark one submission.

    Parameters
    ----------
    job
        What was handed in, and what the gradebook knows of it.
    room
        Where the student's code runs.

    Returns
    -------
    What is to be recorded. A submission that cannot be read is no error here: it needs a
    person.
    """
    clock = _Clock()
    faults: dict[str, str] = {}
    try:
        notebooks = tuple(
            _notebook(job, template, room, clock, faults) for template in job.templates.values()
        )
        ending = _ending(job, notebooks, faults)
    except SubmissionError as error:
        notebooks = ()
        ending = (PERSON, error.reason, str(error))
    state, reason, message = ending
    return Graded(
        student=job.student,
        state=state,
        reason=reason,
        message=message,
        notebooks=notebooks,
        seconds=clock.taken(),
        sandboxed=room.sandboxed,
        engine=version("volens"),
        environment=environment(),
    )


def _ending(
    job: Job, notebooks: tuple[GradedNotebook, ...], faults: Mapping[str, str]
) -> tuple[State, str, str]:
    """Return the state of a submission, the code of its reason, and what is left to do."""
    marks = [mark for one in notebooks for mark in one.marks]
    doubtful = any(mark.doubtful for mark in marks)
    stops = [
        stop for one in notebooks for stop in one.stops if doubtful or stop.code not in _PASSING
    ]
    unsure = [mended for one in notebooks for mended in one.repairs if mended.code in _UNSURE]
    tasks = any(
        cell.task for one in notebooks if one.content for cell in job.templates[one.name].cells
    )
    waiting = tasks or any(mark.points is None for mark in marks)
    if faults:
        cell, fault = next(iter(faults.items()))
        return (
            IN_PART,
            "test-at-fault",
            (
                f"The test cell {cell} could not be run as it is: {fault} Mend it in source/, make "
                "the assignment again, and mark again."
            ),
        )
    if stops:
        return (
            IN_PART,
            f"stopped-{stops[0].code}",
            f"{stops[0].message} The marks before that stand. Look whether the rest deserves any.",
        )
    if unsure:
        return IN_PART, unsure[0].code, f"{unsure[0].message} Look whether it is the right one."
    if waiting:
        return IN_PART, "free-text-waits", "Read the free text and give its points."
    return SCORED, "complete", ""


@cache
def environment() -> str:
    """Return a hash of the packages that marks were made with."""
    found = sorted({f"{one.name}=={one.version}" for one in distributions()})
    return sha256("\n".join(found).encode()).hexdigest()


class _Clock:
    """How long each part takes, in seconds."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = {}
        self._started = time.monotonic()

    @property
    def passed(self) -> float:
        """How long it is since the beginning."""
        return time.monotonic() - self._started

    @contextmanager
    def timing(self, part: str) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            taken = time.perf_counter() - started
            self._seconds[part] = self._seconds.get(part, 0) + taken

    def taken(self) -> dict[str, float]:
        return {part: round(seconds, 4) for part, seconds in self._seconds.items()}


def _notebook(
    job: Job, template: Template, room: Room, clock: _Clock, faults: dict[str, str]
) -> GradedNotebook:
    if template.name not in job.notebooks:
        none = tuple(
            Mark(cell.grade_id, 0, cell.points or 0) for cell in template.cells if cell.grade
        )
        return GradedNotebook(template.name, "", none)
    with clock.timing("open"):
        content = job.notebooks[template.name]
        opened, first = open_notebook(content, f"{template.name}.ipynb", job.limits)
    with clock.timing("repair"):
        mended = repair(opened, template)
        notebook: NotebookNode = nbformat.from_dict(mended.notebook)
    # All notebooks of a submission share its time.
    left = max(1.0, job.limits.submission_seconds - clock.passed)
    limits = replace(job.limits, submission_seconds=left)
    run = Sitting(notebook, template, limits, clock.timing)
    run.sit(room, job.files)
    faults |= run.faults
    _shorten(notebook)
    repairs = (*first, *mended.repairs)
    notes = [one.message for one in repairs] + [one.message for one in run.stops]
    if notes:
        # The page that the student gets is made from the notebook.
        notebook.metadata[NOTED] = {"notes": notes}
    with clock.timing("record"):
        return GradedNotebook(
            name=template.name,
            content=nbformat.writes(notebook) + "\n",
            marks=tuple(_marks(notebook, template, run)),
            comments=tuple(_comments(notebook)),
            repairs=repairs,
            stops=tuple(run.stops),
        )


def _shorten(notebook: NotebookNode) -> None:
    """Cut what a cell printed to as many lines as nbgrader keeps."""
    for cell in notebook.cells:
        LimitOutput().preprocess_cell(cell, {}, 0)


def _marks(notebook: NotebookNode, template: Template, run: Sitting) -> Iterator[Mark]:
    for cell in notebook.cells:
        settings = cell.metadata.get("nbgrader", {})
        if not settings.get("grade"):
            continue
        grade_id = settings["grade_id"]
        known = template.cell(grade_id)
        possible = (known.points if known else None) or 0.0
        judged = grade_id in run.points
        points = run.points[grade_id] if judged else _by_its_outputs(cell)
        if grade_id in run.faults:
            # The test says nothing about the answer.
            points = None
        yield Mark(
            grade_id,
            points,
            possible,
            forgeable=bool(known and known.is_test) and not judged,
            doubtful=grade_id in run.shaken and points is not None and points < possible,
        )


def _by_its_outputs(cell: NotebookNode) -> float | None:
    """Return what nbgrader makes of a cell whose test ran beside the student's code."""
    try:
        return determine_grade(cell)[0]  # type: ignore[no-any-return]
    except (KeyError, TypeError, ValueError):
        # More points than there are, or a value that is none.
        return 0.0


def _comments(notebook: NotebookNode) -> Iterator[Comment]:
    for cell in notebook.cells:
        settings: Mapping[str, Any] = cell.metadata.get("nbgrader", {})
        if settings.get("solution") or settings.get("task"):
            untouched = settings.get("checksum") == compute_checksum(cell)
            silent = untouched and not settings.get("task")
            yield Comment(settings["grade_id"], _NO_RESPONSE if silent else None)
