"""What became of every file that was sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

__all__ = ["COLLECTED", "OLDER", "REFUSED", "STATES", "UNCHANGED", "Collected", "Outcome", "State"]

State: TypeAlias = Literal["collected", "unchanged", "older", "refused"]
#: It lies in ``submitted/`` now.
COLLECTED: Final[State] = "collected"
#: It lay there already.
UNCHANGED: Final[State] = "unchanged"
#: The same student has sent something later.
OLDER: Final[State] = "older"
#: It was not taken: a person has to look.
REFUSED: Final[State] = "refused"

#: All of them, in the order in which they are counted.
STATES: Final[tuple[State, ...]] = (COLLECTED, UNCHANGED, OLDER, REFUSED)

#: Reasons for which a person should look although nothing was refused.
_TO_LOOK_AT = {"older-than-collected", "sent-before"}


@dataclass(frozen=True)
class Outcome:
    """How the intake of one file ended.

    Attributes
    ----------
    state
        One of ``collected``, ``unchanged``, ``older``, ``refused``.
    reason
        A code for machines; ``new`` where there is nothing to say.
    student
        Whose it is; empty where that is not known.
    source, file
        Where it stands: the zip file or folder, and the name in it.
    message
        What happened and what to do, for a person; may be empty.
    """

    state: State
    reason: str
    student: str
    source: str
    file: str
    message: str = ""

    @property
    def to_look_at(self) -> bool:
        """Whether a person has to look."""
        return self.state == REFUSED or self.reason in _TO_LOOK_AT


@dataclass(frozen=True)
class Collected:
    """How an intake ended.

    Attributes
    ----------
    layouts
        Source to the layout it was read by.
    outcomes
        One for each notebook, and for each other file that somebody has to look at.
    left_out
        How many other files were left out.
    passed_over
        How many files of operating systems and Jupyter were passed over.
    renamed
        Platform's id and student's id of whoever still has a folder under the first: that
        makes two students of one.
    """

    layouts: Mapping[str, str]
    outcomes: tuple[Outcome, ...]
    left_out: int
    passed_over: int
    renamed: tuple[tuple[str, str], ...] = ()

    @property
    def to_look_at(self) -> tuple[Outcome, ...]:
        """What a person has to look at."""
        return tuple(one for one in self.outcomes if one.to_look_at)

    def count(self, state: State) -> int:
        """Return how many files ended in a state."""
        return sum(one.state == state for one in self.outcomes)
