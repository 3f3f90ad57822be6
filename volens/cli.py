"""The ``volens`` command: thin over the rest, and quick to start."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from importlib.metadata import version
from pathlib import Path
from typing import ParamSpec, TypeVar

import click

from volens.codebook import COURSE_CASE
from volens.errors import VolensError
from volens.grader import commands as grader
from volens.grader import intake_commands as intake
from volens.grading import commands as grading
from volens.widgets import KINDS

__all__ = ["main"]

P = ParamSpec("P")
R = TypeVar("R")


def _without_traceback(command: Callable[P, R]) -> Callable[P, R]:
    """Report an error of ours as one message."""

    @wraps(command)
    def wrapped(*arguments: P.args, **options: P.kwargs) -> R:
        try:
            return command(*arguments, **options)
        except VolensError as error:
            raise click.ClickException(str(error)) from None

    return wrapped


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("volens"), prog_name="volens")
def main() -> None:
    """Volens: a course on intervention by invitation.

    The commands read the course's evidence and check it, and collect, mark and export the work
    of a class. Each has its own --help.
    """


@main.command()
@_without_traceback
def tables() -> None:
    """List the tables of evidence, with what one row of each is."""
    from volens import codebook, evidence  # noqa: PLC0415 (commands load what they need)

    for name in codebook.table_names():
        described = codebook.table(name)
        click.echo(f"{name:18} {len(evidence.rows(name)):5} rows  {described.title}")


@main.command()
@click.argument("table")
@click.argument("ids", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print every column, as JSON.")
@_without_traceback
def show(table: str, ids: tuple[str, ...], *, as_json: bool) -> None:
    """Print rows of a TABLE by their IDS, as cards; all rows if no id is given.

    For example: volens show claims C009 C058
    """
    from volens import evidence  # noqa: PLC0415
    from volens.reading import Cards  # noqa: PLC0415

    rows = tuple(evidence.row(table, key) for key in ids) or evidence.rows(table)
    if as_json:
        content = [dict(row) for row in rows]
        click.echo(json.dumps(content, indent=2, ensure_ascii=False, default=str))
    else:
        click.echo(repr(Cards(table, rows)))


_PAGE = click.option(
    "--html",
    "file",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    required=True,
    help="The page to write.",
)


@main.command()
@click.argument("case", default=COURSE_CASE)
@_PAGE
@_without_traceback
def board(case: str, file: Path) -> None:
    """Write the weighing board of a CASE as a page that needs no course and no network."""
    _write_page("weighing-board", case, file)


@main.command()
@click.argument("kind", type=click.Choice(list(KINDS)), metavar="WIDGET")
@click.argument("case", default=COURSE_CASE)
@_PAGE
@_without_traceback
def page(kind: str, case: str, file: Path) -> None:
    """Write a WIDGET of a CASE as a page that needs no course and no network.

    For phones, projectors and hand-outs. For example: volens page consent-test --html test.html
    """
    _write_page(kind, case, file)


def _write_page(kind: str, case: str, file: Path) -> None:
    from volens.widgets import widget  # noqa: PLC0415

    text = widget(kind, case).to_page()
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(
            f"{file} could not be written ({error.strerror}). Name a file in a folder that exists."
        ) from None
    click.echo(f"{file}: open it in any browser.")


@main.command()
@click.argument("source_id")
@_without_traceback
def source(source_id: str) -> None:
    """Print a source as a reference in the style of OSCOLA, then as BibTeX.

    For example: volens source OJ
    """
    from volens import citations, evidence, references  # noqa: PLC0415

    row = evidence.row("sources", source_id)
    click.echo(f"{citations.oscola(row.id)}\n\n{citations.bibtex(row.id)}\n")
    click.echo(f"Kind: {row.type}. Own text read: {references.how_far(row)}.")
    if row.title_is != "as printed":
        click.echo(
            f"The title is not that of the page: {row.title_is}. Look it up before you cite."
        )
    for remark in (row.archive, row.caveat):
        if remark:
            click.echo(remark)


@main.command()
@click.argument("case", default="kazakhstan-2022")
@click.option("--position", required=True, help="A position by name or code: purpose-based or S3.")
@click.option("--inviter-test", help="Who may speak for the State; else as the position has it.")
@click.option("--act", help="An act of the case; else what all its acts have in common.")
@click.option("--burden", default="none", help="none, intervener or complainant.")
@click.option("--mixed-purposes", default="all", help="all, predominant or any.")
@click.option(
    "--known-on",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="The last day whose knowledge counts: 2022-01-06.",
)
@click.option("--legal-test", default="objective", help='objective or "reasonable belief".')
@click.option("--presume", multiple=True, metavar="ELEMENT", help="Met until shown otherwise.")
@click.option("--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text")
@_without_traceback
def assess(  # noqa: PLR0913 (one for each setting)
    case: str,
    *,
    position: str,
    inviter_test: str | None,
    act: str | None,
    burden: str,
    mixed_purposes: str,
    known_on: datetime | None,
    legal_test: str,
    presume: tuple[str, ...],
    form: str,
) -> None:
    """Judge a CASE on a position, and print the opinion.

    For example: volens assess kazakhstan-2022 --position S3 --burden intervener
    """
    from volens import opinions  # noqa: PLC0415
    from volens.reasoning import Standard  # noqa: PLC0415

    day = known_on.date() if known_on else None
    standard = Standard(burden, mixed_purposes, day, legal_test, presume)
    opinion = opinions.assess(case, position, standard, act=act, inviter_test=inviter_test)
    if form == "json":
        click.echo(json.dumps(opinions.as_data(opinion), indent=2, ensure_ascii=False))
    else:
        write = opinions.as_markdown if form == "markdown" else opinions.as_text
        click.echo(write(opinion).rstrip("\n"))


@main.command("check")
@click.argument("assignment")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON, for a program.")
def check_work(assignment: str, *, as_json: bool) -> None:
    """Look an ASSIGNMENT over before it is handed in; it is only read.

    Says what is still empty, what cannot be read, and whether a cell is missing, doubled or
    changed. ASSIGNMENT is a name or a file. Exit code 0 if it is ready, 1 if there is something
    left to do, 2 if there is no such file. For example: volens check a3-consent
    """
    from volens import handin  # noqa: PLC0415

    try:
        checked = handin.check(handin.find(assignment))
    except VolensError as error:
        raise click.UsageError(str(error)) from None
    if as_json:
        click.echo(json.dumps(checked.to_data(), indent=2, ensure_ascii=False))
    else:
        click.echo(checked.to_text().rstrip("\n"))
    raise SystemExit(0 if checked.ready else 1)


@main.group()
def data() -> None:
    """Look after the evidence."""


@data.command()
@click.option(
    "--accounts",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder with the accounts as plain text: no nine words in a row may come from it.",
)
@_without_traceback
def check(accounts: Path | None) -> None:
    """Check the tables, the doctrine and the cases; exit with 1 if something is wrong.

    Besides each cell: ids, references and links, intervals and their order, the sources
    behind what is called established, and the length of quotations.
    """
    from volens import audit, codebook  # noqa: PLC0415

    found = audit.faults(accounts)
    for fault in found:
        click.echo(fault, err=True)
    if found:
        click.echo(f"{len(found)} found. Mend the first; others may follow from it.", err=True)
        raise SystemExit(1)
    count = len(codebook.table_names())
    click.echo(f"{count} tables agree with their codebook; doctrine and cases are sound.")
    if accounts is None:
        click.echo("Words taken over from the accounts were not looked for: name their folder.")


@main.group()
def case() -> None:
    """Adapt the course to another case."""


@case.command()
@click.argument("slug")
@click.option("--title", required=True, help="The words to show.")
@click.option("--state", required=True, help="The State on whose territory it took place.")
@click.option("--period", required=True, help="First and last day: 2008-02-01/2009-03-31.")
@_without_traceback
def new(slug: str, title: str, state: str, period: str) -> None:
    """Write the files of an empty case, SLUG, into data/cases.

    docs/adapting.md says how to fill them.
    """
    from volens import adapting  # noqa: PLC0415

    for file in adapting.new_case(slug, title=title, state=state, period=period):
        click.echo(file)
    click.echo("Fill them as docs/adapting.md says; `volens data check` tells what is missing.")


for _command in (
    *(intake.collect, grader.grade, intake.export),
    *(grading.rubric, grading.marks, grading.disputes),
):
    main.add_command(_command)
