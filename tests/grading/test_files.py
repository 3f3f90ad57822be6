"""Rubrics, specimens and damaged notebooks."""

import json
from pathlib import Path

import pytest

from tests.checkout import RELEASED, read_notebook
from volens.errors import AssignmentError
from volens.grading.notebooks import damage
from volens.grading.rubric import read_rubric
from volens.grading.specimens import Specimen, read_specimens

RUBRIC = """
assignment = "a0"
question = "essay-answer"
points = 4
[[criterion]]
id = "law"
title = "The law"
level = [{points = 4, description = "right"}, {points = 0, description = "wrong"}]
[[anchor]]
label = "strong"
text = "..."
why = "..."
marks = {law = 4}
"""
RELEASE = read_notebook(RELEASED[0])


def written(folder: Path, content: str) -> Path:
    file = folder / "file.toml"
    file.write_text(content, encoding="utf-8")
    return file


def test_a_rubric_is_read(tmp_path: Path) -> None:
    rubric = read_rubric(written(tmp_path, RUBRIC))

    assert rubric.criteria[0].points == 4
    assert rubric.anchors[0].marks == {"law": 4}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("points = 4\n[[", "points = 6\n[[", "add up to 4 points, but `points` says 6"),
        ("{points = 0", "{points = 4", "should fall from 4 to 0, each once"),
        ("{points = 0", "{points = 1", "should fall from 4 to 0"),
        ("{law = 4}", "{}", "one mark for each criterion"),
        ("{law = 4}", "{law = 3}", "a mark that `law` does not give"),
        ("title = ", "name = ", "the key `title` is missing"),
        ("[[anchor]]", "[[anchor]", "line"),
    ],
)
def test_a_rubric_that_does_not_add_up_is_refused(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    with pytest.raises(AssignmentError, match=message):
        read_rubric(written(tmp_path, RUBRIC.replace(old, new, 1)))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "the key `specimen` is missing"),
        ('[[specimen]]\nname = "x"', "missing"),
        ('[[specimen]]\nquestion = "x"\nname = "x"\nright = true\ncolour = 1', "colour"),
    ],
)
def test_a_specimen_with_a_wrong_key_is_refused(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(AssignmentError, match=message):
        read_specimens(written(tmp_path, content))


def test_a_specimen_starts_from_the_solution() -> None:
    specimen = Specimen("origin", "x", right=False, change={"C001": "b"}, drop=("C002",))

    assert specimen.cell({"C001": "a", "C002": "a", "C003": "a"}) == (
        "origin = {'C001': 'b', 'C003': 'a'}"
    )


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
