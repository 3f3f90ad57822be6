"""The register writes what stock nbgrader would have written, as a whole or not at all."""

import os
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import datetime, timedelta, timezone
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from nbgrader.api import Gradebook
from sqlalchemy import Engine, event
from traitlets.config import Config

from tests.grader.faults import at_statement, killed_at_statement
from tests.grader.gradebook_rows import rows
from tests.grader.marked_by_stock import READING, Stage, as_graded, at
from tests.grading.imagined_course import ASSIGNMENT, GATES
from volens.errors import GradebookError
from volens.grader.register import Register, connecting, late_penalties
from volens.grader.results import PERSON, SCORED, Comment, Graded, GradedNotebook, Mark
from volens.grading.gradebook import configuration
from volens.grading.notebooks import cells, read_notebook

Stages = Mapping[str, Stage]

CET = timezone(timedelta(hours=1))


@pytest.fixture(name="released")
def _released(stages: Stages, tmp_path: Path) -> str:
    """A gradebook in which nobody was marked yet."""
    return stages["released"].copy(tmp_path)


@contextmanager
def opened(database: str, **options: Any) -> Iterator[Register]:  # noqa: ANN401
    with closing(Register(database, "volens", pauses=(), **options)) as register:
        yield register


def write(
    database: str,
    graded: Sequence[Graded],
    times: Mapping[str, datetime] | None = None,
    **options: Any,  # noqa: ANN401
) -> list[tuple[str, str]]:
    with opened(database, **options) as register:
        return register.write(graded, ASSIGNMENT, times)


def one(student: str = "s01", *marks: Mark, comments: Sequence[Comment] = ()) -> Graded:
    """A submission of the first notebook alone."""
    notebook = GradedNotebook(ASSIGNMENT, "{}", marks, tuple(comments))
    return Graded(student, SCORED, "complete", "", (notebook,))


def grades(database: str, student: str = "s01") -> dict[str, tuple[Any, ...]]:
    return {row[3]: row[4:] for row in rows(database, ASSIGNMENT) if row[:2] == ("grade", student)}


# As stock nbgrader


@pytest.mark.parametrize(("before", "after"), [("released", "marked"), ("read", "marked again")])
def test_every_row_is_that_of_stock_nbgrader(
    stages: Stages, marked_course: Path, tmp_path: Path, before: str, after: str
) -> None:
    database = stages[before].copy(tmp_path)
    penalty = late_penalties(configuration(marked_course))

    assert write(database, as_graded(stages[after]), stages[after].times, penalty=penalty) == []

    assert rows(database, ASSIGNMENT) == stages[after].rows()


def test_one_by_one_comes_to_the_same_as_together(
    stages: Stages, marked_course: Path, released: str
) -> None:
    after = stages["marked"]
    with opened(released, penalty=late_penalties(configuration(marked_course))) as register:
        for graded in as_graded(after):
            assert register.write([graded], ASSIGNMENT, after.times) == []

    assert rows(released, ASSIGNMENT) == after.rows()


def test_writing_again_writes_nothing(stages: Stages, marked_course: Path, released: str) -> None:
    after = stages["marked"]
    with opened(released, penalty=late_penalties(configuration(marked_course))) as register:
        register.write(as_graded(after), ASSIGNMENT, after.times)
        with at_statement(0, bool) as sent:
            register.write(as_graded(after), ASSIGNMENT, after.times)

    assert {statement.split()[0] for statement in sent} == {"BEGIN", "SELECT"}
    assert rows(released, ASSIGNMENT) == after.rows()


def test_the_formgrader_sees_what_it_sees_after_stock_nbgrader(
    stages: Stages, marked_course: Path, tmp_path: Path
) -> None:
    after = stages["marked again"]
    database = stages["read"].copy(tmp_path)
    penalty = late_penalties(configuration(marked_course))
    write(database, as_graded(after), after.times, penalty=penalty)

    assert pages(database) == pages(after.database)


def pages(database: str) -> list[Any]:
    """What the formgrader's pages are made of."""

    def without_ids(found: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        return sorted(
            ({key: one for key, one in row.items() if key != "id"} for row in found),
            key=lambda row: row["student"],
        )

    with Gradebook(database, "volens") as gradebook:
        submissions = [gradebook.find_submission(ASSIGNMENT, f"s0{who}") for who in (1, 2, 3)]
        return [
            without_ids(gradebook.submission_dicts(ASSIGNMENT)),
            without_ids(gradebook.notebook_submission_dicts(ASSIGNMENT, ASSIGNMENT)),
            without_ids(gradebook.notebook_submission_dicts(READING, ASSIGNMENT)),
            without_ids([submission.to_dict() for submission in submissions]),
            sorted(
                [submission.student_id, notebook.name, notebook.to_dict() | {"id": ""}]
                for submission in submissions
                for notebook in submission.notebooks
            ),
            gradebook.average_assignment_score(ASSIGNMENT),
        ]


def test_a_submission_that_needs_a_person_leaves_no_trace(stages: Stages, released: str) -> None:
    waits = Graded("s01", PERSON, "unreadable-notebook", "Ask for the file again.")

    assert write(released, [waits]) == []

    assert rows(released, ASSIGNMENT) == []


def test_a_cell_without_a_mark_waits_for_a_person(released: str) -> None:
    write(released, [one("s01", Mark("hours-test", 2, 2))])

    assert grades(released)["hours-test"] == (2, None, None, False)
    assert grades(released)["gates-table-test"] == (None, None, None, True)


def test_what_a_person_said_of_a_task_stays(stages: Stages, tmp_path: Path) -> None:
    database = stages["read"].copy(tmp_path)
    before = grades(database)["task"]
    notebook = GradedNotebook(READING, "{}", (Mark("task", None, 5),))

    write(database, [Graded("s01", SCORED, "complete", "", (notebook,))])

    assert grades(database)["task"] == before == (None, 4, 0, False)


def test_a_time_that_is_known_already_still_counts(
    stages: Stages, marked_course: Path, tmp_path: Path
) -> None:
    after = stages["marked"]
    database = after.copy(tmp_path)

    write(database, as_graded(after), penalty=late_penalties(configuration(marked_course)))

    assert rows(database, ASSIGNMENT) == after.rows()


def test_a_notebook_that_was_not_handed_in_earns_nothing_and_waits_for_nobody(
    released: str,
) -> None:
    write(released, [one()])

    assert grades(released)["count-test"] == grades(released)["task"] == (0, None, None, False)


def test_without_a_plugin_nothing_is_taken_off(stages: Stages, tmp_path: Path) -> None:
    database = stages["marked"].copy(tmp_path)

    write(database, as_graded(stages["marked"]))

    notebooks = [row for row in rows(database, ASSIGNMENT) if row[0] == "submitted_notebook"]
    assert {row[5] for row in notebooks} == {None}


NAIVE = datetime(2022, 1, 9, 18)  # noqa: DTZ001 (nbgrader keeps them so)


@pytest.mark.parametrize("time", [NAIVE, datetime(2022, 1, 9, 19, tzinfo=CET)])
def test_the_time_of_handing_in_is_kept_in_utc(released: str, time: datetime) -> None:
    write(released, [one()], {"s01": time})
    write(released, [one()])

    times = [row[4] for row in rows(released, ASSIGNMENT) if row[0] == "submitted_assignment"]
    assert times == [NAIVE]


# What cannot be entered


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (one("s02", Mark("lost", 1, 1)), "has not got a marked cell `lost` in `a0-gates`"),
        (one("s02", comments=[Comment("lost", "")]), "has not got an answer `lost`"),
        (one("s02", Mark("hours-test", 3, 2)), "expected 0 to 2 points from a program, got 3"),
        (one("s02", Mark("hours-test", float("nan"), 2)), "expected 0 to 2 points .*, got nan"),
        (one("s\udc80"), "surrogates not allowed"),
        (
            Graded("s02", SCORED, "", "", (GradedNotebook("other", "{}"),)),
            "has not got the notebook `other`",
        ),
    ],
)
def test_who_cannot_be_entered_is_named_and_the_others_are_entered(
    released: str, wrong: Graded, reason: str
) -> None:
    good = [one(name, Mark("hours-test", 2, 2)) for name in ("s01", "s03")]

    ((student, message),) = write(released, [good[0], wrong, good[1]])

    assert student == wrong.student
    assert re.search(reason, message)
    assert grades(released, "s01")["hours-test"] == (2, None, None, False)
    assert grades(released, "s03")["hours-test"] == (2, None, None, False)
    assert grades(released, "s02") == {}


def test_a_plugin_that_stops_is_named(stages: Stages, released: str) -> None:
    def penalty(student: str, _score: float, _seconds: float) -> float:
        return {"s02": 1.0}[student]

    after = stages["marked"]
    refused = write(released, as_graded(after), after.times, penalty=penalty)

    assert [student for student, _ in refused] == ["s03"]
    assert "plugin for late submissions stopped with KeyError: 's03'" in refused[0][1]


def test_a_plugin_that_is_not_there_is_named() -> None:
    config = Config({"AssignLatePenalties": {"plugin_class": "nowhere.Plugin"}})

    with pytest.raises(GradebookError, match=r"nbgrader_config\.py: .*nowhere"):
        late_penalties(config)


# What is read


def released_notebooks(marked_course: Path) -> dict[str, dict[str, Any]]:
    folder = marked_course / "assignments" / ASSIGNMENT
    return {name: read_notebook(folder / f"{name}.ipynb") for name in (ASSIGNMENT, READING)}


def test_templates_have_the_cells_of_the_notebook_in_its_order(
    stages: Stages, marked_course: Path
) -> None:
    notebooks = released_notebooks(marked_course)
    with opened(stages["released"].database) as register:
        found = register.templates(ASSIGNMENT, notebooks)

    assert list(found) == [ASSIGNMENT, READING]
    for name, template in found.items():
        assert (template.name, template.released) == (name, notebooks[name])
        assert [cell.grade_id for cell in template.cells] == [
            grade_id for grade_id, _ in cells(notebooks[name])
        ]
        assert template.kernelspec["name"] == "python3"
    test = found[ASSIGNMENT].cell("gates-table-test")
    assert test is not None
    assert (test.source, test.points, test.locked, test.is_test) == (GATES, 6, True, True)


def test_templates_say_what_each_cell_is(stages: Stages, marked_course: Path) -> None:
    with opened(stages["released"].database) as register:
        found = register.templates(ASSIGNMENT, released_notebooks(marked_course))

    said = {
        cell.grade_id: (cell.grade, cell.solution, cell.locked, cell.task, cell.points)
        for template in found.values()
        for cell in template.cells
    }
    assert said == {
        "gates-table-answer": (False, True, False, False, None),
        "gates-table-test": (True, False, True, False, 6),
        "hours-answer": (False, True, False, False, None),
        "hours-test": (True, False, True, False, 2),
        "essay-answer": (True, True, False, False, 12),
        "disputes-answer": (True, True, False, False, 0),
        "locked-text": (False, False, True, False, None),
        "count-answer": (False, True, False, False, None),
        "count-test": (True, False, True, False, 3),
        "task": (False, False, True, True, 5),
    }
    assert all(cell.checksum for template in found.values() for cell in template.cells)


def test_cells_that_the_release_lacks_come_at_the_end(stages: Stages, marked_course: Path) -> None:
    notebooks = released_notebooks(marked_course)
    del notebooks[READING]["cells"][0]
    with opened(stages["released"].database) as register:
        template = register.templates(ASSIGNMENT, notebooks)[READING]

    names = [cell.grade_id for cell in template.cells]
    assert names == ["count-answer", "count-test", "task", "locked-text"]


def test_an_unknown_assignment_is_named_with_what_to_do(released: str) -> None:
    expected = r"assignment `a9`\. .*`nbgrader generate_assignment a9 --force`"
    with opened(released) as register:
        with pytest.raises(GradebookError, match=expected):
            register.templates("a9", {})
        with pytest.raises(GradebookError, match=expected):
            register.write([one()], "a9")


def test_a_notebook_that_was_not_released_is_named(released: str) -> None:
    with opened(released) as register, pytest.raises(GradebookError, match=READING):
        register.templates(ASSIGNMENT, {ASSIGNMENT: {"cells": []}})


def test_the_standing_is_what_the_gradebook_holds(stages: Stages) -> None:
    expected: dict[str, dict[tuple[str, str], float | None]] = {}
    for table, student, notebook, cell, *said in stages["marked"].rows():
        if table == "grade":
            expected.setdefault(student, {})[notebook, cell] = said[0]
    with opened(stages["marked"].database) as register:
        assert register.standing(ASSIGNMENT) == expected
    with opened(stages["released"].database) as register:
        assert register.standing(ASSIGNMENT) == {}


# Faults


def test_a_killed_writer_leaves_all_or_nothing(stages: Stages, tmp_path: Path) -> None:
    graded, times = as_graded(stages["marked again"]), stages["marked again"].times
    before = stages["read"].rows()
    seen = set()
    for number in count(1):
        database = stages["read"].copy(tmp_path)
        killed = killed_at_statement(number, lambda at=database: write(at, graded, times))
        seen.add(rows(database, ASSIGNMENT) == before)
        if not killed:
            break
        assert rows(database, ASSIGNMENT) == before
    assert seen == {True, False}
    assert number > 10


def test_a_locked_gradebook_is_waited_for(released: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "BUSY_SECONDS", 0)
    with closing(Register(released, pauses=(1,))) as register, locked(released) as holder:
        monkeypatch.setattr(connecting, "time", SimpleNamespace(sleep=lambda _: holder.rollback()))
        assert register.write([one()], ASSIGNMENT) == []

    assert len(grades(released)) == 6


def test_a_gradebook_that_stays_locked_is_named(
    released: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "BUSY_SECONDS", 0)
    with (
        opened(released) as register,
        locked(released),
        pytest.raises(GradebookError) as caught,
    ):
        register.write([one()], ASSIGNMENT)

    assert in_one_line(caught.value).startswith(
        f"The gradebook {released} cannot be written (database is locked)."
    )


@contextmanager
def locked(database: str) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(database.removeprefix("sqlite:///"))) as holder:
        holder.execute("BEGIN IMMEDIATE")
        yield holder


def test_a_full_disk_is_named_and_nothing_is_written(released: str) -> None:
    def no_room(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA max_page_count = 1").close()

    students = [one(f"s{number}") for number in range(200)]
    event.listen(Engine, "connect", no_room)
    try:
        with opened(released) as register, pytest.raises(GradebookError) as caught:
            register.write(students, ASSIGNMENT)
    finally:
        event.remove(Engine, "connect", no_room)

    assert "cannot be written (database or disk is full)" in in_one_line(caught.value)
    assert rows(released, ASSIGNMENT) == []


def in_one_line(error: GradebookError) -> str:
    text = str(error)
    assert "\n" not in text
    return text


def test_the_journal_stays_as_it_is(released: str) -> None:
    with closing(sqlite3.connect(released.removeprefix("sqlite:///"))) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    write(released, [one()])
    with closing(sqlite3.connect(released.removeprefix("sqlite:///"))) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


# A gradebook to begin with


def test_an_empty_database_gets_the_tables_of_nbgrader(
    stages: Stages, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    database = at(tmp_path / "new.db")
    with opened(database) as register:
        assert register.standing(ASSIGNMENT) == {}

    assert shape(database) == shape(stages["released"].database)
    assert os.environ["PATH"] == "/usr/bin:/bin"


def shape(database: str) -> tuple[list[Any], list[Any]]:
    """The tables of a database, and the version of nbgrader that they are for."""
    with closing(sqlite3.connect(database.removeprefix("sqlite:///"))) as connection:
        tables = connection.execute("SELECT sql FROM sqlite_master ORDER BY name").fetchall()
        return tables, connection.execute("SELECT * FROM alembic_version").fetchall()


def test_a_gradebook_of_an_older_nbgrader_is_named(released: str) -> None:
    with closing(sqlite3.connect(released.removeprefix("sqlite:///"))) as connection:
        connection.execute("ALTER TABLE grade RENAME COLUMN extra_credit TO bonus")
        connection.execute("ALTER TABLE grade RENAME COLUMN auto_score TO score")
    with opened(released) as register, pytest.raises(GradebookError) as caught:
        register.write([one()], ASSIGNMENT)

    assert "`nbgrader db upgrade`" in in_one_line(caught.value)


@pytest.mark.parametrize(
    ("database", "expected"),
    [
        ("gradebook.db", "The address of the gradebook cannot be read."),
        ("postgres://me:secret@host/grades", "postgres://me:***@host/grades cannot be opened"),
        (
            "postgresql+psycopg://me:secret@localhost:1/grades?password=secret",
            "postgresql+psycopg://me:***@localhost:1/grades cannot be opened",
        ),
        ("sqlite:////nowhere/at/all.db", "(unable to open database file)"),
        ("sqlite:////proc/self/exe", "cannot be opened (file is not a database)"),
    ],
)
def test_a_gradebook_that_cannot_be_opened_is_named_without_its_password(
    database: str, expected: str
) -> None:
    with pytest.raises(GradebookError) as caught:
        Register(database, pauses=())

    assert expected in in_one_line(caught.value)
    assert "secret" not in str(caught.value)
