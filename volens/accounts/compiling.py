"""The dossiers of a case, compiled from its tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from volens import evidence
from volens.accounts.glossing import foreign, spoken, transliterated
from volens.accounts.matters import WHOLE, Account, Dossier, Item
from volens.accounts.recording import of_conflict, of_statement, spelled
from volens.errors import SourceDeskError
from volens.evidence import Row

__all__ = ["dossier", "dossiers"]


@cache
def dossiers(case: str) -> tuple[Dossier, ...]:
    """Return the dossiers of a case, in the order of its table of conflicts.

    Parameters
    ----------
    case
        The id of the case; a case without such a table has none.

    Examples
    --------
    >>> len(dossiers("kazakhstan-2022"))
    56
    """
    return tuple(_dossier(case, conflict) for conflict in evidence.rows("conflicts", case=case))


def dossier(case: str, key: str) -> Dossier:
    """Return one dossier.

    Raises
    ------
    SourceDeskError
        If the case has no such dossier.
    """
    for one in dossiers(case):
        if one.id == key:
            return one
    known = ", ".join(one.id for one in dossiers(case)) or "none"
    raise SourceDeskError(
        f'There is no dossier "{key}" in the case {case}. Its dossiers are: {known}.'
    )


def _dossier(case: str, conflict: Row) -> Dossier:
    versions = _versions(case).get(conflict.id, ())
    terms = tuple(term for term in transliterated() if spoken(term, versions))
    return Dossier(
        conflict.id,
        conflict.heading,
        conflict.title,
        conflict.about,
        spelled(case, conflict.exercise),
        (
            *(_account(case, version, terms) for version in versions),
            *(_voice(case, claim) for claim in _with_original(case, conflict)),
        ),
        (*_statements(case, conflict, versions), _whole(case, conflict)),
        terms,
        tuple(found for term in terms for found in foreign(term, versions)),
    )


@cache
def _versions(case: str) -> Mapping[str, tuple[Row, ...]]:
    found: dict[str, tuple[Row, ...]] = {}
    for version in evidence.rows("conflict_versions", case=case):
        found[version.conflict] = (*found.get(version.conflict, ()), version)
    return found


def _account(case: str, version: Row, terms: tuple[Row, ...]) -> Account:
    # Where one of the five accounts tells it, only that account is shown: what else bears it
    # out belongs to the record, which nobody sees before having classed it.
    role = "hosts" if version.account else "supports"
    original = next((word for term in terms for word in spoken(term, (version,))), "")
    return Account(
        version.id,
        version.told_by,
        version.version,
        version.date or "",
        evidence.sources_of("conflict_versions", version.id, role=role, case=case),
        original,
        "ru" if original else "",
        bool(original),
    )


def _voice(case: str, claim: Row) -> Account:
    return Account(
        claim.id,
        claim.speaker,
        f'{claim.claim}: "{claim.quotation}".',
        claim.date,
        evidence.sources_of("claims", claim.id, case=case),
        claim.original,
        claim.language or "",
        confidence=claim.confidence,
        said=True,
    )


def _with_original(case: str, conflict: Row) -> Iterator[Row]:
    """Yield the claims that a conflict names and whose words are kept as they were said."""
    for key in evidence.items(conflict.rows):
        if key.startswith("C"):
            claim = evidence.row("claims", key, case=case)
            if claim.original:
                yield claim


def _statements(case: str, conflict: Row, versions: tuple[Row, ...]) -> Iterator[Item]:
    tellers: dict[str, str] = {}
    for version in versions:
        if version.account:
            tellers.setdefault(version.account, version.told_by)
    rows = [
        evidence.row("statements", key, case=case)
        for key in evidence.items(conflict.rows)
        if key.startswith("F")
    ]
    order = list(tellers)
    for statement in sorted(
        (row for row in rows if row.account in tellers), key=lambda row: order.index(row.account)
    ):
        yield Item(
            conflict.id,
            statement.id,
            tellers[statement.account],
            statement.statement,
            statement.attributed_to,
            of_statement(case, conflict, statement, tellers[statement.account]),
            evidence.row("sources", statement.account),
        )


def _whole(case: str, conflict: Row) -> Item:
    question = "How far does the record settle this dossier?"
    return Item(conflict.id, WHOLE, "", question, "", of_conflict(case, conflict))
