"""Type, text and settings of every cell as the gradebook holds them, and the kernel too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from volens.grader.mending.cells import of_type
from volens.grader.mending.pieces import Given, Mended, Piece, label_of
from volens.grader.mending.plain import mapping, plain
from volens.grader.results import Repair
from volens.grader.template import Template, TemplateCell

__all__ = ["kernel", "settings_of", "settled"]

_SCHEMA = 3
_FLAGS = ("grade", "locked", "solution", "task")


def settled(pieces: Sequence[Piece], given: Given) -> Mended:
    """Set type, text and settings of the cells back, and take unknown labels away.

    Parameters
    ----------
    pieces
        The cells of the submitted notebook: every one of the assignment once.
    given
        What was given out.
    """
    repairs = [repair for piece in pieces for repair in _found(piece, given)]
    return Mended(tuple(_settled(piece, given) for piece in pieces), tuple(repairs))


def settings_of(cell: TemplateCell) -> dict[str, Any]:
    """Return nbgrader's settings of a cell, as the gradebook holds them.

    Examples
    --------
    >>> settings_of(TemplateCell("essay", "markdown", "", "", grade=True, points=6.0))["points"]
    6
    """
    settings: dict[str, Any] = {
        "cell_type": cell.cell_type,
        "grade": cell.grade,
        "grade_id": cell.grade_id,
        "locked": cell.locked,
        "schema_version": _SCHEMA,
        "solution": cell.solution,
        "task": cell.task,
    }
    if cell.checksum:
        settings["checksum"] = cell.checksum
    if cell.points is not None:
        whole = float(cell.points).is_integer()
        settings["points"] = int(cell.points) if whole else cell.points
    return settings


def kernel(
    metadata: Mapping[str, Any], template: Template
) -> tuple[dict[str, Any], tuple[Repair, ...]]:
    """Return a notebook's metadata with the kernel of the assignment.

    Parameters
    ----------
    metadata
        Those of the submitted notebook.
    template
        What the gradebook knows.
    """
    ours = dict(metadata)
    if not template.kernelspec:
        return ours, ()
    asked = mapping(metadata.get("kernelspec")).get("language")
    written = mapping(metadata.get("language_info")).get("name")
    ours["kernelspec"] = dict(template.kernelspec)
    right = _lower(template.kernelspec.get("language")) or "python"
    others = [one for one in (asked, written) if _lower(one) not in ("", right, "ipython")]
    if not others:
        return ours, ()
    language = mapping(mapping(template.released.get("metadata")).get("language_info"))
    ours["language_info"] = plain(language) or {"name": right}
    message = f"The notebook was set to run {str(others[0])[:40]}. It was set back to {right}."
    return ours, (Repair("other-kernel", "", message),)


def _lower(found: object) -> str:
    return found.lower() if isinstance(found, str) else ""


def _settled(piece: Piece, given: Given) -> Piece:
    metadata = {key: value for key, value in piece.cell["metadata"].items() if key != "nbgrader"}
    cell = given.cells.get(piece.label)
    if cell is None:
        if len(metadata) == len(piece.cell["metadata"]):
            return piece
        return replace(piece, cell={**piece.cell, "metadata": metadata}, lost="")
    changed = of_type(piece.cell, cell.cell_type)
    changed["metadata"] = {**metadata, "nbgrader": settings_of(cell)}
    if cell.locked:
        changed["source"] = cell.source
    return replace(piece, cell=changed)


def _found(piece: Piece, given: Given) -> Iterator[Repair]:
    cell = given.cells.get(piece.label)
    if cell is None:
        if piece.lost:
            yield _unknown(piece)
        return
    if piece.type != cell.cell_type:
        message = f"{given.name(piece.label)} had become a {piece.type} cell. It is a "
        yield Repair("cell-retyped", piece.label, f"{message}{cell.cell_type} cell again.")
    # A cell that had lost its label has been spoken of already.
    if label_of(piece.cell) == piece.label and _differ(piece, cell):
        message = (
            f"{given.name(piece.label)} had other settings than those given out, such as points. "
        )
        yield Repair("settings-changed", piece.label, f"{message}They were set back.")
    if cell.locked and not given.is_untouched(piece, piece.label):
        message = f"{given.name(piece.label)} was changed. It was replaced by the original."
        yield Repair("test-changed" if cell.is_test else "text-changed", piece.label, message)


def _unknown(piece: Piece) -> Repair:
    label = piece.lost[:40]
    named = "a label that cannot be read" if label == "?" else f"the label `{label}`"
    message = f"A cell carried {named}, which the assignment does not have. It counts as the "
    return Repair("unknown-label", "" if label == "?" else label, f"{message}student's own.")


def _differ(piece: Piece, cell: TemplateCell) -> bool:
    own = mapping(piece.cell["metadata"].get("nbgrader"))
    if any(own.get(flag, False) is not getattr(cell, flag) for flag in _FLAGS):
        return True
    points = own.get("points")
    if cell.points is None:
        return points is not None
    return isinstance(points, bool) or not isinstance(points, int | float) or points != cell.points
