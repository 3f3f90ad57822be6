"""A run over a class: everybody ends somewhere, and it can be stopped and taken up again."""

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.grader.faults import killed_at_statement
from tests.grader.gates_class import (
    EASIER,
    Here,
    Marked,
    autograded,
    change_test,
    database,
    grade,
    record,
    report,
    submitted,
)
from tests.grader.gradebook_rows import rows
from tests.grader.postgresql import PostgreSQL
from tests.grading.imagined_course import ASSIGNMENT, gates, hand_in
from volens.errors import GradebookError, GradingError
from volens.grader import crew
from volens.grader.results import Graded, Job, Mark
from volens.grading.gradebook import gradebook
from volens.grading.stock import Course

HOURS_TEST = "hours-test"


def points(root: Path) -> dict[str, dict[str, float | None]]:
    """What the gradebook holds from a program, student by student."""
    found: dict[str, dict[str, float | None]] = {}
    for table, student, _, cell, *rest in rows(database(root), ASSIGNMENT):
        if table == "grade":
            found.setdefault(student, {})[cell] = rest[0]
    return found


def everything(root: Path) -> tuple[Any, ...]:
    """All that a run leaves, but for times."""
    records = {}
    for file in sorted((root / "results" / ASSIGNMENT / "records").iterdir()):
        data = json.loads(file.read_text(encoding="utf-8"))
        records[file.name] = {**data, "marked_at": "", "seconds": {}}
    notebooks = {
        file.relative_to(root): (file.read_bytes(), file.stat().st_mode)
        for file in sorted((root / "autograded").rglob("*"))
        if file.is_file()
    }
    return rows(database(root), ASSIGNMENT), notebooks, records


def bytes_of(root: Path) -> dict[Path, tuple[bytes, int]]:
    """Every file that a run leaves, but for the report and the lock."""
    return {
        file: (file.read_bytes(), file.stat().st_mtime_ns)
        for folder in ("autograded", f"results/{ASSIGNMENT}/records")
        for file in (root / folder).rglob("*")
        if file.is_file()
    }


# One run


def test_every_submission_ends_in_one_of_three_states_with_a_reason(course: Path) -> None:
    done = grade(course)

    found = {name: (row.record.state, row.record.reason) for name, row in done.rows.items()}
    assert found == {
        "s01": ("scored", "complete"),
        "s02": ("scored in part", "free-text-waits"),
        "s03": ("scored", "complete"),
        "s04": ("needs a person", "no-notebook"),
        "s05": ("needs a person", "unreadable-notebook"),
    }
    assert points(course)["s01"] == {
        "gates-table-test": 6,
        "hours-test": 1,
        "essay-answer": 0,
        "disputes-answer": 0,
    }
    assert set(points(course)) == {"s01", "s02", "s03"}


def test_rows_and_files_are_those_of_stock_nbgrader(course: Path, tmp_path: Path) -> None:
    stock = tmp_path / "stock"
    shutil.copytree(course, stock)
    for student in ("s04", "s05"):
        shutil.rmtree(stock / "submitted" / student)
    assert {one.student for one in Course(stock).autograde(ASSIGNMENT)} == {"s01", "s02", "s03"}
    grade(course)

    assert rows(database(course), ASSIGNMENT) == rows(database(stock), ASSIGNMENT)
    listed = [
        [(file.relative_to(root), file.stat().st_mode) for file in sorted(root.rglob("*"))]
        for root in (course / "autograded", stock / "autograded")
    ]
    assert listed[0] == listed[1]


def test_a_gradebook_on_a_server_gets_the_same_rows(course: Path, server: PostgreSQL) -> None:
    address = server.create("graded")
    grade(course, Marked(course))
    with (course / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write(f"c.CourseDirectory.db_url = {address!r}\n")
    Course(course).release(ASSIGNMENT)
    done = grade(course, Marked(course), address=address)

    assert {row.why for row in done.rows.values() if row.record.notebooks} == {"gradebook-differs"}
    assert rows(address, ASSIGNMENT) == rows(database(course), ASSIGNMENT)


def test_a_record_is_enough_to_repeat_a_mark(course: Path) -> None:
    grade(course)
    data = json.loads(record(course, "s01").read_text(encoding="utf-8"))

    assert set(data["submitted"]) == {f"{ASSIGNMENT}.ipynb"}
    assert set(data["tests"][ASSIGNMENT]) == {"gates-table-test", HOURS_TEST}
    assert "essay-answer" in data["other_cells"][ASSIGNMENT]
    assert data["notebooks"][ASSIGNMENT]["marks"][0] == {
        "grade_id": "gates-table-test",
        "points": 6,
        "possible": 6,
        "forgeable": False,
        "doubtful": False,
    }
    assert len(data["environment"]) == 64
    assert data["engine"]
    assert data["sandboxed"] is True
    assert data["limits"]["cell_seconds"] == 30
    assert data["seconds"]["cells"] >= 0


def test_a_room_that_broke_is_made_anew(course: Path) -> None:
    grade(course, Here())
    before = everything(course)
    assert crew._warm.room
    crew._warm.room._process.kill()
    done = grade(course, Here(), again=True)

    assert {row.why for row in done.rows.values()} == {"asked", ""}
    assert everything(course) == before


def test_the_courses_own_files_lie_beside_the_notebook_and_win(course: Path) -> None:
    for place, word in ((f"source/{ASSIGNMENT}", "course"), (f"submitted/s01/{ASSIGNMENT}", "s01")):
        (course / place / "word.dat").write_text(word, encoding="utf-8")
    told = 'hours = {"E1": "12" if open("word.dat").read() == "course" else "0"}'
    hand_in(course, "s01", {"hours-answer": told})
    grade(course, Here(), students=("s01",))

    assert points(course)["s01"][HOURS_TEST] == 1
    assert autograded(course, "s01").with_name("word.dat").read_text(encoding="utf-8") == "course"

    (course / "source" / ASSIGNMENT / "word.dat").write_text("other", encoding="utf-8")
    done = grade(course, Here(), students=("s01",))
    assert done.rows["s01"].why == "assignment-changed"
    assert points(course)["s01"][HOURS_TEST] == 0


# Twice


def test_a_second_run_changes_no_byte(course: Path) -> None:
    grade(course, Marked(course))
    before = bytes_of(course), rows(database(course), ASSIGNMENT)
    done = grade(course, Marked(course))

    assert (bytes_of(course), rows(database(course), ASSIGNMENT)) == before
    assert done.marked() == 0
    assert set(done.rows) == {"s01", "s02", "s03", "s04", "s05"}


def why(root: Path, **orders: Any) -> dict[str, str]:  # noqa: ANN401 (passed on)
    """Who was marked, and why."""
    done = grade(root, Marked(root), **orders)
    return {name: row.why for name, row in done.rows.items() if row.why}


def test_what_was_asked_for_is_marked_again(course: Path) -> None:
    grade(course, Marked(course))

    assert why(course, again=True, students=("s01",)) == {"s01": "asked"}


def test_only_a_changed_submission_is_marked_again(course: Path) -> None:
    grade(course, Marked(course))
    hand_in(course, "s01", {"gates-table-answer": gates("met", "met", "met")})
    done = grade(course, Here())

    assert {name: row.why for name, row in done.rows.items() if row.why} == {
        "s01": "submission-changed"
    }
    assert [(one.student, one.cell, one.before, one.after) for one in done.moved] == [
        ("s01", "gates-table-test", 6, 2),
        ("s01", HOURS_TEST, 1, 0),
    ]
    assert points(course)["s01"]["gates-table-test"] == 2


def test_a_mark_that_somebody_changed_in_the_gradebook_is_put_right_and_listed(
    course: Path,
) -> None:
    grade(course, Marked(course))
    before = everything(course)
    with gradebook(course) as book:
        book.find_grade("gates-table-test", ASSIGNMENT, ASSIGNMENT, "s01").auto_score = 0
        book.db.commit()
    done = grade(course, Marked(course))

    assert {name: row.why for name, row in done.rows.items() if row.why} == {
        "s01": "gradebook-differs"
    }
    assert [(one.before, one.after) for one in done.moved] == [(0, 6)]
    assert everything(course) == before


def test_a_lost_notebook_or_a_damaged_record_is_made_again(course: Path) -> None:
    grade(course, Marked(course))
    before = everything(course)
    autograded(course, "s01").unlink()
    record(course, "s02").write_text('{"student": "s02"}', encoding="utf-8")

    assert why(course) == {"s01": "notebook-missing", "s02": "new"}
    assert everything(course) == before


def test_who_the_grader_failed_is_tried_again(course: Path) -> None:
    failed = {"notebooks": (), "state": "needs a person", "reason": "grader-stopped"}
    grade(course, Marked(course, {"s01": failed}))
    assert "s01" not in points(course)

    assert why(course) == {"s01": "grader-stopped"}
    assert points(course)["s01"]["gates-table-test"] == 6


def test_a_mark_that_the_gradebook_refuses_needs_a_person_and_stops_nobody(course: Path) -> None:
    first = next(iter(Marked(course).results([job(course, "s01")])))
    odd = replace(first.notebooks[0], marks=(Mark(HOURS_TEST, 99, 2),))
    done = grade(course, Marked(course, {"s01": {"notebooks": (odd,)}}))

    assert done.rows["s01"].record.reason == "not-recorded"
    assert set(points(course)) == {"s02", "s03"}


def job(root: Path, student: str) -> Job:
    return Job(ASSIGNMENT, student, {ASSIGNMENT: submitted(root, student).read_bytes()}, {})


def test_a_broken_new_version_leaves_the_earlier_marks_and_says_so(course: Path) -> None:
    grade(course, Marked(course))
    submitted(course, "s01").write_text("[", encoding="utf-8")
    done = grade(course, Here())

    assert done.rows["s01"].record.reason == "unreadable-notebook"
    assert "still has the marks of an earlier version" in done.rows["s01"].record.message
    assert points(course)["s01"]["gates-table-test"] == 6
    assert grade(course, Here()).marked() == 0


# Changed tests


def test_a_changed_test_moves_its_own_marks_only(course: Path) -> None:
    grade(course, Marked(course))
    change_test(course, HOURS_TEST, EASIER)
    done = grade(course, Here())

    assert {name: row.why for name, row in done.rows.items() if row.why} == dict.fromkeys(
        ("s01", "s02", "s03", "s05"), "tests-changed"
    )
    assert done.rows["s01"].cells == ((ASSIGNMENT, HOURS_TEST),)
    assert {(one.student, one.cell) for one in done.moved} == {
        ("s01", HOURS_TEST),
        ("s03", HOURS_TEST),
    }
    assert points(course)["s01"] == {
        "gates-table-test": 6,
        "hours-test": 2,
        "essay-answer": 0,
        "disputes-answer": 0,
    }
    assert grade(course, Here()).marked() == 0


def test_a_test_that_did_not_change_keeps_its_mark_and_a_disagreement_is_listed(
    course: Path,
) -> None:
    grade(course, Marked(course))
    change_test(course, HOURS_TEST, EASIER)
    graded = next(iter(Marked(course).results([job(course, "s01")])))
    marks = tuple(replace(mark, points=0.0) for mark in graded.notebooks[0].marks)
    other = {"notebooks": (replace(graded.notebooks[0], marks=marks),)}
    done = grade(course, Marked(course, {"s01": other}), students=("s01",))

    assert points(course)["s01"]["gates-table-test"] == 6
    assert points(course)["s01"][HOURS_TEST] == 0
    assert [(one.cell, one.before, one.after) for one in done.unstable] == [
        ("gates-table-test", 6, 0)
    ]


# Stopped


@pytest.fixture(name="undisturbed")
def _undisturbed(course: Path, tmp_path: Path) -> tuple[Any, ...]:
    """What a run that nobody disturbs leaves."""
    root = tmp_path / "undisturbed"
    shutil.copytree(course, root)
    grade(root, Marked(course))
    return everything(root)


def killed_at_rename(number: int, work: Callable[[], object]) -> bool:
    """Do something in a process that is killed when it puts its nth file in its place."""
    child = os.fork()
    if child == 0:
        left = number

        def count(happened: str, _: object) -> None:
            nonlocal left
            # Killing is an event as well.
            if happened == "os.rename":
                left -= 1
                if not left:
                    os.kill(os.getpid(), signal.SIGKILL)

        try:
            sys.addaudithook(count)
            work()
            os._exit(0)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) in {0, -signal.SIGKILL}
    return os.waitstatus_to_exitcode(status) != 0


@pytest.mark.parametrize("killed", [killed_at_rename, killed_at_statement])
def test_a_run_that_is_killed_at_any_point_is_taken_up_and_comes_to_the_same(
    course: Path,
    tmp_path: Path,
    undisturbed: tuple[Any, ...],
    killed: Callable[[int, Callable[[], object]], bool],
) -> None:
    step = 1 if killed is killed_at_rename else 7
    number = 1
    while True:
        root = tmp_path / f"killed-{number}"
        shutil.copytree(course, root)
        ended = not killed(number, lambda root=root: grade(root, Marked(course)))  # type: ignore[misc]
        grade(root, Marked(course))
        assert everything(root) == undisturbed, number
        if ended:
            break
        number += step
    assert number > 3


def test_ctrl_c_keeps_what_was_marked(course: Path, undisturbed: tuple[Any, ...]) -> None:
    def interrupt(done: int, of: int, graded: Graded) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        grade(course, Marked(course), interrupt)
    said = report(course)
    assert len(said["submissions"]) == 3
    assert len(said["not_reached"]) == 2
    assert said["stopped"] == "somebody stopped it"

    assert grade(course, Marked(course)).marked() == 2
    assert everything(course) == undisturbed


def test_a_lost_gradebook_stops_the_run_with_one_line_and_loses_nothing(
    course: Path, undisturbed: tuple[Any, ...]
) -> None:
    away = course / "away.db"

    class Losing(Marked):
        def results(self, jobs: Iterable[Job]) -> Iterator[Graded]:
            for place, graded in enumerate(super().results(jobs)):
                if place == 1:
                    (course / "gradebook.db").rename(away)
                    (course / "gradebook.db").mkdir()
                yield graded

    with pytest.raises(GradebookError) as caught:
        grade(course, Losing(course))
    assert "\n" not in str(caught.value)
    assert report(course)["stopped"] == str(caught.value)
    (course / "gradebook.db").rmdir()
    away.rename(course / "gradebook.db")

    grade(course, Marked(course))
    assert everything(course) == undisturbed


def test_a_file_that_cannot_be_written_stops_the_run_with_one_line(
    course: Path, undisturbed: tuple[Any, ...]
) -> None:
    """A folder in the file's place stands for a full disk: root may write anywhere else."""
    record(course, "s02").mkdir(parents=True)
    (record(course, "s02") / "full").touch()
    with pytest.raises(GradingError, match="cannot be read or written") as caught:
        grade(course, Marked(course))
    assert "\n" not in str(caught.value)
    shutil.rmtree(record(course, "s02"))

    grade(course, Marked(course))
    assert everything(course) == undisturbed


def test_a_second_run_over_the_same_assignment_is_refused(course: Path) -> None:
    def meanwhile(done: int, of: int, graded: Graded) -> None:
        with pytest.raises(GradingError, match=rf"Another run marks .* \(process {os.getpid()}\)"):
            grade(course, Marked(course))

    grade(course, Marked(course), meanwhile)


# Who is asked for


def test_a_run_over_some_reports_the_others_as_they_stand(course: Path) -> None:
    grade(course, Marked(course))
    done = grade(course, Marked(course), students=("s02",))
    said = {row["student"]: row["marked"] for row in report(course)["submissions"]}

    assert [row.record.student for row in done.asked()] == ["s02"]
    assert said["s02"] == "unchanged"
    assert said["s01"] == "not asked"


def test_somebody_who_handed_in_nothing_is_named(course: Path) -> None:
    with pytest.raises(GradingError, match="s99 handed in nothing"):
        grade(course, students=("s01", "s99"))


def test_a_class_that_has_not_handed_in_is_one_line(course: Path) -> None:
    shutil.rmtree(course / "submitted")
    with pytest.raises(GradingError, match=f"Nobody has handed in {ASSIGNMENT}"):
        grade(course)
