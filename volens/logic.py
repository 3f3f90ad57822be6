"""Three values instead of two: met, not met, unclear.

Facts of an armed intervention are often disputed or unknown. A question about
them is therefore answered with one of three values, and combined by Kleene's
strong rules: *unclear* stays unclear unless the other value settles the matter
alone. Unclear never turns into met in silence.

Examples
--------
>>> MET & UNCLEAR
UNCLEAR
>>> NOT_MET & UNCLEAR
NOT_MET
>>> MET | UNCLEAR
MET
>>> ~UNCLEAR
UNCLEAR
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

__all__ = ["MET", "NOT_MET", "UNCLEAR", "Value", "all_of", "any_of"]


class Value(Enum):
    """One of ``MET``, ``NOT_MET``, ``UNCLEAR``.

    A value has no truth: ``if value:`` is refused, because it would make
    *unclear* count as one of the other two without saying so.
    """

    NOT_MET = "not met"
    UNCLEAR = "unclear"
    MET = "met"

    def __and__(self, other: Value) -> Value:
        """Both: as weak as the weaker."""
        if not isinstance(other, Value):
            return NotImplemented
        return min(self, other, key=_ORDER.index)

    def __or__(self, other: Value) -> Value:
        """Either: as strong as the stronger."""
        if not isinstance(other, Value):
            return NotImplemented
        return max(self, other, key=_ORDER.index)

    def __invert__(self) -> Value:
        """Return the opposite; the opposite of unclear is unclear."""
        return _ORDER[-1 - _ORDER.index(self)]

    def __bool__(self) -> bool:
        """Refuse to be read as true or false."""
        raise TypeError(
            f"{self.name} is neither true nor false. "
            "Compare it: `value is MET`, `value is UNCLEAR`."
        )

    def __repr__(self) -> str:
        return self.name


MET = Value.MET
NOT_MET = Value.NOT_MET
UNCLEAR = Value.UNCLEAR
_ORDER = (NOT_MET, UNCLEAR, MET)


def all_of(values: Iterable[Value]) -> Value:
    """Tell whether every value is met.

    Parameters
    ----------
    values
        Any number of values; none at all counts as met.

    Examples
    --------
    >>> all_of([MET, UNCLEAR, MET])
    UNCLEAR
    >>> all_of([])
    MET
    """
    result = MET
    for value in values:
        result &= value
    return result


def any_of(values: Iterable[Value]) -> Value:
    """Tell whether at least one value is met.

    Parameters
    ----------
    values
        Any number of values; none at all counts as not met.

    Examples
    --------
    >>> any_of([NOT_MET, UNCLEAR])
    UNCLEAR
    """
    result = NOT_MET
    for value in values:
        result |= value
    return result
