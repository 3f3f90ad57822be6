"""What stands in quotation marks in a lesson stands so in a row that its cell lists."""

import re
from typing import Any

import pytest

from tests.checkout import LESSONS, read_notebook, text
from tests.notebooks import facts

QUOTED = re.compile("\u201c([^\u201d\n]+)\u201d")
#: Words left out, or put in to make a sentence of it.
CUT = re.compile(r"\[[^\]]*\]|\.\.\.|\u2026")

CELLS = [
    pytest.param(cell, id=f"{file.stem}:{cell['id']}")
    for file in LESSONS
    for cell in read_notebook(file)["cells"]
    if cell["cell_type"] == "markdown" and QUOTED.search(text(cell))
]


def plain(words: str) -> str:
    """Words without the marks of Markdown, with one kind of apostrophe, in small letters."""
    return words.lower().replace("\u2019", "'").replace("*", "")


def not_recorded(cell: dict[str, Any]) -> list[str]:
    """What a cell quotes and none of the rows that it lists says."""
    recorded = plain(" ".join(facts.as_text(facts.row(fact)) for fact in facts.listed(cell)))
    parts = [part for quoted in QUOTED.findall(text(cell)) for part in CUT.split(quoted)]
    return [part for part in parts if plain(part).strip(" .,;:") not in recorded]


@pytest.mark.parametrize("cell", CELLS)
def test_a_quotation_is_one_that_the_rows_record(cell: dict[str, Any]) -> None:
    assert not_recorded(cell) == [], "List the row that has these words, or correct them."


def test_a_word_changed_in_a_quotation_is_noticed() -> None:
    said, changed = (
        {"metadata": {"volens": {"facts": ["C009"]}}, "source": [f"\u201coutside {noun}\u201d"]}
        for noun in ("interference", "aggression")
    )

    assert not_recorded(said) == []
    assert not_recorded(changed) == ["outside aggression"]
