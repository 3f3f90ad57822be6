"""The legal views as data: the elements of a valid invitation, and the positions on them.

A position is stipulated: it states a view in its own strongest terms, so that facts
can be judged on it. What an author wrote stands under ``works``, no further than it
was read. Elements are questions; which of them a position asks, its flags say.

Examples
--------
>>> element("F").name
'Not withdrawn'
>>> [one.id for one in positions() if one.kind == "position"]
['free-consent', 'abstention', 'purpose-based', 'human-rights-bar']
>>> position("S1").flags["purpose_test"]
False
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, TypeAlias

from volens import evidence
from volens.doctrine import by_name
from volens.entries import TomlEntry, toml
from volens.errors import DoctrineError

__all__ = [
    "KINDS",
    "OTHER_TITLES",
    "ROLES",
    "Clause",
    "Element",
    "Flag",
    "InviterTest",
    "Position",
    "Variant",
    "Work",
    "element",
    "elements",
    "met_means",
    "position",
    "positions",
]

_ELEMENTS = "doctrine/elements.toml"
_POSITIONS = "doctrine/positions.toml"
_SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"
_READ = ("in full", "in part", "not")
_CONFIDENCE = ("high", "medium", "low")
_VERIFIED = r"(pages|knowledge|seed 00[0-4])(; (knowledge|seed 00[0-4]))*"
_THRESHOLDS = ("none", "political contest", "armed conflict", "civil war")

#: The element that stands alone: it repairs no consent, and needs none.
OTHER_TITLES = "other-titles"
#: What an element does in the argument.
ROLES = (
    "attribution",
    "gate",
    "treaty route",
    "internal law",
    "limit",
    "separate title",
    "parallel",
)
#: What a view is; only a position together with an inviter test gets a verdict.
KINDS = (
    "position",
    "inviter test",
    "exception",
    "forum",
    "setting",
    "separate title",
    "critique",
)

Flag: TypeAlias = bool | str | tuple[str, ...]

#: What each flag may hold: a tuple of words, ``bool``, or ``list`` for a list of texts.
_POSITION_FLAGS: Mapping[str, Any] = {
    "limit_threshold": _THRESHOLDS,
    "purpose_test": bool,
    "purpose_from": ("always", *_THRESHOLDS[1:]),
    "human_rights_bar": bool,
    "human_rights_asks": list,
    "self_determination_limit": bool,
    "treaty_rule": ("suffices", "needs ad hoc consent", "irrelevant"),
    "advance_consent_revocable": bool,
    "default_inviter_test": str,
}
_INVITER_FLAGS: Mapping[str, Any] = {
    "inviter_test": str,
    "asks": list,
    "asks_none": list,
    "presumption_for_incumbent": bool,
}
_ALL_FLAGS = {**_POSITION_FLAGS, **_INVITER_FLAGS}
_SOMETIMES = {"purpose_from": "purpose_test", "human_rights_asks": "human_rights_bar"}


@dataclass(frozen=True)
class Work:
    """A work on which an element or a position rests.

    Attributes
    ----------
    source
        An id of the table ``sources``.
    pinpoint
        The part that was read, or the place.
    stance
        ``holds``, ``supports``, ``opposes`` or ``reports``; empty for an element's works.
    holds
        What the work argues, in our words, as far as it was read.
    read
        ``in full``, ``in part`` or ``not``; for an element's works that of the source.
    confidence
        That this is what the work says; empty for an element's works.
    """

    source: str
    pinpoint: str
    stance: str
    holds: str
    read: str
    confidence: str


@dataclass(frozen=True)
class InviterTest:
    """One of the rival tests of who may speak for the State.

    Attributes
    ----------
    id, ref
        The slug, and the code of the research files.
    position
        The position of the kind ``inviter test`` that asks it.
    question, met_means
        In plain words; what ``met`` says.
    findings
        Findings that bear on it; none where a case must give a value for the test itself.
    disputed
        What is disputed about it.
    """

    id: str
    ref: str
    position: str
    question: str
    met_means: str
    findings: tuple[str, ...]
    disputed: str


@dataclass(frozen=True)
class Clause:
    """A part of a rule: some findings must be met, and others may not.

    Attributes
    ----------
    all, none
        Findings that must be met; findings of which none may be met.
    """

    all: tuple[str, ...]
    none: tuple[str, ...]


@dataclass(frozen=True)
class Element:
    """One question in the walk from a request to a verdict.

    Attributes
    ----------
    id, ref, name
        The slug, the letter of the research files, and the words to show.
    order
        The place in the walk, from 0.
    role
        One of :data:`ROLES`.
    always
        Whether it is asked on every position.
    flags
        Where it is not, the flags that switch it on.
    question, test, met_means
        In plain words; how the answer is found; what ``met`` says. ``met`` favours the
        intervener: for the limits it means that there is no obstacle.
    evidence
        What would show it.
    findings
        Findings that bear on it.
    met_if
        The rule by which it is answered: clauses, of which one is enough. Empty where the
        flags of a position give the rule.
    counter_arguments
        The strongest objections, with the positions that make them.
    disputed
        Where scholars divide, and who holds what.
    authorities
        Ids of the table ``authorities``.
    works
        What else it rests on.
    inviter_tests
        The rival tests; only of the element ``authority-to-invite``.
    verified, confidence
        As in the tables.
    """

    id: str
    ref: str
    name: str
    order: int
    role: str
    always: bool
    flags: tuple[str, ...]
    question: str
    test: str
    met_means: str
    evidence: tuple[str, ...]
    findings: tuple[str, ...]
    met_if: tuple[Clause, ...]
    counter_arguments: tuple[str, ...]
    disputed: str
    authorities: tuple[str, ...]
    works: tuple[Work, ...]
    inviter_tests: tuple[InviterTest, ...]
    verified: str
    confidence: str


@dataclass(frozen=True)
class Variant:
    """Another value of a flag, which sources of the same view support or leave open.

    Attributes
    ----------
    flag, value, why
        Which flag, what it would be, and on what ground.
    """

    flag: str
    value: Flag
    why: str


@dataclass(frozen=True)
class Position:
    """A view of intervention by invitation, as this course stipulates it.

    Attributes
    ----------
    id, ref, name, short_name
        The slug, the code of the research files, and the words to show.
    kind
        One of :data:`KINDS`.
    thesis, strongest, objection, test
        The view, the best sentence for it, the best against it, and how it decides.
    flags
        What the machine that judges reads; empty but for positions and inviter tests.
    variants
        Flags that the view may hold otherwise.
    works
        What it rests on.
    reasons
        Element to the sentence of the printed opinion, where the view treats the element
        in its own way.
    met_means
        Element to what ``met`` says on this view, where that is not what it says elsewhere.
    verified, confidence
        As in the tables, for the entry as a whole.
    """

    id: str
    ref: str
    name: str
    short_name: str
    kind: str
    thesis: str
    strongest: str
    objection: str
    test: str
    flags: Mapping[str, Flag]
    variants: tuple[Variant, ...]
    works: tuple[Work, ...]
    reasons: Mapping[str, str]
    met_means: Mapping[str, str]
    verified: str
    confidence: str


@cache
def elements() -> tuple[Element, ...]:
    """Return the elements, in the order in which they are asked.

    Raises
    ------
    DoctrineError
        If an entry is written wrongly.

    Examples
    --------
    >>> [one.ref for one in elements() if one.role == "gate"]
    ['A', 'B', 'C', 'D', 'E', 'F']
    """
    found = tuple(_element(entry) for entry in toml(_ELEMENTS, DoctrineError).entries("element"))
    return tuple(sorted(found, key=lambda one: one.order))


@cache
def positions() -> tuple[Position, ...]:
    """Return the positions and what is called a school beside them, in the order of the file.

    Raises
    ------
    DoctrineError
        If an entry is written wrongly.

    Examples
    --------
    >>> len(positions())
    14
    """
    entries = toml(_POSITIONS, DoctrineError).entries("position")
    found = tuple(_position(entry) for entry in entries)
    tests = [one.id for one in found if one.kind == "inviter test"]
    for entry, one in zip(entries, found, strict=True):
        if one.kind == "position" and one.flags["default_inviter_test"] not in tests:
            entry.fail(
                "default_inviter_test",
                f"an inviter test ({', '.join(tests)})",
                one.flags["default_inviter_test"],
            )
    return found


def element(key: str) -> Element:
    """Return an element by its slug or its letter.

    Raises
    ------
    UnknownDoctrineError
        If there is no such element.
    """
    return by_name("element", key, elements())


def met_means(asked: str, view: str) -> str:
    """Return what ``met`` says of an element on a position.

    Examples
    --------
    >>> met_means("self-determination-and-purpose", "purpose-based")[:52]
    'The limit is respected: there is a distinct lawful a'
    """
    own = position(view).met_means
    return own.get(element(asked).id, element(asked).met_means)


def position(key: str) -> Position:
    """Return a position by its slug, or by its code in the research files.

    Raises
    ------
    UnknownDoctrineError
        If there is no such position.
    """
    return by_name("position", key, positions())


def _element(entry: TomlEntry) -> Element:
    entry.only(
        *("id", "ref", "name", "order", "role", "asked", "flags", "question", "test"),
        *(
            "met_means",
            "evidence",
            "findings",
            "met_if",
            "counter_arguments",
            "disputed",
            "authorities",
        ),
        *("works", "inviter_test", "verified", "confidence"),
    )
    for flag in entry.texts("flags"):
        if flag not in _ALL_FLAGS:
            entry.fail("flags", f"flags of positions ({', '.join(_ALL_FLAGS)})", flag)
    tests = entry.any_entries("inviter_test")
    return Element(
        id=entry.text("id", pattern=_SLUG),
        ref=entry.text("ref"),
        name=entry.text("name"),
        order=entry.number("order"),
        role=entry.text("role", ROLES),
        always=entry.text("asked", ("always", "where the position says so")) == "always",
        flags=entry.texts("flags"),
        question=entry.text("question"),
        test=entry.text("test"),
        met_means=entry.text("met_means"),
        evidence=entry.texts("evidence"),
        findings=entry.texts("findings"),
        met_if=tuple(_clause(one) for one in entry.any_entries("met_if")),
        counter_arguments=entry.texts("counter_arguments"),
        disputed=entry.text("disputed"),
        authorities=_authorities(entry),
        works=tuple(_cited(one) for one in entry.entries("works")),
        inviter_tests=tuple(_inviter_test(one) for one in tests),
        verified=entry.text("verified", pattern=_VERIFIED),
        confidence=entry.text("confidence", _CONFIDENCE),
    )


def _clause(entry: TomlEntry) -> Clause:
    entry.only("all", "none")
    asked = Clause(
        all=entry.texts("all") if "all" in entry.content else (),
        none=entry.texts("none") if "none" in entry.content else (),
    )
    if not asked.all and not asked.none:
        entry.fail("all", "a finding in `all` or in `none`", None)
    return asked


def _authorities(entry: TomlEntry) -> tuple[str, ...]:
    known = evidence.ids("authorities")
    for authority in entry.texts("authorities"):
        if authority not in known:
            entry.fail("authorities", "ids of data/doctrine/authorities.csv", authority)
    return entry.texts("authorities")


def _source(entry: TomlEntry) -> str:
    key = entry.text("source")
    if key not in evidence.ids("sources"):
        entry.fail("source", "an id of data/sources.csv", key)
    return key


def _cited(entry: TomlEntry) -> Work:
    entry.only("source", "pinpoint", "for")
    source = _source(entry)
    return Work(
        source=source,
        pinpoint=str(entry.content.get("pinpoint", "")),
        stance="",
        holds=entry.text("for"),
        read=evidence.row("sources", source).read,
        confidence="",
    )


def _inviter_test(entry: TomlEntry) -> InviterTest:
    entry.only("id", "ref", "position", "question", "met_means", "findings", "disputed")
    return InviterTest(
        id=entry.text("id", pattern=_SLUG),
        ref=entry.text("ref"),
        position=entry.text("position", pattern=_SLUG),
        question=entry.text("question"),
        met_means=entry.text("met_means"),
        findings=entry.texts("findings"),
        disputed=entry.text("disputed"),
    )


def _position(entry: TomlEntry) -> Position:
    entry.only(
        *("id", "ref", "name", "short_name", "kind", "thesis", "strongest", "objection", "test"),
        *("flags", "variants", "works", "reasons", "met_means", "verified", "confidence"),
    )
    kind = entry.text("kind", KINDS)
    return Position(
        id=entry.text("id", pattern=_SLUG),
        ref=entry.text("ref"),
        name=entry.text("name"),
        short_name=entry.text("short_name"),
        kind=kind,
        thesis=entry.text("thesis"),
        strongest=entry.text("strongest"),
        objection=entry.text("objection"),
        test=entry.text("test"),
        flags=MappingProxyType(_flags(entry, kind)),
        variants=tuple(_variant(one) for one in entry.any_entries("variants")),
        works=tuple(_work(one) for one in entry.entries("works")),
        reasons=MappingProxyType(_by_element(entry, "reasons")),
        met_means=MappingProxyType(_by_element(entry, "met_means")),
        verified=entry.text("verified", pattern=_VERIFIED),
        confidence=entry.text("confidence", _CONFIDENCE),
    )


def _flags(entry: TomlEntry, kind: str) -> dict[str, Flag]:
    expected = {"position": _POSITION_FLAGS, "inviter test": _INVITER_FLAGS}.get(kind)
    if expected is None:
        if "flags" in entry.content:
            entry.fail("flags", f"no flags: this is a {kind}", entry.content["flags"])
        return {}
    flags = entry.table("flags")
    flags.only(*expected)
    found = {}
    for name, kinds in expected.items():
        condition = _SOMETIMES.get(name)
        if condition and not flags.content.get(condition):
            if name in flags.content:
                flags.fail(name, f"nothing, since {condition} is false", flags.content[name])
            continue
        found[name] = _flag(flags, name, kinds)
    return found


def _flag(flags: TomlEntry, name: str, kind: Any) -> Flag:  # noqa: ANN401 (a type or a tuple of words)
    if kind is bool:
        return flags.flag(name)
    if kind is list:
        return flags.texts(name)
    return flags.text(name, () if kind is str else kind)


def _variant(entry: TomlEntry) -> Variant:
    entry.only("flag", "value", "why")
    flag = entry.text("flag", list(_ALL_FLAGS))
    return Variant(
        flag=flag,
        value=_flag(entry, "value", _ALL_FLAGS[flag]),
        why=entry.text("why"),
    )


def _work(entry: TomlEntry) -> Work:
    entry.only("source", "pinpoint", "stance", "holds", "read", "confidence")
    read = entry.text("read", _READ)
    confidence = entry.text("confidence", _CONFIDENCE)
    if read == "not" and confidence == "high":
        entry.fail("confidence", "medium or low, since it was not read", confidence)
    return Work(
        source=_source(entry),
        pinpoint=str(entry.content.get("pinpoint", "")),
        stance=entry.text("stance", ("holds", "supports", "opposes", "reports")),
        holds=entry.text("holds"),
        read=read,
        confidence=confidence,
    )


def _by_element(entry: TomlEntry, key: str) -> dict[str, str]:
    """Return the sentences that a view has of its own, by element."""
    if key not in entry.content:
        return {}
    sentences = entry.table(key)
    known = {one.id for one in elements()}
    for found in sentences.content:
        if found not in known:
            sentences.fail(found, f"ids of elements ({', '.join(sorted(known))})", found)
    return {found: sentences.text(found) for found in sentences.content}
