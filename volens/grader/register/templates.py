"""From nbgrader's tables to templates: what the gradebook knows of an assignment."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from nbgrader.api import Assignment, BaseCell, GradeCell, Notebook, SourceCell, TaskCell
from sqlalchemy import Connection, func, select

from volens.errors import GradebookError
from volens.grader.template import Template, TemplateCell
from volens.grading.notebooks import cells

__all__ = ["known_cells", "read_templates", "unknown"]


def read_templates(
    connection: Connection, assignment: str, released: Mapping[str, dict[str, Any]]
) -> dict[str, Template]:
    """Read every notebook of an assignment.

    Parameters
    ----------
    connection
        To the gradebook.
    assignment
        Its name.
    released
        Name of a notebook to the version that students were given.

    Raises
    ------
    GradebookError
        If the gradebook does not know the assignment, or knows a notebook that was not
        released.
    """
    notebooks = connection.execute(
        select(Notebook.id, Notebook.name, Notebook.kernelspec)
        .join(Assignment)
        .where(Assignment.name == assignment)
        .order_by(Notebook.name)
    ).all()
    if not notebooks:
        raise unknown(assignment)
    missing = [row.name for row in notebooks if row.name not in released]
    if missing:
        raise GradebookError(
            f"{assignment}: the gradebook has the notebook {', '.join(missing)}, but no version "
            f"for students lies in the release. {_make(assignment)}"
        )
    sources = _sources(connection, assignment)
    return {
        row.name: Template(
            assignment,
            row.name,
            _in_order(sources[row.id], released[row.name]),
            released[row.name],
            json.loads(row.kernelspec or "null") or {},
        )
        for row in notebooks
    }


def unknown(assignment: str) -> GradebookError:
    """Return the error of an assignment that the gradebook does not have."""
    return GradebookError(
        f"The gradebook has no notebook of an assignment `{assignment}`. {_make(assignment)}"
    )


def known_cells(connection: Connection, assignment: str) -> Sequence[Any]:
    """Return the cells of an assignment that have a grade, a comment or both.

    An answer that a person marks is there twice, as ``GradeCell`` and as ``SolutionCell``; a
    ``TaskCell`` is both at once. The points that are possible stand with those that have a
    grade.
    """
    cell, grade, task = BaseCell.__table__, GradeCell.__table__, TaskCell.__table__
    possible = func.coalesce(grade.c.max_score, task.c.max_score).label("possible")
    return connection.execute(
        select(cell.c.id, cell.c.notebook_id, cell.c.name, cell.c.type, possible)
        .outerjoin(grade, grade.c.id == cell.c.id)
        .outerjoin(task, task.c.id == cell.c.id)
        .join(Notebook.__table__)
        .join(Assignment.__table__)
        .where(Assignment.name == assignment)
    ).all()


def _make(assignment: str) -> str:
    # Without --force nbgrader skips an assignment whose version for students is there already.
    return (
        f"Look whether source/{assignment} is there, and run "
        f"`nbgrader generate_assignment {assignment} --force` in the course."
    )


def _sources(connection: Connection, assignment: str) -> dict[str, dict[str, TemplateCell]]:
    """Return the cells of an assignment: the id of a notebook to grade id to cell."""
    columns = (SourceCell.name, SourceCell.cell_type, SourceCell.source, SourceCell.checksum)
    sources = connection.execute(
        select(SourceCell.notebook_id, SourceCell.locked, *columns)
        .join(Notebook)
        .join(Assignment)
        .where(Assignment.name == assignment)
        .order_by(SourceCell.name)
    )
    kinds = _kinds(connection, assignment)
    found: dict[str, dict[str, TemplateCell]] = defaultdict(dict)
    for row in sources:
        known = kinds[row.notebook_id, row.name]
        found[row.notebook_id][row.name] = TemplateCell(
            grade_id=row.name,
            cell_type=row.cell_type,
            source=row.source or "",
            checksum=row.checksum or "",
            grade="GradeCell" in known,
            solution="SolutionCell" in known,
            locked=row.locked,
            task="TaskCell" in known,
            points=max((most for most in known.values() if most is not None), default=None),
        )
    return found


def _kinds(
    connection: Connection, assignment: str
) -> dict[tuple[str, str], dict[str, float | None]]:
    """Return what each cell is, and what it is worth where it is marked."""
    kinds: dict[tuple[str, str], dict[str, float | None]] = defaultdict(dict)
    for row in known_cells(connection, assignment):
        kinds[row.notebook_id, row.name][row.type] = row.possible
    return kinds


def _in_order(
    found: Mapping[str, TemplateCell], released: dict[str, Any]
) -> tuple[TemplateCell, ...]:
    """Return cells as they stand in the released notebook, and the others after them."""
    order = dict.fromkeys([*(grade_id for grade_id, _ in cells(released)), *found])
    return tuple(found[grade_id] for grade_id in order if grade_id in found)
