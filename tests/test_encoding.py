"""Answers as plain data."""

import math
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from volens import encoding
from volens.errors import UnreadableAnswerError
from volens.logic import MET, Value

plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False)
    | st.text()
    | st.dates()
    | st.datetimes()
    | st.sampled_from(list(Value)),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text() | st.integers() | st.just("$kind"), inner, max_size=4)
        | st.frozensets(st.text() | st.integers(), max_size=4).map(set)
    ),
    max_leaves=20,
)


@given(plain)
def test_plain_data_arrive_as_they_were(value: object) -> None:
    arrived = encoding.loads(encoding.dumps(value))

    assert value == arrived
    assert type(value) is type(arrived)


class Agreeable(str):
    """A text that says it equals everything."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return hash(str(self))

    def __str__(self) -> str:
        return "the right answer"


class AgreeableNumber(int):
    def __int__(self) -> int:
        return 42


class AgreeableList(list[Any]):
    def __iter__(self) -> Iterator[Any]:
        return iter(["the right answer"])


class AgreeableDictionary(dict[str, str]):
    def items(self) -> Any:  # noqa: ANN401
        return {"C009": "the right answer"}.items()


@pytest.mark.parametrize(
    ("disguised", "expected"),
    [
        (Agreeable("wrong"), "wrong"),
        (AgreeableNumber(3), 3),
        (AgreeableList(["wrong"]), ["wrong"]),
        (AgreeableDictionary({"C009": "wrong"}), {"C009": "wrong"}),
    ],
)
def test_a_class_cannot_decide_what_equal_means(disguised: object, expected: object) -> None:
    arrived = encoding.loads(encoding.dumps(disguised))

    assert type(expected) is type(arrived)
    assert expected == arrived


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.int64(3), 3),
        (np.float64(0.5), 0.5),
        (np.bool_(True), True),  # noqa: FBT003
        (np.array([1, 2]), [1, 2]),
        (pd.Timestamp("2022-01-05 19:01"), datetime(2022, 1, 5, 19, 1)),  # noqa: DTZ001
        (pd.NaT, None),
        (pd.NA, None),
    ],
)
def test_numbers_and_dates_of_libraries_become_ordinary_ones(
    value: object, expected: object
) -> None:
    arrived = encoding.loads(encoding.dumps(value))

    assert expected == arrived
    assert type(expected) is type(arrived)


def test_not_a_number_survives() -> None:
    arrived = encoding.loads(encoding.dumps(float("nan")))

    assert isinstance(arrived, float)
    assert math.isnan(arrived)


def test_a_table_keeps_its_columns_its_index_and_its_cells() -> None:
    table = pd.DataFrame({"date": [date(2022, 1, 5), None], "dead": [8, 18]}, index=["K01", "K06"])

    arrived = encoding.loads(encoding.dumps(table))

    assert isinstance(arrived, pd.DataFrame)
    assert_frame_equal(table, arrived)


def test_a_column_keeps_its_name() -> None:
    arrived = encoding.loads(encoding.dumps(pd.Series([1, 2], name="dead")))

    assert isinstance(arrived, pd.Series)
    assert (arrived.name, arrived.tolist()) == ("dead", [1, 2])


def test_other_objects_are_refused_by_name() -> None:
    with pytest.raises(UnreadableAnswerError, match="`object`"):
        encoding.dumps({"C009": object()})


def test_a_list_that_holds_itself_is_refused() -> None:
    endless: list[object] = []
    endless.append(endless)
    with pytest.raises(UnreadableAnswerError, match="inside one another"):
        encoding.dumps(endless)


def test_too_long_an_answer_is_refused_on_both_sides() -> None:
    with pytest.raises(UnreadableAnswerError, match="characters long"):
        encoding.dumps("x" * encoding.LONGEST)
    with pytest.raises(UnreadableAnswerError, match="longer than"):
        encoding.loads("1" * (encoding.LONGEST + 1))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        '{"$kind": "module", "of": "os"}',
        '{"$kind": ["set"], "of": []}',
        '{"$kind": "set"}',
        '{"$kind": "set", "of": [[1]]}',
        '{"$kind": "date", "of": "tomorrow"}',
        '{"$kind": "value", "of": "MAYBE"}',
        '{"$kind": "table", "of": {"rows": 1}}',
        "[" * 100_000,
        "9" * 10_000,
    ],
)
def test_whatever_does_not_come_from_dumps_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(UnreadableAnswerError):
        encoding.loads(text)


def test_the_three_values_arrive_as_themselves() -> None:
    assert encoding.loads(encoding.dumps({"request": MET})) == {"request": MET}
