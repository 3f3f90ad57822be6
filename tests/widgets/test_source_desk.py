"""The source desk's model and its static twin, without a browser."""

from pathlib import Path

import pytest

from volens.accounts import WORDS, Classing, Desk, dossiers
from volens.errors import SourceDeskError
from volens.widgets.source_desk import SourceDesk, source_desk

CASE = "kazakhstan-2022"
REASON = " ".join(["because"] * WORDS)
NOUN = "Q01|F049"
CLASSED = Desk(CASE).set(NOUN, Classing("corroborated", "event", f"<b>{REASON}</b>"))
CORRECTION = "The chairman spoke of interference from outside"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def made(desk: Desk) -> SourceDesk:
    return source_desk(CASE, desk.to_data(), only=["Q01"])


def test_a_new_desk_is_empty_and_shows_every_dossier() -> None:
    desk = source_desk()

    assert desk.desk == Desk(CASE)
    assert desk.content["shown"] == [one.id for one in dossiers(CASE)]
    assert desk.name == "source-desk-kazakhstan-2022"


def test_a_desk_may_show_some_dossiers_and_keep_entries_of_others() -> None:
    other = CLASSED.set("Q04|whole", Classing("settled", "", REASON))
    desk = made(other)

    assert desk.content["shown"] == ["Q01"]
    assert desk.desk == other
    assert "Report or approval" not in desk.to_html()


def test_an_unknown_dossier_is_refused() -> None:
    with pytest.raises(SourceDeskError, match="Q99"):
        source_desk(only=["Q99"])


def test_a_case_without_conflicts_is_refused_in_words() -> None:
    with pytest.raises(SourceDeskError, match="no table of conflicts"):
        source_desk("mali-2013")


def test_what_the_view_changes_is_the_desk() -> None:
    desk = source_desk()
    desk.set_state({"value": CLASSED.to_data()})

    assert desk.desk == CLASSED


def test_entries_of_another_form_are_refused() -> None:
    with pytest.raises(SourceDeskError):
        source_desk(CASE, {"entries": {}})


def test_a_desk_is_saved_and_loaded(tmp_path: Path) -> None:
    made(CLASSED).save(tmp_path / "desk.json")
    other = source_desk()
    other.load(tmp_path / "desk.json")

    assert other.desk == CLASSED


def test_the_twin_of_an_untouched_desk_has_accounts_only() -> None:
    page = made(Desk(CASE)).to_html()

    assert page.count("<table>") == 1
    assert page.count("<tr>") == 1 + len(dossiers(CASE)[0].accounts)
    assert CORRECTION not in page


def test_the_twin_says_the_record_only_where_it_was_compared() -> None:
    before, after = made(CLASSED).to_html(), made(CLASSED.compare(NOUN)).to_html()

    assert "not compared yet" in before
    assert CORRECTION not in before
    assert CORRECTION in after
    assert before.count("<table>") == 2


def test_the_twin_keeps_the_first_classing_beside_the_revised() -> None:
    compared = CLASSED.compare(NOUN)
    first = compared.entries[NOUN].first
    page = made(compared.set(NOUN, Classing("contradicted", "", REASON, first))).to_html()

    assert "<li>contradicted</li><li>At first: borne out; event</li>" in page


def test_the_twin_escapes_words_and_names_the_language_of_others() -> None:
    page = made(CLASSED).to_html()

    assert f"&lt;b&gt;{REASON}&lt;/b&gt;" in page
    assert '<span lang="ru">вмешательство извне</span>' in page
    assert " id=" not in page


def test_every_dossier_has_its_table_in_the_twin() -> None:
    assert source_desk().to_html().count("<table>") == len(dossiers(CASE))


def test_the_text_is_the_memo() -> None:
    assert made(CLASSED).to_text() == CLASSED.to_memo()


def test_what_weakens_a_source_is_no_part_of_what_is_drawn_before_comparing() -> None:
    sources = source_desk().content["sources"].values()

    assert [
        one["name"] for one in sources if one["caveat"] and one["caveat"] in one["remark"]
    ] == []


def test_the_page_needs_nothing_from_the_network() -> None:
    page = source_desk().to_page()

    assert " src=" not in page
    assert "@import" not in page


def test_a_desk_has_a_short_repr() -> None:
    assert repr(made(CLASSED)) == "<SourceDesk kazakhstan-2022: 1 classings>"
