"""How a test cell counts and explains.

A check has two layers. The *form* is what a student sees while working: is every
item answered, in a form that can be read? The *substance* is what hidden tests
compare. Marks come from the substance: points x behaviours right / behaviours
counted. In a student's copy the hidden tests are gone, so the number there says
only that the form is complete, and the cell says so in words.

Nothing here raises for a wrong or missing answer. A missing answer counts as
failed, and every message goes to standard output, because a grader reads
anything on the error stream as no marks at all.

Examples
--------
A test cell, whole::

    import volens as vo

    check = vo.checks.Check(vo.answers(), points=6, reread="lesson 1, section 2")
    read = check.choices("capacity", items=("C004", "C009"), allowed=("State", "organisation"))
    ### BEGIN HIDDEN TESTS
    key = {"C004": "State", "C009": "organisation"}
    why = {"C004": "For whom does he speak?", "C009": "The card names an office."}
    check.compare(read, key, why)
    ### END HIDDEN TESTS
    check.score()
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any, Self, TypeVar

from volens.answering import Answers
from volens.errors import AnswerError, TestCellError, VolensError
from volens.kinds import (
    Between,
    Choice,
    Day,
    Instant,
    KeyWord,
    Kind,
    Number,
    Several,
    Words,
    same,
)
from volens.wording import word_count

__all__ = [
    "NOT_YET_WRITTEN",
    "Between",
    "Check",
    "Choice",
    "Day",
    "Instant",
    "Number",
    "Reading",
    "Score",
    "Several",
    "Words",
    "Written",
    "same",
]

#: What stands in a free-text cell until a student writes there.
NOT_YET_WRITTEN = "*Write your answer here, in place of this line.*"
#: An answer is quoted in a message up to this many characters.
_QUOTED = 40
#: So many problems of one kind are named one by one; the rest are counted.
_NAMED = 4
#: What to do where a widget's answer is not there yet.
_COPY_ANSWER = "Set the explorer, press Copy answer, and paste over the whole answer cell."
#: What to say where the answer cell ended in an error: an older answer is still there.
_A_RED_CELL = (
    "The cell that ran before this one ended in red. What is checked here is your "
    "answer from before that, or none. Mend the red cell, then run both again."
)
#: What a widget's answer is read as.
_Pasted = TypeVar("_Pasted")
_HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t#]*$", re.MULTILINE)


class Score(float):
    """A number of points that reads as a sentence in a notebook.

    As plain text it is the bare number, which is what nbgrader reads.

    Examples
    --------
    >>> Score(4.5, 6, "Nine of twelve are right.")
    4.5
    """

    possible: float
    sentence: str

    def __new__(cls, value: float, possible: float, sentence: str) -> Self:
        """Make a score; ``possible`` is what could be reached."""
        score = super().__new__(cls, value)
        score.possible = possible
        score.sentence = sentence
        return score

    def __repr__(self) -> str:
        return float.__repr__(self)

    def _repr_html_(self) -> str:
        return f"<p>{escape(self.sentence)}</p>"


@dataclass(frozen=True)
class Reading(Mapping[str, Any]):
    """What a student answered, item by item, with ``None`` where it cannot be read.

    Attributes
    ----------
    values_read
        Item to value.
    kinds
        Item to the kind of answer that was asked for.
    """

    values_read: Mapping[str, Any]
    kinds: Mapping[str, Kind] = field(default_factory=dict)

    def __getitem__(self, item: str) -> Any:  # noqa: ANN401 (each kind has its own values)
        return self.values_read[item]

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_read)

    def __len__(self) -> int:
        return len(self.values_read)


@dataclass(frozen=True)
class Written:
    r"""A free text as a student last saved it.

    Attributes
    ----------
    text
        The Markdown; empty where nothing was written yet.

    Examples
    --------
    >>> Written("# Question\nMay it?\n# Answer\nOn this view, yes.").sections["Answer"]
    'On this view, yes.'
    """

    text: str

    @property
    def count(self) -> int:
        """How many words it has, headings left out."""
        return word_count(_HEADING.sub(" ", self.text))

    @property
    def sections(self) -> dict[str, str]:
        """Each heading with the text below it, up to the next heading of any level."""
        parts = _HEADING.split(self.text)[1:]
        return {
            heading: body.strip() for heading, body in zip(parts[::2], parts[1::2], strict=True)
        }


class Check:
    """The check of one question.

    Parameters
    ----------
    answers
        The student's work: ``vo.answers()``.
    points
        What the question is worth; more than 0.
    reread
        Where the course explains it, such as ``lesson 2, section 3``; named to whoever
        got something wrong.
    """

    def __init__(self, answers: Answers, *, points: float, reread: str = "") -> None:
        if points <= 0:
            raise TestCellError(f"A question is worth more than 0 points; this one says {points}.")
        self._answers = answers
        self._warned = False
        self._points = points
        self._reread = reread
        self._form: list[bool] = []
        self._substance: list[bool] = []
        self._right: list[str] = []
        self._told: set[str] = set()

    def choices(self, name: str, *, items: Sequence[str], allowed: Sequence[str]) -> Reading:
        """Read an answer that gives each item one of a few words, and report its form.

        Parameters
        ----------
        name
            The answer's name: a dictionary from item to word.
        items
            Every item that should be there.
        allowed
            The words to choose from. How they are typed does not matter: see :func:`same`.
        """
        return self.items(name, items=items, kind=Choice(*allowed))

    def items(self, name: str, *, items: Sequence[str], kind: Kind) -> Reading:
        """Read an answer that gives each item one value, and report its form.

        Parameters
        ----------
        name
            The answer's name: a dictionary from item to text.
        items
            Every item that should be there.
        kind
            What is asked for each of them.
        """
        given = self._read_dictionary(name, '{"C004": "...", ...}')
        reading = self._report(name, {item: (given.get(item), kind) for item in items})
        self._report_others(name, given, items)
        return reading

    def table(self, name: str, *, rows: Sequence[str], columns: Mapping[str, Kind]) -> Reading:
        """Read an answer with several columns, and report its form.

        Parameters
        ----------
        name
            The answer's name: a dictionary from row to a dictionary from column to text.
        rows
            Every row that should be there.
        columns
            Each column with what is asked for in it.

        Returns
        -------
        The cells by ``"row: column"``.
        """
        given = self._read_dictionary(name, '{"V1": {"column": "...", ...}, ...}')
        cells: dict[str, tuple[object, Kind]] = {}
        odd = []
        for row in rows:
            found = given.get(row)
            if not _is_empty(found) and not isinstance(found, dict):
                odd.append(row)
            inside = found if isinstance(found, dict) else {}
            for column, kind in columns.items():
                cells[f"{row}: {column}"] = (inside.get(column), kind)
            self._report_others(f"{name}, {row}", inside, tuple(columns))
        _say(odd, f"`{name}` should have a word for each column in: {{}}. Copy the sheet again.")
        reading = self._report(name, cells)
        self._report_others(name, given, rows)
        return reading

    def written(self, cell: str, *, words: tuple[int, int]) -> Written:
        """Read a free text as it was last saved, and say how long it is.

        Parameters
        ----------
        cell
            The id of its Markdown cell.
        words
            From how many to how many words are asked for.
        """
        try:
            text = self._answers.written(cell).strip()
        except AnswerError as error:
            self._tell(error)
            text = ""
        if text == NOT_YET_WRITTEN:
            text = ""
        found = Written(text)
        self._form.append(bool(found.text))
        low, high = words
        if found.text:
            print(  # noqa: T201
                f"Your text, as last saved, has {found.count} words; {low} to {high} are asked for."
            )
        else:
            print("Your text is still empty, or not saved yet.")  # noqa: T201
        return found

    def pasted(self, name: str, read: Callable[[object], _Pasted]) -> _Pasted | None:
        """Read an answer that *Copy answer* of a widget gave, and report its form.

        Parameters
        ----------
        name
            The answer's name: a dictionary.
        read
            Builds the widget's own value from plain data, and raises a
            :class:`~volens.errors.VolensError` that says what is wrong where it cannot.

        Returns
        -------
        What was built, or ``None`` where nothing was pasted or it cannot be read.
        """
        found = None
        self._warn_of_a_red_cell()
        try:
            answer = self._answers[name]
            if isinstance(answer, dict) and not answer:
                print(f"`{name}` is still empty. {_COPY_ANSWER}")  # noqa: T201
            elif _is_pasted_text(answer):
                found = read(answer)
            else:
                print(f"`{name}` cannot be read. {_COPY_ANSWER}")  # noqa: T201
        except AnswerError as error:
            self._tell(error)
        except VolensError as error:
            print(f"`{name}` cannot be read. {error}")  # noqa: T201
        self._form.append(found is not None)
        return found

    def has(self, name: str) -> bool:
        """Tell whether an answer or a function of this name exists; say nothing."""
        return self._answers.has(name)

    def call(self, name: str, *arguments: object) -> object:
        """Call a function that the student wrote.

        Returns
        -------
        Its result, or ``None`` where it is missing or stops with an error. What went
        wrong is said once.
        """
        try:
            return self._answers.call(name, *arguments)
        except AnswerError as error:
            self._tell(error)
            return None

    def compare(
        self,
        read: Mapping[str, Any],
        key: Mapping[str, KeyWord | tuple[KeyWord, ...]],
        why: Mapping[str, str] | None = None,
    ) -> None:
        """Count each item that agrees with the key, and explain those that do not.

        Parameters
        ----------
        read
            What :meth:`choices`, :meth:`items` or :meth:`table` returned.
        key
            Each item with what is right, as a student would type it; or with several that
            are right; or with :class:`Between`.
        why
            For some items, a sentence that helps whoever got it wrong.
        """
        kinds = read.kinds if isinstance(read, Reading) else {}
        for item, right in key.items():
            kind = kinds.get(item)
            accepted = right if isinstance(right, tuple) else (right,)
            given = read.get(item)
            passed = given is not None and any(_agrees(kind, given, word) for word in accepted)
            hint = (why or {}).get(item, "")
            shown = kind.show(given) if kind else str(given)
            # What could not be read was named with the form already.
            message = "" if given is None else f'{item}: you wrote "{shown}". {hint}'
            self.expect(passed, message, item=item)

    def expect(self, passed: bool, message: str, *, item: str = "") -> None:  # noqa: FBT001 (reads as a sentence)
        """Count one behaviour; print the message where it fails.

        Parameters
        ----------
        passed
            Whether the answer behaves as it should.
        message
            What to tell the student if not, without giving the answer away; may be empty.
        item
            What the behaviour is called in the list of what was right; may be empty.
        """
        self._substance.append(bool(passed))
        if passed and item:
            self._right.append(item)
        if message and not passed:
            print(message.rstrip())  # noqa: T201

    def note(self, message: str) -> None:
        """Print advice that no marks hang on."""
        print(message)  # noqa: T201

    def score(self) -> Score:
        """Return the points: the last line of a test cell.

        Raises
        ------
        TestCellError
            If the cell looked at nothing.
        """
        counted = self._substance or self._form
        if not counted:
            raise TestCellError("This test cell checks nothing. Read an answer before `score()`.")
        if self._right and not all(self._substance):
            print(f"Right: {_by_row(self._right)}.")  # noqa: T201
        if self._reread and not all(self._substance):
            print(f"Read again: {self._reread}.")  # noqa: T201
        points = round(self._points * sum(counted) / len(counted), 2)
        return Score(points, self._points, self._sentence(points))

    def _sentence(self, points: float) -> str:
        right, present = sum(self._substance), len(self._substance)
        if present:
            return f"{right} of {present} right: {points:g} of {self._points:g} points."
        if all(self._form):
            return (
                "Complete: every item is answered and can be read. "
                "This says nothing yet about whether the answers are right; "
                f"they are marked after you hand in ({self._points:g} points)."
            )
        return f"Not complete yet: {sum(self._form)} of {len(self._form)} items can be read."

    def _report(self, name: str, asked: Mapping[str, tuple[object, Kind]]) -> Reading:
        """Read each item by its kind, and name what is empty or cannot be read."""
        read = {item: kind.read(given) for item, (given, kind) in asked.items()}
        self._form += [value is not None for value in read.values()]
        empty = [item for item, (given, _) in asked.items() if _is_empty(given)]
        _say(empty, f"`{name}` has no answer yet for: {{}}.")
        unread: dict[Kind, list[str]] = {}
        for item, (given, kind) in asked.items():
            if read[item] is None and item not in empty:
                unread.setdefault(kind, []).append(f"{item} ({_short(given)})")
        for kind, items in unread.items():
            _say(items, f"`{name}` has {_FAULTS[kind.form]} for: {{}}.")
            print(f"Write {kind.asks}.")  # noqa: T201
        return Reading(read, {item: kind for item, (_, kind) in asked.items()})

    def _report_others(
        self, name: str, given: Mapping[object, object], items: Sequence[str]
    ) -> None:
        extra = [_short(key) for key in given if key not in items]
        _say(extra, f"`{name}` has items that were not asked for: {{}}.")

    def _tell(self, error: AnswerError) -> None:
        """Say once why an answer cannot be read."""
        if str(error) not in self._told:
            self._told.add(str(error))
            print(error)  # noqa: T201

    def _warn_of_a_red_cell(self) -> None:
        """Say it before the first answer that is read from the notebook's names."""
        if not self._warned:
            self._warned = True
            if self._answers.last_cell_failed():
                print(_A_RED_CELL)  # noqa: T201

    def _read_dictionary(self, name: str, like: str) -> dict[object, object]:
        self._warn_of_a_red_cell()
        try:
            answer = self._answers[name]
        except AnswerError as error:
            self._tell(error)
            return {}
        if isinstance(answer, dict):
            return answer
        print(  # noqa: T201
            f"`{name}` should look like {like}; "
            f"yours is {_article(type(answer).__name__)}. "
            "Press Copy my answers in the sheet and paste over the whole answer cell."
        )
        return {}


_FAULTS = {
    "choice": "a word that is not on the list",
    "several": "words that are not on the list",
    "number": "something that is no number",
    "day": "something that is no day",
    "instant": "something that is no day and time",
    "words": "too few words",
}


def _agrees(kind: Kind | None, given: object, right: KeyWord) -> bool:
    """Tell whether a value is what the key says."""
    if kind is None:
        return same(str(given), str(right))
    if isinstance(right, Between):
        first, last = kind.read(right.first), kind.read(right.last)
        if first is None or last is None:
            raise TestCellError(f"The key {right} cannot be read: it should be {kind.asks}.")
        return bool(first <= given <= last)  # type: ignore[operator]
    expected = kind.read(right)
    if expected is None:
        raise TestCellError(f'The key "{right}" cannot be read: it should be {kind.asks}.')
    return given == expected


def _by_row(items: Iterable[str]) -> str:
    """Name items, those of one row of a table together."""
    rows: dict[str, list[str]] = {}
    for item in items:
        row, _, column = item.partition(": ")
        rows.setdefault(row, []).append(column)
    return "; ".join(
        f"{row} ({', '.join(columns)})" if any(columns) else row for row, columns in rows.items()
    )


def _is_pasted_text(answer: object) -> bool:
    """Tell whether an answer holds only what *Copy answer* can give: no tables, no dates."""
    try:
        json.dumps(answer)
    except (TypeError, ValueError):
        return False
    return True


def _is_empty(value: object) -> bool:
    # A table has no single answer to whether it equals an empty text.
    return value is None or (isinstance(value, str) and not value)


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= _QUOTED else text[: _QUOTED - 3] + "..."


def _article(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


def _say(items: Sequence[str], sentence: str) -> None:
    if not items:
        return
    named = ", ".join(items[:_NAMED])
    more = len(items) - _NAMED
    print(sentence.format(named if more <= 0 else f"{named} and {more} more"))  # noqa: T201
