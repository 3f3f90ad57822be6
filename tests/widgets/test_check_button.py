"""The button Check my work, in Python: which file it reads, and what it answers."""

import shutil
from pathlib import Path

import pytest

import volens as vo
from tests.checkout import ROOT
from volens.errors import AnswerError
from volens.widgets.check_button import CheckButton

NAME = "a1-claims"
RELEASED = ROOT / "assignments" / NAME / f"{NAME}.ipynb"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)


def pressed(button: CheckButton) -> dict[str, object]:
    """What the kernel answers when the view asks."""
    button.asked += 1
    return button.found


def test_the_file_beside_the_kernel_is_looked_over(tmp_path: Path) -> None:
    shutil.copy(RELEASED, tmp_path)
    button = vo.check_button(NAME)
    found = pressed(button)

    assert (found["number"], found["problem"], found["ready"]) == (1, "", False)
    assert found["file"] == f"{NAME}.ipynb"
    assert found["summary"].startswith("Not ready yet. 0 of 6 questions complete.")  # type: ignore[attr-defined]
    assert pressed(button)["number"] == 2


def test_nothing_is_looked_at_or_written_before_it_is_pressed(tmp_path: Path) -> None:
    assert vo.check_button(NAME).found == {}
    assert list(tmp_path.iterdir()) == []


def test_where_there_is_no_file_it_says_so() -> None:
    problem = pressed(vo.check_button(NAME))["problem"]

    assert str(problem).startswith("There is no file a1-claims.ipynb here.")


def test_the_notebook_of_this_kernel_goes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A renamed copy is open, and the original lies beside it."""
    shutil.copy(RELEASED, tmp_path)
    shutil.copy(RELEASED, tmp_path / f"{NAME} (1).ipynb")
    monkeypatch.setenv("JPY_SESSION_NAME", f"course/{NAME} (1).ipynb")
    found = pressed(vo.check_button(NAME))

    assert found["file"] == f"{NAME} (1).ipynb"
    assert "That file lies beside it" in str(found["problems"])


def test_a_session_that_is_no_notebook_here_is_left_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(RELEASED, tmp_path)
    monkeypatch.setenv("JPY_SESSION_NAME", "console-1")

    assert pressed(vo.check_button(NAME))["file"] == f"{NAME}.ipynb"


def test_a_file_that_cannot_be_read_is_answered(tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.ipynb").write_text("{", encoding="utf-8")

    assert "is damaged" in str(pressed(vo.check_button(NAME))["problems"])


def test_a_folder_that_vanished_is_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_: object) -> None:
        raise OSError(5, "Input/output error")

    shutil.copy(RELEASED, tmp_path)
    button = vo.check_button(NAME)
    monkeypatch.setattr("volens.handin.check", lost)

    assert pressed(button)["problem"] == (
        "The file cannot be looked over (Input/output error). Save and try again."
    )


def test_an_unknown_assignment_is_refused_at_once() -> None:
    with pytest.raises(AnswerError, match="Did you mean `a1-claims`"):
        vo.check_button("a1-claim")


def test_without_a_kernel_it_says_what_to_do_instead() -> None:
    bundle = vo.check_button(NAME)._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle

    assert "`volens check a1-claims` says the same" in data["text/html"]
    assert data["text/plain"].startswith("Check my work. Run this cell in JupyterLab")
