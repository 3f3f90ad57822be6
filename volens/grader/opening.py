"""From the bytes of a submitted file to a notebook, or to a reason why it is none.

The bytes come from a student and may be anything. What is built of them is valid as
nbformat 4.5, without outputs: each cell is made anew, so that no schema has to be asked.
"""

from __future__ import annotations

import json
import math
from typing import Any

import nbformat
from nbformat.v4.convert import upgrade_cell

from volens.errors import SubmissionError
from volens.grader.limits import Limits
from volens.grader.mending.cells import valid
from volens.grader.mending.plain import clean, mapping, plain, text
from volens.grader.results import Repair
from volens.handin.opening import is_mixed, is_web_page

__all__ = ["MOST_CELLS", "open_notebook"]

#: A notebook with more cells is nothing that a person wrote.
MOST_CELLS = 5_000
#: JSON that opens more lists and objects than this would fill the memory.
_MOST_PARTS = 2_000_000
_MEBIBYTE = 1 << 20
_FORMAT = 4
_MINOR = 5
_AGAIN = "Ask for the file again."
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
#: No number of a version, or of a heading, is higher.
_HIGHEST = 1_000


def open_notebook(
    content: bytes, name: str, limits: Limits
) -> tuple[dict[str, Any], tuple[Repair, ...]]:
    """Open a submitted notebook.

    Parameters
    ----------
    content
        The file's bytes.
    name
        What to call it in messages.
    limits
        How long it may be.

    Returns
    -------
    The notebook as JSON data, and what had to be mended to read it.

    Raises
    ------
    SubmissionError
        If it is no notebook that can be read.

    Examples
    --------
    >>> cell = '{"cell_type": "markdown", "id": "a", "metadata": {}, "source": ["Hello"]}'
    >>> file = f'{{"cells": [{cell}], "metadata": {{}}, "nbformat": 4, "nbformat_minor": 5}}'
    >>> notebook, repairs = open_notebook(file.encode(), "a3.ipynb", Limits())
    >>> notebook["cells"][0]["source"], repairs
    ('Hello', ())
    """
    data = _data(content, name, limits)
    version, minor = _whole(data.get("nbformat"), _FORMAT), _whole(data.get("nbformat_minor"), 0)
    if version > _FORMAT:
        raise SubmissionError(
            "newer-format",
            f"{name} is in a format of notebook (version {version}) that is newer than "
            f"this grader. Ask for it in version {_FORMAT}, or mark it by hand.",
        )
    found = _cells(data, name)
    old = not isinstance(data.get("cells"), list)
    cells, repairs = valid(found, with_ids=not old and minor >= _MINOR)
    if not cells:
        raise SubmissionError("no-cells", f"{name} has no cells. {_AGAIN}")
    shown = f"{3 if old else _FORMAT}.{minor}"
    notebook = {
        "cells": cells,
        "metadata": _metadata(data.get("metadata")),
        "nbformat": _FORMAT,
        "nbformat_minor": _MINOR,
    }
    return notebook, (*_about_format(shown, minor, old=old), *_about_metadata(data), *repairs)


def _data(content: bytes, name: str, limits: Limits) -> dict[str, Any]:
    if len(content) > limits.notebook_bytes:
        raise SubmissionError(
            "too-large",
            f"{name} has {len(content) / _MEBIBYTE:.0f} MiB; "
            f"{limits.notebook_bytes / _MEBIBYTE:.0f} are read. Ask for it without outputs: "
            "in JupyterLab, *Clear Outputs of All Cells* in the *Edit* menu.",
        )
    if content.startswith(_UTF_16):
        content = _as_utf_8(content, name)
    if not content.strip(b"\xef\xbb\xbf \r\n\t"):
        raise SubmissionError("empty-file", f"{name} is empty. {_AGAIN}")
    if is_web_page(content):
        raise SubmissionError(
            "web-page",
            f"{name} is a web page and no notebook. Ask for the notebook itself: in JupyterLab, "
            "*Download* in the *File* menu.",
        )
    if content.count(b"{") + content.count(b"[") > _MOST_PARTS:
        raise SubmissionError(
            "too-large", f"{name} has more parts than a notebook can have. {_AGAIN}"
        )
    data = _parsed(content, name)
    if not isinstance(data, dict):
        raise SubmissionError("not-a-notebook", f"{name} is no notebook. {_AGAIN}")
    return data


def _as_utf_8(content: bytes, name: str) -> bytes:
    try:
        return content.decode("utf-16").encode()
    except UnicodeError:
        raise _not_text(name) from None


def _parsed(content: bytes, name: str) -> object:
    try:
        return json.loads(content.decode("utf-8-sig"))
    except UnicodeError:
        raise _not_text(name) from None
    except RecursionError:
        raise SubmissionError(
            "too-deep", f"{name} is nested deeper than any notebook. {_AGAIN}"
        ) from None
    except ValueError as error:
        if is_mixed(content):
            raise SubmissionError(
                "merge-conflict",
                f"{name} holds two versions mixed into one, with lines such as `<<<<<<<`, as Git "
                "leaves them when it cannot decide. Ask for the version that counts.",
            ) from None
        line = getattr(error, "lineno", 0)
        where = f": from its line {line} on it cannot be read" if line else ""
        raise SubmissionError(
            "unreadable-notebook", f"{name} is damaged{where}. {_AGAIN}"
        ) from None


def _not_text(name: str) -> SubmissionError:
    return SubmissionError("not-text", f"{name} is no text, so it is no notebook. {_AGAIN}")


def _cells(data: dict[str, Any], name: str) -> list[Any]:
    cells = data.get("cells")
    sheets = data.get("worksheets")
    old = not isinstance(cells, list) and isinstance(sheets, list)
    if old:
        cells = [cell for sheet in sheets or () for cell in _listed(mapping(sheet).get("cells"))]
    if not isinstance(cells, list):
        raise SubmissionError("no-cells", f"{name} is no notebook: it has no cells. {_AGAIN}")
    if len(cells) > MOST_CELLS:
        raise SubmissionError(
            "too-many-cells",
            f"{name} has {len(cells)} cells; {MOST_CELLS} are read. Look at it by hand.",
        )
    return _upgraded(cells) if old else cells


def _upgraded(cells: list[Any]) -> list[Any]:
    """Return cells of nbformat 3 as those of nbformat 4; what is no cell goes to the end."""
    known = [_third(cell) for cell in cells if isinstance(cell, dict)]
    # The converter gives ids at random; ours are the same each time.
    upgraded: list[Any] = [{**upgrade_cell(nbformat.from_dict(cell)), "id": None} for cell in known]
    return upgraded + [None] * (len(cells) - len(known))


def _third(cell: dict[str, Any]) -> dict[str, Any]:
    """Return a cell of nbformat 3 that its converter can take, without outputs."""
    kind = cell.get("cell_type")
    metadata = plain(mapping(cell.get("metadata")))
    if kind == "code":
        source = clean(text(cell.get("input")) or "")
        language = {"collapsed": False, "language": "python", "outputs": []}
        return {"cell_type": kind, "input": source, "metadata": metadata, **language}
    source = clean(text(cell.get("source")) or "")
    if kind == "heading":
        level = min(max(_whole(cell.get("level"), 1), 1), 6)
        return {"cell_type": kind, "level": level, "metadata": metadata, "source": source}
    kind = kind if kind in ("html", "markdown") else "raw"
    return {"cell_type": kind, "metadata": metadata, "source": source}


def _metadata(found: object) -> dict[str, Any]:
    """Return what is needed of a notebook's own metadata: which language it is in."""
    kept = {}
    kernel = plain(mapping(mapping(found).get("kernelspec")))
    if isinstance(kernel.get("name"), str) and isinstance(kernel.get("display_name"), str):
        known = ("display_name", "language", "name")
        kept["kernelspec"] = {key: kernel[key] for key in known if isinstance(kernel.get(key), str)}
    language = plain(mapping(mapping(found).get("language_info")))
    if isinstance(language.get("name"), str):
        kept["language_info"] = {
            key: value
            for key, value in language.items()
            if isinstance(value, str) or (key == "codemirror_mode" and isinstance(value, dict))
        }
    return kept


def _about_format(shown: str, minor: int, *, old: bool) -> tuple[Repair, ...]:
    if old or minor < _MINOR:
        message = f"The file is in the older format {shown}. It was read as one of today's."
        return (Repair("older-format", "", message),)
    if minor > _MINOR:
        message = f"The file is in the newer format {shown}. What this grader does not know of it "
        return (Repair("newer-minor-format", "", f"{message}was left out."),)
    return ()


def _about_metadata(data: dict[str, Any]) -> tuple[Repair, ...]:
    if isinstance(data.get("metadata"), dict):
        return ()
    message = "The settings of the notebook cannot be read. They were left out."
    return (Repair("metadata-unreadable", "", message),)


def _listed(found: object) -> list[Any]:
    return found if isinstance(found, list) else []


def _whole(found: object, otherwise: int) -> int:
    if isinstance(found, float) and math.isnan(found):
        return otherwise
    return int(min(max(found, 0), _HIGHEST)) if isinstance(found, int | float) else otherwise
