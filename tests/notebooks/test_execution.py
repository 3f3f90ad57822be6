"""Notebooks run from top to bottom, without a word on the error stream."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tests.checkout import LESSONS, RELEASED, SOURCES


def run(file: Path, folder: Path) -> nbformat.NotebookNode:
    """Run a notebook as a student does; only an unwritten function may stop a cell."""
    notebook = nbformat.read(file, as_version=4)
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=60,
        allow_error_names=["NotImplementedError"],
        resources={"metadata": {"path": str(folder)}},
    )
    return client.execute()


@pytest.mark.parametrize(
    "file",
    [*LESSONS, *SOURCES, *RELEASED],
    ids=lambda file: str(file.parent.name + "/" + file.stem),
)
def test_a_notebook_runs_and_nothing_is_on_the_error_stream(file: Path, tmp_path: Path) -> None:
    outputs = [output for cell in run(file, tmp_path).cells for output in cell.get("outputs", ())]

    assert [out["text"] for out in outputs if out.get("name") == "stderr"] == []
    assert any(out["output_type"] == "execute_result" for out in outputs)
