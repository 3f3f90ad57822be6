"""The folders of an assignment: what was handed in, and where marked notebooks go.

A submission is read with suspicion: no link is followed, nothing but ordinary files is
opened, and there is a bound on how much is read.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from hashlib import sha256
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import find_all_files, parse_utc

from volens.errors import GradingError, SubmissionError
from volens.grader.collecting.names import meant
from volens.grader.limits import Limits
from volens.grader.results import Repair
from volens.grader.whole_files import write_whole
from volens.grading.notebooks import read_notebook

__all__ = ["Folders", "Submission"]

_ENDING = ".ipynb"
_TIMESTAMP = "timestamp.txt"
_DEEPEST = 8
_MOST_FILES = 500
#: Files, folders and whatever else lies there.
_MOST_ENTRIES = 2_000
#: How much of a file is read at a time where its content is not kept.
_PIECE = 1 << 20
#: In bytes; while a file is written its name is a little longer, and systems end at 255.
_LONGEST_PATH = 200
_NAMED = 60
_AS_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# Without O_NONBLOCK a pipe that was put in the file's place would keep us waiting.
_AS_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@dataclass(frozen=True)
class Submission:
    """What somebody handed in.

    Attributes
    ----------
    student
        Whose it is.
    notebooks
        Name of a notebook of the assignment, without its ending, to the file's bytes.
    files
        Other files that go along, by their path with ``/``.
    digests
        SHA-256 of each file that was read, by its path.
    notes
        What was odd about the folder and was put up with.
    time
        When it was handed in, as ``timestamp.txt`` says.
    """

    student: str
    notebooks: Mapping[str, bytes]
    files: Mapping[str, bytes] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Repair, ...] = ()
    time: datetime | None = None


class Folders:
    """The folders of one assignment of a course.

    Parameters
    ----------
    course
        The folders of the course, as nbgrader knows them.
    assignment
        The assignment's name.
    """

    def __init__(self, course: CourseDirectory, assignment: str) -> None:
        self._course = course
        self.assignment = assignment
        self.root = Path(course.root)
        #: Where is written what was done.
        self.results = self.root / "results" / assignment
        self._submitted = self.root / course.submitted_directory
        # nbgrader: 664 where several instructors share a course, else 444.
        self._mode = 0o664 if course.groupshared else 0o444

    def students(self) -> list[str]:
        """Return who has handed in, in the order of their ids."""
        return sorted(
            path.name
            for path in self._submitted.glob("*")
            if not path.name.startswith(".") and os.path.lexists(path / self.assignment)
        )

    def released(self) -> dict[str, dict[str, Any]]:
        """Return the notebooks that students were given, by name.

        Raises
        ------
        GradingError
            If there are none, or one cannot be read.
        """
        folder = self._step(self._course.release_directory, ".")
        found = {}
        for file in sorted(folder.glob(f"*{_ENDING}")):
            try:
                found[file.name.removesuffix(_ENDING)] = read_notebook(file)
            except (OSError, ValueError) as error:
                raise GradingError(
                    f"{file} cannot be read ({error}). Make it again with "
                    f"`nbgrader generate_assignment {self.assignment} --force`."
                ) from None
        if not found:
            others = sorted(one.name for one in folder.parent.glob("[!.]*/"))
            raise GradingError(
                f"There is no notebook in {folder}.{meant(self.assignment, others)} Look how the "
                "assignment is written, or make the students' version with "
                f"`nbgrader generate_assignment {self.assignment} --force`."
            )
        return found

    def course_files(self) -> dict[str, bytes]:
        """Return the files that the course itself puts beside the notebooks."""
        folder = self._step(self._course.source_directory, ".")
        ignored = [*self._course.ignore, f"*{_ENDING}"]
        # Those that students may change: nbgrader leaves theirs in place.
        theirs = dict(self._course.config.get("Autograde", {})).get("exclude_overwriting", {})
        files = sorted(Path(file) for file in find_all_files(str(folder), ignored))
        return {
            path: file.read_bytes()
            for file in files
            if (path := file.relative_to(folder).as_posix()) not in theirs.get(self.assignment, ())
        }

    def submission(self, student: str, names: list[str], limits: Limits) -> Submission:
        """Read what a student handed in.

        Parameters
        ----------
        student
            Whose submission.
        names
            The notebooks of the assignment, without their ending.
        limits
            How much may be read.

        Raises
        ------
        SubmissionError
            If it has no notebook to mark, has links, or is too large.
        """
        reading = _Reading(names, limits)
        with _opened(self._submitted / student, self.assignment) as folder:
            reading.read(folder)
        notebooks, taken = _choose(reading, names)
        files = {
            path: content
            for path, content in reading.found.items()
            if not path.endswith(_ENDING) and not self._ignores(path)
        }
        time = _time(reading.found.get(_TIMESTAMP), reading.notes)
        digests = dict(sorted(reading.digests.items()))
        notes = (*reading.notes, *taken)
        return Submission(student, notebooks, files, digests, notes, time)

    def shelve(
        self, student: str, notebooks: Mapping[str, str], files: Mapping[str, bytes]
    ) -> None:
        """Put marked notebooks where nbgrader's formgrader looks for them.

        Parameters
        ----------
        student
            Whose they are.
        notebooks
            Name, without its ending, to text; a notebook without text was not handed in.
        files
            What else lies beside them.
        """
        folder = self._step(self._course.autograded_directory, student)
        wanted = dict(files)
        wanted |= {f"{name}{_ENDING}": text.encode() for name, text in notebooks.items() if text}
        # First what is there no more: a file may stand where a folder was, or the other way.
        for file in sorted(folder.rglob("*"), reverse=True):
            if file.is_dir() and not file.is_symlink():
                with suppress(OSError):  # a folder with something in it stays
                    file.rmdir()
            elif file.relative_to(folder).as_posix() not in wanted:
                file.unlink()
        for path, content in wanted.items():
            write_whole(folder / path, content, mode=self._mode)

    @staticmethod
    def beside(
        theirs: Mapping[str, bytes], ours: Mapping[str, bytes], names: Iterable[str]
    ) -> dict[str, bytes]:
        """Return the files beside the notebooks: the course's own, and those of a student.

        Of a student's files those are left out that would need a folder where a file of the
        course or a notebook is, or the other way round.

        Parameters
        ----------
        theirs, ours
            The student's, and the course's: path with ``/`` to content.
        names
            The notebooks of the assignment, without their ending.

        Examples
        --------
        >>> theirs = {"notes.txt": b"", "a3.ipynb/x.txt": b"", "data": b""}
        >>> sorted(Folders.beside(theirs, {"data/table.csv": b""}, ["a3"]))
        ['data/table.csv', 'notes.txt']
        """
        fixed = {*ours, *(f"{name}{_ENDING}" for name in names)}
        folders = {str(above) for path in fixed for above in PurePosixPath(path).parents}
        kept = {
            path: content
            for path, content in theirs.items()
            if path not in folders
            and fixed.isdisjoint(str(above) for above in PurePosixPath(path).parents)
        }
        return {**kept, **ours}

    def is_shelved(self, student: str, names: list[str]) -> bool:
        """Whether the marked notebooks of these names are there."""
        folder = self._step(self._course.autograded_directory, student)
        return all((folder / f"{name}{_ENDING}").is_file() for name in names)

    def _step(self, step: str, student: str) -> Path:
        return Path(os.path.normpath(self._course.format_path(step, student, self.assignment)))

    def _ignores(self, path: str) -> bool:
        return any(
            fnmatchcase(part, pattern)
            for part in path.split("/")
            for pattern in self._course.ignore
        )


# Reading a folder that is not to be trusted


@contextmanager
def _opened(student: Path, assignment: str) -> Iterator[int]:
    try:
        outer = os.open(student, _AS_FOLDER)
        try:
            inner = os.open(assignment, _AS_FOLDER, dir_fd=outer)
        finally:
            os.close(outer)
    except OSError:
        raise _link(f"{student.name}/{assignment}") from None
    try:
        yield inner
    finally:
        os.close(inner)


class _Reading:
    """What is read of one folder.

    A notebook that cannot be the one to mark leaves its digest and no more: there may be
    hundreds, of any length.

    Parameters
    ----------
    names
        The notebooks of the assignment, without their ending.
    limits
        How much may be read.
    """

    def __init__(self, names: list[str], limits: Limits) -> None:
        self.found: dict[str, bytes] = {}
        self.digests: dict[str, str] = {}
        self.notes: list[Repair] = []
        self._expected = {f"{name}{_ENDING}" for name in names}
        self._longest = limits.notebook_bytes
        #: One more than there should be, for copies that lie beside them.
        self._notebooks = _Room("All notebooks", (len(names) + 1) * limits.notebook_bytes)
        # The other half of its folder is for what the notebook writes.
        self._others = _Room("All files but notebooks", limits.scratch_bytes // 2)
        self._entries = 0

    def read(self, folder: int) -> None:
        """Read every ordinary file of a folder that is open."""
        for path, parent, name in self._walk(folder, ""):
            with _ordinary(parent, name, path) as file:
                if file is None:
                    self.notes.append(_left_out(path))
                else:
                    self._take(path, file)
            if len(self.digests) > _MOST_FILES:
                raise _too_many(f"more than {_MOST_FILES} files")

    @property
    def notebooks(self) -> list[str]:
        """The paths of all notebooks, in the order of their names."""
        return [path for path in self.digests if path.endswith(_ENDING)]

    def _take(self, path: str, file: BinaryIO) -> None:
        is_notebook = path.endswith(_ENDING)
        size = os.fstat(file.fileno()).st_size
        if is_notebook and size > self._longest:
            raise _too_large(f"`{path}` has", size, self._longest)
        room = self._notebooks if is_notebook else self._others
        room.fill(path, size)
        # One that has another name counts where it is the only one.
        if not is_notebook or path in self._expected or not self.notebooks:
            content = file.read(size)
            self.found[path] = content
            self.digests[path] = sha256(content).hexdigest()
        else:
            self.digests[path] = _digest(file, size)

    def _walk(self, folder: int, prefix: str) -> Iterator[tuple[str, int, str]]:
        """Go through the files: path, the open folder that it is in, and its name."""
        for entry in self._listed(folder):
            path = f"{prefix}{_printable(entry.name)}"
            if entry.is_symlink():
                raise _link(path)
            if len(path.encode()) > _LONGEST_PATH:
                self.notes.append(_left_out(f"{path[:_NAMED]}..."))
                continue
            if entry.is_dir(follow_symlinks=False):
                if entry.name == ".ipynb_checkpoints":
                    continue
                if path.count("/") >= _DEEPEST:
                    raise SubmissionError(
                        "too-many-files", f"Folders lie too deep in one another at `{path}`."
                    )
                with _inside(entry.name, folder, path) as inner:
                    yield from self._walk(inner, f"{path}/")
            elif entry.is_file(follow_symlinks=False):
                yield path, folder, entry.name
            else:
                self.notes.append(_left_out(path))

    def _listed(self, folder: int) -> list[os.DirEntry[str]]:
        with os.scandir(folder) as listed:
            entries = list(islice(listed, _MOST_ENTRIES - self._entries + 1))
        self._entries += len(entries)
        if self._entries > _MOST_ENTRIES:
            raise _too_many(f"more than {_MOST_ENTRIES} files and folders")
        return sorted(entries, key=lambda entry: entry.name)


@dataclass
class _Room:
    """How many bytes there may be of something."""

    what: str
    most: int
    taken: int = 0

    def fill(self, path: str, size: int) -> None:
        """Count a file, or refuse it."""
        self.taken += size
        if self.taken > self.most:
            raise _too_large(f"{self.what} up to `{path}` together have", self.taken, self.most)


def _digest(file: BinaryIO, size: int) -> str:
    """Return the SHA-256 of so many bytes of a file, and keep nothing."""
    digest = sha256()
    while piece := file.read(min(size, _PIECE)):
        size -= len(piece)
        digest.update(piece)
    return digest.hexdigest()


@contextmanager
def _inside(name: str, parent: int, path: str) -> Iterator[int]:
    try:
        folder = os.open(name, _AS_FOLDER, dir_fd=parent)
    except OSError:
        raise _link(path) from None
    try:
        yield folder
    finally:
        os.close(folder)


@contextmanager
def _ordinary(parent: int, name: str, path: str) -> Iterator[BinaryIO | None]:
    """Open an ordinary file; anything else is ``None``."""
    try:
        opened = os.open(name, _AS_FILE, dir_fd=parent)
    except OSError:
        # It has become something else since it was listed.
        raise _link(path) from None
    with open(opened, "rb") as file:  # noqa: PTH123 (it is open already)
        yield file if stat.S_ISREG(os.fstat(opened).st_mode) else None


def _too_large(what: str, size: int, room: int) -> SubmissionError:
    return SubmissionError(
        "too-large",
        f"{what} {size:,} bytes, and there is room for {room:,} ({room >> 20} MiB). Look what is "
        "in there, take out what does not belong to the submission, and mark again.",
    )


def _too_many(what: str) -> SubmissionError:
    return SubmissionError(
        "too-many-files",
        f"There are {what}. Delete what does not belong to the submission, and mark again.",
    )


def _printable(name: str) -> str:
    """Return the name of a file as text that can be shown and sent."""
    text = name.encode("utf-8", "backslashreplace").decode()
    return "".join(sign if sign.isprintable() else "_" for sign in text)


def _link(path: str) -> SubmissionError:
    return SubmissionError(
        "link",
        f"`{path}` cannot be read as an ordinary file or folder: it is a link, or closed. "
        "Put the file itself in its place, and mark again.",
    )


def _left_out(path: str) -> Repair:
    return Repair(
        "not-a-file",
        "",
        f"`{path}` is not an ordinary file with an ordinary name, and was left out.",
    )


def _choose(reading: _Reading, names: list[str]) -> tuple[dict[str, bytes], tuple[Repair, ...]]:
    """Return the notebooks of the assignment, and a note if one has another name."""
    found = reading.found
    chosen = {name: found[f"{name}{_ENDING}"] for name in names if f"{name}{_ENDING}" in found}
    if chosen:
        return chosen, ()
    others = reading.notebooks
    expected = " and ".join(f"`{name}{_ENDING}`" for name in names)
    if not others:
        raise SubmissionError(
            "no-notebook",
            f"There is no notebook; expected {expected}. Ask for the file again.",
        )
    if len(others) > 1 or len(names) > 1:
        raise SubmissionError(
            "which-file",
            f"{expected} is not there, but {', '.join(f'`{path}`' for path in others[:5])}. "
            "Rename the one that counts, and mark again.",
        )
    note = f"`{others[0]}` was taken for {expected}: it is the only notebook that was handed in."
    return {names[0]: found[others[0]]}, (Repair("file-renamed", "", note),)


def _time(content: bytes | None, notes: list[Repair]) -> datetime | None:
    if content is None or not content.strip():
        return None
    try:
        # nbgrader's own reading: UTC, without a time zone.
        time: datetime = parse_utc(content.decode().strip())
    except (ValueError, OverflowError):
        notes.append(
            Repair("timestamp-unreadable", "", f"`{_TIMESTAMP}` has no time in it: none was taken.")
        )
        return None
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time
