"""A class marked by stock nbgrader, and a PostgreSQL: both take seconds to make."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.grader import gates_class
from tests.grader.marked_by_stock import Stage, play
from tests.grader.postgresql import PostgreSQL, postgresql


@pytest.fixture(name="marked_course", scope="session")
def _marked_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of that class; it is filled once `stages` was asked for."""
    return tmp_path_factory.mktemp("marked")


@pytest.fixture(name="stages", scope="session")
def _stages(marked_course: Path) -> Mapping[str, Stage]:
    """Its gradebook, step by step. Copy one before you change it."""
    return play(marked_course)


@pytest.fixture(name="server", scope="session")
def _server() -> Iterator[PostgreSQL]:
    """A server for everybody. Whoever stops it starts it again."""
    with postgresql() as server:
        yield server


@pytest.fixture(name="gates_class_once", scope="session")
def _gates_class_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A released course in which a few have handed in. Copy it before you change it."""
    return gates_class.build_class(tmp_path_factory.mktemp("gates"))


@pytest.fixture(name="course")
def _course(gates_class_once: Path, tmp_path: Path) -> Path:
    """A copy of that course, to change."""
    root = tmp_path / "course"
    shutil.copytree(gates_class_once, root, symlinks=True)
    return root
