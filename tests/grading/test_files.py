"""Specimens and damaged notebooks."""

import ast
import json
from pathlib import Path

import pytest

from tests.checkout import RELEASED, read_notebook
from volens.errors import AssignmentError
from volens.grading.notebooks import damage
from volens.grading.specimens import Specimen, read_specimens

RELEASE = read_notebook(RELEASED[0])


def written(folder: Path, content: str) -> Path:
    file = folder / "file.toml"
    file.write_text(content, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "the key `specimen` is missing"),
        ('[[specimen]]\nname = "x"', "missing"),
        ('[[specimen]]\nquestion = "x"\nname = "x"\nkind = "right"\ncolour = 1', "colour"),
        ('[[specimen]]\nquestion = "x"\nname = "x"\nkind = "good"', "of the kind `good`"),
    ],
)
def test_a_specimen_with_a_wrong_key_is_refused(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(AssignmentError, match=message):
        read_specimens(written(tmp_path, content))


def test_a_specimen_starts_from_the_solution() -> None:
    specimen = Specimen("origin", "x", "misconception", change={"C001": "b"}, drop=("C002",))

    assert specimen.cell({"C001": "a", "C002": "a", "C003": "a"}) == (
        "origin = {'C001': 'b', 'C003': 'a'}"
    )


TABLE = {"V1": {"gate": "met", "why": "asked"}, "V2": {"gate": "met", "why": "asked"}}


@pytest.mark.parametrize(
    ("specimen", "cell"),
    [
        (
            Specimen("gates", "x", "misconception", change={"V2: gate": "not met"}),
            {**TABLE, "V2": {"gate": "not met", "why": "asked"}},
        ),
        (Specimen("gates", "x", "unreadable", drop=("V1",)), {"V2": TABLE["V2"]}),
        (
            Specimen("gates", "x", "unreadable", drop=("V1: why",)),
            {**TABLE, "V1": {"gate": "met"}},
        ),
        (
            Specimen("gates", "x", "hard-coded", all="met"),
            {row: {"gate": "met", "why": "met"} for row in TABLE},
        ),
    ],
)
def test_in_a_table_a_specimen_changes_cells(specimen: Specimen, cell: dict[str, object]) -> None:
    assert ast.literal_eval(specimen.cell(TABLE).removeprefix("gates = ")) == cell
    assert TABLE["V2"]["gate"] == "met"


def test_a_notebook_as_released_has_no_damage(tmp_path: Path) -> None:
    file = tmp_path / "a1.ipynb"
    file.write_text(json.dumps(RELEASE), encoding="utf-8")

    assert damage(file, RELEASE) is None


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "unreadable-notebook"),
        ("[]", "unreadable-notebook"),
        ('{"cells": 3}', "unreadable-notebook"),
        ('{"cells": []}', "graded-cell-missing"),
        (json.dumps(RELEASE | {"cells": RELEASE["cells"] * 2}), "graded-cell-twice"),
    ],
)
def test_damage_is_named(tmp_path: Path, content: str, reason: str) -> None:
    file = tmp_path / "a1.ipynb"
    file.write_text(content, encoding="utf-8")
    found = damage(file, RELEASE)

    assert found
    assert found.reason == reason
    assert "a1.ipynb" in found.message


def test_a_file_that_is_not_there_is_unreadable(tmp_path: Path) -> None:
    found = damage(tmp_path / "none.ipynb", RELEASE)

    assert found
    assert found.reason == "unreadable-notebook"


def test_a_file_that_is_not_text_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "a1.ipynb").write_bytes(b"\xff\xfe\x00")
    found = damage(tmp_path / "a1.ipynb", RELEASE)

    assert found
    assert found.reason == "unreadable-notebook"
