"""The proof of the marks holds for every assignment, and notices what it should notice."""

import marks
import pytest

from tests.checkout import SOURCES
from volens.grading.proof import mark, prove
from volens.grading.specimens import Specimen

TEST = """
import volens as vo

check = vo.checks.Check(vo.answers(), points=4, reread="lesson 3, section 2")
read = check.choices("gate", items=("V1", "V2"), allowed=("met", "not met"))
### BEGIN HIDDEN TESTS
check.compare(read, {"V1": "met", "V2": "not met"}, {"V1": "Who signed?", "V2": "When?"})
### END HIDDEN TESTS
check.score()
"""
ANSWER = 'gate = {"V1": "met", "V2": "not met"}'


def cell(grade_id: str, source: str, *, solution: bool) -> dict[str, object]:
    settings = {"grade_id": grade_id, "grade": not solution, "solution": solution}
    return {"cell_type": "code", "source": source, "metadata": {"nbgrader": settings}}


NOTEBOOK = {
    "cells": [
        cell("gate-answer", ANSWER, solution=True),
        cell("gate-test", TEST, solution=False),
    ]
}
WHOLE = (
    Specimen("gate", "capitals", "right", change={"V1": "MET"}),
    Specimen("gate", "hyphen", "right", change={"V2": "not-met"}),
    Specimen("gate", "late is early", "misconception", "When?", 2, change={"V2": "met"}),
    Specimen("gate", "slipped", "off-by-one", "Who", 0, change={"V1": "not met", "V2": "met"}),
    Specimen("gate", "one word", "hard-coded", "When?", all="met"),
    Specimen("gate", "empty", "unreadable", "no answer yet for: V1, V2", all=""),
)


@pytest.mark.parametrize("assignment", [path.stem for path in SOURCES])
def test_every_autograded_cell_is_proven(assignment: str) -> None:
    assert [proof for proof in marks.proofs(assignment) if proof.fault] == []


def faults(*specimens: Specimen) -> list[tuple[str, str]]:
    return [(proof.name, proof.fault) for proof in prove(NOTEBOOK, specimens) if proof.fault]


def test_a_whole_stock_of_answers_has_no_fault() -> None:
    assert faults(*WHOLE) == []


@pytest.mark.parametrize("place", range(len(WHOLE)))
def test_a_kind_that_is_not_there_is_a_gap(place: int) -> None:
    left = [one for index, one in enumerate(WHOLE) if index != place]

    assert any("no specimen" in name for name, _ in faults(*left))


@pytest.mark.parametrize(
    ("specimen", "fault"),
    [
        (Specimen("gate", "x", "right", change={"V1": "not met"}), "is right and earns only 2"),
        (Specimen("gate", "x", "misconception", "Who"), "is wrong and earns everything"),
        (
            Specimen("gate", "x", "misconception", "Who", 3, change={"V1": "not met"}),
            "should earn 3, earns 2",
        ),
        (Specimen("gate", "x", "misconception", change={"V1": "not met"}), "has no `says`"),
        (
            Specimen("gate", "x", "misconception", "Whose", change={"V1": "not met"}),
            'does not meet "Whose"',
        ),
        (Specimen("gates", "x", "misconception", "Who"), "stray"),
    ],
)
def test_a_specimen_that_is_marked_otherwise_is_a_fault(specimen: Specimen, fault: str) -> None:
    assert any(fault in found for _, found in faults(*WHOLE, specimen))


def test_a_reference_that_earns_too_little_is_a_fault() -> None:
    broken = {"cells": [cell("gate-answer", "gate = {}", solution=True), NOTEBOOK["cells"][1]]}

    assert any("earns too little" in proof.fault for proof in prove(broken, ()))


def test_marking_tells_what_was_right_and_where_to_read() -> None:
    found = mark(TEST, {"gate": 'gate = {"V1": "met", "V2": "met"}'}, {})

    assert found.score == 2
    assert 'V2: you wrote "met". When?' in found.printed
    assert "Right: V1." in found.printed
    assert "Read again: lesson 3, section 2." in found.printed


def test_an_answer_cell_that_ends_in_an_error_leaves_what_it_had() -> None:
    assert mark(TEST, {"gate": ANSWER + "\n1 / 0"}, {}).score == 4


def test_the_matrix_names_every_cell_and_what_is_missing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    shown = marks.matrix("a0", list(prove(NOTEBOOK, WHOLE[1:])))

    assert "gate-test" in shown
    assert "1 ok" in shown
