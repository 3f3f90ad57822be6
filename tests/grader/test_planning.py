"""Who has to be marked and why, and what moved."""

from dataclasses import replace
from typing import Any

import pytest

from volens.errors import SubmissionError
from volens.grader.planning import Assignment, Decision, Moved, decide, keep_marks, moved
from volens.grader.records import Record, RecordedNotebook
from volens.grader.results import IN_PART, PERSON, SCORED, Graded, GradedNotebook, Mark

NOW = Assignment({"a1": {"t1": "T", "t2": "U"}}, {"a1": {"answer": "A"}}, {"map.png": "M"})
RECORD = Record(
    "s01",
    SCORED,
    "complete",
    "",
    submitted={"a1.ipynb": "F"},
    course_files={"map.png": "M"},
    tests=NOW.tests,
    other_cells=NOW.other_cells,
    notebooks={"a1": RecordedNotebook(marks=(Mark("t1", 3, 4), Mark("essay", None, 12)))},
)
STANDING = {("a1", "t1"): 3.0, ("a1", "essay"): None}
LINK = SubmissionError("link", "It is a link.")


def decided(**changes: Any) -> Decision:  # noqa: ANN401 (the arguments of decide)
    usual: dict[str, Any] = {
        "submitted": {"a1.ipynb": "F"},
        "record": RECORD,
        "assignment": NOW,
        "standing": STANDING,
        "shelved": True,
    }
    return decide("s01", **usual | changes)


def test_what_has_not_changed_is_left_alone() -> None:
    assert decided() == Decision("s01")


PERSONS = replace(RECORD, state=PERSON, reason="unreadable-notebook", notebooks={})


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"record": None}, "new"),
        ({"again": True}, "asked"),
        ({"submitted": {"a1.ipynb": "G"}}, "submission-changed"),
        ({"submitted": {"a1.ipynb": "F", "b.csv": "H"}}, "submission-changed"),
        ({"submitted": LINK}, "submission-changed"),
        ({"assignment": replace(NOW, course_files={})}, "assignment-changed"),
        ({"shelved": False}, "notebook-missing"),
        ({"standing": None}, "gradebook-differs"),
        ({"standing": {**STANDING, ("a1", "t1"): 4.0}}, "gradebook-differs"),
        ({"standing": {**STANDING, ("a1", "essay"): 4.0}}, "gradebook-differs"),
        ({"standing": {("a1", "t1"): 3.0}}, "gradebook-differs"),
        ({"record": replace(PERSONS, reason="grader-stopped")}, "grader-stopped"),
        ({"record": replace(PERSONS, reason="grader-too-slow")}, "grader-stopped"),
        ({"record": replace(PERSONS, reason="not-recorded")}, "grader-stopped"),
        ({"record": PERSONS, "standing": None, "shelved": False}, ""),
        (
            {"record": replace(PERSONS, reason="link", message="It is a link."), "submitted": LINK},
            "",
        ),
        ({"record": replace(RECORD, engine="old", environment="old", sandboxed=False)}, ""),
    ],
)
def test_each_reason_to_mark_has_its_code(changes: dict[str, Any], why: str) -> None:
    assert decided(**changes).why == why


@pytest.mark.parametrize(
    ("tests", "cells"),
    [
        ({"t1": "T", "t2": "V"}, ["t2"]),
        ({"t1": "T", "t2": "U", "t3": "W"}, ["t3"]),
        ({"t1": "T"}, ["t2"]),
    ],
)
def test_changed_new_and_lost_tests_are_named(tests: dict[str, str], cells: list[str]) -> None:
    found = decided(assignment=replace(NOW, tests={"a1": tests}))

    assert found == Decision("s01", "tests-changed", tuple(("a1", cell) for cell in cells))


def test_other_changed_cells_concern_every_mark() -> None:
    found = decided(assignment=replace(NOW, other_cells={"a1": {"answer": "B"}}))

    assert found == Decision("s01", "assignment-changed", (("a1", "answer"),))


GRADED = Graded(
    "s01",
    IN_PART,
    "free-text-waits",
    "",
    (GradedNotebook("a1", "{}", (Mark("t1", 0, 4), Mark("t2", 2, 2), Mark("essay", None, 12))),),
)


def test_marks_of_unchanged_tests_stay_and_a_disagreement_is_listed() -> None:
    kept, unstable = keep_marks(GRADED, RECORD, Decision("s01", "tests-changed", (("a1", "t2"),)))

    assert [mark.points for mark in kept.notebooks[0].marks] == [3, 2, None]
    assert unstable == (Moved("s01", "a1", "t1", 3, 0, "unstable"),)


@pytest.mark.parametrize("before", [Mark("t1", 0, 4, doubtful=True), Mark("t1", None, 4)])
def test_a_mark_that_was_in_doubt_is_not_kept(before: Mark) -> None:
    record = replace(RECORD, notebooks={"a1": RecordedNotebook(marks=(before,))})
    notebook = GradedNotebook("a1", "{}", (Mark("t1", 4, 4), Mark("t2", 2, 2)))
    graded = replace(GRADED, notebooks=(notebook,))

    assert keep_marks(graded, record, Decision("s01", "tests-changed", (("a1", "t2"),))) == (
        graded,
        (),
    )


def test_a_mark_that_was_in_no_doubt_is_kept_where_the_new_one_is() -> None:
    notebook = GradedNotebook("a1", "{}", (Mark("t1", 0, 4, doubtful=True), Mark("t2", 2, 2)))
    graded = replace(GRADED, notebooks=(notebook,))
    kept, unstable = keep_marks(graded, RECORD, Decision("s01", "tests-changed", (("a1", "t2"),)))

    assert kept.notebooks[0].marks[0] == Mark("t1", 3, 4)
    assert unstable == (Moved("s01", "a1", "t1", 3, 0, "unstable"),)


@pytest.mark.parametrize("why", ["asked", "submission-changed", "assignment-changed", "new"])
def test_for_any_other_reason_every_mark_may_move(why: str) -> None:
    assert keep_marks(GRADED, RECORD, Decision("s01", why)) == (GRADED, ())


def after(points: float) -> Record:
    return replace(RECORD, notebooks={"a1": RecordedNotebook(marks=(Mark("t1", points, 4),))})


def test_a_mark_moves_from_what_was_recorded() -> None:
    decision = Decision("s01", "submission-changed")

    assert moved(decision, RECORD, STANDING, after(4)) == (
        Moved("s01", "a1", "t1", 3, 4, "submission-changed"),
    )
    assert moved(decision, RECORD, STANDING, after(3)) == ()


def test_a_mark_moves_from_what_the_gradebook_held_where_that_differed_or_is_all_there_is() -> None:
    held = {("a1", "t1"): 1.0}

    assert moved(Decision("s01", "gradebook-differs"), RECORD, held, after(3))[0].before == 1
    assert moved(Decision("s01", "new"), None, held, after(3))[0].before == 1


def test_a_first_mark_has_not_moved() -> None:
    assert moved(Decision("s01", "new"), None, None, after(3)) == ()
    assert moved(Decision("s01", "new"), None, {("a1", "t1"): None}, after(3)) == ()
