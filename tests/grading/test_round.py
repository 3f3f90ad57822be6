"""A whole round of each assignment: stock nbgrader, and the same test cells in a second process."""

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.checkout import ROOT, SOURCES, read_notebook, text
from volens.answering import RemoteAnswers, using
from volens.errors import GradingError
from volens.grading.notebooks import Notebook, cells
from volens.grading.proof import run_test, test_cells
from volens.grading.stock import Course, Marks

ASSIGNMENTS = [path.stem for path in SOURCES]


@dataclass(frozen=True)
class Round:
    assignment: str
    root: Path
    printed: str
    marks: Marks
    report: Mapping[str, Mapping[str, Any]]

    def possible(self) -> float:
        """What a program can give in all."""
        return sum(self.marks.possible.values())

    def page(self, student: str) -> str:
        """A student's feedback."""
        folder = self.root / "feedback" / student / self.assignment
        return (folder / f"{self.assignment}.html").read_text(encoding="utf-8")


@pytest.fixture(name="played", scope="module", params=ASSIGNMENTS)
def _played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Round:
    """One round, played as `make class` plays it."""
    root = tmp_path_factory.mktemp("class")
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "play_class.py", request.param, "--root", root],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    results = root / "results" / request.param
    report = json.loads((results / "report.json").read_text(encoding="utf-8"))
    return Round(
        request.param,
        root,
        done.stdout,
        Course(root).marks(request.param),
        {entry["student"]: entry for entry in report["submissions"]},
    )


# The round under stock nbgrader


def test_every_submission_is_in_the_report(played: Round) -> None:
    assert len(played.report) == 12
    assert {entry["state"] for entry in played.report.values()} == {
        "scored",
        "scored in part",
        "needs a person",
    }


def test_complete_answers_earn_full_marks_in_either_form(played: Round) -> None:
    for student in ("s01-complete", "s02-other-right-forms"):
        assert played.marks.points[student] == played.marks.possible
        assert played.report[student]["possible"] == 60


def test_an_untouched_copy_earns_nothing_and_waits_for_nobody(played: Round) -> None:
    assert set(played.marks.points["s10-untouched"].values()) == {0}
    assert played.report["s10-untouched"]["points"] == 0
    assert played.report["s10-untouched"]["state"] == "scored"


def test_half_of_each_question_earns_a_part(played: Round) -> None:
    for question, points in played.marks.points["s03-half-of-each"].items():
        assert points < played.marks.possible[question], question
    assert 0 < sum(played.marks.points["s03-half-of-each"].values()) < played.possible()


def test_typical_mistakes_lose_marks_in_every_question(played: Round) -> None:
    for student in (name for name in played.report if "mistakes" in name):
        for question, points in played.marks.points[student].items():
            assert points < played.marks.possible[question], (student, question)


def test_a_dispute_waits_for_a_person(played: Round) -> None:
    page = played.page("s02-other-right-forms")

    assert played.report["s02-other-right-forms"]["state"] == "scored in part"
    assert "I dispute this key because the material allows another word as well." in page


def test_a_damaged_submission_is_named_and_does_not_stop_the_others(played: Round) -> None:
    assert played.report["s11-broken-file"]["reason"] == "unreadable-notebook"
    assert played.report["s12-copied-test-cell"]["reason"] == "graded-cell-twice"
    for student in ("s11-broken-file", "s12-copied-test-cell"):
        assert played.report[student]["points"] is None
        assert f"{student}: " in played.printed


def test_marks_are_one_row_a_student_and_no_mark_is_not_a_zero(played: Round) -> None:
    results = played.root / "results" / played.assignment
    with (results / "marks.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}

    assert list(rows) == sorted(played.report)
    assert rows["s11-broken-file"]["points"] == ""
    assert rows["s10-untouched"]["points"] == "0.0"
    for question, points in played.marks.possible.items():
        assert float(rows["s01-complete"][question]) == points


def test_each_result_lies_where_the_program_says(played: Round) -> None:
    places = [
        Path(line.split()[-1].replace("ASSIGNMENT", played.assignment))
        for line in played.printed.splitlines()
        if str(played.root) in line
    ]

    assert len(places) == 10
    assert [place for place in places if not place.exists()] == []


def test_the_picture_of_marks_has_every_question_in_words(played: Round) -> None:
    page = (played.root / "results" / played.assignment / "marks.html").read_text(encoding="utf-8")

    for question in played.marks.possible:
        assert f"{question.removesuffix('-test')}: 10 students" in page


# Feedback


def test_feedback_explains_what_was_wrong_and_where_to_read(played: Round) -> None:
    page = re.sub("<[^>]+>", "", played.page("s05-typical-mistakes"))

    assert "Read again: lesson" in page
    assert "Right: " in page


def test_feedback_shows_no_hidden_test(played: Round) -> None:
    tests = test_cells(instructor(played.assignment))
    for student in ("s01-complete", "s05-typical-mistakes", "s10-untouched"):
        page = played.page(student)
        assert "HIDDEN" not in page
        assert "check.compare" not in page
        for source in tests.values():
            assert source.splitlines()[3] not in page


def test_feedback_needs_nothing_from_elsewhere(played: Round) -> None:
    page = played.page("s05-typical-mistakes")

    assert "<script" not in page
    assert 'src="http' not in page
    assert 'rel="stylesheet"' not in page


def test_a_file_without_an_owner_is_reported(played: Round) -> None:
    archive = played.root / "downloaded" / played.assignment / "archive"
    (archive / "my homework.ipynb").write_text("{}", encoding="utf-8")

    assert Course(played.root).collect(played.assignment) == ("my homework.ipynb",)


def test_a_folder_that_is_no_course_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GradingError, match=r"has no nbgrader_config\.py"):
        Course(tmp_path)


# The same test cells, with the student's names behind a pipe


@cache
def instructor(assignment: str) -> Notebook:
    return read_notebook(ROOT / "source" / assignment / f"{assignment}.ipynb")


@contextmanager
def student() -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("student_process.py"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        assert process.stdin
        process.stdin.close()


def marked_from_outside(assignment: str, notebook: Notebook) -> dict[str, float]:
    """Mark a notebook: its own cells there, the instructor's test cells here."""
    tests = test_cells(instructor(assignment))
    texts = {
        grade_id: text(cell)
        for grade_id, cell in cells(notebook)
        if cell["cell_type"] == "markdown"
    }
    points: dict[str, float] = {}
    with student() as process:
        assert process.stdin
        assert process.stdout
        remote = RemoteAnswers(process.stdout, process.stdin, texts)
        for cell in notebook["cells"]:
            if cell["id"] in tests:
                with using(remote):
                    points[cell["id"]] = float(repr(run_test(tests[cell["id"]]).score))
            elif cell["cell_type"] == "code":
                process.stdin.write(json.dumps({"run": text(cell)}) + "\n")
                process.stdin.flush()
                process.stdout.readline()
    return points


def test_marks_from_outside_are_those_of_stock_nbgrader(played: Round) -> None:
    folder = played.root / "submitted"
    outside = {
        name: marked_from_outside(
            played.assignment,
            read_notebook(folder / name / played.assignment / f"{played.assignment}.ipynb"),
        )
        for name in played.marks.points
    }
    assert {name: dict(points) for name, points in played.marks.points.items()} == outside
    assert len(outside) == 10
