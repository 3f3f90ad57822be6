"""A date or a number in the prose is the one in the rows that its cell lists."""

import re
from datetime import date
from typing import Any

import pytest

from tests.checkout import LESSONS, SOURCES, read_notebook, text
from volens import evidence

TABLES = {"C": "claims", "T": "timeline", "F": "statements", "K": "casualties", "N": "figures"}
MONTHS = [date(2022, month, 1).strftime("%B") for month in range(1, 13)]
ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
WRITTEN = re.compile(rf"\b(\d{{1,2}})(?:[- ](?:to |and )?\d{{1,2}})? ({'|'.join(MONTHS)})\b")
SHORT = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(month[:3] for month in MONTHS)})\b")
NUMBER = re.compile(r"(?<![\w.,-])(\d{3}|\d{1,3}(?:,\d{3})+)(?![\w-])(?! words)")

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


def numbers(prose: str) -> set[str]:
    """Every number of three digits and more, without its commas; years aside."""
    return {found.replace(",", "") for found in NUMBER.findall(prose)}


def invented(prose: str) -> str:
    """The prose without what is marked as invented."""
    return "\n".join(line for line in prose.splitlines() if not line.startswith(">"))


def rows(cell: dict[str, Any]) -> list[evidence.Row]:
    facts = cell["metadata"].get("volens", {}).get("facts", [])
    return [evidence.row(TABLES[fact[0]], fact) for fact in facts]


def as_text(row: evidence.Row) -> str:
    return " ".join(
        found.isoformat() if isinstance(found, date) else str(found) for found in row.values()
    )


@pytest.mark.parametrize("cell", CELLS)
def test_dates_and_numbers_come_from_the_rows_that_the_cell_lists(cell: dict[str, Any]) -> None:
    prose = invented(text(cell))
    recorded = " ".join(as_text(row) for row in rows(cell))

    assert days(prose) <= days(recorded)
    assert numbers(prose) <= numbers(recorded)


def test_a_changed_date_would_be_noticed() -> None:
    cell = {"metadata": {"volens": {"facts": ["K25"]}}, "source": ["164 on 8 January 2022."]}
    with pytest.raises(AssertionError):
        test_dates_and_numbers_come_from_the_rows_that_the_cell_lists(cell)


def test_a_changed_number_would_be_noticed() -> None:
    cell = {"metadata": {"volens": {"facts": ["K25"]}}, "source": ["165 on 9 January 2022."]}
    with pytest.raises(AssertionError):
        test_dates_and_numbers_come_from_the_rows_that_the_cell_lists(cell)
