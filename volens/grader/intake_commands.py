"""The commands that bring files in and take marks out; they load what they need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from volens.grading.command_line import COURSE, FILE, NEEDS_A_PERSON, Command

if TYPE_CHECKING:
    from volens.grader.collecting.outcomes import Collected
    from volens.grader.exporting import Exported

__all__ = ["collect", "export"]

_NAMED = 5
_LAYOUTS = ("auto", "moodle", "canvas", "named", "folders")
_STUDENTS = click.option(
    "--students",
    type=FILE,
    help="A CSV file with the columns platform_id and student_id, where the two differ.",
)


@click.command(cls=Command)
@click.argument("assignment")
@click.argument("sources", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--layout",
    type=click.Choice(_LAYOUTS),
    default="auto",
    show_default=True,
    help="How the files are named; auto looks at the names and says which it took.",
)
@_STUDENTS
@click.option("--exchange", is_flag=True, help="Collect from nbgrader's exchange instead.")
@click.option("--replace", is_flag=True, help="Take a file even if it seems to be the older one.")
@click.option("--dry-run", "dry", is_flag=True, help="Say what would happen, and write nothing.")
@COURSE
def collect(  # noqa: PLR0913 (one for each option)
    assignment: str,
    sources: Sequence[Path],
    *,
    layout: str,
    students: Path | None,
    exchange: bool,
    replace: bool,
    dry: bool,
    course: Path,
) -> None:
    """Bring what students handed in for an ASSIGNMENT into submitted/.

    SOURCES are zip files from a learning platform, or folders. No file stops the others. Exit
    code 0 if all are in, 3 if somebody has to look at one. For example:
    volens collect a3-consent submissions.zip
    """
    if exchange:
        if sources or dry:
            raise click.UsageError("With --exchange, name no sources, and leave out --dry-run.")
        from volens.grader.collecting.exchange import collect_exchange  # noqa: PLC0415

        click.echo(collect_exchange(course, assignment).rstrip())
        return
    if not sources:
        raise click.UsageError("Name a zip file or a folder, or use --exchange.")
    from volens.grader.collecting import intake  # noqa: PLC0415

    done = intake.collect(
        course,
        assignment,
        sources,
        layout=layout,
        students=_read(students),
        replace=replace,
        dry=dry,
    )
    _say_collected(done, assignment, dry=dry)
    raise SystemExit(NEEDS_A_PERSON if done.to_look_at else 0)


def _read(students: Path | None) -> Mapping[str, str] | None:
    from volens.grader.collecting.students import read_students  # noqa: PLC0415

    return None if students is None else read_students(students)


def _say_collected(done: Collected, assignment: str, *, dry: bool) -> None:
    from volens.grader.collecting.outcomes import COLLECTED, STATES  # noqa: PLC0415

    words = {state: str(state) for state in STATES}
    if dry:
        words[COLLECTED] = "would be collected"
    for source, layout in done.layouts.items():
        click.echo(f"{source}: read as {layout}")
    for one in done.outcomes:
        if one.message and not one.to_look_at:
            click.echo(f"  {one.student}: {words[one.state]}. {one.message} ({one.file})")
    if done.to_look_at:
        click.echo("\nLook at these:")
    for one in done.to_look_at:
        whose = one.student or "nobody known"
        click.echo(f"  {whose}: {words[one.state]}, {one.reason}: {one.source}, {one.file}")
        click.echo(f"    {one.message}")
    click.echo()
    if done.renamed:
        click.echo(_two_of_one(done.renamed, assignment))
    counts = ", ".join(f"{done.count(state)} {word}" for state, word in words.items())
    click.echo(f"{assignment}: {counts}. Other files left out: {done.left_out}.")
    if dry:
        click.echo("Nothing was written.")


def _two_of_one(renamed: Sequence[tuple[str, str]], assignment: str) -> str:
    some = [f"{platform} (now {student})" for platform, student in renamed[:_NAMED]]
    if len(renamed) > _NAMED:
        some.append(f"and {len(renamed) - _NAMED} more")
    return (
        "These were collected before under the platform's id, and each would be two students: "
        f"{', '.join(some)}. Delete submitted/ID/{assignment} of the old id and collect again; if "
        "it was marked already, keep to the old ids and leave --students out."
    )


@click.command(cls=Command)
@click.argument("assignment")
@click.option(
    "--to",
    "platform",
    type=click.Choice(["moodle", "canvas", "csv"]),
    required=True,
    help="For which platform; csv is a plain table with every question.",
)
@click.option("--out", type=FILE, required=True, help="The file to write.")
@click.option(
    "--template",
    type=FILE,
    help="The platform's own file to fill: Moodle's grading worksheet, Canvas's gradebook.",
)
@_STUDENTS
@click.option("--column", help="The column to fill, where it is not found by its name.")
@click.option(
    "--scale",
    type=click.FloatRange(min=0, min_open=True),
    metavar="MAXIMUM",
    help="Turn points into points out of this many; 100 gives per cent.",
)
@click.option("--unfinished", is_flag=True, help="Export marks that still wait for a person too.")
@click.option("--comments", is_flag=True, help="Fill Moodle's feedback comments too.")
@COURSE
def export(  # noqa: PLR0913 (one for each option)
    assignment: str,
    *,
    platform: str,
    out: Path,
    template: Path | None,
    students: Path | None,
    column: str | None,
    scale: float | None,
    unfinished: bool,
    comments: bool,
    course: Path,
) -> None:
    """Write the marks of an ASSIGNMENT for a learning platform.

    An empty cell is not a zero: it stands where there is no mark yet. Exit code 3 if somebody's
    mark found no row in the template. For example:
    volens export a3-consent --to moodle --template worksheet.csv --out marks.csv
    """
    from volens.grader import exporting  # noqa: PLC0415

    settings = exporting.Settings(
        column=column, scale=scale, unfinished=unfinished, comments=comments
    )
    done = exporting.export(
        course, assignment, platform, out, template=template, ids=_read(students), settings=settings
    )
    _say_exported(done, out)
    raise SystemExit(NEEDS_A_PERSON if done.without_row else 0)


def _say_exported(done: Exported, out: Path) -> None:
    if done.matched_by:
        click.echo(f"Students were found by the column {done.matched_by}.")
    lists = (
        ("Left empty, because a person still has to mark something", done.waiting),
        ("Left empty, because there is no mark", done.unmarked),
        ("In the template, but not in the gradebook; left as they were", done.without_mark),
        ("Left as the platform has them (excused, or not assigned)", done.excused),
        ("NOT EXPORTED: these have a mark, but no row in the template", done.without_row),
    )
    for title, names in lists:
        if names:
            # A name may have a comma of its own: "Berg, Ann".
            click.echo(f"{title}: {'; '.join(names)}")
    click.echo(f"{out}: {done.written} marks.")
