"""A student's weighing: for each purpose and principle a stance, a reason and a hinge.

Weighing is not arithmetic. A cell says how a purpose stands to a principle, why,
and on which finding that hinges. Nothing is added up: what is computed is
structure, namely which cells conflict and which still lack a reason or a hinge.
Consent is a precondition and not a principle to weigh, so it has no cells.

Examples
--------
>>> empty = Weighing("kazakhstan-2022")
>>> first = empty.set(
...     "counter-terrorism", "human-rights", Entry("tension", "The label widens powers.", "")
... )
>>> len(empty.cells), len(first.cells)
(0, 1)
>>> print(first.unsupported()[0])
Counter terrorism and human rights: a reason of 4 words (15 are needed) and no hinge.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from types import MappingProxyType
from typing import Any

from volens import cases, doctrine
from volens.errors import WeighingError
from volens.logic import Value

__all__ = [
    "OWN",
    "STANCES",
    "WORDS",
    "Conflict",
    "Entry",
    "Review",
    "Unsupported",
    "Weighing",
    "columns",
    "in_words",
    "inline",
    "key",
    "quoted",
    "review_board",
]

#: The four stances, and how a sentence says each.
STANCES: Mapping[str, str] = MappingProxyType(
    {
        "supports": "supports",
        "tension": "is in tension with",
        "depends": "may support or endanger",
        "not engaged": "does not engage",
    }
)
#: A hinge that is no finding of the case begins with this word.
OWN = "own: "

#: A reason shorter than this is a slogan.
WORDS = 15

_BETWEEN = "|"


@dataclass(frozen=True)
class Entry:
    """What a student says of one cell.

    Attributes
    ----------
    stance
        One of :data:`STANCES`.
    reason
        Why, in the student's words; may still be empty.
    hinge
        The id of a finding of the case, or ``own: `` and words; may still be empty.
    """

    stance: str
    reason: str = ""
    hinge: str = ""


@dataclass(frozen=True)
class Conflict:
    """Two ways of standing that meet in one row or one column.

    Attributes
    ----------
    where
        The name of the purpose or of the principle in which they meet.
    supports, tension
        The names on either side.
    """

    where: str
    supports: tuple[str, ...]
    tension: tuple[str, ...]
    kind: str = "purpose"

    def __str__(self) -> str:
        supports, tension = _list(self.supports), _list(self.tension)
        if self.kind == "purpose":
            return f"{self.where} supports {supports} and is in tension with {tension}."
        return f"{self.where} is supported by {supports} and in tension with {tension}."


@dataclass(frozen=True)
class Unsupported:
    """A cell that has a stance and lacks something.

    Attributes
    ----------
    purpose, principle
        The names.
    lacks
        What is missing, in words: a reason, a longer reason, a hinge.
    """

    purpose: str
    principle: str
    lacks: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.purpose} and {inline(self.principle)}: {' and '.join(self.lacks)}."


@dataclass(frozen=True)
class Weighing:
    """All that a student has entered; a change makes a new one.

    Attributes
    ----------
    case
        The id of the case.
    cells
        ``purpose|principle`` to entry, in the order of the doctrine.
    """

    case: str
    cells: Mapping[str, Entry] = field(default_factory=dict)

    def __post_init__(self) -> None:
        ordered = {place: self.cells[place] for place in _places() if place in self.cells}
        object.__setattr__(self, "cells", MappingProxyType(ordered))

    def __repr__(self) -> str:
        return f"<Weighing {self.case}: {len(self.cells)} cells>"

    def set(self, purpose: str, principle: str, entry: Entry) -> Weighing:
        """Return the weighing with one cell set.

        Parameters
        ----------
        purpose, principle
            Slugs, or the codes of the research files.
        entry
            What to say of it.

        Raises
        ------
        WeighingError
            If the stance or the hinge is unknown, or the principle is consent.
        DoctrineError
            If there is no such purpose or principle.
        """
        place = key(purpose, principle)
        _check(self.case, place, entry)
        return replace(self, cells={**self.cells, place: entry})

    def clear(self, purpose: str, principle: str) -> Weighing:
        """Return the weighing without one cell."""
        place = key(purpose, principle)
        return replace(self, cells={k: v for k, v in self.cells.items() if k != place})

    def unsupported(self) -> tuple[Unsupported, ...]:
        """Return the cells that lack a reason, enough words, or a hinge."""
        return tuple(
            Unsupported(purpose.name, principle.name, lacks)
            for purpose, principle, entry in self._named()
            if (lacks := _lacks(entry))
        )

    def conflicts(self) -> tuple[Conflict, ...]:
        """Return where support and tension meet: by purpose first, then by principle."""
        return (*self._conflicts_by_purpose(), *self._conflicts_by_principle())

    def to_data(self) -> dict[str, dict[str, str]]:
        """Return the cells as plain data: the form that stands in an answer cell."""
        return {place: asdict(entry) for place, entry in self.cells.items()}

    def to_json(self) -> str:
        """Return the weighing as JSON, for a file."""
        return json.dumps(
            {"case": self.case, "cells": self.to_data()}, indent=2, ensure_ascii=False
        )

    def to_literal(self) -> str:
        """Return the line of an answer cell, as *Copy answer* gives it."""
        body = json.dumps(self.to_data(), indent=4, ensure_ascii=False)
        return f"weighing = {body}\n"

    def to_memo(self) -> str:
        """Return the weighing as text to start a memo from."""
        return "\n".join(self._memo_lines()) + "\n"

    @classmethod
    def from_data(cls, case: str, data: object) -> Weighing:
        """Build a weighing from plain data, as :meth:`to_data` returns it.

        Raises
        ------
        WeighingError
            If the data are not of that form; the message names the cell.
        """
        if not isinstance(data, Mapping):
            raise WeighingError(
                f"A weighing is a dictionary of cells; this is a {type(data).__name__}. "
                "Use *Copy answer* on the board."
            )
        weighing = cls(case)
        for place, cell in data.items():
            purpose, principle = _split(place)
            weighing = weighing.set(purpose, principle, _entry(place, cell))
        return weighing

    @classmethod
    def from_json(cls, text: str) -> Weighing:
        """Build a weighing from the text of a file, as :meth:`to_json` returns it.

        Raises
        ------
        WeighingError
            If the text is not of that form.
        """
        try:
            content = json.loads(text)
            return cls.from_data(content["case"], content["cells"])
        except (ValueError, KeyError, TypeError) as error:
            if isinstance(error, WeighingError):
                raise
            raise WeighingError(
                "The file is not a saved weighing. Choose one that *Save* on the board made."
            ) from None

    def _named(self) -> Iterator[tuple[doctrine.Purpose, doctrine.Principle, Entry]]:
        for place, entry in self.cells.items():
            purpose, principle = place.split(_BETWEEN)
            yield doctrine.purpose(purpose), doctrine.principle(principle), entry

    def _conflicts_by_purpose(self) -> Iterator[Conflict]:
        for purpose in doctrine.purposes():
            mine = [(q, e) for p, q, e in self._named() if p == purpose]
            supports = tuple(inline(q.name) for q, e in mine if e.stance == "supports")
            tension = tuple(inline(q.name) for q, e in mine if e.stance == "tension")
            if supports and tension:
                yield Conflict(purpose.name, supports, tension)

    def _conflicts_by_principle(self) -> Iterator[Conflict]:
        for principle in columns():
            mine = [(p, e) for p, q, e in self._named() if q == principle]
            supports = tuple(quoted(p.name) for p, e in mine if e.stance == "supports")
            tension = tuple(quoted(p.name) for p, e in mine if e.stance == "tension")
            if supports and tension:
                yield Conflict(principle.name, supports, tension, "principle")

    def _memo_lines(self) -> Iterator[str]:
        found = cases.case(self.case)
        yield f"# Weighing the reasons: {found.title}"
        yield ""
        yield "Consent comes first and is not weighed here."
        last = None
        for purpose, principle, entry in self._named():
            if purpose != last:
                yield from ("", f"## {purpose.name}", "")
                last = purpose
            yield f"- It {STANCES[entry.stance]} {inline(principle.name)}. {_reason(found, entry)}"
        yield from _section("Where support and tension meet", self.conflicts())
        yield from _section("Still to be given", self.unsupported())


@dataclass(frozen=True)
class Review:
    """How far a board is from what an activity asks for.

    Attributes
    ----------
    weighing
        The board.
    cells, conflicts
        How many whole cells, and in how many places support and tension should meet.
    """

    weighing: Weighing
    cells: int
    conflicts: int

    @property
    def whole(self) -> int:
        """How many cells have a stance, a reason and a hinge."""
        return len(self.weighing.cells) - len(self.weighing.unsupported())

    @property
    def done(self) -> bool:
        """Whether the board has all that was asked for."""
        return self.whole >= self.cells and len(self.weighing.conflicts()) >= self.conflicts

    def __repr__(self) -> str:
        if not self.weighing.cells:
            return "Your answer is empty. Paste it, run its cell, then run this one."
        lines = [
            f"{self.whole} of {self.cells} cells have a stance, a reason and a hinge.",
            *(str(lacking) for lacking in self.weighing.unsupported()),
            *(str(conflict) for conflict in self.weighing.conflicts()),
        ]
        if not self.weighing.conflicts():
            lines.append("Support and tension meet nowhere yet.")
        if self.done:
            lines.append("Your board is complete. Whether it convinces is for your seminar.")
        return "\n".join(lines)


def review_board(case: str, data: object, *, cells: int = 8, conflicts: int = 1) -> Review:
    """Tell how far a student's board is from what an activity asks for.

    Parameters
    ----------
    case
        The id of the case.
    data
        The answer, as *Copy answer* gives it.
    cells
        How many cells should have a stance, a reason and a hinge.
    conflicts
        In how many places support and tension should meet.

    Raises
    ------
    WeighingError
        If the answer is not a weighing.

    Examples
    --------
    >>> review_board("kazakhstan-2022", {})
    Your answer is empty. Paste it, run its cell, then run this one.
    """
    weighing = Weighing.from_data(case, data)
    return Review(weighing, cells, conflicts)


def columns() -> tuple[doctrine.Principle, ...]:
    """Return the principles that are weighed: all but the precondition."""
    return tuple(one for one in doctrine.principles() if one.kind != "precondition")


def inline(name: str) -> str:
    """Return a name as it stands inside a sentence.

    Examples
    --------
    >>> inline("Counter terrorism"), inline("Charter hierarchy")
    ('counter terrorism', 'Charter hierarchy')
    """
    if name[:2].isupper() or name.split(maxsplit=1)[0] in _PROPER:
        return name
    return name[0].lower() + name[1:]


def quoted(name: str) -> str:
    """Return a purpose's name as it stands inside a sentence: in marks, for some are verbs.

    Examples
    --------
    >>> quoted("Bring stability")
    '"bring stability"'
    """
    return f'"{inline(name)}"'


_PROPER = {"Charter", "UN"}


def in_words(value: Value | None) -> str:
    """Return a value as the answer to a finding's question.

    Parameters
    ----------
    value
        A value; none where the question does not arise.

    Examples
    --------
    >>> in_words(Value.NOT_MET)
    'no'
    """
    if value is None:
        return "it does not arise"
    return {Value.MET: "yes", Value.NOT_MET: "no", Value.UNCLEAR: "unclear"}[value]


def key(purpose: str, principle: str) -> str:
    """Return the name of a cell.

    Examples
    --------
    >>> key("J01", "HR")
    'counter-terrorism|human-rights'
    """
    return f"{doctrine.purpose(purpose).id}{_BETWEEN}{doctrine.principle(principle).id}"


def _places() -> Iterator[str]:
    for purpose in doctrine.purposes():
        for principle in columns():
            yield f"{purpose.id}{_BETWEEN}{principle.id}"


def _check(case: str, place: str, entry: Entry) -> None:
    if place not in set(_places()):
        raise WeighingError(
            f"{place}: consent is a precondition and is not weighed. "
            "The consent test asks about it."
        )
    if entry.stance not in STANCES:
        raise WeighingError(
            f'{place}: the stance should be one of {", ".join(STANCES)}; yours is "{entry.stance}".'
        )
    findings = {finding.id for finding in cases.case(case).findings}
    if entry.hinge and not entry.hinge.startswith(OWN) and entry.hinge not in findings:
        raise WeighingError(
            f'{place}: the hinge "{entry.hinge}" is no finding of {case}. '
            f'Choose one from the list, or begin your own words with "{OWN}".'
        )


def _split(place: object) -> tuple[str, str]:
    purpose, between, principle = str(place).partition(_BETWEEN)
    if not between:
        raise WeighingError(
            f'"{place}" is not the name of a cell. A cell is named purpose|principle, '
            'such as "counter-terrorism|human-rights".'
        )
    return purpose, principle


def _entry(place: object, cell: object) -> Entry:
    if not isinstance(cell, Mapping) or not all(isinstance(v, str) for v in cell.values()):
        raise WeighingError(f"{place}: a cell has a stance, a reason and a hinge, each a text.")
    known: dict[str, Any] = {name: cell.get(name, "") for name in ("stance", "reason", "hinge")}
    return Entry(**known)


def _lacks(entry: Entry) -> tuple[str, ...]:
    words = len(_one_line(entry.reason).split(" ")) if _one_line(entry.reason) else 0
    reason = f"a reason of {words} words ({WORDS} are needed)" if words else "no reason"
    lacks = (
        reason if words < WORDS else "",
        "" if _one_line(entry.hinge) else "no hinge",
    )
    return tuple(lack for lack in lacks if lack)


def _reason(case: cases.Case, entry: Entry) -> str:
    reason = _as_sentence(entry.reason) or "[reason to be given]"
    if not _one_line(entry.hinge):
        return f"{reason} [hinge to be named]"
    if entry.hinge.startswith(OWN):
        return f"{reason} It turns on this: {_as_sentence(entry.hinge.removeprefix(OWN))}"
    finding = case.finding(entry.hinge)
    answer = in_words(finding.value)
    return f"{reason} It turns on this: {finding.question} (On the record: {answer}.)"


def _as_sentence(text: str) -> str:
    line = _one_line(text)
    return line if not line or line[-1] in ".!?" else f"{line}."


def _one_line(text: str) -> str:
    """Return a text without line breaks, which would break the memo's list."""
    return re.sub(r"[ \t\r\n]+", " ", text).strip(" ")


def _section(title: str, lines: tuple[Conflict, ...] | tuple[Unsupported, ...]) -> Iterator[str]:
    if lines:
        yield from ("", f"## {title}", "")
        yield from (f"- {line}" for line in lines)


def _list(names: tuple[str, ...]) -> str:
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} and {names[-1]}"
