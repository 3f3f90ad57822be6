"""The timeline: clocks, intervals, honest order, filters, and the chronology as text."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from zoneinfo import ZoneInfoNotFoundError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volens import evidence
from volens.chronology import (
    PHASES,
    SOURCE_TYPES,
    ZONES,
    Happening,
    Moment,
    Selection,
    arranged,
    clocks,
    happening,
    happenings,
    offered,
    unordered,
)
from volens.chronology.telling import counted
from volens.errors import (
    DataNotFoundError,
    UnknownCaseError,
    UnknownRowError,
    UnreadableAnswerError,
)

CASE = "kazakhstan-2022"
EVENTS = happenings(CASE)
IDS = [one.id for one in EVENTS]


def at(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)


def moment(earliest: str, latest: str = "", precision: str = "about") -> Moment:
    return Moment(at(earliest), at(latest or earliest), precision)


# Clocks


@pytest.mark.parametrize(
    ("zone", "instant", "hours"),
    [
        ("utc", "2022-01-05T12:00Z", 0),
        ("nur-sultan", "2022-01-05T12:00Z", 6),
        ("nur-sultan", "1991-12-16T12:00Z", 5),
        ("nur-sultan", "2024-02-29T17:59Z", 6),
        ("nur-sultan", "2024-02-29T18:00Z", 5),
        ("moscow", "2022-01-05T12:00Z", 3),
        ("moscow", "2010-06-14T12:00Z", 4),
        ("moscow", "2010-12-10T12:00Z", 3),
    ],
)
def test_a_clock_is_as_far_ahead_as_it_was_on_that_day(zone: str, instant: str, hours: int) -> None:
    assert ZONES[zone].ahead(at(instant)) == 60 * hours


def test_the_offset_used_for_kazakhstan_is_that_of_the_table() -> None:
    """Where an event of a whole day is dated by the clock of Almaty, the interval is that day."""
    found = {
        row.id: happening(row.id).moment.in_words("nur-sultan")
        for row in evidence.rows("timeline")
        if (row.zone, row.precision) == ("Asia/Almaty", "day")
    }

    assert len(found) > 1
    for key, words in found.items():
        day = evidence.row("timeline", key).date
        assert words == f"{day.day} {day:%B %Y}, time of day not known (Nur-Sultan time)"


def test_a_computer_without_time_zones_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def nothing(key: str) -> None:
        raise ZoneInfoNotFoundError(key)

    clocks._zone.cache_clear()
    monkeypatch.setattr(clocks, "ZoneInfo", nothing)
    with pytest.raises(DataNotFoundError, match="Install the package `tzdata`"):
        ZONES["moscow"].local(at("2022-01-05T12:00Z"))


# Intervals in words


@pytest.mark.parametrize(
    ("when", "zone", "words"),
    [
        (moment("2022-01-05T10:10Z"), "nur-sultan", "5 January 2022, 16:10 Nur-Sultan time"),
        (moment("2022-01-05T21:42Z"), "moscow", "6 January 2022, 00:42 Moscow time"),
        (
            moment("2022-01-05T16:00Z", "2022-01-05T17:59Z"),
            "nur-sultan",
            "5 January 2022, between 22:00 and 24:00 Nur-Sultan time",
        ),
        (
            moment("2022-01-05T16:00Z", "2022-01-05T17:59Z"),
            "utc",
            "5 January 2022, between 16:00 and 18:00 UTC",
        ),
        (
            moment("2022-01-05T18:00Z", "2022-01-05T19:01Z"),
            "utc",
            "5 January 2022, between 18:00 and 19:01 UTC",
        ),
        (
            moment("2022-01-04T18:00Z", "2022-01-05T17:59Z"),
            "nur-sultan",
            "5 January 2022, time of day not known (Nur-Sultan time)",
        ),
        (
            moment("2022-01-04T18:00Z", "2022-01-05T17:59Z"),
            "utc",
            "between 4 January 2022, 18:00, and 5 January 2022, 18:00 UTC",
        ),
        (
            moment("2022-01-05T18:00Z", "2022-01-07T17:59Z"),
            "nur-sultan",
            "6 or 7 January 2022, day not known (Nur-Sultan time)",
        ),
        (
            moment("2022-01-30T00:00Z", "2022-02-02T23:59Z"),
            "utc",
            "between 30 January and 2 February 2022, day not known (UTC)",
        ),
        (
            moment("2021-12-31T00:00Z", "2022-01-01T23:59Z"),
            "utc",
            "31 December 2021 or 1 January 2022, day not known (UTC)",
        ),
        (
            moment("2022-02-01T00:00Z", "2022-02-28T23:59Z"),
            "utc",
            "February 2022, day not known (UTC)",
        ),
        (
            moment("2021-12-31T18:00Z", "2022-12-31T17:59Z"),
            "nur-sultan",
            "2022, month not known (Nur-Sultan time)",
        ),
    ],
)
def test_an_interval_is_said_by_a_clock(when: Moment, zone: str, words: str) -> None:
    assert when.in_words(zone) == words


def test_a_day_told_by_another_clock_is_named_by_that_clock_in_the_list() -> None:
    found = happening("T002")

    assert found.clock("nur-sultan") == (
        "15 May 1992 by the clock of Tashkent; the time of day is not known"
    )
    assert found.in_words("nur-sultan") == (
        "15 May 1992 by the clock of Tashkent; the time of day is not known "
        "(between 15 May 1992, 02:00, and 16 May 1992, 02:00 Nur-Sultan time)"
    )
    assert happening("T001").clock("nur-sultan") == "time of day not known"
    assert happening("T001").clock("utc") == (
        "16 December 1991 by the clock of Nur-Sultan; the time of day is not known"
    )


@pytest.mark.parametrize("zone", ZONES)
def test_the_list_names_hours_only_where_hours_are_known(zone: str) -> None:
    hours = {one.moment.precision for one in EVENTS if ":" in one.clock(zone) and one.day}

    assert hours == set()
    assert any(one.elsewhere(zone) for one in EVENTS)
    assert all(":" in one.clock(zone) for one in EVENTS if one.moment.exact)


def test_every_event_stands_in_one_stage_and_the_stages_follow_each_other() -> None:
    order = [one.phase for day in arranged(EVENTS, "utc") for one in day.happenings]

    assert list(dict.fromkeys(order)) == ["Background", "January 2022", "Afterwards"]
    assert order == sorted(order, key=[*PHASES.values()].index)


def test_one_event_falls_on_two_days_by_two_clocks() -> None:
    request = happening("T036").moment

    assert request.days("utc") == (date(2022, 1, 5), date(2022, 1, 5))
    assert request.days("nur-sultan") == (date(2022, 1, 6), date(2022, 1, 6))


def test_only_what_is_known_to_the_minute_has_an_exact_time() -> None:
    assert {one.moment.precision for one in EVENTS if one.moment.exact} == {"minute"}
    assert sum(one.moment.exact for one in EVENTS) == 7


@pytest.mark.parametrize("zone", ZONES)
def test_a_bar_lies_inside_its_days_and_is_as_long_as_the_interval(zone: str) -> None:
    for one in EVENTS:
        begin, end = one.moment.share(zone)
        first, last = one.moment.days(zone)
        whole = ((last - first).days + 1) * 24 * 60
        minutes = (one.moment.latest - one.moment.earliest) / timedelta(minutes=1)

        assert 0 <= begin <= end <= 100
        assert abs((end - begin) / 100 * whole - minutes) <= 1.5


# Order


def test_the_request_came_before_the_decision() -> None:
    request, decision = happening("T036").moment, happening("T039").moment

    assert request.before(decision)
    assert not decision.before(request)


def test_events_with_overlapping_intervals_are_not_ordered() -> None:
    """When the appeal reached Bishkek is open; so is its order with request and decision."""
    found = unordered([happening(key) for key in ("T036", "T037", "T039")])

    assert found == {"T036": ("T037",), "T037": ("T036", "T039"), "T039": ("T037",)}


def test_two_events_of_the_same_minute_are_not_ordered() -> None:
    one = moment("2022-01-05T12:00Z")

    assert one.overlaps(moment("2022-01-05T12:00Z"))
    assert one.before(moment("2022-01-05T12:01Z"))


@pytest.mark.parametrize("zone", ZONES)
def test_what_is_certainly_earlier_stands_earlier_by_every_clock(zone: str) -> None:
    listed = [one for day in arranged(EVENTS, zone) for one in day.happenings]

    assert sorted(one.id for one in listed) == sorted(IDS)
    assert [
        (one.id, other.id)
        for one, other in combinations(listed, 2)
        if other.moment.before(one.moment)
    ] == []


@pytest.mark.parametrize("zone", ZONES)
def test_a_day_holds_what_can_have_happened_on_no_other_day(zone: str) -> None:
    for day in arranged(EVENTS, zone):
        first, last = (date.fromisoformat(part) for part in day.key.split("/"))
        assert all(one.moment.days(zone) == (first, last) for one in day.happenings)
        assert (" or " in day.title) == (last - first == timedelta(days=1))


def test_to_overlap_is_mutual() -> None:
    found = unordered(EVENTS)

    assert all(key in found[other] for key, others in found.items() for other in others)


# What stands behind an event


def test_every_row_of_the_timeline_is_an_event_once() -> None:
    assert sorted(IDS) == sorted(row.id for row in evidence.rows("timeline"))


def test_an_event_rests_on_the_sources_that_its_row_is_linked_to() -> None:
    for one in EVENTS:
        linked = {
            source.id
            for role in ("hosts", "supports")
            for source in evidence.sources_of("timeline", one.id, role=role)
        }
        assert {source.id for source in one.sources} == linked
        assert {source.type for source in one.sources} <= {*SOURCE_TYPES}


def test_a_source_says_how_far_it_was_read() -> None:
    found = str(happening("T036").sources[0])

    assert found.endswith(", press, own text read: in part (opening of the stored page)")


def test_conflicts_are_those_that_name_the_event() -> None:
    for one in EVENTS:
        naming = [
            row.id for row in evidence.rows("conflicts") if one.id in evidence.items(row.rows)
        ]
        assert [conflict.id for conflict in one.conflicts] == naming


def test_every_version_of_a_conflict_is_kept_with_who_tells_it() -> None:
    told = [
        (version.id, version.told_by)
        for conflict in happening("T037").conflicts
        for version in conflict.versions
    ]

    assert told == [
        (row.id, row.told_by)
        for row in evidence.rows("conflict_versions")
        if row.conflict in ("Q06", "Q07", "Q14")
    ]
    assert happening("T037").points == 3


def test_what_is_told_differently_is_counted_by_points() -> None:
    """A note counts where it stands alone; where conflicts are recorded it may be about one."""
    assert happening("T055").points == 0
    assert (happening("T016").note != "", happening("T016").points) == (True, 1)
    alone = [one for one in EVENTS if one.note and not one.conflicts]
    assert alone
    assert {one.points for one in alone} == {1}


def test_no_row_is_named_in_a_note_without_its_words() -> None:
    pattern = re.compile(r"\b(?:[TCF]\d{3}|Q\d{2})\b")
    for one in EVENTS:
        assert {*pattern.findall(one.note)} == {mention.id for mention in one.named}
        for conflict in one.conflicts:
            words = f"{conflict.about} {conflict.record} {conflict.note}"
            assert {*pattern.findall(words)} == {mention.id for mention in conflict.named}
    assert all(mention.words for one in EVENTS for mention in one.named)


def test_what_is_not_firm_is_marked_in_words() -> None:
    assert "confidence: medium" in happening("T057").marks
    assert "part of it from knowledge, no page read" in happening("T010").marks
    assert "one source only" in happening("T056").marks
    assert happening("T036").marks == ("stage of the case: request",)


def test_the_time_is_kept_as_the_sources_give_it() -> None:
    assert happening("T044").told == (
        "Dated 6 January 2022 by the clock of Minsk. The sources give: 15:10 Minsk."
    )
    assert happening("T118").told == "Dated 7 February 2022 by UTC."


def test_an_unknown_event_or_case_is_named() -> None:
    with pytest.raises(UnknownRowError, match="T999"):
        happening("T999")
    with pytest.raises(UnknownCaseError):
        happenings("atlantis")


def test_a_case_without_a_timeline_has_no_events() -> None:
    assert happenings("mali-2013") == ()
    assert Selection("mali-2013").summary == "0 of 0 events shown."


# Filters


def shown(**filters: object) -> list[str]:
    return [one.id for one in Selection(CASE, **filters).shown]  # type: ignore[arg-type]


def test_without_filters_everything_is_shown() -> None:
    assert shown() == IDS


def test_one_of_several_actors_is_enough() -> None:
    assert shown(actors=("tajikistan",)) == [one.id for one in EVENTS if "tajikistan" in one.actors]
    assert "T085" in shown(actors=("tajikistan",))


def test_one_source_of_a_type_is_enough() -> None:
    assert shown(source_types=("partisan",)) == ["T073", "T117"]


def test_filters_narrow_one_another() -> None:
    found = shown(actors=("csto",), categories=("CSTO act",), search="pashinyan facebook")

    assert found == ["T039"]


def test_searching_heeds_neither_case_nor_order_and_looks_at_place_and_note() -> None:
    assert shown(search="  FACEBOOK   Pashinyan ") == ["T039"]
    assert shown(search="gegharkunik") == ["T011"]
    assert "T029" in shown(search="kursiv")


def test_a_filter_with_nothing_on_shows_nothing() -> None:
    assert shown(actors=()) == []
    assert Selection(CASE, actors=()).summary == "0 of 133 events shown."


def test_switching_everything_on_is_no_filter() -> None:
    everyone = tuple(offered(CASE)["actors"])

    assert Selection(CASE, actors=everyone) == Selection(CASE)


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        ({}, "133 of 133 events shown; 126 of them have no exact time."),
        ({"search": "T029"}, "1 of 133 events shown; it has no exact time."),
        ({"search": "T039 facebook"}, "1 of 133 events shown; it has an exact time."),
    ],
)
def test_the_summary_always_says_of_how_many(filters: dict[str, str], words: str) -> None:
    assert Selection(CASE, **filters).summary == words  # type: ignore[arg-type]


def test_events_with_exact_times_are_counted_in_words() -> None:
    exact = [one for one in EVENTS if one.moment.exact]

    assert counted(exact, 133, "chosen") == (
        "7 of 133 events chosen; all of them have an exact time."
    )
    assert counted([*exact, happening("T036")], 133, "chosen") == (
        "8 of 133 events chosen; 1 of them has no exact time."
    )


def test_what_the_filters_leave_is_said_in_words() -> None:
    made = Selection(CASE, actors=("csto",), source_types=(), search=" late  night ")

    assert made.filters == (
        "Actors: Collective Security Treaty Organization (CSTO).",
        "Types of source: none.",
        'Words searched: "late night".',
    )


# Plain data


def some(name: str) -> st.SearchStrategy[tuple[str, ...] | None]:
    known = list(offered(CASE)[name])
    return st.none() | st.lists(st.sampled_from(known), unique=True).map(tuple)


selections = st.builds(
    Selection,
    case=st.just(CASE),
    zone=st.sampled_from(list(ZONES)),
    actors=some("actors"),
    categories=some("categories"),
    source_types=some("source_types"),
    search=st.text(max_size=12),
    opened=st.sampled_from(["", *IDS]),
    chosen=st.lists(st.sampled_from(IDS), unique=True, max_size=6).map(tuple),
)


@given(selections)
def test_a_selection_survives_as_data_and_as_json(made: Selection) -> None:
    again = json.loads(json.dumps(made.to_data()))

    assert Selection.from_data(CASE, made.to_data()) == made
    assert Selection.from_data(CASE, again) == made


@given(selections)
def test_the_data_hold_texts_numbers_and_lists_only(made: Selection) -> None:
    """So that JSON is a Python literal too."""
    assert not re.search(r"\b(true|false|null)\b", json.dumps({**made.to_data(), "search": ""}))


@given(selections)
def test_what_is_shown_passes_each_filter_alone(made: Selection) -> None:
    alone = [
        {one.id for one in Selection(CASE, **{name: getattr(made, name)}).shown}
        for name in ("actors", "categories", "source_types", "search")
    ]

    assert {one.id for one in made.shown} == set.intersection(*alone)


def test_the_chosen_stand_in_the_order_of_the_timeline() -> None:
    assert Selection(CASE, chosen=("T039", "T036", "T036")).chosen == ("T036", "T039")


def test_what_the_data_leave_out_stands_as_at_the_beginning() -> None:
    data = {"schema": "volens/timeline-explorer", "version": 1, "case": CASE}

    assert Selection.from_data(CASE, data) == Selection(CASE)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"schema": "volens/note"}, '`schema`: expected "volens/timeline-explorer"'),
        ({"case": "mali-2013"}, '`case`: expected "kazakhstan-2022", got "mali-2013"'),
        ({"zone": "almaty"}, '`zone`: expected a clock .*, got "almaty"'),
        ({"zone": 6}, "`zone`: expected a text"),
        ({"actors": "csto"}, '`actors`: expected a list of texts, or "all"'),
        ({"actors": ["nato"]}, '`actors`: .* got "nato"'),
        ({"categories": [1]}, "`categories`: expected a list of texts"),
        ({"source_types": ["gossip"]}, "`source_types`"),
        ({"opened": "T999"}, '`opened`: expected an event .*, got "T999"'),
        ({"chosen": "all"}, "`chosen`: expected a list of event ids"),
        ({"chosen": ["C001"]}, '`chosen`: .* such as `T001`, got "C001"'),
        ({"search": None}, "`search`: expected a text, got nothing"),
    ],
)
def test_data_of_another_form_are_refused_by_name(change: dict[str, object], message: str) -> None:
    with pytest.raises(UnreadableAnswerError, match=message):
        Selection.from_data(CASE, {**Selection(CASE).to_data(), **change})


# The chronology as text


def test_the_memo_numbers_the_chosen_and_says_which_are_not_ordered() -> None:
    memo = Selection(CASE, zone="utc", chosen=("T036", "T037", "T039")).to_memo()

    assert "Clock: UTC.\n3 of 133 events chosen; 2 of them have no exact time.\n" in memo
    assert "1. 5 January 2022, between 14:00 and 21:42 UTC. Tokayev; Kyrgyz cabinet: " in memo
    assert "2. 5 January 2022, between 18:00 and 19:01 UTC. Tokayev: " in memo
    assert "3. 5 January 2022, 21:42 UTC. CSTO Collective Security Council: " in memo
    assert re.findall(r"Order not known with (.*)\.", memo) == [
        "numbers 2 and 3",
        "number 1",
        "number 1",
    ]


def test_the_memo_of_no_choice_has_what_is_shown_and_its_filters() -> None:
    memo = Selection(CASE, categories=("request",)).to_memo()

    assert "Kinds of event: request." in memo
    assert len(re.findall(r"^\d+\. ", memo, re.MULTILINE)) == 5


def test_the_memo_gives_every_source_and_every_other_version() -> None:
    memo = Selection(CASE, chosen=("T037",)).to_memo()
    event: Happening = happening("T037")

    for source in event.sources:
        assert f"   - Source: {source}.\n" in memo
    assert event.note in memo
    assert "     T036 is: Tokayev, 2022-01-05: At the Security Council" in memo
    for conflict in event.conflicts:
        assert f"Told in more than one way: {conflict.title} (record: {conflict.settled})" in memo


@given(selections)
def test_the_memo_has_each_listed_event_once(made: Selection) -> None:
    memo = made.to_memo()
    numbers = [int(number) for number in re.findall(r"^(\d+)\. ", memo, re.MULTILINE)]

    assert numbers == list(range(1, len(made.listed) + 1))
    assert memo.startswith("# Chronology: Kazakhstan and the CSTO, January 2022\n")
