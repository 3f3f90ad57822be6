"""The pages that are made from the data."""

import re

import handbook
import pytest

from tests.checkout import ROOT
from volens import codebook, evidence


@pytest.mark.parametrize("name", sorted(handbook.PAGES))
def test_the_committed_page_is_what_the_data_make(name: str) -> None:
    page = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert page == handbook.PAGES[name](), "run `make handbook`"


def test_the_codebook_names_every_table_and_every_column() -> None:
    page = handbook.codebook_page()
    for name in codebook.table_names():
        assert f"\n## {name}\n" in page
        for column in codebook.table(name).columns:
            assert f"| `{column.name}` |" in page


def test_each_term_has_the_anchor_that_lessons_link_to() -> None:
    for row in evidence.rows("glossary"):
        assert handbook.anchor(row.term) == row.id


def test_links_inside_the_pages_lead_somewhere() -> None:
    for page in (make() for make in handbook.PAGES.values()):
        anchors = {handbook.anchor(title) for title in re.findall(r"^## (.+)$", page, re.MULTILINE)}
        assert set(re.findall(r"\]\(#([^)]+)\)", page)) <= anchors
