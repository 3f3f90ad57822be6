"""Answers that prove a test: mistakes that must lose marks, and other ways to be right.

They lie beside their assignment as ``specimens.toml``. Each starts from the
instructor's solution and says what is different.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from pprint import pformat
from typing import Any

from volens.errors import AssignmentError

__all__ = ["Specimen", "read_specimens"]


@dataclass(frozen=True)
class Specimen:
    """One answer to one question.

    Attributes
    ----------
    question
        The answer's name, such as ``capacity``.
    name
        What is typical of it, in a few words.
    right
        Whether it deserves full marks.
    change, all, drop, code
        How it differs from the solution: some items, every item, items left out,
        or another answer cell altogether.
    """

    question: str
    name: str
    right: bool
    change: Mapping[str, str] = field(default_factory=dict)
    all: str | None = None
    drop: tuple[str, ...] = ()
    code: str = ""

    def cell(self, solution: Mapping[str, str]) -> str:
        """Return the answer cell that a student with this answer hands in.

        Parameters
        ----------
        solution
            The instructor's answer: item to word.
        """
        if self.code:
            return self.code
        words = {item: word if self.all is None else self.all for item, word in solution.items()}
        words |= self.change
        kept = {item: word for item, word in words.items() if item not in self.drop}
        return f"{self.question} = {pformat(kept, sort_dicts=False)}"


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
    except (OSError, tomllib.TOMLDecodeError, TypeError) as error:
        raise AssignmentError(str(file), str(error)) from None
    except KeyError as error:
        raise AssignmentError(str(file), f"the key `{error.args[0]}` is missing.") from None


def _build(entry: Mapping[str, Any]) -> Specimen:
    return Specimen(**{**entry, "drop": tuple(entry.get("drop", ()))})
