"""Pictures keep their text alternative."""

import re
from html import unescape
from pathlib import Path

import pytest

from volens import evidence, plots
from volens.plots.figure import Figure

MARKS = plots.marks_by_question({"origin": [6, 3, 0, 3], "record": []}, {"origin": 6, "record": 6})


@pytest.fixture(name="toll", scope="module")
def _toll() -> Figure:
    return plots.toll_by_announcement()


def test_the_page_has_the_alternative_the_caption_and_the_table(toll: Figure) -> None:
    page = toll.to_html()

    assert unescape(re.search('<img alt="([^"]*)"', page)[1]) == toll.alternative  # type: ignore[index]
    assert f"<figcaption>{toll.caption}</figcaption>" in page
    assert page.count("<tr>") == len(toll.rows) + 1
    assert 'scope="col"' in page


def test_the_same_data_give_the_same_file(toll: Figure) -> None:
    assert toll.to_html() == plots.toll_by_announcement().to_html()


def test_the_toll_shows_every_national_announcement_of_deaths(toll: Figure) -> None:
    announced = [
        row for row in evidence.rows("casualties") if row.series in ("total_dead", "security_dead")
    ]
    assert len(toll.rows) == len(announced)
    assert {row[2] for row in toll.rows} == {row.value for row in announced}


def test_the_toll_says_in_words_what_was_withdrawn(toll: Figure) -> None:
    assert "Withdrawn later: 164." in toll.alternative
    assert "first 164, last 238" in toll.alternative


def test_announcements_stand_in_order_of_date(toll: Figure) -> None:
    for series in {row[0] for row in toll.rows}:
        dates = [row[1] for row in toll.rows if row[0] == series]
        assert dates == sorted(dates)


def test_marks_are_summed_up_in_words() -> None:
    assert MARKS.rows[0] == ("origin", 6, 4, 0, 3, 6)
    assert "origin: 4 students, lowest 0, median 3, highest 6 of 6" in MARKS.alternative
    assert "record: nobody marked yet" in MARKS.alternative


def test_a_saved_figure_is_a_page_with_language_and_title(tmp_path: Path) -> None:
    MARKS.save(tmp_path / "marks.html")
    page = (tmp_path / "marks.html").read_text(encoding="utf-8")

    assert '<html lang="en">' in page
    assert "<title>Marks by question" in page


def test_show_emits_html_with_the_alternative(
    toll: Figure, monkeypatch: pytest.MonkeyPatch
) -> None:
    emitted: list[dict[str, str]] = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: emitted.append(data))
    plots.show(toll)

    assert emitted == [{"text/html": toll.to_html(), "text/plain": repr(toll)}]
