"""What the gradebook knows of a notebook: its cells, their tests and their points."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

__all__ = ["Template", "TemplateCell"]


@dataclass(frozen=True)
class TemplateCell:
    """A cell that nbgrader knows, as the gradebook holds it.

    Attributes
    ----------
    grade_id, cell_type
        Its id, and ``code`` or ``markdown``.
    source
        Its text, hidden tests included; an answer cell holds what students were given.
    checksum
        nbgrader's own checksum of it.
    grade, solution, locked, task
        nbgrader's flags.
    points
        What it is worth; ``None`` where it is not marked.
    """

    grade_id: str
    cell_type: str
    source: str
    checksum: str
    grade: bool = False
    solution: bool = False
    locked: bool = False
    task: bool = False
    points: float | None = None

    @property
    def is_test(self) -> bool:
        """Whether a program marks it."""
        return self.grade and not self.solution and self.cell_type == "code"

    @property
    def digest(self) -> str:
        """SHA-256 of what decides the marks: text, type, points."""
        return sha256(repr((self.source, self.cell_type, self.points)).encode()).hexdigest()


@dataclass(frozen=True)
class Template:
    """A notebook of an assignment, as the gradebook holds it.

    Attributes
    ----------
    assignment, name
        The assignment, and the notebook's name without its ending.
    cells
        The cells that nbgrader knows, in the order of the notebook.
    released
        The version that students were given, as JSON data: it has the other cells too.
    kernelspec
        The kernel that the notebook asks for; empty where it asks for none.
    """

    assignment: str
    name: str
    cells: tuple[TemplateCell, ...]
    released: dict[str, Any]
    kernelspec: dict[str, Any]

    def cell(self, grade_id: str) -> TemplateCell | None:
        """Return the cell of this id; ``None`` where there is none."""
        return next((cell for cell in self.cells if cell.grade_id == grade_id), None)

    @property
    def tests(self) -> tuple[TemplateCell, ...]:
        """The cells that a program marks."""
        return tuple(cell for cell in self.cells if cell.is_test)
