"""The words of the course: quotations, what may not be taken over, and a student's own words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache

__all__ = [
    "LONGEST_QUOTATION",
    "SHARED_RUN",
    "borrowed_runs",
    "one_line",
    "quotations",
    "sentence",
    "suggestion",
    "word_count",
]

#: Words that a quotation may have at most.
LONGEST_QUOTATION = 14
#: Words in a row that, shared with one of the accounts, count as taken over.
SHARED_RUN = 9

_QUOTED = re.compile('["\N{LEFT DOUBLE QUOTATION MARK}]([^"]+?)["\N{RIGHT DOUBLE QUOTATION MARK}]')
_WORD = re.compile("[^\\W_]+(?:['\N{RIGHT SINGLE QUOTATION MARK}][^\\W_]+)?")
_SMALL_WORD = 3


def quotations(text: str) -> tuple[str, ...]:
    """Return what stands in double quotation marks.

    Examples
    --------
    >>> quotations('He spoke of "interference from outside", not of an attack.')
    ('interference from outside',)
    """
    return tuple(_QUOTED.findall(text))


def borrowed_runs(text: str, sources: Iterable[str]) -> tuple[str, ...]:
    """Return each run of nine words that a text shares with one of the sources.

    Quotations and runs of proper names do not count.

    Examples
    --------
    >>> borrowed_runs("It was one of those days on which nothing much happened here.",
    ...     ["one of those days on which nothing much happened"])
    ('one of those days on which nothing much happened',)
    """
    words = _WORD.findall(_QUOTED.sub(" | ", text).replace("|", "QUOTATION"))
    known = _runs_of(tuple(sources))
    found = []
    for start in range(len(words) - SHARED_RUN + 1):
        run = words[start : start + SHARED_RUN]
        if tuple(word.lower() for word in run) in known and not _proper(run):
            found.append(" ".join(run))
    return tuple(found)


def one_line(text: str) -> str:
    """Return a text on one line, with single spaces.

    Examples
    --------
    >>> one_line("  one   two ")
    'one two'
    """
    return re.sub(r"[ \t\r\n]+", " ", text).strip(" ")


def sentence(text: str) -> str:
    """Return a text on one line, closed as a sentence; nothing where there is none.

    Examples
    --------
    >>> sentence("it was so"), sentence("was it so?")
    ('it was so.', 'was it so?')
    """
    line = one_line(text)
    return line if not line or line[-1] in ".!?" else f"{line}."


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return a sentence that names the nearest known word; empty where none is near.

    Examples
    --------
    >>> suggestion("a3-consnt", ("a3-consent", "a4-schools"))
    ' Did you mean `a3-consent`?'
    """
    close = get_close_matches(word, list(known), n=1)
    return f" Did you mean `{close[0]}`?" if close else ""


def word_count(text: str) -> int:
    """Return how many words a text has.

    Examples
    --------
    >>> word_count("An armed attack, not interference."), word_count(" ")
    (5, 0)
    """
    line = one_line(text)
    return len(line.split(" ")) if line else 0


@cache
def _runs_of(texts: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    found = set()
    for text in texts:
        words = [word.lower() for word in _WORD.findall(text)]
        found |= {
            tuple(words[start : start + SHARED_RUN]) for start in range(len(words) - SHARED_RUN + 1)
        }
    return frozenset(found)


def _proper(run: list[str]) -> bool:
    """Whether all but the small words are names or numbers."""
    return all(word[0].isupper() or word[0].isdigit() or len(word) <= _SMALL_WORD for word in run)
