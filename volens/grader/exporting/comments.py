"""Comments as a learning platform shows them: plain words, one line after another."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

from volens.grader.exporting.marks import StudentMarks

__all__ = ["in_html"]

#: What the course adds to the id of a question for the cells in it.
_OF_A_CELL = re.compile(r"-(?:answer|test)$")
_ITEM = re.compile(r"^[-*+][ \t]+")
_STRESSED = re.compile(r"(?<![\w*])(\*{1,3})(?=[^\s*])([^*]*[^\s*])\1(?![\w*])")
_CODE = re.compile(r"`([^`]+)`")


def in_html(student: StudentMarks, possible: Mapping[str, float]) -> str:
    """Return all comments on a student's work as one text; Moodle reads it as HTML.

    Parameters
    ----------
    student
        With the comments, which are Markdown.
    possible
        Question to the points it is worth.
    """
    lines: list[str] = []
    for question, comment in student.comments.items():
        points, of = student.questions.get(question), possible.get(question)
        worth = f" ({points:g} of {of:g})" if points is not None and of else ""
        first, *others = _plain_lines(comment) or [""]
        heading = f"{_in_words(question)}{worth}:"
        lines += [heading, first, *others] if others else [f"{heading} {first}"]
    return "<br>".join(escape(line, quote=False) for line in lines)


def _in_words(question: str) -> str:
    """Return what a question is called, without what only a program needs.

    Examples
    --------
    >>> _in_words("time-of-request-answer")
    'Time of request'
    """
    words = _OF_A_CELL.sub("", question).replace("-", " ")
    return f"{words[:1].upper()}{words[1:]}"


def _plain_lines(comment: str) -> list[str]:
    r"""Return Markdown as lines without its marks.

    Examples
    --------
    >>> _plain_lines("- **Law: 1 of 3.** See `V1`.\n\nTake 2 * 3.")
    ['Law: 1 of 3. See V1.', 'Take 2 * 3.']
    """
    lines = (_ITEM.sub("", line.strip()) for line in comment.splitlines())
    return [_CODE.sub(r"\1", _STRESSED.sub(r"\2", line)) for line in lines if line]
