"""How far a student's board is from what an activity asks for."""

from __future__ import annotations

from dataclasses import dataclass

from volens.weighing.board import Weighing
from volens.weighing.cells import inline

__all__ = ["Review", "review_board"]


@dataclass(frozen=True)
class Review:
    """How far a board is from what an activity asks for.

    Attributes
    ----------
    weighing
        The board.
    cells, conflicts
        How many whole cells, and in how many places support and tension should meet.
    """

    weighing: Weighing
    cells: int
    conflicts: int

    @property
    def whole(self) -> int:
        """How many cells have a stance, a reason and a hinge."""
        return len(self.weighing.cells) - len(self.weighing.unsupported())

    @property
    def done(self) -> bool:
        """Whether the board has all that was asked for: a position, cells and conflicts."""
        return (
            bool(self.weighing.position)
            and self.whole >= self.cells
            and len(self.weighing.conflicts()) >= self.conflicts
        )

    def __repr__(self) -> str:
        """Say in sentences what is there and what is still missing."""
        weighing = self.weighing
        if not weighing.cells:
            return "Your answer is empty. Paste it, run its cell, then run this one."
        lines = [weighing.note] if weighing.note else []
        if not weighing.position:
            lines.append("No position is chosen yet. Choose one on the board, then copy again.")
        lines += [
            f"{self.whole} of {self.cells} cells have a stance, a reason and a hinge.",
            *(str(lacking) for lacking in weighing.unsupported()),
            *self._unsourced(),
            *(str(conflict) for conflict in weighing.conflicts()),
        ]
        if not weighing.conflicts():
            lines.append("Support and tension meet nowhere yet.")
        if self.done:
            lines.append("Your board is complete. Whether it convinces is for your seminar.")
        return "\n".join(lines)

    def _unsourced(self) -> tuple[str, ...]:
        """Name the cells without a source, which an activity need not ask for."""
        cells = [f"{one.purpose} and {inline(one.principle)}" for one in self.weighing.unsourced()]
        return (f"No source yet: {'; '.join(cells)}.",) if cells else ()


def review_board(case: str, data: object, *, cells: int = 8, conflicts: int = 1) -> Review:
    """Tell how far a student's board is from what an activity asks for.

    Parameters
    ----------
    case
        The id of the case.
    data
        The answer, as *Copy answer* gives it.
    cells
        How many cells should have a stance, a reason and a hinge.
    conflicts
        In how many places support and tension should meet.

    Raises
    ------
    WeighingError
        If the answer is not a weighing.

    Examples
    --------
    >>> review_board("kazakhstan-2022", {})
    Your answer is empty. Paste it, run its cell, then run this one.
    """
    weighing = Weighing.from_data(case, data)
    return Review(weighing, cells, conflicts)
