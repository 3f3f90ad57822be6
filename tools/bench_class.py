"""A class of any size that hands in a3-consent, to measure with. Other tools import this.

Its members answer as real ones do: each question rightly, or with one of the typical
mistakes that prove the marks, in another mixture for each student. All of them have added
a cell of their own, with a table and a picture.
"""

import json
from collections.abc import Sequence
from copy import deepcopy
from itertools import count
from pathlib import Path

from volens.grading.notebooks import Notebook, fill_in, read_notebook, solutions
from volens.grading.rehearsal import answer_cell
from volens.grading.rubric import Rubric, read_rubrics
from volens.grading.specimens import Specimen, read_specimens

CHECKOUT = Path(__file__).resolve().parents[1]
ASSIGNMENT = "a3-consent"

#: What each student has added, below the first cell of code.
OWN_CELL = """\
import matplotlib.pyplot as plt
import pandas as pd

claims = vo.claims()
counted = claims.groupby("speaker", observed=True).size().sort_values(ascending=False).head(5)
plt.bar(range(len(counted)), counted)
plt.ylabel("claims")
pd.DataFrame({"claims": counted})"""
#: One student in so many answers with a function where the assignment allows one.
FUNCTION_EVERY = 10


class Classroom:
    """What the members of the class hand in.

    Parameters
    ----------
    released
        The students' version of the assignment.
    """

    def __init__(self, released: Path) -> None:
        source = CHECKOUT / "source" / ASSIGNMENT
        self._released = read_notebook(released)
        self._solutions = solutions(read_notebook(source / f"{ASSIGNMENT}.ipynb"))
        self._rubrics = read_rubrics(source / "rubric.toml")
        specimens = read_specimens(CHECKOUT / "tests" / "marks" / f"{ASSIGNMENT}.toml")
        self._tables: dict[str, list[Specimen]] = {}
        self._functions: dict[str, list[Specimen]] = {}
        for question in self._solutions:
            answers = [one for one in specimens if one.question == question]
            tables = [one for one in answers if "def " not in one.code]
            self._tables[question] = [Specimen(question, "complete", "right"), *tables]
            self._functions[question] = [one for one in answers if "def " in one.code]

    def submission(self, number: int) -> Notebook:
        """Return what one student hands in.

        Parameters
        ----------
        number
            Which one. The same number gives the same notebook.
        """
        texts = _texts(self._rubrics, number)
        filled = {}
        # The lists are of different lengths, so that the mixtures repeat late.
        for place, (question, answers) in enumerate(self._tables.items()):
            answer = answers[number * (place + 1) % len(answers)]
            turn, rest = divmod(number + 1, FUNCTION_EVERY)
            if not rest and self._functions[question]:
                answer = self._functions[question][turn % len(self._functions[question])]
            filled[answer_cell(question)] = answer.cell(self._solutions[question])
            texts |= answer.written
        return with_own_cell(fill_in(self._released, filled | texts))

    def hand_in(self, folder: Path, size: int) -> list[str]:
        """Write the submissions of a class of this size and return who is in it.

        Parameters
        ----------
        folder
            ``submitted/`` of a course.
        size
            How many.
        """
        students = [student(number) for number in range(size)]
        for number, name in enumerate(students):
            target = folder / name / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(json.dumps(self.submission(number), indent=1), encoding="utf-8")
        return students


def student(number: int) -> str:
    """Return the id of a student.

    Examples
    --------
    >>> student(7)
    's0007'
    """
    return f"s{number:04}"


def with_own_cell(notebook: Notebook) -> Notebook:
    """Return a copy of a notebook with the student's own cell below its first cell of code."""
    added = deepcopy(notebook)
    cells = added["cells"]
    first = next(place for place, cell in zip(count(), cells) if cell["cell_type"] == "code")
    own = {"cell_type": "code", "id": "my-own-look", "metadata": {}, "source": OWN_CELL}
    cells.insert(first + 1, {**own, "execution_count": None, "outputs": []})
    return added


def _texts(rubrics: Sequence[Rubric], number: int) -> dict[str, str]:
    return {one.question: one.anchors[number % len(one.anchors)].text for one in rubrics}
