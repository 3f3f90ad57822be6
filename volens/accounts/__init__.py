"""Accounts of one matter side by side, and how a student classes what they say.

A dossier is one point that is told in more than one way. What an account says is classed by
the student first, with a reason; then it is laid beside what the record says. Only where the
record's own class is firm is it a key. Elsewhere it is a reading, and so is the student's.

Examples
--------
>>> words = dossier("kazakhstan-2022", "Q01")
>>> [account.told_by for account in words.accounts][:3]
['Hasar (Opinio Juris)', 'Rowles (Trenchant Observer)', 'JAMnews']
>>> words.accounts[4].original, words.accounts[4].language
('вмешательство извне', 'ru')
>>> print(words.items[0].told_by, "|", words.items[0].words)
Hasar (Opinio Juris) | Statement of 6 January: threat caused, among other things, by \
aggression from outside
>>> print(remark(words.items[0], "corroborated"))
The record says "contradicted", and you say "borne out". Look at the words of the correction.
"""

from volens.accounts.classes import SETTLED, SORTS, STATUSES, Choice
from volens.accounts.classing import WORDS, Classing
from volens.accounts.comparing import LOOK, remark
from volens.accounts.compiling import dossier, dossiers
from volens.accounts.desk import SCHEMA, VERSION, Desk
from volens.accounts.matters import WHOLE, Account, Dossier, Item, Record

__all__ = [
    "LOOK",
    "SCHEMA",
    "SETTLED",
    "SORTS",
    "STATUSES",
    "VERSION",
    "WHOLE",
    "WORDS",
    "Account",
    "Choice",
    "Classing",
    "Desk",
    "Dossier",
    "Item",
    "Record",
    "dossier",
    "dossiers",
    "remark",
]
