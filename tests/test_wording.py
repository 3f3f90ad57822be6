"""A student's words on one line, as sentences, and counted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volens.wording import one_line, sentence, word_count


@pytest.mark.parametrize(("text", "words"), [("", 0), (" \n ", 0), ("one", 1), ("a\n\tb  c ", 3)])
def test_words_are_counted_between_spaces_and_lines(text: str, words: int) -> None:
    assert word_count(text) == words


@given(st.text())
def test_one_line_stays_as_it_is(text: str) -> None:
    line = one_line(text)

    assert "\n" not in line
    assert one_line(line) == line


@pytest.mark.parametrize(
    ("text", "said"), [("", ""), (" \n", ""), ("so\nit was", "so it was."), ("was it?", "was it?")]
)
def test_a_sentence_is_closed_once(text: str, said: str) -> None:
    assert sentence(text) == said
    assert sentence(said) == said
