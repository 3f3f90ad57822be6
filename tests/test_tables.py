"""The tables as frames."""

import pandas as pd
import pytest

from volens import codebook, evidence, tables
from volens.errors import UnknownRowError

OF_A_ROW = sorted(set(tables.__all__) - {"frame"})


@pytest.mark.parametrize("name", codebook.table_names())
def test_every_table_is_a_frame_with_all_its_rows(name: str) -> None:
    described = codebook.table(name)
    frame = tables.frame(name)

    assert len(frame) == len(evidence.rows(name))
    assert {column.name for column in described.columns} == {
        *frame.columns,
        *([described.key] if described.key else []),
    }


@pytest.mark.parametrize("name", codebook.table_names())
def test_columns_have_the_types_that_the_codebook_promises(name: str) -> None:
    kinds = {"integer": "Int64", "number": "Float64", "boolean": "boolean", "string": "string"}
    frame = tables.frame(name).reset_index()
    for column in codebook.table(name).columns:
        dtype = frame[column.name].dtype
        if column.kind == "date":
            assert pd.api.types.is_datetime64_dtype(dtype), column.name
        elif column.kind == "datetime":
            assert str(getattr(dtype, "tz", None)) == "UTC", column.name
        elif column.choices:
            assert list(dtype.categories) == list(column.choices), column.name
        else:
            assert str(dtype).startswith(kinds[column.kind]), column.name


def test_rows_come_in_the_order_asked_for() -> None:
    assert tables.claims("C058", "C009").index.tolist() == ["C058", "C009"]


def test_an_unknown_row_is_refused() -> None:
    with pytest.raises(UnknownRowError):
        tables.timeline("T999")


@pytest.mark.parametrize("name", OF_A_ROW)
def test_each_function_returns_the_table_of_its_name(name: str) -> None:
    assert len(getattr(tables, name)()) == len(evidence.rows(name))


def test_every_table_with_ids_has_a_function_of_its_name() -> None:
    keyed = [name for name in codebook.table_names() if codebook.table(name).key]
    assert keyed
    assert sorted(keyed) == OF_A_ROW


def test_a_changed_frame_does_not_change_the_next_one() -> None:
    first = tables.claims()
    first.loc["C001", "claim"] = "changed"
    del first["speaker"]

    assert tables.claims().loc["C001", "claim"] != "changed"
    assert "speaker" in tables.claims().columns
    assert evidence.row("claims", "C001").claim != "changed"


def test_an_empty_case_gives_empty_frames_with_the_same_columns() -> None:
    empty = tables.timeline(case="somewhere-else")

    assert len(empty) == 0
    assert list(empty.columns) == list(tables.timeline().columns)
