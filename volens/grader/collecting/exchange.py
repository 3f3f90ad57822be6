"""Collecting from nbgrader's own exchange, where a course has one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from nbgrader.apps.api import NbGraderAPI
from nbgrader.exchange import ExchangeFactory

from volens.errors import GradingError
from volens.grading.gradebook import configuration, programs_found, quietly

__all__ = ["collect_exchange"]

_SHOWN = 5


def collect_exchange(course: Path, assignment: str) -> str:
    """Let nbgrader collect, and return what it said.

    nbgrader copies what a link points to, with the rights of whoever collects. So it is not
    called while there is a link among what was handed in.

    Parameters
    ----------
    course
        The root of the course.
    assignment
        Of which assignment.

    Raises
    ------
    GradingError
        If it could not, or there are links.
    """
    api = NbGraderAPI(config=configuration(course))
    links = list(_links(api, assignment))
    if links:
        some = ", ".join(str(one) for one in links[:_SHOWN])
        raise GradingError(
            f"In the exchange, {len(links)} links lie where files should: {some}. nbgrader would "
            "copy what they point to. Move these submissions away, look at them, and collect again."
        )
    with programs_found(), quietly():
        result = api.collect(assignment)
    said = str(result.get("log") or result.get("error") or "")
    if not result["success"]:
        last = said.strip().splitlines() or ["it did not say why"]
        raise GradingError(f"nbgrader could not collect from the exchange: {last[-1]}")
    return said


def _links(api: NbGraderAPI, assignment: str) -> Iterator[Path]:
    exchange = ExchangeFactory(config=api.config).Collect(
        coursedir=api.coursedir, authenticator=api.authenticator, config=api.config
    )
    root = Path(str(getattr(exchange, "root", "")))
    inbound = root / str(api.coursedir.course_id) / "inbound"
    for folder in sorted(inbound.glob(f"*+{assignment}+*")):
        if folder.is_symlink():
            yield folder
            continue
        for place, folders, files in os.walk(folder):
            yield from (
                Path(place) / name
                for name in (*folders, *files)
                if (Path(place) / name).is_symlink()
            )
