"""A gradebook as rows that can be compared with another's: by names, without nbgrader's ids."""

from collections.abc import Sequence
from typing import Any, TypeAlias

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import Connection, NullPool, Select, create_engine, literal, select

__all__ = ["Row", "rows"]

#: Table, student, notebook, cell; then what the row says.
Row: TypeAlias = tuple[str, str, str, str, *tuple[Any, ...]]


def rows(database: str, assignment: str) -> list[Row]:
    """Return all that a gradebook says of the submissions of an assignment, sorted.

    Every student is among it, with or without a submission.

    Parameters
    ----------
    database
        Where it is, as SQLAlchemy writes it.
    assignment
        The assignment's name.
    """
    engine = create_engine(database, poolclass=NullPool)
    with engine.connect() as connection:
        found = [
            *_students(connection),
            *_of(connection, assignment, "submitted_assignment", _submissions()),
            *_of(connection, assignment, "submitted_notebook", _notebooks()),
            *_of(connection, assignment, "grade", _cells(Grade, _GRADES)),
            *_of(connection, assignment, "comment", _cells(Comment, _COMMENTS)),
        ]
    return sorted(found, key=lambda row: row[:4])


_GRADES = (Grade.auto_score, Grade.manual_score, Grade.extra_credit, Grade.needs_manual_grade)
_COMMENTS = (Comment.auto_comment, Comment.manual_comment)


def _students(connection: Connection) -> list[Row]:
    columns = (Student.first_name, Student.last_name, Student.email, Student.lms_user_id)
    return [
        ("student", student, "", "", *rest)
        for student, *rest in connection.execute(select(Student.id, *columns))
    ]


def _of(
    connection: Connection, assignment: str, table: str, query: Select[Any]
) -> list[tuple[Any, ...]]:
    found = connection.execute(query.where(Assignment.name == assignment))
    return [(table, *row) for row in found]


def _submissions() -> Select[Any]:
    return select(
        SubmittedAssignment.student_id,
        literal(""),
        literal(""),
        SubmittedAssignment.timestamp,
        SubmittedAssignment.extension,
    ).join(Assignment)


def _notebooks() -> Select[Any]:
    columns = (SubmittedNotebook.flagged, SubmittedNotebook.late_submission_penalty)
    return _joined(SubmittedAssignment.student_id, Notebook.name, literal(""), *columns)


def _cells(table: type[Grade | Comment], columns: Sequence[object]) -> Select[Any]:
    return (
        _joined(SubmittedAssignment.student_id, Notebook.name, BaseCell.name, *columns)
        .join(table, table.notebook_id == SubmittedNotebook.id)
        .join(BaseCell, BaseCell.id == table.cell_id)
    )


def _joined(*columns: object) -> Select[Any]:
    return (
        select(*columns)
        .select_from(SubmittedNotebook)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
    )
