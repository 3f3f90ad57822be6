"""A coder's codes: for each claim who speaks, on what the claim rests, and its purposes.

To code is to read. Two coders may both be honest and differ; what is computed here is
where they differ, claim by claim and field by field, and how often they do not. A code
counts in a comparison as it stood before the other's code was seen.

Examples
--------
>>> mine = Coding("kazakhstan-2022").set(
...     "C004", Code("intervening-state", "limit", ("not-taking-sides",))
... )
>>> for row in differences(mine, reference("kazakhstan-2022")):
...     print(row)
C004 (Peskov, spokesman of the President of Russia), purposes: "not taking sides; leaving \
internal matters to the people" against "not taking sides; leaving internal matters to the \
people" and "criticism: no external attack, internal matter".
>>> print(share(mine, reference("kazakhstan-2022"), "speaker"))
1 of 1
"""

from volens.coding.codes import Code
from volens.coding.codings import SCHEMA, VERSION, Coding, main_purpose, reference
from volens.coding.comparing import Difference, Share, differences, pairs, share
from volens.coding.sampling import EIGHT, SAMPLES, claims, is_key, sample
from volens.coding.vocabulary import (
    BASES,
    CANNOT,
    FIELDS,
    SPEAKERS,
    basis_of,
    in_words,
    purposes,
)

__all__ = [
    "BASES",
    "CANNOT",
    "EIGHT",
    "FIELDS",
    "SAMPLES",
    "SCHEMA",
    "SPEAKERS",
    "VERSION",
    "Code",
    "Coding",
    "Difference",
    "Share",
    "basis_of",
    "claims",
    "differences",
    "in_words",
    "is_key",
    "main_purpose",
    "pairs",
    "purposes",
    "reference",
    "sample",
    "share",
]
