"""What kind of answer an item asks for, and how what a student typed is read.

Each kind reads plain text, because students choose and type in a sheet and code
nothing. What cannot be read is ``None``, never an error: a check then says so in
words, with what the kind asks for.

Examples
--------
>>> Choice("met", "not met", "unclear").read(" Not-met. ")
'not met'
>>> Instant().read("2022-01-05 17:15")
datetime.datetime(2022, 1, 5, 17, 15, tzinfo=datetime.timezone.utc)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import ClassVar, Protocol, TypeAlias

from volens.errors import TestCellError
from volens.wording import word_count

__all__ = [
    "Between",
    "Choice",
    "Day",
    "Instant",
    "KeyWord",
    "Kind",
    "Number",
    "Several",
    "Words",
    "plain",
    "same",
]

#: What people type round a word: spaces, full stops, and the quotation marks of many keyboards.
_ROUND_A_WORD = " .,;'\"`\u00ab\u00bb\u2018\u2019\u201a\u201c\u201d\u201e"
_DAY_AND_TIME = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]+\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?", re.IGNORECASE
)
#: How an empty choice of several is written.
_NONE = "none"


class Kind(Protocol):
    """A kind of answer."""

    #: A slug for the view that asks for it.
    form: ClassVar[str]

    @property
    def asks(self) -> str:
        """What to write, in words that end a sentence."""

    def read(self, given: object) -> object | None:
        """Return what was meant, or ``None`` where it cannot be read."""

    def show(self, value: object) -> str:
        """Return a value as a student would type it."""


def plain(word: str) -> str:
    """Return a word without what typing adds to it: see :func:`same`."""
    text = word.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").casefold()
    text = re.sub(r"[\s_-]+", " ", text).strip(_ROUND_A_WORD)
    return re.sub(r"^(an?|the) ", "", text).replace("ization", "isation")


def same(first: str, second: str) -> bool:
    """Tell whether two words are the same but for how they were typed.

    Capitals, spaces and hyphens do not matter, nor quotation marks round the word,
    a full stop after it, an article before it, or American spelling.

    Examples
    --------
    >>> same("Third-State", "a third state.")
    True
    """
    return plain(first) == plain(second)


@dataclass(frozen=True, init=False)
class Choice:
    """One of a few words.

    Parameters
    ----------
    words
        The words to choose from, two or more, each different however it is typed.
    """

    form: ClassVar[str] = "choice"
    words: tuple[str, ...]

    def __init__(self, *words: str) -> None:
        object.__setattr__(self, "words", _different(words))

    @property
    def asks(self) -> str:
        """The words."""
        return "one of: " + ", ".join(self.words)

    def read(self, given: object) -> str | None:
        """Return the word that was meant."""
        if not isinstance(given, str):
            return None
        return {plain(word): word for word in self.words}.get(plain(given))

    def show(self, value: object) -> str:
        """Return the word."""
        return str(value)


@dataclass(frozen=True, init=False)
class Several:
    """Any of a few words, or none of them.

    Parameters
    ----------
    words
        The words to choose from. A student writes ``a; b``, or ``none``.

    Examples
    --------
    >>> sorted(Several("request", "timing", "scope").read("timing; request"))
    ['request', 'timing']
    """

    form: ClassVar[str] = "several"
    words: tuple[str, ...]

    def __init__(self, *words: str) -> None:
        object.__setattr__(self, "words", _different(words))

    @property
    def asks(self) -> str:
        """The words, and what stands between them."""
        return f"any of these with a semicolon between them, or {_NONE}: " + ", ".join(self.words)

    def read(self, given: object) -> frozenset[str] | None:
        """Return the set that was meant."""
        parts = _parts(given)
        if parts is None:
            return None
        if [plain(part) for part in parts] == [_NONE]:
            return frozenset()
        known = {plain(word): word for word in self.words}
        found = [known.get(plain(part)) for part in parts]
        if not found or None in found:
            return None
        return frozenset(word for word in found if word is not None)

    def show(self, value: object) -> str:
        """Return the words in the order of the list."""
        chosen = value if isinstance(value, AbstractSet) else ()
        return "; ".join(word for word in self.words if word in chosen) or _NONE


@dataclass(frozen=True)
class Number:
    """A number, such as ``12`` or ``0.75``."""

    form: ClassVar[str] = "number"

    @property
    def asks(self) -> str:
        """What to write."""
        return "a number, such as 12"

    def read(self, given: object) -> float | None:
        """Return the number."""
        if isinstance(given, bool):
            return None
        if isinstance(given, int | float):
            return float(given)
        if not isinstance(given, str):
            return None
        text = given.strip().rstrip(".").replace("\N{MINUS SIGN}", "-")
        text = re.sub(r"(?<=\d)[,\s](?=\d{3}\b)", "", text).replace(",", ".")
        return float(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else None

    def show(self, value: object) -> str:
        """Return the number without needless zeros."""
        return f"{value:g}" if isinstance(value, int | float) else str(value)


@dataclass(frozen=True)
class Day:
    """A day, such as ``2022-01-13``."""

    form: ClassVar[str] = "day"

    @property
    def asks(self) -> str:
        """What to write."""
        return "a day as year-month-day, such as 2022-01-13"

    def read(self, given: object) -> date | None:
        """Return the day."""
        if isinstance(given, datetime):
            return None
        if isinstance(given, date):
            return given
        try:
            return date.fromisoformat(str(given).strip().rstrip("."))
        except ValueError:
            return None

    def show(self, value: object) -> str:
        """Return the day as year-month-day."""
        return str(value)


@dataclass(frozen=True)
class Instant:
    """A day and time in UTC, such as ``2022-01-05 17:15``."""

    form: ClassVar[str] = "instant"

    @property
    def asks(self) -> str:
        """What to write."""
        return "a day and time in UTC, such as 2022-01-05 17:15"

    def read(self, given: object) -> datetime | None:
        """Return the time in UTC. A time without a zone is taken to be UTC, as was asked."""
        if isinstance(given, datetime):
            found = given
        else:
            text = re.sub(r"\s*\b(UTC|GMT)\b\.?", "", str(given).strip()).rstrip(".")
            # The library would read 17.15 as seventeen hours and a part of a second.
            if not _DAY_AND_TIME.fullmatch(text):
                return None
            try:
                found = datetime.fromisoformat(re.sub(r"[T ]+", " ", text, count=1))
            except ValueError:
                return None
        try:
            return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
        except OverflowError:
            # In UTC it would lie before the first year, or after the last.
            return None

    def show(self, value: object) -> str:
        """Return day and time without the zone, which is always UTC."""
        return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else str(value)


@dataclass(frozen=True)
class Words:
    """Words of the student's own, such as a reason.

    Parameters
    ----------
    at_least
        How many words there must be; 1 or more.
    """

    form: ClassVar[str] = "words"
    at_least: int = 1

    @property
    def asks(self) -> str:
        """How much to write."""
        return "some words" if self.at_least == 1 else f"at least {self.at_least} words"

    def read(self, given: object) -> str | None:
        """Return the text, if it is long enough."""
        if not isinstance(given, str) or word_count(given) < self.at_least:
            return None
        return " ".join(given.split())

    def show(self, value: object) -> str:
        """Return the text."""
        return str(value)


@dataclass(frozen=True)
class Between:
    """A key that takes anything from one value to another, both included.

    Parameters
    ----------
    first, last
        As a student would type them.
    """

    first: str
    last: str


KeyWord: TypeAlias = str | Between


def _different(words: Sequence[str]) -> tuple[str, ...]:
    """Return the words, if there are two and no two are the same."""
    if len({plain(word) for word in words}) != len(words) or len(words) <= 1:
        raise TestCellError(
            "A choice needs two words or more, each different however it is typed; "
            f"this one has: {', '.join(words) or 'none'}."
        )
    return tuple(words)


def _parts(given: object) -> list[str] | None:
    """Return the words of a list or of a text with semicolons."""
    if isinstance(given, str):
        return [part for part in re.split(r"[;\n]", given) if part.strip()]
    if isinstance(given, list | tuple | AbstractSet) and all(
        isinstance(part, str) for part in given
    ):
        return [str(part) for part in given]
    return None
