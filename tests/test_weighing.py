"""A weighing: plain data, and structure instead of sums."""

import ast
import inspect
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volens import cases, doctrine, evidence, weighing
from volens.errors import WeighingError
from volens.weighing import (
    OWN,
    STANCES,
    WORDS,
    Entry,
    Weighing,
    choices,
    columns,
    grounds,
    inline,
    memo,
    review_board,
)

CASE = "kazakhstan-2022"
EMPTY = Weighing(CASE)
POSITIONS = ["", *(one.id for one in choices())]
LONG = " ".join(["because"] * WORDS)

places = st.tuples(
    st.sampled_from([purpose.id for purpose in doctrine.purposes()]),
    st.sampled_from([principle.id for principle in columns()]),
)
entries = st.builds(
    Entry,
    stance=st.sampled_from(list(STANCES)),
    reason=st.text(max_size=30),
    hinge=st.sampled_from(["", "own: who gave the order", "acts-within-scope"]),
    source=st.sampled_from(["", "own: my notes", "C004", "un-charter-2-4"]),
)
weighings = st.dictionaries(places, entries, max_size=12)
positions = st.sampled_from(POSITIONS)


def built(cells: dict[tuple[str, str], Entry], position: str = "") -> Weighing:
    found = Weighing(CASE, position=position)
    for (purpose, principle), entry in cells.items():
        found = found.set(purpose, principle, entry)
    return found


@given(weighings, positions)
def test_a_weighing_survives_as_data_as_json_and_as_a_literal(
    cells: dict[tuple[str, str], Entry], position: str
) -> None:
    made = built(cells, position)
    text = json.dumps(made.to_data(), ensure_ascii=False)

    assert Weighing.from_data(CASE, made.to_data()) == made
    assert Weighing.from_data(CASE, json.loads(text)) == made
    assert Weighing.from_data(CASE, ast.literal_eval(text)) == made


@given(weighings)
def test_the_order_of_entering_does_not_matter(cells: dict[tuple[str, str], Entry]) -> None:
    assert built(cells) == built(dict(reversed(cells.items())))


@given(weighings, positions)
def test_every_cell_is_in_the_memo(cells: dict[tuple[str, str], Entry], position: str) -> None:
    text = memo(built(cells, position))

    for (purpose, principle), entry in cells.items():
        assert f"## {doctrine.purpose(purpose).name}" in text
        name = inline(doctrine.principle(principle).name)
        assert f"- It {STANCES[entry.stance]} {name}. " in text


def test_a_memo_says_what_is_missing_in_brackets() -> None:
    text = memo(EMPTY.set("J01", "HR", Entry("tension")))

    assert "Position: [to be chosen]" in text
    assert "[reason to be given] [hinge to be named] [source to be named]" in text


def test_a_memo_calls_a_claim_a_claim_and_not_a_finding() -> None:
    text = memo(EMPTY.set("J01", "HR", Entry("tension", LONG, "own: x", "C004")))

    assert "Source: claim C004, Peskov, spokesman of the President of Russia" in text
    assert "(a claim, not a finding; a party's own word)." in text


def test_a_memo_does_not_lecture_and_ends_with_one_line_of_warning() -> None:
    text = memo(Weighing(CASE, position="free-consent"))

    assert text.splitlines()[-1].startswith("Note: nothing is added up: the cells")
    assert "Before you conclude" not in text
    assert "Ask the same elsewhere" not in text


def test_a_memo_lists_the_conditions_of_consent_with_sign_and_word() -> None:
    text = memo(Weighing(CASE, position="free-consent"))

    assert "\n- \N{CHECK MARK} met: A request exists\n" in text
    assert "\n- ? unclear, " in text


@pytest.mark.parametrize("case", cases.case_ids())
def test_every_source_has_a_short_label(case: str) -> None:
    for one in grounds(case).values():
        assert 0 < len(one.brief) <= 150


def test_a_claim_in_short_is_who_when_and_the_beginning_of_what() -> None:
    one = grounds(CASE)["C004"]

    assert one.brief.startswith("Peskov, spokesman of the President of Russia, 2022-")
    assert len(one.brief) < len(one.label)


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


def test_a_cell_without_a_source_is_named_apart() -> None:
    made = EMPTY.set("J01", "HR", Entry("tension", LONG, "own: x"))

    assert made.unsupported() == ()
    assert [str(one) for one in made.unsourced()] == [
        "Counter terrorism and human rights: no source."
    ]
    assert made.set("J01", "HR", Entry("tension", LONG, "own: x", "C004")).unsourced() == ()


def test_one_word_is_one_word() -> None:
    made = EMPTY.set("J01", "HR", Entry("tension", "rights", "own: x"))

    assert made.unsupported()[0].lacks == ("a reason of 1 word (15 are needed)",)


@pytest.mark.parametrize("case", cases.case_ids())
def test_every_row_behind_a_finding_or_a_principle_may_be_a_source(case: str) -> None:
    known = grounds(case)

    for finding in cases.case(case).findings:
        assert {*(row for _, row in finding.rows), *finding.sources} <= set(known)
    for principle in columns():
        assert {*principle.authorities, *principle.works} <= set(known)


def test_what_was_claimed_and_what_was_not_read_carries_a_badge() -> None:
    known = grounds(CASE)

    assert {one.badge.split(";")[0] for one in known.values() if one.table == "claims"} == {
        "a claim, not a finding"
    }
    assert "own text read: in part" in known["idi-rhodes-3"].badge
    assert not known["un-charter-2-4"].badge


@pytest.mark.parametrize("case", cases.case_ids())
def test_a_claim_of_those_who_asked_or_came_is_a_partys_own_word(case: str) -> None:
    known = grounds(case)

    for claim in evidence.rows("claims", case=case):
        party = claim.role in {"inviting-state", "intervening-state", "organisation"}
        assert ("a party's own word" in known[claim.id].badge) == party


def test_a_source_of_a_state_or_of_a_party_carries_a_badge() -> None:
    assert grounds("bahrain-2011")["the-national-bhr-2011-1"].badge.startswith(
        "a source owned or directed by a State; "
    )
    assert grounds("crimea-2014")["ukraine-mfa-aide-memoire-crimea-2014"].badge.startswith(
        "a party's own word"
    )
    assert "State" not in grounds("bahrain-2011")["voa-bici-iran-not-linked-2011"].badge


def test_consent_is_a_precondition_and_not_a_column() -> None:
    assert "sovereign-consent" not in {principle.id for principle in columns()}
    with pytest.raises(WeighingError, match="consent is a precondition"):
        EMPTY.set("J01", "SC", Entry("supports"))


def test_nothing_is_added_up() -> None:
    for module in inspect.getmembers(weighing, inspect.ismodule):
        source = inspect.getsource(module[1])
        assert "score" not in source
        assert "total" not in source
        assert "sum(" not in source


CELL = "counter-terrorism|human-rights"


def data_with(**changes: object) -> dict[str, Any]:
    return EMPTY.to_data() | changes


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"counter-terrorism": {}}, "is not the name of a cell"),
        ({"counter-terror|human-rights": {"stance": "tension"}}, "Did you mean"),
        ({CELL: "tension"}, "expected a dictionary with stance, reason, hinge and source"),
        ({CELL: {"stance": 2}}, "`stance`: expected a text, got 2"),
        ({CELL: {"stance": "strong"}}, 'yours is "strong"'),
        ({CELL: {}}, 'yours is ""'),
        (
            {CELL: {"stance": "tension", "resaon": "x"}},
            "there is no `resaon`; expected",
        ),
        ({CELL: {"stance": "depends", "hinge": "luck"}}, f'own words with "{OWN}"'),
        ({CELL: {"stance": "depends", "source": "T999"}}, f'own words with "{OWN}"'),
        (data_with(schema="volens/consent-test"), "the answer of another widget"),
        (data_with(case="mali-2013"), "belongs to another case"),
        (data_with(cells=[]), "`cells`: expected a dictionary, got a list"),
        (data_with(position=3), "`position`: expected a text"),
        (data_with(position="effective-control"), "`position`: expected one of free-consent"),
        (data_with(inviter_test="free-consent"), "`inviter_test`: expected one of"),
        (data_with(act="picnic"), "`act`: There is no act `picnic`"),
        (data_with(winner="nobody"), "there is no `winner`"),
    ],
)
def test_data_of_another_form_are_refused_in_words(data: object, message: str) -> None:
    with pytest.raises(WeighingError, match=message):
        Weighing.from_data(CASE, data)


@pytest.mark.parametrize("wrap", ["cells alone", "file", "first schema"])
def test_a_board_of_the_first_version_is_read_and_named_as_older(wrap: str) -> None:
    cells = {CELL: {"stance": "tension", "reason": LONG, "hinge": "acts-within-scope"}}
    data = {
        "cells alone": cells,
        "file": {"case": CASE, "cells": cells},
        "first schema": {
            "schema": weighing.SCHEMA,
            "version": 1,
            "case": CASE,
            "cells": cells,
        },
    }[wrap]
    found = Weighing.from_data(CASE, data)

    assert found.cells[CELL] == Entry("tension", LONG, "acts-within-scope")
    assert found.note.startswith("This board was made by an older version of the course.")
    assert found.to_data()["version"] == 2
    assert Weighing.from_data(CASE, found.to_data()).note == ""


def test_an_empty_answer_is_an_empty_board_of_today() -> None:
    assert Weighing.from_data(CASE, {}) == EMPTY
    assert Weighing.from_data(CASE, {}).note == ""


def test_a_weighing_says_how_much_it_holds_and_from_where() -> None:
    assert repr(EMPTY) == "<Weighing kazakhstan-2022: 0 cells, no position yet>"
    assert repr(built({("J01", "HR"): Entry("tension")}, "free-consent")) == (
        "<Weighing kazakhstan-2022: 1 cell, free-consent>"
    )


def test_a_review_counts_whole_cells_and_asks_for_a_conflict() -> None:
    made = Weighing(CASE, position="purpose-based")
    for principle in columns():
        made = made.set("J01", principle.id, Entry("supports", LONG, "own: x"))
    made = made.set("J07", "NI", Entry("supports", LONG, "own: x"))
    assert not review_board(CASE, made.to_data()).done

    made = made.set("J01", "HR", Entry("tension", LONG, "own: x"))
    found = review_board(CASE, made.to_data())
    assert found.done
    assert "8 of 8 cells" in repr(found)
    assert "Your board is complete." in repr(found)

    assert "No source yet: Counter terrorism and non-intervention;" in repr(found)


def test_a_review_asks_for_a_position_and_names_an_older_board() -> None:
    cells = {CELL: {"stance": "tension", "reason": LONG, "hinge": "own: x"}}
    found = review_board(CASE, cells, cells=1, conflicts=0)

    assert found.whole == 1
    assert not found.done
    assert "This board was made by an older version" in repr(found)
    assert "No position is chosen yet." in repr(found)
    chosen = EMPTY.to_data() | {"position": "free-consent", "cells": cells}
    assert review_board(CASE, chosen, cells=1, conflicts=0).done


def test_a_short_reason_does_not_count() -> None:
    made = EMPTY.set("J01", "HR", Entry("tension", "too short", "own: x"))

    found = review_board(CASE, made.to_data())
    assert found.whole == 0
    assert "Counter terrorism and human rights: a reason of 2 words (15 are needed)." in repr(found)


def test_an_empty_answer_is_told_apart_from_an_unfinished_one() -> None:
    assert repr(review_board(CASE, {})).startswith("Your answer is empty.")
