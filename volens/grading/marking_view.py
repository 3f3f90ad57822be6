"""The marking sheet: a rubric to read while marking, as text and as a page to print."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from textwrap import fill, indent

from volens.errors import AssignmentError
from volens.grading.rubric import Anchor, Rubric

__all__ = ["as_page", "as_text", "select"]

_WIDTH = 88
_STYLE = (
    "body { font: 11pt/1.45 system-ui, sans-serif; color: #1a1a1a; background: #fff; "
    "max-width: 52rem; margin: 0 auto; padding: 1rem; overflow-wrap: break-word; }\n"
    "h1 { font-size: 1.5rem; } h2 { font-size: 1.25rem; margin-top: 2rem; }\n"
    "h3 { font-size: 1rem; }\n"
    "table { border-collapse: collapse; width: 100%; margin: 0.5rem 0 1.2rem; }\n"
    "caption { text-align: left; font-weight: 600; padding-bottom: 0.2rem; }\n"
    "th, td { border: 1px solid #999; padding: 0.3rem 0.5rem; text-align: left; "
    "vertical-align: top; }\n"
    "td:first-child { white-space: nowrap; }\n"
    "blockquote { margin: 0.5rem 0; padding-left: 0.8rem; border-left: 4px solid #999; }\n"
    "@media print { table, h3 { break-inside: avoid; } h2 { break-before: page; } "
    "h1 + p + h2 { break-before: auto; } }\n"
)


def select(
    rubrics: Sequence[Rubric], question: str | None = None, brief: str | None = None
) -> tuple[tuple[Rubric, tuple[Anchor, ...]], ...]:
    """Return rubrics with the anchors to show.

    Parameters
    ----------
    rubrics
        Those of an assignment.
    question
        The id of an answer cell, for one question only.
    brief
        A brief, for its anchors only. Anchors of no brief are shown with every brief.

    Raises
    ------
    AssignmentError
        If there is no such question or brief.
    """
    chosen = [one for one in rubrics if question in (None, one.question)]
    where = rubrics[0].assignment
    if not chosen:
        known = ", ".join(one.question for one in rubrics)
        raise AssignmentError(where, f"has no question `{question}`. The questions are: {known}.")
    briefs = list(dict.fromkeys(name for one in chosen for name in one.briefs))
    if brief is not None and brief not in briefs:
        known = f"The briefs are: {', '.join(briefs)}." if briefs else "No anchor names a brief."
        raise AssignmentError(where, f"has no brief `{brief}`. {known}")
    return tuple(
        (
            one,
            tuple(anchor for anchor in one.anchors if brief is None or anchor.brief in ("", brief)),
        )
        for one in chosen
    )


def as_text(chosen: Sequence[tuple[Rubric, Sequence[Anchor]]]) -> str:
    """Return marking sheets as text."""
    return "\n\n\n".join("\n".join(_lines(rubric, anchors)) for rubric, anchors in chosen)


def _lines(rubric: Rubric, anchors: Sequence[Anchor]) -> Iterator[str]:
    yield f"{rubric.assignment}, {rubric.question}: {rubric.points:g} points"
    if rubric.length:
        yield f"Length: {rubric.length}."
    for criterion in rubric.criteria:
        yield ""
        yield f"{criterion.title} ({criterion.id}), up to {criterion.points:g}"
        for level in criterion.levels:
            yield fill(
                level.description,
                _WIDTH,
                initial_indent=f"{level.points:>4g}  ",
                subsequent_indent=" " * 6,
            )
    for anchor in anchors:
        yield ""
        yield f"--- {_name(anchor)}: {anchor.points:g} of {rubric.points:g}"
        yield fill(_marks(rubric, anchor), _WIDTH)
        yield fill(f"Why: {anchor.why}", _WIDTH)
        yield ""
        for line in anchor.text.splitlines():
            yield indent(fill(line, _WIDTH - 4), "    ")


def _name(anchor: Anchor) -> str:
    return f"Anchor, {anchor.label}" + (f" ({anchor.brief})" if anchor.brief else "")


def _marks(rubric: Rubric, anchor: Anchor) -> str:
    return "; ".join(f"{one.title} {anchor.marks[one.id]:g}" for one in rubric.criteria)


def as_page(chosen: Sequence[tuple[Rubric, Sequence[Anchor]]]) -> str:
    """Return marking sheets as a page to print; it needs nothing from elsewhere."""
    assignment = escape(chosen[0][0].assignment)
    body = "".join(_section(rubric, anchors) for rubric, anchors in chosen)
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{assignment}: marking sheet</title>\n<style>\n{_STYLE}</style>\n</head>\n<body>\n"
        f"<h1>{assignment}: marking sheet</h1>\n"
        "<p>For whoever marks. Students see the levels when marks are returned, and the anchors "
        f"never before that.</p>\n{body}</body>\n</html>\n"
    )


def _section(rubric: Rubric, anchors: Sequence[Anchor]) -> str:
    parts = [f"<h2>{escape(rubric.question)}: {rubric.points:g} points</h2>\n"]
    if rubric.length:
        parts.append(f"<p>Length: {escape(rubric.length)}.</p>\n")
    for criterion in rubric.criteria:
        rows = "".join(
            f"<tr><td>{level.points:g}</td><td>{escape(level.description)}</td></tr>\n"
            for level in criterion.levels
        )
        parts.append(
            f"<table>\n<caption>{escape(criterion.title)} ({escape(criterion.id)})</caption>\n"
            '<thead><tr><th scope="col">Points</th><th scope="col">Given for</th></tr></thead>\n'
            f"<tbody>\n{rows}</tbody>\n</table>\n"
        )
    for anchor in anchors:
        paragraphs = "".join(
            f"<p>{escape(part)}</p>\n" for part in anchor.text.split("\n\n") if part.strip()
        )
        parts.append(
            f"<h3>{escape(_name(anchor))}: {anchor.points:g} of {rubric.points:g}</h3>\n"
            f"<p>{escape(_marks(rubric, anchor))}</p>\n<p>Why: {escape(anchor.why)}</p>\n"
            f"<blockquote>\n{paragraphs}</blockquote>\n"
        )
    return "".join(parts)
