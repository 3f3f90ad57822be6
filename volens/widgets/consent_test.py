"""The consent test: an act and a position, the walk through the gates, and what each rests on.

What the entries mean is in :mod:`volens.examining`; what the browser needs to judge by
itself is in :mod:`volens.widgets.engine`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from html import escape
from typing import Any

import traitlets

from volens import cases, evidence
from volens.cases import Aim, Case, Finding
from volens.evidence import Row
from volens.examining import WHYS, Examination, Given
from volens.opinions import Shown, as_html, as_markdown
from volens.opinions.content import step_line
from volens.opinions.words import (
    BESIDE,
    BESIDE_MEANS,
    FROM_BURDEN,
    IF_SHOWN,
    MET_MEANS,
    STIPULATED,
    TITLE_MEANS,
    TITLES,
    first_line,
    named,
    subject,
    verdict_of,
)
from volens.pages import table
from volens.reading import Cards
from volens.reasoning import Standard
from volens.reasoning.questions import answer_in_words, question_of, said_of
from volens.reasoning.standards import BURDENS, LEGAL_TESTS, MIXED_PURPOSES
from volens.references import reference
from volens.widgets.base import CourseWidget, script, styles
from volens.widgets.engine import engine_content
from volens.wording import sentence

__all__ = ["ConsentTest", "consent_test"]

_NOT_CHOSEN = (
    'No position is chosen yet. Choose one under "Position": a verdict holds on one position, '
    "as stipulated here, and there is none that holds on all."
)
_BURDENS = {
    "none": "nobody: what is open stays open",
    "intervener": "the one who intervened: what is open counts against it, at gates and limits "
    "alike (at the limits this is our stipulation; no work read says it)",
    "complainant": "the one who complains: what is open counts as met, but "
    "whether there is another title stays open",
}
_AIMS = {
    "all": "all that were stated (preset)",
    "predominant": "the predominant one",
    "any": "any one of them",
}
_LEGAL_TESTS = {
    "objective": "all that may be known, from whatever day",
    "reasonable belief": "the evidence of the act's first day: what could be known then, which "
    "is less than a test of reasonable belief",
}


class ConsentTest(CourseWidget):
    """The consent test as a widget.

    Parameters
    ----------
    case
        The case, or its id.
    value
        What to begin with: plain data as *Copy answer* gives them. Without it the test begins
        untouched, and offers what was kept earlier.
    name
        Under which name the entries are kept; none for that of the kind and the case.

    Raises
    ------
    ExaminationError
        If the data are not a consent test of this case.
    """

    kind = "consent-test"
    words = (
        "Choose an act and a position, walk the gates, and put your own answer in place of the "
        "record's where you have reason to."
    )
    _esm = script("engine.js", "consent_test.js")
    _css = styles("consent_test.css")

    #: The student's answers by act, for a board that shows what they change; only read.
    findings = traitlets.Dict(read_only=True).tag(sync=True)

    def __init__(
        self, case: Case | str, value: Mapping[str, object] | None = None, *, name: str = ""
    ) -> None:
        self._case = cases.record_of(case)
        super().__init__(
            _content(self._case),
            value,
            about=self._case.id,
            name=name,
        )

    def __repr__(self) -> str:
        return f"<ConsentTest {repr(self.examination).removeprefix('<Examination ')}"

    @property
    def examination(self) -> Examination:
        """What the test holds now."""
        return Examination.from_data(self._case, self.value)

    @examination.setter
    def examination(self, examination: Examination) -> None:
        self.value = examination.to_data()

    def check(self, value: object) -> dict[str, Any]:
        """Return a whole examination from plain data.

        Raises
        ------
        ExaminationError
            If the data are not a consent test of this case.
        """
        return Examination.from_data(self._case, value).to_data()

    def memo(self) -> str:
        """Return the opinion as the skeleton of a memo, with the student's own answers.

        Raises
        ------
        ExaminationError
            If no position is chosen.
        """
        examined = self.examination
        opinion = as_markdown(_shown(examined))
        own = "".join(f"- {_in_words(one)}\n" for one in examined.given())
        return opinion + (f"\n## Own answers\n\n{own}" if own else "")

    def to_html(self) -> str:
        """Return the opinion and the student's answers: for print, and without a kernel."""
        return _static(self.examination)

    def to_text(self) -> str:
        """Return the opinion as text, as *Copy memo* gives it."""
        return _as_text(self.examination)

    def to_short_text(self) -> str:
        """Return the verdict and the student's answers, as *Copy my answers only* gives them."""
        return _as_short_text(self.examination)

    @traitlets.observe("value")
    def _mirror(self, _change: object) -> None:
        self.set_trait("findings", self.value.get("findings", {}))


def consent_test(
    case: Case | str = "kazakhstan-2022",
    value: Mapping[str, object] | None = None,
    *,
    name: str = "",
) -> ConsentTest:
    """Return a consent test for a case.

    Parameters
    ----------
    case
        The case, or its id.
    value
        What to begin with, as *Copy answer* gives it; nothing for an untouched test.
    name
        Under which name the entries are kept, where a notebook has several tests.

    Examples
    --------
    >>> consent_test("mali-2013")
    <ConsentTest mali-2013, serval: no position chosen, 0 own findings>
    """
    return ConsentTest(case, value, name=name)


def _content(case: Case) -> Mapping[str, Any]:
    """Return all that the view shows and that does not change."""
    stored = case.id in cases.case_ids() and cases.case(case.id) is case
    return _of_data(case.id) if stored else _of(case)


@cache
def _of_data(key: str) -> Mapping[str, Any]:
    return _of(cases.case(key))


def _of(case: Case) -> Mapping[str, Any]:
    bases: tuple[Finding | Aim, ...] = (*case.findings, *case.aims)
    rows = {place: evidence.row(*place, case=case.id) for one in bases for place in one.rows}
    sources = {
        place: [row.id for row in evidence.sources_of(*place, case=case.id)] for place in rows
    }
    cited = {key for one in bases for key in one.sources}.union(*sources.values())
    return {
        **engine_content(case),
        "title": f"Consent test: {case.title}",
        "whys": list(WHYS),
        "words": _words(),
        "burdens": [{"id": key, "name": _BURDENS[key]} for key in BURDENS],
        "mixed": [{"id": key, "name": _AIMS[key]} for key in MIXED_PURPOSES],
        "legalTests": [{"id": key, "name": _LEGAL_TESTS[key]} for key in LEGAL_TESTS],
        "restsOn": {
            one.id: {
                "rows": [" ".join(place) for place in one.rows],
                "sources": list(one.sources),
            }
            for one in bases
        },
        "rows": {
            " ".join(place): {"text": _row(place[0], row), "sources": sources[place]}
            for place, row in rows.items()
        },
        "sources": {key: reference(key).to_data() for key in sorted(cited)},
    }


def _words() -> dict[str, Any]:
    """Return the words that the opinion has in Python too."""
    known, no_burden = ", all that is known", "no burden rule, "
    return {
        "stipulated": STIPULATED,
        "metMeans": MET_MEANS,
        "titles": TITLES,
        "titleMeans": TITLE_MEANS,
        "beside": BESIDE,
        "besideMeans": BESIDE_MEANS,
        "fromBurden": FROM_BURDEN,
        "ifShown": IF_SHOWN,
        "notChosen": _NOT_CHOSEN,
        "burdens": {
            key: Standard(burden=key).in_words(purpose=False).removesuffix(known) for key in BURDENS
        },
        "mixed": {
            key: Standard(mixed_purposes=key).in_words().removeprefix(no_burden).removesuffix(known)
            for key in MIXED_PURPOSES
        },
    }


def _row(name: str, row: Row) -> str:
    """Return a row as one line of text, without remarks."""
    return " \N{EN DASH} ".join(repr(Cards(name, (row,), bare=True)).splitlines())


# -- as text and as a page


def _in_words(one: Given) -> str:
    given = sentence(one.own.evidence)
    rests = f"It rests on this: {given}" if given else "Still without evidence."
    return (
        f"{one.question} Yours: {one.own.in_words()}. {rests} On the record: {said_of(one.record)}."
    )


def _as_text(examined: Examination) -> str:
    lines = [*_opinion_lines(examined)] if examined.position else [_not_chosen(examined)]
    sections = (
        ("Answers to look at together", examined.clashes()),
        ("Your own answers", [_in_words(one) for one in examined.given()]),
        ("The positions side by side", _sides(examined)),
    )
    for heading, content in sections:
        if content:
            lines += ["", heading, *(f"- {line}" for line in content)]
    return "\n".join(lines) + "\n"


def _as_short_text(examined: Examination) -> str:
    lines = [*_outcome_lines(examined)] if examined.position else [_not_chosen(examined)]
    answers = [_in_words(one) for one in examined.given()]
    answers = answers or ["None yet: every answer is the record's."]
    return "\n".join((*lines, "", "Your own answers", *(f"- {one}" for one in answers))) + "\n"


def _outcome_lines(examined: Examination) -> Iterator[str]:
    opinion = examined.opinion()
    yield first_line(opinion, examined.case)
    yield ""
    yield "Open, and each alone would change the verdict"
    deciding = [*_flips(examined, frozenset(opinion.open))]
    yield from (f"- {line}" for line in deciding or ["No open fact alone would."])


def _shown(examined: Examination) -> Shown:
    return Shown(examined.opinion(), examined.applied(), frozenset(examined.own))


def _not_chosen(examined: Examination) -> str:
    return f"{subject(examined.case, examined.act)}. {_NOT_CHOSEN}"


def _opinion_lines(examined: Examination) -> Iterator[str]:
    this, case = _shown(examined), examined.case
    opinion = this.opinion
    yield first_line(opinion, case)
    yield f"{STIPULATED} {TITLES[opinion.title]} {TITLE_MEANS} {MET_MEANS}"
    yield ""
    yield from (step_line(this, step) for step in opinion.steps)
    sections = (
        (f"{BESIDE}\n{BESIDE_MEANS}", [step_line(this, step) for step in opinion.parallel]),
        ("Facts that alone would change the verdict", list(_flips(examined))),
        ("Open, and bearing on the verdict", [question_of(case, fact) for fact in opinion.open]),
        ("What became known later", [question_of(case, fact) for fact in opinion.later]),
    )
    for heading, content in sections:
        if content:
            yield from ("", heading, *(f"- {line}" for line in content))


def _flips(examined: Examination, among: frozenset[str] | None = None) -> Iterator[str]:
    opinion = examined.opinion()
    for flip in examined.pivotal():
        ((fact, value),) = flip.changes
        if among is not None and fact not in among:
            continue
        then = verdict_of(opinion, flip)
        yield f"{question_of(examined.case, fact)} If {answer_in_words(value)}: {then}."


def _sides(examined: Examination) -> list[str]:
    return [
        f"{named(one.position)}, with {named(one.inviter_test)}: {one.now}; "
        f"on the record alone: {one.record}."
        for one in examined.side_by_side()
    ]


def _static(examined: Examination) -> str:
    title = f"Consent test: {subject(examined.case, examined.act)}"
    if examined.position:
        opinion = as_html(_shown(examined))
    else:
        opinion = f"<p>{escape(_not_chosen(examined))}</p>"
    parts = [f"<p><strong>{escape(title)}</strong></p>", opinion]
    parts += [f"<p>{escape(one)}</p>" for one in examined.clashes()]
    given = examined.given()
    if given:
        parts.append(
            table(
                "The student's own answers. They hold whatever the knowledge date.",
                ("Question", "Own answer", "It rests on", "On the record"),
                [
                    (
                        one.question,
                        one.own.in_words(),
                        one.own.evidence or "nothing yet",
                        said_of(one.record),
                    )
                    for one in given
                ],
            )
        )
    parts.append(
        table(
            f"The positions side by side, as stipulated here; {examined.standard.in_words()}",
            ("Position", "Inviter test", "Verdict now", "On the record alone"),
            [
                (named(one.position), named(one.inviter_test), one.now, one.record)
                for one in examined.side_by_side()
            ],
        )
    )
    return "".join(parts)
