"""The doctrine as data: principles, purposes, and how each purpose stands to each principle.

A relation says how a claim of its kind *usually* stands to a norm. It is a default
to be challenged, no finding on any case and no verdict; where it holds on some
positions only, it names them.

Examples
--------
>>> purpose("counter-terrorism").name
'Counter terrorism'
>>> relation("counter-terrorism", "human-rights").stance
'depends'
>>> [one.id for one in principles() if one.kind == "precondition"]
['sovereign-consent']
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Protocol, TypeVar

from volens import codebook, evidence
from volens.entries import TomlEntry, toml
from volens.errors import DoctrineError, UnknownDoctrineError
from volens.evidence import Row

__all__ = [
    "Principle",
    "Purpose",
    "Relation",
    "by_name",
    "principle",
    "principles",
    "purpose",
    "purposes",
    "relation",
    "relations",
]

_PRINCIPLES = "doctrine/principles.toml"
_PURPOSES = "doctrine/purposes.toml"
_SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"


class _HasName(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def ref(self) -> str: ...


_Named = TypeVar("_Named", bound=_HasName)


@dataclass(frozen=True)
class Principle:
    """A norm that a purpose may serve or strain.

    Attributes
    ----------
    id, ref, name
        The slug, the code of the research files, and the words to show.
    kind
        ``precondition`` (consent: nothing is weighed before it), ``constraint``
        (not to be outweighed within its scope) or ``principle``.
    constraint_scope
        How far a constraint reaches; empty for the other kinds.
    protects
        What or whom the norm protects.
    disputed
        Where scholars divide, by position.
    authorities
        Ids of the table ``authorities``: what the norm rests on.
    works
        Ids of the table ``sources``: the scholarship that divides, or explains.
    """

    id: str
    ref: str
    name: str
    kind: str
    constraint_scope: str
    protects: str
    disputed: str
    authorities: tuple[str, ...]
    works: tuple[str, ...]


@dataclass(frozen=True)
class Purpose:
    """An aim for which an intervention is said to be made.

    Attributes
    ----------
    id, ref, name
        The slug, the code of the research files, and the words to show.
    definition
        What falls under it.
    self_determination
        How it stands to a people's choice.
    evidence
        What would show that the aim is real.
    abuse
        How the aim may be claimed without being real.
    avowed
        Whether States claim it; the one that they hardly ever claim is the contrast.
    claim_codes
        The codes of claims that fall under it: ids of the table ``claim_codes``.
    counts_as_aim
        Whether it is a distinct aim on the purpose-based view: ``yes``, ``no`` (a title of its
        own, a disclaimer, or what the view excludes) or ``disputed``.
    origin
        ``hasar-2022`` (in his account of the practice of States) or ``added``.
    """

    id: str
    ref: str
    name: str
    definition: str
    self_determination: str
    evidence: str
    abuse: str
    avowed: bool
    claim_codes: tuple[str, ...]
    counts_as_aim: str
    origin: str


@dataclass(frozen=True)
class Relation:
    """How a purpose usually stands to a principle: one cell of the matrix.

    Attributes
    ----------
    purpose, principle
        Slugs.
    stance
        ``supports``, ``tension``, ``depends`` (the note says on what) or
        ``not engaged`` (the aim as such does not touch the norm, which still binds
        what the force does).
    note
        Why.
    hinge
        The fact that would move the cell; may be empty where the norm is not engaged.
    confidence
        ``high`` where each authority that the note names was read, else ``medium``.
    positions
        The positions on which the stance holds; empty where it presupposes none.
    """

    purpose: str
    principle: str
    stance: str
    note: str
    hinge: str
    confidence: str
    positions: tuple[str, ...]


@cache
def principles() -> tuple[Principle, ...]:
    """Return the principles, in the order of their file.

    Raises
    ------
    DoctrineError
        If an entry is written wrongly.

    Examples
    --------
    >>> len(principles())
    8
    """
    file = toml(_PRINCIPLES, DoctrineError)
    return tuple(_principle(entry) for entry in file.entries("principle"))


@cache
def purposes() -> tuple[Purpose, ...]:
    """Return the purposes, in the order of their file.

    Raises
    ------
    DoctrineError
        If an entry is written wrongly, or a code of claims has no place.

    Examples
    --------
    >>> len(purposes())
    19
    """
    file = toml(_PURPOSES, DoctrineError)
    found = tuple(_purpose(entry) for entry in file.entries("purpose"))
    _check_codes(file, found)
    return found


@cache
def relations() -> tuple[Relation, ...]:
    """Return how each purpose stands to each principle, in the order of the file.

    Raises
    ------
    CellError
        If a cell holds what the codebook forbids.
    DoctrineError
        If a row names no purpose or principle, comes twice, or is missing.

    Examples
    --------
    >>> len(relations()) == len(purposes()) * len(principles())
    True
    """
    found: dict[tuple[str, str], Relation] = {}
    for number, row in enumerate(evidence.rows("matrix"), 2):
        _check_row(number, row, found)
        found[row.purpose, row.principle] = Relation(
            purpose=row.purpose,
            principle=row.principle,
            stance=row.stance,
            note=row.note,
            hinge=row.hinge or "",
            confidence=row.confidence,
            positions=tuple(row.position.split("; ")) if row.position else (),
        )
    for aim in purposes():
        for norm in principles():
            if (aim.id, norm.id) not in found:
                raise DoctrineError(
                    f"{_matrix()}: expected a row for the purpose `{aim.id}` and the principle "
                    f"`{norm.id}`, got none. Each purpose needs one row for each principle."
                )
    return tuple(found.values())


def principle(key: str) -> Principle:
    """Return a principle by its slug, or by its code in the research files.

    Raises
    ------
    UnknownDoctrineError
        If there is no such principle.

    Examples
    --------
    >>> principle("H103").name
    'Charter hierarchy'
    """
    return by_name("principle", key, principles())


def purpose(key: str) -> Purpose:
    """Return a purpose by its slug, or by its code in the research files.

    Raises
    ------
    UnknownDoctrineError
        If there is no such purpose.

    Examples
    --------
    >>> purpose("J00").avowed
    False
    """
    return by_name("purpose", key, purposes())


def relation(purpose: str, principle: str) -> Relation:
    """Return how a purpose stands to a principle; both by slug or by code.

    Raises
    ------
    UnknownDoctrineError
        If there is no such purpose or principle.

    Examples
    --------
    >>> relation("J05", "PF").stance
    'supports'
    """
    return _by_place()[_purpose_id(purpose), _principle_id(principle)]


@cache
def _by_place() -> Mapping[tuple[str, str], Relation]:
    return {(one.purpose, one.principle): one for one in relations()}


def _purpose_id(key: str) -> str:
    return purpose(key).id


def _principle_id(key: str) -> str:
    return principle(key).id


def by_name(kind: str, key: str, among: Iterable[_Named]) -> _Named:
    """Return what has this slug, or this code of the research files.

    Raises
    ------
    UnknownDoctrineError
        If none of them has; the message lists those there are.
    """
    among = tuple(among)
    for one in among:
        if key in (one.id, one.ref):
            return one
    raise UnknownDoctrineError(kind, key, [one.id for one in among])


def _principle(entry: TomlEntry) -> Principle:
    entry.only(
        *("id", "ref", "name", "kind", "constraint_scope", "protects", "disputed"),
        *("authorities", "works"),
    )
    kind = entry.text("kind", ("precondition", "constraint", "principle"))
    if kind != "constraint" and "constraint_scope" in entry.content:
        entry.fail("constraint_scope", f"no scope for a {kind}", entry.content["constraint_scope"])
    return Principle(
        id=entry.text("id", pattern=_SLUG),
        ref=entry.text("ref"),
        name=entry.text("name"),
        kind=kind,
        constraint_scope=entry.text("constraint_scope") if kind == "constraint" else "",
        protects=entry.text("protects"),
        disputed=entry.text("disputed"),
        authorities=_known(entry, "authorities", "authorities"),
        works=tuple(_known(one, "source", "sources")[0] for one in entry.entries("works")),
    )


def _known(entry: TomlEntry, key: str, table: str) -> tuple[str, ...]:
    """Return ids of a table, one or a list of them."""
    ids = (entry.text(key),) if isinstance(entry.content.get(key), str) else entry.texts(key)
    known = evidence.ids(table)
    for one in ids:
        if one not in known:
            entry.fail(key, f"ids of the table {table}", one)
    return ids


def _purpose(entry: TomlEntry) -> Purpose:
    entry.only(
        *("id", "ref", "name", "definition", "self_determination", "evidence", "abuse"),
        *("avowed", "claim_codes", "counts_as_aim", "origin"),
    )
    return Purpose(
        id=entry.text("id", pattern=_SLUG),
        ref=entry.text("ref"),
        name=entry.text("name"),
        definition=entry.text("definition"),
        self_determination=entry.text("self_determination"),
        evidence=entry.text("evidence"),
        abuse=entry.text("abuse"),
        avowed=entry.flag("avowed"),
        claim_codes=_codes(entry),
        counts_as_aim=(
            entry.text("counts_as_aim", ("yes", "no", "disputed"))
            if "counts_as_aim" in entry.content
            else "yes"
        ),
        origin=entry.text("origin", ("hasar-2022", "added")),
    )


def _codes(entry: TomlEntry) -> tuple[str, ...]:
    known = {row.id for row in evidence.rows("claim_codes") if row.kind == "purpose"}
    codes = entry.texts("claim_codes")
    for code in codes:
        if code not in known:
            entry.fail("claim_codes", "ids of data/claim-codes.csv, of the kind purpose", code)
    return codes


def _check_codes(file: TomlEntry, found: Iterable[Purpose]) -> None:
    """Make sure that no code of claims was forgotten."""
    placed = {code for one in found for code in one.claim_codes}
    for entry in file.entries("without_purpose"):
        entry.only("claim_code", "why")
        entry.text("why")
        placed.add(entry.text("claim_code"))
    for row in evidence.rows("claim_codes"):
        if row.kind == "purpose" and row.id not in placed:
            file.fail(
                "claim_codes",
                f"a place for the code `{row.id}`",
                None,
                "Name it in a purpose, or in a [[without_purpose]] entry that says why.",
            )


def _check_row(number: int, row: Row, found: Mapping[tuple[str, str], Relation]) -> None:
    for column, known in (("purpose", purposes()), ("principle", principles())):
        slugs = [one.id for one in known]
        if row[column] not in slugs:
            raise DoctrineError(
                f"{_matrix()}, row {number}, column `{column}`: expected one of "
                f'{", ".join(slugs)}, got "{row[column]}".'
            )
    if (row.purpose, row.principle) in found:
        raise DoctrineError(
            f"{_matrix()}, row {number}: `{row.purpose}` and `{row.principle}` occur twice. "
            "Take one of the two rows out."
        )


def _matrix() -> str:
    return f"data/{codebook.table('matrix').path}"
