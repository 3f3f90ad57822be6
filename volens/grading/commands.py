"""The commands for whoever marks; they load what they need when they run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from volens.grading.command_line import COURSE, EXPOSED, FILE, Command

if TYPE_CHECKING:
    from volens.grading.disputes import Regraded
    from volens.grading.marking_sheets import Imported

__all__ = ["disputes", "marks", "rubric"]

_SHARE = click.FloatRange(0, 100)


class _Group(click.Group):
    """A group of such commands; one of them may be the one that is meant by default.

    Its name then need not be typed: ``volens disputes a3-consent``.
    """

    command_class = Command
    by_default: str | None = None

    def resolve_command(
        self, context: click.Context, arguments: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if self.by_default and arguments and arguments[0] not in self.commands:
            return self.by_default, self.commands[self.by_default], arguments
        return super().resolve_command(context, arguments)


class _ListsByDefault(_Group):
    by_default = "list"


@click.command(cls=Command)
@click.argument("assignment")
@click.option("--question", help="One question only, by the id of its answer cell.")
@click.option("--brief", help="The anchors of one brief only.")
@click.option("--no-anchors", is_flag=True, help="Leave the anchor answers out.")
@click.option("--html", "file", type=FILE, help="Write a page to print instead.")
@COURSE
def rubric(
    assignment: str,
    *,
    question: str | None,
    brief: str | None,
    no_anchors: bool,
    file: Path | None,
    course: Path,
) -> None:
    """Print the marking sheet of an ASSIGNMENT: criteria, all levels, and anchor answers.

    For example: volens rubric a6-opinion
    """
    from volens.grading import marking_view  # noqa: PLC0415
    from volens.grading.rubric import read_rubrics, rubric_file  # noqa: PLC0415

    chosen = marking_view.select(
        read_rubrics(rubric_file(course.resolve(), assignment)), question, brief
    )
    if no_anchors:
        chosen = tuple((one, ()) for one, _ in chosen)
    if file is None:
        click.echo(marking_view.as_text(chosen))
    else:
        _write(file, marking_view.as_page(chosen))
        click.echo(f"{file}: open it in any browser, or print it.")


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(
            f"{file} could not be written ({error.strerror}). Name a file in a folder that exists."
        ) from None


@click.group(cls=_Group)
def marks() -> None:
    """Mark free text in a spreadsheet, criterion by criterion."""


@marks.command("sheet")
@click.argument("assignment")
@click.argument("file", type=FILE)
@click.option("--question", help="One question only, by the id of its answer cell.")
@COURSE
def _sheet(assignment: str, file: Path, *, question: str | None, course: Path) -> None:
    """Write an empty marking sheet, FILE, for everybody who handed in an ASSIGNMENT.

    It has one row for each student and question. For example: volens marks sheet a1-claims
    sheet.csv
    """
    from volens.grading.marking_sheets import empty_sheet  # noqa: PLC0415

    if file.exists():
        raise click.ClickException(f"{file} is there already. Name a new file.")
    _write(file, empty_sheet(course, assignment, question))
    click.echo(f"{file}: fill in marker, the points of one level for each criterion, a comment.")
    click.echo(f"`volens rubric {assignment}` prints the levels.")


@marks.command("import")
@click.argument("assignment")
@click.argument("sheets", nargs=-1, required=True, type=FILE)
@click.option("--check", is_flag=True, help="Say what would be written, and write nothing.")
@click.option("--third", metavar="MARKER", help="Whose reading decides where three have read.")
@click.option(
    "--apart",
    type=_SHARE,
    default=15,
    show_default=True,
    metavar="PER_CENT",
    help="Totals further apart than this share of the points need a third reading.",
)
@COURSE
def _import_sheets(
    assignment: str,
    sheets: Sequence[Path],
    *,
    check: bool,
    third: str | None,
    apart: float,
    course: Path,
) -> None:
    """Take the marks in SHEETS into the gradebook: all of them, or none if one is wrong.

    Two markers: the mean counts, and how far they agree is printed. Where they are far
    apart, nothing is written until a third has read the text.
    For example: volens marks import a1-claims mine.csv yours.csv --check
    """
    from volens.grading.marking_sheets import import_marks  # noqa: PLC0415

    done = import_marks(course, assignment, sheets, third=third, apart=apart / 100, write=not check)
    _say_agreement(done)
    waiting = [one for one in done.decisions if not one.decided]
    if waiting:
        click.echo("\nFar apart; a third marker reads these, then import again with --third:")
    for decision in waiting:
        click.echo(f"  {decision.student}, {decision.question}")
        for difference in decision.differences:
            click.echo(f"    {difference}")
    if done.left_empty:
        click.echo(f"\nLeft empty: {len(done.left_empty)} rows. These are not marked.")
    click.echo()
    for change in done.changes:
        before = "no mark" if change.before is None else f"{change.before:g}"
        click.echo(f"  {change.student}, {change.question}: {before} -> {change.after:g}")
    decided = sum(one.decided for one in done.decisions)
    verb = "would change" if check else "changed"
    click.echo(f"{decided} texts decided, {len(waiting)} wait, {len(done.changes)} marks {verb}.")


def _say_agreement(done: Imported) -> None:
    from volens.grading.marking_sheets import ENOUGH  # noqa: PLC0415

    said = ""
    for one in done.agreements:
        if one.question != said:
            said = one.question
            click.echo(f"{one.question}: two markers read {one.of} texts.")
            if one.of < ENOUGH:
                click.echo(
                    f"  With fewer than {ENOUGH} texts the number beyond chance means little."
                )
        click.echo(f"  {one}")


@click.group(cls=_ListsByDefault)
def disputes() -> None:
    """Read what students dispute, and decide.

    `volens disputes a3-consent` lists it: the word list may be left out.
    """


@disputes.command("list")
@click.argument("assignment")
@COURSE
def _list_disputes(assignment: str, *, course: Path) -> None:
    """List what the class disputes in an ASSIGNMENT, item by item, with the reasons.

    The cells are read as text and never run.
    """
    from volens.errors import GradingError  # noqa: PLC0415
    from volens.grading import disputes as room  # noqa: PLC0415

    decided = room.rulings(course, assignment)
    found, unreadable = room.disputes(course, assignment)
    for item in dict.fromkeys(one.item for one in found):
        click.echo(item)
        try:
            click.echo(f"  key: {room.key_of(course, assignment, item)}")
        except GradingError:
            click.echo("  key: none; this is no item of a list that is compared")
        for one in found:
            if room.same_item(one.item, item):
                click.echo(f"  {one.student}: {one.reason}")
        for ruling in decided:
            if room.same_item(ruling.item, item):
                click.echo(f"  {ruling}")
        click.echo()
    for lost in unreadable:
        click.echo(f"{lost.student}: {lost.why}")
    waiting = {
        one.item
        for one in found
        if not any(room.same_item(ruling.item, one.item) for ruling in decided)
    }
    students = len({one.student for one in found})
    click.echo(
        f"Reasons given: {len(found)}. Students: {students}. Items still open: {len(waiting)}."
    )


_ITEM = click.argument("item")
_BECAUSE = click.option("--because", required=True, help="The reason; students read it.")


@disputes.command("accept")
@click.argument("assignment")
@_ITEM
@click.option("--also", required=True, metavar="WORD", help="What counts as right as well.")
@click.option("--to", metavar="WORD", help="For numbers and times: from --also to this counts.")
@_BECAUSE
@click.option("--regrade", "again", is_flag=True, help="Mark the class again at once.")
@EXPOSED
@COURSE
def _accept_dispute(  # noqa: PLR0913 (one for each option)
    assignment: str,
    item: str,
    *,
    also: str,
    to: str | None,
    because: str,
    again: bool,
    exposed: bool,
    course: Path,
) -> None:
    """Let one more word count as right for an ITEM of an ASSIGNMENT.

    This changes the key in source/ and writes the ruling beside it. For example:
    volens disputes accept a3-consent "gates_table: V3: request" --also unclear --because "..."
    """
    from volens.grading import disputes as room  # noqa: PLC0415

    ruling = room.accept(course, assignment, item, also=also, because=because, to=to)
    click.echo(f"{ruling.item}: {room.key_of(course, assignment, item)}")
    click.echo(f"Written to source/{assignment}: the key, and the ruling in rulings.toml.")
    if again:
        _say_what_moved(room.regrade(course, assignment, _marker(exposed=exposed)))
    else:
        click.echo(f"Next: volens disputes regrade {assignment}")


@disputes.command("reject")
@click.argument("assignment")
@_ITEM
@_BECAUSE
@COURSE
def _reject_dispute(assignment: str, item: str, *, because: str, course: Path) -> None:
    """Leave the key of an ITEM as it is, and write down why."""
    from volens.grading import disputes as room  # noqa: PLC0415

    room.reject(course, assignment, item, because=because)
    click.echo(f"Written to source/{assignment}/rulings.toml. No mark changes.")
    click.echo(f"Next: volens disputes answer {assignment}")


@disputes.command("regrade")
@click.argument("assignment")
@EXPOSED
@COURSE
def _regrade_class(assignment: str, *, exposed: bool, course: Path) -> None:
    """Mark an ASSIGNMENT again for everybody, and say whose mark moved.

    What a person has marked stays.
    """
    from volens.grading import disputes as room  # noqa: PLC0415

    _say_what_moved(room.regrade(course, assignment, _marker(exposed=exposed)))


def _marker(*, exposed: bool) -> Callable[[Path, str], Iterable[tuple[str, str]]]:
    """Return what marks a class: the grader, with its sandbox or without."""
    from volens.grader.system import require_linux  # noqa: PLC0415

    require_linux()
    from volens.grader.results import PERSON  # noqa: PLC0415
    from volens.grader.whole_class import mark_class  # noqa: PLC0415

    def mark(course: Path, assignment: str) -> Iterable[tuple[str, str]]:
        rows = mark_class(course, assignment, sandboxed=not exposed).rows.values()
        records = (row.record for row in rows)
        return [(one.student, one.message) for one in records if one.state == PERSON]

    return mark


@disputes.command("answer")
@click.argument("assignment")
@COURSE
def _answer_disputes(assignment: str, *, course: Path) -> None:
    """Put the rulings into the feedback of whoever disputed.

    A student is answered once each item that he or she disputes has a ruling.
    """
    from volens.grading import disputes as room  # noqa: PLC0415

    answered = room.answer_students(course, assignment)
    click.echo(f"Answered: {', '.join(answered) or 'nobody'}.")
    click.echo(f"Next: nbgrader generate_feedback {assignment} --force")


def _say_what_moved(done: Regraded) -> None:
    for one in done.moved:
        click.echo(f"  {one.student}, {one.question}: {one.before:g} -> {one.after:g}")
    for student, (before, after) in done.totals.items():
        click.echo(f"  {student}, in all: {before:g} -> {after:g}")
    if not done.moved:
        click.echo("No mark moved.")
    for student, question in done.look_again:
        click.echo(f"  {student}, {question}: a person had set these points. Look again.")
    for student, why in done.not_marked:
        click.echo(f"  {student} was not marked. {why}")
