"""A class's marks, question by question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from volens.plots.figure import Figure, render

__all__ = ["marks_by_question"]

_INK = "#1f3a5f"


def marks_by_question(
    marks: Mapping[str, Sequence[float]], possible: Mapping[str, float]
) -> Figure:
    """Draw every student's mark for each question, as a share of what was possible.

    Parameters
    ----------
    marks
        Question to the points of each student whose answer was marked.
    possible
        Question to the points it is worth.

    Returns
    -------
    A figure with one row a question: a dot for each student, a bar at the median.

    Examples
    --------
    >>> marks_by_question({"cause": [6, 3, 0]}, {"cause": 6}).rows
    (('cause', 6, 3, 0, 3, 6),)
    """
    from matplotlib.figure import Figure as Drawing  # noqa: PLC0415 (heavy)

    drawing = Drawing(figsize=(7.5, 1 + 0.6 * len(marks)), layout="constrained")
    panel = drawing.subplots()
    for place, (question, points) in enumerate(marks.items()):
        shares = sorted(100 * mark / possible[question] for mark in points)
        panel.plot(shares, _stacked(shares, place), "o", color=_INK, alpha=0.6, markersize=6)
        if shares:
            panel.plot(
                [median(shares)] * 2, [place - 0.35, place + 0.35], color="black", linewidth=2
            )
    panel.set_yticks(range(len(marks)), list(marks))
    panel.invert_yaxis()
    panel.set_xlim(-3, 103)
    panel.set_xlabel("per cent of the points (bar: median)")
    panel.spines[["top", "right"]].set_visible(False)
    rows = tuple(_row(question, points, possible[question]) for question, points in marks.items())
    return Figure(
        svg=render(drawing),
        alternative="; ".join(_in_words(*row) for row in rows) + ".",
        caption="Marks by question. Each dot is one student.",
        columns=("Question", "Points", "Students", "Lowest", "Median", "Highest"),
        rows=rows,
    )


def _stacked(shares: Sequence[float], place: int) -> list[float]:
    """Move equal shares apart, so that each dot can be seen."""
    seen: dict[float, int] = {}
    heights = []
    for share in shares:
        seen[share] = seen.get(share, 0) + 1
        step = seen[share] // 2 * (-1) ** seen[share]
        heights.append(place + 0.07 * step)
    return heights


def _row(question: str, points: Sequence[float], possible: float) -> tuple[Any, ...]:
    if not points:
        return (question, possible, 0)
    return (question, possible, len(points), min(points), median(points), max(points))


def _in_words(question: str, possible: float, count: int, *summary: float) -> str:
    if not count:
        return f"{question}: nobody marked yet"
    low, middle, high = summary
    return (
        f"{question}: {count} students, lowest {low:g}, median {middle:g}, "
        f"highest {high:g} of {possible:g}"
    )
