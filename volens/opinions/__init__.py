"""Opinions to read: as text, as a page, as the skeleton of a memo, and as data.

The engine of :mod:`volens.reasoning` judges; here its results get words. In a
notebook ``vo.assess``, ``vo.compare``, ``vo.pivotal``, ``vo.sensitivity`` and
``vo.symmetry`` are the functions of this package: each returns what the engine found,
ready to be shown.

Examples
--------
>>> from volens import opinions
>>> opinion = opinions.assess("mali-2013", "free-consent")
>>> type(opinion.verdict)
<class 'str'>
>>> "as stipulated here" in repr(opinion)
True
"""

from volens.opinions.asking import (
    assess,
    compare,
    pivotal,
    sensitivity,
    symmetry,
    verdicts,
)
from volens.opinions.memo import as_markdown
from volens.opinions.page import as_html
from volens.opinions.plain import as_data
from volens.opinions.showing import Shown, ShownTable, shown
from volens.opinions.text import as_text
from volens.opinions.words import SIGNS, in_words

__all__ = [
    "SIGNS",
    "Shown",
    "ShownTable",
    "as_data",
    "as_html",
    "as_markdown",
    "as_text",
    "assess",
    "compare",
    "in_words",
    "pivotal",
    "sensitivity",
    "shown",
    "symmetry",
    "verdicts",
]
