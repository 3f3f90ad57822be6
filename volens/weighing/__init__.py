"""A student's weighing: for each purpose and principle a stance, a reason, a hinge and a source.

Weighing is not arithmetic. A cell says how a purpose stands to a principle, why, on what
that rests, and on which finding it hinges. Nothing is added up: what is computed is
structure, namely which cells conflict, what they lack, which constraints of the chosen
position they meet, and on which findings the verdict hinges. Consent is a precondition and
not a principle to weigh, so it has no cells.

Examples
--------
>>> empty = Weighing("kazakhstan-2022", position="purpose-based")
>>> first = empty.set(
...     "counter-terrorism", "human-rights", Entry("tension", "The label widens powers.", "")
... )
>>> len(empty.cells), len(first.cells)
(0, 1)
>>> print(first.unsupported()[0])
Counter terrorism and human rights: a reason of 4 words (15 are needed) and no hinge.
>>> [one.reach for one in standings("purpose-based") if one.principle == "human-rights"]
['beside']
"""

from volens.weighing.board import SCHEMA, VERSION, Weighing
from volens.weighing.cautions import Comparison, additive_bias, compare_with, differences
from volens.weighing.cells import (
    LABELS,
    OWN,
    STANCES,
    WORDS,
    Conflict,
    Entry,
    Unsupported,
    columns,
    in_words,
    inline,
    key,
    quoted,
)
from volens.weighing.grounds import Ground, grounds
from volens.weighing.judged import Judged
from volens.weighing.locks import Standing, choices, standing, standings
from volens.weighing.memo import memo
from volens.weighing.readings import Point
from volens.weighing.review import Review, review_board
from volens.weighing.sections import Precondition, Section, precondition, sections, stand

__all__ = [
    "LABELS",
    "OWN",
    "SCHEMA",
    "STANCES",
    "VERSION",
    "WORDS",
    "Comparison",
    "Conflict",
    "Entry",
    "Ground",
    "Judged",
    "Point",
    "Precondition",
    "Review",
    "Section",
    "Standing",
    "Unsupported",
    "Weighing",
    "additive_bias",
    "choices",
    "columns",
    "compare_with",
    "differences",
    "grounds",
    "in_words",
    "inline",
    "key",
    "memo",
    "precondition",
    "quoted",
    "review_board",
    "sections",
    "stand",
    "standing",
    "standings",
]
