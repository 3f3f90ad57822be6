"""Each kind of answer reads what students type, and nothing else."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volens.errors import TestCellError
from volens.kinds import Choice, Day, Instant, Kind, Number, Several, Words

GATES = ("request", "timing", "scope")


@pytest.mark.parametrize(
    ("kind", "typed", "read"),
    [
        (Choice("met", "not met"), " Not-Met. ", "not met"),
        (Several(*GATES), "timing; request", frozenset({"request", "timing"})),
        (Several(*GATES), ["scope"], frozenset({"scope"})),
        (Several(*GATES), "None", frozenset()),
        (Number(), "12", 12),
        (Number(), "1,234", 1234),
        (Number(), "0,75", 0.75),
        (Number(), "-3.5", -3.5),
        (Number(), 7, 7),
        (Day(), " 2022-01-13 ", date(2022, 1, 13)),
        (Day(), date(2022, 1, 13), date(2022, 1, 13)),
        (Instant(), "2022-01-05 17:15", datetime(2022, 1, 5, 17, 15, tzinfo=UTC)),
        (Instant(), "2022-01-05T17:15Z", datetime(2022, 1, 5, 17, 15, tzinfo=UTC)),
        (Instant(), "2022-01-05 17:15 UTC", datetime(2022, 1, 5, 17, 15, tzinfo=UTC)),
        (Instant(), "2022-01-05 23:15+06:00", datetime(2022, 1, 5, 17, 15, tzinfo=UTC)),
        (Instant(), datetime(2022, 1, 5, 17, tzinfo=UTC), datetime(2022, 1, 5, 17, tzinfo=UTC)),
        (Words(at_least=3), "  it was\nso ", "it was so"),
    ],
)
def test_what_students_type_is_read(kind: Kind, typed: object, read: object) -> None:
    assert kind.read(typed) == read


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (Choice("met", "not met"), "perhaps"),
        (Choice("met", "not met"), 1),
        (Several(*GATES), "timing; purpose"),
        (Several(*GATES), ""),
        (Several(*GATES), 3),
        (Several(*GATES), [1]),
        (Number(), "a dozen"),
        (Number(), True),
        (Number(), None),
        (Number(), "1.2.3"),
        (Day(), "13 January 2022"),
        (Day(), "2022-02-30"),
        (Day(), datetime(2022, 1, 5, tzinfo=UTC)),
        (Instant(), "2022-01-05"),
        (Instant(), "17:15"),
        (Instant(), "2022-01-05 17.15"),
        (Instant(), "2022-01-05 17,15"),
        (Instant(), "2022-01-05 17"),
        (Instant(), "2022-01-05 25:00"),
        (Words(at_least=3), "too short"),
        (Words(), ""),
        (Words(), 3),
    ],
)
def test_what_cannot_be_read_is_none_and_no_error(kind: Kind, typed: object) -> None:
    assert kind.read(typed) is None


@given(st.text())
def test_no_text_is_an_error_for_any_kind(typed: str) -> None:
    for kind in (Choice("a", "b"), Several("a", "b"), Number(), Day(), Instant(), Words()):
        kind.read(typed)


@given(st.sets(st.sampled_from(GATES)))
def test_what_is_shown_can_be_typed_again(chosen: set[str]) -> None:
    kind = Several(*GATES)

    assert kind.read(kind.show(frozenset(chosen))) == chosen


@given(st.datetimes(min_value=datetime(1000, 1, 1), max_value=datetime(9999, 1, 1)))  # noqa: DTZ001 (Hypothesis wants them without a zone)
def test_a_time_that_is_shown_can_be_typed_again(moment: datetime) -> None:
    whole = moment.replace(second=0, microsecond=0, tzinfo=UTC)

    assert Instant().read(Instant().show(whole)) == whole


@pytest.mark.parametrize("words", [(), ("met",), ("met", "Met."), ("a State", "state")])
def test_a_choice_between_the_same_words_is_a_mistake_of_the_course(words: tuple[str, ...]) -> None:
    with pytest.raises(TestCellError, match="needs two words or more"):
        Choice(*words)
