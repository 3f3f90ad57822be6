"""How one number lived: who said it, of whom, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from volens import evidence
from volens.evidence import Row
from volens.plots.figure import Figure, render

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["life_of_the_twenty_thousand"]

_INK = "#1f3a5f"
# Row, what was done to the number, and of whom it was said. Shape says what colour would.
_LIFE: tuple[tuple[str, str, str, str], ...] = (
    ("figures", "N26", "stated", '"bandits" in Almaty'),
    ("figures", "N27", "stated", '"terrorists", in six waves'),
    ("figures", "N29", "stated", "armed people on 5 January"),
    ("timeline", "T080", "deleted", "the thread of 7 January"),
    ("figures", "N30", "stated", "people who took part in riots"),
    ("figures", "N31", "denied", "as a number of foreign terrorists"),
    ("figures", "N32", "explained", "as given by former security chiefs"),
)
_SHAPES = {
    "stated": ("o", True),
    "deleted": ("X", True),
    "denied": ("D", False),
    "explained": ("s", False),
}


def life_of_the_twenty_thousand() -> Figure:
    """Draw the life of the figure 20,000, from the first statement to the last.

    Returns
    -------
    A figure with one line for each statement or act, in the order of the days; its
    mark says whether the number was stated, deleted, denied or explained.

    Examples
    --------
    >>> [row[2] for row in life_of_the_twenty_thousand().rows][-2:]
    ['denied', 'explained']
    """
    from matplotlib.figure import Figure as Drawing  # noqa: PLC0415 (heavy)

    lines = [(evidence.row(table, key), what, whom) for table, key, what, whom in _LIFE]
    rows = tuple((_day(row), _who(row), what, whom) for row, what, whom in lines)
    drawing = Drawing(figsize=(8, 0.9 + 0.5 * len(rows)), layout="constrained")
    _draw(drawing.subplots(), rows)
    return Figure(
        svg=render(drawing),
        alternative="The figure of 20,000: "
        + "; ".join(f"{day}, {who}: {what}, {whom}" for day, who, what, whom in rows)
        + ". No evidence for it was published in anything read.",
        caption='The life of the figure "20,000". Data: tables figures and timeline.',
        columns=("Day", "Who", "What was done", "Of whom"),
        rows=rows,
    )


def _day(row: Row) -> str:
    return str(row.get("announce_date") or row.get("date"))


def _who(row: Row) -> str:
    return str(row.get("announcer") or row.get("actor"))


def _draw(panel: Axes, rows: tuple[tuple[str, str, str, str], ...]) -> None:
    panel.plot([0, 0], [0, len(rows) - 1], color="#c8d0da", linewidth=2, zorder=1)
    for place, (day, who, what, whom) in enumerate(rows):
        shape, filled = _SHAPES[what]
        panel.plot(
            0,
            place,
            shape,
            color=_INK,
            markerfacecolor=_INK if filled else "white",
            markersize=10,
            zorder=2,
        )
        panel.annotate(day, (-0.06, place), ha="right", va="center", fontsize=9)
        panel.annotate(
            f"{what}: {whom}", (0.06, place - 0.15), va="center", fontweight="bold", fontsize=10
        )
        panel.annotate(who, (0.06, place + 0.22), va="center", fontsize=8)
    panel.set_xlim(-0.35, 1.2)
    panel.set_ylim(len(rows) - 0.5, -0.6)
    panel.axis("off")
