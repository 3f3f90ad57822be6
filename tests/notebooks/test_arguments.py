"""What the five accounts argue, ask and complain of has its place in the lessons."""

import re
from typing import Any

import pytest

from tests.checkout import LESSONS, read_notebook, text
from tests.notebooks import facts
from volens import evidence

SAYINGS = {"legal claim", "opinion", "question", "quotation-phrase"}
ARGUMENTS = evidence.rows("arguments")


def in_section(lesson: str, section: str) -> list[dict[str, Any]]:
    """The cells of a numbered section, from its heading to the next of the same level."""
    file = next(file for file in LESSONS if file.stem.startswith(lesson))
    found: list[dict[str, Any]] = []
    inside = False
    for cell in read_notebook(file)["cells"]:
        heading = re.match(r"## (\d)?", text(cell))
        if heading and cell["cell_type"] == "markdown":
            inside = heading[1] == section
        if inside:
            found.append(cell)
    return found


def test_every_saying_of_an_account_belongs_to_one_argument() -> None:
    said = [row["id"] for row in evidence.rows("statements") if row["type"] in SAYINGS]
    placed = [key for row in ARGUMENTS for key in evidence.items(row["rows"])]

    assert set(said) <= set(placed)
    assert len(placed) == len(set(placed))


@pytest.mark.parametrize("row", ARGUMENTS, ids=lambda row: row["id"])
def test_an_argument_is_of_the_account_that_says_it(row: evidence.Row) -> None:
    accounts = {evidence.row("statements", key)["account"] for key in evidence.items(row["rows"])}

    assert accounts == {row["account"]}


@pytest.mark.parametrize("row", ARGUMENTS, ids=lambda row: row["id"])
def test_the_section_that_takes_up_an_argument_lists_a_statement_of_it(row: evidence.Row) -> None:
    listed = {
        fact for cell in in_section(row["lesson"], row["section"]) for fact in facts.listed(cell)
    }

    assert listed & set(evidence.items(row["rows"])), (row["lesson"], row["section"], row["says"])
