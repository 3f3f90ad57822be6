"""How an answer travels: plain data in, exact built-in types out.

A test may run in the student's own kernel or in another process that knows the
answer only as text. So that both see the same values, every answer takes the
same way: it is written as JSON and rebuilt. What arrives is an exact built-in
type, so that no class a student wrote can decide what "equal" means.

The closed vocabulary: ``None``, truth values, numbers, text, lists, tuples,
sets, dictionaries, dates, the three values of :mod:`volens.logic`, and pandas
frames and columns. Numbers of numpy and pandas become Python's. Nothing is ever
unpickled.

Examples
--------
>>> loads(dumps({"C009": ("organisation", 4)}))
{'C009': ('organisation', 4)}
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from volens.errors import UnreadableAnswerError
from volens.logic import Value

__all__ = ["DEEPEST", "LONGEST", "decode", "dumps", "encode", "loads"]

#: The longest answer that is read, in characters of JSON.
LONGEST = 1_000_000
#: How deep lists and dictionaries may lie inside one another.
DEEPEST = 32

_KIND = "$kind"
_WHAT_IS_READ = (
    "An answer may hold text, numbers, True and False, dates, MET, NOT_MET and UNCLEAR, "
    "lists, sets, dictionaries and tables."
)


def dumps(value: object) -> str:
    """Write a value as JSON text.

    Raises
    ------
    UnreadableAnswerError
        If the value is not plain data, lies too deep, or is too long.
    """
    text = json.dumps(encode(value), ensure_ascii=False, allow_nan=False)
    if len(text) > LONGEST:
        raise UnreadableAnswerError(
            f"The answer is {len(text):,} characters long; at most {LONGEST:,} are read. "
            "Hand in the result, not all the data it came from."
        )
    return text


def loads(text: str) -> object:
    """Rebuild a value from JSON text.

    Raises
    ------
    UnreadableAnswerError
        If the text is not what :func:`dumps` writes.
    """
    if len(text) > LONGEST:
        raise UnreadableAnswerError(f"The answer is longer than {LONGEST:,} characters.")
    try:
        return decode(json.loads(text))
    except UnreadableAnswerError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise UnreadableAnswerError(f"The answer did not arrive as plain data: {error}") from None


def encode(value: object) -> Any:  # noqa: ANN401 (any JSON value)
    """Turn a value into what JSON can hold.

    Raises
    ------
    UnreadableAnswerError
        If the value is not plain data or lies too deep.
    """
    return _encode(value, 0)


def _encode(value: object, depth: int) -> Any:  # noqa: ANN401, PLR0911 (one line a kind)
    if _is_missing(value):
        return None
    if depth > DEEPEST:
        raise UnreadableAnswerError(
            f"The answer has more than {DEEPEST} lists or dictionaries inside one another."
        )
    simple = _encode_simple(value)
    if simple is not _NOT_SIMPLE:
        return simple

    def inner(part: object) -> Any:  # noqa: ANN401
        return _encode(part, depth + 1)

    # The methods of the built-in classes are called by name: a subclass cannot replace them.
    if isinstance(value, list):
        return [inner(part) for part in list.__iter__(value)]
    if isinstance(value, dict):
        return _encode_dictionary(value, inner)
    if isinstance(value, tuple):
        return _tagged("tuple", [inner(part) for part in tuple.__iter__(value)])
    if isinstance(value, set):
        return _tagged("set", _in_order(inner(part) for part in set.__iter__(value)))
    if isinstance(value, frozenset):
        return _tagged("set", _in_order(inner(part) for part in frozenset.__iter__(value)))
    return _encode_library_type(value, inner)


def _is_missing(value: object) -> bool:
    pandas = sys.modules.get("pandas")
    return pandas is not None and (value is pandas.NaT or value is pandas.NA)


_NOT_SIMPLE = object()


def _encode_simple(value: object) -> Any:  # noqa: ANN401, PLR0911 (one line a kind)
    match value:
        case None | True | False:
            return value
        case Value():
            return _tagged("value", value.name)
        case str():
            return str.__str__(value)
        case int():
            return int.__int__(value)
        case float():
            exact = float.__float__(value)
            return exact if math.isfinite(exact) else _tagged("float", repr(exact))
        case datetime():
            return _tagged("datetime", datetime.isoformat(value))
        case date():
            return _tagged("date", date.isoformat(value))
        case _:
            return _NOT_SIMPLE


def _encode_dictionary(value: dict[Any, Any], inner: Callable[[object], Any]) -> Any:  # noqa: ANN401
    pairs = [(inner(key), inner(part)) for key, part in dict.items(value)]
    if all(isinstance(key, str) and key != _KIND for key, _ in pairs):
        return dict(pairs)
    return _tagged("dictionary", [list(pair) for pair in pairs])


def _encode_library_type(value: object, inner: Callable[[object], Any]) -> Any:  # noqa: ANN401
    pandas = sys.modules.get("pandas")
    if pandas is not None:
        if isinstance(value, pandas.DataFrame):
            return _tagged("table", _encode_frame(value, inner))
        if isinstance(value, pandas.Series):
            return _tagged("column", _encode_frame(value.to_frame(), inner))
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        if isinstance(value, numpy.generic):
            return inner(value.item())
        if isinstance(value, numpy.ndarray):
            return inner(value.tolist())
    raise UnreadableAnswerError(
        f"The answer holds something that cannot be marked (a `{type(value).__name__}`). "
        + _WHAT_IS_READ
    )


def _encode_frame(frame: Any, inner: Callable[[object], Any]) -> Any:  # noqa: ANN401
    return {
        "columns": [inner(name) for name in frame.columns.tolist()],
        "index": [inner(name) for name in frame.index.tolist()],
        "rows": [[inner(cell) for cell in line] for line in frame.to_numpy(dtype=object).tolist()],
    }


def decode(data: Any) -> object:  # noqa: ANN401 (any JSON value)
    """Rebuild a value from what :func:`encode` returned."""
    if isinstance(data, list):
        return [decode(part) for part in data]
    if not isinstance(data, dict):
        return data
    if _KIND not in data:
        return {key: decode(part) for key, part in data.items()}
    try:
        rebuild = _REBUILD[data[_KIND]]
    except (KeyError, TypeError):
        raise UnreadableAnswerError(
            f"The answer holds something of an unknown kind. {_WHAT_IS_READ}"
        ) from None
    return rebuild(data["of"])


def _in_order(parts: Iterable[Any]) -> list[Any]:
    return sorted(parts, key=json.dumps)


def _tagged(kind: str, content: object) -> dict[str, object]:
    return {_KIND: kind, "of": content}


def _decode_table(content: Mapping[str, Any]) -> object:
    import pandas as pd  # noqa: PLC0415 (only where an answer holds a table)

    return pd.DataFrame(
        [[decode(cell) for cell in line] for line in content["rows"]],
        columns=[decode(name) for name in content["columns"]],
        index=[decode(name) for name in content["index"]],
    )


def _decode_column(content: Mapping[str, Any]) -> object:
    frame: Any = _decode_table(content)
    return frame.iloc[:, 0]


_REBUILD: Mapping[str, Callable[[Any], object]] = {
    "tuple": lambda parts: tuple(decode(part) for part in parts),
    "set": lambda parts: {decode(part) for part in parts},
    "dictionary": lambda pairs: {decode(key): decode(part) for key, part in pairs},
    "value": lambda name: Value[name],
    "float": float,
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "table": _decode_table,
    "column": _decode_column,
}
