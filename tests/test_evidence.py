"""The evidence, and what is said when it is not as its codebook says."""

from pathlib import Path

import pytest

from tests.conftest import Damage
from volens import codebook, evidence
from volens.errors import CellError, DataNotFoundError, UnknownRowError, UnknownTableError

TIMELINE = "cases/kazakhstan-2022/timeline.csv"


def test_a_row_is_found_by_its_id() -> None:
    assert (
        evidence.row("claims", "C058").speaker
        == "Pashinyan, chairing the session of the Collective Security Council"
    )


def test_a_source_is_found_by_its_older_code_too() -> None:
    assert evidence.row("sources", "OJ") is evidence.row(
        "sources", "hasar-another-intervention-by-invitation"
    )


def test_an_empty_cell_is_none() -> None:
    assert evidence.row("claims", "C004").quotation is None


def test_numbers_are_numbers() -> None:
    assert evidence.row("casualties", "K25").value == 164


def test_a_row_cannot_be_changed() -> None:
    with pytest.raises(AttributeError, match="cannot be changed"):
        evidence.row("claims", "C004").speaker = "somebody else"


def test_equal_rows_are_equal_and_hash_alike() -> None:
    first = evidence.row("claims", "C004")
    same = evidence.Row("claims", dict(first))

    assert first == same
    assert hash(first) == hash(same)
    assert first != evidence.Row("statements", dict(first))


def test_a_row_shows_its_table_and_id() -> None:
    assert repr(evidence.row("claims", "C004")) == "<claims C004>"


def test_an_unknown_column_names_those_there_are() -> None:
    with pytest.raises(AttributeError, match=r"no column `author`.*speaker"):
        _ = evidence.row("claims", "C004").author


def test_the_sources_of_a_row_are_found_by_role() -> None:
    supporting = evidence.sources_of("claims", "C001")
    contradicting = evidence.sources_of("claims", "C001", role="contradicts")

    assert len(supporting) == 3
    assert "Prosecutor General" in contradicting[0].title


def test_every_row_of_the_case_has_a_source() -> None:
    bare = [
        row.id
        for table in (
            "timeline",
            "claims",
            "casualties",
            "figures",
            "statements",
            "contingents",
            "conflicts",
        )
        for row in evidence.rows(table)
        if not any(
            evidence.sources_of(table, row.id, role=role)
            for role in ("supports", "contradicts", "quotes", "hosts")
        )
    ]
    assert bare == []


def test_an_unknown_table_suggests_the_nearest() -> None:
    with pytest.raises(UnknownTableError, match="Did you mean `claims`"):
        evidence.rows("claim")


def test_an_unknown_row_suggests_the_nearest() -> None:
    with pytest.raises(UnknownRowError, match=r"no row `C0090`\. Did you mean `C09"):
        evidence.row("claims", "C0090")


def test_a_date_that_a_spreadsheet_changed_is_named_by_file_row_and_column(damage: Damage) -> None:
    damage("T001,background,1991-12-16", "T001,background,16/12/1991", TIMELINE)
    with pytest.raises(
        CellError,
        match=r"data/cases/kazakhstan-2022/timeline.csv, row 2, column `date`: expected an ISO "
        r'date.*got "16/12/1991".*spreadsheet',
    ):
        evidence.rows("timeline")


def test_a_word_outside_the_list_is_named_with_the_list(damage: Damage) -> None:
    damage(",scholarly,in full,", ",famous,in full,", "sources.csv")
    with pytest.raises(CellError, match=r"row 2, column `type`: expected one of primary.*famous"):
        evidence.rows("sources")


def test_a_missing_value_is_named(damage: Damage) -> None:
    damage("T001,background", "T001,", TIMELINE)
    with pytest.raises(CellError, match="row 2, column `phase`: expected a value"):
        evidence.rows("timeline")


def test_a_number_that_is_none_is_named(damage: Damage) -> None:
    casualties = TIMELINE.replace("timeline", "casualties")
    damage(",Kazakhstan,8,8,8,", ",Kazakhstan,eight,8,8,", casualties)
    with pytest.raises(CellError, match=r'column `value`: expected a.*number, got "eight"'):
        evidence.rows("casualties")


def test_a_cell_too_many_is_named(damage: Damage) -> None:
    damage("T001,background", "T001,background,early", TIMELINE)
    with pytest.raises(CellError, match=r"row 2.*expected 16 cells.*17 cells"):
        evidence.rows("timeline")


def test_a_column_that_was_renamed_is_named(damage: Damage) -> None:
    damage("id,phase,", "id,stage,", TIMELINE)
    with pytest.raises(CellError, match=r"row 1, column `phase`.*codebook"):
        evidence.rows("timeline")


def test_a_missing_file_is_named_with_what_to_do(data: Path) -> None:
    (data / TIMELINE).unlink()
    with pytest.raises(CellError, match=r"timeline\.csv, row 1: expected the file.*last commit"):
        evidence.rows("timeline")


def test_a_file_that_is_not_utf8_is_named_by_its_line(data: Path) -> None:
    file = data / TIMELINE
    file.write_bytes(file.read_bytes().replace(b"Tashkent", "Ta\u00e9kent".encode("latin-1"), 1))
    with pytest.raises(CellError, match=r"row 3: expected text in UTF-8, got .*0xe9.*CSV UTF-8"):
        evidence.rows("timeline")


def test_a_byte_order_mark_is_refused_in_words(data: Path) -> None:
    file = data / TIMELINE
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    with pytest.raises(CellError, match="byte order mark"):
        evidence.rows("timeline")


def test_a_lost_quotation_mark_is_refused_in_words(damage: Damage) -> None:
    damage("Kazakhstan,Kazakhstan,", 'Kazakhstan,"Kazakhstan,', TIMELINE)
    with pytest.raises(CellError, match=r"lost quotation mark|expected .* cells"):
        evidence.rows("timeline")


def test_an_empty_file_names_the_columns_it_should_have(data: Path) -> None:
    (data / TIMELINE).write_text("")
    with pytest.raises(CellError, match="row 1, column `id`: expected the columns id, phase"):
        evidence.rows("timeline")


def test_an_instant_that_is_none_is_named(damage: Damage) -> None:
    damage("2022-01-05T10:10Z,", "16:10 local,", TIMELINE)
    with pytest.raises(CellError, match="column `earliest_utc`: expected a minute by UTC"):
        evidence.rows("timeline")


def test_a_number_below_its_minimum_is_named(damage: Damage) -> None:
    damage(",Kazakhstan,8,8,8,", ",Kazakhstan,-8,8,8,", TIMELINE.replace("timeline", "casualties"))
    with pytest.raises(CellError, match="column `value`: expected a number not below 0"):
        evidence.rows("casualties")


def test_a_case_without_tables_has_no_rows() -> None:
    assert evidence.rows("timeline", case="somewhere-else") == ()


def test_missing_data_say_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codebook, "__file__", str(tmp_path / "volens" / "codebook.py"))
    with pytest.raises(DataNotFoundError, match="Install the package again"):
        codebook.data_directory()
