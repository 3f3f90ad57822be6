"""Records: what is written down of a submission, and read again."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from volens.grader.records import Record, RecordedNotebook, Records, digests
from volens.grader.results import SCORED, Graded, GradedNotebook, Mark, Repair, Stop
from volens.grader.template import Template, TemplateCell

GRADED = Graded(
    "s01",
    SCORED,
    "complete",
    "",
    (
        GradedNotebook(
            "a1",
            "{}",
            (Mark("t1", 3.5, 4), Mark("t2", 1, 2, forgeable=True), Mark("essay", None, 12)),
            repairs=(Repair("cell-twice", "t1", "It was there twice."),),
            stops=(Stop("memory", "c7", "It took too much."),),
        ),
        GradedNotebook("b1", "", (Mark("t3", 0, 5),)),
    ),
    {"cells": 0.5},
    engine="1.0",
    environment="e" * 64,
)
RECORD = Record.of(
    GRADED,
    submitted={"a1.ipynb": "f" * 64},
    tests={"a1": {"t1": "0" * 64}},
    marked_at="2022-01-06T10:00:00+00:00",
)


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    records = Records(tmp_path)
    records.write(RECORD)

    assert records.read("s01") == RECORD


def test_a_name_that_is_no_text_is_kept(tmp_path: Path) -> None:
    odd = replace(RECORD, message="caf\udce9")
    Records(tmp_path).write(odd)

    assert Records(tmp_path).read("s01") == odd


def test_who_was_not_marked_has_no_record(tmp_path: Path) -> None:
    assert Records(tmp_path / "records").read("s99") is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"student": "s01"}',
        json.dumps({**RECORD.as_data(), "state": "marvellous"}),
        json.dumps({**RECORD.as_data(), "notebooks": {"a1": {}}}),
        json.dumps({**RECORD.as_data(), "notebooks": []}),
        json.dumps({**RECORD.as_data(), "unknown": 1}),
    ],
)
def test_a_damaged_record_counts_as_none(text: str, tmp_path: Path) -> None:
    (tmp_path / "s01.json").write_text(text, encoding="utf-8")

    assert Records(tmp_path).read("s01") is None


def test_a_record_that_says_the_same_is_left_as_it_is(tmp_path: Path) -> None:
    Records(tmp_path).write(RECORD)
    Records(tmp_path).write(replace(RECORD, seconds={}, marked_at="2023-01-01T00:00:00+00:00"))
    assert Records(tmp_path).read("s01") == RECORD

    later = replace(RECORD, reason="other", marked_at="2023-01-01T00:00:00+00:00")
    Records(tmp_path).write(later)
    assert Records(tmp_path).read("s01") == later


def test_points_are_those_that_a_program_gave() -> None:
    assert (RECORD.points, RECORD.possible) == (4.5, 23)
    assert RECORD.forgeable == ["t2"]
    assert RECORD.standing[("a1", "essay")] is None
    assert RECORD.notebooks["b1"] == RecordedNotebook(handed_in=False, marks=(Mark("t3", 0, 5),))


def test_without_marks_there_are_no_points() -> None:
    nobody = replace(RECORD, notebooks={})

    assert (nobody.points, nobody.possible) == (None, None)


def test_what_of_the_assignment_decided_the_marks_is_known() -> None:
    assert RECORD.assignment_state == {
        "course_files": {},
        "tests": {"a1": {"t1": "0" * 64}},
        "other_cells": {},
    }


def test_digests_tell_tests_from_other_cells() -> None:
    test = TemplateCell("t1", "code", "1", "", grade=True, locked=True, points=1)
    answer = TemplateCell("answer", "code", "x = 1", "", solution=True)
    template = Template("a1", "a1", (test, answer), {}, {})

    assert digests([template], tests=True) == {"a1": {"t1": test.digest}}
    assert digests([template], tests=False) == {"a1": {"answer": answer.digest}}
