"""nbgrader's ``Execute`` with this grader's engine, for stock ``nbgrader autograde``.

In ``nbgrader_config.py`` it takes the place of nbgrader's own::

    c.Autograde.autograde_preprocessors = [
        "volens.grader.executing.Execute",
        "nbgrader.preprocessors.IgnorePattern",
        "nbconvert.preprocessors.ClearMetadataPreprocessor",
        "nbgrader.preprocessors.LimitOutput",
        "nbgrader.preprocessors.SaveAutoGrades",
        "nbgrader.preprocessors.AssignLatePenalties",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]

Then the command, the API and formgrader's button run student code in the sandbox. All else
about them stays nbgrader's own: one submission after another, and what its other steps
refuse, they refuse.
"""

from __future__ import annotations

import atexit
import os
import platform
import stat
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpecManager
from nbclient.exceptions import CellExecutionError, CellTimeoutError
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import Execute as StockExecute
from traitlets import Bool, Dict

from volens.errors import SandboxError
from volens.grader.kernel import Room
from volens.grader.limits import Limits
from volens.grader.register.templates import read_templates
from volens.grader.sitting import Sitting
from volens.grader.template import Template

__all__ = ["Execute"]

_NATIVE = frozenset({"python", NATIVE_KERNEL_NAME})
_TIMEOUT = "CellTimeoutError"
_LANGUAGE = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
    "version": platform.python_version(),
}


class Execute(StockExecute):  # type: ignore[misc] # nbgrader has no types
    """Run a submission's cells in the sandbox, and its test cells where they belong.

    Test cells that read through ``volens.answers()`` run outside the sandbox; others run
    beside the student's code, which can then say what it likes. A test cell is what the
    gradebook has under its id, whatever the submitted file says.

    nbgrader's settings hold: ``timeout`` (a longer one than usual also allows the whole
    notebook more), ``interrupt_on_timeout``, ``error_on_timeout``, ``allow_errors``. Those
    about the connection to a kernel have nothing to act on. Notebooks run with the Python
    and the packages of this environment; what student code writes into its folder is not
    kept.
    """

    limits = Dict(
        help="How far student code may go, by the names in volens.grader.limits.Limits, "
        'such as {"memory": 2 * 1024**3}.'
    ).tag(config=True)

    sandboxed = Bool(
        True,  # noqa: FBT003 (traitlets takes it so)
        help="Whether student code is shut in. Without that it can do whatever you can.",
    ).tag(config=True)

    def preprocess(
        self,
        nb: NotebookNode,
        resources: Any = None,  # noqa: ANN401 (nbconvert's own)
        km: object = None,  # noqa: ARG002 (nbconvert's own)
    ) -> tuple[NotebookNode, Any]:
        """Run a notebook; outputs are put into its cells.

        Parameters
        ----------
        nb
            The notebook, with the tests in it.
        resources
            What nbgrader says of it: whose it is, and where it lies.
        km
            Not used: no kernel is started.

        Raises
        ------
        NbGraderException
            If there is no sandbox, if the notebook is not in Python, or if more lies beside
            it than can be given to it.
        """
        self._check_language(nb)
        resources = {} if resources is None else resources
        limits = self._limits()
        about = resources.get("nbgrader", {})
        template = _template(about)
        path = resources.get("metadata", {}).get("path")
        files = _files(Path(path), self._submitted(about), limits) if path else {}
        sitting = Sitting(nb, template, limits)
        try:
            with _lock:
                sitting.sit(_room(sandboxed=self.sandboxed), files)
        except SandboxError as error:
            # The next notebook shall not suffer for it.
            _close()
            raise self._refused(str(error)) from None
        nb.metadata["language_info"] = dict(_LANGUAGE)
        self._tell(sitting)
        self._settle(nb, sitting, limits)
        return nb, resources

    def _limits(self) -> Limits:
        """Return the limits that hold, with nbgrader's own limit of time for a cell."""
        usual = Limits()
        timeout = self.timeout if self.timeout and self.timeout > 0 else None
        longer = max(1.0, (timeout or 0) / usual.cell_seconds)
        whole = usual.submission_seconds * longer
        found = replace(
            usual,
            cell_seconds=timeout or whole,
            submission_seconds=whole,
            cpu_seconds=round(usual.cpu_seconds * longer),
        )
        return Limits.from_data({**found.as_data(), **self.limits})

    def _check_language(self, nb: NotebookNode) -> None:
        name = self.kernel_name or nb.metadata.get("kernelspec", {}).get("name", "python")
        if name in _NATIVE:
            return
        # As in nbgrader, an unknown kernel is an error of jupyter_client's own.
        language = KernelSpecManager().get_kernel_spec(name).language
        if language.lower() != "python":
            raise self._refused(
                f"This notebook is for the kernel `{name}` ({language}), and only Python can be "
                "run in the sandbox. To run it unprotected, put nbgrader.preprocessors.Execute "
                "in the place of volens.grader.executing.Execute in "
                "c.Autograde.autograde_preprocessors."
            )

    def _refused(self, message: str) -> NbGraderException:
        self.log.error(message)
        return NbGraderException(message)

    def _submitted(self, about: Mapping[str, str]) -> Path | None:
        """Return the folder that was handed in, where whoever calls knows of it."""
        course = getattr(getattr(self.parent, "parent", None), "coursedir", None)
        if course is None or not about:
            return None
        folder = course.submitted_directory
        return Path(course.format_path(folder, about["student"], about["assignment"]))

    def _tell(self, sitting: Sitting) -> None:
        for stop in sitting.stops:
            if stop.code != "cell-time":
                self.log.warning("%s The marks before that stand. Look at the rest.", stop.message)
        for cell, fault in sitting.faults.items():
            self.log.error("The test cell %s could not be run as it is: %s", cell, fault)

    def _settle(self, nb: NotebookNode, sitting: Sitting, limits: Limits) -> None:
        """Do with errors as nbgrader's settings say."""
        late = any(stop.code == "cell-time" for stop in sitting.stops)
        for cell in nb.cells:
            for output in cell.get("outputs", ()):
                if output.output_type != "error":
                    continue
                if late and output.ename == _TIMEOUT:
                    if not self.interrupt_on_timeout:
                        raise CellTimeoutError.error_from_timeout_and_cell(
                            "Cell execution timed out", round(limits.cell_seconds), cell
                        )
                    output.update(self.error_on_timeout or {})
                elif self._is_fatal(cell):
                    raise CellExecutionError.from_cell_and_msg(cell, dict(output))

    def _is_fatal(self, cell: NotebookNode) -> bool:
        if self.force_raise_errors:
            return True
        return not (self.allow_errors or "raises-exception" in cell.metadata.get("tags", ()))


_lock = threading.Lock()
_rooms: dict[tuple[int, bool], Room] = {}


def _room(*, sandboxed: bool) -> Room:
    """Return the warm room of this process, or start it."""
    key = (os.getpid(), sandboxed)
    room = _rooms.get(key)
    if room is None or not room.is_open:
        room = _rooms[key] = Room(sandboxed=sandboxed)
    return room


@atexit.register
def _close() -> None:
    for (process, _), room in _rooms.items():
        if process == os.getpid():
            room.close()
    _rooms.clear()


def _template(about: Mapping[str, str]) -> Template:
    """Return what the gradebook knows of a notebook; nothing where nobody says which it is."""
    if not about:
        return Template("", "notebook", (), {}, {})
    with Gradebook(about["db_url"]) as gradebook:
        assignment = gradebook.find_assignment(about["assignment"])
        released: dict[str, dict[str, Any]] = {
            notebook.name: {"cells": []} for notebook in assignment.notebooks
        }
        connection = gradebook.db.connection()
        return read_templates(connection, assignment.name, released)[about["notebook"]]


def _files(folder: Path, submitted: Path | None, limits: Limits) -> dict[str, bytes]:
    """Return what lies beside a notebook and may be given to it.

    Notebooks are left out: nbgrader has put the tests back into them.

    Raises
    ------
    NbGraderException
        If that is more than the private folder holds.
    """
    # The other half is for what the notebook writes.
    most = limits.scratch_bytes // 2
    left = most
    found: dict[str, bytes] = {}
    for path in _plain_files(folder):
        inside = path.relative_to(folder)
        if path.suffix == ".ipynb" or (submitted and _is_linked(submitted, inside)):
            continue
        with path.open("rb") as file:
            content = file.read(left + 1)
        left -= len(content)
        if left < 0:
            raise NbGraderException(
                f"The files beside the notebook in {folder} hold more than {most:,} bytes, which "
                "is all that is given to student code. Take out what it does not need, or raise "
                '`c.Execute.limits = {"scratch_bytes": ...}`.'
            )
        found[inside.as_posix()] = content
    return found


def _plain_files(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(place, name)
            if stat.S_ISREG(path.lstat().st_mode):
                yield path


def _is_linked(submitted: Path, inside: Path) -> bool:
    """Tell whether a file was handed in as a link, whose target nbgrader has copied."""
    places = [submitted / part for part in (inside, *inside.parents) if part != Path()]
    return any(place.is_symlink() for place in places)
