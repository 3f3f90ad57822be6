"""What the board must say of itself: why nothing is added up, and what it cannot settle.

What is counted is counted in the data each time, so that the words change with the data.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from volens import doctrine
from volens.cases import case, case_ids
from volens.weighing.board import Weighing
from volens.weighing.cells import LABELS, columns, inline

__all__ = [
    "CONSENT_FIRST",
    "CRITIQUE",
    "NO_CELL",
    "UNDETERMINED",
    "Comparison",
    "additive_bias",
    "compare_with",
    "differences",
]

CONSENT_FIRST = (
    "Consent comes first. Whether the State, through somebody who could speak for it, freely "
    "consented to this act, in time and within limits, is the precondition of a title by "
    "consent. It is not a column: no reason in a cell replaces it. Another title, such as "
    "self-defence or authorisation by the Security Council, is asked for itself."
)
NO_CELL = "The verdict is computed from the findings. Your cells do not change it."
UNDETERMINED = (
    "Undetermined is a result: on this view, with these settings, the record does not decide, or "
    "the law it needs is disputed."
)
CRITIQUE = (
    "The board shows where views part, and on which facts. It does not settle between them. "
    "Before you conclude, ask what it hides: who drew up its rows and columns, whose claims fill "
    "them, whom the rules serve, and whether you would read the same facts alike with the States "
    "exchanged."
)


class Comparison(NamedTuple):
    """Another case for the same board.

    Attributes
    ----------
    case, title
        Its id and its title.
    purposes
        Names of the purposes that this board weighs and that were stated there too.
    """

    case: str
    title: str
    purposes: tuple[str, ...]


def additive_bias() -> str:
    """Return why nothing on the board is added up, counted in the columns shown.

    Examples
    --------
    >>> additive_bias().endswith("would favour intervention by construction.")
    True
    """
    shown = {column.id for column in columns()}
    cells = Counter(one.stance for one in doctrine.relations() if one.principle in shown)
    return (
        "Nothing is added up: the cells have no common measure, and the course's defaults, which "
        f"presuppose consent, have {cells['supports']} cells in support and {cells['tension']} in "
        "tension. A sum would favour intervention by construction."
    )


def compare_with(weighing: Weighing) -> tuple[Comparison, ...]:
    """Return the other cases for which the same cells can be asked, the nearest first.

    A case is nearer the more of the weighed purposes were stated there.

    Examples
    --------
    >>> "kazakhstan-2022" in [one.case for one in compare_with(Weighing("mali-2013"))]
    True
    """
    weighed = [purpose for purpose, _, _ in weighing.named()]
    found = []
    for key in case_ids():
        other = case(key)
        if key == weighing.case or not other.findings:
            continue
        stated = {aim.id for aim in other.aims}
        names = tuple(dict.fromkeys(one.name for one in weighed if one.id in stated))
        found.append(Comparison(key, other.title, names))
    return tuple(sorted(found, key=lambda one: -len(one.purposes)))


def differences(here: Weighing, there: Weighing) -> tuple[str, ...]:
    """Return the cells that two boards of a student fill otherwise, as questions.

    Parameters
    ----------
    here, there
        Boards for two cases.

    Examples
    --------
    >>> from volens.weighing.cells import Entry
    >>> one = Weighing("mali-2013").set("J01", "HR", Entry("supports"))
    >>> two = Weighing("syria-2015").set("J01", "HR", Entry("tension"))
    >>> print(differences(one, two)[0].split(": ")[0])
    Counter terrorism and human rights
    """
    other = case(there.case).title
    return tuple(
        f"{purpose.name} and {inline(principle.name)}: here {LABELS[entry.stance]}, on your board "
        f"for {other} {LABELS[there.cells[place].stance]}. Which finding makes the difference?"
        for place, (purpose, principle, entry) in zip(here.cells, here.named(), strict=True)
        if place in there.cells and there.cells[place].stance != entry.stance
    )
