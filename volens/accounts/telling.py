"""A student's source criticism as text, with the record where it was seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from volens import cases
from volens.accounts.classes import SORTS
from volens.accounts.classing import Classing
from volens.accounts.comparing import quoted, remark
from volens.accounts.compiling import dossiers
from volens.accounts.matters import Item
from volens.references import reference
from volens.wording import sentence

__all__ = ["memo"]


def memo(case: str, entries: Mapping[str, Classing]) -> str:
    """Return classings as text: those that were compared have the record beside them.

    Parameters
    ----------
    case
        The id of the case.
    entries
        The name of an item to its classing.

    Examples
    --------
    >>> print(memo("kazakhstan-2022", {"Q01|F049": Classing("contradicted")}).splitlines()[-1])
    - I judge it "contradicted". [reason to be given]
    """
    return "\n".join(_lines(case, entries)) + "\n"


def _lines(case: str, entries: Mapping[str, Classing]) -> Iterator[str]:
    yield f"# Source criticism: {cases.case(case).title}"
    if not entries:
        yield from ("", "Nothing is judged yet.")
    for one in dossiers(case):
        mine = [item for item in one.items if item.place in entries]
        if mine:
            yield from ("", f"## {one.title}", "", one.about)
        for item in mine:
            yield from ("", f"### {_heading(item)}", "")
            yield from (f"- {line}" for line in _classed(item, entries[item.place]))


def _heading(item: Item) -> str:
    return f"{item.told_by}: {item.words}" if item.told_by else "The dossier as a whole"


def _classed(item: Item, classing: Classing) -> Iterator[str]:
    yield f"I judge it {_in_words(item, classing)}"
    if classing.first is None:
        return
    if classing.revised:
        yield f"Before I saw the record I had: {_in_words(item, classing.first)}"
    if classing.seen:
        others = "1 other entry" if classing.seen == 1 else f"{classing.seen} other entries"
        yield f"When I first compared, I had seen the record of {others} of this dossier."
    record = item.record
    doubt = f" ({record.doubt})" if record.doubt else ""
    says = f"The record: {quoted(item, record.choice)}{doubt}."
    yield " ".join((says, *_sentences(record.says, record.note)))
    for name, sources in (("Against it", record.against), ("For it", record.supports)):
        if sources:
            yield f"{name}: {'; '.join(str(reference(source)) for source in sources)}."
    if said := remark(item, classing.choice):
        yield said


def _in_words(item: Item, classing: Classing) -> str:
    choice = quoted(item, classing.choice) if classing.choice else "[judgement to be given]"
    sort = f", a statement of the sort {_sort(classing.sort)}" if classing.sort else ""
    return " ".join(
        (f"{choice}{sort}.", *(_sentences(classing.reason) or ["[reason to be given]"]))
    )


def _sort(sort: str) -> str:
    return f'"{SORTS[sort].name}"'


def _sentences(*texts: str) -> list[str]:
    return [line for text in texts if (line := sentence(text))]
