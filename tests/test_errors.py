"""Errors: one tree, one message, no traceback for students."""

import inspect
import pickle

import pytest

from volens import errors


@pytest.mark.parametrize("name", errors.__all__)
def test_every_error_stands_in_the_tree_and_is_ours(name: str) -> None:
    assert name in (errors.__doc__ or "")
    assert issubclass(getattr(errors, name), errors.VolensError)


def test_the_tree_in_the_docstring_is_complete() -> None:
    defined = {
        name
        for name, found in inspect.getmembers(errors, inspect.isclass)
        if issubclass(found, Exception)
    }
    assert defined == set(errors.__all__)


def test_jupyter_shows_the_message_alone() -> None:
    error = errors.MissingAnswerError("ranking")

    assert error._render_traceback_() == [f"MissingAnswerError: {error}"]


def test_a_lookup_error_is_not_shown_in_quotation_marks() -> None:
    assert str(errors.UnknownTableError("claim", ["claims"])).startswith("There is no table")


@pytest.mark.parametrize(
    ("error", "builtin"),
    [
        (errors.MissingAnswerError("x"), LookupError),
        (errors.CellError("f", 2, "c", expected="a date", got="x"), ValueError),
        (errors.StudentCodeError("f", "KeyError", "'x'"), RuntimeError),
    ],
)
def test_errors_are_builtins_too(error: Exception, builtin: type[Exception]) -> None:
    assert isinstance(error, builtin)


def test_a_plain_error_survives_the_way_between_processes() -> None:
    error = errors.GradingError("nbgrader stopped")

    assert str(pickle.loads(pickle.dumps(error))) == "nbgrader stopped"  # noqa: S301
