"""Kleene's three values."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volens.logic import MET, NOT_MET, UNCLEAR, Value, all_of, any_of

values = st.sampled_from(list(Value))
DEFINITE = [MET, NOT_MET]


def resolutions(given_values: list[Value]) -> list[list[Value]]:
    """Every way in which the unclear values could turn out."""
    return [
        list(choice)
        for choice in itertools.product(
            *(DEFINITE if value is UNCLEAR else [value] for value in given_values)
        )
    ]


@given(st.lists(values, max_size=6))
def test_all_of_is_definite_exactly_when_every_resolution_agrees(given_values: list[Value]) -> None:
    outcomes = {all(value is MET for value in choice) for choice in resolutions(given_values)}
    expected = UNCLEAR if len(outcomes) == 2 else (MET if outcomes == {True} else NOT_MET)
    assert expected is all_of(given_values)


@given(st.lists(values, max_size=6))
def test_any_of_is_the_mirror_of_all_of(given_values: list[Value]) -> None:
    assert any_of(given_values) is ~all_of(~value for value in given_values)


@given(values, values)
def test_and_and_or_do_not_depend_on_order(first: Value, second: Value) -> None:
    assert first & second is second & first
    assert first | second is second | first


def test_unclear_never_becomes_met_by_itself() -> None:
    assert (MET & UNCLEAR) is UNCLEAR
    assert (NOT_MET | UNCLEAR) is UNCLEAR
    assert ~UNCLEAR is UNCLEAR


@pytest.mark.parametrize("value", list(Value))
def test_a_value_refuses_to_be_read_as_true_or_false(value: Value) -> None:
    with pytest.raises(TypeError, match="neither true nor false"):
        bool(value)


def test_a_value_does_not_combine_with_a_truth_value() -> None:
    with pytest.raises(TypeError):
        MET & True  # type: ignore[operator]
    with pytest.raises(TypeError):
        True | MET  # type: ignore[operator]
