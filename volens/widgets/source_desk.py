"""The source desk: accounts of one matter side by side, classed first and compared then.

What a class means, and what the record says, is in :mod:`volens.accounts`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from html import escape
from typing import Any

from volens import accounts, cases, evidence
from volens.accounts import (
    SETTLED,
    SORTS,
    STATUSES,
    WORDS,
    Account,
    Choice,
    Classing,
    Desk,
    Dossier,
    Item,
    Record,
    dossiers,
    remark,
)
from volens.accounts.dating import in_words
from volens.cases import Case
from volens.codebook import COURSE_CASE
from volens.errors import SourceDeskError
from volens.evidence import Row
from volens.pages import table
from volens.references import LANGUAGES, reference
from volens.widgets.base import CourseWidget, script, styles

__all__ = ["SourceDesk", "source_desk"]


class SourceDesk(CourseWidget):
    """The desk as a widget.

    Parameters
    ----------
    case
        The case, or its id.
    value
        What to begin with: plain data as *Copy answer* gives them. Without it the desk begins
        empty, and offers what was kept earlier.
    only
        The ids of the dossiers to show, such as ``("Q01", "Q04")``; none for all of them.
    name
        Under which name the entries are kept; none for that of the kind and the case.

    Raises
    ------
    SourceDeskError
        If the data are not a desk of this case, there is no such dossier, or the case has none.
    """

    kind = "source-desk"
    words = (
        "Read the accounts beside each other, judge how each statement stands, and give a reason. "
        "Then compare with the record."
    )
    _esm = script("source_desk.js")
    _css = styles("source_desk.css")

    def __init__(
        self,
        case: Case | str,
        value: Mapping[str, object] | None = None,
        *,
        only: Sequence[str] = (),
        name: str = "",
    ) -> None:
        self._case = cases.record_of(case)
        self._shown = _shown(self._case.id, only)
        super().__init__(
            {**_content(self._case.id), "shown": [one.id for one in self._shown]},
            value,
            about=self._case.id,
            name=name,
        )

    def __repr__(self) -> str:
        return f"<SourceDesk {self._case.id}: {len(self.desk.entries)} classings>"

    @property
    def desk(self) -> Desk:
        """What the desk holds now."""
        return Desk.from_data(self._case.id, self.value)

    @desk.setter
    def desk(self, desk: Desk) -> None:
        self.value = desk.to_data()

    def check(self, value: object) -> dict[str, Any]:
        """Return a whole desk from plain data.

        Raises
        ------
        SourceDeskError
            If the data are not a desk of this case.
        """
        return Desk.from_data(self._case.id, value).to_data()

    def to_html(self) -> str:
        """Return accounts and classings as tables: for print, for PDF, and without a kernel."""
        return _static(self._case, self._shown, self.desk)

    def to_text(self) -> str:
        """Return the student's source criticism as text."""
        return self.desk.to_memo()


def source_desk(
    case: Case | str = COURSE_CASE,
    value: Mapping[str, object] | None = None,
    *,
    only: Sequence[str] = (),
    name: str = "",
) -> SourceDesk:
    """Return a source desk for a case.

    Parameters
    ----------
    case
        The case, or its id.
    value
        What to begin with, as *Copy answer* gives it; nothing for an empty desk.
    only
        The ids of the dossiers to show, in that order; nothing for all of them.
    name
        Under which name the entries are kept, where a notebook has several desks.

    Examples
    --------
    >>> source_desk("kazakhstan-2022", only=["Q01"])
    <SourceDesk kazakhstan-2022: 0 classings>
    """
    return SourceDesk(case, value, only=only, name=name)


def _shown(case: str, only: Sequence[str]) -> tuple[Dossier, ...]:
    if not dossiers(case):
        raise SourceDeskError(
            f"The case {case} has no table of conflicts, so there are no accounts to lay beside "
            f"each other. The case {COURSE_CASE} has."
        )
    return tuple(accounts.dossier(case, key) for key in dict.fromkeys(only)) or dossiers(case)


# ---------------------------------------------------------------- for the view


@cache
def _content(case: str) -> dict[str, Any]:
    """Return all that the view shows and that does not change."""
    found = dossiers(case)
    return {
        "kind": SourceDesk.kind,
        "title": f"Source desk: {cases.case(case).title}",
        "case": case,
        "caseTitle": cases.case(case).title,
        "words": WORDS,
        "statuses": _choices(STATUSES),
        "settled": _choices(SETTLED),
        "sorts": _choices(SORTS),
        "look": dict(accounts.LOOK),
        "sources": {source.id: _source(source) for source in _sources(found)},
        "dossiers": [_dossier(one) for one in found],
    }


def _choices(choices: Mapping[str, Choice]) -> list[dict[str, str]]:
    return [{"id": key, "name": one.name, "meaning": one.meaning} for key, one in choices.items()]


def _sources(found: Iterable[Dossier]) -> Iterable[Row]:
    for one in found:
        for account in one.accounts:
            yield from account.sources
        for item in one.items:
            yield from item.record.supports
            yield from item.record.against
            if item.source:
                yield item.source


def _source(row: Row) -> dict[str, str]:
    """Return a source without what weakens it, which belongs to the record and is for later."""
    source = reference(row)
    language = LANGUAGES.get(row.language, "")
    spoken = f"In {language}." if language not in ("", "English") else ""
    remark = " ".join(text for text in (spoken, source.copy) if text)
    return {
        **source.to_data(),
        "remark": remark,
        "caveat": source.caveat,
        "dated": in_words(row.date or ""),
    }


def _dossier(one: Dossier) -> dict[str, Any]:
    return {
        "id": one.id,
        "heading": one.heading,
        "title": one.title,
        "question": one.question,
        "about": one.about,
        "exercise": one.exercise,
        "terms": [_term(term) for term in one.terms],
        "foreign": [list(word) for word in one.foreign],
        "accounts": [_account(account) for account in one.accounts],
        "items": [_item(item) for item in one.items],
    }


def _term(term: Row) -> dict[str, Any]:
    return {
        "term": term.term,
        "definition": term.definition,
        "russian": list(evidence.items(term.russian)),
        "french": list(evidence.items(term.french)),
        "note": term.note or "",
    }


def _account(account: Account) -> dict[str, Any]:
    return {
        "id": account.id,
        "told_by": account.told_by,
        "words": account.words,
        "when": account.when,
        "kinds": list(account.kinds),
        "sources": [source.id for source in account.sources],
        "read": list(dict.fromkeys(source.read for source in account.sources)),
        "from": list(account.translated_from),
        "original": account.original,
        "language": account.language,
        "label": _original_label(account),
        "confidence": account.confidence,
    }


def _original_label(account: Account) -> str:
    if not account.original:
        return ""
    language = LANGUAGES.get(account.language, "the original language")
    return f"In {language}, as a dictionary has it" if account.dictionary else f"In {language}"


def _item(item: Item) -> dict[str, Any]:
    return {
        "id": item.id,
        "told_by": item.told_by,
        "words": item.words,
        "through": item.through,
        "source": item.source.id if item.source else "",
        "record": _record(item.record),
    }


def _record(record: Record) -> dict[str, Any]:
    return {
        "class": record.choice,
        "sort": record.sort,
        "says": record.says,
        "note": record.note,
        "doubt": record.doubt,
        "reported": int(record.reported),
        "supports": [source.id for source in record.supports],
        "against": [source.id for source in record.against],
    }


# ---------------------------------------------------------------- the static twin

_ACCOUNTS = ("Who tells it", "Date", "What is told", "Where it was read")
_CLASSED = ("What is judged", "Your judgement", "Your reason", "The record")
_NOT_COMPARED = "not compared yet"


def _static(case: Case, shown: Iterable[Dossier], desk: Desk) -> str:
    parts = [f"<p><strong>{escape(f'Source desk: {case.title}')}</strong></p>"]
    parts += [_static_dossier(one, desk) for one in shown]
    return "".join(parts)


def _static_dossier(one: Dossier, desk: Desk) -> str:
    rows = [
        (account.told_by, account.when, _told(account), _read(account)) for account in one.accounts
    ]
    html = table(f"{one.question} {one.about}", _ACCOUNTS, rows)
    for account in one.accounts:
        if account.original:
            html = html.replace(escape(account.original), _marked(account))
    classed = [
        (_what(item), *_cells(item, desk.entries[item.place]))
        for item in one.items
        if item.place in desk.entries
    ]
    return html + (table(f"Your judgement: {one.title}", _CLASSED, classed) if classed else "")


def _told(account: Account) -> str | tuple[str, ...]:
    notes = [account.words]
    if account.original:
        notes.append(f"{_original_label(account)}: {account.original}")
    if account.translated_from:
        notes.append(f"Read in {' and '.join(account.translated_from)}; the English is ours.")
    return tuple(notes) if len(notes) > 1 else account.words


def _marked(account: Account) -> str:
    return f'<span lang="{account.language}">{escape(account.original)}</span>'


def _read(account: Account) -> tuple[str, ...]:
    return tuple(str(reference(source)) for source in account.sources)


def _what(item: Item) -> str:
    return f"{item.told_by}: {item.words}" if item.told_by else "The dossier as a whole"


def _cells(item: Item, classing: Classing) -> tuple[object, ...]:
    chosen = [_chosen(item, classing)]
    if classing.first is not None and classing.revised:
        chosen.append(f"At first: {_chosen(item, classing.first)}")
    record: object = _NOT_COMPARED
    if classing.first is not None:
        name = item.choices[item.record.choice].name
        firm = f"{name} ({item.record.doubt})" if item.record.doubt else name
        says = (firm, item.record.says, item.record.note)
        record = tuple(text for text in (*says, remark(item, classing.choice)) if text)
    return (
        tuple(chosen) if len(chosen) > 1 else chosen[0],
        classing.reason or "no reason yet",
        record,
    )


def _chosen(item: Item, classing: Classing) -> str:
    name = item.choices[classing.choice].name if classing.choice else "not judged yet"
    return f"{name}; {SORTS[classing.sort].name}" if classing.sort else name
