"""Notebooks run from top to bottom, without a word on the error stream."""

from pathlib import Path

import pytest
import running

from tests.checkout import LESSONS, RELEASED, SOURCES


@pytest.mark.parametrize(
    "file",
    [*LESSONS, *SOURCES, *RELEASED],
    ids=lambda file: str(file.parent.name + "/" + file.stem),
)
def test_a_notebook_runs_and_nothing_is_on_the_error_stream(file: Path) -> None:
    """Only a function that a student has not written yet may stop a cell."""
    cells = running.run(file, allowed=["NotImplementedError"]).cells
    outputs = [(cell.id, output) for cell in cells for output in cell.get("outputs", ())]

    assert [(id_, out["text"]) for id_, out in outputs if out.get("name") == "stderr"] == []
    assert any(out["output_type"] == "execute_result" for _, out in outputs)
