"""What docs/engine.md says of the engine's answers is what the engine answers."""

import re

import pytest

from tests.checkout import ROOT
from volens import cases, positions
from volens.reasoning import Standard, assess, symmetry

PAGE = (ROOT / "docs" / "engine.md").read_text(encoding="utf-8")
BURDENS = ("none", "intervener", "complainant")
VIEWS = [one.id for one in positions.positions() if one.kind == "position"]


@pytest.mark.parametrize("view", VIEWS)
def test_the_documented_answers_are_those_of_the_engine(view: str) -> None:
    line = next(line for line in PAGE.splitlines() if line.startswith(f"| {view} |"))
    documented = [cell.strip() for cell in line.strip("|").split("|")][1:]
    computed = [
        assess("kazakhstan-2022", view, Standard(burden=burden)).verdict for burden in BURDENS
    ]
    assert documented == computed


def test_a_finding_that_a_view_of_others_presupposes_gives_their_answer() -> None:
    """Kriener and Brassat take the movement as nonviolent; made met, consent is barred."""
    opinion = assess("kazakhstan-2022", "human-rights-bar")

    assert "nonviolent-protest-targeted" in opinion.open
    assert opinion.step("self-determination-and-purpose").why == "conflicting evidence"


def test_every_documented_case_exists() -> None:
    rows = re.findall(r"^\| ([A-Z][\w ]+ \d{4}) \|", PAGE, re.MULTILINE)
    slugs = {row.removeprefix("The ").lower().replace(" ", "-") for row in rows}

    assert slugs == set(cases.case_ids()) - {"kazakhstan-2022"}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("crimea-2014", "gambia-2017"),
        ("mali-2013", "syria-2015"),
        ("bahrain-2011", "kazakhstan-2022"),
        ("afghanistan-1979", "grenada-1983"),
    ],
)
def test_the_pairs_for_the_symmetry_exercise_can_be_told_apart(first: str, second: str) -> None:
    for one in symmetry(first, second):
        assert one.findings, one.position
        assert one.why
