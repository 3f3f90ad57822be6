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
from pathlib import Path, PurePosixPath
from typing import Any

from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import find_all_files, parse_utc

from volens.errors import GradingError, SubmissionError
from volens.grader.limits import Limits
from volens.grader.results import Repair
from volens.grader.whole_files import write_whole
from volens.grading.notebooks import read_notebook

__all__ = ["Folders", "Submission"]

_ENDING = ".ipynb"
_TIMESTAMP = "timestamp.txt"
_DEEPEST = 8
_MOST_FILES = 500
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
            raise GradingError(
                f"There is no notebook in {folder}. Look how the assignment is written, or make "
                f"the students' version with `nbgrader generate_assignment {self.assignment}`."
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
        notes: list[Repair] = []
        with _opened(self._submitted / student, self.assignment) as folder:
            found = _read_all(folder, limits, notes)
        notebooks, taken = _choose(found, names)
        notes += taken
        files = {
            path: content
            for path, content in found.items()
            if not path.endswith(_ENDING) and not self._ignores(path)
        }
        digests = {path: sha256(content).hexdigest() for path, content in sorted(found.items())}
        time = _time(found.get(_TIMESTAMP), notes)
        return Submission(student, notebooks, files, digests, tuple(notes), time)

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


def _read_all(folder: int, limits: Limits, notes: list[Repair]) -> dict[str, bytes]:
    """Read every ordinary file, path to content."""
    found: dict[str, bytes] = {}
    # The other half of its folder is for what the notebook writes.
    left = limits.scratch_bytes // 2
    for path, parent, name in _walk(folder, "", notes):
        is_notebook = path.endswith(_ENDING)
        allowed = limits.notebook_bytes if is_notebook else left
        content = _read(parent, name, path, allowed)
        if content is None:
            notes.append(_left_out(path))
            continue
        if not is_notebook:
            left -= len(content)
        found[path] = content
        if len(found) > _MOST_FILES:
            raise SubmissionError(
                "too-many-files",
                f"There are more than {_MOST_FILES} files. Delete what does not belong to the "
                "submission, and mark again.",
            )
    return found


def _walk(folder: int, prefix: str, notes: list[Repair]) -> Iterator[tuple[str, int, str]]:
    """Go through the files of a folder: path, the open folder that it is in, and its name."""
    with os.scandir(folder) as listed:
        entries = sorted(listed, key=lambda entry: entry.name)
    for entry in entries:
        path = f"{prefix}{_printable(entry.name)}"
        if entry.is_symlink():
            raise _link(path)
        if len(path.encode()) > _LONGEST_PATH:
            notes.append(_left_out(f"{path[:_NAMED]}..."))
            continue
        if entry.is_dir(follow_symlinks=False):
            if entry.name == ".ipynb_checkpoints":
                continue
            if path.count("/") >= _DEEPEST:
                raise SubmissionError(
                    "too-many-files", f"Folders lie too deep in one another at `{path}`."
                )
            with _inside(entry.name, folder, path) as inner:
                yield from _walk(inner, f"{path}/", notes)
        elif entry.is_file(follow_symlinks=False):
            yield path, folder, entry.name
        else:
            notes.append(_left_out(path))


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


def _read(parent: int, name: str, path: str, allowed: int) -> bytes | None:
    """Return the content of an ordinary file; ``None`` of anything else."""
    try:
        opened = os.open(name, _AS_FILE, dir_fd=parent)
    except OSError:
        # It has become something else since it was listed.
        raise _link(path) from None
    with open(opened, "rb") as file:  # noqa: PTH123 (it is open already)
        if not stat.S_ISREG(os.fstat(opened).st_mode):
            return None
        content = file.read(allowed + 1)
    if len(content) > allowed:
        raise SubmissionError(
            "too-large",
            f"`{path}` is too large: there is room for {allowed / (1 << 20):.0f} MiB. "
            "Look what is in it, shorten it, and mark again.",
        )
    return content


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


def _choose(
    found: Mapping[str, bytes], names: list[str]
) -> tuple[dict[str, bytes], tuple[Repair, ...]]:
    """Return the notebooks of the assignment, and a note if one has another name."""
    chosen = {name: found[f"{name}{_ENDING}"] for name in names if f"{name}{_ENDING}" in found}
    if chosen:
        return chosen, ()
    others = [path for path in found if path.endswith(_ENDING)]
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
