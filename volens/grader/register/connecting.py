"""The way to a database: one transaction at a time, tried again where that can help."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from textwrap import shorten
from typing import TypeVar

from nbgrader.api import Gradebook
from sqlalchemy import URL, Connection, NullPool, create_engine, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    NoSuchModuleError,
    OperationalError,
    ProgrammingError,
)

from volens.errors import GradebookError
from volens.grading.gradebook import programs_found

__all__ = ["BUSY_SECONDS", "PAUSES", "Database", "in_one_line"]

#: How many seconds lie between one try and the next.
PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0)
#: How long SQLite waits for whoever else is writing, in seconds.
BUSY_SECONDS = 30

#: How long a reason may be, in characters: some drivers tell of every address they tried.
_MOST = 300

_Found = TypeVar("_Found")

_AGAIN = (
    "See that the database runs, has room and may be written; then start again: "
    "what was recorded stays, and a run goes on from there."
)
_UPGRADE = (
    "Its tables are not those of this nbgrader: "
    "keep a copy of it, run `nbgrader db upgrade`, and start again."
)


class Database:
    """The database of a gradebook; an empty one gets nbgrader's tables.

    Parameters
    ----------
    address
        Where it is, as SQLAlchemy writes it.
    course_id
        The course's id in nbgrader; empty where the course has none.
    pauses
        How long to wait before each further try, in seconds.

    Raises
    ------
    GradebookError
        If it cannot be reached, or is no gradebook.
    """

    def __init__(
        self, address: str, course_id: str = "", *, pauses: Sequence[float] = PAUSES
    ) -> None:
        self._pauses = tuple(pauses)
        self._url = _url(address)
        is_sqlite = self._url.get_backend_name() == "sqlite"
        # In SQLite two that read first and write later can stop one another for good.
        self._claim = "BEGIN IMMEDIATE" if is_sqlite else None
        try:
            self._engine = create_engine(
                self._url,
                # A connection lives as long as its transaction: none grows stale between
                # two batches, and none is inherited by a process that is forked.
                poolclass=NullPool,
                connect_args={"timeout": BUSY_SECONDS} if is_sqlite else {},
            )
        except (ImportError, NoSuchModuleError) as error:
            raise GradebookError(
                f"The gradebook {self} cannot be opened ({error}). "
                "For PostgreSQL write postgresql+psycopg://..., and install the packages "
                "of a grading service: pip install 'volens[service]'."
            ) from error
        self._persist("opened", lambda: self._set_up(course_id))

    def __str__(self) -> str:
        # A password may stand in the address itself, or behind its question mark.
        return self._url.set(query={}).render_as_string(hide_password=True)

    def read(self, work: Callable[[Connection], _Found]) -> _Found:
        """Do something with a connection and return what it gives."""

        def once() -> _Found:
            with self._engine.begin() as connection:
                return work(connection)

        return self._persist("read", once)

    def write(self, work: Callable[[Connection], _Found]) -> _Found:
        """Do something in one transaction, which holds as a whole or not at all.

        It is done anew where a connection is lost or a lock is not to be had, so it must
        come to the same when it is done twice.

        Raises
        ------
        GradebookError
            If the database could not be written in all those tries.
        sqlalchemy.exc.IntegrityError, sqlalchemy.exc.DataError
            If it refuses what was to be written.
        """

        def once() -> _Found:
            with self._engine.begin() as connection:
                if self._claim:
                    connection.exec_driver_sql(self._claim)
                return work(connection)

        return self._persist("written", once)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def _set_up(self, course_id: str) -> None:
        # nbgrader calls `alembic` by name when it makes the tables.
        with programs_found():
            Gradebook(self._url, course_id).close()

    def _persist(self, done: str, once: Callable[[], _Found]) -> _Found:
        for pause in (*self._pauses, None):
            try:
                return once()
            except (IntegrityError, DataError):
                raise
            except DBAPIError as error:
                if pause is None or not _may_pass(error):
                    raise GradebookError(self._message(done, error)) from error
                time.sleep(pause)
        raise AssertionError  # the last try returns or raises

    def _message(self, done: str, error: DBAPIError) -> str:
        advice = _UPGRADE if _is_about_tables(error) else _AGAIN
        return f"The gradebook {self} cannot be {done} ({in_one_line(error)}). {advice}"


def in_one_line(error: Exception) -> str:
    """Return what went wrong in the database's own words, without the statement."""
    found = error.orig if isinstance(error, DBAPIError) else error
    return shorten(str(found), _MOST, placeholder=" ...")


def _url(address: str) -> URL:
    try:
        return make_url(address)
    except (ArgumentError, ValueError) as error:
        # The text itself may hold a password.
        raise GradebookError(
            "The address of the gradebook cannot be read. "
            "Write sqlite:////folder/gradebook.db or "
            "postgresql+psycopg://user:password@host/database."
        ) from error


def _may_pass(error: DBAPIError) -> bool:
    """Whether a later try could go better: a lost connection, a lock, a full disk."""
    return isinstance(error, OperationalError | InterfaceError) and not _is_about_tables(error)


def _is_about_tables(error: DBAPIError) -> bool:
    """Whether a table or a column is missing: SQLite has no other error with this code."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    return isinstance(error, ProgrammingError) or code == sqlite3.SQLITE_ERROR
