"""Answers that prove a test: mistakes that must lose marks, and other ways to be right.

They lie in ``tests/marks``, one file an assignment. Each starts from the
instructor's solution and says what is different.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from pprint import pformat
from typing import Any

from volens.errors import AssignmentError

__all__ = ["KINDS", "WRONG_KINDS", "Specimen", "read_specimens"]

#: What every autograded cell is shown: an answer of each of these kinds that is wrong.
WRONG_KINDS = ("misconception", "off-by-one", "hard-coded", "unreadable")
#: Every kind there is.
KINDS = ("right", *WRONG_KINDS)


@dataclass(frozen=True)
class Specimen:
    """One answer to one question.

    Attributes
    ----------
    question
        The answer's name, such as ``capacity``.
    name
        What is typical of it, in a few words.
    kind
        ``right``: another way to be right. Otherwise one of :data:`WRONG_KINDS`: a
        ``misconception``; ``off-by-one``, a row slipped, a day or a zone off;
        ``hard-coded``, one word or the worked example everywhere; ``unreadable``, empty
        or wrongly typed.
    says
        Words of the message that the student should see; given for every wrong answer.
    earns
        The points it should earn; where there are none, a wrong answer earns less than all.
    change, all, drop, code, written
        How it differs from the solution: some items (``"row: column"`` in a table), every
        item, items left out, another answer cell altogether, or Markdown cells by id.
    """

    question: str
    name: str
    kind: str
    says: str = ""
    earns: float | None = None
    change: Mapping[str, str] = field(default_factory=dict)
    all: str | None = None
    drop: tuple[str, ...] = ()
    code: str = ""
    written: Mapping[str, str] = field(default_factory=dict)

    @property
    def right(self) -> bool:
        """Whether it deserves full marks."""
        return self.kind == "right"

    def cell(self, solution: Mapping[str, Any]) -> str:
        """Return the answer cell that a student with this answer hands in.

        Parameters
        ----------
        solution
            The instructor's answer: item to word, or row to column to word.
        """
        if self.code:
            return self.code
        answer = deepcopy(dict(solution))
        if self.all is not None:
            answer = {item: _everywhere(cell, self.all) for item, cell in answer.items()}
        for item, word in self.change.items():
            row, _, column = item.partition(": ")
            if column and isinstance(answer.get(row), dict):
                answer[row][column] = word
            else:
                answer[item] = word
        for item in self.drop:
            row, _, column = item.partition(": ")
            if column and isinstance(answer.get(row), dict):
                answer[row].pop(column, None)
            else:
                answer.pop(item, None)
        return f"{self.question} = {pformat(answer, sort_dicts=False)}"


def read_specimens(file: Path) -> tuple[Specimen, ...]:
    """Read the specimens of an assignment.

    Raises
    ------
    AssignmentError
        If the file cannot be read or an entry has a key that is unknown or missing.
    """
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
        return tuple(_build(entry) for entry in content["specimen"])
    except (OSError, tomllib.TOMLDecodeError, TypeError, ValueError) as error:
        raise AssignmentError(str(file), str(error)) from None
    except KeyError as error:
        raise AssignmentError(str(file), f"the key `{error.args[0]}` is missing.") from None


def _build(entry: Mapping[str, Any]) -> Specimen:
    specimen = Specimen(**{**entry, "drop": tuple(entry.get("drop", ()))})
    if specimen.kind not in KINDS:
        raise ValueError(
            f'"{specimen.name}" is of the kind `{specimen.kind}`; it should be one of: '
            f"{', '.join(KINDS)}."
        )
    return specimen


def _everywhere(cell: object, word: str) -> object:
    return dict.fromkeys(cell, word) if isinstance(cell, dict) else word
