"""Small pieces of HTML that several rooms show."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

__all__ = ["table"]

# JupyterLab sets cells to the right, which suits numbers only, and captions in the middle.
_LEFT = 'style="text-align: left; vertical-align: top"'


def table(caption: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a table with a caption and named columns.

    Parameters
    ----------
    caption
        What the table shows; a screen reader reads it first.
    columns
        The names of the columns.
    rows
        The cells; each row has as many as there are columns. Several texts in one cell,
        as a tuple, are a list.

    Examples
    --------
    >>> "69</td>" in table("Votes", ["For"], [[69]])
    True
    """
    head = "".join(f'<th scope="col" {_LEFT}>{escape(name)}</th>' for name in columns)
    body = "".join(
        "<tr>" + "".join(f"<td {_LEFT}>{_cell(cell)}</td>" for cell in row) + "</tr>"
        for row in rows
    )
    return (
        f"<table><caption {_LEFT}>{escape(caption)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _cell(cell: object) -> str:
    if not isinstance(cell, tuple):
        return escape(str(cell))
    items = "".join(f"<li>{escape(str(one))}</li>" for one in cell)
    return f'<ul style="margin: 0; padding-left: 1.2em">{items}</ul>'
