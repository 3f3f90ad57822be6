"""What the commands for whoever marks have in common."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from volens.errors import VolensError

__all__ = ["COURSE", "EXPOSED", "FILE", "NEEDS_A_PERSON", "Command"]

#: The exit code where a person must look: neither success nor an error.
NEEDS_A_PERSON = 3
FILE = click.Path(dir_okay=False, path_type=Path)
COURSE = click.option(
    "--course",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    help="The root of the course, with nbgrader_config.py; else the folder you are in.",
)
EXPOSED = click.option(
    "--no-sandbox",
    "exposed",
    is_flag=True,
    help="Run student code with your own rights: it can read and change whatever you can.",
)


def _as_one_message(error: Exception) -> click.ClickException:
    """Return an error that a person can mend as one message without a traceback."""
    if isinstance(error, ModuleNotFoundError):
        return click.ClickException(
            f"This needs {error.name}, which is not installed here. "
            "Use the instructors' environment: docs/instructors.md says how."
        )
    return click.ClickException(str(error))


class Command(click.Command):
    """A command that reports an error of ours as one message."""

    def invoke(self, context: click.Context) -> Any:  # noqa: ANN401 (click's own type)
        """Run the command."""
        try:
            return super().invoke(context)
        except (VolensError, ModuleNotFoundError) as error:
            raise _as_one_message(error) from None
