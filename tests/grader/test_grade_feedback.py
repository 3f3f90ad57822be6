"""`volens grade`: whose feedback page it writes, and what it says of a course that moved on."""

import json
import os
from contextlib import closing
from pathlib import Path

from click.testing import CliRunner, Result

from tests.grader import gates_class
from tests.grader.gates_class import EASIER, NAME, autograded, change_test, opened
from tests.grading.imagined_course import ASSIGNMENT
from volens.grader.commands import grade
from volens.grader.folders import Folders
from volens.grader.unreleased import unreleased_tests
from volens.grading.gradebook import coursedir
from volens.grading.notebooks import cells, read_notebook

MARKED = ("s01", "s02", "s03")
RELEASE = f"`nbgrader generate_assignment {ASSIGNMENT} --force`"


def run(course: Path, *arguments: str) -> Result:
    return CliRunner().invoke(grade, [ASSIGNMENT, "--course", str(course), *arguments])


def page(course: Path, student: str) -> Path:
    return course / "feedback" / student / ASSIGNMENT / f"{ASSIGNMENT}.html"


def said(done: Result) -> list[str]:
    """What is said of the pages."""
    return [line for line in done.output.splitlines() if line.startswith("Feedback pages")]


def left(count: int) -> str:
    return (
        f"Feedback pages left as they are: {count}, as new as the marked notebook. If a person has "
        f"given marks since, run `nbgrader generate_feedback {ASSIGNMENT} --force`."
    )


def written(count: int) -> str:
    return (
        f"Feedback pages written: {count} of {count}. {count} of them for marks of an earlier run, "
        "whose page was missing or older."
    )


# Whose page is written


def test_a_page_is_written_for_whoever_was_marked_earlier_and_has_none_or_an_old_one(
    course: Path,
) -> None:
    gates_class.grade(course)
    first = run(course, "--feedback")

    assert first.exit_code == 3, first.output
    assert "0 marked now" in first.output
    assert said(first) == [written(3)]
    assert all(page(course, student).is_file() for student in MARKED)

    page(course, "s01").unlink()
    notebook = autograded(course, "s02").stat()
    os.utime(page(course, "s02"), ns=(0, notebook.st_mtime_ns - 1))
    before = page(course, "s03").stat().st_mtime_ns
    second = run(course, "--feedback")

    assert said(second) == [written(2), left(1)]
    assert page(course, "s01").is_file()
    assert page(course, "s02").stat().st_mtime_ns >= notebook.st_mtime_ns
    assert page(course, "s03").stat().st_mtime_ns == before
    assert said(run(course, "--feedback")) == ["Feedback pages written: 0 of 0.", left(3)]


def test_a_page_is_written_for_those_only_who_were_asked_for(course: Path) -> None:
    gates_class.grade(course)
    done = run(course, "s02", "--feedback")

    assert said(done) == [written(1)]
    assert [page(course, student).is_file() for student in MARKED] == [False, True, False]


# What the gradebook does not know


def test_without_a_gradebook_the_command_that_makes_one_is_named(course: Path) -> None:
    (course / "gradebook.db").unlink()
    done = run(course)

    assert done.exit_code == 1
    assert RELEASE in done.output


def change_source(course: Path, name: str, source: str) -> None:
    """Change a cell in source/, and release nothing."""
    file = course / "source" / ASSIGNMENT / NAME
    notebook = read_notebook(file)
    for grade_id, cell in cells(notebook):
        if grade_id == name:
            cell["source"] = source
    file.write_text(json.dumps(notebook), encoding="utf-8")


def test_a_test_that_was_changed_in_source_alone_is_told_of(course: Path) -> None:
    gates_class.grade(course)
    change_source(course, "hours-test", EASIER)
    lines = run(course).output.splitlines()
    assert lines[0] == (
        f"Warning: source/{ASSIGNMENT} has another test than the gradebook: hours-test. Marks are "
        f"made with the gradebook's. To take it over, run {RELEASE}, then mark again."
    )
    assert lines[1].endswith("0 marked now, 5 unchanged.")

    change_test(course, "hours-test", EASIER)
    done = run(course)
    assert "Warning" not in done.output
    assert "0 marked now" not in done.output


def differing(course: Path) -> tuple[str, ...]:
    """The tests in which source/ and the gradebook differ."""
    released = Folders(coursedir(course), ASSIGNMENT).released()
    with closing(opened(course)) as register:
        templates = register.templates(ASSIGNMENT, released)
    return unreleased_tests(course / "source" / ASSIGNMENT, templates)


def test_only_tests_are_compared_and_none_that_nbgrader_writes_itself(course: Path) -> None:
    assert differing(course) == ()
    change_source(course, "hours-answer", "hours = 0")
    assert differing(course) == ()
    change_source(course, "hours-test", "### HASHED AUTOTEST hours")
    assert differing(course) == ()
    change_source(course, "gates-table-test", "1")
    assert differing(course) == ("gates-table-test",)


def test_a_test_that_is_new_or_gone_or_worth_something_else_is_a_difference(course: Path) -> None:
    file = course / "source" / ASSIGNMENT / NAME
    notebook = read_notebook(file)
    settings = {name: cell["metadata"]["nbgrader"] for name, cell in cells(notebook)}
    settings["gates-table-test"]["points"] += 1
    settings["hours-test"]["grade_id"] = "days-test"
    file.write_text(json.dumps(notebook), encoding="utf-8")

    assert differing(course) == ("gates-table-test", "hours-test", "days-test")


def test_a_source_that_is_not_here_or_cannot_be_read_is_no_difference(course: Path) -> None:
    source = course / "source" / ASSIGNMENT / NAME
    source.write_text("{", encoding="utf-8")
    assert differing(course) == ()

    source.unlink()
    assert differing(course) == ()
