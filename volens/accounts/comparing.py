"""A student's class beside that of the record."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from volens.accounts.matters import Item

__all__ = ["LOOK", "quoted", "remark"]

#: What to look at next, by the class that the record has; two classes need more than that.
LOOK: Mapping[str, str] = MappingProxyType(
    {
        "corroborated": "Look at the sources that bear it out.",
        "loosely": "It is put loosely, though: look at the correction.",
        "said": "That it was said is confirmed. Whether it is true is another question.",
        "contradicted": "Look at the words of the correction.",
        "uncorroborated": "Not shown is not the same as false.",
        "opinion": "Ask on what it rests, and for whom it speaks.",
        "settled": "Look at which source decides.",
        "leans": "Look at the gap that is left.",
        "open": "Look at what is missing, or at the position of law on which it turns.",
    }
)


def remark(item: Item, choice: str) -> str:
    """Return what is to be said of a student's class, beside that of the record.

    Parameters
    ----------
    item
        What was classed.
    choice
        The student's class, one of ``item.choices``.

    Examples
    --------
    >>> from volens.accounts import dossier
    >>> procedure = dossier("kazakhstan-2022", "Q06").items[-1]
    >>> print(remark(procedure, "settled"))
    The record leaves this open (confidence: medium). It reads it as "open", and you as \
"settled": say in your reason what yours rests on.
    """
    record = item.record
    theirs, mine = quoted(item, record.choice), quoted(item, choice)
    if not record.key:
        opening = f"The record leaves this open ({record.doubt}). It reads it as {theirs}, "
        if record.choice == choice:
            return f"{opening}as you do; that is one reading among possible ones."
        return f"{opening}and you as {mine}: say in your reason what yours rests on."
    if record.choice == choice:
        return f"You and the record agree: {theirs}. {_look(item)}"
    return f"The record says {theirs}, and you say {mine}. {_look(item)}"


def quoted(item: Item, choice: str) -> str:
    """Return a class as a sentence has it, in quotation marks.

    Examples
    --------
    >>> from volens.accounts import dossier
    >>> quoted(dossier("kazakhstan-2022", "Q01").items[0], "corroborated")
    '"borne out"'
    """
    return f'"{item.choices[choice].name}"'


def _look(item: Item) -> str:
    record = item.record
    if record.choice == "corroborated" and record.says:
        return LOOK["loosely"]
    if record.choice == "corroborated" and record.sort == "quotation-phrase":
        return LOOK["said"]
    return LOOK[record.choice]
