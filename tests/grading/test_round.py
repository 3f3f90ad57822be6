"""A whole round: stock nbgrader, and the same test cells in a second process."""

import ast
import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.checkout import ROOT, read_notebook, text
from volens.answering import RemoteAnswers, using
from volens.errors import GradingError
from volens.grading.notebooks import cells, fill_in, solutions
from volens.grading.rehearsal import answer_cell
from volens.grading.specimens import Specimen, read_specimens
from volens.grading.stock import Course, Marks

ASSIGNMENT = "a1-claims"
SOURCE = ROOT / "source" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
INSTRUCTOR = read_notebook(SOURCE)
SOLUTIONS = solutions(INSTRUCTOR)
SPECIMENS = read_specimens(SOURCE.parent / "specimens.toml")


@dataclass(frozen=True)
class Round:
    root: Path
    printed: str
    marks: Marks
    report: Mapping[str, Mapping[str, Any]]


@pytest.fixture(name="played", scope="module")
def _played(tmp_path_factory: pytest.TempPathFactory) -> Round:
    """One round, played as `make class` plays it."""
    root = tmp_path_factory.mktemp("class")
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "play_class.py"), "--root", str(root)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    report = json.loads((root / "results" / "report.json").read_text(encoding="utf-8"))
    return Round(
        root,
        done.stdout,
        Course(root).marks(ASSIGNMENT),
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
        assert (played.report[student]["points"], played.report[student]["possible"]) == (36, 60)


def test_an_untouched_copy_earns_nothing(played: Round) -> None:
    assert set(played.marks.points["s10-untouched"].values()) == {0}
    assert played.report["s10-untouched"]["points"] == 0


def test_half_of_each_question_earns_half(played: Round) -> None:
    assert played.report["s03-half-of-each"]["points"] == 18


def test_typical_mistakes_lose_marks_in_every_question(played: Round) -> None:
    for student in (name for name in played.report if "mistakes" in name):
        for question, points in played.marks.points[student].items():
            assert points < played.marks.possible[question], (student, question)


def test_a_damaged_submission_is_named_and_does_not_stop_the_others(played: Round) -> None:
    assert played.report["s11-broken-file"]["reason"] == "unreadable-notebook"
    assert played.report["s12-copied-test-cell"]["reason"] == "graded-cell-twice"
    for student in ("s11-broken-file", "s12-copied-test-cell"):
        assert played.report[student]["points"] is None
        assert f"{student}: " in played.printed


def test_marks_are_one_row_a_student_and_no_mark_is_not_a_zero(played: Round) -> None:
    with (played.root / "results" / "marks.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}

    assert list(rows) == sorted(played.report)
    assert rows["s11-broken-file"]["points"] == ""
    assert rows["s10-untouched"]["points"] == "0.0"
    assert rows["s01-complete"]["record-test"] == "6.0"


def test_each_result_lies_where_the_program_says(played: Round) -> None:
    places = [
        Path(line.split()[-1]) for line in played.printed.splitlines() if str(played.root) in line
    ]

    assert len(places) == 9
    assert [place for place in places if not place.exists()] == []


def test_feedback_explains_a_mistake(played: Round) -> None:
    page = played.root / "feedback" / "s05-typical-mistakes" / ASSIGNMENT / f"{ASSIGNMENT}.html"

    assert "The card names the office in which he spoke" in page.read_text(encoding="utf-8")


def test_the_picture_of_marks_has_every_question_in_words(played: Round) -> None:
    page = (played.root / "results" / "marks.html").read_text(encoding="utf-8")

    for question in played.marks.possible:
        assert f"{question.removesuffix('-test')}: 10 students" in page


def test_a_file_without_an_owner_is_reported(played: Round) -> None:
    archive = played.root / "downloaded" / ASSIGNMENT / "archive"
    (archive / "my homework.ipynb").write_text("{}", encoding="utf-8")

    assert Course(played.root).collect(ASSIGNMENT) == ("my homework.ipynb",)


def test_a_folder_that_is_no_course_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GradingError, match=r"has no nbgrader_config\.py"):
        Course(tmp_path)


# The same test cells, with the student's names behind a pipe


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


def run_test_cell(content: str) -> float:
    """Execute a test cell as a notebook does, and return its last value."""
    *body, last = ast.parse(content).body
    assert isinstance(last, ast.Expr)
    namespace: dict[str, object] = {}
    exec(compile(ast.Module(body, []), "<test>", "exec"), namespace)
    return float(repr(eval(compile(ast.Expression(last.value), "<test>", "eval"), namespace)))  # noqa: S307


def marked_from_outside(notebook: Mapping[str, Any]) -> dict[str, float]:
    """Mark a notebook: its own cells there, the instructor's test cells here."""
    tests = {
        grade_id: text(cell) for grade_id, cell in cells(INSTRUCTOR) if grade_id.endswith("-test")
    }
    points: dict[str, float] = {}
    with student() as process:
        assert process.stdin
        assert process.stdout
        remote = RemoteAnswers(process.stdout, process.stdin)
        for cell in notebook["cells"]:
            if cell["id"] in tests:
                with using(remote):
                    points[cell["id"]] = run_test_cell(tests[cell["id"]])
            elif cell["cell_type"] == "code":
                process.stdin.write(json.dumps({"run": text(cell)}) + "\n")
                process.stdin.flush()
                process.stdout.readline()
    return points


def test_marks_from_outside_are_those_of_stock_nbgrader(played: Round) -> None:
    outside = {
        name: marked_from_outside(
            read_notebook(played.root / "submitted" / name / ASSIGNMENT / f"{ASSIGNMENT}.ipynb")
        )
        for name in played.marks.points
    }
    assert {name: dict(points) for name, points in played.marks.points.items()} == outside
    assert len(outside) == 10


# Specimens: what proves each test


@pytest.mark.parametrize("specimen", SPECIMENS, ids=lambda one: f"{one.question}: {one.name}")
def test_a_wrong_answer_loses_marks_and_another_right_one_does_not(specimen: Specimen) -> None:
    released = read_notebook(ROOT / "assignments" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb")
    cell = specimen.cell(SOLUTIONS[specimen.question])
    points = marked_from_outside(fill_in(released, {answer_cell(specimen.question): cell}))
    earned = points[answer_cell(specimen.question).replace("-answer", "-test")]

    assert (earned == 6) is specimen.right
    assert sum(points.values()) == earned


def test_the_instructors_version_earns_full_marks_from_outside() -> None:
    assert set(marked_from_outside(INSTRUCTOR).values()) == {6.0}
