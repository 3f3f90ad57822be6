"""An opinion as the skeleton of a memo."""

from __future__ import annotations

from volens import evidence
from volens import positions as views
from volens.logic import UNCLEAR
from volens.opinions.content import OPEN, blocks, grounds, step_line, step_outcome
from volens.opinions.showing import Readable, Shown, shown
from volens.opinions.words import (
    BESIDE,
    BESIDE_MEANS,
    MET_MEANS,
    STIPULATED,
    TITLE_MEANS,
    TITLES,
    asks_purpose,
    first_line,
    named,
    subject,
)
from volens.reasoning.judging import Step
from volens.references import how_far

__all__ = ["as_markdown"]


def as_markdown(opinion: Readable) -> str:
    """Return an opinion as the skeleton of a memo: issue, rule, application, conclusion.

    What is open is marked ``[to be shown]``, and the other side has a paragraph that is
    still to be written.

    Examples
    --------
    >>> from volens.opinions import assess
    >>> [line for line in as_markdown(assess("mali-2013", "S1")).splitlines()
    ...     if line.startswith("## ")][-1]
    '## Against this opinion'
    """
    this = shown(opinion)
    judged, record = this.opinion, this.record
    view, test = views.position(judged.position), views.position(judged.inviter_test)
    did = record.act(judged.act).what if judged.act else "What was done in this case."
    after = "\n\n".join(
        f"{heading}:\n\n" + "\n".join(f"- {line}" for line in content)
        for heading, content in blocks(this)
        if heading != OPEN
    )
    beside = "\n".join(f"- {step_line(this, step)}" for step in judged.parallel)
    sections = {
        "Issue": f"{subject(record, judged.act)}. {did} Was it lawful?\n\n"
        f"Position: {named(view.id)}. Inviter test: {named(test.id)}. Standard: "
        f"{judged.standard.in_words(purpose=asks_purpose(judged))}.",
        "Rule": f"{view.thesis}\n\n{view.test}\n\nWho may speak for the State: {test.thesis}",
        "Application": f"{MET_MEANS}\n\n"
        + "\n\n".join(
            f"### {views.element(step.element).name}: {step_outcome(this, step)}\n\n"
            + _application(this, step)
            for step in judged.steps
        ),
        "Conclusion": f"{first_line(judged, record)} {TITLES[judged.title]} {TITLE_MEANS} "
        f"{STIPULATED}\n\n{after}\n\n{BESIDE}. {BESIDE_MEANS}\n\n{beside}",
        "Against this opinion": "*Required: one paragraph that puts the other side's case as "
        "its best advocate would put it. Without it the memo is not finished.*\n\n"
        "> [your paragraph]",
    }
    return "\n\n".join(f"## {name}\n\n{text}" for name, text in sections.items()) + "\n"


def _application(this: Shown, step: Step) -> str:
    asked = views.element(step.element)
    mark = "[to be shown] " if step.found is UNCLEAR else ""
    authorities = [
        f"{row.instrument}, {row.provision} (own text read: {how_far(row)})"
        for row in (evidence.row("authorities", key) for key in step.authorities)
    ]
    lines = [
        f"- {'[to be shown] ' if ground.open else ''}{ground.text}"
        for ground in grounds(this, step)
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
