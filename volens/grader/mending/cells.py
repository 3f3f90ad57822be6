"""Whatever stands in a file in place of a cell becomes a valid cell, or is left out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Sequence
from typing import Any

from volens.grader.mending.plain import clean, mapping, plain, text
from volens.grader.results import Repair

__all__ = ["TYPES", "Cell", "new_id", "of_type", "valid"]

#: A cell as JSON data of nbformat 4.5.
Cell = dict[str, Any]

#: The types of cells that the format knows.
TYPES = frozenset({"code", "markdown", "raw"})
_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}", re.ASCII)
_NAMED = 5
#: What nbconvert forgets with the outputs, what tells of an earlier run, and the setting by
#: which a raw cell would be shown as it is.
_FORGOTTEN = frozenset({"collapsed", "execution", "format", "scrolled"})

_MESSAGES = {
    "cell-unreadable": "{cells} no cell that can be read. It was left out.",
    "cell-type-unknown": "{cells} of a type that notebooks do not have. It was kept as plain text.",
    "source-unreadable": "{cells} without a readable text. It was read as far as possible.",
    "metadata-unreadable": "{cells} with settings that cannot be read. They were left out.",
    "id-renewed": "{cells} without an id of its own. It was given one.",
    "odd-characters": "{cells} with characters that do not exist. They were replaced by \ufffd.",
}


def valid(found: Sequence[object], *, with_ids: bool) -> tuple[list[Cell], tuple[Repair, ...]]:
    """Return valid cells, without outputs, and what had to be mended.

    Parameters
    ----------
    found
        What the file has as cells.
    with_ids
        Whether its format has ids for cells: then a missing one is worth a word.
    """
    taken = {one["id"] for one in found if isinstance(one, dict) and _is_id(one.get("id"))}
    used: set[str] = set()
    trouble: dict[str, list[int]] = defaultdict(list)
    cells = []
    for place, one in enumerate(found, start=1):
        if not isinstance(one, dict):
            trouble["cell-unreadable"].append(place)
            continue
        cell, codes = _cell(one)
        if _is_id(one.get("id")) and one["id"] not in used:
            cell["id"] = one["id"]
        else:
            label = mapping(cell["metadata"].get("nbgrader")).get("grade_id")
            known = _is_id(label) and label not in taken
            cell["id"] = new_id(str(label) if known else f"cell-{place}", taken)
            if with_ids or one.get("id") is not None:
                codes.append("id-renewed")
        used.add(cell["id"])
        taken.add(cell["id"])
        for code in codes:
            trouble[code].append(place)
        cells.append(cell)
    return cells, tuple(
        Repair(code, "", message.format(cells=_named(trouble[code])))
        for code, message in _MESSAGES.items()
        if code in trouble
    )


def new_id(wanted: str, taken: Container[str]) -> str:
    """Return an id that no other cell has.

    Examples
    --------
    >>> new_id("essay", ()), new_id("essay", {"essay", "essay-2"})
    ('essay', 'essay-3')
    """
    number, found = 1, wanted
    while found in taken:
        number += 1
        found = f"{wanted[:56]}-{number}"
    return found


def of_type(cell: Cell, cell_type: str) -> Cell:
    """Return a cell as one of another type, with the fields that this type has."""
    kept = ["id", "metadata", "source"] + ["attachments"] * (cell_type != "code")
    changed = {"cell_type": cell_type, **{key: cell[key] for key in kept if key in cell}}
    if cell_type == "code":
        changed |= {"execution_count": None, "outputs": []}
    return changed


def _cell(found: Cell) -> tuple[Cell, list[str]]:
    codes = []
    cell_type = found.get("cell_type")
    if not isinstance(cell_type, str) or cell_type not in TYPES:
        codes.append("cell-type-unknown")
        cell_type = "raw"
    source = text(found.get("source"))
    if source is None:
        codes.append("source-unreadable")
        lines = found.get("source")
        kept = lines if isinstance(lines, list) else []
        source = "".join(line for line in kept if isinstance(line, str))
    cleaned = clean(source)
    if cleaned != source:
        codes.append("odd-characters")
    metadata = found.get("metadata")
    if not isinstance(metadata, dict):
        codes.append("metadata-unreadable")
    cell = {"metadata": _metadata(mapping(metadata)), "source": cleaned}
    attachments = _attachments(mapping(found.get("attachments")))
    if attachments:
        cell["attachments"] = attachments
    return of_type(cell, cell_type), codes


def _metadata(found: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in plain(found).items() if key not in _FORGOTTEN}
    # The format says what these three may hold.
    if "jupyter" in kept:
        settings = mapping(kept["jupyter"])
        kept["jupyter"] = {key: on for key, on in settings.items() if isinstance(on, bool)}
    if "tags" in kept:
        tags = kept["tags"] if isinstance(kept["tags"], list) else []
        named = [tag for tag in tags if isinstance(tag, str) and tag and "," not in tag]
        kept["tags"] = list(dict.fromkeys(named))
    name = kept.get("name")
    if "name" in kept and not (isinstance(name, str) and name and "\n" not in name):
        del kept["name"]
    return kept


def _attachments(found: dict[str, Any]) -> dict[str, dict[str, str]]:
    kept = {}
    for name, bundle in found.items():
        contents = {
            clean(kind): clean(content)
            for kind, held in mapping(bundle).items()
            if (content := text(held)) is not None
        }
        if contents:
            kept[clean(name)] = contents
    return kept


def _is_id(found: object) -> bool:
    return isinstance(found, str) and _ID.fullmatch(found) is not None


def _named(places: list[int]) -> str:
    if len(places) == 1:
        return f"Cell {places[0]} is"
    named = ", ".join(str(place) for place in places[:_NAMED])
    more = f" and {len(places) - _NAMED} more" if len(places) > _NAMED else ""
    return f"Each of the cells {named}{more} is"
