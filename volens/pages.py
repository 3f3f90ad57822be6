"""Small pieces of HTML that several rooms show."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

__all__ = ["table"]

# JupyterLab sets the cells of a table to the right, which suits numbers only.
_LEFT = 'style="text-align: left"'


def table(caption: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a table with a caption and named columns.

    Parameters
    ----------
    caption
        What the table shows; a screen reader reads it first.
    columns
        The names of the columns.
    rows
        The cells; each row has as many as there are columns.

    Examples
    --------
    >>> table("Votes", ["For"], [[69]])[:37]
    '<table><caption>Votes</caption><thead'
    """
    head = "".join(f'<th scope="col" {_LEFT}>{escape(name)}</th>' for name in columns)
    body = "".join(
        "<tr>" + "".join(f"<td {_LEFT}>{escape(str(cell))}</td>" for cell in row) + "</tr>"
        for row in rows
    )
    return (
        f"<table><caption>{escape(caption)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )
