"""Errors of a student's cell in words: which line, what is probably wrong, what to do.

The typical case is a dictionary that was pasted or typed over and has lost a quotation mark, a
comma or a brace. Python's own words differ from version to version and help nobody who does not
program, so the line itself is looked at as well.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

__all__ = ["Failure", "in_words"]

#: Quotation marks that a word processor makes; as escapes, since they look alike here.
_CURLY = "[\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb]"
_STRINGS = re.compile(r'"[^"]*"|\'[^\']*\'')
_COMMENT = re.compile(r"(?:\"[^\"]*\"|'[^']*'|[^#])*?(?=\s*(?:#|$))")
_KEY = r"([\"'])[^\"']*\1"
_ENTRY = r":\s*(\".*\"|'.*'|.*\})$|^\}$"
_TWO_PAIRS = 4
_SHOWN, _LONGEST = 60, 300

#: How a line begins that belongs to no answer, and what that means.
_LINES: Final = (
    (r"<{7}|={7}|>{7}", "two versions of the cell are mixed here; keep one of them"),
    (r"```", "the three marks ` do not belong into the cell; take the line out"),
    (r"[%!]", "this is a command for Jupyter; it does not belong into an answer cell"),
)
#: What Python says, and what that means. What stands in brackets is repeated.
_MESSAGES: Final = (
    ("unterminated", "a quotation mark is missing, or the words go on in a new line"),
    (
        "'(.)' was never closed",
        "the {} that is opened here is never closed; its partner is missing",
    ),
    ("(?:unmatched|parenthesis) '(.)'", "there is a {} too many, or its partner is missing"),
    ("indent|inconsistent use of tabs", "the line begins with other spaces than its neighbours"),
    ("non-printable", "an invisible sign was pasted here; type the spaces of the line again"),
    ("unicode|escape", "a backslash \\ cannot stand in an answer; write / or leave it out"),
    (
        "leading zeros|decimal literal",
        "a number, a date or a time must stand between quotation marks",
    ),
)
#: Errors of a cell that Python can read.
_STOPPED: Final = (
    ("NameError", "'(null|true|false|none)'", "put your answer between quotation marks, not `{}`"),
    (
        "NameError",
        "'(.+?)'",
        "`{}` is unknown; put your answer between quotation marks, and give a name its value first",
    ),
    ("TypeError", "not callable|indices must be", "a comma is missing between two entries"),
    ("TypeError", "unhashable", "a colon : or a quotation mark is missing between {{ and }}"),
    ("EOFError", "", "the cell waits for somebody to type; write the answer into the cell"),
    ("Endless", "(.+)", "the cell did not end within {} seconds and was stopped"),
    ("Gone", "", "the cell ended Python itself"),
    ("SystemExit", "", "the cell ends the program; take `exit` or `quit` out"),
)


@dataclass(frozen=True)
class Failure:
    """An error of a cell.

    Attributes
    ----------
    kind, message
        The type of the error and its own words.
    line
        The line of the cell, counted from 1; 0 where none is known.
    """

    kind: str
    message: str
    line: int = 0


def in_words(failure: Failure, source: str) -> str:
    r"""Say what is wrong with a cell.

    Parameters
    ----------
    failure
        How it ended.
    source
        Its text.

    Examples
    --------
    >>> broken = Failure("SyntaxError", "unterminated string literal (detected at line 2)", 2)
    >>> print(in_words(broken, 'gates = {\n    "V1": "met,\n}'))
    line 2 (`"V1": "met,`): a quotation mark is missing, or the words go on in a new line.
    """
    lines = source.split("\n")
    if failure.kind == "SyntaxError":
        number, cause = _misspelt(failure, lines)
    else:
        number, cause = failure.line, _stopped(failure)
    line = _short(lines[number - 1], _SHOWN) if 0 < number <= len(lines) else ""
    where = f"line {number}" if number else ""
    return f"{where} (`{line}`): {cause}." if where and line else f"{cause}."


def _misspelt(failure: Failure, lines: Sequence[str]) -> tuple[int, str]:
    """Return the line to look at, and the likely cause."""
    number = failure.line
    line = _code(lines, number)
    for begin, cause in _LINES:
        if re.match(begin, line):
            return number, cause
    if re.search(_CURLY, _STRINGS.sub("", line)):
        return number, 'the quotation marks are curly; use straight ones, as in "met"'
    for message, cause in _MESSAGES:
        if found := re.search(message, failure.message):
            return number, cause.format(*found.groups())
    return _between(lines) or (number, _within(line))


def _between(lines: Sequence[str]) -> tuple[int, str] | None:
    """Return the first line in which a sign is missing; Python may name another."""
    before = 0
    for number in range(1, len(lines) + 1):
        line = _code(lines, number)
        if re.match(rf"{_KEY}\s+[\"'{{]", line):
            return number, "a colon : is missing between the item and the answer"
        if re.match(_KEY, line) and re.search(_ENTRY, _code(lines, before)):
            return before, "a comma is missing at the end of the line"
        before = number if line else before
    return None


def _within(line: str) -> str:
    """Return the likely cause of an error within one line."""
    bare = _STRINGS.sub('""', line)
    if re.match(r'""\s*=', bare):
        return "between the item and the answer stands a colon :, not ="
    if re.search(r":\s*(,|\}|$)", bare):
        return 'nothing stands after the colon; write "" where you have no answer yet'
    if re.search(r"\}\s*\w", bare):
        return "two answers stand here; keep the one that you pasted"
    if line.count('"') > _TWO_PAIRS or re.search(r'""\s*[^\W\d]', bare):
        return "there are quotation marks inside the quotation marks; take the inner ones out"
    if re.search(r":\s*[^\W\d]", bare):
        return "the answer has no quotation marks round it"
    return "it cannot be read from here on; compare it with the lines round it"


def _stopped(failure: Failure) -> str:
    for kind, message, cause in _STOPPED:
        if failure.kind == kind and (found := re.search(message, failure.message)):
            return cause.format(*found.groups())
    message = _short(failure.message, _LONGEST).rstrip(".")
    return f"{failure.kind}: {message}" if message else failure.kind


def _code(lines: Sequence[str], number: int) -> str:
    """Return a line without its comment; nothing where there is no such line."""
    if not 0 < number <= len(lines):
        return ""
    found = _COMMENT.match(lines[number - 1])
    return (found[0] if found else lines[number - 1]).strip()


def _short(text: str, longest: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 3]}..."
