"""From what a learning platform gives out to ``submitted/``, file by file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from nbgrader.utils import parse_utc

from volens.errors import GradingError, SubmissionError
from volens.grader.collecting.choosing import Choice, File, choose
from volens.grader.collecting.layouts import LAYOUTS, Sender, recognise, sender
from volens.grader.collecting.names import clash_key, meant, shown, student_problem
from volens.grader.collecting.outcomes import (
    COLLECTED,
    OLDER,
    REFUSED,
    UNCHANGED,
    Collected,
    Outcome,
    State,
)
from volens.grader.collecting.placing import Arrival, Desk
from volens.grader.collecting.sources import Entry, Source, opened
from volens.grading.gradebook import coursedir

__all__ = ["collect"]

#: What is wrong with how a file is packed; it matters for notebooks only.
_OF_CONTENT = {"encrypted", "zip-bomb"}
_STAMP = "timestamp.txt"
_STAMP_BYTES = 100


@dataclass(frozen=True)
class _Sent:
    """One file with what its name says."""

    place: int
    source: int
    layout: str
    entry: Entry
    says: Sender

    @property
    def notebook(self) -> bool:
        return self.says.name.casefold().endswith(".ipynb") and not self.says.typed


@dataclass
class _Student:
    """What one student has sent."""

    notebooks: list[_Sent] = field(default_factory=list)
    others: list[_Sent] = field(default_factory=list)


def collect(
    course: Path,
    assignment: str,
    sources: Sequence[Path],
    *,
    layout: str = "auto",
    students: Mapping[str, str] | None = None,
    replace: bool = False,
    dry: bool = False,
) -> Collected:
    """Sort what students sent into ``submitted/``.

    Every notebook ends with an outcome, and none stops the others.

    Parameters
    ----------
    course
        The root of the course.
    assignment
        Of which assignment.
    sources
        Zip files and folders.
    layout
        How their files are named; ``auto`` recognises it.
    students
        The platform's ids to students' ids; without it they are the same.
    replace
        Whether what comes in wins even where it seems to be older.
    dry
        Whether to say what would happen, and write nothing.

    Raises
    ------
    GradingError
        If there is no such assignment, or a source cannot be read at all.
    """
    directory = coursedir(course)
    root = Path(directory.root)
    known = _assignments(root, (directory.source_directory, directory.release_directory))
    if assignment not in known:
        raise GradingError(
            f"There is no assignment `{assignment}`.{meant(assignment, known)} "
            f"The assignments are: {', '.join(known) or 'none yet'}."
        )
    submitted = root / directory.submitted_directory
    with ExitStack() as stack:
        open_sources = [stack.enter_context(opened(path)) for path in sources]
        intake = _Intake(assignment, set(known) - {assignment}, open_sources, students)
        layouts = intake.list_files(layout)
        intake.refuse_clashes(submitted)
        renamed = _renamed(students or {}, submitted, assignment)
        desk = Desk(submitted, root / "results" / assignment, assignment, replace=replace, dry=dry)
        try:
            for student in sorted(intake.students):
                intake.take(student, desk)
        finally:
            desk.close()
    passed_over = sum(one.passed_over for one in open_sources)
    return Collected(layouts, tuple(intake.outcomes), intake.left_out, passed_over, renamed)


def _assignments(root: Path, folders: Sequence[str]) -> list[str]:
    return sorted(
        {one.name for folder in folders for one in (root / folder).glob("*") if one.is_dir()}
    )


def _renamed(
    students: Mapping[str, str], submitted: Path, assignment: str
) -> tuple[tuple[str, str], ...]:
    """Return who was collected under the platform's id, before a table gave another."""
    own = set(students.values())
    return tuple(
        (platform, student)
        for platform, student in students.items()
        if platform not in own
        and student_problem(platform) is None
        and (submitted / platform / assignment).is_dir()
    )


class _Intake:
    """One intake: who sent what, and what became of it."""

    def __init__(
        self,
        assignment: str,
        other_assignments: set[str],
        sources: Sequence[Source],
        ids: Mapping[str, str] | None,
    ) -> None:
        self._assignment = assignment
        self._other_assignments = other_assignments
        self._sources = sources
        self._ids = ids
        self._count = 0
        self._stamps: dict[tuple[int, str], Entry] = {}
        self.students: dict[str, _Student] = {}
        self.outcomes: list[Outcome] = []
        self.left_out = 0

    # Who sent what

    def list_files(self, layout: str) -> dict[str, str]:
        """Read whose every file is, and return the layout of each source."""
        layouts = {}
        for number, source in enumerate(self._sources):
            # What is refused for its name has no say in this: a link may be called anything.
            paths = [
                one.path
                for one in source.entries
                if one.refused is None or one.refused[0] in _OF_CONTENT
            ]
            if layout in LAYOUTS:
                found = layout
            elif paths or not source.entries:
                found = recognise(paths, self._assignment, source.name)
            else:
                found = LAYOUTS[-1]  # everything in it is refused
            layouts[source.name] = found
            for entry in source.entries:
                says = sender(found, entry.path)
                self._list(_Sent(self._count, number, found, entry, says))
                self._count += 1
        return layouts

    def _list(self, sent: _Sent) -> None:
        refused = sent.entry.refused
        if refused and (sent.notebook or refused[0] not in _OF_CONTENT):
            self._end(sent, REFUSED, refused[0], "", refused[1])
            return
        *folders, name = sent.entry.path.split("/")
        if name == _STAMP and sent.layout == "folders" and sent.entry.size <= _STAMP_BYTES:
            self._stamps[sent.source, "/".join(folders)] = sent.entry
            return
        if sent.layout == "folders" and self._other_assignments.intersection(folders[1:]):
            self.left_out += 1
            return
        try:
            student = self._whose(sent.says)
        except SubmissionError as error:
            if sent.notebook or (sent.says.ids and sent.layout != "folders"):
                self._end(sent, REFUSED, error.reason, "", str(error))
            else:
                self.left_out += 1
            return
        of_student = self.students.setdefault(student, _Student())
        (of_student.notebooks if sent.notebook else of_student.others).append(sent)

    def _whose(self, says: Sender) -> str:
        """Return the student's id."""
        if not says.ids:
            raise SubmissionError(
                "which-student", "Its name does not say whose it is. Rename it, or ask who sent it."
            )
        if self._ids is None:
            students = list(says.ids)
        else:
            students = [self._ids[one] for one in says.ids if one in self._ids]
            if not students:
                raise SubmissionError(
                    "unknown-student",
                    f"The table of students has no platform_id {shown(says.ids[0])}. Add the row.",
                )
        if len(students) > 1:
            raise SubmissionError(
                "which-student",
                f"Its name can be read as that of {' or '.join(map(shown, students))}. Look on "
                "the platform who sent it, rename the file, and collect it with --layout named.",
            )
        problem = student_problem(students[0])
        if problem:
            raise SubmissionError(
                "bad-student-id",
                f'Whose is it? {problem}, got "{shown(students[0])}". Rename it, or give '
                "the id in a table with --students.",
            )
        return students[0]

    def refuse_clashes(self, submitted: Path) -> None:
        """Refuse students whose folders would be one and the same on some computers."""
        there = [one.name for one in submitted.iterdir()] if submitted.is_dir() else []
        alike: dict[str, set[str]] = {}
        for name in (*there, *self.students):
            alike.setdefault(clash_key(name), set()).add(name)
        for student in list(self.students):
            names = alike[clash_key(student)]
            if len(names) > 1:
                others = ", ".join(sorted(map(shown, names - {student})))
                message = (
                    f"The id differs from another only in capitals or accents: {others}. If they "
                    "are one person, use one spelling; else give one of them another id "
                    "with --students."
                )
                sent = self.students.pop(student)
                for one in (*sent.notebooks, *sent.others):
                    self._end(one, REFUSED, "name-clash", student, message)

    # What becomes of it

    def take(self, student: str, desk: Desk) -> None:
        """Put a student's notebook into ``submitted/``, or say why not."""
        sent = self.students[student]
        if not sent.notebooks:
            # One outcome stands for all of them, and its message names them.
            self._end(sent.others[0], REFUSED, "no-notebook", student, _no_notebook(sent.others))
            return
        self.left_out += len(sent.others)
        by_place = {one.place: one for one in sent.notebooks}
        files = list(self._read_all(student, sent.notebooks))
        if not files:
            return
        choice = choose(files, self._assignment)
        for one in choice.others:
            message = "Another notebook of this student has the name of the assignment."
            self._end(by_place[one.place], OLDER, "other-notebook", student, message)
        for one in choice.undecided:
            self._end(by_place[one.place], REFUSED, "which-file", student, _which(choice))
        if choice.chosen is None:
            return
        if not choice.by_name and Path(choice.chosen.name).stem in self._other_assignments:
            message = f"It is called as another assignment. Is it {self._assignment}? Rename it."
            for one in (choice.chosen, *choice.same):
                self._end(by_place[one.place], REFUSED, "other-assignment", student, message)
            return
        self._place(student, by_place[choice.chosen.place], choice, desk)
        for one in choice.same:
            self._end(by_place[one.place], UNCHANGED, "twice", student, "It was sent twice.")
        for one in choice.older:
            message = "The student has sent a later file."
            self._end(by_place[one.place], OLDER, "superseded", student, message)

    def _read_all(self, student: str, notebooks: Sequence[_Sent]) -> Iterator[File]:
        """Yield what is needed to choose; the contents themselves are not kept."""
        for sent in notebooks:
            try:
                content = self._sources[sent.source].read(sent.entry)
            except SubmissionError as error:
                self._end(sent, REFUSED, error.reason, student, str(error))
                continue
            yield File(
                sent.place,
                sent.source,
                sent.says.name,
                sha256(content).hexdigest(),
                sent.says.number,
                self._handed_in(sent) or sent.entry.time,
                # Platforms write the time of the download.
                timed=sent.layout in {"named", "folders"},
            )

    def _place(self, student: str, sent: _Sent, choice: Choice, desk: Desk) -> None:
        handed_in = self._handed_in(sent)
        try:
            content = self._sources[sent.source].read(sent.entry)
            placed = desk.place(
                Arrival(
                    student,
                    content,
                    sent.entry.source,
                    shown(sent.entry.path),
                    handed_in or sent.entry.time,
                    handed_in,
                )
            )
        except SubmissionError as error:
            self._end(sent, REFUSED, error.reason, student, str(error))
            return
        message = placed.message
        if placed.state == COLLECTED and not choice.by_name:
            name = shown(sent.says.name)
            said = f"It is called {name}; taken because it is the only notebook."
            message = f"{said} {message}".strip()
        self._end(sent, placed.state, placed.reason, student, message)

    def _handed_in(self, sent: _Sent) -> datetime | None:
        """Return the time in nbgrader's own file, where one lies beside the notebook."""
        entry = self._stamps.get((sent.source, sent.entry.path.rpartition("/")[0]))
        return self._time(sent.source, entry) if entry else None

    def _time(self, source: int, entry: Entry) -> datetime | None:
        try:
            text = self._sources[source].read(entry).decode("ascii").strip()
            found: datetime | None = parse_utc(text)
        except (SubmissionError, ValueError, OverflowError, TypeError):
            return None
        return found.replace(tzinfo=UTC) if found else None

    def _end(self, sent: _Sent, state: State, reason: str, student: str, message: str) -> None:
        self.outcomes.append(
            Outcome(
                state,
                reason,
                student,
                sent.entry.source,
                shown(sent.entry.path),
                message,
            )
        )


def _no_notebook(others: Sequence[_Sent]) -> str:
    names = ", ".join(shown(one.says.name or one.entry.path) for one in others[:3])
    if all(one.says.typed for one in others):
        return "Only text typed into the platform, and no notebook. Ask the student for the file."
    return (
        f"No notebook, but {names}. A file inside another zip file is not looked for. Ask the "
        "student for the .ipynb file."
    )


def _which(choice: Choice) -> str:
    names = ", ".join(sorted({shown(one.name) for one in choice.undecided}))
    return (
        f"Several notebooks differ, and nothing says which counts: {names}. Ask the student; then "
        "collect a folder with only that one."
    )
