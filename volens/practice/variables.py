"""By what the incidents can be filtered and grouped, and what counts as a gap.

A gap is not a value: the record does not say. It stays in every table as a row or a column
of its own. "Contested" is no gap: it is what the record says.

Examples
--------
>>> variable("unsc_reaction").name
'Reaction of the Security Council'
>>> [option.name for option in variable("ended").options if option.gap]
['not known']
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from volens import codebook, evidence
from volens.errors import PracticeError

__all__ = [
    "CONTESTED",
    "LEFT_OUT",
    "NONE",
    "SPEAKERS",
    "Option",
    "Variable",
    "variable",
    "variables",
]

#: The value that says that the record is split; it is no gap.
CONTESTED = "contested"
_UNKNOWN = "not known"
_NONE_FOUND = "none on record"


@dataclass(frozen=True)
class Option:
    """One value that a variable may have, in words.

    Attributes
    ----------
    id
        As it stands in the table.
    name
        How it is called on screen.
    gap
        Why this is no value ("not known", "none on record"); empty where it is one.
    """

    id: str
    name: str
    gap: str = ""


#: An incident of which no purpose, by the speakers chosen, is on record.
NONE = Option(_NONE_FOUND, "none on record", _NONE_FOUND)
#: An incident whose only purposes on record were left out by the query.
LEFT_OUT = Option("left out", "only of low confidence, left out", "left out by the query")

#: Whose words a stated purpose is.
SPEAKERS: tuple[Option, ...] = (
    Option("requester", "requesting State (or whoever asked)"),
    Option("intervener", "intervening State"),
    Option("organisation", "organisation"),
    Option("not separated", "speakers not separated in the record"),
)


@dataclass(frozen=True)
class Variable:
    """Something by which incidents are filtered or grouped.

    Attributes
    ----------
    id
        The column of the table of incidents; ``period``, ``purpose`` and ``stated_by`` are
        computed from other cells.
    name
        How it is called on screen.
    group
        Under which heading it stands there.
    options
        Its values, in a fixed order.
    multiple
        Whether one incident may have several.
    filters
        Whether incidents may be chosen by it.
    caution
        What to bear in mind when counting by it; may be empty.
    """

    id: str
    name: str
    group: str
    options: tuple[Option, ...]
    multiple: bool = False
    filters: bool = True
    caution: str = ""

    def option(self, key: str) -> Option:
        """Return one of the values.

        Raises
        ------
        PracticeError
            If the variable has no such value.
        """
        for option in (*self.options, LEFT_OUT):
            if option.id == key:
                return option
        known = ", ".join(f'"{option.id}"' for option in self.options)
        raise PracticeError(f'`{self.id}` has no value "{key}". It has: {known}.')

    @property
    def about(self) -> str:
        """How the variable is coded, in the words of the codebook."""
        return _described(self.id)


def variables() -> tuple[Variable, ...]:
    """Return all variables, in the order of the screen.

    Examples
    --------
    >>> [one.id for one in variables() if one.multiple]
    ['request_form', 'purpose', 'stated_by', 'legal_basis_invoked', 'armed_opposition']
    """
    return tuple(_variables().values())


def variable(key: str) -> Variable:
    """Return one variable.

    Raises
    ------
    PracticeError
        If there is no such variable.
    """
    try:
        return _variables()[key]
    except KeyError:
        raise PracticeError(
            f"There is no variable `{key}`. The variables are: {', '.join(_variables())}."
        ) from None


@cache
def _variables() -> Mapping[str, Variable]:
    found = (*_when_and_where(), *_the_request(), *_reasons(), *_what_followed(), *_the_record())
    return MappingProxyType({one.id: one for one in found})


def _options(
    words: Mapping[str, str], *, gaps: Mapping[str, str] | None = None
) -> tuple[Option, ...]:
    gaps = gaps or {}
    return tuple(Option(key, name, gaps.get(key, "")) for key, name in words.items())


def _when_and_where() -> tuple[Variable, ...]:
    group = "When and where"
    regions = next(one for one in codebook.table("incidents").columns if one.name == "region")
    return (
        Variable(
            "era",
            "Era",
            group,
            _options({"post-cold-war": "since 1990", "cold-war": "Cold War, for reference"}),
        ),
        Variable(
            "period",
            "Decade of the start",
            group,
            _options(
                {
                    "before 1990": "before 1990",
                    "1990s": "1990s",
                    "2000s": "2000s",
                    "2010s": "2010s",
                    "2020s": "2020 to 2024",
                }
            ),
        ),
        Variable("region", "Region", group, tuple(Option(one, one) for one in regions.choices)),
    )


def _the_request() -> tuple[Variable, ...]:
    return (
        Variable(
            "case_type",
            "Type of case",
            "The request",
            _options(
                {
                    "intervention": "force came, consent was claimed",
                    "request-unmet": "request not met",
                    "planned-not-executed": "planned, not executed",
                    "comparator": "for contrast: against the recognised government",
                }
            ),
        ),
        Variable(
            "requesting_office",
            "Office of whoever asked",
            "The request",
            _options(
                {
                    "head-of-state": "head of State",
                    "head-of-government": "head of government",
                    "foreign-minister": "foreign minister",
                    "other-minister-or-official": "other minister or official",
                    "head-of-state-in-exile-or-detained": "head of State in exile or detained",
                    "interim-authority": "interim authority",
                    "legislature": "legislature",
                    "challenger-or-rival": "challenger or rival",
                    "none": "nobody asked",
                }
            ),
        ),
        Variable(
            "request_form",
            "Form of the request",
            "The request",
            _options(
                {
                    "letter": "letter",
                    "public-statement": "public statement",
                    "treaty": "treaty or memorandum",
                    "sc-letter": "in a document of the Security Council",
                    "unknown": "not known",
                },
                gaps={"unknown": _UNKNOWN},
            ),
            multiple=True,
        ),
        Variable(
            "request_seen",
            "Request stated on a page that was read",
            "The request",
            _options({"yes": "yes", "no": "no"}),
            caution="A page that states the request need not be the text of the request.",
        ),
        Variable(
            "request_date_kind",
            "Date of the request",
            "The request",
            _options(
                {
                    "request": "date of a request",
                    "agreement": "date of an agreement",
                    _NONE_FOUND: "none on record",
                },
                gaps={_NONE_FOUND: _NONE_FOUND},
            ),
        ),
        *_whoever_asked(),
    )


def _whoever_asked() -> tuple[Variable, ...]:
    group = "Whoever asked"

    def standing(yes: str, no: str) -> tuple[Option, ...]:
        words = {"yes": yes, CONTESTED: CONTESTED, "no": no, _UNKNOWN: _UNKNOWN}
        return _options(words, gaps={_UNKNOWN: _UNKNOWN})

    return (
        Variable(
            "requester_in_effective_control",
            "Effective control",
            group,
            standing("in control", "not in control"),
            caution="Effective control is a judgement of one coder, at the time of the request.",
        ),
        Variable(
            "requester_internationally_recognised",
            "International recognition",
            group,
            standing("recognised", "not recognised"),
        ),
        Variable(
            "requester_democratically_elected",
            "Democratic election",
            group,
            standing("elected", "not elected"),
            caution="Democratic election is the softest column of the table. It was not checked "
            "in the second reading.",
        ),
    )


def _reasons() -> tuple[Variable, ...]:
    group = "Reasons and opponents"
    words = "A purpose is what somebody said. It says nothing of motives."
    return (
        Variable("purpose", "Purpose stated", group, _purposes(), multiple=True, caution=words),
        Variable(
            "stated_by",
            "Who stated a purpose",
            group,
            (*SPEAKERS, NONE),
            multiple=True,
            filters=False,
            caution=words,
        ),
        Variable(
            "legal_basis_invoked",
            "Legal basis invoked",
            group,
            _options(
                {
                    "consent": "consent",
                    "art-51-individual": "individual self-defence (Charter, art 51)",
                    "art-51-collective": "collective self-defence (Charter, art 51)",
                    "unsc-resolution": "resolution of the Security Council",
                    "regional-treaty": "regional treaty",
                    "bilateral-treaty": "bilateral treaty",
                    "other": "other",
                    "none-stated": "none was stated",
                }
            ),
            multiple=True,
            caution="Nearly every incident has consent as a legal basis, because that is how it "
            "came into the table. Never count it.",
        ),
        Variable(
            "armed_opposition",
            "Armed opposition, in part as claimed",
            group,
            _options(
                {
                    "riots-protests": "riots or protests",
                    "insurgency": "insurgency",
                    "civil-war": "civil war",
                    "terrorist-group": "terrorist group",
                    "coup-makers": "coup-makers or mutineers",
                    "foreign-force": "foreign force",
                    "none": "none",
                }
            ),
            multiple=True,
            caution="Armed opposition describes the situation, in part as the parties claimed it.",
        ),
    )


def _purposes() -> tuple[Option, ...]:
    """Return the purposes of Hasar's list, then others that the incidents have."""
    used = {row.purpose for row in evidence.rows("incident_purposes")}
    found = [
        Option(row.id, f"{row.label}{'' if row.origin == 'hasar-2022' else ' (added here)'}")
        for row in evidence.rows("claim_codes")
        if row.kind == "purpose" and (row.origin == "hasar-2022" or row.id in used)
    ]
    return (*found, NONE)


def _what_followed() -> tuple[Variable, ...]:
    group = "What followed"
    return (
        Variable(
            "unsc_reaction",
            "Reaction of the Security Council",
            group,
            _options(
                {
                    "authorised": "authorised",
                    "endorsed": "endorsed",
                    "noted": "noted without judgement",
                    "silent": "silent on the force",
                    "criticised": "criticised",
                    "vetoed": "draft on it vetoed",
                    "none": "none on record",
                },
                gaps={"none": _NONE_FOUND},
            ),
            caution="“None on record” for the Security Council means that no formal outcome is "
            "known. It does not show that there was none. This is the weakest of the checked "
            "columns.",
        ),
        Variable(
            "ended",
            "Outcome: whether it has ended",
            group,
            _options(
                {
                    "ended": "ended",
                    "continuing": "continuing at the close of 2024",
                    "unknown": "not known",
                },
                gaps={"unknown": _UNKNOWN},
            ),
            caution="How an incident went on is told in one line of free text. That line is not "
            "coded, so only whether it has ended can be counted.",
        ),
    )


def _the_record() -> tuple[Variable, ...]:
    group = "The record"
    return (
        Variable(
            "confidence",
            "Confidence in the row",
            group,
            _options({"high": "high", "medium": "medium", "low": "low"}),
        ),
        Variable(
            "checked",
            "Second reading",
            group,
            _options({"spot-checked": "spot-checked", "not spot-checked": "not spot-checked"}),
            filters=False,
            caution="Spot-checked does not mean confirmed: many cells could not be settled.",
        ),
        Variable(
            "named_by_hasar",
            "Named in Hasar's post of 2022",
            group,
            _options({"yes": "named", "no": "not named"}),
            caution="Hasar's book treats more incidents. Its list was not seen.",
        ),
    )


def _described(key: str) -> str:
    columns = {
        "period": ("incidents", "start_date"),
        "purpose": ("incident_purposes", "purpose"),
        "stated_by": ("incident_purposes", "stated_by"),
    }
    table, column = columns.get(key, ("incidents", key))
    return next(one.description for one in codebook.table(table).columns if one.name == column)
