"""A small class that was marked once, for whatever comes after that."""

import shutil
from pathlib import Path

import pytest

from tests.grading.imagined_course import ASSIGNMENT, build, gates, hand_in
from volens.grading.stock import Course

NASTY = """\
# My heading

Consent <script>alert("in the text")</script> matters <b onmouseover="alert(1)">much</b>.

[here](javascript:alert(2)) and [there](https://example.org/x) <img src="https://example.org/p.png">
<style>body { display: none }</style><iframe src="https://example.org"></iframe>
"""
NASTY_KEY = "<script>alert(3)</script>"


@pytest.fixture(name="class_once", scope="session")
def _class_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three students, released and marked by stock nbgrader. Copy it before you change it."""
    root = build(tmp_path_factory.mktemp("imagined"))
    course = Course(root)
    course.release(ASSIGNMENT)
    hand_in(
        root,
        "s01",
        {
            "gates-table-answer": gates("met", "not met", "unclear"),
            "hours-answer": 'hours = {"E1": "12", "E2": "5"}',
            "essay-answer": NASTY,
            "disputes-answer": 'disputes = {"gates_table: V3: request": "I dispute this key '
            'because nobody signed.", "hours: E2": ""}',
        },
    )
    hand_in(
        root,
        "s02",
        {
            "gates-table-answer": gates("met", NASTY_KEY, "not met"),
            "hours-answer": 'hours = {"E1": "13"}',
            "essay-answer": "It is about *consent*.",
            "disputes-answer": "disputes = open('grades').read()",
        },
    )
    hand_in(root, "s03", {"gates-table-answer": "gates_table = 1 / 0"})
    assert [one.points for one in course.autograde(ASSIGNMENT)] == [6, 4, 0]
    return root


@pytest.fixture(name="course")
def _course(class_once: Path, tmp_path: Path) -> Path:
    """A copy of that class, to change."""
    root = tmp_path / "course"
    shutil.copytree(class_once, root)
    return root
