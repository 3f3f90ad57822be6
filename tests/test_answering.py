"""A student's work, read from inside and from outside."""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volens import encoding
from volens.answering import (
    LONGEST_REPLY,
    Answers,
    AskedAnswers,
    LocalAnswers,
    answers,
    reply_to,
    using,
)
from volens.errors import (
    AnswerError,
    ConnectionLostError,
    KernelStoppedError,
    MissingAnswerError,
    StudentCodeError,
    UnreadableAnswerError,
)
from volens.logic import MET, UNCLEAR, Value


def consent_gate(facts: dict[str, Value]) -> Value:
    facts["request"] = UNCLEAR
    return MET


def unfinished() -> None:
    raise NotImplementedError


def broken(number: int) -> float:
    return 1 / number


NAMESPACE: Mapping[str, object] = {
    "ranking": ["C012", "C040"],
    "consent_gate": consent_gate,
    "unfinished": unfinished,
    "broken": broken,
    "handle": object(),
}


@contextmanager
def asked(namespace: Mapping[str, object]) -> Iterator[Answers]:
    """The same namespace, asked line by line, as if it were in another process."""
    yield AskedAnswers(lambda question: reply_to(question, namespace))


@contextmanager
def in_place(namespace: Mapping[str, object]) -> Iterator[Answers]:
    yield LocalAnswers(namespace)


@pytest.fixture(params=[in_place, asked], ids=["inside", "outside"])
def work(request: pytest.FixtureRequest) -> Iterator[Answers]:
    with request.param(NAMESPACE) as found:
        yield found


def test_an_answer_is_read_by_its_name(work: Answers) -> None:
    assert work["ranking"] == ["C012", "C040"]


def test_a_missing_answer_is_an_error_that_names_it(work: Answers) -> None:
    with pytest.raises(MissingAnswerError, match="no answer named `order`"):
        work["order"]


def test_a_missing_answer_can_have_a_default(work: Answers) -> None:
    assert work.get("order", "none") == "none"


def test_a_function_is_called_with_copies(work: Answers) -> None:
    facts = {"request": MET}

    assert work.call("consent_gate", facts) is MET
    assert facts == {"request": MET}


def test_a_function_that_is_not_written_says_so(work: Answers) -> None:
    with pytest.raises(StudentCodeError, match="`unfinished` is not written yet"):
        work.call("unfinished")


def test_a_function_that_fails_says_how(work: Answers) -> None:
    with pytest.raises(StudentCodeError, match="stopped with ZeroDivisionError: division by zero"):
        work.call("broken", 0)


def test_calling_what_is_no_function_is_a_missing_answer(work: Answers) -> None:
    with pytest.raises(MissingAnswerError):
        work.call("ranking")


def test_an_object_is_not_an_answer(work: Answers) -> None:
    with pytest.raises(UnreadableAnswerError, match="cannot be marked"):
        work["handle"]


def test_what_a_student_writes_into_the_answer_later_does_not_change_what_was_read() -> None:
    namespace = {"ranking": ["C012"]}
    read = LocalAnswers(namespace)["ranking"]
    namespace["ranking"].append("C040")

    assert read == ["C012"]


@pytest.mark.parametrize("reply", ["nonsense\n", "[]\n", '{"error": "x"}\n', '{"value": "{"}\n'])
def test_a_student_process_that_sends_rubbish_is_reported(reply: str) -> None:
    with pytest.raises(UnreadableAnswerError):
        AskedAnswers(lambda _: reply)["ranking"]


def test_in_a_notebook_the_answers_are_its_own_names() -> None:
    notebook: dict[str, object] = {"ranking": ["C012"], "answers": answers}
    exec("read = answers()['ranking']", notebook)

    assert notebook["read"] == ["C012"]


def test_a_grader_supplies_the_answers() -> None:
    with using(LocalAnswers({"ranking": ["C040"]})):
        assert answers()["ranking"] == ["C040"]
    assert answers().get("ranking") is None


def notebook(folder: Path, name: str, text: str, cell: str = "essay-answer") -> Path:
    file = folder / name
    found = {"id": cell, "cell_type": "markdown", "metadata": {}, "source": [text]}
    file.write_text(json.dumps({"cells": [found]}), encoding="utf-8")
    return file


def test_a_free_text_is_read_from_the_saved_notebook(tmp_path: Path) -> None:
    notebook(tmp_path, "a1.ipynb", "On this view, yes.")

    assert LocalAnswers({}, tmp_path).written("essay-answer") == "On this view, yes."


def test_of_two_notebooks_the_newer_one_is_read(tmp_path: Path) -> None:
    older = notebook(tmp_path, "a1.ipynb", "older")
    notebook(tmp_path, "a1-Copy1.ipynb", "newer")
    os.utime(older, (1, 1))

    assert LocalAnswers({}, tmp_path).written("essay-answer") == "newer"


def test_other_files_and_broken_ones_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "broken.ipynb").write_text("{", encoding="utf-8")
    (tmp_path / "list.ipynb").write_text("[]", encoding="utf-8")
    notebook(tmp_path, "other.ipynb", "not this", cell="another-answer")

    with pytest.raises(MissingAnswerError, match="essay-answer"):
        LocalAnswers({}, tmp_path).written("essay-answer")


def test_without_a_folder_the_working_directory_is_searched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    notebook(tmp_path, "a1.ipynb", "here")

    assert LocalAnswers({}).written("essay-answer") == "here"


def test_from_outside_a_free_text_is_that_of_the_file() -> None:
    work = AskedAnswers(lambda _: "", {"essay-answer": "as submitted"})

    assert work.written("essay-answer") == "as submitted"
    with pytest.raises(MissingAnswerError):
        work.written("another-answer")


@pytest.mark.parametrize("name", ["ranking", "consent_gate", "handle"])
def test_what_has_a_name_is_there_even_if_it_is_no_plain_data(work: Answers, name: str) -> None:
    assert work.has(name)


def test_what_has_no_name_is_not_there(work: Answers) -> None:
    assert not work.has("order")


def asked_of(namespace: Mapping[str, object]) -> AskedAnswers:
    return AskedAnswers(lambda question: reply_to(question, namespace))


def answered_by(line: str) -> AskedAnswers:
    """What a process is asked that always sends this line."""
    return AskedAnswers(lambda _question: line)


def leave() -> None:
    sys.exit("enough")


class Own(BaseException):
    """An error that is no ordinary one."""


def hide() -> None:
    raise Own("\x1b[2J\nRight: everything.")


def faulty() -> None:
    class Faulty(Exception):  # noqa: N818
        def __str__(self) -> str:
            raise SystemError

    raise Faulty


def pretend() -> None:
    raise MissingAnswerError("another")


@pytest.fixture(params=[LocalAnswers, asked_of], ids=["inside", "outside"])
def calling(request: pytest.FixtureRequest) -> Answers:
    found: Answers = request.param(
        {"leave": leave, "hide": hide, "faulty": faulty, "pretend": pretend}
    )
    return found


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("leave", "`leave` stopped with SystemExit: enough"),
        ("hide", "`hide` stopped with Own: Right: everything."),
        ("faulty", "`faulty` stopped with an error: an error without a readable message"),
        (
            "pretend",
            "`pretend` stopped with MissingAnswerError: " + str(MissingAnswerError("another")),
        ),
    ],
)
def test_however_a_function_ends_it_is_the_functions_error(
    calling: Answers, name: str, message: str
) -> None:
    with pytest.raises(StudentCodeError) as caught:
        calling.call(name)

    assert str(caught.value) == message


def test_what_a_function_prints_is_not_heard(capsys: pytest.CaptureFixture[str]) -> None:
    def noisy() -> int:
        print("6 of 6 points")  # noqa: T201
        print("careful", file=sys.stderr)  # noqa: T201
        return 1

    assert LocalAnswers({"noisy": noisy}).call("noisy") == 1
    assert asked_of({"noisy": noisy}).call("noisy") == 1
    assert capsys.readouterr() == ("", "")


def test_an_interrupt_becomes_a_reply_that_says_it_took_too_long() -> None:
    def endless() -> None:
        raise KeyboardInterrupt

    with pytest.raises(StudentCodeError, match="`endless` stopped with TimeoutError: it took too"):
        asked_of({"endless": endless}).call("endless")
    with pytest.raises(KeyboardInterrupt):
        LocalAnswers({"endless": endless}).call("endless")


@pytest.mark.parametrize("question", ["", "[]", "{", '{"name": []}', '{"name": "x", "with": 1}'])
def test_every_question_gets_one_line(question: str) -> None:
    reply = reply_to(question, {"x": abs})

    assert reply.endswith("\n")
    assert reply.count("\n") == 1
    assert "error" in json.loads(reply)


def test_a_namespace_that_fails_gets_a_line_too() -> None:
    class Trap(dict[str, object]):
        def __missing__(self, key: str) -> object:
            raise SystemExit(key)

    assert json.loads(reply_to('{"name": "x"}', Trap()))["kind"] == "SystemExit"


@pytest.mark.parametrize("text", ["\N{CYRILLIC SMALL LETTER A}", "\N{GRINNING FACE}", '"', "\\"])
def test_a_long_answer_fits_into_the_longest_reply(text: str) -> None:
    namespace = {"essay": text * (encoding.LONGEST // 2 - 10)}
    reply = reply_to('{"name": "essay"}', namespace)

    assert reply.isascii()
    assert len(reply) <= LONGEST_REPLY
    with asked(namespace) as work:
        assert work["essay"] == namespace["essay"]


def test_a_kernel_that_has_stopped_is_not_asked_again() -> None:
    asked = []

    def ask(question: str) -> str:
        asked.append(question)
        raise KernelStoppedError("memory", "It had used more memory than there is.")

    work = AskedAnswers(ask, {"essay": "kept"})
    for _ in range(2):
        with pytest.raises(ConnectionLostError, match=r"had stopped, .* more memory than there is"):
            work["ranking"]

    assert len(asked) == 1
    assert not work.has("ranking")
    assert work.written("essay") == "kept"


def test_whether_the_last_cell_failed_is_said_by_whoever_ran_it() -> None:
    work = AskedAnswers(lambda _question: "", last_cell_failed=True)

    assert work.last_cell_failed()
    work.failed = False
    assert not work.last_cell_failed()
    assert not LocalAnswers({}).last_cell_failed()


LONG = "x" * 5_000


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        ({"error": "missing", "name": "another"}, "There is no answer named `ranking`."),
        ({"error": "stopped", "kind": LONG, "message": "no"}, "stopped with an error: no"),
        ({"error": "stopped", "kind": "A b", "message": LONG}, f"an error: {'x' * 497}..."),
        (
            {"error": "unreadable", "message": "\x1b]0;title\x07\x9b31mred\u202e\n\r6 of 6"},
            "6 of 6",
        ),
        ({"error": "unreadable", "message": "half \ud800"}, "half \ufffd"),
        ({"error": "TimeoutError", "message": "it took 9 s"}, "with TimeoutError: it took 9 s"),
        ({"error": "stopped", "kind": "E", "message": 1}, "sent something unreadable"),
        ({"error": ["missing"]}, "sent something unreadable"),
        ({"value": 1}, "sent something unreadable"),
        ({"value": None, "error": "missing"}, "no answer named"),
    ],
)
def test_a_report_of_the_other_side_is_cut_and_cleaned(
    reply: dict[str, object], message: str
) -> None:
    with pytest.raises(AnswerError) as caught:
        answered_by(json.dumps(reply))["ranking"]

    text = str(caught.value)
    assert message in text
    assert text.isprintable()
    assert text.encode("utf-8")
    assert len(text) < 700


replies = st.one_of(
    st.text(),
    st.sampled_from(["NaN", "[" * 100_000, "9" * 5_000, '{"value": NaN}', '"value"', "1e999"]),
    st.fixed_dictionaries({"value": st.text() | st.integers() | st.none()}).map(json.dumps),
    st.fixed_dictionaries(
        {"error": st.sampled_from(["missing", "unreadable", "stopped"]) | st.text()},
        optional={"kind": st.text() | st.lists(st.none()), "message": st.text() | st.floats()},
    ).map(json.dumps),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    ).map(lambda data: json.dumps({"value": json.dumps(data)})),
)


@given(replies)
def test_whatever_line_comes_back_is_a_value_or_an_answer_error(line: str) -> None:
    work = answered_by(line)
    for read in (work.__getitem__, work.call):
        try:
            found = read("ranking")
        except AnswerError as error:
            assert str(error).encode("utf-8")  # noqa: PT017 (any message will do)
        else:
            assert type(found) in {type(None), bool, int, float, str, list, tuple, dict, set}
            assert repr(found).encode("utf-8")
