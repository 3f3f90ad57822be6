"""Another case: what `volens case new` writes."""

from pathlib import Path

import pytest
from frictionless import Package

from tests.conftest import forget
from volens import adapting, audit, cases, codebook, evidence
from volens.errors import CaseError

MALI = {"title": "Chad 2008", "state": "Chad", "period": "2008-02-01/2009-03-31"}


def test_a_new_case_is_valid_and_empty(data: Path) -> None:
    adapting.new_case("chad-2008", **MALI)
    forget()

    assert audit.faults() == ()
    assert cases.case("chad-2008").state == "Chad"
    assert cases.case("chad-2008").findings == ()
    assert evidence.rows("timeline", case="chad-2008") == ()


def test_a_new_case_has_every_table_that_a_case_has(data: Path) -> None:
    written = {path.relative_to(data).as_posix() for path in adapting.new_case("chad-2008", **MALI)}
    tables = [codebook.table(name) for name in codebook.table_names()]

    assert written == {
        "cases/chad-2008/case.toml",
        *(table.file("chad-2008") for table in tables if table.of_case),
    }


def test_the_tables_of_a_new_case_satisfy_the_same_schema(data: Path) -> None:
    adapting.new_case("chad-2008", **MALI)
    described = data / "datapackage.json"
    text = described.read_text(encoding="utf-8")
    described.write_text(text.replace("cases/kazakhstan-2022/", "cases/chad-2008/"))

    assert Package(str(described)).validate().valid


def test_rows_of_another_case_are_read_beside_those_of_the_course(data: Path) -> None:
    adapting.new_case("chad-2008", **MALI)
    table = codebook.table("claim_codes")
    assert not table.of_case
    forget()

    assert len(evidence.rows("timeline")) > len(evidence.rows("timeline", case="chad-2008"))


@pytest.mark.parametrize(
    ("slug", "changed", "message"),
    [
        ("Chad 2008", {}, "small letters, digits and hyphens"),
        ("kazakhstan-2022", {}, "is there already"),
        ("chad-2008", {"period": "January 2013"}, "first and last day"),
        ("chad-2008", {"title": 'The "Chad" case'}, "without quotation marks"),
    ],
)
def test_a_mistake_is_named(data: Path, slug: str, changed: dict[str, str], message: str) -> None:
    with pytest.raises(CaseError, match=message):
        adapting.new_case(slug, **MALI | changed)


def test_a_folder_that_cannot_be_written_is_named(data: Path) -> None:
    (data / "cases" / "chad-2008").write_text("in the way")
    with pytest.raises(CaseError, match="could not be written"):
        adapting.new_case("chad-2008", **MALI)
