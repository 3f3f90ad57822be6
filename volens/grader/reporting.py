"""What is said about a run: ``report.json`` for programs, a summary for a person."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from volens.grader.planning import Moved
from volens.grader.records import Cell, Record
from volens.grader.results import IN_PART, PERSON, SCORED
from volens.grader.whole_files import write_whole

__all__ = ["Report", "Row", "summary", "write_report"]

_FIRST = 10
_NAME = 12
_WIDTH = 300


@dataclass(frozen=True)
class Row:
    """One submission in a report.

    Attributes
    ----------
    record
        How it stands.
    why
        Why it was marked in this run; empty where it was not.
    cells
        The changed cells, where that is why.
    asked
        Whether this run was about it.
    """

    record: Record
    why: str = ""
    cells: tuple[Cell, ...] = ()
    asked: bool = True

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data."""
        record = self.record
        return {
            "student": record.student,
            "state": record.state,
            "reason": record.reason,
            "message": record.message,
            "points": record.points,
            "possible": record.possible,
            "marked": "now" if self.why else "unchanged" if self.asked else "not asked",
            "why": self.why,
            "changed_cells": [f"{notebook}: {cell}" for notebook, cell in self.cells],
            "marked_at": record.marked_at,
            "forgeable": record.forgeable,
            "sandboxed": record.sandboxed,
            "engine": record.engine,
            "environment": record.environment,
            "limits": dict(record.limits),
            "seconds": dict(record.seconds),
            "submitted": dict(record.submitted),
            "assignment_state": _short(record.assignment_state),
            "notes": [asdict(note) for note in record.notes],
            "notebooks": {name: asdict(one) for name, one in record.notebooks.items()},
        }


@dataclass
class Report:
    """What a run did; it is filled while the run goes on.

    Attributes
    ----------
    assignment, course, gradebook
        What was marked, and where the marks are.
    engine, environment, limits, sandboxed, workers
        With what, now. With what a submission was marked, perhaps by an earlier run, stands
        in its own row; how many workers there were then is not kept.
    started, ended
        When, in UTC.
    rows
        Student to how the submission stands.
    moved
        Marks that are different now.
    unstable
        Marks of unchanged tests on which a new run disagreed; the earlier ones were kept.
    not_reached
        Who was to be marked when the run was stopped.
    stopped
        Why it was stopped; empty where it came to its end.
    waiting
        Who has a mark in the gradebook that waits for a person; ``None`` where it was not asked.
    """

    assignment: str
    course: str
    gradebook: str
    engine: str
    environment: str
    limits: Mapping[str, float]
    sandboxed: bool
    workers: int
    started: str
    ended: str = ""
    rows: dict[str, Row] = field(default_factory=dict)
    moved: list[Moved] = field(default_factory=list)
    unstable: list[Moved] = field(default_factory=list)
    not_reached: list[str] = field(default_factory=list)
    stopped: str = ""
    waiting: frozenset[str] | None = None

    def asked(self) -> list[Row]:
        """Return the submissions that this run was about, in the order of students."""
        return [row for _, row in sorted(self.rows.items()) if row.asked]

    def states(self) -> dict[str, int]:
        """Return how many of them ended in each state."""
        found = Counter(row.record.state for row in self.asked())
        return {state: found[state] for state in (SCORED, IN_PART, PERSON)}

    def reasons(self) -> dict[str, int]:
        """Return how many of them ended for each reason, the most frequent first."""
        return dict(Counter(row.record.reason for row in self.asked()).most_common())

    def marked(self) -> int:
        """Return how many were marked in this run."""
        return sum(bool(row.why) for row in self.rows.values())

    def settled(self) -> list[str]:
        """Return for whom a person has done, in the gradebook, what was left to do."""
        return [
            row.record.student
            for row in self.asked()
            if self.waiting is not None
            and row.record.state == IN_PART
            and row.record.student not in self.waiting
        ]

    def otherwise(self) -> list[str]:
        """Return whose marks were made by other means than those of this run."""
        now = (self.engine, self.environment, self.sandboxed, self.limits)
        return [
            row.record.student
            for row in self.asked()
            if not row.why and row.record.state != PERSON and _means(row.record) != now
        ]

    def assignment_states(self) -> dict[str, dict[str, Any]]:
        """Return each state of the assignment that a submission was marked with, once."""
        found = [row.record.assignment_state for _, row in sorted(self.rows.items())]
        return {_short(state): state for state in found}

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "assignment": self.assignment,
            "course": self.course,
            "gradebook": self.gradebook,
            "started": self.started,
            "ended": self.ended,
            "stopped": self.stopped,
            "engine": self.engine,
            "environment": self.environment,
            "limits": dict(self.limits),
            "sandboxed": self.sandboxed,
            "workers": self.workers,
            "states": self.states(),
            "reasons": self.reasons(),
            "marked_now": self.marked(),
            "marked_otherwise": self.otherwise(),
            "settled": self.settled(),
            "not_reached": self.not_reached,
            "moved": [asdict(one) for one in self.moved],
            "unstable": [asdict(one) for one in self.unstable],
            "assignment_states": self.assignment_states(),
            "submissions": [row.as_data() for _, row in sorted(self.rows.items())],
        }


def _means(record: Record) -> tuple[str, str, bool, Mapping[str, float]]:
    return (record.engine, record.environment, record.sandboxed, record.limits)


def _short(state: Mapping[str, Any]) -> str:
    """Return a name for a state of the assignment: different states have different ones."""
    return sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()[:_NAME]


def write_report(report: Report, file: Path) -> None:
    """Write a report as JSON, in full or not at all."""
    text = json.dumps(report.as_data(), indent=1, ensure_ascii=False)
    write_whole(file, f"{text}\n".encode("utf-8", "backslashreplace"))


def summary(report: Report, file: Path) -> str:
    """Return what a person should know after a run.

    Parameters
    ----------
    report
        The run.
    file
        Where the report lies.
    """
    return "\n".join(_plain(line) for line in _lines(report, file))


def _lines(report: Report, file: Path) -> Iterator[str]:
    if report.stopped:
        yield f"Stopped before the end: {report.stopped}"
    count = len(report.asked())
    marked = report.marked()
    yield (
        f"{report.assignment}: {_many(count, 'submission')}, {marked} marked now, "
        f"{count - marked} unchanged."
    )
    for state, number in report.states().items():
        if number:
            yield f"  {state:16}{number:>6}{_reasons(report, state)}"
    if report.not_reached:
        yield f"  {'not reached':16}{len(report.not_reached):>6}  run the command again to go on"
    yield from _about(report, PERSON, "needs a person", "need a person")
    yield from _about(report, IN_PART, "has to be looked at", "have to be looked at")
    yield from _changes("moved", report.moved)
    yield from _changes(
        "of an unchanged test came out differently; the earlier one was kept", report.unstable
    )
    yield from _warnings(report)
    yield f"The report: {file}"


def _reasons(report: Report, state: str) -> str:
    found = Counter(row.record.reason for row in report.asked() if row.record.state == state)
    if set(found) == {"complete"}:
        return ""
    named = "  " + ", ".join(f"{reason} {number}" for reason, number in found.most_common())
    settled = len(report.settled()) if state == IN_PART else 0
    return f"{named}; settled by a person since: {settled}" if settled else named


def _about(report: Report, state: str, one: str, many: str) -> Iterator[str]:
    """Name who needs somebody, with the reason; that texts wait to be read is no news."""
    found = [
        row.record
        for row in report.asked()
        if row.record.state == state and row.record.reason != "free-text-waits"
    ]
    if found:
        yield ""
        yield f"{_many(len(found), 'submission')} {one if len(found) == 1 else many}:"
    yield from _first([f"{record.student}: {record.message}" for record in found])


def _changes(what: str, found: Sequence[Moved]) -> Iterator[str]:
    if found:
        yield ""
        yield f"{_many(len(found), 'mark')} {what}:"
    yield from _first(
        [
            f"{one.student}, {one.cell}: {_points(one.before)} -> {_points(one.after)} ({one.why})"
            for one in found
        ]
    )


def _warnings(report: Report) -> Iterator[str]:
    lines = []
    forgeable = sorted({cell for row in report.asked() for cell in row.record.forgeable})
    if forgeable:
        lines.append(
            f"Forgeable: {', '.join(forgeable[:_FIRST])}. These tests ran beside the student's "
            "code, which can claim any mark. Let them read through volens.answers()."
        )
    otherwise = len(report.otherwise())
    if otherwise:
        lines.append(
            f"{_many(otherwise, 'submission')} marked earlier with another version, other "
            "packages, other limits or another sandbox: `--again` marks them anew."
        )
    exposed = sum(not row.record.sandboxed for row in report.asked())
    if exposed:
        lines.append(
            f"NOT SHUT IN: the code of {_many(exposed, 'submission')} ran without a sandbox, "
            "with your rights. Look at what it did before you trust these marks."
        )
    if lines:
        yield ""
    yield from lines


def _first(lines: Sequence[str]) -> Iterator[str]:
    for line in lines[:_FIRST]:
        yield f"  {line}"
    if len(lines) > _FIRST:
        yield f"  and {len(lines) - _FIRST} more; the report has them all."


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _points(points: float | None) -> str:
    return "no mark" if points is None else f"{points:g}"


def _plain(line: str) -> str:
    """Return a line that cannot move the cursor, whatever a student wrote."""
    shown = line.encode("utf-8", "backslashreplace").decode()
    shown = "".join(sign if sign.isprintable() else " " for sign in shown)
    return shown if len(shown) <= _WIDTH else f"{shown[: _WIDTH - 4]} ..."
