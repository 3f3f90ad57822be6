"""Cells that lost their label are recognised: by id, by text, by the answer's name, by place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

from volens.grader.mending.pieces import Given, Mended, Piece
from volens.grader.results import Repair

__all__ = ["found"]

_Pieces: TypeAlias = list[Piece]
#: Returns the places of the cells that may be the one of this grade id.
_Way: TypeAlias = Callable[[str, _Pieces, Given], Sequence[int]]


def found(pieces: Sequence[Piece], given: Given) -> Mended:
    """Give back their labels to cells that lost them.

    Parameters
    ----------
    pieces
        The cells of the submitted notebook.
    given
        What was given out.
    """
    now = list(pieces)
    repairs = []
    # The surest way first, for all cells: a weaker one must not take what belongs to another.
    for way, how in _WAYS:
        for grade_id in given.cells:
            if any(piece.label == grade_id for piece in now):
                continue
            for place in way(grade_id, now, given):
                repairs.append(_repair(grade_id, now[place], how, given))
                now[place] = replace(now[place], label=grade_id, key=grade_id, lost="")
    return Mended(tuple(now), tuple(repairs))


def _by_id(grade_id: str, pieces: _Pieces, given: Given) -> Sequence[int]:
    ids = {grade_id, given.released.get(grade_id, {}).get("id", grade_id)}
    times = Counter(piece.label for piece in pieces)
    places = [
        place
        for place, piece in enumerate(pieces)
        # A copy of a label also counts as lost where the cell's own id says what it was.
        if piece.cell["id"] in ids and (piece.is_own or times[piece.label] > 1)
    ]
    return places[:1]


def _by_text(grade_id: str, pieces: _Pieces, given: Given) -> Sequence[int]:
    if given.cells[grade_id].solution:
        return ()
    places = [
        place
        for place, piece in enumerate(pieces)
        if piece.is_own and given.is_untouched(piece, grade_id)
    ]
    return places[:1]


def _by_name(grade_id: str, pieces: _Pieces, given: Given) -> Sequence[int]:
    """Return every cell that gives the answer a value; which of them counts is told later."""
    cell = given.cells[grade_id]
    if not cell.solution or cell.cell_type != "code":
        return ()
    names = given.names(grade_id)
    return [
        place
        for place, piece in enumerate(pieces)
        if piece.is_own and piece.type != "markdown" and names & piece.names
    ]


def _by_place(grade_id: str, pieces: _Pieces, given: Given) -> Sequence[int]:
    between = [
        place
        for place in _between(grade_id, pieces, given)
        if _may_be(pieces[place], grade_id, given)
    ]
    # One that had a label before any other, one with a text before an empty one.
    between.sort(key=lambda place: (not pieces[place].lost, not pieces[place].source.strip()))
    return between[:1]


def _may_be(piece: Piece, grade_id: str, given: Given) -> bool:
    cell = given.cells[grade_id]
    settings = piece.cell["metadata"].get("nbgrader")
    if not piece.is_own:
        return False
    if piece.lost and isinstance(settings, dict):
        flags = (cell.solution, cell.grade)
        return (bool(settings.get("solution")), bool(settings.get("grade"))) == flags
    # A cell that never had a label can only be a text: code would be known by its names,
    # and a test would take the place of what the student wrote.
    return cell.solution and cell.cell_type == "markdown" and piece.type == "markdown"


def _between(grade_id: str, pieces: _Pieces, given: Given) -> range:
    """Return the places between the cells that stood before and after the one looked for."""
    own = given.order[grade_id]
    places = {piece.key: place for place, piece in enumerate(pieces) if piece.key}
    order = sorted(places, key=lambda key: given.order[key])
    before = [places[key] for key in order if given.order[key] < own]
    after = [places[key] for key in order if given.order[key] > own]
    start = before[-1] + 1 if before else 0
    end = after[0] if after else len(pieces)
    return range(start, end)


_WAYS: tuple[tuple[_Way, str], ...] = (
    (_by_id, "its id"),
    (_by_text, "its text"),
    (_by_name, "the name of the answer"),
    (_by_place, "its place"),
)


def _repair(grade_id: str, piece: Piece, how: str, given: Given) -> Repair:
    carried = piece.label or piece.lost.strip("?")
    was = f"carried the label `{carried[:40]}`" if carried else "had lost its label"
    return Repair(
        "label-lost",
        grade_id,
        f"{given.name(grade_id)} {was}. It was recognised by {how} and is marked as usual.",
    )
