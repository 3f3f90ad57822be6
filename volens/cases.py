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

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any

from volens import codebook, doctrine, evidence
from volens.entries import TomlEntry, toml
from volens.errors import CaseError, UnknownCaseError
from volens.logic import UNCLEAR, Value

__all__ = [
    "DISPUTED",
    "ROLES",
    "Act",
    "Actor",
    "Aim",
    "Answer",
    "Case",
    "Finding",
    "Instrument",
    "Known",
    "Office",
    "OpenQuestion",
    "Stage",
    "case",
    "case_ids",
    "record_of",
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
_NOT_APPLICABLE = "not applicable"
_DAY = r"\d{4}-\d{2}-\d{2}"
_DATE = r"\d{4}(-\d{2}(-\d{2})?)?"
_PERIOD = f"{_DATE}/{_DATE}"
#: Why a finding is unclear where not the facts are open but the law.
DISPUTED = "legal standard disputed"
_WHY = ("no evidence", "conflicting evidence", DISPUTED)
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
        First and last day, as ISO dates with a slash between them; month or year where no
        more is known.
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
class Answer:
    """What the record says on a question.

    Attributes
    ----------
    value
        A value, or none where the question does not arise.
    why
        Why it is unclear; empty for the other values.
    note
        What it rests on.
    """

    value: Value | None
    why: str
    note: str


@dataclass(frozen=True)
class Known:
    """What was known before a day.

    Attributes
    ----------
    until
        The first day on which more was known.
    answer
        What the record said until then.
    """

    until: date
    answer: Answer


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
        ``MET``, ``NOT_MET`` or ``UNCLEAR``; none where the question does not arise.
    why
        Why it is unclear: ``no evidence``, ``conflicting evidence`` or
        ``legal standard disputed``; empty for the other values.
    note
        What the value rests on, in one sentence.
    rows
        Table and id of each row behind it, as :func:`volens.evidence.row` takes them.
    sources
        Ids of sources, in a case that has no tables of its own.
    by_act
        Act to what holds for it, where that differs.
    known
        What was known earlier, in the order of the days; empty where nothing changed.
    contested_by
        Who sees it otherwise; may be empty.
    verified
        How it was checked, in the words of the tables' column of that name.
    confidence
        ``high``, ``medium`` or ``low``: how firmly the value stands.
    """

    id: str
    ref: str
    question: str
    value: Value | None
    why: str
    note: str
    rows: tuple[tuple[str, str], ...]
    sources: tuple[str, ...]
    by_act: Mapping[str, Answer]
    known: tuple[Known, ...]
    contested_by: str
    verified: str
    confidence: str

    def answer(self, act: str = "", known_on: date | None = None) -> Answer:
        """Return what the record says for an act, on a day.

        Parameters
        ----------
        act
            The id of an act; empty for what the acts share.
        known_on
            The day whose knowledge counts; none for all that is known.
        """
        if known_on is not None:
            for one in self.known:
                if known_on < one.until:
                    return one.answer
        return self.by_act.get(act, Answer(self.value, self.why, self.note))


@dataclass(frozen=True)
class Aim:
    """An aim that was stated for the intervention.

    Attributes
    ----------
    id
        A purpose of the doctrine.
    stated, viable, pursued
        Whether it was stated; whether evidence bears it out; whether the conduct served it.
    why
        Why one of them is unclear; may be empty.
    predominant
        Whether it outweighed the other aims.
    by_act
        Act to the aim as it stood for that act, where it differs.
    known
        Day before which the aim stood otherwise, and how, in the order of the days.
    note, rows, sources, verified, confidence
        As for a finding.
    """

    id: str
    stated: Value
    viable: Value
    pursued: Value
    why: str
    predominant: bool
    note: str
    rows: tuple[tuple[str, str], ...]
    sources: tuple[str, ...]
    verified: str
    confidence: str
    by_act: Mapping[str, Aim] = field(default_factory=lambda: MappingProxyType({}))

    known: tuple[tuple[date, Aim], ...] = ()

    def at(self, act: str = "", known_on: date | None = None) -> Aim:
        """Return the aim as it stood for an act, by what was known on a day."""
        if known_on is not None:
            for until, stood in self.known:
                if known_on < until:
                    return stood
        return self.by_act.get(act, self)


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
        First and last day, as ISO dates with a slash between them; month or year where no
        more is known.
    organisation
        The organisation that acted; empty where none did.
    actors, instruments, acts, sequence, questions, findings, aims
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
    aims: tuple[Aim, ...]

    def act(self, key: str) -> Act:
        """Return an act.

        Raises
        ------
        UnknownCaseError
            If the case has no such act.
        """
        for one in self.acts:
            if one.id == key:
                return one
        raise UnknownCaseError("act", key, [one.id for one in self.acts])

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
        *("actor", "instrument", "act", "question", "finding", "aim"),
    )
    actors = tuple(_actor(entry) for entry in file.any_entries("actor"))
    names = [one.id for one in actors]
    acts = tuple(_act(entry, key, names) for entry in file.any_entries("act"))
    return Case(
        id=file.text("id", (key,)),
        title=file.text("title"),
        state=file.text("state"),
        period=file.text("period", pattern=_PERIOD),
        organisation=file.text("organisation", names) if "organisation" in file.content else "",
        actors=actors,
        instruments=tuple(_instrument(entry) for entry in file.any_entries("instrument")),
        acts=acts,
        sequence=tuple(_stage(entry, key) for entry in file.any_entries("sequence")),
        questions=tuple(_question(entry) for entry in file.any_entries("question")),
        findings=tuple(
            _finding(entry, key, [one.id for one in acts]) for entry in file.entries("finding")
        ),
        aims=tuple(_aim(entry, key, [one.id for one in acts]) for entry in file.any_entries("aim")),
    )


def record_of(one: Case | str) -> Case:
    """Return a case, which may be given by its id.

    Raises
    ------
    UnknownCaseError
        If there is no such case.

    Examples
    --------
    >>> record_of(record_of("mali-2013")).id
    'mali-2013'
    """
    return one if isinstance(one, Case) else case(one)


def _actor(entry: TomlEntry) -> Actor:
    entry.only("id", "name", "role", "office")
    return Actor(
        id=entry.text("id", pattern=_SLUG),
        name=entry.text("name"),
        role=entry.text("role", ROLES),
        offices=tuple(_office(one) for one in entry.any_entries("office")),
    )


def _office(entry: TomlEntry) -> Office:
    entry.only("office", "holder")
    return Office(entry.text("office"), entry.text("holder"))


def _instrument(entry: TomlEntry) -> Instrument:
    entry.only("id", "name", "version", "in_force", "authorities", "note")
    known = evidence.ids("authorities")
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
    known = evidence.ids("timeline", case=case_id)
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


def _finding(entry: TomlEntry, case_id: str, acts: list[str]) -> Finding:
    entry.only(
        *("id", "ref", "question", "value", "why", "note", "rows", "sources", "by_act"),
        *("known", "contested_by", "verified", "confidence"),
    )
    answer = _answer(entry)
    return Finding(
        id=entry.text("id", pattern=_SLUG),
        ref=entry.text("ref", pattern=r"F\d{2}[ab]?"),
        question=entry.text("question"),
        value=answer.value,
        why=answer.why,
        note=answer.note,
        rows=_places(entry, case_id),
        sources=_sources(entry),
        by_act=MappingProxyType(
            {one.text("act", acts): _answer(one) for one in entry.any_entries("by_act")}
        ),
        known=tuple(
            sorted((_known(one) for one in entry.any_entries("known")), key=lambda k: k.until)
        ),
        contested_by=entry.text("contested_by") if "contested_by" in entry.content else "",
        verified=entry.text("verified", pattern=_VERIFIED),
        confidence=entry.text("confidence", ("high", "medium", "low")),
    )


def _answer(entry: TomlEntry) -> Answer:
    text = entry.text("value", [*(one.value for one in Value), _NOT_APPLICABLE])
    value = None if text == _NOT_APPLICABLE else Value(text)
    if value is not UNCLEAR and "why" in entry.content:
        entry.fail("why", f"no reason beside `{text}`", entry.content["why"])
    return Answer(
        value=value,
        why=entry.text("why", _WHY) if value is UNCLEAR else "",
        note=entry.text("note"),
    )


def _known(entry: TomlEntry) -> Known:
    entry.only("until", "value", "why", "note")
    return Known(date.fromisoformat(entry.text("until", pattern=_DAY)), _answer(entry))


def _aim(entry: TomlEntry, case_id: str, acts: list[str]) -> Aim:
    entry.only(
        *("id", "stated", "viable", "pursued", "why", "predominant", "by_act", "known", "note"),
        *("rows", "sources", "verified", "confidence"),
    )
    shared = Aim(
        id=entry.text("id", [one.id for one in doctrine.purposes()]),
        **_aspects(entry),
        predominant=entry.flag("predominant"),
        rows=_places(entry, case_id),
        sources=_sources(entry),
        verified=entry.text("verified", pattern=_VERIFIED),
        confidence=entry.text("confidence", ("high", "medium", "low")),
    )
    by_act = {
        one.text("act", acts): replace(shared, **_aspects(one))
        for one in entry.any_entries("by_act")
    }
    known = sorted(
        (
            (
                date.fromisoformat(one.text("until", pattern=_DAY)),
                replace(shared, **_aspects(one)),
            )
            for one in entry.any_entries("known")
        ),
        key=lambda one: one[0],
    )
    return replace(shared, by_act=MappingProxyType(by_act), known=tuple(known))


def _aspects(entry: TomlEntry) -> dict[str, Any]:
    """Read what may differ from act to act."""
    values = [one.value for one in Value]
    aspects = {key: Value(entry.text(key, values)) for key in ("stated", "viable", "pursued")}
    why = entry.text("why", _WHY) if "why" in entry.content else ""
    return {**aspects, "why": why, "note": entry.text("note")}


def _sources(entry: TomlEntry) -> tuple[str, ...]:
    if "sources" not in entry.content:
        return ()
    known = evidence.ids("sources")
    for source in entry.texts("sources"):
        if source not in known:
            entry.fail("sources", "ids of data/sources.csv", source)
    return entry.texts("sources")


def _places(entry: TomlEntry, case_id: str) -> tuple[tuple[str, str], ...]:
    if "rows" not in entry.content:
        return ()
    return tuple(_place(entry, row, case_id) for row in entry.texts("rows"))


def _place(entry: TomlEntry, key: str, case_id: str) -> tuple[str, str]:
    for table in _TABLES:
        if any(row.id == key for row in evidence.rows(table, case=case_id)):
            return table, key
    return entry.fail("rows", f"ids of rows of {', '.join(_TABLES)}", key)
