"""Which actor gave which reasons."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from volens import cases, evidence
from volens.codebook import COURSE_CASE
from volens.plots.figure import Figure, render

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["purposes_by_actor"]

_INK = "#1f3a5f"
_MANY = 3


def purposes_by_actor(*, case: str = COURSE_CASE) -> Figure:
    """Draw how many claims of each actor invoke each purpose to justify the intervention.

    Parameters
    ----------
    case
        Whose claims.

    Returns
    -------
    A figure with one line a purpose and one column an actor. A claim counts for every
    purpose that it invokes, the main one and the others; only claims that justify, or
    accept on conditions, are counted. The number stands in the mark.

    Examples
    --------
    >>> purposes_by_actor().columns[:2]
    ('Purpose', 'Kazakhstan, its government and officials')
    """
    from matplotlib.figure import Figure as Drawing  # noqa: PLC0415 (heavy)

    counts = _counts(case)
    names = {one.id: one.name for one in cases.case(case).actors}
    labels = {row.id: row.label for row in evidence.rows("claim_codes")}
    actors = [key for key in names if any(actor == key for actor, _ in counts)]
    totals = Counter(
        {code: sum(n for (_, c), n in counts.items() if c == code) for _, code in counts}
    )
    codes = [code for code, _ in sorted(totals.items(), key=lambda item: (-item[1], item[0]))]
    table = [[counts[actor, code] for actor in actors] for code in codes]
    drawing = Drawing(
        figsize=(1.5 + 0.75 * len(actors) + 2, 2.6 + 0.36 * len(codes)), layout="constrained"
    )
    _draw(
        drawing.subplots(),
        table,
        [str(labels[code]) for code in codes],
        [names[actor] for actor in actors],
    )
    return Figure(
        svg=render(drawing),
        alternative=_in_words(counts, names, labels),
        caption="Claims that justify the intervention, by purpose and actor. A claim counts for "
        "each purpose that it invokes. Data: table claims.",
        columns=("Purpose", *(names[actor] for actor in actors)),
        rows=tuple((labels[code], *line) for code, line in zip(codes, table, strict=True)),
    )


def _counts(case: str) -> Counter[tuple[str, str]]:
    kinds = {row.id: row.kind for row in evidence.rows("claim_codes")}
    return Counter(
        (str(row.actor), code)
        for row in evidence.rows("claims", case=case)
        if row.stance in ("justify", "conditional")
        for code in (row.purpose, *evidence.items(row.other_purposes))
        if kinds[code] == "purpose"
    )


def _draw(panel: Axes, table: list[list[int]], codes: list[str], actors: list[str]) -> None:
    for y, line in enumerate(table):
        for x, number in enumerate(line):
            if number:
                panel.scatter(
                    x, y, s=150 + 32 * number, color="white", edgecolor=_INK, linewidth=1.5
                )
                panel.annotate(str(number), (x, y), ha="center", va="center", fontsize=9)
    panel.set_xticks(range(len(actors)), [_short(name) for name in actors], rotation=40, ha="left")
    panel.xaxis.tick_top()
    panel.set_yticks(range(len(codes)), codes)
    panel.set_xlim(-0.6, len(actors) - 0.4)
    panel.set_ylim(len(codes) - 0.4, -0.6)
    panel.grid(visible=True, color="#e4e4e4", linewidth=0.6)
    panel.set_axisbelow(True)
    panel.tick_params(length=0)
    panel.spines[["top", "right", "bottom", "left"]].set_visible(False)


def _short(name: str) -> str:
    inside = name[name.find("(") + 1 : name.find(")")] if "(" in name else ""
    return inside or name.split(",", maxsplit=1)[0]


def _in_words(
    counts: Counter[tuple[str, str]], names: dict[str, str], labels: dict[str, str]
) -> str:
    texts, others = [], []
    for actor, name in names.items():
        mine = Counter({labels[code]: n for (who, code), n in counts.items() if who == actor})
        if len(mine) > _MANY:
            first = ", ".join(f"{label} ({n})" for label, n in mine.most_common(_MANY))
            texts.append(f"{_short(name)} gives {len(mine)} purposes, most often {first}")
        elif mine:
            others.append(_short(name))
    return f"{'; '.join(texts)}. At most {_MANY} purposes each: {', '.join(others)}."
