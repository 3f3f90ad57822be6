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


PICTURES = {
    "lanes": lambda: plots.timeline_by_actor("2022-01-04", "2022-01-07"),
    "life": plots.life_of_the_twenty_thousand,
    "purposes by actor": plots.purposes_by_actor,
    "purposes over time": plots.purposes_over_time,
    "request to arrival": plots.request_to_arrival,
    "toll": plots.toll_by_announcement,
}


@pytest.mark.parametrize("name", PICTURES)
def test_every_picture_says_what_it_shows_and_where_the_data_are(name: str) -> None:
    figure = PICTURES[name]()

    assert len(figure.alternative.split()) >= 20
    assert not re.search(r"\b(picture|chart|graph|figure shows)\b", figure.alternative)
    assert "Data: table" in figure.caption
    assert {len(row) for row in figure.rows} == {len(figure.columns)}


@pytest.mark.parametrize("name", PICTURES)
def test_every_picture_is_the_same_for_the_same_data(name: str) -> None:
    assert PICTURES[name]().svg == PICTURES[name]().svg


def test_the_lanes_show_every_event_that_may_fall_into_the_days() -> None:
    shown = plots.timeline_by_actor("2022-01-05", "2022-01-05").rows
    events = [row for row in evidence.rows("timeline") if row.id in ("T036", "T039", "T041")]

    assert {f"{row.actor}: {row.event}" for row in events} <= {row[-1] for row in shown}


def test_the_lanes_say_when_request_and_decision_came() -> None:
    words = plots.timeline_by_actor("2022-01-05", "2022-01-06").alternative

    assert "request: 2022-01-05 18:00 to 19:01 UTC" in words
    assert "decision: 2022-01-05 21:42 UTC" in words


def test_the_lanes_of_a_case_without_events_are_empty() -> None:
    assert plots.timeline_by_actor("2022-02-27", "2022-02-27").rows == ()


def test_the_life_of_a_number_ends_with_who_explained_it() -> None:
    figure = plots.life_of_the_twenty_thousand()

    assert [row[2] for row in figure.rows] == [
        *["stated"] * 3,
        *("deleted", "stated", "denied", "explained"),
    ]
    assert [row[0] for row in figure.rows] == sorted(row[0] for row in figure.rows)


def test_a_claim_counts_once_for_each_purpose_it_invokes() -> None:
    figure = plots.purposes_by_actor()
    kazakhstan = figure.columns.index("Kazakhstan, its government and officials")
    counted = {row[0]: row[kazakhstan] for row in figure.rows}
    claims = [
        row
        for row in evidence.rows("claims")
        if row.actor == "kazakhstan" and row.stance in ("justify", "conditional")
    ]
    expected = sum(
        "coup-attempt" in (row.purpose, *evidence.items(row.other_purposes)) for row in claims
    )
    assert counted["coup attempt"] == expected


def test_practice_names_its_denominator_and_that_silence_is_no_denial() -> None:
    core = [
        row
        for row in evidence.rows("incidents")
        if row.era == "post-cold-war" and row.case_type == "intervention"
    ]
    figure = plots.purposes_over_time()

    assert figure.alternative.startswith(f"Of {len(core)} interventions")
    assert "not that none was made" in figure.alternative


def test_days_are_counted_only_where_both_are_known() -> None:
    figure = plots.request_to_arrival()
    kazakhstan = next(row for row in figure.rows if str(row[0]).startswith("Kazakhstan"))

    assert kazakhstan[1:] == ("2022-01-05 (request)", "2022-01-06", 1)
    assert f"known for {len(figure.rows)} of " in figure.alternative
    assert [row[-1] for row in figure.rows] == sorted(row[-1] for row in figure.rows)
