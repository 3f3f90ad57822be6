"""How learning platforms name what students hand in.

Checked against the platforms' own source:

- Moodle (mod/assign, ``downloader``): ``Full Name_12345_assignsubmission_file/`` with the
  file in it, up to version 4 with ``_`` at the end; or, without folders, all in one name. The
  number is that of *Participant 12345* in the grading worksheet. Underscores in a person's
  name become spaces, so the first number is the platform's.
- Canvas (``ContentZipper``): ``bergann_LATE_340934_208490284_a3-consent-1.ipynb``: the name in
  lower case without punctuation, the user, the file. ``-1`` is Canvas's own, where the
  student had sent a file of that name before. Files sent later have higher numbers. Typed
  text ends in ``_text.html``, an address in ``_link.html``. Without names it is
  ``anon_Ab3x9_208490284_``.

Neither writes the time of submission into the zip file: the times in it are those of the
download. They tell one download from the next and nothing else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from volens.errors import GradingError
from volens.grader.collecting.names import shown

__all__ = ["LAYOUTS", "Sender", "recognise", "sender"]

#: The layouts, from the most particular names to those that fit almost anything.
LAYOUTS: Final = ("moodle", "canvas", "named", "folders")

_MOODLE = re.compile(
    r"(?P<name>[^_]*)_(?P<id>\d{1,20})_assignsubmission_(?P<type>[a-z]+)(?:_(?P<file>.*))?",
    re.DOTALL,
)
# A look-ahead finds overlapping places too: a person's name may hold numbers of its own.
_CANVAS = re.compile(r"(?=_(?P<id>\d{1,20})_(?P<file>\d{1,20})_(?P<name>.+))", re.DOTALL)
# Where Canvas hides the names, five letters and digits stand for one.
_CANVAS_ANONYMOUS = re.compile(
    r"(?:LATE_)?anon_(?P<id>[A-Za-z0-9]{5})_(?P<file>\d{1,20})_(?P<name>.+)", re.DOTALL
)
_CANVAS_TYPED = re.compile(r".+_(?P<id>\d{1,20})_(?:text|link)\.html")
_NAMED = re.compile(r"(?P<id>[A-Za-z0-9-]+)_(?P<name>[^/]+\.ipynb)", re.IGNORECASE)
_SHOW = 3


@dataclass(frozen=True)
class Sender:
    """What a name says.

    Attributes
    ----------
    ids
        Who sent the file, by the platform's id; several where the name can be read in
        several ways, none where it does not say.
    name
        The file's own name, as the student called it.
    number
        The platform's number of the file, which grows with time; 0 where it has none.
    typed
        Whether it is text typed into the platform.
    """

    ids: tuple[str, ...]
    name: str
    number: int = 0
    typed: bool = False


def sender(layout: str, path: str) -> Sender:
    """Read who sent a file from its name.

    Parameters
    ----------
    layout
        One of :data:`LAYOUTS`.
    path
        The name inside the zip file or the folder.

    Examples
    --------
    >>> sender("moodle", "Ann Berg_12345_assignsubmission_file_/mine.ipynb")
    Sender(ids=('12345',), name='mine.ipynb', number=0, typed=False)
    >>> sender("canvas", "bergann_LATE_340_208_a3-consent-1.ipynb")
    Sender(ids=('340',), name='a3-consent-1.ipynb', number=208, typed=False)
    """
    parts = path.split("/")
    match layout:
        case "moodle":
            return _from_moodle(parts)
        case "canvas":
            return _from_canvas(parts[-1])
        case "named":
            found = _NAMED.fullmatch(parts[-1])
            return Sender((found["id"],), found["name"]) if found else Sender((), parts[-1])
        case _:
            return _from_folders(parts)


def recognise(paths: Iterable[str], assignment: str, source: str) -> str:
    """Return the layout that more than half of the files have.

    Parameters
    ----------
    paths
        The files of one source, by name; notebooks decide, where there are any.
    assignment
        Of which assignment.
    source
        The source, for the message.

    Raises
    ------
    GradingError
        If no layout fits more than half of them.
    """
    paths = list(paths)
    chosen = [path for path in paths if path.casefold().endswith(".ipynb")] or paths
    count = Counter(_natural(path, assignment) for path in chosen)
    for layout in LAYOUTS:
        if 2 * count[layout] > len(chosen):
            return layout
    some = ", ".join(map(shown, sorted(chosen)[:_SHOW])) or "no files"
    raise GradingError(
        f"{source}: expected files as a learning platform names them, got {some}. Say how they "
        "are named: --layout moodle (Name_12345_assignsubmission_file_), canvas "
        f"(name_340934_208490284_{assignment}.ipynb), named (STUDENT_{assignment}.ipynb) or "
        "folders (STUDENT/any.ipynb)."
    )


def _natural(path: str, assignment: str) -> str:
    """Return the first layout that a name fits; an empty word if none does."""
    for layout in LAYOUTS:
        read = sender(layout, path)
        if not read.ids:
            continue
        if layout != "named" or read.name.casefold() == f"{assignment}.ipynb".casefold():
            return layout
    return ""


def _from_moodle(parts: list[str]) -> Sender:
    for place, part in enumerate(parts):
        found = _MOODLE.fullmatch(part)
        if found:
            flat = place == len(parts) - 1
            name = (found["file"] or "") if flat else parts[-1]
            return Sender((found["id"],), name, typed=found["type"] != "file")
    return Sender((), parts[-1])


def _from_canvas(file: str) -> Sender:
    typed = _CANVAS_TYPED.fullmatch(file)
    if typed:
        return Sender((typed["id"],), file, typed=True)
    anonymous = _CANVAS_ANONYMOUS.fullmatch(file)
    found = [*([anonymous] if anonymous else []), *_CANVAS.finditer(file)]
    if not found:
        return Sender((), file)
    # Canvas itself reads the first two numbers. A name such as "x_1_2_y" would make them
    # somebody else's, so every reading is kept.
    first = found[0]
    ids = tuple(dict.fromkeys(one["id"] for one in found))
    return Sender(ids, first["name"], int(first["file"]))


def _from_folders(parts: list[str]) -> Sender:
    # `submitted/` is what nbgrader calls the folder that holds the students' own.
    if parts[0] == "submitted" and len(parts) > 2:  # noqa: PLR2004 (a folder, a student, a file)
        parts = parts[1:]
    if len(parts) == 1:
        return Sender((), parts[0])
    return Sender((parts[0],), parts[-1])
