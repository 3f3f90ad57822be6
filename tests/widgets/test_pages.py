"""Every widget as a page of its own, by the command line."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from volens.cli import main
from volens.widgets import KINDS, widget

CASE = "kazakhstan-2022"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_stands_in_one_file_and_fetches_nothing(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    ended = run("page", kind, "--html", str(file))

    assert ended.output == f"{file}: open it in any browser.\n"
    page = file.read_text(encoding="utf-8")
    assert re.findall(r"<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)=", page) == []
    assert re.findall(r"@import|url\(\s*['\"]?http|\bfetch\(|XMLHttpRequest|WebSocket", page) == []


def test_board_is_the_page_of_the_weighing_board(tmp_path: Path) -> None:
    for name, arguments in (("one", ["board"]), ("other", ["page", "weighing-board"])):
        run(*arguments, CASE, "--html", str(tmp_path / name))

    assert (tmp_path / "one").read_text("utf-8") == (tmp_path / "other").read_text("utf-8")


def test_an_unknown_widget_names_those_there_are(tmp_path: Path) -> None:
    ended = run("page", "oracle", "--html", str(tmp_path / "page.html"))

    assert ended.exit_code == 2
    assert all(kind in ended.output for kind in KINDS)


def test_a_page_that_cannot_be_written_is_one_message(tmp_path: Path) -> None:
    ended = run("board", "--html", str(tmp_path / "missing" / "page.html"))

    assert ended.exit_code == 1
    assert "could not be written" in ended.output
    assert "Traceback" not in ended.output


@pytest.mark.parametrize("kind", KINDS)
def test_the_static_twin_is_a_table_and_always_the_same(kind: str) -> None:
    one, other = widget(kind, CASE).to_html(), widget(kind, CASE).to_html()

    assert "<table" in one
    assert one == other


@pytest.mark.parametrize("kind", KINDS)
def test_a_value_is_plain_data_that_is_json_and_python_alike(kind: str) -> None:
    value = widget(kind, CASE).value
    assert (value["schema"], value["version"] >= 1) == (f"volens/{kind}", True)

    def plain(part: object) -> bool:
        if isinstance(part, dict):
            return all(isinstance(key, str) and plain(one) for key, one in part.items())
        if isinstance(part, list):
            return all(map(plain, part))
        return isinstance(part, str | int | float) and not isinstance(part, bool)

    assert plain(value)
