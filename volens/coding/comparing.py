"""Where two coders differ, claim by claim and field by field, and how often they do not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from volens.coding.codes import Code
from volens.coding.codings import Coding
from volens.coding.sampling import claims
from volens.coding.vocabulary import FIELDS, in_words
from volens.errors import CodingError

__all__ = ["Difference", "Share", "differences", "pairs", "share"]


@dataclass(frozen=True)
class Difference:
    """One field of one claim that two coders code differently.

    Attributes
    ----------
    case, claim
        The ids of the case and of the claim.
    field
        One of :data:`FIELDS`.
    one, other
        Both codes, in words.
    """

    case: str
    claim: str
    field: str
    one: str
    other: str

    @property
    def who(self) -> str:
        """The id of the claim beside its speaker, for an id alone says nothing."""
        return f"{self.claim} ({claims(self.case)[self.claim].speaker})"

    def __str__(self) -> str:
        return f"{self.who}, {FIELDS[self.field]}: {self.one} against {self.other}."


@dataclass(frozen=True)
class Share:
    """How often two coders say the same, with the number that it is out of.

    Attributes
    ----------
    agreed, of
        In how many claims the codes are the same, of how many that both coded.
    touching
        In how many at least one code is in common; differs from `agreed` for purposes only.
    """

    agreed: int
    of: int
    touching: int

    def __str__(self) -> str:
        return f"{self.agreed} of {self.of}"


def differences(
    one: Coding, other: Coding, *, among: Iterable[str] | None = None
) -> tuple[Difference, ...]:
    """Return where two coders differ, in the order of the claims.

    Parameters
    ----------
    one, other
        The codings. A claim counts where both have coded it whole, and each code as it
        stood before it was first compared.
    among
        Ids of claims to look at; none means all.

    Raises
    ------
    CodingError
        If the codings are of different cases.
    """
    return tuple(
        Difference(one.case, claim, name, in_words(name, mine), in_words(name, theirs))
        for claim, ours, others in pairs(one, other, among=among)
        for name in FIELDS
        if (mine := getattr(ours, name)) != (theirs := getattr(others, name))
    )


def share(one: Coding, other: Coding, name: str, *, among: Iterable[str] | None = None) -> Share:
    """Return how often two coders say the same in one field: agreement as it is counted.

    Parameters
    ----------
    one, other, among
        As for :func:`differences`.
    name
        One of :data:`FIELDS`.

    Raises
    ------
    CodingError
        If the codings are of different cases, or there is no such field.
    """
    if name not in FIELDS:
        raise CodingError(f"There is no field `{name}`. The fields are: {', '.join(FIELDS)}.")
    both = [
        (getattr(mine, name), getattr(theirs, name))
        for _, mine, theirs in pairs(one, other, among=among)
    ]
    agreed = sum(mine == theirs for mine, theirs in both)
    touching = sum(mine == theirs or _touch(mine, theirs) for mine, theirs in both)
    return Share(agreed, len(both), touching)


def pairs(
    one: Coding, other: Coding, *, among: Iterable[str] | None = None
) -> Iterator[tuple[str, Code, Code]]:
    """Return each claim that both have coded whole, with both codes.

    Raises
    ------
    CodingError
        If the codings are of different cases.
    """
    if one.case != other.case:
        raise CodingError(
            f"The one coding is of the case {one.case}, the other of {other.case}. "
            "Two codings can be compared where both are of one case."
        )
    mine, theirs = one.before(), other.before()
    wanted = None if among is None else set(among)
    for claim in claims(one.case):
        if claim in mine and claim in theirs and (wanted is None or claim in wanted):
            yield claim, mine[claim], theirs[claim]


def _touch(mine: str | tuple[str, ...], theirs: str | tuple[str, ...]) -> bool:
    return isinstance(mine, tuple) and bool(set(mine) & set(theirs))
