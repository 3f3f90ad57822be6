"""How free text is marked: criteria, all their levels, and answers to compare with.

The rubrics of an assignment lie beside it as ``rubric.toml``, one for each question.
Students see the criteria; the levels and the anchor answers are for whoever marks.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from volens.errors import AssignmentError

__all__ = ["Anchor", "Criterion", "Level", "Rubric", "read_rubrics", "rubric_file"]

#: Columns that every marking sheet has beside those of the criteria.
_OF_A_SHEET = frozenset({"student", "question", "marker", "comment"})
#: What a table of the file may hold, and what it must hold.
_KEYS = {
    "question": ({"id", "points", "criterion", "anchor"}, {"length"}),
    "criterion": ({"id", "title", "level"}, set()),
    "level": ({"points", "description"}, set()),
    "anchor": ({"label", "text", "marks", "why"}, {"brief"}),
}


@dataclass(frozen=True)
class Level:
    """One level of a criterion: how many points, and for what."""

    points: float
    description: str


@dataclass(frozen=True)
class Criterion:
    """One thing that is looked for.

    Attributes
    ----------
    id, title
        A slug, and the name that students see.
    levels
        From the highest to none.
    """

    id: str
    title: str
    levels: tuple[Level, ...]

    @property
    def points(self) -> float:
        """The points of the highest level."""
        return max(level.points for level in self.levels)

    def place(self, points: float) -> int | None:
        """Return how many levels below the highest these points stand; None if no level has them.

        Examples
        --------
        >>> criterion = Criterion("law", "The law", (Level(4, "right"), Level(0, "wrong")))
        >>> criterion.place(0), criterion.place(3)
        (1, None)
        """
        for place, level in enumerate(self.levels):
            if level.points == points:
                return place
        return None


@dataclass(frozen=True)
class Anchor:
    """An answer with its marks, to compare others with.

    Attributes
    ----------
    label
        A word for its quality, such as ``strong``.
    text
        The answer.
    marks
        Criterion id to points.
    why
        What decides these marks.
    brief
        Which brief it answers, where students answer different ones; otherwise empty.
    """

    label: str
    text: str
    marks: Mapping[str, float]
    why: str
    brief: str = ""

    @property
    def points(self) -> float:
        """What it would earn in all."""
        return sum(self.marks.values())


@dataclass(frozen=True)
class Rubric:
    """How one free-text question is marked.

    Attributes
    ----------
    assignment, question
        The assignment's folder and the answer cell's id.
    points
        What the question is worth: the sum of its criteria.
    criteria, anchors
        What is looked for, and answers to compare with.
    length
        How long an answer should be, in words; empty where nothing is said.
    """

    assignment: str
    question: str
    points: float
    criteria: tuple[Criterion, ...]
    anchors: tuple[Anchor, ...]
    length: str = ""

    @property
    def briefs(self) -> tuple[str, ...]:
        """The briefs that its anchors answer, each once, in the order of the file."""
        return tuple(dict.fromkeys(anchor.brief for anchor in self.anchors if anchor.brief))


def rubric_file(course: Path, assignment: str) -> Path:
    """Return where the rubrics of an assignment lie.

    Parameters
    ----------
    course
        The root of a course: the folder with ``source/``.
    assignment
        The assignment's folder.

    Raises
    ------
    AssignmentError
        If there is no such file; the message names the assignments that have one.
    """
    file = course / "source" / assignment / "rubric.toml"
    if not file.is_file():
        known = sorted(one.parent.name for one in course.glob("source/*/rubric.toml"))
        there = (
            f"Those with rubrics are: {', '.join(known)}." if known else "No assignment has one."
        )
        raise AssignmentError(str(file), f"there is no such file. {there}")
    return file


def read_rubrics(file: Path) -> tuple[Rubric, ...]:
    """Read the rubrics of an assignment and refuse one that does not add up.

    Parameters
    ----------
    file
        A ``rubric.toml``.

    Raises
    ------
    AssignmentError
        If the file cannot be read, a part is missing or unknown, the points do not add
        up, a level stands twice or says nothing, or an anchor has marks that no level gives.
    """
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise AssignmentError(str(file), str(error)) from None
    try:
        _refuse_unknown("file", content, {"assignment", "question"}, set())
        rubrics = tuple(_build(content["assignment"], one) for one in _tables(content, "question"))
        _refuse_twice("question", (rubric.question for rubric in rubrics))
        for rubric in rubrics:
            _refuse_what_does_not_add_up(rubric)
    except _WrongError as problem:
        raise AssignmentError(str(file), str(problem)) from None
    return rubrics


class _WrongError(Exception):
    """What is wrong with a rubric, for :func:`read_rubrics` to report with the file."""


def _build(assignment: str, question: Mapping[str, Any]) -> Rubric:
    _refuse_unknown("question", question, *_KEYS["question"])
    return Rubric(
        assignment=assignment,
        question=question["id"],
        points=_number(question, "points", question["id"]),
        criteria=tuple(_criterion(one) for one in _tables(question, "criterion")),
        anchors=tuple(_anchor(one) for one in _tables(question, "anchor")),
        length=question.get("length", ""),
    )


def _criterion(entry: Mapping[str, Any]) -> Criterion:
    _refuse_unknown("criterion", entry, *_KEYS["criterion"])
    levels = []
    for level in _tables(entry, "level"):
        _refuse_unknown("level", level, *_KEYS["level"])
        description = str(level["description"]).strip()
        if not description:
            raise _WrongError(f"a level of `{entry['id']}` has no words. Say what it is given for.")
        levels.append(Level(_number(level, "points", entry["id"]), description))
    if entry["id"] in _OF_A_SHEET:
        raise _WrongError(
            f"a criterion cannot be called `{entry['id']}`: a marking sheet has a column of that "
            "name already. Choose another id."
        )
    return Criterion(entry["id"], entry["title"], tuple(levels))


def _anchor(entry: Mapping[str, Any]) -> Anchor:
    _refuse_unknown("anchor", entry, *_KEYS["anchor"])
    return Anchor(
        label=entry["label"],
        text=entry["text"].strip(),
        marks=entry["marks"],
        why=entry["why"].strip(),
        brief=entry.get("brief", ""),
    )


def _tables(entry: Mapping[str, Any], key: str) -> Sequence[Mapping[str, Any]]:
    found = entry[key]
    if not isinstance(found, list) or not found:
        raise _WrongError(f"`{key}` should be one or more tables, each headed `[[...{key}]]`.")
    return found


def _number(entry: Mapping[str, Any], key: str, where: str) -> float:
    value = entry[key]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _WrongError(f'`{key}` of `{where}` should be a number; it is "{value}".')
    return value


def _refuse_unknown(
    what: str, entry: Mapping[str, Any], needed: Iterable[str], allowed: Iterable[str]
) -> None:
    missing = [key for key in sorted(needed) if key not in entry]
    if missing:
        raise _WrongError(f"the key `{missing[0]}` is missing ({_named(what, entry)}).")
    unknown = [key for key in entry if key not in {*needed, *allowed}]
    if unknown:
        keys = ", ".join(sorted({*needed, *allowed}))
        raise _WrongError(
            f"no key `{unknown[0]}` is known ({_named(what, entry)}); known are: {keys}."
        )


def _named(what: str, entry: Mapping[str, Any]) -> str:
    name = entry.get("id") or entry.get("label")
    return f"{what} `{name}`" if name else what


def _refuse_twice(what: str, names: Iterable[str]) -> None:
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise _WrongError(f"the {what} `{twice[0]}` stands twice.")


def _refuse_what_does_not_add_up(rubric: Rubric) -> None:
    total = sum(criterion.points for criterion in rubric.criteria)
    if total != rubric.points:
        raise _WrongError(
            f"the criteria of `{rubric.question}` add up to {total:g} points, "
            f"but `points` says {rubric.points:g}."
        )
    _refuse_twice("criterion", (criterion.id for criterion in rubric.criteria))
    for criterion in rubric.criteria:
        points = [level.points for level in criterion.levels]
        if points != sorted(set(points), reverse=True) or points[-1] != 0:
            raise _WrongError(
                f"the levels of `{criterion.id}` should fall from {max(points):g} to 0, each once."
            )
    for anchor in rubric.anchors:
        _refuse_marks_that_no_level_gives(rubric, anchor)


def _refuse_marks_that_no_level_gives(rubric: Rubric, anchor: Anchor) -> None:
    name = f"{anchor.label} ({anchor.brief})" if anchor.brief else anchor.label
    if set(anchor.marks) != {criterion.id for criterion in rubric.criteria}:
        raise _WrongError(f"the anchor `{name}` should have one mark for each criterion.")
    for criterion in rubric.criteria:
        if criterion.place(anchor.marks[criterion.id]) is None:
            raise _WrongError(
                f"the anchor `{name}` has a mark that `{criterion.id}` does not give."
            )
