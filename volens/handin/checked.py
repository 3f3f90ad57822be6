"""What a check of a student's work found, as text, as HTML and as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any

from volens.handin.matching import Problem

__all__ = ["Checked", "Manual", "Question", "Text"]

_READY = (
    "Every question has an answer that can be read. That says nothing yet about whether the "
    "answers are right. Hand in this one file in the way your instructor told you."
)
_NOT_READY = (
    "Save, and check again when you have done more. You may hand in as it is: what is empty or "
    "cannot be read earns nothing, the rest counts."
)
_MEND = "Mend first what stands at the top, save, and check again."


@dataclass(frozen=True)
class Question:
    """A question that a program marks.

    Attributes
    ----------
    id, title, points
        Its test cell, its heading, and what it is worth.
    complete
        Whether every item is answered and can be read.
    empty
        The items that are still empty.
    sentences
        What its check says, or why nothing could be checked.
    readable
        Whether the answer cell runs.
    """

    id: str
    title: str
    points: float
    complete: bool
    empty: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()
    readable: bool = True

    @property
    def state(self) -> str:
        """How it stands, in a few words."""
        if not self.readable:
            return "cannot be read"
        if self.complete:
            return "complete"
        if self.empty:
            return f"not complete: {_items(len(self.empty))} still empty"
        return "not complete"


@dataclass(frozen=True)
class Text:
    """A text that a person marks.

    Attributes
    ----------
    id, title, points
        Its cell, the heading above it, and what it is worth.
    words
        How many words it has; headings do not count.
    asked
        About how many are asked for; none where the question names no number.
    """

    id: str
    title: str
    points: float
    words: int
    asked: int | None = None

    @property
    def state(self) -> str:
        """How it stands, in a few words."""
        words = "1 word" if self.words == 1 else f"{self.words} words"
        asked = f"; about {self.asked} are asked for" if self.asked else ""
        return (words if self.words else "still empty") + asked


@dataclass(frozen=True)
class Manual:
    """An answer cell that a person reads, such as the disputes; it may stay empty.

    Attributes
    ----------
    id, title
        Its cell, and the heading above it.
    filled
        How many of its items have words.
    problem
        Why it cannot be read; empty where it can.
    """

    id: str
    title: str
    filled: int
    problem: str = ""

    @property
    def state(self) -> str:
        """How it stands, in a few words."""
        if self.problem:
            return f"cannot be read. {self.problem}"
        if not self.filled:
            return "nothing entered; that is fine"
        return f"{_items(self.filled)} entered"


@dataclass(frozen=True)
class Checked:
    """What a check found.

    Attributes
    ----------
    assignment, title
        The name and the heading of the assignment.
    file
        The file that was read.
    saved
        When it was last saved; none where that is unknown.
    problems
        What became of the file, the harmful first.
    questions, texts, manual
        How each part stands.
    """

    assignment: str
    title: str
    file: str
    saved: datetime | None = None
    problems: tuple[Problem, ...] = ()
    questions: tuple[Question, ...] = ()
    texts: tuple[Text, ...] = ()
    manual: tuple[Manual, ...] = ()

    @property
    def ready(self) -> bool:
        """Whether nothing is to be mended and nothing is empty."""
        return (
            bool(self.questions or self.texts)
            and not any(one.harms for one in self.problems)
            and all(one.complete for one in self.questions)
            and all(one.words for one in self.texts)
            and not any(one.problem for one in self.manual)
        )

    @property
    def summary(self) -> str:
        """The whole in one or two sentences."""
        harmful = sum(one.harms for one in self.problems)
        parts = []
        if harmful:
            parts.append("1 thing to mend." if harmful == 1 else f"{harmful} things to mend.")
        if self.questions:
            done = sum(one.complete for one in self.questions)
            parts.append(f"{done} of {len(self.questions)} questions complete.")
        if self.texts:
            written = sum(bool(one.words) for one in self.texts)
            noun = "text" if len(self.texts) == 1 else "texts"
            parts.append(f"{written} of {len(self.texts)} {noun} written.")
        return ("Ready to hand in. " if self.ready else "Not ready yet. ") + " ".join(parts)

    @property
    def next(self) -> str:
        """What to do next."""
        if self.ready:
            return _READY
        return _MEND if any(one.harms for one in self.problems) else _NOT_READY

    def to_text(self) -> str:
        """Return it as text."""
        lines = [self.title, f"{self.file}{self._saved()}", "", self.summary]
        for heading, entries in self._parts():
            lines += ["", heading, *entries]
        return "\n".join([*lines, "", f"Next: {self.next}"]) + "\n"

    def to_html(self) -> str:
        """Return it as a piece of HTML."""
        parts = [
            f"<p><strong>{escape(self.title)}</strong><br>{escape(self.file + self._saved())}</p>",
            f"<p>{escape(self.summary)}</p>",
        ]
        for heading, entries in self._parts():
            items = "".join(f"<li>{_item(entry)}</li>" for entry in entries)
            parts.append(f"<p><strong>{escape(heading)}</strong></p><ul>{items}</ul>")
        return "".join([*parts, f"<p>Next: {escape(self.next)}</p>"])

    def to_data(self) -> dict[str, Any]:
        """Return it as plain data, as ``--json`` prints it and the button shows it."""
        return {
            "assignment": self.assignment,
            "title": self.title,
            "file": self.file,
            "saved": self.saved.isoformat() if self.saved else "",
            "ready": self.ready,
            "summary": self.summary,
            "problems": [{"text": one.text, "harms": one.harms} for one in self.problems],
            "questions": [
                {
                    "id": one.id,
                    "title": one.title,
                    "points": one.points,
                    "complete": one.complete,
                    "state": one.state,
                    "empty": list(one.empty),
                    "sentences": list(one.sentences),
                }
                for one in self.questions
            ],
            "texts": [
                {
                    "id": one.id,
                    "title": one.title,
                    "points": one.points,
                    "words": one.words,
                    "asked": one.asked,
                    "state": one.state,
                }
                for one in self.texts
            ],
            "manual": [
                {"id": one.id, "title": one.title, "filled": one.filled, "state": one.state}
                for one in self.manual
            ],
            "next": self.next,
        }

    def __repr__(self) -> str:
        return self.to_text().rstrip("\n")

    def _repr_html_(self) -> str:
        return self.to_html()

    def _saved(self) -> str:
        return f", saved {self.saved:%Y-%m-%d %H:%M}" if self.saved else ""

    def _parts(self) -> Iterator[tuple[str, Sequence[str]]]:
        harmful = [f"- {one.text}" for one in self.problems if one.harms]
        harmless = [f"- {one.text}" for one in self.problems if not one.harms]
        if harmful:
            yield "To mend", harmful
        if self.questions:
            yield (
                "Questions",
                [
                    "\n".join(
                        [f"- {one.title}: {one.state}.", *(f"  {said}" for said in one.sentences)]
                    )
                    for one in self.questions
                ],
            )
        rest = [f"- {one.title}: {one.state}." for one in self.texts]
        rest += [f"- {one.title}: {one.state.rstrip('.')}." for one in self.manual]
        if rest:
            yield "What a person reads", rest
        if harmless:
            yield "To know", harmless


def _lines(question: Question) -> Iterator[str]:
    yield f"- {question.title}: {question.state}."
    yield from (f"  {said}" for said in question.sentences)


def _item(entry: str) -> str:
    return "<br>".join(escape(line.strip()) for line in entry.removeprefix("- ").splitlines())


def _items(count: int) -> str:
    return "1 item" if count == 1 else f"{count} items"
