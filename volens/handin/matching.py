"""Which cell of a student's file is which cell of the assignment, and what became of each.

Cells are known by nbgrader's label, by their id, or, where both are lost, by their text: moving
a cell, or saving the file with another program, must not raise an alarm.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from volens.handin.manifest import GRADED, Assignment, Cell
from volens.handin.opening import Found

__all__ = ["Matched", "Problem", "assigned", "labels", "matched"]

_KEYS = {"code": "Y", "markdown": "M"}
_TYPES = {"code": "a code cell", "markdown": "a Markdown cell", "raw": "a raw cell"}
_FRESH = (
    "Undo it (*Undo Cell Operation* in the *Edit* menu), or take a fresh copy of the assignment "
    "and copy your answers into it."
)
_HARMLESS = "This does not change your mark."


@dataclass(frozen=True)
class Problem:
    """Something about the file that the student should know.

    Attributes
    ----------
    text
        What it is, and what to do.
    harms
        Whether it should be mended before the file is handed in.
    """

    text: str
    harms: bool = True


@dataclass(frozen=True)
class Matched:
    """The cells of a file, as those of the assignment.

    Attributes
    ----------
    cells
        Id in the assignment to the cell found.
    changed
        Ids of cells that should not be changed, and were.
    own
        Code cells that the student added.
    problems
        What the student should know.
    """

    cells: Mapping[str, Found]
    changed: frozenset[str]
    own: tuple[Found, ...]
    problems: tuple[Problem, ...]


def labels(assignment: Assignment) -> frozenset[str]:
    """Return the ids of the cells that marking looks at."""
    return frozenset(cell.id for cell in assignment.cells if cell.kind in GRADED)


def matched(assignment: Assignment, found: tuple[Found, ...]) -> Matched:
    """Compare the cells of a file with those of the assignment.

    Parameters
    ----------
    assignment
        What was given out.
    found
        The cells of the student's file.
    """
    cells: dict[str, Found] = {}
    left = list(found)
    problems: list[Problem] = []
    # Cells with a label first: what is left over can then be known by its text alone.
    for cell in sorted(assignment.cells, key=lambda one: one.kind not in GRADED):
        candidates = _candidates(cell, left)
        if not candidates:
            problems.append(_missing(cell))
            continue
        first, *others = candidates
        cells[cell.id] = first
        for one in candidates:
            left.remove(one)
        if others:
            problems.append(_twice(cell, len(candidates)))
    changed = frozenset(cell.id for cell in assignment.cells if _changed(cell, cells.get(cell.id)))
    for cell in assignment.cells:
        if cell.id in cells:
            problems += _about(cell, cells[cell.id], changed=cell.id in changed)
    own = tuple(one for one in left if one.type == "code")
    problems += _assigned_again(assignment, cells, own)
    return Matched(cells, changed, own, tuple(sorted(problems, key=lambda one: not one.harms)))


def assigned(source: str) -> frozenset[str]:
    r"""Return the names to which a cell gives a value; none where it cannot be read.

    Examples
    --------
    >>> sorted(assigned("a = {}\na |= {}\ndef gate(facts): ..."))
    ['a', 'gate']
    """
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    names: set[str] = set()
    for node in body:
        match node:
            case ast.Assign(targets=targets):
                names |= {one.id for one in targets if isinstance(one, ast.Name)}
            case ast.AnnAssign(target=ast.Name(id=name)) | ast.AugAssign(target=ast.Name(id=name)):
                names.add(name)
            case ast.FunctionDef(name=name):
                names.add(name)
    return frozenset(names)


def _candidates(cell: Cell, left: Iterable[Found]) -> list[Found]:
    """Return the cells that may be this one, the likeliest first."""
    left = list(left)
    if cell.kind in GRADED:
        labelled = [one for one in left if one.label == cell.id]
        if labelled:
            return sorted(labelled, key=lambda one: one.id != cell.id)
        return [one for one in left if one.id == cell.id and not one.label][:1]
    named = [one for one in left if one.id == cell.id]
    alike = [
        one
        for one in left
        if one not in named
        and not one.label
        and one.type == cell.type
        and cell.checksum is not None
        and one.checksum == cell.checksum
    ]
    return named + alike


def _changed(cell: Cell, found: Found | None) -> bool:
    return (
        found is not None
        and cell.checksum is not None
        and cell.checksum not in (found.checksum, _as_it_stands(found))
    )


def _as_it_stands(found: Found) -> str:
    """Return the checksum without the end of the last line, which a program may add."""
    return Found("", "", "", found.source.rstrip("\r\n")).checksum


def _missing(cell: Cell) -> Problem:
    if cell.kind in GRADED:
        return Problem(f"{_capital(cell.name)} is missing. {_FRESH}")
    return Problem(
        f"{_capital(cell.name)} is missing (`{cell.id}`). {_HARMLESS} To read it again, look into "
        "a fresh copy of the assignment.",
        harms=False,
    )


def _twice(cell: Cell, count: int) -> Problem:
    times = "twice" if count == 2 else f"{count} times"  # noqa: PLR2004 (a word for two)
    there = f"{_capital(cell.name)} is there {times}"
    if cell.kind == "test":
        return Problem(f"{there}: it was copied. Delete the copy.")
    if cell.kind in GRADED:
        return Problem(
            f"{there}: it was copied or split, and it is not clear which of them counts. Put your "
            "whole answer into the first, and delete the other."
        )
    return Problem(f"{there}. {_HARMLESS}", harms=False)


def _about(cell: Cell, found: Found, *, changed: bool) -> Iterable[Problem]:
    graded = cell.kind in GRADED
    if found.type != cell.type:
        now = _TYPES.get(found.type, "a cell of another kind")
        yield Problem(
            f"{_capital(cell.name)} is now {now}; it was {_TYPES[cell.type]}. Click beside it, so "
            f"that the cursor is not in its text, and press the key {_KEYS[cell.type]}."
            + ("" if graded else f" {_HARMLESS}"),
            harms=graded,
        )
    if graded and not found.label:
        yield Problem(
            f"{_capital(cell.name)} has lost the label by which it is found for marking. Take a "
            "fresh copy of the assignment and copy your answers into it."
        )
    if not changed:
        return
    if cell.kind == "test":
        yield Problem(
            f"{_capital(cell.name)} is not as it was given out, so it was not run here. Your mark "
            "comes from the original. Take a fresh copy of the assignment and copy its check back."
        )
    elif cell.kind == "prompt":
        yield Problem(
            f"{_capital(cell.name)} was changed (`{cell.id}`). {_HARMLESS} If you wrote an answer "
            "there, move it to the place for answers: nobody marks it here.",
            harms=False,
        )
    else:
        yield Problem(f"{_capital(cell.name)} was changed (`{cell.id}`). {_HARMLESS}", harms=False)


def _assigned_again(
    assignment: Assignment, cells: Mapping[str, Found], own: Iterable[Found]
) -> Iterable[Problem]:
    """Name cells of the student's own that give an answer a second value."""
    owner: dict[str, Cell] = {}
    for cell in assignment.cells:
        if cell.kind in {"answer", "manual"} and cell.id in cells:
            names = assigned(cells[cell.id].source)
            usual = cell.id.removesuffix("-answer").replace("-", "_")
            owner |= dict.fromkeys(names | {usual}, cell)
    for one in own:
        for name in sorted(assigned(one.source) & owner.keys()):
            yield Problem(
                f"`{name}` gets a value twice: in {owner[name].name}, and in a cell of your own "
                f'that begins "{one.opening_words}". Keep your answer in the answer cell, and '
                "delete the other."
            )


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]
