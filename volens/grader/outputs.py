"""Outputs of a cell as they come from a student's process, made fit for a notebook.

Nothing that comes from there is trusted: whatever is not an output as notebooks have
them is dropped.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import islice
from typing import Any

__all__ = ["cleaned"]

#: An output of these kinds would run in the browser of whoever opens the notebook.
_PROGRAMS = ("application/javascript", "text/javascript", "application/ecmascript")
_WIDGET = "application/vnd.jupyter.widget-view+json"
#: The only numbers that a page takes from an output's metadata.
_SIZES = ("width", "height")
#: How many lists and objects of an output may lie inside one another.
_DEEPEST = 50
#: How many outputs a cell has at most, with so many lines of an error and forms of a value. A
#: stranger writes more of them in little space than a notebook can be made of in fair time.
_MOST = 1_000
#: How many values there may be in one of these forms.
_MOST_VALUES = 50_000


def cleaned(outputs: object) -> list[dict[str, Any]]:
    """Return the outputs among what came.

    Parameters
    ----------
    outputs
        Anything that JSON can hold.

    Examples
    --------
    >>> cleaned([{"output_type": "stream", "name": "stdout", "text": "1"}, "nonsense"])
    [{'output_type': 'stream', 'name': 'stdout', 'text': '1'}]
    """
    if not isinstance(outputs, list):
        return []
    found = (_cleaned(output) for output in outputs[:_MOST] if isinstance(output, dict))
    return [output for output in found if output is not None]


def _cleaned(output: Mapping[str, Any]) -> dict[str, Any] | None:
    kind = output.get("output_type")
    match kind:
        case "stream":
            name = "stderr" if output.get("name") == "stderr" else "stdout"
            return {"output_type": kind, "name": name, "text": _text(output.get("text"))}
        case "error":
            lines = output.get("traceback")
            return {
                "output_type": kind,
                "ename": _text(output.get("ename")),
                "evalue": _text(output.get("evalue")),
                "traceback": [_text(line) for line in lines[:_MOST]]
                if isinstance(lines, list)
                else [],
            }
        case "display_data" | "execute_result":
            data = _data(output.get("data"))
            if not data:
                return None
            metadata = _metadata(output.get("metadata"), data)
            shown = {"output_type": kind, "data": data, "metadata": metadata}
            if kind == "execute_result":
                count = output.get("execution_count")
                shown["execution_count"] = count if type(count) is int else None
            return shown
        case _:
            return None


def _data(data: object) -> dict[str, Any]:
    if not isinstance(data, dict):
        return {}
    return {
        _text(kind): _json(part, _DEEPEST) if _is_data(kind) else _text(part)
        for kind, part in islice(data.items(), _MOST)
        if kind not in _PROGRAMS and _fits(kind, part)
    }


def _fits(kind: str, part: object) -> bool:
    """Tell whether this is how content of this kind is kept: pages fail on anything else."""
    if kind == _WIDGET:
        return isinstance(part, dict) and isinstance(part.get("model_id"), str)
    if _is_data(kind):
        return _is_short(part)
    return isinstance(part, str)


def _is_short(found: object) -> bool:
    """Tell whether there are few enough values in it."""
    waiting, seen = [found], 0
    while waiting and seen <= _MOST_VALUES:
        one = waiting.pop()
        seen += 1
        if isinstance(one, dict | list):
            if len(one) > _MOST_VALUES:
                return False
            waiting += one.values() if isinstance(one, dict) else one
    return not waiting


def _is_data(kind: str) -> bool:
    return kind == "application/json" or kind.endswith("+json")


def _json(found: Any, depth: int) -> Any:  # noqa: ANN401 (whatever JSON can hold)
    """Return it without what no file can hold: halves of characters, and numbers that are none."""
    if isinstance(found, str):
        return _text(found)
    if isinstance(found, float):
        return found if math.isfinite(found) else None
    if isinstance(found, dict):
        return {_text(key): _json(part, depth - 1) for key, part in found.items()} if depth else {}
    if isinstance(found, list):
        return [_json(part, depth - 1) for part in found] if depth else []
    return found


def _metadata(metadata: object, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the sizes of pictures: whatever else there may be changes nothing that is seen."""
    if not isinstance(metadata, dict):
        return {}
    found = {
        _text(kind): {name: part[name] for name in _SIZES if _is_size(part.get(name))}
        for kind, part in metadata.items()
        if kind in data and isinstance(part, dict)
    }
    return {kind: sizes for kind, sizes in found.items() if sizes}


def _is_size(found: object) -> bool:
    return type(found) is int or (type(found) is float and math.isfinite(found))


def _text(found: object) -> str:
    """Return text that can be written as UTF-8."""
    text = found if isinstance(found, str) else ""
    return text.encode("utf-8", "replace").decode("utf-8")
