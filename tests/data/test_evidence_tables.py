"""The evidence tables hold together: what neither a schema nor the audit says."""

from itertools import groupby

import pytest

from volens import codebook, evidence

CASE_TABLES = (
    *("timeline", "claims", "casualties", "figures", "contingents", "conflicts"),
    "conflict_versions",
)
#: Rows of these may rest on knowledge alone; they say so in `verified`.
KNOWLEDGE = ("authorities", "misconceptions", "incidents", "incident_purposes")
SOURCED = ("supports", "quotes", "hosts")


def rests_on_something(table: str, key: str) -> bool:
    roles = (*SOURCED, "contradicts")
    return any(evidence.sources_of(table, key, role=role) for role in roles)


@pytest.mark.parametrize("name", codebook.table_names())
def test_every_table_and_column_is_described(name: str) -> None:
    table = codebook.table(name)
    assert len(table.description) > 20
    assert [column.name for column in table.columns if len(column.description) < 20] == []
    assert [column.name for column in table.columns if column.title == column.name] == []


@pytest.mark.parametrize("name", codebook.table_names())
def test_files_are_plain_utf8_with_lf(name: str) -> None:
    raw = (codebook.data_directory() / codebook.table(name).path).read_bytes()
    assert b"\r" not in raw
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert raw.endswith(b"\n")


@pytest.mark.parametrize("name", ["links", "case_links"])
def test_links_are_unique_and_sorted_by_table_and_row(name: str) -> None:
    keys = [(link.table, link.row) for link in evidence.rows(name)]
    links = [tuple(link.values()) for link in evidence.rows(name)]

    assert sorted(keys) == keys
    assert len(set(links)) == len(links)


@pytest.mark.parametrize("name", CASE_TABLES)
def test_every_row_of_the_case_rests_on_a_source(name: str) -> None:
    assert [row for row in evidence.rows(name) if not rests_on_something(name, row.id)] == []


@pytest.mark.parametrize("name", KNOWLEDGE)
def test_a_row_that_says_pages_rests_on_a_source(name: str) -> None:
    bare = [
        row
        for row in evidence.rows(name)
        if str(row.verified).startswith("pages") and not rests_on_something(name, row.id)
    ]
    assert bare == []


def test_what_was_not_read_is_not_called_established() -> None:
    unread = [row for row in evidence.rows("authorities") if row.read == "not"]

    assert unread
    assert {"medium", "low"} >= {row.confidence for row in unread}


def test_how_much_was_read_is_said_of_each_source_and_authority() -> None:
    for name in ("sources", "authorities"):
        for row in evidence.rows(name):
            if row.read == "in part":
                assert row.read_part, row.id
            if row.read == "not":
                assert not row.read_part, row.id


def test_no_graded_key_rests_on_what_was_not_read() -> None:
    for row in evidence.rows("misconceptions"):
        if row.gradable:
            assert row.confidence == "high", row.id
            for authority in evidence.items(row.authorities):
                assert evidence.row("authorities", authority).read != "not", (row.id, authority)


def test_every_statement_is_hosted_by_its_own_account() -> None:
    for row in evidence.rows("statements"):
        hosts = [source.id for source in evidence.sources_of("statements", row.id, role="hosts")]
        assert hosts == [row.account], row.id


def test_a_contradicted_statement_says_what_it_should_say() -> None:
    contradicted = [row for row in evidence.rows("statements") if row.status == "contradicted"]

    assert len(contradicted) == 31
    assert [row.id for row in contradicted if row.correction is None] == []


def test_the_five_accounts_come_first_and_were_read_in_full() -> None:
    accounts = [
        account for account, _ in groupby(row.account for row in evidence.rows("statements"))
    ]
    first = evidence.rows("sources")[:5]

    assert accounts == [source.id for source in first]
    assert {"in full"} == {source.read for source in first}
    assert [source.id for source in first if source.caveat is None] == []


def test_a_claim_names_no_purpose_twice() -> None:
    for claim in evidence.rows("claims"):
        codes = (claim.purpose, *evidence.items(claim.other_purposes))
        assert len(set(codes)) == len(codes), claim.id


def test_a_claim_is_quoted_where_it_has_a_quotation() -> None:
    for claim in evidence.rows("claims"):
        assert (claim.wording == "quoted") == (claim.quotation is not None), claim.id


def test_the_population_is_heard_and_not_only_governments() -> None:
    voices = [row for row in evidence.rows("claims") if row.role in ("population", "ngo")]
    local = [row for row in voices if row.language in ("kk", "ru")]

    assert len(voices) >= 10
    assert len(local) >= 10
    assert any("Qantar" in str(row.term) for row in evidence.rows("glossary"))


def test_every_conflict_has_at_least_two_versions() -> None:
    told = [row.conflict for row in evidence.rows("conflict_versions")]
    assert [row.id for row in evidence.rows("conflicts") if told.count(row.id) < 2] == []


def test_the_record_keeps_its_size() -> None:
    """A row that disappears in an edit is noticed."""
    sizes = {name: len(evidence.rows(name)) for name in codebook.table_names()}

    assert sizes["timeline"] == 133
    assert sizes["claims"] == 152
    assert sizes["casualties"] == 73
    assert sizes["figures"] == 66
    assert sizes["contingents"] == 55
    assert sizes["statements"] == 317
    assert sizes["conflicts"] == 56
    assert sizes["incidents"] == 94
    assert sizes["matrix"] == 152
