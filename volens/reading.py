"""Rows of evidence as cards to read: who said what, when, in which words.

A card is meant for reading on a telephone and for a screen reader: one column,
the id beside words and never alone, sources one key away.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from html import escape

from volens import doctrine, evidence, positions
from volens.evidence import Row
from volens.pages import table as page_table
from volens.references import how_far, reference

__all__ = ["Cards", "Defaults", "cards", "defaults"]


_RANGE = re.compile(r"([A-Z])(\d+)-[A-Z]?(\d+)")
#: In these a source that hosts a row is the account under criticism, and no support.
_HOSTED = frozenset({"statements", "conflict_versions"})
_MANY = 3
_UNKNOWN = "not known"
# A line at the side holds a card together; colours are left to the page's theme.
_CARD = "margin: 0 0 1.2em; padding-left: 0.8em; border-left: 3px solid currentColor"


@dataclass(frozen=True)
class Cards:
    """A few rows, ready to read.

    Attributes
    ----------
    table
        The table they stand in.
    rows
        The rows, in the order asked for.
    bare
        Whether sources, other versions and remarks are left out.
    """

    table: str
    rows: tuple[Row, ...]
    bare: bool = False

    def __repr__(self) -> str:
        return "\n\n".join(_as_text(self._parts(row), row) for row in self.rows)

    def _repr_html_(self) -> str:
        items = "".join(f'<li style="{_CARD}">{self._card(row)}</li>' for row in self.rows)
        return f'<ul style="list-style: none; padding-left: 0">{items}</ul>'

    def _card(self, row: Row) -> str:
        sources = "" if self.bare else _sources(self.table, row)
        return _as_html(self._parts(row), row) + sources

    def _parts(self, row: Row) -> _Parts:
        parts = _PARTS.get(self.table, _any_row)(row)
        return replace(parts, hint="") if self.bare else parts


def cards(table: str, ids: str | Iterable[str], *more: str, bare: bool = False) -> Cards:
    """Return rows of a table as cards.

    Parameters
    ----------
    table
        Any table whose rows have ids.
    ids
        Row ids: a list, or one text with spaces between them, such as ``"C001 C004"``;
        ``"F229-F240"`` stands for all from the one to the other.
    more
        Further ids, for whoever puts quotation marks round each.
    bare
        Leave out sources, other versions and remarks: for exercises in which they
        would give the answer away.

    Raises
    ------
    UnknownTableError
        If there is no such table.
    UnknownRowError
        If the table has no such row.

    Examples
    --------
    >>> print(cards("claims", "C004"))
    C004: Peskov, spokesman of the President of Russia, 2022-01-05
    Kazakhstan can solve its internal problem and nobody should interfere
    """
    keys = (
        *(_each(ids) if isinstance(ids, str) else ids),
        *(key for one in more for key in _each(one)),
    )
    return Cards(table, tuple(evidence.row(table, key) for key in keys), bare)


def _each(ids: str) -> Iterator[str]:
    for word in ids.replace(",", " ").split():
        found = _RANGE.fullmatch(word)
        if found is None:
            yield word
            continue
        letter, start, end = found.groups()
        for number in range(int(start), int(end) + 1):
            yield f"{letter}{number:0{len(start)}}"


@dataclass(frozen=True)
class Defaults:
    """How the course by default reads one purpose against every principle.

    Attributes
    ----------
    purpose
        The purpose.
    relations
        Its relation to each principle that is weighed.
    """

    purpose: doctrine.Purpose
    relations: tuple[doctrine.Relation, ...]

    def __repr__(self) -> str:
        lines = [f"{self.purpose.name}: the course's defaults"]
        for one in self.relations:
            principle = doctrine.principle(one.principle).name
            lines.append(f"{principle}: {one.stance}. {one.note} It turns on: {one.hinge}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        rows = [
            (doctrine.principle(one.principle).name, one.stance, one.note, one.hinge)
            for one in self.relations
        ]
        heads = ("Principle", "Stance", "Why", "Hinge")
        return page_table(f"{self.purpose.name}: the course's defaults", heads, rows)


def defaults(purpose: str) -> Defaults:
    """Return how the course by default reads a purpose against every principle.

    Consent is left out: it is a precondition, not a principle to weigh.

    Parameters
    ----------
    purpose
        A slug, such as ``counter-terrorism``, or a code of the research files.

    Raises
    ------
    DoctrineError
        If there is no such purpose.
    """
    found = doctrine.purpose(purpose)
    return Defaults(
        found,
        tuple(
            doctrine.relation(found.id, principle.id)
            for principle in doctrine.principles()
            if principle.kind != "precondition"
        ),
    )


@dataclass(frozen=True)
class _Parts:
    heading: str
    body: str
    words: str = ""
    original: str = ""
    language: str = ""
    remark: str = ""
    hint: str = ""
    address: str = ""


def _claim(row: Row) -> _Parts:
    return _Parts(
        f"{row.id}: {row.speaker}, {row.date}",
        row.claim,
        words=row.quotation or "",
        original=row.original or "",
        language=row.language or "",
    )


def _event(row: Row) -> _Parts:
    when = " ".join(str(part) for part in (row.date, row.time) if part)
    place = f", {row.place}" if row.place else ""
    other = f"Other versions: {row.conflicting_versions}" if row.conflicting_versions else ""
    return _Parts(f"{row.id}: {when}{place}", f"{row.actor}: {row.event}", hint=other)


def _statement(row: Row) -> _Parts:
    account = evidence.row("sources", row.account)
    return _Parts(f"{row.id}: in {reference(account).name}", row.statement)


def _source_card(row: Row) -> _Parts:
    return _Parts(
        reference(row).name,
        "",
        hint=row.caveat or "",
        remark=f"{row.type}, own text read: {how_far(row)}",
        address=row.address or "",
    )


def _toll(row: Row) -> _Parts:
    value = "number not given" if row.value is None else f"{row.value:,}"
    return _Parts(
        f"{row.id}: {row.announcer}, {row.announce_date}",
        f"{row.category}, {row.place}: {value}",
        hint=row.note or "",
    )


def _conflict(row: Row) -> _Parts:
    return _Parts(
        f"{row.id}: {row.title}",
        row.about,
        hint=row.note or "",
        remark=f"What the record supports ({row.settled}): {row.record}",
    )


def _version(row: Row) -> _Parts:
    return _Parts(f"{row.id}: told by {row.told_by}", row.version)


def _authority(row: Row) -> _Parts:
    return _Parts(
        f"{row.instrument}, {row.provision}",
        row.says,
        words=row.quotation or "",
        hint=f"Disputed: {row.disputed}" if row.disputed else "",
        remark=f"Own text read: {how_far(row)}.",
    )


def _incident(row: Row) -> _Parts:
    return _Parts(
        f"{row.id}: {row.title}",
        row.summary,
        hint=row.note or "",
        remark=f"Asked by: {row.requesting_authority or _UNKNOWN}. "
        f"Security Council: {row.unsc_reaction or _UNKNOWN}.",
    )


def _contingent(row: Row) -> _Parts:
    other = f"Other versions: {row.conflicting_versions}" if row.conflicting_versions else ""
    state = "CSTO" if row.state == "csto" else row.state.capitalize()
    return _Parts(f"{row.id}: {state}, {row.aspect}", row.statement, hint=other)


def _term(row: Row) -> _Parts:
    return _Parts(row.term, row.definition)


def _belief(row: Row) -> _Parts:
    return _Parts(f"{row.id}: {row.belief}", row.correction, hint=row.note or "")


def _conclusion(row: Row) -> _Parts:
    who = ", ".join(str(part) for part in (row.who or "nobody found", row.date) if part)
    view = positions.position(row.position).name if row.position else ""
    return _Parts(f"{row.id}: {who}", row.conclusion, hint=f"View: {view}." if view else "")


def _excluded(row: Row) -> _Parts:
    could = row.could_defeat_claim
    year = "" if str(row.year) in row.case else f", {row.year}"
    return _Parts(
        f"{row.id}: {row.case}{year}",
        f"Left out: {row.reason}.",
        hint=f"Could it defeat the claim? {could}" if could else "",
        remark="No page was read for this case." if row.verified == "knowledge" else "",
    )


def _stated_purpose(row: Row) -> _Parts:
    incident = evidence.row("incidents", row.incident)
    return _Parts(
        f"{row.id}: {row.speaker or _UNKNOWN} ({row.stated_by}), on {incident.title}",
        f"Purpose {row.stance}: {doctrine.purpose(row.purpose).name}.",
        hint=row.note or "",
    )


def _figure(row: Row) -> _Parts:
    value = "number not given" if row.value is None else f"{_count(row.value)} {row.unit}"
    return _Parts(
        f"{row.id}: {row.announcer}, {row.announce_date}",
        f"{row.series}: {value}{_span(row)}",
        hint=row.note or "",
    )


def _span(row: Row) -> str:
    """Return between which numbers it lies, where the row says more than one."""
    low, high = row.value_low, row.value_high
    if low is None or low == high:
        return ""
    return " or more" if high is None else f" (from {_count(low)} to {_count(high)})"


def _count(number: float) -> str:
    return f"{number:,.0f}" if number == int(number) else f"{number:,}"


def _argument(row: Row) -> _Parts:
    account = evidence.row("sources", row.account)
    return _Parts(f"{row.id}: {row.kind}, in {reference(account).name}", row.says)


def _document(row: Row) -> _Parts:
    incident = evidence.row("incidents", row.incident)
    when = f", {row.date}" if row.date else ""
    return _Parts(
        f"{row.id}: {row.symbol or 'a document'}{when}, on {incident.title}",
        row.what_it_is,
        hint=row.note or "",
        remark=f"Seen: {row.seen}.",
    )


def _code(row: Row) -> _Parts:
    return _Parts(row.label, f"A code for claims: {row.kind}.", hint=row.note or "")


def _any_row(row: Row) -> _Parts:
    name, *rest = row.items()
    return _Parts(f"{name[1]}", "; ".join(f"{column}: {cell}" for column, cell in rest if cell))


_PARTS: Mapping[str, Callable[[Row], _Parts]] = {
    "arguments": _argument,
    "authorities": _authority,
    "casualties": _toll,
    "claim_codes": _code,
    "claims": _claim,
    "conclusions": _conclusion,
    "conflict_versions": _version,
    "conflicts": _conflict,
    "contingents": _contingent,
    "excluded": _excluded,
    "figures": _figure,
    "glossary": _term,
    "incident_documents": _document,
    "incident_purposes": _stated_purpose,
    "incidents": _incident,
    "misconceptions": _belief,
    "sources": _source_card,
    "statements": _statement,
    "timeline": _event,
}


def _as_text(parts: _Parts, row: Row) -> str:
    words = f'{_whose(parts)}: "{parts.words}"' if parts.words else ""
    if parts.original:
        words += f' (in the original: "{parts.original}")'
    lines = (parts.heading, parts.body, words, parts.hint, parts.remark, _caution(row))
    return "\n".join(line for line in lines if line)


def _as_html(parts: _Parts, row: Row) -> str:
    heading = _linked(parts.heading, parts.address)
    body = f"<br>{escape(parts.body)}" if parts.body else ""
    lines = [f"<p><strong>{heading}</strong>{body}</p>"]
    if parts.words:
        lines.append(f"<p>{_whose(parts)}: “{escape(parts.words)}”{_in_the_original(parts)}</p>")
    lines += [
        f"<p>{escape(text)}</p>" for text in (parts.hint, parts.remark, _caution(row)) if text
    ]
    return "".join(lines)


def _whose(parts: _Parts) -> str:
    """Say whose English the quoted words are."""
    return "In our translation" if parts.original else "Quoted"


def _in_the_original(parts: _Parts) -> str:
    if not parts.original:
        return ""
    language = f' lang="{escape(parts.language)}"' if parts.language else ""
    return f" (in the original: “<span{language}>{escape(parts.original)}</span>”)"


def _caution(row: Row) -> str:
    """Say so where the row is not firmly established."""
    confidence = row.get("confidence")
    if confidence in (None, "high"):
        return ""
    return f"Confidence that this is recorded correctly: {confidence}."


def _sources(table: str, row: Row) -> str:
    own = () if table in _HOSTED else evidence.sources_of(table, row.id, role="hosts")
    found = (*own, *evidence.sources_of(table, row.id))
    if not found:
        return ""
    items = "".join(f"<li>{_source(source)}</li>" for source in found)
    count = "1 source" if len(found) == 1 else f"{len(found)} sources"
    return f"<details><summary>{count} for {escape(row.id)}</summary><ul>{items}</ul></details>"


def _source(row: Row) -> str:
    source = reference(row)
    return f"{source.to_html()}. {escape(source.remark)}" if source.remark else source.to_html()


def _linked(text: str, address: str) -> str:
    if not address:
        return escape(text)
    return f'<a href="{escape(address)}">{escape(text)}</a>'
