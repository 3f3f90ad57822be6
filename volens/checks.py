"""How a test cell counts and explains.

A check has two layers. The *form* is what a student sees while working: is every
item answered, with an allowed word? The *substance* is what hidden tests compare.
Marks come from the substance: points x items right / items present. In a
student's copy the hidden tests are gone, so the number there says only that the
form is complete, and the cell says so in words.

Nothing here raises for a wrong or missing answer. A missing answer counts as
failed, and every message goes to standard output, because a grader reads
anything on the error stream as no marks at all.

Examples
--------
A test cell, whole::

    import volens as vo

    check = vo.checks.Check(vo.answers(), points=6)
    coded = check.choices("capacity", items=("C004", "C009"), allowed=("State", "organisation"))
    ### BEGIN HIDDEN TESTS
    check.compare(coded, {"C004": "State", "C009": "organisation"})
    ### END HIDDEN TESTS
    check.score()
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from html import escape
from typing import Self

from volens.answering import Answers
from volens.errors import AnswerError, TestCellError

__all__ = ["Check", "Score", "same"]

#: What people type round a word: spaces, full stops, and the quotation marks of many keyboards.
_ROUND_A_WORD = " .,;'\"`\u00ab\u00bb\u2018\u2019\u201a\u201c\u201d\u201e"
#: An answer is quoted in a message up to this many characters.
_QUOTED = 40
#: So many problems of one kind are named one by one; the rest are counted.
_NAMED = 4


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


class Check:
    """The check of one question.

    Parameters
    ----------
    answers
        The student's work: ``vo.answers()``.
    points
        What the question is worth; more than 0.
    """

    def __init__(self, answers: Answers, *, points: float) -> None:
        if points <= 0:
            raise TestCellError(f"A question is worth more than 0 points; this one says {points}.")
        _say_if_the_last_cell_failed()
        self._answers = answers
        self._points = points
        self._form: list[bool] = []
        self._substance: list[bool] = []

    def choices(
        self, name: str, *, items: Sequence[str], allowed: Sequence[str]
    ) -> dict[str, str | None]:
        """Read an answer that gives each item one of a few words, and report its form.

        Parameters
        ----------
        name
            The answer's name: a dictionary from item to word.
        items
            Every item that should be there.
        allowed
            The words to choose from. How they are typed does not matter: see :func:`same`.

        Returns
        -------
        Each item with the allowed word that was meant, or ``None`` where the item
        is missing, empty or holds another word.
        """
        given = self._read_dictionary(name)
        words = {_plain(word): word for word in allowed}
        read: dict[str, str | None] = {}
        empty, unknown = [], []
        for item in items:
            value = given.get(item)
            read[item] = words.get(_plain(value)) if isinstance(value, str) else None
            if value is None or value == "":
                empty.append(item)
            elif read[item] is None:
                unknown.append(f"{item} ({_short(value)})")
        self._form += [read[item] is not None for item in items]
        extra = [key for key in given if key not in items]
        _say(empty, f"`{name}` has no answer yet for: {{}}.")
        _say(unknown, f"`{name}` has a word that is not on the list for: {{}}.")
        if unknown:
            print("The words are: " + ", ".join(allowed) + ".")  # noqa: T201
        _say([_short(key) for key in extra], f"`{name}` has items that were not asked for: {{}}.")
        return read

    def compare(
        self,
        read: Mapping[str, str | None],
        key: Mapping[str, str | tuple[str, ...]],
        why: Mapping[str, str] | None = None,
    ) -> None:
        """Count each item that agrees with the key, and explain those that do not.

        Parameters
        ----------
        read
            What :meth:`choices` returned.
        key
            Each item with the right word, or with several that are right.
        why
            For some items, a sentence that helps whoever got it wrong.
        """
        for item, right in key.items():
            accepted = (right,) if isinstance(right, str) else right
            given = read.get(item)
            passed = given is not None and any(same(given, word) for word in accepted)
            hint = (why or {}).get(item, "")
            # What could not be read was named with the form already.
            self.expect(passed, f'{item}: you wrote "{given}". {hint}' if given else "")

    def expect(self, passed: bool, message: str) -> None:  # noqa: FBT001 (reads as a sentence)
        """Count one behaviour; print the message where it fails.

        Parameters
        ----------
        passed
            Whether the answer behaves as it should.
        message
            What to tell the student if not, without giving the answer away; may be empty.
        """
        self._substance.append(bool(passed))
        if message and not passed:
            print(message.rstrip())  # noqa: T201

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
        points = self._points * sum(counted) / len(counted)
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

    def _read_dictionary(self, name: str) -> dict[object, object]:
        try:
            answer = self._answers[name]
        except AnswerError as error:
            print(error)  # noqa: T201
            return {}
        if isinstance(answer, dict):
            return answer
        print(  # noqa: T201
            f'`{name}` should look like {{"C004": "a word", ...}}; '
            f"yours is {_article(type(answer).__name__)}. "
            "Copy the first lines of the answer cell back from the original assignment."
        )
        return {}


def same(first: str, second: str) -> bool:
    """Tell whether two words are the same but for how they were typed.

    Capitals, spaces and hyphens do not matter, nor quotation marks round the word,
    a full stop after it, an article before it, or American spelling.

    Examples
    --------
    >>> same("Third-State", "a third state.")
    True
    """
    return _plain(first) == _plain(second)


def _plain(word: str) -> str:
    """Return a word without what typing adds to it."""
    text = word.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").casefold()
    text = re.sub(r"[\s_-]+", " ", text).strip(_ROUND_A_WORD)
    return re.sub(r"^(an?|the) ", "", text).replace("ization", "isation")


def _say_if_the_last_cell_failed() -> None:
    """Say so where the answer cell ended in an error: an older answer is still there."""
    jupyter = sys.modules.get("IPython")
    shell = jupyter.get_ipython() if jupyter else None
    if shell is not None and not shell.last_execution_succeeded:
        print(  # noqa: T201
            "The cell that ran before this one ended in red. What is checked here is your "
            "answer from before that, or none. Mend the red cell, then run both again."
        )


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
