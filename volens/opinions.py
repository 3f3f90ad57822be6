"""Opinions to read: as text, as a page, as the skeleton of a memo, and as data.

The engine of :mod:`volens.reasoning` judges; here its results get words. In a
notebook ``vo.assess``, ``vo.compare``, ``vo.pivotal``, ``vo.sensitivity`` and
``vo.symmetry`` are the functions of this module: each returns what the engine found,
ready to be shown.

Examples
--------
>>> from volens import opinions
>>> opinion = opinions.assess("mali-2013", "free-consent")
>>> type(opinion.verdict)
<class 'str'>
>>> "as stipulated here" in repr(opinion)
True
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, TypeAlias

from volens import cases, doctrine, evidence, reasoning
from volens import positions as views
from volens.cases import Aim, Answer, Case, Finding
from volens.evidence import Row
from volens.logic import MET, NOT_MET, UNCLEAR, Value
from volens.pages import table
from volens.positions import Position
from volens.reading import Cards
from volens.reasoning.judging import UNDETERMINED, Opinion, Step, facts, verdict
from volens.reasoning.rules import aim_fact
from volens.reasoning.standards import BURDENS, Standard

__all__ = [
    "SIGNS",
    "Shown",
    "ShownTable",
    "as_data",
    "as_html",
    "as_markdown",
    "as_text",
    "assess",
    "compare",
    "in_words",
    "pivotal",
    "sensitivity",
    "shown",
    "symmetry",
]

#: A sign for each value; it stands before the word and never alone.
SIGNS: Mapping[Value | None, str] = {MET: "✓", NOT_MET: "✗", UNCLEAR: "?", None: "\N{EN DASH}"}

_OTHER = "other-titles"
_ASPECTS = {
    "stated": 'Was the aim "{}" stated?',
    "viable": 'Does evidence bear out the aim "{}"?',
    "pursued": 'Did what was done serve the aim "{}"?',
}
_STIPULATED = "The verdict holds on this position as stipulated here, and on no other."
_MET_MEANS = '"Met" favours the intervener: of a limit it says that there is no obstacle.'
_BURDENS = {
    "none": "No burden rule",
    "intervener": "Open facts count against the intervener",
    "complainant": "Open facts count against the complainant",
}
_AIMS = {"all": "all", "predominant": "the predominant one", "any": "any (a thought experiment)"}
_TITLES = {
    "consent": "The title is consent.",
    "other title": "The title is another than consent.",
    "none": "There is no title.",
    "open": "Whether there is a title is open.",
}
# Borders take the colour of the text, so that they show on a light and on a dark page.
_BADGE = "border: 1px solid currentColor; border-radius: 0.3em; padding: 0 0.3em"
_HOLD = "margin: 0 0 0.8em; padding-left: 0.8em; border-left: 3px solid currentColor"


@dataclass(frozen=True)
class Shown:
    """An opinion that a notebook shows as a readable argument.

    Whatever the opinion has, this has too: ``shown.verdict``, ``shown.step("scope")``.

    Attributes
    ----------
    opinion
        The opinion.
    record
        The case that was judged, with its findings.
    """

    opinion: Opinion
    record: Case

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 (whatever the opinion has)
        if name in ("opinion", "record"):  # not there yet, while a copy is being made
            raise AttributeError(name)
        return getattr(self.opinion, name)

    def __repr__(self) -> str:
        return as_text(self)

    def _repr_html_(self) -> str:
        return as_html(self)


@dataclass(frozen=True)
class ShownTable:
    """Several results of the engine, shown as a table.

    It is also a sequence of them: ``for opinion in vo.compare(...)``.

    Attributes
    ----------
    caption
        What the table shows, and how to read it.
    columns, rows
        The names of the columns, and the cells.
    found
        What the engine returned.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    found: tuple[Any, ...]

    def __len__(self) -> int:
        return len(self.found)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.found)

    def __getitem__(self, place: int | slice) -> Any:  # noqa: ANN401 (what the engine returned)
        return self.found[place]

    def __repr__(self) -> str:
        lines = [self.caption]
        for first, *rest in self.rows:
            cells = zip(self.columns[1:], rest, strict=True)
            said = "; ".join(f"{name}: {cell}" for name, cell in cells)
            lines.append(f"- {first}{'' if first.endswith('?') else ':'} {said}.")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        if not self.rows:
            return f"<p>{escape(self.caption)}</p>"
        return table(self.caption, self.columns, self.rows)


_Readable: TypeAlias = Opinion | Shown


def in_words(value: Value | None) -> str:
    """Return a value in words.

    Examples
    --------
    >>> in_words(UNCLEAR), in_words(None)
    ('unclear', 'does not apply')
    """
    return "does not apply" if value is None else value.value


def shown(opinion: _Readable, case: Case | str | None = None) -> Shown:
    """Return an opinion as an object that a notebook shows.

    Parameters
    ----------
    opinion
        What :func:`volens.reasoning.assess` returned.
    case
        The case that was judged; none for the one in ``data/cases`` that the opinion names.

    Raises
    ------
    UnknownCaseError
        If no such case is among the data: then hand it over.

    Examples
    --------
    >>> shown(reasoning.assess("mali-2013", "free-consent")).case
    'mali-2013'
    """
    if isinstance(opinion, Shown):
        return opinion
    return Shown(opinion, _case(opinion.case if case is None else case))


def assess(
    case: Case | str,
    position: Position | str,
    standard: Standard | None = None,
    *,
    act: str | None = None,
    inviter_test: Position | str | None = None,
) -> Shown:
    """Judge a case, or one act of it, on a position: :func:`volens.reasoning.assess`, shown.

    Examples
    --------
    >>> isinstance(assess("mali-2013", "S3").steps, tuple)
    True
    """
    record = _case(case)
    return Shown(
        reasoning.assess(record, position, standard, act=act, inviter_test=inviter_test), record
    )


def compare(
    case: Case | str, standard: Standard | None = None, *, act: str | None = None
) -> ShownTable:
    """Judge a case on every position: :func:`volens.reasoning.compare`, shown.

    Examples
    --------
    >>> len(compare("mali-2013"))
    4
    """
    record = _case(case)
    found = reasoning.compare(record, standard, act=act)
    return ShownTable(
        caption=f"{_subject(record, act)}, on every position, each with the inviter test that it "
        f"presupposes; {(standard or Standard()).in_words()}. Each verdict holds on its position "
        f"as stipulated here. {_MET_MEANS}",
        columns=("Position", "Inviter test", "Verdict", "What would decide it"),
        rows=tuple(
            (
                _view(one.position),
                _view(one.inviter_test),
                one.verdict,
                " ".join(_decisive(one)).rstrip("."),
            )
            for one in found
        ),
        found=found,
    )


def pivotal(
    case: Case | str,
    position: Position | str,
    standard: Standard | None = None,
    *,
    order: int = 1,
    act: str | None = None,
    inviter_test: Position | str | None = None,
) -> ShownTable:
    """Find the facts that would change the verdict: :func:`volens.reasoning.pivotal`, shown.

    Examples
    --------
    >>> pivotal("mali-2013", "abstention").columns[0]
    'Question'
    """
    record = _case(case)
    opinion = reasoning.assess(record, position, standard, act=act, inviter_test=inviter_test)
    found = reasoning.pivotal(
        record, position, standard, order=order, act=act, inviter_test=inviter_test
    )
    answers, _ = facts(record, opinion.standard, act)
    count = _count(len(found), order)
    return ShownTable(
        caption=f"{_first_line(opinion, record)} {count} This verdict "
        "holds on this position as stipulated here.",
        columns=("Question", "On the record", "If instead", "Verdict then"),
        rows=tuple(
            (
                " And: ".join(_fact(record, name) for name, _ in flip.changes),
                " and ".join(
                    in_words(answers[name].value) if name in answers else "no finding"
                    for name, _ in flip.changes
                ),
                " and ".join(value.value for _, value in flip.changes),
                flip.verdict,
            )
            for flip in found
        ),
        found=found,
    )


def sensitivity(
    case: Case | str, *, act: str | None = None, standard: Standard | None = None
) -> ShownTable:
    """Vary position, inviter test, burden and aims: :func:`volens.reasoning.sensitivity`, shown.

    Examples
    --------
    >>> sensitivity("mali-2013").columns[:2]
    ('Position', 'Inviter test')
    """
    record = _case(case)
    found = reasoning.sensitivity(record, act=act, standard=standard)
    cells: dict[tuple[str, str, str], dict[str, str]] = {}
    for one in found:
        asked = views.position(one.position).flags["purpose_test"]
        aims = _AIMS[one.mixed_purposes] if asked else "not asked"
        line = cells.setdefault((_view(one.position), _view(one.inviter_test), aims), {})
        line[one.burden] = f"{one.verdict} ({len(one.alone)})"
    return ShownTable(
        caption=f"{_subject(record, act)}: the verdict under {len(found)} settings. In brackets, "
        "how many single facts would change it. Each verdict holds on its position as stipulated "
        "here.",
        columns=(
            *("Position", "Inviter test", "Aims required"),
            *(_BURDENS[burden] for burden in BURDENS),
        ),
        rows=tuple((*key, *(line[burden] for burden in BURDENS)) for key, line in cells.items()),
        found=found,
    )


def symmetry(
    first: Case | str,
    second: Case | str,
    standard: Standard | None = None,
    *,
    acts: tuple[str | None, str | None] = (None, None),
) -> ShownTable:
    """Ask whether two cases are judged alike: :func:`volens.reasoning.symmetry`, shown.

    Examples
    --------
    >>> len(symmetry("mali-2013", "syria-2015"))
    4
    """
    one, two = _case(first), _case(second)
    found = reasoning.symmetry(one, two, standard, acts=acts)
    subjects = tuple(
        f"{record.title}, {record.act(act).name}" if act else record.title
        for record, act in ((one, acts[0]), (two, acts[1]))
    )
    return ShownTable(
        caption=f"Judged alike? {subjects[0]}, beside {subjects[1]}; "
        f"{(standard or Standard()).in_words()}. Each verdict holds on its position as stipulated "
        "here.",
        columns=("Position", *subjects, "Facts that differ", "Why"),
        rows=tuple(
            (
                _view(each.position),
                each.first,
                each.second,
                "; ".join(
                    f"{_fact(one, fact)} {in_words(here)}, then {in_words(there)}"
                    for fact, here, there in each.findings
                )
                or "none",
                each.why.rstrip("."),
            )
            for each in found
        ),
        found=found,
    )


def as_text(opinion: _Readable) -> str:
    """Return an opinion as plain text.

    Examples
    --------
    >>> "What would decide it" in as_text(assess("mali-2013", "S1"))
    True
    """
    this = shown(opinion)
    lines = [
        _first_line(this.opinion, this.record),
        f"{_STIPULATED} {_TITLES[this.opinion.title]} {_MET_MEANS}",
        "",
        *(_as_line(step) for step in this.opinion.steps),
    ]
    for heading, content in _blocks(this):
        lines += ["", heading, *(f"- {line}" for line in content)]
    lines += ["", _BESIDE, *(f"- {_as_line(step)}" for step in this.opinion.parallel)]
    return "\n".join(lines)


def as_html(opinion: _Readable) -> str:
    """Return an opinion as a piece of a page that needs neither styles nor scripts.

    Examples
    --------
    >>> as_html(assess("mali-2013", "S1"))[:21]
    '<section aria-label="'
    """
    this = shown(opinion)
    label = f"Opinion: {_subject(this.record, this.opinion.act)}, {_view(this.opinion.position)}"
    parts = [
        f"<p><strong>{escape(_first_line(this.opinion, this.record))}</strong></p>",
        f"<p>{escape(f'{_STIPULATED} {_TITLES[this.opinion.title]} {_MET_MEANS}')}</p>",
        _steps_as_html(this, this.opinion.steps, "The walk through the elements"),
    ]
    for heading, content in _blocks(this):
        items = "".join(f"<li>{escape(line)}</li>" for line in content)
        parts.append(f"<p><strong>{escape(heading)}</strong></p><ul>{items}</ul>")
    parts.append(f"<p><strong>{escape(_BESIDE)}</strong></p>")
    parts.append(_steps_as_html(this, this.opinion.parallel, _BESIDE))
    return f'<section aria-label="{escape(label)}">{"".join(parts)}</section>'


def as_markdown(opinion: _Readable) -> str:
    """Return an opinion as the skeleton of a memo: issue, rule, application, conclusion.

    What is open is marked ``[to be shown]``, and the other side has a paragraph that is
    still to be written.

    Examples
    --------
    >>> [line for line in as_markdown(assess("mali-2013", "S1")).splitlines()
    ...     if line.startswith("## ")][-1]
    '## Against this opinion'
    """
    this = shown(opinion)
    judged, record = this.opinion, this.record
    view, test = views.position(judged.position), views.position(judged.inviter_test)
    did = record.act(judged.act).what if judged.act else "What was done in this case."
    conclusion = "\n\n".join(
        f"{heading}:\n\n" + "\n".join(f"- {line}" for line in content)
        for heading, content in (
            *((name, lines) for name, lines in _blocks(this) if name != _OPEN),
            (_BESIDE, [_as_line(step) for step in judged.parallel]),
        )
    )
    sections = {
        "Issue": f"{_subject(record, judged.act)}. {did} Was it lawful?\n\n"
        f"Position: {_view(view.id)}. Inviter test: {_view(test.id)}. Standard: "
        f"{judged.standard.in_words(purpose=_asks_purpose(judged))}.",
        "Rule": f"{view.thesis}\n\n{view.test}\n\nWho may speak for the State: {test.thesis}",
        "Application": f"{_MET_MEANS}\n\n"
        + "\n\n".join(
            f"### {views.element(step.element).name}: {_outcome(step)}\n\n"
            + _application(this, step)
            for step in judged.steps
        ),
        "Conclusion": f"{_first_line(judged, record)} {_TITLES[judged.title]} {_STIPULATED}\n\n"
        + conclusion,
        "Against this opinion": "*Required: one paragraph that puts the other side's case as "
        "its best advocate would put it. Without it the memo is not finished.*\n\n"
        "> [your paragraph]",
    }
    return "\n\n".join(f"## {name}\n\n{text}" for name, text in sections.items()) + "\n"


def as_data(opinion: _Readable) -> dict[str, Any]:
    """Return an opinion as plain lists, dictionaries and text, as JSON holds them.

    Examples
    --------
    >>> as_data(assess("mali-2013", "S1"))["inviter_test"]
    'incumbency'
    """
    judged = opinion.opinion if isinstance(opinion, Shown) else opinion
    known_on = judged.standard.known_on
    return {
        "verdict": judged.verdict,
        "title": judged.title,
        "steps": [_step_as_data(step) for step in judged.steps],
        "decisive": [_in_order(keys) for keys in judged.decisive],
        "open": list(judged.open),
        "parallel": [_step_as_data(step) for step in judged.parallel],
        "later": list(judged.later),
        "case": judged.case,
        "act": judged.act,
        "position": judged.position,
        "inviter_test": judged.inviter_test,
        "standard": {
            "burden": judged.standard.burden,
            "mixed_purposes": judged.standard.mixed_purposes,
            "known_on": known_on.isoformat() if known_on else None,
            "legal_test": judged.standard.legal_test,
            "presumptions": list(judged.standard.presumptions),
        },
    }


_DECIDES = "What would decide it"
_OPEN = "Open on the record"
_BESIDE = "Beside it, never netted off"


def _case(case: Case | str) -> Case:
    return case if isinstance(case, Case) else cases.case(case)


def _subject(record: Case, act: str | None) -> str:
    if act:
        return f"{record.title}, {record.act(act).name}"
    return f"{record.title}, what its acts share" if record.acts else record.title


def _asks_purpose(opinion: Opinion) -> bool:
    return bool(views.position(opinion.position).flags["purpose_test"])


def _view(key: str) -> str:
    one = views.position(key)
    return f'"{one.name}" ({one.ref})'


def _first_line(opinion: Opinion, record: Case) -> str:
    settings = opinion.standard.in_words(purpose=_asks_purpose(opinion))
    return (
        f"{_subject(record, opinion.act)}. On {_view(opinion.position)}, with "
        f"{_view(opinion.inviter_test)} as inviter test, {settings}: {opinion.verdict}."
    )


def _count(number: int, order: int) -> str:
    """Say how many changes there are that would change the verdict."""
    if order == 1:
        what = f"{number or 'No'} single {'change' if number == 1 else 'changes'} of fact"
    else:
        what = f"{number or 'No'} {'pair' if number == 1 else 'pairs'} of changes of fact"
    return f"{what} would give another."


def _outcome(step: Step) -> str:
    """Return the value of an element, why it is unclear, and what settled it."""
    value = in_words(step.value)
    if step.settled_by:
        return f"{value} by a {step.settled_by}; {in_words(step.found)} on the record, {step.why}"
    return f"{value}, {step.why}" if step.why else value


def _as_line(step: Step) -> str:
    return f"{views.element(step.element).name}: {_outcome(step)}. {step.reason}"


def _blocks(this: Shown) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Return what is said after the walk: a heading and its lines, where there are any."""
    opinion, record = this.opinion, this.record
    answers, _ = facts(record, opinion.standard, opinion.act or None)
    for heading, lines in (
        ("Not asked on this position", _not_asked(opinion)),
        (_DECIDES, _decisive(opinion)),
        (
            _OPEN,
            tuple(f"{_fact(record, fact)} Unclear, {answers[fact].why}." for fact in opinion.open),
        ),
        ("What became known later", tuple(_fact(record, fact) for fact in opinion.later)),
    ):
        if lines:
            yield heading, lines


def _not_asked(opinion: Opinion) -> tuple[str, ...]:
    """Return why the position leaves out an element, where its entry says so."""
    asked = {step.element for step in (*opinion.steps, *opinion.parallel)}
    reasons = views.position(opinion.position).reasons
    return tuple(
        f"{one.name}: {reasons[one.id]}"
        for one in views.elements()
        if one.id not in asked and "{" not in reasons.get(one.id, "{")
    )


def _decisive(opinion: Opinion) -> tuple[str, ...]:
    """Return in words which elements would change the verdict, and to what."""
    alike: dict[tuple[tuple[str, str], ...], list[str]] = {}
    lines = []
    for keys in opinion.decisive:
        names = [f'"{views.element(key).name}"' for key in _in_order(keys)]
        effects = _effects(opinion, keys)
        if len(names) == 1:
            alike.setdefault(effects, []).append(names[0])
            continue
        how_many = {2: " both"}.get(len(names), " all")
        lines.append(f"{_list(names)} together: {_if(effects, how_many)}.")
    for effects, names in alike.items():
        if len(names) == 1:
            lines.append(f"{names[0]} alone: {_if(effects)}.")
        else:
            lines.append(f"Any one of these alone, {_if(effects)}: {', '.join(names)}.")
    if not opinion.decisive:
        lines = ["No element does, alone or with two others."]
    elif not alike:
        lines.insert(0, "No single element does.")
    return (*lines, *_missing(opinion))


def _missing(opinion: Opinion) -> tuple[str, ...]:
    """Return what consent would still need, where it can still be the title."""
    consent = [step for step in opinion.steps if step.element != _OTHER]
    missing = frozenset(step.element for step in consent if step.value is UNCLEAR)
    if (
        opinion.verdict != UNDETERMINED
        or not missing
        or missing in opinion.decisive
        or any(step.value is NOT_MET for step in consent)
    ):
        return ()
    names = [f'"{views.element(key).name}"' for key in _in_order(missing)]
    return (f"For consent to be the title, each of these would have to be met: {_list(names)}.",)


def _list(names: list[str]) -> str:
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def _effects(opinion: Opinion, keys: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """Return which values of these elements give another verdict, and which."""
    found = []
    for target in (MET, NOT_MET):
        values = {
            step.element: target if step.element in keys else step.value for step in opinion.steps
        }
        other = values.pop(_OTHER)
        result, _ = verdict(values.values(), other)
        if result != opinion.verdict:
            found.append((target.value, result))
    return tuple(found)


def _if(effects: Iterable[tuple[str, str]], how_many: str = "") -> str:
    return ", ".join(f"if{how_many} {value}, {result}" for value, result in effects)


def _in_order(keys: frozenset[str]) -> list[str]:
    return [one.id for one in views.elements() if one.id in keys]


def _fact(record: Case, fact: str) -> str:
    """Return a fact as the question that it answers."""
    for one in record.findings:
        if one.id == fact:
            return one.question
    for aim in record.aims:
        for aspect, question in _ASPECTS.items():
            if aim_fact(aim.id, aspect) == fact:
                return question.format(doctrine.purpose(aim.id).name)
    return f'"{fact.replace("-", " ")}" (no finding)'


@dataclass(frozen=True)
class _Ground:
    """One thing on which a step rests: a finding, or all that was found of an aim."""

    text: str
    open: bool
    of: Finding | Aim


def _grounds(this: Shown, step: Step) -> Iterator[_Ground]:
    answers, _ = facts(this.record, this.opinion.standard, this.opinion.act or None)
    for one in this.record.findings:
        if one.id in step.findings:
            said = answers[one.id]
            text = f"{one.question} {_said(said).capitalize()}. {said.note}"
            if one.contested_by:
                text += f" Contested by: {one.contested_by.rstrip('.')}."
            yield _Ground(text, said.value is UNCLEAR, one)
    for aim in this.record.aims:
        seen = {
            aspect: answers[aim_fact(aim.id, aspect)]
            for aspect in _ASPECTS
            if aim_fact(aim.id, aspect) in step.findings
        }
        if seen:
            found = "; ".join(f"{aspect}: {_said(said)}" for aspect, said in seen.items())
            yield _Ground(
                f'The aim "{doctrine.purpose(aim.id).name}", {found}. {aim.note}',
                any(said.value is UNCLEAR for said in seen.values()),
                aim,
            )


def _said(answer: Answer) -> str:
    value = in_words(answer.value)
    return f"{value}, {answer.why}" if answer.why else value


def _steps_as_html(this: Shown, steps: tuple[Step, ...], label: str) -> str:
    items = "".join(f'<li style="{_HOLD}">{_step_as_html(this, step)}</li>' for step in steps)
    return (
        f'<ul aria-label="{escape(label)}" style="list-style: none; padding-left: 0">{items}</ul>'
    )


def _step_as_html(this: Shown, step: Step) -> str:
    asked = views.element(step.element)
    authorities = "".join(f"<li>{_authority(key)}</li>" for key in step.authorities)
    grounds = "".join(f"<li>{_ground(this, one)}</li>" for one in _grounds(this, step))
    return (
        f"<p><strong>{escape(asked.name)}</strong>: "
        f'<span aria-hidden="true">{SIGNS[step.value]}</span> '
        f"{escape(_outcome(step))}. {escape(step.reason)}</p>"
        f"<details><summary>Law and evidence for: {escape(asked.name)}</summary>"
        f"<p>{escape(asked.question)} Met means: {escape(asked.met_means)}</p>"
        f"<p>Authorities:</p><ul>{authorities}</ul>"
        + (f"<p>Findings:</p><ul>{grounds}</ul>" if grounds else "<p>No finding bears on it.</p>")
        + "</details>"
    )


def _authority(key: str) -> str:
    row = evidence.row("authorities", key)
    return (
        f"<strong>{escape(f'{row.instrument}, {row.provision}')}</strong>: {escape(row.says)} "
        f'<span style="{_BADGE}">own text read: {escape(_how_much(row))}</span>'
    )


def _ground(this: Shown, ground: _Ground) -> str:
    case = this.record.id
    rows = "".join(
        f"<li>{_row_as_html(name, evidence.row(name, key, case=case), case)}</li>"
        for name, key in ground.of.rows
    )
    sources = "".join(
        f"<li>{_source(evidence.row('sources', key))}</li>" for key in ground.of.sources
    )
    lists = "".join(f"<ul>{items}</ul>" for items in (rows, sources) if items)
    confidence = f"Confidence: {ground.of.confidence}."
    return f"{escape(f'{ground.text} {confidence}')}{lists}"


def _row_as_html(name: str, row: Row, case: str) -> str:
    text = "<br>".join(escape(line) for line in repr(Cards(name, (row,))).splitlines())
    sources = "; ".join(_source(source) for source in evidence.sources_of(name, row.id, case=case))
    return f"{text}<br>Sources: {sources}" if sources else text


def _source(row: Row) -> str:
    who = f"{row.author}, {row.title}" if row.author else str(row.title)
    name = f'<a href="{escape(row.address)}">{escape(who)}</a>' if row.address else escape(who)
    return f"{name} ({escape(f'{row.type}, read {_how_much(row)}')})"


def _how_much(row: Row) -> str:
    return f"{row.read}: {row.read_part}" if row.read_part else str(row.read)


def _application(this: Shown, step: Step) -> str:
    asked = views.element(step.element)
    mark = "[to be shown] " if step.found is UNCLEAR else ""
    authorities = [
        f"{row.instrument}, {row.provision} (own text read: {_how_much(row)})"
        for row in (evidence.row("authorities", key) for key in step.authorities)
    ]
    lines = [
        f"- {'[to be shown] ' if ground.open else ''}{ground.text}"
        for ground in _grounds(this, step)
    ]
    return "\n\n".join(
        part
        for part in (
            asked.question,
            f"{mark}{step.reason}",
            "\n".join(lines),
            f"Authorities: {'; '.join(authorities)}.",
        )
        if part
    )


def _step_as_data(step: Step) -> dict[str, Any]:
    return {
        "element": step.element,
        "name": views.element(step.element).name,
        "value": in_words(step.value),
        "found": in_words(step.found),
        "settled_by": step.settled_by,
        "why": step.why,
        "findings": list(step.findings),
        "authorities": list(step.authorities),
        "reason": step.reason,
    }
