"""A class that does not exist, to rehearse a round of marking with.

Its twelve members hand in what real classes hand in: complete work, half-done
work, typical mistakes, an untouched copy, a file cut off in the middle, and a
notebook in which a test cell was copied.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from volens.grading.notebooks import Notebook, cells, fill_in
from volens.grading.rubric import Rubric
from volens.grading.specimens import Specimen

__all__ = ["answer_cell", "marking_sheet", "synthetic_class"]

Solutions = Mapping[str, Mapping[str, Any]]

_REASON = "I dispute this key because the material allows another word as well."
_MISTAKEN = 4
#: Who hands in which of a rubric's anchors as free text: the first, or the last.
_TEXTS = {
    "s01-complete": 0,
    "s02-other-right-forms": 0,
    "s03-half-of-each": -1,
    "s05-typical-mistakes": -1,
    "s06-typical-mistakes": -1,
}
#: Who stops in the middle of everything.
_HALF_DONE = "s03-half-of-each"
#: Whose text the second marker reads quite differently.
_DISPUTED_TEXT = "s02-other-right-forms"
_QUESTIONS_OF_A_BEGINNER = 2


def synthetic_class(
    released: Notebook,
    solutions: Solutions,
    specimens: Sequence[Specimen],
    rubrics: Sequence[Rubric],
) -> dict[str, str]:
    """Return twelve submissions: student's id to the text of the file.

    Parameters
    ----------
    released
        The students' version of the assignment.
    solutions
        The instructor's answers: name of the answer to item to word.
    specimens, rubrics
        Typical answers to the questions, and anchor answers for each free text.
    """
    whole = {name: Specimen(name, "complete", "right") for name in solutions}

    def handed_in(student: str, answers: Sequence[Specimen]) -> tuple[str, Notebook]:
        place = _TEXTS.get(student)
        texts = {
            rubric.question: rubric.anchors[place].text for rubric in rubrics if place is not None
        }
        if student == _HALF_DONE:
            texts = {cell: text[: len(text) // 2] for cell, text in texts.items()}
        filled = {
            answer_cell(one.question): one.cell(solutions[one.question])
            for one in answers
            if one.question in solutions
        }
        written = {cell: text for one in answers for cell, text in one.written.items()}
        return student, fill_in(released, {**filled, **texts, **written})

    def instead(kind: str, skip: int = 0) -> list[Specimen]:
        return list((whole | _of_kind(specimens, kind, skip)).values())

    notebooks = dict(
        (
            handed_in("s01-complete", list(whole.values())),
            handed_in("s02-other-right-forms", instead("right")),
            handed_in(_HALF_DONE, [_half(name, solutions[name]) for name in solutions]),
            handed_in("s04-first-questions", list(whole.values())[:_QUESTIONS_OF_A_BEGINNER]),
            *(
                handed_in(f"s{5 + place:02}-typical-mistakes", instead("misconception", place))
                for place in range(_MISTAKEN)
            ),
            handed_in("s09-the-same-everywhere", instead("hard-coded")),
            ("s10-untouched", released),
        )
    )
    complete = notebooks["s01-complete"]
    notebooks["s02-other-right-forms"] = _with_a_dispute(notebooks["s02-other-right-forms"])
    notebooks["s12-copied-test-cell"] = _with_a_copied_test_cell(complete)
    texts = {student: json.dumps(notebook, indent=1) for student, notebook in notebooks.items()}
    texts["s11-broken-file"] = texts["s01-complete"][:2000]
    return dict(sorted(texts.items()))


def marking_sheet(rubrics: Sequence[Rubric]) -> str:
    """Return what two imagined markers make of the free texts of the class, as CSV.

    Both give the anchors the marks of the rubric, save that the second gives one text the
    lowest level of everything, which calls for a third reading.

    Parameters
    ----------
    rubrics
        Those of the assignment.
    """
    criteria = [criterion.id for rubric in rubrics for criterion in rubric.criteria]
    columns = ["student", "question", "marker", *dict.fromkeys(criteria), "comment"]
    target = io.StringIO()
    writer = csv.DictWriter(target, columns, restval="", lineterminator="\n")
    writer.writeheader()
    for rubric in rubrics:
        for marker in ("first", "second"):
            for student, place in _TEXTS.items():
                marks = dict(rubric.anchors[place].marks)
                if (marker, student) == ("second", _DISPUTED_TEXT):
                    marks = dict.fromkeys(marks, 0)
                named = {"student": student, "question": rubric.question, "marker": marker}
                writer.writerow(named | {key: f"{value:g}" for key, value in marks.items()})
    return target.getvalue()


def answer_cell(question: str) -> str:
    """Return the grade id of the cell that holds an answer.

    Examples
    --------
    >>> answer_cell("whose_words")
    'whose-words-answer'
    """
    return question.replace("_", "-") + "-answer"


def _of_kind(specimens: Sequence[Specimen], kind: str, skip: int) -> dict[str, Specimen]:
    """Return one specimen of a kind for each question; where they run out, begin again."""
    found: dict[str, Specimen] = {}
    for question in {specimen.question for specimen in specimens}:
        fitting = [one for one in specimens if one.question == question and one.kind == kind]
        if fitting:
            found[question] = fitting[skip % len(fitting)]
    return found


def _half(name: str, solution: Mapping[str, Any]) -> Specimen:
    items = list(solution)
    return Specimen(name, "half done", "unreadable", drop=tuple(items[len(items) // 2 :]))


def _with_a_dispute(notebook: Notebook) -> Notebook:
    """Write a reason into the first field of the disputes."""
    disputed = deepcopy(notebook)
    for grade_id, cell in cells(disputed):
        if grade_id == "disputes-answer":
            cell["source"] = "".join(cell["source"]).replace('""', f'"{_REASON}"', 1)
    return disputed


def _with_a_copied_test_cell(notebook: Notebook) -> Notebook:
    copied = deepcopy(notebook)
    test = next(cell for name, cell in cells(copied) if name.endswith("-test"))
    copied["cells"].insert(copied["cells"].index(test) + 1, deepcopy(test))
    return copied
