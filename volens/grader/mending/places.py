"""Cells that are missing are put back, and a test comes after the answer that it reads."""

from __future__ import annotations

import re
from collections.abc import Sequence

from volens.grader.mending.cells import Cell, new_id, of_type
from volens.grader.mending.pieces import Given, Mended, Piece
from volens.grader.mending.plain import mapping, plain, text
from volens.grader.mending.settings import settings_of
from volens.grader.results import Repair

__all__ = ["placed"]

_ELSEWHERE = "# This cell was missing. The answer stands in another cell."
_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}", re.ASCII)


def placed(pieces: Sequence[Piece], given: Given) -> Mended:
    """Put back what is missing, and move tests that stand before their answers.

    Parameters
    ----------
    pieces
        The cells of the submitted notebook.
    given
        What was given out.
    """
    now = list(pieces)
    repairs = []
    missing = given.cells.keys() - {piece.label for piece in pieces}
    for grade_id in given.cells:
        if grade_id in missing:
            cell, repair = _again(grade_id, now, given)
            now.insert(_place(grade_id, now, given), Piece(cell, grade_id, grade_id))
            repairs.append(repair)
    for test in given.questions:
        if _moved(test, now, given) and test not in missing:
            message = (
                f"{given.name(test)} stood before the answer that it reads. It was moved after it."
            )
            repairs.append(Repair("test-moved", test, message))
    return Mended(tuple(now), tuple(repairs))


def _again(grade_id: str, pieces: Sequence[Piece], given: Given) -> tuple[Cell, Repair]:
    """Return a cell as it was given out, and what to say about it."""
    cell = given.cells[grade_id]
    source, repair = cell.source, _missing(grade_id, given)
    if cell.solution:
        source = given.text_of(grade_id)
        if cell.cell_type == "code" and _assigned_elsewhere(grade_id, pieces, given):
            # The bare cell, run after that one, would undo the answer.
            source = _ELSEWHERE
            message = f"{given.name(grade_id)} was missing; the answer was found in another "
            repair = Repair("answer-elsewhere", grade_id, f"{message}cell and counts there.")
    released = given.released.get(grade_id, {})
    wanted = text(released.get("id")) or grade_id
    wanted = wanted if _ID.fullmatch(wanted) else "put-back"
    again = {
        "id": new_id(wanted, {piece.cell["id"] for piece in pieces}),
        "metadata": {**plain(mapping(released.get("metadata"))), "nbgrader": settings_of(cell)},
        "source": source,
    }
    return of_type(again, cell.cell_type), repair


def _missing(grade_id: str, given: Given) -> Repair:
    cell = given.cells[grade_id]
    if cell.solution:
        message = (
            f"{given.name(grade_id)} was missing, and no answer to it was found elsewhere. "
            "It was put back as it was given out, and counts as no response."
        )
        return Repair("answer-missing", grade_id, message)
    code = "test-missing" if cell.is_test else "text-missing"
    return Repair(code, grade_id, f"{given.name(grade_id)} was missing. It was put back.")


def _assigned_elsewhere(grade_id: str, pieces: Sequence[Piece], given: Given) -> bool:
    names = given.names(grade_id)
    return any(
        names & piece.names
        for piece in pieces
        if piece.type == "code" and not (piece.label and given.cells[piece.label].locked)
    )


def _place(grade_id: str, pieces: Sequence[Piece], given: Given) -> int:
    """Return where a missing cell belongs: after the nearest cell before it that is there."""
    own = given.order[grade_id]
    places = {given.order[piece.key]: place for place, piece in enumerate(pieces) if piece.key}
    before = [order for order in places if order < own]
    if before:
        return _past_own_cells(places[max(before)] + 1, pieces)
    after = [order for order in places if order > own]
    return places[min(after)] if after else len(pieces)


def _past_own_cells(place: int, pieces: Sequence[Piece]) -> int:
    """Go past cells of the student's own: they may continue the answer before them."""
    while place < len(pieces) and pieces[place].is_own:
        place += 1
    return place


def _moved(test: str, pieces: list[Piece], given: Given) -> bool:
    """Move a test after its answers if it stands before one; say whether it did."""
    where = {piece.label: place for place, piece in enumerate(pieces) if piece.label}
    answers = given.questions[test]
    last = max((where[answer] for answer in answers), default=-1)
    if where[test] > last:
        return False
    piece = pieces.pop(where[test])
    place = _past_own_cells(last, pieces)
    # Several tests of one answer keep their order.
    earlier = {one for one, read in given.questions.items() if read == answers} - {test}
    while place < len(pieces) and pieces[place].label in earlier:
        if given.order[pieces[place].label] > given.order[test]:
            break
        place += 1
    pieces.insert(place, piece)
    return True
