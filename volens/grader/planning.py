"""Who has to be marked, why, and what moved: pure functions over records and digests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from volens.errors import SubmissionError
from volens.grader.records import Cell, Digests, Record, Standing
from volens.grader.results import PERSON, Graded, GradedNotebook, Mark

__all__ = ["SAME_WORK", "Assignment", "Decision", "Moved", "decide", "keep_marks", "moved"]

#: Reasons to mark again what a student has not changed, and what was asked of them neither.
SAME_WORK = frozenset(
    {"asked", "tests-changed", "notebook-missing", "gradebook-differs", "grader-stopped"}
)

#: Reasons that lie with the grader: such a submission is tried again in the next run.
_OURS = frozenset({"grader-stopped", "grader-too-slow", "not-recorded"})


@dataclass(frozen=True)
class Assignment:
    """What decides the marks of everybody.

    Attributes
    ----------
    tests, other_cells
        Digest of each cell that the gradebook knows, by notebook.
    course_files
        SHA-256 of each file that the course puts beside the notebooks.
    """

    tests: Digests
    other_cells: Digests
    course_files: Mapping[str, str]


@dataclass(frozen=True)
class Decision:
    """Whether a submission has to be marked.

    Attributes
    ----------
    student
        Whose it is.
    why
        A code: ``new``, ``asked``, ``submission-changed``, ``assignment-changed``,
        ``tests-changed``, ``notebook-missing``, ``gradebook-differs``, ``grader-stopped``;
        empty where nothing has to be done.
    cells
        The changed cells, where that is why.
    """

    student: str
    why: str = ""
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True)
class Moved:
    """A mark that was one thing before this run and is another now.

    Attributes
    ----------
    student, notebook, cell
        Where.
    before, after
        The points; ``None`` where a person has to say.
    why
        As in :class:`Decision`.
    """

    student: str
    notebook: str
    cell: str
    before: float | None
    after: float | None
    why: str


def decide(  # noqa: PLR0911 (one for each reason)
    student: str,
    submitted: Mapping[str, str] | SubmissionError,
    record: Record | None,
    assignment: Assignment,
    standing: Standing | None,
    *,
    shelved: bool,
    again: bool = False,
) -> Decision:
    """Decide whether a submission has to be marked, and why.

    Parameters
    ----------
    student
        Whose submission.
    submitted
        Digests of its files, or why it cannot be read.
    record
        What was written down when it was last marked.
    assignment
        What decides the marks now.
    standing
        What the gradebook holds; ``None`` where it has no submission.
    shelved
        Whether the marked notebooks are where they should be.
    again
        Whether everybody is to be marked anew.
    """
    if record is None:
        return Decision(student, "new")
    if isinstance(submitted, SubmissionError):
        same = record.reason == submitted.reason and record.message.startswith(str(submitted))
        return Decision(student, "" if same else "submission-changed")
    if again:
        return Decision(student, "asked")
    if record.submitted != submitted:
        return Decision(student, "submission-changed")
    if record.course_files != assignment.course_files:
        return Decision(student, "assignment-changed")
    others = _changed(record.other_cells, assignment.other_cells)
    if others:
        return Decision(student, "assignment-changed", others)
    tests = _changed(record.tests, assignment.tests)
    if tests:
        return Decision(student, "tests-changed", tests)
    return Decision(student, _what_is_missing(record, standing, shelved=shelved))


def _what_is_missing(record: Record, standing: Standing | None, *, shelved: bool) -> str:
    """Say why a submission has to be marked although nothing about it has changed."""
    if record.state == PERSON:
        return "grader-stopped" if record.reason in _OURS else ""
    if not shelved:
        return "notebook-missing"
    expected = record.standing
    if standing is None or {cell: standing.get(cell, -1) for cell in expected} != expected:
        return "gradebook-differs"
    return ""


def keep_marks(
    graded: Graded, record: Record | None, decision: Decision
) -> tuple[Graded, tuple[Moved, ...]]:
    """Keep the marks of tests that did not change, where others did.

    Parameters
    ----------
    graded
        What the new run made of the submission.
    record
        What was recorded before.
    decision
        Why it was marked again.

    Returns
    -------
    What counts, and the marks in which the two runs disagree although the test is the same.
    """
    if decision.why != "tests-changed" or record is None or not graded.notebooks:
        return graded, ()
    known = record.marks
    unstable: list[Moved] = []

    def kept(notebook: str, mark: Mark) -> Mark:
        before = known.get((notebook, mark.grade_id))
        if before is None or (notebook, mark.grade_id) in decision.cells:
            return mark
        if before.points is None or before.doubtful:
            # It was no mark to rely on.
            return mark
        if before.points != mark.points:
            unstable.append(
                Moved(
                    graded.student, notebook, mark.grade_id, before.points, mark.points, "unstable"
                )
            )
        return replace(mark, points=before.points, doubtful=False)

    def with_kept(one: GradedNotebook) -> GradedNotebook:
        return replace(one, marks=tuple(kept(one.name, mark) for mark in one.marks))

    notebooks = tuple(with_kept(one) for one in graded.notebooks)
    return replace(graded, notebooks=notebooks), tuple(unstable)


def moved(
    decision: Decision, before: Record | None, standing: Standing | None, after: Record
) -> tuple[Moved, ...]:
    """List the marks that are different now.

    Parameters
    ----------
    decision
        Why it was marked.
    before
        The earlier record.
    standing
        What the gradebook held before this run; it counts where there is no earlier record,
        or where it differed from that.
    after
        The new record.
    """
    known: Standing = before.standing if before is not None else {}
    if standing is not None and before is None:
        known = {cell: points for cell, points in standing.items() if points is not None}
    elif standing is not None and decision.why == "gradebook-differs":
        known = standing
    return tuple(
        Moved(decision.student, notebook, cell, known[notebook, cell], points, decision.why)
        for (notebook, cell), points in after.standing.items()
        if (notebook, cell) in known and known[notebook, cell] != points
    )


def _changed(before: Digests, now: Digests) -> tuple[Cell, ...]:
    """Return the cells that are new, gone or different."""
    old, new = _flat(before), _flat(now)
    return tuple(cell for cell in {**new, **old} if old.get(cell) != new.get(cell))


def _flat(digests: Digests) -> dict[Cell, str]:
    return {
        (notebook, cell): digest
        for notebook, cells in digests.items()
        for cell, digest in cells.items()
    }
