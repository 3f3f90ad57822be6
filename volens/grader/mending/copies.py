"""Cells that are there more than once: one counts, and nothing that a student wrote is lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from volens.grader.mending.cells import Cell
from volens.grader.mending.pieces import Given, Mended, Piece, can_be_read
from volens.grader.mending.plain import mapping
from volens.grader.results import Repair

__all__ = ["COPY_OF", "MOST_PARTS", "single"]

#: In the settings of a text that does not count, so that it is not taken for a continuation.
COPY_OF = "copy_of"
#: Into how many cells a person splits an answer.
MOST_PARTS = 10


def single(pieces: Sequence[Piece], given: Given) -> Mended:
    """Leave every label on one cell only.

    Parameters
    ----------
    pieces
        The cells of the submitted notebook.
    given
        What was given out.
    """
    now = tuple(pieces)
    repairs = []
    # Answers first: which copy of a test counts depends on where its answer stands.
    for grade_id in sorted(given.cells, key=lambda one: not given.cells[one].solution):
        places = _places(grade_id, now)
        if len(places) > 1 and _is_split(grade_id, now, given):
            now = tuple(_joinable(grade_id, now))
        elif len(places) > 1:
            repairs.append(_repair(grade_id, now, given))
            kept = _counting(grade_id, now, given)
            now = tuple(_others_freed(grade_id, kept, now, given))
    return Mended(now, tuple(repairs))


def _places(grade_id: str, pieces: Sequence[Piece]) -> list[int]:
    return [place for place, piece in enumerate(pieces) if piece.label == grade_id]


def _written(grade_id: str, pieces: Sequence[Piece], given: Given) -> list[int]:
    """Return the places of the copies in which the student wrote something."""
    return [
        place
        for place in _places(grade_id, pieces)
        if pieces[place].source.strip() and not given.is_untouched(pieces[place], grade_id)
    ]


def _is_split(grade_id: str, pieces: Sequence[Piece], given: Given) -> bool:
    """Whether the copies are parts of one answer: splitting a cell leaves its label on both."""
    cell = given.cells[grade_id]
    places = _places(grade_id, pieces)
    parts = [pieces[place] for place in places]
    together = places[-1] - places[0] == len(places) - 1 and len(places) <= MOST_PARTS
    if not (cell.solution and together and all(part.type == cell.cell_type for part in parts)):
        return False
    if cell.cell_type == "code":
        readable = can_be_read("\n".join(part.source for part in parts))
        return readable and not all(can_be_read(part.source) for part in parts)
    lines = [line for part in parts for line in set(part.lines) if line]
    return len(lines) == len(set(lines))


def _joinable(grade_id: str, pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Leave the label on the first part; the others then continue it."""
    first = _places(grade_id, pieces)[0]
    for place, piece in enumerate(pieces):
        if piece.label == grade_id and place != first:
            yield replace(piece, cell=_without_settings(piece), label="", key="", lost="")
        else:
            yield piece


def _counting(grade_id: str, pieces: Sequence[Piece], given: Given) -> int:
    places = _places(grade_id, pieces)
    cell = given.cells[grade_id]
    if not cell.solution:
        return _counting_locked(grade_id, places, pieces, given)
    written = _written(grade_id, pieces, given)
    likely = [place for place in written if pieces[place].type == cell.cell_type] or written
    if not likely:
        return places[0]
    if cell.cell_type != "code":
        return max(likely, key=lambda place: len(pieces[place].source.strip()))
    names = given.names(grade_id)
    likely = [place for place in likely if names & pieces[place].names] or likely
    # Every copy is run, so that what stands when the test comes is what the last one before gave.
    tests = [test for test, answers in given.questions.items() if grade_id in answers]
    end = max((place for test in tests for place in _places(test, pieces)), default=len(pieces))
    return ([place for place in likely if place < end] or likely)[-1]


def _counting_locked(
    grade_id: str, places: list[int], pieces: Sequence[Piece], given: Given
) -> int:
    answers = [place for one in given.questions.get(grade_id, ()) for place in _places(one, pieces)]
    after = [place for place in places if place > max(answers, default=-1)]
    return after[0] if after else places[-1]


def _others_freed(
    grade_id: str, kept: int, pieces: Sequence[Piece], given: Given
) -> Iterator[Piece]:
    for place, piece in enumerate(pieces):
        if piece.label != grade_id or place == kept:
            yield piece
        elif not _says_nothing(piece, grade_id, pieces[kept], given):
            yield _freed(piece, grade_id)


def _says_nothing(piece: Piece, grade_id: str, kept: Piece, given: Given) -> bool:
    """Whether a copy can be left out: run later, a bare one would undo the answer."""
    if not piece.source.strip() or given.is_untouched(piece, grade_id):
        return True
    cell = given.cells[grade_id]
    if cell.solution:
        return cell.cell_type != "code" and piece.lines == kept.lines
    own = [line for line in piece.source.splitlines() if line.strip()]
    known = {*cell.source.splitlines(), *given.text_of(grade_id).splitlines()}
    return 2 * sum(line in known for line in own) >= len(own)


def _freed(piece: Piece, grade_id: str) -> Piece:
    cell = _without_settings(piece)
    ours = mapping(cell["metadata"].get("volens"))
    cell["metadata"]["volens"] = {**ours, COPY_OF: grade_id}
    return replace(piece, cell=cell, label="", key="", lost="")


def _without_settings(piece: Piece) -> Cell:
    metadata = {key: value for key, value in piece.cell["metadata"].items() if key != "nbgrader"}
    return {**piece.cell, "metadata": metadata}


def _repair(grade_id: str, pieces: Sequence[Piece], given: Given) -> Repair:
    cell = given.cells[grade_id]
    places = _places(grade_id, pieces)
    times = "twice" if len(places) == 2 else f"{len(places)} times"  # noqa: PLR2004 (a word for two)
    there = f"{given.name(grade_id)} was there {times}."
    if not cell.solution:
        return Repair("cell-twice", grade_id, f"{there} One of them was kept.")
    texts = {pieces[place].lines for place in _written(grade_id, pieces, given)}
    if len(texts) <= 1:
        which = "The one with the answer counts." if texts else "None of them holds an answer."
        return Repair("cell-twice", grade_id, f"{there} {which}")
    if cell.cell_type == "code":
        counts = (
            "They hold different answers. The last one before the test counts, as it would where "
            "all are run in order; the others stay as plain cells."
        )
    else:
        counts = (
            "They hold different texts. The longest one counts; the others stay beside it as "
            "plain cells. Whoever marks should read them all."
        )
    return Repair("answers-twice" if cell.grade else "cell-twice", grade_id, f"{there} {counts}")
