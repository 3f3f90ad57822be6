"""The practice of States: incidents of intervention by invitation, filtered and counted.

``ask`` counts the incidents that a ``Query`` lets in, and always says out of how many, what is
missing and what is counted twice; ``incident`` opens one of them; an ``Exploration`` is what a
student set in the practice explorer, which ``asked`` reads from an answer. Words are coded and
not motives: see ``limits``.
"""

from volens.practice.counting import CrossTable, ask, values_of
from volens.practice.episodes import Incident, incident
from volens.practice.explorations import Exploration, asked
from volens.practice.queries import CORE, Query
from volens.practice.telling import limits, sentences
from volens.practice.variables import Variable, variable, variables

__all__ = [
    "CORE",
    "CrossTable",
    "Exploration",
    "Incident",
    "Query",
    "Variable",
    "ask",
    "asked",
    "incident",
    "limits",
    "sentences",
    "values_of",
    "variable",
    "variables",
]
