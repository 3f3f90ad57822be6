"""A weighing: plain data, and structure instead of sums."""

import ast
import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volens import doctrine, weighing
from volens.errors import DoctrineError, WeighingError
from volens.weighing import OWN, STANCES, WORDS, Entry, Weighing, columns, inline, review_board

CASE = "kazakhstan-2022"
EMPTY = Weighing(CASE)
LONG = " ".join(["because"] * WORDS)

places = st.tuples(
    st.sampled_from([purpose.id for purpose in doctrine.purposes()]),
    st.sampled_from([principle.id for principle in columns()]),
)
entries = st.builds(
    Entry,
    stance=st.sampled_from(list(STANCES)),
    reason=st.text(max_size=30),
    hinge=st.sampled_from(["", "own: who gave the order"]),
)
weighings = st.dictionaries(places, entries, max_size=12)


def built(cells: dict[tuple[str, str], Entry]) -> Weighing:
    found = EMPTY
    for (purpose, principle), entry in cells.items():
        found = found.set(purpose, principle, entry)
    return found


@given(weighings)
def test_a_weighing_survives_as_data_as_json_and_as_the_literal(
    cells: dict[tuple[str, str], Entry],
) -> None:
    made = built(cells)
    literal = ast.literal_eval(made.to_literal().removeprefix("weighing = "))

    assert Weighing.from_data(CASE, made.to_data()) == made
    assert Weighing.from_json(made.to_json()) == made
    assert Weighing.from_data(CASE, literal) == made


@given(weighings)
def test_the_order_of_entering_does_not_matter(cells: dict[tuple[str, str], Entry]) -> None:
    assert built(cells) == built(dict(reversed(cells.items())))


@given(weighings)
def test_every_cell_is_in_the_memo(cells: dict[tuple[str, str], Entry]) -> None:
    memo = built(cells).to_memo()

    for (purpose, principle), entry in cells.items():
        assert f"## {doctrine.purpose(purpose).name}" in memo
        name = inline(doctrine.principle(principle).name)
        assert f"- It {STANCES[entry.stance]} {name}. " in memo


@given(weighings)
def test_a_conflict_has_support_and_tension_and_needs_both(
    cells: dict[tuple[str, str], Entry],
) -> None:
    made = built(cells)
    stances = {entry.stance for entry in cells.values()}

    for conflict in made.conflicts():
        assert conflict.supports
        assert conflict.tension
    if not {"supports", "tension"} <= stances:
        assert made.conflicts() == ()


def test_a_change_makes_a_new_weighing() -> None:
    changed = EMPTY.set("J01", "HR", Entry("tension"))

    assert (len(EMPTY.cells), len(changed.cells)) == (0, 1)
    assert changed.clear("J01", "HR") == EMPTY


def test_support_and_tension_of_one_purpose_conflict() -> None:
    made = EMPTY.set("J01", "NI", Entry("supports")).set("J01", "HR", Entry("tension"))

    assert [str(conflict) for conflict in made.conflicts()] == [
        "Counter terrorism supports non-intervention and is in tension with human rights."
    ]


def test_two_purposes_conflict_over_one_principle() -> None:
    made = EMPTY.set("J01", "HR", Entry("tension")).set("J10", "HR", Entry("supports"))

    assert [conflict.kind for conflict in made.conflicts()] == ["principle"]


def test_a_cell_without_reason_or_hinge_is_unsupported() -> None:
    made = (
        EMPTY.set("J01", "HR", Entry("tension", "", ""))
        .set("J01", "NI", Entry("supports", "a reason", ""))
        .set("J01", "SD", Entry("depends", "a reason", "own: something"))
    )

    assert {str(one) for one in made.unsupported()} == {
        "Counter terrorism and human rights: no reason and no hinge.",
        "Counter terrorism and non-intervention: a reason of 2 words (15 are needed) and no hinge.",
        "Counter terrorism and self-determination: a reason of 2 words (15 are needed).",
    }


def test_consent_is_a_precondition_and_not_a_column() -> None:
    assert "sovereign-consent" not in {principle.id for principle in columns()}
    with pytest.raises(WeighingError, match="consent is a precondition"):
        EMPTY.set("J01", "SC", Entry("supports"))


def test_nothing_is_added_up() -> None:
    source = inspect.getsource(weighing)

    assert "score" not in source
    assert "total" not in source


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([], "is a dictionary of cells; this is a list"),
        ({"counter-terrorism": {}}, "is not the name of a cell"),
        ({"counter-terrorism|human-rights": "tension"}, "each a text"),
        ({"counter-terrorism|human-rights": {"stance": 2}}, "each a text"),
        ({"counter-terrorism|human-rights": {"stance": "strong"}}, 'yours is "strong"'),
        ({"counter-terrorism|human-rights": {}}, 'yours is ""'),
        (
            {"counter-terrorism|human-rights": {"stance": "depends", "hinge": "luck"}},
            f'begin your own words with "{OWN}"',
        ),
    ],
)
def test_data_of_another_form_are_refused_in_words(data: object, message: str) -> None:
    with pytest.raises(WeighingError, match=message):
        Weighing.from_data(CASE, data)


def test_an_unknown_purpose_is_refused() -> None:
    with pytest.raises(DoctrineError):
        Weighing.from_data(CASE, {"counter-terror|human-rights": {"stance": "tension"}})


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"case": "kazakhstan-2022"}'])
def test_a_file_that_is_no_weighing_is_refused(text: str) -> None:
    with pytest.raises(WeighingError, match="not a saved weighing"):
        Weighing.from_json(text)


def test_a_review_counts_whole_cells_and_asks_for_a_conflict() -> None:
    made = EMPTY
    for principle in columns():
        made = made.set("J01", principle.id, Entry("supports", LONG, "own: x"))
    made = made.set("J07", "NI", Entry("supports", LONG, "own: x"))
    assert not review_board(CASE, made.to_data()).done

    made = made.set("J01", "HR", Entry("tension", LONG, "own: x"))
    found = review_board(CASE, made.to_data())
    assert found.done
    assert "8 of 8 cells" in repr(found)
    assert "Your board is complete." in repr(found)


def test_a_short_reason_does_not_count() -> None:
    made = EMPTY.set("J01", "HR", Entry("tension", "too short", "own: x"))

    found = review_board(CASE, made.to_data())
    assert found.whole == 0
    assert "Counter terrorism and human rights: a reason of 2 words (15 are needed)." in repr(found)


def test_an_empty_answer_is_told_apart_from_an_unfinished_one() -> None:
    assert repr(review_board(CASE, {})).startswith("Your answer is empty.")
