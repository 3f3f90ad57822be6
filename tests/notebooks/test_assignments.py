"""Assignments: generated, without a leak, and resting on firm rows only."""

import ast
import contextlib
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.checkout import RELEASED, ROOT, SOURCES, read_notebook, text
from volens import evidence
from volens.grading.notebooks import cells, solutions
from volens.grading.rubric import read_rubric
from volens.grading.specimens import read_specimens
from volens.grading.stock import Course

KEY_TABLES = {"C": "claims", "F": "statements"}
sources = pytest.mark.parametrize("source", SOURCES, ids=lambda file: file.stem)


def graded(notebook: dict[str, Any], kind: str) -> dict[str, str]:
    """The text of the cells of a kind: `test`, `answer` or `text`."""
    found = {}
    for grade_id, cell in cells(notebook):
        settings = cell["metadata"]["nbgrader"]
        if cell["cell_type"] == "markdown":
            this = "text"
        else:
            this = "answer" if settings["solution"] else "test"
        if this == kind:
            found[grade_id] = text(cell)
    return found


def assigned(test_cell: str) -> dict[str, Any]:
    """The plain values that a test cell gives to names."""
    found = {}
    for node in ast.parse(test_cell).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            with contextlib.suppress(ValueError):
                found[node.targets[0].id] = ast.literal_eval(node.value)
    return found


def key(test_cell: str) -> dict[str, Any]:
    """The key inside a test cell."""
    return assigned(test_cell)["key"]  # type: ignore[no-any-return]


@pytest.fixture(name="course", scope="module")
def _course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    root = tmp_path_factory.mktemp("course")
    shutil.copytree(ROOT / "source", root / "source")
    shutil.copy(ROOT / "nbgrader_config.py", root)
    return Course(root)


def visible(folder: Path) -> list[str]:
    """The names in a folder, without what JupyterLab keeps there when it saves."""
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


@sources
def test_the_students_version_is_what_nbgrader_makes_of_the_source(
    source: Path, course: Course
) -> None:
    made = course.release(source.parent.name)
    committed = ROOT / "assignments" / source.parent.name

    assert visible(made) == visible(committed)
    for file in made.iterdir():
        assert file.read_bytes() == (committed / file.name).read_bytes()


@sources
def test_generating_again_changes_no_byte(source: Path, course: Course) -> None:
    name = source.parent.name
    first = (course.release(name) / source.name).read_bytes()

    assert first == (course.release(name) / source.name).read_bytes()


@pytest.mark.parametrize("released", RELEASED, ids=lambda file: file.stem)
def test_the_students_version_holds_no_solution(released: Path) -> None:
    content = released.read_text(encoding="utf-8")

    assert "SOLUTION" not in content
    assert "HIDDEN" not in content
    assert "MARK SCHEME" not in content
    assert not re.search(r"^ *key = ", content, re.MULTILINE)


@sources
def test_no_word_of_the_key_is_left_in_an_answer_or_test_cell(source: Path) -> None:
    released = read_notebook(ROOT / "assignments" / source.parent.name / source.name)
    for name, solution in solutions(read_notebook(source)).items():
        for grade_id, content in graded(released, "answer").items():
            if content.startswith(f"{name} = "):
                given = ast.literal_eval(content.split("= ", 1)[1].rsplit("}", 1)[0] + "}")
                assert given == dict.fromkeys(solution, ""), grade_id


@sources
def test_the_assignment_has_at_least_six_questions_for_a_program_and_one_for_a_person(
    source: Path,
) -> None:
    notebook = read_notebook(source)

    assert len(graded(notebook, "test")) >= 6
    assert len(graded(notebook, "text")) == 1


@sources
def test_every_question_has_twelve_items_three_speakers_and_an_undeterminable(source: Path) -> None:
    for name, solution in solutions(read_notebook(source)).items():
        rows = [evidence.row(KEY_TABLES[item[0]], item) for item in solution]
        speakers = {row.get("speaker") or row.get("actor") or row["attributed_to"] for row in rows}

        assert len(solution) >= 12, name
        assert len(speakers) >= 3, name
        assert "cannot be determined" in solution.values(), name


@sources
def test_keys_rest_on_rows_of_high_confidence(source: Path) -> None:
    for content in graded(read_notebook(source), "test").values():
        for item in key(content):
            if item.startswith("C"):
                assert evidence.row("claims", item).confidence == "high", item


@sources
def test_rows_of_the_timeline_that_decide_are_of_high_confidence(source: Path) -> None:
    for cell in read_notebook(source)["cells"]:
        if cell["cell_type"] == "code":
            for row in re.findall(r"\bT\d{3}\b", text(cell)):
                assert evidence.row("timeline", row).confidence == "high", row


@sources
def test_the_key_on_the_record_is_the_status_of_the_statement(source: Path) -> None:
    word = {
        "corroborated": "supported",
        "contradicted": "contradicted",
        "uncorroborated": "cannot be determined",
    }
    tests = graded(read_notebook(source), "test")
    for item, expected in key(tests["record-test"]).items():
        status = evidence.row("statements", item).status
        assert word[status] in ((expected,) if isinstance(expected, str) else expected), item


@sources
def test_the_key_on_fidelity_agrees_with_the_status_of_the_statement(source: Path) -> None:
    word = {
        "corroborated": "faithful",
        "contradicted": "altered",
        "uncorroborated": "cannot be determined",
    }
    tests = graded(read_notebook(source), "test")
    for item, expected in key(tests["fidelity-test"]).items():
        status = evidence.row("statements", item).status
        assert word[status] in ((expected,) if isinstance(expected, str) else expected), item


@sources
def test_quotations_that_are_said_to_be_in_the_record_are_in_it(source: Path) -> None:
    table = next(text(cell) for cell in read_notebook(source)["cells"] if cell["id"] == "fidelity")
    quoted = re.findall(r"\u201c([^\u201d]+)\u201d \((C\d{3})\)", table)

    assert len(quoted) >= 5
    for words, claim in quoted:
        assert words in evidence.row("claims", claim).quotation


@sources
def test_the_key_of_a_test_cell_is_the_solution(source: Path) -> None:
    notebook = read_notebook(source)
    answers = solutions(notebook)
    for grade_id, content in graded(notebook, "test").items():
        name = grade_id.removesuffix("-test").replace("-", "_")
        for item, right in key(content).items():
            assert answers[name][item] in ((right,) if isinstance(right, str) else right), item


@sources
def test_words_that_students_may_use_are_the_words_of_the_check(source: Path) -> None:
    notebook = read_notebook(source)
    prose = {cell["id"]: text(cell) for cell in notebook["cells"]}
    for grade_id, content in graded(notebook, "test").items():
        question = prose[grade_id.removesuffix("-test")]
        listed = re.findall(r"^\| \*\*(.+?)\*\* \|", question, re.MULTILINE)
        assert assigned(content)["allowed"] == tuple(listed)


@sources
def test_a_test_cell_uses_no_name_of_an_answer(source: Path) -> None:
    notebook = read_notebook(source)
    answers = set(solutions(notebook))
    for content in graded(notebook, "test").values():
        used = {
            node.id
            for node in ast.walk(ast.parse(content))
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        assert used & answers == set()


@sources
def test_a_test_cell_ends_in_a_number_and_imports_volens_only(source: Path) -> None:
    for content in graded(read_notebook(source), "test").values():
        body = ast.parse(content).body

        assert ast.unparse(body[-1]) == "check.score()"
        assert [
            ast.unparse(node) for node in body if isinstance(node, ast.Import | ast.ImportFrom)
        ] == ["import volens as vo"]


@sources
def test_the_rubric_adds_up_and_students_see_its_criteria(source: Path) -> None:
    rubric = read_rubric(source.parent / "rubric.toml")
    notebook = read_notebook(source)
    question = next(cell for grade_id, cell in cells(notebook) if grade_id == rubric.question)
    prose = " ".join(text(cell) for cell in notebook["cells"])

    assert question["metadata"]["nbgrader"]["points"] == rubric.points
    for criterion in rubric.criteria:
        assert f"| **{criterion.title}** |" in prose


@pytest.mark.parametrize("released", RELEASED, ids=lambda file: file.stem)
def test_students_do_not_see_levels_or_anchors(released: Path) -> None:
    rubric = read_rubric(ROOT / "source" / released.parent.name / "rubric.toml")
    content = released.read_text(encoding="utf-8")

    for anchor in rubric.anchors:
        assert anchor.text[:60] not in content
    for criterion in rubric.criteria:
        for level in criterion.levels:
            assert level.description not in content


@sources
def test_every_question_has_two_wrong_specimens_and_a_right_one(source: Path) -> None:
    specimens = read_specimens(source.parent / "specimens.toml")
    for name in solutions(read_notebook(source)):
        kinds = [one.right for one in specimens if one.question == name]

        assert kinds.count(False) >= 2, name
        assert kinds.count(True) >= 1, name
