"""The frame in Python: entries checked, kept beside the notebook, and a static twin."""

import json
from pathlib import Path

import pytest

from tests.widgets.note import Note
from volens.errors import WeighingError

WORDS = {"schema": "volens/note", "version": 2, "words": "by whom?"}


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def sent(note: Note, words: str) -> None:
    """Change the value as the view does."""
    note.value = {**WORDS, "words": words}
    note.sent += 1


def test_making_a_widget_writes_nothing(tmp_path: Path) -> None:
    Note()

    assert list(tmp_path.iterdir()) == []


def test_what_the_view_sends_is_written_and_answered(tmp_path: Path) -> None:
    note = Note()
    sent(note, "who asked?")

    kept = json.loads((tmp_path / "answers" / "note.json").read_text("utf-8"))
    assert kept["words"] == "who asked?"
    assert note.keeping == {"number": 1, "note": "Saved in answers/note.json."}


def test_a_new_widget_offers_what_was_kept_and_begins_empty() -> None:
    sent(Note(), "who asked?")
    again = Note()

    assert again.value["words"] == ""
    assert again.earlier["words"] == "who asked?"


def test_a_widget_that_shows_an_answer_leaves_the_students_own_alone(tmp_path: Path) -> None:
    note = Note(WORDS)
    sent(note, "changed")

    assert not (tmp_path / "answers").exists()
    assert note.keeping == {"number": 1, "note": ""}


def test_a_file_that_is_not_a_note_is_reported_and_put_aside(tmp_path: Path) -> None:
    file = tmp_path / "answers" / "note.json"
    file.parent.mkdir()
    file.write_text('{"words": 5}', encoding="utf-8")
    note = Note()

    assert note.keeping["note"].startswith("answers/note.json is not used: A note has words.")
    sent(note, "new")
    assert (file.parent / "note-set-aside-1.json").read_text("utf-8") == '{"words": 5}'
    sent(note, "newer")
    assert sorted(one.name for one in file.parent.iterdir()) == [
        "note-set-aside-1.json",
        "note.json",
    ]


def test_save_and_load_are_each_others_way_back(tmp_path: Path) -> None:
    note = Note(WORDS)
    note.save(tmp_path / "mine.json")
    other = Note()
    other.load(tmp_path / "mine.json")

    assert other.value == WORDS


@pytest.mark.parametrize("content", ["{", "[]", '{"words": 1}'])
def test_loading_another_file_is_refused_in_words(tmp_path: Path, content: str) -> None:
    (tmp_path / "other.json").write_text(content, encoding="utf-8")

    with pytest.raises(WeighingError, match="A note has words"):
        Note().load(tmp_path / "other.json")


def test_the_static_twin_and_the_text_stand_beside_the_live_view() -> None:
    bundle = Note(WORDS)._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle

    assert "by whom?</td>" in data["text/html"]
    assert data["text/plain"] == "by whom?"
    assert "application/vnd.jupyter.widget-view+json" in data


def test_a_page_of_its_own_names_no_other_host_and_survives_a_closing_tag() -> None:
    page = Note(WORDS).to_page()

    assert "http" not in page.replace("http-equiv", "")
    assert page.count("</script>") == 1
    assert "A note &lt;/script&gt;" in page


def test_an_answer_that_is_given_a_name_is_kept_under_it(tmp_path: Path) -> None:
    note = Note(WORDS, name="second")
    sent(note, "changed")

    assert note.keeps
    assert [one.name for one in (tmp_path / "answers").iterdir()] == ["second.json"]


def test_the_kernel_does_not_send_back_what_came_from_the_view(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It would come late, and undo what was typed or ticked since: four readers lost answers."""
    note = Note()
    told: list[dict[str, object]] = []
    monkeypatch.setattr(note, "_send", lambda message, buffers=None: told.append(message))
    note.set_state({"value": {**WORDS, "words": "who asked?"}, "sent": 1})

    assert note.value["words"] == "who asked?"
    assert note.keeping == {"number": 1, "note": "Saved in answers/note.json."}
    assert [message for message in told if message["method"] == "echo_update"] == []
    assert not any("value" in message["state"] for message in told)  # type: ignore[operator]
