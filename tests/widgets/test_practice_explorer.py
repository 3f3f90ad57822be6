"""The practice explorer's model and its static twin, without a browser."""

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest

from volens import evidence
from volens.errors import PracticeError
from volens.practice import CORE, Exploration, Query, limits, sentences
from volens.widgets.practice_explorer import PracticeExplorer, practice_explorer

CROSSED = Exploration(
    Query(filters=CORE, rows="purpose", columns="unsc_reaction", share="columns"),
    row="stability",
    column="endorsed",
    opened="KAZ-2022",
)


@pytest.fixture(name="explorer")
def _explorer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PracticeExplorer:
    monkeypatch.chdir(tmp_path)
    return practice_explorer(CROSSED.to_data())


@pytest.fixture(name="fresh")
def _fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PracticeExplorer:
    monkeypatch.chdir(tmp_path)
    return practice_explorer()


def test_a_new_explorer_begins_with_the_core_incidents(fresh: PracticeExplorer) -> None:
    assert fresh.exploration == Exploration()
    assert (fresh.name, fresh.keeps) == ("practice-explorer", True)
    assert repr(fresh) == "<PracticeExplorer practice-explorer: 72 of 94 incidents>"


def test_an_explorer_that_is_given_a_query_shows_it(explorer: PracticeExplorer) -> None:
    assert explorer.exploration == CROSSED
    assert not explorer.keeps


def test_what_is_no_query_is_refused() -> None:
    with pytest.raises(PracticeError, match="There is no variable `weather`"):
        practice_explorer({**CROSSED.to_data(), "rows": "weather"})


def test_the_result_is_computed_anew_whatever_stands_there(fresh: PracticeExplorer) -> None:
    old = {**CROSSED.to_data(), "result": {"meeting": 3}}

    assert fresh.check(old) == CROSSED.to_data()


def test_what_the_view_sends_is_kept_beside_the_notebook(fresh: PracticeExplorer) -> None:
    fresh.set_state({"value": CROSSED.to_data(), "sent": 1})
    kept = json.loads(Path("answers/practice-explorer.json").read_text(encoding="utf-8"))

    assert kept == CROSSED.to_data()


def test_a_query_is_saved_and_loaded(explorer: PracticeExplorer, tmp_path: Path) -> None:
    explorer.save(tmp_path / "query.json")
    other = practice_explorer()
    other.load(tmp_path / "query.json")

    assert other.exploration == CROSSED


def test_the_static_twin_has_the_table_with_denominators_and_gaps(
    explorer: PracticeExplorer,
) -> None:
    page = explorer.to_html()

    assert "72 of 94 incidents meet your filter; 0 of these have no value" in page
    assert "10 (91% of 11)" in page
    assert ">none on record</td>" in page
    assert all(line.split("“", maxsplit=1)[0] in page for line in sentences(CROSSED.table))
    assert all(line in page for line in limits())


def test_the_static_twin_lists_the_incidents_of_the_chosen_cell(
    explorer: PracticeExplorer,
) -> None:
    page = explorer.to_html()

    assert "Incidents: “stability” and “endorsed” (7)" in page
    for key in CROSSED.listed:
        assert f"({key})" in page


def test_the_static_twin_has_the_opened_incident_with_its_sources(
    explorer: PracticeExplorer,
) -> None:
    page = explorer.to_html()

    assert "Kazakhstan 2022: CSTO peacekeeping force (KAZ-2022)" in page
    assert "claimed: counter-terrorism. Speaker: Tokayev, 5 January 2022" in page
    assert "confidence that it was said: high" in page
    assert "press, own text read: in part" in page


def test_the_static_twin_is_well_formed_and_says_nothing_of_now(
    explorer: PracticeExplorer,
) -> None:
    page = explorer.to_html()
    open_tags: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            assert "id" not in dict(attrs)
            if tag != "br":
                open_tags.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert open_tags.pop() == tag

    Reader().feed(page)
    assert open_tags == []
    assert page == explorer.to_html()


def test_without_a_view_the_notebook_gets_the_twin_and_the_memo(
    explorer: PracticeExplorer,
) -> None:
    bundle = explorer._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle

    assert data is not None
    assert data["text/html"] == explorer.to_html()
    assert data["text/plain"] == CROSSED.to_memo()


def test_the_view_has_every_incident_and_every_source_once(fresh: PracticeExplorer) -> None:
    content = fresh.content

    assert [one["id"] for one in content["incidents"]] == [
        row.id for row in evidence.rows("incidents")
    ]
    assert len({one.get("address", one["name"]) for one in content["sources"]}) == len(
        content["sources"]
    )
    assert len(content["excluded"]) == len(evidence.rows("excluded"))


def test_the_page_of_its_own_needs_nothing_from_the_network(fresh: PracticeExplorer) -> None:
    page = fresh.to_page()

    assert " src=" not in page
    assert "@import" not in page
