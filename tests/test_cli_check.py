"""`volens check`: the student's file looked over, from a terminal."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.checkout import ROOT, read_notebook, text
from volens.cli import main
from volens.grading.notebooks import fill_in
from volens.handin import manifest

NAME = "a1-claims"
RELEASED = ROOT / "assignments" / NAME / f"{NAME}.ipynb"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["check", *arguments])


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def answered() -> str:
    """The assignment with the instructor's answers and a few words in each text."""
    source = read_notebook(ROOT / "source" / NAME / RELEASED.name)
    kinds = {one.id: one.kind for one in manifest.assignments()[NAME].cells}
    answers = {one["id"]: text(one) for one in source["cells"] if kinds[one["id"]] == "answer"}
    answers |= {one: "Some words." for one, kind in kinds.items() if kind == "text"}
    return json.dumps(fill_in(read_notebook(RELEASED), answers))


def test_an_empty_assignment_ends_with_what_to_do_and_with_1(tmp_path: Path) -> None:
    shutil.copy(RELEASED, tmp_path)
    ended = run(NAME)

    assert ended.exit_code == 1
    assert ended.output.startswith("a1. Who says what, and what does the record show?\n")
    assert f"\n{NAME}.ipynb, saved 2" in ended.output
    assert ended.output.rstrip().splitlines()[-1].startswith("Next: Save, and check again")


def test_a_whole_assignment_ends_with_0(tmp_path: Path) -> None:
    (tmp_path / RELEASED.name).write_text(answered(), encoding="utf-8")
    ended = run(NAME)

    assert ended.exit_code == 0, ended.output
    assert "\nReady to hand in." in ended.output


def test_it_is_found_in_the_folder_of_the_assignments(tmp_path: Path) -> None:
    (tmp_path / "assignments" / NAME).mkdir(parents=True)
    shutil.copy(RELEASED, tmp_path / "assignments" / NAME)

    assert f"\n{Path('assignments', NAME, RELEASED.name)}, saved" in run(NAME).output
    assert run(str(Path("assignments", NAME, RELEASED.name))).output == run(NAME).output


def test_the_same_for_a_program(tmp_path: Path) -> None:
    shutil.copy(RELEASED, tmp_path)
    ended = run(NAME, "--json")

    assert ended.exit_code == 1
    assert json.loads(ended.output)["assignment"] == NAME
    assert json.loads(ended.output)["ready"] is False


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("a1-claim",), "Did you mean `a1-claims`?"),
        ((NAME,), "There is no file a1-claims.ipynb here."),
        (("other.ipynb",), "There is no file other.ipynb."),
        ((), "Missing argument 'ASSIGNMENT'"),
    ],
)
def test_a_wrong_use_is_one_message_and_ends_with_2(
    arguments: tuple[str, ...], message: str
) -> None:
    ended = run(*arguments)

    assert ended.exit_code == 2
    assert message in ended.output
    assert "Traceback" not in ended.output


def test_a_damaged_file_is_something_to_do(tmp_path: Path) -> None:
    (tmp_path / RELEASED.name).write_text("{", encoding="utf-8")
    ended = run(NAME)

    assert ended.exit_code == 1
    assert "is damaged" in ended.output
