"""One run through a notebook: the student's cells in the sandbox, the tests outside.

``volens grade`` and nbgrader's own ``autograde`` (through
:class:`volens.grader.executing.Execute`) run notebooks by it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import nbformat
from nbformat import NotebookNode

from volens.answering import AskedAnswers
from volens.errors import KernelStoppedError
from volens.grader.judge import is_judged, judge
from volens.grader.kernel import Kernel, Room
from volens.grader.limits import Limits
from volens.grader.results import Stop
from volens.grader.template import Template, TemplateCell

__all__ = ["Sitting", "without_tests"]

_SKIP = "skip-execution"
_SHOWN = 40


class Sitting:
    """One run through a notebook.

    Parameters
    ----------
    notebook
        What was handed in. Outputs and execution counts are put into its cells.
    template
        What the gradebook knows of it. Only a test cell that stands there is run outside
        the sandbox, and with the text that it has there.
    limits
        How far the student's code may go.
    timing
        Returns a context in which a part is timed: ``kernel``, ``cells`` or ``tests``.

    Attributes
    ----------
    points
        Grade id of a test cell that was judged to the points it gave.
    faults
        Grade id of a test cell that is written wrongly to what is wrong.
    stops
        What had to be stopped, in order.
    shaken
        Grade ids of the test cells that were stopped, or that came next after a cell that was,
        or ran when the notebook had ended.
    """

    def __init__(
        self,
        notebook: NotebookNode,
        template: Template,
        limits: Limits,
        timing: Callable[[str], AbstractContextManager[object]] = nullcontext,
    ) -> None:
        self._notebook = notebook
        self._template = template
        self._limits = limits
        self._timing = timing
        self.points: dict[str, float] = {}
        self.faults: dict[str, str] = {}
        self.stops: list[Stop] = []
        self.shaken: set[str] = set()
        self._end = 0.0

    def sit(self, room: Room, files: Mapping[str, bytes] | None = None) -> None:
        """Run the notebook.

        Parameters
        ----------
        room
            Where the student's code runs.
        files
            What lies beside the notebook: path with ``/`` to content. The notebook itself
            is put there without its tests.
        """
        beside = dict(files or {})
        beside[f"{self._template.name}.ipynb"] = without_tests(self._notebook, self._template)
        self._end = time.monotonic() + self._limits.submission_seconds
        with self._timing("kernel"), room.kernel(beside, self._limits) as kernel:
            answers = AskedAnswers(kernel.ask, _texts(self._notebook))
            count = known = 0
            for cell in self._notebook.cells:
                if cell.cell_type != "code":
                    continue
                # What a submission shows as outputs counts for nothing.
                cell.outputs, cell.execution_count = [], None
                if not cell.source.strip():
                    continue
                test = self._test(cell)
                if test is None and _SKIP in cell.metadata.get("tags", ()):
                    continue
                count += 1
                cell.execution_count = count
                if test is not None and is_judged(test.source):
                    with self._timing("tests"):
                        self._judge(cell, test, answers, kernel)
                else:
                    with self._timing("cells"):
                        answers.failed = self._run(cell, kernel, count)
                if test is not None:
                    if len(self.stops) > known or kernel.stopped is not None:
                        self.shaken.add(test.grade_id)
                    known = len(self.stops)
                for output in cell.outputs:
                    if output.output_type == "execute_result":
                        output.execution_count = count
            self._note_a_late_end(kernel)

    def _test(self, cell: NotebookNode) -> TemplateCell | None:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        known = self._template.cell(grade_id) if grade_id else None
        return known if known is not None and known.is_test else None

    def _judge(
        self, cell: NotebookNode, test: TemplateCell, answers: AskedAnswers, kernel: Kernel
    ) -> None:
        late = kernel.late_answers
        seconds = max(1.0, min(self._limits.test_seconds, self._end - time.monotonic()))
        judged = judge(test.source, answers, points=test.points or 0, seconds=seconds)
        self.points[test.grade_id] = judged.points
        if judged.fault:
            self.faults[test.grade_id] = judged.fault
        if judged.stopped:
            message = f"A check took longer than {seconds:.0f} seconds on this answer."
            self.stops.append(Stop("test-time", test.grade_id, message))
        elif kernel.late_answers > late:
            most = self._limits.probe_seconds
            message = f"A check asked for something that took longer than {most:g} seconds."
            self.stops.append(Stop("probe-time", test.grade_id, message))
        # Under stock nbgrader the test is the last cell that ran in the student's kernel.
        answers.failed = any(output["output_type"] == "error" for output in judged.outputs)
        cell.outputs = [nbformat.from_dict(output) for output in judged.outputs]

    def _run(self, cell: NotebookNode, kernel: Kernel, count: int) -> bool:
        """Run a cell of the student's; return whether it failed."""
        if kernel.stopped is not None:
            cell.outputs = [_not_run(kernel.stopped)]
            return True
        try:
            run = kernel.run(cell.source, count)
        except KernelStoppedError as stopped:
            self.stops.append(Stop(stopped.reason, str(cell.get("id", "")), stopped.args[-1]))
            cell.outputs = [_not_run(stopped)]
            return True
        if run.status == "interrupted":
            seconds = self._limits.cell_seconds
            message = (
                f"The cell that begins `{_beginning(cell.source)}` took longer than {seconds:g} "
                "seconds and was interrupted."
            )
            self.stops.append(Stop("cell-time", str(cell.get("id", "")), message))
        cell.outputs = [nbformat.from_dict(output) for output in run.outputs]
        return run.status != "ok"

    def _note_a_late_end(self, kernel: Kernel) -> None:
        """Note an end that came while a test was asking."""
        if kernel.stopped is not None and not any(
            stop.code == kernel.stopped.reason for stop in self.stops
        ):
            self.stops.append(Stop(kernel.stopped.reason, "", kernel.stopped.args[-1]))


def without_tests(notebook: Mapping[str, Any], template: Template) -> bytes:
    """Return a notebook as it may lie beside the student's code.

    Parameters
    ----------
    notebook
        What was handed in, with the tests put back into it.
    template
        What the gradebook knows of it.
    """
    secret = {cell.grade_id for cell in template.cells if cell.is_test or cell.task}
    cells = [
        cell
        for cell in notebook["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade_id") not in secret
    ]
    return json.dumps({**notebook, "cells": cells}).encode()


def _texts(notebook: NotebookNode) -> dict[str, str]:
    """Return the Markdown cells by the ids under which a test may ask for them."""
    found: dict[str, str] = {}
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            found.setdefault(str(cell.get("id", "")), cell.source)
            grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
            if grade_id:
                found[grade_id] = cell.source
    return found


def _beginning(source: str) -> str:
    """Return the first words of a cell, by which its writer knows it."""
    line = source.strip().splitlines()[0]
    shown = "".join(sign for sign in line if sign.isprintable()).replace("`", "'")
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}..."


def _not_run(stopped: KernelStoppedError) -> NotebookNode:
    message = str(stopped.args[-1])
    error = {"output_type": "error", "ename": "KernelStopped", "evalue": message}
    return NotebookNode({**error, "traceback": [message]})
