"""The keys of a4: what the course's engine says of the cases that the prompts tell.

Each sentence of the Northland case and of its variations is translated here, once, into
findings. A case is built from the sentences that stand in the notebook, so that a prompt
that changes fails until somebody has read the new sentence.
"""

import ast
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any

import pytest

from tests.checkout import ROOT, read_notebook, text
from tests.reasoning.imagined import AIM, case_of
from volens import evidence, positions
from volens.cases import Aim, Answer, Case, Finding, Known
from volens.logic import MET, NOT_MET, UNCLEAR, Value
from volens.reasoning import Opinion, Standard, assess, pivotal, sensitivity

NOTEBOOK = ROOT / "source" / "a4-schools" / "a4-schools.ipynb"
#: A position, or an inviter test, as the notebook calls it.
POSITIONS = {
    "free consent": "free-consent",
    "abstention": "abstention",
    "purpose-based": "purpose-based",
    "human rights bar": "human-rights-bar",
}
TESTS = {
    "incumbency": "incumbency",
    "effective control": "effective-control",
    "democratic origin": "democratic-origin",
    "legitimacy of exercise": "legitimacy-of-exercise",
}
BURDENS = {
    "against nobody": "none",
    "against those who came": "intervener",
    "against those who complain": "complainant",
}
#: A step as the notebook calls it.
STEPS = {
    "existence": "request",
    "free-will": "free will",
    "authority-to-invite": "authority",
    "timing": "time",
    "scope": "limits",
    "continuity": "withdrawal",
    "civil-war-limit": "civil war",
    "overriding-norms": "Council",
    "other-titles": "another title",
}
#: The days of question 3; the inquiry speaks on day fifty.
DAY_TEN, DAY_FIFTY = date(2000, 1, 10), date(2000, 2, 19)


@dataclass(frozen=True)
class Told:
    """What a sentence of a prompt says, in findings.

    Attributes
    ----------
    findings
        Finding to value.
    of_aim
        What it says of the one aim that the Northland case names.
    aims
        All the aims, where it names others; or one more, with ``more``.
    more
        Whether ``aims`` come beside those that are there.
    why
        Why what is unclear is so.
    known
        What was known earlier.
    """

    findings: Mapping[str, Value] = field(default_factory=dict)
    of_aim: Mapping[str, Value] = field(default_factory=dict)
    aims: tuple[Aim, ...] = ()
    more: bool = False
    why: str = "no evidence"
    known: Mapping[str, tuple[Known, ...]] = field(default_factory=dict)


def named(key: str, *, viable: Value, pursued: Value, predominant: bool = False) -> Aim:
    """An aim that was stated."""
    return replace(AIM, id=key, viable=viable, pursued=pursued, predominant=predominant)


SITES = named("protect-infrastructure", viable=MET, pursued=MET)
FOREIGN = named("shield-from-foreign-gangs", viable=NOT_MET, pursued=NOT_MET)
PARTY = named("regime-support", viable=MET, pursued=MET, predominant=True)
BAND = named("counter-terrorism", viable=UNCLEAR, pursued=MET, predominant=True)
WORKERS = named("rescue-of-nationals", viable=NOT_MET, pursued=NOT_MET)
DISAGREE = "conflicting evidence"

SAYS: Mapping[str, Told] = {
    # The Northland case.
    "There is unrest in Northland.": Told(),
    "The President, who is Head of State and in office, asks Kestria for soldiers in a letter.": (
        Told({"ad-hoc-request": MET, "requester-head-of-state": MET})
    ),
    "Nobody forces him to write.": Told({"requester-coerced": NOT_MET}),
    "Other States recognise his government.": Told({"recognised-government": MET}),
    "It controls the country.": Told({"effective-control": MET}),
    "It won a genuine vote.": Told({"democratic-mandate": MET}),
    "It has not turned on its people.": Told({"protection-forfeited": NOT_MET}),
    "The soldiers come after the letter.": Told({"request-before-arrival": MET}),
    "They are Kestria's own.": Told({"act-of-the-invited": MET}),
    "They do what the letter asks and no more.": Told({"acts-within-scope": MET}),
    "Northland does not withdraw its consent.": Told({"consent-withdrawn": NOT_MET}),
    "After a month the soldiers leave.": Told(),
    "The letter names one aim, to guard power stations.": Told(aims=(SITES,)),
    "The stations are in real danger.": Told(of_aim={"viable": MET}),
    "The soldiers in fact guard them.": Told(of_aim={"pursued": MET}),
    "The unrest is looting.": Told(),
    "No organised armed group fights the army.": Told({"organised-armed-group": NOT_MET}),
    "Who governs is not at stake.": Told({"political-order-at-stake": NOT_MET}),
    "The help does not serve to put down a nonviolent protest.": Told(
        {"nonviolent-protest-targeted": NOT_MET}
    ),
    "Nobody attacks Northland from outside.": Told({"external-armed-attack": NOT_MET}),
    "The Security Council neither authorises the help nor forbids it.": Told(
        {"council-authorised": NOT_MET, "council-prohibits": NOT_MET}
    ),
    "Nothing else is found that would override consent, and Northland's own law is not broken.": (
        Told({"other-norm-overrides": NOT_MET, "host-law-manifestly-broken": NOT_MET})
    ),
    # Variations.
    "Nothing.": Told(),
    "An organised armed group fights the army.": Told({"organised-armed-group": MET}),
    "An organised armed group fights the army for months.": Told({"organised-armed-group": MET}),
    "It fights over who governs.": Told({"political-order-at-stake": MET}),
    "Who governs is at stake.": Told({"political-order-at-stake": MET}),
    "Whether it fights over who governs is not known.": Told({"political-order-at-stake": UNCLEAR}),
    "The letter names a second aim, to keep out fighters from a third State.": Told(
        aims=(FOREIGN,), more=True
    ),
    "There are no such fighters, and nobody looks for any.": Told(),
    "The letter names one aim only, to keep the President's party in power against its "
    "opponents.": Told(aims=(PARTY,)),
    "The soldiers do that.": Told(),
    "They put down the opponents' protest in the squares.": Told(),
    "Whether it is nonviolent, witnesses disagree.": Told(
        {"nonviolent-protest-targeted": UNCLEAR}, why=DISAGREE
    ),
    "Whether a protest that the help put down was nonviolent, witnesses disagree.": Told(
        {"nonviolent-protest-targeted": UNCLEAR}, why=DISAGREE
    ),
    "The soldiers come a day before the letter.": Told({"request-before-arrival": NOT_MET}),
    "The soldiers come before the letter.": Told({"request-before-arrival": NOT_MET}),
    "Nobody had agreed to it before.": Told(),
    "Afterwards the President thanks them.": Told(),
    "It is their coming that is judged.": Told(),
    "Whether the stations are in danger is not known either.": Told(of_aim={"viable": UNCLEAR}),
    "Whether the stations are in danger is not known.": Told(of_aim={"viable": UNCLEAR}),
    "The stations are in no danger.": Told(of_aim={"viable": NOT_MET}),
    "The soldiers at the stations relieve the police there, who then put down a nonviolent "
    "protest.": Told(),
    "The help serves to put it down.": Told({"nonviolent-protest-targeted": MET}),
    "The help serves to put down a nonviolent protest.": Told({"nonviolent-protest-targeted": MET}),
    "Whether the President was forced to write is not known.": Told({"requester-coerced": UNCLEAR}),
    "The President is forced to write.": Told({"requester-coerced": MET}),
    "The government lost nearly the whole country two years ago and has not won it back.": Told(
        {"effective-control": NOT_MET}
    ),
    "Other States still recognise it.": Told({"recognised-government": MET}),
    "The President took office by a coup, and no vote was held.": Told(
        {"democratic-mandate": NOT_MET}
    ),
    "Whether the government has turned on its people by mass abuse is not known.": Told(
        {"protection-forfeited": UNCLEAR}
    ),
    "Whether the government controls the country is not known.": Told(
        {"effective-control": UNCLEAR}
    ),
    "The army of a third State attacks Northland.": Told({"external-armed-attack": MET}),
    "The letter asks for help against it too.": Told(),
    "The President tells the soldiers to leave.": Told({"consent-withdrawn": MET}),
    "They stay for another year and guard the stations as before, and it is that year which is "
    "judged.": Told({"left-when-asked": NOT_MET, "acts-within-scope": MET}),
    "The Security Council forbids the help.": Told({"council-prohibits": MET}),
    "The soldiers do more than the letter asks.": Told({"acts-within-scope": NOT_MET}),
    # Question 3.
    "The letter is lost.": Told(),
    "It is certain that it came first and asked for soldiers.": Told(),
    "Whether the soldiers kept within it is not known.": Told({"acts-within-scope": UNCLEAR}),
    "Three aims were named in public: to guard power stations, to fight a terrorist band, and to "
    "rescue foreign workers.": Told(aims=(SITES, BAND, WORKERS)),
    "The stations were in real danger, and the soldiers guarded them.": Told(),
    "Whether there was a terrorist band is not known; the soldiers searched for one, and this was "
    "the predominant aim.": Told(),
    "No foreign worker was in danger, and none was looked for.": Told(),
    "Until day fifty it is not known whether a protest that the help put down was "
    "nonviolent.": Told(
        known={
            "nonviolent-protest-targeted": (Known(DAY_FIFTY, Answer(UNCLEAR, "no evidence", "")),)
        }
    ),
    "On day fifty an inquiry finds that it was.": Told({"nonviolent-protest-targeted": MET}),
    "Whether the vote was genuine enough for the test of *democratic origin* is open, because how "
    "free a vote must be is disputed *in law*.": Told(
        {"democratic-mandate": UNCLEAR}, why="legal standard disputed"
    ),
    "The rest is as in the Northland case.": Told(),
}

#: Findings of question 4, by the short names of its list.
PIVOTS = {
    "forced": "requester-coerced",
    "who governs": "political-order-at-stake",
    "protest": "nonviolent-protest-targeted",
    "danger": "aim protect-infrastructure viable",
    "attack": "external-armed-attack",
}
#: Findings of question 5.
NEEDS = {
    "N1": "requester-coerced",
    "N2": "organised-armed-group",
    "N3": "aim protect-infrastructure viable",
    "N4": "nonviolent-protest-targeted",
    "N5": "acts-within-scope",
    "N6": "sending-parliament-agreed",
    "N7": "un-notified",
    "N8": "abuse-known-to-senders",
}
#: Hinges of question 6, by the short names of its list.
HINGES = {
    "forced": "requester-coerced",
    "limits": "acts-within-scope",
    "armed group": "organised-armed-group",
    "who governs": "political-order-at-stake",
    "hand from outside": "foreign-component",
    "aim borne out": "aim protect-infrastructure viable",
    "aim pursued": "aim protect-infrastructure pursued",
    "protest": "nonviolent-protest-targeted",
    "abuse known": "abuse-known-to-senders",
    "wrongs by the force": "serious-violations-by-force",
    "parliament": "sending-parliament-agreed",
    "United Nations told": "un-notified",
}


@cache
def cells() -> Mapping[str, str]:
    """The cells of the notebook: id to source."""
    return {cell["id"]: text(cell) for cell in read_notebook(NOTEBOOK)["cells"]}


@cache
def assigned(cell: str) -> Mapping[str, Any]:
    """The plain values that a test cell gives to names."""
    found = {}
    for node in ast.parse(cells()[cell]).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            try:
                found[node.targets[0].id] = ast.literal_eval(node.value)
            except ValueError:
                continue
    return found


def key(cell: str) -> Mapping[str, str]:
    """The key of a hidden test."""
    return assigned(cell)["key"]  # type: ignore[no-any-return]


def rows(cell: str, letter: str) -> dict[str, tuple[str, ...]]:
    """The rows of a prompt's table whose labels begin with a letter: label to the other cells."""
    found = {}
    for line in cells()[cell].splitlines():
        parts = [part.strip() for part in line.strip().strip("|").split("|")]
        if line.startswith("|") and re.fullmatch(rf"\*\*{letter}\d+\*\*", parts[0]):
            found[parts[0].strip("*")] = tuple(parts[1:])
    return found


def sentences(prose: str) -> list[str]:
    """The sentences of a text."""
    return re.split(r"(?<=[.!?]) (?=[A-Z])", prose.strip())


def story(cell: str) -> list[str]:
    """The sentences of the numbered case that stands in a cell, set off by ``>``."""
    lines = re.findall(r"^> \d+\. (.+)$", cells()[cell], re.MULTILINE)
    return [one for line in lines for one in sentences(line)]


def case(*told: Iterable[str]) -> Case:
    """Build a case from sentences: the later ones replace what the earlier ones found."""
    found: dict[str, Value | None] = {"left-when-asked": None}
    whys: dict[str, str] = {}
    known: dict[str, tuple[Known, ...]] = {}
    aims: tuple[Aim, ...] = ()
    for sentence in (one for part in told for one in part):
        assert sentence in SAYS, f"Nobody has said what this sentence means: {sentence}"
        said = SAYS[sentence]
        found |= said.findings
        whys |= dict.fromkeys(said.findings, said.why)
        known |= said.known
        if said.aims:
            aims = (*aims, *said.aims) if said.more else said.aims
        if said.of_aim:
            aims = (replace(aims[0], **said.of_aim), *aims[1:])
    built = case_of(found, aims, known=known)
    return replace(built, findings=tuple(_because(one, whys) for one in built.findings))


def _because(finding: Finding, whys: Mapping[str, str]) -> Finding:
    return replace(finding, why=whys[finding.id]) if finding.value is UNCLEAR else finding


def northland(*changes: str) -> Case:
    """The Northland case with other sentences."""
    return case(story("northland"), *(sentences(change) for change in changes))


def step_that_decides(opinion: Opinion) -> str:
    """The step that decides, by the rule that question 2 prints."""
    if opinion.title == "other title":
        return "another title"
    if opinion.verdict == "lawful":
        return "none"
    wanted = NOT_MET if opinion.verdict == "unlawful" else UNCLEAR
    found = [
        one.element
        for one in opinion.steps
        if one.value is wanted and one.element != "other-titles"
    ]
    assert len(found) == 1, f"More than one step could be named: {found}"
    if found == ["self-determination-and-purpose"]:
        return "protest" if opinion.position == "human-rights-bar" else "purpose"
    return STEPS[found[0]]


def asks(position: str, of: Case) -> set[str]:
    """The findings on which a position's verdict can turn."""
    return {fact for one in assess(of, position).steps for fact in one.findings}


def test_the_story_answers_all_that_any_position_asks() -> None:
    told = {fact for sentence in story("northland") for fact in SAYS[sentence].findings}
    asked = set()
    for position in POSITIONS.values():
        for inviter in TESTS.values():
            opinion = assess(northland(), position, inviter_test=inviter)
            asked |= {fact for one in opinion.steps for fact in one.findings}
    of_aims = {fact for fact in asked if fact.startswith("aim ")}

    # Whether the soldiers left when asked does not arise: they were not asked to.
    assert asked - told - of_aims == {"left-when-asked"}


@pytest.mark.parametrize("position", POSITIONS.values())
@pytest.mark.parametrize("inviter", TESTS.values())
def test_the_northland_case_itself_is_lawful_everywhere(position: str, inviter: str) -> None:
    assert assess(northland(), position, inviter_test=inviter).title == "consent"


def test_every_sentence_that_is_translated_stands_in_the_notebook() -> None:
    prose = " ".join(cells().values())
    missing = [one for one in SAYS if one not in prose]
    # The worked examples tell their change as part of a sentence.
    examples = [
        "The soldiers come before the letter.",
        "The Security Council forbids the help.",
        "The soldiers do more than the letter asks.",
    ]

    assert missing == examples
    assert all(one[1:].rstrip(".") in prose for one in examples)


def test_verdicts() -> None:
    expected = {
        f"{row}: {name}": assess(northland(told), position).verdict
        for row, (told,) in rows("verdicts", "V").items()
        for name, position in POSITIONS.items()
    }

    assert key("verdicts-test") == expected


def test_no_position_and_no_verdict_can_be_guessed_from_the_others() -> None:
    verdicts = list(key("verdicts-test").values())
    columns = {name: tuple(verdicts[at::4]) for at, name in enumerate(POSITIONS)}

    assert len(set(columns.values())) == len(POSITIONS)
    assert max(map(verdicts.count, set(verdicts))) < len(verdicts) / 2


def test_verdicts_and_steps() -> None:
    expected = {}
    for row, (position, inviter, told) in rows("deciding-steps", "W").items():
        opinion = assess(northland(told), POSITIONS[position], inviter_test=TESTS[inviter])
        expected[f"{row}: verdict"] = opinion.verdict
        expected[f"{row}: step"] = step_that_decides(opinion)

    assert key("deciding-steps-test") == expected


def test_settings() -> None:
    facts = case(story("northland"), story("settings"))
    expected = {}
    for row, (who, burden, aims, knowledge) in rows("settings", "S").items():
        position, _, inviter = who.partition(", with *")
        standard = Standard(
            burden=BURDENS[burden],
            mixed_purposes="all" if aims == "not asked" else aims,
            known_on=DAY_TEN if knowledge == "known on day ten" else None,
        )
        test = TESTS[inviter.split("*")[0] or "incumbency"]
        expected[row] = assess(facts, POSITIONS[position], standard, inviter_test=test).verdict
        assert (aims == "not asked") == (position != "purpose-based")
        # The same, by the table of all settings at once.
        assert expected[row] in [
            one.verdict
            for one in sensitivity(facts, standard=standard)
            if (one.position, one.inviter_test) == (POSITIONS[position], test)
            and (one.burden, one.mixed_purposes) == (standard.burden, standard.mixed_purposes)
        ]

    assert key("settings-test") == expected


def test_pivotal_facts() -> None:
    expected = {}
    for row, (position, told, verdict) in rows("pivotal-facts", "P").items():
        facts = northland(told)
        flips = pivotal(facts, POSITIONS[position])
        changed = {flip.changes[0][0] for flip in flips}
        assert assess(facts, POSITIONS[position]).verdict == verdict
        found = [name for name, finding in PIVOTS.items() if finding in changed]
        expected[row] = "; ".join(found) or "none"

    assert key("pivotal-facts-test") == expected


def test_a_pivotal_fact_is_one_whose_change_judged_again_changes_the_verdict() -> None:
    """The same keys without ``pivotal``: change one finding, judge again."""
    for row, (position, told, verdict) in rows("pivotal-facts", "P").items():
        facts = northland(told)
        found = set()
        for name, finding in PIVOTS.items():
            for value in (MET, NOT_MET):
                changed = _with(facts, finding, value)
                if assess(changed, POSITIONS[position]).verdict != verdict:
                    found.add(name)
        expected = set(key("pivotal-facts-test")[row].split("; ")) - {"none"}
        assert found == expected, row


def _with(facts: Case, finding: str, value: Value) -> Case:
    """A case in which one finding is another."""
    if finding.startswith("aim "):
        return replace(facts, aims=(replace(facts.aims[0], viable=value), *facts.aims[1:]))
    return replace(
        facts,
        findings=tuple(
            replace(one, value=value, why="") if one.id == finding else one
            for one in facts.findings
        ),
    )


def test_who_needs_to_know() -> None:
    prompt = rows("relevance", "N")
    expected = {}
    for row in prompt:
        askers = [name for name, view in POSITIONS.items() if NEEDS[row] in asks(view, northland())]
        expected[row] = "; ".join(askers) or "none"

    assert key("relevance-test") == expected


def test_a_finding_that_no_position_asks_never_changes_a_verdict() -> None:
    facts = northland()
    for row, askers in key("relevance-test").items():
        if askers != "none":
            continue
        for position in POSITIONS.values():
            for value in (MET, NOT_MET, UNCLEAR):
                changed = case_of({NEEDS[row]: value})
                assert assess(changed, position).verdict == "lawful"
                assert NEEDS[row] not in {flip.changes[0][0] for flip in pivotal(facts, position)}


def test_the_worked_examples() -> None:
    forbidden = northland("The Security Council forbids the help.")
    more = northland("The soldiers do more than the letter asks.")
    early = northland("The soldiers come before the letter.")
    lost = case(story("northland"), story("settings"))
    changed = {flip.changes[0][0] for flip in pivotal(early, "abstention")}

    for view in POSITIONS.values():
        opinion = assess(forbidden, view)
        assert (opinion.verdict, step_that_decides(opinion)) == ("unlawful", "Council")
        assert "council-prohibits" in asks(view, forbidden)
    assert step_that_decides(assess(more, "purpose-based")) == "limits"
    assert assess(lost, "abstention", Standard(burden="intervener")).verdict == "unlawful"
    assert [name for name, finding in PIVOTS.items() if finding in changed] == ["attack"]


def test_hinges_that_bear_on_a_position_are_the_findings_that_it_asks() -> None:
    for name, hinges in _hinge_sets("asked").items():
        found = asks(POSITIONS[name], northland())
        assert hinges == {hinge for hinge, finding in HINGES.items() if finding in found}, name


def test_hinges_that_bear_on_a_principle_are_those_that_the_prompt_lists() -> None:
    listed = dict(
        re.findall(
            r"^\| \*\*(.+?)\*\* \| [^|]+ \| ([^|]+) \|$", cells()["matrix-edit"], re.MULTILINE
        )
    )

    assert _hinge_sets("touched") == {
        name: set(hinges.strip().split(", ")) for name, hinges in listed.items()
    }


def _hinge_sets(name: str) -> dict[str, set[str]]:
    """A dictionary of sets out of the hidden test of the matrix edit."""
    for node in ast.parse(cells()["matrix-edit-test"]).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            return eval(ast.unparse(node.value))  # type: ignore[no-any-return] # noqa: S307 (our own literal)
    raise AssertionError(name)


def test_no_stance_of_the_matrix_has_a_key() -> None:
    assert key("matrix-edit-test") == {}


def test_the_cells_that_can_be_edited_are_cells_of_the_matrix() -> None:
    known = {(row.purpose, row.principle) for row in evidence.rows("matrix")}
    shown = re.findall(r'vo\.defaults\("(.+?)"\)', " ".join(cells().values()))
    principles = ("non-intervention", "self-determination", "prohibition-of-force", "human-rights")

    assert len(shown) == 4
    assert {(purpose, one) for purpose in shown for one in principles} <= known


def test_the_rules_are_printed_for_the_positions_as_they_are_stipulated() -> None:
    flags = {name: positions.position(view).flags for name, view in POSITIONS.items()}

    assert flags["abstention"]["limit_threshold"] == "civil war"
    assert flags["purpose-based"]["purpose_from"] == "always"
    assert flags["human rights bar"]["human_rights_asks"] == ("nonviolent-protest-targeted",)
    assert {one["default_inviter_test"] for one in flags.values()} == {"incumbency"}
    assert {one["treaty_rule"] for one in flags.values()} == {"needs ad hoc consent"}
