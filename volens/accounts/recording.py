"""What the record says of a statement or of a dossier, and why that may be no key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from volens import evidence, positions
from volens.accounts.matters import Record
from volens.accounts.reporting import reports_words
from volens.evidence import Row

__all__ = ["of_conflict", "of_statement", "spelled"]

_CODE = re.compile(r"\b[CFQT]\d{2,3}\b|\b[a-z]+(?:-[a-z]+)+\b")


def of_conflict(case: str, conflict: Row) -> Record:
    """Return what the record says of a conflict as a whole.

    Parameters
    ----------
    case
        The id of the case.
    conflict
        A row of the table ``conflicts``.

    Examples
    --------
    >>> of_conflict("kazakhstan-2022", evidence.row("conflicts", "Q06")).choice
    'open'
    """
    return Record(
        conflict.settled,
        "",
        spelled(case, conflict.record),
        spelled(case, conflict.note),
        _doubt(conflict.confidence, conflict.verified),
        evidence.sources_of("conflicts", conflict.id, case=case),
        (),
    )


def of_statement(case: str, conflict: Row, statement: Row, told_by: str) -> Record:
    """Return what the record says of a statement that a conflict names.

    Parameters
    ----------
    case
        The id of the case.
    conflict, statement
        Rows of the tables ``conflicts`` and ``statements``.
    told_by
        Who tells the account in which the statement stands.

    Examples
    --------
    >>> rows = (evidence.row("conflicts", "Q01"), evidence.row("statements", "F049"))
    >>> of_statement("kazakhstan-2022", *rows, "Hasar (Opinio Juris)").key
    True
    """
    supports = evidence.sources_of("statements", statement.id, case=case)
    against = evidence.sources_of("statements", statement.id, role="contradicts", case=case)
    return Record(
        statement.status,
        statement.type,
        spelled(case, statement.correction),
        spelled(case, statement.note),
        _doubt(conflict.confidence, statement.verified)
        or _alone(statement.status, supports, against),
        supports,
        against,
        reports_words(statement, told_by),
    )


def spelled(case: str, text: str | None) -> str:
    """Return a text whose codes of rows and ids of positions are said in words.

    Examples
    --------
    >>> spelled("kazakhstan-2022", "See Q49.")
    'See dossier "Invaded sovereign territory, or stood on its own side".'
    """
    return _CODE.sub(lambda found: _said(case, found[0]), text or "")


def _said(case: str, code: str) -> str:
    if not code[0].isupper():
        return _position_names().get(code, code)
    if code.startswith("Q"):
        return f'dossier "{evidence.row("conflicts", code, case=case).title}"'
    if code.startswith("C"):
        speaker = evidence.row("claims", code, case=case).speaker
        return f"claim {code} by {speaker.partition(',')[0]}"
    if code.startswith("T"):
        return f"event {code} of {evidence.row('timeline', code, case=case).date}"
    return f'statement {code}, "{evidence.row("statements", code, case=case).statement}"'


@cache
def _position_names() -> Mapping[str, str]:
    return {one.id: f'"{one.name}"' for one in positions.positions()}


def _alone(status: str, supports: tuple[Row, ...], against: tuple[Row, ...]) -> str:
    named = {"corroborated": supports, "contradicted": against}.get(status, (status,))
    return "" if named else "no source beside the account itself is named"


def _doubt(confidence: str, verified: str | None) -> str:
    """Return why a class is no key; empty where it is one."""
    rests = evidence.items(verified)
    if confidence != "high":
        return f"confidence: {confidence}"
    if "pages" not in rests:
        return "no page was read for this"
    return "part of it rests on knowledge, not on a page" if "knowledge" in rests else ""
