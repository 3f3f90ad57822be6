"""How a test reads a student's work: the same from inside and from outside.

A test cell says ``answers = volens.answers()`` and reads ``answers["ranking"]``
or ``answers.call("consent_gate", facts)``. In the student's own kernel that
looks into the notebook's names. Under a grader it asks another process, and gets the
same values, because both ways use :mod:`volens.encoding`. What the student's own
code prints while it is asked is shown on neither way: it is no part of the check.

The room is called *answering* and not *answers*, so that the function
``volens.answers`` and a module of that name do not displace each other.
"""

from __future__ import annotations

import io
import json
import re
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from volens import encoding
from volens.errors import (
    AnswerError,
    ConnectionLostError,
    KernelStoppedError,
    MissingAnswerError,
    StudentCodeError,
    UnreadableAnswerError,
)

__all__ = [
    "LONGEST_REPLY",
    "Answers",
    "AskedAnswers",
    "LocalAnswers",
    "answers",
    "reply_to",
    "using",
]

#: The longest line that :func:`reply_to` writes: an answer, with each character as two escapes.
LONGEST_REPLY = 12 * encoding.LONGEST + 10_000


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
        """Tell whether an answer or a function of this name exists and can be asked for."""
        try:
            self.read_encoded(name)
        except (MissingAnswerError, ConnectionLostError):
            return False
        except AnswerError:
            return True
        return True

    def last_cell_failed(self) -> bool:
        """Tell whether the cell that ran last ended in an error: an older answer is read then."""
        return False

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

    def last_cell_failed(self) -> bool:
        """Ask the notebook's own shell; outside a notebook no cell has failed."""
        jupyter = sys.modules.get("IPython")
        shell = jupyter.get_ipython() if jupyter else None
        return shell is not None and not shell.last_execution_succeeded

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
        with _unheard():
            return encoding.dumps(self._find(name))

    def call_encoded(self, name: str, arguments: str) -> str:
        """Call the function of this name; arguments and result are encoded text."""
        function = self._find(name)
        if not callable(function):
            raise MissingAnswerError(name)
        given: Any = encoding.loads(arguments)
        with _unheard():
            return encoding.dumps(_result(name, function, given))

    def _find(self, name: str) -> object:
        try:
            return self._namespace[name]
        except KeyError:
            raise MissingAnswerError(name) from None


def _result(name: str, function: Callable[..., object], given: list[object]) -> object:
    try:
        return function(*given)
    except KeyboardInterrupt:
        raise
    # `sys.exit()` too: it ends the function, and neither the check nor the notebook.
    except BaseException as error:  # noqa: BLE001 (whatever a student's function may raise)
        raise StudentCodeError(name, *_told_by(error)) from None


class AskedAnswers(Answers):
    """Answers in another process, asked one question at a time.

    The other side answers with :func:`reply_to`. It belongs to the student, so nothing
    that comes back is trusted: every value is rebuilt, and every message is cut and cleaned.

    Parameters
    ----------
    ask
        Takes a line and returns the line that came back. How long it waits is its own affair.
        It raises an :class:`~volens.errors.AnswerError` for a question that got no answer in
        time, and :class:`~volens.errors.KernelStoppedError` where none will come any more.
        After that it is not called again, and every answer is missing.
    texts
        The Markdown cells of the submitted file by their ids. They are read from the file,
        so the other side is not asked for them.
    last_cell_failed
        Whether the cell that ran last ended in an error; the attribute ``failed`` can be set
        anew after each cell.

    Examples
    --------
    >>> def ask(question):
    ...     return reply_to(question, {"ranking": ["C012", "C040"]})
    >>> AskedAnswers(ask)["ranking"]
    ['C012', 'C040']
    """

    def __init__(
        self,
        ask: Callable[[str], str],
        texts: Mapping[str, str] | None = None,
        *,
        last_cell_failed: bool = False,
    ) -> None:
        self._line_for = ask
        self._texts = dict(texts or {})
        self._lost = ""
        self.failed = last_cell_failed

    def last_cell_failed(self) -> bool:
        """Return what whoever runs the cells has said."""
        return self.failed

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
        if self._lost:
            raise ConnectionLostError(self._lost)
        try:
            line = self._line_for(json.dumps(question))
        except KernelStoppedError as stopped:
            self._lost = f"Your notebook had stopped, so this could not be read. {stopped}"
            raise ConnectionLostError(self._lost) from None
        return _open_reply(line, question["name"])


_NONSENSE = "The student's notebook sent something unreadable."
_A_NAME = re.compile(r"[^\W\d]\w{0,99}")


def _open_reply(line: str, name: str) -> str:
    """Return the encoded answer in a reply, or raise what it reports about this name."""
    if len(line) > LONGEST_REPLY:
        raise UnreadableAnswerError(_NONSENSE)
    try:
        reply = json.loads(line)
    except (ValueError, RecursionError, MemoryError):
        raise UnreadableAnswerError(_NONSENSE) from None
    match reply:
        case {"value": str(value)}:
            return value
        case {"error": "missing"}:
            raise MissingAnswerError(name)
        case {"error": "unreadable", "message": str(message)}:
            raise UnreadableAnswerError(encoding.readable(message) or _NONSENSE)
        case {"error": "stopped", "kind": "KeyboardInterrupt"}:
            raise StudentCodeError(name, "TimeoutError", "it took too long")
        # The second is what the asking side itself reports, such as a TimeoutError.
        case {"error": "stopped", "kind": str(kind), "message": str(message)} | {
            "error": str(kind),
            "message": str(message),
        }:
            kind = kind if _A_NAME.fullmatch(kind) else "an error"
            raise StudentCodeError(name, kind, encoding.readable(message))
    raise UnreadableAnswerError(_NONSENSE)


def reply_to(question: str, namespace: Mapping[str, object]) -> str:
    """Answer one question of :class:`AskedAnswers` about a namespace.

    Whatever the student's code does meanwhile, a line comes back, unless it ends the process.
    An interrupt from outside is reported too: it is how a question that takes too long is ended.

    Parameters
    ----------
    question
        One line that the asking side wrote.
    namespace
        The student's names.

    Returns
    -------
    One line to send back, of ASCII characters.
    """
    try:
        reply = _reply_to(json.loads(question), LocalAnswers(namespace))
    except BaseException as error:  # noqa: BLE001 (whatever a student's object may raise)
        kind, message = _told_by(error)
        reply = {"error": "stopped", "kind": kind, "message": message}
    return json.dumps(reply) + "\n"


def _reply_to(asked: Mapping[str, str], local: LocalAnswers) -> dict[str, str]:
    try:
        if "with" in asked:
            return {"value": local.call_encoded(asked["name"], asked["with"])}
        return {"value": local.read_encoded(asked["name"])}
    except MissingAnswerError:
        return {"error": "missing"}
    except UnreadableAnswerError as error:
        return {"error": "unreadable", "message": str(error)}
    except StudentCodeError as error:
        return {"error": "stopped", "kind": error.kind, "message": error.detail}


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


class _Nowhere(io.TextIOBase):
    """Takes what is printed and keeps nothing."""

    def write(self, text: str) -> int:
        return len(text)


@contextmanager
def _unheard() -> Iterator[None]:
    """Let the student's code print without being heard."""
    nowhere: Any = _Nowhere()
    with redirect_stdout(nowhere), redirect_stderr(nowhere):
        yield


def _told_by(error: BaseException) -> tuple[str, str]:
    """Return the kind and the message of an error, which may itself be faulty."""
    try:
        with _unheard():
            text = str.__str__(str(error))
        return type.__getattribute__(type(error), "__name__"), encoding.readable(text)
    except Exception:  # noqa: BLE001 (see above)
        return "an error", "an error without a readable message"
