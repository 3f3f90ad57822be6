"""All codes of one coder, as a value and as plain data; the course's own codes are one too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from types import MappingProxyType
from typing import Any

from volens import evidence
from volens.coding.codes import FORM, Code, check, code_from, fail
from volens.coding.sampling import claims, require, sample
from volens.coding.vocabulary import basis_of, purposes

__all__ = ["SCHEMA", "VERSION", "Coding", "main_purpose", "reference"]

#: What a saved coding calls itself.
SCHEMA, VERSION = FORM.schema, FORM.version


@dataclass(frozen=True)
class Coding:
    """All codes of one coder; a change makes a new one.

    Attributes
    ----------
    case
        The id of the case.
    codes
        Claim id to code as it stands now, in the order of the table.
    first
        Claim id to code as it stood before the claim was first compared, without note.
    shown
        Ids of the claims whose reference the coder has seen.
    sample
        Which claims the coder chose: one of :data:`SAMPLES`, or ``speaker:`` and an actor.
    """

    case: str
    codes: Mapping[str, Code] = field(default_factory=dict)
    first: Mapping[str, Code] = field(default_factory=dict)
    shown: tuple[str, ...] = ()
    sample: str = "first"

    def __post_init__(self) -> None:
        order = tuple(claims(self.case))
        for name in ("codes", "first"):
            given: Mapping[str, Code] = getattr(self, name)
            ordered = {claim: given[claim] for claim in order if claim in given}
            object.__setattr__(self, name, MappingProxyType(ordered))
        seen = tuple(claim for claim in self.first if claim in self.shown)
        object.__setattr__(self, "shown", seen)

    def __repr__(self) -> str:
        return f"<Coding {self.case}: {_how_many(len(self.before()))} coded>"

    def set(self, claim: str, code: Code) -> Coding:
        """Return the coding with one claim coded.

        Parameters
        ----------
        claim
            The id of a claim of the case.
        code
            What to say of it; fields may still be empty.

        Raises
        ------
        CodingError
            If there is no such claim, or the code is not in the list of codes.
        """
        check(self.case, claim, code)
        return replace(self, codes={**self.codes, claim: code})

    def clear(self, claim: str) -> Coding:
        """Return the coding without the code of one claim."""
        return replace(self, codes={k: v for k, v in self.codes.items() if k != claim})

    def before(self) -> Mapping[str, Code]:
        """Return each whole code as it stood before the claim was first compared."""
        whole = {claim: code for claim, code in self.codes.items() if code.complete}
        return {**whole, **self.first}

    def compared(self, other: Coding | None = None) -> Coding:
        """Return the coding once it was compared: what is whole now is kept as first coded.

        Parameters
        ----------
        other
            With whom it was compared; then only claims that both have coded are kept so.
            Without it, with the reference, which the coder then has seen.
        """
        theirs = self.before() if other is None else other.before()
        whole = {claim: code for claim, code in self.before().items() if claim in theirs}
        first = {**self.first, **{claim: replace(code, note="") for claim, code in whole.items()}}
        shown = (*self.shown, *whole) if other is None else self.shown
        return replace(self, first=first, shown=shown)

    def to_data(self) -> dict[str, Any]:
        """Return the coding as plain data: the form that stands in an answer cell."""
        return {
            **FORM.head(self.case),
            "sample": self.sample,
            "codes": {claim: code.to_data() for claim, code in self.codes.items()},
            "first": {claim: code.fields() for claim, code in self.first.items()},
            "shown": list(self.shown),
        }

    @classmethod
    def from_data(cls, case: str, data: object) -> Coding:
        """Build a coding from plain data, as :meth:`to_data` returns it.

        Parameters
        ----------
        case
            The id of the case to which the coding should belong.
        data
            The data; what is left out beside ``schema`` is empty.

        Raises
        ------
        CodingError
            If the data are not a coding of this case; the message names the claim.
        """
        read = FORM.opened(data, case)
        coding = cls(case)
        for claim, code in FORM.part(read, "codes").items():
            coding = coding.set(claim, code_from(claim, code))
        first = {claim: code_from(claim, code) for claim, code in FORM.part(read, "first").items()}
        for claim, code in first.items():
            check(case, claim, code)
            if not code.complete:
                fail(claim, "as first coded (`first`)", "all three fields", "less")
        shown = FORM.texts(read.get("shown", []), "`shown`")
        for claim in shown:
            require(case, claim)
        return replace(coding, first=first, shown=shown, sample=_sample(case, read))


@cache
def reference(case: str) -> Coding:
    """Return the codes of the course's own table, coded by one person.

    The table has no basis of its own: it follows from the main purpose of the row.

    Parameters
    ----------
    case
        The id of the case.

    Raises
    ------
    CodingError
        If the case has no table of claims.
    """
    codes = {
        claim: Code(
            str(row.role),
            basis_of(str(row.purpose)),
            (str(row.purpose), *evidence.items(row.other_purposes)),
        )
        for claim, row in claims(case).items()
    }
    return Coding(case, codes, sample="all")


def main_purpose(case: str, claim: str) -> str:
    """Return, in words, the purpose from which the reference takes the basis of a claim.

    Parameters
    ----------
    case, claim
        The ids of the case and of the claim.

    Raises
    ------
    CodingError
        If the case has no table of claims, or no such claim.

    Examples
    --------
    >>> main_purpose("kazakhstan-2022", "C001")
    'collective self-defence (external aggression)'
    """
    require(case, claim)
    return purposes()[str(claims(case)[claim].purpose)]


def _sample(case: str, data: Mapping[str, Any]) -> str:
    name = str(data.get("sample", "first"))
    sample(case, name)
    return name


def _how_many(count: int) -> str:
    return "1 claim" if count == 1 else f"{count} claims"
