"""Disputes: read, decided, and the class marked again."""

import ast
import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from nbformat import v4

from tests.checkout import ROOT
from tests.grading.imagined_course import ASSIGNMENT, gates, hand_in
from volens.cli import main
from volens.errors import AssignmentError, GradingError
from volens.grading import disputes as room
from volens.grading.commands import _marker
from volens.grading.gradebook import gradebook
from volens.grading.notebooks import cells, read_notebook
from volens.grading.stock import Course

ITEM = "gates_table: V3: request"
DAY = date(2026, 3, 2)
by_grader = _marker(exposed=False)


def source(course: Path) -> Path:
    return course / "source" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"


def cell_of(course: Path, name: str) -> str:
    notebook = read_notebook(source(course))
    return next("".join(cell["source"]) for grade_id, cell in cells(notebook) if grade_id == name)


def put_test(course: Path, name: str, text: str) -> None:
    notebook = read_notebook(source(course))
    for grade_id, cell in cells(notebook):
        if grade_id == name:
            cell["source"] = text
    source(course).write_text(json.dumps(notebook), encoding="utf-8")


def state(course: Path, student: str, cell: str) -> tuple[float, float | None, bool]:
    with gradebook(course) as book:
        grade = book.find_grade(cell, ASSIGNMENT, ASSIGNMENT, student)
        return grade.score, grade.manual_score, grade.needs_manual_grade


def mark(course: Path, student: str, cell: str, points: float) -> None:
    with gradebook(course) as book:
        grade = book.find_grade(cell, ASSIGNMENT, ASSIGNMENT, student)
        grade.manual_score, grade.needs_manual_grade = points, False
        book.db.commit()


def run(course: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["disputes", *arguments, "--course", str(course)])


# Reading


def test_nbgrader_itself_puts_a_dispute_on_the_list_of_what_waits(course: Path) -> None:
    assert state(course, "s01", room.CELL) == (0, None, True)
    assert state(course, "s03", room.CELL) == (0, None, False)


def test_reasons_are_listed_and_empty_rows_are_not(course: Path) -> None:
    found, unreadable = room.disputes(course, ASSIGNMENT)

    assert found == [room.Dispute("s01", ITEM, "I dispute this key because nobody signed.")]
    assert [one.student for one in unreadable] == ["s02"]


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("disputes = open('mark', 'w')", "no dictionary of words"),
        ("import os\nos.mkdir('mark')\ndisputes = [1]", "no dictionary of words"),
        ("disputes = {'a': __import__('os').mkdir('mark')}", "no dictionary of words"),
        ("disputes = {", "no dictionary of words"),
        ("(" * 2000, "no dictionary of words"),
    ],
)
def test_nothing_that_a_student_wrote_is_run(
    course: Path, cell: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(course)
    hand_in(course, "s01", {room.CELL: cell})
    found, unreadable = room.disputes(course, ASSIGNMENT)

    assert found == []
    assert says in unreadable[0].why
    assert not (course / "mark").exists()


@pytest.mark.parametrize("text", ["", "{}", '{"cells": []}', "[1"])
def test_a_damaged_notebook_is_listed(course: Path, text: str) -> None:
    file = course / "submitted" / "s01" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    file.write_text(text, encoding="utf-8")

    assert "s01" in {one.student for one in room.disputes(course, ASSIGNMENT)[1]}


def test_a_reason_cannot_move_the_cursor(course: Path) -> None:
    hand_in(course, "s01", {room.CELL: 'disputes = {"hours: E1": "red\\x1b[2J\\nline"}'})

    assert room.disputes(course, ASSIGNMENT)[0][0].reason == "red [2J line"


def test_a_class_that_has_not_handed_in_has_nothing_to_list(course: Path) -> None:
    with pytest.raises(GradingError, match="Nobody has handed in"):
        room.disputes(course, "a9-none")


# Accepting


def test_an_accepted_word_joins_the_key_and_nothing_else_changes(course: Path) -> None:
    before = read_notebook(source(course))
    room.accept(course, ASSIGNMENT, ITEM, also=" Unclear. ", because="Nobody signed.", day=DAY)
    after = read_notebook(source(course))

    changed = [
        (one["id"], "".join(one["source"]), "".join(other["source"]))
        for one, other in zip(before["cells"], after["cells"], strict=True)
        if one != other
    ]
    assert [name for name, _, _ in changed] == ["gates-table-test"]
    old, new = changed[0][1:]
    assert new == old.replace('"V3: request": "not met"', '"V3: request": ("not met", "unclear")')
    assert {key: before[key] for key in before if key != "cells"} == {
        key: after[key] for key in after if key != "cells"
    }


def test_a_ruling_is_written_beside_the_assignment(course: Path) -> None:
    because = 'He said "no"; \\ that counts.\nOn either reading. \N{DELETE}'
    room.accept(course, ASSIGNMENT, ITEM, also="unclear", because=because, day=DAY)
    room.reject(course, ASSIGNMENT, "hours: E1", because="The record is plain.", day=DAY)

    assert room.rulings(course, ASSIGNMENT) == (
        room.Ruling(DAY, ITEM, accepted=True, because=because, word="unclear"),
        room.Ruling(DAY, "hours: E1", accepted=False, because="The record is plain."),
    )


def test_a_third_word_joins_the_second(course: Path) -> None:
    for word in ("unclear", "met"):
        room.accept(course, ASSIGNMENT, ITEM, also=word, because="x")

    assert room.key_of(course, ASSIGNMENT, ITEM) == '("not met", "unclear", "met")'


def test_a_number_is_read_by_its_kind(course: Path) -> None:
    room.accept(course, ASSIGNMENT, "hours: E2", also="5,5", because="Half an hour more.")

    assert room.key_of(course, ASSIGNMENT, "hours: E2") == '("5", "5.5")'


def test_a_span_counts_from_one_end_to_the_other(course: Path) -> None:
    ruling = room.accept(course, ASSIGNMENT, "hours: E2", also="4", to="6", because="x")

    assert ruling.word == "4 to 6"
    assert room.key_of(course, ASSIGNMENT, "hours: E2") == ('("5", vo.checks.Between("4", "6"))')


@pytest.mark.parametrize(
    ("item", "also", "message"),
    [
        (ITEM, "maybe", '"maybe" cannot be an answer to .* one of: met, not met, unclear'),
        (ITEM, "Not-met", "counts as right for .* already"),
        ("hours: E1", "twelve", "asks for a number"),
        ("hours: E1", "12.0", "already"),
        ("gates_table: V4: request", "met", "Did you mean `gates_table: V"),
        ("gates_table", "met", "write the answer's name, a colon and the item"),
        ("gate: V3", "met", "The answers are: gates_table, hours"),
    ],
)
def test_what_cannot_be_accepted_changes_nothing(
    course: Path, item: str, also: str, message: str
) -> None:
    before = source(course).read_bytes()
    with pytest.raises(GradingError, match=message):
        room.accept(course, ASSIGNMENT, item, also=also, because="x")

    assert source(course).read_bytes() == before
    assert room.rulings(course, ASSIGNMENT) == ()


def test_a_test_without_a_list_of_words_is_left_to_a_person(course: Path) -> None:
    put_test(
        course,
        "hours-test",
        "import volens as vo\n\ncheck = vo.checks.Check(vo.answers(), points=2)\n"
        'check.expect(check.has("hours"), "x")\ncheck.score()',
    )
    with pytest.raises(GradingError, match="change that test by hand"):
        room.accept(course, ASSIGNMENT, "hours: E1", also="1", because="x")


@pytest.mark.parametrize(
    "key",
    [
        'key = {"V1: request": "met"}',
        'key = {"V1: request": ("met", "unclear"), "V2: request": "met"}',
        'key = {"V1: request": "met", "V2: request": "' + "x" * 50 + '"}',
        'key = {\n    "V1: request": "met",  # she said so\n    "V2: request": "met",\n}',
        'key = {\n    "V1: request": (\n        "met",\n        "unclear",\n    ),\n}',
        'key = {\n    "V1: request": ("met", "' + "y" * 60 + '"),\n}',
        'key = {"V1: request": ("met", "' + "y" * 57 + '")}',
        'key = {"V1: request": "\N{LATIN SMALL LETTER E WITH ACUTE}", "V2: request": "met"}',
    ],
)
def test_the_cell_is_left_as_the_formatter_would_leave_it(
    course: Path, tmp_path: Path, key: str
) -> None:
    start = (
        "import volens as vo\n\ncheck = vo.checks.Check(vo.answers(), points=6)\n"
        'kind = vo.checks.Choice("met", "not met", "unclear")\n'
        'read = check.table("gates_table", rows=("V1", "V2"), columns={"request": kind})\n'
        "### BEGIN HIDDEN TESTS\n"
    )
    put_test(course, "gates-table-test", f"{start}{key}\n### END HIDDEN TESTS\ncheck.score()")
    room.accept(course, ASSIGNMENT, "gates_table: V1: request", also="not met", because="x")
    text = cell_of(course, "gates-table-test")
    notebook = v4.new_notebook(cells=[v4.new_code_cell(text, id="x")])
    file = tmp_path / "cell.ipynb"
    file.write_text(json.dumps(notebook), encoding="utf-8")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "ruff",
            "format",
            "--diff",
            "--config",
            str(ROOT / "pyproject.toml"),
            str(file),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert text.startswith(start)
    assigned = next(node for node in ast.parse(text).body[4:] if isinstance(node, ast.Assign))
    assert "not met" in ast.literal_eval(assigned.value)["V1: request"]
    assert ("# she said so" in key) is ("# she said so" in text)


def test_a_ruling_needs_a_reason(course: Path) -> None:
    with pytest.raises(GradingError, match="needs a reason"):
        room.accept(course, ASSIGNMENT, ITEM, also="unclear", because=" ")
    with pytest.raises(GradingError, match="needs a reason"):
        room.reject(course, ASSIGNMENT, ITEM, because="")


def test_only_what_is_disputed_or_asked_can_be_rejected(course: Path) -> None:
    hand_in(course, "s01", {room.CELL: 'disputes = {"My own item": "because"}'})

    assert room.reject(course, ASSIGNMENT, "my own  item", because="x").item == "My own item"
    with pytest.raises(GradingError, match="is no item of this assignment"):
        room.reject(course, ASSIGNMENT, "another item", because="x")


def test_rulings_that_cannot_be_read_are_named(course: Path) -> None:
    (source(course).parent / "rulings.toml").write_text("[[ruling]]\nitem = 'x'\n")
    with pytest.raises(AssignmentError, match="the key `date` is missing"):
        room.rulings(course, ASSIGNMENT)


def test_rulings_are_never_released_and_the_students_copy_stays_the_same(course: Path) -> None:
    released = course / "assignments" / ASSIGNMENT
    before = (released / f"{ASSIGNMENT}.ipynb").read_bytes()
    room.accept(course, ASSIGNMENT, ITEM, also="unclear", because="x")
    Course(course).release(ASSIGNMENT)

    assert [file.name for file in released.iterdir()] == [f"{ASSIGNMENT}.ipynb"]
    assert (released / f"{ASSIGNMENT}.ipynb").read_bytes() == before


# Marking again


def test_an_accepted_dispute_marks_the_class_again(course: Path) -> None:
    """Real rounds: points rise where the word was given, and what a person set stays."""
    mark(course, "s01", "essay-answer", 9)
    mark(course, "s02", "hours-test", 2)
    hand_in(course, "s03", {"gates-table-answer": gates("met", "met", "unclear")})
    room.accept(course, ASSIGNMENT, ITEM, also="unclear", because="Nobody signed.", day=DAY)
    done = room.regrade(course, ASSIGNMENT, by_grader)

    assert done.moved == (
        room.Moved("s01", "gates-table-test", 4, 6),
        room.Moved("s03", "gates-table-test", 0, 4),
    )
    assert done.totals == {"s01": (15, 17), "s03": (0, 4)}
    assert done.look_again == (("s02", "hours-test"),)
    assert done.not_marked == ()
    assert state(course, "s01", "essay-answer") == (9, 9, False)
    assert state(course, "s02", "hours-test") == (2, 2, True)
    assert state(course, "s01", room.CELL) == (0, 0, False)
    assert state(course, "s02", room.CELL)[2]

    page = Course(course).feedback(ASSIGNMENT, "s01").read_text(encoding="utf-8")
    assert "accepted.</strong>" in page
    assert "Nobody signed." in page
    assert "Not final yet" not in page


def test_points_that_a_person_set_stand_where_the_program_says_the_same(course: Path) -> None:
    # The class of this room was marked by stock nbgrader.
    list(by_grader(course, ASSIGNMENT))
    mark(course, "s02", "gates-table-test", 5)
    done = room.regrade(course, ASSIGNMENT, by_grader)

    assert ("s02", "gates-table-test") not in done.look_again
    assert state(course, "s02", "gates-table-test")[1:] == (5, False)


def test_a_text_that_was_handed_in_again_is_read_again(course: Path) -> None:
    mark(course, "s01", "essay-answer", 9)
    hand_in(course, "s01", {"essay-answer": "Quite another text."})
    room.regrade(course, ASSIGNMENT, by_grader)

    assert state(course, "s01", "essay-answer") == (9, 9, True)


def test_a_submission_that_cannot_be_marked_is_named(course: Path) -> None:
    (course / "submitted" / "s03" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").write_text("")
    done = room.regrade(course, ASSIGNMENT, by_grader)

    assert [student for student, _ in done.not_marked] == ["s03"]
    assert done.moved == ()


def test_students_are_answered_once_all_they_dispute_is_decided(course: Path) -> None:
    two = f'disputes = {{"{ITEM}": "because", "hours: E1": "because"}}'
    hand_in(course, "s01", {room.CELL: two})
    room.reject(course, ASSIGNMENT, ITEM, because="The rule is plain.", day=DAY)
    assert room.answer_students(course, ASSIGNMENT) == ()

    room.reject(course, ASSIGNMENT, "hours: E1", because="Count again.", day=DAY)
    assert room.answer_students(course, ASSIGNMENT) == ("s01",)
    assert state(course, "s01", room.CELL) == (0, 0, False)
    with gradebook(course) as book:
        comment = book.find_comment(room.CELL, ASSIGNMENT, ASSIGNMENT, "s01").comment
    assert comment == (
        f"- **{ITEM}: not accepted.** The rule is plain.\n"
        "- **hours: E1: not accepted.** Count again."
    )


# The commands


def test_the_list_has_item_key_reasons_and_rulings(course: Path) -> None:
    room.reject(course, ASSIGNMENT, ITEM, because="The rule is plain.", day=DAY)
    printed = run(course, ASSIGNMENT).output

    assert printed.startswith(f'{ITEM}\n  key: "not met"\n  s01: I dispute this key because')
    assert "2026-03-02: not accepted. The rule is plain." in printed
    assert f"s02: The cell {room.CELL} is no dictionary" in printed
    assert "Reasons given: 1. Students: 1. Items still open: 0." in printed
    assert run(course, "list", ASSIGNMENT).output == printed


def test_accepting_says_what_to_run_next(course: Path) -> None:
    printed = run(
        course, "accept", ASSIGNMENT, ITEM, "--also", "unclear", "--because", "Nobody signed."
    ).output

    assert f'{ITEM}: ("not met", "unclear")' in printed
    assert f"Next: volens disputes regrade {ASSIGNMENT}" in printed


def test_rejecting_says_what_to_run_next_and_students_are_answered(course: Path) -> None:
    printed = run(course, "reject", ASSIGNMENT, ITEM, "--because", "The rule is plain.").output

    assert f"Next: volens disputes answer {ASSIGNMENT}" in printed
    assert "Answered: s01." in run(course, "answer", ASSIGNMENT).output


def test_marking_again_says_whose_mark_moved(course: Path) -> None:
    printed = run(
        course,
        *("accept", ASSIGNMENT, ITEM, "--also", "unclear", "--because", "x", "--regrade"),
    ).output

    assert "s01, gates-table-test: 4 -> 6" in printed
    assert "s01, in all: 6 -> 8" in printed
    assert "No mark moved." in run(course, "regrade", ASSIGNMENT).output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("a9-none",), "There is no assignment `a9-none`"),
        (("accept", ASSIGNMENT, ITEM, "--also", "so", "--because", "x"), "cannot be an answer"),
    ],
)
def test_a_mistake_gives_one_message(
    course: Path, arguments: tuple[str, ...], message: str
) -> None:
    done = run(course, *arguments)

    assert done.exit_code == 1
    assert message in done.output
    assert "Traceback" not in done.output
