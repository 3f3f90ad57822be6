"""The comparison with stock nbgrader itself: what it hands in, and that it sees what differs."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import differential
import pytest

from tests.checkout import ROOT, SOURCES, read_notebook, text
from volens.grading.notebooks import Notebook, cells, solutions
from volens.grading.rehearsal import answer_cell
from volens.grading.rubric import read_rubrics
from volens.grading.specimens import read_specimens

ASSIGNMENTS = [path.stem for path in SOURCES]


def handed_in(assignment: str) -> dict[str, Notebook]:
    released = read_notebook(ROOT / "assignments" / assignment / f"{assignment}.ipynb")
    return differential.class_of(assignment, released)


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_every_specimen_and_every_anchor_is_handed_in(assignment: str) -> None:
    there = {
        (grade_id, text(cell))
        for notebook in handed_in(assignment).values()
        for grade_id, cell in cells(notebook)
    }
    solved = solutions(read_notebook(ROOT / "source" / assignment / f"{assignment}.ipynb"))
    specimens = read_specimens(ROOT / "tests" / "marks" / f"{assignment}.toml")
    wanted = {
        (answer_cell(one.question), one.cell(solved[one.question]))
        for one in specimens
        if one.question in solved
    }
    wanted |= {(name, written) for one in specimens for name, written in one.written.items()}
    wanted |= {
        (rubric.question, anchor.text)
        for rubric in read_rubrics(ROOT / "source" / assignment / "rubric.toml")
        for anchor in rubric.anchors
    }

    assert len(wanted) >= len(specimens) * 0.9
    assert wanted - there == set()


def test_an_untouched_copy_and_the_instructors_own_answers_are_handed_in() -> None:
    found = handed_in("a3-consent")
    source = read_notebook(ROOT / "source" / "a3-consent" / "a3-consent.ipynb")
    own = {
        grade_id: text(cell)
        for grade_id, cell in cells(source)
        if cell["metadata"]["nbgrader"]["solution"]
    }

    released = read_notebook(ROOT / "assignments" / "a3-consent" / "a3-consent.ipynb")
    assert found["untouched"] == released
    filled = {name: text(cell) for name, cell in cells(found["instructors-own"])}
    assert {name: filled[name] for name in own} == own


def test_what_differs_or_is_missing_is_named() -> None:
    stock = {"grade / s01 / gates": (4.0, None), "student / s01": (None,), "grade / s02": (1,)}
    ours = {"grade / s01 / gates": (3.0, None), "student / s01": (None,), "grade / s03": (1,)}

    assert list(differential.differences(stock, ours)) == [
        "grade / s01 / gates: stock / volens: 4.0 / 3.0",
        "grade / s02: stock / volens: 1 / 'nothing'",
        "grade / s03: stock / volens: 'nothing' / 1",
    ]
    assert list(differential.differences(stock, deepcopy(stock))) == []


def output(**fields: object) -> dict[str, Any]:
    return {"output_type": "execute_result", "metadata": {}, "execution_count": 1, **fields}


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ([output(data={"text/plain": "4"})], [output(data={"text/plain": ["4"]})], True),
        ([output(data={}, execution_count=1)], [output(data={}, execution_count=7)], True),
        ([output(data={"text/plain": "4"})], [output(data={"text/plain": "5"})], False),
        (
            [output(data={"text/plain": "<A at 0x7f1>"})],
            [output(data={"text/plain": "<A at 0x2>"})],
            True,
        ),
        ([output(data={"text/plain": "4"})], [], False),
        (
            [
                {"output_type": "stream", "name": "stdout", "text": "a\n"},
                {"output_type": "stream", "name": "stdout", "text": ["b\n"]},
            ],
            [{"output_type": "stream", "name": "stdout", "text": ["a\n", "b\n"]}],
            True,
        ),
        (
            [{"output_type": "stream", "name": "stdout", "text": "a"}],
            [{"output_type": "stream", "name": "stderr", "text": "a"}],
            False,
        ),
        (
            [{"output_type": "error", "ename": "KeyError", "evalue": "1", "traceback": ["x"]}],
            [{"output_type": "error", "ename": "KeyError", "evalue": "2", "traceback": ["x"]}],
            False,
        ),
    ],
)
def test_outputs_are_compared_by_what_they_say(
    tmp_path: Path, one: list[Any], other: list[Any], *, alike: bool
) -> None:
    def read(name: str, outputs: list[Any]) -> dict[str, Any]:
        folder = tmp_path / name / "autograded" / "s01" / "a0"
        folder.mkdir(parents=True)
        cell = {"cell_type": "code", "id": "x", "metadata": {}, "source": "x", "outputs": outputs}
        (folder / "a0.ipynb").write_text(json.dumps({"cells": [cell]}), encoding="utf-8")
        return differential.notebooks(tmp_path / name, "a0")

    found = list(differential.differences(read("stock", one), read("ours", other)))

    assert (found == []) is alike
