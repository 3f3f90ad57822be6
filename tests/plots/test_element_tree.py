"""The tree of an opinion."""

import re
from dataclasses import replace

import pytest

from tests.test_opinions import EVERY, OPEN, PLAIN, small
from volens import opinions, plots, reasoning
from volens.errors import UnknownCaseError
from volens.logic import MET, NOT_MET, UNCLEAR
from volens.plots.element_tree import _tree, _weakest, element_tree
from volens.reasoning import Standard


@pytest.mark.parametrize("position", EVERY)
def test_every_element_that_was_asked_is_a_leaf(position: str) -> None:
    opinion = opinions.assess(OPEN, position)
    figure = element_tree(opinion)

    assert len(figure.rows) == len(opinion.steps) + len(opinion.parallel)
    assert {len(row) for row in figure.rows} == {len(figure.columns)}


def test_the_words_give_the_verdict_and_every_element() -> None:
    figure = element_tree(opinions.assess(OPEN, "S3"))

    assert "the verdict is undetermined" in figure.alternative
    assert "as stipulated here" in figure.alternative
    assert re.search(r"unclear: Freely given, Within what was asked", figure.alternative)
    assert all(str(row[1]) in figure.alternative for row in figure.rows)
    assert not re.search(r"\b(picture|chart|graph|figure shows)\b", figure.alternative)


def test_the_caption_names_case_act_position_and_data() -> None:
    caption = element_tree(opinions.assess(OPEN, "S3", act="landing")).caption

    assert caption.startswith('Small <2020>, the landing, on "Purpose decides" (S3)')
    assert "Data: findings of the case." in caption


def test_what_settled_an_element_stands_in_the_table() -> None:
    figure = element_tree(opinions.assess(OPEN, "S1", Standard(burden="intervener")))

    assert ("Consent", "Freely given", "not met", "no evidence", "burden") in figure.rows


def test_the_same_opinion_gives_the_same_drawing() -> None:
    opinion = opinions.assess(OPEN, "S3")
    assert element_tree(opinion).svg == element_tree(opinion).svg


def test_what_is_never_set_off_hangs_on_no_branch_of_the_verdict() -> None:
    opinion = opinions.assess(OPEN, "S1")
    tree = _tree(
        {
            "Consent": opinion.steps[:-1],
            "Another title": opinion.steps[-1:],
            "Beside it": opinion.parallel,
        }
    )
    assert set(tree.successors("Verdict")) == {"Consent", "Another title"}
    assert set(tree.successors("Beside it")) == {"conduct-of-forces", "complicity"}


def test_no_two_nodes_stand_in_one_place() -> None:
    opinion = opinions.assess(PLAIN, "S3")
    tree = _tree(
        {
            "Consent": opinion.steps[:-1],
            "Another title": opinion.steps[-1:],
            "Beside it": opinion.parallel,
        }
    )
    places = [place for _, place in tree.nodes(data="at")]
    assert len(set(places)) == len(places)


def test_a_branch_is_as_weak_as_its_weakest_element() -> None:
    steps = opinions.assess(PLAIN, "S1").steps[:3]

    assert _weakest(steps) is MET
    assert _weakest((*steps, replace(steps[0], value=UNCLEAR))) is UNCLEAR
    assert _weakest((replace(steps[0], value=NOT_MET), *steps)) is NOT_MET
    assert _weakest((replace(steps[0], value=None),)) is None


def test_an_element_that_does_not_apply_is_drawn_and_named() -> None:
    figure = element_tree(opinions.assess(small(host_law_manifestly_broken=None), "S1"))

    assert "does not apply: The host's own law" in figure.alternative


def test_an_opinion_of_the_engine_is_drawn_if_its_case_is_known() -> None:
    assert plots.element_tree(reasoning.assess("kazakhstan-2022", "S1")).svg.startswith("<?xml")
    with pytest.raises(UnknownCaseError, match="small"):
        plots.element_tree(reasoning.assess(PLAIN, "S1"))


def test_nothing_is_drawn_wider_than_a_page() -> None:
    svg = element_tree(opinions.assess(OPEN, "S3", Standard(burden="intervener"))).svg
    width = float(re.search(r'width="([\d.]+)pt"', svg)[1])  # type: ignore[index]

    assert width == 7.5 * 72
