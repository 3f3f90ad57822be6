"""How a test reads a student's work: the same from inside and from outside.

A test cell says ``answers = volens.answers()`` and reads ``answers["ranking"]``
or ``answers.call("consent_gate", facts)``. In the student's own kernel that
looks into the notebook's names. Under a grader it asks another process, over a
pipe, and gets the same values, because both ways use :mod:`volens.encoding`.

The room is called *answering* and not *answers*, so that the function
``volens.answers`` and a module of that name do not displace each other.
"""

from __future__ import annotations

import json
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TextIO

from volens import encoding
from volens.errors import (
    AnswerError,
    ConnectionLostError,
    MissingAnswerError,
    StudentCodeError,
    UnreadableAnswerError,
)

__all__ = ["Answers", "LocalAnswers", "RemoteAnswers", "answers", "reply_to", "serve", "using"]


class Answers(ABC):
    """A student's work, by name."""

    def __getitem__(self, name: str) -> object:
        """Return the answer of this name.

        Raises
        ------
        MissingAnswerError
            If nothing has this name.
        UnreadableAnswerError
            If it is not plain data.
        """
        return encoding.loads(self.read_encoded(name))

    def get(self, name: str, default: object = None) -> object:
        """Return the answer of this name, or the default where there is none."""
        try:
            return self[name]
        except MissingAnswerError:
            return default

    def call(self, name: str, *arguments: object) -> object:
        """Call the function of this name and return its result.

        Parameters
        ----------
        name
            A function that the student wrote.
        arguments
            Plain data. The function gets copies, so that it cannot change the test's own.

        Raises
        ------
        MissingAnswerError
            If no function has this name.
        StudentCodeError
            If the function stopped with an error.
        UnreadableAnswerError
            If an argument or the result is not plain data.
        """
        return encoding.loads(self.call_encoded(name, encoding.dumps(list(arguments))))

    def has(self, name: str) -> bool:
        """Tell whether an answer or a function of this name exists."""
        try:
            self.read_encoded(name)
        except MissingAnswerError:
            return False
        except AnswerError:
            return True
        return True

    @abstractmethod
    def written(self, cell: str) -> str:
        """Return the text of a Markdown cell, as it was last saved.

        Parameters
        ----------
        cell
            The cell's id.

        Raises
        ------
        MissingAnswerError
            If no saved notebook has such a cell.
        """

    @abstractmethod
    def read_encoded(self, name: str) -> str:
        """Return the answer as encoded text."""

    @abstractmethod
    def call_encoded(self, name: str, arguments: str) -> str:
        """Call with encoded arguments; return the result as encoded text."""


class LocalAnswers(Answers):
    """Answers in the names of a notebook, or of any other namespace.

    Parameters
    ----------
    namespace
        The notebook's names.
    folder
        Where the notebook is saved; the working directory if none is given.

    Examples
    --------
    >>> LocalAnswers({"ranking": ["C012", "C040"]})["ranking"]
    ['C012', 'C040']
    """

    def __init__(self, namespace: Mapping[str, object], folder: Path | None = None) -> None:
        self._namespace = namespace
        self._folder = folder

    def written(self, cell: str) -> str:
        """Return the text of a Markdown cell from the notebook in the folder, newest first."""
        folder = self._folder or Path.cwd()
        files = sorted(folder.glob("*.ipynb"), key=lambda file: file.stat().st_mtime, reverse=True)
        for file in files:
            found = _markdown(file, cell)
            if found is not None:
                return found
        raise MissingAnswerError(cell)

    def read_encoded(self, name: str) -> str:
        """Return the answer of this name as encoded text."""
        return encoding.dumps(self._find(name))

    def call_encoded(self, name: str, arguments: str) -> str:
        """Call the function of this name; arguments and result are encoded text."""
        function = self._find(name)
        if not callable(function):
            raise MissingAnswerError(name)
        given: Any = encoding.loads(arguments)
        try:
            result = function(*given)
        except Exception as error:  # noqa: BLE001 (whatever a student's function may raise)
            raise StudentCodeError(name, type(error).__name__, _as_text(error)) from None
        return encoding.dumps(result)

    def _find(self, name: str) -> object:
        try:
            return self._namespace[name]
        except KeyError:
            raise MissingAnswerError(name) from None


class RemoteAnswers(Answers):
    """Answers in another process, asked over a pipe.

    The other side runs :func:`serve`. It belongs to the student, so nothing that
    comes back is trusted: lines are limited in length, and every value is rebuilt.

    Parameters
    ----------
    replies
        Text to read from, one JSON object a line.
    questions
        Text to write to, one JSON object a line.
    texts
        The Markdown cells of the submitted file by their ids. They are read from the file,
        so the other side is not asked for them.
    """

    def __init__(
        self, replies: TextIO, questions: TextIO, texts: Mapping[str, str] | None = None
    ) -> None:
        self._replies = replies
        self._questions = questions
        self._texts = dict(texts or {})

    def written(self, cell: str) -> str:
        """Return the text of a Markdown cell of the submitted file."""
        try:
            return self._texts[cell]
        except KeyError:
            raise MissingAnswerError(cell) from None

    def read_encoded(self, name: str) -> str:
        """Ask for the answer of this name as encoded text."""
        return self._ask({"name": name})

    def call_encoded(self, name: str, arguments: str) -> str:
        """Ask for a call; arguments and result are encoded text."""
        return self._ask({"name": name, "with": arguments})

    def _ask(self, question: Mapping[str, str]) -> str:
        try:
            self._questions.write(json.dumps(question) + "\n")
            self._questions.flush()
            line = self._replies.readline(2 * encoding.LONGEST + 1000)
        except OSError as error:
            raise ConnectionLostError(_LOST) from error
        if not line.endswith("\n"):
            raise ConnectionLostError(_LOST)
        return _open_reply(line)


_LOST = "The student's notebook no longer answers. It may have stopped; run it again."


def _open_reply(line: str) -> str:
    try:
        reply = json.loads(line)
        if "value" in reply:
            return str(reply["value"])
        name, kind, message = (str(reply[part]) for part in ("name", "error", "message"))
    except (ValueError, KeyError, TypeError):
        raise UnreadableAnswerError("The student's notebook sent something unreadable.") from None
    match kind:
        case "MissingAnswerError":
            raise MissingAnswerError(name)
        case "UnreadableAnswerError":
            raise UnreadableAnswerError(message)
        case _:
            raise StudentCodeError(name, kind, message)


def reply_to(question: str, namespace: Mapping[str, object]) -> str:
    """Answer one question of :class:`RemoteAnswers` about a namespace.

    Parameters
    ----------
    question
        One line that the asking side wrote.
    namespace
        The student's names.

    Returns
    -------
    One line to send back.
    """
    asked = json.loads(question)
    name = asked["name"]
    local = LocalAnswers(namespace)
    reply: dict[str, str]
    try:
        if "with" in asked:
            reply = {"value": local.call_encoded(name, asked["with"])}
        else:
            reply = {"value": local.read_encoded(name)}
    except StudentCodeError as error:
        reply = {"name": name, "error": error.kind, "message": error.detail}
    except (MissingAnswerError, UnreadableAnswerError) as error:
        reply = {"name": name, "error": type(error).__name__, "message": str(error)}
    return json.dumps(reply) + "\n"


def serve(namespace: Mapping[str, object], questions: TextIO, replies: TextIO) -> None:
    """Answer questions about a namespace until the asking side hangs up.

    Parameters
    ----------
    namespace
        The student's names.
    questions, replies
        Text to read from and to write to; the other ends belong to :class:`RemoteAnswers`.
    """
    for question in questions:
        replies.write(reply_to(question, namespace))
        replies.flush()


_current: ContextVar[Answers | None] = ContextVar("answers", default=None)


def answers() -> Answers:
    """Return the student's work, as a test reads it.

    In a notebook these are the notebook's own names. Inside :func:`using` they
    are whatever the grader supplies.

    Examples
    --------
    >>> answers().get("nothing of this name") is None
    True
    """
    supplied = _current.get()
    if supplied is not None:
        return supplied
    return LocalAnswers(sys._getframe(1).f_globals)  # noqa: SLF001 (the cell that calls)


@contextmanager
def using(supplied: Answers) -> Iterator[None]:
    """Let :func:`answers` return these answers inside a ``with`` block."""
    token = _current.set(supplied)
    try:
        yield
    finally:
        _current.reset(token)


def _markdown(file: Path, cell: str) -> str | None:
    """Return the text of a Markdown cell of a notebook file; none where there is none."""
    try:
        notebook = json.loads(file.read_text(encoding="utf-8"))
        for found in notebook["cells"]:
            known = {found.get("id"), found["metadata"].get("nbgrader", {}).get("grade_id")}
            if cell in known and found["cell_type"] == "markdown":
                return "".join(found["source"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return None


def _as_text(error: Exception) -> str:
    try:
        return str(error)[:500]
    except Exception:  # noqa: BLE001 (a student's error may itself be faulty)
        return "an error without a readable message"
