"""Each flag and each gate, broken one at a time, is noticed by what is pinned here."""

from dataclasses import replace
from types import MappingProxyType

import pytest

from tests.reasoning.imagined import AIM, FALSE_AIM, case_of
from volens import positions
from volens.cases import Case
from volens.logic import MET, NOT_MET, UNCLEAR
from volens.positions import Position
from volens.reasoning import Standard, assess, judging
from volens.reasoning.rules import Fixed, Plan, plan

VIEWS = {one.id: one for one in positions.positions() if one.kind == "position"}
TESTS = {one.id: one for one in positions.positions() if one.kind == "inviter test"}
WAR = {"organised-armed-group": MET, "political-order-at-stake": MET}
STAYED = {"consent-withdrawn": MET, "left-when-asked": NOT_MET}
TREATY_ONLY = {"ad-hoc-request": NOT_MET, "request-before-arrival": NOT_MET}

#: Imagined cases, each with one thing that some position or gate turns on.
PROBES: dict[str, Case] = {
    "without a flaw": case_of(),
    "war": case_of(WAR),
    "armed group only": case_of({"organised-armed-group": MET}),
    "political contest only": case_of({"political-order-at-stake": MET}),
    "false aim": case_of(aims=(FALSE_AIM,)),
    "false aim in a war": case_of(WAR, aims=(FALSE_AIM,)),
    "protest put down": case_of({"nonviolent-protest-targeted": MET}),
    "abuse known": case_of({"abuse-known-to-senders": MET}),
    "treaty only": case_of(TREATY_ONLY),
    "no request": case_of({"ad-hoc-request": NOT_MET}),
    "withdrawn": case_of(STAYED),
    "withdrawn, with a treaty": case_of({**STAYED, "treaty-clause-covers": MET}),
    "not recognised": case_of({"recognised-government": NOT_MET}),
    "recognition open": case_of({"recognised-government": UNCLEAR}),
    "no office": case_of({"requester-head-of-state": NOT_MET}),
    "office open": case_of({"requester-head-of-state": UNCLEAR}),
    "no control": case_of({"effective-control": NOT_MET}),
    "control open": case_of({"effective-control": UNCLEAR}),
    "no mandate": case_of({"democratic-mandate": NOT_MET}),
    "mandate open": case_of({"democratic-mandate": UNCLEAR}),
    "forfeited": case_of({"protection-forfeited": MET}),
    "forfeiture open": case_of({"protection-forfeited": UNCLEAR}),
    "somebody else": case_of({"act-of-the-invited": NOT_MET}),
    "coerced": case_of({"requester-coerced": MET}),
    "too far": case_of({"acts-within-scope": NOT_MET}),
    "late": case_of({"request-before-arrival": NOT_MET}),
    "host law broken": case_of({"host-law-manifestly-broken": MET}),
    "forbidden": case_of({"council-prohibits": MET}),
    "attacked": case_of({"external-armed-attack": MET, "acts-within-scope": NOT_MET}),
    "two aims": case_of(aims=(AIM, FALSE_AIM)),
}

#: The probes that are not lawful; all others are. This is the pinned behaviour.
PINNED: dict[str, dict[str, str]] = {
    "free-consent": {},
    "abstention": {"war": "unlawful", "false aim in a war": "unlawful"},
    "purpose-based": {
        "false aim": "unlawful",
        "false aim in a war": "unlawful",
        "two aims": "unlawful",
    },
    "human-rights-bar": {"protest put down": "unlawful"},
}
ALWAYS = {
    "treaty only": "unlawful",
    "no request": "unlawful",
    "withdrawn": "unlawful",
    "withdrawn, with a treaty": "unlawful",
    "somebody else": "unlawful",
    "coerced": "unlawful",
    "too far": "unlawful",
    "late": "unlawful",
    "host law broken": "unlawful",
    "forbidden": "unlawful",
}
INVITERS: dict[str, dict[str, str]] = {
    "effective-control": {
        "no office": "unlawful",
        "office open": "undetermined",
        "no control": "unlawful",
        "control open": "undetermined",
    },
    "incumbency": {
        "no office": "unlawful",
        "office open": "undetermined",
        "not recognised": "unlawful",
    },
    "democratic-origin": {"no mandate": "unlawful", "mandate open": "undetermined"},
    "legitimacy-of-exercise": {
        "no office": "unlawful",
        "office open": "undetermined",
        "forfeited": "unlawful",
    },
}


def verdicts(view: Position, test: Position) -> dict[str, str]:
    return {
        name: assess(case, view, Standard(), inviter_test=test).verdict
        for name, case in PROBES.items()
    }


def expected(view: str, test: str) -> dict[str, str]:
    return {
        **dict.fromkeys(PROBES, "lawful"),
        **ALWAYS,
        **PINNED[view],
        **INVITERS[test],
    }


@pytest.mark.parametrize("test", TESTS)
@pytest.mark.parametrize("view", VIEWS)
def test_the_probes_are_judged_as_pinned(view: str, test: str) -> None:
    assert verdicts(VIEWS[view], TESTS[test]) == expected(view, test)


def broken_flags() -> list[tuple[str, str, dict[str, object]]]:
    """Every flag of every view, with each other value that it may have."""
    thresholds = ("none", "political contest", "armed conflict", "civil war")
    found: list[tuple[str, str, dict[str, object]]] = []
    for key, view in VIEWS.items():
        flags = view.flags
        found += [
            (key, "limit_threshold", {"limit_threshold": other})
            for other in thresholds
            if other != flags["limit_threshold"]
        ]
        if flags["purpose_test"]:
            found.append((key, "purpose_test", {"purpose_test": False}))
            found += [(key, "purpose_from", {"purpose_from": one}) for one in thresholds[1:]]
        else:
            found.append((key, "purpose_test", {"purpose_test": True, "purpose_from": "always"}))
        if flags["human_rights_bar"]:
            found.append((key, "human_rights_bar", {"human_rights_bar": False}))
            found.append(
                (key, "human_rights_asks", {"human_rights_asks": ("abuse-known-to-senders",)})
            )
        else:
            asks = {"human_rights_bar": True, "human_rights_asks": ("nonviolent-protest-targeted",)}
            found.append((key, "human_rights_bar", asks))
        found.append((key, "treaty_rule", {"treaty_rule": "suffices"}))
        found.append(
            (
                key,
                "advance_consent_revocable",
                {"treaty_rule": "suffices", "advance_consent_revocable": False},
            )
        )
    return found


@pytest.mark.parametrize(("view", "flag", "changed"), broken_flags())
def test_a_broken_flag_of_a_position_is_noticed(
    view: str, flag: str, changed: dict[str, object]
) -> None:
    broken = replace(VIEWS[view], flags=MappingProxyType({**VIEWS[view].flags, **changed}))
    assert verdicts(broken, TESTS["incumbency"]) != expected(view, "incumbency"), flag


@pytest.mark.parametrize("test", TESTS)
@pytest.mark.parametrize("flag", ["asks", "asks_none", "presumption_for_incumbent"])
def test_a_broken_flag_of_an_inviter_test_is_noticed(test: str, flag: str) -> None:
    flags = TESTS[test].flags
    if flag == "presumption_for_incumbent":
        changed: dict[str, object] = {flag: not flags[flag]}
    elif flags[flag]:
        changed = {flag: flags[flag][:-1]}  # type: ignore[index]
        if flag == "asks" and not changed[flag] and not flags["asks_none"]:
            changed["asks_none"] = ("requester-coerced",)
        if flag == "asks_none":
            changed = {flag: ()}
    else:
        changed = {flag: ("acts-within-scope",)}
    broken = replace(TESTS[test], flags=MappingProxyType({**flags, **changed}))
    assert verdicts(VIEWS["free-consent"], broken) != expected("free-consent", test)


@pytest.mark.parametrize(
    "element",
    [
        *("conduct", "existence", "free-will", "authority-to-invite", "timing", "scope"),
        *("continuity", "internal-law", "overriding-norms", "other-titles"),
    ],
)
def test_a_gate_that_stands_open_is_noticed(element: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: object) -> Plan:
        whole = plan(*arguments)  # type: ignore[arg-type]
        if element == "other-titles":
            return replace(whole, other_titles=Fixed(0))
        return replace(whole, consent={**whole.consent, element: Fixed(2)})

    monkeypatch.setattr(judging, "plan", broken)
    assert verdicts(VIEWS["free-consent"], TESTS["incumbency"]) != expected(
        "free-consent", "incumbency"
    )
