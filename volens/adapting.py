"""Another case for the course: the files that it needs, empty and valid.

Every case has a folder of its own in ``data/cases`` with one ``case.toml`` and the
tables of the codebook. An empty case passes the checks; it is then filled row by row.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

from volens import codebook
from volens.cases import case_ids
from volens.errors import CaseError

__all__ = ["new_case"]

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_PERIOD = re.compile(r"\d{4}-\d{2}-\d{2}/\d{4}-\d{2}-\d{2}")
_CASE = """\
# {title}: who acted, under which instruments, what was done, what the public record leaves
# open, and what it shows question by question. The keys are explained at the top of
# data/cases/{course}/case.toml and in docs/adapting.md.

id = "{slug}"
title = "{title}"
state = "{state}"
period = "{period}"
sequence = []
actor = []
instrument = []
act = []
question = []
finding = []
aim = []
"""


def new_case(slug: str, *, title: str, state: str, period: str) -> tuple[Path, ...]:
    """Write the files of an empty case.

    Parameters
    ----------
    slug
        The name of the folder: small letters, digits and hyphens, such as ``chad-2008``.
    title, state
        The words to show, and the State on whose territory it took place.
    period
        First and last day, as ISO dates with a slash between them.

    Returns
    -------
    The files that were written.

    Raises
    ------
    CaseError
        If the slug or the period is written wrongly, the case is there already, or the
        data cannot be written to.
    """
    if not _SLUG.fullmatch(slug):
        raise CaseError(
            f"expected a name of small letters, digits and hyphens, such as chad-2008, "
            f'got "{slug}". Choose another name.'
        )
    if not _PERIOD.fullmatch(period):
        raise CaseError(
            f'expected a period like 2008-02-01/2009-03-31, got "{period}". '
            "Write first and last day as ISO dates with a slash between them."
        )
    if '"' in title + state or "\\" in title + state:
        raise CaseError(
            "expected a title and a State without quotation marks or backslashes, got "
            f"{title!r} and {state!r}. Leave them out."
        )
    if slug in case_ids():
        raise CaseError(f"data/cases/{slug} is there already. Choose another name, or edit it.")
    root = codebook.data_directory()
    folder = root / "cases" / slug
    written = [folder / "case.toml"]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        written[0].write_text(
            _CASE.format(
                slug=slug, title=title, state=state, period=period, course=codebook.COURSE_CASE
            ),
            encoding="utf-8",
        )
        for name in codebook.table_names():
            described = codebook.table(name)
            if described.of_case:
                written.append(root / described.file(slug))
                _write_header(written[-1], [column.name for column in described.columns])
    except OSError as problem:
        raise CaseError(
            f"data/cases/{slug} could not be written: {problem.strerror}. Work in a clone of the "
            "course, in which you may change files."
        ) from None
    return tuple(written)


def _write_header(file: Path, columns: list[str]) -> None:
    with file.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened, lineterminator="\n").writerow(columns)
