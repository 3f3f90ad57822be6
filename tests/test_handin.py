"""A student's file, looked over before it is handed in: in words, and without touching it."""

import hashlib
import json
import os
import sys
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.checkout import RELEASED, ROOT, read_notebook, text
from volens import handin
from volens.errors import AnswerError
from volens.grading.notebooks import fill_in
from volens.grading.rubric import read_rubrics, rubric_file
from volens.handin import Checked, Problem, Text, manifest, running
from volens.handin.manifest import GRADED, Assignment
from volens.handin.matching import matched
from volens.handin.mending import Failure, in_words
from volens.handin.opening import opened
from volens.handin.running import Job, Outcome, each

Notebook = dict[str, Any]
NAME = "a9-gates"
GATES_TEST = """import volens as vo

check = vo.checks.Check(vo.answers(), points=12)
check.table("gates", rows=("V1", "V2"), columns={"request": vo.checks.Choice("met", "not met")})
check.score()"""
COUNT_TEST = """import volens as vo

check = vo.checks.Check(vo.answers(), points=6)
check.items("count", items=("troops",), kind=vo.checks.Number())
check.written("why-answer", words=(3, 5))
check.score()"""
EMPTY_GATES = 'gates = {\n    "V1": {"request": ""},\n    "V2": {"request": ""},\n}\n# Paste here.'
GATES = 'gates = {\n    "V1": {"request": "met"},\n    "V2": {"request": "not met"},\n}'
COUNT = 'count = {"troops": "2,030"}'
STUB = "*Write your answer here, in place of this line.*"
FULL = {"gates-answer": GATES, "count-answer": COUNT, "why-answer": "It said so."}


def cell(kind: str, name: str, source: str) -> Notebook:
    made: Notebook = {
        "cell_type": "markdown" if kind in {"prompt", "text"} else "code",
        "id": name,
        "metadata": {},
        "source": source.splitlines(keepends=True),
    }
    if kind in GRADED:
        grade, solution = kind != "answer", kind != "test"
        made["metadata"]["nbgrader"] = {"grade_id": name, "grade": grade, "solution": solution}
    if made["cell_type"] == "code":
        made |= {"execution_count": None, "outputs": []}
    return made


CELLS = [
    ("prompt", "gates-assignment", "# a9. Which gates?"),
    ("shown", "import-volens", "import volens as vo"),
    ("prompt", "gates", "## 1. Which gates?\nChoose."),
    ("shown", "gates-sheet", 'raise RuntimeError("what only shows something is not run")'),
    ("answer", "gates-answer", EMPTY_GATES),
    ("test", "gates-test", GATES_TEST),
    ("prompt", "count", "## 2. How many?"),
    ("answer", "count-answer", 'count = {"troops": ""}'),
    ("test", "count-test", COUNT_TEST),
    ("prompt", "why", "## 3. Why?"),
    ("text", "why-answer", STUB),
    ("prompt", "disputes", "## Do you dispute a key?"),
    ("manual", "disputes-answer", 'disputes = {"gates: V1": ""}'),
    ("shown", "check-my-work", f'vo.check_button("{NAME}")'),
]
RELEASE: Notebook = {
    "cells": [cell(*one) for one in CELLS],
    "metadata": {},
    "nbformat": 4,
    "nbformat_minor": 5,
}
POINTS = {"gates-test": 12, "count-test": 6, "why-answer": 24}


def described() -> dict[str, Any]:
    """The fixture as the list that is made at release describes it."""
    heading, listed = "", []
    for kind, name, source in CELLS:
        heading = source.partition("\n")[0][3:] if source.startswith("## ") else heading
        listed.append(
            {
                "id": name,
                "kind": kind,
                "type": "markdown" if kind in {"prompt", "text"} else "code",
                "points": POINTS.get(name, 0),
                "title": heading,
                "checksum": hashlib.sha256(source.encode()).hexdigest()
                if kind in {"prompt", "shown", "test"}
                else None,
            }
        )
    entry = {"title": "a9. Which gates?", "minutes": 60, "points": 42, "cells": listed}
    return {NAME: entry}


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The course with one assignment more."""
    file = tmp_path_factory.mktemp("data") / "assignments.json"
    file.write_text(json.dumps(described()), encoding="utf-8")
    known = {**manifest.assignments(), **manifest.read(file)}
    monkeypatch.setattr(manifest, "assignments", lambda: known)


def given() -> Assignment:
    return manifest.assignments()[NAME]


def filled(**answers: str) -> Notebook:
    """The fixture with every answer, or with some of them changed."""
    by_id = {key.replace("_", "-"): source for key, source in answers.items()}
    return fill_in(RELEASE, FULL | by_id)


def saved(folder: Path, notebook: Notebook | str, name: str = f"{NAME}.ipynb") -> Path:
    file = folder / name
    content = notebook if isinstance(notebook, str) else json.dumps(notebook)
    file.write_text(content, encoding="utf-8")
    return file


def checked(folder: Path, notebook: Notebook | str, name: str = f"{NAME}.ipynb") -> Checked:
    return handin.check(saved(folder, notebook, name))


def place(notebook: Notebook, name: str) -> int:
    return next(at for at, one in enumerate(notebook["cells"]) if one.get("id") == name)


def told(found: Checked, *, harms: bool | None = None) -> str:
    return "\n".join(one.text for one in found.problems if harms in (None, one.harms))


# What is there and what is not


def test_a_full_file_is_ready(tmp_path: Path) -> None:
    found = checked(tmp_path, filled())

    assert found.problems == ()
    assert [one.state for one in found.questions] == ["complete", "complete"]
    assert [(one.words, one.state) for one in found.texts] == [(3, "3 words")]
    assert [one.state for one in found.manual] == ["nothing entered; that is fine"]
    assert found.ready
    assert found.summary == ("Ready to hand in. 2 of 2 questions complete. 1 of 1 text written.")
    assert "nothing yet about whether the answers are right" in found.next


def test_an_untouched_file_says_what_is_empty(tmp_path: Path) -> None:
    found = checked(tmp_path, RELEASE)
    gates, count = found.questions

    assert found.problems == ()
    assert gates.state == "not complete: 2 items still empty"
    assert gates.empty == ("V1: request", "V2: request")
    assert gates.sentences == ("`gates` has no answer yet for: V1: request, V2: request.",)
    assert count.empty == ("troops",)
    assert found.texts[0].state == "still empty"
    assert not found.ready
    assert "You may hand in as it is" in found.next


def test_right_and_wrong_answers_look_the_same(tmp_path: Path) -> None:
    one = checked(tmp_path, filled())
    other = checked(tmp_path, filled(gates_answer=GATES.replace("not met", "met")))

    assert one.questions == other.questions


def test_a_word_that_is_not_on_the_list_is_named(tmp_path: Path) -> None:
    found = checked(tmp_path, filled(gates_answer=GATES.replace("not met", "perhaps")))

    assert found.questions[0].state == "not complete"
    assert any("perhaps" in said for said in found.questions[0].sentences)


@pytest.mark.parametrize(
    ("words", "asked", "state"),
    [
        (156, 300, "156 words; about 300 are asked for"),
        (1, 60, "1 word; about 60 are asked for"),
        (0, 60, "still empty; about 60 are asked for"),
        (156, None, "156 words"),
        (0, None, "still empty"),
    ],
)
def test_the_words_of_a_text_stand_beside_the_words_asked_for(
    words: int, asked: int | None, state: str
) -> None:
    assert Text("why-answer", "3. Why?", 24, words, asked).state == state


def test_the_words_asked_for_are_those_of_the_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = described()
    (text_cell,) = (one for one in known[NAME]["cells"] if one["kind"] == "text")
    text_cell["words"] = 250
    file = tmp_path / "assignments.json"
    file.write_text(json.dumps(known), encoding="utf-8")
    monkeypatch.setattr(manifest, "assignments", lambda: manifest.read(file))

    found = checked(tmp_path, filled())
    assert "3. Why?: 3 words; about 250 are asked for." in found.to_text()
    assert found.to_data()["texts"][0]["asked"] == 250


def test_words_that_stand_beside_the_line_to_be_replaced_are_counted(tmp_path: Path) -> None:
    found = checked(tmp_path, filled(why_answer=f"{STUB}\n\n# My answer\nThe State said so."))

    assert found.texts[0].words == 4


def test_a_check_that_reads_the_text_finds_it_in_the_file_looked_over(tmp_path: Path) -> None:
    long = checked(tmp_path, filled(why_answer="One two three four five six."))

    assert "6 words" in " ".join(long.questions[1].sentences)


def test_reasons_against_a_key_are_counted_and_an_error_among_them_is_told(tmp_path: Path) -> None:
    entered = filled(disputes_answer='disputes = {"gates: V1": "I dispute this key because ..."}')
    broken = filled(disputes_answer='disputes = {"gates: V1": "I dispute}')

    assert checked(tmp_path, entered).manual[0].state == "1 item entered"
    assert checked(tmp_path, entered).ready
    assert "a quotation mark is missing" in checked(tmp_path, broken).manual[0].state
    assert not checked(tmp_path, broken).ready


# The file is only read


def test_neither_the_file_nor_the_folder_is_touched(tmp_path: Path) -> None:
    writes = f'open("made.txt", "w").write("x")\n{GATES}'
    file = saved(tmp_path, filled(gates_answer=writes))
    (tmp_path / "answers").mkdir()
    (tmp_path / "answers" / "gates-00ff.json").write_text("{}", encoding="utf-8")
    os.utime(file, (1_700_000_000, 1_700_000_000))
    before, folder = (file.read_bytes(), file.stat()), sorted(tmp_path.rglob("*"))
    file.chmod(0o444)
    found = handin.check(file)

    assert (file.read_bytes(), file.stat().st_mtime_ns) == (before[0], before[1].st_mtime_ns)
    assert sorted(tmp_path.rglob("*")) == folder
    assert found.questions[0].complete
    assert found.saved == datetime.fromtimestamp(1_700_000_000, UTC)


# Every cell that is lost, doubled or turned into another is told


def delete(notebook: Notebook, at: int) -> None:
    del notebook["cells"][at]


def copy_as_jupyterlab_does(notebook: Notebook, at: int) -> None:
    copied = deepcopy(notebook["cells"][at]) | {"id": "0a1b2c3d"}
    notebook["cells"].insert(at + 1, copied)


def copy_with_its_id(notebook: Notebook, at: int) -> None:
    notebook["cells"].insert(at + 1, deepcopy(notebook["cells"][at]))


def retype(notebook: Notebook, at: int) -> None:
    old = notebook["cells"][at]
    turned = {"code": "markdown", "markdown": "code"}[old["cell_type"]]
    notebook["cells"][at] = old | {"cell_type": turned}


def retype_as_raw(notebook: Notebook, at: int) -> None:
    notebook["cells"][at] = notebook["cells"][at] | {"cell_type": "raw"}


DAMAGES = (delete, copy_as_jupyterlab_does, copy_with_its_id, retype, retype_as_raw)


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("released", RELEASED, ids=lambda file: file.stem)
def test_no_cell_of_an_assignment_is_lost_doubled_or_retyped_in_silence(
    released: Path, damage: Callable[[Notebook, int], None], tmp_path: Path
) -> None:
    assignment = manifest.assignments()[released.stem]
    original = read_notebook(released)
    assert matched(assignment, opened(released)).problems == ()
    for at, one in enumerate(assignment.cells):
        notebook = original | {"cells": list(original["cells"])}
        damage(notebook, at)
        problems = matched(assignment, opened(saved(tmp_path, notebook))).problems

        assert any(problem.harms for problem in problems) == (one.kind in GRADED), one.id
        name = one.name[0].upper() + one.name[1:]
        assert any(problem.text.startswith(name) for problem in problems), one.id


def test_each_harm_says_where_and_what_to_do(tmp_path: Path) -> None:
    lost, twice, turned = filled(), filled(), filled()
    delete(lost, place(lost, "gates-answer"))
    copy_as_jupyterlab_does(twice, place(twice, "gates-test"))
    retype(turned, place(turned, "why-answer"))

    assert told(checked(tmp_path, lost)).startswith(
        "The answer cell of question 1 is missing. Undo it (*Undo Cell Operation*"
    )
    assert told(checked(tmp_path, twice)).startswith("The check of question 1 is there twice:")
    assert told(checked(tmp_path, turned)) == (
        "The cell for your text in question 3 is now a code cell; it was a Markdown cell. Click "
        "beside it, so that the cursor is not in its text, and press the key M."
    )
    assert not checked(tmp_path, turned).ready


def test_a_split_cell_is_told(tmp_path: Path) -> None:
    """JupyterLab gives both parts new ids and leaves nbgrader's label on both."""
    notebook = filled()
    at = place(notebook, "gates-answer")
    whole = notebook["cells"][at]
    parts = [
        deepcopy(whole) | {"id": f"part-{number}", "source": source}
        for number, source in enumerate(("gates = {\n", '    "V1": {"request": "met"},\n}'))
    ]
    notebook["cells"][at : at + 1] = parts

    assert "answer cell of question 1 is there twice: it was copied or split" in told(
        checked(tmp_path, notebook), harms=True
    )


def test_a_second_value_in_a_cell_of_ones_own_is_told(tmp_path: Path) -> None:
    notebook = filled()
    notebook["cells"].append(cell("shown", "mine", 'gates = {"V1": {"request": ""}}'))

    assert told(checked(tmp_path, notebook), harms=True).startswith(
        "`gates` gets a value twice: in the answer cell of question 1, and in a cell of your own "
        'that begins "gates = '
    )


def test_a_changed_check_is_told_and_not_run(tmp_path: Path) -> None:
    notebook = filled()
    notebook["cells"][place(notebook, "gates-test")]["source"] = "6 / 0"
    found = checked(tmp_path, notebook)

    assert told(found, harms=True).startswith(
        "The check of question 1 is not as it was given out, so it was not run here."
    )
    assert found.questions[0].sentences == ("Its check was not run here.",)
    assert not found.ready


def test_a_changed_prompt_is_told_and_harms_nothing(tmp_path: Path) -> None:
    notebook = filled()
    notebook["cells"][place(notebook, "why")]["source"] = "## 3. Why?\nBecause."
    found = checked(tmp_path, notebook)

    assert "nobody marks it here" in told(found, harms=False)
    assert found.ready


def test_a_label_that_is_gone_is_told(tmp_path: Path) -> None:
    notebook = filled()
    notebook["cells"][place(notebook, "gates-answer")]["metadata"] = {}

    assert "has lost the label by which it is found" in told(checked(tmp_path, notebook))


# What is no harm raises no alarm


def test_cells_may_move_and_own_cells_may_stand_between(tmp_path: Path) -> None:
    notebook = filled()
    notebook["cells"].insert(3, cell("shown", "mine", "%time 1\n"))
    notebook["cells"].insert(3, cell("prompt", "my-note", "A note."))
    notebook["cells"].append(notebook["cells"].pop(2))
    found = checked(tmp_path, notebook)

    assert found.problems == ()
    assert found.ready


def test_a_name_from_a_cell_of_ones_own_is_there(tmp_path: Path) -> None:
    notebook = filled(gates_answer=GATES.replace('"met"', "yes"))
    notebook["cells"].insert(2, cell("shown", "mine", 'yes = "met"'))

    assert checked(tmp_path, notebook).questions[0].complete


def test_an_older_form_without_ids_is_read_by_its_labels(tmp_path: Path) -> None:
    notebook = filled()
    for one in notebook["cells"]:
        del one["id"]
    found = checked(tmp_path, notebook | {"nbformat_minor": 4})

    assert found.problems == ()
    assert found.ready


def test_ends_of_lines_of_another_system_are_no_change(tmp_path: Path) -> None:
    notebook = filled()
    for one in notebook["cells"]:
        one["source"] = text(one).replace("\n", "\r\n")

    assert checked(tmp_path, notebook).problems == ()


def test_cells_that_are_no_cells_are_passed_over(tmp_path: Path) -> None:
    notebook = filled()
    notebook["cells"] += [None, 5, {}, {"cell_type": "code", "metadata": [], "source": {}}]

    assert checked(tmp_path, notebook).ready


# Files that are none


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "is empty"),
        ("{", "is damaged: from its line 1 on"),
        ('{"cells": [\n' + "{" * 20, "is damaged: from its line 2 on"),
        ("[1, 2]", "is no notebook"),
        ('{"metadata": {}}', "is no notebook: it has no cells"),
        ('{"worksheets": [], "nbformat": 3}', "is in an old form of notebook"),
        ("<!DOCTYPE html><html></html>", "is a web page and no notebook"),
        ('{\n<<<<<<< HEAD\n"cells": []\n=======\n"a": 1\n>>>>>>> mine\n}', "two versions mixed"),
        ("\x00\x01PK", "is damaged"),
        ("[" * 200_000, "is damaged"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_problem_with_advice(
    content: str, words: str, tmp_path: Path
) -> None:
    found = checked(tmp_path, content)

    assert len(found.problems) == 1
    assert words in told(found)
    assert found.problems[0].text.startswith(f"{NAME}.ipynb ")
    assert not found.ready
    assert found.next.startswith("Mend first")


def test_another_assignment_under_this_name_is_told(tmp_path: Path) -> None:
    other = (ROOT / "assignments" / "a1-claims" / "a1-claims.ipynb").read_text(encoding="utf-8")

    assert told(checked(tmp_path, other)) == (
        f"This file is not {NAME}. It holds a1-claims. Look whether it is the right file."
    )
    assert "It holds none of its cells." in told(checked(tmp_path, '{"cells": []}'))


@pytest.mark.parametrize(
    "name", [f"{NAME} (1).ipynb", f"{NAME}-Copy1.ipynb", f"{NAME}_copy.ipynb", "mine.ipynb"]
)
def test_a_renamed_file_is_known_and_its_right_name_told(name: str, tmp_path: Path) -> None:
    found = checked(tmp_path, filled(), name)

    assert told(found) == (
        f"The file is called {name}. Hand it in as {NAME}.ipynb, or it may not be found."
    )
    assert all(one.complete for one in found.questions)


def test_a_copy_that_was_saved_later_is_told(tmp_path: Path) -> None:
    file = saved(tmp_path, filled())
    os.utime(file, (1_700_000_000, 1_700_000_000))
    saved(tmp_path, filled(), f"{NAME}-Copy1.ipynb")

    assert "-Copy1.ipynb, beside it, was saved later." in told(handin.check(file), harms=False)


def test_a_file_of_many_megabytes_is_read_and_its_size_told(tmp_path: Path) -> None:
    notebook = filled()
    picture = {"output_type": "display_data", "data": {"image/png": "A" * 50_000_000}}
    notebook["cells"][3]["outputs"] = [picture]
    found = checked(tmp_path, notebook)

    assert found.ready
    assert told(found, harms=False).startswith("The file has 50 MB")


# Errors of a cell, in words


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ('x = {\n    "a": "b,\n}', 'line 2 (`"a": "b,`): a quotation mark is missing'),
        ('x = {\n    "a": b",\n}', 'line 2 (`"a": b",`): a quotation mark is missing'),
        ('x = {\n    "a": "b\n c",\n}', "or the words go on in a new line"),
        ('x = {\n    "a": "b"\n    # c\n    "c": "d",\n}', 'line 2 (`"a": "b"`): a comma is'),
        ('x = {\n "a": {\n  "r": "s",\n }\n "c": {"r": "s"},\n}', "line 4 (`}`): a comma is"),
        ('x = {\n    "a" "b",\n    "c": "d",\n}', 'line 2 (`"a" "b",`): a colon : is missing'),
        ('x = {\n    "a" = "b",\n}', "stands a colon :, not ="),
        ('x = {\n    "a": ,\n}', "nothing stands after the colon"),
        ('x = {\n    "a": met,\n}', "`met` is unknown; put your answer between quotation marks"),
        ('x = {\n    "a": not met,\n}', "`met` is unknown"),
        ('x = {\n    "a": the State,\n}', "the answer has no quotation marks round it"),
        ('x = {\n    "a": \u201cmet\u201d,\n}', "the quotation marks are curly"),
        ('x = {\n    "a": "he said "no" to it",\n}', "quotation marks inside the quotation marks"),
        ('x = {\n    "a": "b",\n', "line 1 (`x = {`): the { that is opened here is never closed"),
        ('x = {\n    "a": "b"}},\n}', 'line 2 (`"a": "b"}},`): there is a } too many'),
        ("    x = {}", "the line begins with other spaces than its neighbours"),
        ('x = {"a": 2022-01-05}', "a date or a time must stand between quotation marks"),
        ('x = {"a": null}', "put your answer between quotation marks, not `null`"),
        ('x = {"a": ""}x = {"a": "b"}', "two answers stand here"),
        ("<<<<<<< HEAD\nx = {}\n=======\nx = {}\n>>>>>>> x", "two versions of the cell are mixed"),
        ("```python\nx = {}\n```", "the three marks ` do not belong"),
        ("x = {}\n%time 1", "this is a command for Jupyter"),
        ('x = {"a": "C:\\users"}', "a backslash \\ cannot stand in an answer"),
        ("x = {\n\u00a0   1: 2}", "an invisible sign was pasted here"),
        ('x = ["a" ("b")]', "a comma is missing between two entries"),
        ('x = {{"a"}: "b"}', "is missing between { and }"),
        ("x = input()", "the cell waits for somebody to type"),
        ("raise SystemExit", "the cell ends the program"),
        ("def f():\n    return 1 / 0\n\nx = f()", "line 2 (`return 1 / 0`): ZeroDivisionError"),
        ("I think so.", "it cannot be read from here on"),
    ],
)
def test_an_error_names_the_line_and_the_likely_cause(source: str, words: str) -> None:
    outcome = list(each([Job("cell", source)]))[-1]

    assert outcome.failure
    assert words in in_words(outcome.failure, source)


def test_an_error_without_a_line_or_words_is_still_a_sentence() -> None:
    assert in_words(Failure("ValueError", ""), "") == "ValueError."
    assert in_words(Failure("KeyError", "'V1'", 9), "x") == "KeyError: 'V1'."


def test_an_error_in_an_answer_stops_no_other_question(tmp_path: Path) -> None:
    found = checked(tmp_path, filled(gates_answer=GATES.replace('"met"', '"met', 1)))
    gates, count = found.questions

    assert (gates.complete, gates.state, count.complete) == (False, "cannot be read", True)
    assert " ".join(gates.sentences) == (
        'The answer cell of question 1 ends in an error: line 2 (`"V1": {"request": "met},`): '
        "a quotation mark is missing, or the words go on in a new line. Mend it, or press Copy "
        "my answers in the sheet and paste over the whole cell."
    )


def test_an_error_whose_own_words_fail_is_told(tmp_path: Path) -> None:
    faulty = "class E(Exception):\n    def __str__(self): raise ValueError\nraise E"

    assert "ends in an error: line 3 (`raise E`): E." in " ".join(
        checked(tmp_path, filled(gates_answer=faulty)).questions[0].sentences
    )


def test_an_error_in_a_cell_of_ones_own_is_told_and_harms_nothing(tmp_path: Path) -> None:
    notebook = filled()
    notebook["cells"].append(cell("shown", "mine", "1 / 0"))
    found = checked(tmp_path, notebook)

    assert 'A cell of your own, which begins "1 / 0", ends in an error' in told(found, harms=False)
    assert found.ready


# Cells that go astray are stopped


@pytest.mark.parametrize("source", ["while True: pass", "while True: print('x' * 1000)"])
def test_a_loop_without_end_is_stopped_and_the_rest_is_checked(source: str, tmp_path: Path) -> None:
    file = saved(tmp_path, filled(gates_answer=source))
    gates, count = handin.check(file, limit=2).questions

    assert "did not end within 2 seconds and was stopped" in gates.sentences[0]
    assert count.complete


def test_a_cell_that_ends_python_is_told_and_the_rest_is_checked(tmp_path: Path) -> None:
    found = checked(tmp_path, filled(gates_answer="import os\nos._exit(0)"))

    assert "the cell ended Python itself" in found.questions[0].sentences[0]
    assert found.questions[1].complete


def test_what_a_cell_writes_past_print_disturbs_nothing(tmp_path: Path) -> None:
    loud = (
        f'import os, sys\nos.write(1, b"x")\nos.write(2, b"x")\nsys.__stdout__.write("x")\n{GATES}'
    )

    assert checked(tmp_path, filled(gates_answer=loud)).ready


def test_where_no_program_can_be_started_the_cells_run_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "emscripten")
    monkeypatch.setattr(running, "_child", None)
    red = SimpleNamespace(last_execution_succeeded=False)
    jupyter = SimpleNamespace(get_ipython=lambda: red)
    monkeypatch.setitem(sys.modules, "IPython", jupyter)
    monkeypatch.chdir(tmp_path)
    found = checked(tmp_path, filled(why_answer="One two three four five six."))

    assert "6 words" in " ".join(found.questions[1].sentences)
    assert "ended in red" not in found.to_text()
    assert sys.modules["IPython"] is jupyter
    assert Path.cwd() == tmp_path
    assert [one.name for one in tmp_path.iterdir()] == [f"{NAME}.ipynb"]


def test_each_cell_is_announced_before_it_runs() -> None:
    outcomes = list(each([Job("a", "x = 1"), Job("b", "!ls"), Job("c", "print(x)")]))

    assert [one.key for one in outcomes] == ["a", "a", "c", "c"]
    assert outcomes[1] == Outcome("a", values={"x": 1})
    assert outcomes[3] == Outcome("c", printed=("1",))


# Sheets that were not copied again


def keep_sheet(folder: Path, entries: dict[str, dict[str, str]], name: str = "gates-1a2b") -> None:
    (folder / "answers").mkdir(exist_ok=True)
    data = {"schema": "volens/answer-sheet", "version": 1, "case": "gates", "entries": entries}
    (folder / "answers" / f"{name}.json").write_text(json.dumps(data), encoding="utf-8")


def test_a_sheet_that_says_otherwise_is_told(tmp_path: Path) -> None:
    keep_sheet(tmp_path, {"V1": {"request": "not met"}, "V2": {"request": "not met"}})
    found = checked(tmp_path, filled())

    assert told(found, harms=True) == (
        "The sheet of question 1 and the answer cell differ: V1: request. What is marked is the "
        "answer cell. If the sheet is right, press Copy my answers again and paste over the "
        "answer cell."
    )
    assert not found.ready


@pytest.mark.parametrize(
    "entries",
    [
        {},
        {"V1": {"request": "met"}},
        {"V1": {"request": "Met."}, "V2": {"request": "not  met"}},
        {"C1": {"request": "met"}},
    ],
    ids=["empty", "in part", "typed otherwise", "of another assignment"],
)
def test_a_sheet_that_says_nothing_else_is_no_news(
    entries: dict[str, dict[str, str]], tmp_path: Path
) -> None:
    keep_sheet(tmp_path, entries)

    assert checked(tmp_path, filled()).problems == ()


def saved_before_the_sheet(folder: Path, seconds: float, **answers: str) -> Checked:
    file = saved(folder, filled(**answers))
    (sheet,) = folder.glob("answers/*.json")
    time = sheet.stat().st_mtime - seconds
    os.utime(file, (time, time))
    return handin.check(file)


def test_a_file_older_than_a_sheet_is_told_once_and_no_sheet_is_named(tmp_path: Path) -> None:
    keep_sheet(tmp_path, {"V1": {"request": "not met"}, "V2": {"request": "met"}})
    found = saved_before_the_sheet(tmp_path, 60, disputes_answer="disputes = [")

    assert found.problems[0] == Problem(
        "You changed something after you last saved. Save, then check again."
    )
    assert "differ" not in told(found)
    assert not found.ready


def test_a_sheet_written_while_the_file_was_saved_is_compared(tmp_path: Path) -> None:
    keep_sheet(tmp_path, {"V1": {"request": "not met"}})

    assert "differ: V1: request." in told(saved_before_the_sheet(tmp_path, 1))


def test_an_old_file_that_says_the_same_as_its_sheet_is_no_news(tmp_path: Path) -> None:
    keep_sheet(tmp_path, {"V1": {"request": "met"}})

    assert saved_before_the_sheet(tmp_path, 60).problems == ()


def test_what_lies_beside_the_sheets_is_passed_over(tmp_path: Path) -> None:
    keep_sheet(tmp_path, {"V1": {"request": "not met"}}, "gates-1a2b-set-aside-1")
    for number, content in enumerate(("{", "[]", '{"schema": "volens/note"}')):
        (tmp_path / "answers" / f"{number}.json").write_text(content, encoding="utf-8")

    assert checked(tmp_path, filled()).problems == ()


def test_what_the_answer_sheet_keeps_is_what_is_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real widget, not a copy of its format."""
    vo = pytest.importorskip("volens")
    monkeypatch.chdir(tmp_path)
    kind = vo.checks.Choice("met", "not met")
    for columns, answer, row in (
        ({"request": kind}, {"V1": {"request": "met"}, "V2": {"request": "met"}}, "V2: request"),
        (kind, {"V1": "met", "V2": "met"}, "V2"),
    ):
        sheet = vo.answer_sheet("gates", rows=("V1", "V2"), columns=columns)
        column = "answer" if columns is kind else "request"
        entries = {"V1": {column: "met"}, "V2": {column: "not met"}}
        sheet.value = {**sheet.value, "entries": entries}
        sheet.sent += 1
        found = checked(tmp_path, filled(gates_answer=f"gates = {answer}"))

        assert f"differ: {row}." in told(found)


# Finding the file


@pytest.mark.parametrize(
    "where", [f"{NAME}.ipynb", f"assignments/{NAME}/{NAME}.ipynb", f"{NAME}/{NAME}.ipynb"]
)
@pytest.mark.parametrize("asked", ["the name", "the file", "the folder"])
def test_the_file_is_found(where: str, asked: str, tmp_path: Path) -> None:
    file = tmp_path / where
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("{}", encoding="utf-8")
    name = {"the name": NAME, "the file": str(file), "the folder": str(file.parent)}[asked]

    assert handin.find(name, tmp_path) == file


def test_a_copy_is_found_where_there_is_nothing_else(tmp_path: Path) -> None:
    file = saved(tmp_path, "{}", f"{NAME} (1).ipynb")
    assert handin.find(NAME, tmp_path) == file

    saved(tmp_path, "{}", f"{NAME} (2).ipynb")
    with pytest.raises(AnswerError, match=r"several copies of a9-gates: .*Name the one you mean"):
        handin.find(NAME, tmp_path)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("a9-gate", "There is no assignment `a9-gate`. Did you mean `a9-gates`?"),
        ("mine.ipynb", "There is no file mine.ipynb."),
        (NAME, "There is no file a9-gates.ipynb here."),
    ],
)
def test_what_is_not_there_is_one_message(asked: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(AnswerError) as caught:
        handin.find(asked, tmp_path)
    assert message in str(caught.value)


def test_a_file_of_no_assignment_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AnswerError, match=r"mine\.ipynb is none of the assignments"):
        handin.check(saved(tmp_path, '{"cells": []}', "mine.ipynb"))
    with pytest.raises(AnswerError, match=r"mine\.ipynb is damaged"):
        handin.check(saved(tmp_path, "{", "mine.ipynb"))


# The three forms


def test_the_text_says_it_all(tmp_path: Path) -> None:
    notebook = filled(gates_answer=GATES.replace("not met", ""), why_answer=STUB)
    notebook["cells"][place(notebook, "why")]["source"] = "changed"
    file = saved(tmp_path, notebook)

    assert handin.check(file).to_text() == (
        "a9. Which gates?\n"
        f"{file}, saved {datetime.fromtimestamp(file.stat().st_mtime):%Y-%m-%d %H:%M}\n"  # noqa: DTZ006 (as the student's clock shows it)
        "\n"
        "Not ready yet. 0 of 2 questions complete. 0 of 1 text written.\n"
        "\n"
        "Questions\n"
        "- 1. Which gates?: not complete: 1 item still empty.\n"
        "  `gates` has no answer yet for: V2: request.\n"
        "- 2. How many?: not complete.\n"
        "  Your text is still empty, or not saved yet.\n"
        "\n"
        "What a person reads\n"
        "- 3. Why?: still empty.\n"
        "- Do you dispute a key?: nothing entered; that is fine.\n"
        "\n"
        "To know\n"
        "- A piece of text in question 3 was changed (`why`). This does not change your mark. If "
        "you wrote an answer there, move it to the place for answers: nobody marks it here.\n"
        "\n"
        "Next: Save, and check again when you have done more. You may hand in as it is: what is "
        "empty or cannot be read earns nothing, the rest counts.\n"
    )


def test_the_page_says_the_same_and_escapes_it(tmp_path: Path) -> None:
    found = checked(tmp_path, filled(gates_answer=GATES.replace("not met", "<b>")))
    page = found.to_html()

    assert "&lt;b&gt;" in page
    assert "<b>" not in page
    assert "<li>2. How many?: complete.<br>Your text, as last saved, has 3 words;" in page


def test_the_data_are_json(tmp_path: Path) -> None:
    data = json.loads(json.dumps(checked(tmp_path, filled()).to_data()))

    assert (data["assignment"], data["ready"], data["problems"]) == (NAME, True, [])
    assert data["questions"][0]["state"] == "complete"
    assert datetime.fromisoformat(data["saved"]).tzinfo


# The real assignments


@pytest.mark.parametrize("released", RELEASED, ids=lambda file: file.stem)
def test_every_assignment_as_it_is_given_out_is_whole_and_empty(released: Path) -> None:
    found = handin.check(released)

    assert found.problems == ()
    assert found.questions
    assert [one.title for one in found.questions if one.complete or not one.readable] == []
    assert [one.title for one in found.texts if one.words] == []


@pytest.mark.parametrize("released", RELEASED, ids=lambda file: file.stem)
def test_every_assignment_with_the_instructors_answers_is_ready(
    released: Path, tmp_path: Path
) -> None:
    name = released.stem
    source = read_notebook(ROOT / "source" / name / released.name)
    kinds = {one.id: one.kind for one in manifest.assignments()[name].cells}
    answers = {one["id"]: text(one) for one in source["cells"] if kinds[one["id"]] == "answer"}
    for rubric in read_rubrics(rubric_file(ROOT, name)):
        answers[rubric.question] = rubric.anchors[0].text
    found = checked(tmp_path, fill_in(read_notebook(released), answers), released.name)

    assert [one for one in found.questions if not one.complete] == []
    assert found.ready
