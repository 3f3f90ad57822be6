"""The tables as frames."""

import pytest

from volens import evidence, tables
from volens.errors import UnknownRowError


@pytest.mark.parametrize("name", evidence.table_names())
def test_every_table_is_a_frame_with_all_its_rows(name: str) -> None:
    described = evidence.table(name)
    frame = tables.frame(name)

    assert len(frame) == len(evidence.rows(name))
    assert {column.name for column in described.columns} == {
        *frame.columns,
        *([described.key] if described.key else []),
    }


def test_rows_come_in_the_order_asked_for() -> None:
    assert tables.claims("C058", "C009").index.tolist() == ["C058", "C009"]


def test_an_unknown_row_is_refused() -> None:
    with pytest.raises(UnknownRowError):
        tables.timeline("T999")


@pytest.mark.parametrize("name", [name for name in tables.__all__ if name != "frame"])
def test_each_function_returns_the_table_of_its_name(name: str) -> None:
    assert len(getattr(tables, name)()) == len(evidence.rows(name))
