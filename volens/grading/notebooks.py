"""Notebooks as a grader sees them: cells by grade id, answers to fill in, damage to name."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

__all__ = [
    "NOTED",
    "Damage",
    "Notebook",
    "cells",
    "damage",
    "fill_in",
    "read_notebook",
    "solutions",
]

#: A notebook as JSON: the format is public and stable, and a damaged one stays as it is.
Notebook: TypeAlias = dict[str, Any]

#: Under this name the grader notes in a marked notebook what it had to mend or to stop.
NOTED = "volens"


@dataclass(frozen=True)
class Damage:
    """Why a submission cannot be marked as it is.

    Attributes
    ----------
    reason
        A code for machines, such as ``test-cell-twice``.
    message
        What is wrong and what to do, for a person.
    """

    reason: str
    message: str


def read_notebook(file: Path) -> Notebook:
    """Read a notebook file.

    Raises
    ------
    ValueError
        If it is not a notebook of format 4.
    """
    notebook = json.loads(file.read_text(encoding="utf-8"))
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        raise ValueError("it has no list of cells")  # noqa: TRY004 (a file's content, not a type)
    return notebook


def cells(notebook: Notebook) -> Iterator[tuple[str, dict[str, Any]]]:
    """Go through the cells that nbgrader knows, each with its grade id."""
    for cell in notebook["cells"]:
        grade_id = cell.get("metadata", {}).get("nbgrader", {}).get("grade_id")
        if grade_id:
            yield grade_id, cell


def fill_in(notebook: Notebook, answers: Mapping[str, str]) -> Notebook:
    """Return a copy of a student's notebook with answers in its cells.

    Parameters
    ----------
    notebook
        The released version.
    answers
        Grade id of an answer cell to its new text.
    """
    filled = deepcopy(notebook)
    for grade_id, cell in cells(filled):
        if grade_id in answers:
            cell["source"] = answers[grade_id]
    return filled


def solutions(instructor: Notebook) -> dict[str, dict[str, Any]]:
    """Return the instructor's answers: name of the answer to item to word.

    In a table the item is a row, and holds a word for each column.

    Parameters
    ----------
    instructor
        The version in ``source/``. Its answer cells are trusted and are run.
    """
    found: dict[str, dict[str, Any]] = {}
    for _, cell in cells(instructor):
        settings = cell["metadata"]["nbgrader"]
        if cell["cell_type"] == "code" and settings["solution"] and not settings["grade"]:
            exec("".join(cell["source"]), {}, found)  # noqa: S102 (the course's own answers)
    return found


def damage(file: Path, released: Notebook) -> Damage | None:
    """Say what keeps a submission from being marked, or None if nothing does.

    Parameters
    ----------
    file
        The submitted notebook.
    released
        The version that students were given.
    """
    try:
        submitted = read_notebook(file)
    except (ValueError, OSError) as error:
        return Damage(
            "unreadable-notebook",
            f"{file.name} is not a readable notebook ({_short(error)}). Ask for the file again.",
        )
    found = Counter(grade_id for grade_id, _ in cells(submitted))
    expected = [grade_id for grade_id, _ in cells(released)]
    twice = [grade_id for grade_id in expected if found[grade_id] > 1]
    if twice:
        return Damage(
            "graded-cell-twice",
            f"{file.name} has the cell {', '.join(twice)} more than once. "
            "Delete the copy that the student did not use, and mark again.",
        )
    missing = [grade_id for grade_id in expected if not found[grade_id]]
    if missing:
        return Damage(
            "graded-cell-missing",
            f"{file.name} has lost the cell {', '.join(missing)}. "
            "Copy the student's answers into a fresh notebook, and mark again.",
        )
    return None


def _short(error: Exception) -> str:
    return str(error).splitlines()[0][:120]
