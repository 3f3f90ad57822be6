"""The same tables as pandas frames, for lessons.

Each function takes row ids, or nothing for all rows, and returns a frame whose
index is the row's id. Text stays text and an empty cell is missing.

Examples
--------
>>> from volens import tables
>>> tables.claims("C004", "C013")["date"].tolist()
['2022-01-05', '2022-01-06']
"""

from __future__ import annotations

import pandas as pd

from volens import evidence

__all__ = [
    "casualties",
    "claim_codes",
    "claims",
    "figures",
    "frame",
    "sources",
    "statements",
    "timeline",
]


def frame(name: str, *ids: str) -> pd.DataFrame:
    """Return a table, or some of its rows in the order asked for.

    Parameters
    ----------
    name
        A name out of :func:`volens.evidence.table_names`.
    ids
        Row ids; none at all means every row.

    Raises
    ------
    UnknownTableError
        If there is no such table.
    UnknownRowError
        If the table has no such row.
    """
    described = evidence.table(name)
    chosen = [evidence.row(name, key) for key in ids] if ids else evidence.rows(name)
    columns = [column.name for column in described.columns]
    result = pd.DataFrame([dict(line) for line in chosen], columns=columns)
    return result.set_index(described.key) if described.key else result


def casualties(*ids: str) -> pd.DataFrame:
    """Return announced numbers of dead, injured and detained, by the day of announcement."""
    return frame("casualties", *ids)


def claim_codes(*ids: str) -> pd.DataFrame:
    """Return the purposes and criticisms by which claims are coded."""
    return frame("claim_codes", *ids)


def claims(*ids: str) -> pd.DataFrame:
    """Return who claimed what about the intervention, when, and in which words."""
    return frame("claims", *ids)


def figures(*ids: str) -> pd.DataFrame:
    """Return announced numbers other than the toll: damage, troops, votes, clock stamps."""
    return frame("figures", *ids)


def sources(*ids: str) -> pd.DataFrame:
    """Return the bibliography."""
    return frame("sources", *ids)


def statements(*ids: str) -> pd.DataFrame:
    """Return what the five accounts say, statement by statement, and how it fares on the record."""
    return frame("statements", *ids)


def timeline(*ids: str) -> pd.DataFrame:
    """Return what happened when, with conflicting versions kept."""
    return frame("timeline", *ids)
