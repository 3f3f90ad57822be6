"""A case: what the public record shows, question by question.

A finding answers a question of fact, or says that it cannot be answered and why.
It is no legal conclusion: what a finding is worth depends on a position.

Examples
--------
>>> kazakhstan = case("kazakhstan-2022")
>>> kazakhstan.finding("request-before-arrival").value
MET
>>> kazakhstan.finding("request-before-arrival").rows[0]
('timeline', 'T036')
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from volens import evidence
from volens.errors import CaseError, UnknownCaseError
from volens.evidence import TomlEntry
from volens.logic import UNCLEAR, Value

__all__ = ["Case", "Finding", "case"]

#: The tables in which a finding's rows are looked up; their ids differ in the first letter.
_TABLES = ("timeline", "claims", "casualties", "figures")
_WHY = ("no evidence", "conflicting evidence", "legal standard disputed")
_SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"
_VERIFIED = r"(pages|knowledge|seed 00[0-4])(; (knowledge|seed 00[0-4]))*"


@dataclass(frozen=True)
class Finding:
    """What the record says on one question.

    Attributes
    ----------
    id, ref
        The slug, and the code of the research files.
    question
        What is asked.
    value
        ``MET``, ``NOT_MET`` or ``UNCLEAR``.
    why
        Why it is unclear: ``no evidence``, ``conflicting evidence`` or
        ``legal standard disputed``; empty for the other values.
    note
        What the value rests on, in one sentence.
    rows
        Table and id of each row behind it, as :func:`volens.evidence.row` takes them.
    verified
        How it was checked, in the words of the tables' column of that name.
    confidence
        ``high``, ``medium`` or ``low``: how firmly the value stands.
    """

    id: str
    ref: str
    question: str
    value: Value
    why: str
    note: str
    rows: tuple[tuple[str, str], ...]
    verified: str
    confidence: str


@dataclass(frozen=True)
class Case:
    """One intervention, with what is known of it.

    Attributes
    ----------
    id, title
        The slug, and the words to show.
    state
        The State on whose territory it took place.
    period
        First and last day, as ISO dates with a slash between them.
    findings
        In the order of the file.
    """

    id: str
    title: str
    state: str
    period: str
    findings: tuple[Finding, ...]

    def finding(self, key: str) -> Finding:
        """Return a finding by its slug, or by its code in the research files.

        Raises
        ------
        UnknownCaseError
            If the case has no such finding.

        Examples
        --------
        >>> case("kazakhstan-2022").finding("F02").value
        UNCLEAR
        """
        for one in self.findings:
            if key in (one.id, one.ref):
                return one
        raise UnknownCaseError("finding", key, [one.id for one in self.findings])


@cache
def case(key: str) -> Case:
    """Return a case by the name of its folder in ``data/cases``.

    Raises
    ------
    UnknownCaseError
        If there is no such case.
    CaseError
        If its file is written wrongly, or a finding names a row that does not exist.
    """
    known = sorted(
        file.parent.name for file in (evidence.data_directory() / "cases").glob("*/case.toml")
    )
    if key not in known:
        raise UnknownCaseError("case", key, known)
    file = evidence.toml(f"cases/{key}/case.toml", CaseError)
    file.only("id", "title", "state", "period", "finding")
    return Case(
        id=file.text("id", (key,)),
        title=file.text("title"),
        state=file.text("state"),
        period=file.text("period", pattern=r"\d{4}-\d{2}-\d{2}/\d{4}-\d{2}-\d{2}"),
        findings=tuple(_finding(entry) for entry in file.entries("finding")),
    )


def _finding(entry: TomlEntry) -> Finding:
    entry.only("id", "ref", "question", "value", "why", "note", "rows", "verified", "confidence")
    value = Value(entry.text("value", [one.value for one in Value]))
    if value is not UNCLEAR and "why" in entry.content:
        entry.fail("why", f"no reason beside `{value.value}`", entry.content["why"])
    return Finding(
        id=entry.text("id", pattern=_SLUG),
        ref=entry.text("ref", pattern=r"F\d{2}"),
        question=entry.text("question"),
        value=value,
        why=entry.text("why", _WHY) if value is UNCLEAR else "",
        note=entry.text("note"),
        rows=tuple(_place(entry, row) for row in entry.texts("rows")),
        verified=entry.text("verified", pattern=_VERIFIED),
        confidence=entry.text("confidence", ("high", "medium", "low")),
    )


def _place(entry: TomlEntry, key: str) -> tuple[str, str]:
    for table in _TABLES:
        if any(row.id == key for row in evidence.rows(table)):
            return table, key
    return entry.fail("rows", f"ids of rows of {', '.join(_TABLES)}", key)
