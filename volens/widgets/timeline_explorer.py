"""The timeline explorer: events by actor, kind, source and clock, each as vague as it is.

What a time is and when two events are ordered stands in :mod:`volens.chronology`. Every
time is put into words here, by each clock, so that the view needs no time zones of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from typing import Any

from volens import cases
from volens.cases import Case
from volens.chronology import (
    FILTERS,
    PHASES,
    PRECISION,
    SCHEMA,
    VERSION,
    ZONES,
    Conflict,
    Happening,
    Selection,
    arranged,
    happenings,
    offered,
)
from volens.codebook import COURSE_CASE
from volens.errors import DataNotFoundError
from volens.pages import table
from volens.widgets.base import CourseWidget, script, styles

__all__ = ["TimelineExplorer", "timeline_explorer"]

_BEGINS_WITH = PHASES["january-2022"]
_ABOUT = (
    "Each time is an interval: the event happened at some minute of it. Events stand by day, and "
    "within a day by their earliest minute. That is no finding: where two intervals overlap, "
    "nobody can say from them which event came first. Where an event is an utterance, the "
    "timeline says that it was said, not that it is true."
)


class TimelineExplorer(CourseWidget):
    """The timeline of a case as a widget.

    Parameters
    ----------
    case
        The case, or its id.
    selection
        What to begin with: plain data as *Copy answer* gives them. Without it everything is
        shown, nothing is chosen, and what was kept earlier is offered.
    name
        Under which name the entries are kept; none for that of the kind and the case.

    Raises
    ------
    DataNotFoundError
        If the case has no timeline.
    UnreadableAnswerError
        If the data are not a selection from the timeline of this case.
    """

    kind = "timeline-explorer"
    words = (
        "Filter the events, choose a clock, open an event for its sources and for what others "
        "say of it, and take into your selection what your answer needs."
    )
    _esm = script("timeline_explorer.js")
    _css = styles("timeline_explorer.css")

    def __init__(
        self, case: Case | str, selection: Mapping[str, object] | None = None, *, name: str = ""
    ) -> None:
        self._case = cases.record_of(case)
        if not happenings(self._case.id):
            raise DataNotFoundError(
                f"The case {self._case.id} has no timeline yet, so there are no events to show. "
                f"The course's own case has one: {COURSE_CASE}."
            )
        super().__init__(
            _content(self._case.id),
            selection,
            about=self._case.id,
            name=name,
        )

    def __repr__(self) -> str:
        now = self.selection
        return (
            f"<TimelineExplorer {now.case}: {len(now.shown)} of {len(happenings(now.case))} "
            f"events shown, {len(now.chosen)} chosen>"
        )

    @property
    def selection(self) -> Selection:
        """What is filtered, opened and chosen now."""
        return Selection.from_data(self._case.id, self.value)

    @selection.setter
    def selection(self, selection: Selection) -> None:
        self.value = selection.to_data()

    def check(self, value: object) -> dict[str, Any]:
        """Return a whole selection from plain data.

        Raises
        ------
        UnreadableAnswerError
            If the data are not a selection from the timeline of this case.
        """
        return Selection.from_data(self._case.id, value).to_data()

    def to_html(self) -> str:
        """Return the events shown as a table: for print, for PDF, and without a kernel."""
        return _static(self._case, self.selection)

    def to_text(self) -> str:
        """Return the chronology of the chosen events; where none is chosen, how much is shown."""
        now = self.selection
        return now.to_memo() if now.chosen else "\n".join((*now.filters, now.summary)) + "\n"


def timeline_explorer(
    case: Case | str = "kazakhstan-2022",
    selection: Mapping[str, object] | None = None,
    *,
    name: str = "",
) -> TimelineExplorer:
    """Return the timeline of a case, to be filtered and read.

    Parameters
    ----------
    case
        The case, or its id.
    selection
        What to begin with, as *Copy answer* gives it; nothing for the whole timeline.
    name
        Under which name the entries are kept, where a notebook has several timelines.

    Raises
    ------
    DataNotFoundError
        If the case has no timeline.

    Examples
    --------
    >>> timeline_explorer("kazakhstan-2022")
    <TimelineExplorer kazakhstan-2022: 133 of 133 events shown, 0 chosen>
    """
    return TimelineExplorer(case, selection, name=name)


@cache
def _content(case: str) -> Mapping[str, Any]:
    """Return all that the view shows and that does not change. It is shared."""
    events = happenings(case)
    sources = {source.id: source for one in events for source in one.sources}
    conflicts = {conflict.id: conflict for one in events for conflict in one.conflicts}
    mentions = [
        *(mention for one in events for mention in one.named),
        *(mention for one in conflicts.values() for mention in (*one.named, *one.claims)),
    ]
    return {
        "title": f"Timeline: {cases.case(case).title}",
        "about": _ABOUT,
        "schema": SCHEMA,
        "version": VERSION,
        "case": case,
        "caseTitle": cases.case(case).title,
        "zone": Selection(case).zone,
        "zones": [
            {"id": zone.id, "name": zone.name, "words": zone.words} for zone in ZONES.values()
        ],
        "precision": dict(PRECISION),
        "filters": _filters(case),
        "phases": [name for name in PHASES.values() if any(one.phase == name for one in events)],
        "beginsWith": _BEGINS_WITH,
        "groups": {day.key: day.title for zone in ZONES for day in arranged(events, zone)},
        "dayNames": _day_names(events),
        "events": [_event(one) for one in events],
        "conflicts": {key: _conflict(one) for key, one in conflicts.items()},
        "sources": {key: one.to_data() for key, one in sources.items()},
        "named": {mention.id: mention.words for mention in mentions},
    }


def _filters(case: str) -> list[dict[str, Any]]:
    """Return what each filter offers, with how many events of the whole timeline each has."""
    events = happenings(case)

    def of(one: Happening, name: str) -> tuple[str, ...] | frozenset[str]:
        return {"actors": one.actors, "categories": (one.category,)}.get(name, one.types)

    return [
        {
            "id": name,
            "name": FILTERS[name],
            "options": [
                {"id": key, "name": words, "count": sum(key in of(one, name) for one in events)}
                for key, words in options.items()
            ],
        }
        for name, options in offered(case).items()
    ]


def _day_names(events: Sequence[Happening]) -> dict[str, str]:
    """Name days shortly, for a scale that is longer than a day."""
    days = {day for one in events for zone in ZONES for day in one.moment.days(zone)}
    return {str(day): f"{day.day} {day:%b}" for day in sorted(days)}


def _event(one: Happening) -> dict[str, Any]:
    return {
        "id": one.id,
        "actor": one.actor,
        "actors": list(one.actors),
        "what": one.what,
        "place": one.place,
        "category": one.category,
        "precision": one.moment.precision,
        "told": one.told,
        "dated": one.dated,
        "phase": one.phase,
        "marks": list(one.marks),
        "note": one.note,
        "named": [mention.id for mention in one.named],
        "conflicts": [conflict.id for conflict in one.conflicts],
        "points": one.points,
        "sources": [source.id for source in one.sources],
        "from": _minute(one.moment.earliest.timestamp()),
        "to": _minute(one.moment.latest.timestamp()),
        "by": {zone: _by_clock(one, zone) for zone in ZONES},
    }


def _minute(seconds: float) -> int:
    """Return a moment as minutes, which is all that comparing needs."""
    return int(seconds // 60)


def _by_clock(one: Happening, zone: str) -> dict[str, Any]:
    """Return what the view shows of an event's time by one clock."""
    moment = one.moment
    first, last = moment.days(zone)
    return {
        "when": moment.in_words(zone),
        "clock": moment.clock(zone),
        "elsewhere": int(one.elsewhere(zone)),
        "group": f"{first}/{last}",
        "days": (last - first).days + 1,
        "bar": list(moment.share(zone)),
        "ahead": ZONES[zone].ahead(moment.earliest),
    }


def _conflict(one: Conflict) -> dict[str, Any]:
    return {
        "title": one.title,
        "about": one.about,
        "record": one.record,
        "settled": one.settled,
        "note": one.note,
        "confidence": one.confidence,
        "versions": [
            {"by": version.told_by, "words": version.words, "date": version.date}
            for version in one.versions
        ],
        "claims": [claim.id for claim in one.claims],
        "named": [mention.id for mention in one.named],
    }


def _static(case: Case, selection: Selection) -> str:
    title = f"Timeline: {case.title}"
    lines = (*selection.filters, selection.summary, f"Clock: {ZONES[selection.zone].words}.")
    about = f"<p>{escape(' '.join(lines))}</p><p>{escape(_ABOUT)}</p>"
    columns = ("When", "Who", "Kind", "What happened", "Other versions", "Sources")
    rows = [
        _row(one, selection)
        for day in arranged(selection.shown, selection.zone)
        for one in day.happenings
    ]
    return about + (table(title, columns, rows) if rows else f"<p>{escape(title)}: no event.</p>")


def _row(one: Happening, selection: Selection) -> tuple[object, ...]:
    chosen = (f"in the selection ({one.id})",) if one.id in selection.chosen else ()
    told = (f"Other sources: {one.note}",) if one.note else ()
    return (
        (one.in_words(selection.zone), PRECISION[one.moment.precision]),
        one.actor,
        (one.category, *one.marks),
        (one.what, *chosen),
        (
            *told,
            *(f"{mention.id} is: {mention.words}" for mention in one.named),
            *(f"{conflict.title}: {len(conflict.versions)} versions" for conflict in one.conflicts),
        )
        or "none recorded",
        tuple(str(source) for source in one.sources) or "none linked",
    )
