"""How an answer travels: plain data in, exact built-in types out.

A test may run in the student's own kernel or in another process that knows the
answer only as text. So that both see the same values, every answer takes the
same way: it is written as JSON and rebuilt. What arrives is an exact built-in
type, so that no class a student wrote can decide what "equal" means.

The closed vocabulary: ``None``, truth values, numbers, text, lists, tuples,
sets, dictionaries, dates, the three values of :mod:`volens.logic`, and pandas
frames and columns. Numbers of numpy and pandas become Python's. A picture and a
widget travel as dictionaries: see :mod:`volens.likeness`. Nothing is ever
unpickled.

What is sent may be forged, so everything has a bound: the length of the text
(``LONGEST``), how deep it nests (``DEEPEST``), the size of a number
(``MOST_DIGITS``), the columns of a table (``MOST_COLUMNS``), and how many keys
are not text (``MOST_KEYS``: numbers can be chosen so that looking them up is
slow, text cannot). Half a character, which no file can hold, becomes a mark
that says so.

Examples
--------
>>> loads(dumps({"C009": ("organisation", 4)}))
{'C009': ('organisation', 4)}
"""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NoReturn, TypeGuard, TypeVar

from volens import likeness
from volens.errors import UnreadableAnswerError
from volens.logic import Value
from volens.wording import one_line

__all__ = [
    "DEEPEST",
    "LONGEST",
    "MOST_COLUMNS",
    "MOST_DIGITS",
    "MOST_KEYS",
    "decode",
    "dumps",
    "encode",
    "loads",
    "readable",
]

#: The longest answer that is read, in characters of JSON.
LONGEST = 1_000_000
#: How deep lists and dictionaries may lie inside one another.
DEEPEST = 32
#: How many digits a whole number may have: as many as fit into any other number.
MOST_DIGITS = 300
#: How many columns a table may have.
MOST_COLUMNS = 1_000
#: How many members of a set, or keys of a dictionary, may be something else than text.
MOST_KEYS = 2_000

_KIND = "$kind"
_WHAT_IS_READ = (
    "An answer may hold text, numbers, True and False, dates, MET, NOT_MET and UNCLEAR, "
    "lists, sets, dictionaries, tables, plots and widgets."
)
_T = TypeVar("_T")
_LARGEST = 10**MOST_DIGITS
_HALVES = re.compile("[\ud800-\udfff]")
_NO_CHARACTER = "\N{REPLACEMENT CHARACTER}"
# Colours and other commands to a terminal, then whatever else does not print.
_COMMANDS = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|.)?", re.DOTALL)
_UNPRINTABLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]+"
)


def dumps(value: object) -> str:
    """Write a value as JSON text.

    Raises
    ------
    UnreadableAnswerError
        If the value is not plain data, lies too deep, or is too long.
    """
    try:
        text = json.dumps(encode(value), ensure_ascii=False, allow_nan=False)
    except UnreadableAnswerError:
        raise
    except (Exception, SystemExit):  # noqa: BLE001 (an object may do anything when it is read)
        _refuse(value)
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
        return decode(json.loads(text, object_pairs_hook=_dictionary, parse_constant=_no_constant))
    except UnreadableAnswerError:
        raise
    except Exception as error:  # noqa: BLE001 (the text may be made to break whatever reads it)
        raise UnreadableAnswerError(
            f"The answer did not arrive as plain data: {readable(str(error), 200)}"
        ) from None


def readable(text: str, longest: int = 500) -> str:
    r"""Return a student's text so that it can stand in a message: one line, no commands, not long.

    Examples
    --------
    >>> readable("\x1b[31mno such\nfile\x1b[0m")
    'no such file'
    """
    # Twice as much is kept at first, so that the cleaning itself stays short.
    text = _COMMANDS.sub("", text[: 2 * longest])
    text = one_line(_UNPRINTABLE.sub(" ", _whole(text)))
    return text if len(text) <= longest else f"{text[: longest - 3]}..."


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
    _check_depth(depth)
    simple = _encode_simple(value)
    if simple is not _NOT_SIMPLE:
        return simple

    def inner(part: object) -> Any:  # noqa: ANN401
        return _encode(part, depth + 1)

    # The methods of the built-in classes are called by name: a subclass cannot replace them.
    if _is(value, list):
        return [inner(part) for part in list.__iter__(value)]
    if _is(value, dict):
        return _encode_dictionary(value, inner)
    if _is(value, tuple):
        return _tagged("tuple", [inner(part) for part in tuple.__iter__(value)])
    if _is(value, set):
        return _tagged("set", _in_order(inner(part) for part in set.__iter__(value)))
    if _is(value, frozenset):
        parts = frozenset.__iter__(value)
        return _tagged("frozenset", _in_order(inner(part) for part in parts))
    return _encode_library_type(value, inner)


def _is(value: object, kind: type[_T]) -> TypeGuard[_T]:
    """Tell what an object is; ``isinstance`` would believe what it says of itself."""
    return issubclass(type(value), kind)


def _check_depth(depth: int) -> None:
    if depth > DEEPEST:
        raise UnreadableAnswerError(
            f"The answer has more than {DEEPEST} lists or dictionaries inside one another."
        )


def _is_missing(value: object) -> bool:
    pandas = sys.modules.get("pandas")
    return pandas is not None and (value is pandas.NaT or value is pandas.NA)


_NOT_SIMPLE = object()


def _encode_simple(value: Any) -> Any:  # noqa: ANN401, PLR0911 (one line a kind)
    if value is None or value is True or value is False:
        return value
    if _is(value, Value):
        return _tagged("value", value.name)
    if _is(value, str):
        return _whole(str.__str__(value))
    if _is(value, int):
        return _checked_number(int.__int__(value))
    if _is(value, float):
        exact = float.__float__(value)
        return exact if math.isfinite(exact) else _tagged("float", repr(exact))
    if _is(value, datetime):
        return _tagged("datetime", datetime.isoformat(value))
    if _is(value, date):
        return _tagged("date", date.isoformat(value))
    return _NOT_SIMPLE


def _whole(text: str) -> str:
    return _HALVES.sub(_NO_CHARACTER, text)


def _checked_number(number: int) -> int:
    if not -_LARGEST < number < _LARGEST:
        raise UnreadableAnswerError(
            f"The answer holds a number with more than {MOST_DIGITS} digits."
        )
    return number


def _encode_dictionary(value: dict[Any, Any], inner: Callable[[object], Any]) -> Any:  # noqa: ANN401
    pairs = [(inner(key), inner(part)) for key, part in dict.items(value)]
    if all(isinstance(key, str) and key != _KIND for key, _ in pairs):
        return _dictionary(pairs)
    return _tagged("dictionary", [list(pair) for pair in pairs])


def _encode_library_type(value: Any, inner: Callable[[object], Any]) -> Any:  # noqa: ANN401
    pandas = sys.modules.get("pandas")
    if pandas is not None:
        if _is(value, pandas.DataFrame):
            return _tagged("table", _encode_frame(value, inner))
        if _is(value, pandas.Series):
            return _tagged("column", _encode_frame(value.to_frame(), inner))
    numpy = sys.modules.get("numpy")
    if numpy is not None and (_is(value, numpy.generic) or _is(value, numpy.ndarray)):
        return inner(likeness.plain_array(value))
    found = likeness.of(value)
    return _refuse(value) if found is None else inner(found)


def _refuse(value: object) -> NoReturn:
    try:
        kind = readable(type.__getattribute__(type(value), "__name__"), 100)
    except Exception:  # noqa: BLE001 (a class may fail when it is asked for its name)
        kind = "object"
    raise UnreadableAnswerError(
        f"The answer holds something that cannot be marked (a `{kind}`). {_WHAT_IS_READ}"
    ) from None


def _encode_frame(frame: Any, inner: Callable[[object], Any]) -> Any:  # noqa: ANN401
    columns = frame.columns.tolist()
    _check_columns(columns)
    return {
        "columns": [inner(name) for name in columns],
        "index": [inner(name) for name in frame.index.tolist()],
        "rows": [[inner(cell) for cell in line] for line in frame.to_numpy(dtype=object).tolist()],
    }


def _check_columns(columns: Sequence[object]) -> None:
    if len(columns) > MOST_COLUMNS:
        raise UnreadableAnswerError(
            f"The answer has a table of {len(columns):,} columns; "
            f"at most {MOST_COLUMNS:,} are read."
        )


def decode(data: Any) -> object:  # noqa: ANN401 (any JSON value)
    """Rebuild a value from what :func:`encode` returned.

    Raises
    ------
    UnreadableAnswerError
        If it is nothing that :func:`encode` returns.
    """
    return _decode(data, 0)


def _decode(data: Any, depth: int) -> object:  # noqa: ANN401
    _check_depth(depth)

    def inner(part: Any) -> object:  # noqa: ANN401
        return _decode(part, depth + 1)

    if isinstance(data, list):
        return [inner(part) for part in data]
    if isinstance(data, str):
        return _whole(data)
    if isinstance(data, int):
        return _checked_number(data)
    if isinstance(data, float) and not math.isfinite(data):
        # A number such as 1e999: what is written has a kind of its own for it.
        raise UnreadableAnswerError("The answer holds a number that is too large.")
    if not isinstance(data, dict):
        return data
    if _KIND not in data:
        return _dictionary([(_whole(key), inner(part)) for key, part in data.items()])
    try:
        rebuild = _REBUILD[data[_KIND]]
    except (KeyError, TypeError):
        raise UnreadableAnswerError(
            f"The answer holds something of an unknown kind. {_WHAT_IS_READ}"
        ) from None
    if len(data) != len((_KIND, "of")):
        raise ValueError("too many parts")
    return rebuild(data["of"], inner)


def _in_order(parts: Iterable[Any]) -> list[Any]:
    return sorted(parts, key=json.dumps)


def _tagged(kind: str, content: object) -> dict[str, object]:
    return {_KIND: kind, "of": content}


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _dictionary(pairs: Sequence[tuple[Any, Any]]) -> dict[Any, Any]:
    """Build a dictionary; two equal keys would hide one of two values."""
    _check_keys([key for key, _ in pairs])
    found = dict(pairs)
    if len(found) != len(pairs):
        raise UnreadableAnswerError("The answer holds a dictionary with the same key twice.")
    return found


def _check_keys(keys: Sequence[object]) -> None:
    if sum(not isinstance(key, str) for key in keys) > MOST_KEYS:
        raise UnreadableAnswerError(
            f"The answer holds a set or a dictionary with more than {MOST_KEYS:,} keys "
            "that are not text."
        )


_Inner = Callable[[Any], object]


def _list(content: object) -> list[Any]:
    if not isinstance(content, list):
        raise TypeError("a list is missing")
    return content


def _decode_tuple(parts: object, inner: _Inner) -> object:
    return tuple(inner(part) for part in _list(parts))


def _decode_set(parts: object, inner: _Inner) -> set[object]:
    members = [inner(part) for part in _list(parts)]
    _check_keys(members)
    found = set(members)
    if len(found) != len(members):
        raise UnreadableAnswerError("The answer holds a set with the same member twice.")
    return found


def _decode_frozenset(parts: object, inner: _Inner) -> object:
    return frozenset(_decode_set(parts, inner))


def _decode_dictionary(pairs: object, inner: _Inner) -> object:
    return _dictionary([(inner(key), inner(part)) for key, part in map(_list, _list(pairs))])


def _decode_float(content: str, _inner: _Inner) -> object:
    if content not in {"nan", "inf", "-inf"}:
        raise ValueError("an unknown number")
    return float(content)


def _decode_table(content: Mapping[str, Any], inner: _Inner) -> object:
    import pandas as pd  # noqa: PLC0415 (only where an answer holds a table)

    columns, index = (
        [inner(name) for name in _list(content[part])] for part in ("columns", "index")
    )
    _check_columns(columns)
    # A table of lists for names would be taken for one with several levels of names.
    hash((*columns, *index))
    rows = [[inner(cell) for cell in _list(line)] for line in _list(content["rows"])]
    if len(rows) != len(index) or any(len(line) != len(columns) for line in rows):
        raise UnreadableAnswerError("The answer holds a table whose rows are not equally long.")
    return pd.DataFrame(rows, columns=columns, index=index)


def _decode_column(content: Mapping[str, Any], inner: _Inner) -> object:
    frame: Any = _decode_table(content, inner)
    if frame.shape[1] != 1:
        raise ValueError("a column is one column")
    return frame.iloc[:, 0]


_REBUILD: Mapping[str, Callable[[Any, _Inner], object]] = {
    "tuple": _decode_tuple,
    "set": _decode_set,
    "frozenset": _decode_frozenset,
    "dictionary": _decode_dictionary,
    "value": lambda name, _inner: Value[name],
    "float": _decode_float,
    "date": lambda text, _inner: date.fromisoformat(text),
    "datetime": lambda text, _inner: datetime.fromisoformat(text),
    "table": _decode_table,
    "column": _decode_column,
}
