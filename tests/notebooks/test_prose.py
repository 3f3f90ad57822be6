"""The prose: British spelling, short sentences, and words that a beginner can read."""

from pathlib import Path

import pytest

from tests.checkout import LESSONS, SOURCES
from tests.notebooks import prose
from volens import evidence

LONGEST = 34
MEAN = 17
#: Flesch reading ease: 60 to 70 is called plain English; the first lesson is plainer still.
FLOOR = 60
FLOORS = {"00-start-here": 75}
SHOWN = 5
#: Columns whose texts stand on the cards that lessons show.
TEXTS = {
    "authorities": "says",
    "claims": "claim",
    "conflicts": "about",
    "glossary": "definition",
    "misconceptions": "correction",
    "timeline": "event",
}
#: Article 20 of the articles on State responsibility: law as lawyers write it.
LAW = (
    "Valid consent by a State to the commission of a given act by another State precludes the "
    "wrongfulness of that act in relation to the former State to the extent that the act remains "
    "within the limits of that consent."
)

notebooks = pytest.mark.parametrize("file", [*LESSONS, *SOURCES], ids=lambda file: file.stem)


def from_tables() -> list[tuple[str, str]]:
    """The texts of the tables that are read as prose: where, and the text."""
    return [
        (f"{table} {row.id}", str(row[column]))
        for table, column in TEXTS.items()
        for row in evidence.rows(table)
    ]


HELP = (
    "Spell these the British way (-ise, -our, -re). A name or a term of law that is right goes "
    "into tests/notebooks/words.txt, in its place in the alphabet:"
)


def check_spelling(texts: list[tuple[str, str]]) -> None:
    unknown = [
        f"{where}: {word}"
        for where, source in texts
        for word in prose.unknown(source, prose.listed())
    ]
    assert unknown == [], "\n".join([HELP, *unknown])


@notebooks
def test_words_are_spelt_the_british_way(file: Path) -> None:
    check_spelling(list(prose.markdown(file)))


def test_so_are_the_texts_of_the_tables_that_lessons_show() -> None:
    check_spelling(from_tables())


@notebooks
def test_no_sentence_is_longer_than_a_reader_can_hold(file: Path) -> None:
    long = [
        f"{cell}, {prose.length(each)} words: {each}"
        for cell, source in prose.markdown(file)
        for each in prose.sentences(source)
        if prose.length(each) > LONGEST
    ]

    assert long == [], f"Make two sentences of each: at most {LONGEST} words.\n" + "\n".join(long)


@notebooks
def test_a_notebook_can_be_read_by_a_beginner(file: Path) -> None:
    found = prose.level(source for _, source in prose.markdown(file))
    floor = FLOORS.get(file.stem, FLOOR)
    hardest = sorted(found.sentences, key=lambda each: prose.level([each]).ease)[:SHOWN]
    advice = (
        f"Reading ease is {found.ease:.0f}, at least {floor} is wanted; a sentence has "
        f"{found.mean:.1f} words on average, at most {MEAN} are wanted. Begin with the hardest:\n"
    )

    assert found.ease >= floor, advice + "\n".join(hardest)
    assert found.mean <= MEAN, advice + "\n".join(hardest)


def test_the_words_are_in_order_and_each_is_there_once() -> None:
    lines = prose.WORDS.read_text(encoding="utf-8").splitlines()

    assert lines == sorted(set(lines), key=lambda word: (word.casefold(), word))


def test_every_word_of_the_list_is_needed() -> None:
    texts = [source for file in (*LESSONS, *SOURCES) for _, source in prose.markdown(file)]
    texts += [source for _, source in from_tables()]
    used = {word for source in texts for word in prose.unknown(source)}
    needless = prose.listed() - used - {word.lower() for word in used}

    assert needless == set(), f"Take these out of tests/notebooks/words.txt: {sorted(needless)}"


@pytest.mark.parametrize(
    "word",
    ["analyze", "behavior", "center", "color", "defense", "honored", "organization", "recognized"],
)
def test_an_american_spelling_is_found(word: str) -> None:
    assert prose.unknown(f"It is a {word} of theirs.") == [word]


@pytest.mark.parametrize(
    "words",
    [
        "analyse behaviour centre colour defence honoured organisation recognised",
        "seize the prize, whatever its size",
        "the Collective Security Treaty Organization, the CSTO",
        "what Tokayev's ministers and Kazakhstan's decrees say",
        "see `vo.color` and [the law](https://example.org/center)",
        "they said \u201ccolor revolution\u201d",
        "\u0438\u0437\u0432\u043d\u0435",
    ],
)
def test_british_words_names_of_the_record_code_and_quotations_are_let_be(words: str) -> None:
    assert prose.unknown(words) == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("They came early. Nobody had asked.", ["They came early.", "Nobody had asked."]),
        (
            "See art. 2 of it, p. 4. Then read on here.",
            ["See art. 2 of it, p. 4.", "Then read on here."],
        ),
        ("It names U. N. Charter rules.", ["It names U. N. Charter rules."]),
        ("It is unlawful (UN Charter, art 2(4)).", ["It is unlawful."]),
        ("He read it (C009) and left.", ["He read it and left."]),
        ("# A heading of words\n\n| a | table |\n\n> quoted words here\n\n**Yes.**", []),
        ("- one short item\n- another short item", ["one short item", "another short item"]),
        ("He said \u201cone two three\u201d and left.", ["He said quotation and left."]),
        (
            "<details><summary>Open this one</summary>\n\nIt is the answer.\n\n</details>",
            ["Open this one", "It is the answer."],
        ),
        (
            "Choose one of: (a) nobody came; (b) everybody came.",
            ["Choose one of:", "(a) nobody came;", "(b) everybody came."],
        ),
        ("## Further reading\n\n- A citation, with many words, of a book.", []),
    ],
)
def test_sentences_are_found_without_tables_quotations_and_citations(
    source: str, expected: list[str]
) -> None:
    assert prose.sentences(source) == expected


@pytest.mark.parametrize(
    ("word", "count"),
    [("law", 1), ("consent", 2), ("intervention", 4), ("organisation", 5), ("Valdria's", 3)],
)
def test_syllables_are_counted_also_in_british_words_and_names(word: str, count: int) -> None:
    assert prose.syllables(word) == count


def test_law_as_lawyers_write_it_would_not_pass() -> None:
    assert prose.level([LAW]).ease < FLOOR - 15
    assert prose.level([LAW]).mean > LONGEST
