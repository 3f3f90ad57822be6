"""Pinned outputs: stored in one form, compared by nbval, and nothing else is stored."""

import json
import subprocess
import sys
from pathlib import Path

import bench_lessons
import nbformat
import pins
import pytest
import running

TAGS = sorted(pins.TAGS)
CALLS = {
    "printed": "print('one')\nprint('two')",
    "value": "import volens as vo\nvo.MET",
    "table": "vo.sources().index[:3].to_list()",
}


def written(folder: Path, patch: pytest.MonkeyPatch) -> Path:
    """A lesson of three pinned cells and one that is not, in place of the lessons."""
    cells = [
        nbformat.v4.new_code_cell(source, id=name, metadata={"tags": TAGS})
        for name, source in CALLS.items()
    ]
    cells.append(nbformat.v4.new_code_cell("1 + 1", id="loose"))
    notebook = nbformat.v4.new_notebook(
        cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    )
    file = folder / "00-a.ipynb"
    nbformat.write(notebook, file)
    patch.setattr(running, "LESSONS", folder)
    return file


@pytest.fixture(name="lesson")
def _lesson(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return written(tmp_path, monkeypatch)


@pytest.fixture(name="first", scope="module")
def _first(tmp_path_factory: pytest.TempPathFactory) -> str:
    """That lesson after its outputs were stored once."""
    with pytest.MonkeyPatch.context() as patch:
        file = written(tmp_path_factory.mktemp("pinned"), patch)
        assert pins.main([]) == 0
        return file.read_text(encoding="utf-8")


def read(lesson: Path) -> dict[str, object]:
    return {cell["id"]: cell for cell in json.loads(lesson.read_text(encoding="utf-8"))["cells"]}


def compared(lesson: Path) -> subprocess.CompletedProcess[str]:
    """Let nbval compare the lesson as `make test` does."""
    command = ["-m", "pytest", "-q", "--nbval-lax", "--nbval-current-env", lesson.name]
    return subprocess.run(
        [sys.executable, *command], cwd=lesson.parent, capture_output=True, text=True, check=False
    )


def test_pinned_outputs_are_stored_and_nbval_finds_them_again(lesson: Path, first: str) -> None:
    lesson.write_text(first, encoding="utf-8")

    cells = read(lesson)
    assert cells["printed"]["outputs"][0]["text"] == ["one\n", "two\n"]
    assert set(cells["value"]["outputs"][0]["data"]) <= set(pins.KEPT)
    assert (cells["loose"]["outputs"], cells["loose"]["execution_count"]) == ([], None)


def test_pinning_again_changes_no_byte_and_the_form_is_the_houses(lesson: Path, first: str) -> None:
    lesson.write_text(first, encoding="utf-8")
    pins.main([])

    notebook = json.loads(first)
    assert first == lesson.read_text(encoding="utf-8")
    assert first == json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


@pytest.mark.parametrize(
    "output",
    [
        {"output_type": "display_data", "data": {"image/png": "", "text/plain": "a"}},
        {"output_type": "stream", "name": "stderr", "text": "late"},
        {"output_type": "error", "ename": "NameError"},
    ],
)
def test_what_cannot_be_compared_is_refused_with_the_way_out(output: dict[str, object]) -> None:
    with pytest.raises(SystemExit, match=r"00-a, cell b: a pinned cell gives text.*off the cell"):
        pins.stored(output, "00-a, cell b")


def test_while_lessons_are_measured_no_address_but_this_machines_answers() -> None:
    program = (
        f"{bench_lessons.STARTUP}\nimport socket\n"
        "try: socket.create_connection(('192.0.2.1', 80))\n"
        "except OSError as error: print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout == "No network while lessons are measured: 192.0.2.1\n"


def test_a_lesson_that_fails_is_named_with_its_cell_and_is_not_changed(
    lesson: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = lesson.read_text(encoding="utf-8").replace("vo.MET", "vo.MAT")
    lesson.write_text(broken, encoding="utf-8")

    assert pins.main([]) == 1
    assert "00-a.ipynb, cell value: AttributeError: " in capsys.readouterr().err
    assert lesson.read_text(encoding="utf-8") == broken


def test_a_kernel_that_is_killed_is_named_with_its_cell(lesson: Path) -> None:
    killed = lesson.read_text(encoding="utf-8").replace(
        "vo.MET", "import os; os.kill(os.getpid(), 9)"
    )
    lesson.write_text(killed, encoding="utf-8")

    with pytest.raises(running.LessonError, match=r"^00-a\.ipynb, cell value: the kernel ended"):
        running.run(lesson)


def test_nbval_finds_the_outputs_again_and_notices_one_that_is_changed(
    lesson: Path, first: str
) -> None:
    changed = first.replace('"two\\n"', '"three\\n"')
    lesson.write_text(changed, encoding="utf-8")

    done = compared(lesson)
    assert "1 failed, 3 passed" in done.stdout
