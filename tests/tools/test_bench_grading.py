"""The class that the benchmarks measure with, and how they reckon."""

from pathlib import Path
from typing import Any

import bench_kernels
import pytest
from bench_class import ASSIGNMENT, CHECKOUT, FUNCTION_EVERY, OWN_CELL, Classroom, student
from bench_grading import Spent, per_submission, start_up

from volens.grading.notebooks import cells, read_notebook

RELEASED = CHECKOUT / "assignments" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"


@pytest.fixture(scope="module")
def members() -> Classroom:
    return Classroom(RELEASED)


def answers(notebook: dict[str, Any]) -> dict[str, str]:
    return {name: "".join(cell["source"]) for name, cell in cells(notebook)}


def test_a_student_hands_in_the_same_each_time(members: Classroom) -> None:
    assert members.submission(7) == members.submission(7)


def test_no_two_of_a_hundred_students_hand_in_the_same(members: Classroom) -> None:
    handed_in = {str(members.submission(number)) for number in range(100)}

    assert len(handed_in) == 100


def test_a_submission_has_the_cells_of_the_assignment_and_one_of_the_students_own(
    members: Classroom,
) -> None:
    released, handed_in = read_notebook(RELEASED), members.submission(3)

    assert list(answers(handed_in)) == list(answers(released))
    assert len(handed_in["cells"]) == len(released["cells"]) + 1
    assert [cell["source"] for cell in handed_in["cells"]].count(OWN_CELL) == 1


def test_one_student_in_ten_answers_with_a_function(members: Classroom) -> None:
    written = [
        "def decide" in answers(members.submission(number))["outcomes-answer"]
        for number in range(3 * FUNCTION_EVERY)
    ]

    assert written == [*[False] * (FUNCTION_EVERY - 1), True] * 3


def test_a_class_lies_where_nbgrader_looks_for_it(members: Classroom, tmp_path: Path) -> None:
    students = members.hand_in(tmp_path / "submitted", 2)

    assert students == [student(0), student(1)]
    assert read_notebook(
        tmp_path / "submitted" / student(1) / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    ) == members.submission(1)


def test_test_cells_are_not_among_those_that_a_kernel_runs(members: Classroom) -> None:
    run = bench_kernels.cells_to_run(members.submission(0))

    assert OWN_CELL in run
    assert not [source for source in run if "vo.answers()" in source]


def test_the_same_output_at_another_address_counts_as_the_same() -> None:
    def shown(address: str) -> list[dict[str, Any]]:
        return [{"output_type": "execute_result", "data": {"text/plain": f"<A at {address}>"}}]

    assert bench_kernels.alike(shown("0x7f00"), shown("0x7fff"))
    assert not bench_kernels.alike(shown("0x7f00"), [])


def test_start_and_end_of_a_command_are_no_part_of_what_a_submission_takes() -> None:
    spent = Spent(16, first=5, done=10, last=15, processor=0, coordinator=0, memory=0)

    assert per_submission(spent, 110) == pytest.approx(0.1)
    assert start_up(spent, 110) == pytest.approx(5)
