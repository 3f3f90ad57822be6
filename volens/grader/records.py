"""What is written down about each submission, so that its mark can be repeated and explained.

One file a student, ``results/<assignment>/records/<student>.json``. It is written after the
gradebook has the marks: what it says is done.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Self, TypeAlias

from volens.grader.results import IN_PART, PERSON, SCORED, Graded, Mark, Repair, State, Stop
from volens.grader.template import Template, TemplateCell
from volens.grader.whole_files import write_whole

__all__ = ["Cell", "Digests", "Record", "RecordedNotebook", "Records", "Standing", "digests"]

#: A notebook and a grade id.
Cell: TypeAlias = tuple[str, str]
#: What the gradebook holds of a submission from a program; ``None`` where a person has to say.
Standing: TypeAlias = Mapping[Cell, float | None]
#: Notebook to grade id to digest.
Digests: TypeAlias = Mapping[str, Mapping[str, str]]


def digests(templates: Iterable[Template], *, tests: bool) -> dict[str, dict[str, str]]:
    """Return the digest of each test cell, or of each cell that is none.

    Parameters
    ----------
    templates
        The notebooks of an assignment.
    tests
        Whether to return those of the tests.
    """

    def wanted(cell: TemplateCell) -> bool:
        return cell.is_test is tests

    return {
        template.name: {cell.grade_id: cell.digest for cell in template.cells if wanted(cell)}
        for template in templates
    }


@dataclass(frozen=True)
class RecordedNotebook:
    """What became of one notebook.

    Attributes
    ----------
    handed_in
        Whether it was there.
    marks, repairs, stops
        As in :class:`~volens.grader.results.GradedNotebook`.
    """

    handed_in: bool = True
    marks: tuple[Mark, ...] = ()
    repairs: tuple[Repair, ...] = ()
    stops: tuple[Stop, ...] = ()

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Rebuild it from its data."""
        return cls(
            bool(data["handed_in"]),
            tuple(Mark(**one) for one in data["marks"]),
            tuple(Repair(**one) for one in data["repairs"]),
            tuple(Stop(**one) for one in data["stops"]),
        )


@dataclass(frozen=True)
class Record:
    """How one submission was marked, when, from what and with what.

    Attributes
    ----------
    student, state, reason, message
        How it ended.
    submitted, course_files
        SHA-256 of each file that the student and the course gave, by path.
    tests, other_cells
        Digest of each cell that the gradebook knew, by notebook.
    notebooks
        What became of each notebook; empty where the state is ``needs a person``.
    notes
        What was odd about the folder.
    seconds, sandboxed, engine, environment, limits
        How it was marked.
    marked_at
        When, in UTC.
    """

    student: str
    state: State
    reason: str
    message: str
    submitted: Mapping[str, str] = field(default_factory=dict)
    course_files: Mapping[str, str] = field(default_factory=dict)
    tests: Digests = field(default_factory=dict)
    other_cells: Digests = field(default_factory=dict)
    notebooks: Mapping[str, RecordedNotebook] = field(default_factory=dict)
    notes: tuple[Repair, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)
    sandboxed: bool = True
    engine: str = ""
    environment: str = ""
    limits: Mapping[str, float] = field(default_factory=dict)
    marked_at: str = ""

    @property
    def marks(self) -> dict[Cell, Mark]:
        """The marks of all notebooks."""
        return {
            (name, mark.grade_id): mark
            for name, notebook in self.notebooks.items()
            for mark in notebook.marks
        }

    @property
    def standing(self) -> dict[Cell, float | None]:
        """What the gradebook should hold."""
        return {cell: mark.points for cell, mark in self.marks.items()}

    @property
    def points(self) -> float | None:
        """What a program has given so far; ``None`` where there are no marks."""
        given = [mark.points for mark in self.marks.values() if mark.points is not None]
        return sum(given) if self.notebooks else None

    @property
    def possible(self) -> float | None:
        """What all marked cells are worth, those that wait for a person included."""
        worth = sum(mark.possible for mark in self.marks.values())
        return worth if self.notebooks else None

    @property
    def forgeable(self) -> list[str]:
        """The cells whose tests ran inside the student's process."""
        return [mark.grade_id for mark in self.marks.values() if mark.forgeable]

    @property
    def assignment_state(self) -> dict[str, Mapping[str, Any]]:
        """What of the assignment decided the marks: the same for most submissions."""
        return {
            "course_files": self.course_files,
            "tests": self.tests,
            "other_cells": self.other_cells,
        }

    def says_the_same(self, other: Record) -> bool:
        """Whether only the time, and how long it took, are different."""
        return replace(self, marked_at="", seconds={}) == replace(other, marked_at="", seconds={})

    def as_data(self) -> dict[str, Any]:
        """Return the record as plain data."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Rebuild a record from :meth:`as_data`.

        Raises
        ------
        ValueError
            If the data are not those of a record.
        """
        try:
            if data["state"] not in {SCORED, IN_PART, PERSON}:
                raise ValueError(f"there is no state {data['state']}")
            rebuilt = {
                "notebooks": {
                    name: RecordedNotebook.from_data(one) for name, one in data["notebooks"].items()
                },
                "notes": tuple(Repair(**one) for one in data["notes"]),
            }
            return cls(**{**data, **rebuilt})
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"no record ({error})") from error

    @classmethod
    def of(cls, graded: Graded, **details: Any) -> Self:  # noqa: ANN401 (the other fields)
        """Return the record of a result.

        Parameters
        ----------
        graded
            The result.
        details
            The fields that a result does not have.
        """
        return cls(
            graded.student,
            graded.state,
            graded.reason,
            graded.message,
            notebooks={
                one.name: RecordedNotebook(bool(one.content), one.marks, one.repairs, one.stops)
                for one in graded.notebooks
            },
            seconds=dict(graded.seconds),
            sandboxed=graded.sandboxed,
            engine=graded.engine,
            environment=graded.environment,
            **details,
        )


class Records:
    """The records of an assignment.

    Parameters
    ----------
    folder
        Where they lie.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, student: str) -> Record | None:
        """Return the record of a student; ``None`` where there is none that can be read."""
        try:
            data = json.loads(self._file(student).read_text(encoding="utf-8"))
            return Record.from_data(data)
        except (OSError, ValueError):
            return None

    def write(self, record: Record) -> None:
        """Write a record, unless the one that is there says the same."""
        before = self.read(record.student)
        if before is None or not before.says_the_same(record):
            text = json.dumps(record.as_data(), indent=1, ensure_ascii=False, sort_keys=True)
            # A file's name may hold what is no text: it is written as JSON's own escape.
            write_whole(self._file(record.student), f"{text}\n".encode("utf-8", "backslashreplace"))

    def _file(self, student: str) -> Path:
        return self._folder / f"{student}.json"
