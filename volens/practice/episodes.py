"""One incident with all that is on record for it: purposes by speaker, documents, sources.

Examples
--------
>>> found = incident("BHR-2011")
>>> found.title, [row.id for row in found.disavowed]
('Bahrain 2011: Peninsula Shield Force', ['P115'])
>>> list(found.by_speaker())
['requester', 'intervener', 'not separated']
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from volens import evidence
from volens.evidence import Row
from volens.practice.variables import SPEAKERS, variable

__all__ = ["Incident", "how_checked", "incident"]


@dataclass(frozen=True)
class Incident:
    """One incident.

    Attributes
    ----------
    row
        Its row of the table.
    purposes
        What was claimed, or disavowed, as the purpose, and by whom.
    documents
        The documents of the United Nations that are used for it.
    sources
        What bears the row out.
    against
        Sources that tell against the row.
    """

    row: Row
    purposes: tuple[Row, ...]
    documents: tuple[Row, ...]
    sources: tuple[Row, ...]
    against: tuple[Row, ...]

    @property
    def title(self) -> str:
        """Its short name."""
        return str(self.row.title)

    @property
    def disavowed(self) -> tuple[Row, ...]:
        """The purposes that somebody said were not the purpose."""
        return tuple(row for row in self.purposes if row.stance == "disavowed")

    def by_speaker(self) -> Mapping[str, tuple[Row, ...]]:
        """Return the purposes by whose words they are."""
        found = {
            one.id: tuple(row for row in self.purposes if row.stated_by == one.id)
            for one in SPEAKERS
        }
        return {who: rows for who, rows in found.items() if rows}

    def facts(self) -> tuple[tuple[str, str], ...]:
        """Return what the row says, as pairs of a label and a text, in words."""
        return tuple((label, text) for label, text in self.labelled() if text)

    def labelled(self) -> tuple[tuple[str, str], ...]:
        """Return the same pairs, with an empty text where the row says nothing."""
        return tuple(_facts(self.row))


def incident(key: str) -> Incident:
    """Return one incident.

    Parameters
    ----------
    key
        Its id, such as ``KAZ-2022``.

    Raises
    ------
    UnknownRowError
        If there is no such incident.
    """
    row = evidence.row("incidents", key)
    return Incident(
        row,
        _of("incident_purposes").get(key, ()),
        _of("incident_documents").get(key, ()),
        evidence.sources_of("incidents", key),
        evidence.sources_of("incidents", key, role="contradicts"),
    )


@cache
def _of(table: str) -> Mapping[str, tuple[Row, ...]]:
    """Return the rows of a table by incident."""
    found: dict[str, tuple[Row, ...]] = {}
    for row in evidence.rows(table):
        found[row.incident] = (*found.get(row.incident, ()), row)
    return found


def how_checked(row: Row) -> str:
    """Return on what a row rests: pages, or what the coder knew.

    Examples
    --------
    >>> how_checked(evidence.row("incident_purposes", "P119"))
    'no page was read: it rests on what the coder knew or summed up'
    """
    marks = evidence.items(row.verified)
    return "; ".join(_CHECKED.get(mark) or _account(mark) for mark in marks)


_CHECKED: Mapping[str, str] = {
    "pages": "a page was read",
    "knowledge": "no page was read: it rests on what the coder knew or summed up",
}


def _account(mark: str) -> str:
    """Name one of the five accounts: they are the first sources, in the order of their numbers."""
    source = evidence.rows("sources")[int(mark.removeprefix("seed "))]
    who = str(source.author or source.publisher or source.title).split(", ")[0]
    return f"the account of {who} says so too"


def _named(row: Row, key: str) -> str:
    return "; ".join(variable(key).option(value).name for value in evidence.items(row[key]))


def _facts(row: Row) -> Iterator[tuple[str, str]]:
    yield "In one sentence", row.summary
    yield "State", row.territorial_state
    yield "Dates", _dates(row)
    yield "Type of case", _named(row, "case_type")
    yield "Who came, or was asked", row.intervening_actors
    yield "Under the name of", row.organisation or ""
    yield "Who asked", row.requesting_authority
    yield "In what office", _named(row, "requesting_office")
    yield "Form of the request", _named(row, "request_form")
    yield "Date on record", _request_date(row)
    yield "Request seen", _seen(row)
    yield "Effective control", _standing(row, "requester_in_effective_control")
    yield "International recognition", _standing(row, "requester_internationally_recognised")
    yield (
        "Democratic election",
        f"{_standing(row, 'requester_democratically_elected')} (the softest column, not checked)",
    )
    yield "Armed opposition, in part as claimed", _named(row, "armed_opposition")
    yield "Legal basis invoked", _named(row, "legal_basis_invoked")
    yield "Reaction of the Security Council", _named(row, "unsc_reaction")
    yield "Outcome", row.outcome
    yield "Criticism", row.criticism or "none noted"
    yield "Confidence in the row", f"{row.confidence} ({row.checked}; {how_checked(row)})"
    yield "Hasar", "named in his post of 2022" if row.named_by_hasar else ""
    yield "Note", row.note or ""
    yield "Cited by the coder, not all of it read", row.citations or ""


def _dates(row: Row) -> str:
    ends = {
        "continuing": "continuing at the close of 2024, as far as the sources say",
        "unknown": "end not known",
    }
    entry = f"; forces came in on {row.entry_date}" if row.entry_date else ""
    end = f"to {row.end_date}" if row.end_date else ends.get(row.ended, "ended, day not recorded")
    return (
        f"from {row.start_date} {end}{entry}"
        if row.end_date
        else f"from {row.start_date}; {end}{entry}"
    )


def _request_date(row: Row) -> str:
    if row.request_date is None:
        return "none"
    what = "the request" if row.request_date_kind == "request" else "an agreement"
    return f"{row.request_date} ({what})"


def _seen(row: Row) -> str:
    if row.request_seen:
        return "yes: a page that was read states it (which need not be its text)"
    return "no: no page that was read states it, or there was none"


def _standing(row: Row, key: str) -> str:
    return _named(row, key) or "not known"
