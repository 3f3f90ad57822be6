"""Pictures of the evidence, each with the same content in words.

Every function returns a :class:`~volens.plots.figure.Figure`; ``vo.show`` puts
it into a notebook together with its text alternative.
"""

from volens.plots.claims import purposes_by_actor
from volens.plots.element_tree import element_tree
from volens.plots.figure import Figure, show
from volens.plots.figure_life import life_of_the_twenty_thousand
from volens.plots.lanes import timeline_by_actor
from volens.plots.marks import marks_by_question
from volens.plots.practice import purposes_over_time, request_to_arrival
from volens.plots.toll import toll_by_announcement

__all__ = [
    "Figure",
    "element_tree",
    "life_of_the_twenty_thousand",
    "marks_by_question",
    "purposes_by_actor",
    "purposes_over_time",
    "request_to_arrival",
    "show",
    "timeline_by_actor",
    "toll_by_announcement",
]
