"""What a position makes of each principle: what can be outweighed, what not, what it leaves aside.

A lock says that nothing outweighs a principle on a view, and why. It forbids no stance: it
says what a stance in that column can do there. Locks follow from the flags of the position
and from the kind of the principle; nothing is known here of any single position.

Examples
--------
>>> [one.principle for one in standings("free-consent") if one.lock]
['prohibition-of-force', 'human-rights', 'charter-hierarchy']
>>> standing("purpose-based", "self-determination").lock
True
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from volens import doctrine, evidence
from volens.doctrine import Principle
from volens.positions import Position, positions
from volens.reasoning.judging import positions_of
from volens.references import how_far
from volens.weighing.cells import columns

__all__ = [
    "CAN",
    "LOCKED",
    "REACHES",
    "STIPULATED",
    "STIPULATED_FIRST",
    "Standing",
    "aims",
    "asks_aims",
    "called",
    "choices",
    "row",
    "standing",
    "standings",
]

#: What a principle is on a view, and what a stance in its column can do there.
CAN: Mapping[str, str] = MappingProxyType(
    {
        "bar": "Tension here is not outweighed by support elsewhere. Whether the bar is "
        "reached is settled by findings, and not by a stance.",
        "title": "Tension here is met by a legal title or not at all: no support elsewhere "
        "takes the place of one.",
        "priority": "Tension here counts once a true conflict of duties is shown; then no "
        "support elsewhere outweighs it.",
        "beside": "Tension here is not outweighed by support elsewhere, and does not touch the "
        "title: it is judged beside it and never set off against it.",
        "argument": "A stance here is one reason among others. Another reason may answer it.",
        "aside": "A stance here sets no limit of its own on this view. It stays an argument of "
        "policy, or for another view.",
    }
)
#: The names of what a principle can be on a view.
REACHES = tuple(CAN)
#: Which of them are locks.
LOCKED = ("bar", "title", "priority", "beside")
#: How far what is said of a view reaches.
STIPULATED = "as stipulated here"
#: The same where a reader meets it first.
STIPULATED_FIRST = f"{STIPULATED}, that is, as this course defines it"


@dataclass(frozen=True)
class Standing:
    """What one position makes of one principle.

    Attributes
    ----------
    principle
        Its id.
    reach
        One of :data:`REACHES`.
    why
        Why it is so on this view, in a sentence or two.
    scope
        How far the constraint reaches; empty for a principle that is none.
    """

    principle: str
    reach: str
    why: str
    scope: str

    @property
    def lock(self) -> bool:
        """Whether nothing outweighs the principle on this view."""
        return self.reach in LOCKED

    @property
    def can(self) -> str:
        """What a stance in this column can do on this view, and what not."""
        return CAN[self.reach]


def choices() -> tuple[Position, ...]:
    """Return the positions among which a student chooses before weighing."""
    return tuple(one for one in positions() if one.kind == "position")


def called(view: Position) -> str:
    """Return a position as a sentence names it.

    Examples
    --------
    >>> called(choices()[0])
    '"Free consent of the government" (S1)'
    """
    return f'"{view.name}" ({view.ref})'


def standings(key: Position | str) -> tuple[Standing, ...]:
    """Return what a position makes of each principle that is weighed, in their order.

    Parameters
    ----------
    key
        A position, its id or its code.

    Raises
    ------
    ReasoningError
        If it is of another kind, such as an inviter test.
    UnknownDoctrineError
        If there is no such position.
    """
    view = positions_of("position", key)
    return tuple(_standing(view, one) for one in columns())


def standing(key: Position | str, principle: str) -> Standing:
    """Return what a position makes of one principle.

    Examples
    --------
    >>> standing("free-consent", "self-determination").reach
    'aside'
    """
    return _standing(positions_of("position", key), doctrine.principle(principle))


def aims(key: Position | str) -> str:
    """Return what a position makes of the purposes, which are the rows of the board.

    Examples
    --------
    >>> aims("free-consent").split(".")[0]
    'What the help is for is not asked on this view, as stipulated here'
    """
    view = positions_of("position", key)
    if asks_aims(view):
        return (
            "What the help is for is asked on this view: whether an aim is distinct from the "
            "political contest, borne out by the facts, and in truth pursued."
        )
    asked = f"What the help is for is not asked on this view, {STIPULATED}."
    if _asks_of_protest(view):
        asked = (
            f"The stated aims are not tested one by one on this view, {STIPULATED}. One thing is "
            "asked: whether the help served to put down nonviolent protest."
        )
    return f"{asked} An aim that is written into the consent still limits what the consent covers."


def asks_aims(key: Position | str) -> bool:
    """Return whether a position asks what the help is for."""
    return bool(positions_of("position", key).flags["purpose_test"])


def row(key: Position | str, purpose: str) -> str:
    """Return what a position makes of one purpose; empty where it says nothing of its own.

    Parameters
    ----------
    key
        A position, its id or its code.
    purpose
        A purpose, by its slug or its code.

    Examples
    --------
    >>> row("purpose-based", "regime-support")
    'This is the aim that the view excludes.'
    """
    if not asks_aims(key):
        return ""
    found = doctrine.purpose(purpose)
    if not found.avowed:
        return "This is the aim that the view excludes."
    return {
        "no": "It does not count as an aim here: it is a title of its own, asked elsewhere, "
        "or an assurance and no aim.",
        "disputed": "Whether it counts as an aim of its own is disputed: it may be the very help "
        "that the view excludes.",
    }.get(found.counts_as_aim, "")


def _standing(view: Position, principle: Principle) -> Standing:
    rule = _RULES.get(principle.id, _of_its_kind)
    reach, why = rule(view, principle)
    return Standing(principle.id, reach, why, principle.constraint_scope)


_Said = tuple[str, str]
_PROTEST = "nonviolent-protest-targeted"
_BARRED = {
    "abuse-known-to-senders": "help for those of whom it is known that they abuse people",
    _PROTEST: "help that serves to put down nonviolent protest",
}


def _of_its_kind(_view: Position, principle: Principle) -> _Said:
    """Say of a principle for which no flag speaks what its kind says."""
    if principle.kind == "constraint":
        return "bar", f"It is a constraint: {principle.constraint_scope}"
    return "argument", "The view takes no side of its own on it."


def _self_determination(view: Position, _principle: Principle) -> _Said:
    flags = view.flags
    if not flags["self_determination_limit"]:
        return "aside", (
            "Self-determination does not limit what a government may invite on this view. Where "
            "its peremptory rank is beyond dispute, it is asked on every view among the norms "
            "that consent cannot lift."
        )
    ways = []
    if flags["limit_threshold"] != "none":
        ways.append(
            f"it works through the line of {flags['limit_threshold']}: from there on no request "
            "is a title"
        )
    if flags["purpose_test"]:
        ways.append("nobody can be invited to decide by force who rules, so the aim is asked")
    if flags["human_rights_bar"]:
        ways.append(
            "the people's choice is not the government's to give away, so it cannot invite "
            f"{_barred(view)}"
        )
    how = f"; {'; '.join(ways)}" if ways else ""
    return "bar", (
        f"Self-determination limits what a government may invite on this view{how}. The lock "
        "rests on whose right it is, not on peremptory rank, which is disputed."
    )


def _prohibition_of_force(view: Position, _principle: Principle) -> _Said:
    flags = view.flags
    defeated = flags["purpose_test"] or flags["limit_threshold"] != "none"
    return "title", (
        "Force without a legal title is barred on every view here, and no good aim lifts that. "
        "Whether force with valid consent touches the norm at all, or consent is a defence to "
        "it, is another question, which this view does not settle."
        + (
            " A holder of this view could add that force against self-determination is at odds "
            "with a purpose of the Charter (article 2(4)) even when invited; the course puts "
            "this down to nobody."
            if defeated
            else ""
        )
    )


def _human_rights(view: Position, _principle: Principle) -> _Said:
    if view.flags["human_rights_bar"]:
        return "bar", (
            f"On this view consent does not cover {_barred(view)}, so that rights can undo the "
            "title itself. What the forces do is judged beside that."
        )
    return "beside", (
        f"Rights bind whatever the aim. On this view, {STIPULATED}, abuse does not undo the title."
        f"{_other_reading(view)} Abuse is judged beside the title, as the responsibility of those "
        "who did it and, on conditions that are disputed, of those who aided it."
    )


def _other_reading(view: Position) -> str:
    """Say which reading would let abuse undo the title, where self-determination is a limit."""
    bars = [f'"{one.name}"' for one in choices() if one.flags["human_rights_bar"]]
    if not view.flags["self_determination_limit"] or not bars:
        return ""
    read = how_far(evidence.row("authorities", "idi-rhodes-3"))
    return (
        " One reading of article 3 of the Institut's Rhodes resolution, as de Wet sets it out, "
        f"would let it (own text read: {read}); see {' or '.join(bars)}."
    )


def _asks_of_protest(view: Position) -> bool:
    """Return whether the bar of a view asks if the help served to put down nonviolent protest."""
    return bool(view.flags["human_rights_bar"]) and _BARRED[_PROTEST] in _barred(view)


def _barred(view: Position) -> str:
    """Say what help the bar of a view asks about."""
    asks = view.flags["human_rights_asks"]
    facts = asks if isinstance(asks, tuple) else (str(asks),)
    return " or ".join(_BARRED.get(fact, fact.replace("-", " ")) for fact in facts)


def _charter_hierarchy(view: Position, _principle: Principle) -> _Said:
    flags = view.flags
    if not flags["self_determination_limit"]:
        return "priority", (
            "It is a rule of priority between duties. On this view self-determination makes no "
            "conflict once consent is valid. A Council decision that forbids the help can "
            "conflict with a treaty duty to give it; that is asked on every view."
        )
    if flags["purpose_test"] or flags["limit_threshold"] != "none":
        return "priority", (
            "It is a rule of priority. On this view a duty to help a government in an internal "
            "contest may conflict with the purposes of the Charter; the conflict has to be shown."
        )
    return "priority", (
        "It is a rule of priority between duties, for which a conflict has to be shown. The view "
        "says nothing of its own on it."
    )


def _non_intervention(view: Position, _principle: Principle) -> _Said:
    flags = view.flags
    if not flags["self_determination_limit"]:
        return "aside", "Where a government freely asks, nobody is coerced on this view."
    if flags["purpose_test"] or flags["limit_threshold"] != "none":
        return "argument", (
            "On this view force from outside may coerce the people or its political process, "
            "although the government agrees."
        )
    if _asks_of_protest(view):
        return "argument", (
            "On this view help in crushing nonviolent protest intervenes in the people's affairs "
            "although the government agrees."
        )
    return "argument", "The view says nothing of its own on it."


def _territorial_integrity(_view: Position, _principle: Principle) -> _Said:
    return "argument", (
        "Presence by valid consent that the host can end leaves it intact on every view here. "
        "What overstaying amounts to is where readings part."
    )


def _peaceful_settlement(_view: Position, _principle: Principle) -> _Said:
    return "argument", (
        "The duty lies between States. Some count dialogue at home as a sign of good faith, "
        "others leave it out."
    )


_RULES: Mapping[str, Callable[[Position, Principle], _Said]] = MappingProxyType(
    {
        "charter-hierarchy": _charter_hierarchy,
        "human-rights": _human_rights,
        "non-intervention": _non_intervention,
        "peaceful-settlement": _peaceful_settlement,
        "prohibition-of-force": _prohibition_of_force,
        "self-determination": _self_determination,
        "territorial-integrity": _territorial_integrity,
    }
)
