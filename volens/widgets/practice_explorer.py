"""The practice explorer: the incidents filtered, counted and opened, gaps always in sight.

What a query finds, and what has to be said with it, is in :mod:`volens.practice`. The view
computes the same in the browser, so that it also stands on a page without a kernel.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Any

from volens import evidence
from volens.evidence import Row
from volens.pages import table
from volens.practice import CORE, Exploration, Query, ask, incident, limits, values_of, variables
from volens.practice.counting import SMALLEST, CrossTable
from volens.practice.episodes import Incident, how_checked
from volens.practice.queries import SHARES
from volens.practice.telling import cell_name, filter_line, sentences, shown, title
from volens.practice.variables import LEFT_OUT, NONE, SPEAKERS, Option, Variable, variable
from volens.references import reference
from volens.widgets.base import CourseWidget, script, styles

__all__ = ["PracticeExplorer", "practice_explorer"]

_TITLE = "Practice explorer: incidents of intervention by invitation"
_COMPUTED = {"purpose", "stated_by"}
_LISTED = (
    "requesting_office",
    "requester_in_effective_control",
    "unsc_reaction",
    "confidence",
)


class PracticeExplorer(CourseWidget):
    """The explorer as a widget.

    Parameters
    ----------
    query
        What to begin with: plain data as *Copy answer* gives them. Without it the explorer
        begins with the core incidents, and offers what was kept earlier.
    name
        Under which name the query is kept; none for that of the kind.
    answer
        What *Copy answer* calls the answer in Python; none for ``practice``.

    Raises
    ------
    PracticeError
        If the data are not a query.
    """

    kind = "practice-explorer"
    words = "Choose incidents, group them, and open them one by one."
    _esm = script("practice_counting.js", "practice_explorer.js")
    _css = styles("practice_explorer.css")

    def __init__(
        self, query: Mapping[str, object] | None = None, *, name: str = "", answer: str = ""
    ) -> None:
        content = {**_content(), "answer": answer} if answer else _content()
        super().__init__(content, query, name=name)

    def __repr__(self) -> str:
        found = self.exploration.table
        return f"<PracticeExplorer {self.name}: {found.number()} of {found.total} incidents>"

    @property
    def exploration(self) -> Exploration:
        """What is asked, and what of it is looked at."""
        return Exploration.from_data(self.value, trust=False)

    @exploration.setter
    def exploration(self, exploration: Exploration) -> None:
        self.value = exploration.to_data()

    def check(self, value: object) -> dict[str, Any]:
        """Return a whole value from plain data; the result is computed anew.

        Raises
        ------
        PracticeError
            If the data are not a query of the explorer.
        """
        return Exploration.from_data(value, trust=False).to_data()

    def to_html(self) -> str:
        """Return table, denominator, gaps and list as tables: for print and without a kernel."""
        return "".join(_static(self.exploration))

    def to_text(self) -> str:
        """Return the table as text to start a memo from."""
        return self.exploration.to_memo()


def practice_explorer(
    query: Mapping[str, object] | None = None, *, name: str = "", answer: str = ""
) -> PracticeExplorer:
    """Return an explorer of the incidents.

    Parameters
    ----------
    query
        What to begin with, as *Copy answer* gives it; nothing for the core incidents.
    name
        Under which name the query is kept, where a notebook has several explorers.
    answer
        What *Copy answer* calls the answer in Python, where several are handed in; none
        for ``practice``.

    Raises
    ------
    PracticeError
        If ``query`` is not a query.

    Examples
    --------
    >>> practice_explorer()
    <PracticeExplorer practice-explorer: 72 of 94 incidents>
    """
    return PracticeExplorer(query, name=name, answer=answer)


@cache
def _content() -> dict[str, Any]:
    """Return all that the view shows and that does not change."""
    pool = _Pool({}, {})
    incidents = [incident(row.id) for row in evidence.rows("incidents")]
    described = [_incident(one, pool) for one in incidents]
    sources = [reference(key).to_data() for key in pool.sources]
    return {
        "kind": PracticeExplorer.kind,
        "title": _TITLE,
        "variables": [_variable(one) for one in variables()],
        "speakers": [_option(one) for one in SPEAKERS],
        "shares": [_option(one) for one in SHARES],
        "leftOut": _option(LEFT_OUT),
        "none": NONE.id,
        "smallest": SMALLEST,
        "limits": limits(),
        "excluded": [_excluded(row) for row in _left_out()],
        "incidents": described,
        "labels": [label for label, _ in incidents[0].labelled()],
        "sources": sources,
        "texts": list(pool.texts),
        "coreCount": ask(Query(filters=CORE)).number(),
        "start": Exploration().to_data(),
    }


def _option(option: Option) -> dict[str, str]:
    return {"id": option.id, "name": option.name, "gap": option.gap}


def _variable(one: Variable) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "group": one.group,
        "multiple": int(one.multiple),
        "filters": int(one.filters),
        "caution": one.caution,
        "about": one.about,
        "options": [_option(option) for option in one.options],
    }


@dataclass(frozen=True)
class _Pool:
    """Sources and texts that many incidents share, sent once: each has its place in a list."""

    sources: dict[str, int]
    texts: dict[str, int]

    def numbers(self, sources: Sequence[Row]) -> list[int]:
        return [self.sources.setdefault(one.id, len(self.sources)) for one in sources]

    def text(self, text: str | None) -> int:
        return self.texts.setdefault(text or "", len(self.texts))


def _incident(found: Incident, pool: _Pool) -> dict[str, Any]:
    row = found.row
    return {
        "id": row.id,
        "title": row.title,
        "state": row.territorial_state,
        "start": row.start_date,
        # In the order of the variables: the places of the values among the options.
        "values": [_places(row.id, one) for one in variables()],
        # What a query needs of each purpose that was claimed.
        "stated": [
            [one.purpose, one.stated_by, one.confidence]
            for one in found.purposes
            if one.stance == "claimed"
        ],
        "facts": [text for _, text in found.labelled()],
        "purposes": [
            {"who": who, "said": [_said(one, pool) for one in rows]}
            for who, rows in found.by_speaker().items()
        ],
        "documents": [_document(one, pool) for one in found.documents],
        "sources": pool.numbers(found.sources),
        "against": pool.numbers(found.against),
    }


def _places(key: str, one: Variable) -> list[int]:
    if one.id in _COMPUTED:
        return []
    known = [option.id for option in one.options]
    return [known.index(value) for value in values_of(key, one.id)]


def _said(row: Row, pool: _Pool) -> dict[str, Any]:
    return {
        "text": _purpose(row),
        "how": pool.text(_how_sure(row)),
        "note": pool.text(row.note),
        "sources": pool.numbers(evidence.sources_of("incident_purposes", row.id)),
        "against": pool.numbers(
            evidence.sources_of("incident_purposes", row.id, role="contradicts")
        ),
    }


def _purpose(row: Row) -> str:
    """Return who claimed or disavowed what."""
    name = variable("purpose").option(row.purpose).name
    return f"{row.stance}: {name}. Speaker: {row.speaker or 'not recorded'}"


def _how_sure(row: Row) -> str:
    return f"confidence that it was said: {row.confidence}; {how_checked(row)}"


_USES = {
    "council-reaction": "the reaction of the Council rests on it",
    "cited": "cited",
    "withdrawn": "withdrawn: it does not bear out the reaction",
}
_SEEN = {
    "text read": "text read",
    "symbol and date seen": "symbol seen, text not read",
    "not found": "not found on any page",
}


def _document(row: Row, pool: _Pool) -> dict[str, Any]:
    return {
        "text": _document_name(row),
        "how": pool.text(_document_use(row)),
        "note": pool.text(row.note),
        "sources": pool.numbers(evidence.sources_of("incident_documents", row.id)),
        "against": [],
    }


def _document_name(row: Row) -> str:
    return f"{row.symbol}{f' ({row.date})' if row.date else ''}: {row.what_it_is}"


def _document_use(row: Row) -> str:
    return f"{_USES[row.use]}; seen: {_SEEN[row.seen]}"


def _left_out() -> list[Row]:
    """Return the cases left out: open ones first, then others that bear on the claim."""
    return sorted(evidence.rows("excluded"), key=_bearing)


def _bearing(row: Row) -> int:
    if not row.could_defeat_claim:
        return 2
    return 0 if row.could_defeat_claim.startswith("Open") else 1


def _excluded(row: Row) -> dict[str, str]:
    return {
        "text": f"{row.case} ({row.year})",
        "why": f"{row.reason_code.replace('-', ' ')}: {row.reason}",
        "bears": row.could_defeat_claim or "",
        "how": how_checked(row),
    }


def _static(found: Exploration) -> list[str]:
    counted = found.table
    listed = [evidence.row("incidents", one) for one in found.listed]
    where = cell_name(found.query, found.row, found.column) or "all that meet the filter"
    names = ("Incident", "Start", *(variable(key).name for key in _LISTED))
    return [
        f"<p><strong>{escape(_TITLE)}</strong></p><p>{escape(filter_line(found.query))}</p>",
        _bullets("", sentences(counted)),
        _counted(found.query, counted),
        table(f"Incidents: {where} ({len(listed)})", names, [_listed(row) for row in listed]),
        _opened(incident(found.opened)) if found.opened else "",
        _bullets("What these data cannot show", limits()),
    ]


def _counted(query: Query, counted: CrossTable) -> str:
    heads = (variable(query.rows).name, *(one.name for one in counted.columns), "all incidents")
    columns = [*(one.id for one in counted.columns), ""]
    lines = [
        (one.name, *(shown(counted, one.id, column) for column in columns)) for one in counted.rows
    ]
    total = ("all incidents", *(shown(counted, "", column) for column in columns[:-1]))
    caption = f"{title(query)}: {counted.number()} of {counted.total} incidents"
    return table(caption, heads, [*lines, (*total, str(counted.number()))])


def _listed(row: Row) -> tuple[object, ...]:
    values = (values_of(row.id, key) for key in _LISTED)
    names = (
        "; ".join(variable(key).option(one).name for one in found)
        for key, found in zip(_LISTED, values, strict=True)
    )
    return (f"{row.title} ({row.id})", row.start_date, *names)


def _opened(found: Incident) -> str:
    purposes = [
        f"{next(one.name for one in SPEAKERS if one.id == row.stated_by)} {_purpose(row)} "
        f"({_how_sure(row)})"
        for row in found.purposes
    ]
    documents = [f"{_document_name(row)} ({_document_use(row)})" for row in found.documents]
    return (
        table(f"{found.title} ({found.row.id})", ("", "On record"), found.facts())
        + _bullets("Purposes by speaker", purposes or ["None on record."])
        + _bullets("Documents of the United Nations", documents)
        + _bullets("Sources", _source_lines(found.sources))
        + _bullets("Sources that tell against it", _source_lines(found.against))
    )


def _source_lines(sources: Sequence[Row]) -> list[str]:
    return [str(reference(source)) for source in sources]


def _bullets(name: str, lines: Sequence[str]) -> str:
    if not lines:
        return ""
    head = f"<p><strong>{escape(name)}</strong></p>" if name else ""
    return head + "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>"
