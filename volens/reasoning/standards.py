"""How a case is to be judged, apart from the position: four settings kept apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from volens.errors import ReasoningError
from volens.positions import element

__all__ = ["BURDENS", "LEGAL_TESTS", "MIXED_PURPOSES", "PRESUMABLE", "Standard"]

#: Against whom an open fact counts: nobody, the one who intervened, or the one who complains.
BURDENS = ("none", "intervener", "complainant")
#: Which of several stated aims must hold. No work read says; each rule is a stipulation.
MIXED_PURPOSES = ("all", "predominant", "any")
#: Whether all that is known counts, or only the evidence of the act's first day.
LEGAL_TESTS = ("objective", "reasonable belief")
#: Elements that may be presumed met until the contrary is shown.
PRESUMABLE = ("existence", "free-will", "timing", "scope", "continuity")


@dataclass(frozen=True)
class Standard:
    """How open facts, several aims and later evidence are dealt with.

    Attributes
    ----------
    burden
        One of :data:`BURDENS`. It settles facts, never a dispute about the law.
    mixed_purposes
        One of :data:`MIXED_PURPOSES`; only the purpose-based view asks.
    known_on
        The last day whose knowledge counts, as a date or as its text such as
        ``"2022-01-06"``; none for all that is known.
    legal_test
        One of :data:`LEGAL_TESTS`. With "reasonable belief" each act is judged by what
        was known on its first day, which is less than a test of reasonable belief.
    presumptions
        Elements out of :data:`PRESUMABLE` that count as met until the contrary is shown.

    Raises
    ------
    ReasoningError
        If a setting has a value that is none of these.

    Examples
    --------
    >>> Standard(burden="intervener").burden
    'intervener'
    >>> Standard(known_on="2022-01-06").known_on
    datetime.date(2022, 1, 6)
    """

    burden: str = "none"
    mixed_purposes: str = "all"
    known_on: date | None = None
    legal_test: str = "objective"
    presumptions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a value that is none of those there are."""
        for name, allowed in (
            ("burden", BURDENS),
            ("mixed_purposes", MIXED_PURPOSES),
            ("legal_test", LEGAL_TESTS),
        ):
            if getattr(self, name) not in allowed:
                raise _refused(name, getattr(self, name), allowed)
        for one in self.presumptions:
            if one not in PRESUMABLE:
                raise _refused("presumptions", one, PRESUMABLE)
        object.__setattr__(self, "known_on", _day(self.known_on))

    def in_words(self, *, purpose: bool = True) -> str:
        """Return the settings as a phrase.

        Parameters
        ----------
        purpose
            Whether a position that asks for the purpose is judged; else nothing is said of aims.

        Examples
        --------
        >>> Standard().in_words()
        'no burden rule, all stated aims required, all that is known'
        """
        burden = {
            "none": "no burden rule",
            "intervener": "open facts count against the intervener",
            "complainant": "open facts count against the complainant",
        }[self.burden]
        aims = {
            "all": "all stated aims required",
            "predominant": "the predominant aim required",
            "any": "one viable aim enough",
        }[self.mixed_purposes]
        if self.legal_test == "reasonable belief":
            knowledge = "what was known when the act began"
        else:
            knowledge = (
                f"what was known on {self.known_on}" if self.known_on else "all that is known"
            )
        names = ", ".join(element(one).name.lower() for one in self.presumptions)
        presumed = f", presumed: {names}" if names else ""
        asked = f"{burden}, {aims}" if purpose else burden
        return f"{asked}, {knowledge}{presumed}"


def _day(given: object) -> date | None:
    """Read a day: a date, or the text of one."""
    if given is None or isinstance(given, date):
        return given
    try:
        return date.fromisoformat(given if isinstance(given, str) else "")
    except ValueError:
        raise ReasoningError(
            f'`known_on`: expected a date such as "2022-01-06", got {given!r}.'
        ) from None


def _refused(name: str, got: object, allowed: tuple[str, ...]) -> ReasoningError:
    return ReasoningError(f'`{name}`: expected one of {", ".join(allowed)}, got "{got}".')
