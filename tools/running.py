"""Run lessons from top to bottom, away from anybody's saved work. Other tools import this."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

CHECKOUT = Path(__file__).resolve().parents[1]
LESSONS = CHECKOUT / "lessons"
SECONDS_A_CELL = 120
QUIET = ["--Application.log_level=ERROR"]
"""For a kernel: no remark on how it is connected, which is local to this machine."""


class LessonError(RuntimeError):
    """A notebook that did not run to its end; the text says which cell stopped it, and how."""


def chosen(names: Sequence[str]) -> list[Path]:
    """Return the lessons that a person names, in order; all, where nothing is named.

    Parameters
    ----------
    names
        Beginnings of file names, such as ``05`` or ``05-weighing-the-reasons``.

    Raises
    ------
    SystemExit
        If a name fits no lesson; the text lists those there are.
    """
    there = sorted(LESSONS.glob("[0-9]*.ipynb"))
    for name in names:
        if not any(lesson.stem.startswith(name) for lesson in there):
            listed = ", ".join(lesson.stem for lesson in there)
            raise SystemExit(f"No lesson's name begins with {name!r}. There are: {listed}.")
    return [one for one in there if not names or one.stem.startswith(tuple(names))]


def run(lesson: Path, allowed: Sequence[str] = ()) -> NotebookNode:
    """Run a notebook in an empty folder, so that no kept entry shows in it.

    Parameters
    ----------
    lesson
        The file, which is not changed.
    allowed
        Names of errors that may stop a cell; the next cell runs all the same.

    Returns
    -------
    The notebook with its outputs, and without the state of widgets.

    Raises
    ------
    LessonError
        If a cell stops with any other error or takes too long, or the kernel ends.
    """
    notebook: NotebookNode = nbformat.read(lesson, as_version=4)
    begun: list[str] = []
    with (
        tempfile.TemporaryDirectory(prefix="volens-lesson-") as folder,
        tempfile.TemporaryFile() as aside,
    ):
        client = NotebookClient(
            notebook,
            kernel_name="python3",
            timeout=SECONDS_A_CELL,
            allow_error_names=list(allowed),
            store_widget_state=False,
            extra_arguments=QUIET,
            resources={"metadata": {"path": folder}},
            on_cell_execute=lambda **at: begun.append(at["cell"]["id"]),
        )
        try:
            # A kernel that ends may alarm with a complaint of its message library, on our stream.
            client.execute(stderr=aside)
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            raise LessonError(f"{lesson.name}, cell {begun[-1]}: {in_words(error)}") from error
    return notebook


def in_words(error: Exception) -> str:
    """Return in one line why a cell stopped."""
    if isinstance(error, CellExecutionError):
        return f"{error.ename}: {error.evalue}"
    if isinstance(error, CellTimeoutError):
        return f"not done after {SECONDS_A_CELL} seconds."
    return "the kernel ended, perhaps for want of memory."
