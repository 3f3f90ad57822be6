"""A run over a class, which can be stopped at any moment and taken up again.

What is done with a result is done in this order: the marked notebook goes to
``autograded/``, the marks go to the gradebook, and then a record says that both are done. A
run that is killed in between does that submission again, and comes to the same end.
"""

from __future__ import annotations

import errno
import fcntl
import os
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import TypeAlias

from volens.errors import GradingError, SubmissionError
from volens.grader.crew import Crew
from volens.grader.folders import Folders, Submission
from volens.grader.limits import Limits
from volens.grader.planning import SAME_WORK, Assignment, Decision, decide, keep_marks, moved
from volens.grader.records import Record, Records, Standing, digests
from volens.grader.register import Register
from volens.grader.reporting import Report, Row, write_report
from volens.grader.results import PERSON, Graded, Job
from volens.grader.template import Template

__all__ = ["Orders", "Watch", "run"]

#: Is told how many are done, of how many, and what the last one was.
Watch: TypeAlias = Callable[[int, int, Graded], None]

_BATCH = 25
#: Errors that are nobody's fault in particular: the run stops.
_OF_THE_DISK = {
    *(errno.EACCES, errno.EDQUOT, errno.EIO, errno.ENOSPC, errno.EPERM, errno.EROFS),
    *(errno.EMFILE, errno.ENFILE, errno.ENOMEM),
}
_BATCH_SECONDS = 2.0


@dataclass(frozen=True)
class Orders:
    """What is asked of a run.

    Attributes
    ----------
    students
        Only these; everybody where none is named.
    again
        Whether to mark them even where nothing has changed.
    limits
        How far student code may go.
    sandboxed
        Whether it is shut in.
    report
        Where the report is to lie; else ``results/<assignment>/report.json``.
    """

    students: tuple[str, ...] = ()
    again: bool = False
    limits: Limits = field(default_factory=Limits)
    sandboxed: bool = True
    report: Path | None = None


def run(
    folders: Folders, register: Register, crew: Crew, orders: Orders, watch: Watch | None = None
) -> Report:
    """Mark a class: whoever has not been marked yet, and whoever has to be marked anew.

    Parameters
    ----------
    folders
        Those of the assignment.
    register
        The gradebook.
    crew
        Who marks.
    orders
        What is asked.
    watch
        Is told of each result.

    Returns
    -------
    What was done. It lies in ``report.json`` as well, also where the run is stopped.

    Raises
    ------
    GradingError
        If the run cannot start or go on. What was done until then is kept.
    KeyboardInterrupt
        If somebody stops it. What was marked until then is kept.
    """
    with _to_itself(folders), _room_on_disk():
        return _Run(folders, register, crew, orders).go(watch or _nobody)


def _nobody(done: int, of: int, graded: Graded) -> None:
    """Watch nothing."""


@dataclass(frozen=True)
class _Pending:
    """What is kept of a submission while it is marked."""

    submission: Submission
    decision: Decision


class _Run:
    """One run."""

    def __init__(self, folders: Folders, register: Register, crew: Crew, orders: Orders) -> None:
        self._folders = folders
        self._register = register
        self._crew = crew
        self._orders = orders
        self._records = Records(folders.results / "records")
        self._templates: dict[str, Template] = register.templates(
            folders.assignment, folders.released()
        )
        self._names = list(self._templates)
        self._course_files = folders.course_files()
        self._assignment = Assignment(
            digests(self._templates.values(), tests=True),
            digests(self._templates.values(), tests=False),
            {path: sha256(content).hexdigest() for path, content in self._course_files.items()},
        )
        self._standing: Mapping[str, Standing] = register.standing(folders.assignment)
        self._report = self._begin()
        self._pending: dict[str, _Pending] = {}
        self._unreadable: list[Graded] = []
        self._batch: list[Graded] = []
        self._batch_began = 0.0

    def go(self, watch: Watch) -> Report:
        """Mark, and report whatever happens."""
        students = self._students()
        asked = self._asked(students)
        decisions = {student: self._decide(student) for student in asked}
        chosen = [decision for decision in decisions.values() if decision.why]
        for student in students:
            record = self._records.read(student)
            if record is not None and not (student in decisions and decisions[student].why):
                self._report.rows[student] = Row(record, asked=student in decisions)
        try:
            self._mark(chosen, watch)
            self._report.waiting = self._register.waiting(self._folders.assignment)
        except BaseException as error:
            self._report.stopped = _one_line(error)
            raise
        finally:
            reached = self._report.rows
            self._report.not_reached = [
                decision.student for decision in chosen if decision.student not in reached
            ]
            self._finish()
        return self._report

    # Beginning and end

    def _begin(self) -> Report:
        from volens.grader.marking import environment  # noqa: PLC0415 (loads the kernel's side)

        return Report(
            assignment=self._folders.assignment,
            course=str(self._folders.root),
            gradebook=str(self._register),
            engine=version("volens"),
            environment=environment(),
            limits=self._orders.limits.as_data(),
            sandboxed=self._orders.sandboxed,
            workers=self._crew.workers,
            started=_now(),
        )

    def _finish(self) -> None:
        self._report.ended = _now()
        file = self._orders.report or self._folders.results / "report.json"
        if self._report.stopped:
            # What stopped the run may keep the report from being written as well.
            with suppress(OSError):
                write_report(self._report, file)
        else:
            write_report(self._report, file)

    # Who has to be marked

    def _students(self) -> list[str]:
        students = self._folders.students()
        if not students:
            raise GradingError(
                f"Nobody has handed in {self._folders.assignment}: there is no folder "
                f"submitted/STUDENT/{self._folders.assignment}. `volens collect` fills them."
            )
        return students

    def _asked(self, students: list[str]) -> list[str]:
        asked = self._orders.students
        unknown = [student for student in asked if student not in students]
        if unknown:
            raise GradingError(
                f"{', '.join(unknown)} handed in nothing for {self._folders.assignment}: there is "
                "no such folder in submitted/. Look how the name is written there."
            )
        return [student for student in students if student in asked] if asked else students

    def _decide(self, student: str) -> Decision:
        record = self._records.read(student)
        submitted: Mapping[str, str] | SubmissionError
        try:
            submitted = self._read(student).digests
        except SubmissionError as error:
            submitted = error
        handed_in = (
            [name for name, one in record.notebooks.items() if one.handed_in] if record else []
        )
        return decide(
            student,
            submitted,
            record,
            self._assignment,
            self._standing.get(student),
            shelved=self._folders.is_shelved(student, handed_in),
            again=self._orders.again,
        )

    def _read(self, student: str) -> Submission:
        return self._folders.submission(student, self._names, self._orders.limits)

    # Marking

    def _mark(self, chosen: list[Decision], watch: Watch) -> None:
        done = 0
        try:
            for graded in self._results(chosen):
                done += 1
                self._take(graded)
                watch(done, len(chosen), graded)
        except (GradingError, KeyboardInterrupt):
            # What has ended is worth keeping; if that fails as well, it is marked again.
            with suppress(GradingError, OSError):
                self._flush()
            raise
        self._flush()

    def _results(self, chosen: Iterable[Decision]) -> Iterator[Graded]:
        with closing(_closable(self._crew.results(self._jobs(chosen)))) as results:
            for graded in results:
                yield graded
                yield from self._drain()
        yield from self._drain()

    def _drain(self) -> Iterator[Graded]:
        while self._unreadable:
            yield self._unreadable.pop()

    def _jobs(self, chosen: Iterable[Decision]) -> Iterator[Job]:
        """Read one submission after another, as the crew asks for them."""
        for decision in chosen:
            student = decision.student
            try:
                submission = self._read(student)
            except SubmissionError as error:
                submission = Submission(student, {})
                self._unreadable.append(self._person(student, error.reason, str(error)))
            self._pending[student] = _Pending(submission, decision)
            if submission.notebooks:
                yield Job(
                    self._folders.assignment,
                    student,
                    submission.notebooks,
                    self._templates,
                    self._beside(submission),
                    self._orders.limits,
                    self._orders.sandboxed,
                )

    def _person(self, student: str, reason: str, message: str) -> Graded:
        return Graded(
            student,
            PERSON,
            reason,
            message,
            sandboxed=self._orders.sandboxed,
            engine=version("volens"),
            environment=self._report.environment,
        )

    # Writing down

    def _take(self, graded: Graded) -> None:
        if not self._batch:
            self._batch_began = time.monotonic()
        self._batch.append(graded)
        late = time.monotonic() - self._batch_began >= _BATCH_SECONDS
        if len(self._batch) >= _BATCH or late:
            self._flush()

    def _flush(self) -> None:
        """Write down what has ended: notebooks, then marks, then records."""
        batch, self._batch = self._batch, []
        results = [self._shelved(self._settled(graded)) for graded in batch]
        times = {
            graded.student: time
            for graded in results
            if (time := self._pending[graded.student].submission.time) is not None
        }
        refused = dict(self._register.write(results, self._folders.assignment, times))
        for graded in results:
            self._record(self._refused(graded, refused.get(graded.student)))

    def _settled(self, graded: Graded) -> Graded:
        """Return what counts of a result: earlier marks stay where their test did not change."""
        decision = self._pending[graded.student].decision
        kept, unstable = keep_marks(graded, self._records.read(graded.student), decision)
        self._report.unstable += unstable
        return replace(kept, same_work=decision.why in SAME_WORK)

    def _shelved(self, graded: Graded) -> Graded:
        """Put the marked notebooks in their place; a person has to look where that cannot be."""
        files = self._beside(self._pending[graded.student].submission)
        contents = {one.name: one.content for one in graded.notebooks}
        try:
            if contents:
                self._folders.shelve(graded.student, contents, files)
        except (OSError, ValueError) as error:
            if getattr(error, "errno", None) in _OF_THE_DISK:
                raise
            return self._person(
                graded.student,
                "not-shelved",
                f"What was handed in cannot be written to autograded/ ({_one_line(error)}). Look "
                "how its files are called; then run the command again.",
            )
        return graded

    def _beside(self, submission: Submission) -> dict[str, bytes]:
        return self._folders.beside(submission.files, self._course_files, self._names)

    def _refused(self, graded: Graded, why: str | None) -> Graded:
        if why is not None:
            return self._person(
                graded.student,
                "not-recorded",
                f"The gradebook would not take the marks ({why}). Mend that and run the command "
                "again, or mark it by hand.",
            )
        if graded.state == PERSON and graded.student in self._standing:
            earlier = "The gradebook still has the marks of an earlier version."
            return replace(graded, message=f"{graded.message} {earlier}")
        return graded

    def _record(self, graded: Graded) -> None:
        student = graded.student
        pending = self._pending.pop(student)
        decision = pending.decision
        before = self._records.read(student)
        record = Record.of(
            graded,
            submitted=dict(pending.submission.digests),
            course_files=self._assignment.course_files,
            tests=self._assignment.tests,
            other_cells=self._assignment.other_cells,
            notes=pending.submission.notes,
            limits=self._orders.limits.as_data(),
            marked_at=_now(),
        )
        self._records.write(record)
        self._report.rows[student] = Row(record, decision.why, decision.cells)
        self._report.moved += moved(decision, before, self._standing.get(student), record)


def _closable(results: Iterator[Graded]) -> Generator[Graded, None, None]:
    yield from results


@contextmanager
def _to_itself(folders: Folders) -> Iterator[None]:
    """Keep a second run away from the assignment."""
    folders.results.mkdir(parents=True, exist_ok=True)
    file = folders.results / ".lock"
    with file.open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            raise GradingError(
                f"Another run marks {folders.assignment} already (process {lock.read().strip()}). "
                "Wait for it, or stop it: what it has done is kept."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


@contextmanager
def _room_on_disk() -> Iterator[None]:
    """Report a file that cannot be written as one line."""
    try:
        yield
    except OSError as error:
        raise GradingError(
            f"{error.filename or 'A file'} cannot be read or written ({error.strerror or error}). "
            "See that there is room on the disk and that you may write there; then run the command "
            "again: what was marked is kept."
        ) from error


def _one_line(error: BaseException) -> str:
    if isinstance(error, KeyboardInterrupt):
        return "somebody stopped it"
    return " ".join(str(error).split()) or type(error).__name__


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
