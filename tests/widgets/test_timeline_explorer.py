"""The timeline explorer's model and its static twin, without a browser."""

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest

from volens import evidence
from volens.chronology import ZONES, Selection, happening, happenings
from volens.errors import DataNotFoundError, UnknownCaseError, UnreadableAnswerError
from volens.widgets import widget
from volens.widgets.base import script as base_script
from volens.widgets.timeline_explorer import TimelineExplorer, timeline_explorer

CASE = "kazakhstan-2022"
FILTERED = Selection(CASE, zone="utc", categories=("request", "CSTO act"), chosen=("T036",))


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture(name="explorer")
def _explorer() -> TimelineExplorer:
    return timeline_explorer(CASE, FILTERED.to_data())


class Table(HTMLParser):
    """The texts of a page's cells, row by row."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
        elif tag == "li":
            self.rows[-1][-1] += " | "

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data


def test_a_new_explorer_shows_everything_and_nothing_is_chosen() -> None:
    explorer = timeline_explorer()

    assert explorer.value == Selection(CASE).to_data()
    assert repr(explorer) == (
        "<TimelineExplorer kazakhstan-2022: 133 of 133 events shown, 0 chosen>"
    )


def test_it_is_found_by_its_kind() -> None:
    assert isinstance(widget("timeline-explorer", CASE), TimelineExplorer)


def test_its_entries_are_named_after_kind_and_case() -> None:
    assert timeline_explorer().name == "timeline-explorer-kazakhstan-2022"
    assert timeline_explorer(name="night").name == "night"


def test_an_explorer_that_is_given_a_selection_shows_that(explorer: TimelineExplorer) -> None:
    assert explorer.selection == FILTERED
    assert not explorer.keeps


def test_what_the_view_changes_is_the_selection(explorer: TimelineExplorer) -> None:
    explorer.set_state({"value": {**FILTERED.to_data(), "chosen": []}})

    assert explorer.selection.chosen == ()


def test_setting_the_selection_changes_the_value(explorer: TimelineExplorer) -> None:
    explorer.selection = Selection(CASE)

    assert explorer.value == Selection(CASE).to_data()


@pytest.mark.parametrize("data", [{"schema": "volens/weighing-board"}, [], "T036"])
def test_what_is_no_selection_is_refused(data: object) -> None:
    with pytest.raises(UnreadableAnswerError):
        timeline_explorer(CASE, data)  # type: ignore[arg-type]


def test_an_unknown_case_is_refused() -> None:
    with pytest.raises(UnknownCaseError):
        timeline_explorer("atlantis")


def test_an_explorer_is_saved_and_loaded(explorer: TimelineExplorer, tmp_path: Path) -> None:
    explorer.save(tmp_path / "timeline.json")
    other = timeline_explorer()
    other.load(tmp_path / "timeline.json")

    assert other.selection == FILTERED


def test_the_content_has_every_event_by_every_clock() -> None:
    content = timeline_explorer().content

    assert [event["id"] for event in content["events"]] == [one.id for one in happenings(CASE)]
    for event in content["events"]:
        assert list(event["by"]) == list(ZONES)
        assert {by["group"] for by in event["by"].values()} <= set(content["groups"])
        assert {*event["sources"]} <= set(content["sources"])
        assert {*event["conflicts"]} <= set(content["conflicts"])
        assert {*event["named"]} <= set(content["named"])


def test_the_content_is_made_once() -> None:
    assert timeline_explorer().content["events"] is timeline_explorer().content["events"]


def test_a_filter_says_how_many_events_of_the_whole_timeline_it_has() -> None:
    filters = {one["id"]: one["options"] for one in timeline_explorer().content["filters"]}

    assert sum(one["count"] for one in filters["categories"]) == 133
    assert next(one for one in filters["actors"] if one["id"] == "csto")["count"] == 22


def test_the_static_twin_has_each_event_shown(explorer: TimelineExplorer) -> None:
    head, *rows = Table(explorer.to_html()).rows

    assert head == ["When", "Who", "Kind", "What happened", "Other versions", "Sources"]
    assert len(rows) == len(FILTERED.shown) == 15
    request = next(row for row in rows if "in the selection (T036)" in row[3])
    assert request[0] == " | 5 January 2022, between 18:00 and 19:01 UTC | known to an hour or more"
    assert request[1] == "Tokayev"
    assert "formal letter text not found" in request[4]
    assert "Text and form of the request: " in request[4]
    assert "ZeroHedge" in request[5]
    assert "own text read: in part" in request[5]


def test_the_static_twin_says_of_how_many_events_and_by_which_clock(
    explorer: TimelineExplorer,
) -> None:
    page = explorer.to_html()

    assert "15 of 133 events shown; 14 of them have no exact time. Clock: UTC." in page
    assert "Kinds of event: CSTO act; request." in page


def test_the_static_twin_escapes_words() -> None:
    page = timeline_explorer(CASE, Selection(CASE, search="<b>").to_data()).to_html()

    assert "&lt;b&gt;" in page
    assert "<b>" not in page
    assert "no event." in page


def test_the_whole_timeline_is_a_table_too() -> None:
    assert len(Table(timeline_explorer().to_html()).rows) == 1 + len(evidence.rows("timeline"))


def test_a_case_without_a_timeline_is_refused_in_one_sentence_that_names_one_with_it() -> None:
    with pytest.raises(DataNotFoundError) as raised:
        timeline_explorer("mali-2013")

    assert str(raised.value) == (
        "The case mali-2013 has no timeline yet, so there are no events to show. "
        "The course's own case has one: kazakhstan-2022."
    )


def test_without_a_view_the_notebook_gets_the_table_and_the_memo(
    explorer: TimelineExplorer,
) -> None:
    bundle = explorer._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle

    assert data["text/html"] == explorer.to_html()
    assert data["text/plain"] == FILTERED.to_memo()
    assert "application/vnd.jupyter.widget-view+json" in data


def test_where_nothing_is_chosen_the_text_says_how_much_is_shown_and_no_more() -> None:
    filtered = Selection(CASE, categories=("request", "CSTO act"), search="collective")

    assert timeline_explorer().to_text() == (
        "133 of 133 events shown; 126 of them have no exact time.\n"
    )
    assert timeline_explorer(CASE, filtered.to_data()).to_text() == (
        f'Kinds of event: CSTO act; request.\nWords searched: "collective".\n{filtered.summary}\n'
    )


def test_the_page_needs_nothing_from_the_network() -> None:
    page = timeline_explorer().to_page()

    assert " src=" not in page
    assert "@import" not in page
    assert "fetch(" not in page


def test_the_view_reads_no_time_zone_of_the_browser() -> None:
    """Every time comes from Python, in words."""
    script = TimelineExplorer._esm.removeprefix(base_script())

    assert "Intl." not in script
    assert "new Date(" not in script
    assert "toLocale" not in script


def test_the_content_is_plain_data() -> None:
    content = timeline_explorer().content

    assert json.loads(json.dumps(content)) == content


def test_the_content_shows_who_tells_a_version() -> None:
    content = timeline_explorer().content
    versions = content["conflicts"]["Q07"]["versions"]

    assert [one["by"] for one in versions] == [
        version.told_by
        for conflict in happening("T036").conflicts
        if conflict.id == "Q07"
        for version in conflict.versions
    ]
