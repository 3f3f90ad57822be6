"""How a test cell counts and explains."""

from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from volens.answering import LocalAnswers
from volens.checks import (
    NOT_YET_WRITTEN,
    Between,
    Check,
    Choice,
    Day,
    Instant,
    Number,
    Reading,
    Score,
    Several,
    Words,
    Written,
    same,
)
from volens.errors import TestCellError
from volens.grading.proof import TextAnswers

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


def test_a_check_of_a_saved_text_says_nothing_of_a_red_cell(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shell = SimpleNamespace(last_execution_succeeded=False)
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    Check(TextAnswers({}, {"essay-answer": "It is open."}), points=1).written(
        "essay-answer", words=(1, 9)
    )

    assert "ended in red" not in capsys.readouterr().out


@pytest.mark.parametrize("table", [pd.DataFrame({"a": [1, 2]}), pd.Series([1, 2])])
def test_a_table_in_place_of_a_word_is_a_wrong_answer_and_no_error(
    table: object, capsys: pytest.CaptureFixture[str]
) -> None:
    check = Check(LocalAnswers({"places": {"V1": table}, "words": {"V1": table}}), points=1)
    check.table("places", rows=("V1",), columns={"place": Number()})
    check.items("words", items=("V1",), kind=Number())
    check.pasted("words", lambda answer: answer)

    assert check.score() == 0
    told = capsys.readouterr().out
    assert "no number for: V1" in told
    assert "`words` cannot be read. Set the explorer, press Copy answer" in told


def test_why_nothing_can_be_read_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    check = Check(LocalAnswers({}), points=1)
    check.items("words", items=("V1",), kind=Number())
    check.items("words", items=("V2",), kind=Number())

    assert capsys.readouterr().out.count("There is no answer named `words`") == 1


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
    Check(LocalAnswers({"capacity": {}}), points=1).choices(
        "capacity", items=items, allowed=("a", "b")
    )

    assert "C000, C001, C002, C003 and 8 more" in capsys.readouterr().out


def test_a_cell_that_checks_nothing_is_a_mistake_of_the_course() -> None:
    with pytest.raises(TestCellError, match="checks nothing"):
        Check(LocalAnswers({}), points=6).score()


@pytest.mark.parametrize("points", [0, -1])
def test_a_question_is_worth_something(points: float) -> None:
    with pytest.raises(TestCellError, match="more than 0"):
        Check(LocalAnswers({}), points=points)


# Other kinds of answers

GATES = {"request": Choice("met", "not met"), "reason": Words(at_least=3)}
TABLE = {
    "V1": {"request": "met", "reason": "the President asked"},
    "V2": {"request": "not met", "reason": "nobody of office asked"},
}


def read_table(answer: object) -> tuple[Check, Reading]:
    check = Check(LocalAnswers({"gates": answer}), points=4, reread="lesson 3, section 2")
    return check, check.table("gates", rows=("V1", "V2"), columns=GATES)


def test_a_table_is_read_cell_by_cell() -> None:
    _, read = read_table(TABLE)

    assert dict(read) == {
        "V1: request": "met",
        "V1: reason": "the President asked",
        "V2: request": "not met",
        "V2: reason": "nobody of office asked",
    }


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ({}, "no answer yet for: V1: request, V1: reason, V2: request, V2: reason."),
        (TABLE | {"V2": "not met"}, "should have a word for each column in: V2."),
        (TABLE | {"V2": {"request": "perhaps", "reason": "a b c"}}, "V2: request (perhaps)"),
        (TABLE | {"V2": {"request": "met", "reason": "no"}}, "too few words for: V2: reason (no)."),
        (TABLE | {"V2": {"request": "met", "reason": "no"}}, "Write at least 3 words."),
        (TABLE | {"V2": {"why": "x"}}, "`gates, V2` has items that were not asked for: why."),
        (TABLE | {"V3": {}}, "items that were not asked for: V3."),
        ("met", "yours is a str"),
    ],
)
def test_each_problem_of_a_table_is_named(
    answer: object, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    read_table(answer)

    assert message in capsys.readouterr().out


def test_a_wrong_cell_is_explained_and_right_ones_are_listed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    check, read = read_table(TABLE | {"V2": {"request": "met", "reason": "nobody of office asked"}})
    check.compare(read, {"V1: request": "met", "V2: request": "not met"}, {"V2: request": "Who?"})
    check.expect(passed=True, message="", item="reasons given")

    assert check.score() == pytest.approx(2.67)
    assert capsys.readouterr().out.splitlines() == [
        'V2: request: you wrote "met". Who?',
        "Right: V1 (request); reasons given.",
        "Read again: lesson 3, section 2.",
    ]


def test_where_all_is_right_there_is_nothing_to_read_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    check, read = read_table(TABLE)
    check.compare(read, {"V1: request": "met"})

    assert check.score() == 4
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("kind", "typed", "right", "passed"),
    [
        (Day(), "2022-01-13", "2022-01-13", True),
        (Day(), "2022-01-14", "2022-01-13", False),
        (Day(), "2022-01-14", Between("2022-01-13", "2022-01-14"), True),
        (Instant(), "2022-01-05 17:15", "2022-01-05 17:15", True),
        (Instant(), "2022-01-05 23:15", "2022-01-05 17:15", False),
        (Instant(), "2022-01-05 17:15", Between("2022-01-05 17:00", "2022-01-05 18:00"), True),
        (Number(), "12.0", "12", True),
        (Number(), "13", Between("11", "12"), False),
        (Number(), "13", ("12", "13"), True),
        (Several("a", "b"), "b; a", "a; b", True),
        (Several("a", "b"), "a", "a; b", False),
        (Several("a", "b"), "none", "none", True),
    ],
)
def test_each_kind_is_compared_by_what_it_means(
    kind: Day | Instant | Number | Several, typed: str, right: str, *, passed: bool
) -> None:
    check = Check(LocalAnswers({"when": {"T1": typed}}), points=1)
    check.compare(check.items("when", items=("T1",), kind=kind), {"T1": right})

    assert (check.score() == 1) is passed


@pytest.mark.parametrize("right", ["soon", Between("soon", "later")])
def test_a_key_that_cannot_be_read_is_a_mistake_of_the_course(right: str | Between) -> None:
    check = Check(LocalAnswers({"when": {"T1": "2022-01-13"}}), points=1)
    read = check.items("when", items=("T1",), kind=Day())

    with pytest.raises(TestCellError, match="cannot be read"):
        check.compare(read, {"T1": right})


def test_a_function_that_fails_is_told_of_once(capsys: pytest.CaptureFixture[str]) -> None:
    def decide(facts: dict[str, str]) -> str:
        return facts["gate"]

    check = Check(LocalAnswers({"decide": decide}), points=1)

    assert check.has("decide")
    assert not check.has("judge")
    assert check.call("decide", {"gate": "met"}) == "met"
    assert check.call("decide", {}) is None
    assert check.call("decide", {}) is None
    assert capsys.readouterr().out.count("KeyError") == 1


# Free text


def test_a_text_is_counted_without_its_headings(capsys: pytest.CaptureFixture[str]) -> None:
    text = "## Question\nMay it ask?\n\n## Answer\nOn this view, yes."
    check = Check(TextAnswers({}, {"essay-answer": text}), points=1)
    written = check.written("essay-answer", words=(5, 9))

    assert written.count == 7
    assert written.sections == {"Question": "May it ask?", "Answer": "On this view, yes."}
    assert "has 7 words; 5 to 9 are asked for" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["", "  \n", NOT_YET_WRITTEN])
def test_an_untouched_text_is_empty(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    check = Check(TextAnswers({}, {"essay-answer": text}), points=1)

    assert check.written("essay-answer", words=(5, 9)) == Written("")
    assert check.score() == 0
    assert "still empty" in capsys.readouterr().out


def test_a_text_that_is_nowhere_saved_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    check = Check(LocalAnswers({}, tmp_path), points=1)

    assert check.written("essay-answer", words=(5, 9)).text == ""
    assert "essay-answer" in capsys.readouterr().out
