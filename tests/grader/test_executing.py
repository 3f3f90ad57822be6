"""Stock ``nbgrader autograde`` with this grader's engine, and the engine by itself."""

import json
from collections.abc import Iterator
from pathlib import Path

import nbformat
import nbgrader
import pytest
from jupyter_client.kernelspec import NoSuchKernel
from nbclient.exceptions import CellExecutionError, CellTimeoutError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.converters.base import NbGraderException
from traitlets.config import Config

from tests.grading.imagined_course import ASSIGNMENT, build, gates, hand_in
from volens.grader import executing, sandbox
from volens.grader.executing import Execute
from volens.grading.stock import Course, Outcome

SETTINGS = """
c.Autograde.autograde_preprocessors = [
    "volens.grader.executing.Execute",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
"""
RIGHT = gates("met", "not met", "not met")
FORGED = """\
import sys
import volens.checks
volens.checks.Check.score = lambda self: 6.0
get_ipython().input_transformers_cleanup.append(lambda lines: [*lines, "\\n6.0"])
get_ipython().displayhook = lambda value: print(6.0)
gates_table = {"V1": {"request": "nobody"}}"""


@pytest.fixture(name="root", scope="module")
def _root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The imagined course with this engine, released and handed in."""
    root = build(tmp_path_factory.mktemp("course"))
    with (root / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write(SETTINGS)
    Course(root).release(ASSIGNMENT)
    hours = 'hours = {"E1": "12", "E2": "5"}'
    hand_in(root, "honest", {"gates-table-answer": RIGHT, "hours-answer": hours})
    hand_in(root, "forger", {"gates-table-answer": FORGED, "hours-answer": hours})
    ended = "import os\nos._exit(0)"
    hand_in(root, "leaver", {"gates-table-answer": RIGHT, "hours-answer": ended})
    return root


@pytest.fixture(name="outcomes", scope="module")
def _outcomes(root: Path) -> dict[str, Outcome]:
    return {one.student: one for one in Course(root).autograde(ASSIGNMENT)}


@pytest.mark.parametrize(("student", "points"), [("honest", 8), ("forger", 2), ("leaver", 6)])
def test_stock_autograde_gets_the_marks_of_the_judge(
    student: str, points: float, outcomes: dict[str, Outcome]
) -> None:
    assert outcomes[student].points == points


def test_a_notebook_that_ends_python_is_marked_up_to_there(
    root: Path, outcomes: dict[str, Outcome]
) -> None:
    cells = _autograded(root, "leaver")

    assert cells["hours-answer"].outputs[0].ename == "KernelStopped"
    assert "had stopped" in cells["hours-test"].outputs[0].text


def test_outputs_are_numbered_as_their_cells(root: Path, outcomes: dict[str, Outcome]) -> None:
    cells = [cell for cell in _autograded(root, "honest").values() if cell.cell_type == "code"]

    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert [
        output.execution_count
        for cell in cells
        for output in cell.outputs
        if output.output_type == "execute_result"
    ] == [2, 4, 6]


def test_a_test_cell_that_a_student_adds_is_not_run_outside(
    root: Path, outcomes: dict[str, Outcome], tmp_path: Path
) -> None:
    settings = {"grade": True, "solution": False, "locked": True, "points": 5}
    added = new_code_cell(
        f"import volens as vo\nvo.answers()\nopen({str(tmp_path / 'written')!r}, 'w')",
        metadata={"nbgrader": {**settings, "grade_id": "added", "schema_version": 3}},
    )
    about = {
        "assignment": ASSIGNMENT,
        "db_url": f"sqlite:///{root / 'gradebook.db'}",
        "notebook": ASSIGNMENT,
        "student": "s01",
    }

    Execute().preprocess(new_notebook(cells=[added]), {"nbgrader": about})

    assert added.outputs[0].ename == "FileNotFoundError"
    assert list(tmp_path.iterdir()) == []


def _autograded(root: Path, student: str) -> dict[str, NotebookNode]:
    file = root / "autograded" / student / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    notebook = nbformat.read(file, as_version=4)  # type: ignore[no-untyped-call]
    return {cell.id: cell for cell in notebook.cells}


# The engine by itself


def run(*sources: str, folder: Path | None = None, **settings: object) -> list[NotebookNode]:
    """The cells after they have run with these settings of nbgrader."""
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    resources = {"metadata": {"path": str(folder)}} if folder else {}
    Execute(**settings).preprocess(notebook, resources)
    return list(notebook.cells)


def shown(cell: NotebookNode) -> object:
    """The value of a cell that ends in one."""
    return json.loads(cell.outputs[-1].data["text/plain"].replace("'", '"'))


def test_nbgrader_configures_it_as_its_own() -> None:
    config = Config({"Execute": {"timeout": 7, "limits": {"processes": 5}}})
    limits = Execute(config=config)._limits()

    assert (limits.cell_seconds, limits.processes) == (7, 5)


def test_a_long_time_for_a_cell_is_a_long_time_for_the_notebook() -> None:
    limits = Execute(timeout=600)._limits()

    assert (limits.cell_seconds, limits.submission_seconds, limits.cpu_seconds) == (600, 6000, 2400)


def test_without_a_timeout_a_cell_may_run_as_long_as_a_notebook() -> None:
    limits = Execute(timeout=None)._limits()

    assert limits.cell_seconds == limits.submission_seconds


@pytest.mark.parametrize(
    "endless",
    [
        "while True: pass",
        "import asyncio\nawait asyncio.sleep(999)",
        "import time\ntry:\n    time.sleep(999)\nexcept BaseException:\n    pass",
    ],
)
def test_a_cell_that_runs_on_is_interrupted_and_the_next_one_runs(endless: str) -> None:
    first, second = run(endless, "1 + 1", timeout=3)

    assert first.outputs[-1].ename == "CellTimeoutError"
    assert "No reply from kernel before timeout" in first.outputs[-1].traceback[0]
    assert shown(second) == 2


def test_without_interrupts_a_cell_that_runs_on_is_an_error() -> None:
    with pytest.raises(CellTimeoutError):
        run("while True: pass", timeout=1, interrupt_on_timeout=False)


def test_errors_can_be_forbidden() -> None:
    with pytest.raises(CellExecutionError, match="division by zero"):
        run("1 / 0", allow_errors=False)


def test_nbgraders_own_endless_flood_ends_and_stays_short() -> None:
    file = Path(nbgrader.__file__).parent / "tests/apps/files/infinite-loop-with-output.ipynb"
    notebook = nbformat.read(file, as_version=4)  # type: ignore[no-untyped-call]
    limits = {"output_bytes": 10_000}

    Execute(timeout=1, limits=limits).preprocess(notebook, {})

    (flooded,) = (cell for cell in notebook.cells if "while True" in cell.source)
    assert flooded.outputs[-1].ename == "CellTimeoutError"
    assert len(json.dumps(flooded)) < 20_000


def test_cells_can_be_skipped_but_their_old_outputs_do_not_stay() -> None:
    old = {"output_type": "stream", "name": "stdout", "text": "old"}
    skipped = new_code_cell("print('new')", outputs=[old], metadata={"tags": ["skip-execution"]})
    Execute().preprocess(new_notebook(cells=[new_markdown_cell("text"), skipped]), {})

    assert (skipped.outputs, skipped.execution_count) == ([], None)


# What lies beside a notebook


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    folder = tmp_path / "folder"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "table.csv").write_text("a\n1\n", encoding="utf-8")
    (folder / "helper.py").write_text("value = 3\n", encoding="utf-8")
    (folder / "other.ipynb").write_text("{}", encoding="utf-8")
    (folder / "link").symlink_to("/etc/hostname")
    return folder


def test_files_lie_beside_the_cells_but_notebooks_and_links_do_not(folder: Path) -> None:
    listed, imported = run(
        "import os\nsorted(os.path.join(place, name)[2:] for place, _, names in os.walk('.') "
        "for name in names)",
        "import helper\nhelper.value",
        folder=folder,
    )

    assert shown(listed) == ["data/table.csv", "helper.py", "notebook.ipynb"]
    assert shown(imported) == 3


def test_what_cells_write_is_not_kept(folder: Path) -> None:
    before = sorted(folder.rglob("*"))
    run("open('helper.py', 'w').close()\nopen('new', 'w').close()", folder=folder)

    assert sorted(folder.rglob("*")) == before
    assert (folder / "helper.py").read_text(encoding="utf-8") == "value = 3\n"


def test_what_was_handed_in_as_a_link_is_not_given_to_the_cells(tmp_path: Path) -> None:
    copied, submitted = tmp_path / "autograded", tmp_path / "submitted"
    for folder in (copied, submitted):
        (folder / "inner").mkdir(parents=True)
        (folder / "own.txt").write_text("own", encoding="utf-8")
    (copied / "inner" / "secret.txt").write_text("secret", encoding="utf-8")
    (submitted / "inner" / "secret.txt").symlink_to("/etc/hostname")

    found = executing._files(copied, submitted, Execute()._limits())

    assert found == {"own.txt": b"own"}


def test_too_much_beside_a_notebook_is_refused(folder: Path) -> None:
    with pytest.raises(NbGraderException, match="hold more than 10 bytes"):
        run("1", folder=folder, limits={"scratch_bytes": 20})


# What cannot be run


@pytest.fixture(name="kernels")
def _kernels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "kernels" / "other"
    folder.mkdir(parents=True)
    spec = {"argv": ["other"], "display_name": "Other", "language": "bash"}
    (folder / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))


def test_a_notebook_in_another_language_is_refused_by_name(kernels: None) -> None:
    with pytest.raises(NbGraderException) as refused:
        run("echo 1", kernel_name="other")

    assert str(refused.value) == (
        "This notebook is for the kernel `other` (bash), and only Python can be run in the "
        "sandbox. To run it unprotected, put nbgrader.preprocessors.Execute in the place of "
        "volens.grader.executing.Execute in c.Autograde.autograde_preprocessors."
    )


def test_an_unknown_kernel_is_the_error_that_it_is_in_nbgrader() -> None:
    with pytest.raises(NoSuchKernel):
        run("1", kernel_name="nothing")


@pytest.fixture(name="no_bubblewrap")
def _no_bubblewrap(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(executing, "_rooms", {})
    sandbox.walls.cache_clear()
    yield
    sandbox.walls.cache_clear()


def test_without_a_sandbox_nothing_is_run(no_bubblewrap: None) -> None:
    with pytest.raises(NbGraderException, match="There is no bubblewrap here"):
        run("1")


def test_notebooks_share_a_warm_process_and_nothing_else(tmp_path: Path) -> None:
    run("kept = 1\nopen('/tmp/kept', 'w').close()")
    room = executing._room(sandboxed=True)
    (cell,) = run("import os\n['kept' in globals(), os.path.exists('/tmp/kept')] == [False] * 2")

    assert cell.outputs[-1].data["text/plain"] == "True"
    assert executing._room(sandboxed=True) is room
