"""Sources as references."""

import pytest
from pybtex.database import parse_string

from volens import citations, evidence
from volens.errors import UnknownRowError

SOURCES = [row.id for row in evidence.rows("sources")]


def test_an_article_is_cited_with_year_volume_journal_and_page() -> None:
    assert citations.oscola("P51").startswith("E de Wet, ")
    assert "(2015) 26" in citations.oscola("P51")
    assert "979" in citations.oscola("P51")


def test_a_page_is_cited_with_outlet_date_and_address() -> None:
    assert "Kazinform" in citations.oscola("INF8")
    assert "<https://" in citations.oscola("INF8")


def test_what_is_not_known_is_left_out() -> None:
    undated = next(row for row in evidence.rows("sources") if row.date is None and row.address)
    assert "None" not in citations.oscola(undated.id) + citations.bibtex(undated.id)


@pytest.mark.parametrize("form", sorted({row.form for row in evidence.rows("sources")}))
def test_every_form_of_source_has_a_reference(form: str) -> None:
    row = next(row for row in evidence.rows("sources") if row.form == form)
    reference = citations.oscola(row.id)

    assert row.title.split()[0].strip('"').lower() in reference.lower()
    assert reference.count(row.title) <= 1


def test_all_entries_together_are_valid_bibtex() -> None:
    text = "\n".join(citations.bibtex(key) for key in SOURCES)
    parsed = parse_string(text, "bibtex")

    assert list(parsed.entries) == SOURCES


def test_an_organisation_is_no_person_with_a_first_name() -> None:
    assert "{Hizb ut-Tahrir}" in citations.bibtex("KHIL")
    assert citations.oscola("KHIL").startswith("Hizb ut-Tahrir, ")


def test_an_unknown_source_is_refused() -> None:
    with pytest.raises(UnknownRowError):
        citations.oscola("nobody-nothing-1999")
