"""The practice of States since 1990: what was said to be the aim, and who came when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from statistics import median
from typing import TYPE_CHECKING

from volens import evidence
from volens.evidence import Row
from volens.plots.figure import Figure, render

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["purposes_over_time", "request_to_arrival"]

_INK = "#1f3a5f"
_FULL_DATE = 10
#: Where marks of one year go that would cover one another: the middle first.
_ASIDE = (0, -1, 1, -2, 2)
# Who stated it, marker, filled, words: shape as well as fill, so that nothing hangs on colour.
_SPEAKERS: tuple[tuple[str, str, bool], ...] = (
    ("intervener", "o", True),
    ("requester", "o", False),
    ("organisation", "^", True),
    ("not separated", "s", False),
)


def purposes_over_time() -> Figure:
    """Draw which purposes were stated in which incident, by the year in which it began.

    Returns
    -------
    A figure with one line a purpose and one mark for each statement in an incident of
    the core set (an intervention after the Cold War). The mark says who stated the
    purpose. That there is no mark means that no statement is known, not that none was made.

    Examples
    --------
    >>> purposes_over_time().columns
    ('Purpose', 'Year', 'Incident', 'Stated by')
    """
    from matplotlib.figure import Figure as Drawing  # noqa: PLC0415 (heavy)

    core = {row.id: row for row in evidence.rows("incidents") if _is_core(row)}
    stated = [
        row
        for row in evidence.rows("incident_purposes")
        if row.incident in core and row.stance == "claimed"
    ]
    labels = {row.id: str(row.label) for row in evidence.rows("claim_codes")}
    incidents = Counter(purpose for purpose, _ in {(row.purpose, row.incident) for row in stated})
    purposes = [
        purpose for purpose, _ in sorted(incidents.items(), key=lambda one: (-one[1], one[0]))
    ]
    drawing = Drawing(figsize=(9, 1.6 + 0.5 * len(purposes)), layout="constrained")
    panel = drawing.subplots()
    _draw_purposes(panel, stated, purposes, core)
    panel.set_yticks(
        range(len(purposes)), [f"{labels[one]} ({incidents[one]})" for one in purposes]
    )
    first = ", ".join(f"{labels[one]} in {incidents[one]}" for one in purposes[:3])
    last = ", ".join(f"{labels[one]} in {incidents[one]}" for one in purposes[-3:])
    covered = len({row.incident for row in stated})
    return Figure(
        svg=render(drawing),
        alternative=f"Of {len(core)} interventions since 1990, {covered} have a stated purpose on "
        f"record. Most often stated: {first}. Least often: {last}. "
        "No mark means that no statement is known, not that none was made.",
        caption=f"Purposes stated in {len(core)} interventions, by year of beginning; in "
        "brackets the number of incidents. Known cases only, not a sample. Data: tables "
        "incidents and incident_purposes.",
        columns=("Purpose", "Year", "Incident", "Stated by"),
        rows=tuple(
            (
                labels[row.purpose],
                _year(core[row.incident]),
                core[row.incident].title,
                row.stated_by,
            )
            for purpose in purposes
            for row in stated
            if row.purpose == purpose
        ),
    )


def request_to_arrival() -> Figure:
    """Draw how many days lay between request and arrival, where both days are known.

    Returns
    -------
    A figure with one line an incident, in the order of the days between. A number
    below nought means that the force came before the request or agreement on record.

    Examples
    --------
    >>> request_to_arrival().columns
    ('Incident', 'Request or agreement', 'Arrival', 'Days')
    """
    from matplotlib.figure import Figure as Drawing  # noqa: PLC0415 (heavy)

    everything = [row for row in evidence.rows("incidents") if row.case_type == "intervention"]
    known = [row for row in everything if _is_day(row.request_date) and _is_day(_arrival(row))]
    lines = sorted(((_days(row), row) for row in known), key=lambda one: (one[0], str(one[1].id)))
    drawing = Drawing(figsize=(9, 1.2 + 0.28 * len(lines)), layout="constrained")
    _draw_days(drawing.subplots(), lines)
    days = [number for number, _ in lines]
    soon = sum(0 <= number <= 1 for number in days)
    early = [str(row.title) for number, row in lines if number < 0]
    return Figure(
        svg=render(drawing),
        alternative=f"Both days are known for {len(lines)} of {len(everything)} interventions. "
        f"Days from request or agreement to arrival: lowest {days[0]}, median {median(days):g}, "
        f"highest {days[-1]}; {soon} came on the same or the next day."
        + (f" Before the day on record: {'; '.join(early)}." if early else ""),
        caption=f"Days from request (or agreement) to arrival in {len(lines)} of {len(everything)} "
        "interventions; for the others a day is not known. Data: table incidents.",
        columns=("Incident", "Request or agreement", "Arrival", "Days"),
        rows=tuple(
            (row.title, f"{row.request_date} ({row.request_date_kind})", _arrival(row), number)
            for number, row in lines
        ),
    )


def _is_core(row: Row) -> bool:
    return bool(row.era == "post-cold-war" and row.case_type == "intervention")


def _year(row: Row) -> int:
    return int(str(row.start_date)[:4])


def _arrival(row: Row) -> str:
    return str(row.entry_date or row.start_date)


def _is_day(text: str | None) -> bool:
    return text is not None and len(str(text)) == _FULL_DATE


def _days(row: Row) -> int:
    return (date.fromisoformat(_arrival(row)) - date.fromisoformat(str(row.request_date))).days


def _draw_purposes(
    panel: Axes, stated: Sequence[Row], purposes: Sequence[str], core: dict[str, Row]
) -> None:
    seen: Counter[tuple[str, int]] = Counter()
    shapes = {who: (shape, filled) for who, shape, filled in _SPEAKERS}
    for row in stated:
        year = _year(core[row.incident])
        place = seen[row.purpose, year]
        seen[row.purpose, year] += 1
        shape, filled = shapes[row.stated_by]
        panel.plot(
            year + 0.22 * _ASIDE[place % 3],
            purposes.index(row.purpose) + 0.17 * _ASIDE[place // 3 % 5],
            shape,
            color=_INK,
            markerfacecolor=_INK if filled else "white",
            markersize=4.5,
            markeredgewidth=1,
        )
    for who, shape, filled in _SPEAKERS:
        panel.plot(
            [], [], shape, color=_INK, markerfacecolor=_INK if filled else "white", label=who
        )
    panel.legend(
        title="Stated by", loc="lower center", bbox_to_anchor=(0.5, 1), ncols=4, fontsize=8
    )
    panel.set_ylim(len(purposes) - 0.4, -0.6)
    panel.grid(visible=True, axis="both", color="#e4e4e4", linewidth=0.6)
    panel.set_axisbelow(True)
    panel.tick_params(axis="y", length=0)
    panel.spines[["top", "right", "left"]].set_visible(False)
    panel.set_xlabel("year in which the intervention began")


def _draw_days(panel: Axes, lines: Sequence[tuple[int, Row]]) -> None:
    for place, (number, _) in enumerate(lines):
        panel.plot([0, number], [place, place], color="#c8d0da", linewidth=2, zorder=1)
        panel.plot(
            number,
            place,
            "o" if number >= 0 else "X",
            color=_INK,
            markersize=7,
            zorder=2,
        )
        panel.annotate(
            str(number),
            (max(number, 0), place),
            (9, 0),
            textcoords="offset points",
            va="center",
            fontsize=8,
        )
    panel.axvline(0, color="black", linewidth=1)
    panel.set_yticks(
        range(len(lines)), [str(row.title).split(":")[0] for _, row in lines], fontsize=8
    )
    panel.set_ylim(len(lines) - 0.4, -0.6)
    panel.tick_params(axis="y", length=0)
    panel.spines[["top", "right", "left"]].set_visible(False)
    panel.set_xlabel("days from request or agreement (line) to arrival; a cross: before it")
