"""The board's model and its static twin, without a browser."""

from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner

from volens.cli import main
from volens.errors import WeighingError
from volens.weighing import Entry, Weighing
from volens.widgets.weighing_board import WeighingBoard, board_page, weighing_board

CASE = "kazakhstan-2022"
FILLED = (
    Weighing(CASE)
    .set("J01", "HR", Entry("tension", "It <b>widens</b> powers.", "own: who gave the order"))
    .set("J01", "NI", Entry("supports", "", ""))
)


@pytest.fixture(name="board")
def _board() -> WeighingBoard:
    return weighing_board(CASE, FILLED.to_data())


def test_a_new_board_is_empty_and_takes_back_what_the_browser_kept() -> None:
    board = weighing_board()

    assert (board.cells, board.restore) == ({}, True)


def test_a_board_that_is_given_a_weighing_shows_that(board: WeighingBoard) -> None:
    assert board.weighing == FILLED
    assert not board.restore


def test_what_the_view_changes_is_the_weighing(board: WeighingBoard) -> None:
    board.set_state({"cells": {}})

    assert board.weighing == Weighing(CASE)


def test_a_weighing_of_another_form_is_refused() -> None:
    with pytest.raises(WeighingError):
        weighing_board(CASE, {"counter-terrorism|human-rights": {"stance": "very"}})


def test_a_board_is_saved_and_loaded(board: WeighingBoard, tmp_path: Path) -> None:
    board.save(tmp_path / "board.json")
    other = weighing_board()
    other.load(tmp_path / "board.json")

    assert other.weighing == FILLED


def test_the_static_twin_has_every_cell_and_escapes_words(board: WeighingBoard) -> None:
    page = board.to_html()

    assert "&lt;b&gt;widens&lt;/b&gt;" in page
    assert page.count("<tr>") == 3
    assert (
        "Counter terrorism supports non-intervention and is in tension with human rights." in page
    )
    assert "Counter terrorism and non-intervention: no reason and no hinge." in page


def test_an_empty_board_says_so_in_its_static_twin() -> None:
    assert "no cell is filled yet" in weighing_board().to_html()


def test_without_a_view_the_notebook_gets_the_table_and_the_memo(board: WeighingBoard) -> None:
    bundle = board._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle

    assert data["text/html"] == board.to_html()
    assert data["text/plain"] == FILLED.to_memo()
    assert "application/vnd.jupyter.widget-view+json" in data


def test_a_board_has_a_short_repr(board: WeighingBoard) -> None:
    assert repr(board) == "<WeighingBoard kazakhstan-2022: 2 cells>"


def test_the_view_needs_nothing_from_the_network() -> None:
    page = board_page(CASE)

    assert "http://" not in page.split("<script")[0]
    assert " src=" not in page
    assert "@import" not in page


def test_the_page_is_well_formed() -> None:
    seen: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            seen.append(tag)

    Reader().feed(board_page(CASE))

    assert seen.count("script") == seen.count("h1") == seen.count("main") == 1


def test_the_command_writes_the_page(tmp_path: Path) -> None:
    file = tmp_path / "board.html"
    result = CliRunner().invoke(main, ["board", CASE, "--html", str(file)])

    assert result.exit_code == 0
    assert file.read_text(encoding="utf-8") == board_page(CASE)


def test_the_command_refuses_an_unknown_case(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["board", "atlantis", "--html", str(tmp_path / "x.html")])

    assert result.exit_code == 1
    assert "kazakhstan-2022" in result.output
