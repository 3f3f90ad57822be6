"""The keys of a3: what the course's engine says of the stories that the prompts tell.

Each story is translated here into what it says of the findings. The sentence that decides
stands beside it, so that a story that changes fails until somebody has read it again.
"""

import ast
import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest

from tests.checkout import ROOT, read_notebook, text
from tests.reasoning.imagined import case_of
from volens import positions
from volens.grading.notebooks import solutions
from volens.logic import MET, NOT_MET, UNCLEAR, Value
from volens.reasoning import Opinion, assess
from volens.reasoning.rules import answer, plan

NOTEBOOK = ROOT / "source" / "a3-consent" / "a3-consent.ipynb"
#: A gate of the engine as the notebook calls it, in order.
GATES = {
    "existence": "a request exists",
    "free-will": "freely given",
    "authority-to-invite": "an organ that speaks for the State",
    "timing": "before or with entry",
    "scope": "within what was asked",
    "continuity": "not withdrawn",
}
POSITIONS = [one.id for one in positions.positions() if one.kind == "position"]
TITLES = {"consent": "title", "none": "no title", "open": "undetermined"}


@dataclass(frozen=True)
class Story:
    """What a story says.

    Attributes
    ----------
    decides
        The sentence on which it turns.
    findings
        Finding to value, where it is another than in a case without any doubt.
    tests
        The inviter tests on which it is judged: the one that it names, or both.
    """

    decides: str
    findings: Mapping[str, Value] = field(default_factory=dict)
    tests: tuple[str, ...] = ("incumbency", "effective-control")


STORIES = {
    "V1": Story("A month later a newspaper prints the letter", {"request-text-public": NOT_MET}),
    "V2": Story("before anybody has asked for them", {"request-before-arrival": NOT_MET}),
    "V3": Story("no paper shows whether he did", {"requester-head-of-state": UNCLEAR}),
    "V4": Story("or our bombers fly", {"requester-coerced": MET}),
    "V5": Story(
        "Every State still receives the President's envoys",
        {"effective-control": NOT_MET},
        ("incumbency",),
    ),
    "V6": Story(
        "who acts as head of government",
        {"recognised-government": NOT_MET, "democratic-mandate": NOT_MET},
        ("effective-control",),
    ),
    "V7": Story("Nobody in Harvonia has agreed to that", {"acts-within-scope": NOT_MET}),
    "V8": Story("Whether the letter speaks of railways", {"acts-within-scope": UNCLEAR}),
    "V9": Story(
        "neither agrees nor objects",
        {"ad-hoc-request": UNCLEAR, "request-before-arrival": UNCLEAR},
    ),
    "V10": Story(
        "Nobody had asked by then",
        {"ad-hoc-request": UNCLEAR, "request-before-arrival": NOT_MET},
    ),
    "V11": Story(
        "says that Harvonia has asked nobody",
        {
            "ad-hoc-request": NOT_MET,
            "request-before-arrival": NOT_MET,
            "treaty-clause-covers": MET,
        },
    ),
    "V12": Story(
        "On day 60 they are still there",
        {
            "consent-withdrawn": MET,
            "left-when-asked": NOT_MET,
            "sending-parliament-agreed": NOT_MET,
        },
    ),
}
#: Who asks in question 3: whether they control the country, and are recognised.
PEOPLE = {
    "R1": (NOT_MET, MET),
    "R2": (MET, NOT_MET),
    "R3": (MET, MET),
    "R4": (UNCLEAR, MET),
    "R5": (MET, NOT_MET),
    "R6": (MET, UNCLEAR),
}


@cache
def key() -> Mapping[str, Any]:
    """The solutions, which are the keys: the proof of the marks holds them together."""
    return solutions(read_notebook(NOTEBOOK))


@cache
def cell(name: str) -> str:
    """A cell of the notebook by its id."""
    found = next(one for one in read_notebook(NOTEBOOK)["cells"] if one["id"] == name)
    return text(found)


def judged(
    findings: Mapping[str, Value], position: str = "free-consent", inviter: str = "incumbency"
) -> Opinion:
    return assess(case_of(findings), position, inviter_test=inviter)


def gate_that_decides(opinion: Opinion) -> str:
    values = {name: opinion.step(element).value for element, name in GATES.items()}
    for wanted in (NOT_MET, UNCLEAR):
        for name, value in values.items():
            if value is wanted:
                return name
    return "all are met"


def test_the_stories_are_those_of_the_notebook() -> None:
    told = re.findall(r"^> \*\*(V\d+)\. .*$", cell("gates-stories"), re.MULTILINE)

    assert told == list(STORIES)


@pytest.mark.parametrize("story", STORIES)
def test_the_sentence_on_which_a_story_turns_is_in_it(story: str) -> None:
    line = next(line for line in cell("gates-stories").splitlines() if f"**{story}. " in line)

    assert STORIES[story].decides in line
    for test in STORIES[story].tests if len(STORIES[story].tests) == 1 else ():
        assert f"**Inviter test: {test.replace('-', ' ')}." in line


@pytest.mark.parametrize("position", POSITIONS)
@pytest.mark.parametrize("story", STORIES)
def test_the_gate_and_the_title_are_those_of_the_engine_on_every_position(
    story: str, position: str
) -> None:
    for inviter in STORIES[story].tests:
        opinion = judged(STORIES[story].findings, position, inviter)

        assert gate_that_decides(opinion) == key()["gates_table"][story]["gate"]
        assert TITLES[opinion.title] == key()["gates_table"][story]["title"]


@pytest.mark.parametrize("story", ["V5", "V6"])
def test_on_the_other_inviter_test_the_story_ends_differently(story: str) -> None:
    (named,) = STORIES[story].tests
    other = {"incumbency": "effective-control", "effective-control": "incumbency"}[named]

    assert judged(STORIES[story].findings, inviter=named).title == "consent"
    assert judged(STORIES[story].findings, inviter=other).title == "none"


@pytest.mark.parametrize("person", PEOPLE)
def test_each_inviter_test_says_what_the_engine_says(person: str) -> None:
    control, recognised = PEOPLE[person]
    findings = {"effective-control": control, "recognised-government": recognised}

    for column, given in key()["two_tests"][person].items():
        opinion = judged(findings, inviter=column.replace(" ", "-"))

        assert opinion.step("authority-to-invite").value.value == given


def test_the_rows_of_question_4_end_as_the_engine_ends() -> None:
    by_letter = {"met": MET, "not met": NOT_MET, "unclear": UNCLEAR}
    by_gate: tuple[dict[Value, dict[str, Value]], ...] = (
        {value: {"ad-hoc-request": value} for value in by_letter.values()},
        {MET: {}, NOT_MET: {"requester-coerced": MET}, UNCLEAR: {"requester-coerced": UNCLEAR}},
        {value: {"requester-head-of-state": value} for value in by_letter.values()},
        {value: {"request-before-arrival": value} for value in by_letter.values()},
        {value: {"acts-within-scope": value} for value in by_letter.values()},
        {
            MET: {},
            NOT_MET: {"consent-withdrawn": MET, "left-when-asked": NOT_MET},
            UNCLEAR: {"consent-withdrawn": UNCLEAR, "left-when-asked": NOT_MET},
        },
    )
    rows = re.findall(r"^\| \*\*(row \w+)\*\* \| (.*) \|$", cell("outcomes"), re.MULTILINE)

    assert [name for name, _ in rows] == list(key()["outcomes"])
    for name, line in rows:
        values = [by_letter[word] for word in line.split(" | ")]
        findings: dict[str, Value] = {}
        for said, value in zip(by_gate, values, strict=True):
            findings |= said[value]

        assert TITLES[judged(findings).title] == key()["outcomes"][name], name


def test_the_signs_in_the_test_cell_are_the_rows_of_the_prompt() -> None:
    rows = re.findall(r"^\| \*\*(row \w+)\*\* \| (.*) \|$", cell("outcomes"), re.MULTILINE)
    signs = next(
        ast.literal_eval(node.value)
        for node in ast.parse(cell("outcomes-test")).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "rows"
    )

    assert signs == {name: "".join(word[0] for word in line.split(" | ")) for name, line in rows}


def test_every_case_that_can_occur_lies_in_the_group_of_one_row() -> None:
    """The table and the function are worth the same only if no case is left out."""
    hidden = cell("outcomes-test")
    loop = hidden[hidden.index("        passed, shut, unknown") : hidden.index("        pairs = ")]
    code = compile("\n".join(line[8:] for line in loop.splitlines()), "<groups>", "exec")
    found: dict[str, set[str]] = {}
    for signs in map("".join, itertools.product("mnu", repeat=6)):
        inside: dict[str, str] = {"signs": signs}
        exec(code, inside)
        found.setdefault(inside["group"], set()).add(signs)
        expected = "no title" if "n" in signs else "undetermined" if "u" in signs else "title"

        assert inside["right"] == expected == key()["outcomes"][inside["group"]]
    assert set(found) == set(key()["outcomes"])
    assert sum(map(len, found.values())) == 3**6


def test_days_follow_from_the_rules() -> None:
    story = cell("presence-story")
    day = {
        event: date.fromisoformat(when)
        for when, event in re.findall(r"^> - ([\d-]+): ([^.:]+)", story, re.MULTILINE)
    }
    first = date(2030, 3, 5)
    left_by = day["The President writes to Sendria"] + timedelta(days=10)
    treaty, came = date(2030, 12, 31), date(2029, 6, 1)
    days = {
        "advance party": (
            max(first, day["The advance party enters"]),
            min(day["The advance party goes home"], left_by),
        ),
        "guards": (
            max(first, day["The guards enter"]),
            min(day["The guards go home"], date(2030, 6, 30), left_by),
        ),
        "mine clearers": (
            max(first, day["The mine clearers enter"]),
            day["The navy of Harvonia declares the harbour clear"],
        ),
        "medics": (
            max(first, day["The medics enter"]),
            min(day["The medics go home"], day["The medics enter"] + timedelta(days=29)),
        ),
        "radar crew, four positions": (came, left_by),
        "radar crew, treaty binds": (came, treaty),
    }

    for named in (first, treaty, came):
        assert named.isoformat() in story
    assert key()["presence"] == {
        unit: {"from": begins.isoformat(), "until": ends.isoformat()}
        for unit, (begins, ends) in days.items()
    }


def test_a_treaty_outlasts_a_withdrawal_only_where_it_binds() -> None:
    stays = {"consent-withdrawn": 2, "left-when-asked": 0, "treaty-clause-covers": 2}
    incumbency = positions.position("incumbency")
    four = [positions.position(name) for name in POSITIONS]
    flags = {"treaty_rule": "suffices", "advance_consent_revocable": False}
    binds = replace(four[0], flags={**four[0].flags, **flags})

    for one in four:
        assert answer(plan(one, incumbency, (), "all").consent["continuity"], stays) == 0
    assert answer(plan(binds, incumbency, (), "all").consent["continuity"], stays) == 2
