"""A manuscript is read for its form: parts, words, citations, and nothing of its argument."""

import pytest

from tests.checkout import SOURCES
from volens.briefs import briefs
from volens.checks import Written
from volens.grading.rubric import read_rubrics
from volens.manuscripts import manuscript

PARTS = manuscript("").least
FOLDER = next(file.parent for file in SOURCES if file.stem == "a6-opinion")
ANCHORS = read_rubrics(FOLDER / "rubric.toml")[0].anchors
STRONG = [
    pytest.param(anchor.text, id=anchor.brief)
    for anchor in ANCHORS
    if anchor.label.startswith("strong")
]


def under(heading: str, text: str) -> str:
    return f"### {heading}\n\n{text}\n"


@pytest.mark.parametrize("text", STRONG)
def test_every_strong_anchor_has_a_sound_form(text: str) -> None:
    opinion = manuscript(text)

    assert [opinion.fault(name) for name in PARTS] == [""] * len(PARTS)
    assert (opinion.unknown, opinion.not_listed, opinion.not_cited) == ((), (), ())
    assert (opinion.as_found, opinion.unexplained) == ((), ())
    assert (opinion.names_its_position, opinion.longest) == (True, "Application")
    assert len(opinion.authorities) >= 3
    assert len(opinion.rows) >= 6


@pytest.mark.parametrize("anchor", ANCHORS, ids=lambda anchor: anchor.label)
def test_every_anchor_belongs_to_a_brief(anchor: object) -> None:
    assert anchor.brief in {one.id for one in briefs()}  # type: ignore[attr-defined]


def test_every_strong_anchor_has_the_length_that_is_asked_for() -> None:
    lengths = {
        anchor.brief: Written(anchor.text).count
        for anchor in ANCHORS
        if anchor.label.startswith("strong")
    }

    assert {brief: count for brief, count in lengths.items() if not 800 <= count <= 1000} == {}


def test_an_empty_text_has_no_part() -> None:
    assert manuscript("").missing == tuple(PARTS)


@pytest.mark.parametrize("heading", ["Application", "## application:", "6. APPLICATION"])
def test_how_a_heading_is_typed_does_not_matter(heading: str) -> None:
    text = heading if heading.startswith("#") else f"# {heading}"

    assert manuscript(f"{text}\nThe walk.").parts["Application"] == "The walk."


def test_two_pieces_under_one_heading_are_one_part() -> None:
    text = under("Application", "One.") + under("Question", "Who?") + under("Application", "Two.")

    assert manuscript(text).parts["Application"] == "One.\nTwo."


def test_the_parts_of_a_copied_brief_are_named() -> None:
    opinion = manuscript(under("Application", f"{briefs()[3].task} And that is all."))

    assert opinion.copied == ("Application",)
    assert "words of your own" in opinion.fault("Application")


def test_a_phrase_of_the_brief_may_stand() -> None:
    own = "The walk shows that the request came in time and that the words of it are not known. "

    assert manuscript(under("Application", own * 4 + briefs()[0].rule)).copied == ()


def test_a_part_that_says_again_what_another_says_is_named() -> None:
    same = "On this view the answer is open, since nobody has shown the words of the request."

    opinion = manuscript(under("Question", same) + under("Short answer", same))

    assert opinion.repeated == ("Short answer",)


def test_a_part_that_changes_one_word_of_another_is_named() -> None:
    same = "answer is open on this view, since nobody has shown the words of the request so far."

    opinion = manuscript(under("Question", f"The {same}") + under("Short answer", f"My {same}"))

    assert opinion.repeated == ("Short answer",)


def test_rows_pasted_from_the_card_are_no_words_of_ones_own() -> None:
    pasted = " ".join(line for _, lines in briefs()[0].material for line in lines[:4])

    assert manuscript(under("Facts taken as found", pasted)).copied == ("Facts taken as found",)


def test_a_scholar_in_the_table_of_authorities_is_no_text_of_law() -> None:
    opinion = manuscript(under("Application", "So it is [recognition-de-wet-2015; arsiwa-20]."))

    assert opinion.authorities == ("arsiwa-20",)
    assert opinion.law == ("recognition-de-wet-2015", "arsiwa-20")


def test_one_sentence_many_times_is_no_part() -> None:
    assert manuscript(under("Application", "It is open. " * 50)).repeated == ("Application",)


@pytest.mark.parametrize(
    ("written", "cited"),
    [
        ("It came first [T036].", ("T036",)),
        ("It came first (T036, T041).", ("T036", "T041")),
        ("It came first [T036; T041 and T042].", ("T036", "T041", "T042")),
        ("It came first [T036-T038].", ("T036", "T037", "T038")),
        ("It came first [t036].", ("T036",)),
        ("By article 20 [arsiwa-20, art 20].", ("arsiwa-20",)),
        ("By article 20 [ARSIWA-20].", ("arsiwa-20",)),
        ("As Hasar has it [OJ].", ("hasar-another-intervention-by-invitation",)),
        (
            "As they have it [kriener-and-brassat-quashing-protests-abroad-2023].",
            ("kriener-and-brassat-quashing-protests-abroad-2023",),
        ),
        ("Twice [T036], and again [T036].", ("T036",)),
    ],
)
def test_ids_are_found_however_they_are_typed(written: str, cited: tuple[str, ...]) -> None:
    opinion = manuscript(under("Application", written))

    assert (opinion.cited, opinion.unknown) == (cited, ())


@pytest.mark.parametrize(
    ("written", "unknown"),
    [
        ("As was held [Smith v Jones 2003].", ("Smith v Jones 2003",)),
        ("It came first [T999].", ("T999",)),
        ("It came first (T999).", ("T999",)),
        ("By article 20 [arsiwa-200].", ("arsiwa-200",)),
    ],
)
def test_what_is_cited_and_does_not_exist_is_named(written: str, unknown: tuple[str]) -> None:
    opinion = manuscript(under("Application", written))

    assert (opinion.cited, opinion.unknown) == ((), unknown)
    assert opinion.unknown_in("Application") == unknown


@pytest.mark.parametrize(
    "written",
    [
        "*DRC v Uganda* [2005] ICJ Rep 168.",
        "He spoke of [...] a threat.",
        "See [the page](https://example.org).",
        "A body (the so-called Council) met (on 5 January).",
        "It was read (abstract only).",
    ],
)
def test_other_brackets_are_no_citations(written: str) -> None:
    opinion = manuscript(under("Application", written))

    assert (opinion.cited, opinion.unknown) == ((), ())


def test_the_list_is_compared_with_what_was_cited() -> None:
    opinion = manuscript(
        under("Application", "It came first [T036; C001].")
        + under("Sources", "- [T036] the appeal on air\n- [T041]")
    )

    assert (opinion.not_listed, opinion.not_cited) == (("C001",), ("T041",))
    assert opinion.unexplained == ("T041",)


@pytest.mark.parametrize(
    "sentence",
    [
        "Pashinyan said that interference came from outside [C009].",
        "According to the chairman it came from outside [C009].",
        "He alleged interference. [C009] The rest is open.",
        "It was “caused, inter alia, by outside interference” [C009].",
    ],
)
def test_a_claim_with_a_word_of_saying_is_a_claim(sentence: str) -> None:
    assert manuscript(under("Application", sentence)).as_found == ()


@pytest.mark.parametrize(
    "sentence",
    [
        "Interference came from outside [C009].",
        "He said little. Interference came from outside [C009].",
        "The threat was caused by interference (C009), so article 4 applies.",
    ],
)
def test_a_claim_without_one_is_told_as_found(sentence: str) -> None:
    assert manuscript(under("Application", sentence)).as_found == ("C009",)


def test_the_list_of_sources_tells_nothing_as_found() -> None:
    assert manuscript(under("Sources", "- [C009] the chairman, 6 January")).as_found == ()


def test_a_text_that_the_course_did_not_read_is_named() -> None:
    opinion = manuscript(under("Application", "As the article has it [un-charter-33]."))

    assert opinion.unread == ("un-charter-33",)
