"""Accounts side by side: what is classed, what the record is a key to, and an honest trace."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volens import evidence
from volens.accounts import (
    LOOK,
    SCHEMA,
    SETTLED,
    SORTS,
    STATUSES,
    VERSION,
    WHOLE,
    WORDS,
    Classing,
    Desk,
    Item,
    dossier,
    dossiers,
    remark,
)
from volens.errors import SourceDeskError

CASE = "kazakhstan-2022"
EMPTY = Desk(CASE)
REASON = " ".join(["because"] * WORDS)
NOUN = "Q01|F049"
ITEMS = {item.place: item for one in dossiers(CASE) for item in one.items}
DATA = {"schema": SCHEMA, "version": VERSION, "case": CASE}

single = st.builds(
    Classing,
    choice=st.sampled_from(["", *STATUSES]),
    sort=st.sampled_from(["", *SORTS]),
    reason=st.text(max_size=30),
)
traced = st.builds(
    Classing,
    choice=st.sampled_from(["", *STATUSES]),
    sort=st.sampled_from(["", *SORTS]),
    reason=st.text(max_size=30),
    first=single,
    seen=st.integers(0, 5),
)
of_dossiers = st.builds(Classing, choice=st.sampled_from(list(SETTLED)), reason=st.text(max_size=9))
desks = st.builds(
    lambda statements, wholes: Desk(CASE, {**statements, **wholes}),
    st.dictionaries(
        st.sampled_from([place for place, item in ITEMS.items() if item.id != WHOLE]),
        single | traced,
        max_size=6,
    ),
    st.dictionaries(
        st.sampled_from([place for place, item in ITEMS.items() if item.id == WHOLE]),
        of_dossiers,
        max_size=3,
    ),
)


# The dossiers


def test_every_conflict_is_a_dossier_with_two_accounts_or_more() -> None:
    assert [one.id for one in dossiers(CASE)] == [row.id for row in evidence.rows("conflicts")]
    assert min(len(one.accounts) for one in dossiers(CASE)) == 2


def test_every_dossier_ends_by_asking_of_itself_as_a_whole() -> None:
    assert {one.items[-1].id for one in dossiers(CASE)} == {WHOLE}
    assert all(one.question.endswith("?") for one in dossiers(CASE))


def test_every_account_names_a_source_where_it_is_told() -> None:
    assert [a.id for one in dossiers(CASE) for a in one.accounts if not a.sources] == []


def test_a_statement_stands_in_a_dossier_only_where_its_account_does() -> None:
    for one in dossiers(CASE):
        tellers = {account.told_by for account in one.accounts}
        assert {item.told_by for item in one.items if item.id != WHOLE} <= tellers


def test_the_dossier_on_interference_and_aggression_has_the_words_themselves() -> None:
    found = dossier(CASE, "Q01")
    russian = next(account for account in found.accounts if account.original)

    assert (russian.id, russian.original, russian.language) == ("Q01e", "вмешательство извне", "ru")
    assert russian.translated_from == ("Russian",)
    assert [term.id for term in found.terms] == ["interference-and-aggression"]
    assert ("vmeshatelstvo izvne", "ru-Latn") in found.foreign
    assert ("ingérence", "fr") in found.foreign


def test_the_noun_of_one_account_is_contradicted_and_that_is_a_key() -> None:
    record = ITEMS[NOUN].record

    assert (record.choice, record.sort, record.key) == ("contradicted", "quotation-phrase", True)
    assert "interference from outside" in record.says


def test_a_voice_whose_words_are_kept_as_they_were_said_is_an_account_too() -> None:
    voice = next(account for account in dossier(CASE, "Q34").accounts if account.id == "C135")

    assert (voice.original, voice.language, voice.confidence) == (
        "Халық террорист емес",
        "kk",
        evidence.row("claims", "C135").confidence,
    )


def test_of_the_five_accounts_only_the_account_itself_is_named_before_comparing() -> None:
    """What else bears it out would give the record away."""
    first = dossier(CASE, "Q01").accounts[2]

    assert [source.id for source in first.sources] == [
        "jamnews-contingent-went-to-kazakhstan-never-came-to-armenia"
    ]


def test_a_case_without_a_table_of_conflicts_has_no_dossiers() -> None:
    assert dossiers("mali-2013") == ()


def test_an_unknown_dossier_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(SourceDeskError, match=r"no dossier .Q99.*Q01, Q02"):
        dossier(CASE, "Q99")


# What the record is a key to


def test_nothing_below_high_confidence_is_a_key() -> None:
    for item in ITEMS.values():
        conflict = evidence.row("conflicts", item.dossier)
        rests = conflict if item.id == WHOLE else evidence.row("statements", item.id)
        firm = conflict.confidence == "high" and evidence.items(rests.verified)[:1] == ("pages",)
        firm = firm and "knowledge" not in evidence.items(rests.verified)

        assert not item.record.key or firm
        assert item.record.key or not firm or "no source" in item.record.doubt


def test_a_key_that_a_statement_is_right_or_wrong_rests_on_a_source() -> None:
    for item in ITEMS.values():
        if item.record.key and item.record.choice == "contradicted":
            assert item.record.against
        if item.record.key and item.record.choice == "corroborated":
            assert item.record.supports


def test_the_classes_are_those_of_the_codebook() -> None:
    assert {row.status for row in evidence.rows("statements")} == set(STATUSES)
    assert {row.type for row in evidence.rows("statements")} == set(SORTS)
    assert {row.settled for row in evidence.rows("conflicts")} == set(SETTLED)


def test_no_code_stands_alone_in_what_the_record_says() -> None:
    said = [text for item in ITEMS.values() for text in (item.record.says, item.record.note)]
    alone = re.compile(r"(?<!claim )(?<!event )(?<!statement )\b(?:[CFT]\d{3}|Q\d{2})\b")
    note = ITEMS["Q17|whole"].record.note

    assert [text for text in said if alone.search(text)] == []
    assert 'statement F198, "Russian media had spoken of an American role"' in note
    assert "free-consent" not in ITEMS["Q02|whole"].record.note


@pytest.mark.parametrize("item", ITEMS.values(), ids=list(ITEMS))
def test_a_reading_is_never_called_agreement_or_difference(item: Item) -> None:
    said = [remark(item, choice) for choice in item.choices]

    assert (
        all(one.startswith("The record has a reading here, but no right answer (") for one in said)
        != item.record.key
    )
    assert sum("as you do" in one or "agree" in one for one in said) == 1


def test_that_words_were_said_is_not_that_they_are_true() -> None:
    assert remark(ITEMS["Q01|F245"], "corroborated") == (
        'You and the record agree: "borne out". '
        "That it was said is confirmed. Whether it is true is another question."
    )


@pytest.mark.parametrize("item", ITEMS.values(), ids=list(ITEMS))
def test_only_where_words_are_borne_out_it_is_said_that_they_need_not_be_true(item: Item) -> None:
    """Whatever the confidence, whatever the student chose, and where the choice was taken back."""
    borne_out = item.record.choice == "corroborated" and item.record.reported

    assert {remark(item, one).endswith(LOOK["said"]) for one in (*item.choices, "")} == {borne_out}
    assert remark(item, "") == (LOOK["said"] if borne_out else "")


def test_reported_words_are_known_by_type_by_who_vouches_or_by_a_verb_of_saying() -> None:
    reported = {item.id: item.record.reported for item in ITEMS.values()}
    by_type = {row.id for row in evidence.rows("statements") if row.type == "quotation-phrase"}
    by_chain = {row.id for row in evidence.rows("statements") if " via " in row.attributed_to}

    assert all(reported[key] for key in (by_type | by_chain) & set(reported))
    assert [key for key in ("F056", "F065", "F303") if not reported[key]] == []
    assert [key for key in ("F008", "F109", "F237", "F269", WHOLE) if reported[key]] == []


def test_words_put_loosely_are_still_only_words() -> None:
    said = {
        remark(item, "corroborated")
        for item in ITEMS.values()
        if item.record.choice == "corroborated"
        and item.record.reported
        and item.record.says
        and item.record.key
    }

    assert said == {f'You and the record agree: "borne out". {LOOK["loosely"]} {LOOK["said"]}'}


def test_borne_out_is_defined_as_no_more_than_it_shows() -> None:
    assert STATUSES["corroborated"].meaning == (
        "the record shows that it happened or, where words are reported, that they were said; "
        "that alone does not make them true"
    )


# What a student enters


def test_a_reason_of_fourteen_words_is_not_enough() -> None:
    short = EMPTY.set(NOUN, Classing("contradicted", "", " ".join(["because"] * (WORDS - 1))))

    assert short.entries[NOUN].missing == 1
    with pytest.raises(SourceDeskError, match="Yours has 14"):
        short.compare(NOUN)


def test_nothing_is_compared_before_a_class_is_chosen() -> None:
    with pytest.raises(SourceDeskError, match="choose how it stands"):
        EMPTY.set(NOUN, Classing("", "", REASON)).compare(NOUN)


def test_a_revision_keeps_what_stood_before_the_record_was_seen() -> None:
    desk = EMPTY.set(NOUN, Classing("corroborated", "", REASON)).compare(NOUN)
    first = desk.entries[NOUN].first
    later = desk.set(NOUN, Classing("contradicted", "", REASON, first)).compare(NOUN)

    assert not desk.entries[NOUN].revised
    assert later.entries[NOUN].revised
    assert later.entries[NOUN].first == Classing("corroborated", "", REASON)


def test_what_was_seen_of_the_same_dossier_is_counted() -> None:
    desk = EMPTY
    for place in (NOUN, "Q01|F245", "Q04|whole"):
        choice = "settled" if place.endswith(WHOLE) else "corroborated"
        desk = desk.set(place, Classing(choice, "", REASON)).compare(place)

    assert [entry.seen for entry in desk.entries.values()] == [0, 1, 0]


@given(desks)
def test_a_desk_goes_to_plain_data_and_back(desk: Desk) -> None:
    assert Desk.from_data(CASE, desk.to_data()) == desk


@given(desks)
def test_the_memo_has_the_record_only_where_it_was_compared(desk: Desk) -> None:
    compared = sum(entry.first is not None for entry in desk.entries.values())

    assert desk.to_memo().count("\n- The record: ") == compared


def test_entries_stand_in_the_order_of_the_dossiers() -> None:
    one = Classing("settled", "", REASON)

    assert list(EMPTY.set("Q04|whole", one).set("Q01|whole", one).entries) == [
        "Q01|whole",
        "Q04|whole",
    ]


def test_an_empty_dictionary_is_an_empty_desk() -> None:
    assert Desk.from_data(CASE, {}) == EMPTY
    assert "Nothing is judged yet." in EMPTY.to_memo()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"entries": {}}, "`schema`: .*got nothing"),
        ({**DATA, "case": "mali-2013"}, '`case`: .*got "mali-2013"'),
        ({**DATA, "entries": []}, "`entries`: expected a dictionary, got a list"),
        ({**DATA, "entries": {"Q01|F999": {}}}, "nothing that can be judged"),
        ({**DATA, "entries": {NOUN: "wrong"}}, "expected a dictionary with class"),
        ({**DATA, "entries": {NOUN: {"class": "wrong"}}}, "should be one of corroborated"),
        ({**DATA, "entries": {NOUN: {"class": 3}}}, "`class`: expected a text, got 3"),
        ({**DATA, "entries": {NOUN: {"sort": "lie"}}}, "the sort should be one of"),
        ({**DATA, "entries": {"Q01|whole": {"sort": "event"}}}, "one of none"),
        ({**DATA, "entries": {NOUN: {"first": {"class": "open"}}}}, 'yours is "open"'),
        ({**DATA, "entries": {NOUN: {"seen": -1}}}, "number of items"),
    ],
)
def test_data_of_another_form_are_refused_in_words(data: object, said: str) -> None:
    with pytest.raises(SourceDeskError, match=said):
        Desk.from_data(CASE, data)


def test_a_date_says_that_it_is_of_the_words_and_not_of_the_source() -> None:
    told = [account for one in dossiers(CASE) for account in one.accounts]

    assert all((account.when == "no date") == (not account.date) for account in told)
    assert {account.when.split(" ")[0] for account in told} == {"of", "said", "no"}
    assert all(account.said == account.id.startswith("C") for account in told)
