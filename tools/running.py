"""Run lessons from top to bottom, away from anybody's saved work. Other tools import this."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

CHECKOUT = Path(__file__).resolve().parents[1]
LESSONS = CHECKOUT / "lessons"
SECONDS_A_CELL = 120


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


def run(lesson: Path) -> NotebookNode:
    """Run a notebook in an empty folder, so that no kept entry shows in it.

    Parameters
    ----------
    lesson
        The file, which is not changed.

    Returns
    -------
    The notebook with its outputs, and without the state of widgets.
    """
    notebook: NotebookNode = nbformat.read(lesson, as_version=4)
    with tempfile.TemporaryDirectory(prefix="volens-lesson-") as folder:
        NotebookClient(
            notebook,
            kernel_name="python3",
            timeout=SECONDS_A_CELL,
            store_widget_state=False,
            extra_arguments=["--Application.log_level=ERROR"],  # no remark on the local transport
            resources={"metadata": {"path": folder}},
        ).execute()
    return notebook
