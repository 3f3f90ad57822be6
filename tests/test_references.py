"""A source is named in one way wherever it stands."""

import re

import pytest

from volens import evidence
from volens.errors import UnknownRowError
from volens.references import LANGUAGES, Reference, how_far, reference

ALL = [reference(row) for row in evidence.rows("sources")]


def test_every_source_says_its_type_and_how_far_it_was_read() -> None:
    for one, row in zip(ALL, evidence.rows("sources"), strict=True):
        assert str(one) == f"{one.name}, {row.type}, own text read: {how_far(row)}"
        assert row.title in one.name


def test_a_source_is_found_by_id_and_by_code() -> None:
    assert reference("OJ") == reference(evidence.row("sources", "OJ"))
    with pytest.raises(UnknownRowError, match="no-such-source"):
        reference("no-such-source")


def test_three_authors_or_more_are_the_first_and_others() -> None:
    row = next(row for row in evidence.rows("sources") if len(evidence.items(row.author)) > 2)
    first = evidence.items(row.author)[0].split(", ")[0]

    assert reference(row).name.startswith(f"{first} and others, ")


def test_a_title_that_is_not_the_printed_one_says_so() -> None:
    ours = [one for one in ALL if evidence.row("sources", one.id).title_is == "our description"]

    assert {one.copy.split(". ")[0].rstrip(".") for one in ours} == {"The title is our description"}


def test_remarks_are_sentences_without_ids() -> None:
    for one in ALL:
        assert re.search(r"[.!?]$", one.remark) or not one.remark, one.id
        assert not re.search(r"(?<![/-])\b[a-z]+(?:-[a-z]+){3,}\b", one.copy), one.id


def test_a_view_gets_no_empty_part() -> None:
    assert Reference("x", "A note", "press", "not").to_data() == {
        "name": "A note",
        "type": "press",
        "read": "not",
    }


def test_names_are_text_on_a_page() -> None:
    shown = Reference("x", "<b>", "press", "not", address="https://example.org/?a&b").to_html()

    assert (
        shown == '<a href="https://example.org/?a&amp;b">&lt;b&gt;</a>, press, own text read: not'
    )


def test_every_language_of_a_source_has_a_name() -> None:
    assert {row.language for row in evidence.rows("sources") if row.language} <= set(LANGUAGES)
