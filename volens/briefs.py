"""The briefs of the written opinion: which one a student gets, and how it is read.

A brief is drawn from the student's id, so that it can be drawn again by anybody and
nobody chooses. Beside it stands another, on another position and in the other role;
either may be taken, and no reason is asked for or kept.

Examples
--------
>>> len(briefs())
8
>>> draw("s1234567") == draw(" S1234567 ")
True
>>> draw("s1234567").position == swapped("s1234567").position
False
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from html import escape

from volens import cases, evidence, positions
from volens.codebook import COURSE_CASE
from volens.entries import TomlEntry, toml
from volens.errors import DoctrineError
from volens.references import reference

__all__ = ["Brief", "Drawn", "brief", "briefs", "draw", "swapped"]

_FILE = "briefs.toml"
_SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"
_DAY = r"\d{4}-\d{2}-\d{2}"
#: The key of the hash; with another one every student would get another brief.
_KEY = b"volens: the briefs of a6"
_SWAP_KEY = b"volens: the other briefs of a6"
_ID = "student id"


@dataclass(frozen=True)
class Brief:
    """What to write an opinion on, for whom, and from what.

    Attributes
    ----------
    id, title
        The slug, and the words to show.
    position
        The position as stipulated on which the opinion is written.
    role
        From which side: ``asking`` or ``doubting``.
    act, about
        The act of the case that is judged, by its id and in words.
    known_on
        The day up to which evidence counts; empty where all that is known counts.
    inviter_test
        The test of who may speak for the State.
    client, question
        Whom the student advises, and what they want to know.
    rule, found, open
        What the position stipulates, what to take as found, and what is left open.
    turns
        The elements that stay open, on which the answer turns.
    rows, authorities, works
        Evidence, texts of law and scholarship to begin with.
    hardest
        The point that the other side will press.
    """

    id: str
    title: str
    position: str
    role: str
    act: str
    about: str
    known_on: str
    inviter_test: str
    client: str
    question: str
    rule: str
    found: str
    open: str
    turns: tuple[str, ...]
    rows: tuple[str, ...]
    authorities: tuple[str, ...]
    works: tuple[str, ...]
    hardest: str

    @property
    def parts(self) -> tuple[tuple[str, str], ...]:
        """The brief in words, each part with its name."""
        return (
            ("Your client", self.client),
            ("The act", f"{self.about[:1].upper()}{self.about[1:]}."),
            ("Your client asks", self.question),
            ("The position, as stipulated here", self.rule),
            ("Take as found", self.found),
            ("Left open", self.open),
            ("The other side will press this", self.hardest),
        )

    @property
    def task(self) -> str:
        """The brief as one text."""
        return " ".join(text for _, text in self.parts)

    @property
    def material(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """What to begin with: headings, each with its lines, and each line with its id."""
        return _material(self)


@dataclass(frozen=True)
class Drawn:
    """The two briefs of one student, ready to read.

    Attributes
    ----------
    student_id
        As it was typed; empty as long as none was.
    briefs
        The brief that was drawn, and the other one; none without an id.
    """

    student_id: str
    briefs: tuple[Brief, ...]

    @property
    def titles(self) -> tuple[str, ...]:
        """The titles of both."""
        return tuple(one.title for one in self.briefs)

    def __repr__(self) -> str:
        if not self.briefs:
            return _NO_ID
        first, other = self.briefs
        return f"Your brief: {_as_text(first)}\n\n{_ANOTHER}\n\n{_as_text(other)}"

    def _repr_html_(self) -> str:
        if not self.briefs:
            return f"<p>{_NO_ID}</p>"
        first, other = self.briefs
        return (
            f"<p>For the id {escape(self.student_id)}.</p>{_as_html(first)}"
            f"<details><summary>{_ANOTHER}</summary>{_as_html(other)}</details>"
        )


_NO_ID = "There is no student id yet. Type it in the sheet above, copy, paste and run again."
_ANOTHER = "Take another brief. Nobody asks why."


def briefs() -> tuple[Brief, ...]:
    """Return the briefs in the order of the file.

    Raises
    ------
    DoctrineError
        If an entry is written wrongly.

    Examples
    --------
    >>> briefs()[0].title
    'Free consent, for the Government that asked'
    """
    return _briefs()


def draw(student_id: str) -> Brief:
    """Return the brief of a student: always the same one for the same id.

    Capitals, spaces and signs in the id do not matter.

    Raises
    ------
    ValueError
        If the id holds no letter and no digit.

    Examples
    --------
    >>> draw("s1234567") in briefs()
    True
    """
    among = briefs()
    return among[_number(student_id, _KEY, len(among))]


def swapped(student_id: str) -> Brief:
    """Return the brief that a student may take instead: another position, the other role.

    Raises
    ------
    ValueError
        If the id holds no letter and no digit.

    Examples
    --------
    >>> swapped("s1234567").role == draw("s1234567").role
    False
    """
    first = draw(student_id)
    among = [one for one in briefs() if one.position != first.position and one.role != first.role]
    return among[_number(student_id, _SWAP_KEY, len(among))]


def brief(student: str | Mapping[str, object]) -> Drawn:
    """Return a student's brief as a card, with the other one folded below it.

    Parameters
    ----------
    student
        The student's id, or the answer that holds it under ``student id``.

    Examples
    --------
    >>> print(repr(brief("")))
    There is no student id yet. Type it in the sheet above, copy, paste and run again.
    >>> brief({"you": {"student id": "s1234567", "brief": ""}}) == brief("s1234567")
    True
    """
    student_id = student if isinstance(student, str) else next(_ids_in(student), "")
    if not _normal(student_id):
        return Drawn("", ())
    return Drawn(student_id.strip(), (draw(student_id), swapped(student_id)))


def _ids_in(answer: Mapping[str, object]) -> Iterator[str]:
    """Find the id in an answer, whose rows may be dictionaries themselves."""
    for key, value in answer.items():
        if isinstance(value, Mapping):
            yield from _ids_in(value)
        elif key == _ID and isinstance(value, str):
            yield value


def _normal(student_id: str) -> str:
    return "".join(letter for letter in student_id.casefold() if letter.isalnum())


def _number(student_id: str, key: bytes, among: int) -> int:
    """Return a number below ``among`` that anybody can work out again from the id."""
    normal = _normal(student_id)
    if not normal:
        raise ValueError("A student id needs a letter or a digit.")
    digest = blake2b(normal.encode(), key=key, digest_size=8).digest()
    return int.from_bytes(digest) % among


@cache
def _briefs() -> tuple[Brief, ...]:
    file = toml(_FILE, DoctrineError)
    file.only("role", "matter", "brief")
    roles = {entry.text("id", pattern=_SLUG): entry for entry in file.entries("role")}
    matters = {entry.text("position", pattern=_SLUG): entry for entry in file.entries("matter")}
    for entry in roles.values():
        entry.only("id", "name", "client")
    for entry in matters.values():
        _check(entry)
    return tuple(_brief(entry, matters, roles) for entry in file.entries("brief"))


def _check(matter: TomlEntry) -> None:
    """Refuse a matter that names what does not exist."""
    matter.only(
        *("position", "act", "about", "known_on", "inviter_test", "rule", "found", "open"),
        *("turns", "rows", "authorities", "works"),
    )
    views = {one.id: one.kind for one in positions.positions()}
    matter.text("position", [name for name, kind in views.items() if kind == "position"])
    matter.text("inviter_test", [name for name, kind in views.items() if kind == "inviter test"])
    matter.text("act", [act.id for act in cases.case(COURSE_CASE).acts])
    known: Mapping[str, Iterable[str]] = {
        "turns": {one.id for one in positions.elements()},
        "rows": evidence.ids("timeline") | evidence.ids("claims"),
        "authorities": evidence.ids("authorities"),
        "works": evidence.ids("sources"),
    }
    for key, names in known.items():
        for name in matter.texts(key):
            if name not in names:
                matter.fail(key, "ids that exist", name)


def _brief(
    entry: TomlEntry, matters: Mapping[str, TomlEntry], roles: Mapping[str, TomlEntry]
) -> Brief:
    entry.only("id", "position", "role", "title", "question", "hardest")
    matter = matters[entry.text("position", matters)]
    role = entry.text("role", roles)
    return Brief(
        id=entry.text("id", pattern=_SLUG),
        title=entry.text("title"),
        position=matter.text("position"),
        role=role,
        act=matter.text("act"),
        about=matter.text("about"),
        known_on=matter.text("known_on", pattern=_DAY) if "known_on" in matter.content else "",
        inviter_test=matter.text("inviter_test"),
        client=roles[role].text("client"),
        question=entry.text("question"),
        rule=matter.text("rule"),
        found=matter.text("found"),
        open=matter.text("open"),
        turns=matter.texts("turns"),
        rows=matter.texts("rows"),
        authorities=matter.texts("authorities"),
        works=matter.texts("works"),
        hardest=entry.text("hardest"),
    )


def _material(one: Brief) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return what to begin with: a heading and lines, each with its id."""
    return (
        ("Evidence to begin with", tuple(_row(name) for name in one.rows)),
        ("Texts of law, with the id to cite", tuple(_authority(name) for name in one.authorities)),
        (
            "Scholars, the first for this position, the second against it or in doubt",
            tuple(f"{name}: {reference(name)}." for name in one.works),
        ),
    )


def _row(name: str) -> str:
    if name in evidence.ids("timeline"):
        event = evidence.row("timeline", name)
        return f"{name}, {event.date}, {event.actor}: {event.event}."
    claim = evidence.row("claims", name)
    return f"{name}, {claim.date}, said by {claim.speaker}: {claim.claim}."


def _authority(name: str) -> str:
    row = evidence.row("authorities", name)
    disputed = f" Disputed: {row.disputed}" if row.disputed else ""
    part = f": {row.read_part}" if row.read_part else ""
    return f"{name}: {row.instrument}, {row.provision}. {row.says}{disputed} Read {row.read}{part}."


def _as_text(one: Brief) -> str:
    lines = [one.title]
    lines += [f"{name}: {text}" for name, text in one.parts]
    for heading, texts in one.material:
        lines += [f"{heading}:", *(f"- {text}" for text in texts)]
    return "\n".join(lines)


def _as_html(one: Brief) -> str:
    parts = "".join(
        f"<p><strong>{escape(name)}:</strong> {escape(text)}</p>" for name, text in one.parts
    )
    lists = "".join(
        f"<p><strong>{escape(heading)}</strong></p>"
        f"<ul>{''.join(f'<li>{escape(text)}</li>' for text in texts)}</ul>"
        for heading, texts in one.material
    )
    return f"<p><strong>{escape(one.title)}</strong></p>{parts}{lists}"
