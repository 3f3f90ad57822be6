"""Rubrics, and the marking sheet that shows them."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.checkout import ROOT
from tests.grading.imagined_course import RUBRIC
from volens.cli import main
from volens.errors import AssignmentError
from volens.grading.marking_view import as_page, as_text, select
from volens.grading.rubric import read_rubrics, rubric_file

SECOND = """
[[question]]
id = "redraft-answer"
points = 2
length = "about 100 words"
[[question.criterion]]
id = "exact"
title = "Exact"
level = [{points = 2, description = "yes"}, {points = 0, description = "no"}]
[[question.anchor]]
label = "strong"
brief = "S1, for the State"
text = "..."
why = "..."
marks = {exact = 2}
[[question.anchor]]
label = "strong"
brief = "S2, against it"
text = "Another answer."
why = "..."
marks = {exact = 2}
"""


def written(folder: Path, content: str) -> Path:
    file = folder / "rubric.toml"
    file.write_text(content, encoding="utf-8")
    return file


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def test_every_question_of_a_file_has_its_rubric(tmp_path: Path) -> None:
    essay, redraft = read_rubrics(written(tmp_path, RUBRIC + SECOND))

    assert (essay.question, essay.points, essay.length) == ("essay-answer", 12, "")
    assert [criterion.points for criterion in essay.criteria] == [6, 6]
    assert essay.anchors[0].marks == {"law": 6, "fact": 6}
    assert essay.anchors[0].points == 12
    assert redraft.briefs == ("S1, for the State", "S2, against it")
    assert redraft.length == "about 100 words"


def test_a_criterion_knows_where_points_stand(tmp_path: Path) -> None:
    law = read_rubrics(written(tmp_path, RUBRIC))[0].criteria[0]

    assert [law.place(points) for points in (6, 2, 0, 3)] == [0, 2, 3, None]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("points = 12", "points = 13", "`essay-answer` add up to 12 points, but `points` says 13"),
        ("points = 12", 'points = "12"', 'should be a number; it is "12"'),
        ("points = 12", "points = true", "should be a number"),
        ("points = 12", "points = 12\ncolour = 1", "no key `colour` is known"),
        ("{points = 4", "{points = 6", "`law` should fall from 6 to 0, each once"),
        ("{points = 0", "{points = 1", "should fall from 6 to 0"),
        ('"Names none."', '" "', "a level of `law` has no words"),
        ('id = "fact"', 'id = "question"', "cannot be called `question`"),
        ('id = "fact"', 'id = "law"', "the criterion `law` stands twice"),
        ("{law = 6, fact = 6}", "{law = 6}", "`strong` should have one mark for each criterion"),
        ("{law = 6, fact = 6}", "{law = 5, fact = 6}", "a mark that `law` does not give"),
        ('title = "The law"\n', "", r"the key `title` is missing \(criterion `law`\)"),
        ('assignment = "a0-gates"', "", "the key `assignment` is missing"),
        ("[[question]]", "[question]", r"question|table"),
        ("[[question.anchor]]", "[[question.anchor]", "line"),
    ],
)
def test_a_rubric_that_does_not_add_up_is_refused(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    assert old in RUBRIC
    with pytest.raises(AssignmentError, match=message):
        read_rubrics(written(tmp_path, RUBRIC.replace(old, new, 1)))


def test_a_question_that_stands_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AssignmentError, match="the question `redraft-answer` stands twice"):
        read_rubrics(written(tmp_path, RUBRIC + SECOND + SECOND))


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rubric.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(AssignmentError, match="utf-8"):
        read_rubrics(tmp_path / "rubric.toml")


def test_an_assignment_without_rubrics_is_told_those_that_have_some() -> None:
    with pytest.raises(AssignmentError, match="Those with rubrics are: a1-claims"):
        rubric_file(ROOT, "a9-none")


def test_a_folder_without_any_rubric_says_so(tmp_path: Path) -> None:
    with pytest.raises(AssignmentError, match="No assignment has one"):
        rubric_file(tmp_path, "a1-claims")


# The marking sheet


def test_the_sheet_has_every_level_with_its_points_and_every_anchor(tmp_path: Path) -> None:
    sheet = as_text(select(read_rubrics(written(tmp_path, RUBRIC))))

    for line in (
        "a0-gates, essay-answer: 12 points",
        "The law (law), up to 6",
        "   6  Names the rule.",
        "   0  Takes none.",
        "--- Anchor, strong: 12 of 12",
        "The law 6; The facts 6",
        "Why: All is there.",
        "    Consent needs a request.",
    ):
        assert line in sheet.splitlines()


def test_question_and_brief_choose_what_is_shown(tmp_path: Path) -> None:
    rubrics = read_rubrics(written(tmp_path, RUBRIC + SECOND))
    sheet = as_text(select(rubrics, "redraft-answer", "S2, against it"))

    assert "essay-answer" not in sheet
    assert "S1, for the State" not in sheet
    assert "--- Anchor, strong (S2, against it): 2 of 2" in sheet


def test_anchors_of_no_brief_are_shown_with_every_brief(tmp_path: Path) -> None:
    rubrics = read_rubrics(written(tmp_path, RUBRIC + SECOND))

    assert "Consent needs a request." in as_text(select(rubrics, brief="S2, against it"))


@pytest.mark.parametrize(
    ("question", "brief", "message"),
    [
        ("essay", None, "no question `essay`. The questions are: essay-answer"),
        (None, "S3", "no brief `S3`. No anchor names a brief"),
    ],
)
def test_what_is_not_there_is_named_with_what_is(
    tmp_path: Path, question: str | None, brief: str | None, message: str
) -> None:
    with pytest.raises(AssignmentError, match=message):
        select(read_rubrics(written(tmp_path, RUBRIC)), question, brief)


def test_the_page_is_whole_and_needs_nothing_from_elsewhere(tmp_path: Path) -> None:
    content = RUBRIC.replace("It was wrong.", "It was <wrong>.")
    page = as_page(select(read_rubrics(written(tmp_path, content))))

    assert page.startswith("<!DOCTYPE html>")
    assert page.count("<caption>") == 2
    assert "It was &lt;wrong&gt;." in page
    assert "http" not in page


def test_the_command_prints_the_sheet_of_the_course() -> None:
    printed = run("rubric", "a1-claims", "--course", str(ROOT)).output

    assert "a1-claims, critique-answer: 24 points" in printed
    assert "Anchor, weak" in printed


def test_the_command_leaves_anchors_out_and_writes_a_page(tmp_path: Path) -> None:
    file = tmp_path / "sheet.html"
    done = run("rubric", "a1-claims", "--no-anchors", "--html", str(file), "--course", str(ROOT))

    assert "open it in any browser" in done.output
    assert "Anchor" not in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("rubric", "a9"), "Those with rubrics are"),
        (("rubric", "a1-claims", "--html", "/no/such/folder/x.html"), "a folder that exists"),
    ],
)
def test_a_mistake_gives_one_message(arguments: tuple[str, ...], message: str) -> None:
    done = run(*arguments, "--course", str(ROOT))

    assert done.exit_code == 1
    assert message in done.output
    assert "Traceback" not in done.output
