"""A student's entries as a file beside the notebook, written at every change."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["FOLDER", "Kept", "keep", "kept"]

#: Where the files lie, beside the notebook.
FOLDER = "answers"


@dataclass(frozen=True)
class Kept:
    """What a file holds.

    Attributes
    ----------
    data
        The entries as plain data; none where there is no file, or none that can be read.
    problem
        What is wrong with the file, in words; empty where nothing is.
    """

    data: Mapping[str, Any] | None
    problem: str = ""


def kept(file: Path) -> Kept:
    """Return what a file of entries holds.

    Parameters
    ----------
    file
        It need not exist.

    Examples
    --------
    >>> kept(Path("answers") / "no-such-board.json")
    Kept(data=None, problem='')
    """
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Kept(None)
    except (OSError, ValueError):
        return Kept(None, f"{_shown(file)} cannot be read. {_aside(file)}")
    if not isinstance(data, dict):
        return Kept(None, f"{_shown(file)} holds no saved entries. {_aside(file)}")
    return Kept(data)


def keep(file: Path, data: Mapping[str, Any], *, spare: bool = False) -> str:
    """Write entries to a file, whole or not at all, and say how it went.

    Parameters
    ----------
    file
        Its folder is made where it is missing.
    data
        The entries as plain data.
    spare
        Whether the file that is there now is put aside under another name first.

    Returns
    -------
    A sentence for the student. A file that cannot be written is no error: the browser keeps
    the entries too, and the sentence says what to do.
    """
    text = json.dumps(data, indent=2, ensure_ascii=False) + "\n"
    beside = file.with_name(f"{file.name}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if spare and file.exists():
            file.rename(_unused(file))
        beside.write_text(text, encoding="utf-8")
        beside.replace(file)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return (
            f"{_shown(file)} could not be written ({reason}). Your entries are kept in this "
            "browser only. Press Save for a file of your own."
        )
    return f"Saved in {_shown(file)}."


def _shown(file: Path) -> str:
    return f"{file.parent.name}/{file.name}"


def _aside(file: Path) -> str:
    return (
        f"It is kept: your next change puts it aside as {_shown(_unused(file))} and begins a "
        "new one. Ask your instructor if you need what it held."
    )


def _unused(file: Path) -> Path:
    """Return the first name for a file put aside that no file has yet."""
    number = 1
    while (other := file.with_name(f"{file.stem}-set-aside-{number}.json")).exists():
        number += 1
    return other
