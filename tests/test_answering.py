"""A student's work, read from inside and from outside."""

import io
import json
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from volens.answering import Answers, LocalAnswers, RemoteAnswers, answers, serve, using
from volens.errors import (
    ConnectionLostError,
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
def over_a_pipe(namespace: Mapping[str, object]) -> Iterator[Answers]:
    """The same namespace, served by a thread at the other end of two pipes."""
    asked, ask = os.pipe()
    heard, tell = os.pipe()
    with (
        os.fdopen(asked, encoding="utf-8") as questions,
        os.fdopen(tell, "w", encoding="utf-8") as replies,
        os.fdopen(heard, encoding="utf-8") as from_student,
    ):
        to_student = os.fdopen(ask, "w", encoding="utf-8")
        server = threading.Thread(target=serve, args=(namespace, questions, replies))
        server.start()
        try:
            yield RemoteAnswers(from_student, to_student)
        finally:
            to_student.close()
            server.join()


@contextmanager
def in_place(namespace: Mapping[str, object]) -> Iterator[Answers]:
    yield LocalAnswers(namespace)


@pytest.fixture(params=[in_place, over_a_pipe], ids=["inside", "outside"])
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


@pytest.mark.parametrize("reply", ["", "no newline", '{"value": "1"}'])
def test_a_student_process_that_stops_is_reported(reply: str) -> None:
    with pytest.raises(ConnectionLostError):
        RemoteAnswers(io.StringIO(reply), io.StringIO())["ranking"]


@pytest.mark.parametrize("reply", ["nonsense\n", "[]\n", '{"error": "x"}\n', '{"value": "{"}\n'])
def test_a_student_process_that_sends_rubbish_is_reported(reply: str) -> None:
    with pytest.raises(UnreadableAnswerError):
        RemoteAnswers(io.StringIO(reply), io.StringIO())["ranking"]


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
    work = RemoteAnswers(io.StringIO(), io.StringIO(), {"essay-answer": "as submitted"})

    assert work.written("essay-answer") == "as submitted"
    with pytest.raises(MissingAnswerError):
        work.written("another-answer")


@pytest.mark.parametrize("name", ["ranking", "consent_gate", "handle"])
def test_what_has_a_name_is_there_even_if_it_is_no_plain_data(work: Answers, name: str) -> None:
    assert work.has(name)


def test_what_has_no_name_is_not_there(work: Answers) -> None:
    assert not work.has("order")
