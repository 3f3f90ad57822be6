"""Answers that go on in the next cell are joined, where that is needed to mark them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from volens.grader.mending.copies import COPY_OF, MOST_PARTS
from volens.grader.mending.pieces import Given, Mended, Piece, can_be_read
from volens.grader.mending.plain import mapping
from volens.grader.results import Repair

__all__ = ["joined"]


def joined(pieces: Sequence[Piece], given: Given) -> Mended:
    """Join an answer with the student's own cells directly after it.

    Text is joined: whoever marks sees the answer cell alone. Code is joined where neither
    part can be read without the other; all other code runs as it stands.

    Parameters
    ----------
    pieces
        The cells of the submitted notebook.
    given
        What was given out.
    """
    now = list(pieces)
    repairs = []
    for place, piece in enumerate(pieces):
        cell = given.cells.get(piece.label)
        if cell is None or not cell.solution:
            continue
        following = _following(place, pieces, cell.cell_type)
        if cell.cell_type == "code":
            parts, source = _code(piece, following)
        else:
            parts, source = _text(piece, following, given)
        if parts:
            repairs.append(_repair(given.name(piece.label), piece.label, len(parts)))
            at = now.index(piece)
            now[at : at + 1 + len(parts)] = [_whole([piece, *parts], source)]
    return Mended(tuple(now), tuple(repairs))


def _following(place: int, pieces: Sequence[Piece], cell_type: str) -> list[Piece]:
    found = []
    for piece in pieces[place + 1 :]:
        own = piece.is_own and piece.type == cell_type
        if not own or COPY_OF in mapping(piece.cell["metadata"].get("volens")):
            break
        found.append(piece)
    return found


def _text(piece: Piece, following: list[Piece], given: Given) -> tuple[list[Piece], str]:
    texts = [one.source.strip("\n") for one in following if one.source.strip()]
    if not texts:
        return [], ""
    if piece.source.strip() and not given.is_untouched(piece, piece.label):
        texts.insert(0, piece.source.rstrip("\n"))
    return following, "\n\n".join(texts)


def _code(piece: Piece, following: list[Piece]) -> tuple[list[Piece], str]:
    source = piece.source
    if not following or can_be_read(source):
        return [], ""
    for count, one in enumerate(following[:MOST_PARTS], start=1):
        source = f"{source}\n{one.source}"
        if can_be_read(source):
            return following[:count], source
    return [], ""


def _whole(parts: Sequence[Piece], source: str) -> Piece:
    first = parts[0]
    cell = {**first.cell, "source": source}
    attachments: dict[str, object] = {}
    for part in reversed(parts):
        attachments |= mapping(part.cell.get("attachments"))
    if attachments:
        cell["attachments"] = attachments
    return replace(first, cell=cell)


def _repair(name: str, grade_id: str, count: int) -> Repair:
    cells = "the cell" if count == 1 else f"the {count} cells"
    message = f"{name} went on in {cells} after it. The parts were joined."
    return Repair("answer-split", grade_id, message)
