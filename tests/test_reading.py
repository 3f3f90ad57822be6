"""Evidence as cards."""

import re

import pytest

from volens import codebook, evidence, positions
from volens.errors import UnknownRowError, UnknownTableError
from volens.reading import _PARTS, Cards, cards


def test_a_card_names_row_speaker_date_and_words() -> None:
    page = cards("claims", "C009")._repr_html_()

    assert "C009: Pashinyan as Chairman of the Collective Security Council, 2022-01-06" in page
    assert "“caused, inter alia, by outside interference”" in page


def test_a_card_links_its_sources() -> None:
    page = cards("claims", "C009")._repr_html_()
    first = evidence.sources_of("claims", "C009")[0]

    assert "<summary>4 sources for C009</summary>" in page
    assert f'<a href="{first.address}">' in page


def test_a_card_says_where_it_is_not_firmly_established() -> None:
    assert "recorded correctly: low" in cards("claims", "C012")._repr_html_()
    assert "recorded correctly" not in cards("claims", "C009")._repr_html_()


def test_conflicting_versions_stay_visible() -> None:
    assert "Other versions: 5 January by Minsk" in repr(cards("timeline", "T036"))


def test_a_statement_names_its_account_and_not_the_verdict() -> None:
    page = cards("statements", "F049")._repr_html_()

    assert "Hasar" in page
    assert "contradicted" not in page


def test_an_account_shows_its_critique_and_address() -> None:
    page = cards("sources", "OJ")._repr_html_()

    assert "Careful legal scholarship" in page
    assert '<a href="https://opiniojuris.org/' in page


def test_text_is_escaped() -> None:
    for table in ("claims", "timeline", "statements", "casualties", "sources"):
        page = cards(table, [str(row.id) for row in evidence.rows(table)])._repr_html_()
        assert "<script" not in page.lower()
        assert page.count("<li") >= len(evidence.rows(table))


def test_ids_may_be_a_list_or_a_text() -> None:
    assert cards("claims", "C001  C004") == cards("claims", ["C001", "C004"])


def test_a_range_stands_for_all_rows_from_the_one_to_the_other() -> None:
    assert cards("statements", "F099-F101, F229") == cards(
        "statements", ["F099", "F100", "F101", "F229"]
    )


def test_a_range_that_leaves_the_table_is_refused() -> None:
    with pytest.raises(UnknownRowError, match="F318"):
        cards("statements", "F316-F320")


def test_bare_cards_keep_back_what_gives_an_answer_away() -> None:
    for table, row, hint in (
        ("timeline", "T025", "Contradicts"),
        ("statements", "F233", "sources for"),
        ("sources", "OJ", "Careful"),
    ):
        assert hint not in cards(table, row, bare=True)._repr_html_()
        assert hint not in repr(cards(table, row, bare=True))


def test_an_unknown_row_or_table_is_refused() -> None:
    with pytest.raises(UnknownRowError):
        cards("claims", "C999")
    with pytest.raises(UnknownTableError, match="The tables are"):
        cards("card", "C001")


def test_an_authority_says_whether_its_own_text_was_read() -> None:
    assert "Own text read: not." in repr(cards("authorities", "ario-7"))
    assert "Own text read: in full" in repr(cards("authorities", "arsiwa-20"))


def test_a_conflict_says_what_the_record_supports_and_whether_it_is_settled() -> None:
    assert "What the record supports (settled): The Russian text" in repr(cards("conflicts", "Q01"))


def test_an_incident_names_who_asked() -> None:
    assert "Asked by: President Samuel Doe" in repr(cards("incidents", ["LBR-1990"]))


@pytest.mark.parametrize("table", codebook.table_names())
def test_every_table_with_ids_has_cards_without_a_none_in_them(table: str) -> None:
    if not codebook.table(table).key:
        return
    for row in evidence.rows(table):
        shown = repr(cards(table, [row.id]))
        assert not re.search(r": None(\.|$)|\bNone[,)]", shown), row.id


def test_words_that_we_translated_stand_beside_the_original() -> None:
    page = cards("claims", "C135")._repr_html_()

    assert "In our translation: " in page
    assert '<span lang="kk">Халық террорист емес</span>' in page
    assert "Quoted" not in page


def test_words_that_nobody_translated_are_called_quoted() -> None:
    assert 'Quoted: "caused, inter alia' in repr(cards("claims", "C009"))


@pytest.mark.parametrize("table", codebook.table_names())
def test_no_card_lists_columns(table: str) -> None:
    if codebook.table(table).key:
        assert table in _PARTS


def test_a_table_that_is_new_is_shown_column_by_column() -> None:
    one = evidence.rows("matrix")[0]

    assert f"principle: {one.principle}" in repr(Cards("matrix", (one,)))


def test_a_figure_says_number_unit_and_span() -> None:
    one, least = str(cards("figures", "N08")), str(cards("figures", "N42"))

    assert one.splitlines()[1] == "damage total (dollars): 2,500 m USD (from 2,000 to 3,000)"
    assert least.splitlines()[1] == "transport aircraft: 75 aircraft or more"
    assert "number not given" in str(cards("figures", "N28"))


def test_a_document_names_its_symbol_its_incident_and_whether_it_was_seen() -> None:
    card = str(cards("incident_documents", "U003"))

    assert card.startswith("U003: S/RES/788 (1992), 1992-11-19, on Liberia 1990: ECOMOG\n")
    assert card.endswith("Seen: text read.")


def test_a_contingent_names_its_state() -> None:
    assert str(cards("contingents", "G01")).startswith("G01: Russia, personnel\n")


@pytest.mark.parametrize("column", ["says", "disputed", "provision"])
def test_an_authority_names_positions_in_words_and_not_by_id(column: str) -> None:
    ids = [one.id for one in positions.positions() if "-" in one.id]
    for row in evidence.rows("authorities"):
        text = (row[column] or "").lower()
        assert [one for one in ids if re.search(rf"\b{one}\b", text)] == [], row.id


def test_a_case_left_out_is_a_sentence_and_not_a_row_of_columns() -> None:
    card = str(cards("excluded", "E01"))

    assert card.startswith(
        "E01: Saudi strikes on Houthis across the Yemeni border, 2009\nLeft out: "
    )
    assert "Could it defeat the claim? " in card


def test_a_year_is_not_said_twice() -> None:
    assert "April 2006\n" in str(cards("excluded", "E04"))


def test_a_stated_purpose_names_who_stated_it_and_where() -> None:
    heading, purpose, *_ = str(cards("incident_purposes", "P115")).splitlines()

    assert heading == "P115: King Hamad (requester), on Bahrain 2011: Peninsula Shield Force"
    assert purpose == "Purpose disavowed: Maintain law and order."


def test_a_conclusion_names_its_author_and_the_view() -> None:
    card = str(cards("conclusions", "L03"))

    assert card.startswith("L03: Seyfullah Hasar, 2022-02-07\n")
    assert card.endswith("View: Purpose decides.")
    assert str(cards("conclusions", "L01")).startswith("L01: nobody found\n")


def test_ids_may_stand_together_or_each_by_itself() -> None:
    assert repr(cards("claims", "C001", "C004")) == repr(cards("claims", "C001 C004"))
