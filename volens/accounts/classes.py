"""The classes from which a student chooses: those of the codebook, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["SETTLED", "SORTS", "STATUSES", "Choice"]


@dataclass(frozen=True)
class Choice:
    """A class that a student may choose.

    Attributes
    ----------
    name
        One or two words, as a table has them.
    meaning
        What it says, in words.
    """

    name: str
    meaning: str


#: What the record may say of a statement: the statuses of the codebook, in plain words.
STATUSES: Mapping[str, Choice] = MappingProxyType(
    {
        "corroborated": Choice(
            "borne out",
            "the record shows that it happened or, where words are reported, that they were said; "
            "that alone does not make them true",
        ),
        "contradicted": Choice("contradicted", "the record says otherwise, in whole or in part"),
        "uncorroborated": Choice(
            "not shown", "it could be checked, but cannot be determined from what was read"
        ),
        "opinion": Choice(
            "opinion", "it values, predicts or asks; no record can show it to be true or false"
        ),
    }
)
#: What sort of statement it may be: the types of the codebook, in plain words.
SORTS: Mapping[str, Choice] = MappingProxyType(
    {
        "quotation-phrase": Choice("reported words", "words passed on as somebody else's"),
        "event": Choice("event", "something is said to have happened"),
        "figure": Choice("number", "how many, or how much"),
        "legal claim": Choice("claim of law", "what the law is said to be"),
        "opinion": Choice("evaluation", "it values or predicts"),
        "question": Choice("question", "it asks"),
    }
)
#: How far the record may settle a whole dossier.
SETTLED: Mapping[str, Choice] = MappingProxyType(
    {
        "settled": Choice("settled", "the sources that were read decide between the accounts"),
        "leans": Choice("leaning", "they favour one account, but a gap is left"),
        "open": Choice(
            "open", "they do not decide, or the point depends on a position that scholars dispute"
        ),
    }
)
