"""The engine in the browser judges as the engine in Python does, on every case and position."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from volens import cases, positions
from volens.cases import Case
from volens.examining import ASPECTS, WHYS, Examination, OwnFinding
from volens.logic import MET, NOT_MET, UNCLEAR, Value
from volens.opinions import Shown, in_words
from volens.opinions.content import sureness
from volens.opinions.words import follows_from_burden
from volens.reasoning import Standard
from volens.reasoning.judging import Step
from volens.reasoning.rules import aim_fact
from volens.reasoning.standards import BURDENS, LEGAL_TESTS, MIXED_PURPOSES
from volens.widgets.base import script
from volens.widgets.engine import engine_content

CLASHING = 0.2
EVIDENCE = (
    "",
    "  ",
    "A letter.",
    "A letter of the\n  President",
    'He said "{because}" and $& left',
)
POSITIONS = [one.id for one in positions.positions() if one.kind == "position"]
TESTS = ["", *(one.id for one in positions.positions() if one.kind == "inviter test")]


@pytest.fixture(name="page", scope="module")
def _page(chromium: Browser) -> Iterator[Page]:
    """An empty page that knows the engine, and every case."""
    page = chromium.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    view = script("engine.js") + "\nexport { clashes, inWords, judge, pivotal };"
    contents = {key: engine_content(key) for key in cases.case_ids()}
    page.evaluate(LOAD, [view, contents])
    yield page
    page.close()
    assert errors == []


def random_own(chance: random.Random, case: Case) -> dict[str, OwnFinding]:
    """Some answers of a student, on facts and on aims."""
    aspects = [aim_fact(aim.id, aspect) for aim in case.aims for aspect in ASPECTS]
    known = [*(one.id for one in case.findings), *aspects]
    own = {}
    if chance.random() < CLASHING:
        own = dict.fromkeys(("ad-hoc-request", "treaty-clause-covers"), OwnFinding(NOT_MET))
    for fact in chance.sample(known, chance.choice((0, 1, 3, 12))):
        values: list[Value | None] = [MET, NOT_MET, UNCLEAR]
        value = chance.choice(values if fact in aspects else [*values, None])
        why = chance.choice(WHYS) if value is UNCLEAR else ""
        own[fact] = OwnFinding(value, why, chance.choice(EVIDENCE))
    return own


def random_standard(chance: random.Random, case: Case) -> Standard:
    days = [date.fromisoformat(day) for day in engine_content(case.id)["days"]]
    near = [day + timedelta(days=chance.choice((-1, 0, 1))) for day in days]
    known_on = chance.choice([None, *days, *near, date(1950, 1, 1), date(2030, 1, 1)])
    return Standard(
        chance.choice(BURDENS), chance.choice(MIXED_PURPOSES), known_on, chance.choice(LEGAL_TESTS)
    )


def asked_of(chance: random.Random, case: Case, act: str, position: str, test: str) -> Examination:
    own = random_own(chance, case)
    standard = random_standard(chance, case)
    return Examination(case, act, position, test, standard, {act or "shared": own})


def step_data(step: Step, shown: Shown) -> dict[str, Any]:
    return {
        "element": step.element,
        "value": in_words(step.value),
        "found": in_words(step.found),
        "settledBy": step.settled_by,
        "why": step.why,
        "reason": step.reason,
        "findings": list(step.findings),
        "deciding": list(step.deciding),
        "confidence": sureness(shown, step),
    }


def in_python(examined: Examination) -> dict[str, Any]:
    opinion = examined.opinion()
    shown = Shown(opinion, examined.applied(), frozenset(examined.own))
    return {
        "verdict": opinion.verdict,
        "title": opinion.title,
        "steps": [step_data(step, shown) for step in opinion.steps],
        "fromBurden": follows_from_burden(opinion),
        "parallel": [step_data(step, shown) for step in opinion.parallel],
        "open": list(opinion.open),
        "later": list(opinion.later),
        "inviterTest": opinion.inviter_test,
        "clashes": list(examined.clashes()),
        "pivotal": [
            {
                "fact": flip.changes[0][0],
                "value": in_words(flip.changes[0][1]),
                "verdict": flip.verdict,
            }
            for flip in examined.pivotal()
        ],
    }


def test_every_opinion_is_that_of_python(page: Page) -> None:
    seed = random.randrange(10**6)  # noqa: S311 (a test's choice)
    print(f"seed {seed}")  # noqa: T201
    chance = random.Random(seed)  # noqa: S311
    examined = [
        asked_of(chance, case, act, position, test)
        for case in map(cases.case, cases.case_ids())
        for act in (*(one.id for one in case.acts), "")
        for position, test in product(POSITIONS, TESTS)
    ]
    found = page.evaluate(JUDGE, [one.to_data() for one in examined])

    for one, judged in zip(examined, found, strict=True):
        assert judged == in_python(one), one.to_data()


LOAD = """async ([script, contents]) => {
    const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    window.engine = await import(address);
    window.contents = contents;
}"""

JUDGE = """(all) => all.map((data) => {
    const { judge, pivotal, clashes, inWords } = window.engine;
    const content = window.contents[data.case];
    const { act, position, inviter_test } = data;
    const settings = { ...data.standard, act, position, inviter_test };
    const own = data.findings[act || "shared"] ?? {};
    const flips = pivotal(content, settings, own);
    const found = judge(content, settings, own);
    const worded = (step) => ({ ...step, value: inWords(step.value), found: inWords(step.found) });
    const { answers, ...rest } = found;
    return {
        ...rest,
        steps: found.steps.map(worded),
        parallel: found.parallel.map(worded),
        clashes: clashes(answers),
        pivotal: flips.map((one) => ({ ...one, value: inWords(one.value) })),
    };
})"""
