"""Volens: an open course on intervention by invitation.

In a notebook, one line is enough: ``import volens as vo``. Names are loaded when
they are first used, so that the import itself is quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from volens import checks, evidence, plots
    from volens.answering import answers
    from volens.logic import MET, NOT_MET, UNCLEAR
    from volens.opinions import assess, compare, pivotal, sensitivity, symmetry
    from volens.plots.figure import show
    from volens.reading import cards, defaults
    from volens.reasoning import Standard
    from volens.tables import (
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
    from volens.widgets.weighing_board import weighing_board

__all__ = [
    "MET",
    "NOT_MET",
    "UNCLEAR",
    "Standard",
    "answers",
    "assess",
    "authorities",
    "cards",
    "casualties",
    "checks",
    "claim_codes",
    "claims",
    "compare",
    "conclusions",
    "conflict_versions",
    "conflicts",
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
    "misconceptions",
    "pivotal",
    "plots",
    "position",
    "review_board",
    "sensitivity",
    "show",
    "sources",
    "statements",
    "symmetry",
    "timeline",
    "weighing_board",
]

_HOMES = {
    "MET": "volens.logic",
    "NOT_MET": "volens.logic",
    "UNCLEAR": "volens.logic",
    "Standard": "volens.reasoning",
    "answers": "volens.answering",
    "assess": "volens.opinions",
    "authorities": "volens.tables",
    "cards": "volens.reading",
    "casualties": "volens.tables",
    "claim_codes": "volens.tables",
    "claims": "volens.tables",
    "compare": "volens.opinions",
    "conclusions": "volens.tables",
    "conflict_versions": "volens.tables",
    "conflicts": "volens.tables",
    "contingents": "volens.tables",
    "defaults": "volens.reading",
    "excluded": "volens.tables",
    "figures": "volens.tables",
    "frame": "volens.tables",
    "glossary": "volens.tables",
    "incident_documents": "volens.tables",
    "incident_purposes": "volens.tables",
    "incidents": "volens.tables",
    "misconceptions": "volens.tables",
    "pivotal": "volens.opinions",
    "position": "volens.views",
    "review_board": "volens.weighing",
    "sensitivity": "volens.opinions",
    "show": "volens.plots.figure",
    "sources": "volens.tables",
    "statements": "volens.tables",
    "symmetry": "volens.opinions",
    "timeline": "volens.tables",
    "weighing_board": "volens.widgets.weighing_board",
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
