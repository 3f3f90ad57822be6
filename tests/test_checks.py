"""How a test cell counts and explains."""

from types import SimpleNamespace

import pytest

from volens.answering import LocalAnswers
from volens.checks import Check, Score, same
from volens.errors import TestCellError

ITEMS = ("C004", "C009", "C013", "C019")
ALLOWED = ("a sending State", "an organisation", "cannot be determined")
KEY = {
    "C004": "a sending State",
    "C009": "an organisation",
    "C013": "an organisation",
    "C019": "a sending State",
}


def marked(answer: object, *, name: str = "capacity") -> Score:
    """The score of an answer to a question of 6 points, hidden tests included."""
    check = Check(LocalAnswers({name: answer}), points=6)
    read = check.choices("capacity", items=ITEMS, allowed=ALLOWED)
    check.compare(read, KEY, {"C009": "The card names an office."})
    return check.score()


def seen_by_student(answer: object) -> Score:
    """The score of the same answer in the student's copy."""
    check = Check(LocalAnswers({"capacity": answer}), points=6)
    check.choices("capacity", items=ITEMS, allowed=ALLOWED)
    return check.score()


def test_points_are_the_share_of_items_right() -> None:
    assert marked(KEY) == 6
    assert marked(KEY | {"C009": "a sending State"}) == 4.5
    assert marked({}) == 0


def test_capitals_spaces_hyphens_and_curly_marks_do_not_matter() -> None:
    assert marked({item: f"  {word.upper().replace(' ', '-')} " for item, word in KEY.items()}) == 6
    assert same("the speaker\N{RIGHT SINGLE QUOTATION MARK}s", "The speaker's")


@pytest.mark.parametrize(
    "typed",
    [
        "an organisation",
        "organisation",
        "An Organization.",
        "\u201ean organisation\u201c",
        "\u00aban organisation\u00bb",
        "'an  organisation'",
        "the organisation",
    ],
)
def test_what_typing_adds_to_a_word_does_not_matter(typed: str) -> None:
    assert marked(KEY | {"C009": typed}) == 6


@pytest.mark.parametrize(
    "typed", ["no organisation", "organ", "an organisation or a sending State"]
)
def test_another_word_is_another_word(typed: str) -> None:
    assert marked(KEY | {"C009": typed}) == 4.5


def test_a_check_says_when_the_cell_before_it_failed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shell = SimpleNamespace(last_execution_succeeded=False)
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    marked(KEY)

    assert "ended in red" in capsys.readouterr().out


def test_an_item_may_have_several_right_words() -> None:
    check = Check(LocalAnswers({"capacity": {"C004": "an organisation"}}), points=1)
    read = check.choices("capacity", items=("C004",), allowed=ALLOWED)
    check.compare(read, {"C004": ("a sending State", "an organisation")})

    assert check.score() == 1


def test_in_the_students_copy_a_complete_answer_reads_as_full_marks() -> None:
    assert seen_by_student(dict.fromkeys(ITEMS, "an organisation")) == 6


def test_in_the_students_copy_the_page_does_not_promise_marks() -> None:
    page = seen_by_student(dict.fromkeys(ITEMS, "an organisation"))._repr_html_()

    assert "says nothing yet about whether the answers are right" in page
    assert "6.0" not in page


def test_in_the_students_copy_an_incomplete_answer_says_how_far_it_got() -> None:
    score = seen_by_student({"C004": "an organisation"})

    assert score == 1.5
    assert "1 of 4 items can be read" in score._repr_html_()


def test_a_score_is_a_bare_number_as_plain_text() -> None:
    assert repr(marked(KEY)) == "6.0"
    assert float(repr(marked(KEY | {"C009": ""}))) == 4.5


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (dict.fromkeys(ITEMS, ""), "no answer yet for: C004, C009, C013, C019."),
        (KEY | {"C009": "the moon"}, "not on the list for: C009 (the moon)."),
        (KEY | {"C999": "an organisation"}, "not asked for: C999."),
        (["a sending State"], "yours is a list"),
        ("an organisation", "yours is a str"),
        (KEY | {"C009": 7}, "not on the list for: C009 (7)."),
        (object(), "cannot be marked"),
    ],
)
def test_each_problem_of_form_is_named(
    answer: object, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    marked(answer)
    printed = capsys.readouterr()

    assert message in printed.out
    assert printed.err == ""


def test_a_missing_answer_counts_as_failed_and_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert marked(KEY, name="capacities") == 0
    assert "There is no answer named `capacity`" in capsys.readouterr().out


def test_a_wrong_item_is_explained_without_giving_the_answer_away(
    capsys: pytest.CaptureFixture[str],
) -> None:
    marked(KEY | {"C009": "a sending State"})
    printed = capsys.readouterr().out

    assert 'C009: you wrote "a sending State". The card names an office.' in printed
    assert "an organisation" not in printed


def test_many_empty_items_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    items = tuple(f"C{number:03}" for number in range(12))
    Check(LocalAnswers({"capacity": {}}), points=1).choices("capacity", items=items, allowed=("a",))

    assert "C000, C001, C002, C003 and 8 more" in capsys.readouterr().out


def test_a_cell_that_checks_nothing_is_a_mistake_of_the_course() -> None:
    with pytest.raises(TestCellError, match="checks nothing"):
        Check(LocalAnswers({}), points=6).score()


@pytest.mark.parametrize("points", [0, -1])
def test_a_question_is_worth_something(points: float) -> None:
    with pytest.raises(TestCellError, match="more than 0"):
        Check(LocalAnswers({}), points=points)
