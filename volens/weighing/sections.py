"""What follows from a board, in order: what it meets, what it lacks, on what it hinges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from volens.positions import position
from volens.weighing import locks
from volens.weighing.board import Weighing
from volens.weighing.cautions import CONSENT_FIRST, CRITIQUE, additive_bias, compare_with
from volens.weighing.cells import inline, listed, quoted
from volens.weighing.judged import Judged, acts
from volens.weighing.readings import Point, changed, hinges, met, reading

__all__ = ["FIRST", "MANY", "NAMES", "Precondition", "Section", "precondition", "sections", "stand"]

#: What a board says until a position is chosen.
FIRST = (
    "Choose a position first. The board then shows which principles cannot be outweighed on that "
    "view, on which findings the verdict hinges, and how the other views read your cells."
)
#: Headings, and what stands under them where there is nothing to list.
NAMES: Mapping[str, tuple[str, str]] = {
    "locks": ("Constraints that your cells meet", "None of your cells is in tension with one."),
    "conflicts": ("Where support and tension meet", "Nowhere yet."),
    "lacking": ("Still to be given", "Nothing."),
    "unsourced": ("Cells without a source", "None: every cell names one."),
    "changed": ("Changed by you in the consent test", "Nothing."),
    "hinges": ("On what the conclusion hinges", ""),
    "compare": ("Ask the same elsewhere", ""),
    "caution": ("Before you conclude", ""),
}
#: How many other cases are named.
MANY = 3


@dataclass(frozen=True)
class Section:
    """A heading and the points under it.

    Attributes
    ----------
    id
        One of :data:`NAMES`, or ``reading`` and the id of a position.
    title, points
        What it says.
    none
        What stands there where there is no point.
    """

    id: str
    title: str
    points: tuple[Point, ...]
    none: str = ""


@dataclass(frozen=True)
class Precondition:
    """What is said of consent before anything is weighed.

    Attributes
    ----------
    first
        That it comes first.
    judged
        On which view and for what the rest holds; empty until a position is chosen.
    gates
        What the engine finds of each condition of consent, with a sign and a word.
    after
        What follows from the gates; empty where all of them are met.
    """

    first: str
    judged: str = ""
    gates: tuple[str, ...] = ()
    after: str = ""

    def __str__(self) -> str:
        gates = "\n".join(f"- {gate}" for gate in self.gates)
        return "\n\n".join(part for part in (self.first, self.judged, gates, self.after) if part)


def sections(weighing: Weighing, findings: Mapping[str, Any] | None = None) -> tuple[Section, ...]:
    """Return what follows from a board.

    Parameters
    ----------
    weighing
        The board.
    findings
        The student's own findings, as the consent test holds them; none for the record.

    Returns
    -------
    Sections in the order in which they are read. Until a position is chosen there are no
    constraints, hinges and readings: they are those of a view.

    Raises
    ------
    WeighingError
        If the findings are not those of this case.

    Examples
    --------
    >>> [one.id for one in sections(Weighing("kazakhstan-2022"))][:2]
    ['conflicts', 'lacking']
    """
    own = findings or {}
    return (
        *(_on_a_view(weighing, own) if weighing.position else ()),
        _named("conflicts", (Point("", str(one)) for one in weighing.conflicts())),
        _named("lacking", (Point("", str(one)) for one in weighing.unsupported())),
        _named("unsourced", (Point("", str(one)) for one in weighing.unsourced())),
        *(_of_the_views(weighing, own) if weighing.position else ()),
        _named("compare", [Point("", _compare(weighing))]),
        _named("caution", [Point("", additive_bias()), Point("", CRITIQUE)]),
    )


def stand(weighing: Weighing) -> tuple[str, ...]:
    """Return from where a board is weighed: the position and what it holds, or that it is missing.

    Examples
    --------
    >>> stand(Weighing("kazakhstan-2022"))[0]
    'Position: [to be chosen]'
    """
    if not weighing.position:
        return ("Position: [to be chosen]", FIRST)
    view = position(weighing.position)
    return (
        f"Position: {locks.called(view)}, {locks.STIPULATED_FIRST}. {view.thesis}",
        f"The best objection to it: {view.objection}",
        locks.aims(view),
    )


def precondition(weighing: Weighing, findings: Mapping[str, Any] | None = None) -> Precondition:
    """Return what is said of consent: that it comes first, and what the engine finds of it.

    Examples
    --------
    >>> precondition(Weighing("kazakhstan-2022", position="free-consent")).gates[0]
    '\N{CHECK MARK} met: A request exists'
    """
    if not weighing.position:
        return Precondition(CONSENT_FIRST)
    judged = Judged(weighing, weighing.position, findings or {})
    called = locks.called(position(weighing.position))
    return Precondition(
        CONSENT_FIRST,
        f"On {called}, for {_in_sentence(acts(weighing))}:",
        judged.gates(),
        judged.after_gates(),
    )


def _in_sentence(name: str) -> str:
    """Return the name of an act as a sentence has it: only the article is no proper name."""
    return inline(name) if name.startswith("The ") else name


def _on_a_view(weighing: Weighing, own: Mapping[str, Any]) -> Iterator[Section]:
    yield _named("locks", met(weighing))
    if own:
        yield _named("changed", changed(Judged(weighing, weighing.position, own)))


def _of_the_views(weighing: Weighing, own: Mapping[str, Any]) -> Iterator[Section]:
    yield _named("hinges", hinges(Judged(weighing, weighing.position, own)))
    for view in locks.choices():
        yours = ", your position" if view.id == weighing.position else ""
        points = tuple(reading(Judged(weighing, view.id, own)))
        yield Section(f"reading {view.id}", f"Read on {locks.called(view)}{yours}", points)


def _named(key: str, points: Iterable[Point]) -> Section:
    title, none = NAMES[key]
    return Section(key, title, tuple(points), none)


def _compare(weighing: Weighing) -> str:
    """Say for which other case the same cells can be asked."""
    others = compare_with(weighing)
    near = [one for one in others if one.purposes][:MANY]
    if not near:
        names = "; ".join(one.title for one in others[:MANY])
        return (
            f"Would you write the same cells with the States exchanged? Open the board for {names}."
        )
    said = "; ".join(
        f"{one.title}, where {listed(tuple(quoted(name) for name in one.purposes))} "
        f"{'was' if len(one.purposes) == 1 else 'were'} stated too"
        for one in near
    )
    return (
        f"Would you write the same cells with the States exchanged? Open the board for {said}. "
        "Where you would differ, the difference needs a reason."
    )
