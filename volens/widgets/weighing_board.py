"""The weighing board: reasons weighed against principles, one cell at a time.

The model holds the cells as plain data; what they mean is in
:mod:`volens.weighing`. The view is one file of JavaScript that needs neither a
library nor a kernel, so the same board also stands on a page of its own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from volens import cases, doctrine, evidence
from volens.cases import Case
from volens.pages import table
from volens.weighing import STANCES, WORDS, Weighing, columns, in_words, inline, quoted

__all__ = ["WeighingBoard", "board_page", "weighing_board"]

_LABELS = {
    "supports": "supports",
    "tension": "in tension",
    "depends": "depends",
    "not engaged": "not engaged",
}
_CONSENT_FIRST = (
    "Consent comes first. Whether this State, by somebody who could speak for it, freely asked "
    "for this act is a precondition. It is not a column here: no reason replaces consent, and "
    "consent does not make a bad reason good."
)


def _text(name: str) -> str:
    return files("volens.widgets").joinpath(name).read_text(encoding="utf-8")


class WeighingBoard(anywidget.AnyWidget):
    """The board as a widget.

    Parameters
    ----------
    case
        The case, or its id.
    weighing
        What to begin with: plain data as *Copy answer* gives them. Without it the
        board begins empty, or with what this browser kept.

    Raises
    ------
    WeighingError
        If the data are not a weighing of this case.
    """

    # Text and not a file path: a path would watch the file and keep old views alive.
    _esm = _text("weighing_board.js")
    _css = _text("weighing_board.css")

    content = traitlets.Dict().tag(sync=True)
    cells = traitlets.Dict().tag(sync=True)
    restore = traitlets.Bool(default_value=True).tag(sync=True)

    def __init__(self, case: Case | str, weighing: Mapping[str, object] | None = None) -> None:
        found = cases.case(case) if isinstance(case, str) else case
        begin = Weighing.from_data(found.id, {} if weighing is None else weighing)
        self._case = found
        super().__init__(content=_content(found), cells=begin.to_data(), restore=weighing is None)

    def __repr__(self) -> str:
        return f"<WeighingBoard {self._case.id}: {len(self.cells)} cells>"

    @property
    def weighing(self) -> Weighing:
        """What the board holds now."""
        return Weighing.from_data(self._case.id, self.cells)

    @weighing.setter
    def weighing(self, weighing: Weighing) -> None:
        self.cells = weighing.to_data()

    def save(self, file: Path | str) -> None:
        """Write what the board holds to a file, as JSON."""
        Path(file).write_text(self.weighing.to_json(), encoding="utf-8")

    def load(self, file: Path | str) -> None:
        """Show what a file holds that *Save* wrote.

        Raises
        ------
        WeighingError
            If the file is not a saved weighing.
        """
        self.weighing = Weighing.from_json(Path(file).read_text(encoding="utf-8"))

    def to_html(self) -> str:
        """Return the board as tables: for print, for PDF, and without a kernel."""
        return _static(self._case, self.weighing)

    def _repr_mimebundle_(self, **options: Any) -> Any:  # noqa: ANN401 (IPython's protocol)
        bundle = super()._repr_mimebundle_(**options)
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        if data is not None:
            data["text/html"] = self.to_html()
            data["text/plain"] = self.weighing.to_memo()
        return bundle


def weighing_board(
    case: Case | str = "kazakhstan-2022", weighing: Mapping[str, object] | None = None
) -> WeighingBoard:
    """Return a weighing board for a case.

    Parameters
    ----------
    case
        The case, or its id.
    weighing
        What to begin with, as *Copy answer* gives it; nothing for an empty board.

    Examples
    --------
    >>> weighing_board("kazakhstan-2022")
    <WeighingBoard kazakhstan-2022: 0 cells>
    """
    return WeighingBoard(case, weighing)


def board_page(case: Case | str) -> str:
    """Return the board as a page of its own, which needs no kernel and no network.

    Parameters
    ----------
    case
        The case, or its id.
    """
    found = cases.case(case) if isinstance(case, str) else case
    # A closing tag inside the data would end the script early.
    content = json.dumps(_content(found), ensure_ascii=False).replace("</", "<\\/")
    script = _text("weighing_board.js").replace("export default { render };", _PAGE_MODEL)
    title = escape(f"Weighing board: {found.title}")
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>\n{_PAGE_STYLE}{_text('weighing_board.css')}</style>\n"
        f"</head>\n<body>\n<main>\n<h1>{title}</h1>\n<p>{_PAGE_WORDS}</p>\n"
        '<div id="board"></div>\n<noscript>This page needs JavaScript.</noscript>\n</main>\n'
        f'<script type="module">\nconst content = {content};\n{script}</script>\n</body>\n</html>\n'
    )


_PAGE_WORDS = (
    "Choose a cell, say how the purpose stands to the principle, give a reason, and name the "
    "finding on which it turns. What you enter stays in this browser and is sent nowhere."
)
_PAGE_STYLE = (
    "body { font-family: system-ui, sans-serif; margin: 0; color: #1a1a1a; background: #fff; }\n"
    "main { max-width: 76rem; margin: 0 auto; padding: 0 12px 2em; }\n"
    "h1 { font-size: 1.4rem; }\n"
)
# On a page of its own the model is this small object in place of a kernel.
_PAGE_MODEL = """\
const values = { content, cells: {}, restore: true };
const listeners = new Set();
const model = {
  get: (name) => values[name],
  set: (name, value) => { values[name] = value; },
  save_changes: () => {},
  on: (_, listener) => listeners.add(listener),
  off: (_, listener) => listeners.delete(listener),
};
render({ model, el: document.getElementById("board") });
"""


def _content(case: Case) -> dict[str, Any]:
    """Return all that the view shows and that does not change."""
    return {
        "title": f"Weighing board: {case.title}",
        "case": case.id,
        "caseTitle": case.title,
        "precondition": _CONSENT_FIRST,
        "words": WORDS,
        "stances": [
            {"id": name, "label": _LABELS[name], "sentence": sentence}
            for name, sentence in STANCES.items()
        ],
        "purposes": [
            {
                "id": purpose.id,
                "name": purpose.name,
                "inline": quoted(purpose.name),
                "definition": purpose.definition,
                "claims": _claims(purpose),
            }
            for purpose in doctrine.purposes()
        ],
        "principles": [
            {
                "id": principle.id,
                "name": principle.name,
                "inline": inline(principle.name),
                "protects": principle.protects,
                "constraint": principle.constraint_scope,
            }
            for principle in columns()
        ],
        "defaults": {
            f"{relation.purpose}|{relation.principle}": {
                "stance": relation.stance,
                "note": relation.note,
                "hinge": relation.hinge,
            }
            for relation in doctrine.relations()
            if relation.principle in {column.id for column in columns()}
        },
        "findings": [
            {"id": finding.id, "question": finding.question, "value": in_words(finding.value)}
            for finding in case.findings
        ],
    }


def _claims(purpose: doctrine.Purpose) -> list[str]:
    """Return the claims of the case that rest on a purpose, each with speaker and date."""
    codes = set(purpose.claim_codes)
    return [
        f"{claim.id}: {claim.speaker}, {claim.date}: {claim.claim}"
        for claim in evidence.rows("claims")
        if codes & {claim.purpose, *(claim.other_purposes or "").split("; ")}
    ]


def _static(case: Case, weighing: Weighing) -> str:
    rows = []
    for place, entry in weighing.cells.items():
        purpose, principle = place.split("|")
        rows.append(
            (
                doctrine.purpose(purpose).name,
                doctrine.principle(principle).name,
                _LABELS[entry.stance],
                entry.reason or "no reason yet",
                _hinge(case, entry.hinge),
            )
        )
    names = ("Purpose", "Principle", "Stance", "Reason", "Hinge")
    title = f"Weighing board: {case.title}"
    shown = table(title, names, rows) if rows else f"<p>{escape(title)}: no cell is filled yet.</p>"
    meeting = _lines("Where support and tension meet", weighing.conflicts())
    lacking = _lines("Still to be given", weighing.unsupported())
    return shown + meeting + lacking


def _hinge(case: Case, hinge: str) -> str:
    if not hinge:
        return "no hinge yet"
    if hinge.startswith("own: "):
        return hinge.removeprefix("own: ")
    return case.finding(hinge).question


def _lines(title: str, lines: tuple[object, ...]) -> str:
    if not lines:
        return ""
    items = "".join(f"<li>{escape(str(line))}</li>" for line in lines)
    return f"<p><strong>{title}</strong></p><ul>{items}</ul>"
