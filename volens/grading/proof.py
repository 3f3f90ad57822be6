"""The proof of the marks: every autograded cell against right and wrong answers.

A cell is proven when the reference answer and two others that are written
differently earn all points, and an answer of each wrong kind earns fewer and meets
the message it should meet. What is missing is a gap, and a gap fails the proof.
"""

from __future__ import annotations

import ast
import contextlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from volens.answering import LocalAnswers, using
from volens.checks import Score
from volens.errors import TestCellError
from volens.grading.notebooks import Notebook, cells
from volens.grading.specimens import WRONG_KINDS, Specimen

__all__ = [
    "Marked",
    "Proof",
    "TextAnswers",
    "answer_cells",
    "mark",
    "prove",
    "run_test",
    "test_cells",
]

_OTHER_RIGHT = 2


class TextAnswers(LocalAnswers):
    """Answers whose free text is given, not read from a file.

    Parameters
    ----------
    namespace
        The notebook's names.
    texts
        Markdown cells by id.
    """

    def __init__(self, namespace: Mapping[str, object], texts: Mapping[str, str]) -> None:
        super().__init__(namespace)
        self._texts = texts

    def written(self, cell: str) -> str:
        """Return the text of a Markdown cell; an untouched one is empty."""
        return self._texts.get(cell, "")


@dataclass(frozen=True)
class Marked:
    """What a test cell made of one answer.

    Attributes
    ----------
    score
        The points.
    printed
        What the student is told.
    """

    score: Score
    printed: str


@dataclass(frozen=True)
class Proof:
    """One answer to one cell, and whether the cell did with it what it should.

    Attributes
    ----------
    cell
        The grade id of the test cell.
    kind, name
        What sort of answer it is, and what is typical of it.
    points, possible
        What it earned, and what there was.
    fault
        What is wrong, in words; empty where nothing is.
    """

    cell: str
    kind: str
    name: str
    points: float
    possible: float
    fault: str = ""


def test_cells(notebook: Notebook) -> dict[str, str]:
    """Return the source of each autograded cell by its grade id."""
    return {
        grade_id: "".join(cell["source"])
        for grade_id, cell in cells(notebook)
        if cell["metadata"]["nbgrader"]["grade"] and not cell["metadata"]["nbgrader"]["solution"]
    }


test_cells.__test__ = False  # type: ignore[attr-defined]  # pytest would take it for a test


def answer_cells(notebook: Notebook) -> dict[str, str]:
    """Return the source of each code answer cell by the name of its answer."""
    return {
        grade_id.removesuffix("-answer").replace("-", "_"): "".join(cell["source"])
        for grade_id, cell in cells(notebook)
        if cell["cell_type"] == "code" and cell["metadata"]["nbgrader"]["solution"]
    }


def mark(test: str, answers: Mapping[str, str], texts: Mapping[str, str]) -> Marked:
    """Mark answers with a test cell, in this process.

    Parameters
    ----------
    test
        The source of the test cell, hidden tests included. It is trusted.
    answers
        Answer cells by name. They are trusted: the course wrote them. One that ends in
        an error leaves what it had defined by then, as in a notebook.
    texts
        Markdown cells by id.
    """
    namespace: dict[str, object] = {}
    for source in answers.values():
        with contextlib.suppress(Exception):
            exec(compile(source, "<answer>", "exec"), namespace)  # noqa: S102 (the course's own)
    with using(TextAnswers(namespace, texts)):
        return run_test(test)


def run_test(test: str) -> Marked:
    """Execute a test cell as a notebook does, on the answers that are in use.

    Parameters
    ----------
    test
        The source of the test cell, hidden tests included. It is trusted.

    Raises
    ------
    TestCellError
        If it does not end in a score.
    """
    body = ast.parse(test).body
    last = body.pop()
    told = io.StringIO()
    inside: dict[str, Any] = {}
    if not isinstance(last, ast.Expr):
        raise TestCellError("A test cell ends in `check.score()`.")
    with contextlib.redirect_stdout(told):
        exec(compile(ast.Module(body, []), "<test>", "exec"), inside)  # noqa: S102
        score = eval(compile(ast.Expression(last.value), "<test>", "eval"), inside)  # noqa: S307
    return Marked(score, told.getvalue())


def prove(
    instructor: Notebook, specimens: Sequence[Specimen], texts: Mapping[str, str] | None = None
) -> Iterator[Proof]:
    """Show every autograded cell the reference and every specimen of its question.

    Parameters
    ----------
    instructor
        The version in ``source/``.
    specimens
        The answers of ``tests/marks``.
    texts
        A model answer for each Markdown cell by its id.
    """
    reference = answer_cells(instructor)
    tests = test_cells(instructor)
    known: dict[str, str] = dict(texts or {})
    for grade_id, test in tests.items():
        question = grade_id.removesuffix("-test").replace("-", "_")
        yield _shown(
            Specimen(question, "the instructor's own", "reference"),
            grade_id,
            test,
            (reference, known),
        )
        solution = _value(question, reference)
        for specimen in (one for one in specimens if one.question == question):
            answers = reference | {question: specimen.cell(solution)}
            yield _shown(specimen, grade_id, test, (answers, known | dict(specimen.written)))
    strays = {one.question for one in specimens} - {
        grade_id.removesuffix("-test").replace("-", "_") for grade_id in tests
    }
    for question in sorted(strays):
        yield Proof(question, "gap", "specimens of a question that is not there", 0, 0, "stray")
    yield from _gaps(tests, specimens)


def _gaps(tests: Mapping[str, str], specimens: Sequence[Specimen]) -> Iterator[Proof]:
    for grade_id in tests:
        question = grade_id.removesuffix("-test").replace("-", "_")
        kinds = [one.kind for one in specimens if one.question == question]
        missing = [kind for kind in WRONG_KINDS if kind not in kinds]
        if kinds.count("right") < _OTHER_RIGHT:
            missing.append(f"{_OTHER_RIGHT - kinds.count('right')} right")
        if not any(
            one.earns is not None and not one.right for one in specimens if one.question == question
        ):
            missing.append("one wrong answer with its exact points")
        for kind in missing:
            yield Proof(grade_id, "gap", f"no specimen: {kind}", 0, 0, "missing")


def _shown(
    specimen: Specimen,
    grade_id: str,
    test: str,
    work: tuple[Mapping[str, str], Mapping[str, str]],
) -> Proof:
    """Show a cell one answer. A cell that stops with an error is at fault, whatever the answer."""
    try:
        found = mark(test, *work)
    except Exception as error:  # noqa: BLE001 (whatever a test cell may raise)
        fault = f"the test cell stops: {type(error).__name__}: {error}"
        return Proof(grade_id, specimen.kind, specimen.name, 0, 0, fault)
    points, possible = float(found.score), found.score.possible
    fault = _fault(specimen, found)
    return Proof(grade_id, specimen.kind, specimen.name, points, possible, fault)


def _fault(specimen: Specimen, found: Marked) -> str:
    points, possible = float(found.score), found.score.possible
    told = f"It printed: {_line(found.printed)}"
    if specimen.kind == "reference" and points != possible:
        return f"earns too little. {told}"
    if specimen.right or specimen.kind == "reference":
        return "" if points == possible else f"is right and earns only {points:g}. {told}"
    if points >= possible:
        return "is wrong and earns everything."
    if specimen.earns not in (None, points):
        return f"should earn {specimen.earns:g}, earns {points:g}."
    if not specimen.says:
        return "has no `says`: which message should the student see?"
    return "" if specimen.says in found.printed else f'does not meet "{specimen.says}". {told}'


def _value(question: str, reference: Mapping[str, str]) -> Mapping[str, Any]:
    """Return the reference answer of a question; empty where it is a text."""
    namespace: dict[str, Any] = {}
    if question in reference:
        exec(reference[question], namespace)  # noqa: S102 (the course's own answer)
    value = namespace.get(question, {})
    return value if isinstance(value, dict) else {}


def _line(printed: str) -> str:
    return " / ".join(printed.split("\n"))[:300] or "nothing"
