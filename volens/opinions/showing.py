"""What a notebook shows: an opinion, or a table of several results."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any, TypeAlias

from volens.cases import Case, record_of
from volens.pages import table
from volens.reasoning.judging import Opinion

__all__ = ["Readable", "Shown", "ShownTable", "shown"]


@dataclass(frozen=True)
class Shown:
    """An opinion that a notebook shows as a readable argument.

    Whatever the opinion has, this has too: ``shown.verdict``, ``shown.step("scope")``.

    Attributes
    ----------
    opinion
        The opinion.
    record
        The case that was judged, with its findings.
    own
        Facts on which the record's answer was replaced: the record's confidence is not theirs.
    """

    opinion: Opinion
    record: Case
    own: frozenset[str] = frozenset()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 (whatever the opinion has)
        if name in ("opinion", "record", "own"):  # not there yet, while a copy is being made
            raise AttributeError(name)
        return getattr(self.opinion, name)

    def __repr__(self) -> str:
        from volens.opinions.text import as_text  # noqa: PLC0415 (it shows what is here)

        return as_text(self)

    def _repr_html_(self) -> str:
        from volens.opinions.page import as_html  # noqa: PLC0415 (the same)

        return as_html(self)


@dataclass(frozen=True)
class ShownTable:
    """Several results of the engine, shown as a table.

    It is also a sequence of them: ``for opinion in vo.compare(...)``.

    Attributes
    ----------
    caption
        What the table shows, and how to read it.
    columns, rows
        The names of the columns, and the cells; several texts in one cell are a tuple.
    found
        What the engine returned.
    page
        What a notebook shows, where that is another table than these columns and rows.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | tuple[str, ...], ...], ...]
    found: tuple[Any, ...]
    page: str = ""

    def __len__(self) -> int:
        return len(self.found)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.found)

    def __getitem__(self, place: int | slice) -> Any:  # noqa: ANN401 (what the engine returned)
        return self.found[place]

    def __repr__(self) -> str:
        lines = [self.caption]
        for row in self.rows:
            first, *rest = ("; ".join(one) if isinstance(one, tuple) else one for one in row)
            cells = zip(self.columns[1:], rest, strict=True)
            said = "; ".join(f"{name}: {cell}" for name, cell in cells)
            lines.append(f"- {first}{'' if first.endswith('?') else ':'} {said}.")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        if not self.rows:
            return f"<p>{escape(self.caption)}</p>"
        return self.page or table(self.caption, self.columns, self.rows)


#: What can be written down: an opinion of the engine, or one that is shown.
Readable: TypeAlias = Opinion | Shown


def shown(opinion: Readable, case: Case | str | None = None) -> Shown:
    """Return an opinion as an object that a notebook shows.

    Parameters
    ----------
    opinion
        What :func:`volens.reasoning.assess` returned.
    case
        The case that was judged; none for the one in ``data/cases`` that the opinion names.

    Raises
    ------
    UnknownCaseError
        If no such case is among the data: then hand it over.

    Examples
    --------
    >>> from volens import reasoning
    >>> shown(reasoning.assess("mali-2013", "free-consent")).case
    'mali-2013'
    """
    if isinstance(opinion, Shown):
        return opinion
    return Shown(opinion, record_of(opinion.case if case is None else case))
