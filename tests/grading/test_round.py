"""A whole round of each assignment: under stock nbgrader, and then marked by `volens grade`."""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import differential
import pytest

from tests.checkout import ROOT, SOURCES, read_notebook
from volens.errors import GradingError
from volens.grading.marking_sheets import import_marks
from volens.grading.notebooks import Notebook
from volens.grading.proof import test_cells
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
    return Round(
        request.param,
        root,
        done.stdout,
        Course(root).marks(request.param),
        reported(request.param, root),
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


# The same round, marked by `volens grade`


@cache
def instructor(assignment: str) -> Notebook:
    return read_notebook(ROOT / "source" / assignment / f"{assignment}.ipynb")


@pytest.fixture(name="again", scope="module")
def _again(played: Round, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The root of a copy in which `volens grade` has marked what stock nbgrader marked."""
    root = tmp_path_factory.mktemp("again") / "course"
    made = ("gradebook.db", "assignments", "autograded", "feedback", "results", "kernels.log")
    shutil.copytree(played.root, root, ignore=shutil.ignore_patterns(*made))
    Course(root).release(played.assignment)
    done = subprocess.run(
        [*differential.OURS, played.assignment, "--course", root],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (3, "")
    sheet = Path("results", played.assignment, "marking-sheet.csv")
    shutil.copy(played.root / sheet, root / sheet)
    import_marks(root, played.assignment, [root / sheet])
    return root


def of_those_that_stock_could_mark(found: Mapping[str, Any]) -> dict[str, Any]:
    damaged = ("s11-broken-file", "s12-copied-test-cell")
    return {name: said for name, said in found.items() if not any(one in name for one in damaged)}


def test_the_gradebook_has_the_rows_of_stock_nbgrader(played: Round, again: Path) -> None:
    stock = differential.gradebook(played.root, played.assignment)
    ours = differential.gradebook(again, played.assignment)

    assert {name for name in stock if "s11" in name or "s12" in name} == set()
    assert list(differential.differences(stock, of_those_that_stock_could_mark(ours))) == []
    # A submission has a row itself, one for its notebook and one for each graded cell.
    assert len(stock) > 10 * (3 + len(played.marks.possible))


def test_marked_notebooks_say_what_they_say_under_stock_nbgrader(
    played: Round, again: Path
) -> None:
    stock = differential.notebooks(played.root, played.assignment)
    ours = differential.notebooks(again, played.assignment)

    assert list(differential.differences(stock, of_those_that_stock_could_mark(ours))) == []
    tests = {name: shown for name, (*_, shown) in stock.items() if name.endswith("-test")}
    assert len(tests) == 10 * len(played.marks.possible)
    assert all(shown["values"] for shown in tests.values())
    # Whoever has everything right is told so by the value alone.
    assert all("stdout" in shown for name, shown in tests.items() if "mistakes" in name)


def test_a_copied_test_cell_is_put_right_and_marked(played: Round, again: Path) -> None:
    marks = Course(again).marks(played.assignment)

    assert marks.points["s12-copied-test-cell"] == marks.possible == played.marks.possible
    entry = reported(played.assignment, again)["s12-copied-test-cell"]
    assert entry["state"] == "scored in part"
    repairs = entry["notebooks"][played.assignment]["repairs"]
    copied = next(iter(marks.possible))
    assert [(one["code"], one["cell"]) for one in repairs] == [
        ("id-renewed", ""),
        ("cell-twice", copied),
    ]


def test_a_file_that_cannot_be_read_needs_a_person(played: Round, again: Path) -> None:
    entry = reported(played.assignment, again)["s11-broken-file"]

    assert (entry["state"], entry["points"]) == ("needs a person", None)
    assert "s11-broken-file" not in Course(again).marks(played.assignment).points


@pytest.mark.parametrize(
    "student", ["s02-other-right-forms", "s05-typical-mistakes", "s10-untouched"]
)
def test_feedback_is_that_which_follows_stock_nbgrader(
    played: Round, again: Path, student: str
) -> None:
    page = Course(again).feedback(played.assignment, student)

    assert page.read_text(encoding="utf-8") == played.page(student)


def reported(assignment: str, root: Path) -> dict[str, Any]:
    """The report of a run: student to how the submission stands."""
    file = root / "results" / assignment / "report.json"
    report = json.loads(file.read_text(encoding="utf-8"))
    return {entry["student"]: entry for entry in report["submissions"]}
