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


@pytest.fixture(name="lesson")
def _lesson(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A lesson of three pinned cells and one that is not."""
    cells = [
        nbformat.v4.new_code_cell(source, id=name, metadata={"tags": TAGS})
        for name, source in CALLS.items()
    ]
    cells.append(nbformat.v4.new_code_cell("1 + 1", id="loose"))
    notebook = nbformat.v4.new_notebook(
        cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    )
    file = tmp_path / "00-a.ipynb"
    nbformat.write(notebook, file)
    monkeypatch.setattr(running, "LESSONS", tmp_path)
    return file


def read(lesson: Path) -> dict[str, object]:
    return {cell["id"]: cell for cell in json.loads(lesson.read_text(encoding="utf-8"))["cells"]}


def compared(lesson: Path) -> subprocess.CompletedProcess[str]:
    """Let nbval compare the lesson as `make test` does."""
    command = ["-m", "pytest", "-q", "--nbval-lax", "--nbval-current-env", lesson.name]
    return subprocess.run(
        [sys.executable, *command], cwd=lesson.parent, capture_output=True, text=True, check=False
    )


def test_pinned_outputs_are_stored_and_nbval_finds_them_again(lesson: Path) -> None:
    assert pins.main([]) == 0

    cells = read(lesson)
    assert cells["printed"]["outputs"][0]["text"] == ["one\n", "two\n"]
    assert set(cells["value"]["outputs"][0]["data"]) <= set(pins.KEPT)
    assert (cells["loose"]["outputs"], cells["loose"]["execution_count"]) == ([], None)
    assert compared(lesson).returncode == 0


def test_pinning_again_changes_no_byte_and_the_form_is_the_houses(lesson: Path) -> None:
    pins.main([])
    first = lesson.read_text(encoding="utf-8")
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


def test_a_changed_output_is_noticed(lesson: Path) -> None:
    pins.main([])
    changed = lesson.read_text(encoding="utf-8").replace('"two\\n"', '"three\\n"')
    lesson.write_text(changed, encoding="utf-8")

    done = compared(lesson)
    assert "1 failed, 3 passed" in done.stdout
