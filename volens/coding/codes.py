"""What a coder says of one claim, and whether the list of codes has it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NoReturn

from volens.coding.sampling import require
from volens.coding.vocabulary import CANNOT, CANNOT_WORDS, FIELDS, SINGLE, purposes
from volens.errors import CodingError
from volens.saved import Form

__all__ = ["FORM", "Code", "check", "code_from", "fail"]

#: The form in which codes are saved.
FORM = Form("volens/claim-coder", 1, "coding of claims", CodingError)


@dataclass(frozen=True)
class Code:
    """What a coder says of one claim.

    Attributes
    ----------
    speaker
        One of :data:`SPEAKERS`; empty while not coded.
    basis
        One of :data:`BASES`; empty while not coded.
    purposes
        Ids of the table ``claim_codes``, in its order; or :data:`CANNOT` alone; empty
        while not coded.
    note
        Why, in the coder's words; may stay empty.
    """

    speaker: str = ""
    basis: str = ""
    purposes: tuple[str, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        given = tuple(self.purposes)
        ordered = tuple(one for one in purposes() if one in given)
        unknown = tuple(one for one in given if one not in ordered)
        object.__setattr__(self, "purposes", (*ordered, *dict.fromkeys(unknown)))

    @property
    def complete(self) -> bool:
        """Whether all three fields are coded."""
        return bool(self.speaker and self.basis and self.purposes)

    def to_data(self) -> dict[str, Any]:
        """Return the code as plain data."""
        return {**self.fields(), "note": self.note}

    def fields(self) -> dict[str, Any]:
        """Return the three fields as plain data, without the note."""
        return {"speaker": self.speaker, "basis": self.basis, "purposes": list(self.purposes)}


def check(case: str, claim: str, code: Code) -> None:
    """Refuse a code that the list of codes does not have.

    Raises
    ------
    CodingError
        If there is no such claim, or no such code; the message names claim and field.
    """
    require(case, claim)
    for name, known in SINGLE.items():
        given = getattr(code, name)
        if given and given not in known:
            fail(claim, FIELDS[name], f"one of {', '.join(known)}", given)
    for one in code.purposes:
        if one not in purposes():
            fail(claim, FIELDS["purposes"], f"codes such as {', '.join(list(purposes())[:3])}", one)
    if CANNOT in code.purposes and len(code.purposes) > 1:
        raise CodingError(
            f'{claim}, purposes: "{CANNOT_WORDS}" stands alone. Take it away, or the purposes '
            "beside it."
        )


def code_from(claim: str, code: object) -> Code:
    """Build a code from plain data, as :meth:`Code.to_data` returns it; it is not checked.

    Raises
    ------
    CodingError
        If the data are not of that form; the message names the claim.
    """
    data = FORM.dictionary(code, claim, "a dictionary with speaker, basis, purposes and note")
    speaker, basis, note = (
        FORM.text(data, name, where=f"{claim}, `{name}`") for name in ("speaker", "basis", "note")
    )
    return Code(speaker, basis, FORM.texts(data.get("purposes", []), f"{claim}, `purposes`"), note)


def fail(claim: str, where: str, expected: str, got: object) -> NoReturn:
    """Say of which claim and field a code is wrong.

    Raises
    ------
    CodingError
        Always.
    """
    raise CodingError(
        f'{claim}, {where}: expected {expected}, got "{got}". Code the claim anew in the claim '
        "coder and copy the answer again."
    )
