"""What a reason may rest on: rows of the case, and the law; each says how far it is to be trusted.

What somebody claimed is told apart from what was found, and a text that was not read from
one that was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from volens import cases, evidence
from volens.evidence import Row
from volens.references import reference
from volens.weighing.cells import columns

__all__ = ["Ground", "grounds"]


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
    """

    id: str
    table: str
    label: str
    badge: str

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
    stated, not found
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
    label, badges = _LABELS[table](row)
    if row.get("confidence") in ("medium", "low"):
        badges = (*badges, f"confidence: {row.confidence}")
    return Ground(row.id, table, label, "; ".join(badges))


_Labelled = tuple[str, tuple[str, ...]]


def _claim(row: Row) -> _Labelled:
    return f"claim {row.id}, {row.speaker}, {row.date}: {row.claim}", ("stated, not found",)


def _event(row: Row) -> _Labelled:
    return f"event {row.id}, {row.date}: {row.event}", ()


def _toll(row: Row) -> _Labelled:
    return f"toll {row.id}, {row.announcer}, {row.announce_date}: {row.category}", (
        "announced, not found",
    )


def _figure(row: Row) -> _Labelled:
    return f"figure {row.id}, {row.announcer}, {row.announce_date}: {row.series}", (
        "announced, not found",
    )


def _contingent(row: Row) -> _Labelled:
    return f"contingent {row.id}: {row.statement}", ()


def _conflict(row: Row) -> _Labelled:
    return f"conflicting accounts {row.id}: {row.title}", ()


def _authority(row: Row) -> _Labelled:
    return f"{row.instrument}, {row.provision}", _read(row)


def _source(row: Row) -> _Labelled:
    kind = ("a partisan source",) if row.type == "partisan" else ()
    return reference(row).name, (*kind, *_read(row))


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
