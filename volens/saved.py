"""What a widget saved, as plain data: whether this course can read it, and what is wrong if not.

Examples
--------
>>> from volens.errors import WeighingError
>>> form = Form("volens/weighing-board", 2, "weighing board", WeighingError)
>>> form.head("mali-2013")
{'schema': 'volens/weighing-board', 'version': 2, 'case': 'mali-2013'}
>>> form.opened({"schema": "volens/source-desk"})
Traceback (most recent call last):
    ...
volens.errors.WeighingError: Weighing board, `schema`: expected "volens/weighing-board", got \
"volens/source-desk". It is the answer of another widget, or not the whole answer. Use *Copy \
answer* and paste the whole of it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from volens.errors import VolensError

__all__ = ["Form"]

_AGAIN = "Use *Copy answer* and paste the whole of it."


@dataclass(frozen=True)
class Form:
    """The form of what one kind of widget saves.

    Attributes
    ----------
    schema
        What the data call themselves.
    version
        The newest version that this course reads.
    noun
        What it is, in words.
    error
        What to raise where the data are not of this form.
    """

    schema: str
    version: int
    noun: str
    error: type[VolensError]

    def head(self, case: str = "") -> dict[str, Any]:
        """Return the parts with which all such data begin."""
        begin = {"schema": self.schema, "version": self.version}
        return {**begin, "case": case} if case else begin

    def opened(self, data: object, case: str = "") -> Mapping[str, Any]:
        """Return data if they call themselves of this form, of this case and not of a newer course.

        Parameters
        ----------
        data
            Plain data; an empty dictionary stands for an untouched widget.
        case
            The case to which they should belong; none for a widget that shows no case.

        Raises
        ------
        VolensError
            If they do not, as :attr:`error`.
        """
        found = self.dictionary(data)
        if not found:
            return found
        if found.get("schema") != self.schema:
            raise self.wrong(
                "`schema`",
                f'"{self.schema}"',
                found.get("schema"),
                f"It is the answer of another widget, or not the whole answer. {_AGAIN}",
            )
        version = found.get("version")
        if type(version) is not int or not 1 <= version <= self.version:
            known = "1" if self.version == 1 else f"a number from 1 to {self.version}"
            raise self.wrong(
                "`version`", known, version, "If a newer course made it, open it there."
            )
        if case and found.get("case") != case:
            raise self.wrong(
                "`case`",
                f'"{case}"',
                found.get("case"),
                "It belongs to another case: open it with that case.",
            )
        return found

    def dictionary(
        self, data: object, where: str = "", expected: str = "a dictionary"
    ) -> Mapping[str, Any]:
        """Return data if they are a dictionary whose names are texts."""
        if not isinstance(data, Mapping) or not all(isinstance(key, str) for key in data):
            raise self.wrong(where, expected, data)
        return data

    def part(self, data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        """Return a part that is a dictionary; an empty one where it is left out."""
        return self.dictionary(data.get(key, {}), f"`{key}`")

    def only(self, data: Mapping[str, Any], known: Collection[str], where: str = "") -> None:
        """Refuse data that have a name which is not known."""
        others = ", ".join(f"`{key}`" for key in data if key not in known)
        if others:
            raise self.error(
                f"{self._at(where)}: there is no {others}; expected {', '.join(known)}. "
                "Correct the name, or take it out."
            )

    def text(self, data: Mapping[str, Any], key: str, default: str = "", where: str = "") -> str:
        """Return a part that is a text.

        Parameters
        ----------
        data, key
            Where it stands.
        default
            What it is where it is left out.
        where
            How to name the place; none for the key alone.
        """
        found = data.get(key, default)
        if not isinstance(found, str):
            raise self.wrong(where or f"`{key}`", "a text", found)
        return found

    def texts(
        self, found: object, where: str, expected: str = "a list of texts"
    ) -> tuple[str, ...]:
        """Return a list of texts, read from the place named."""
        if not isinstance(found, list | tuple) or not all(isinstance(one, str) for one in found):
            raise self.wrong(where, expected, found)
        return tuple(found)

    def wrong(self, where: str, expected: str, got: object, do: str = _AGAIN) -> VolensError:
        """Return the error for a part that is not as it should be.

        Parameters
        ----------
        where
            The place in the data; empty for the whole.
        expected
            What it should be, in words.
        got
            What it is.
        do
            What to do next, in a sentence.
        """
        return self.error(f"{self._at(where)}: expected {expected}, got {_shown(got)}. {do}")

    def _at(self, where: str) -> str:
        noun = f"{self.noun[0].upper()}{self.noun[1:]}"
        return f"{noun}, {where}" if where else noun


def _shown(got: object) -> str:
    if got is None:
        return "nothing"
    if isinstance(got, str):
        return f'"{got}"'
    if isinstance(got, int | float):
        return repr(got)
    name = type(got).__name__
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
