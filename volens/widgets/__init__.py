"""Widgets: one module each, thin over tested functions, each with a static twin."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from volens.widgets.base import CourseWidget

__all__ = ["KINDS", "widget"]

#: Every kind of widget, and whether it shows a case.
KINDS = {
    "weighing-board": True,
    "consent-test": True,
    "timeline-explorer": True,
    "source-desk": True,
    "claim-coder": True,
    "practice-explorer": False,
}


def widget(kind: str, case: str) -> CourseWidget:
    """Return a widget by its kind, untouched.

    Parameters
    ----------
    kind
        One of :data:`KINDS`.
    case
        The id of a case; left aside by a widget that shows none.

    Examples
    --------
    >>> widget("weighing-board", "kazakhstan-2022")
    <WeighingBoard kazakhstan-2022: 0 cells>
    """
    name = kind.replace("-", "_")
    make = getattr(import_module(f"volens.widgets.{name}"), name)
    made: CourseWidget = make(case) if KINDS[kind] else make()
    return made
