"""A source in short, as every list of sources names it: what, of which kind, how far read.

The reference for a bibliography is made in :mod:`volens.citations`.

Examples
--------
>>> print(reference("OJ"))
Hasar, Kazakhstan: Another Intervention by Invitation that Played Out as Expected \
(Opinio Juris, 2022-02-07), scholarly, own text read: in full
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from types import MappingProxyType
from typing import Final

from volens import evidence
from volens.evidence import Row
from volens.wording import sentence

__all__ = ["LANGUAGES", "Reference", "how_far", "reference"]

#: The languages of sources and speakers, by their codes (ISO 639-1).
LANGUAGES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ar": "Arabic",
        "az": "Azerbaijani",
        "be": "Belarusian",
        "cs": "Czech",
        "de": "German",
        "el": "Greek",
        "en": "English",
        "es": "Spanish",
        "et": "Estonian",
        "fr": "French",
        "hy": "Armenian",
        "id": "Indonesian",
        "it": "Italian",
        "kk": "Kazakh",
        "ky": "Kyrgyz",
        "no": "Norwegian",
        "pl": "Polish",
        "pt": "Portuguese",
        "ro": "Romanian",
        "ru": "Russian",
        "sk": "Slovak",
        "sl": "Slovenian",
        "sr": "Serbian",
        "tr": "Turkish",
        "uk": "Ukrainian",
        "vi": "Vietnamese",
        "zh": "Chinese",
    }
)
_MANY: Final = 3
_TITLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "as printed": "",
        "from the address": "The title is taken from the address.",
        "our description": "The title is our description.",
    }
)


@dataclass(frozen=True)
class Reference:
    """A source in short.

    Attributes
    ----------
    id
        Its id in the table of sources.
    name
        Who wrote or else published it, what, where and when, as far as is known.
    type
        ``primary``, ``press``, ``scholarly`` or ``partisan``.
    read
        How far its own text was read: ``in full``, ``in part`` and which part, or ``not``.
    copy
        Whose words the title is and which copy was read, in sentences; may be empty.
    caveat
        What weakens it, in a sentence; may be empty.
    address
        Where it was found; may be empty.
    """

    id: str
    name: str
    type: str
    read: str
    copy: str = ""
    caveat: str = ""
    address: str = ""

    def __str__(self) -> str:
        return f"{self.name}, {self._how}"

    @property
    def remark(self) -> str:
        """All there is to say beside type and reading; may be empty."""
        return " ".join(text for text in (self.copy, self.caveat) if text)

    def to_html(self) -> str:
        """Return the same words as a piece of a page, with a link where there is an address.

        Examples
        --------
        >>> Reference("x", "A note", "press", "not", address="https://example.org").to_html()
        '<a href="https://example.org">A note</a>, press, own text read: not'
        """
        name = escape(self.name)
        linked = f'<a href="{escape(self.address)}">{name}</a>' if self.address else name
        return f"{linked}, {escape(self._how)}"

    def to_data(self) -> dict[str, str]:
        """Return what a view draws: the parts that are not empty."""
        parts = {
            "name": self.name,
            "type": self.type,
            "read": self.read,
            "remark": self.remark,
            "address": self.address,
        }
        return {key: text for key, text in parts.items() if text}

    @property
    def _how(self) -> str:
        return f"{self.type}, own text read: {self.read}"


def reference(source: Row | str) -> Reference:
    """Return a source in short.

    Parameters
    ----------
    source
        A row of the table of sources, or its id.

    Raises
    ------
    UnknownRowError
        If there is no such source.

    Examples
    --------
    >>> reference("OJ").name.split(", ")[0]
    'Hasar'
    """
    return _reference(source if isinstance(source, str) else str(source.id))


def how_far(row: Row) -> str:
    """Return how far the own text of a source or an authority was read.

    Examples
    --------
    >>> how_far(evidence.row("authorities", "arsiwa-20"))[:7]
    'in full'
    """
    return f"{row.read} ({row.read_part})" if row.read_part else str(row.read)


@cache
def _reference(key: str) -> Reference:
    row = evidence.row("sources", key)
    return Reference(
        id=row.id,
        name=_name(row),
        type=row.type,
        read=how_far(row),
        copy=" ".join(_copy(row)),
        caveat=_sentence(row.caveat or ""),
        address=row.address or "",
    )


def _name(row: Row) -> str:
    names = [name.split(", ")[0] for name in evidence.items(row.author)]
    who = " and ".join(names) if len(names) < _MANY else f"{names[0]} and others"
    who = who or row.publisher
    where = dict.fromkeys((row.container, row.publisher, row.date))
    rest = ", ".join(part for part in where if part and part != who and part not in row.title)
    name = f"{who}, {row.title}" if who and not row.title.startswith(who) else row.title
    return f"{name} ({rest})" if rest else name


def _copy(row: Row) -> Iterator[str]:
    if _TITLES[row.title_is]:
        yield _TITLES[row.title_is]
    if row.archive:
        yield _sentence(_titled(row.archive))


def _sentence(text: str) -> str:
    line = sentence(text)
    return f"{line[:1].upper()}{line[1:]}"


def _titled(text: str) -> str:
    """Return a remark with the title of each source that it names by its id."""
    for word in (word.strip(".,;") for word in text.split(" ")):
        if word.count("-") > 1 and not word.startswith("http"):
            try:
                title = evidence.row("sources", word).title
            except LookupError:
                continue
            text = text.replace(word, f'"{title}"')
    return text
