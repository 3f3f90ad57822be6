"""An opinion as a piece of a page."""

from __future__ import annotations

from html import escape

from volens import evidence
from volens import positions as views
from volens.evidence import Row
from volens.opinions.content import Ground, blocks, grounds, step_outcome
from volens.opinions.showing import Readable, Shown, shown
from volens.opinions.words import (
    BESIDE,
    BESIDE_MEANS,
    MET_MEANS,
    SIGNS,
    STIPULATED,
    TITLE_MEANS,
    TITLES,
    first_line,
    named,
    subject,
)
from volens.reading import Cards
from volens.reasoning.judging import Step
from volens.references import how_far, reference

__all__ = ["as_html"]

# Borders take the colour of the text, so that they show on a light and on a dark page.
_BADGE = "border: 1px solid currentColor; border-radius: 0.3em; padding: 0 0.3em"
_HOLD = "margin: 0 0 0.8em; padding-left: 0.8em; border-left: 3px solid currentColor"


def as_html(opinion: Readable) -> str:
    """Return an opinion as a piece of a page that needs neither styles nor scripts.

    Examples
    --------
    >>> from volens.opinions import assess
    >>> as_html(assess("mali-2013", "S1"))[:21]
    '<section aria-label="'
    """
    this = shown(opinion)
    label = f"Opinion: {subject(this.record, this.opinion.act)}, {named(this.opinion.position)}"
    parts = [
        f"<p><strong>{escape(first_line(this.opinion, this.record))}</strong></p>",
        f"<p>{escape(f'{STIPULATED} {TITLES[this.opinion.title]} {TITLE_MEANS} {MET_MEANS}')}</p>",
        _steps_as_html(this, this.opinion.steps, "The walk through the elements"),
    ]
    for heading, content in blocks(this):
        items = "".join(f"<li>{escape(line)}</li>" for line in content)
        parts.append(f"<p><strong>{escape(heading)}</strong></p><ul>{items}</ul>")
    parts.append(f"<p><strong>{escape(BESIDE)}</strong></p><p>{escape(BESIDE_MEANS)}</p>")
    parts.append(_steps_as_html(this, this.opinion.parallel, BESIDE))
    return f'<section aria-label="{escape(label)}">{"".join(parts)}</section>'


def _steps_as_html(this: Shown, steps: tuple[Step, ...], label: str) -> str:
    items = "".join(f'<li style="{_HOLD}">{_step_as_html(this, step)}</li>' for step in steps)
    return (
        f'<ul aria-label="{escape(label)}" style="list-style: none; padding-left: 0">{items}</ul>'
    )


def _step_as_html(this: Shown, step: Step) -> str:
    asked = views.element(step.element)
    means = views.met_means(step.element, this.opinion.position)
    authorities = "".join(f"<li>{_authority(key)}</li>" for key in step.authorities)
    findings = "".join(f"<li>{_ground(this, one)}</li>" for one in grounds(this, step))
    return (
        f"<p><strong>{escape(asked.name)}</strong>: "
        f'<span aria-hidden="true">{SIGNS[step.value]}</span> '
        f"{escape(step_outcome(this, step))}. {escape(step.reason)}</p>"
        f"<details><summary>Law and evidence for: {escape(asked.name)}</summary>"
        f"<p>{escape(asked.question)} Met means: {escape(means)}</p>"
        f"<p>Authorities:</p><ul>{authorities}</ul>"
        + (f"<p>Findings:</p><ul>{findings}</ul>" if findings else "<p>No finding bears on it.</p>")
        + "</details>"
    )


def _authority(key: str) -> str:
    row = evidence.row("authorities", key)
    return (
        f"<strong>{escape(f'{row.instrument}, {row.provision}')}</strong>: {escape(row.says)} "
        f'<span style="{_BADGE}">own text read: {escape(how_far(row))}</span>'
    )


def _ground(this: Shown, ground: Ground) -> str:
    case = this.record.id
    rows = "".join(
        f"<li>{_row_as_html(name, evidence.row(name, key, case=case), case)}</li>"
        for name, key in ground.of.rows
    )
    sources = "".join(f"<li>{reference(key).to_html()}</li>" for key in ground.of.sources)
    lists = "".join(f"<ul>{items}</ul>" for items in (rows, sources) if items)
    confidence = "" if ground.own else f" Confidence of the record: {ground.of.confidence}."
    return f"{escape(f'{ground.text}{confidence}')}{lists}"


def _row_as_html(name: str, row: Row, case: str) -> str:
    text = "<br>".join(escape(line) for line in repr(Cards(name, (row,))).splitlines())
    sources = "; ".join(
        reference(source).to_html() for source in evidence.sources_of(name, row.id, case=case)
    )
    return f"{text}<br>Sources: {sources}" if sources else text
