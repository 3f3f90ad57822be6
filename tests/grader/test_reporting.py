"""What is said about a run."""

import json
from dataclasses import replace
from pathlib import Path

from volens.grader.planning import Moved
from volens.grader.records import Record, RecordedNotebook
from volens.grader.reporting import Report, Row, summary, write_report
from volens.grader.results import IN_PART, PERSON, SCORED, Mark, State

FILE = Path("results/a1/report.json")
LIMITS = {"cell_seconds": 30}


def record(student: str, state: State = SCORED, reason: str = "complete", text: str = "") -> Record:
    marks = () if state == PERSON else (Mark("t1", 3, 4), Mark("essay", None, 12))
    notebooks = {} if state == PERSON else {"a1": RecordedNotebook(marks=marks)}
    return Record(
        student,
        state,
        reason,
        text,
        notebooks=notebooks,
        engine="1.0",
        environment="now",
        limits=LIMITS,
    )


def reported(*rows: Row, stopped: str = "") -> Report:
    return Report(
        assignment="a1",
        course="/course",
        gradebook="sqlite:////course/gradebook.db",
        engine="1.0",
        environment="now",
        limits=LIMITS,
        sandboxed=True,
        workers=2,
        started="2022-01-06T10:00:00+00:00",
        rows={row.record.student: row for row in rows},
        stopped=stopped,
    )


def test_a_quiet_run_is_three_lines() -> None:
    report = reported(Row(record("s01"), "new"), Row(record("s02")))

    assert summary(report, FILE) == (
        "a1: 2 submissions, 1 marked now, 1 unchanged.\n"
        "  scored               2\n"
        "The report: results/a1/report.json"
    )


def test_each_state_is_counted_with_its_reasons() -> None:
    report = reported(
        Row(record("s01"), "new"),
        Row(record("s02", IN_PART, "free-text-waits", "Read it."), "new"),
        Row(record("s03", PERSON, "link", "It is a link."), "new"),
    )

    assert summary(report, FILE) == (
        "a1: 3 submissions, 3 marked now, 0 unchanged.\n"
        "  scored               1\n"
        "  scored in part       1  free-text-waits 1\n"
        "  needs a person       1  link 1\n"
        "\n"
        "1 submission needs a person:\n"
        "  s03: It is a link.\n"
        "The report: results/a1/report.json"
    )


def test_the_first_ten_are_named_and_the_rest_counted() -> None:
    rows = [Row(record(f"s{n:02}", PERSON, "link", "It is a link.")) for n in range(14)]
    said = summary(reported(*rows), FILE)

    assert "s09: It is a link." in said
    assert "s10" not in said
    assert "and 4 more; the report has them all." in said


def test_what_moved_is_listed_with_its_reason() -> None:
    report = reported(Row(record("s01"), "tests-changed", (("a1", "t1"),)))
    report.moved = [
        Moved("s01", "a1", "t1", 1, 3.5, "tests-changed"),
        Moved("s01", "a1", "essay", 0, None, "submission-changed"),
    ]
    report.unstable = [Moved("s01", "a1", "t2", 2, 0, "unstable")]
    said = summary(report, FILE)

    assert "2 marks moved:\n  s01, t1: 1 -> 3.5 (tests-changed)\n" in said
    assert "s01, essay: 0 -> no mark (submission-changed)" in said
    assert "1 mark of an unchanged test came out differently; the earlier one was kept:" in said


def test_tests_that_ran_beside_the_student_are_called_forgeable() -> None:
    forged = RecordedNotebook(marks=(Mark("t1", 4, 4, forgeable=True),))
    report = reported(Row(replace(record("s01"), notebooks={"a1": forged}), "new"))

    assert "Forgeable: t1. These tests ran beside the student's code" in summary(report, FILE)


def test_marks_made_without_a_sandbox_are_never_called_safe() -> None:
    report = reported(Row(replace(record("s01"), sandboxed=False), "new"))

    assert "NOT SHUT IN: the code of 1 submission ran without a sandbox" in summary(report, FILE)
    assert report.as_data()["submissions"][0]["sandboxed"] is False


def test_marks_made_otherwise_are_counted_and_left() -> None:
    report = reported(
        Row(replace(record("s01"), environment="old")),
        Row(replace(record("s02"), engine="0.9")),
        Row(replace(record("s03"), limits={"cell_seconds": 7})),
        Row(replace(record("s04"), sandboxed=False)),
        Row(record("s05")),
        Row(replace(record("s06"), limits={}), "new"),
        Row(replace(record("s07", PERSON, "link"), limits={})),
    )

    assert report.otherwise() == ["s01", "s02", "s03", "s04"]
    assert (
        "4 submissions marked earlier with another version, other packages, other limits or "
        "another sandbox: `--again` marks them anew."
    ) in summary(report, FILE)


def test_what_it_takes_to_repeat_a_mark_is_in_the_report() -> None:
    earlier = replace(
        record("s01"),
        submitted={"a1.ipynb": "f" * 64},
        course_files={"table.csv": "c" * 64},
        tests={"a1": {"t1": "0" * 64}},
        other_cells={"a1": {"answer": "1" * 64}},
    )
    later = replace(earlier, student="s02", tests={"a1": {"t1": "2" * 64}})
    alike = replace(earlier, student="s03", submitted={"a1.ipynb": "d" * 64})
    data = reported(Row(earlier), Row(later), Row(alike)).as_data()
    first, second, third = data["submissions"]

    assert (first["submitted"], first["limits"]) == (earlier.submitted, LIMITS)
    assert data["assignment_states"][first["assignment_state"]] == {
        "course_files": earlier.course_files,
        "tests": earlier.tests,
        "other_cells": earlier.other_cells,
    }
    assert data["assignment_states"][second["assignment_state"]]["tests"] == later.tests
    assert third["assignment_state"] == first["assignment_state"]
    assert len(data["assignment_states"]) == 2


def test_a_student_cannot_move_the_cursor() -> None:
    report = reported(Row(record("s\x1b[2J1", PERSON, "link", "a\nb\udce9" + "x" * 999), "new"))
    said = summary(report, FILE)

    assert "\x1b" not in said
    assert "a b\\udce9xxx" in said
    assert max(len(line) for line in said.splitlines()) <= 300
    said.encode()


def test_a_run_over_some_speaks_of_these() -> None:
    report = reported(Row(record("s01"), "asked"), Row(record("s02", PERSON, "link"), asked=False))

    assert summary(report, FILE).startswith("a1: 1 submission, 1 marked now, 0 unchanged.")
    assert report.states()[PERSON] == 0


def test_a_stopped_run_says_so_and_what_it_did_not_reach() -> None:
    report = reported(Row(record("s01"), "new"), stopped="the disk is full")
    report.not_reached = ["s02", "s03"]
    said = summary(report, FILE)

    assert said.startswith("Stopped before the end: the disk is full\n")
    assert "  not reached          2  run the command again to go on" in said


def test_the_report_is_what_the_page_on_the_grader_says(tmp_path: Path) -> None:
    report = reported(Row(record("s02")), Row(record("s01"), "tests-changed", (("a1", "t1"),)))
    report.moved = [Moved("s01", "a1", "t1", 1, 3, "tests-changed")]
    write_report(report, tmp_path / "report.json")
    data = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))

    assert list(data) == [
        "assignment",
        "course",
        "gradebook",
        "started",
        "ended",
        "stopped",
        "engine",
        "environment",
        "limits",
        "sandboxed",
        "workers",
        "states",
        "reasons",
        "marked_now",
        "marked_otherwise",
        "settled",
        "not_reached",
        "moved",
        "unstable",
        "assignment_states",
        "submissions",
    ]
    first = data["submissions"][0]
    assert (first["student"], first["points"], first["possible"]) == ("s01", 3, 16)
    assert (first["marked"], first["why"]) == ("now", "tests-changed")
    assert first["changed_cells"] == ["a1: t1"]
    assert first["notebooks"]["a1"]["marks"][1]["points"] is None
    assert data["moved"] == [
        {
            "student": "s01",
            "notebook": "a1",
            "cell": "t1",
            "before": 1,
            "after": 3,
            "why": "tests-changed",
        }
    ]
