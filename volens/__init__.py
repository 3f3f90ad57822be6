"""Volens: an open course on intervention by invitation.

In a notebook, one line is enough: ``import volens as vo``. Names are loaded when
they are first used, so that the import itself is quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from volens import checks, evidence, plots, practice
    from volens.agreement import compare_codings
    from volens.answering import answers
    from volens.briefs import brief
    from volens.logic import MET, NOT_MET, UNCLEAR
    from volens.manuscripts import manuscript
    from volens.opinions import assess, compare, pivotal, sensitivity, symmetry, verdicts
    from volens.plots.figure import show
    from volens.reading import cards, defaults
    from volens.reasoning import Standard
    from volens.tables import (
        arguments,
        authorities,
        casualties,
        claim_codes,
        claims,
        conclusions,
        conflict_versions,
        conflicts,
        contingents,
        excluded,
        figures,
        frame,
        glossary,
        incident_documents,
        incident_purposes,
        incidents,
        misconceptions,
        sources,
        statements,
        timeline,
    )
    from volens.views import position
    from volens.weighing import review_board
    from volens.widgets.answer_sheet import answer_sheet
    from volens.widgets.check_button import check_button
    from volens.widgets.claim_coder import claim_coder
    from volens.widgets.consent_test import consent_test
    from volens.widgets.practice_explorer import practice_explorer
    from volens.widgets.source_desk import source_desk
    from volens.widgets.timeline_explorer import timeline_explorer
    from volens.widgets.weighing_board import weighing_board
    from volens.widgets.zone_converter import zone_converter

__all__ = [
    "MET",
    "NOT_MET",
    "UNCLEAR",
    "Standard",
    "answer_sheet",
    "answers",
    "arguments",
    "assess",
    "authorities",
    "brief",
    "cards",
    "casualties",
    "check_button",
    "checks",
    "claim_coder",
    "claim_codes",
    "claims",
    "compare",
    "compare_codings",
    "conclusions",
    "conflict_versions",
    "conflicts",
    "consent_test",
    "contingents",
    "defaults",
    "evidence",
    "excluded",
    "figures",
    "frame",
    "glossary",
    "incident_documents",
    "incident_purposes",
    "incidents",
    "manuscript",
    "misconceptions",
    "pivotal",
    "plots",
    "position",
    "practice",
    "practice_explorer",
    "review_board",
    "sensitivity",
    "show",
    "source_desk",
    "sources",
    "statements",
    "symmetry",
    "timeline",
    "timeline_explorer",
    "verdicts",
    "weighing_board",
    "zone_converter",
]

_HOMES = {
    "MET": "volens.logic",
    "NOT_MET": "volens.logic",
    "UNCLEAR": "volens.logic",
    "Standard": "volens.reasoning",
    "answer_sheet": "volens.widgets.answer_sheet",
    "answers": "volens.answering",
    "arguments": "volens.tables",
    "assess": "volens.opinions",
    "authorities": "volens.tables",
    "brief": "volens.briefs",
    "cards": "volens.reading",
    "casualties": "volens.tables",
    "check_button": "volens.widgets.check_button",
    "claim_coder": "volens.widgets.claim_coder",
    "claim_codes": "volens.tables",
    "claims": "volens.tables",
    "compare": "volens.opinions",
    "compare_codings": "volens.agreement",
    "conclusions": "volens.tables",
    "conflict_versions": "volens.tables",
    "conflicts": "volens.tables",
    "consent_test": "volens.widgets.consent_test",
    "contingents": "volens.tables",
    "defaults": "volens.reading",
    "excluded": "volens.tables",
    "figures": "volens.tables",
    "frame": "volens.tables",
    "glossary": "volens.tables",
    "incident_documents": "volens.tables",
    "incident_purposes": "volens.tables",
    "incidents": "volens.tables",
    "manuscript": "volens.manuscripts",
    "misconceptions": "volens.tables",
    "pivotal": "volens.opinions",
    "position": "volens.views",
    "practice_explorer": "volens.widgets.practice_explorer",
    "review_board": "volens.weighing",
    "sensitivity": "volens.opinions",
    "show": "volens.plots.figure",
    "source_desk": "volens.widgets.source_desk",
    "sources": "volens.tables",
    "statements": "volens.tables",
    "symmetry": "volens.opinions",
    "timeline": "volens.tables",
    "timeline_explorer": "volens.widgets.timeline_explorer",
    "verdicts": "volens.opinions",
    "weighing_board": "volens.widgets.weighing_board",
    "zone_converter": "volens.widgets.zone_converter",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 (any public name)
    if name in _HOMES:
        found = getattr(import_module(_HOMES[name]), name)
    elif name in __all__:
        found = import_module(f"volens.{name}")
    else:
        raise AttributeError(f"`volens` has no `{name}`. It has: {', '.join(__all__)}.")
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return list(__all__)
