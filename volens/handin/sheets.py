"""Whether an answer sheet holds something that was not copied into its answer cell.

What is marked is the answer cell. The sheet keeps its entries in a file beside the notebook, and
a student who goes on in the sheet may forget to copy again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from volens.handin.manifest import Cell
from volens.kinds import same
from volens.widgets.keeping import FOLDER

__all__ = ["Differs", "Sheet", "flat", "not_copied", "sheets"]

_SCHEMA = "volens/answer-sheet"
#: What the sheet calls the only column of an answer that has one.
_ONLY = "answer"
_NAMED = 4

Entries = Mapping[tuple[str, str], str]


@dataclass(frozen=True)
class Sheet:
    """What one sheet keeps.

    Attributes
    ----------
    changed
        When it was last written, in seconds as the file system counts them.
    entries
        Text by row and column.
    """

    changed: float
    entries: Entries


@dataclass(frozen=True)
class Differs:
    """A sheet that differs from its answer cell.

    Attributes
    ----------
    changed
        When the sheet was last written.
    text
        What differs, and what to do.
    """

    changed: float
    text: str


def sheets(folder: Path) -> Mapping[str, tuple[Sheet, ...]]:
    """Return what answer sheets keep beside a notebook, by the answer's name, the newest first.

    Parameters
    ----------
    folder
        Where the notebook lies. Files that hold no answer sheet are passed over.
    """
    found: dict[str, list[Sheet]] = {}
    for file in (folder / FOLDER).glob("*.json"):
        if "-set-aside-" in file.name:
            continue
        try:
            data = json.loads(file.read_text(encoding="utf-8"))
            time = file.stat().st_mtime
        except (OSError, ValueError, RecursionError):
            continue
        if not isinstance(data, dict) or data.get("schema") != _SCHEMA:
            continue
        entries = flat(data.get("entries"))
        if entries:
            found.setdefault(str(data.get("case")), []).append(Sheet(time, entries))
    return {name: tuple(sorted(kept, key=lambda one: -one.changed)) for name, kept in found.items()}


def flat(answer: object) -> dict[tuple[str, str], str]:
    """Return an answer, or the entries of a sheet, as text by row and column.

    Examples
    --------
    >>> flat({"V1": {"request": "met"}})
    {('V1', 'request'): 'met'}
    >>> flat({"C004": ""})
    {('C004', 'answer'): ''}
    """
    found = {}
    for row, cell in answer.items() if isinstance(answer, Mapping) else ():
        columns = cell if isinstance(cell, Mapping) else {_ONLY: cell}
        for column, text in columns.items():
            if isinstance(text, str):
                found[str(row), str(column)] = " ".join(text.split())
    return found


def not_copied(cell: Cell, answer: Any, kept: tuple[Sheet, ...]) -> Differs | None:  # noqa: ANN401 (whatever a student's cell holds)
    """Compare an answer with what its sheet keeps.

    Parameters
    ----------
    cell, answer
        The answer cell, and the value of its answer.
    kept
        What sheets of this name keep: of them the newest that has these rows.
    """
    given = flat(answer)
    sheet = next((one for one in kept if one.entries.keys() <= given.keys()), None)
    if sheet is None:
        return None
    other = [
        _called(place)
        for place, text in sheet.entries.items()
        if text != given[place] and not (given[place] and same(text, given[place]))
    ]
    if not other:
        return None
    named = ", ".join(other[:_NAMED])
    more = f" and {len(other) - _NAMED} more" if len(other) > _NAMED else ""
    return Differs(
        sheet.changed,
        f"The sheet of {cell.place} and the answer cell differ: {named}{more}. What is marked is "
        "the answer cell. If the sheet is right, press Copy my answers again and paste over the "
        "answer cell.",
    )


def _called(place: tuple[str, str]) -> str:
    row, column = place
    return row if column == _ONLY else f"{row}: {column}"
