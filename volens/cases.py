"""A case: who acted, what was done, and what the public record shows, question by question.

A finding answers a question of fact, or says that it cannot be answered and why.
It is no legal conclusion: what a finding is worth depends on a position.

Examples
--------
>>> kazakhstan = case("kazakhstan-2022")
>>> kazakhstan.finding("request-before-arrival").value
MET
>>> kazakhstan.finding("request-before-arrival").rows[0]
('timeline', 'T036')
>>> [act.id for act in kazakhstan.acts]
['decision', 'russian-deployment', 'other-contingents', 'later-sites', 'stay-and-exit']
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from volens import codebook, evidence
from volens.entries import TomlEntry, toml
from volens.errors import CaseError, UnknownCaseError
from volens.logic import UNCLEAR, Value

__all__ = [
    "ROLES",
    "Act",
    "Actor",
    "Case",
    "Finding",
    "Instrument",
    "Office",
    "OpenQuestion",
    "Stage",
    "case",
    "case_ids",
]

#: The tables in which a finding's rows are looked up; their ids differ in the first letter.
_TABLES = ("timeline", "claims", "casualties", "figures", "contingents", "conflicts")
#: On which side of the invitation an actor stands.
ROLES = (
    "inviting-state",
    "intervening-state",
    "organisation",
    "population",
    "third-state",
    "other",
)
_PERIOD = r"\d{4}-\d{2}-\d{2}/\d{4}-\d{2}-\d{2}"
_WHY = ("no evidence", "conflicting evidence", "legal standard disputed")
_SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"
_VERIFIED = r"(pages|knowledge|seed 00[0-4])(; (knowledge|seed 00[0-4]))*"


@dataclass(frozen=True)
class Office:
    """An office of the State, and who held it.

    Attributes
    ----------
    office, holder
        The office in words, and the person; several holders in turn are joined with "; ".
    """

    office: str
    holder: str


@dataclass(frozen=True)
class Actor:
    """Somebody who acted, or whose words are recorded.

    Attributes
    ----------
    id, name
        The slug, and the words to show.
    role
        On which side of the invitation: one of :data:`ROLES`.
    offices
        Who held which office during the events; empty where none matters.
    """

    id: str
    name: str
    role: str
    offices: tuple[Office, ...]


@dataclass(frozen=True)
class Instrument:
    """A treaty or law, in the version that was in force when the events took place.

    Attributes
    ----------
    id, name, version
        The slug, the words to show, and which version applied.
    in_force
        Whether it was in force for the State on the first day of the case.
    authorities
        Ids of the table ``authorities``: its provisions that matter.
    note
        What to bear in mind.
    """

    id: str
    name: str
    version: str
    in_force: bool
    authorities: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class Act:
    """One thing that was done on the strength of the invitation, to be judged by itself.

    Attributes
    ----------
    id, name
        The slug, and the words to show.
    actors
        Ids of those who did it.
    what
        What was done, in one sentence.
    period
        First and last day, as ISO dates with a slash between them.
    rows
        Table and id of each row behind it.
    """

    id: str
    name: str
    actors: tuple[str, ...]
    what: str
    period: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Stage:
    """A stage that cannot come before the one listed above it.

    Attributes
    ----------
    name
        Such as ``request``.
    events
        Ids of the timeline.
    """

    name: str
    events: tuple[str, ...]


@dataclass(frozen=True)
class OpenQuestion:
    """What the public record leaves open.

    Attributes
    ----------
    id, question
        The slug, and what is not known.
    matters
        Why the answer would matter.
    would_settle
        What would answer it.
    """

    id: str
    question: str
    matters: str
    would_settle: str


@dataclass(frozen=True)
class Finding:
    """What the record says on one question.

    Attributes
    ----------
    id, ref
        The slug, and the code of the research files.
    question
        What is asked.
    value
        ``MET``, ``NOT_MET`` or ``UNCLEAR``.
    why
        Why it is unclear: ``no evidence``, ``conflicting evidence`` or
        ``legal standard disputed``; empty for the other values.
    note
        What the value rests on, in one sentence.
    rows
        Table and id of each row behind it, as :func:`volens.evidence.row` takes them.
    verified
        How it was checked, in the words of the tables' column of that name.
    confidence
        ``high``, ``medium`` or ``low``: how firmly the value stands.
    """

    id: str
    ref: str
    question: str
    value: Value
    why: str
    note: str
    rows: tuple[tuple[str, str], ...]
    verified: str
    confidence: str


@dataclass(frozen=True)
class Case:
    """One intervention, with what is known of it.

    Attributes
    ----------
    id, title
        The slug, and the words to show.
    state
        The State on whose territory it took place.
    period
        First and last day, as ISO dates with a slash between them.
    organisation
        The organisation that acted; empty where none did.
    actors, instruments, acts, sequence, questions, findings
        In the order of the file.
    """

    id: str
    title: str
    state: str
    period: str
    organisation: str
    actors: tuple[Actor, ...]
    instruments: tuple[Instrument, ...]
    acts: tuple[Act, ...]
    sequence: tuple[Stage, ...]
    questions: tuple[OpenQuestion, ...]
    findings: tuple[Finding, ...]

    def finding(self, key: str) -> Finding:
        """Return a finding by its slug, or by its code in the research files.

        Raises
        ------
        UnknownCaseError
            If the case has no such finding.

        Examples
        --------
        >>> case("kazakhstan-2022").finding("F02").value
        UNCLEAR
        """
        for one in self.findings:
            if key in (one.id, one.ref):
                return one
        raise UnknownCaseError("finding", key, [one.id for one in self.findings])


def case_ids() -> tuple[str, ...]:
    """Return the names of all cases, in the order of the alphabet.

    Examples
    --------
    >>> "kazakhstan-2022" in case_ids()
    True
    """
    folder = codebook.data_directory() / "cases"
    return tuple(sorted(file.parent.name for file in folder.glob("*/case.toml")))


@cache
def case(key: str) -> Case:
    """Return a case by the name of its folder in ``data/cases``.

    Raises
    ------
    UnknownCaseError
        If there is no such case.
    CaseError
        If its file is written wrongly, or names a row or an actor that does not exist.
    """
    if key not in case_ids():
        raise UnknownCaseError("case", key, case_ids())
    file = toml(f"cases/{key}/case.toml", CaseError)
    file.only(
        *("id", "title", "state", "period", "organisation", "sequence"),
        *("actor", "instrument", "act", "question", "finding"),
    )
    actors = tuple(_actor(entry) for entry in _any(file, "actor"))
    names = [one.id for one in actors]
    return Case(
        id=file.text("id", (key,)),
        title=file.text("title"),
        state=file.text("state"),
        period=file.text("period", pattern=_PERIOD),
        organisation=file.text("organisation", names) if "organisation" in file.content else "",
        actors=actors,
        instruments=tuple(_instrument(entry) for entry in _any(file, "instrument")),
        acts=tuple(_act(entry, key, names) for entry in _any(file, "act")),
        sequence=tuple(_stage(entry, key) for entry in _any(file, "sequence")),
        questions=tuple(_question(entry) for entry in _any(file, "question")),
        findings=tuple(_finding(entry, key) for entry in file.entries("finding")),
    )


def _any(file: TomlEntry, key: str) -> tuple[TomlEntry, ...]:
    return file.entries(key) if key in file.content else ()


def _actor(entry: TomlEntry) -> Actor:
    entry.only("id", "name", "role", "office")
    return Actor(
        id=entry.text("id", pattern=_SLUG),
        name=entry.text("name"),
        role=entry.text("role", ROLES),
        offices=tuple(_office(one) for one in _any(entry, "office")),
    )


def _office(entry: TomlEntry) -> Office:
    entry.only("office", "holder")
    return Office(entry.text("office"), entry.text("holder"))


def _instrument(entry: TomlEntry) -> Instrument:
    entry.only("id", "name", "version", "in_force", "authorities", "note")
    known = {row.id for row in evidence.rows("authorities")}
    for authority in entry.texts("authorities"):
        if authority not in known:
            entry.fail("authorities", "ids of data/doctrine/authorities.csv", authority)
    return Instrument(
        id=entry.text("id", pattern=_SLUG),
        name=entry.text("name"),
        version=entry.text("version"),
        in_force=entry.flag("in_force"),
        authorities=entry.texts("authorities"),
        note=entry.text("note"),
    )


def _act(entry: TomlEntry, case_id: str, actors: list[str]) -> Act:
    entry.only("id", "name", "actors", "what", "period", "rows")
    for actor in entry.texts("actors"):
        if actor not in actors:
            entry.fail("actors", f"ids of actors ({', '.join(actors)})", actor)
    return Act(
        id=entry.text("id", pattern=_SLUG),
        name=entry.text("name"),
        actors=entry.texts("actors"),
        what=entry.text("what"),
        period=entry.text("period", pattern=_PERIOD),
        rows=tuple(_place(entry, row, case_id) for row in entry.texts("rows")),
    )


def _stage(entry: TomlEntry, case_id: str) -> Stage:
    entry.only("name", "events")
    known = {row.id for row in evidence.rows("timeline", case=case_id)}
    for event in entry.texts("events"):
        if event not in known:
            entry.fail("events", "ids of the timeline", event)
    return Stage(entry.text("name"), entry.texts("events"))


def _question(entry: TomlEntry) -> OpenQuestion:
    entry.only("id", "question", "matters", "would_settle")
    return OpenQuestion(
        id=entry.text("id", pattern=_SLUG),
        question=entry.text("question"),
        matters=entry.text("matters"),
        would_settle=entry.text("would_settle"),
    )


def _finding(entry: TomlEntry, case_id: str) -> Finding:
    entry.only("id", "ref", "question", "value", "why", "note", "rows", "verified", "confidence")
    value = Value(entry.text("value", [one.value for one in Value]))
    if value is not UNCLEAR and "why" in entry.content:
        entry.fail("why", f"no reason beside `{value.value}`", entry.content["why"])
    return Finding(
        id=entry.text("id", pattern=_SLUG),
        ref=entry.text("ref", pattern=r"F\d{2}"),
        question=entry.text("question"),
        value=value,
        why=entry.text("why", _WHY) if value is UNCLEAR else "",
        note=entry.text("note"),
        rows=tuple(_place(entry, row, case_id) for row in entry.texts("rows")),
        verified=entry.text("verified", pattern=_VERIFIED),
        confidence=entry.text("confidence", ("high", "medium", "low")),
    )


def _place(entry: TomlEntry, key: str, case_id: str) -> tuple[str, str]:
    for table in _TABLES:
        if any(row.id == key for row in evidence.rows(table, case=case_id)):
            return table, key
    return entry.fail("rows", f"ids of rows of {', '.join(_TABLES)}", key)
