"""Text and metadata of a stranger's file, made fit to be kept, written and stored."""

from __future__ import annotations

import json
import math
from typing import Any

__all__ = ["clean", "mapping", "plain", "text"]

#: More than this of anything in the metadata of a cell is nothing that Jupyter writes.
_LONGEST = 10_000
_ALTOGETHER = 50_000
_MOST = 1_000
_DEEPEST = 12
#: With so few of them nothing is nested deeply.
_BRACKETS = 100
#: What JSON writes for NUL, for half a character, and for what is no number.
_ODD = ("\\u0000", "\\ud", "NaN", "Infinity")


def clean(found: str) -> str:
    r"""Return a text that can be written as UTF-8 and stored in any database.

    Half a character, as a file can hold it, and the character NUL become the sign that
    stands for what cannot be read.

    Examples
    --------
    >>> clean("fine"), clean("a\x00b"), clean("\ud83d!")
    ('fine', 'a\ufffdb', '\ufffd!')
    """
    if "\0" in found:
        found = found.replace("\0", "\ufffd")
    try:
        found.encode()
    except UnicodeEncodeError:
        return found.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return found


def text(found: object) -> str | None:
    """Return the text that the format of notebooks keeps as a string or as a list of lines.

    Returns
    -------
    ``None`` where it is neither.

    Examples
    --------
    >>> text(["one ", "line"]), text({"no": "text"})
    ('one line', None)
    """
    if isinstance(found, str):
        return found
    if isinstance(found, list) and all(isinstance(line, str) for line in found):
        return "".join(found)
    return None


def mapping(found: object) -> dict[str, Any]:
    """Return a dictionary as it is, and an empty one for anything else."""
    return found if isinstance(found, dict) else {}


def plain(found: dict[str, Any]) -> dict[str, Any]:
    """Return settings as JSON data of a fair size.

    What is too deep, too long or no number is left out; of settings that are too many
    altogether only nbgrader's own are kept.

    Examples
    --------
    >>> plain({"tags": ["a"], "size": float("inf")})
    {'tags': ['a'], 'size': None}
    """
    try:
        # Almost always nothing has to be changed, and this is the quickest way to know.
        written = json.dumps(found)
    except RecursionError:
        written = " " * (_ALTOGETHER + 1)
    if len(written) > _ALTOGETHER:
        ours = mapping(found.get("nbgrader"))
        found = {"nbgrader": {key: ours[key] for key in list(ours)[:_MOST] if _is_one(ours[key])}}
    elif len(written) <= _LONGEST and _is_simple(written):
        return found
    return mapping(_plain(found, _DEEPEST))


def _is_simple(written: str) -> bool:
    brackets = written.count("[") + written.count("{")
    return brackets <= _BRACKETS and not any(sign in written for sign in _ODD)


def _is_one(found: object) -> bool:
    return not isinstance(found, dict | list)


def _plain(found: Any, depth: int) -> Any:  # noqa: ANN401 (whatever JSON can hold)
    if isinstance(found, str):
        return clean(found[:_LONGEST])
    if isinstance(found, float) and not math.isfinite(found):
        return None
    if isinstance(found, dict):
        items = list(found.items())[:_MOST] if depth else []
        return {clean(key[:_LONGEST]): _plain(value, depth - 1) for key, value in items}
    if isinstance(found, list):
        return [_plain(value, depth - 1) for value in found[:_MOST]] if depth else []
    return found
