"""The same tables as pandas frames, for lessons.

Each function takes row ids, or nothing for all rows, and returns a frame whose
index is the row's id: one line a row, one column for each of the codebook's. What
the columns hold is in ``docs/codebook.md``; which types they have, under :func:`frame`.
An empty cell is missing.

Examples
--------
>>> from volens import tables
>>> tables.claims("C004", "C013")["date"].tolist()
['2022-01-05', '2022-01-06']
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from volens import codebook, evidence
from volens.codebook import COURSE_CASE, Column

__all__ = [
    "arguments",
    "authorities",
    "casualties",
    "claim_codes",
    "claims",
    "conclusions",
    "conflict_versions",
    "conflicts",
    "contingents",
    "excluded",
    "figures",
    "frame",
    "glossary",
    "incident_documents",
    "incident_purposes",
    "incidents",
    "misconceptions",
    "sources",
    "statements",
    "timeline",
]


_TYPES = {"integer": "Int64", "number": "Float64", "boolean": "boolean"}


def frame(name: str, *ids: str, case: str = COURSE_CASE) -> pd.DataFrame:
    """Return a table, or some of its rows in the order asked for.

    Parameters
    ----------
    name
        A name out of :func:`volens.codebook.table_names`.
    ids
        Row ids; none at all means every row.
    case
        Whose table, for a table that every case has.

    Returns
    -------
    One line for each row, with the row's id as index, and one column for each column
    of the codebook. Days are ``datetime64``, instants ``datetime64`` by UTC, columns
    with a closed list of values categorical, numbers and truth values nullable
    (``Int64``, ``Float64``, ``boolean``), everything else ``string``. A date of which
    only month or year is known makes its whole column text. The frame is made anew
    for each caller.

    Raises
    ------
    UnknownTableError
        If there is no such table.
    UnknownRowError
        If the table has no such row.
    """
    described = codebook.table(name)
    lines = (
        [evidence.row(name, key, case=case) for key in ids]
        if ids
        else evidence.rows(name, case=case)
    )
    result = pd.DataFrame(
        {
            column.name: _series([line[column.name] for line in lines], column)
            for column in described.columns
        }
    )
    return result.set_index(described.key) if described.key else result


def _series(cells: Sequence[Any], column: Column) -> pd.Series[Any]:
    if column.kind in ("date", "datetime"):
        found = pd.Series(list(cells), dtype="object")
        return pd.Series(pd.to_datetime(found, utc=column.kind == "datetime"))
    if column.choices:
        return pd.Series(pd.Categorical(list(cells), categories=list(column.choices)))
    return pd.Series(list(cells), dtype=_TYPES.get(column.kind, "string"))


def arguments(*ids: str, case: str = COURSE_CASE) -> pd.DataFrame:
    """Return what the accounts argue, ask and complain of, and which lesson takes it up."""
    return frame("arguments", *ids, case=case)


def authorities(*ids: str) -> pd.DataFrame:
    """Return the provisions and paragraphs on which the law rests, and whether each was read."""
    return frame("authorities", *ids)


def casualties(*ids: str, case: str = COURSE_CASE) -> pd.DataFrame:
    """Return announced numbers of dead, injured and detained, by the day of announcement."""
    return frame("casualties", *ids, case=case)


def claim_codes(*ids: str) -> pd.DataFrame:
    """Return the purposes and criticisms by which claims are coded."""
    return frame("claim_codes", *ids)


def claims(*ids: str, case: str = COURSE_CASE) -> pd.DataFrame:
    """Return who claimed what about the intervention, when, to whom and in which words."""
    return frame("claims", *ids, case=case)


def conclusions(*ids: str, case: str = COURSE_CASE) -> pd.DataFrame:
    """Return what authors and organs concluded on the case in law."""
    return frame("conclusions", *ids, case=case)


def conflict_versions(*ids: str, case: str = COURSE_CASE) -> pd.DataFrame:
    """Return each version of each contradiction, and who tells it so."""
    return frame("conflict_versions", *ids, case=case)


def conflicts(*ids: str, case: str = COURSE_CASE) -> pd.DataFrame:
    """Return the contradictions between sources, and what the record supports."""
    return frame("conflicts", *ids, case=case)


def contingents(*ids: str, case: str = COURSE_CASE) -> pd.DataFrame:
    """Return what is known of the troops of each State: numbers, arrival, tasks, departure."""
    return frame("contingents", *ids, case=case)


def excluded(*ids: str) -> pd.DataFrame:
    """Return the cases that are not among the incidents, with the reason."""
    return frame("excluded", *ids)


def figures(*ids: str, case: str = COURSE_CASE) -> pd.DataFrame:
    """Return announced numbers other than the toll: damage, troops, votes, clock stamps."""
    return frame("figures", *ids, case=case)


def glossary(*ids: str) -> pd.DataFrame:
    """Return the terms of the field, with French and Russian words where they are established."""
    return frame("glossary", *ids)


def incident_documents(*ids: str) -> pd.DataFrame:
    """Return the United Nations documents on the incidents, and whether each was seen."""
    return frame("incident_documents", *ids)


def incident_purposes(*ids: str) -> pd.DataFrame:
    """Return which purpose was stated in which incident, and by whom."""
    return frame("incident_purposes", *ids)


def incidents(*ids: str) -> pd.DataFrame:
    """Return the incidents of intervention by invitation since 1990, and a few before."""
    return frame("incidents", *ids)


def misconceptions(*ids: str) -> pd.DataFrame:
    """Return beliefs that students bring, and what is to be said of each."""
    return frame("misconceptions", *ids)


def sources(*ids: str) -> pd.DataFrame:
    """Return the bibliography, with how much of each source was read."""
    return frame("sources", *ids)


def statements(*ids: str, case: str = COURSE_CASE) -> pd.DataFrame:
    """Return what the five accounts say, statement by statement, and how it fares on the record."""
    return frame("statements", *ids, case=case)


def timeline(*ids: str, case: str = COURSE_CASE) -> pd.DataFrame:
    """Return what happened when, as intervals by UTC, with conflicting versions kept."""
    return frame("timeline", *ids, case=case)
