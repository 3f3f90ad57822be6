"""Legal positions as small programs whose every step shows its authority.

``assess`` judges a case, or one act of it, on a position; ``compare`` puts the
positions side by side; ``pivotal`` and ``sensitivity`` ask which facts would change
the answer; ``symmetry`` asks whether two cases are judged alike. Pure functions: what
they know is in the data.
"""

from volens.reasoning.judging import Opinion, Step, assess, assess_acts, compare
from volens.reasoning.pivots import (
    Difference,
    Flip,
    Sensitivity,
    pivotal,
    sensitivity,
    symmetry,
)
from volens.reasoning.standards import Standard

__all__ = [
    "Difference",
    "Flip",
    "Opinion",
    "Sensitivity",
    "Standard",
    "Step",
    "assess",
    "assess_acts",
    "compare",
    "pivotal",
    "sensitivity",
    "symmetry",
]
