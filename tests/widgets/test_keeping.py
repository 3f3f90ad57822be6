"""Entries as a file: whole or not at all, and nothing lost."""

import json
from pathlib import Path

import pytest

from volens.widgets.keeping import Kept, keep, kept

DATA = {"schema": "volens/note", "words": "№ 1"}


def test_what_is_kept_is_found_again(tmp_path: Path) -> None:
    file = tmp_path / "answers" / "note.json"

    assert keep(file, DATA) == "Saved in answers/note.json."
    assert kept(file) == Kept(DATA)
    assert [one.name for one in file.parent.iterdir()] == ["note.json"]


def test_where_nothing_was_kept_nothing_is_wrong(tmp_path: Path) -> None:
    assert kept(tmp_path / "note.json") == Kept(None)


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b""])
def test_a_damaged_file_is_reported_by_name(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "answers" / "note.json"
    file.parent.mkdir()
    file.write_bytes(content)

    found = kept(file)
    assert found.data is None
    assert found.problem.startswith("answers/note.json cannot be read. It is kept")
    assert file.read_bytes() == content


def test_a_file_of_something_else_is_reported(tmp_path: Path) -> None:
    file = tmp_path / "note.json"
    file.write_text("[1, 2]", encoding="utf-8")

    assert "holds no saved entries" in kept(file).problem


def test_a_file_put_aside_is_kept_beside_the_new_one_each_time(tmp_path: Path) -> None:
    file = tmp_path / "note.json"
    for content in ("first", "second"):
        file.write_text(content, encoding="utf-8")
        keep(file, DATA, spare=True)

    assert (tmp_path / "note-set-aside-1.json").read_text("utf-8") == "first"
    assert (tmp_path / "note-set-aside-2.json").read_text("utf-8") == "second"
    assert json.loads(file.read_text("utf-8")) == DATA


def test_a_folder_that_cannot_be_written_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "answers").write_text("a file where the folder should be", encoding="utf-8")

    said = keep(tmp_path / "answers" / "note.json", DATA)
    assert said.startswith("answers/note.json could not be written (")
    assert said.endswith("Press Save for a file of your own.")
