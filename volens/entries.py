"""Entries of the TOML files in ``data/``, read key by key.

What is no table (the doctrine's lists, the findings of a case) stands in TOML
files, and is read with the same care: each mistake is named by file, entry and key.

Examples
--------
>>> from volens.errors import DoctrineError
>>> toml("doctrine/principles.toml", DoctrineError).entries("principle")[0].text("ref")
'SC'
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from volens import codebook
from volens.errors import CaseError, DoctrineError

__all__ = ["TomlEntry", "toml"]


@dataclass(frozen=True)
class TomlEntry:
    """One entry of a TOML file in ``data/``, read key by key.

    Each method reads one key and refuses what does not belong there.

    Attributes
    ----------
    file
        The file, as a path inside the course.
    name
        How the entry is called in a message.
    content
        The keys and what they hold.
    error
        What to raise.
    """

    file: str
    name: str
    content: Mapping[str, Any]
    error: type[CaseError | DoctrineError]

    def text(self, key: str, choices: Iterable[str] = (), *, pattern: str = "") -> str:
        """Return a text; a key that is not there is an error."""
        found = self._get(key)
        if not isinstance(found, str) or not found.strip():
            self.fail(key, "a text", found)
        if choices and found not in choices:
            self.fail(key, f"one of {', '.join(choices)}", found)
        if pattern and not re.fullmatch(pattern, found):
            self.fail(key, codebook.in_words(pattern), found)
        return found

    def flag(self, key: str) -> bool:
        """Return ``True`` or ``False``."""
        found = self._get(key)
        if not isinstance(found, bool):
            self.fail(key, "true or false", found)
        return found

    def number(self, key: str) -> int:
        """Return a whole number."""
        found = self._get(key)
        if not isinstance(found, int) or isinstance(found, bool):
            self.fail(key, "a whole number", found)
        return found

    def table(self, key: str) -> TomlEntry:
        """Return what stands under a key of its own, as an entry."""
        found = self._get(key)
        if not isinstance(found, dict):
            self.fail(key, "keys and what they hold", found)
        above = f"{self.name}, " if self.name else ""
        return TomlEntry(self.file, f"{above}{key}", found, self.error)

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, which may be empty."""
        found = self._get(key)
        if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
            self.fail(key, "a list of texts", found)
        return tuple(found)

    def entries(self, key: str) -> tuple[TomlEntry, ...]:
        """Return the entries below a key, each called by its id or its number.

        An id or a code (``ref``) that occurs twice is an error.
        """
        found = self._get(key)
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            self.fail(key, f"entries that begin with [[{key}]]", found)
        above = f"{self.name}, " if self.name else ""
        entries = tuple(
            TomlEntry(self.file, f"{above}{key} {_called(one, number)}", one, self.error)
            for number, one in enumerate(found, 1)
        )
        for naming in ("id", "ref"):
            seen: set[object] = set()
            for entry in entries:
                name = entry.content.get(naming)
                if name is not None and name in seen:
                    entry.fail(naming, "a name of its own", name, "It occurs twice: change one.")
                seen.add(name)
        return entries

    def any_entries(self, key: str) -> tuple[TomlEntry, ...]:
        """Return the entries below a key that may be left out; none if it is."""
        return self.entries(key) if key in self.content else ()

    def only(self, *keys: str) -> None:
        """Refuse a key that is none of these: it may be another one, misspelt."""
        for key in self.content:
            if key not in keys:
                self.fail(key, f"no such key (there are {', '.join(keys)})", self.content[key])

    def fail(self, key: str, expected: str, got: object, advice: str = "") -> NoReturn:
        """Raise the error that names file, entry and key."""
        where = ", ".join(part for part in (self.file, self.name, f"key `{key}`") if part)
        shown = "nothing" if got is None else f'"{got}"'
        line = _line(self.file, self.name, key)
        place = f" (line {line})" if line else ""
        raise self.error(f"{where}: expected {expected}, got {shown}{place}. {advice}".rstrip())

    def _get(self, key: str) -> Any:  # noqa: ANN401 (TOML holds values of several types)
        return self.content.get(key)


def toml(path: str, error: type[CaseError | DoctrineError]) -> TomlEntry:
    """Return a TOML file as one entry without a name.

    Parameters
    ----------
    path
        The file, as a path inside ``data/``.
    error
        What to raise where the file is written wrongly.

    Raises
    ------
    CaseError, DoctrineError
        If the file is not there, or is not TOML.
    """
    file = f"data/{path}"
    try:
        content = tomllib.loads((codebook.data_directory() / path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise error(
            f"{file} was not found. Install the package again, or start from a complete clone."
        ) from None
    except UnicodeDecodeError:
        raise error(f"{file} is not UTF-8. Save it as UTF-8 in your editor.") from None
    except tomllib.TOMLDecodeError as reason:
        raise error(f"{file} is not TOML: {reason}. Compare with the last commit.") from None
    return TomlEntry(file, "", content, error)


def _line(file: str, name: str, key: str) -> int | None:
    """Return the line of a key, looked for below the ids of its entry; none if it is not found."""
    path = codebook.data_directory() / file.removeprefix("data/")
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    place = 0
    for one in re.findall("`([^`]+)`", name):
        found = re.compile(rf'^id = "{re.escape(one)}"', re.MULTILINE).search(text, place)
        place = found.start() if found else place
    end = text.find("\n[[", place)
    inside = re.compile(rf"^{re.escape(key)} *=", re.MULTILINE)
    found = inside.search(text, place, end if end > 0 else len(text))
    if not name and found is None:
        return None
    return text.count("\n", 0, found.start() if found else place) + 1


def _called(content: Mapping[str, Any], number: int) -> str:
    key = content.get("id")
    return f"`{key}`" if isinstance(key, str) else str(number)
