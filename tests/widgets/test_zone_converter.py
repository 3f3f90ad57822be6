"""The zone converter: local time to UTC, by the clocks of that date."""

import random
from datetime import UTC, datetime, timedelta

import pytest

import volens as vo
from volens.chronology import ZONES
from volens.widgets import zone_converter
from volens.widgets.zone_converter import FIRST, LAST, PLACES, to_utc

HOUR = timedelta(hours=1)
FORM = "%Y-%m-%d %H:%M"


@pytest.mark.parametrize(
    ("place", "local", "utc"),
    [
        ("nur-sultan", "2022-01-05 00:00", "2022-01-04 18:00"),
        ("aktau", "2022-01-05 00:00", "2022-01-04 19:00"),
        ("atyrau", "2022-01-05 00:00", "2022-01-04 19:00"),
        ("oral", "2022-01-05 00:00", "2022-01-04 19:00"),
        ("moscow", "2022-01-05 20:30", "2022-01-05 17:30"),
        ("minsk", "2022-01-05 12:00", "2022-01-05 09:00"),
        ("yerevan", "2022-01-05 12:00", "2022-01-05 08:00"),
        ("bishkek", "2022-01-05 12:00", "2022-01-05 06:00"),
        ("dushanbe", "2022-01-05 12:00", "2022-01-05 07:00"),
        ("brussels", "2022-01-05 12:00", "2022-01-05 11:00"),
        ("brussels", "2022-07-05 12:00", "2022-07-05 10:00"),
        ("new-york", "2022-01-05 20:00", "2022-01-06 01:00"),
        ("beijing", "2022-01-05 07:59", "2022-01-04 23:59"),
        ("utc", "2022-01-05 12:00", "2022-01-05 12:00"),
    ],
)
def test_a_local_time_becomes_one_in_utc(place: str, local: str, utc: str) -> None:
    (instant,) = to_utc(place, local).instants

    assert f"{instant:{FORM}}" == utc


def test_kazakhstan_has_one_clock_since_march_2024_so_the_date_matters() -> None:
    def ahead(place: str, local: str) -> float:
        (instant,) = to_utc(place, local).instants
        return (datetime.strptime(local, FORM).replace(tzinfo=UTC) - instant) / HOUR

    assert [ahead(place, "2024-02-29 12:00") for place in ("nur-sultan", "aktau")] == [6, 5]
    assert [ahead(place, "2024-03-01 12:00") for place in ("nur-sultan", "aktau")] == [5, 5]


def test_the_sentences_say_offset_and_day() -> None:
    assert str(to_utc("new-york", "2022-01-05 20:00")) == (
        "2022-01-06 01:00 UTC. Clocks in New York, seat of the United Nations, on 2022-01-05: "
        "5 hours behind UTC. In UTC it is already the next day."
    )
    assert str(to_utc("london", "2022-01-05 20:00")).endswith("on 2022-01-05: the same as UTC.")
    assert str(to_utc("brussels", "2022-01-05 20:00")).endswith("1 hour ahead of UTC.")


def test_a_time_that_no_clock_showed_or_that_came_twice_is_told() -> None:
    assert str(to_utc("brussels", "2022-03-27 02:30")) == (
        "Clocks in Brussels, Belgium, on 2022-03-27, were set forward and never showed 02:30."
    )
    assert str(to_utc("brussels", "2022-10-30 02:30")) == (
        "Clocks in Brussels, Belgium, on 2022-10-30, were set back and showed 02:30 twice: at "
        "2022-10-30 00:30 UTC and at 2022-10-30 01:30 UTC."
    )


@pytest.mark.parametrize("place", PLACES)
def test_no_change_of_a_clock_is_left_out(place: str) -> None:
    """Looked at four times a day, and just before and at each change."""
    clock = PLACES[place]
    changes = {
        datetime.strptime(begin, FORM).replace(tzinfo=UTC): minutes
        for begin, minutes in zone_converter._changes(place)
    }
    first, *later = changes
    for change in later:
        assert clock.ahead(change) == changes[change]
        assert clock.ahead(change - timedelta(minutes=1)) != changes[change]
    at, end = first, datetime(LAST + 1, 1, 1, tzinfo=UTC)
    for change in [*later, end]:
        while at < change:
            assert clock.ahead(at) == changes[first], at
            at += 6 * HOUR
        first = change


def test_random_instants_come_back() -> None:
    chance = random.Random(8)  # noqa: S311 (the same instants in every run)
    begin = datetime(FIRST, 1, 2, tzinfo=UTC)
    minutes = (LAST - FIRST) * 365 * 24 * 60
    for _ in range(500):
        place = chance.choice(list(PLACES.values()))
        instant = begin + timedelta(minutes=chance.randrange(minutes))

        assert instant in to_utc(place.id, f"{place.local(instant):{FORM}}").instants


def test_clocks_that_the_timeline_has_are_those_of_the_timeline() -> None:
    for slug, clock in ZONES.items():
        assert (PLACES[slug].key, PLACES[slug].words) == (clock.key, clock.words)


def test_the_static_twin_lists_every_place() -> None:
    bundle = vo.zone_converter()._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle

    for place in PLACES.values():
        assert f"{place.name}</td>" in data["text/html"]
    assert "- Moscow, Russia: 2022-01-04 21:00\n" in data["text/plain"]
    assert "application/vnd.jupyter.widget-view+json" in data


def test_the_content_is_plain_data() -> None:
    content = vo.zone_converter().content

    assert content["local"] == "2022-01-05 00:00"
    assert content["place"] == "nur-sultan"
    assert len(str(content)) < 20_000
