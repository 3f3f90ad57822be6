"""A legal view as a card."""

import pytest

from volens import positions
from volens.errors import UnknownDoctrineError
from volens.views import position

ALL = [one.id for one in positions.positions()]


@pytest.mark.parametrize("key", ALL)
def test_a_card_gives_the_best_for_and_the_best_against(key: str) -> None:
    text = repr(position(key))

    assert "The best sentence for it: " in text
    assert "The best objection: " in text
    assert "as stipulated here" in text


@pytest.mark.parametrize("key", ALL)
def test_each_work_says_how_far_it_was_read_and_how_sure_that_is(key: str) -> None:
    view = positions.position(key)
    text = repr(position(key))

    assert text.count("(not read") == sum(work.read == "not" for work in view.works)
    for work in view.works:
        if work.confidence != "high":
            assert f"attribution of {work.confidence} confidence" in text


def test_a_critic_is_not_shown_as_an_adherent() -> None:
    assert "Opposes it: Hasar, " in repr(position("free-consent"))


def test_the_page_escapes_and_links_what_it_shows() -> None:
    page = position("S1")._repr_html_()

    assert "<li><strong>Holds it:</strong> <a href=" in page
    assert "<script" not in page


def test_the_works_are_folded_and_counted() -> None:
    page = position("S1")._repr_html_()
    count = len(positions.position("S1").works)

    assert f"<details><summary>{count} works, and how far each was read</summary><ul>" in page
    assert page.count("<li>") == count


def test_an_unknown_view_names_those_there_are() -> None:
    with pytest.raises(UnknownDoctrineError, match=r"no position `S99`.*free-consent"):
        position("S99")
