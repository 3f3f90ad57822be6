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
        The student's class, one of ``item.choices``; empty where it was taken back.

    Examples
    --------
    >>> from volens.accounts import dossier
    >>> procedure = dossier("kazakhstan-2022", "Q06").items[-1]
    >>> print(remark(procedure, "settled"))
    The record has a reading here, but no right answer (confidence: medium). \
It reads it as "open", and you as "settled": say in your reason what yours rests on.
    """
    record = item.record
    # Whatever the confidence, and even where nothing is chosen now: nobody may take it that
    # what was said is thereby true.
    said = LOOK["said"] if _only_said(item) else ""
    if not choice:
        return said
    beside = _beside(item, choice) if record.key else _reading(item, choice)
    return f"{beside} {said}".rstrip()


def _reading(item: Item, choice: str) -> str:
    record = item.record
    opening = f"The record has a reading here, but no right answer ({record.doubt}). "
    opening += f"It reads it as {quoted(item, record.choice)}, "
    if record.choice == choice:
        return f"{opening}as you do; that is one reading among possible ones."
    return f"{opening}and you as {quoted(item, choice)}: say in your reason what yours rests on."


def _beside(item: Item, choice: str) -> str:
    theirs = quoted(item, item.record.choice)
    if item.record.choice == choice:
        return f"You and the record agree: {theirs}. {_look(item)}".rstrip()
    return f"The record says {theirs}, and you say {quoted(item, choice)}. {_look(item)}".rstrip()


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
    return "" if _only_said(item) else LOOK[record.choice]


def _only_said(item: Item) -> bool:
    return item.record.choice == "corroborated" and item.record.reported
