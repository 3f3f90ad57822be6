"""How often two coders agree beyond chance, and where they do not.

The number is Krippendorff's alpha, from the library ``krippendorff``: 1 is full agreement,
0 is what chance alone would give, below 0 the coders agree less often than by chance. For
purposes, of which a claim may have several, sets that share some are partly in agreement:
the distance is MASI (Passonneau 2006). No number is called good or bad here.

Examples
--------
>>> from volens.coding import Code, Coding
>>> mine = Coding("kazakhstan-2022").set(
...     "C004", Code("intervening-state", "limit", ("not-taking-sides",))
... )
>>> print(compare_codings("kazakhstan-2022", mine).agreements[0])
Who speaks: the same in 1 of 1. Beyond chance: needs 10 claims that both coded; so far 1.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from volens import cases
from volens.cases import Case
from volens.coding import (
    FIELDS,
    Code,
    Coding,
    Difference,
    Share,
    claims,
    differences,
    in_words,
    is_key,
    main_purpose,
    pairs,
    reference,
    share,
)
from volens.errors import CodingError
from volens.pages import table
from volens.wording import one_line

__all__ = [
    "CAUTIONS",
    "MEANING",
    "NO_REASON",
    "OF_REFERENCE",
    "Agreement",
    "Comparison",
    "alpha",
    "compare_codings",
    "masi",
    "memo",
    "not_a_key",
]

#: What the number means, and why honest coders differ.
MEANING = (
    "Two coders who ticked at random would also agree now and then; agreement beyond chance "
    "(Krippendorff's alpha) takes that off, so that 1 is full agreement and 0 is what chance "
    "alone gives. Both coders may be honest and careful and still differ, because words are "
    "open and a list of codes draws lines where speech has none: read a row that disagrees "
    "again, together, before you call either code wrong."
)
#: What to bear in mind with every number.
CAUTIONS = (
    (
        "The fewer claims, the less the number says: look how far it moves when one is left out. "
        "That range is no confidence interval."
    ),
    "For purposes, sets that share some codes count as partly the same (the MASI distance).",
    "No number is called good or bad here: such limits are conventions, and differ by author.",
)
#: What to bear in mind where the second coder is the reference.
OF_REFERENCE = (
    "The reference is one person's coding. It counts in the numbers only where its confidence "
    'is high, it never says "cannot be told", and its basis follows from its main purpose.'
)
#: What to say where the reference differs: it gives no reason.
NO_REASON = "The reference is one person's reading; no reason was recorded."
#: With more claims than this, leaving one out is not tried: it moves the number little.
_LEAVE_OUT = 30
_LEAST = 2
#: With fewer claims than this the number is not shown: it would read as a mark, and says nothing.
_ENOUGH = 10
_TOO_FEW = f"fewer than {_LEAST} claims were coded by both"
_NO_VARIATION = "both used one and the same code throughout, as chance would then too"

_Distance = Callable[[Any, Any], float]


@dataclass(frozen=True)
class Agreement:
    """How often two coders agree in one field.

    Attributes
    ----------
    field
        One of :data:`volens.coding.FIELDS`.
    share
        How often they say the same, of how many claims that both coded.
    alpha
        Krippendorff's alpha; none where it is not defined.
    why
        Why it is not defined; empty where it is.
    lowest, highest
        Between which values alpha lies when any one claim is left out; none where that
        was not tried or gives no number.
    """

    field: str
    share: Share
    alpha: float | None
    why: str = ""
    lowest: float | None = None
    highest: float | None = None

    @property
    def same(self) -> str:
        """How often they say the same, in words, with the number that it is out of."""
        if self.field != "purposes":
            return f"the same in {self.share}"
        return (
            f"the same set in {self.share}, at least one in common in "
            f"{self.share.touching} of {self.share.of}"
        )

    @property
    def beyond(self) -> str:
        """How often they agree beyond chance, in words; no number for a few claims."""
        if self.share.of < _ENOUGH:
            return f"needs {_ENOUGH} claims that both coded; so far {self.share.of}"
        if self.alpha is None:
            return f"not defined, because {self.why}"
        if self.lowest is None or self.highest is None:
            return _number(self.alpha)
        if _number(self.lowest) == _number(self.highest):
            return f"{_number(self.lowest)} (the same with any one claim left out)"
        return (
            f"{_number(self.alpha)} (with any one claim left out: from "
            f"{_number(self.lowest)} to {_number(self.highest)})"
        )

    def __str__(self) -> str:
        return f"{_title(self.field)}: {self.same}. Beyond chance: {self.beyond}."


@dataclass(frozen=True)
class Comparison:
    """Two codings side by side, ready to read.

    Attributes
    ----------
    case
        The id of the case.
    names
        What to call the two coders.
    agreements
        How often they agree, field by field. With the reference: where its confidence is
        high.
    rows
        Where they differ.
    readings
        With the reference: how often they say the same where its confidence is not high,
        field by field. These count in no number above. Otherwise empty.
    with_reference
        Whether the second coder is the reference.
    """

    case: str
    names: tuple[str, str]
    agreements: tuple[Agreement, ...]
    rows: tuple[Difference, ...]
    readings: tuple[Agreement, ...] = ()
    with_reference: bool = False

    def __repr__(self) -> str:
        return "\n".join(self.lines())

    def _repr_html_(self) -> str:
        one, other = self.names
        numbers = table(
            f"{_capital(self._what())}: how often the codes agree",
            ("Field", "The same", "Beyond chance"),
            [(_title(a.field), a.same, a.beyond) for a in self.agreements],
        )
        rows = [(r.who, _title(r.field), r.one, self._other(r)) for r in self.rows]
        caption = f"{_capital(self._what())}: rows that disagree"
        heads = ("Claim", "Field", _capital(one), _capital(other))
        shown = table(caption, heads, rows) if rows else f"<p>{escape(self._none())}</p>"
        beside = (*self._reasons(), *self._beside(), MEANING)
        notes = "".join(f"<p>{escape(line)}</p>" for line in beside)
        cautions = "".join(f"<li>{escape(line)}</li>" for line in self._cautions())
        return f"{numbers}{shown}{notes}<ul>{cautions}</ul>"

    def lines(self) -> Iterator[str]:
        """Return the comparison as lines of text."""
        yield f"{_capital(self._what())}."
        yield ""
        yield from (f"- {one}" for one in self.agreements)
        yield from (f"- {line}" for line in self._beside())
        yield ""
        yield from (f"- {self._row(one)}" for one in self.rows)
        yield from (f"- {line}" for line in self._reasons())
        if not self.rows:
            yield self._none()

    def to_data(self) -> dict[str, Any]:
        """Return what the view cannot compute: agreement beyond chance, in words."""
        return {
            "counts": [*(one.share.agreed for one in self.agreements), self.agreements[0].share.of],
            "beyond": {one.field: one.beyond for one in self.agreements},
        }

    def _what(self) -> str:
        return f"{self.names[0]} and {self.names[1]}"

    def _row(self, row: Difference) -> str:
        one, other = self.names
        return f"{row.who}, {FIELDS[row.field]}: {one}: {row.one}; {other}: {self._other(row)}."

    def _other(self, row: Difference) -> str:
        if not self.with_reference:
            return row.other
        mark = not_a_key(self.case, row.claim)
        because = f", {_because(self.case, row.claim)}" if row.field == "basis" else ""
        return f"{row.other}{because} ({mark})" if mark else f"{row.other}{because}"

    def _reasons(self) -> Iterator[str]:
        if self.with_reference and self.rows:
            yield NO_REASON

    def _beside(self) -> Iterator[str]:
        if self.readings and self.readings[0].share.of:
            yield (
                "Not counted above, since the confidence of the reference is not high: "
                + "; ".join(f"{FIELDS[one.field]}: {one.same}" for one in self.readings)
                + "."
            )

    def _none(self) -> str:
        compared = any(one.share.of for one in (*self.agreements, *self.readings))
        return "No row disagrees." if compared else "There is no claim that both have coded."

    def _cautions(self) -> tuple[str, ...]:
        return (*CAUTIONS, OF_REFERENCE) if self.with_reference else CAUTIONS


def compare_codings(
    case: Case | str,
    one: Coding | Mapping[str, object],
    other: Coding | Mapping[str, object] | str = "reference",
    *,
    names: tuple[str, str] = ("you", "the second coder"),
    among: Iterable[str] | None = None,
) -> Comparison:
    """Compare two codings of the claims of a case.

    Parameters
    ----------
    case
        The case, or its id.
    one
        A coding, or plain data as *Copy answer* gives them.
    other
        Another, or ``"reference"`` for the course's own codes.
    names
        What to call the two coders.
    among
        Ids of the claims to look at; none means all that both have coded.

    Raises
    ------
    CodingError
        If the one or the other is not a coding of this case.

    Examples
    --------
    >>> mine = {"schema": "volens/claim-coder", "version": 1, "case": "kazakhstan-2022"}
    >>> repr(compare_codings("kazakhstan-2022", mine)).splitlines()[-1]
    'There is no claim that both have coded.'
    """
    key = case if isinstance(case, str) else case.id
    first = _coding(key, one)
    if other != "reference":
        second = _coding(key, other)
        agreements = tuple(alpha(first, second, name, among=among) for name in FIELDS)
        return Comparison(key, names, agreements, differences(first, second, among=among))
    second = reference(key)
    wanted = set(claims(key) if among is None else among)
    keys = {claim for claim in wanted if is_key(key, claim)}
    return Comparison(
        key,
        (names[0], "the reference"),
        tuple(alpha(first, second, name, among=keys) for name in FIELDS),
        differences(first, second, among=wanted),
        tuple(alpha(first, second, name, among=wanted - keys) for name in FIELDS),
        with_reference=True,
    )


def alpha(
    one: Coding, other: Coding, field: str, *, among: Iterable[str] | None = None
) -> Agreement:
    """Return how often two coders agree in a field, as counted and beyond chance.

    Parameters
    ----------
    one, other
        The codings. A claim counts where both have coded it whole, and each code as it
        stood before it was first compared. "Cannot be told" is a code like the others.
    field
        One of :data:`volens.coding.FIELDS`.
    among
        Ids of the claims to look at; none means all.

    Raises
    ------
    CodingError
        If the codings are of different cases, or there is no such field.
    """
    among = None if among is None else set(among)
    counted = share(one, other, field, among=among)
    units = [
        (getattr(mine, field), getattr(theirs, field))
        for _, mine, theirs in pairs(one, other, among=among)
    ]
    distance = masi if field == "purposes" else _differ
    if len(units) < _LEAST:
        return Agreement(field, counted, None, _TOO_FEW)
    number = _alpha(units, distance)
    if number is None:
        return Agreement(field, counted, None, _NO_VARIATION)
    lowest, highest = _left_out(units, distance)
    return Agreement(field, counted, number, "", lowest, highest)


def masi(one: Iterable[str], other: Iterable[str]) -> float:
    """Return how far two sets of codes are apart: 0 for the same set, 1 for nothing in common.

    MASI, "measuring agreement on set-valued items" (Passonneau 2006): one less the share
    that both have of all that either has, weighed by 1 for the same set, 2/3 where one
    holds the other, 1/3 where they overlap.

    Examples
    --------
    >>> masi({"stability"}, {"stability"}), masi({"stability"}, {"occupation"})
    (0.0, 1.0)
    >>> round(masi({"stability"}, {"stability", "occupation"}), 3)
    0.667
    """
    left, right = set(one), set(other)
    if left == right:
        return 0.0
    if not left & right:
        return 1.0
    weight = 2 / 3 if left < right or right < left else 1 / 3
    return 1 - len(left & right) / len(left | right) * weight


def memo(coding: Coding, second: Coding | None = None) -> str:
    """Return a coding and its comparisons as text to start a memo from.

    Parameters
    ----------
    coding
        The coding. It is compared with the reference where its coder has seen that.
    second
        The coding of a second coder, or none.
    """
    return "\n".join(_memo_lines(coding, second)) + "\n"


def not_a_key(case: str, claim: str) -> str:
    """Return the words that stand beside a reference whose confidence is not high.

    Examples
    --------
    >>> not_a_key("kazakhstan-2022", "C007"), not_a_key("kazakhstan-2022", "C001")
    ('reference, confidence medium: a reading, not a key', '')
    """
    if is_key(case, claim):
        return ""
    return f"reference, confidence {claims(case)[claim].confidence}: a reading, not a key"


def _because(case: str, claim: str) -> str:
    return f'taken from the main purpose, "{main_purpose(case, claim)}"'


def _memo_lines(coding: Coding, second: Coding | None) -> Iterator[str]:
    yield f"# Coding of claims: {cases.case(coding.case).title}"
    yield ""
    yield "To code is to read: another careful coder may read otherwise."
    if coding.codes:
        yield from ("", "## Codes", "")
        yield from (f"- {line}" for line in _codes(coding))
    if coding.shown:
        seen = compare_codings(coding.case, coding, among=coding.shown)
        yield from ("", "## Compared with the reference", "")
        yield from _compared(seen)
    if second is not None:
        seen = compare_codings(coding.case, coding, second, among=coding.first)
        yield from ("", "## Compared with a second coder", "")
        yield from _compared(seen)


def _compared(seen: Comparison) -> Iterator[str]:
    yield "Each code counts as it stood before it was first compared."
    yield ""
    yield from list(seen.lines())[2:]


def _codes(coding: Coding) -> Iterator[str]:
    for claim, code in coding.codes.items():
        row = claims(coding.case)[claim]
        note = one_line(code.note)
        yield " ".join(
            [
                f"{claim} ({row.speaker}), {row.date}: {row.claim}.",
                *(f"{_title(name)}: {in_words(name, getattr(code, name))}." for name in FIELDS),
                *_changes(coding.first.get(claim, code), code),
                *([f"Note: {note}"] if note else []),
            ]
        )


def _changes(first: Code, now: Code) -> Iterator[str]:
    for name in FIELDS:
        if getattr(first, name) != getattr(now, name):
            yield f"Before comparing, {FIELDS[name]}: {in_words(name, getattr(first, name))}."


def _coding(case: str, given: Coding | Mapping[str, object] | str) -> Coding:
    if isinstance(given, Coding):
        if given.case != case:
            raise CodingError(
                f"The coding is of another case: {given.case}. Here the case is {case}."
            )
        return given
    return Coding.from_data(case, given)


def _alpha(units: Sequence[tuple[Hashable, Hashable]], distance: _Distance) -> float | None:
    """Return Krippendorff's alpha of two coders; none where neither ever varies."""
    import krippendorff  # noqa: PLC0415 (heavy)
    import numpy as np  # noqa: PLC0415 (heavy)

    codes = list(dict.fromkeys(code for unit in units for code in unit))
    if len(codes) < _LEAST:
        return None
    place = {code: number for number, code in enumerate(codes)}
    counts = np.zeros((len(units), len(codes)), dtype=int)
    for line, unit in enumerate(units):
        for code in unit:
            counts[line, place[code]] += 1
    apart = np.array([[distance(one, other) for other in codes] for one in codes])

    def metric(v1: Any, v2: Any, i1: Any, i2: Any, n_v: Any, dtype: Any = float) -> Any:  # noqa: ANN401, ARG001 (the library's protocol)
        return apart[i1, i2]

    return float(krippendorff.alpha(value_counts=counts, level_of_measurement=metric))


def _left_out(
    units: Sequence[tuple[Hashable, Hashable]], distance: _Distance
) -> tuple[float | None, float | None]:
    """Return the lowest and the highest alpha when one claim is left out."""
    if not _LEAST < len(units) <= _LEAVE_OUT:
        return None, None
    found = [_alpha([*units[:at], *units[at + 1 :]], distance) for at in range(len(units))]
    numbers = [one for one in found if one is not None]
    return (min(numbers), max(numbers)) if len(numbers) == len(found) else (None, None)


def _differ(one: object, other: object) -> float:
    return float(one != other)


def _number(number: float) -> str:
    return f"{round(number, 2) + 0:.2f}"


def _title(field: str) -> str:
    return _capital(FIELDS[field])


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
