"""The rows that a cell lists as what it rests on, in ``metadata.volens.facts``."""

from datetime import date
from typing import Any

from volens import evidence

TABLES = {
    "C": "claims",
    "E": "excluded",
    "F": "statements",
    "G": "contingents",
    "K": "casualties",
    "N": "figures",
    "Q": "conflicts",
    "T": "timeline",
    "U": "incident-documents",
}


def row(fact: str) -> evidence.Row:
    """The row that a fact names: ``C009``, or ``authorities:un-charter-51``."""
    table, _, key = fact.rpartition(":")
    return evidence.row(table or TABLES[fact[0]], key)


def listed(cell: dict[str, Any]) -> list[str]:
    """The facts that a cell lists."""
    return list(cell["metadata"].get("volens", {}).get("facts", []))


def as_text(found: evidence.Row) -> str:
    """All that a row says, as one text."""
    return " ".join(
        value.isoformat() if isinstance(value, date) else str(value) for value in found.values()
    )
