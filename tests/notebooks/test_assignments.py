"""Assignments: generated, without a leak, resting on firm rows, and adding up."""

import ast
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.checkout import LESSONS, RELEASED, ROOT, SOURCES, read_notebook, text
from volens import evidence, positions
from volens.checks import NOT_YET_WRITTEN, same
from volens.errors import UnknownRowError
from volens.evidence import Row
from volens.grading.manifest import entry, question_lines
from volens.grading.notebooks import cells, solutions
from volens.grading.proof import answer_cells, mark, test_cells
from volens.grading.rubric import read_rubrics
from volens.grading.specimens import read_specimens
from volens.grading.stock import Course

BEGIN = re.compile(r"### BEGIN (SOLUTION|HIDDEN TESTS|MARK SCHEME)")
END = re.compile(r"### END (SOLUTION|HIDDEN TESTS|MARK SCHEME)")
sources = pytest.mark.parametrize("source", SOURCES, ids=lambda file: file.stem)
released_ones = pytest.mark.parametrize("released", RELEASED, ids=lambda file: file.stem)


def name_of(grade_id: str) -> str:
    """The answer's name that a test cell or an answer cell is about."""
    return re.sub("-(test|answer)$", "", grade_id).replace("-", "_")


def questions(notebook: dict[str, Any]) -> Iterator[tuple[str, str, list[dict[str, Any]]]]:
    """Each autograded question: the grade id and the source of its test, and all its cells."""
    tests = test_cells(notebook)
    begun: list[dict[str, Any]] = []
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown" and re.match("## ", text(cell)):
            begun = []
        begun.append(cell)
        if cell["id"] in tests:
            yield cell["id"], tests[cell["id"]], list(begun)


def prose(those: list[dict[str, Any]]) -> str:
    return "\n".join(text(cell) for cell in those if cell["cell_type"] == "markdown")


def literal(test: str, name: str) -> ast.expr:
    """A literal that a test cell gives to a name; an empty dictionary where there is none."""
    for node in ast.walk(ast.parse(test)):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            return node.value
    return ast.Dict([], [])


def keyed(test: str) -> dict[str, tuple[str, ...]]:
    """Each item of the key with the words that are right; what is no plain text is left out."""
    found = {}
    value = literal(test, "key")
    assert isinstance(value, ast.Dict)
    for item, right in zip(value.keys, value.values, strict=True):
        words = right.elts if isinstance(right, ast.Tuple) else [right]
        found[ast.literal_eval(item)] = tuple(  # type: ignore[arg-type]
            word.value for word in words if isinstance(word, ast.Constant)
        )
    return found


def regions(source: str) -> tuple[list[str], list[str]]:
    """The lines of a cell inside and outside of the parts that students do not get."""
    inside: list[str] = []
    outside: list[str] = []
    hidden = False
    for line in source.splitlines():
        if BEGIN.search(line):
            hidden = True
        elif END.search(line):
            hidden = False
        else:
            (inside if hidden else outside).append(line)
    return inside, outside


def visible_part(test: str) -> str:
    return "\n".join(regions(test)[1])


@pytest.fixture(name="course", scope="module")
def _course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    root = tmp_path_factory.mktemp("course")
    shutil.copytree(ROOT / "source", root / "source")
    shutil.copy(ROOT / "nbgrader_config.py", root)
    return Course(root)


def visible(folder: Path) -> list[str]:
    """The names in a folder, without what JupyterLab keeps there when it saves."""
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


# Release


def test_there_are_six_assignments_each_with_a_students_version() -> None:
    names = [path.stem for path in SOURCES]

    assert [name.partition("-")[0] for name in names] == ["a1", "a2", "a3", "a4", "a5", "a6"]
    assert [path.stem for path in RELEASED] == names


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


def test_the_manifest_is_that_of_the_students_versions() -> None:
    manifest = json.loads((ROOT / "data" / "assignments.json").read_text(encoding="utf-8"))

    assert {file.stem: entry(read_notebook(file)) for file in RELEASED} == manifest


@sources
def test_no_line_of_a_solution_or_a_hidden_test_is_released(source: Path) -> None:
    released = {
        cell["id"]: text(cell)
        for cell in read_notebook(ROOT / "assignments" / source.parent.name / source.name)["cells"]
    }
    for cell in read_notebook(source)["cells"]:
        inside, outside = regions(text(cell))
        kept = {line.strip() for line in outside}
        lines = {line.strip() for line in released[cell["id"]].splitlines()}
        leaked = {line.strip() for line in inside if line.strip()} - kept
        assert leaked & lines == set(), cell["id"]


@sources
def test_no_sentence_of_a_hidden_test_is_released_anywhere(source: Path) -> None:
    notebook = read_notebook(source)
    released = (ROOT / "assignments" / source.parent.name / source.name).read_text("utf-8")
    shown = json.dumps([visible_part(text(cell)) for cell in notebook["cells"]], ensure_ascii=False)
    for grade_id, test in test_cells(notebook).items():
        for node in ast.walk(ast.parse("\n".join(regions(test)[0]))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                words = json.dumps(node.value, ensure_ascii=False)[1:-1]
                if len(words.split()) >= 5 and words not in shown:
                    assert words not in released, grade_id


@released_ones
def test_the_students_version_holds_no_marker_level_or_anchor(released: Path) -> None:
    content = released.read_text(encoding="utf-8")

    for word in ("SOLUTION", "HIDDEN", "MARK SCHEME"):
        assert word not in content
    assert not re.search(r"\bkey = \{", content)
    for rubric in read_rubrics(ROOT / "source" / released.parent.name / "rubric.toml"):
        for anchor in rubric.anchors:
            for line in anchor.text.splitlines():
                if len(line.split()) >= 8:
                    assert json.dumps(line, ensure_ascii=False)[1:-1] not in content
            assert anchor.why not in content
        for criterion in rubric.criteria:
            for level in criterion.levels:
                if len(level.description.split()) >= 8:
                    assert level.description not in content


@sources
def test_outside_the_solutions_the_stubs_are_the_source_line_by_line(source: Path) -> None:
    released = read_notebook(ROOT / "assignments" / source.parent.name / source.name)
    stubs = {
        "# Paste your answers over this cell, or type them in; then run it.",
        NOT_YET_WRITTEN,
    }
    instructor = read_notebook(source)
    assert [cell["id"] for cell in released["cells"]] == [
        cell["id"] for cell in instructor["cells"]
    ]
    for mine, theirs in zip(instructor["cells"], released["cells"], strict=True):
        if mine["metadata"].get("nbgrader", {}).get("solution") and not BEGIN.search(text(mine)):
            continue  # nbgrader puts its stub in place of the whole cell
        kept = [line for line in regions(text(mine))[1] if line.strip()]
        got = [line for line in text(theirs).splitlines() if line.strip() and line not in stubs]
        assert got == kept, mine["id"]


@sources
def test_every_solution_cell_has_a_region_or_is_the_stub(source: Path) -> None:
    for _, cell in cells(read_notebook(source)):
        if cell["metadata"]["nbgrader"]["solution"]:
            assert BEGIN.search(text(cell)) or text(cell) == NOT_YET_WRITTEN


@sources
def test_answers_are_empty_in_the_students_version(source: Path) -> None:
    released = read_notebook(ROOT / "assignments" / source.parent.name / source.name)
    for name, given in solutions(released).items():
        for item, answer in given.items():
            values = answer.values() if isinstance(answer, dict) else [answer]
            assert set(values) == {""}, (name, item)


# Points, time and instructions


def test_the_readme_lists_every_assignment_with_its_question_and_minutes() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for file in RELEASED:
        stated = entry(read_notebook(file))
        question = stated["title"].partition(". ")[2]
        link = f"[Assignment {file.stem[:2]}](assignments/{file.stem}/{file.name})"
        assert f"| {link} | {question} | {stated['minutes']} minutes |" in readme


@sources
def test_points_and_minutes_are_stated_and_add_up(source: Path) -> None:
    notebook = read_notebook(source)
    stated = entry(notebook)
    lines = question_lines(notebook)

    assert stated["points"] == sum(points for points, _ in lines.values()) == 60
    assert stated["minutes"] == stated["reading"] + sum(minutes for _, minutes in lines.values())
    assert 60 <= stated["minutes"] <= 120


@sources
def test_the_points_in_prose_are_those_in_the_metadata(source: Path) -> None:
    notebook = read_notebook(source)
    worth: dict[str, float] = {}
    heading = ""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown" and (found := re.match(r"## (.+)", text(cell))):
            heading = found[1]
        settings = cell["metadata"].get("nbgrader", {})
        if settings.get("grade"):
            worth[heading] = worth.get(heading, 0) + settings["points"]

    assert worth == {heading: points for heading, (points, _) in question_lines(notebook).items()}


@sources
def test_a_test_cell_counts_the_points_of_its_metadata(source: Path) -> None:
    for cell in read_notebook(source)["cells"]:
        settings = cell["metadata"].get("nbgrader", {})
        if settings.get("grade") and not settings["solution"]:
            found = re.search(r"Check\(vo\.answers\(\), points=([\d.]+), reread=", text(cell))
            assert found, cell["id"]
            assert float(found[1]) == settings["points"], cell["id"]


@sources
def test_every_question_says_what_a_good_answer_does(source: Path) -> None:
    notebook = read_notebook(source)
    for cell in notebook["cells"]:
        if re.search(r"^\*[1-9]\d* points?, about", text(cell), re.MULTILINE):
            assert "**A good answer**" in text(cell), cell["id"]


@sources
def test_what_to_read_again_is_there(source: Path) -> None:
    sections = {}
    for lesson in LESSONS:
        headings = [
            line
            for cell in read_notebook(lesson)["cells"]
            for line in text(cell).splitlines()
            if re.match(r"## \d+\. ", line)
        ]
        sections[int(lesson.name[:2])] = len(headings)
    for grade_id, test in test_cells(read_notebook(source)).items():
        named = re.search(r'reread="([^"]+)"', test)
        assert named, grade_id
        found = re.findall(r"lesson (\d), sections? ([\d, and]+)", named[1])
        assert found, grade_id
        for lesson_number, numbers in found:
            for number in re.findall(r"\d+", numbers):
                assert 1 <= int(number) <= sections[int(lesson_number)], grade_id


# Test cells


@sources
def test_a_test_cell_is_whole_in_itself(source: Path) -> None:
    notebook = read_notebook(source)
    answers = {*solutions(notebook), "disputes"}
    for test in test_cells(notebook).values():
        body = ast.parse(test).body
        stored = {
            node.id
            for node in ast.walk(ast.parse(test))
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }

        assert ast.unparse(body[-1]) == "check.score()"
        assert stored & answers == set()
        assert [
            ast.unparse(node) for node in body if isinstance(node, ast.Import | ast.ImportFrom)
        ] == ["import volens as vo"]


@sources
def test_every_test_cell_has_hidden_behaviours(source: Path) -> None:
    for grade_id, test in test_cells(read_notebook(source)).items():
        assert re.search(r"check\.(compare|expect)\(", "\n".join(regions(test)[0])), grade_id


@sources
def test_every_keyed_item_has_a_hint_that_does_not_state_the_key(source: Path) -> None:
    for grade_id, test in test_cells(read_notebook(source)).items():
        hints = literal(test, "why")
        key = keyed(test)
        if not isinstance(hints, ast.Dict):
            continue  # worked out by a program: the proof of the marks looks at what is printed
        found = {ast.literal_eval(item) for item in hints.keys}  # type: ignore[arg-type]
        assert found >= set(key), grade_id
        for item, hint in zip(hints.keys, hints.values, strict=True):
            for word in key.get(ast.literal_eval(item), ()):  # type: ignore[arg-type]
                if len(word.split()) >= 2 and isinstance(hint, ast.Constant):
                    assert word.lower() not in str(hint.value).lower(), (grade_id, word)


@sources
def test_the_key_of_a_test_cell_is_in_the_solution(source: Path) -> None:
    notebook = read_notebook(source)
    answers = solutions(notebook)
    for grade_id, test in test_cells(notebook).items():
        for item, right in keyed(test).items():
            row, _, column = item.partition(": ")
            given = answers[name_of(grade_id)].get(item)
            if given is None:
                given = answers[name_of(grade_id)][row][column]
            if right and ";" not in str(given):
                assert any(same(str(given), word) for word in right), (grade_id, item)


@sources
def test_the_visible_check_says_the_same_of_right_and_wrong(source: Path) -> None:
    notebook = read_notebook(source)
    reference = answer_cells(notebook)
    texts = {
        rubric.question: rubric.anchors[0].text
        for rubric in read_rubrics(source.parent / "rubric.toml")
    }
    specimens = read_specimens(ROOT / "tests" / "marks" / f"{source.stem}.toml")
    compared = set()
    for grade_id, test in test_cells(notebook).items():
        if "check.written(" in test:
            continue  # counts words, and so differs by the text
        question = name_of(grade_id)
        shown = visible_part(test)
        right = mark(shown, reference, texts)
        assert right.score == right.score.possible, grade_id
        for one in (one for one in specimens if one.question == question):
            answers = reference | {question: one.cell(solutions(notebook)[question])}
            found = mark(shown, answers, texts)
            if found.score == found.score.possible:
                compared.add((grade_id, one.right))
                assert found.printed == right.printed, (grade_id, one.name)
    for grade_id, test in test_cells(notebook).items():
        if "check.written(" not in test:
            assert (grade_id, False) in compared, f"{grade_id}: no wrong answer is well formed"


@sources
def test_what_a_check_prints_is_plain_text(source: Path) -> None:
    for grade_id, test in test_cells(read_notebook(source)).items():
        for node in ast.walk(ast.parse(test)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not re.search(r"\*\w[^*]*\*|\]\(", node.value), (grade_id, node.value)


# The sheet


def asked(call: ast.Call) -> tuple[str, list[str], str]:
    """What a sheet or a reading asks for: the answer's name, its items and kinds."""
    named = {word.arg: word.value for word in call.keywords}
    positional = call.args
    name = ast.literal_eval(positional[0])
    rows = named.get("rows") or named.get("items") or positional[1]
    if isinstance(rows, ast.Dict):
        items = [ast.literal_eval(item) for item in rows.keys]  # type: ignore[arg-type]
    else:
        items = list(ast.literal_eval(rows))
    kinds = named.get("columns") or named.get("kind")
    if kinds is None:
        words = ", ".join(repr(word) for word in ast.literal_eval(named["allowed"]))
        return name, items, f"vo.checks.Choice({words})"
    return name, items, ast.unparse(kinds)


def resolved(source: str) -> ast.Module:
    """A cell in which names that stand for literals are replaced by them."""
    tree = ast.parse(source)
    known = {
        node.targets[0].id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }

    class Replace(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.AST:
            if isinstance(node.ctx, ast.Load) and node.id in known and node.id != "check":
                return self.visit(known[node.id])  # type: ignore[no-any-return]
            return node

    return Replace().visit(tree)  # type: ignore[no-any-return]


@sources
def test_the_sheet_asks_what_the_check_reads(source: Path) -> None:
    for grade_id, test, those in questions(read_notebook(source)):
        if "check.written(" in test:
            continue
        sheets = {
            found[0]: found
            for cell in those
            if cell["cell_type"] == "code" and "vo.answer_sheet(" in text(cell)
            for node in ast.walk(resolved(text(cell)))
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "vo.answer_sheet"
            for found in [asked(node)]
        }
        reads = [
            asked(node)
            for node in ast.walk(resolved(test))
            if isinstance(node, ast.Call)
            and ast.unparse(node.func) in {"check.choices", "check.items", "check.table"}
        ]
        for read in reads:
            if read[0] in sheets:
                assert read == sheets[read[0]], grade_id
        copied = any("practice_explorer" in text(cell) for cell in those)
        assert {read[0] for read in reads} <= set(sheets) or copied, grade_id


@sources
def test_every_word_to_choose_from_stands_in_the_question(source: Path) -> None:
    for grade_id, test, those in questions(read_notebook(source)):
        shown = prose(those).lower() + "".join(
            text(cell).lower()
            for cell in those
            if "vo.answer_sheet(" not in text(cell) and cell["id"] != grade_id
        )
        for node in ast.walk(resolved(test)):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Choice"):
                for word in node.args:
                    value = ast.literal_eval(word)
                    assert value.lower() in shown, (grade_id, value)


@sources
def test_an_assignment_ends_with_disputes_and_the_check_of_all_work(source: Path) -> None:
    notebook = read_notebook(source)
    ids = [cell["id"] for cell in notebook["cells"]]
    last = text(notebook["cells"][ids.index("check-my-work")])

    assert ids.index("disputes-answer") < ids.index("before-you-hand-in")
    assert last.strip() == f'vo.check_button("{source.stem}")'


@sources
def test_every_contested_item_can_be_disputed(source: Path) -> None:
    notebook = read_notebook(source)
    contested = []
    for grade_id, test, those in questions(notebook):
        listed = those[-1]["metadata"]["volens"].get("contested", [])
        known = {*keyed(test), *(item.partition(": ")[0] for item in keyed(test))}
        assert set(listed) <= known or not keyed(test), grade_id
        contested += [f"{name_of(grade_id)}: {item}" for item in listed]
    cell = next(cell for cell in notebook["cells"] if cell["id"] == "disputes-answer")
    namespace: dict[str, dict[str, str]] = {}
    exec(text(cell), namespace)
    settings = cell["metadata"]["nbgrader"]

    assert contested
    assert list(namespace["disputes"]) == contested
    assert (settings["grade"], settings["solution"], settings["points"]) == (True, True, 0)


# What the keys rest on


@sources
def test_every_key_says_what_it_rests_on(source: Path) -> None:
    for grade_id, _, those in questions(read_notebook(source)):
        rests = those[-1]["metadata"].get("volens", {}).get("rests_on")
        assert rests, grade_id
        shown = prose(those) + "".join(text(cell) for cell in those[:-1])
        for ground in rests:
            kind, _, key = ground.partition(":")
            match kind:
                case "record":
                    assert row_of(key).get("confidence", "high") == "high", ground
                case "position":
                    position = positions.position(key)
                    assert position.name.lower() in shown.lower() or key in shown, ground
                case "text":
                    row = evidence.row("authorities", key)
                    assert row["read"] in {"in full", "in part"}, ground
                case "data":
                    assert evidence.rows(key), ground
                case "vignette" | "course":
                    pass
                case _:
                    pytest.fail(f"{grade_id}: {ground} is no ground")


def row_of(key: str) -> Row:
    for table in (
        "claims",
        "statements",
        "timeline",
        "casualties",
        "figures",
        "contingents",
        "conflicts",
        "incidents",
        "misconceptions",
        "sources",
    ):
        try:
            return evidence.row(table, key)
        except UnknownRowError:
            continue
    raise UnknownRowError("any table", key)


# Rubrics


@sources
def test_every_free_text_has_a_rubric_and_students_see_its_criteria(source: Path) -> None:
    notebook = read_notebook(source)
    rubrics = {rubric.question: rubric for rubric in read_rubrics(source.parent / "rubric.toml")}
    texts = {
        grade_id: cell
        for grade_id, cell in cells(notebook)
        if cell["cell_type"] == "markdown" and cell["metadata"]["nbgrader"]["grade"]
    }
    shown = prose(notebook["cells"])

    assert texts
    assert set(rubrics) == set(texts)
    for grade_id, cell in texts.items():
        rubric = rubrics[grade_id]
        assert cell["metadata"]["nbgrader"]["points"] == rubric.points
        for criterion in rubric.criteria:
            assert f"| **{criterion.title}** |" in shown, criterion.title
        assert len(rubric.anchors) >= 2
