"""Pictures of the evidence, each with the same content in words.

Every function returns a :class:`~volens.plots.figure.Figure`; ``vo.show`` puts
it into a notebook together with its text alternative.
"""

from volens.plots.figure import Figure, show
from volens.plots.marks import marks_by_question
from volens.plots.toll import toll_by_announcement

__all__ = ["Figure", "marks_by_question", "show", "toll_by_announcement"]
