"""A submitted notebook gets back the cells of its assignment, whatever became of them."""

import json
import shutil
from collections.abc import Callable, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbgrader import preprocessors
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.utils import compute_checksum
from sqlalchemy import create_engine

from tests.checkout import RELEASED, ROOT
from tests.grading.imagined_course import ASSIGNMENT, build, gates
from volens.grader.limits import Limits
from volens.grader.opening import open_notebook
from volens.grader.register.templates import read_templates
from volens.grader.repair import Repaired, repair
from volens.grader.template import Template, TemplateCell
from volens.grading.notebooks import cells, fill_in, read_notebook
from volens.grading.stock import Course

A3 = "a3-consent"
LIMITS = Limits()
STOCK = (
    preprocessors.ClearOutput,
    preprocessors.DeduplicateIds,
    preprocessors.OverwriteKernelspec,
    preprocessors.OverwriteCells,
    preprocessors.CheckCellMetadata,
)
Notebook = dict[str, Any]


# --- against stock nbgrader


@pytest.fixture(name="released", scope="session")
def _released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two assignments, released by stock nbgrader."""
    root = build(tmp_path_factory.mktemp("repair"))
    shutil.copytree(ROOT / "source" / A3, root / "source" / A3)
    course = Course(root)
    for name in (ASSIGNMENT, A3):
        course.release(name)
    return root


def from_gradebook(root: Path, name: str) -> Template:
    given_out = read_notebook(root / "assignments" / name / f"{name}.ipynb")
    engine = create_engine(f"sqlite:///{root / 'gradebook.db'}")
    with engine.connect() as connection:
        found = read_templates(connection, name, {name: given_out})[name]
    engine.dispose()
    return found


def by_stock(root: Path, name: str, content: bytes) -> Notebook:
    """What stock nbgrader would run: the notebook after all that it does before."""
    notebook = nbformat.reads(content.decode(), as_version=4)
    known = {"notebook": name, "assignment": name, "db_url": f"sqlite:///{root / 'gradebook.db'}"}
    for kind in STOCK:
        notebook, _ = kind().preprocess(notebook, {"nbgrader": known})
    found: Notebook = json.loads(nbformat.writes(notebook, split_lines=False))
    return found


def as_file(notebook: Notebook) -> bytes:
    return json.dumps(notebook).encode()


def mended(notebook: Notebook, template: Template) -> Repaired:
    """The repaired notebook: opened before, valid after, and not to be repaired again."""
    opened, _ = open_notebook(as_file(notebook), "x.ipynb", LIMITS)
    before = deepcopy(opened)
    found = repair(opened, template)
    assert opened == before
    node = nbformat.from_dict(found.notebook)
    nbformat.validate(node, version=4)
    MetadataValidator().validate_nb(node)
    assert sorted(key for key, _ in cells(found.notebook)) == sorted(
        cell.grade_id for cell in template.cells
    )
    for grade_id, cell in cells(found.notebook):
        known = template.cell(grade_id)
        assert known is not None
        assert cell["metadata"]["nbgrader"] == expected_settings(known)
        assert cell["cell_type"] == known.cell_type
        if known.locked:
            assert cell["source"] == known.source
    again = repair(found.notebook, template)
    assert (again.notebook, again.repairs) == (found.notebook, ())
    return found


def expected_settings(cell: TemplateCell) -> dict[str, object]:
    points = {} if cell.points is None else {"points": cell.points}
    flags = {name: getattr(cell, name) for name in ("grade", "solution", "locked", "task")}
    known = {"grade_id": cell.grade_id, "cell_type": cell.cell_type, "checksum": cell.checksum}
    return {"schema_version": 3} | flags | known | points


ANSWERS = {
    ASSIGNMENT: {"gates-table-answer": gates("met", "not met", "unclear"), "essay-answer": "Mine."},
    A3: {"gates-table-answer": "gates_table = 1", "time-answer": "On 5 January."},
}


@pytest.mark.parametrize("name", [ASSIGNMENT, A3])
def test_of_an_undamaged_notebook_comes_what_stock_nbgrader_makes(
    released: Path, name: str
) -> None:
    template = from_gradebook(released, name)
    content = as_file(fill_in(template.released, ANSWERS[name]))
    found = mended(json.loads(content), template)
    assert (found.notebook, found.repairs) == (by_stock(released, name, content), ())


@pytest.mark.parametrize("name", [ASSIGNMENT, A3])
def test_checksums_tell_locked_cells_and_untouched_answers(released: Path, name: str) -> None:
    template = from_gradebook(released, name)
    found = mended(fill_in(template.released, ANSWERS[name]), template).notebook
    alike = {
        cell.metadata.nbgrader.grade_id
        for cell in nbformat.from_dict(found).cells
        if "nbgrader" in cell.metadata and compute_checksum(cell) == cell.metadata.nbgrader.checksum
    }
    assert alike == {cell.grade_id for cell in template.cells} - ANSWERS[name].keys()


@pytest.mark.parametrize("name", [ASSIGNMENT, A3])
def test_a_notebook_without_any_labelled_cell_gets_them_all_back(released: Path, name: str) -> None:
    template = from_gradebook(released, name)
    bare = {"cells": [code("x = 1")], "nbformat": 4, "nbformat_minor": 5, "metadata": {}}
    found = mended(bare, template)
    assert [key for key, _ in cells(found.notebook)] == [cell.grade_id for cell in template.cells]
    assert len(found.repairs) == len(template.cells)
    for cell in nbformat.from_dict(found.notebook).cells[1:]:
        assert compute_checksum(cell) == cell.metadata.nbgrader.checksum


@pytest.mark.parametrize("path", RELEASED, ids=lambda path: path.stem)
def test_nothing_is_reported_of_an_undamaged_notebook(path: Path) -> None:
    given_out = read_notebook(path)
    template = from_release(given_out)
    answers = {
        cell.grade_id: "answer = 1" if cell.cell_type == "code" else "An answer."
        for cell in template.cells[::2]
        if cell.solution
    }
    filled = fill_in(given_out, answers)
    for place in (len(filled["cells"]), 12, 0):
        filled["cells"].insert(place, code("mine = 2"))
    assert mended(filled, template).repairs == ()


def test_an_undamaged_notebook_without_ids_is_not_reported() -> None:
    given_out = read_notebook(RELEASED[2])
    bare = deepcopy(given_out) | {"nbformat_minor": 4}
    for cell in bare["cells"]:
        del cell["id"]
    assert mended(bare, from_release(given_out)).repairs == ()


# --- a small assignment


def code(source: str, name: str = "mine") -> Notebook:
    cell = {"cell_type": "code", "id": name, "metadata": {}, "source": source}
    return cell | {"execution_count": None, "outputs": []}


def words(source: str, name: str = "words") -> Notebook:
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": source}


def marked(cell: Notebook, points: float | None = None, **flags: bool) -> Notebook:
    known = {"grade": False, "solution": False, "locked": False, "task": False} | flags
    known |= {"schema_version": 3, "grade_id": cell["id"], "cell_type": cell["cell_type"]}
    if points is not None:
        known["points"] = points
    return cell | {"metadata": {"nbgrader": known | {"checksum": "0" * 32}}}


STUB = "*Write your answer here.*"
SMALL: Notebook = {
    "cells": [
        words("# Small", "small"),
        code("import volens as vo", "import-volens"),
        words("## 1. Gates", "gates"),
        marked(code('gates = {"V1": ""}\n# Paste.', "gates-answer"), solution=True),
        marked(code("assert gates", "gates-test"), 6, grade=True, locked=True),
        words("## 2. Hours", "hours"),
        marked(code('hours = {"E1": ""}', "hours-answer"), solution=True),
        marked(code("assert hours", "hours-test"), 2.5, grade=True, locked=True),
        marked(code("assert hours is hours", "hours-test-2"), 1, grade=True, locked=True),
        words("## 3. Essay", "essay"),
        marked(words("The rules.", "rules"), locked=True),
        marked(words(STUB, "essay-answer"), 12, grade=True, solution=True),
        words("## 4. Another", "another"),
        marked(words(STUB, "another-answer"), 4, grade=True, solution=True),
        marked(code("disputes = {}", "disputes-answer"), 0, grade=True, solution=True),
        words("## Hand in", "hand-in"),
    ],
    "metadata": {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    },
    "nbformat": 4,
    "nbformat_minor": 5,
}


def from_release(given_out: Notebook) -> Template:
    """A template without hidden tests."""
    known = []
    for grade_id, cell in cells(given_out):
        found = cell["metadata"]["nbgrader"]
        flags = {name: found[name] for name in ("grade", "solution", "locked", "task")}
        known.append(
            TemplateCell(
                grade_id,
                cell["cell_type"],
                "".join(cell["source"]),
                found["checksum"],
                points=found.get("points"),
                **flags,
            )
        )
    kernel = given_out["metadata"]["kernelspec"]
    return Template("small", "small", tuple(known), given_out, kernel)


TEMPLATE = from_release(SMALL)
ANSWERED = {
    "gates-answer": 'gates = {"V1": "met"}',
    "hours-answer": 'hours = {"E1": "12"}',
    "essay-answer": "Consent must be given.",
}


class Student:
    """A student's notebook, to be damaged; cells are named by their ids."""

    def __init__(self) -> None:
        self.notebook = fill_in(SMALL, ANSWERED)
        self.cells: list[Notebook] = self.notebook["cells"]

    def at(self, name: str) -> int:
        return next(place for place, cell in enumerate(self.cells) if cell["id"] == name)

    def cell(self, name: str) -> Notebook:
        return self.cells[self.at(name)]

    def take(self, name: str) -> Notebook:
        return self.cells.pop(self.at(name))

    def put(self, *new: Notebook, after: str) -> None:
        place = self.at(after) + 1
        self.cells[place:place] = list(new)

    def copy(self, name: str, source: str | None = None, after: str = "") -> None:
        copied = deepcopy(self.cell(name)) | {"id": f"{name}-copy"}
        if source is not None:
            copied["source"] = source
        self.put(copied, after=after or name)

    def label(self, name: str) -> Notebook:
        found: Notebook = self.cell(name)["metadata"]["nbgrader"]
        return found

    def unlabel(self, name: str, new: str = "") -> None:
        self.cell(name)["metadata"] = {}
        if new:
            self.cell(name)["id"] = new


class Outcome:
    """The student's notebook after the repair."""

    def __init__(self, student: Student) -> None:
        self.repaired = mended(student.notebook, TEMPLATE)
        self.cells = self.repaired.notebook["cells"]
        self.found = dict(cells(self.repaired.notebook))

    @property
    def codes(self) -> list[tuple[str, str]]:
        return [(one.code, one.cell) for one in self.repaired.repairs]

    @property
    def order(self) -> list[str]:
        return [key for key, _ in cells(self.repaired.notebook)]

    @property
    def own(self) -> list[str]:
        given_out = {cell["id"] for cell in SMALL["cells"]}
        labelled = {id(cell) for cell in self.found.values()}
        return [
            cell["source"]
            for cell in self.cells
            if id(cell) not in labelled and cell["id"] not in given_out
        ]

    def source(self, grade_id: str) -> str:
        return str(self.found[grade_id]["source"])

    def before(self, grade_id: str) -> str:
        """The text of the cell before one."""
        place = next(place for place, cell in enumerate(self.cells) if cell is self.found[grade_id])
        return str(self.cells[place - 1]["source"])


ORDER = [cell.grade_id for cell in TEMPLATE.cells]


@pytest.fixture(name="student")
def _student() -> Student:
    return Student()


def test_what_was_given_out_is_left_as_it_is(student: Student) -> None:
    found = Outcome(student)
    assert (found.repaired.notebook, found.codes) == (student.notebook, [])


@pytest.mark.parametrize(
    ("name", "kind"),
    [("gates-test", "test"), ("hours-test", "test"), ("hours-test-2", "test"), ("rules", "text")],
)
def test_a_deleted_locked_cell_is_put_back_at_its_place(
    student: Student, name: str, kind: str
) -> None:
    student.take(name)
    found = Outcome(student)
    assert (found.order, found.codes) == (ORDER, [(f"{kind}-missing", name)])
    assert found.repaired.notebook == fill_in(SMALL, ANSWERED)


def test_a_deleted_test_comes_back_after_code_that_continues_the_answer(student: Student) -> None:
    student.take("gates-test")
    student.put(code('gates["V2"] = "not met"'), after="gates-answer")
    assert Outcome(student).before("gates-test") == 'gates["V2"] = "not met"'


@pytest.mark.parametrize(
    "name", ["gates-answer", "hours-answer", "essay-answer", "disputes-answer"]
)
def test_a_deleted_answer_is_put_back_as_it_was_given_out(student: Student, name: str) -> None:
    student.take(name)
    found = Outcome(student)
    assert (found.order, found.codes) == (ORDER, [("answer-missing", name)])
    assert found.source(name) == next(cell for key, cell in cells(SMALL) if key == name)["source"]


def test_an_answer_in_another_cell_is_found_by_its_name(student: Student) -> None:
    student.take("gates-answer")
    student.put(code('gates = dict(V1="met")'), after="gates")
    found = Outcome(student)
    assert (found.source("gates-answer"), found.own) == ('gates = dict(V1="met")', [])
    assert found.codes == [("label-lost", "gates-answer")]


def test_an_answer_found_after_its_test_is_marked_all_the_same(student: Student) -> None:
    student.take("gates-answer")
    student.put(code('gates = dict(V1="met")'), after="hand-in")
    found = Outcome(student)
    assert found.order[-2:] == ["gates-answer", "gates-test"]
    assert found.codes == [("label-lost", "gates-answer"), ("test-moved", "gates-test")]


def test_an_answer_merged_into_another_is_not_undone_by_an_empty_one(student: Student) -> None:
    student.cell("gates-answer")["source"] += "\n" + student.take("hours-answer")["source"]
    found = Outcome(student)
    assert found.source("hours-answer").startswith("# This cell was missing.")
    assert found.codes == [("answer-elsewhere", "hours-answer")]


@pytest.mark.parametrize("source", ["{answer}\n\n{test}", "{test}\n\n{answer}"])
def test_an_answer_merged_into_its_test_is_taken_out(student: Student, source: str) -> None:
    answer = student.take("gates-answer")["source"]
    own = student.cell("gates-test")["source"]
    student.cell("gates-test").update(source=source.format(answer=answer, test=own), id="x1")
    found = Outcome(student)
    assert found.source("gates-answer") == ANSWERED["gates-answer"]
    assert (found.order, found.codes) == (ORDER, [("cells-merged", "gates-answer")])


@pytest.mark.parametrize("name", ["another", "another-answer"])
def test_a_text_merged_with_its_question_is_taken_out(student: Student, name: str) -> None:
    student.take("another-answer")
    student.cell("another").update(source="## 4. Another\n\nIt is  \nso.", id=name)
    if name == "another":
        found = Outcome(student)
        assert found.source("another-answer") == "It is  \nso."
        assert found.codes == [("cells-merged", "another-answer")]
    else:
        assert Outcome(student).source("another-answer") == "## 4. Another\n\nIt is  \nso."


def test_a_note_below_a_question_is_no_answer_to_it(student: Student) -> None:
    student.cell("another")["source"] += "\n\nMy note."
    assert Outcome(student).codes == []


def test_a_text_in_another_cell_is_found_between_the_same_neighbours(student: Student) -> None:
    student.take("essay-answer")
    student.put(words("Consent must be given."), after="rules")
    found = Outcome(student)
    assert (found.source("essay-answer"), found.own) == ("Consent must be given.", [])
    assert found.codes == [("label-lost", "essay-answer")]


def test_a_text_far_away_is_not_taken_for_the_answer(student: Student) -> None:
    student.take("essay-answer")
    student.put(words("My notes."), after="import-volens")
    found = Outcome(student)
    assert (found.source("essay-answer"), found.own) == (STUB, ["My notes."])


def test_a_copied_test_is_left_out(student: Student) -> None:
    student.copy("gates-test")
    found = Outcome(student)
    assert found.repaired.notebook == fill_in(SMALL, ANSWERED)
    assert found.codes == [("cell-twice", "gates-test")]


def test_code_that_was_written_into_a_copied_test_is_kept(student: Student) -> None:
    student.copy("gates-test", "helper = 5")
    found = Outcome(student)
    assert (found.own, found.codes) == (["helper = 5"], [("cell-twice", "gates-test")])


def test_of_a_copied_answer_the_one_that_was_written_counts(student: Student) -> None:
    student.copy("gates-answer", 'gates = {"V1": ""}\n# Paste.')
    found = Outcome(student)
    assert (found.source("gates-answer"), found.own) == (ANSWERED["gates-answer"], [])
    assert found.codes == [("cell-twice", "gates-answer")]


def test_of_an_empty_answer_and_a_written_copy_the_copy_counts(student: Student) -> None:
    student.cell("gates-answer")["source"] = 'gates = {"V1": ""}\n# Paste.'
    student.copy("gates-answer", 'gates = {"V1": "unclear"}')
    found = Outcome(student)
    assert (found.source("gates-answer"), found.own) == ('gates = {"V1": "unclear"}', [])


def test_of_two_written_answers_the_last_before_the_test_counts(student: Student) -> None:
    student.copy("gates-answer", 'gates = {"V1": "unclear"}')
    student.copy("gates-answer", "gates = 5", after="hours-test")
    student.cells[-1]["id"] = "hand-in"
    found = Outcome(student)
    assert found.source("gates-answer") == 'gates = {"V1": "unclear"}'
    assert found.own == ["gates = 5"]
    assert ANSWERED["gates-answer"] in [cell["source"] for cell in found.cells]
    assert found.codes == [("cell-twice", "gates-answer")]


def test_a_question_that_was_copied_whole_is_marked_by_its_second_answer(student: Student) -> None:
    student.copy("gates-test")
    student.copy("gates-answer", 'gates = {"V1": "unclear"}', after="gates-test")
    found = Outcome(student)
    assert found.source("gates-answer") == 'gates = {"V1": "unclear"}'
    assert found.order == ORDER


def test_of_two_texts_the_longest_counts_and_a_person_is_told(student: Student) -> None:
    student.copy("essay-answer", "Consent must be given.\n\nFreely.")
    found = Outcome(student)
    assert found.source("essay-answer") == "Consent must be given.\n\nFreely."
    assert (found.own, found.codes) == ([], [("answers-twice", "essay-answer")])
    assert ANSWERED["essay-answer"] in [cell["source"] for cell in found.cells]


def test_a_text_that_was_copied_unchanged_counts_once(student: Student) -> None:
    student.copy("essay-answer")
    found = Outcome(student)
    assert found.repaired.notebook == fill_in(SMALL, ANSWERED)
    assert found.codes == [("cell-twice", "essay-answer")]


def test_two_answers_in_code_that_a_person_marks_are_told(student: Student) -> None:
    student.cell("disputes-answer")["source"] = 'disputes = {"a": "b"}'
    student.copy("disputes-answer", 'disputes = {"a": "c"}')
    found = Outcome(student)
    assert found.source("disputes-answer") == 'disputes = {"a": "c"}'
    assert found.codes == [("answers-twice", "disputes-answer")]


def test_text_that_goes_on_in_the_next_cells_is_joined(student: Student) -> None:
    picture = {"a.png": {"image/png": "aGVsbG8="}}
    student.put(
        words("Freely."), words("  ", "w2"), words("And before.", "w3") | {"attachments": picture},
        after="essay-answer",
    )  # fmt: skip
    found = Outcome(student)
    assert found.source("essay-answer") == "Consent must be given.\n\nFreely.\n\nAnd before."
    assert found.found["essay-answer"]["attachments"] == picture
    assert (found.own, found.codes) == ([], [("answer-split", "essay-answer")])


def test_text_below_an_empty_answer_becomes_the_answer(student: Student) -> None:
    student.put(words("It is another thing."), after="another-answer")
    assert Outcome(student).source("another-answer") == "It is another thing."


def test_the_next_question_is_not_joined_even_if_its_id_is_lost(student: Student) -> None:
    student.cell("another").update(id="x1", source="## 4. Another\n\nMy note.")
    assert Outcome(student).codes == []


def test_code_that_goes_on_in_the_next_cell_runs_as_it_is(student: Student) -> None:
    student.put(code('gates["V2"] = "met"'), after="gates-answer")
    found = Outcome(student)
    assert (found.own, found.codes) == (['gates["V2"] = "met"'], [])


def test_code_that_can_only_be_read_as_a_whole_is_joined(student: Student) -> None:
    student.cell("gates-answer")["source"] = "gates = {"
    student.put(code('"V1": "met",'), code("}", "end"), code("x = 1"), after="gates-answer")
    found = Outcome(student)
    assert found.source("gates-answer") == 'gates = {\n"V1": "met",\n}'
    assert (found.own, found.codes) == (["x = 1"], [("answer-split", "gates-answer")])


def test_parts_of_a_split_text_that_both_carry_the_label_are_joined(student: Student) -> None:
    student.cell("essay-answer")["source"] = "Consent must be given.\n"
    student.copy("essay-answer", "It must be free.")
    found = Outcome(student)
    assert found.source("essay-answer") == "Consent must be given.\n\nIt must be free."
    assert (found.own, found.codes) == ([], [("answer-split", "essay-answer")])


def test_parts_of_split_code_that_both_carry_the_label_are_joined(student: Student) -> None:
    student.cell("gates-answer")["source"] = "gates = {"
    student.copy("gates-answer", "}")
    found = Outcome(student)
    assert found.source("gates-answer") == "gates = {\n}"
    assert (found.own, found.codes) == ([], [("answer-split", "gates-answer")])


def test_code_that_cannot_be_read_at_all_stays_as_it_is(student: Student) -> None:
    student.cell("gates-answer")["source"] = "gates = {"
    student.put(code("x = 1"), after="gates-answer")
    assert Outcome(student).codes == []


@pytest.mark.parametrize("name", ORDER)
@pytest.mark.parametrize("label", ["other", ""])
def test_a_cell_without_its_label_is_recognised_by_its_id(
    student: Student, name: str, label: str
) -> None:
    if label:
        student.label(name)["grade_id"] = label
    else:
        student.unlabel(name)
    found = Outcome(student)
    assert found.repaired.notebook == fill_in(SMALL, ANSWERED)
    assert found.codes == [("label-lost", name)]


@pytest.mark.parametrize("name", ["gates-test", "rules", "gates-answer", "disputes-answer"])
def test_a_cell_without_label_and_id_is_recognised_by_text_or_name(
    student: Student, name: str
) -> None:
    student.unlabel(name, "x1")
    found = Outcome(student)
    assert found.codes == [("label-lost", name)]
    assert (found.found[name]["id"], found.order) == ("x1", ORDER)


def test_an_edited_test_under_another_label_is_recognised_by_its_place(student: Student) -> None:
    student.cell("gates-test").update(source="assert True", id="x1")
    student.label("x1")["grade_id"] = "other"
    found = Outcome(student)
    assert found.codes == [("label-lost", "gates-test"), ("test-changed", "gates-test")]
    assert (found.own, found.order) == ([], ORDER)


def test_a_notebook_without_any_label_and_id_is_recognised(student: Student) -> None:
    for place, cell in enumerate(student.cells):
        cell["metadata"] = {}
        cell["id"] = f"x{place}"
    found = Outcome(student)
    assert found.order == ORDER
    assert {one for one, _ in found.codes} == {"label-lost"}
    assert {key: found.source(key) for key in ANSWERED} == ANSWERED


def test_a_label_that_was_changed_to_that_of_another_cell_is_changed_back(student: Student) -> None:
    student.label("gates-answer")["grade_id"] = "hours-answer"
    found = Outcome(student)
    assert found.repaired.notebook == fill_in(SMALL, ANSWERED)
    assert found.codes == [("label-lost", "gates-answer")]


@pytest.mark.parametrize("cell_type", ["code", "markdown", "raw"])
@pytest.mark.parametrize("name", ["gates-answer", "gates-test", "rules", "essay-answer"])
def test_a_retyped_cell_is_set_back(student: Student, name: str, cell_type: str) -> None:
    own = student.cell(name)
    retyped = {"cell_type": cell_type, **{key: own[key] for key in ("id", "metadata", "source")}}
    if cell_type == "code":
        retyped |= {"execution_count": None, "outputs": []}
    student.cells[student.at(name)] = retyped
    found = Outcome(student)
    same = own["cell_type"] == cell_type
    assert found.codes == ([] if same else [("cell-retyped", name)])
    assert found.repaired.notebook == fill_in(SMALL, ANSWERED)


@pytest.mark.parametrize(
    ("name", "key", "value"),
    [
        ("gates-test", "points", 100),
        ("gates-test", "points", True),
        ("gates-test", "points", ["6"]),
        ("gates-test", "points", None),
        ("gates-test", "grade", False),
        ("gates-test", "solution", True),
        ("gates-answer", "points", 6),
        ("gates-answer", "grade", True),
        ("gates-answer", "locked", {}),
        ("essay-answer", "task", True),
        ("essay-answer", "solution", "no"),
    ],
)
def test_changed_settings_are_set_back(
    student: Student, name: str, key: str, value: object
) -> None:
    student.label(name)[key] = value
    found = Outcome(student)
    assert found.repaired.notebook == fill_in(SMALL, ANSWERED)
    assert found.codes == [("settings-changed", name)]


def test_settings_of_the_file_that_say_nothing_are_set_silently(student: Student) -> None:
    student.label("gates-answer").update(checksum="1", cell_type="raw", schema_version=9, x=[1])
    assert Outcome(student).codes == []


def test_an_unknown_label_is_taken_away(student: Student) -> None:
    student.put(marked(code("x = 1"), 100, grade=True), after="hours-test")
    student.cell("mine")["metadata"]["nbgrader"]["grade_id"] = "extra-test"
    found = Outcome(student)
    assert (found.own, found.codes) == (["x = 1"], [("unknown-label", "extra-test")])
    assert student.at("mine") == found.cells.index(code("x = 1"))


def test_settings_without_effect_are_taken_away_silently(student: Student) -> None:
    student.put(marked(code("x = 1")), after="hours-test")
    assert Outcome(student).codes == []


def test_a_test_that_stands_before_its_answer_is_moved(student: Student) -> None:
    for name in ("hours-test", "hours-test-2"):
        student.put(student.take(name), after="small")
    found = Outcome(student)
    assert found.order == ORDER
    moved = [("test-moved", "hours-test"), ("test-moved", "hours-test-2")]
    assert found.codes == moved


def test_questions_in_another_order_stay_so(student: Student) -> None:
    for name in ("gates-test", "gates-answer", "gates"):
        student.put(student.take(name), after="hand-in")
    found = Outcome(student)
    assert (found.order[-2:], found.codes) == (["gates-answer", "gates-test"], [])
    assert found.repaired.notebook == student.notebook


@pytest.mark.parametrize(("name", "code_"), [("gates-test", "test"), ("rules", "text")])
def test_a_changed_locked_cell_is_replaced(student: Student, name: str, code_: str) -> None:
    student.cell(name)["source"] = "assert True"
    found = Outcome(student)
    assert found.repaired.notebook == fill_in(SMALL, ANSWERED)
    assert found.codes == [(f"{code_}-changed", name)]


def test_space_at_the_end_of_a_test_is_no_change(student: Student) -> None:
    student.cell("gates-test")["source"] = "assert gates  \r\n"
    assert Outcome(student).codes == []


@pytest.mark.parametrize(
    "kernel",
    [
        {"name": "ir", "display_name": "R", "language": "R"},
        {"name": "bash", "display_name": "Bash", "language": "bash"},
    ],
)
def test_another_language_is_set_back_and_told(student: Student, kernel: Notebook) -> None:
    student.notebook["metadata"] = {"kernelspec": kernel, "language_info": {"name": "R"}}
    found = Outcome(student)
    assert found.repaired.notebook == fill_in(SMALL, ANSWERED)
    assert found.codes == [("other-kernel", "")]


def test_another_python_is_set_back_silently(student: Student) -> None:
    kernel = {"name": "course-env", "display_name": "Mine", "language": "python"}
    student.notebook["metadata"]["kernelspec"] = kernel
    found = Outcome(student)
    assert found.repaired.notebook == fill_in(SMALL, ANSWERED)
    assert found.codes == []


def test_repairs_are_told_in_the_order_of_the_notebook_in_plain_words(student: Student) -> None:
    student.take("hours-test")
    student.cell("rules")["source"] = "Other rules."
    student.label("gates-test")["points"] = 100
    assert [one.message for one in Outcome(student).repaired.repairs] == [
        (
            "The check of question 1 (`gates-test`) had other settings than those given out, "
            "such as points. They were set back."
        ),
        "The check of question 2 (`hours-test`) was missing. It was put back.",
        "A piece of text in question 3 (`rules`) was changed. It was replaced by the original.",
    ]


HUGE = "x" * 1_000_000
MALICE: list[object] = [
    [], [{}], "label", 5, True, None, HUGE, {"grade_id": {}}, {"grade_id": ["a"]},
    {"grade_id": HUGE, "grade": True}, {"grade_id": HUGE}, {"grade": {}},
    {"grade_id": "gates-answer"},
    {"grade_id": "gates-answer", "points": "NaN"}, {"grade_id": "gates-test", "grade": [1]},
    {"grade_id": "\ud800"}, {"grade_id": "", "locked": True}, {"schema_version": {}},
]  # fmt: skip


@pytest.mark.parametrize("malice", MALICE, ids=lambda one: repr(one)[:40])
@pytest.mark.parametrize("name", ["gates-answer", "gates-test", "rules", "essay-answer", "small"])
def test_malicious_settings_do_no_harm(student: Student, name: str, malice: object) -> None:
    student.cell(name)["metadata"]["nbgrader"] = malice
    found = Outcome(student)
    assert all(len(one.message) < 300 for one in found.repaired.repairs)
    assert all(len(one.cell) < 50 for one in found.repaired.repairs)


@pytest.mark.parametrize("source", ["-" * 50_000 + "1", "+".join("1" * 50_000), "x = '\\d'", "\0"])
def test_code_that_is_hard_to_read_does_no_harm(student: Student, source: str) -> None:
    student.cell("gates-answer")["source"] = source
    student.take("hours-answer")
    student.put(code(source), after="gates-answer")
    Outcome(student)


def test_more_code_than_a_person_writes_is_not_looked_into(student: Student) -> None:
    student.take("hours-answer")
    student.put(code("x = 1\n" * 60_000 + 'hours = {"E1": "12"}'), after="hours")
    found = Outcome(student)
    assert found.codes == [("answer-missing", "hours-answer")]


# --- any damage

Damage = Callable[[list[Notebook], int, int], None]


def _delete(found: list[Notebook], one: int, _: int) -> None:
    if len(found) > 1:
        del found[one % len(found)]


def _duplicate(found: list[Notebook], one: int, other: int) -> None:
    copied = deepcopy(found[one % len(found)])
    copied["id"] = f"copy-{other}"
    found.insert(other % len(found), copied)


def _duplicate_with_id(found: list[Notebook], one: int, other: int) -> None:
    found.insert(other % len(found), deepcopy(found[one % len(found)]))


def _retype(found: list[Notebook], one: int, other: int) -> None:
    found[one % len(found)]["cell_type"] = ("code", "markdown", "raw", "sql")[other % 4]


def _rename(found: list[Notebook], one: int, other: int) -> None:
    label = [*ORDER, "other", {}][other % (len(ORDER) + 2)]
    found[one % len(found)]["metadata"] = {"nbgrader": {"grade_id": label, "solution": True}}


def _relabel(found: list[Notebook], one: int, other: int) -> None:
    settings_ = found[one % len(found)]["metadata"].get("nbgrader")
    if settings_:
        settings_["grade_id"] = ORDER[other % len(ORDER)]


def _move(found: list[Notebook], one: int, other: int) -> None:
    found.insert(other % len(found), found.pop(one % len(found)))


def _strip(found: list[Notebook], one: int, _: int) -> None:
    found[one % len(found)]["metadata"] = {}


def _forget_id(found: list[Notebook], one: int, other: int) -> None:
    found[one % len(found)]["id"] = f"forgotten-{other}"


def _swap_id(found: list[Notebook], one: int, other: int) -> None:
    found[one % len(found)]["id"] = found[other % len(found)]["id"]


def _write(found: list[Notebook], one: int, other: int) -> None:
    texts = (
        "", "gates = 1", "hours = {", "} # end", "A text.", "A longer text.", STUB,
        "gates = 1\nassert gates", "## 3. Essay\nMine.", "## 4. Another\n\nMine.", "The rules.",
    )  # fmt: skip
    found[one % len(found)]["source"] = texts[other % len(texts)]


def _insert(found: list[Notebook], one: int, other: int) -> None:
    new = (code("gates = 2"), code("hours = {"), code("}"), words("Mine."), words(""), words(STUB))
    found.insert(one % len(found), deepcopy(new[other % len(new)]))


def _merge(found: list[Notebook], one: int, other: int) -> None:
    place = one % len(found)
    merged = found[place : place + 2]
    kept = merged[other % len(merged)] | {"id": f"merged-{other}"}
    found[place : place + 2] = [kept | {"source": "\n\n".join(part["source"] for part in merged)}]


def _split(found: list[Notebook], one: int, other: int) -> None:
    place = one % len(found)
    lines = found[place]["source"].splitlines() or [""]
    cut = other % len(lines)
    parts = ("\n".join(lines[:cut]), "\n".join(lines[cut:]))
    found[place : place + 1] = [
        deepcopy(found[place]) | {"id": f"part-{other}-{number}", "source": part}
        for number, part in enumerate(parts)
    ]


DAMAGE: Sequence[Damage] = (
    _delete, _merge, _split, _duplicate, _duplicate_with_id, _retype, _rename, _relabel, _move,
    _strip, _forget_id, _swap_id, _write, _insert,
)  # fmt: skip
PLACES = st.integers(0, 40)
STEPS = st.lists(st.tuples(st.sampled_from(DAMAGE), PLACES, PLACES), max_size=12)


@given(STEPS)
@settings(max_examples=200)
def test_any_damage_leaves_every_cell_once_and_nothing_to_repair_again(
    steps: list[tuple[Damage, int, int]],
) -> None:
    student = Student()
    for damage, one, other in steps:
        damage(student.cells, one, other)
    found = Outcome(student)
    where = {key: place for place, key in enumerate(found.order)}
    assert where["gates-answer"] < where["gates-test"]
    assert where["hours-answer"] < min(where["hours-test"], where["hours-test-2"])
