"""The timeline of a case: what happened when, how exactly that is known, and told by whom.

A time is an interval. Two events whose intervals overlap are not ordered, whatever a list
that has to begin somewhere may suggest. Days are those of a clock, so an event can fall on
5 January by one clock and on 6 January by another.

Examples
--------
>>> request, decision = (happening(key) for key in ("T036", "T039"))
>>> request.moment.in_words("nur-sultan")
'6 January 2022, between 00:00 and 01:01 Nur-Sultan time'
>>> request.moment.before(decision.moment)
True
>>> happening("T037").moment.overlaps(request.moment)
True
"""

from volens.chronology.arranging import Day, arranged, unordered
from volens.chronology.clocks import ZONES, Zone
from volens.chronology.events import (
    PHASES,
    SOURCE_TYPES,
    Conflict,
    Happening,
    Mention,
    Version,
)
from volens.chronology.gathering import happening, happenings
from volens.chronology.moments import PRECISION, Moment
from volens.chronology.selecting import ALL, FILTERS, SCHEMA, VERSION, Selection, offered

__all__ = [
    "ALL",
    "FILTERS",
    "PHASES",
    "PRECISION",
    "SCHEMA",
    "SOURCE_TYPES",
    "VERSION",
    "ZONES",
    "Conflict",
    "Day",
    "Happening",
    "Mention",
    "Moment",
    "Selection",
    "Version",
    "Zone",
    "arranged",
    "happening",
    "happenings",
    "offered",
    "unordered",
]
