"""Answers that were merged into a cell which was given out are taken out again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from volens.grader.mending.cells import new_id, of_type
from volens.grader.mending.pieces import Given, Mended, Piece
from volens.grader.mending.plain import text
from volens.grader.results import Repair

__all__ = ["parted"]


def parted(pieces: Sequence[Piece], given: Given) -> Mended:
    """Take a missing answer out of a test, or out of the question above or below it.

    Jupyter merges cells at a key, and the whole then has the label of one of them. In a test
    the answer would be lost: its text is replaced.

    Parameters
    ----------
    pieces
        The cells of the submitted notebook.
    given
        What was given out.
    """
    now = list(pieces)
    repairs = []
    there = {piece.label for piece in pieces} | {piece.cell["id"] for piece in pieces}
    for grade_id, cell in given.cells.items():
        if not cell.solution or grade_id in there:
            continue
        for place, piece in enumerate(now):
            parts = _parts(grade_id, piece, given)
            if parts is None:
                continue
            own, rest = parts
            ids = {one.cell["id"] for one in now}
            answer = {"id": new_id("answer", ids), "metadata": {}, "source": rest}
            apart = Piece(of_type(answer, cell.cell_type), grade_id, grade_id)
            kept = replace(piece, cell={**piece.cell, "source": own})
            # A test comes after its answer, a question before it.
            now[place : place + 1] = [apart, kept] if piece.type == "code" else [kept, apart]
            other = given.name(piece.key)
            message = f"{given.name(grade_id)} had become one with another: {other}. They were "
            repairs.append(Repair("cells-merged", grade_id, f"{message}parted, and both count."))
            break
    return Mended(tuple(now), tuple(repairs))


def _parts(grade_id: str, piece: Piece, given: Given) -> tuple[str, str] | None:
    """Return what was given out of a cell, and the answer beside it, if that is in it."""
    cell = given.cells[grade_id]
    labelled = given.cells.get(piece.label)
    if piece.is_own or piece.type != cell.cell_type or (labelled and labelled.solution):
        return None
    if cell.cell_type != "code" and abs(given.order[piece.key] - given.order[grade_id]) != 1:
        return None
    own = text(given.released.get(piece.key, {}).get("source")) or ""
    rest = _without(own, piece) if piece.is_read else ""
    if not rest or (cell.cell_type == "code" and not given.names(grade_id) & _names(rest, piece)):
        return None
    return own, rest


def _without(own: str, piece: Piece) -> str:
    wanted = tuple(line.rstrip() for line in own.strip().splitlines())
    size = len(wanted)
    if not size or len(piece.lines) <= size:
        return ""
    lines = piece.source.strip().splitlines()
    for start, line in enumerate(piece.lines):
        if line == wanted[0] and piece.lines[start : start + size] == wanted:
            return "\n".join(lines[:start] + lines[start + size :]).strip("\n")
    return ""


def _names(source: str, piece: Piece) -> frozenset[str]:
    return replace(piece, cell={**piece.cell, "source": source}).names
