"""No key decides what scholars divide on, unless the question names the position."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.checkout import SOURCES, read_notebook, text
from tests.notebooks.test_assignments import keyed, questions, regions
from volens import positions

TABLE = tomllib.loads((Path(__file__).parent / "divided.toml").read_text(encoding="utf-8"))
DIVIDED: list[dict[str, Any]] = TABLE["divided"]
ASKED: dict[str, str] = {one["question"]: one["because"] for one in TABLE.get("asked", [])}
NAMES = [position.name.lower() for position in positions.positions()]
QUESTIONS = [
    pytest.param(those, test, id=f"{source.stem}:{grade_id}")
    for source in SOURCES
    for grade_id, test, those in questions(read_notebook(source))
]


def touched(decided: str) -> list[str]:
    """The propositions that words touch."""
    return [
        one["says"]
        for one in DIVIDED
        if all(re.search(cue, decided, re.IGNORECASE) for cue in one["cues"])
    ]


def decided(those: list[dict[str, Any]], test: str) -> str:
    """What a key decides on: the labels of the items, the items, and the right words."""
    labels = "\n".join(text(cell) for cell in those if "vo.answer_sheet(" in text(cell))
    return "\n".join(
        (labels, *keyed(test), *(word for right in keyed(test).values() for word in right))
    )


@pytest.mark.parametrize(("those", "test"), QUESTIONS)
def test_a_key_on_what_scholars_divide_on_names_the_position(
    those: list[dict[str, Any]], test: str, request: pytest.FixtureRequest
) -> None:
    question = request.node.callspec.id
    found = touched(decided(those, test))
    shown = "\n".join(text(cell) for cell in those[:-1]).lower()
    rests = those[-1]["metadata"]["volens"]["rests_on"]
    named = any(name in shown for name in NAMES) and any("position:" in one for one in rests)

    assert not found or named or question in ASKED, found


def test_a_question_that_is_excused_is_there_and_touches_something() -> None:
    known = {
        f"{source.stem}:{grade_id}": touched(decided(those, test))
        for source in SOURCES
        for grade_id, test, those in questions(read_notebook(source))
    }

    assert [question for question in ASKED if not known.get(question)] == []


def test_each_proposition_can_be_noticed() -> None:
    assert len(DIVIDED) == 17
    assert touched("In a civil war the government may ask for help: title") == [DIVIDED[0]["says"]]
    assert touched("Which office signed the letter?") == []


def test_the_words_of_a_hidden_key_are_looked_at() -> None:
    test = "### BEGIN HIDDEN TESTS\nkey = {'V1: tacit consent': 'met'}\n### END HIDDEN TESTS"

    assert regions(test)[0]
    assert touched(decided([], test))
