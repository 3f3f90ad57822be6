"""Pictures and widgets as plain data, so that a test can read what they show.

A picture of matplotlib, or one of its axes, is read for what a reader sees: titles, the
data drawn, and the words beside them. Of a picture of :mod:`volens.plots` the caption, the
text alternative and the table are read; of a widget its value.

Nothing is imported for this: an object can only be of a class of matplotlib or ipywidgets
where the student's notebook has imported that library already.

Examples
--------
What a test reads from ``figure, axes = plt.subplots()``, ``axes.plot([1, 2], [8, 18])``::

    {
        "figure": "",
        "axes": [
            {
                "title": "", "x_label": "", "y_label": "",
                "lines": [{"label": "", "x": [1, 2], "y": [8, 18]}],
                "bars": [], "points": [], "texts": [], "legend": [],
                "x_ticks": ["1.0", ...], "y_ticks": ["8", ...],
            }
        ],
    }

Each of ``bars`` is one call of ``bar`` or ``barh``: ``label``, ``direction`` (``vertical``
or ``horizontal``), ``at`` (the middle of each bar), ``start`` and ``length``; with bars
that have names, these are the words of the ticks. Each of ``points`` is one ``scatter``:
``label``, ``x``, ``y``. A label that nobody gave is empty. Other kinds of drawing are not
read.

A picture of the course is ``{"figure": caption, "alternative": ..., "columns": [...],
"rows": [[...], ...]}``. A widget is ``{"widget": "weighing-board", "value": {...}}``, with
the kind of a widget of the course, or the name of the class of any other.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

__all__ = ["of", "plain_array"]


def of(value: Any) -> dict[str, Any] | None:  # noqa: ANN401 (any object a student may have)
    """Return a picture or a widget as a dictionary.

    Parameters
    ----------
    value
        Any object.

    Returns
    -------
    ``None`` where it is neither. What the dictionary holds may be no plain data yet.

    Examples
    --------
    >>> of("a text") is None
    True
    """
    for module, name, read in _READERS:
        known = getattr(sys.modules.get(module), name, None)
        if isinstance(known, type) and issubclass(type(value), known):
            return read(value)
    return None


def plain_array(array: Any) -> Any:  # noqa: ANN401 (a number or an array of numpy)
    """Return a number or an array of numpy as Python's own; moments become dates and times."""
    if array.dtype.kind == "M":
        # From nanoseconds, numpy would give bare numbers.
        array = array.astype("datetime64[us]")
    elif array.dtype.kind == "f":
        array = array.astype(float)
    return array.tolist()


def _course_figure(figure: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "figure": figure.caption,
        "alternative": figure.alternative,
        "columns": list(figure.columns),
        "rows": [list(row) for row in figure.rows],
    }


def _figure(figure: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"figure": figure.get_suptitle(), "axes": [_axes(axes) for axes in figure.axes]}


def _axes(axes: Any) -> dict[str, Any]:  # noqa: ANN401
    legend = axes.get_legend()
    return {
        "title": axes.get_title(),
        "x_label": axes.get_xlabel(),
        "y_label": axes.get_ylabel(),
        "lines": [_line(line) for line in axes.lines],
        "bars": [_bars(bars) for bars in axes.containers if hasattr(bars, "orientation")],
        "points": [_points(points) for points in axes.collections if _is_scatter(points)],
        "texts": _words(axes.texts),
        "legend": _words(legend.get_texts()) if legend else [],
        "x_ticks": _words(axes.get_xticklabels()),
        "y_ticks": _words(axes.get_yticklabels()),
    }


def _line(line: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "label": _label(line),
        "x": _numbers(line.get_xdata(orig=True)),
        "y": _numbers(line.get_ydata(orig=True)),
    }


def _bars(bars: Any) -> dict[str, Any]:  # noqa: ANN401
    boxes = [(bar.get_x(), bar.get_y(), bar.get_width(), bar.get_height()) for bar in bars.patches]
    if bars.orientation == "horizontal":
        boxes = [(y, x, height, width) for x, y, width, height in boxes]
    return {
        "label": _label(bars),
        "direction": bars.orientation,
        "at": [place + thickness / 2 for place, _, thickness, _ in boxes],
        "start": [start for _, start, _, _ in boxes],
        "length": [length for _, _, _, length in boxes],
    }


def _is_scatter(collection: Any) -> bool:  # noqa: ANN401
    known = getattr(sys.modules.get("matplotlib.collections"), "PathCollection", None)
    return known is not None and issubclass(type(collection), known)


def _points(points: Any) -> dict[str, Any]:  # noqa: ANN401
    places = plain_array(points.get_offsets())
    return {
        "label": _label(points),
        "x": [x for x, _ in places],
        "y": [y for _, y in places],
    }


def _numbers(series: Any) -> Any:  # noqa: ANN401
    """Return what was drawn: an array, a column of pandas, a list, or one number."""
    array = series.to_numpy() if hasattr(series, "to_numpy") else series
    return plain_array(array) if hasattr(array, "dtype") else list(array)


def _label(artist: Any) -> str:  # noqa: ANN401
    """Return a label that somebody gave; matplotlib's own begin with an underscore."""
    label = str(artist.get_label() or "")
    return "" if label.startswith("_") else label


def _words(texts: Any) -> list[str]:  # noqa: ANN401
    return [text.get_text() for text in texts]


def _widget(widget: Any) -> dict[str, Any] | None:  # noqa: ANN401
    if not widget.has_trait("value"):
        return None
    kind = getattr(widget, "kind", None)
    return {
        "widget": kind if isinstance(kind, str) and kind else type(widget).__name__,
        "value": widget.value,
    }


_READERS: tuple[tuple[str, str, Callable[[Any], dict[str, Any] | None]], ...] = (
    ("volens.plots.figure", "Figure", _course_figure),
    ("matplotlib.figure", "FigureBase", _figure),
    ("matplotlib.axes", "Axes", _axes),
    ("ipywidgets", "Widget", _widget),
)
