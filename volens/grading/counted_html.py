"""A reader of HTML that counts its steps, and stops where there are too many.

There are short texts of which the program that cleans HTML makes a thousand times as much, or
over which it sits for hours. Every step that it makes goes through a few places; they are
watched here.
"""

from __future__ import annotations

import re
from typing import Any

from bleach.html5lib_shim import BleachHTMLParser  # type: ignore[import-untyped] # it has no types

__all__ = ["CountedParser", "Steps", "TooTangledError"]

#: No page that a person or pandas writes goes deeper, or has more formatting open at once.
_DEEPEST = 200
#: What making one element of a page counts, in steps.
_ELEMENT = 8
#: Where the cleaner copies or looks through what it has, so much of it counts as one step.
_CHARACTERS = 10_000
_THINGS = 32
#: A name for a character, which bleach reads in the square of its length, and Python not at
#: all where it is a number of thousands of digits. The longest that there is has 31 letters.
_ENDLESS_NAME = re.compile(r"&[^\s<&=;]{300}")


class TooTangledError(Exception):
    """The HTML needs more work than any honest page."""


class Steps:
    """How many steps there may still be.

    Parameters
    ----------
    left
        So many.
    """

    def __init__(self, left: int) -> None:
        self._left = left

    def take(self, steps: int) -> None:
        """Take some.

        Raises
        ------
        TooTangledError
            If there are not so many left.
        """
        self._left -= steps
        if self._left < 0:
            raise TooTangledError


class CountedParser(BleachHTMLParser):  # type: ignore[misc] # bleach has no types
    """Reads HTML, and counts its steps.

    That is possible in two places through which everything goes: where it reads the next
    characters, and where it makes and moves elements.
    """

    def __init__(self, steps: Steps, **options: Any) -> None:  # noqa: ANN401 (bleach's own)
        super().__init__(**options)
        self._steps = steps
        self.tree.elementClass = _counted(self.tree.elementClass, steps)

    def reset(self) -> None:
        """Begin; bleach has just made the reader of the characters."""
        super().reset()
        self.tokenizer.stream = _CountedStream(self, self._steps)

    def parseFragment(self, *given: Any, **options: Any) -> Any:  # noqa: ANN401, N802 (html5lib's)
        """Return what was read, in which no name of a character has no end."""
        fragment = super().parseFragment(*given, **options)
        for element in fragment.iter():
            for text in (element.text, element.tail, *element.attrib.values()):
                if text and _ENDLESS_NAME.search(text):
                    raise TooTangledError
        return fragment


class _CountedStream:
    """The characters, of which each time that some are read is a step.

    Parameters
    ----------
    parser
        Who reads them.
    steps
        How many there may be.
    """

    def __init__(self, parser: Any, steps: Steps) -> None:  # noqa: ANN401 (bleach has no types)
        self._tokenizer = parser.tokenizer
        self._stream = parser.tokenizer.stream
        self._tree = parser.tree
        self._steps = steps
        self._since_tag = 0

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 (whatever the stream has)
        return getattr(self._stream, name)

    @property
    def errors(self) -> list[str]:
        """What was wrong with the characters; the first is taken out each time."""
        found: list[str] = self._stream.errors
        self._steps.take(len(found) // _THINGS)
        return found

    def char(self) -> str | None:
        """Return the next character."""
        self._count(1)
        found: str | None = self._stream.char()
        return found

    def charsUntil(self, characters: object, opposite: bool = False) -> str:  # noqa: FBT001, FBT002, N802 (html5lib's)
        """Return what comes before some characters, or as long as there are only those."""
        found: str = self._stream.charsUntil(characters, opposite)
        self._count(len(found))
        return found

    def unget(self, char: str | None) -> None:
        """Put a character back."""
        self._count(0)
        self._stream.unget(char)

    def start_tag(self) -> None:
        """Note that a tag begins here."""
        self._since_tag = 0
        self._stream.start_tag()

    def _count(self, read: int) -> None:
        open_now = max(len(self._tree.openElements), len(self._tree.activeFormattingElements))
        if open_now > _DEEPEST:
            raise TooTangledError
        # What is read is put behind all that was read of the tag, or of the text after it;
        # and each attribute is compared with all before it.
        self._since_tag += read
        attributes = (self._tokenizer.currentToken or {}).get("data")
        compared = len(attributes) if isinstance(attributes, list) else 0
        self._steps.take(1 + self._since_tag // _CHARACTERS + compared // _THINGS)


def _counted(kind: Any, steps: Steps) -> Any:  # noqa: ANN401 (html5lib has no types)
    """Return elements of a kind whose making and moving is counted."""

    class Element(kind):  # type: ignore[misc] # known only when it runs
        def __init__(self, *given: object) -> None:
            steps.take(_ELEMENT)
            super().__init__(*given)

        def cloneNode(self) -> Any:  # noqa: ANN401, N802 (html5lib's)
            long = sum(map(len, self.attributes.values()))
            steps.take(len(self.attributes) + long // _THINGS)
            return super().cloneNode()

        def appendChild(self, node: Any) -> None:  # noqa: ANN401, N802 (html5lib's)
            # When the page is written, each is looked for among the others.
            steps.take(len(self._element) // _THINGS)
            super().appendChild(node)

        def removeChild(self, node: Any) -> None:  # noqa: ANN401, N802 (html5lib's)
            steps.take(len(self._element) // _THINGS)
            super().removeChild(node)

        def insertBefore(self, node: Any, refNode: Any) -> None:  # noqa: ANN401, N802, N803
            steps.take(len(self._element) // _THINGS)
            super().insertBefore(node, refNode)

        def insertText(self, data: str, insertBefore: Any = None) -> None:  # noqa: ANN401, N802, N803
            children = self._element
            before = (children[-1].tail if len(children) else children.text) or ""
            searched = len(children) if insertBefore else 0
            steps.take(len(before) // _CHARACTERS + searched // _THINGS)
            super().insertText(data, insertBefore)

        def reparentChildren(self, newParent: Any) -> None:  # noqa: ANN401, N802, N803
            steps.take(len(self._element))
            super().reparentChildren(newParent)

    return Element
