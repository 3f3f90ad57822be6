"""The list of what a notebook holds: how many words each text asks for."""

from typing import Any

import pytest

from volens.grading.manifest import entry

FIRST = "# a9. Why?\n| **Time** | 60 minutes: 10 to read |\n| **Points** | 60 in all |"


def cell(name: str, source: str, *, text: bool = False) -> dict[str, Any]:
    settings = {"grade_id": name, "grade": True, "solution": True, "points": 6}
    return {
        "cell_type": "markdown",
        "id": name,
        "metadata": {"nbgrader": settings} if text else {},
        "source": source.splitlines(keepends=True),
    }


def asked(*prompts: str) -> list[dict[str, Any]]:
    """The entry of every cell: the prompts given, each with a text after it."""
    cells = [cell("first", f"{FIRST}\n| **You will** | write 999 words |")]
    for number, prompt in enumerate(prompts):
        cells += [cell(f"why-{number}", prompt), cell(f"why-{number}-answer", "", text=True)]
    listed: list[dict[str, Any]] = entry({"cells": cells})["cells"]
    return listed


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ("## 1. Why?\nIn about 300 words, say why.", 300),
        ("## 1. Why?\nWrite about 900 words: 800 to 1000 words. 120 words at most.", 900),
        ("## 1. Why?\nSay why in 60 words.", 60),
        ("## 1. Why?\nSay why in your own words, in 5 sentences.", None),
    ],
)
def test_a_text_has_the_first_number_of_words_that_its_question_names(
    prompt: str, words: int | None
) -> None:
    assert asked(prompt)[-1]["words"] == words


def test_each_question_has_its_own_and_cells_that_are_no_text_have_none() -> None:
    listed = asked("## 1. Why?\nIn about 300 words.", "## 2. Who?\nSay who.")

    assert {one["id"]: one["words"] for one in listed if "words" in one} == {
        "why-0-answer": 300,
        "why-1-answer": None,
    }
