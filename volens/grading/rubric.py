"""How free text is marked: criteria, all their levels, and answers to compare with.

A rubric lies beside its assignment as ``rubric.toml``. Students see the criteria;
the levels and the anchor answers are for whoever marks.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from volens.errors import AssignmentError

__all__ = ["Anchor", "Criterion", "Level", "Rubric", "read_rubric"]


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
    """

    label: str
    text: str
    marks: Mapping[str, float]
    why: str


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
    """

    assignment: str
    question: str
    points: float
    criteria: tuple[Criterion, ...]
    anchors: tuple[Anchor, ...]


def read_rubric(file: Path) -> Rubric:
    """Read a rubric and refuse one that does not add up.

    Parameters
    ----------
    file
        A ``rubric.toml``.

    Raises
    ------
    AssignmentError
        If the file cannot be read, a part is missing, the points do not add up,
        a level stands twice, or an anchor has marks that no level gives.
    """
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
        rubric = _build(content)
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise AssignmentError(str(file), str(error)) from None
    except KeyError as error:
        raise AssignmentError(str(file), f"the key `{error.args[0]}` is missing.") from None
    problem = _problem(rubric)
    if problem:
        raise AssignmentError(str(file), problem)
    return rubric


def _build(content: Mapping[str, Any]) -> Rubric:
    return Rubric(
        assignment=content["assignment"],
        question=content["question"],
        points=content["points"],
        criteria=tuple(
            Criterion(
                id=criterion["id"],
                title=criterion["title"],
                levels=tuple(
                    Level(level["points"], level["description"]) for level in criterion["level"]
                ),
            )
            for criterion in content["criterion"]
        ),
        anchors=tuple(
            Anchor(anchor["label"], anchor["text"].strip(), anchor["marks"], anchor["why"])
            for anchor in content["anchor"]
        ),
    )


def _problem(rubric: Rubric) -> str:
    total = sum(criterion.points for criterion in rubric.criteria)
    if total != rubric.points:
        return f"the criteria add up to {total:g} points, but `points` says {rubric.points:g}."
    for criterion in rubric.criteria:
        points = [level.points for level in criterion.levels]
        if points != sorted(set(points), reverse=True) or points[-1] != 0:
            return (
                f"the levels of `{criterion.id}` should fall from {max(points):g} to 0, each once."
            )
    for anchor in rubric.anchors:
        if set(anchor.marks) != {criterion.id for criterion in rubric.criteria}:
            return f"the anchor `{anchor.label}` should have one mark for each criterion."
        for criterion in rubric.criteria:
            if anchor.marks[criterion.id] not in {level.points for level in criterion.levels}:
                return (
                    f"the anchor `{anchor.label}` has a mark that `{criterion.id}` does not give."
                )
    return ""
