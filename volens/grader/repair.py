"""A submitted notebook gets back the cells of its assignment, whatever became of them.

nbgrader sets back what was changed in a cell, but stops at cells that are there twice, and
passes over cells that are not there. Here each of them is mended, named, and then marked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from volens.grader.mending.copies import single
from volens.grader.mending.finding import found
from volens.grader.mending.joining import joined
from volens.grader.mending.parting import parted
from volens.grader.mending.pieces import Given, look
from volens.grader.mending.places import placed
from volens.grader.mending.settings import kernel, settled
from volens.grader.results import Repair
from volens.grader.template import Template

__all__ = ["Repaired", "repair"]


@dataclass(frozen=True)
class Repaired:
    """A notebook that can be marked.

    Attributes
    ----------
    notebook
        The notebook as JSON data: its labelled cells are exactly those of the gradebook.
    repairs
        What was mended; empty for a notebook whose form is as it was given out.
    """

    notebook: dict[str, Any]
    repairs: tuple[Repair, ...]


def repair(notebook: dict[str, Any], template: Template) -> Repaired:
    """Give a notebook the cells of its assignment.

    Parameters
    ----------
    notebook
        A notebook as :func:`~volens.grader.opening.open_notebook` returns it. It is not changed.
    template
        What the gradebook knows of it.

    Returns
    -------
    A notebook in which every cell of the gradebook is there once, with its settings there:
    tests and read-only cells with its text, answers with the student's. Cells of the student's
    own stay where they are.
    """
    given = Given(template)
    pieces = look(notebook["cells"], given)
    metadata, repairs = kernel(notebook["metadata"], template)
    reported = list(repairs)
    for step in (parted, found, single, placed, joined, settled):
        mended = step(pieces, given)
        pieces = mended.pieces
        reported += mended.repairs
    whole = {**notebook, "cells": [piece.cell for piece in pieces], "metadata": metadata}
    # A cell that was found in several places is spoken of once.
    once: dict[tuple[str, str], Repair] = {}
    for one in reported:
        once.setdefault((one.code, one.cell), one)
    order = sorted(once.values(), key=lambda one: given.order.get(one.cell, -1))
    return Repaired(whole, tuple(order))
