"""A student's examination of a case: what is asked, how, and which findings are the student's own.

The record answers each question of fact as far as it can. A student may put an answer
of their own in its place, with what it rests on, and see what becomes of the opinion.
Nothing is judged here: :mod:`volens.reasoning` judges the case with those answers in it.

Examples
--------
>>> from volens import cases
>>> examined = Examination(cases.case("mali-2013"), "serval", "free-consent")
>>> examined.opinion().verdict == reasoning.assess("mali-2013", "S1", act="serval").verdict
True
>>> own = OwnFinding(MET, evidence="Suppose that a letter were found.")
>>> [one.fact for one in examined.set("requester-coerced", own).given()]
['requester-coerced']
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from volens import positions as views
from volens import reasoning
from volens.cases import DISPUTED, Aim, Answer, Case, Finding
from volens.errors import ExaminationError, ReasoningError, UnknownDoctrineError
from volens.logic import MET, NOT_MET, UNCLEAR, Value
from volens.reasoning import Flip, Opinion, Standard
from volens.reasoning.judging import facts, positions_of
from volens.reasoning.questions import ASPECTS, answer_in_words, question_of
from volens.reasoning.rules import aim_fact
from volens.saved import Form
from volens.wording import sentence

__all__ = [
    "ASPECTS",
    "SCHEMA",
    "SHARED",
    "VERSION",
    "WHYS",
    "Examination",
    "Given",
    "OwnFinding",
    "Side",
    "clash",
]

SCHEMA, VERSION = "volens/consent-test", 1

_FORM = Form(SCHEMA, VERSION, "consent test", ExaminationError)

#: Under this name stand the answers on what the acts share.
SHARED = "shared"
#: Why an answer is unclear.
WHYS = ("no evidence", "conflicting evidence", DISPUTED)

_WORDS: Mapping[str, Value | None] = MappingProxyType(
    {"met": MET, "not met": NOT_MET, "unclear": UNCLEAR, "does not apply": None}
)
_KEYS = ("schema", "version", "case", "act", "position", "inviter_test", "standard", "findings")
_SETTINGS = ("burden", "mixed_purposes", "known_on", "legal_test")
_CLASHES = (
    (
        "consent-withdrawn",
        (
            "No request and no treaty is found here, yet consent was withdrawn. That fits only "
            "if consent was given in another way, for instance tacitly, which is disputed: say "
            "so in your evidence."
        ),
    ),
    (
        "request-before-arrival",
        (
            "These answers cannot be true together: no request was made and no treaty covers "
            "the case, yet a request came before the troops."
        ),
    ),
)


@dataclass(frozen=True)
class OwnFinding:
    """A student's answer to a question of fact.

    Attributes
    ----------
    value
        ``MET``, ``NOT_MET`` or ``UNCLEAR``; none where the question does not arise.
    why
        Why it is unclear, one of :data:`WHYS`; empty for the other values.
    evidence
        What the answer rests on, in the student's words; may still be empty.

    Raises
    ------
    ExaminationError
        If the reason does not go with the value.

    Examples
    --------
    >>> OwnFinding(UNCLEAR, "no evidence").in_words()
    'unclear, no evidence'
    """

    value: Value | None
    why: str = ""
    evidence: str = ""

    def __post_init__(self) -> None:
        """Refuse a reason for what is not unclear, and unclear without a reason."""
        if self.value is UNCLEAR and self.why not in WHYS:
            raise ExaminationError(
                f"`why`: an answer that is unclear needs one of {', '.join(WHYS)}; "
                f'got "{self.why}".'
            )
        if self.value is not UNCLEAR and self.why:
            raise ExaminationError(
                f"`why`: only an answer that is unclear has one; got "
                f'"{self.why}" beside "{_word(self.value)}".'
            )

    def in_words(self) -> str:
        """Return the answer in words, yes or no, with the reason where it is unclear."""
        said = answer_in_words(self.value)
        return f"{said}, {self.why}" if self.why else said


@dataclass(frozen=True)
class Given:
    """A question to which a student gave an answer, beside what the record says.

    Attributes
    ----------
    fact, question
        The finding, or what is found of an aim; and the question in words.
    own
        The student's answer.
    record
        What the record says under the same settings.
    """

    fact: str
    question: str
    own: OwnFinding
    record: Answer


@dataclass(frozen=True)
class Side:
    """One position beside the others: its verdict now, and on the record alone.

    Attributes
    ----------
    position, inviter_test
        Ids.
    now, record
        The verdict with the student's answers, and without them; the settings are the same.
    """

    position: str
    inviter_test: str
    now: str
    record: str


@dataclass(frozen=True)
class Examination:
    """What a student asks of a case, and which answers are the student's own.

    Attributes
    ----------
    case
        The case.
    act
        The id of an act; empty for what the acts share.
    position
        The id of a position; empty while none is chosen.
    inviter_test
        The id of an inviter test; empty for the one that the position presupposes.
    standard
        The settings. Presumptions have no place here.
    findings
        Act, or :data:`SHARED`, to finding to the student's answer. What is found of an aim
        is named as in :func:`volens.reasoning.rules.aim_fact`.

    Raises
    ------
    ExaminationError
        If the case has no such act or finding, or there is no such position or test.

    Examples
    --------
    >>> from volens import cases
    >>> Examination(cases.case("mali-2013"), "serval")
    <Examination mali-2013, serval: no position chosen, 0 own findings>
    """

    case: Case
    act: str = ""
    position: str = ""
    inviter_test: str = ""
    standard: Standard = field(default_factory=Standard)
    findings: Mapping[str, Mapping[str, OwnFinding]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what does not exist; put the answers in the order of the case."""
        if self.act:
            _one_of("act", self.act, [one.id for one in self.case.acts])
        for name, kind in (("position", "position"), ("inviter_test", "inviter test")):
            if getattr(self, name):
                object.__setattr__(self, name, _view(name, kind, getattr(self, name)))
        if self.standard.presumptions:
            raise ExaminationError("`standard`: expected no presumptions in a consent test.")
        object.__setattr__(self, "findings", _ordered(self.case, self.findings))

    def __repr__(self) -> str:
        number = sum(len(own) for own in self.findings.values())
        return (
            f"<Examination {self.case.id}, {self.act or 'what the acts share'}: "
            f"{self.position or 'no position chosen'}, "
            f"{number} own finding{'' if number == 1 else 's'}>"
        )

    @classmethod
    def begin(cls, case: Case) -> Examination:
        """Return an untouched examination: the first act, and no position."""
        return cls(case, case.acts[0].id if case.acts else "")

    @classmethod
    def from_data(cls, case: Case, data: object) -> Examination:
        """Return what plain data say, as :meth:`to_data` wrote them.

        Parameters
        ----------
        case
            The case.
        data
            A dictionary. What it leaves out is as in an untouched examination.

        Raises
        ------
        ExaminationError
            If the data are of something else, or hold what the case does not know.

        Examples
        --------
        >>> from volens import cases
        >>> mali = cases.case("mali-2013")
        >>> Examination.from_data(mali, {}) == Examination.begin(mali)
        True
        """
        whole = _FORM.opened({**_FORM.head(case.id), **_FORM.dictionary(data)}, case.id)
        _FORM.only(whole, _KEYS)
        begun = cls.begin(case)
        return cls(
            case,
            _FORM.text(whole, "act", begun.act),
            _FORM.text(whole, "position"),
            _FORM.text(whole, "inviter_test"),
            _standard(_FORM.part(whole, "standard")),
            {
                act: {
                    fact: _own(f"`{fact}`", entry)
                    for fact, entry in _FORM.dictionary(entries, f"`findings`, `{act}`").items()
                }
                for act, entries in _FORM.part(whole, "findings").items()
            },
        )

    def to_data(self) -> dict[str, Any]:
        """Return plain data: texts, one number, and dictionaries of them."""
        known_on = self.standard.known_on
        return {
            **_FORM.head(self.case.id),
            "act": self.act,
            "position": self.position,
            "inviter_test": self.inviter_test,
            "standard": {
                "burden": self.standard.burden,
                "mixed_purposes": self.standard.mixed_purposes,
                "known_on": known_on.isoformat() if known_on else "",
                "legal_test": self.standard.legal_test,
            },
            "findings": {
                act: {
                    fact: {"value": _word(one.value), "why": one.why, "evidence": one.evidence}
                    for fact, one in own.items()
                }
                for act, own in self.findings.items()
            },
        }

    @property
    def own(self) -> Mapping[str, OwnFinding]:
        """The student's answers for the chosen act."""
        return self.findings.get(self.act or SHARED, {})

    def set(self, fact: str, own: OwnFinding | None) -> Examination:
        """Return the examination with one answer set for the chosen act.

        Parameters
        ----------
        fact
            A finding of the case, or what is found of an aim: ``aim <purpose> viable``.
        own
            The answer; none to return to the record's.

        Raises
        ------
        ExaminationError
            If the case has no such finding.
        """
        key = self.act or SHARED
        mine = {name: one for name, one in self.own.items() if name != fact}
        if own is not None:
            mine[fact] = own
        return replace(self, findings={**self.findings, key: mine})

    def applied(self) -> Case:
        """Return the case with the student's answers for the act in place of the record's.

        They hold whatever the knowledge date: that date moves only the record's answers.
        """
        own, act = self.own, self.act
        if not own:
            return self.case
        return replace(
            self.case,
            findings=tuple(
                _with_own(one, own[one.id], act) if one.id in own else one
                for one in self.case.findings
            ),
            aims=tuple(_aim_with_own(one, own, act) for one in self.case.aims),
        )

    def opinion(self) -> Opinion:
        """Return the opinion on the chosen position, with the student's answers.

        Raises
        ------
        ExaminationError
            If no position is chosen.
        """
        return self._asked(self.applied(), self._chosen())

    def pivotal(self, *, order: int = 1) -> tuple[Flip, ...]:
        """Return the facts that would change that verdict: :func:`volens.reasoning.pivotal`.

        Raises
        ------
        ExaminationError
            If no position is chosen.
        """
        return reasoning.pivotal(
            self.applied(),
            self._chosen(),
            self.standard,
            order=order,
            act=self.act or None,
            inviter_test=self.inviter_test or None,
        )

    def side_by_side(self) -> tuple[Side, ...]:
        """Return each position, with its verdict now and on the record alone.

        Each is judged with the chosen inviter test, or else with the one it presupposes.

        Examples
        --------
        >>> from volens import cases
        >>> len(Examination.begin(cases.case("mali-2013")).side_by_side())
        4
        """
        applied = self.applied()
        sides = []
        for one in views.positions():
            if one.kind == "position":
                now, record = self._asked(applied, one.id), self._asked(self.case, one.id)
                sides.append(Side(one.id, now.inviter_test, now.verdict, record.verdict))
        return tuple(sides)

    def given(self) -> tuple[Given, ...]:
        """Return the questions that the student answered for the act, beside the record."""
        record, _ = facts(self.case, self.standard, self.act or None)
        return tuple(
            Given(fact, question_of(self.case, fact), own, record[fact])
            for fact, own in self.own.items()
        )

    def clashes(self) -> tuple[str, ...]:
        """Return in words which of the answers in force do not go together without more."""
        answers, _ = facts(self.applied(), self.standard, self.act or None)
        return clash({fact: one.value for fact, one in answers.items()})

    def _asked(self, case: Case, position: str) -> Opinion:
        return reasoning.assess(
            case,
            position,
            self.standard,
            act=self.act or None,
            inviter_test=self.inviter_test or None,
        )

    def _chosen(self) -> str:
        if not self.position:
            known = ", ".join(one.id for one in views.positions() if one.kind == "position")
            raise ExaminationError(
                f"`position`: choose one before you judge: {known}. No verdict holds on all."
            )
        return self.position


def clash(values: Mapping[str, Value | None]) -> tuple[str, ...]:
    """Return in words which values of findings do not go together without more.

    Examples
    --------
    >>> clash({"ad-hoc-request": NOT_MET, "treaty-clause-covers": UNCLEAR})
    ()
    """
    if not values.get("ad-hoc-request") is NOT_MET is values.get("treaty-clause-covers"):
        return ()
    return tuple(words for fact, words in _CLASHES if values.get(fact) is MET)


def _with_own(finding: Finding, own: OwnFinding, act: str) -> Finding:
    answer = Answer(own.value, own.why, _note(own))
    by_act = MappingProxyType({**finding.by_act, act: answer})
    return replace(finding, by_act=by_act, known=())


def _note(own: OwnFinding, on: str = "") -> str:
    evidence = sentence(own.evidence)
    return (
        f"Your answer{on}: {evidence}" if evidence else f"Your answer{on}, still without evidence."
    )


def _aim_with_own(aim: Aim, own: Mapping[str, OwnFinding], act: str) -> Aim:
    mine = {aspect: own.get(aim_fact(aim.id, aspect)) for aspect in ASPECTS}
    given = {aspect: one for aspect, one in mine.items() if one is not None}
    if not given:
        return aim
    by_act = MappingProxyType({**aim.by_act, act: _aspects(aim.at(act), given)})
    known = tuple((until, _aspects(stood, given)) for until, stood in aim.known)
    return replace(aim, by_act=by_act, known=known)


def _aspects(stood: Aim, given: Mapping[str, OwnFinding]) -> Aim:
    """Return an aim with the student's answers; it has one reason for all that is unclear."""
    notes = [_note(one, f" on whether it was {ASPECTS[aspect]}") for aspect, one in given.items()]
    if len(given) < len(ASPECTS):
        notes.append(f"On the record: {stood.note}")
    values: dict[str, Any] = {aspect: one.value for aspect, one in given.items()}
    why = next((one.why for one in given.values() if one.why), stood.why)
    return replace(stood, **values, why=why, note=" ".join(notes))


def _word(value: Value | None) -> str:
    return "does not apply" if value is None else value.value


def _ordered(
    case: Case, findings: Mapping[str, Mapping[str, OwnFinding]]
) -> Mapping[str, Mapping[str, OwnFinding]]:
    """Return the answers in the order of the case, without acts that have none."""
    acts = (*(one.id for one in case.acts), SHARED)
    aspects = [aim_fact(aim.id, aspect) for aim in case.aims for aspect in ASPECTS]
    known = [*(one.id for one in case.findings), *aspects]
    for act, own in findings.items():
        _one_of("act", act, acts)
        for fact, one in own.items():
            _one_of("finding", fact, known)
            if one.value is None and fact in aspects:
                raise ExaminationError(
                    f'`{fact}`: expected met, not met or unclear, got "does not apply".'
                )
    return MappingProxyType(
        {
            act: MappingProxyType(
                {fact: findings[act][fact] for fact in known if fact in findings[act]}
            )
            for act in acts
            if findings.get(act)
        }
    )


def _one_of(what: str, key: str, known: Iterable[str]) -> None:
    known = tuple(known)
    if key not in known:
        raise ExaminationError(
            f"There is no {what} `{key}` in this case. The {what}s are: {', '.join(known)}."
        )


def _view(name: str, kind: str, key: str) -> str:
    try:
        return positions_of(kind, key).id
    except (UnknownDoctrineError, ReasoningError) as error:
        raise ExaminationError(f"`{name}`: {error}") from None


def _own(where: str, data: object) -> OwnFinding:
    entry = _FORM.dictionary(data, where)
    _FORM.only(entry, ("value", "why", "evidence"), where)
    word = _FORM.text(entry, "value", where=f"{where}, `value`")
    if word not in _WORDS:
        raise ExaminationError(
            f'{where}, `value`: expected one of {", ".join(_WORDS)}, got "{word}".'
        )
    try:
        return OwnFinding(_WORDS[word], _FORM.text(entry, "why"), _FORM.text(entry, "evidence"))
    except ExaminationError as error:
        raise ExaminationError(f"{where}: {error}") from None


def _standard(data: Mapping[str, Any]) -> Standard:
    _FORM.only(data, _SETTINGS, "`standard`")
    known_on = _FORM.text(data, "known_on")
    try:
        day = date.fromisoformat(known_on) if known_on else None
    except ValueError:
        raise ExaminationError(
            f'`known_on`: expected a day such as 2022-01-06, or nothing, got "{known_on}".'
        ) from None
    words: dict[str, Any] = {
        key: _FORM.text(data, key) for key in _SETTINGS if key != "known_on" and key in data
    }
    try:
        return replace(Standard(known_on=day), **words)
    except ReasoningError as error:
        raise ExaminationError(f"`standard`, {error}") from None
