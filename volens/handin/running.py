"""Run a student's answers and their visible checks, away from the student's file.

Where a program can be started, the cells run in a Python of their own, in a temporary folder that
holds a copy of the notebook: a loop without end is stopped, and nothing in the student's folder
can be written. In the browser (Pyodide) no program can be started; there they run in place.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import subprocess
import sys
import tempfile
import traceback
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from volens.checks import Score
from volens.handin.mending import Failure

__all__ = ["LIMIT", "Job", "Outcome", "each", "run"]

#: Seconds for all cells together. What does not end is left out, and the rest runs once more.
LIMIT = 30
_TRIES = 2
#: Characters of what a cell prints, and of a value, that are kept.
_LONGEST = 20_000
_NO_CELL = Failure("NotRun", "")


@dataclass(frozen=True)
class Job:
    """A cell to run.

    Attributes
    ----------
    key
        Its id, or a name for a cell of the student's own.
    source
        Its text.
    test
        Whether its last line is the number of a check.
    """

    key: str
    source: str
    test: bool = False


@dataclass(frozen=True)
class Outcome:
    """How a cell ended.

    Attributes
    ----------
    key
        The key of its :class:`Job`.
    printed
        What it printed, as lines.
    failure
        Its error, if it ended in one.
    complete
        Of a test: whether it gave full marks, which in a student's copy are for the form alone.
    values
        Of an answer: the names to which it gives plain data, with these.
    """

    key: str
    printed: tuple[str, ...] = ()
    failure: Failure | None = None
    complete: bool = False
    values: Mapping[str, Any] = field(default_factory=dict)


def run(
    jobs: Sequence[Job], notebook: bytes, name: str, *, limit: float = LIMIT
) -> dict[str, Outcome]:
    """Run cells in order, in one set of names, and say how each ended.

    Parameters
    ----------
    jobs
        The cells. One that begins with ``%`` or ``!`` speaks to Jupyter and is left out.
    notebook, name
        What to lay into the temporary folder: a check may look for the saved notebook.
    limit
        Seconds after which the cells are stopped.

    Returns
    -------
    The outcome of each cell by its key; none of a cell that was not reached.
    """
    with tempfile.TemporaryDirectory(prefix="volens-", ignore_cleanup_errors=True) as folder:
        (Path(folder) / name).write_bytes(notebook)
        if sys.platform == "emscripten" or not sys.executable:
            with contextlib.chdir(folder), _without_jupyter():
                return {one.key: one for one in each(jobs) if one.failure != _NO_CELL}
        return _in_a_child(jobs, folder, limit)


def each(jobs: Iterable[Job]) -> Iterator[Outcome]:
    """Run cells here. Each is announced, as not run, before it begins, and told when it ended."""
    names: dict[str, Any] = {"__name__": "__main__"}
    exec("import volens as vo", names)  # noqa: S102 (as the first cell of every assignment)
    for job in jobs:
        if not job.source.lstrip().startswith(("%", "!")):
            yield Outcome(job.key, failure=_NO_CELL)
            yield _ended(job, names)


def _ended(job: Job, names: dict[str, Any]) -> Outcome:
    printed = _Short()
    failure, result = None, None
    with (
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(_Short()),
        warnings.catch_warnings(action="ignore"),
        _without_a_keyboard(),
    ):
        try:
            result = _execute(job, names)
        except (Exception, SystemExit) as error:  # noqa: BLE001 (whatever a student's cell may raise)
            failure = _failure(error, job.key)
    lines = tuple(line for line in printed.getvalue().splitlines() if line.strip())
    complete = isinstance(result, Score) and result >= result.possible
    return Outcome(job.key, lines, failure, complete, {} if job.test else _plain(job, names))


def _execute(job: Job, names: dict[str, Any]) -> object:
    tree = ast.parse(job.source)
    last = tree.body.pop() if job.test and tree.body else None
    exec(compile(tree, _file(job.key), "exec"), names)  # noqa: S102 (the student's own cell)
    if last is None:
        return None
    if isinstance(last, ast.Expr):
        return eval(compile(ast.Expression(last.value), _file(job.key), "eval"), names)  # noqa: S307
    exec(compile(ast.Module([last], []), _file(job.key), "exec"), names)  # noqa: S102
    return None


def _file(key: str) -> str:
    return f"<cell {key}>"


def _failure(error: BaseException, key: str) -> Failure:
    if isinstance(error, SyntaxError):
        return Failure("SyntaxError", str(error.msg), error.lineno or 0)
    try:
        message = str(error)[:_LONGEST]
    except Exception:  # noqa: BLE001 (a student's error may itself be faulty)
        message = ""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [one.lineno for one in frames if one.filename == _file(key)]
    return Failure(type(error).__name__, message, (lines[-1] or 0) if lines else 0)


def _plain(job: Job, names: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the cell gave its names, as far as it is plain data of a fair size."""
    found = {}
    with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
        for node in ast.walk(ast.parse(job.source)):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id in names:
                with contextlib.suppress(Exception):
                    text = json.dumps(names[node.id])
                    if len(text) <= _LONGEST:
                        found[node.id] = json.loads(text)
    return found


class _Short(io.StringIO):
    """What is printed, up to a length: a loop may print without end."""

    def write(self, text: str) -> int:
        if self.tell() < _LONGEST:
            super().write(text[: _LONGEST - self.tell()])
        return len(text)


@contextlib.contextmanager
def _without_a_keyboard() -> Iterator[None]:
    """Let ``input()`` end in an error: nobody is there to type."""
    keyboard, sys.stdin = sys.stdin, io.StringIO()
    try:
        yield
    finally:
        sys.stdin = keyboard


@contextlib.contextmanager
def _without_jupyter() -> Iterator[None]:
    """Hide Jupyter from the checks: the cell that it ran last is none of those run here."""
    jupyter = sys.modules.pop("IPython", None)
    try:
        yield
    finally:
        if jupyter is not None:
            sys.modules["IPython"] = jupyter


def _in_a_child(jobs: Sequence[Job], folder: str, limit: float) -> dict[str, Outcome]:
    known: dict[str, Outcome] = {}
    stopped: dict[str, Outcome] = {}
    for _ in range(_TRIES):
        lines, in_time = _child([job for job in jobs if job.key not in stopped], folder, limit)
        told = [_read(line) for line in lines]
        known = {one.key: one for one in told if one.failure != _NO_CELL}
        running = next((one.key for one in told if one.key not in known), None)
        if running is None:
            break
        end = Failure("Gone", "") if in_time else Failure("Endless", f"{limit:g}")
        stopped[running] = Outcome(running, failure=end)
    return {**known, **stopped}


def _child(jobs: Sequence[Job], folder: str, limit: float) -> tuple[list[str], bool]:
    """Return the lines that a Python of its own told, and whether it ended in time."""
    asked = json.dumps([{"key": job.key, "source": job.source, "test": job.test} for job in jobs])
    program = [sys.executable, "-m", "volens.handin"]
    try:
        ended = subprocess.run(  # noqa: S603 (our own program; the cells are data to it)
            program,
            input=asked.encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            timeout=limit,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        return _whole_lines(late.stdout), False
    return _whole_lines(ended.stdout), True


def _whole_lines(told: bytes | None) -> list[str]:
    *whole, _ = (told or b"").decode("utf-8", "replace").split("\n")
    return whole


def _read(line: str) -> Outcome:
    data = json.loads(line)
    failure = Failure(**data["failure"]) if data["failure"] else None
    return replace(Outcome(**data), printed=tuple(data["printed"]), failure=failure)
