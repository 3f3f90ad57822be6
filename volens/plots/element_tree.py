"""An opinion as a tree: the verdict, the two titles, and the elements that were asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from volens import positions as views
from volens.logic import MET, NOT_MET, UNCLEAR, Value
from volens.opinions import SIGNS, Shown, in_words, shown
from volens.opinions.words import BESIDE, subject
from volens.plots.figure import Figure, render
from volens.positions import OTHER_TITLES
from volens.reasoning.judging import Opinion, Step

if TYPE_CHECKING:
    import networkx as nx
    from matplotlib.axes import Axes

__all__ = ["element_tree"]

_INK = "#1f3a5f"
_PALE = "#c8d0da"
_VERDICT, _CONSENT, _ANOTHER, _BESIDE = "Verdict", "Consent", "Another title", "Beside it"
#: The form and the fill of a mark; neither is needed where the sign in it can be read.
_MARKS = {MET: ("o", _INK), UNCLEAR: ("D", "white"), NOT_MET: ("s", _PALE), None: ("o", "white")}
_RANK = (NOT_MET, UNCLEAR, MET)
_LEVELS = {_VERDICT: 0.0, _CONSENT: 1.0, _ANOTHER: 1.0, _BESIDE: 1.0}
_LEAF = 1.95


def element_tree(opinion: Opinion | Shown) -> Figure:
    """Draw what a position asked, and what was answered, as a tree.

    Parameters
    ----------
    opinion
        What :func:`volens.opinions.assess` or :func:`volens.reasoning.assess` returned.

    Returns
    -------
    A figure with the verdict at the root, consent and another title as branches, and the
    elements as leaves. A dark circle is met, a grey square not met, a white diamond unclear,
    a white circle does not apply; the mark's sign and words say the same. What is never set
    off against the title hangs on no branch of the verdict.

    Raises
    ------
    UnknownCaseError
        If an opinion names a case that is not among the data: then hand over
        ``shown(opinion, case)``.

    Examples
    --------
    >>> from volens.opinions import assess
    >>> element_tree(assess("mali-2013", "free-consent")).columns[:2]
    ('Branch', 'Element')
    """
    from matplotlib.figure import Figure as Drawing  # noqa: PLC0415 (heavy)

    this = shown(opinion)
    judged = this.opinion
    branches = _branches(judged)
    height = sum(len(steps) for steps in branches.values()) + len(branches)
    drawing = Drawing(figsize=(7.5, 0.5 + 0.4 * height), layout="constrained")
    _draw(drawing.subplots(), branches, judged.verdict)
    view = views.position(judged.position)
    asked = subject(this.record, judged.act) if judged.act else this.record.title
    return Figure(
        svg=render(drawing),
        alternative=_in_words(branches, judged, view.name),
        caption=f'{asked}, on "{view.name}" ({view.ref}) as stipulated here; '
        f'{judged.standard.in_words()}. "Met" favours the intervener. Data: findings of the case.',
        columns=("Branch", "Element", "Answer", "Why unclear", "Settled by"),
        rows=tuple(
            (branch, _name(step), in_words(step.value), step.why, step.settled_by)
            for branch, steps in branches.items()
            for step in steps
        ),
    )


def _branches(opinion: Opinion) -> dict[str, tuple[Step, ...]]:
    return {
        _CONSENT: tuple(step for step in opinion.steps if step.element != OTHER_TITLES),
        _ANOTHER: (opinion.step(OTHER_TITLES),),
        _BESIDE: opinion.parallel,
    }


def _name(step: Step) -> str:
    return views.element(step.element).name


def _weakest(steps: Sequence[Step]) -> Value | None:
    """Return the answer of a branch, each of whose elements must be met."""
    values = [step.value for step in steps if step.value is not None]
    return min(values, key=_RANK.index, default=None)


def _signed(value: Value | None) -> str:
    return f"{SIGNS[value]} {in_words(value)}"


def _tree(branches: dict[str, tuple[Step, ...]]) -> nx.DiGraph:
    """Return the tree; each node has its place, each leaf its step."""
    import networkx as nx  # noqa: PLC0415 (heavy)

    tree = nx.DiGraph()
    place = 0.0
    for branch, steps in branches.items():
        first = place
        for step in steps:
            tree.add_node(step.element, at=(_LEAF, -place), step=step)
            tree.add_edge(branch, step.element)
            place += 1
        tree.add_node(branch, at=(_LEVELS[branch], -(first + place - 1) / 2))
        place += 0.9 if branch == _ANOTHER else 0.5
    titles = [tree.nodes[branch]["at"][1] for branch in (_CONSENT, _ANOTHER)]
    tree.add_node(_VERDICT, at=(_LEVELS[_VERDICT], sum(titles) / len(titles)))
    tree.add_edges_from((_VERDICT, branch) for branch in (_CONSENT, _ANOTHER))
    return tree


def _draw(panel: Axes, branches: dict[str, tuple[Step, ...]], verdict: str) -> None:
    import networkx as nx  # noqa: PLC0415 (heavy)

    tree = _tree(branches)
    places = nx.get_node_attributes(tree, "at")
    for start, end in tree.edges:
        (x, y), (to_x, to_y) = places[start], places[end]
        elbow = to_x - (0.5 if start == _VERDICT else 0.28)
        panel.plot(
            [x, elbow, elbow, to_x],
            [y, y, to_y, to_y],
            color=_INK,
            linewidth=1,
            linestyle=":" if start == _BESIDE else "-",
            zorder=1,
        )
    for step in nx.get_node_attributes(tree, "step").values():
        _draw_leaf(panel, places[step.element], step)
    _box(panel, places[_VERDICT], f"Verdict:\n{verdict}", weight="bold")
    for branch in (_CONSENT, _ANOTHER):
        _box(panel, places[branch], f"{branch}\n{_signed(_weakest(branches[branch]))}")
    _box(panel, places[_BESIDE], f"{_BESIDE}, never set off\nagainst the title", line=":")
    panel.set_xlim(-0.42, 4.95)
    panel.set_ylim(min(y for _, y in places.values()) - 0.6, 0.6)
    panel.set_axis_off()


def _draw_leaf(panel: Axes, place: tuple[float, float], step: Step) -> None:
    x, y = place
    form, fill = _MARKS[step.value]
    panel.plot(x, y, form, color=fill, markeredgecolor=_INK, markersize=13, zorder=2)
    panel.text(
        x,
        y,
        SIGNS[step.value],
        color="white" if step.value is MET else "black",
        ha="center",
        va="center_baseline",
        fontsize=9,
        fontweight="bold",
        zorder=3,
    )
    panel.text(x + 0.16, y + 0.03, _name(step), va="bottom", fontsize=9)
    panel.text(x + 0.16, y - 0.03, _answer(step), va="top", fontsize=8, fontstyle="italic")


def _answer(step: Step) -> str:
    words = _signed(step.value)
    if step.settled_by:
        return f"{words} by a {step.settled_by}; on the record unclear: {step.why}"
    return f"{words}: {step.why}" if step.why else words


def _box(
    panel: Axes, place: tuple[float, float], text: str, *, weight: str = "normal", line: str = "-"
) -> None:
    panel.text(
        *place,
        text,
        ha="center",
        va="center",
        fontsize=9,
        fontweight=weight,
        linespacing=1.4,
        bbox={
            "boxstyle": "round,pad=0.45",
            "facecolor": "white",
            "edgecolor": _INK,
            "linestyle": line,
        },
        zorder=3,
    )


def _in_words(branches: dict[str, tuple[Step, ...]], opinion: Opinion, view: str) -> str:
    consent = branches[_CONSENT]
    texts = []
    for value in (MET, NOT_MET, UNCLEAR, None):
        names = [_name(step) for step in consent if step.value is value]
        if names:
            texts.append(f"{in_words(value)}: {', '.join(names)}")
    beside = "; ".join(f"{_name(step)}: {in_words(step.value)}" for step in branches[_BESIDE])
    return (
        f'On "{view}", as stipulated here, the verdict is {opinion.verdict}. '
        f"Of {len(consent)} elements of consent these are {'; '.join(texts)}. "
        f"Another title: {in_words(branches[_ANOTHER][0].value)}. "
        f"{BESIDE}: {beside}."
    )
