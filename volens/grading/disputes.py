"""What students dispute, what a person decides about it, and marking a class again.

A student who thinks that a key is wrong, or that another word is right as well, says so
in the cell ``disputes-answer``. These cells are read as text: nothing in them is run.
What a person decides is a :class:`Ruling`. Rulings are kept beside the assignment in
``rulings.toml``, which is never released. An accepted one changes the key, so that
everybody's answers are marked again.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeAlias

from nbgrader.api import Grade, Gradebook, MissingEntry

from volens.answering import LocalAnswers, using
from volens.checks import Reading
from volens.errors import AssignmentError, GradingError
from volens.grading.gradebook import coursedir, gradebook, submissions
from volens.grading.literals import dictionary_in
from volens.grading.notebooks import Notebook, cells, read_notebook
from volens.grading.stock import Course
from volens.kinds import Kind
from volens.wording import suggestion

__all__ = [
    "CELL",
    "Dispute",
    "Moved",
    "Regraded",
    "Ruling",
    "Unreadable",
    "accept",
    "answer_students",
    "disputes",
    "key_of",
    "regrade",
    "reject",
    "rulings",
    "same_item",
]

#: The cell in which students dispute.
CELL = "disputes-answer"
_WIDTH = 100
_INDENT = " " * 4


@dataclass(frozen=True)
class Dispute:
    """One student's reason against one key.

    Attributes
    ----------
    student
        Who disputes.
    item
        Which key: the answer's name and the item, such as ``gates_table: V3: request``.
    reason
        Why.
    """

    student: str
    item: str
    reason: str


@dataclass(frozen=True)
class Unreadable:
    """A submission whose disputes cannot be read.

    Attributes
    ----------
    student
        Whose it is.
    why
        What is the matter, and what to do.
    """

    student: str
    why: str


@dataclass(frozen=True)
class Ruling:
    """What a person decided about a key.

    Attributes
    ----------
    day
        When.
    item
        Which key.
    accepted
        Whether something more counts as right from now on.
    because
        Why; students read it.
    word
        What counts as right as well; empty where nothing does.
    """

    day: date
    item: str
    accepted: bool
    because: str
    word: str = ""

    def __str__(self) -> str:
        if self.accepted:
            return f'{self.day}: accepted, "{self.word}" counts as well. {self.because}'
        return f"{self.day}: not accepted. {self.because}"


@dataclass(frozen=True)
class Moved:
    """A mark that changed when a class was marked again.

    Attributes
    ----------
    student, question
        Whose, and in which cell.
    before, after
        The points.
    """

    student: str
    question: str
    before: float
    after: float


@dataclass(frozen=True)
class Regraded:
    """What came of marking a class again.

    Attributes
    ----------
    moved
        The marks that changed.
    totals
        Student to the points in all, before and after, for those whose total changed.
    look_again
        Student and cell where a person had set the points of a question that the
        program marks: these stand until somebody looks.
    not_marked
        Who could not be marked, and why.
    """

    moved: tuple[Moved, ...]
    totals: Mapping[str, tuple[float, float]]
    look_again: tuple[tuple[str, str], ...]
    not_marked: tuple[tuple[str, str], ...]


# Reading


def disputes(course: Path, assignment: str) -> tuple[list[Dispute], list[Unreadable]]:
    """Read what a class disputes.

    Parameters
    ----------
    course
        The root of the course.
    assignment
        The assignment's folder.

    Raises
    ------
    GradingError
        If nobody has handed in.
    """
    files = submissions(course, assignment)
    if not files:
        raise GradingError(
            f"Nobody has handed in {assignment} yet: submitted/ has no folder of that name. "
            "Collect first."
        )
    found: list[Dispute] = []
    unreadable: list[Unreadable] = []
    for student, file in files.items():
        try:
            source = _cell_text(read_notebook(file), CELL)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            unreadable.append(Unreadable(student, "The notebook cannot be read. Ask for it again."))
            continue
        if source is None:
            unreadable.append(Unreadable(student, f"The notebook has lost the cell {CELL}."))
            continue
        given = dictionary_in(source)
        if given is None:
            unreadable.append(
                Unreadable(
                    student, f"The cell {CELL} is no dictionary of words. Open the notebook."
                )
            )
            continue
        found += [
            Dispute(student, _one_line(item), _one_line(reason))
            for item, reason in given.items()
            if str(reason).strip()
        ]
    return found, unreadable


def _cell_text(notebook: Notebook, name: str) -> str | None:
    for grade_id, cell in cells(notebook):
        if grade_id == name:
            return "".join(cell["source"])
    return None


def _one_line(text: object) -> str:
    """Return text without what could move a terminal's cursor."""
    return " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())


def same_item(one: str, other: str) -> bool:
    """Tell whether two items are the same but for spaces and capitals."""
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())


def rulings(course: Path, assignment: str) -> tuple[Ruling, ...]:
    """Return what was decided so far, in the order of the decisions.

    Raises
    ------
    AssignmentError
        If the file cannot be read.
    """
    file = _rulings_file(course, assignment)
    if not file.is_file():
        return ()
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
        return tuple(
            Ruling(one["date"], one["item"], one["accepted"], one["because"], one.get("word", ""))
            for one in content["ruling"]
        )
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, TypeError) as error:
        raise AssignmentError(str(file), str(error)) from None
    except KeyError as error:
        raise AssignmentError(str(file), f"the key `{error.args[0]}` is missing.") from None


def _rulings_file(course: Path, assignment: str) -> Path:
    return _source(course, assignment).with_name("rulings.toml")


def _source(course: Path, assignment: str) -> Path:
    directory = coursedir(course)
    file: Path = (
        Path(directory.root) / directory.source_directory / assignment / f"{assignment}.ipynb"
    )
    if not file.is_file():
        known = sorted(one.name for one in file.parents[1].glob("*") if one.is_dir())
        raise GradingError(
            f"There is no assignment `{assignment}`: {file} is missing. "
            f"The assignments are: {', '.join(known)}."
        )
    return file


# Deciding


@dataclass(frozen=True)
class _Key:
    """Where the key of one item stands: cell, item, and the node of its value."""

    cell: dict[str, Any]
    item: str
    value: ast.expr
    line: ast.Assign
    kind: Kind | None

    @property
    def source(self) -> str:
        return "".join(self.cell["source"])


def key_of(course: Path, assignment: str, item: str) -> str:
    """Return what counts as right for an item, as the test cell has it.

    Raises
    ------
    GradingError
        If the assignment has no such item, or its key cannot be found.
    """
    found = _find(read_notebook(_source(course, assignment)), item)
    return str(ast.get_source_segment(found.source, found.value))


def accept(
    course: Path,
    assignment: str,
    item: str,
    *,
    also: str,
    because: str,
    to: str | None = None,
    day: date | None = None,
) -> Ruling:
    """Let something more count as right: change the key and write the ruling down.

    Only the one cell of the source notebook changes, and in it only the item's value.
    Students' copies stay as they are, because they hold no key.

    Parameters
    ----------
    course
        The root of the course.
    assignment
        The assignment's folder.
    item
        The answer's name and the item, such as ``gates_table: V3: request``.
    also
        What counts as right as well, as a student would type it.
    because
        Why; students read it.
    to
        For numbers and times: anything from ``also`` to this counts.
    day
        When it was decided; today if none is given.

    Raises
    ------
    GradingError
        If there is no such item, the word cannot be an answer to it, or it is right already.
    """
    _needs_a_reason(because)
    file = _source(course, assignment)
    notebook = read_notebook(file)
    key = _find(notebook, item)
    word = _readable(key, also, item)
    last = None if to is None else _readable(key, to, item)
    new = json.dumps(word, ensure_ascii=False)
    if last is not None:
        new = f"vo.checks.Between({new}, {json.dumps(last, ensure_ascii=False)})"
    if any(_same_value(key.kind, one, new) for one in _values(key)):
        raise GradingError(f'"{word}" counts as right for `{item}` already. Nothing was changed.')
    changed = _with_one_more(key, new)
    key.cell["source"] = changed.splitlines(keepends=True)
    shown = word if last is None else f"{word} to {last}"
    named = f"{item.partition(':')[0].strip()}: {key.item}"
    ruling = Ruling(day or _today(), named, accepted=True, because=because.strip(), word=shown)
    _record(course, assignment, ruling)
    file.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return ruling


def reject(
    course: Path, assignment: str, item: str, *, because: str, day: date | None = None
) -> Ruling:
    """Leave a key as it is and write down why.

    Parameters
    ----------
    course
        The root of the course.
    assignment
        The assignment's folder.
    item
        The answer's name and the item.
    because
        Why; students read it.
    day
        When it was decided; today if none is given.

    Raises
    ------
    GradingError
        If the reason is missing, or nobody disputes the item and the assignment has none.
    """
    _needs_a_reason(because)
    disputed = disputes(course, assignment)[0] if submissions(course, assignment) else []
    known = [one.item for one in disputed if same_item(one.item, item)]
    if not known:
        # Nobody disputes it under this name; so it should be an item of the assignment.
        _find(read_notebook(_source(course, assignment)), item)
    item = known[0] if known else item.strip()
    ruling = Ruling(day or _today(), item, accepted=False, because=because.strip())
    _record(course, assignment, ruling)
    return ruling


def _needs_a_reason(because: str) -> None:
    if not because.strip():
        raise GradingError('A ruling needs a reason, which students read: --because "...".')


def _today() -> date:
    return datetime.now(UTC).date()


def _record(course: Path, assignment: str, ruling: Ruling) -> None:
    file = _rulings_file(course, assignment)
    lines = [
        "[[ruling]]",
        f"date = {ruling.day}",
        f"item = {_toml(ruling.item)}",
        f"accepted = {str(ruling.accepted).lower()}",
        *([f"word = {_toml(ruling.word)}"] if ruling.word else []),
        f"because = {_toml(ruling.because)}",
    ]
    before = file.read_text(encoding="utf-8") if file.is_file() else _FIRST_LINES
    file.write_text(f"{before}\n" + "\n".join(lines) + "\n", encoding="utf-8")


_FIRST_LINES = """\
# What was decided about the keys that students dispute. `volens disputes` writes this
# file; students read each reason in their feedback. It is never released.
"""


def _toml(text: str) -> str:
    """Return text as a TOML string, which but for one character is a JSON string."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def _find(notebook: Notebook, item: str) -> _Key:
    """Return the key of an item, or say what there is."""
    name, _, inside = (part.strip() for part in item.partition(":"))
    tests = {
        grade_id: cell
        for grade_id, cell in cells(notebook)
        if cell["cell_type"] == "code"
        and cell["metadata"]["nbgrader"]["grade"]
        and not cell["metadata"]["nbgrader"]["solution"]
    }
    cell = tests.get(name.replace("_", "-") + "-test")
    if cell is None or not inside:
        known = [grade_id.removesuffix("-test").replace("-", "_") for grade_id in tests]
        raise GradingError(
            f"`{item}` is no item of this assignment: write the answer's name, a colon and the "
            f"item, such as `{known[0] if known else 'gates_table'}: V3`. "
            f"The answers are: {', '.join(known)}."
        )
    source = "".join(cell["source"])
    known_items = []
    for line in ast.parse(source).body:
        if not (isinstance(line, ast.Assign) and isinstance(line.value, ast.Dict)):
            continue
        target = line.targets[0]
        if not (isinstance(target, ast.Name) and target.id.startswith("key")):
            continue
        for one, value in zip(line.value.keys, line.value.values, strict=True):
            if isinstance(one, ast.Constant):
                known_items.append(str(one.value))
                if same_item(str(one.value), inside):
                    kind = _kinds(source).get(str(one.value))
                    return _Key(cell, str(one.value), value, line, kind)
    meant = suggestion(f"{name}: {inside}", [f"{name}: {one}" for one in known_items])
    advice = (
        f"The items are: {', '.join(known_items)}."
        if known_items
        else "Its test compares with no list of words: change that test by hand."
    )
    raise GradingError(f"`{name}` has no key for `{inside}`.{meant} {advice}")


def _kinds(source: str) -> dict[str, Kind]:
    """Return what each item of a test cell asks for.

    The cell is the course's own, so it is run, against an empty notebook.
    """
    names: dict[str, object] = {}
    with contextlib.redirect_stdout(io.StringIO()), using(LocalAnswers({})):
        exec(compile(source, "<test cell>", "exec"), names)  # noqa: S102 (the course's own)
    found: dict[str, Kind] = {}
    for value in names.values():
        if isinstance(value, Reading):
            found |= value.kinds
    return found


def _readable(key: _Key, word: str, item: str) -> str:
    """Return a word as the key should have it."""
    if key.kind is None:
        return word.strip()
    read = key.kind.read(word)
    if read is None:
        raise GradingError(
            f'"{word}" cannot be an answer to `{item}`, which asks for {key.kind.asks}. '
            "Nothing was changed."
        )
    return key.kind.show(read)


def _values(key: _Key) -> list[str]:
    """Return what counts as right so far, each as the source has it."""
    nodes = key.value.elts if isinstance(key.value, ast.Tuple) else [key.value]
    return [str(ast.get_source_segment(key.source, node)) for node in nodes]


def _same_value(kind: Kind | None, old: str, new: str) -> bool:
    """Tell whether two values of a key, as source, mean the same."""
    try:
        first, second = ast.literal_eval(old), ast.literal_eval(new)
    except (ValueError, SyntaxError):
        return old == new
    if kind is None:
        return bool(first == second)
    return bool(kind.read(first) == kind.read(second))


def _with_one_more(key: _Key, new: str) -> str:
    """Return the cell's source with one more value for the item, laid out as ruff would."""
    values = [*_values(key), new]
    lines = key.source.splitlines()
    value, first = key.value, key.value.lineno - 1
    last = value.end_lineno or value.lineno
    # Offsets count bytes.
    before = lines[first].encode()[: value.col_offset].decode()
    after = lines[last - 1].encode()[value.end_col_offset :].decode()
    on_one_line = key.line.lineno == key.line.end_lineno
    if on_one_line and len(f"{before}({', '.join(values)}){after}") > _WIDTH:
        lines[key.line.lineno - 1 : key.line.end_lineno] = _one_item_a_line(key, values)
    else:
        lines[first:last] = _entry(before, values, after)
    return "\n".join(lines)


def _entry(before: str, values: Sequence[str], after: str) -> list[str]:
    """Return the lines of one item of a dictionary, whose value is a tuple."""
    line = f"{before}({', '.join(values)}){after}"
    if len(line) <= _WIDTH:
        return [line]
    indent = " " * (len(before) - len(before.lstrip()))
    return [f"{before}(", *(f"{indent}{_INDENT}{one}," for one in values), f"{indent}){after}"]


def _one_item_a_line(key: _Key, values: Sequence[str]) -> list[str]:
    """Return a dictionary that stood on one line as lines of one item each."""
    line = key.line
    dictionary = line.value
    if not isinstance(dictionary, ast.Dict):  # pragma: no cover (it was found as one)
        raise TypeError
    source = key.source
    lines = [f"{ast.get_source_segment(source, line.targets[0])} = {{"]
    for name, value in zip(dictionary.keys, dictionary.values, strict=True):
        head = f"{_INDENT}{ast.get_source_segment(source, name) if name else '**'}: "
        if value is key.value:
            lines += _entry(head, values, ",")
        else:
            lines.append(f"{head}{ast.get_source_segment(source, value)},")
    return [*lines, "}"]


# Marking again

#: Marks a class; returns who could not be marked, and what to do.
Mark: TypeAlias = Callable[[Path, str], Iterable[tuple[str, str]]]


def regrade(course: Path, assignment: str, mark: Mark) -> Regraded:
    """Release and mark an assignment again, and say whose mark moved.

    What a person marked stays, and is not put back on the list of what waits where the
    student's text is the same as before.

    Parameters
    ----------
    course
        The root of the course.
    assignment
        The assignment's folder.
    mark
        Marks the class: takes the course and the assignment, and returns who could not be
        marked, each with what to do.
    """
    before = _snapshot(course, assignment)
    texts = _texts(course, assignment)
    Course(course).release(assignment)
    not_marked = tuple(mark(course, assignment))
    look_again = _let_manual_marks_stand(course, assignment, before, texts)
    answer_students(course, assignment)
    after = _snapshot(course, assignment)
    moved = tuple(
        Moved(student, cell, before[student, cell].score, state.score)
        for (student, cell), state in after.items()
        if (student, cell) in before and before[student, cell].score != state.score
    )
    totals = {}
    for student in dict.fromkeys(one.student for one in moved):
        old, new = (
            sum(state.score for (who, _), state in found.items() if who == student)
            for found in (before, after)
        )
        if old != new:
            totals[student] = (old, new)
    return Regraded(moved, totals, look_again, not_marked)


@dataclass(frozen=True)
class _State:
    """What the gradebook has for one cell of one student."""

    score: float
    by_person: float | None
    waits: bool


def _snapshot(course: Path, assignment: str) -> dict[tuple[str, str], _State]:
    with gradebook(course) as book:
        return {
            (submission.student_id, grade.name): _State(
                grade.score, grade.manual_score, grade.needs_manual_grade
            )
            for submission, grade in _grades(book, assignment)
        }


def _grades(book: Gradebook, assignment: str) -> Iterator[tuple[Any, Grade]]:
    try:
        found = book.assignment_submissions(assignment)
    except MissingEntry:
        return
    for submission in found:
        for notebook in submission.notebooks:
            for grade in notebook.grades:
                yield submission, grade


def _texts(course: Path, assignment: str) -> dict[tuple[str, str], str]:
    """Return the cells that were marked: student and cell to what it said."""
    directory = coursedir(course)
    folder = Path(directory.root) / directory.autograded_directory
    found = {}
    for file in folder.glob(f"*/{assignment}/{assignment}.ipynb"):
        for grade_id, cell in cells(read_notebook(file)):
            found[file.parents[1].name, grade_id] = "".join(cell["source"])
    return found


def _let_manual_marks_stand(
    course: Path,
    assignment: str,
    before: Mapping[tuple[str, str], _State],
    texts: Mapping[tuple[str, str], str],
) -> tuple[tuple[str, str], ...]:
    """Take off the list what a person had marked and what has not changed since.

    Where a submission is new, every cell with a person's mark is back on the list of what
    waits; here the text of each cell decides.

    Returns
    -------
    Student and cell where a person had set the points of a question that the program marks,
    and has to look again, since the program's own mark is another now.
    """
    now = _texts(course, assignment)
    look_again = []
    with gradebook(course) as book:
        for submission, grade in _grades(book, assignment):
            key = (submission.student_id, grade.name)
            if grade.manual_score is None or key not in before:
                continue
            if grade.auto_score is not None:
                if grade.needs_manual_grade:
                    look_again.append(key)
            elif not before[key].waits and texts.get(key) == now.get(key):
                grade.needs_manual_grade = False
        book.db.commit()
    return tuple(look_again)


def answer_students(course: Path, assignment: str) -> tuple[str, ...]:
    """Tell students what was decided: write the rulings under what they dispute.

    A student's disputes come off the list of what waits once each has a ruling.

    Parameters
    ----------
    course
        The root of the course.
    assignment
        The assignment's folder.

    Returns
    -------
    The students whose disputes are all decided.
    """
    decided = rulings(course, assignment)
    found, unreadable = disputes(course, assignment)
    answered = []
    with gradebook(course) as book:
        for student in submissions(course, assignment):
            if student in {one.student for one in unreadable}:
                continue
            try:
                grade = book.find_grade(CELL, assignment, assignment, student)
                comment = book.find_comment(CELL, assignment, assignment, student)
            except MissingEntry:
                continue
            own = [one for one in found if one.student == student]
            words = [_answer(one, decided) for one in own]
            if grade.auto_score is not None or None in words:
                continue
            grade.manual_score = 0
            grade.needs_manual_grade = False
            comment.manual_comment = "\n".join(word for word in words if word) or None
            answered.append(student)
        book.db.commit()
    return tuple(answered)


def _answer(dispute: Dispute, decided: Sequence[Ruling]) -> str | None:
    """Return what a student is told about one dispute; none where nothing is decided."""
    last = next((one for one in reversed(decided) if same_item(one.item, dispute.item)), None)
    if last is None:
        return None
    if last.accepted:
        return (
            f'- **{dispute.item}: accepted.** "{last.word}" counts as right as well, '
            f"for everybody. {last.because}"
        )
    return f"- **{dispute.item}: not accepted.** {last.because}"
