"""The data package, checked by the tool that its format comes from."""

from frictionless import Package

from tests.checkout import ROOT


def test_the_data_package_is_valid() -> None:
    report = Package(str(ROOT / "data" / "datapackage.json")).validate()

    assert report.flatten(["type", "rowNumber", "fieldName", "note"]) == []
    assert report.valid
