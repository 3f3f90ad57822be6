"""The register: templates and standings out of the gradebook, marks into it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from nbgrader.api import (
    Assignment,
    BaseCell,
    Grade,
    Notebook,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import Connection, select
from sqlalchemy.exc import SQLAlchemyError

from volens.grader.register.connecting import PAUSES, Database, in_one_line
from volens.grader.register.entering import Penalty, enter, read_plan
from volens.grader.register.templates import read_templates
from volens.grader.results import Graded
from volens.grader.template import Template

__all__ = ["Register"]


class Register:
    """The one writer to the gradebook of a course.

    Parameters
    ----------
    database
        Where the gradebook is, as SQLAlchemy writes it: ``sqlite:///...`` or
        ``postgresql+psycopg://...``. An empty database gets nbgrader's tables.
    course_id
        The course's id in nbgrader; empty where it has none.
    penalty
        What is taken off for handing in late: from the student, the points and the seconds
        to points, or ``None`` for nothing. :func:`~volens.grader.register.late_penalties`
        gives the course's own.
    pauses
        How long to wait before each further try where the database cannot be reached or
        written, in seconds.

    Raises
    ------
    GradebookError
        If it cannot be reached, or is no gradebook. The other methods say the same.
    """

    def __init__(
        self,
        database: str,
        course_id: str = "",
        *,
        penalty: Penalty | None = None,
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        self._database = Database(database, course_id, pauses=pauses)
        self._penalty = penalty

    def __str__(self) -> str:
        """Return where the gradebook is, without a password."""
        return str(self._database)

    def templates(
        self, assignment: str, released: Mapping[str, dict[str, Any]]
    ) -> dict[str, Template]:
        """Return what the gradebook knows of an assignment, by notebook.

        Parameters
        ----------
        assignment
            Its name.
        released
            Name of a notebook to the version that students were given. Cells come in its
            order; those it lacks come at the end.

        Raises
        ------
        GradebookError
            If the gradebook does not know the assignment, or a notebook was not released.
        """
        return self._database.read(
            lambda connection: read_templates(connection, assignment, released)
        )

    def standing(self, assignment: str) -> dict[str, dict[tuple[str, str], float | None]]:
        """Return the marks that the gradebook holds from a program.

        Returns
        -------
        Student to notebook and grade id to points; ``None`` where there are none yet. Who has
        no submission in the gradebook is missing.
        """
        return self._database.read(lambda connection: _standing(connection, assignment))

    def waiting(self, assignment: str) -> frozenset[str]:
        """Return whose submissions have a mark that waits for a person."""
        return self._database.read(lambda connection: _waiting(connection, assignment))

    def write(
        self,
        graded: Sequence[Graded],
        assignment: str,
        times: Mapping[str, datetime] | None = None,
    ) -> list[tuple[str, str]]:
        """Enter submissions in one transaction: all of them, or none.

        Where one cannot be entered for a reason of its own, each gets a transaction of its
        own instead. What a person gave stays: points, extra credit and comments. Whatever
        has no notebooks, since it needs a person, is left out.

        Parameters
        ----------
        graded
            What was marked.
        assignment
            Of which assignment.
        times
            When each student handed in, if that is known. Without a time zone it is UTC.

        Returns
        -------
        Who could not be entered, and why.

        Raises
        ------
        GradebookError
            If the gradebook does not know the assignment, or cannot be written. Whatever
            was entered before stays; the same can be written again.
        """
        times = times or {}
        entries = list({one.student: one for one in graded if one.notebooks}.values())
        try:
            self._enter(entries, assignment, times)
        except (SQLAlchemyError, ValueError):
            return self._one_by_one(entries, assignment, times)
        return []

    def close(self) -> None:
        """Let go of the database. No connection is open between two calls in any case."""
        self._database.close()

    def _enter(
        self, entries: Sequence[Graded], assignment: str, times: Mapping[str, datetime]
    ) -> None:
        if entries:
            self._database.write(
                lambda connection: enter(
                    connection, entries, read_plan(connection, assignment), times, self._penalty
                )
            )

    def _one_by_one(
        self, entries: Sequence[Graded], assignment: str, times: Mapping[str, datetime]
    ) -> list[tuple[str, str]]:
        refused = []
        for entry in entries:
            try:
                self._enter([entry], assignment, times)
            except (SQLAlchemyError, ValueError) as error:
                refused.append((entry.student, in_one_line(error)))
        return refused


def _waiting(connection: Connection, assignment: str) -> frozenset[str]:
    found = connection.scalars(
        select(SubmittedAssignment.student_id)
        .join(Assignment)
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
        .where(Assignment.name == assignment, Grade.needs_manual_grade)
        .distinct()
    )
    return frozenset(found)


def _standing(
    connection: Connection, assignment: str
) -> dict[str, dict[tuple[str, str], float | None]]:
    rows = connection.execute(
        select(
            SubmittedAssignment.student_id,
            Notebook.name.label("notebook"),
            BaseCell.name.label("cell"),
            Grade.auto_score,
        )
        .select_from(SubmittedAssignment)
        .join(Assignment)
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
        .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
        .join(BaseCell, BaseCell.id == Grade.cell_id)
        .where(Assignment.name == assignment)
    )
    standing: dict[str, dict[tuple[str, str], float | None]] = defaultdict(dict)
    for student, notebook, cell, points in rows:
        standing[student][notebook, cell] = points
    return dict(standing)
