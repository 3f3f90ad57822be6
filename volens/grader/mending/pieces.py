"""Which cell of a submitted notebook is which cell of the assignment."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from volens.grader.mending.cells import Cell
from volens.grader.mending.plain import mapping, text
from volens.grader.results import Repair
from volens.grader.template import Template, TemplateCell
from volens.handin import manifest
from volens.handin.matching import assigned

__all__ = ["Given", "Mended", "Piece", "can_be_read", "label_of", "look"]

#: More code than this, in all cells together, is not looked into: it costs time and memory.
_LONGEST = 300_000
#: What a cell is called where no heading says to which question it belongs.
_WHAT = {
    "answer": "answer cell",
    "manual": "answer cell",
    "prompt": "piece of text",
    "shown": "cell",
    "test": "test",
    "text": "cell for text",
}


@dataclass(frozen=True, eq=False)
class Piece:
    """A cell of the submitted notebook, and what it is.

    Attributes
    ----------
    cell
        The cell as JSON data.
    label
        The grade id of the cell of the assignment that it stands for; empty for any other.
    key
        The same, or the id of the cell without a mark that it is; empty for a student's own.
    lost
        A label that the assignment does not know, if it carries one.
    is_read
        Whether it is looked into for names: not beyond what a person can have written.
    """

    cell: Cell
    label: str = ""
    key: str = ""
    lost: str = ""
    is_read: bool = True

    @property
    def is_own(self) -> bool:
        """Whether the student added it."""
        return not self.key

    @property
    def type(self) -> str:
        """``code``, ``markdown`` or ``raw``."""
        return str(self.cell["cell_type"])

    @property
    def source(self) -> str:
        """Its text."""
        return str(self.cell["source"])

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """Its text without space at the ends, where a program may change it."""
        return _lines(self.source)

    @cached_property
    def names(self) -> frozenset[str]:
        """The names to which it gives a value, if it is code."""
        return _names_in(self.source) if self.is_read else frozenset()


@dataclass(frozen=True)
class Mended:
    """The cells after a step, and what the step found.

    Attributes
    ----------
    pieces
        The cells, in order.
    repairs
        What was mended.
    """

    pieces: tuple[Piece, ...]
    repairs: tuple[Repair, ...] = ()


@dataclass(frozen=True)
class Given:
    """What was given out, arranged for looking things up.

    Attributes
    ----------
    template
        What the gradebook knows.
    """

    template: Template
    cells: Mapping[str, TemplateCell] = field(init=False)

    def __post_init__(self) -> None:
        """Arrange the cells by grade id."""
        object.__setattr__(self, "cells", {cell.grade_id: cell for cell in self.template.cells})

    @cached_property
    def released(self) -> Mapping[str, Cell]:
        """Every cell that students were given: by grade id, or by its id if it has none."""
        found = {}
        for cell in self.template.released.get("cells", ()):
            label = label_of(cell)
            key = label if label in self.cells else str(cell.get("id", ""))
            if key:
                found[key] = cell
        return found

    @cached_property
    def order(self) -> Mapping[str, int]:
        """The place of every cell, those of the gradebook among those without a mark."""
        keys = list(self.released)
        before = -1
        for cell in self.template.cells:
            if cell.grade_id in keys:
                before = keys.index(cell.grade_id)
            else:
                before += 1
                keys.insert(before, cell.grade_id)
        return {key: place for place, key in enumerate(keys)}

    @cached_property
    def others(self) -> Mapping[str, str]:
        """Texts, and first lines that are headings, of cells without a mark: to their ids."""
        found: dict[str, str] = {}
        for key, cell in self.released.items():
            if key in self.cells:
                continue
            source = _lines(text(cell.get("source")) or "")
            if source:
                found.setdefault("\n".join(source), key)
            if source and cell.get("cell_type") == "markdown" and source[0].startswith("#"):
                found.setdefault(source[0], key)
        return found

    def name(self, key: str) -> str:
        """Return what to call a cell at the beginning of a sentence to a student.

        A student does not see ids: the question says which cell is meant. The id is for
        whoever marks.

        Parameters
        ----------
        key
            The grade id, or the id of a cell without a mark.
        """
        known, heading = self.cells.get(key), self._headings.get(key, "")
        cell_type = known.cell_type if known else str(self.released[key].get("cell_type"))
        kind = _kind(cell_type, known)
        if not heading:
            return f"The {_WHAT[kind]} `{key}`"
        words = manifest.Cell(key, kind, cell_type, 0, None, heading).name
        return f"{words[0].upper()}{words[1:]} (`{key}`)"

    @cached_property
    def _headings(self) -> Mapping[str, str]:
        """The heading under which each cell that students were given stands."""
        found = {}
        heading = ""
        for key, cell in self.released.items():
            answered = key in self.cells and self.cells[key].solution
            ours = cell.get("cell_type") == "markdown" and not answered
            if ours and (said := manifest.HEADING.search(text(cell.get("source")) or "")):
                heading = said[1]
            found[key] = heading
        return found

    def text_of(self, grade_id: str) -> str:
        """Return the text of a cell as students were given it."""
        cell = self.released.get(grade_id)
        given = text(cell.get("source")) if cell is not None else None
        return self.cells[grade_id].source if given is None else given

    def is_untouched(self, piece: Piece, grade_id: str) -> bool:
        """Whether a cell has the text that students were given, or that the gradebook holds."""
        return piece.lines in self._texts[grade_id]

    @cached_property
    def _texts(self) -> Mapping[str, tuple[tuple[str, ...], ...]]:
        return {
            key: (_lines(self.text_of(key)), _lines(cell.source))
            for key, cell in self.cells.items()
        }

    def names(self, grade_id: str) -> frozenset[str]:
        """Return the names to which an answer cell gives a value."""
        usual = grade_id.removesuffix("-answer").replace("-", "_")
        return _names_in(self.text_of(grade_id)) | {usual}

    @cached_property
    def questions(self) -> Mapping[str, tuple[str, ...]]:
        """For each test the code answers directly before it, which it reads."""
        found: dict[str, tuple[str, ...]] = {}
        answers: list[str] = []
        tested = False
        for cell in self.template.cells:
            if cell.solution and cell.cell_type == "code":
                answers = [cell.grade_id] if tested else [*answers, cell.grade_id]
                tested = False
            elif cell.is_test:
                found[cell.grade_id] = tuple(answers)
                tested = True
        return found


def _kind(cell_type: str, known: TemplateCell | None) -> str:
    """Return what :class:`volens.handin.manifest.Cell` calls a cell of this kind."""
    if known is not None and known.solution:
        return "text" if cell_type == "markdown" else "manual" if known.grade else "answer"
    if known is not None and known.is_test:
        return "test"
    return "prompt" if cell_type == "markdown" else "shown"


def look(cells: Iterable[Cell], given: Given) -> tuple[Piece, ...]:
    """Tell which cell is which, by nbgrader's labels, by ids, and by texts of given cells.

    Parameters
    ----------
    cells
        The cells of the submitted notebook.
    given
        What was given out.
    """
    found = []
    length = 0
    for cell in cells:
        length += len(cell["source"]) if cell["cell_type"] == "code" else 0
        found.append(replace(_piece(cell, given), is_read=length <= _LONGEST))
    return tuple(found)


def label_of(cell: Mapping[str, Any]) -> str:
    """Return nbgrader's label of a cell; empty where it has none that can be read.

    Examples
    --------
    >>> label_of({"metadata": {"nbgrader": {"grade_id": "essay"}}})
    'essay'
    >>> label_of({"metadata": {"nbgrader": ["essay"]}})
    ''
    """
    label = mapping(mapping(cell.get("metadata")).get("nbgrader")).get("grade_id")
    return label if isinstance(label, str) else ""


def can_be_read(source: str) -> bool:
    """Return whether a text is Python; what is too long for a person to have written is not asked.

    Examples
    --------
    >>> can_be_read("gates = {}"), can_be_read("gates = {")
    (True, False)
    """
    if len(source) > _LONGEST:
        return True
    try:
        with warnings.catch_warnings(action="ignore"):
            ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _names_in(source: str) -> frozenset[str]:
    # Python remarks on the style of code that it reads: that concerns nobody here.
    with warnings.catch_warnings(action="ignore"):
        return assigned(source)


def _lines(source: str) -> tuple[str, ...]:
    return tuple(line.rstrip() for line in source.strip().splitlines())


def _piece(cell: Cell, given: Given) -> Piece:
    label = label_of(cell)
    if label in given.cells:
        return Piece(cell, label, label)
    if _claims_something(cell):
        return Piece(cell, lost=label or "?")
    if cell["id"] in given.cells:
        return Piece(cell)
    if cell["id"] in given.released:
        return Piece(cell, key=cell["id"])
    lines = _lines(cell["source"])
    key = given.others.get("\n".join(lines)) or (
        given.others.get(lines[0]) if lines and cell["cell_type"] == "markdown" else None
    )
    return Piece(cell, key=key or "")


def _claims_something(cell: Cell) -> bool:
    """Whether nbgrader would take a cell for one of its own, or could not read its settings."""
    settings = cell["metadata"].get("nbgrader")
    if settings is None or settings == {}:
        return False
    if not isinstance(settings, dict):
        return True
    flags = ("grade", "locked", "solution", "task")
    return any(settings.get(flag) not in (False, None) for flag in flags)
