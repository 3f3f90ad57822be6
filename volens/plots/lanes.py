"""What happened when, and how exactly that is known: events in lanes by actor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from volens import cases, evidence
from volens.chronology import PRECISION
from volens.codebook import COURSE_CASE
from volens.evidence import Row
from volens.plots.figure import Figure, render

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["timeline_by_actor"]

_INK = "#1f3a5f"
_PALE = "#c8d0da"
#: The role of an actor, and the lane in which its acts are drawn.
_LANES: Mapping[str, str] = {
    "inviting-state": "Inviting State",
    "population": "Population",
    "organisation": "Organisations",
    "intervening-state": "Intervening States",
    "third-state": "Third States",
    "other": "Others",
}
_STEP = 0.55
_ROOMY = 10


def timeline_by_actor(first: str, last: str, *, case: str = COURSE_CASE) -> Figure:
    """Draw the events of some days, each as long as its time is uncertain.

    Parameters
    ----------
    first, last
        ISO dates by UTC; events that may fall between them are drawn.
    case
        Whose timeline.

    Returns
    -------
    A figure with one lane for each kind of actor. A diamond is a time known to the
    minute, a dark bar a part of a day, a pale bar a whole day. The stages of the case
    (request, decision, arrival) are named.

    Examples
    --------
    >>> timeline_by_actor("2022-01-05", "2022-01-06").rows[0][:2]
    ('2022-01-05', 'Inviting State')
    """
    from matplotlib.figure import Figure as Drawing  # noqa: PLC0415 (heavy)

    start = datetime.combine(date.fromisoformat(first), time(), UTC)
    end = datetime.combine(date.fromisoformat(last), time(), UTC) + timedelta(days=1)
    events = [
        row
        for row in evidence.rows("timeline", case=case)
        if row.latest_utc is not None and row.latest_utc >= start and row.earliest_utc < end
    ]
    lanes = {
        name: _packed([row for row in events if _lane(row, case) == name])
        for name in _used(events, case)
    }
    height = sum(len(tracks) for tracks in lanes.values()) + len(lanes)
    drawing = Drawing(figsize=(9, 1.4 + 0.22 * height), layout="constrained")
    panel = drawing.subplots()
    _draw(panel, lanes, _stages(case), (start, end))
    return Figure(
        svg=render(drawing),
        alternative=_in_words(events, case, first, last),
        caption=f"Events from {first} to {last} by actor, drawn as long as their time is uncertain "
        "(UTC). Data: table timeline.",
        columns=("Day", "Lane", "Earliest (UTC)", "Latest (UTC)", "How exact", "Event"),
        rows=tuple(
            (
                str(row.date),
                _lane(row, case),
                f"{row.earliest_utc:%Y-%m-%d %H:%M}",
                f"{row.latest_utc:%Y-%m-%d %H:%M}",
                PRECISION[row.precision],
                f"{row.actor}: {row.event}",
            )
            for row in events
        ),
    )


def _lane(row: Row, case: str) -> str:
    roles = {one.id: one.role for one in cases.case(case).actors}
    first = evidence.items(row.actors)[0]
    return _LANES[roles[first]]


def _used(events: Sequence[Row], case: str) -> list[str]:
    used = {_lane(row, case) for row in events}
    return [lane for lane in _LANES.values() if lane in used]


def _packed(events: Sequence[Row]) -> list[list[Row]]:
    """Put events on as few tracks as they need not to cover one another."""
    tracks: list[list[Row]] = []
    for row in sorted(events, key=lambda row: (row.earliest_utc, row.latest_utc)):
        for track in tracks:
            if _shown_end(track[-1]) <= row.earliest_utc:
                track.append(row)
                break
        else:
            tracks.append([row])
    return tracks


def _shown_end(row: Row) -> datetime:
    """Leave room for a mark: a moment is drawn wider than it was."""
    begin: datetime = row.earliest_utc
    end: datetime = row.latest_utc
    return max(end, begin + timedelta(hours=2))


def _stages(case: str) -> dict[str, str]:
    return {event: stage.name for stage in cases.case(case).sequence for event in stage.events}


def _draw(
    panel: Axes,
    lanes: Mapping[str, list[list[Row]]],
    stages: Mapping[str, str],
    window: tuple[datetime, datetime],
) -> None:
    place = 0.0
    ticks = []
    for name, tracks in lanes.items():
        ticks.append((place + (len(tracks) - 1) * _STEP / 2, name))
        for track in tracks:
            for row in track:
                _draw_event(panel, row, place, stages.get(row.id, ""))
            place += _STEP
        panel.axhline(place, color="black", linewidth=0.5)
        place += _STEP
    panel.set_yticks([y for y, _ in ticks], [name for _, name in ticks])
    panel.tick_params(axis="y", length=0)
    panel.set_ylim(place - _STEP, -1.6 * _STEP)
    panel.set_xlim(_number(window[0]), _number(window[1]))
    days = [window[0] + timedelta(days=n) for n in range((window[1] - window[0]).days)]
    panel.set_xticks([_number(day) for day in days], _day_labels(days))
    panel.grid(visible=True, axis="x", color="#dddddd", linewidth=0.6)
    panel.set_axisbelow(True)
    panel.spines[["top", "right", "left"]].set_visible(False)
    _explain(panel)
    panel.set_xlabel("by UTC; the clocks of Nur-Sultan were six hours ahead")


def _day_labels(days: Sequence[datetime]) -> list[str]:
    """Name the month where it begins; on every day only where there is room."""
    roomy = len(days) <= _ROOMY
    return [
        f"{day.day} {day:%b}" if roomy or day in (days[0], day.replace(day=1)) else str(day.day)
        for day in days
    ]


def _explain(panel: Axes) -> None:
    """Say what the marks mean."""
    panel.plot([], [], "D", color=_INK, markersize=5, label=PRECISION["minute"])
    panel.bar([0], [0], color=_INK, edgecolor=_INK, label=PRECISION["part of day"])
    panel.bar([0], [0], color=_PALE, edgecolor=_INK, label=PRECISION["day"])
    panel.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3, fontsize=8, frameon=False)


def _number(moment: datetime) -> float:
    """Return a moment as days, for the axis."""
    return moment.timestamp() / 86_400


def _draw_event(panel: Axes, row: Row, place: float, stage: str) -> None:
    begin, end = _number(row.earliest_utc), _number(row.latest_utc)
    if row.precision == "minute":
        panel.plot(begin, place, "D", color=_INK, markersize=5, zorder=3)
    else:
        whole_day = row.precision in ("day", "days")
        panel.barh(
            place,
            max(end - begin, 0.03),
            left=begin,
            height=0.6 * _STEP,
            color=_PALE if whole_day else _INK,
            edgecolor=_INK,
            linewidth=0.8,
            zorder=2,
        )
    if stage:
        panel.annotate(
            stage,
            (begin, place),
            (0, 6),
            textcoords="offset points",
            fontsize=8,
            fontweight="bold",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.85},
            zorder=4,
        )


def _in_words(events: Sequence[Row], case: str, first: str, last: str) -> str:
    lanes = ", ".join(
        f"{lane} {sum(_lane(row, case) == lane for row in events)}" for lane in _used(events, case)
    )
    exact = sum(row.precision == "minute" for row in events)
    days = sum(row.precision in ("day", "days") for row in events)
    text = (
        f"{len(events)} events from {first} to {last}: {lanes}. {exact} are known to the minute, "
        f"{days} only to the day."
    )
    stages = [
        f"{stage.name}: {_moment(evidence.row('timeline', stage.events[0], case=case))}"
        for stage in cases.case(case).sequence
        if any(row.id in stage.events for row in events)
    ]
    return f"{text} {'; '.join(stages)}." if stages else text


def _moment(row: Row) -> str:
    if row.precision == "minute":
        return f"{row.earliest_utc:%Y-%m-%d %H:%M} UTC"
    if row.precision in ("day", "days"):
        return str(row.date)
    return f"{row.earliest_utc:%Y-%m-%d %H:%M} to {row.latest_utc:%H:%M} UTC"
