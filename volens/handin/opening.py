"""A student's file, as far as it can be read: only read, whatever is in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from volens.errors import AnswerError

__all__ = ["LARGE", "TOO_LARGE", "Found", "is_mixed", "is_web_page", "opened"]

#: From here on the size is mentioned: a learning platform may refuse the file.
LARGE = 10_000_000
#: From here on a file is not read.
TOO_LARGE = 300_000_000

_FORMAT = 4
_AGAIN = (
    "In JupyterLab, choose *Revert Notebook to Checkpoint* in the *File* menu. If that does not "
    "help, take a fresh copy of the assignment and copy your answers into it."
)
_MIXED = (
    "holds two versions mixed into one, with lines such as `<<<<<<<`, as Git leaves them when it "
    "cannot decide. Choose one of the two versions; if you do not use Git, ask whoever does."
)


@dataclass(frozen=True)
class Found:
    """A cell as it stands in the student's file.

    Attributes
    ----------
    id, label
        The id that the notebook gives it, and the one that nbgrader gives it; either may be empty.
    type
        ``code``, ``markdown`` or ``raw``.
    source
        Its text.
    """

    id: str
    label: str
    type: str
    source: str

    @property
    def checksum(self) -> str:
        """SHA-256 of its text, whatever marks the ends of its lines."""
        return sha256(self.source.replace("\r\n", "\n").encode("utf-8", "replace")).hexdigest()

    @property
    def opening_words(self) -> str:
        """The first line that is not empty, cut short."""
        line = next((line.strip() for line in self.source.splitlines() if line.strip()), "")
        return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 3]}..."


_SHOWN = 40


def opened(file: Path) -> tuple[Found, ...]:
    """Return the cells of a file.

    Raises
    ------
    AnswerError
        If it is no notebook that can be read; the message says what it is, and what to do.
    """
    try:
        if file.stat().st_size > TOO_LARGE:
            raise AnswerError(
                f"{file.name} is larger than {TOO_LARGE // 1_000_000} MB. In JupyterLab, choose "
                "*Clear Outputs of All Cells* in the *Edit* menu, and save."
            )
        content = file.read_bytes()
    except OSError as error:
        raise AnswerError(
            f"{file.name} cannot be opened ({error.strerror or type(error).__name__})."
        ) from None
    return _cells(_notebook(content, file.name))


def is_web_page(content: bytes) -> bool:
    """Return whether a file is a web page, which a browser saves in place of a notebook.

    Examples
    --------
    >>> is_web_page(b"<!DOCTYPE html>"), is_web_page(b"<<<<<<< mine")
    (True, False)
    """
    first = content.lstrip(b"\xef\xbb\xbf \r\n\t")[:1]
    return first == b"<" and b"<<<<<<<" not in content[:200]


def is_mixed(content: bytes) -> bool:
    r"""Return whether Git has left two versions in a file, with its marks between them.

    Examples
    --------
    >>> is_mixed(b"<<<<<<< mine\n1\n=======\n2\n>>>>>>> theirs")
    True
    """
    return b"<<<<<<< " in content and b">>>>>>> " in content


def _notebook(content: bytes, name: str) -> list[Any]:
    if not content.strip():
        raise AnswerError(f"{name} is empty. {_AGAIN}")
    if is_web_page(content):
        raise AnswerError(
            f"{name} is a web page and no notebook. Download the notebook itself: in JupyterLab, "
            "with *Download* in the *File* menu."
        )
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        if is_mixed(content):
            raise AnswerError(f"{name} {_MIXED}") from None
        line = getattr(error, "lineno", 0)
        where = f": from its line {line} on it cannot be read" if line else ""
        raise AnswerError(f"{name} is damaged{where}. {_AGAIN}") from None
    if not isinstance(data, Mapping):
        raise AnswerError(f"{name} is no notebook. {_AGAIN}")
    if "worksheets" in data or _older(data.get("nbformat")):
        raise AnswerError(
            f"{name} is in an old form of notebook. Open it in JupyterLab and save it."
        )
    cells = data.get("cells")
    if not isinstance(cells, list):
        raise AnswerError(f"{name} is no notebook: it has no cells. {_AGAIN}")
    return cells


def _older(version: object) -> bool:
    return isinstance(version, int) and version < _FORMAT


def _cells(cells: list[Any]) -> tuple[Found, ...]:
    found = []
    for cell in cells:
        if not isinstance(cell, Mapping):
            continue
        found.append(
            Found(
                id=_text(cell.get("id")),
                label=_text(_part(_part(cell, "metadata"), "nbgrader").get("grade_id")),
                type=_text(cell.get("cell_type")),
                source=_text(cell.get("source")),
            )
        )
    return tuple(found)


def _part(of: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = of.get(key)
    return found if isinstance(found, Mapping) else {}


def _text(found: object) -> str:
    if isinstance(found, list):
        return "".join(line for line in found if isinstance(line, str))
    return found if isinstance(found, str) else ""
