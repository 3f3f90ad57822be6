"""Words of another language that the accounts have, found by the glossary."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from volens import evidence
from volens.evidence import Row

__all__ = ["foreign", "spoken", "transliterated"]

_TRANSLITERATED = re.compile(r"^Transliterated: (.+)\.$")


@cache
def transliterated() -> tuple[Row, ...]:
    """Return the terms of the glossary that say how their Russian words are transliterated.

    Examples
    --------
    >>> [term.id for term in transliterated()]
    ['interference-and-aggression']
    """
    return tuple(term for term in evidence.rows("glossary") if _latin(term))


def spoken(term: Row, versions: Iterable[Row]) -> tuple[str, ...]:
    """Return the Russian words of a term that stand, transliterated, in one of the versions.

    Parameters
    ----------
    term
        A row of the glossary.
    versions
        Rows of the table ``conflict_versions``.

    Examples
    --------
    >>> spoken(transliterated()[0], [evidence.row("conflict_versions", "Q01e")])
    ('вмешательство извне',)
    """
    return tuple(
        word
        for word, latin in zip(evidence.items(term.russian), _latin(term), strict=True)
        if latin in _all_words(versions)
    )


def foreign(term: Row, versions: Iterable[Row]) -> Iterator[tuple[str, str]]:
    """Yield the words of a term that the versions have in another language, with its tag.

    Parameters
    ----------
    term
        A row of the glossary.
    versions
        Rows of the table ``conflict_versions``.

    Examples
    --------
    >>> list(foreign(transliterated()[0], [evidence.row("conflict_versions", "Q01e")]))
    [('vmeshatelstvo izvne', 'ru-Latn')]
    """
    text = _all_words(versions)
    yield from ((latin, "ru-Latn") for latin in _latin(term) if latin in text)
    yield from (
        (word, "fr")
        for phrase in evidence.items(term.french)
        for word in (phrase, phrase.split(" ", maxsplit=1)[0])
        if word in text
    )


def _latin(term: Row) -> tuple[str, ...]:
    found = _TRANSLITERATED.match(term.note or "")
    return tuple(found[1].split(", ")) if found else ()


def _all_words(versions: Iterable[Row]) -> str:
    return " ".join(version.version for version in versions)
