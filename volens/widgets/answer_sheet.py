"""The answer sheet: fill the answer to a question by choosing and typing, then copy it.

Nothing here knows which answer is right. What each kind of field takes is in
:mod:`volens.kinds`, and a check reads the copied answer by the same kinds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import blake2s
from keyword import iskeyword
from typing import Any

import traitlets

from volens.errors import AnswerError, TestCellError
from volens.kinds import Choice, Day, Instant, Kind, Number, Several, Words
from volens.pages import table
from volens.saved import Form
from volens.widgets.base import CourseWidget, script, styles

__all__ = ["AnswerSheet", "answer_sheet"]

_KINDS = (Choice, Several, Number, Day, Instant, Words)
_FORM = Form("volens/answer-sheet", 1, "answer sheet", AnswerError)
#: What the only column is called where an answer has one.
_ONLY = "answer"
_ONLY_NAME = "Your answer"
#: Whatever might end or split a line of Python, with the spaces beside it.
_BREAKS = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+")
#: Half a character, which no file can hold.
_HALVES = re.compile(r"[\ud800-\udfff]")


class AnswerSheet(CourseWidget):
    """An answer sheet as a widget: see :func:`answer_sheet`.

    Parameters
    ----------
    name
        The answer's name in Python.
    rows
        What is asked for: ids, or ids with a label each.
    columns
        One kind of answer for each row, or several by name.

    Raises
    ------
    TestCellError
        If name, rows or columns cannot make a sheet.
    """

    kind = "answer-sheet"
    words = "Choose and type, then press Copy my answers and paste them over the answer cell."
    _esm = script("answer_sheet.js")
    _css = styles("answer_sheet.css")

    #: When the entries were kept with which the sheet began; empty where it began empty.
    resumed = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        name: str,
        rows: Mapping[str, str] | Sequence[str],
        columns: Kind | Mapping[str, Kind],
    ) -> None:
        self._answer = _checked_name(name)
        self._rows = _checked_rows(rows)
        self._single = not isinstance(columns, Mapping)
        self._columns = _checked_columns(columns)
        super().__init__(self._content(), None, name=self._place())
        self._resume()

    def __repr__(self) -> str:
        return f"<AnswerSheet {self._answer}: {self._filled()}>"

    @property
    def answer(self) -> dict[str, Any]:
        """The answer as the copied cell gives it: every row, empty ones too."""
        if self._single:
            return {row: self._text(row, _ONLY) for row in self._rows}
        return {
            row: {column: self._text(row, column) for column in self._columns} for row in self._rows
        }

    def check(self, value: object) -> dict[str, Any]:
        """Return a whole and checked value from plain data.

        Raises
        ------
        AnswerError
            If the data are not entries of this sheet.
        """
        data = _FORM.dictionary(value)
        if data and data.get("case") not in (None, self._answer):
            raise _FORM.wrong(
                "`case`",
                f'"{self._answer}"',
                data["case"],
                "It belongs to another question: load it in the sheet of that question.",
            )
        data = _FORM.opened(data)
        _FORM.only(data, ("schema", "version", "case", "entries"))
        entries = _FORM.part(data, "entries")
        _FORM.only(entries, tuple(self._rows), "`entries`")
        found = {}
        for row in self._rows:
            cells = self._cells(row, entries.get(row, {}))
            if cells:
                found[row] = cells
        return {**_FORM.head(self._answer), "entries": found}

    def to_cell(self) -> str:
        """Return what *Copy my answers* gives: the whole answer cell, as Python."""
        lines = [f"{self._answer} = {{"]
        for row, label in self._rows.items():
            comment = f"  # {label}" if label and label != row else ""
            if self._single:
                lines.append(f"    {_quoted(row)}: {_quoted(self._text(row, _ONLY))},{comment}")
                continue
            lines.append(f"    {_quoted(row)}: {{{comment}")
            lines += [
                f"        {_quoted(column)}: {_quoted(self._text(row, column))},"
                for column in self._columns
            ]
            lines.append("    },")
        return "\n".join([*lines, "}"])

    def to_html(self) -> str:
        """Return the entries as a table: for print, for PDF, and without a kernel."""
        names = ("Item", *(self._heading(column) for column in self._columns))
        rows = [
            (self._called(row), *(self._text(row, column) for column in self._columns))
            for row in self._rows
        ]
        return table(f"Answers for {self._answer}: {self._filled()}", names, rows)

    def to_text(self) -> str:
        """Return the entries as text, one line for each row."""
        lines = [f"{self._answer}: {self._filled()}."]
        for row in self._rows:
            said = [
                f"{self._text(row, column)}" if self._single else f"{column}: {text}"
                for column in self._columns
                if (text := self._text(row, column))
            ]
            lines.append(f"- {self._called(row)}: {'; '.join(said) or 'nothing yet'}")
        return "\n".join(lines) + "\n"

    def _content(self) -> dict[str, Any]:
        """Return all that the view shows and that does not change."""
        return {
            "title": f"Answer sheet: {self._answer}",
            "schema": _FORM.schema,
            "version": _FORM.version,
            "answer": self._answer,
            "single": int(self._single),
            "rows": [{"id": row, "label": label} for row, label in self._rows.items()],
            "columns": [_column(name, kind) for name, kind in self._columns.items()],
        }

    def _resume(self) -> None:
        """Begin with what the file holds: a sheet is only a form for its answer cell.

        The file's name says that it is of this sheet, see :meth:`_place`; so nobody is asked.
        """
        if self.earlier.get("entries"):
            time = datetime.fromtimestamp(self._file.stat().st_mtime).astimezone()
            self.resumed = time.isoformat()
            self.value, self.earlier = self.earlier, {}

    def _place(self) -> str:
        """Return under which name the entries are kept.

        Several assignments may ask for an answer of one name, such as ``disputes``, and a
        browser keeps all of them together: rows and columns tell them apart.
        """
        asked = json.dumps([list(self._rows), list(self._columns)])
        return f"{self._answer}-{blake2s(asked.encode(), digest_size=2).hexdigest()}"

    def _cells(self, row: str, found: object) -> dict[str, str]:
        """Return what a row holds, empty fields left out."""
        cells = _FORM.dictionary(found, f"`{row}`")
        _FORM.only(cells, tuple(self._columns), f"`{row}`")
        texts = {
            column: _FORM.text(cells, column, where=f"`{row}`, `{column}`")
            for column in self._columns
        }
        for column, text in texts.items():
            kind = self._columns[column]
            if text and isinstance(kind, Choice | Several) and kind.read(text) is None:
                raise _FORM.wrong(f"`{row}`, `{column}`", kind.asks, text, "Choose it anew.")
        return {column: self._exact(column, text) for column, text in texts.items() if text}

    def _exact(self, column: str, text: str) -> str:
        """Return a choice in the words of its list, and any other text as it was typed."""
        kind = self._columns[column]
        return kind.show(kind.read(text)) if isinstance(kind, Choice | Several) else text

    def _text(self, row: str, column: str) -> str:
        return _flat(self.value["entries"].get(row, {}).get(column, ""))

    def _filled(self) -> str:
        """Return how many fields are filled, in words."""
        texts = [self._text(row, column) for row in self._rows for column in self._columns]
        fields = "field" if len(texts) == 1 else "fields"
        return f"{sum(map(bool, texts))} of {len(texts)} {fields} filled"

    def _called(self, row: str) -> str:
        label = self._rows[row]
        return f"{row}: {label}" if label and label != row else row

    def _heading(self, column: str) -> str:
        name = _ONLY_NAME if self._single else column
        return f"{name} ({self._columns[column].asks})"


def answer_sheet(
    name: str,
    rows: Mapping[str, str] | Sequence[str],
    columns: Kind | Mapping[str, Kind],
) -> AnswerSheet:
    """Return a sheet to fill the answer to a question, without typing code.

    Parameters
    ----------
    name
        The answer's name in Python.
    rows
        What is asked for: ids, or ids with a label each, which the sheet shows.
    columns
        One kind of answer for each row, such as ``vo.checks.Choice("met", "not met")``,
        or several by name. With one, the answer is ``{row: text}``; with several by name
        it is ``{row: {column: text}}``.

    Raises
    ------
    TestCellError
        If the name is none in Python, if there is no row or one twice, or if a column is
        of no known kind.

    Examples
    --------
    >>> sheet = answer_sheet("capacity", {"C004": "Peskov"}, Choice("a State", "nobody"))
    >>> sheet
    <AnswerSheet capacity: 0 of 1 field filled>
    >>> print(sheet.to_cell())
    capacity = {
        "C004": "",  # Peskov
    }
    """
    return AnswerSheet(name, rows, columns)


def _checked_name(name: object) -> str:
    if not isinstance(name, str) or not name.isidentifier() or iskeyword(name):
        raise TestCellError(
            f'An answer sheet needs the name of an answer, such as "capacity", not {name!r}.'
        )
    return name


def _checked_rows(rows: object) -> dict[str, str]:
    """Return each row with its label, on one line; an empty label where there is none."""
    if isinstance(rows, str) or not isinstance(rows, Mapping | Sequence):
        raise TestCellError(
            f"The rows of an answer sheet are a list of ids, or ids with labels, not {rows!r}."
        )
    ids = list(rows)
    labels = rows.values() if isinstance(rows, Mapping) else [""] * len(ids)
    if not ids:
        raise TestCellError("An answer sheet needs a row; `rows` is empty.")
    wrong = [one for one in (*ids, *labels) if not isinstance(one, str)]
    wrong += [one for one in ids if isinstance(one, str) and (not one or _flat(one) != one)]
    if wrong:
        raise TestCellError(
            f"The rows of an answer sheet are texts on one line; this one has {wrong[0]!r}."
        )
    for row in _twice(ids):
        raise TestCellError(f"The row `{row}` stands twice in an answer sheet. Take one out.")
    return {row: _flat(label) for row, label in zip(ids, labels, strict=True)}


def _checked_columns(columns: object) -> dict[str, Kind]:
    """Return each column with its kind; the only one of an answer without columns has a name."""
    given = columns if isinstance(columns, Mapping) else {_ONLY: columns}
    if not given:
        raise TestCellError("An answer sheet needs a column; `columns` is empty.")
    for name, kind in given.items():
        if not isinstance(name, str) or not name or _flat(name) != name:
            raise TestCellError(
                f"The columns of an answer sheet have names on one line; one is called {name!r}."
            )
        if not isinstance(kind, _KINDS):
            known = ", ".join(one.__name__ for one in _KINDS)
            raise TestCellError(
                f"The column `{name}` of an answer sheet is {kind!r}, which is no kind of answer. "
                f'The kinds are: {known}; write, for example, vo.checks.Choice("yes", "no").'
            )
    return dict(given)


def _twice(ids: Sequence[str]) -> Iterator[str]:
    seen = set()
    for one in ids:
        if one in seen:
            yield one
        seen.add(one)


def _column(name: str, kind: Kind) -> dict[str, Any]:
    """Return what the view needs of a column: how to ask, and what to expect."""
    return {
        "id": name,
        "form": kind.form,
        "asks": kind.asks,
        "words": list(kind.words) if isinstance(kind, Choice | Several) else [],
        "none": kind.show(frozenset()) if isinstance(kind, Several) else "",
        "atLeast": kind.at_least if isinstance(kind, Words) else 0,
    }


def _flat(text: str) -> str:
    """Return a text on one line, as it is copied."""
    return _HALVES.sub("\ufffd", _BREAKS.sub(" ", text)).strip(" ")


def _quoted(text: str) -> str:
    """Return a text as Python writes it; JSON quotes it in the same way."""
    return json.dumps(text, ensure_ascii=False)
