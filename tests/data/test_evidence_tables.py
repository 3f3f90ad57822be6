"""The evidence tables hold together: what a schema of one table cannot say."""

import csv
import json
from itertools import groupby
from pathlib import Path

import pytest

DATA = Path(__file__).parents[2] / "data"
PACKAGE = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
RESOURCES = {
    resource["name"]: resource
    for resource in PACKAGE["resources"]
    if resource["path"].endswith(".csv")
}
LINKED = ("timeline", "claims", "casualties", "figures", "statements")


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / RESOURCES[name]["path"]).open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def ids(name: str) -> set[str]:
    return {row["id"] for row in rows(name)}


@pytest.mark.parametrize("name", ["sources", "links", "claim_codes", "matrix", *LINKED])
def test_header_is_what_the_codebook_describes(name: str) -> None:
    expected = [field["name"] for field in RESOURCES[name]["schema"]["fields"]]
    assert expected == list(rows(name)[0])


@pytest.mark.parametrize("name", ["sources", "links", "claim_codes", "matrix", *LINKED])
def test_every_column_is_described(name: str) -> None:
    fields = RESOURCES[name]["schema"]["fields"]
    assert [field["name"] for field in fields if len(field["description"]) < 20] == []


@pytest.mark.parametrize("name", ["sources", "links", "claim_codes", "matrix", *LINKED])
def test_files_are_plain_utf8_with_lf(name: str) -> None:
    raw = (DATA / RESOURCES[name]["path"]).read_bytes()
    assert b"\r" not in raw
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert raw.endswith(b"\n")


def test_every_link_joins_a_row_to_a_source() -> None:
    known = {name: ids(name) for name in LINKED}
    sources = ids("sources")
    broken = [
        link
        for link in rows("links")
        if link["row"] not in known[link["table"]] or link["source"] not in sources
    ]
    assert broken == []


def test_links_are_unique_and_sorted_by_table_and_row() -> None:
    keys = [(link["table"], link["row"]) for link in rows("links")]
    assert sorted(keys) == keys
    links = [tuple(link.values()) for link in rows("links")]
    assert len(set(links)) == len(links)


@pytest.mark.parametrize("name", ["timeline", "claims", "casualties", "figures"])
def test_every_row_of_evidence_has_a_supporting_source(name: str) -> None:
    supported = {
        link["row"]
        for link in rows("links")
        if link["table"] == name and link["role"] == "supports"
    }
    assert ids(name) == supported


def test_every_statement_is_hosted_by_its_own_account() -> None:
    hosts = {link["row"]: link["source"] for link in rows("links") if link["role"] == "hosts"}
    assert {row["id"]: row["account"] for row in rows("statements")} == hosts


def test_the_five_accounts_come_first_and_were_read_in_full() -> None:
    accounts = [account for account, _ in groupby(row["account"] for row in rows("statements"))]
    first = rows("sources")[:5]
    assert accounts == [source["id"] for source in first]
    assert {"in full"} == {source["read"] for source in first}


def test_lists_of_codes_resolve_and_do_not_repeat_the_main_one() -> None:
    codes = ids("claim_codes")
    for claim in rows("claims"):
        others = claim["other_purposes"].split("; ") if claim["other_purposes"] else []
        assert codes.issuperset(others), claim["id"]
        assert len({claim["purpose"], *others}) == 1 + len(others), claim["id"]


def test_a_quotation_has_at_most_fourteen_words() -> None:
    assert [row["id"] for row in rows("claims") if len(row["quotation"].split()) > 14] == []


@pytest.mark.parametrize("name", ["casualties", "figures"])
def test_a_value_lies_between_its_bounds(name: str) -> None:
    for row in rows(name):
        if row["value"]:
            low, value, high = (float(row[key]) for key in ("value_low", "value", "value_high"))
            assert low <= value <= high, row["id"]
