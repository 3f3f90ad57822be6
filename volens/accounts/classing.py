"""What a student says of one item, and whether the reason is long enough."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from volens.weighing import WORDS
from volens.wording import word_count

__all__ = ["WORDS", "Classing"]


@dataclass(frozen=True)
class Classing:
    """What a student says of one item.

    Attributes
    ----------
    choice, sort
        The class, and the sort of statement; each may still be empty.
    reason
        Why, in the student's words.
    first
        How it stood when it was first compared with the record; none before.
    seen
        Of how many other items of the dossier the student had then seen the record.
    """

    choice: str = ""
    sort: str = ""
    reason: str = ""
    first: Classing | None = None
    seen: int = 0

    @property
    def missing(self) -> int:
        """How many words the reason still lacks."""
        return max(0, WORDS - word_count(self.reason))

    @property
    def ready(self) -> bool:
        """Whether it may be compared: a class is chosen, and the reason is long enough."""
        return bool(self.choice) and not self.missing

    @property
    def revised(self) -> bool:
        """Whether it was changed after it was compared."""
        return self.first is not None and replace(self, first=None, seen=0) != self.first

    def to_data(self) -> dict[str, Any]:
        """Return the classing as plain data."""
        data: dict[str, Any] = {"class": self.choice, "sort": self.sort, "reason": self.reason}
        if self.first is not None:
            data |= {"first": self.first.to_data(), "seen": self.seen}
        return data
