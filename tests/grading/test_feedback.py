"""The page that a student gets back, from stock nbgrader."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from tests.grading.imagined_course import ASSIGNMENT
from volens.grader.whole_class import mark_class
from volens.grading.feedback import Mark, answer_table, feedback_page, render
from volens.grading.gradebook import gradebook
from volens.grading.stock import Course
from volens.practice import Exploration


def written(course: Path, student: str) -> str:
    return Course(course).feedback(ASSIGNMENT, student).read_text(encoding="utf-8")


@pytest.fixture(name="pages", scope="module")
def _pages(class_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """The pages as ``nbgrader generate_feedback`` writes them before anybody has read."""
    root = tmp_path_factory.mktemp("feedback") / "course"
    shutil.copytree(class_once, root)
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", "generate_feedback", ASSIGNMENT],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {
        file.parents[1].name: file.read_text(encoding="utf-8")
        for file in root.glob(f"feedback/*/{ASSIGNMENT}/{ASSIGNMENT}.html")
    }


class Outline(HTMLParser):
    """Elements and attributes of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def names(self) -> list[str]:
        return [name for name, _ in self.elements]


def in_words(page: str) -> str:
    """The text of a page, with one space between words."""
    body = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def set_mark(book: Gradebook, student: str, cell: str, points: float, comment: str = "") -> None:
    """What formgrader does when a person types points and a comment."""
    grade = book.find_grade(cell, ASSIGNMENT, ASSIGNMENT, student)
    grade.manual_score, grade.needs_manual_grade = points, False
    if comment:
        found = book.find_comment(cell, ASSIGNMENT, ASSIGNMENT, student)
        found.manual_comment = comment
    book.db.commit()


# What it says


def test_points_stand_at_the_top_in_a_table_and_under_each_heading(
    pages: Mapping[str, str],
) -> None:
    words = in_words(pages["s01"])

    assert "a0. Which gates are passed? Feedback for s01 6 of 8 points so far" in words
    assert "1. Was there a request? 4 of 6 points 2. How many hours? 2 of 2 points" in words
    assert words.count("4 of 6 points") >= 2


def test_every_link_of_the_table_leads_to_a_heading(pages: Mapping[str, str]) -> None:
    outline = Outline(pages["s01"])
    targets = {given["id"] for _, given in outline.elements if "id" in given}
    links = [given.get("href") for name, given in outline.elements if name == "a"]
    inside = [link for link in links if link and link.startswith("#question")]

    assert len(inside) == 4
    assert {str(link)[1:] for link in inside} <= targets


def test_it_says_what_was_right_what_was_not_and_what_to_read(pages: Mapping[str, str]) -> None:
    words = in_words(pages["s01"])

    assert "2 of 3 right: 4 of 6 points." in words
    assert "V3: request : you wrote &#34;unclear&#34;. For whom?" in words
    assert "Right : V1" in words
    assert "lesson 3, section 2" in words


def test_the_answer_stands_there_as_a_table(pages: Mapping[str, str]) -> None:
    assert '<td data-label="request">unclear</td></tr>' in pages["s01"]


def test_what_was_asked_is_there_with_its_cards_but_without_folded_code(
    pages: Mapping[str, str],
) -> None:
    assert "Say it for each case." in pages["s01"]
    assert "Peskov, spokesman of the President of Russia" in pages["s01"]
    assert "vo.cards" not in pages["s01"]


def test_an_answer_that_ended_in_red_is_named_without_its_traceback(
    pages: Mapping[str, str],
) -> None:
    words = in_words(pages["s03"])

    assert "This cell ended in red: ZeroDivisionError: division by zero" in words
    assert "Traceback" not in words
    assert "0 of 6 points" in words


def test_a_text_that_nobody_has_read_is_no_mark(pages: Mapping[str, str]) -> None:
    words = in_words(pages["s01"])

    assert "Not final yet: nobody has read 3. Why it matters (12 points more)." in words
    assert "not read yet; up to 12 points" in words


def test_a_text_that_was_left_as_it_was_has_no_points(pages: Mapping[str, str]) -> None:
    words = in_words(pages["s03"])

    assert "You wrote nothing here." in words
    assert "0 of 12 points" in words
    assert "Do you dispute a key?" not in words


def test_a_dispute_keeps_the_mark_open(pages: Mapping[str, str]) -> None:
    words = in_words(pages["s01"])

    assert "a person still has to decide about what you dispute" in words
    assert "I dispute this key because nobody signed." in words
    assert "hours: E2" not in words


def test_points_without_a_rubric_come_with_all_levels(course: Path) -> None:
    with gradebook(course) as book:
        set_mark(book, "s02", "essay-answer", 10, "Good on the **law**.")
    words = in_words(written(course, "s02"))

    assert "10 of 12 points" in words
    assert "Good on the law ." in words
    assert "The law 6 points: Names the rule. 4 points: Names it in part." in words


def test_a_comment_on_an_answer_is_shown(course: Path) -> None:
    with gradebook(course) as book:
        found = book.find_comment("hours-answer", ASSIGNMENT, ASSIGNMENT, "s02")
        found.manual_comment = "Count the *first* hour too."
        book.db.commit()

    assert "Comment Count the first hour too." in in_words(written(course, "s02"))
    assert "No response" not in in_words(written(course, "s03"))


def test_points_that_a_person_set_on_a_program_s_question_are_named(course: Path) -> None:
    with gradebook(course) as book:
        set_mark(book, "s02", "hours-test", 1)
    words = in_words(written(course, "s02"))

    assert "1 of 2 points" in words
    assert "A person looked at this and set the points." in words


# What it does not say


def test_no_test_cell_and_no_key_is_on_the_page(pages: Mapping[str, str]) -> None:
    for page in pages.values():
        for secret in ("HIDDEN", "check.compare", "key =", "Who signed?", "### BEGIN", "5&#34;"):
            assert secret not in page


def test_a_test_that_stopped_shows_its_error_and_not_itself(course: Path) -> None:
    file = course / "autograded" / "s01" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    text = file.read_text(encoding="utf-8")
    error = (
        '"outputs": [{"output_type": "error", "ename": "KeyError", "evalue": "secret",'
        ' "traceback": ["key = secret"]}],'
    )
    at = text.index('"outputs": [', text.index('"grade_id": "gates-table-test"'))
    end = text.index('"source":', at)
    file.chmod(0o644)
    file.write_text(f"{text[:at]}{error}\n   {text[end:]}", encoding="utf-8")
    page = written(course, "s01")

    assert "The marking of this question stopped (KeyError)" in page
    assert "secret" not in page


# What is code


def test_names_in_notes_and_findings_are_shown_as_code_and_all_else_as_typed() -> None:
    work = {
        "cells": [
            {
                "cell_type": "code",
                "metadata": {"nbgrader": {"grade_id": "t", "grade": True, "solution": False}},
                "source": "",
                "outputs": [
                    {
                        "output_type": "stream",
                        "name": "stdout",
                        "text": "There is no answer named `terms`.\n"
                        'V1: you wrote "<b>`<i>`". Why?\nOne ` alone, and `` two.',
                    }
                ],
            }
        ],
        "metadata": {"volens": {"notes": ["The test `<script>` was `put back."]}},
    }
    heading = {"cell_type": "markdown", "metadata": {}, "source": "## 1. `Terms`"}
    page = render(
        feedback_page(
            work,
            released={"cells": [heading, *work["cells"]]},
            marks={"t": Mark(1, 2)},
            comments={},
            rubrics=(),
            student="s01",
        )
    )

    assert "There is no answer named <code>terms</code>." in page
    assert "you wrote &#34;&lt;b&gt;<code>&lt;i&gt;</code>&#34;. Why?" in page
    assert "One ` alone, and `` two." in page
    assert "<li>The test <code>&lt;script&gt;</code> was `put back.</li>" in page
    assert not {"b", "i", "script"} & set(Outline(page).names())


# Safety


def test_nothing_on_the_page_can_run_or_load(pages: Mapping[str, str]) -> None:
    for page in pages.values():
        outline = Outline(page)
        assert not {"script", "iframe", "object", "form", "link"} & set(outline.names())
        assert outline.names().count("style") == 1
        for _, given in outline.elements:
            assert not [name for name in given if name.startswith("on") or name == "style"]
            assert not str(given.get("src", "data:")).startswith(("http", "//"))
            assert "javascript:" not in str(given.get("href", ""))


def test_what_a_student_typed_is_shown_as_typed(pages: Mapping[str, str]) -> None:
    assert "&lt;script&gt;alert(" in pages["s01"]
    assert "&lt;script&gt;alert(3)&lt;/script&gt;" in pages["s02"]
    assert '<a href="https://example.org/x">there</a>' in pages["s01"]


def test_headings_of_a_student_do_not_break_the_outline(pages: Mapping[str, str]) -> None:
    names = Outline(pages["s01"]).names()

    assert names.count("h1") == 1
    assert names.count("h2") == 4
    assert "<h4>My heading</h4>" in pages["s01"]


def test_the_policy_allows_our_style_and_nothing_else(pages: Mapping[str, str]) -> None:
    outline = Outline(pages["s01"])
    policy = next(
        given["content"]
        for _, given in outline.elements
        if given.get("http-equiv") == "Content-Security-Policy"
    )
    assert str(policy).startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in str(policy)
    assert ("html", {"lang": "en-GB"}) in outline.elements
    assert any(given.get("name") == "viewport" for _, given in outline.elements)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = {'a': ''}", ">(empty)</td>"),
        ("x = {'a': ['b', 'c']}", ">b; c</td>"),
        ("x = {'a': {'p': 'b'}, 'c': 'd'}", '<th scope="col">p</th>'),
        ("def gates(case):\n    return '<b>'", "<pre>def gates(case):"),
        ("x = {1: 2}\nprint(x[3])", '>1</td><td data-label="Your answer">2</td>'),
        ("(" * 500, "<pre>(((("),
        ("x = \x00", "<pre>"),
    ],
)
def test_an_answer_is_shown_whatever_it_is(source: str, expected: str) -> None:
    assert expected in answer_table(source)


def test_a_query_that_was_copied_is_told_in_words() -> None:
    told = answer_table(f"control_query = {Exploration().to_data()!r}")

    assert "72 of 94 incidents meet your filter" in told
    assert "schema" not in told


def test_a_query_that_cannot_be_read_says_why() -> None:
    broken = Exploration().to_data() | {"rows": "colour"}

    assert "colour" in answer_table(f"control_query = {broken!r}")


# What the grader had to mend


def test_what_was_mended_in_the_file_is_said_to_the_student(course: Path) -> None:
    file = course / "submitted" / "s01" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    notebook = json.loads(file.read_text(encoding="utf-8"))
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"] != "hours-test"]
    file.write_text(json.dumps(notebook), encoding="utf-8")
    report = mark_class(course, ASSIGNMENT)
    page = written(course, "s01")

    (repair,) = report.rows["s01"].record.notebooks[ASSIGNMENT].repairs
    assert "About your file" in page
    assert repair.message in in_words(page).replace(" hours-test ", "`hours-test`")
    assert "<code>hours-test</code>" in page
    assert "About your file" not in written(course, "s02")
