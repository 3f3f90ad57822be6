"""A picture and the same content in words, kept together until the page.

JupyterLab and nbconvert both drop the text alternative of an ordinary
matplotlib output. A figure here is therefore emitted as HTML: ``<figure>`` with
``<img alt>``, a caption, and the data as a table.
"""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from volens.pages import table

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawing

__all__ = ["Figure", "render", "show"]

# Fixed, so that the same data give the same file, byte for byte.
_SVG_METADATA = {"Date": None, "Creator": None}
_SVG_SALT = "volens"


@dataclass(frozen=True)
class Figure:
    """A drawing with its text alternative.

    Attributes
    ----------
    svg
        The drawing, as SVG text; :func:`render` makes it.
    alternative
        What a reader who does not see the drawing needs to know, in one to three sentences.
    caption
        One line under the drawing; it names the source of the data.
    columns, rows
        The data drawn, as a table.
    """

    svg: str
    alternative: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]

    def __repr__(self) -> str:
        return f"{self.caption}\n{self.alternative}"

    def to_html(self) -> str:
        """Return a ``<figure>`` that keeps the text alternative wherever it goes."""
        image = base64.b64encode(self.svg.encode()).decode()
        return (
            '<figure style="margin: 0">'
            f'<img alt="{escape(self.alternative)}" src="data:image/svg+xml;base64,{image}" '
            'style="max-width: 100%; height: auto; background: white">'
            f"<figcaption>{escape(self.caption)}</figcaption>"
            "<details><summary>The same as a table</summary>"
            f"{table(self.caption, self.columns, self.rows)}</details></figure>"
        )

    def save(self, file: Path) -> None:
        """Write a page with the drawing and its text alternative.

        Parameters
        ----------
        file
            Where to; a name that ends in ``.html``.
        """
        file.write_text(
            '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width">'
            f"<title>{escape(self.caption)}</title></head>"
            f"<body>{self.to_html()}</body></html>\n",
            encoding="utf-8",
        )


def render(drawing: Drawing) -> str:
    """Return a matplotlib figure as SVG text, the same for the same data.

    Call it once for each drawing: drawing again moves a constrained layout.
    """
    import matplotlib as mpl  # noqa: PLC0415 (heavy, and only needed here)

    buffer = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": _SVG_SALT}):
        drawing.savefig(buffer, format="svg", metadata=_SVG_METADATA)
    return buffer.getvalue()


def show(figure: Figure) -> None:
    """Show a figure in a notebook, with its text alternative.

    Parameters
    ----------
    figure
        What a function of :mod:`volens.plots` returned.
    """
    from IPython.display import display  # noqa: PLC0415 (only in a notebook)

    display({"text/html": figure.to_html(), "text/plain": repr(figure)}, raw=True)
