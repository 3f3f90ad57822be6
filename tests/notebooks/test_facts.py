"""A date, a year or a number in the prose is one in the rows that its cell lists."""

import re
from datetime import date
from typing import Any

import pytest

from tests.checkout import LESSONS, SOURCES, read_notebook, text
from tests.notebooks import facts

MONTHS = [date(2022, month, 1).strftime("%B") for month in range(1, 13)]
ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
WRITTEN = re.compile(rf"\b(\d{{1,2}})(?:[- ](?:to |and )?\d{{1,2}})? ({'|'.join(MONTHS)})\b")
SHORT = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(month[:3] for month in MONTHS)})\b")
YEAR = re.compile(r"(?<![\w.,/-])(1[6-9]\d\d|20\d\d)(?![\w%])")
NUMBER = re.compile(r"(?<![\w.,/:(-])(\d{1,3}(?:,\d{3})+|\d{2,})(?![\w%:-]|\.\d)")
#: What is no fact of the case: places in texts, lengths of work, and the days read above.
ELSEWHERE = re.compile(
    r"\b(?:[Aa]rticles?|arts?|[Pp]aragraphs?|paras?|[Pp]oints?|[Ss]ections?|[Qq]uestions?|pp?"
    r"|[Ll]essons?|[Rr]esolutions?|res)\.? "
    r"\d+(?:\(\w+\))*(?:(?:, | and | to |\u2013|-)\d+(?:\(\w+\))*)*"
    r"|\d+(?: (?:to|or) \d+)?[ -](?:minutes?|words?|seconds?)\b"
    rf"|\d{{1,2}}(?:[- ](?:to |and )?\d{{1,2}})? (?:{'|'.join(MONTHS)})\b"
)
ADDRESS = re.compile(r"\]\([^)]*\)|<[^>]+>|`[^`]*`")

Day = tuple[int, int]

CELLS = [
    pytest.param(cell, id=f"{file.stem}:{cell['id']}")
    for file in (*LESSONS, *SOURCES)
    for cell in read_notebook(file)["cells"]
    if cell["cell_type"] == "markdown"
]


def days(prose: str) -> set[Day]:
    """Every day that a text names, as month and day."""
    found = {(int(month), int(day)) for _, month, day in ISO.findall(prose)}
    for day, month in WRITTEN.findall(prose):
        found.add((MONTHS.index(month) + 1, int(day)))
    for day, month in SHORT.findall(prose):
        found.add(([name[:3] for name in MONTHS].index(month) + 1, int(day)))
    return found


def years(prose: str) -> set[str]:
    """Every year that a text names."""
    return set(YEAR.findall(ISO.sub(lambda day: f" {day[1]} ", ADDRESS.sub("] ", prose))))


def numbers(prose: str) -> set[str]:
    """Every number of two digits and more, without its commas; days, years and places aside."""
    plain = ELSEWHERE.sub(" ", ISO.sub(" ", ADDRESS.sub("] ", prose)))
    return {found.replace(",", "") for found in NUMBER.findall(plain)} - set(YEAR.findall(plain))


def recorded_numbers(recorded: str) -> set[str]:
    """Every number in what the rows say, however it is written."""
    return {found.replace(",", "") for found in re.findall(r"\d[\d,]*", recorded)}


def stated(prose: str) -> str:
    """The prose without what is no fact: invented cases, times and points."""
    lines = (
        line
        for line in prose.splitlines()
        if not line.startswith((">", "| **Time**", "| **Points**"))
    )
    return "\n".join(lines).replace("January 2022", "January")


@pytest.mark.parametrize("cell", CELLS)
def test_dates_and_numbers_come_from_the_rows_that_the_cell_lists(cell: dict[str, Any]) -> None:
    prose = stated(text(cell))
    recorded = " ".join(facts.as_text(facts.row(fact)) for fact in facts.listed(cell))

    assert days(prose) <= days(recorded)
    assert years(prose) <= set(re.findall(r"\d{4}", recorded))
    assert numbers(prose) <= recorded_numbers(recorded)


@pytest.mark.parametrize(
    "changed",
    [
        "164 on 8 January 2022.",
        "164 on 9 January 2021.",
        "165 on 9 January 2022.",
        "164, of whom 17 in one city, on 9 January 2022.",
    ],
    ids=["day", "year", "number", "small number"],
)
def test_what_the_row_does_not_say_would_be_noticed(changed: str) -> None:
    cell = {"metadata": {"volens": {"facts": ["K25"]}}, "source": [changed]}
    with pytest.raises(AssertionError):
        test_dates_and_numbers_come_from_the_rows_that_the_cell_lists(cell)


def test_places_in_texts_and_lengths_of_work_are_no_facts() -> None:
    places = (
        "Article 51 and arts 20, 26 and 16; para 246; paras 42 to 54; write 300 words (12 minutes)"
    )

    assert numbers(places) == set()
