"""The ``volens`` command: thin over the rest, and quick to start."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from importlib.metadata import version
from pathlib import Path
from typing import ParamSpec, TypeVar

import click

from volens.errors import DataError, VolensError

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

    The commands read the course's evidence and check it. Each has its own --help.
    """


@main.command()
@_without_traceback
def tables() -> None:
    """List the tables of evidence, with what one row of each is."""
    from volens import evidence  # noqa: PLC0415 (commands load what they need)

    for name in evidence.table_names():
        described = evidence.table(name)
        click.echo(f"{name:12} {len(evidence.rows(name)):5} rows  {described.title}")


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


@main.command()
@click.argument("case", default="kazakhstan-2022")
@click.option(
    "--html",
    "file",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    required=True,
    help="The page to write.",
)
@_without_traceback
def board(case: str, file: Path) -> None:
    """Write the weighing board of a CASE as a page that needs no course and no network."""
    from volens.widgets.weighing_board import board_page  # noqa: PLC0415

    file.write_text(board_page(case), encoding="utf-8")
    click.echo(f"{file}: open it in any browser.")


@main.command("check-data")
@_without_traceback
def check_data() -> None:
    """Check the tables, the doctrine and the cases; exit with 1 if something is wrong."""
    from volens import cases, doctrine, evidence  # noqa: PLC0415

    problems = list(evidence.check())
    try:
        doctrine.relations()
        for folder in sorted((evidence.data_directory() / "cases").iterdir()):
            cases.case(folder.name)
    except DataError as error:
        problems.append(str(error))
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        raise SystemExit(1)
    count = len(evidence.table_names())
    click.echo(f"{count} tables agree with their codebook; doctrine and cases are sound.")
