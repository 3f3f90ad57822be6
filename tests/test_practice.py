"""The incidents, asked: every count has its denominator, and no gap is dropped."""

import ast
import csv
import json
import re
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.checkout import ROOT
from volens import codebook, evidence
from volens.errors import PracticeError, UnknownRowError
from volens.practice import (
    CORE,
    Exploration,
    Query,
    ask,
    incident,
    limits,
    sentences,
    values_of,
    variable,
    variables,
)
from volens.practice.counting import SMALLEST
from volens.practice.episodes import how_checked
from volens.practice.queries import SHARES
from volens.practice.telling import memo, shown
from volens.practice.variables import SPEAKERS

KEYS = [one.id for one in variables()]
FILTERS = [one for one in variables() if one.filters]
IDS = [row.id for row in evidence.rows("incidents")]
SPOKEN = ("purpose", "stated_by")


def raw(name: str) -> list[dict[str, str]]:
    """A table as it stands in its file, without the course's own reader."""
    with (ROOT / "data" / "practice" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@st.composite
def queries(draw: st.DrawFn) -> Query:
    some = draw(st.lists(st.sampled_from(FILTERS), max_size=3, unique=True))
    return Query(
        filters={
            one.id: tuple(draw(st.sets(st.sampled_from([o.id for o in one.options]), max_size=4)))
            for one in some
        },
        rows=draw(st.sampled_from(KEYS)),
        columns=draw(st.sampled_from(["none", *KEYS])),
        speakers=tuple(draw(st.sets(st.sampled_from([one.id for one in SPEAKERS])))),
        unchecked=draw(st.sampled_from(["in", "out"])),
        low=draw(st.sampled_from(["in", "out"])),
        share=draw(st.sampled_from([one.id for one in SHARES])),
    )


def test_the_core_has_as_many_incidents_as_the_file() -> None:
    rows = raw("incidents.csv")
    core = [
        r["id"] for r in rows if r["era"] == "post-cold-war" and r["case_type"] == "intervention"
    ]
    table = ask(Query(filters=CORE))

    assert list(table.found) == core
    assert (table.number(), table.total) == (72, len(rows))


def test_purposes_are_counted_once_an_incident_and_only_where_claimed() -> None:
    claimed = {
        (r["purpose"], r["incident"])
        for r in raw("incident-purposes.csv")
        if r["stance"] == "claimed"
    }
    table = ask(Query(rows="purpose"))
    expected = Counter(purpose for purpose, _ in claimed)

    assert {
        one.id: table.number(one.id) for one in table.rows if not one.gap and table.number(one.id)
    } == dict(expected)


def test_an_incident_without_a_stated_purpose_stays_in_the_table_as_a_gap() -> None:
    with_one = {r["incident"] for r in raw("incident-purposes.csv") if r["stance"] == "claimed"}
    table = ask(Query(rows="purpose"))

    assert table.ids("none on record") == tuple(one for one in IDS if one not in with_one)
    assert table.missing("rows") == {"none on record": 2}


def test_only_the_words_of_the_chosen_speaker_count() -> None:
    rows = raw("incident-purposes.csv")
    by_hosts = {
        r["incident"]
        for r in rows
        if r["stance"] == "claimed"
        and r["stated_by"] == "requester"
        and r["purpose"] == "counter-terrorism"
    }
    table = ask(Query(rows="purpose", speakers=("requester",)))

    assert set(table.ids("counter-terrorism")) == by_hosts
    assert set(table.ids("counter-terrorism")) < set(ask(Query()).ids("counter-terrorism"))


def test_a_disavowed_purpose_is_no_stated_purpose() -> None:
    assert "law-and-order" not in values_of("BHR-2011", "purpose", Query(speakers=("requester",)))
    assert [row.speaker for row in incident("BHR-2011").disavowed] == ["King Hamad"]


def test_purposes_of_low_confidence_that_are_left_out_become_a_gap_of_their_own() -> None:
    low = {
        r["incident"]
        for r in raw("incident-purposes.csv")
        if r["stance"] == "claimed" and r["confidence"] == "low"
    }
    sure = {
        r["incident"]
        for r in raw("incident-purposes.csv")
        if r["stance"] == "claimed" and r["confidence"] != "low"
    }
    rows = {r["id"]: r["confidence"] for r in raw("incidents.csv")}
    table = ask(Query(rows="purpose", low="out"))

    assert set(table.ids("left out")) == {one for one in low - sure if rows[one] != "low"}
    assert table.missing("rows")["left out by the query"] == len(table.ids("left out"))
    assert table.left_out["low confidence"] == list(rows.values()).count("low")


def test_rows_that_were_not_spot_checked_are_left_out_and_counted() -> None:
    table = ask(Query(unchecked="out"))

    assert (table.number(), table.left_out["not spot-checked"]) == (25, 69)


def test_contested_is_a_value_and_no_gap() -> None:
    table = ask(Query(rows="requester_in_effective_control"))

    assert table.contested("rows") == 56
    assert table.missing("rows") == {}


def test_none_for_the_council_and_unknown_ends_are_gaps() -> None:
    table = ask(Query(rows="unsc_reaction", columns="ended"))

    assert table.missing("rows") == {"none on record": 33}
    assert table.missing("columns") == {"not known": 8}


def test_a_small_denominator_has_no_percentage() -> None:
    table = ask(Query(filters=CORE, rows="purpose", columns="unsc_reaction", share="columns"))
    few = [one.id for one in table.columns if 0 < table.number("", one.id) < SMALLEST]

    assert few
    assert {table.share("stability", one)[1] for one in few} == {None}
    assert shown(table, "stability", "noted") == "2 (of 8)"
    assert shown(table, "stability", "authorised") == "10 (91% of 11)"


@given(queries())
def test_the_rows_together_hold_every_incident_of_the_denominator(query: Query) -> None:
    table = ask(query)
    for axis, options in (("rows", table.rows), ("columns", table.columns)):
        lines = [table.ids(one.id) if axis == "rows" else table.ids("", one.id) for one in options]
        if options:
            assert {one for ids in lines for one in ids} == set(table.found)
            twice = Counter(one for ids in lines for one in ids)
            assert table.repeated(axis) == sum(times > 1 for times in twice.values())


@given(queries())
def test_a_cell_is_what_its_row_and_its_column_share(query: Query) -> None:
    table = ask(query)
    for row in table.rows:
        for column in table.columns:
            shared = set(table.ids(row.id)) & set(table.ids("", column.id))
            assert set(table.ids(row.id, column.id)) == shared


@given(queries())
def test_who_meets_a_filter_is_found_by_looking_at_each_incident(query: Query) -> None:
    rows = {r["id"]: r for r in raw("incidents.csv")}
    expected = [
        one
        for one in IDS
        if all(set(values_of(one, key, query)) & set(v) for key, v in query.filters.items())
        and (query.unchecked == "in" or rows[one]["checked"] == "spot-checked")
        and (query.low == "in" or rows[one]["confidence"] != "low")
    ]
    assert list(ask(query).found) == expected


@given(queries())
def test_the_first_sentence_gives_denominator_total_and_gaps(query: Query) -> None:
    table = ask(query)
    first = sentences(table)[0]

    gaps = [sum(table.missing("rows").values())]
    gaps += [sum(table.missing("columns").values())] if query.columns != "none" else []
    numbers = [int(one) for one in re.findall(r"\b\d+\b", re.sub("“[^”]*”", "", first))]
    assert numbers == [table.number(), table.total, *gaps]


@given(queries(), st.sampled_from(["", *IDS]))
def test_an_exploration_survives_as_data_as_json_and_as_the_literal(
    query: Query, opened: str
) -> None:
    made = Exploration(query, opened=opened)
    text = json.dumps(made.to_data())

    assert Exploration.from_data(json.loads(text)) == made
    assert Exploration.from_data(ast.literal_eval(text)) == made


@given(queries())
def test_the_data_hold_texts_numbers_lists_and_objects_only(query: Query) -> None:
    def plain(value: object) -> bool:
        if isinstance(value, dict):
            return all(isinstance(key, str) and plain(one) for key, one in value.items())
        if isinstance(value, list):
            return all(plain(one) for one in value)
        return type(value) in (str, int)

    assert plain(Exploration(query).to_data())


@given(queries())
def test_the_memo_has_the_denominator_the_gaps_and_the_limits(query: Query) -> None:
    table = ask(query)
    text = memo(table)

    assert all(line in text for line in (*sentences(table), *limits()))
    assert all(f"| {one.name} |" in text for one in table.rows)


def test_a_chosen_cell_is_listed_in_the_memo() -> None:
    made = Exploration(Query(filters=CORE, rows="purpose"), row="coup-attempt")

    assert "## “coup attempt (added here)”: 2 incidents" in made.to_memo()
    assert "Chad 2019: French air strikes on the UFR column (TCD-2019)" in made.to_memo()


def test_each_closed_list_is_that_of_the_codebook() -> None:
    columns = {one.name: one for one in codebook.table("incidents").columns}
    for one in variables():
        column = columns.get(one.id)
        if column is None or column.kind == "boolean":
            continue
        in_pattern = re.match(r"\^\(([^)]*)\)", column.pattern)
        known = column.choices or (in_pattern.group(1).split("|") if in_pattern else ())
        blanks = {"not known", "none on record"}
        assert {o.id for o in one.options} - blanks == set(known) - blanks, one.id


def test_every_value_in_the_file_has_words() -> None:
    for one in variables():
        for key in IDS:
            for value in values_of(key, one.id):
                assert one.option(value).name


def test_no_code_of_the_tables_stands_as_a_name() -> None:
    for one in variables():
        for option in one.options:
            assert "_" not in option.name
            assert not re.search(r"\b[a-z]+-of-[a-z]", option.name), option.name


def test_purposes_begin_with_those_of_hasar() -> None:
    ids = [one.id for one in variable("purpose").options]

    assert len(ids) == 14
    assert ids[-2:] == ["coup-attempt", "none on record"]


def test_the_limits_count_what_is_in_the_tables() -> None:
    purposes = raw("incident-purposes.csv")
    low = sum(r["confidence"] == "low" for r in purposes)
    text = " ".join(limits())

    assert f"{low} of {len(purposes)} recorded purposes have low confidence" in text
    assert f"{len(raw('excluded.csv'))} cases were weighed and left out. 5 of them are open" in text


def test_an_incident_has_its_purposes_documents_and_sources() -> None:
    found = incident("KAZ-2022")

    assert list(found.by_speaker()) == ["requester", "intervener", "organisation"]
    assert len(found.sources) == 7
    assert dict(found.facts())["In what office"] == "head of State"
    assert dict(found.facts())["Hasar"] == "named in his post of 2022"
    assert incident("PAK-2004").against


def test_facts_leave_out_nothing_but_what_is_blank() -> None:
    for key in IDS:
        found = incident(key)
        assert len({label for label, _ in found.labelled()}) == len(found.labelled())
        assert dict(found.facts())["Confidence in the row"].startswith(found.row.confidence)


def test_every_mark_of_checking_has_words() -> None:
    for table in ("incidents", "incident_purposes", "incident_documents", "excluded"):
        for row in evidence.rows(table):
            assert how_checked(row)


def test_an_unknown_incident_is_refused() -> None:
    with pytest.raises(UnknownRowError, match="KAZ-2022"):
        incident("KAZ-2021")


def data(**changes: object) -> dict[str, Any]:
    return {"schema": "volens/practice-explorer", "version": 1, **changes}


def test_what_is_not_said_stays_as_in_a_query_of_all_incidents() -> None:
    assert Exploration.from_data(data()) == Exploration(Query())
    assert Exploration.from_data({}) == Exploration()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (data(schema="volens/note"), "answer of another widget"),
        (data(filters=[]), "`filters`: expected a dictionary, got a list"),
        (data(filters={"era": "cold-war"}), "`filters`, `era`: expected a list of texts"),
        (data(filters={"era": ["stone age"]}), '`era` has no value "stone age". It has: '),
        (data(filters={"weather": ["fine"]}), "There is no variable `weather`"),
        (data(filters={"stated_by": ["requester"]}), "use `speakers`"),
        (data(filters={"checked": ["spot-checked"]}), "use `unchecked`"),
        (data(filters={"purpose": ["left out"]}), "`purpose` has no value"),
        (data(rows="none"), "There is no variable `none`"),
        (data(rows=["era"]), "`rows`: expected a text, got a list"),
        (data(speakers=["nobody"]), 'yours is "nobody"'),
        (data(low="maybe"), '`low` should be one of "in", "out"'),
        (data(share="half"), '`share` should be one of "none"'),
        (data(cell=[]), "`cell`: expected a dictionary, got a list"),
        (data(cell={"row": "peace"}), 'the table has no "peace" among its rows'),
        (data(cell={"row": "stability", "column": "ended"}), "among its columns. They are: none"),
        (data(opened=3), "`opened`: expected a text, got 3"),
        (data(opened="ZZZ-2020"), "`opened`: The table `incidents` has no row"),
    ],
)
def test_data_of_another_form_are_refused_in_words(given: object, message: str) -> None:
    with pytest.raises(PracticeError) as caught:
        Exploration.from_data(given)
    assert message in str(caught.value)


def changed(*path: str, to: object) -> dict[str, Any]:
    """A good answer with one part of its result changed."""
    answer = Exploration().to_data()
    part = answer["result"]
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = to
    return answer


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (changed("meeting", to=71), "`result['meeting']` is 71; the tables give 72."),
        (changed("meeting", to=True), "`result['meeting']` is True"),
        (changed("rows", "stability", to=40), "`result['rows']['stability']` is 40"),
        (changed("missing", to={}), "`result['missing']['rows']` is missing."),
        (changed("score", to=1), "`result['score']` is not in the table."),
        ({**Exploration().to_data(), "result": 72}, "`result` is 72"),
    ],
)
def test_a_result_that_the_tables_do_not_give_is_refused(answer: object, message: str) -> None:
    with pytest.raises(PracticeError) as caught:
        Exploration.from_data(answer)
    assert message in str(caught.value)
    assert Exploration.from_data(answer, trust=False) == Exploration()


def test_the_order_in_which_a_filter_is_set_does_not_matter() -> None:
    one = Query(filters={"region": ("Pacific", "Caribbean"), "era": ("cold-war",)})
    other = Query(filters={"era": ("cold-war",), "region": ("Caribbean", "Pacific")})

    assert one == other
    assert one.to_data() == other.to_data()


def test_several_incidents_in_one_state_are_said_to_be_not_independent() -> None:
    table = ask(Query(filters={"region": ("Central Africa",)}))
    text = " ".join(sentences(table))

    assert next(iter(table.states().items())) == ("Central African Republic", 8)
    assert "most: Central African Republic 8, Democratic Republic of the Congo 7" in text
    assert "not independent" in text


def test_an_empty_result_is_told_as_such() -> None:
    table = ask(Query(filters={"region": ("Pacific",), "era": ("cold-war",)}, share="filter"))

    assert sentences(table)[0].startswith("0 of 94 incidents meet your filter")
    assert table.share("stability", "") == (0, None)
