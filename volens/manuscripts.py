r"""A written opinion as a program can read it: its parts, its words, what it cites.

Nothing here judges an argument. It counts what can be counted, so that whoever marks
need not: whether each part is there, whether the ids exist, whether the list at the
end is the list of what was cited.

Examples
--------
>>> text = "### Short answer\nOn this view it is open [T036; C999]."
>>> opinion = manuscript(text)
>>> opinion.cited, opinion.unknown
(('T036',), ('C999',))
>>> opinion.missing[:2]
('Question', 'Facts taken as found')
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

from volens import evidence, positions
from volens.briefs import briefs
from volens.wording import SHARED_RUN, borrowed_runs, quotations, word_count

__all__ = ["PARTS", "Manuscript", "manuscript"]

SOURCES: Final = "Sources"
#: The parts of an opinion in their order, each with the words that it needs at least.
PARTS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "Question": 15,
        "Short answer": 20,
        "Facts taken as found": 40,
        "Facts claimed or open": 40,
        "The position and its rule": 40,
        "Application": 100,
        "The other side": 80,
        "Conclusion and what would change it": 40,
        SOURCES: 4,
    }
)
#: Where an id may come from. The first table that has it is meant.
_TABLES = (
    *("timeline", "claims", "statements", "figures", "contingents", "casualties", "conflicts"),
    *("conclusions", "incidents", "misconceptions", "authorities", "sources"),
)
_AUTHORITIES = "authorities"
_LITERATURE = frozenset({_AUTHORITIES, "sources"})
#: What the table of authorities holds of scholars and statesmen is no text of law.
_NO_LAW = "doctrine"
#: A part is copied where more than this share of its runs of words stands in the brief.
_MOST_COPIED = 0.5
#: A text that says one thing again and again has fewer different words than this share.
_LEAST_VARIED = 0.25
#: An entry of the list says at least so much beside the id.
_SAYS_WHAT_IT_IS = 3

_HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
_BRACKETS = re.compile(r"\[([^\[\]]+)\](?!\()|\(([^()]+)\)")
_BETWEEN = re.compile(r"\s*[;,]\s*|\s+and\s+")
_RANGE = re.compile(r"([A-Z])(\d+)\s*(?:-|\N{EN DASH}|to)\s*([A-Z]?)(\d+)")
_ROW = re.compile(r"[A-Z]\d{2,3}[a-z]?")
_NOT_AN_ID = re.compile(
    r"(1[6-9]|20)\d\d|\.{3}|\N{HORIZONTAL ELLIPSIS}|sic|emphasis added"
    r"|(arts?|articles?|paras?|paragraphs?|pp?|sections?|read|not read|abstract)\b.*",
    re.IGNORECASE,
)
#: What the four positions are called; a view may go by its name or by its idea.
_POSITIONS = re.compile(
    r"free[\s-]consent|abst(ention|ain)|purpose|human[\s-]rights|no help in repression",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?\])\u201d])\s+(?=[A-Z\u201c\u2018\"*_])")
_SAYING = re.compile(
    r"\b(sa(y|id)\w*|stat(e|ed|es|ing|ement|ements)|claim\w*|t(ell|old)\w*|announc\w*"
    r"|den(y|ied|ies|ial)\w*|alleg\w+|argu\w+|call(s|ed|ing)?|according|report\w*|sp(eak|oke)\w*"
    r"|describ\w+|expla(in|nation)\w*|assert\w*|insist\w*|warn\w*|wr(ite|ote|itten)\w*|promis\w+"
    r"|ask\w*|accus\w+|maintain\w*|nam(e|es|ed|ing)|words?|question\w*|held|holds?|mention\w*"
    r"|admit\w*|confirm\w*|declar\w*|suggest\w*|invok\w*|appeal\w*|object\w*|critici\w+|comment\w*"
    r"|account|relied|put\w* (it|down)|speech(es)?|thread|letter|petition|view|us(es|ed) the"
    r"|known (only )?(from|through))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Manuscript:
    """An opinion, read for its form.

    Attributes
    ----------
    parts
        The text under each heading of :data:`PARTS`; empty where it is missing.
    """

    parts: Mapping[str, str]

    @property
    def least(self) -> Mapping[str, int]:
        """Each part with the words that it needs at least."""
        return PARTS

    @property
    def argument(self) -> Mapping[str, str]:
        """The parts without the list of sources."""
        return {name: text for name, text in self.parts.items() if name != SOURCES}

    @property
    def missing(self) -> tuple[str, ...]:
        """The parts that are not there, or are empty."""
        return tuple(name for name, text in self.parts.items() if not text)

    @property
    def short(self) -> tuple[str, ...]:
        """The parts with some words, but fewer than they need."""
        return tuple(
            name for name, text in self.parts.items() if text and self.words(name) < PARTS[name]
        )

    @property
    def copied(self) -> tuple[str, ...]:
        """The parts that are mostly the words of the brief, its rows or the position."""
        return tuple(
            name
            for name, text in self.argument.items()
            if _share_copied(_without_brackets(text), _given()) > _MOST_COPIED
        )

    @property
    def repeated(self) -> tuple[str, ...]:
        """The parts that say again what another part says, or one thing again and again."""
        texts = {name: _words(text) for name, text in self.argument.items()}
        before: list[str] = []
        found = []
        for name, words in texts.items():
            poor = len(set(words)) < _LEAST_VARIED * len(words)
            text = " ".join(words)
            if words and (text in before or poor or _share_copied(text, before) > _MOST_COPIED):
                found.append(name)
            before.append(text)
        return tuple(found)

    @property
    def longest(self) -> str:
        """The part with the most words."""
        return max(self.argument, key=self.words)

    @property
    def names_its_position(self) -> bool:
        """Whether the first two parts say on which position the opinion is written."""
        begin = f"{self.parts['Question']} {self.parts['Short answer']}"
        return bool(_POSITIONS.search(begin))

    @property
    def cited(self) -> tuple[str, ...]:
        """The ids that the argument cites and that exist, each once, in their order."""
        return _known(self._all)

    @property
    def listed(self) -> tuple[str, ...]:
        """The ids that the list of sources has and that exist."""
        return _known(self.parts[SOURCES])

    @property
    def not_listed(self) -> tuple[str, ...]:
        """What the argument cites and the list of sources lacks."""
        return tuple(name for name in self.cited if name not in self.listed)

    @property
    def not_cited(self) -> tuple[str, ...]:
        """What the list of sources has and the argument does not cite."""
        return tuple(name for name in self.listed if name not in self.cited)

    @property
    def unknown(self) -> tuple[str, ...]:
        """What is cited, here or there, as if it were an id, and is none."""
        everywhere = f"{self._all} {self.parts[SOURCES]}"
        return tuple(dict.fromkeys(name for name in _names(everywhere) if not _home(name)[1]))

    @property
    def rows(self) -> tuple[str, ...]:
        """The rows of evidence that the argument cites."""
        return tuple(name for name in self.cited if _home(name)[0] not in _LITERATURE)

    @property
    def authorities(self) -> tuple[str, ...]:
        """The texts of law that the argument cites."""
        return tuple(
            name
            for name in self.cited
            if _home(name)[0] == _AUTHORITIES and evidence.row(_AUTHORITIES, name).status != _NO_LAW
        )

    @property
    def law(self) -> tuple[str, ...]:
        """The texts of law and the works that the argument cites."""
        return tuple(name for name in self.cited if _home(name)[0] in _LITERATURE)

    @property
    def unread(self) -> tuple[str, ...]:
        """The cited texts and works of which the course read nothing itself."""
        cited = ((name, _home(name)) for name in self.cited)
        return tuple(
            name
            for name, (table, key) in cited
            if table in _LITERATURE and evidence.row(table, key).read == "not"
        )

    @property
    def unexplained(self) -> tuple[str, ...]:
        """The ids of the list whose line does not say what they are."""
        lines = self.parts[SOURCES].splitlines()
        bare = (line for line in lines if word_count(_without_brackets(line)) < _SAYS_WHAT_IT_IS)
        return tuple(dict.fromkeys(name for line in bare for name in _known(line)))

    @property
    def as_found(self) -> tuple[str, ...]:
        """The claims that a sentence cites without a word that says that they are claims."""
        found: dict[str, None] = {}
        for sentence in _SENTENCE.split(" ".join(self._all.split())):
            if not _SAYING.search(sentence) and not quotations(sentence):
                found |= dict.fromkeys(
                    name for name in _known(sentence) if _home(name)[0] == "claims"
                )
        return tuple(found)

    def words(self, name: str) -> int:
        """Return how many words a part has, without its citations."""
        return word_count(_without_brackets(self.parts[name]))

    def fault(self, name: str) -> str:
        """Return what is wrong with the form of a part, in words; empty where nothing is."""
        if name in self.missing or name in self.short:
            return f"this part is not there, or has fewer than {PARTS[name]} words."
        if name == SOURCES and not self.listed:
            return "no id that exists stands in the list."
        if name in self.copied:
            return (
                "most of it is copied from the brief, its rows or the position. "
                "Use words of your own."
            )
        if name in self.repeated:
            return "it says again what stands elsewhere, or one thing many times."
        return ""

    def unknown_in(self, name: str) -> tuple[str, ...]:
        """Return what a part cites as if it were an id, and is none."""
        return tuple(one for one in _names(self.parts[name]) if not _home(one)[1])

    def cites(self, *names: str) -> tuple[str, ...]:
        """Return the ids that exist and are cited in these parts."""
        return _known(" ".join(self.parts[name] for name in names))

    @property
    def _all(self) -> str:
        return " ".join(self.argument.values())


def manuscript(text: str) -> Manuscript:
    r"""Read an opinion for its form.

    Parameters
    ----------
    text
        Markdown, with the headings of :data:`PARTS`. How they are typed does not matter.

    Examples
    --------
    >>> manuscript("## 2. the OTHER side:\nIt would answer.").parts["The other side"]
    'It would answer.'
    """
    pieces = _HEADING.split(text)[1:]
    found: dict[str, str] = {}
    for heading, body in zip(pieces[::2], pieces[1::2], strict=True):
        name = _plain(heading)
        found[name] = f"{found.get(name, '')}\n{body.strip()}".strip()
    return Manuscript(MappingProxyType({name: found.get(_plain(name), "") for name in PARTS}))


def _plain(heading: str) -> str:
    """Return a heading without numbers, signs and capitals."""
    return " ".join(re.findall(r"[a-z]+", heading.casefold()))


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[^\W_]+", _without_brackets(text).casefold()))


def _without_brackets(text: str) -> str:
    """Return a text without its citations, which are no words of the author."""
    return _BRACKETS.sub(lambda found: " " if _in(found) else found[0], text)


def _share_copied(text: str, sources: Iterable[str]) -> float:
    runs = word_count(text) - SHARED_RUN + 1
    return len(borrowed_runs(text, sources)) / runs if runs > 0 else 0.0


@cache
def _given() -> tuple[str, ...]:
    """Return the words that every student is given."""
    given = [one.task for one in briefs()]
    given += [line for one in briefs() for _, lines in one.material for line in lines]
    for name in dict.fromkeys(one.position for one in briefs()):
        view = positions.position(name)
        given.append(f"{view.thesis} {view.strongest} {view.objection} {view.test}")
    return tuple(given)


def _known(text: str) -> tuple[str, ...]:
    """Return the ids in a text that exist, each once, as the table writes them."""
    keys = (_home(name)[1] for name in _names(text))
    return tuple(dict.fromkeys(key for key in keys if key))


def _names(text: str) -> Iterator[str]:
    """Find what a text cites: what stands in brackets and is meant for an id."""
    for found in _BRACKETS.finditer(text):
        yield from _in(found)


def _in(found: re.Match[str]) -> tuple[str, ...]:
    """Return the ids in one pair of brackets.

    Square brackets are for ids: whatever stands there must be one. In round brackets
    people write other things too, so that only what looks like an id is taken for one.
    """
    square, names = found[1] is not None, []
    for piece in _BETWEEN.split(found[1] or found[2]):
        span = _RANGE.fullmatch(piece)
        if span and span[3] in ("", span[1]) and span[1] in "TCFNGKQ":
            width = len(span[2])
            names += [
                f"{span[1]}{number:0{width}}" for number in range(int(span[2]), int(span[4]) + 1)
            ]
        elif piece and (_is_meant(piece) or (square and not _NOT_AN_ID.fullmatch(piece))):
            names.append(piece)
    return tuple(names)


def _is_meant(piece: str) -> bool:
    """Whether this can be nothing but an id, though it may be one that does not exist."""
    return bool(_home(piece)[1] or _ROW.fullmatch(piece))


@cache
def _home(name: str) -> tuple[str, str]:
    """Return the table and the id that a name means; two empty texts where it means none."""
    for table in _TABLES:
        for typed in (name, name.upper(), name.casefold()):
            try:
                return table, str(evidence.row(table, typed).id)
            except LookupError:
                continue
    return "", ""
