"""What a student typed, read without running it."""

from __future__ import annotations

import ast
from typing import Any

__all__ = ["dictionary_in"]

# What Python's own reader may raise for text that is not a literal.
_UNREADABLE = (SyntaxError, ValueError, TypeError, RecursionError, MemoryError)


def dictionary_in(source: str) -> dict[Any, Any] | None:
    """Return the last dictionary that an answer cell gives a name; nothing is executed.

    Examples
    --------
    >>> dictionary_in('disputes = {"capacity: C038": "Because ..."}')
    {'capacity: C038': 'Because ...'}
    >>> dictionary_in("disputes = open('a file')") is None
    True
    """
    try:
        body = ast.parse(source).body
    except _UNREADABLE:
        return None
    for node in reversed(body):
        if isinstance(node, ast.Assign):
            try:
                value = ast.literal_eval(node.value)
            except _UNREADABLE:
                continue
            if isinstance(value, dict):
                return value
    return None
