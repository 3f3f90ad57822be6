"""What each assignment was given out with: its cells, as ``data/assignments.json`` has them.

The file is made with the students' versions. It holds no answers: of a cell that students must
not change it has a checksum, of the others only the kind.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from volens import codebook
from volens.errors import AnswerError
from volens.wording import suggestion

__all__ = ["GRADED", "HEADING", "Assignment", "Cell", "assignment", "assignments", "read"]

#: The kinds of cell that marking looks at; the others only show something.
GRADED = ("answer", "test", "text", "manual")

#: The heading of a question, in a cell that is given out.
HEADING = re.compile(r"^## (.+)$", re.MULTILINE)

_NUMBER = re.compile(r"(\d+)\.\s")


@dataclass(frozen=True)
class Cell:
    """A cell as it was given out.

    Attributes
    ----------
    id
        Its id, which is also nbgrader's where nbgrader knows the cell.
    kind
        ``prompt``, ``shown``, ``answer``, ``test``, ``text`` or ``manual``.
    type
        ``code`` or ``markdown``.
    points
        What it is worth; 0 for most.
    checksum
        SHA-256 of its text; none where students write.
    title
        The heading under which it stands.
    words
        About how many words are asked for in a text; none where no number is named.
    """

    id: str
    kind: str
    type: str
    points: float
    checksum: str | None
    title: str
    words: int | None = None

    @property
    def place(self) -> str:
        """Where it stands, in words.

        Examples
        --------
        >>> Cell("capacity", "prompt", "markdown", 0, None, "1. In whose name?").place
        'question 1'
        >>> Cell("disputes", "prompt", "markdown", 0, None, "Do you dispute a key?").place
        'the part "Do you dispute a key?"'
        """
        number = _NUMBER.match(self.title)
        if number:
            return f"question {number[1]}"
        return f'the part "{self.title}"' if self.title else "the beginning"

    @property
    def name(self) -> str:
        """What to call it in a sentence.

        Examples
        --------
        >>> Cell("capacity-test", "test", "code", 6, None, "1. In whose name?").name
        'the check of question 1'
        """
        return {
            "answer": "the answer cell of",
            "test": "the check of",
            "text": "the cell for your text in",
            "manual": "the answer cell of",
            "shown": "a cell that shows something in",
            "prompt": "a piece of text in",
        }[self.kind] + f" {self.place}"


@dataclass(frozen=True)
class Assignment:
    """An assignment as it was given out.

    Attributes
    ----------
    name, title
        Such as ``a3-consent``, and its heading.
    minutes, points
        How long it takes, and what it is worth.
    cells
        In the order of the notebook.
    """

    name: str
    title: str
    minutes: int
    points: float
    cells: tuple[Cell, ...]


def assignments() -> Mapping[str, Assignment]:
    """Return every assignment of the course, by name."""
    return read(codebook.data_directory() / "assignments.json")


def assignment(name: str) -> Assignment:
    """Return one assignment.

    Raises
    ------
    AnswerError
        If the course has none of this name.
    """
    known = assignments()
    if name in known:
        return known[name]
    raise AnswerError(
        f"There is no assignment `{name}`.{suggestion(name, known)} "
        f"The assignments are: {', '.join(known)}."
    )


@cache
def read(file: Path) -> Mapping[str, Assignment]:
    """Return the assignments that a file describes; none where there is no file."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return {name: _assignment(name, entry) for name, entry in found.items()}


def _assignment(name: str, entry: Mapping[str, Any]) -> Assignment:
    cells = tuple(
        Cell(
            id=one["id"],
            kind=one["kind"],
            type=one["type"],
            points=one.get("points") or 0,
            checksum=one.get("checksum"),
            title=one.get("title", ""),
            words=one.get("words"),
        )
        for one in entry["cells"]
    )
    return Assignment(name, entry["title"], entry["minutes"], entry["points"], cells)
