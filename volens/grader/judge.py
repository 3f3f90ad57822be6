"""Test cells, run where the student's code is not.

A test cell of the course asks for a student's work through ``volens.answers()``. Here it
runs in the grader's own process, as IPython would run it, and the answers come from
wherever the student's code is kept. The points are the judge's own record; the outputs are
for the notebook, and nbgrader reads the same points from them.

What a test cell does wrong is told apart from what a student did wrong. The first is a
*fault*: no points, and a person has to look. Its details may quote the key, so they are for
whoever marks; the student is told only that it happened.
"""

from __future__ import annotations

import ast
import io
import signal
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType
from typing import Any, ParamSpec, TypeVar

from IPython.core.formatters import DisplayFormatter

from volens import encoding
from volens.answering import Answers, using
from volens.errors import AnswerError, GradingError, TestCellError

# A test cell imports them: once a process is enough.
import volens.checks  # noqa: F401  # isort: skip

__all__ = ["LONGEST_OUTPUT", "Judged", "is_judged", "judge"]

#: How many characters of what a test cell prints are kept.
LONGEST_OUTPUT = 100_000

_CELL = "<test cell>"
_CUT = "\n... There was more; it is not kept."
_NOT_PASSED = "Your answer does not pass this check."
_FAULT = (
    "The check of this question did not work. That is no fault of yours: "
    "a person will look at it and set your points."
)
_TOO_LONG = "Your answer took too long to be marked, so this question has no points."
_MESSAGE_SHOWN = 500
#: How often the alarm rings again, should something have swallowed the first one.
_AGAIN = 1.0
_DISPLAYED = ("text/plain", "text/html")
_Asked = ParamSpec("_Asked")
_Read = TypeVar("_Read")


@dataclass(frozen=True)
class Judged:
    """What a test cell made of a student's work.

    Attributes
    ----------
    points
        What the answer earned.
    outputs
        The cell's outputs, as a notebook has them.
    fault
        What is wrong with the test cell, for whoever marks and not for students; empty where
        nothing is.
    stopped
        Whether the cell was ended because it took too long.
    """

    points: float
    outputs: tuple[dict[str, Any], ...]
    fault: str = ""
    stopped: bool = False


class _OutOfTimeError(BaseException):
    """The time is over: for this room only. No test cell should catch it, hence its class."""


def judge(source: str, answers: Answers, *, points: float, seconds: float) -> Judged:
    r"""Run a test cell on a student's work.

    Standard output is redirected meanwhile, so only one cell is judged at a time in a
    process.

    Parameters
    ----------
    source
        The test cell, hidden tests included. It is trusted.
    answers
        The student's work. What one question may cost is decided there.
    points
        What the question is worth.
    seconds
        How long the cell may take in all. In a thread that is not the main one, this is
        looked at only when the cell asks for an answer. What runs in C without a pause, such
        as a regular expression that never ends, cannot be stopped from here at all: whoever
        started this process has to watch it.

    Raises
    ------
    GradingError
        If the grader itself cannot go on; nothing is known about the answer then.

    Examples
    --------
    >>> from volens.answering import LocalAnswers
    >>> test = "import volens as vo\nassert vo.answers()['troops'] == 2030"
    >>> judge(test, LocalAnswers({"troops": 2030}), points=2, seconds=5).points
    2.0
    >>> judge(test, LocalAnswers({"troops": 3800}), points=2, seconds=5).points
    0.0
    """
    told, complained = _Kept(), _Kept()
    watched = _Watched(answers, seconds)
    shown: dict[str, Any] | None = None
    earned = 0.0
    ended: dict[str, Any] | None = None
    fault = ""
    stopped = False
    try:
        with (
            warnings.catch_warnings(),
            redirect_stdout(told),
            redirect_stderr(complained),
            using(watched),
            watched.alarm(),
        ):
            warnings.simplefilter("ignore")
            shown = _run(source)
            watched.check()
        earned = _points(shown, points)
        if complained.getvalue():
            said = encoding.readable(complained.getvalue())
            raise TestCellError(f"The test cell writes to the error stream: {said}")  # noqa: TRY301
    except _OutOfTimeError:
        stopped = True
        ended = _error("TimeoutError", _TOO_LONG)
    except GradingError:
        # The grader itself is in trouble, and not this cell.
        raise
    except (AssertionError, AnswerError) as error:
        ended = _error(type(error).__name__, _for_the_student(error))
    except (Exception, SystemExit) as error:  # noqa: BLE001 (whatever a test cell may raise)
        fault = _described(error)
        ended = _error("TestCellError", _FAULT)
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": text} for text in [told.kept()] if text
    ]
    if ended is not None:
        return Judged(0.0, (*outputs, ended), fault, stopped)
    return Judged(earned, (*outputs, *([shown] if shown else [])))


@lru_cache(maxsize=256)
def is_judged(source: str) -> bool:
    r"""Tell whether a test cell reads the student's work through ``volens.answers()``.

    One that does not is written in nbgrader's ordinary style: it uses the student's names
    themselves, and has to run beside them. One that does both is judged, and the student's
    names are unknown to it. What is no Python by itself, such as a cell with a magic, is
    judged if it names Volens at all: rather a fault that a person sees than a key in the
    student's reach.

    Examples
    --------
    >>> is_judged("import volens as vo\ncheck = vo.checks.Check(vo.answers(), points=1)")
    True
    >>> is_judged("assert mandate_days(30) == 30")
    False
    """
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return "volens" in source
    rooms, functions = _imported(nodes)
    return any(
        _is_answers(node.func, rooms, functions) for node in nodes if isinstance(node, ast.Call)
    )


def _imported(nodes: list[ast.AST]) -> tuple[set[str], set[str]]:
    """Return what names the package or a room of it, and what names the function."""
    rooms: set[str] = set()
    functions: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            rooms |= {
                alias.asname or "volens"
                for alias in node.names
                if alias.name.split(".")[0] == "volens"
            }
        elif isinstance(node, ast.ImportFrom) and node.module in {"volens", "volens.answering"}:
            for alias in node.names:
                if alias.name == "*":
                    functions.add("answers")
                else:
                    (functions if alias.name == "answers" else rooms).add(
                        alias.asname or alias.name
                    )
    return rooms, functions


def _is_answers(called: ast.expr, rooms: set[str], functions: set[str]) -> bool:
    if isinstance(called, ast.Name):
        return called.id in functions
    if not isinstance(called, ast.Attribute) or called.attr != "answers":
        return False
    room: ast.expr = called.value
    while isinstance(room, ast.Attribute):
        room = room.value
    return isinstance(room, ast.Name) and room.id in rooms


class _Kept(io.StringIO):
    """What is printed, up to a limit."""

    _more = False

    def write(self, text: str) -> int:
        room = LONGEST_OUTPUT - self.tell()
        self._more = self._more or len(text) > room
        super().write(text[: max(0, room)])
        return len(text)

    def kept(self) -> str:
        """Return it so that a file can hold it."""
        text = self.getvalue() + (_CUT if self._more else "")
        return _whole(text)


class _Watched(Answers):
    """The same answers, and a clock.

    The alarm does not ring while a question is on its way: a reply that nobody waits for
    would be taken for that to the next question.
    """

    def __init__(self, answers: Answers, seconds: float) -> None:
        self._answers = answers
        self._seconds = seconds
        self._end = time.monotonic() + seconds
        self._quiet = False

    def last_cell_failed(self) -> bool:
        """Pass it on."""
        return self._answers.last_cell_failed()

    def written(self, cell: str) -> str:
        """Pass it on."""
        return self._answers.written(cell)

    def read_encoded(self, name: str) -> str:
        """Pass it on while there is time."""
        return self._pass_on(self._answers.read_encoded, name)

    def call_encoded(self, name: str, arguments: str) -> str:
        """Pass it on while there is time."""
        return self._pass_on(self._answers.call_encoded, name, arguments)

    def check(self) -> None:
        """Stop if the time is over."""
        if time.monotonic() > self._end:
            raise _OutOfTimeError

    @contextmanager
    def alarm(self) -> Iterator[None]:
        """Stop what runs inside when the time is over; only a main thread can be stopped."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = signal.signal(signal.SIGALRM, self._ring)
        try:
            signal.setitimer(signal.ITIMER_REAL, self._seconds, _AGAIN)
            try:
                yield
            finally:
                self._quiet = True
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)

    def _ring(self, _number: int, _frame: object) -> None:
        if not self._quiet:
            raise _OutOfTimeError

    def _pass_on(
        self, question: Callable[_Asked, _Read], *parts: _Asked.args, **named: _Asked.kwargs
    ) -> _Read:
        self.check()
        self._quiet = True
        try:
            return question(*parts, **named)
        finally:
            self._quiet = False
            self.check()


def _run(source: str) -> dict[str, Any] | None:
    """Execute a cell; return its last expression as it is shown, or nothing."""
    body, last = _compiled(source)
    names: dict[str, Any] = {"__name__": "__main__"}
    exec(body, names)  # noqa: S102 (the course's own)
    value = eval(last, names) if last else None  # noqa: S307
    if value is None:
        return None
    data, metadata = DisplayFormatter().format(value, include=_DISPLAYED)
    return {
        "output_type": "execute_result",
        "execution_count": 1,
        "data": {kind: _whole(str(text)) for kind, text in data.items()},
        "metadata": metadata,
    }


# The same few cells are run for every student.
@lru_cache(maxsize=256)
def _compiled(source: str) -> tuple[CodeType, CodeType | None]:
    """Return a cell, and by itself its last expression where IPython would show its value."""
    body = ast.parse(source, _CELL).body
    last = body[-1] if body else None
    if not isinstance(last, ast.Expr) or _is_hushed(source, last):
        return compile(ast.Module(body, []), _CELL, "exec", dont_inherit=True), None
    return (
        compile(ast.Module(body[:-1], []), _CELL, "exec", dont_inherit=True),
        compile(ast.Expression(last.value), _CELL, "eval", dont_inherit=True),
    )


def _is_hushed(source: str, last: ast.Expr) -> bool:
    """Tell whether a semicolon follows the last expression: then IPython shows no value."""
    line = source.splitlines()[(last.end_lineno or 1) - 1].encode()
    return line[last.end_col_offset :].lstrip().startswith(b";")


def _points(shown: dict[str, Any] | None, possible: float) -> float:
    """Return the points as nbgrader reads them from what is shown.

    What nbgrader takes for all points with a warning, a number below 0 or none at all, is
    a fault here.
    """
    if shown is None:
        return float(possible)
    plain = shown["data"].get("text/plain", "")
    if not plain:
        raise TestCellError("The test cell ends in a value that cannot be shown as text.")
    try:
        found = float(plain)
    except ValueError:
        return float(possible)
    if not 0 <= found <= possible:
        raise TestCellError(
            f"The test cell gives {found:g} points; this question is worth {possible:g}."
        )
    return found


def _for_the_student(error: AssertionError | AnswerError) -> str:
    """Return a message that was written for the student.

    That of a library may quote what was expected, as one that compares tables does.
    """
    frames = traceback.extract_tb(error.__traceback__)
    ours = isinstance(error, AnswerError) or (bool(frames) and frames[-1].filename == _CELL)
    return (encoding.readable(str(error), _MESSAGE_SHOWN) if ours else "") or _NOT_PASSED


def _described(error: BaseException) -> str:
    try:
        # A syntax error's own text names the place again.
        text = error.msg if isinstance(error, SyntaxError) else str(error)
        said = encoding.readable(text, _MESSAGE_SHOWN)
    except Exception:  # noqa: BLE001 (an error may itself be faulty)
        said = "(it has no readable message)"
    lines = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == _CELL
    ]
    if isinstance(error, SyntaxError) and error.filename == _CELL:
        lines = [error.lineno]
    if isinstance(error, TestCellError) and not lines:
        return said
    where = f" in line {lines[-1]}" if lines else ""
    return f"The test cell stops{where} with {type(error).__name__}: {said}"


def _error(name: str, message: str) -> dict[str, Any]:
    # Neither files nor lines of the cell: those would show the hidden tests.
    return {
        "output_type": "error",
        "ename": name,
        "evalue": message,
        "traceback": [f"{name}: {message}"],
    }


def _whole(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
