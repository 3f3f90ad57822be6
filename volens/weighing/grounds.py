"""What a reason may rest on: rows of the case, and the law; each says how far it is to be trusted.

What somebody claimed is told apart from what was found, and a text that was not read from
one that was. Each has a short label as well, for a list to choose from.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from textwrap import shorten
from types import MappingProxyType

from volens import cases, evidence
from volens.evidence import Row
from volens.references import reference
from volens.weighing.cells import columns

__all__ = ["CLAIMED", "OF_A_PARTY", "OF_A_STATE", "Ground", "grounds"]

#: What a claim is, and is not.
CLAIMED = "a claim, not a finding"
#: What is said of a source that speaks for a party to the events, and of one that a State holds.
OF_A_PARTY = "a party's own word"
OF_A_STATE = "a source owned or directed by a State"
#: On whose side a claim is that of a party: the States that asked or came, and their organisation.
_PARTIES = ("inviting-state", "intervening-state", "organisation")
# How the caveat of a source begins, or goes on after a semicolon, where it says so.
_PARTY_SAID = re.compile(
    r"The text of a party$|A party's own\b|.*\ba party to the war\b", re.IGNORECASE
)
_STATE_SAID = re.compile(
    r"Owned or directed by a State"
    r"|(?:\w+ )?State (?:news )?(?:agency|broadcaster|media|outlet|paper|TV)\b",
    re.IGNORECASE,
)
_ANNOUNCED = "announced, not a finding"
_SHORT = 60
_NAME = 44


@dataclass(frozen=True)
class Ground:
    """One thing that a student may name as a source.

    Attributes
    ----------
    id, table
        Where it stands.
    label
        What it is, in words.
    badge
        How far it is to be trusted, in words; empty where there is nothing to say.
    brief
        The label in short, for a list to choose from.
    """

    id: str
    table: str
    label: str
    badge: str
    brief: str = ""

    def __str__(self) -> str:
        return f"{self.label} ({self.badge})" if self.badge else self.label


@cache
def grounds(case: str) -> Mapping[str, Ground]:
    """Return what a student may name as a source on the board of a case, by its id.

    These are the claims of the case, the rows behind its findings and aims, and the
    authorities and works on which the principles rest.

    Parameters
    ----------
    case
        The id of the case.

    Raises
    ------
    UnknownCaseError
        If there is no such case.

    Examples
    --------
    >>> print(grounds("kazakhstan-2022")["C004"].badge)
    a claim, not a finding; a party's own word
    """
    return MappingProxyType(
        {key: _ground(table, evidence.row(table, key, case=case)) for table, key in _places(case)}
    )


def _places(case: str) -> Iterator[tuple[str, str]]:
    """Yield table and id of each, the rows of the case first; some come twice."""
    found = cases.case(case)
    yield from (("claims", row.id) for row in evidence.rows("claims", case=case))
    behind = [(one.rows, one.sources) for one in found.findings]
    behind += [(one.rows, one.sources) for one in found.aims]
    for rows, sources in behind:
        yield from rows
        yield from (("sources", key) for key in sources)
    for principle in columns():
        yield from (("authorities", key) for key in principle.authorities)
        yield from (("sources", key) for key in principle.works)


def _ground(table: str, row: Row) -> Ground:
    label, badges, brief = _LABELS[table](row)
    if row.get("confidence") in ("medium", "low"):
        badges = (*badges, f"confidence: {row.confidence}")
    return Ground(row.id, table, label, "; ".join(badges), brief)


_Labelled = tuple[str, tuple[str, ...], str]


def _claim(row: Row) -> _Labelled:
    label = f"claim {row.id}, {row.speaker}, {row.date}: {row.claim}"
    badges = (CLAIMED, OF_A_PARTY) if row.role in _PARTIES else (CLAIMED,)
    return label, badges, f"{_cut(row.speaker, _NAME)}, {row.date}: {_cut(row.claim)}"


def _event(row: Row) -> _Labelled:
    return f"event {row.id}, {row.date}: {row.event}", (), f"{row.date}: {_cut(row.event)}"


def _toll(row: Row) -> _Labelled:
    said = f"{row.announcer}, {row.announce_date}: {row.category}"
    return f"toll {row.id}, {said}", (_ANNOUNCED,), said


def _figure(row: Row) -> _Labelled:
    said = f"{row.announcer}, {row.announce_date}: {row.series}"
    return f"figure {row.id}, {said}", (_ANNOUNCED,), said


def _contingent(row: Row) -> _Labelled:
    return f"contingent {row.id}: {row.statement}", (), f"Contingents: {_cut(row.statement)}"


def _conflict(row: Row) -> _Labelled:
    return (
        f"conflicting accounts {row.id}: {row.title}",
        (),
        f"Conflicting accounts: {_cut(row.title)}",
    )


def _authority(row: Row) -> _Labelled:
    return (
        f"{row.instrument}, {row.provision}",
        _read(row),
        f"{_cut(row.instrument)}, {row.provision}",
    )


def _source(row: Row) -> _Labelled:
    name = reference(row).name
    return name, (*_whose(row), *_read(row)), _cut(name, _SHORT + _NAME)


def _whose(row: Row) -> Iterator[str]:
    """Yield for whom a source speaks, as far as the table says so."""
    caveats = (row.caveat or "").split("; ")
    if row.type == "partisan":
        yield "a partisan source"
    if any(_PARTY_SAID.match(caveat) for caveat in caveats):
        yield OF_A_PARTY
    if any(_STATE_SAID.match(caveat) for caveat in caveats):
        yield OF_A_STATE


def _cut(text: str, longest: int = _SHORT) -> str:
    """Return the beginning of a text, in whole words."""
    return shorten(text, longest, placeholder=" \N{HORIZONTAL ELLIPSIS}")


def _read(row: Row) -> tuple[str, ...]:
    return () if row.read == "in full" else (f"own text read: {row.read}",)


_LABELS: Mapping[str, Callable[[Row], _Labelled]] = MappingProxyType(
    {
        "authorities": _authority,
        "casualties": _toll,
        "claims": _claim,
        "conflicts": _conflict,
        "contingents": _contingent,
        "figures": _figure,
        "sources": _source,
        "timeline": _event,
    }
)
