"""What goes into the marking of one submission, and what comes out: plain values.

They travel between processes and machines, so they hold nothing but text, bytes,
numbers and one another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from volens.grader.limits import Limits
from volens.grader.template import Template

__all__ = [
    "IN_PART",
    "PERSON",
    "SCORED",
    "Comment",
    "Graded",
    "GradedNotebook",
    "Job",
    "Mark",
    "Repair",
    "State",
    "Stop",
]

State: TypeAlias = Literal["scored", "scored in part", "needs a person"]
#: Every mark is there.
SCORED: State = "scored"
#: What a program can mark is marked; a person has to do or to look at the rest.
IN_PART: State = "scored in part"
#: No marks: a person has to look.
PERSON: State = "needs a person"


@dataclass(frozen=True)
class Job:
    """One submission to mark.

    Attributes
    ----------
    assignment, student
        Whose submission of what.
    notebooks
        Name of a notebook, without its ending, to the submitted file's bytes.
    templates
        What the gradebook knows of each notebook of the assignment, by name.
    files
        Other files that lie beside the notebooks, by their path with ``/``; the course's
        own win over the student's.
    limits
        How far the student's code may go.
    sandboxed
        Whether it is shut in.
    """

    assignment: str
    student: str
    notebooks: Mapping[str, bytes]
    templates: Mapping[str, Template]
    files: Mapping[str, bytes] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    sandboxed: bool = True


@dataclass(frozen=True)
class Mark:
    """What one graded cell earned.

    Attributes
    ----------
    grade_id
        The cell.
    points
        What it earned; ``None`` where a person has to say.
    possible
        What it could.
    forgeable
        Whether its test ran inside the student's process, whose word is all there is.
    doubtful
        Whether a person has to look at it, although it has points: some were lost after
        something had been stopped.
    """

    grade_id: str
    points: float | None
    possible: float
    forgeable: bool = False
    doubtful: bool = False


@dataclass(frozen=True)
class Comment:
    """nbgrader's own remark on an answer; ``None`` takes back an earlier one."""

    grade_id: str
    text: str | None


@dataclass(frozen=True)
class Repair:
    """Something about the form of a notebook that was mended before it was marked.

    Attributes
    ----------
    code
        For machines, such as ``cell-twice``.
    cell
        The grade id it is about; empty where it is about the whole file.
    message
        What was found and what was done, for the student and for whoever marks.
    """

    code: str
    cell: str
    message: str


@dataclass(frozen=True)
class Stop:
    """A moment at which the grader had to stop something.

    Attributes
    ----------
    code
        For machines, such as ``cell-time``, ``memory``, ``output`` or ``ended-itself``.
    cell
        The id of the cell that was running.
    message
        What happened, for a person.
    """

    code: str
    cell: str
    message: str


@dataclass(frozen=True)
class GradedNotebook:
    """One notebook after marking.

    Attributes
    ----------
    name
        Its name without the ending.
    content
        The notebook with outputs, as JSON text; empty where none was handed in.
    marks, comments, repairs, stops
        What is to be recorded, in the order of the notebook.
    """

    name: str
    content: str
    marks: tuple[Mark, ...] = ()
    comments: tuple[Comment, ...] = ()
    repairs: tuple[Repair, ...] = ()
    stops: tuple[Stop, ...] = ()


@dataclass(frozen=True)
class Graded:
    """One submission after marking.

    Attributes
    ----------
    student
        Whose it is.
    state, reason, message
        How it ended: the state, a code for machines, and what is left to do for a person.
    notebooks
        Empty where the state is ``needs a person``.
    seconds
        How long each part took, such as ``open``, ``repair``, ``start``, ``cells``, ``tests``.
    sandboxed
        Whether the student's code was shut in.
    engine, environment
        The version of Volens, and a hash of every package it ran with.
    same_work
        Whether it was marked before and handed in no work since: what a person has settled
        stays settled.
    """

    student: str
    state: State
    reason: str
    message: str
    notebooks: tuple[GradedNotebook, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)
    sandboxed: bool = True
    engine: str = ""
    environment: str = ""
    same_work: bool = False
