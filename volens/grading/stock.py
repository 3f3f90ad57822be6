"""One round with stock nbgrader, in which one bad submission does not stop the others.

``nbgrader autograde`` takes a whole class in one go, and some damaged notebooks
end that run for everybody after them. Here each submission is a run of its own,
and each ends with an :class:`Outcome`: nobody is missing from the report.

Student code runs as whoever calls this, without a sandbox, as with nbgrader
itself. Use it on submissions that you would also open.
"""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps.api import NbGraderAPI
from nbgrader.plugins.export import CsvExportPlugin

from volens.errors import GradingError
from volens.grading.gradebook import configuration, programs_found, quietly
from volens.grading.notebooks import Damage, damage, read_notebook

__all__ = ["Course", "Marks", "Outcome", "write_marks", "write_report"]

_SKIPPED = re.compile(r"Skipped submission .*?: (.+)")


@dataclass(frozen=True)
class Outcome:
    """How the marking of one submission ended.

    Attributes
    ----------
    student
        The student's id.
    state
        ``scored``, ``scored in part`` (free text waits for a person) or ``needs a person``.
    reason
        A code: ``complete``, ``free-text-waits``, or what kept it from being marked.
    message
        What to do next, for a person; empty where nothing is left to do.
    points, possible
        What the submission has so far, and what it could have; ``None`` where it has no marks.
    seconds
        How long it took.
    """

    student: str
    state: str
    reason: str
    message: str
    points: float | None
    possible: float | None
    seconds: float


@dataclass(frozen=True)
class Marks:
    """The marks of a class in one assignment, for the questions that a program marks.

    Attributes
    ----------
    possible
        Question to the points it is worth, in the order of the notebook.
    points
        Student to question to points.
    """

    possible: Mapping[str, float]
    points: Mapping[str, Mapping[str, float]]

    def by_question(self) -> dict[str, list[float]]:
        """Return every student's points, question by question."""
        return {
            question: [points[question] for points in self.points.values()]
            for question in self.possible
        }


class Course:
    """A folder in which nbgrader works: ``source/``, ``submitted/`` and a gradebook.

    Parameters
    ----------
    root
        The folder with ``nbgrader_config.py``.

    Raises
    ------
    GradingError
        If the folder is not the root of a course.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self._config = configuration(self.root)
        self._api = NbGraderAPI(config=self._config)

    def release(self, assignment: str) -> Path:
        """Make the students' version out of ``source/`` and return its folder."""
        with programs_found(), quietly():
            result = self._api.generate_assignment(assignment, force=True, create=True)
        self._succeed("release", result)
        return Path(self._api.coursedir.format_path(self._released, ".", assignment))

    def collect(self, assignment: str) -> tuple[str, ...]:
        """Sort files downloaded from a learning platform into ``submitted/``.

        They lie in ``downloaded/ASSIGNMENT/archive``, as files or in a zip file,
        each named STUDENT_ASSIGNMENT.ipynb.

        Returns
        -------
        The names of files that could not be given to anybody.
        """
        run = subprocess.run(  # noqa: S603 (a program of this environment)
            [sys.executable, "-m", "nbgrader", "zip_collect", assignment, "--force"],
            cwd=self.root,
            capture_output=True,
            text=True,
            check=False,
        )
        self._succeed("collect", {"success": run.returncode == 0, "log": run.stderr})
        return tuple(Path(file).name for file in _SKIPPED.findall(run.stderr))

    def autograde(self, assignment: str) -> Iterator[Outcome]:
        """Mark every submission, one after another, and report each as it ends."""
        released = read_notebook(self._notebook(assignment))
        for student in self.students(assignment):
            log = self.root / "kernels.log"
            with programs_found(), quietly(), _error_stream_to(log):
                outcome = self._autograde_one(assignment, student, released)
            yield outcome

    def students(self, assignment: str) -> list[str]:
        """Return who has handed in, in the order of their ids."""
        folder = self.root / self._api.coursedir.submitted_directory
        return sorted(path.parent.name for path in folder.glob(f"*/{assignment}"))

    def feedback(self, assignment: str, student: str) -> Path:
        """Write a student's feedback page and return it."""
        with programs_found(), quietly():
            result = self._api.generate_feedback(assignment, student, force=True)
        self._succeed(f"feedback for {student}", result)
        folder = self._api.coursedir.format_path(
            self._api.coursedir.feedback_directory, student, assignment
        )
        return Path(folder) / f"{assignment}.html"

    def export(self, file: Path) -> None:
        """Write the totals as CSV in nbgrader's own format.

        Whoever could not be marked is not in it: nbgrader has no row for them.
        """
        plugin = CsvExportPlugin(parent=None)
        plugin.to = str(file)
        with quietly(), Gradebook(self._api.coursedir.db_url) as gradebook:
            plugin.export(gradebook)

    def marks(self, assignment: str) -> Marks:
        """Return what every autograded question earned everybody."""
        possible: dict[str, float] = {}
        points: dict[str, dict[str, float]] = {}
        with quietly(), Gradebook(self._api.coursedir.db_url) as gradebook:
            for submission in gradebook.assignment_submissions(assignment):
                for grade in submission.notebooks[0].grades:
                    # The disputes are code as well, and worth nothing.
                    if grade.cell.cell_type == "code" and grade.max_score:
                        possible[grade.name] = grade.max_score
                        points.setdefault(submission.student_id, {})[grade.name] = grade.score
        return Marks(possible, points)

    def outcome(self, assignment: str, student: str, seconds: float = 0) -> Outcome:
        """Return how a submission stands in the gradebook now.

        Parameters
        ----------
        assignment, student
            Whose submission of what.
        seconds
            How long the marking took.
        """
        with Gradebook(self._api.coursedir.db_url) as gradebook:
            try:
                submission = gradebook.find_submission(assignment, student)
            except MissingEntry:
                message = "nbgrader reported success but recorded nothing. Mark it by hand."
                return Outcome(
                    student, "needs a person", "not-recorded", message, None, None, seconds
                )
            waits = submission.needs_manual_grade
            return Outcome(
                student=student,
                state="scored in part" if waits else "scored",
                reason="free-text-waits" if waits else "complete",
                message="Read the free text and give its points." if waits else "",
                points=submission.score,
                possible=submission.max_score,
                seconds=seconds,
            )

    @property
    def _released(self) -> str:
        return str(self._api.coursedir.release_directory)

    def _notebook(self, assignment: str) -> Path:
        return self.root / self._released / assignment / f"{assignment}.ipynb"

    def _autograde_one(self, assignment: str, student: str, released: dict[str, Any]) -> Outcome:
        started = time.perf_counter()
        file = self.root / "submitted" / student / assignment / f"{assignment}.ipynb"
        found = damage(file, released)
        if found is None:
            result = self._api.autograde(assignment, student)
            if not result["success"]:
                found = Damage("grader-stopped", f"nbgrader stopped: {_last_line(result)}")
        seconds = round(time.perf_counter() - started, 2)
        if found is not None:
            return Outcome(
                student, "needs a person", found.reason, found.message, None, None, seconds
            )
        return self.outcome(assignment, student, seconds)

    def _succeed(self, step: str, result: dict[str, Any]) -> None:
        if not result["success"]:
            raise GradingError(f"nbgrader could not do this step ({step}): {_last_line(result)}")


def write_report(outcomes: Sequence[Outcome], file: Path) -> None:
    """Write how every submission ended, as JSON."""
    content = {"submissions": [asdict(outcome) for outcome in outcomes]}
    file.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def write_marks(outcomes: Sequence[Outcome], marks: Marks, file: Path) -> None:
    """Write one row a student, whatever happened, as CSV.

    Cells are empty where there is no mark: an empty cell is not a zero.
    """
    with file.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(["student", *marks.possible, "points", "possible", "state", "reason"])
        for outcome in outcomes:
            points = marks.points.get(outcome.student, {})
            writer.writerow(
                [outcome.student, *(points.get(question, "") for question in marks.possible)]
                + [
                    "" if number is None else number
                    for number in (outcome.points, outcome.possible)
                ]
                + [outcome.state, outcome.reason]
            )


@contextmanager
def _error_stream_to(log: Path) -> Iterator[None]:
    """Write what kernels say on their error stream to a file.

    They inherit ours, and some say goodbye with words that would alarm a person.
    """
    sys.stderr.flush()
    ours = os.dup(2)
    try:
        with log.open("ab") as file:
            os.dup2(file.fileno(), 2)
        yield
    finally:
        os.dup2(ours, 2)
        os.close(ours)


def _last_line(result: dict[str, Any]) -> str:
    text = str(result.get("error") or result.get("log") or "it did not say why")
    return text.strip().splitlines()[-1]
