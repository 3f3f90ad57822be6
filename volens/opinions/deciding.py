"""What would decide a case, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from volens import positions as views
from volens.logic import MET, NOT_MET, UNCLEAR
from volens.opinions.words import in_order
from volens.positions import OTHER_TITLES
from volens.reasoning.judging import UNDETERMINED, Opinion, verdict

__all__ = ["decisive", "shared_and_own"]


def decisive(opinion: Opinion) -> tuple[str, ...]:
    """Return in words which elements would change the verdict, and to what."""
    return (*_opening(opinion), *_changes(opinion, opinion.decisive), *_missing(opinion))


def shared_and_own(
    opinions: Sequence[Opinion],
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Return what would decide every one of some opinions, and what each by itself."""
    effects = [{keys: _effects(one, keys) for keys in one.decisive} for one in opinions]
    common = [
        keys
        for keys, effect in effects[0].items()
        if all(other.get(keys) == effect for other in effects)
    ]
    own = []
    for one in opinions:
        rest = [keys for keys in one.decisive if keys not in common]
        own.append((*_opening(one), *_changes(one, rest), *_missing(one)))
    alike = [line for line in own[0] if all(line in lines for lines in own)]
    return (
        (*alike, *_changes(opinions[0], common)),
        tuple(tuple(line for line in lines if line not in alike) for lines in own),
    )


def _opening(opinion: Opinion) -> tuple[str, ...]:
    if not opinion.decisive:
        return ("No element does, alone or with two others.",)
    alone = any(len(keys) == 1 for keys in opinion.decisive)
    return () if alone else ("No single element does.",)


def _changes(opinion: Opinion, decisive: Iterable[frozenset[str]]) -> list[str]:
    alike: dict[tuple[tuple[str, str], ...], list[str]] = {}
    lines = []
    for keys in decisive:
        names = [f'"{views.element(key).name}"' for key in in_order(keys)]
        effects = _effects(opinion, keys)
        if len(names) == 1:
            alike.setdefault(effects, []).append(names[0])
            continue
        how_many = {2: " both"}.get(len(names), " all")
        lines.append(f"{_list(names)} together: {_if(effects, how_many)}.")
    for effects, names in alike.items():
        if len(names) == 1:
            lines.append(f"{names[0]} alone: {_if(effects)}.")
        else:
            lines.append(f"Any one of these alone, {_if(effects)}: {', '.join(names)}.")
    return lines


def _missing(opinion: Opinion) -> tuple[str, ...]:
    """Return what consent would still need, where it can still be the title."""
    consent = [step for step in opinion.steps if step.element != OTHER_TITLES]
    missing = frozenset(step.element for step in consent if step.value is UNCLEAR)
    if (
        opinion.verdict != UNDETERMINED
        or not missing
        or missing in opinion.decisive
        or any(step.value is NOT_MET for step in consent)
    ):
        return ()
    names = [f'"{views.element(key).name}"' for key in in_order(missing)]
    return (f"For consent to be the title, each of these would have to be met: {_list(names)}.",)


def _effects(opinion: Opinion, keys: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """Return which values of these elements give another verdict, and which."""
    found = []
    for target in (MET, NOT_MET):
        values = {
            step.element: target if step.element in keys else step.value for step in opinion.steps
        }
        other = values.pop(OTHER_TITLES)
        result, _ = verdict(values.values(), other)
        if result != opinion.verdict:
            found.append((target.value, result))
    return tuple(found)


def _if(effects: Iterable[tuple[str, str]], how_many: str = "") -> str:
    return ", ".join(f"if{how_many} {value}, {result}" for value, result in effects)


def _list(names: list[str]) -> str:
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)
