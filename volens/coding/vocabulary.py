"""The closed list of codes, and each code in words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from volens import evidence

__all__ = [
    "BASES",
    "CANNOT",
    "CANNOT_WORDS",
    "FIELDS",
    "SINGLE",
    "SPEAKERS",
    "basis_of",
    "in_words",
    "purposes",
]

#: What is coded of each claim, and how a sentence says it.
FIELDS: Mapping[str, str] = MappingProxyType(
    {"speaker": "who speaks", "basis": "what it rests on", "purposes": "purposes"}
)
#: A code like the others: the words do not tell.
CANNOT = "cannot-be-told"
#: How a sentence says that.
CANNOT_WORDS = "cannot be told from these words"
#: On whose side, or from which position, somebody speaks: the column ``role``.
SPEAKERS: Mapping[str, str] = MappingProxyType(
    {
        "inviting-state": "the inviting State",
        "intervening-state": "a State that sent troops",
        "organisation": "the organisation through which States intervened",
        "other-organisation": "another organisation, such as the United Nations",
        "third-state": "another State",
        "population": "people without public office",
        "opposition": "the opposition in one of the countries",
        "scholar": "a scholar or an analyst",
        "press": "the press",
        "partisan-party": (
            "another political movement or party, in none of the governments concerned"
        ),
        "ngo": "a non-governmental organisation",
        CANNOT: CANNOT_WORDS,
    }
)
#: On which kind of ground a claim mainly rests.
BASES: Mapping[str, str] = MappingProxyType(
    {
        "aim": "an aim of the intervention",
        "ground": "a ground for acting (a title), such as consent, a treaty or self-defence",
        "limit": "a limit on how the force acts, or an assurance about it",
        "criticism": "a criticism of the request, the intervention or the conduct",
        "neutral": "neither for nor against the intervention",
        CANNOT: CANNOT_WORDS,
    }
)
#: The fields of which a claim has one code each, with their codes.
SINGLE: Mapping[str, Mapping[str, str]] = {"speaker": SPEAKERS, "basis": BASES}
#: Codes that are no aim: the notes of the list say so, or, of the last of each, the doctrine's
#: table of purposes: self-defence is a title of its own, and taking no side a disclaimer.
_GROUNDS = frozenset({"treaty-obligation", "consent-of-government", "collective-self-defence"})
_LIMITS = frozenset({"necessity-and-proportionality", "not-taking-sides"})


@cache
def purposes() -> Mapping[str, str]:
    """Return the codes for purposes and criticisms, each with its words.

    Examples
    --------
    >>> purposes()["stability"]
    'stability'
    """
    listed = {str(row.id): str(row.label) for row in evidence.rows("claim_codes")}
    return MappingProxyType({**listed, CANNOT: CANNOT_WORDS})


def basis_of(purpose: str) -> str:
    """Return on which kind of ground a claim rests whose main purpose this is.

    Parameters
    ----------
    purpose
        An id of the table ``claim_codes``.

    Examples
    --------
    >>> basis_of("collective-self-defence"), basis_of("counter-terrorism"), basis_of("occupation")
    ('ground', 'aim', 'criticism')
    >>> basis_of("not-taking-sides")
    'limit'
    """
    if purpose in _GROUNDS:
        return "ground"
    if purpose in _LIMITS:
        return "limit"
    kind = str(evidence.row("claim_codes", purpose).kind)
    return "aim" if kind == "purpose" else kind


def in_words(name: str, code: str | tuple[str, ...]) -> str:
    """Return a code in words.

    Parameters
    ----------
    name
        One of :data:`FIELDS`.
    code
        A code of that field: for purposes several.

    Examples
    --------
    >>> in_words("speaker", "ngo"), in_words("purposes", ("stability", "coup-attempt"))
    ('a non-governmental organisation', '"stability" and "coup attempt"')
    """
    if not code:
        return "not coded"
    if isinstance(code, str):
        return SINGLE[name][code]
    if code == (CANNOT,):
        return CANNOT_WORDS
    return _list([f'"{purposes()[one]}"' for one in code])


def _list(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
