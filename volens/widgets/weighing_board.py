"""The weighing board: reasons weighed against principles, one cell at a time.

What the entries mean is in :mod:`volens.weighing`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from html import escape
from typing import Any

import traitlets

from volens import cases, doctrine, evidence
from volens import positions as views
from volens.cases import Case
from volens.pages import table
from volens.positions import Position
from volens.weighing import (
    LABELS,
    STANCES,
    WORDS,
    Entry,
    Precondition,
    Section,
    Weighing,
    additive_bias,
    choices,
    columns,
    grounds,
    inline,
    memo,
    precondition,
    quoted,
    sections,
    stand,
    standings,
)
from volens.weighing.cautions import CONSENT_FIRST, CRITIQUE, NO_CELL, UNDETERMINED
from volens.weighing.cells import own_words
from volens.weighing.grounds import CLAIMED
from volens.weighing.judged import AJAR, GATE, SHUT, SIGNS, TITLES, settings
from volens.weighing.locks import (
    CAN,
    LOCKED,
    STIPULATED,
    STIPULATED_FIRST,
    aims,
    asks_aims,
    called,
    row,
)
from volens.weighing.memo import NOT_IN_MEMO
from volens.weighing.readings import AIM_WORDS, BUCKETS, HERE, NEITHER, UNNAMED, inviter_facts
from volens.weighing.sections import FIRST, MANY, NAMES
from volens.widgets.base import CourseWidget, script, styles
from volens.widgets.engine import engine_content

__all__ = ["WeighingBoard", "weighing_board"]


class WeighingBoard(CourseWidget):
    """The board as a widget.

    Parameters
    ----------
    case
        The case, or its id.
    weighing
        What to begin with: plain data as *Copy answer* gives them. Without it the board begins
        empty, and offers what was kept earlier.
    name
        Under which name the entries are kept; none for that of the kind and the case.

    Raises
    ------
    WeighingError
        If the data are not a weighing of this case.
    """

    kind = "weighing-board"
    words = (
        "Choose a position. Then choose a purpose and a principle, say how they stand to each "
        "other, give a reason and its source, and name the finding on which it turns."
    )
    _esm = script("engine.js", "weighing.js", "weighing_board.js")
    _css = styles("weighing_board.css")

    #: The student's own findings, as the consent test for the same case holds them.
    findings = traitlets.Dict().tag(sync=True)

    def __init__(
        self, case: Case | str, weighing: Mapping[str, object] | None = None, *, name: str = ""
    ) -> None:
        self._case = cases.record_of(case)
        super().__init__(
            _content(self._case.id),
            weighing,
            about=self._case.id,
            name=name,
        )

    def __repr__(self) -> str:
        return f"<WeighingBoard {self._case.id}: {len(self.weighing.cells)} cells>"

    @property
    def weighing(self) -> Weighing:
        """What the board holds now."""
        return Weighing.from_data(self._case.id, self.value)

    @weighing.setter
    def weighing(self, weighing: Weighing) -> None:
        self.value = weighing.to_data()

    def check(self, value: object) -> dict[str, Any]:
        """Return a whole weighing from plain data.

        Raises
        ------
        WeighingError
            If the data are not a weighing of this case.
        """
        return Weighing.from_data(self._case.id, value).to_data()

    def to_html(self) -> str:
        """Return the board as tables: for print, for PDF, and without a kernel."""
        return _static(self._case, self.weighing, self.findings)

    def to_text(self) -> str:
        """Return the board as text to start a memo from."""
        return memo(self.weighing, self.findings)


def weighing_board(
    case: Case | str = "kazakhstan-2022",
    weighing: Mapping[str, object] | None = None,
    *,
    name: str = "",
) -> WeighingBoard:
    """Return a weighing board for a case.

    Parameters
    ----------
    case
        The case, or its id.
    weighing
        What to begin with, as *Copy answer* gives it; nothing for an empty board.
    name
        Under which name the entries are kept, where a notebook has several boards.

    Examples
    --------
    >>> weighing_board("kazakhstan-2022")
    <WeighingBoard kazakhstan-2022: 0 cells>
    """
    return WeighingBoard(case, weighing, name=name)


# ------------------------------------------------------------------ what the view reads


@cache
def _content(key: str) -> dict[str, Any]:
    """Return all that the view shows and that does not change."""
    case = cases.case(key)
    return {
        "title": f"Weighing board: {case.title}",
        "case": case.id,
        "caseTitle": case.title,
        "words": WORDS,
        "stances": [
            {"id": name, "label": LABELS[name], "sentence": sentence}
            for name, sentence in STANCES.items()
        ],
        "purposes": [_purpose(case, purpose) for purpose in doctrine.purposes()],
        "principles": [_principle(principle) for principle in columns()],
        "defaults": dict(_defaults()),
        "rowsBehind": {one.id: _behind(one.rows, one.sources) for one in case.findings},
        "grounds": {one.id: [one.label, one.badge, one.brief] for one in grounds(case.id).values()},
        "views": [_view(case.id, view) for view in choices()],
        "tests": [
            {"id": one.id, "name": one.name, "called": called(one), "thesis": one.thesis}
            for one in views.positions()
            if one.kind == "inviter test"
        ],
        "gates": [one.id for one in views.elements() if one.role == GATE],
        "others": [
            {"id": other.id, "title": other.title, "aims": [aim.id for aim in other.aims]}
            for other in map(cases.case, cases.case_ids())
            if other.id != case.id and other.findings
        ],
        "texts": _texts(),
        "engine": engine_content(case),
    }


def _texts() -> dict[str, Any]:
    """Return the words that Python and the view share."""
    return {
        "consent": CONSENT_FIRST,
        "undetermined": UNDETERMINED,
        "noCell": NO_CELL,
        "bias": additive_bias(),
        "critique": CRITIQUE,
        "first": FIRST,
        "names": NAMES,
        "many": MANY,
        "can": dict(CAN),
        "locked": LOCKED,
        "buckets": BUCKETS,
        "here": HERE,
        "titles": dict(TITLES),
        "shut": SHUT,
        "ajar": AJAR,
        "signs": dict(SIGNS),
        "claimed": CLAIMED,
        "unnamed": UNNAMED,
        "neither": NEITHER,
        "inviterFacts": inviter_facts(),
        "stipulated": STIPULATED,
        "stipulatedFirst": STIPULATED_FIRST,
        "notInMemo": NOT_IN_MEMO,
        "aimWords": AIM_WORDS,
    }


def _purpose(case: Case, purpose: doctrine.Purpose) -> dict[str, Any]:
    return {
        "id": purpose.id,
        "name": purpose.name,
        "inline": quoted(purpose.name),
        "definition": purpose.definition,
        "claims": _claims(case, purpose),
    }


def _claims(case: Case, purpose: doctrine.Purpose) -> list[str]:
    """Return the ids of the claims of the case that rest on a purpose."""
    codes = set(purpose.claim_codes)
    return [
        claim.id
        for claim in evidence.rows("claims", case=case.id)
        if codes & {claim.purpose, *(claim.other_purposes or "").split("; ")}
    ]


def _principle(principle: doctrine.Principle) -> dict[str, Any]:
    return {
        "id": principle.id,
        "name": principle.name,
        "inline": inline(principle.name),
        "protects": principle.protects,
        "constraint": principle.constraint_scope,
        "law": [*principle.authorities, *principle.works],
    }


def _defaults() -> list[tuple[str, dict[str, Any]]]:
    weighed = {column.id for column in columns()}
    return [
        (
            f"{one.purpose}|{one.principle}",
            {
                "stance": one.stance,
                "note": one.note,
                "hinge": one.hinge,
                "confidence": one.confidence,
                "views": list(one.positions),
            },
        )
        for one in doctrine.relations()
        if one.principle in weighed
    ]


def _behind(rows: tuple[tuple[str, str], ...], sources: tuple[str, ...]) -> list[str]:
    return [*(key for _, key in rows), *sources]


def _view(case: str, view: Position) -> dict[str, Any]:
    """Return what a position makes of the board, as far as it does not depend on the case."""
    return {
        "id": view.id,
        "name": view.name,
        "called": called(view),
        "thesis": view.thesis,
        "objection": view.objection,
        "stand": list(stand(Weighing(case, position=view.id))),
        "settings": settings(view.id),
        "aims": aims(view),
        "asksAims": int(asks_aims(view)),
        "standings": {
            one.principle: {"reach": one.reach, "why": one.why} for one in standings(view)
        },
        "rows": {one.id: row(view, one.id) for one in doctrine.purposes() if row(view, one.id)},
    }


# ------------------------------------------------------------------ the static twin


def _static(case: Case, weighing: Weighing, findings: Mapping[str, Any]) -> str:
    title = f"Weighing board: {case.title}"
    opening = "".join(f"<p>{escape(line)}</p>" for line in stand(weighing))
    rows = [
        (
            purpose.name,
            principle.name,
            LABELS[entry.stance],
            entry.reason or "no reason yet",
            _hinge(case, entry),
            _source(case, entry),
        )
        for purpose, principle, entry in weighing.named()
    ]
    names = ("Purpose", "Principle", "Stance", "Reason", "Hinge", "Source")
    shown = _grid(title, weighing) + (table("The cells you filled", names, rows) if rows else "")
    after = "".join(_section(one) for one in sections(weighing, findings) if one.points)
    return opening + _consent(precondition(weighing, findings)) + shown + after


def _consent(said: Precondition) -> str:
    gates = "".join(f"<li>{escape(gate)}</li>" for gate in said.gates)
    parts = [
        f"<p>{escape(part)}</p>" if part else "" for part in (said.first, said.judged, said.after)
    ]
    return f"{parts[0]}{parts[1]}{f'<ul>{gates}</ul>' if gates else ''}{parts[2]}"


def _grid(title: str, weighing: Weighing) -> str:
    """Return the whole board as a table: the stances, and a dash for each empty cell."""
    filled = weighing.cells
    rows = [
        (
            purpose.name,
            *(
                LABELS[filled[place].stance] if place in filled else "\N{EN DASH}"
                for place in (f"{purpose.id}|{one.id}" for one in columns())
            ),
        )
        for purpose in doctrine.purposes()
    ]
    caption = f"{title}. Purposes (rows) and principles (columns); a dash is an empty cell."
    return table(caption, ("Purpose", *(one.name for one in columns())), rows)


def _hinge(case: Case, entry: Entry) -> str:
    if entry.hinge in {one.id for one in case.findings}:
        return case.finding(entry.hinge).question
    return own_words(entry.hinge) or "no hinge yet"


def _source(case: Case, entry: Entry) -> str:
    known = grounds(case.id)
    if entry.source in known:
        return str(known[entry.source])
    return own_words(entry.source) or "no source yet"


def _section(section: Section) -> str:
    items = "".join(
        f"<li><strong>{escape(point.lead)}:</strong> {escape(point.text)}</li>"
        if point.lead
        else f"<li>{escape(point.text)}</li>"
        for point in section.points
    )
    return f"<p><strong>{escape(section.title)}</strong></p><ul>{items}</ul>"
