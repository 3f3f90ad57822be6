"""The claims of a case, and which of them a coder begins with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType

from volens import cases, evidence
from volens.codebook import COURSE_CASE
from volens.coding.vocabulary import basis_of
from volens.errors import CodingError
from volens.evidence import Row

__all__ = ["EIGHT", "SAMPLES", "claims", "is_key", "require", "sample"]

#: Which claims to code: by name, or ``speaker:`` and the id of an actor.
SAMPLES: Mapping[str, str] = MappingProxyType(
    {
        "first": "8 claims to begin with",
        "quoted": "all claims with words quoted",
        "all": "all claims",
    }
)
_BY_SPEAKER = "speaker:"
EIGHT = 8
#: By what the first claims are spread, most important first.
_SPREAD: tuple[Callable[[Row], str], ...] = (
    lambda row: str(row.role),
    lambda row: basis_of(str(row.purpose)),
    lambda row: str(row.purpose),
)


@cache
def claims(case: str) -> Mapping[str, Row]:
    """Return the claims of a case by id.

    Raises
    ------
    CodingError
        If the case has no table of claims.
    UnknownCaseError
        If there is no such case.
    """
    rows = evidence.rows("claims", case=cases.case(case).id)
    if not rows:
        raise CodingError(
            f"The case {case} has no table of claims yet, so there is nothing to code. "
            f"The course's own case has one: {COURSE_CASE}."
        )
    return MappingProxyType({str(row.id): row for row in rows})


def is_key(case: str, claim: str) -> bool:
    """Whether the reference for a claim may be compared with as a key: its confidence is high.

    Examples
    --------
    >>> is_key("kazakhstan-2022", "C001"), is_key("kazakhstan-2022", "C007")
    (True, False)
    """
    require(case, claim)
    return bool(claims(case)[claim].confidence == "high")


def sample(case: str, name: str) -> tuple[str, ...]:
    """Return which claims a sample holds.

    Parameters
    ----------
    case
        The id of the case.
    name
        One of :data:`SAMPLES`, or ``speaker:`` and the id of an actor.

    Raises
    ------
    CodingError
        If there is no such sample.

    Examples
    --------
    >>> len(sample("kazakhstan-2022", "first")), sample("kazakhstan-2022", "speaker:osce")
    (8, ('C072',))
    """
    rows = claims(case)
    if name == "first":
        return _to_begin_with(case)
    if name in SAMPLES:
        return tuple(key for key, row in rows.items() if name == "all" or row.wording == "quoted")
    actor = name.removeprefix(_BY_SPEAKER)
    found = tuple(key for key, row in rows.items() if actor in evidence.items(row.actor))
    if not name.startswith(_BY_SPEAKER) or not found:
        raise CodingError(
            f'There is no choice of claims "{name}". Choose one of {", ".join(SAMPLES)}, or '
            f'"{_BY_SPEAKER}" and an actor who has claims, such as "{_BY_SPEAKER}'
            f'{evidence.items(next(iter(rows.values())).actor)[0]}".'
        )
    return found


@cache
def _to_begin_with(case: str) -> tuple[str, ...]:
    """Return eight claims spread over speakers and grounds, the same ones every time.

    Quoted words with a reference of high confidence come first. Each claim taken is the
    first in the table whose role, then basis, then purpose was taken least often so far.
    """
    rows = claims(case)
    chosen: list[Row] = []
    waiting = [row for row in rows.values() if row.wording == "quoted" and is_key(case, row.id)]
    if len(waiting) < EIGHT:
        waiting = list(rows.values())
    while waiting and len(chosen) < EIGHT:
        taken = [Counter(part(row) for row in chosen) for part in _SPREAD]
        new = min(
            waiting, key=lambda row: [n[part(row)] for n, part in zip(taken, _SPREAD, strict=True)]
        )
        waiting.remove(new)
        chosen.append(new)
    picked = {str(row.id) for row in chosen}
    return tuple(key for key in rows if key in picked)


def require(case: str, claim: str) -> None:
    """Refuse what is no claim of a case.

    Raises
    ------
    CodingError
        If there is no such claim.

    Examples
    --------
    >>> require("kazakhstan-2022", "C001")
    """
    if claim not in claims(case):
        raise CodingError(
            f'"{claim}" is no claim of {case}. Claims are named like '
            f"{next(iter(claims(case)))}; the table of claims lists them."
        )
