"""A date, a year or a number in the prose is one in the rows that its cell lists."""

import re
from datetime import date
from typing import Any

import pytest

from tests.checkout import LESSONS, SOURCES, read_notebook, text
from tests.notebooks import facts
from volens import evidence

MONTHS = [date(2022, month, 1).strftime("%B") for month in range(1, 13)]
NAMES = "|".join(f"{month}|{month[:3]}" for month in MONTHS)
ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})")
#: One day or several of a month: 9 January 2022, 12 and 13 July, 5\u20137 Jan.
WRITTEN = re.compile(
    r"(?<![\w:.,\u2013])(\d{1,2}(?:(?:, (?:and )?| (?:and|or|to) |[-\u2013])\d{1,2})*)"
    rf" ({NAMES})\b(?: (\d{{4}})\b)?"
)
MONTH_FIRST = re.compile(rf"\b({NAMES}) (\d{{1,2}})\b(?!:)(?:, (\d{{4}})\b)?")
CLOCK = re.compile(r"(?<![\w:])(\d{1,2}):(\d{2})(?![\w:]*\d)")
YEAR = re.compile(r"(?<![\w.,/])(?<![A-Za-z]-)(1[6-9]\d\d|20\d\d)(?!\w|%|,\d|-\d\d-)")
NUMBER = re.compile(
    r"(?<![\w.,/:])(?<![A-Za-z]-)"
    r"(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+|\d{2,}|\d(?=%| per cent\b| (?:m|b)illion\b))"
    r"(?!\w|[:.,]\d)"
)
RECORDED = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
#: What is no fact of the case: places in texts, lengths of work, and the days read above.
ELSEWHERE = re.compile(
    r"\b(?:[Aa]rticles?|arts?|[Pp]aragraphs?|paras?|[Pp]oints?|[Ss]ections?|[Qq]uestions?|pp?"
    r"|[Ll]essons?|[Rr]esolutions?|res)\.? "
    r"\d+(?:\(\w+\))*(?:(?:, | and | to |\u2013|-)\d+(?:\(\w+\))*)*"
    r"|\d+(?: (?:to|or) \d+)?[ -](?:minutes?|words?|seconds?)\b"
)
ADDRESS = re.compile(r"\]\([^)]*\)|<[^>]+>|`[^`]*`")

Day = tuple[int, int, int]

CELLS = [
    pytest.param(cell, id=f"{file.stem}:{cell['id']}")
    for file in (*LESSONS, *SOURCES)
    for cell in read_notebook(file)["cells"]
    if cell["cell_type"] == "markdown"
]


def days(prose: str) -> set[Day]:
    """Every day that a text names: month, day, and year, which is 0 where it is not named."""
    short = [month[:3] for month in MONTHS]
    found = {(int(month), int(day), int(year)) for year, month, day in ISO.findall(prose)}
    written = [(each, month, year) for each, month, year in WRITTEN.findall(prose)]
    written += [(day, month, year) for month, day, year in MONTH_FIRST.findall(prose)]
    for several, month, year in written:
        for day in re.findall(r"\d+", several):
            found.add((short.index(month[:3]) + 1, int(day), int(year or 0)))
    return found


def with_and_without_year(found: set[Day]) -> set[Day]:
    """Days as they may be named: with the year, or without."""
    return found | {(month, day, 0) for month, day, _ in found}


def clocks(prose: str) -> set[str]:
    """Every time of day that a text names."""
    return {f"{int(hour):02}:{minute}" for hour, minute in CLOCK.findall(prose)}


def in_zones(found: set[str]) -> set[str]:
    """Times of day by the clock of every place: whole hours earlier or later."""
    return {f"{hour:02}:{clock[-2:]}" for clock in found for hour in range(24)}


def years(prose: str) -> set[str]:
    """Every year that a text names."""
    return set(YEAR.findall(ISO.sub(lambda day: f" {day[1]} ", ADDRESS.sub("] ", prose))))


def undated(prose: str) -> str:
    """A text without its days and times of day."""
    for pattern in (ISO, WRITTEN, MONTH_FIRST, CLOCK):
        prose = pattern.sub(" ", prose)
    return prose


def numbers(prose: str) -> set[str]:
    """Every number of two digits and more, without its commas; days, years and places aside."""
    plain = ELSEWHERE.sub(" ", undated(ADDRESS.sub("] ", prose)))
    return {found.replace(",", "") for found in NUMBER.findall(plain)} - set(YEAR.findall(plain))


def recorded_numbers(recorded: str) -> set[str]:
    """Every number in what the rows say, however it is written; not those of days and times."""
    return {found.replace(",", "") for found in RECORDED.findall(undated(recorded))}


def stated(prose: str) -> str:
    """The prose without what is no fact: invented cases, times and points."""
    lines = (
        line
        for line in prose.splitlines()
        if not line.startswith((">", "| **Time**", "| **Points**"))
        and not re.fullmatch(r"\*\d+ points?, about \d+ minutes\*", line)
    )
    return "\n".join(lines).replace("January 2022", "January")


def tables(prose: str) -> str:
    """The rows of the tables in a text."""
    return "\n".join(line for line in prose.splitlines() if line.startswith("|"))


def unsupported(cell: dict[str, Any]) -> list[str]:
    """What a cell states that no row it lists says, in words for its author."""
    prose = stated(text(cell))
    recorded = " ".join(facts.as_text(facts.row(fact)) for fact in facts.listed(cell))
    clock_times = clocks(recorded)
    found = [
        f"day {day} {MONTHS[month - 1]}{f' {year}' if year else ''}"
        for month, day, year in sorted(days(prose) - with_and_without_year(days(recorded)))
    ]
    # A table may give a time by the clocks of several cities.
    strange = clocks(prose) - clock_times - (clocks(tables(prose)) & in_zones(clock_times))
    found += [f"time {clock}" for clock in sorted(strange)]
    in_rows = set(re.findall(r"(?<!\d)\d{4}(?!\d)", recorded))
    found += [f"year {year}" for year in sorted(years(prose) - in_rows)]
    found += [f"number {number}" for number in sorted(numbers(prose) - recorded_numbers(recorded))]
    return found


HELP = (
    "These stand in the text of the cell, and no row that the cell lists says so. Correct the "
    "text, or add the row to the cell's metadata, under volens, facts. Listed now: "
)


@pytest.mark.parametrize("cell", CELLS)
def test_dates_and_numbers_come_from_the_rows_that_the_cell_lists(cell: dict[str, Any]) -> None:
    found = unsupported(cell)

    assert found == [], f"{'; '.join(found)}. {HELP}{', '.join(facts.listed(cell)) or 'none'}."


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ("164 on 8 January 2022.", "day 8 January"),
        ("164 from 8 to 9 January 2022.", "day 8 January"),
        ("164 on 9, 11 and 12 January.", "day 11 January"),
        ("164 on January 8.", "day 8 January"),
        ("164 on 9 Jan 2021.", "day 9 January 2021"),
        ("| died | 2022-01-08 |", "day 8 January 2022"),
        ("164 on 9 January, at 16:30.", "time 16:30"),
        ("164 in 2021.", "year 2021"),
        ("164 in 2021-2022.", "year 2021"),
        ("165 on 9 January 2022.", "number 165"),
        ("Dead (165) on 9 January 2022.", "number 165"),
        ("164-165 dead.", "number 165"),
        ("164.5 dead.", "number 164.5"),
        ("16,400 dead.", "number 16400"),
        ("Of 164, 7% were minors.", "number 7"),
        ("Of 164, 7 per cent were minors.", "number 7"),
        ("Of 164, 12% were minors.", "number 12"),
        ("A 12-year-old was among the 164.", "number 12"),
        ("164, of whom 17 in one city, on 9 January 2022.", "number 17"),
    ],
    ids=str,
)
def test_what_the_row_does_not_say_is_named(changed: str, found: str) -> None:
    row = evidence.row("casualties", "K25")
    cell = {"metadata": {"volens": {"facts": [row["id"]]}}, "source": [changed]}

    assert found in unsupported(cell)


def test_the_number_of_a_day_or_an_hour_is_no_number_that_a_row_gives() -> None:
    assert recorded_numbers("12 dead on 2022-01-09 at 16:30, not on 10 to 11 January") == {"12"}


def test_places_in_texts_and_lengths_of_work_are_no_facts() -> None:
    places = (
        "Article 51 and arts 20, 26 and 16; para 246; paras 42 to 54; write 300 words (12 minutes)"
    )

    assert numbers(places) == set()
