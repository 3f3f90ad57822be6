"""Tests that were changed in ``source/`` and that the gradebook does not have yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from volens.grader.template import Template
from volens.grading.notebooks import Notebook, cells, read_notebook

__all__ = ["unreleased_tests"]

#: nbgrader writes such tests anew each time it releases them.
_WRITTEN_BY_NBGRADER = "AUTOTEST"


def unreleased_tests(source: Path, templates: Mapping[str, Template]) -> tuple[str, ...]:
    """Return the tests that differ, by grade id; none where ``source/`` is not there.

    nbgrader leaves the text of a test as it is when it releases an assignment, so the two
    can be compared as they stand.

    Parameters
    ----------
    source
        The folder with the instructor's notebooks.
    templates
        Name of a notebook to what the gradebook knows of it.
    """
    found: list[str] = []
    for name, template in templates.items():
        # Who marks may not have the instructor's version: nothing is known of it then.
        with suppress(OSError, ValueError):
            found += _differing(read_notebook(source / f"{name}.ipynb"), template)
    return tuple(found)


def _differing(notebook: Notebook, template: Template) -> Iterator[str]:
    known = {cell.grade_id: (cell.source, cell.points) for cell in template.tests}
    now = dict(_tests(notebook))
    for grade_id in {**known, **now}:
        text, _ = now.get(grade_id, ("", None))
        if known.get(grade_id) != now.get(grade_id) and _WRITTEN_BY_NBGRADER not in text:
            yield grade_id


def _tests(notebook: Notebook) -> Iterator[tuple[str, tuple[str, float | None]]]:
    for grade_id, cell in cells(notebook):
        settings = cell["metadata"]["nbgrader"]
        if (
            cell.get("cell_type") == "code"
            and settings.get("grade")
            and not settings.get("solution")
        ):
            yield grade_id, ("".join(cell.get("source", "")), settings.get("points"))
