"""A class marked from another program, as ``volens grade`` marks it."""

from __future__ import annotations

from pathlib import Path

from volens.errors import SandboxError
from volens.grader.crew import LocalCrew
from volens.grader.folders import Folders
from volens.grader.register import Register, late_penalties
from volens.grader.reporting import Report
from volens.grader.running import Orders, run
from volens.grader.sandbox import refusal
from volens.grading.gradebook import configuration, coursedir, quietly

__all__ = ["mark_class"]


def mark_class(course: Path, assignment: str, *, sandboxed: bool = True) -> Report:
    """Mark whoever has not been marked, or has to be marked anew.

    Parameters
    ----------
    course
        The root of the course.
    assignment
        The assignment's folder.
    sandboxed
        Whether student code is shut in.

    Raises
    ------
    SandboxError
        If it should be, and there is no sandbox here.
    GradingError
        If the run cannot start or go on.
    """
    reason = refusal() if sandboxed else None
    if reason:
        raise SandboxError(reason)
    place = coursedir(course)
    with quietly():
        penalty = late_penalties(configuration(course))
        register = Register(place.db_url, place.course_id, penalty=penalty)
        try:
            orders = Orders(sandboxed=sandboxed)
            return run(Folders(place, assignment), register, LocalCrew(), orders)
        finally:
            register.close()
