"""One cell of the board: how a purpose stands to a principle, why, on what, and by what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from volens import doctrine
from volens.logic import Value
from volens.wording import one_line, word_count

__all__ = [
    "LABELS",
    "OWN",
    "STANCES",
    "WORDS",
    "Conflict",
    "Entry",
    "Unsupported",
    "columns",
    "in_words",
    "inline",
    "key",
    "lacks",
    "listed",
    "own_words",
    "places",
    "quoted",
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
#: The four stances, as a label says each.
LABELS: Mapping[str, str] = MappingProxyType(
    {
        "supports": "supports",
        "tension": "in tension",
        "depends": "depends",
        "not engaged": "not engaged",
    }
)
#: A hinge or a source in the student's own words begins with this word.
OWN = "own: "

#: A reason shorter than this is a slogan.
WORDS = 15

BETWEEN = "|"
_PROPER = {"Charter", "UN"}


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
    source
        What the reason rests on: an id of :func:`volens.weighing.grounds`, or ``own: ``
        and words; may still be empty.
    """

    stance: str
    reason: str = ""
    hinge: str = ""
    source: str = ""


@dataclass(frozen=True)
class Conflict:
    """Two ways of standing that meet in one row or one column.

    Attributes
    ----------
    where
        The name of the purpose or of the principle in which they meet.
    supports, tension
        The names on either side.
    kind
        ``purpose`` or ``principle``.
    """

    where: str
    supports: tuple[str, ...]
    tension: tuple[str, ...]
    kind: str = "purpose"

    def __str__(self) -> str:
        supports, tension = listed(self.supports), listed(self.tension)
        if self.kind == "purpose":
            return f"{self.where} supports {supports} and is in tension with {tension}."
        return f"{self.where} is supported by {supports} and in tension with {tension}."


@dataclass(frozen=True)
class Unsupported:
    """A cell that has a stance and lacks something that would support it.

    Attributes
    ----------
    purpose, principle
        The names.
    lacks
        What is missing, in words: a reason, a longer reason, a hinge, a source.
    """

    purpose: str
    principle: str
    lacks: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.purpose} and {inline(self.principle)}: {' and '.join(self.lacks)}."


def columns() -> tuple[doctrine.Principle, ...]:
    """Return the principles that are weighed: all but the precondition."""
    return tuple(one for one in doctrine.principles() if one.kind != "precondition")


def key(purpose: str, principle: str) -> str:
    """Return the name of a cell.

    Examples
    --------
    >>> key("J01", "HR")
    'counter-terrorism|human-rights'
    """
    return f"{doctrine.purpose(purpose).id}{BETWEEN}{doctrine.principle(principle).id}"


def places() -> Iterator[str]:
    """Yield the name of each cell of the board, in the order of the doctrine.

    Examples
    --------
    >>> len(list(places()))
    133
    """
    for purpose in doctrine.purposes():
        for principle in columns():
            yield f"{purpose.id}{BETWEEN}{principle.id}"


def lacks(entry: Entry) -> tuple[str, ...]:
    """Return what a cell lacks of reason and hinge, in words.

    Examples
    --------
    >>> lacks(Entry("tension", "Rights matter."))
    ('a reason of 2 words (15 are needed)', 'no hinge')
    """
    words = word_count(entry.reason)
    so_far = "1 word" if words == 1 else f"{words} words"
    reason = f"a reason of {so_far} ({WORDS} are needed)" if words else "no reason"
    missing = (reason if words < WORDS else "", "" if own_words(entry.hinge) else "no hinge")
    return tuple(lack for lack in missing if lack)


def own_words(text: str) -> str:
    """Return what a hinge or a source says: an id, or the student's own words on one line.

    Examples
    --------
    >>> own_words("own: who gave the order"), own_words("own: ")
    ('who gave the order', '')
    """
    return one_line(text.removeprefix(OWN))


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


def listed(names: tuple[str, ...]) -> str:
    """Return names as a list in a sentence.

    Examples
    --------
    >>> listed(("order", "rights", "peace"))
    'order, rights and peace'
    """
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} and {names[-1]}"
