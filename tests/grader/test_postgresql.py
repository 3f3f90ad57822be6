"""The register on a real PostgreSQL, and what it does when the connection is lost."""

import os
import pwd
from collections.abc import Mapping
from contextlib import closing
from itertools import count
from pathlib import Path

import psycopg
import pytest
from nbgrader.api import Base
from sqlalchemy import NullPool, create_engine, insert, make_url, select

from tests.grader.faults import at_statement, killed_at_statement
from tests.grader.gradebook_rows import rows
from tests.grader.marked_by_stock import Stage, as_graded, build_course, release
from tests.grader.postgresql import USER, PostgreSQL, postgresql
from tests.grader.test_register import grades, in_one_line, one, pages, write
from tests.grading.imagined_course import ASSIGNMENT
from volens.errors import GradebookError
from volens.grader.register import Register, late_penalties
from volens.grader.results import Mark
from volens.grading.gradebook import configuration

Stages = Mapping[str, Stage]

NUMBERS = count(1)


def copied(stage: Stage, server: PostgreSQL) -> str:
    """A database that holds what a stage of the class holds."""
    database = server.create(f"copy{next(NUMBERS)}")
    theirs = create_engine(stage.database, poolclass=NullPool)
    ours = create_engine(database, poolclass=NullPool)
    Base.metadata.create_all(ours)
    with theirs.connect() as source, ours.begin() as target:
        for table in Base.metadata.sorted_tables:
            found = [row._asdict() for row in source.execute(select(table))]
            if found:
                target.execute(insert(table), found)
    return database


def name(database: str) -> str:
    """The name of a database, from its address."""
    return str(make_url(database).database)


# The server itself


def test_the_server_runs_as_an_unprivileged_user(server: PostgreSQL) -> None:
    expected = pwd.getpwnam(USER).pw_uid if os.geteuid() == 0 else os.geteuid()

    assert server.uid() == expected
    assert expected != 0


def test_the_server_leaves_nothing_behind() -> None:
    with postgresql() as server:
        folder = server.folder
        server.connect().close()

    assert not folder.exists()
    with pytest.raises(psycopg.OperationalError):
        server.connect()


# As stock nbgrader


def test_a_course_released_there_gets_the_rows_of_stock_nbgrader(
    server: PostgreSQL, stages: Stages, marked_course: Path, tmp_path: Path
) -> None:
    database = server.create("released")
    release(build_course(tmp_path, database))
    after = stages["marked"]
    penalty = late_penalties(configuration(marked_course))

    assert write(database, as_graded(after), after.times, penalty=penalty) == []

    assert rows(database, ASSIGNMENT) == after.rows()
    assert pages(database) == pages(after.database)


def test_a_second_marking_after_a_person_gets_the_rows_of_stock_nbgrader(
    server: PostgreSQL, stages: Stages, marked_course: Path
) -> None:
    database = copied(stages["read"], server)
    after = stages["marked again"]
    penalty = late_penalties(configuration(marked_course))

    assert write(database, as_graded(after), after.times, penalty=penalty) == []

    assert rows(database, ASSIGNMENT) == after.rows()
    assert pages(database) == pages(after.database)


def test_what_the_database_refuses_is_named_and_the_others_are_entered(
    server: PostgreSQL, stages: Stages
) -> None:
    database = copied(stages["released"], server)
    good = [one(student, Mark("hours-test", 2, 2)) for student in ("s01", "s03")]

    refused = write(database, [good[0], one("s" * 129), one("s\0"), good[1]])

    assert [student for student, _ in refused] == ["s" * 129, "s\0"]
    assert "too long" in refused[0][1]
    assert "NUL" in refused[1][1]
    assert grades(database, "s01")["hours-test"] == (2, None, None, False)
    assert grades(database, "s03")["hours-test"] == (2, None, None, False)


def test_a_mark_that_a_person_is_giving_meanwhile_is_waited_for(
    server: PostgreSQL, stages: Stages
) -> None:
    database = copied(stages["read"], server)
    graded = as_graded(stages["marked again"])

    def give() -> None:
        with server.connect(name(database)) as connection:
            connection.execute("SET lock_timeout = 1")
            with pytest.raises(psycopg.errors.LockNotAvailable):
                connection.execute("UPDATE grade SET manual_score = 1")

    with closing(Register(database, "volens")) as register:
        with at_statement(0, bool) as sent:
            register.write(graded, ASSIGNMENT)
        reading = [place for place, text in enumerate(sent, start=1) if "FROM grade" in text]
        with at_statement(reading[0], give):
            register.write(graded, ASSIGNMENT)


# Faults


def test_a_killed_writer_leaves_all_or_nothing(server: PostgreSQL, stages: Stages) -> None:
    database = copied(stages["read"], server)
    graded, times = as_graded(stages["marked again"]), stages["marked again"].times
    before = rows(database, ASSIGNMENT)

    number = 1
    while killed_at_statement(number, lambda: write(database, graded, times)):
        assert rows(database, ASSIGNMENT) == before
        number += 1

    assert number > 10
    assert rows(database, ASSIGNMENT) != before


def test_a_connection_that_is_ended_is_opened_again(server: PostgreSQL, stages: Stages) -> None:
    database = copied(stages["released"], server)
    graded, times = as_graded(stages["marked"]), stages["marked"].times
    ended: list[int] = []

    def end() -> None:
        ended.append(server.end_connections(name(database)))

    with closing(Register(database, "volens", pauses=(0,))) as register:
        with at_statement(0, bool) as sent:
            register.write(graded, ASSIGNMENT, times)
        expected = rows(database, ASSIGNMENT)
        for number in range(1, len(sent) + 1):
            forget(database, server)
            with at_statement(number, end):
                assert register.write(graded, ASSIGNMENT, times) == []
            assert rows(database, ASSIGNMENT) == expected

    assert ended == [1] * len(sent)
    assert len(sent) > 10


def forget(database: str, server: PostgreSQL) -> None:
    """Take every student and every mark out of a gradebook."""
    with server.connect(name(database)) as connection:
        connection.execute(
            "TRUNCATE grade, comment, submitted_notebook, submitted_assignment, student"
        )


def test_no_connection_stays_open_between_two_batches(server: PostgreSQL, stages: Stages) -> None:
    database = copied(stages["released"], server)
    with closing(Register(database, "volens")) as register:
        register.write([one("s01")], ASSIGNMENT)
        assert server.end_connections(name(database)) == 0
        register.write([one("s02")], ASSIGNMENT)

    assert len(grades(database, "s02")) == 6


def test_a_server_that_is_down_is_named(server: PostgreSQL, stages: Stages) -> None:
    database = copied(stages["released"], server)
    with closing(Register(database, "volens", pauses=(0,))) as register:
        server.stop()
        try:
            with pytest.raises(GradebookError) as caught:
                register.write([one()], ASSIGNMENT)
            with pytest.raises(GradebookError, match="cannot be read"):
                register.standing(ASSIGNMENT)
        finally:
            server.start()
        assert register.write([one()], ASSIGNMENT) == []

    text = in_one_line(caught.value)
    assert text.startswith(f"The gradebook postgresql+psycopg://volens@/{name(database)} cannot")
    assert text.endswith("what was recorded stays, and a run goes on from there.")
