"""Marks that a person has to look at: they are said to wait, and nothing that was given is lost."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from tests.grader.gates_class import HOURS, autograded, change_test, database, grade, record
from tests.grader.gradebook_rows import rows
from tests.grading.imagined_course import ASSIGNMENT, TIMES, gates, hand_in
from volens.grader.exporting.marks import read_marks
from volens.grader.kernel import Room
from volens.grader.limits import Limits
from volens.grader.reporting import summary
from volens.grader.results import GradedNotebook, Job, Mark
from volens.grader.template import Template, TemplateCell
from volens.grading.gradebook import gradebook
from volens.grading.stock import Course

BRIEF = Limits(cell_seconds=2)
ENDLESS = "while True: pass"


def entered(course: Path, student: str, cell: str) -> tuple[float | None, float | None, bool]:
    """What a program gave, what a person gave, and whether it waits for one."""
    for table, who, _, name, *rest in rows(database(course), ASSIGNMENT):
        if (table, who, name) == ("grade", student, cell):
            program, person, _, waits = rest
            return program, person, waits
    raise AssertionError(f"{student} has no {cell}")


def settle(course: Path, student: str, cell: str, points: float) -> None:
    """Give points as formgrader does."""
    with gradebook(course) as book:
        grade_row = book.find_grade(cell, ASSIGNMENT, ASSIGNMENT, student)
        grade_row.manual_score, grade_row.needs_manual_grade = points, False
        book.db.commit()


# A test that is at fault


def test_a_test_at_fault_gives_no_mark_and_waits(course: Path) -> None:
    change_test(course, "hours-test", f"{TIMES}\n1 / 0")
    done = grade(course)

    assert done.rows["s01"].record.reason == "test-at-fault"
    assert entered(course, "s01", "hours-test") == (None, None, True)
    settle(course, "s01", "essay-answer", 3)
    settle(course, "s01", "disputes-answer", 0)
    (student,) = [one for one in read_marks(course, ASSIGNMENT).students if one.student == "s01"]
    assert student.state == "scored in part"
    assert student.questions["hours-test"] is None

    change_test(course, "hours-test", TIMES)
    grade(course)

    assert entered(course, "s01", "hours-test") == (1, None, False)
    assert entered(course, "s01", "essay-answer") == (0, 3, False)


# What was stopped


def test_marks_lost_after_a_stop_wait_and_those_before_it_do_not(course: Path) -> None:
    right = gates("met", "not met", "not met")
    answers = {"gates-table-answer": right, "hours-answer": f"{ENDLESS}\n{HOURS}"}
    hand_in(course, "s01", answers)
    done = grade(course, students=("s01",), limits=BRIEF)

    found = done.rows["s01"].record
    assert (found.state, found.reason) == ("scored in part", "stopped-cell-time")
    assert "that begins `while True: pass`" in found.message
    assert entered(course, "s01", "gates-table-test") == (6, None, False)
    assert entered(course, "s01", "hours-test") == (0, None, True)


def test_a_stop_concerns_the_next_test_and_no_other(course: Path) -> None:
    hand_in(course, "s01", {"gates-table-answer": ENDLESS, "hours-answer": "hours = {}"})
    grade(course, students=("s01",), limits=BRIEF)

    assert entered(course, "s01", "gates-table-test") == (0, None, True)
    assert entered(course, "s01", "hours-test") == (0, None, False)
    page = Course(course).feedback(ASSIGNMENT, "s01").read_text(encoding="utf-8")
    assert "Not final yet: a person looks at 1." in page
    assert "Not final yet: nobody has read 1." not in page


def test_when_the_notebook_has_ended_that_concerns_all_tests_after_it(course: Path) -> None:
    hand_in(course, "s01", {"gates-table-answer": "import os; os._exit(0)", "hours-answer": HOURS})
    grade(course, students=("s01",), limits=BRIEF)

    assert entered(course, "s01", "gates-table-test") == (0, None, True)
    assert entered(course, "s01", "hours-test") == (0, None, True)


def test_a_stop_that_cost_nothing_concerns_nobody(course: Path) -> None:
    right = gates("met", "not met", "not met")
    answers = {"gates-table-answer": right, "hours-answer": HOURS, "disputes-answer": ENDLESS}
    hand_in(course, "s01", answers)
    done = grade(course, students=("s01",), limits=BRIEF)

    assert done.rows["s01"].record.reason == "free-text-waits"
    assert entered(course, "s01", "hours-test") == (1, None, False)


def test_a_question_that_is_not_answered_in_time_is_noted(course: Path) -> None:
    change_test(
        course, "hours-test", "import volens as vo\nassert vo.answers().call('hours') == 12"
    )
    hand_in(course, "s01", {"hours-answer": f"def hours():\n    {ENDLESS}"})
    done = grade(course, students=("s01",), limits=replace(BRIEF, probe_seconds=1))

    found = done.rows["s01"].record
    assert (found.state, found.reason) == ("scored in part", "stopped-probe-time")
    assert entered(course, "s01", "hours-test") == (0, None, True)
    # That was the last of it: what came before had been earned, or lost, in peace.
    assert entered(course, "s01", "gates-table-test") == (0, None, False)


# What a person gave


def test_what_a_person_gave_stays_settled_until_there_is_other_work(course: Path) -> None:
    grade(course)
    settle(course, "s02", "essay-answer", 4)
    settle(course, "s02", "gates-table-test", 5)

    grade(course, again=True)
    assert entered(course, "s02", "essay-answer") == (None, 4, False)
    assert entered(course, "s02", "gates-table-test") == (6, 5, False)

    autograded(course, "s02").unlink()
    grade(course)
    assert entered(course, "s02", "essay-answer") == (None, 4, False)

    answers = {"gates-table-answer": "gates_table = {}", "essay-answer": "It is about consent."}
    hand_in(course, "s02", answers)
    grade(course)
    assert entered(course, "s02", "essay-answer") == (None, 4, True)
    assert entered(course, "s02", "gates-table-test") == (0, 5, True)


def test_a_mark_of_a_program_that_a_person_changed_waits_where_the_program_changed_its_mind(
    course: Path,
) -> None:
    grade(course)
    settle(course, "s01", "hours-test", 0.5)
    settle(course, "s01", "essay-answer", 2)
    change_test(course, "hours-test", f"{TIMES}\nassert False, 'Nothing is right any more.'")
    grade(course)

    assert entered(course, "s01", "hours-test") == (0, 0.5, True)
    assert entered(course, "s01", "essay-answer") == (0, 2, False)


# Tasks


def test_a_task_waits_for_a_person() -> None:
    from volens.grader.marking import _ending  # noqa: PLC0415 (a rule by itself)

    cells = (TemplateCell("t1", "code", "", "", grade=True, points=1),)
    task = TemplateCell("task", "markdown", "", "", task=True, points=5)
    notebook = GradedNotebook("a1", "{}", (Mark("t1", 1, 1),))
    plain = Job("a1", "s01", {}, {"a1": Template("a1", "a1", cells, {}, {})})
    with_task = replace(plain, templates={"a1": Template("a1", "a1", (*cells, task), {}, {})})

    assert _ending(plain, (notebook,), {})[0] == "scored"
    assert _ending(with_task, (notebook,), {})[:2] == ("scored in part", "free-text-waits")


def test_a_record_of_an_earlier_version_is_read(course: Path) -> None:
    grade(course)
    file = record(course, "s01")
    data = json.loads(file.read_text(encoding="utf-8"))
    for mark in data["notebooks"][ASSIGNMENT]["marks"]:
        del mark["doubtful"]
    file.write_text(json.dumps(data), encoding="utf-8")

    assert grade(course).rows["s01"].why == ""


# A machine that is busy

BUSY = "while True: pass"


@contextmanager
def shared_with(others: int) -> Iterator[None]:
    """Stay on one processor, together with programs that never rest."""
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    running = [
        subprocess.Popen([sys.executable, "-S", "-c", BUSY], start_new_session=True)
        for _ in range(others)
    ]
    try:
        yield
    finally:
        for one in running:
            one.kill()
            one.wait()
        os.sched_setaffinity(0, allowed)


def test_time_in_which_others_have_the_processor_does_not_count() -> None:
    work = (
        "import time\n"
        "def slow():\n"
        "    begun = time.process_time()\n"
        "    while time.process_time() - begun < 0.3: pass\n"
        "    return 1"
    )
    limits = Limits(probe_seconds=1)
    with shared_with(4), Room(limits) as room, room.kernel() as kernel:
        kernel.run(work)
        reply = json.loads(kernel.ask('{"name": "slow", "with": "{}"}'))

    assert (kernel.late_answers, "error" in reply) == (0, False), reply


def test_what_a_person_has_settled_is_counted(course: Path) -> None:
    grade(course)
    settle(course, "s02", "essay-answer", 4)
    done = grade(course)

    assert done.states()["scored in part"] == 1
    assert done.settled() == ["s02"]
    assert "free-text-waits 1; settled by a person since: 1" in summary(done, Path("report.json"))
