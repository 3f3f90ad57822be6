"""The command that marks a class; it loads what it needs when it runs."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from volens.grader.system import require_linux
from volens.grading.command_line import COURSE, EXPOSED, FILE, NEEDS_A_PERSON, Command

if TYPE_CHECKING:
    from types import FrameType

    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

    from volens.grader.crew import Crew
    from volens.grader.limits import Limits
    from volens.grader.records import Record
    from volens.grader.register import Register
    from volens.grader.reporting import Report
    from volens.grader.results import Graded

__all__ = ["grade"]

_INTERRUPTED = 130
_STEPS = 10


@contextmanager
def _stoppable() -> Iterator[None]:
    """Let Ctrl-C stop this program with one line; so may cron or a service that ends it."""

    def interrupt(_: int, __: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    except KeyboardInterrupt:
        click.echo(
            "\nStopped. What was marked is kept; the same command goes on from there.", err=True
        )
        raise SystemExit(_INTERRUPTED) from None
    finally:
        signal.signal(signal.SIGTERM, before)


@click.command(cls=Command)
@click.argument("assignment")
@click.argument("students", nargs=-1)
@COURSE
@click.option(
    "--workers",
    type=click.IntRange(1, 1024),
    help="How many to mark at the same time; else one for each processor.",
)
@click.option("--scheduler", metavar="URL", help="Mark on a Dask cluster: tcp://host:8786.")
@click.option("--database", metavar="URL", help="The gradebook, if not that of the course.")
@click.option("--again", is_flag=True, help="Mark also what has not changed since.")
@click.option(
    "--timeout",
    type=click.FloatRange(0.1),
    metavar="SECONDS",
    help="How long a cell may run; else as nbgrader_config.py says, or 30.",
)
@click.option(
    "--total-timeout",
    type=click.FloatRange(1),
    metavar="SECONDS",
    help="How long a submission may take in all; else 300.",
)
@click.option(
    "--feedback", is_flag=True, help="Write feedback pages too, where there is none or an old one."
)
@click.option("--report", type=FILE, help="Where the report is to lie.")
@EXPOSED
@_stoppable()
def grade(  # noqa: PLR0913 (one for each option)
    assignment: str,
    students: Sequence[str],
    *,
    course: Path,
    workers: int | None,
    scheduler: str | None,
    database: str | None,
    again: bool,
    timeout: float | None,
    total_timeout: float | None,
    feedback: bool,
    report: Path | None,
    exposed: bool,
) -> None:
    """Mark an ASSIGNMENT for everybody, or for the STUDENTS named.

    Student code runs in a sandbox, the tests outside it. Whoever is marked already and has not
    changed is left alone: a run that was stopped goes on where it was. Exit code 0 if everything
    is marked, 3 if a person has to look at some, 1 if the run could not start or was stopped, 130
    if you stopped it. For example: volens grade a3-consent
    """
    require_linux()
    from volens.grader.crew import get_ready  # noqa: PLC0415

    if not scheduler:
        get_ready()
    # Slow to import; the workers' process does its own meanwhile.
    from volens.grader.folders import Folders  # noqa: PLC0415
    from volens.grader.register import Register, late_penalties  # noqa: PLC0415
    from volens.grader.running import Orders, run  # noqa: PLC0415
    from volens.grading.gradebook import configuration, coursedir, quietly  # noqa: PLC0415

    config = configuration(course)
    place = coursedir(course)
    if feedback and database and database != place.db_url:
        raise click.UsageError(
            "--feedback reads the gradebook of the course: set c.CourseDirectory.db_url in "
            "nbgrader_config.py instead of --database."
        )
    folders = Folders(place, assignment)
    released = folders.released()  # before anything is made
    orders = Orders(
        tuple(students), again, _limits(config, timeout, total_timeout), not exposed, report
    )
    with quietly(), ExitStack() as stack:
        crew = _crew(stack, scheduler, workers, sandboxed=not exposed)
        register = Register(
            database or place.db_url, place.course_id, penalty=late_penalties(config)
        )
        stack.callback(register.close)
        _warn_of_changed_tests(place, assignment, register, released)
        if exposed:
            click.echo("WITHOUT A SANDBOX: student code runs with your rights.", err=True)
        done = run(folders, register, crew, orders, _Progress(stack))
    _say(done, report or folders.results / "report.json")
    if feedback:
        _write_feedback(course, place, done)
    raise SystemExit(NEEDS_A_PERSON if done.states()["needs a person"] else 0)


def _warn_of_changed_tests(
    place: CourseDirectory,
    assignment: str,
    register: Register,
    released: dict[str, dict[str, Any]],
) -> None:
    """Say that a test was changed in source/ alone: nothing would tell, and no mark would move."""
    from volens.grader.unreleased import unreleased_tests  # noqa: PLC0415

    source = Path(place.format_path(place.source_directory, ".", assignment))
    names = unreleased_tests(source, register.templates(assignment, released))
    if names:
        click.echo(
            f"Warning: source/{assignment} has another test than the gradebook: "
            f"{', '.join(names)}. Marks are made with the gradebook's. To take it over, run "
            f"`nbgrader generate_assignment {assignment} --force`, then mark again.",
            err=True,
        )


def _crew(stack: ExitStack, scheduler: str | None, workers: int | None, *, sandboxed: bool) -> Crew:
    from volens.errors import SandboxError  # noqa: PLC0415
    from volens.grader.crew import ClusterCrew, LocalCrew  # noqa: PLC0415
    from volens.grader.sandbox import refusal  # noqa: PLC0415

    if scheduler:
        if workers:
            raise click.UsageError("--workers is for this machine; a cluster has its own.")
        cluster = ClusterCrew(scheduler, sandboxed=sandboxed)
        stack.callback(cluster.close)
        return cluster
    reason = refusal() if sandboxed else None
    if reason:
        raise SandboxError(reason)
    return LocalCrew(workers)


def _limits(config: Config, timeout: float | None, total: float | None) -> Limits:
    from volens.grader.limits import Limits  # noqa: PLC0415

    limits = Limits()
    usual = dict(config.get("Execute", {})).get("timeout")
    cell = timeout or usual
    # nbgrader: none, or less than none, is no limit at all; there is always one here.
    if isinstance(cell, int | float) and cell > 0:
        limits = replace(limits, cell_seconds=cell)
    return replace(limits, submission_seconds=total) if total else limits


class _Progress:
    """How far a run is: a bar with the time left, or plain lines where no terminal reads them."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._bar: Any = None

    def __call__(self, done: int, of: int, _: Graded) -> None:
        """Show that one more is done."""
        if not sys.stdout.isatty():
            if done == of or done % max(1, of // _STEPS) == 0:
                click.echo(f"  {done} of {of}")
            return
        if self._bar is None:
            self._bar = self._stack.enter_context(
                click.progressbar(length=of, label="Marking", show_pos=True)
            )
        self._bar.update(1)


def _say(done: Report, file: Path) -> None:
    from volens.grader.reporting import summary  # noqa: PLC0415

    click.echo(summary(done, file))


def _write_feedback(course: Path, place: CourseDirectory, done: Report) -> None:
    from volens.errors import GradingError  # noqa: PLC0415
    from volens.grading.stock import Course  # noqa: PLC0415

    pages = Course(course)
    rows = [row for row in done.asked() if row.record.notebooks]
    now = [row.record.student for row in rows if row.why]
    earlier = [
        row.record.student
        for row in rows
        if not row.why and _needs_page(place, done.assignment, row.record)
    ]
    written: set[str] = set()
    for student in sorted([*now, *earlier]):
        try:
            pages.feedback(done.assignment, student)
            written.add(student)
        except GradingError as error:
            click.echo(f"{student}: {error}", err=True)
    wanted = len(now) + len(earlier)
    said = f"Feedback pages written: {len(written)} of {wanted}."
    late = len(written.intersection(earlier))
    if late:
        said += f" {late} of them for marks of an earlier run, whose page was missing or older."
    click.echo(said)
    if len(rows) > wanted:
        click.echo(
            f"Feedback pages left as they are: {len(rows) - wanted}, as new as the marked "
            "notebook. If a person has given marks since, run "
            f"`nbgrader generate_feedback {done.assignment} --force`."
        )


def _needs_page(place: CourseDirectory, assignment: str, record: Record) -> bool:
    """Whether a page is missing, or older than the marked notebook."""

    def written(folder: str, file: str) -> int:
        path = Path(place.format_path(folder, record.student, assignment)) / file
        return path.stat().st_mtime_ns if path.is_file() else 0

    return any(
        written(place.feedback_directory, f"{name}.html")
        < written(place.autograded_directory, f"{name}.ipynb")
        for name, one in record.notebooks.items()
        if one.handed_in
    )
