"""Zip files and folders with submissions: listed and read, never unpacked.

Nothing is written under a name that stands in a source, and no link is followed. A
source is opened by whoever collects, with that person's rights, so a link in it could
show any of that person's files to a student.
"""

from __future__ import annotations

import os
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Protocol

from volens.errors import GradingError, SubmissionError
from volens.grader.collecting.names import is_junk, name_problem
from volens.grader.limits import Limits

__all__ = ["ENTRIES", "NOTEBOOK_BYTES", "RATIO", "Entry", "Source", "opened"]

#: A class of 3,000 that sends six files each; listing more costs memory for nothing.
ENTRIES = 20_000
#: What the grader takes; a notebook with many pictures has 5 MB.
NOTEBOOK_BYTES = Limits().notebook_bytes
#: Notebooks shrink to a fifth, with empty pictures to a fiftieth. Bombs reach a thousandth.
RATIO = 200
#: From here on all files together must not unpack to more than that share of the zip file:
#: files that lie over each other in it each look harmless.
TOGETHER = 1 << 30
#: Below this, a file that shrinks well is just a small file.
_RATIO_FROM = 1 << 20
#: How deep folders may lie in each other; platforms use two levels, file systems end.
_DEPTH = 8
_ENCRYPTED = 0x1
_LINK = ("link", "It is a link to another place, not a file.")
_TOO_DEEP = ("too-deep", f"It lies in more than {_DEPTH} folders, and was not looked into.")
_NO_FILE = ("no-file", "It is a device or something like it, not a file.")
#: The date in a zip file where no date was given.
_NO_DATE = (1980, 1, 1, 0, 0, 0)
_DAMAGED = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
    struct.error,
)


@dataclass(frozen=True)
class Entry:
    """One file of a source.

    Attributes
    ----------
    source
        The zip file or folder.
    path
        The name in it, with ``/``.
    place
        Which of the files of the source; two of one name are two.
    size
        How long it says it is.
    time
        When it was last written, as far as the source knows; ``None`` where it does not.
    refused
        A code and a reason, where it must not be opened.
    """

    source: str
    path: str
    place: int
    size: int
    time: datetime | None
    refused: tuple[str, str] | None = None


class Source(Protocol):
    """Something with submissions in it."""

    @property
    def name(self) -> str:
        """What a person calls it."""

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Its files, without folders and without what operating systems leave."""

    @property
    def passed_over(self) -> int:
        """How many files operating systems and Jupyter left there."""

    def read(self, entry: Entry) -> bytes:
        """Return what is in a file; raises SubmissionError where it cannot be had."""


@contextmanager
def opened(path: Path) -> Iterator[Source]:
    """Open a zip file or a folder.

    Raises
    ------
    GradingError
        If it is neither, or cannot be read at all.
    """
    if path.is_dir():
        yield _Folder(path)
        return
    if not path.is_file():
        raise GradingError(f"{path} is not there. Name a zip file, or a folder with submissions.")
    try:
        archive = zipfile.ZipFile(path)
    except _DAMAGED as error:
        raise GradingError(
            f"{path.name}: expected a zip file, got something that cannot be opened as one "
            f"({_why(error)}). Download it again; it may have been cut off."
        ) from None
    with archive:
        yield _Archive(path, archive)


def _why(error: BaseException) -> str:
    return str(getattr(error, "strerror", None) or str(error) or type(error).__name__)


class _Archive:
    """A zip file."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        name = path.name
        # `filename` ends at the first null character; what was written there is the other.
        infos = [one for one in archive.infolist() if not one.orig_filename.endswith("/")]
        if len(infos) > ENTRIES:
            raise GradingError(
                f"{name}: expected at most {ENTRIES} files, got {len(infos)}. Is this the "
                "platform's zip file of one assignment?"
            )
        self.name = name
        self._archive = archive
        self._infos = infos
        names = Counter(info.orig_filename for info in infos)
        found = [
            Entry(
                name,
                info.orig_filename,
                place,
                info.file_size,
                _zip_time(info),
                _refused(info, names),
            )
            for place, info in enumerate(infos)
        ]
        together = sum(
            one.size for one in found if one.refused is None and one.size <= NOTEBOOK_BYTES
        )
        if together > max(TOGETHER, RATIO * path.stat().st_size):
            raise GradingError(
                f"{name}: expected the files of a class, got a zip file that unpacks to more than "
                f"{RATIO} times its length. No platform writes that; look where it comes from."
            )
        self.entries = tuple(one for one in found if not is_junk(one.path))
        self.passed_over = len(found) - len(self.entries)

    def read(self, entry: Entry) -> bytes:
        _refuse(entry)
        try:
            with self._archive.open(self._infos[entry.place]) as file:
                # Not what it says it is, but what comes out.
                content = file.read(NOTEBOOK_BYTES + 1)
        except _DAMAGED as error:
            raise SubmissionError(
                "damaged-zip",
                f"It cannot be unpacked ({_why(error)}). Download the zip file again, or ask "
                "the student for the file.",
            ) from None
        return _not_too_long(content)


def _zip_time(info: zipfile.ZipInfo) -> datetime | None:
    if info.date_time == _NO_DATE:
        return None
    try:
        return datetime(*info.date_time, tzinfo=UTC)
    except ValueError:
        return None


def _refused(info: zipfile.ZipInfo, names: Counter[str]) -> tuple[str, str] | None:
    """Say why a member of a zip file must not be opened."""
    problem = name_problem(info.orig_filename)
    if problem:
        return problem
    kind = stat.S_IFMT(info.external_attr >> 16)
    bomb = info.file_size > max(_RATIO_FROM, RATIO * info.compress_size)
    problems = (
        (names[info.orig_filename] > 1, "name-twice", "The zip file has two files of this name."),
        (kind == stat.S_IFLNK, *_LINK),
        (kind not in {0, stat.S_IFREG}, *_NO_FILE),
        (
            bool(info.flag_bits & _ENCRYPTED),
            "encrypted",
            "It is locked with a password. Ask the student for the file itself.",
        ),
        (bomb, "zip-bomb", f"Unpacked it would be more than {RATIO} times as long."),
    )
    return next(((code, reason) for found, code, reason in problems if found), None)


class _Folder:
    """A folder, which may change while it is read: every file is looked at once it is open."""

    def __init__(self, root: Path) -> None:
        self.name = root.name or str(root)
        self._root = root
        found = list(islice(self._walk(""), ENTRIES + 1))
        if len(found) > ENTRIES:
            raise GradingError(
                f"{self.name}: expected at most {ENTRIES} files, got more. Name the folder with "
                "the submissions of one assignment."
            )
        self.entries = tuple(one for one in found if not is_junk(one.path))
        self.passed_over = len(found) - len(self.entries)

    def _walk(self, below: str, depth: int = 0) -> Iterator[Entry]:
        try:
            with os.scandir(self._root / below) as listing:
                inside = sorted(listing, key=lambda one: one.name)
        except OSError as error:
            yield Entry(self.name, below, 0, 0, None, ("unreadable", f"{_why(error)}."))
            return
        for one in inside:
            path = f"{below}/{one.name}" if below else one.name
            if one.is_dir(follow_symlinks=False) and not name_problem(path):
                if is_junk(path):
                    continue
                if depth < _DEPTH:
                    yield from self._walk(path, depth + 1)
                else:
                    yield Entry(self.name, path, 0, 0, None, _TOO_DEEP)
            else:
                yield self._entry(path, one)

    def _entry(self, path: str, found: os.DirEntry[str]) -> Entry:
        try:
            status = found.stat(follow_symlinks=False)
        except OSError as error:
            return Entry(self.name, path, 0, 0, None, ("unreadable", f"{_why(error)}."))
        time = datetime.fromtimestamp(status.st_mtime, UTC)
        problem = name_problem(path)
        if stat.S_ISLNK(status.st_mode):
            problem = _LINK
        elif not stat.S_ISREG(status.st_mode):
            problem = problem or _NO_FILE
        return Entry(self.name, path, 0, status.st_size, time, problem)

    def read(self, entry: Entry) -> bytes:
        _refuse(entry)
        try:
            with os.fdopen(self._open(entry.path), "rb") as file:
                if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                    raise SubmissionError(*_NO_FILE)
                content = file.read(NOTEBOOK_BYTES + 1)
        except OSError as error:
            raise SubmissionError("unreadable", f"It cannot be read ({_why(error)}).") from None
        return _not_too_long(content)

    def _open(self, path: str) -> int:
        """Open a file step by step, so that no folder on the way is a link."""
        *folders, name = path.split("/")
        place = os.open(self._root, os.O_RDONLY | os.O_DIRECTORY)
        try:
            for folder in folders:
                flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
                below = os.open(folder, flags, dir_fd=place)
                os.close(place)
                place = below
            # Without O_NONBLOCK, opening a pipe would wait for somebody to write into it.
            return os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=place)
        finally:
            os.close(place)


def _refuse(entry: Entry) -> None:
    if entry.refused:
        raise SubmissionError(*entry.refused)
    if entry.size > NOTEBOOK_BYTES:
        _not_too_long(b"", entry.size)


def _not_too_long(content: bytes, size: int | None = None) -> bytes:
    if (len(content) if size is None else size) > NOTEBOOK_BYTES:
        raise SubmissionError(
            "too-large",
            f"It is longer than {NOTEBOOK_BYTES >> 20} MB. Ask the student to clear the outputs "
            "(*Clear Outputs of All Cells*), save, and send it again.",
        )
    return content
