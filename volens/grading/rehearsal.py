"""A class that does not exist, to rehearse a round of marking with.

Its twelve members hand in what real classes hand in: complete work, half-done
work, typical mistakes, an untouched copy, a file cut off in the middle, and a
notebook in which a test cell was copied.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy

from volens.grading.notebooks import Notebook, cells, fill_in
from volens.grading.rubric import Rubric
from volens.grading.specimens import Specimen

__all__ = ["answer_cell", "synthetic_class"]

Solutions = Mapping[str, Mapping[str, str]]

_MISTAKEN = 4
_QUESTIONS_OF_A_BEGINNER = 3


def synthetic_class(
    released: Notebook, solutions: Solutions, specimens: Sequence[Specimen], rubric: Rubric
) -> dict[str, str]:
    """Return twelve submissions: student's id to the text of the file.

    Parameters
    ----------
    released
        The students' version of the assignment.
    solutions
        The instructor's answers: name of the answer to item to word.
    specimens, rubric
        Typical answers to the questions, and anchor answers for the free text.
    """
    whole = {name: Specimen(name, "complete", right=True) for name in solutions}
    strong, weak = (rubric.anchors[place].text for place in (0, -1))

    def handed_in(answers: Iterable[Specimen], text: str | None = None) -> Notebook:
        filled = {answer_cell(one.question): one.cell(solutions[one.question]) for one in answers}
        return fill_in(released, filled | ({rubric.question: text} if text else {}))

    complete = handed_in(whole.values(), strong)
    notebooks = {
        "s01-complete": complete,
        "s02-other-right-forms": handed_in(
            (whole | _first(specimens, right=True)).values(), strong
        ),
        "s03-half-of-each": handed_in((_half(name, solutions[name]) for name in solutions), weak),
        "s04-three-questions": handed_in(list(whole.values())[:_QUESTIONS_OF_A_BEGINNER]),
        **{
            f"s{5 + place:02}-typical-mistakes": handed_in(
                (whole | _first(specimens, right=False, skip=place)).values(), weak
            )
            for place in range(_MISTAKEN)
        },
        "s09-never-sure": handed_in(
            Specimen(name, "never sure", right=False, all="cannot be determined")
            for name in solutions
        ),
        "s10-untouched": released,
        "s12-copied-test-cell": _with_a_copied_test_cell(complete),
    }
    texts = {student: json.dumps(notebook, indent=1) for student, notebook in notebooks.items()}
    texts["s11-broken-file"] = texts["s01-complete"][:2000]
    return dict(sorted(texts.items()))


def answer_cell(question: str) -> str:
    """Return the grade id of the cell that holds an answer.

    Examples
    --------
    >>> answer_cell("whose_words")
    'whose-words-answer'
    """
    return question.replace("_", "-") + "-answer"


def _first(specimens: Sequence[Specimen], *, right: bool, skip: int = 0) -> dict[str, Specimen]:
    """Return one specimen of a kind for each question; where they run out, begin again."""
    found: dict[str, Specimen] = {}
    for question in {specimen.question for specimen in specimens}:
        fitting = [one for one in specimens if one.question == question and one.right == right]
        if fitting:
            found[question] = fitting[skip % len(fitting)]
    return found


def _half(name: str, solution: Mapping[str, str]) -> Specimen:
    items = list(solution)
    return Specimen(name, "half done", right=False, drop=tuple(items[len(items) // 2 :]))


def _with_a_copied_test_cell(notebook: Notebook) -> Notebook:
    copied = deepcopy(notebook)
    test = next(cell for _, cell in cells(copied) if cell["metadata"]["nbgrader"]["grade"])
    copied["cells"].insert(copied["cells"].index(test) + 1, deepcopy(test))
    return copied
