"""What was announced when: the toll by the date of announcement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from volens import evidence
from volens.evidence import Row
from volens.plots.figure import Figure, render

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

__all__ = ["toll_by_announcement"]

_SERIES: Mapping[str, str] = {
    "total_dead": "All deaths",
    "security_dead": "Deaths among police and soldiers",
}
# Status, marker and meaning: shape as well as fill, so that nothing hangs on colour.
_MARKS: tuple[tuple[str, str, bool, str], ...] = (
    ("retracted", "X", True, "withdrawn later"),
    ("conflicting", "D", False, "conflicts with another number"),
    ("", "o", True, "stood until the next number"),
)
_INK = "#1f3a5f"


def toll_by_announcement() -> Figure:
    """Draw each announced number of deaths, in the order of announcement.

    Returns
    -------
    A figure with two panels: all deaths, and deaths among police and soldiers.
    Each row is one announcement. A number that was withdrawn, or that conflicts
    with another, has a mark of its own.

    Examples
    --------
    >>> toll_by_announcement().rows[0][:3]
    ('All deaths', '2022-01-09', 164)
    """
    from matplotlib.figure import Figure as Drawing  # noqa: PLC0415 (heavy)

    groups = {name: _announced(name) for name in _SERIES}
    drawing = Drawing(figsize=(7.5, 8), layout="constrained")
    panels = drawing.subplots(
        len(groups), 1, height_ratios=[len(found) + 1 for found in groups.values()]
    )
    for panel, (name, found) in zip(panels, groups.items(), strict=True):
        _draw(panel, _SERIES[name], found)
    marks, meanings = _legend(panels[0])
    drawing.legend(marks, meanings, loc="outside upper center", ncols=3, fontsize=8)
    return Figure(
        svg=render(drawing),
        alternative=" ".join(_in_words(_SERIES[name], found) for name, found in groups.items()),
        caption="Deaths in the January events of 2022, by the day each number was announced. "
        "Data: table casualties.",
        columns=("Series", "Announced", "Number", "By", "What became of it"),
        rows=tuple(
            (_SERIES[name], str(row.announce_date), row.value, row.announcer, row.later_status)
            for name, found in groups.items()
            for row in found
        ),
    )


def _announced(series: str) -> list[Row]:
    found = [row for row in evidence.rows("casualties") if row.series == series]
    return sorted(found, key=lambda row: str(row.announce_date))


def _mark(row: Row) -> tuple[str, bool, str]:
    status = row.later_status or ""
    return next((shape, fill, meaning) for word, shape, fill, meaning in _MARKS if word in status)


def _draw(panel: Axes, title: str, found: Sequence[Row]) -> None:
    highest = max(row.value for row in found)
    for place, row in enumerate(found):
        shape, fill, _ = _mark(row)
        panel.plot([0, row.value], [place, place], color="#c8d0da", linewidth=1, zorder=1)
        panel.plot(
            row.value,
            place,
            shape,
            markersize=8,
            color=_INK,
            markerfacecolor=_INK if fill else "white",
            zorder=2,
        )
        panel.annotate(
            f"{row.value}", (row.value, place), (9, 0), textcoords="offset points", va="center"
        )
    panel.set_title(title, loc="left", fontweight="bold", fontsize=11)
    panel.set_yticks(range(len(found)), [_label(row) for row in found], fontsize=8)
    panel.invert_yaxis()
    panel.set_xlim(0, highest * 1.12)
    panel.spines[["top", "right"]].set_visible(False)
    panel.set_xlabel("announced number")
    panel.locator_params(axis="x", integer=True)


def _label(row: Row) -> str:
    announcer = str(row.announcer).split(",")[0].split(" (")[0]
    return f"{announcer}  {row.announce_date}"


def _legend(panel: Axes) -> tuple[list[Artist], list[str]]:
    marks = [
        panel.plot(
            [], [], shape, color=_INK, markerfacecolor=_INK if fill else "white", linestyle="none"
        )[0]
        for _, shape, fill, _ in reversed(_MARKS)
    ]
    return list(marks), [meaning for *_, meaning in reversed(_MARKS)]


def _in_words(title: str, found: Sequence[Row]) -> str:
    first, last = found[0], found[-1]
    values = [row.value for row in found]
    text = (
        f"{title}: {len(found)} announcements from {first.announce_date} to {last.announce_date}, "
        f"first {first.value}, last {last.value}, lowest {min(values)}, highest {max(values)}."
    )
    withdrawn = [str(row.value) for row in found if "retracted" in (row.later_status or "")]
    return f"{text} Withdrawn later: {', '.join(withdrawn)}." if withdrawn else text
