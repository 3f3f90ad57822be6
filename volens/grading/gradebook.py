"""Where a course keeps things, as its ``nbgrader_config.py`` says, and its gradebook."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import SAWarning
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from volens.errors import GradingError

__all__ = [
    "configuration",
    "coursedir",
    "gradebook",
    "programs_found",
    "quietly",
    "submissions",
]

_SQLITE = "sqlite:///"


def configuration(root: Path) -> Config:
    """Return what nbgrader is told of a course.

    Parameters
    ----------
    root
        The folder with ``nbgrader_config.py``.

    Raises
    ------
    GradingError
        If the folder is not the root of a course.
    """
    root = root.resolve()
    if not (root / "nbgrader_config.py").is_file():
        raise GradingError(
            f"{root} is not a course: it has no nbgrader_config.py. "
            "Go to the folder that has one, or name it with --course."
        )
    config: Config = PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
    config.CourseDirectory.root = str(root)
    return config


def coursedir(root: Path) -> CourseDirectory:
    """Return the folders of a course; see :func:`configuration`."""
    return CourseDirectory(config=configuration(root))


@contextmanager
def quietly() -> Iterator[None]:
    """Keep back a warning of the database library about how nbgrader builds its rows.

    The rows are complete all the same; a test compares them.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Object of type", category=SAWarning)
        yield


@contextmanager
def programs_found() -> Iterator[None]:
    """Let nbgrader find the programs of this environment: it calls ``alembic`` by name."""
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])
    try:
        yield
    finally:
        os.environ["PATH"] = before


@contextmanager
def gradebook(root: Path) -> Iterator[Gradebook]:
    """Open the gradebook of a course; what was not committed at the end is forgotten.

    Raises
    ------
    GradingError
        If there is no gradebook yet.
    """
    url = coursedir(root).db_url
    # nbgrader would make an empty one, and everybody would then be unknown.
    if url.startswith(_SQLITE) and not Path(url.removeprefix(_SQLITE)).is_file():
        raise GradingError(
            f"{url.removeprefix(_SQLITE)} is missing: no class was marked here yet. "
            "Release, collect and autograde first."
        )
    with quietly():
        opened = Gradebook(url)
        try:
            yield opened
        finally:
            opened.db.rollback()
            opened.close()


def submissions(root: Path, assignment: str) -> dict[str, Path]:
    """Return who handed in an assignment, with the notebook: student's id to file.

    Whoever handed in a folder without the notebook is there too; the file is then missing.
    """
    directory = coursedir(root)
    folder = Path(directory.root) / directory.submitted_directory
    return {
        path.parent.name: path / f"{assignment}.ipynb"
        for path in sorted(folder.glob(f"*/{assignment}"))
    }
