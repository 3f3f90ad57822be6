"""Answers as plain data."""

import json
import math
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import ipywidgets
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from volens import encoding
from volens.errors import UnreadableAnswerError
from volens.kinds import Choice
from volens.logic import MET, Value
from volens.plots.toll import toll_by_announcement
from volens.widgets.answer_sheet import answer_sheet

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


class Liar:
    """Says that it is a list."""

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        return list


class Exploding:
    def __getattribute__(self, name: str) -> Any:  # noqa: ANN401
        raise SystemExit(name)


class Nameless(type):
    @property
    def __name__(cls) -> str:
        raise ValueError


class Unnamed(metaclass=Nameless):
    pass


class Twins(str):
    """Two texts of this class are never equal, so a dictionary holds both."""

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other


def endlessly() -> Iterator[int]:
    while True:
        yield 1


@pytest.mark.parametrize(
    "make",
    [Liar, Exploding, Unnamed, endlessly, lambda: [Liar()]],
    ids=["liar", "exploding", "unnamed", "endless", "inside"],
)
def test_an_object_that_lies_about_itself_or_fails_is_refused(make: Callable[[], object]) -> None:
    with pytest.raises(UnreadableAnswerError, match="cannot be marked"):
        encoding.dumps(make())


def test_the_name_of_a_class_cannot_command_a_terminal_or_fill_a_page() -> None:
    evil = type("\x1b[31m" + "Right!\n" * 1000, (), {})()
    with pytest.raises(UnreadableAnswerError) as caught:
        encoding.dumps(evil)

    assert "\x1b" not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (10**300, "more than 300 digits"),
        ([-(10**5000)], "more than 300 digits"),
        (set(range(2_001)), "more than 2,000 keys"),
        (dict.fromkeys(range(2_001)), "more than 2,000 keys"),
        ({Twins("C009"): "right", Twins("C009"): "wrong"}, "same key twice"),
        ({Twins("C009"), Twins("C009")}, "same member twice"),
        (dict.fromkeys(("\ud800", "\udfff")), "same key twice"),
        (pd.DataFrame([[0] * 1_001]), "1,001 columns"),
    ],
)
def test_what_would_be_slow_or_ambiguous_is_refused(value: object, message: str) -> None:
    with pytest.raises(UnreadableAnswerError, match=message):
        encoding.loads(encoding.dumps(value))


def test_many_keys_that_are_text_are_read() -> None:
    value = {f"C{number}": {str(number)} for number in range(5_000)}

    assert encoding.loads(encoding.dumps(value)) == value


def test_half_a_character_is_replaced_so_that_a_file_can_hold_the_answer() -> None:
    assert encoding.loads(encoding.dumps(["a\ud800", {"\udc00": 1}])) == ["a\ufffd", {"\ufffd": 1}]
    assert encoding.loads('"a\\ud800"') == "a\ufffd"


def test_a_set_may_hold_sets_and_a_dictionary_may_be_keyed_by_them() -> None:
    value = {frozenset({"S1", "S2"}): {frozenset({1})}}

    assert encoding.loads(encoding.dumps(value)) == value


@pytest.mark.parametrize(
    "value",
    [
        np.datetime64("2022-01-05T19:01:00.000000001"),
        pd.Timestamp("2022-01-05 19:01"),
    ],
)
def test_a_moment_stays_a_moment(value: object) -> None:
    assert encoding.loads(encoding.dumps(value)) == datetime(2022, 1, 5, 19, 1)  # noqa: DTZ001


@pytest.mark.parametrize(
    "text",
    [
        "NaN",
        "[-Infinity]",
        "1e999",
        '{"a": 1, "a": 2}',
        '{"$kind": "tuple", "of": "abc"}',
        '{"$kind": "tuple", "of": [], "and": 1}',
        '{"$kind": "set", "of": [1, 1]}',
        '{"$kind": "set", "of": [1, true]}',
        '{"$kind": "dictionary", "of": [[1, 1], [1, 2]]}',
        '{"$kind": "dictionary", "of": [[[], 1]]}',
        '{"$kind": "dictionary", "of": [[1, 2, 3]]}',
        '{"$kind": "dictionary", "of": {"ab": 1}}',
        '{"$kind": "float", "of": "1_000"}',
        '{"$kind": "float", "of": 1}',
        '{"$kind": "date", "of": "10000-01-01"}',
        '{"$kind": "datetime", "of": "2022-01-05T19:01+99:00"}',
        '{"$kind": "datetime", "of": 5}',
        '{"$kind": "value", "of": ["MET"]}',
        '{"$kind": "table", "of": {"columns": ["a"], "index": [0], "rows": [[1, 2]]}}',
        '{"$kind": "table", "of": {"columns": ["a"], "index": [0, 1], "rows": [[1]]}}',
        '{"$kind": "table", "of": {"columns": [["a"], ["b"]], "index": [0], "rows": [[1, 2]]}}',
        '{"$kind": "table", "of": []}',
        '{"$kind": "column", "of": {"columns": [], "index": [], "rows": []}}',
        '{"$kind": "table", "of": {"columns": [' + "0," * 1_000 + '0], "index": [], "rows": []}}',
        "[" * 40 + "]" * 40,
        "1" * 301,
    ],
)
def test_forged_values_are_refused_in_one_line(text: str) -> None:
    with pytest.raises(UnreadableAnswerError) as caught:
        encoding.loads(text)

    assert "\n" not in str(caught.value)


def test_numbers_chosen_to_collide_cost_little() -> None:
    """Each of these numbers has the hash 0, so that each meets all others."""
    colliding = [(2**61 - 1) * number for number in range(1, 2_001)]

    assert encoding.loads(encoding.dumps(set(colliding))) == set(colliding)


VOCABULARY = (
    type(None),
    bool,
    int,
    float,
    str,
    list,
    tuple,
    set,
    frozenset,
    dict,
    date,
    datetime,
    Value,
    pd.DataFrame,
    pd.Series,
)

tags = st.sampled_from(
    [
        "tuple",
        "set",
        "frozenset",
        "dictionary",
        "value",
        "float",
        "date",
        "datetime",
        "table",
        "column",
        "module",
    ]
)
forged = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just("2022-01-05"),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=3), inner, max_size=3)
        | st.fixed_dictionaries({"$kind": tags, "of": inner})
        | st.fixed_dictionaries(
            {"$kind": st.just("dictionary"), "of": st.lists(st.tuples(inner, inner))}
        )
        | st.fixed_dictionaries(
            {
                "$kind": st.sampled_from(["table", "column"]),
                "of": st.fixed_dictionaries(
                    {
                        "columns": st.lists(inner, max_size=2),
                        "index": st.lists(inner, max_size=2),
                        "rows": st.lists(st.lists(inner, max_size=2), max_size=2),
                    }
                ),
            }
        )
    ),
    max_leaves=15,
)


@given(forged)
def test_whatever_arrives_is_of_the_vocabulary_or_refused(data: object) -> None:
    try:
        found = encoding.loads(json.dumps(data))
    except UnreadableAnswerError:
        return
    assert type(found) in VOCABULARY


def test_a_plot_is_read_as_what_a_reader_sees() -> None:
    figure, (left, right) = plt.subplots(1, 2)
    figure.suptitle("January 2022")
    left.plot([date(2022, 1, 5), date(2022, 1, 6)], [8, 18], label="dead")
    left.set(title="Deaths", xlabel="day", ylabel="people")
    left.legend()
    right.bar(["Russia", "Armenia"], [1950, 100])
    right.scatter([0, 1], [1.5, 2.5], label="counted")
    right.text(0, 1, "announced")

    arrived: Any = encoding.loads(encoding.dumps(figure))
    plt.close(figure)
    lines, bars = arrived["axes"]

    assert arrived["figure"] == "January 2022"
    assert [lines[part] for part in ("title", "x_label", "y_label")] == ["Deaths", "day", "people"]
    assert lines["lines"] == [
        {"label": "dead", "x": [date(2022, 1, 5), date(2022, 1, 6)], "y": [8, 18]}
    ]
    assert lines["legend"] == ["dead"]
    assert bars["bars"] == [
        {
            "label": "",
            "direction": "vertical",
            "at": [0, 1],
            "start": [0, 0],
            "length": [1950, 100],
        }
    ]
    assert bars["x_ticks"] == ["Russia", "Armenia"]
    assert bars["points"] == [{"label": "counted", "x": [0, 1], "y": [1.5, 2.5]}]
    assert bars["texts"] == ["announced"]


def test_axes_alone_are_read_too_and_bars_may_lie() -> None:
    figure, axes = plt.subplots()
    axes.barh(["S1", "S2"], [3, 4], label="steps")

    arrived: Any = encoding.loads(encoding.dumps({"mine": axes}))
    plt.close(figure)

    assert arrived["mine"]["bars"] == [
        {
            "label": "steps",
            "direction": "horizontal",
            "at": [0, 1],
            "start": [0, 0],
            "length": [3, 4],
        }
    ]
    assert arrived["mine"]["y_ticks"] == ["S1", "S2"]


def test_a_column_that_was_plotted_keeps_its_days() -> None:
    figure, axes = plt.subplots()
    axes.plot(pd.Series(pd.to_datetime(["2022-01-05"])), pd.Series([8]))

    arrived: Any = encoding.loads(encoding.dumps(axes))
    plt.close(figure)

    assert arrived["lines"] == [{"label": "", "x": [datetime(2022, 1, 5)], "y": [8]}]  # noqa: DTZ001


def test_a_picture_of_the_course_is_its_words_and_its_table() -> None:
    figure = toll_by_announcement()

    arrived: Any = encoding.loads(encoding.dumps(figure))

    assert (arrived["figure"], arrived["alternative"]) == (figure.caption, figure.alternative)
    assert arrived["columns"] == list(figure.columns)
    assert arrived["rows"] == [list(row) for row in figure.rows]


def test_a_widget_of_the_course_is_its_kind_and_its_entries() -> None:
    sheet = answer_sheet("capacity", rows=["C004"], columns=Choice("State", "organisation"))

    arrived: Any = encoding.loads(encoding.dumps(sheet))

    assert arrived == {"widget": "answer-sheet", "value": sheet.value}


def test_any_other_widget_is_its_class_and_its_value() -> None:
    slider = ipywidgets.IntRangeSlider(value=(1, 5))

    assert encoding.loads(encoding.dumps(slider)) == {"widget": "IntRangeSlider", "value": (1, 5)}
    with pytest.raises(UnreadableAnswerError, match="`HBox`"):
        encoding.dumps(ipywidgets.HBox())


def test_a_plot_that_is_too_long_is_refused() -> None:
    figure, axes = plt.subplots()
    axes.plot(np.zeros(300_000))
    with pytest.raises(UnreadableAnswerError, match="characters long"):
        encoding.dumps(figure)
    plt.close(figure)


def test_no_library_is_loaded_to_look_at_an_answer() -> None:
    program = (
        "import sys; from volens import encoding\n"
        "try: encoding.dumps(object())\nexcept TypeError: pass\n"
        "print([m for m in ('pandas', 'numpy', 'matplotlib', 'ipywidgets') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"
