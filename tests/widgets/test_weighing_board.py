"""The board's model and its static twin, without a browser."""

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from volens import cases, doctrine
from volens.errors import WeighingError
from volens.weighing import Entry, Weighing, choices, columns, grounds, memo, standings
from volens.weighing.cells import places
from volens.widgets.weighing_board import WeighingBoard, weighing_board

CASE = "kazakhstan-2022"
FILLED = (
    Weighing(CASE, position="purpose-based")
    .set(
        "J01", "HR", Entry("tension", "It <b>widens</b> powers.", "own: who gave the order", "C004")
    )
    .set("J01", "NI", Entry("supports", "", ""))
)
OWN = {"shared": {"acts-within-scope": {"value": "met", "why": "", "evidence": "a log"}}}


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Entries are kept beside the notebook: here in a folder of the test."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture(name="board")
def _board() -> WeighingBoard:
    return weighing_board(CASE, FILLED.to_data())


def test_a_new_board_is_empty_has_no_position_and_is_kept() -> None:
    board = weighing_board()

    assert board.value == Weighing(CASE).to_data()
    assert (board.keeps, board.name) == (True, f"weighing-board-{CASE}")


def test_a_board_that_is_given_a_weighing_shows_that(board: WeighingBoard) -> None:
    assert board.weighing == FILLED
    assert not board.keeps


def test_what_the_view_changes_is_the_weighing(board: WeighingBoard) -> None:
    board.set_state({"value": Weighing(CASE).to_data()})

    assert board.weighing == Weighing(CASE)


def test_a_weighing_can_be_put_on_the_board() -> None:
    board = weighing_board()
    board.weighing = FILLED

    assert board.value == FILLED.to_data()


def test_a_weighing_of_another_form_is_refused() -> None:
    with pytest.raises(WeighingError):
        weighing_board(CASE, {"counter-terrorism|human-rights": {"stance": "very"}})


def test_a_board_is_saved_and_loaded(board: WeighingBoard, tmp_path: Path) -> None:
    board.save(tmp_path / "board.json")
    other = weighing_board()
    other.load(tmp_path / "board.json")

    assert other.weighing == FILLED


def test_a_file_of_the_first_version_is_offered_again_when_a_board_is_made(tmp_path: Path) -> None:
    cells = {"counter-terrorism|human-rights": {"stance": "tension", "reason": "", "hinge": ""}}
    (tmp_path / "answers").mkdir()
    file = tmp_path / "answers" / f"weighing-board-{CASE}.json"
    file.write_text(json.dumps({"case": CASE, "cells": cells}), encoding="utf-8")
    board = weighing_board()

    assert board.value == Weighing(CASE).to_data()
    assert list(board.earlier["cells"]) == ["counter-terrorism|human-rights"]


def test_the_value_is_plain_data_that_is_python_and_json_at_once(board: WeighingBoard) -> None:
    def kinds(data: Any) -> set[type]:  # noqa: ANN401 (whatever a value holds)
        inner = data.values() if isinstance(data, dict) else ()
        return {type(data)}.union(*map(kinds, inner))

    assert kinds(board.value) == {dict, str, int}
    assert list(board.value)[:3] == ["schema", "version", "case"]


# The static twin


def test_the_static_twin_has_every_cell_and_escapes_words(board: WeighingBoard) -> None:
    page = board.to_html()

    assert "&lt;b&gt;widens&lt;/b&gt;" in page
    grid, cells = page.split("<table>")[1:]
    assert grid.count("<tr>") == 1 + len(doctrine.purposes())
    assert cells.split("</table>")[0].count("<tr>") == 1 + 2
    assert (
        "Counter terrorism supports non-intervention and is in tension with human rights." in page
    )
    assert "Counter terrorism and non-intervention: no reason and no hinge." in page
    assert "(a claim, not a finding; a party&#x27;s own word)</td>" in page
    assert "<li>\N{CHECK MARK} met: A request exists</li>" in page


def test_the_static_twin_begins_with_the_position_and_ends_with_the_critique(
    board: WeighingBoard,
) -> None:
    page = board.to_html()

    assert page.startswith(
        "<p>Position: &quot;Purpose decides&quot; (S3), as stipulated here, that is, as this "
        "course defines it."
    )
    assert page.index("Position: ") < page.index("<table>") < page.index("Before you conclude")
    for view in choices():
        assert f"Read on &quot;{view.name}&quot;" in page


def test_the_static_twin_of_an_empty_board_is_a_board_to_fill_on_paper() -> None:
    page = weighing_board().to_html()

    assert page.count("\N{EN DASH}</td>") == len(doctrine.purposes()) * len(columns())
    assert "Position: [to be chosen]" in page


def test_the_static_twin_is_the_same_each_time_and_has_no_ids(board: WeighingBoard) -> None:
    page = board.to_html()

    assert page == weighing_board(CASE, FILLED.to_data()).to_html()
    assert " id=" not in page


def test_twin_and_memo_know_what_was_changed_in_the_consent_test(board: WeighingBoard) -> None:
    board.findings = OWN

    assert "Changed by you in the consent test" in board.to_html()
    assert board.to_text() == memo(FILLED, OWN)


def test_without_a_view_the_notebook_gets_the_table_and_the_memo(board: WeighingBoard) -> None:
    bundle = board._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle

    assert data["text/html"] == board.to_html()
    assert data["text/plain"] == memo(FILLED)
    assert "application/vnd.jupyter.widget-view+json" in data


def test_a_board_has_a_short_repr(board: WeighingBoard) -> None:
    assert repr(board) == "<WeighingBoard kazakhstan-2022: 2 cells>"


# What the view is given


@pytest.mark.parametrize("case", cases.case_ids())
def test_the_view_knows_every_cell_view_and_source(case: str) -> None:
    content = weighing_board(case, {}).content

    assert list(content["defaults"]) == list(places())
    assert [one["id"] for one in content["views"]] == [one.id for one in choices()]
    assert set(content["grounds"]) == set(grounds(case))
    offered = {key for one in content["purposes"] for key in one["claims"]}
    offered |= {key for one in content["principles"] for key in one["law"]}
    offered |= {key for keys in content["rowsBehind"].values() for key in keys}
    assert offered <= set(content["grounds"])


def test_a_board_offers_the_claims_of_its_own_case_only() -> None:
    assert any(one["claims"] for one in weighing_board(CASE, {}).content["purposes"])
    other = weighing_board("mali-2013", {}).content
    assert not any(one["claims"] for one in other["purposes"])


def test_defaults_carry_their_confidence_and_the_views_they_hold_on() -> None:
    defaults = weighing_board(CASE, {}).content["defaults"]

    for one in doctrine.relations():
        if one.principle in {column.id for column in columns()}:
            shown = defaults[f"{one.purpose}|{one.principle}"]
            assert (shown["confidence"], tuple(shown["views"])) == (one.confidence, one.positions)


def test_the_view_is_given_the_locks_of_each_position() -> None:
    views = {one["id"]: one for one in weighing_board(CASE, {}).content["views"]}

    for view in choices():
        for one in standings(view):
            assert views[view.id]["standings"][one.principle] == {
                "reach": one.reach,
                "why": one.why,
            }


def test_the_view_needs_nothing_from_the_network(board: WeighingBoard) -> None:
    page = board.to_page()

    assert "http://" not in page.split("<script")[0]
    assert " src=" not in page
    assert "@import" not in page


def test_the_page_is_well_formed(board: WeighingBoard) -> None:
    seen: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            seen.append(tag)

    Reader().feed(board.to_page())

    assert seen.count("script") == seen.count("h1") == seen.count("main") == 1
