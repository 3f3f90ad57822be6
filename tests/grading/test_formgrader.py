"""A real formgrader over what stock nbgrader has marked, and over what `volens grade` has."""

import http.client
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from tests.grader.gates_class import grade
from tests.grading.imagined_course import ASSIGNMENT
from volens.grading.stock import Course

TOKEN = secrets.token_hex()
START = 60.0


@dataclass(frozen=True)
class Formgrader:
    """A running formgrader, as whoever marks reaches it."""

    root: Path
    port: int

    def ask(self, path: str, method: str = "GET", body: object = None) -> tuple[int, str]:
        """Return the status and the text of what lies at a path."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=START)
        content = None if body is None else json.dumps(body)
        headers = {"Authorization": f"token {TOKEN}"}
        connection.request(method, f"/formgrader/{path}", content, headers)
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        return response.status, text

    def api(self, path: str, method: str = "GET", body: object = None) -> Any:  # noqa: ANN401
        """Return the data that the page's own program would get."""
        status, text = self.ask(f"api/{path}", method, body)
        assert status == 200, (path, text)
        return json.loads(text)

    def submission(self, student: str) -> str:
        """Return the id under which a student's notebook is marked."""
        notebooks = self.api(f"submitted_notebooks/{ASSIGNMENT}/{ASSIGNMENT}")
        return str(next(one["id"] for one in notebooks if one["student"] == student))


@contextmanager
def formgrader(root: Path) -> Iterator[Formgrader]:
    """Start it as an instructor does: a Jupyter server in the course's root."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    extensions = dict.fromkeys(("jupyterlab", "jupyter_lsp", "notebook"), False)
    extensions["nbgrader.server_extensions.formgrader"] = True
    log = root.parent / f"{root.name}-server.log"
    options = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "ServerApp.root_dir": root,
        "ServerApp.jpserver_extensions": extensions,
        "IdentityProvider.token": TOKEN,
    }
    with (
        log.open("wb") as told,
        subprocess.Popen(
            [
                *(sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root"),
                *(f"--{name}={value}" for name, value in options.items()),
            ],
            cwd=root,
            env=os.environ | {"JUPYTER_CONFIG_DIR": str(root.parent / "no-settings")},
            stdout=told,
            stderr=subprocess.STDOUT,
        ) as server,
    ):
        opened = Formgrader(root, port)
        try:
            _wait(opened, server, log)
            yield opened
        finally:
            server.terminate()


def _wait(opened: Formgrader, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START
    while time.monotonic() < end and server.poll() is None:
        try:
            if opened.ask("api/status")[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.05)
    pytest.fail("formgrader did not start:\n" + log.read_text(encoding="utf-8"))


@pytest.fixture(name="stock", scope="module")
def _stock(class_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Formgrader]:
    root = tmp_path_factory.mktemp("stock") / "course"
    shutil.copytree(class_once, root)
    with formgrader(root) as opened:
        yield opened


@pytest.fixture(name="ours", scope="module")
def _ours(class_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Formgrader]:
    root = tmp_path_factory.mktemp("ours") / "course"
    made = shutil.ignore_patterns("gradebook.db", "autograded", "kernels.log")
    shutil.copytree(class_once, root, ignore=made)
    Course(root).release(ASSIGNMENT)
    grade(root)
    with formgrader(root) as opened:
        yield opened


PAGES = (
    "manage_assignments",
    f"manage_submissions/{ASSIGNMENT}",
    "gradebook",
    f"gradebook/{ASSIGNMENT}",
    f"gradebook/{ASSIGNMENT}/{ASSIGNMENT}",
    "manage_students",
    "manage_students/s01",
    f"manage_students/s01/{ASSIGNMENT}",
)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("marked", ["stock", "ours"])
def test_every_page_opens(marked: str, page: str, request: pytest.FixtureRequest) -> None:
    opened: Formgrader = request.getfixturevalue(marked)

    status, text = opened.ask(page)

    assert status == 200
    assert "</body>" in text


def without_ids(data: object) -> object:
    """Return data without what no two gradebooks have in common."""
    if isinstance(data, list):
        return sorted((without_ids(one) for one in data), key=repr)
    if isinstance(data, dict):
        # An index is the place in the order of ids, which are drawn by lot.
        ids = {"id", "submission_id", "assignment_id", "notebook_id", "index"}
        return {name: without_ids(part) for name, part in data.items() if name not in ids}
    return data


@pytest.mark.parametrize(
    "path",
    [
        "assignments",
        f"assignment/{ASSIGNMENT}",
        f"notebooks/{ASSIGNMENT}",
        f"submissions/{ASSIGNMENT}",
        f"submission/{ASSIGNMENT}/s01",
        f"submitted_notebooks/{ASSIGNMENT}/{ASSIGNMENT}",
        "students",
        "student/s02",
        "student_submissions/s02",
        f"student_notebook_submissions/s02/{ASSIGNMENT}",
    ],
)
def test_its_program_is_told_the_same(path: str, stock: Formgrader, ours: Formgrader) -> None:
    assert without_ids(ours.api(path)) == without_ids(stock.api(path))


def test_the_scores_are_the_same(stock: Formgrader, ours: Formgrader) -> None:
    def scores(opened: Formgrader) -> dict[str, float]:
        found = opened.api(f"submissions/{ASSIGNMENT}")
        return {one["student"]: one["score"] for one in found}

    assert scores(ours) == scores(stock) == {"s01": 6, "s02": 4, "s03": 0}


@pytest.mark.parametrize("student", ["s01", "s02", "s03"])
@pytest.mark.parametrize("kind", ["grades", "comments"])
def test_marks_and_comments_of_a_submission_are_the_same(
    kind: str, student: str, stock: Formgrader, ours: Formgrader
) -> None:
    theirs = stock.api(f"{kind}?submission_id={stock.submission(student)}")
    found = ours.api(f"{kind}?submission_id={ours.submission(student)}")

    assert len(theirs) > 1
    assert without_ids(found) == without_ids(theirs)


# The page on which a submission is marked


class Elements(HTMLParser):
    """Elements of a page with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, Mapping[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def page_of(opened: Formgrader, student: str) -> str:
    status, text = opened.ask(f"submissions/{opened.submission(student)}/")
    assert status == 200
    return text


def notebook_on(page: str) -> Elements:
    """What a page shows of the notebook: the page's own program stands above it."""
    return Elements(page[page.index('<div class="border-box-sizing" id="notebook"') :])


@pytest.mark.parametrize("marked", ["stock", "ours"])
def test_nothing_that_a_student_wrote_runs_there(
    marked: str, request: pytest.FixtureRequest
) -> None:
    shown = notebook_on(page_of(request.getfixturevalue(marked), "s01"))

    assert {tag for tag, _ in shown.found} & {"script", "style", "iframe", "object"} == set()
    attributes = [(name, value or "") for _, held in shown.found for name, value in held.items()]
    assert [name for name, _ in attributes if name.startswith("on")] == []
    assert [value for _, value in attributes if "javascript:" in value] == []
    sources = [value for name, value in attributes if name == "src"]
    assert [source for source in sources if not source.startswith("data:")] == []
    # What is not allowed is there to be read.
    assert '<script>alert("in the text")</script> matters' in shown.text


def test_what_is_marked_there_can_still_be_marked(ours: Formgrader) -> None:
    shown = notebook_on(page_of(ours, "s01"))

    fields = {(tag, held.get("id")) for tag, held in shown.found if tag in {"input", "textarea"}}
    points = {
        ("input", name + more)
        for name in ("gates-table-test", "hours-test", "essay-answer", "disputes-answer")
        for more in ("", "_extra_credit")
    }
    comments = {
        ("textarea", f"{name}-comment")
        for name in ("gates-table-answer", "hours-answer", "essay-answer", "disputes-answer")
    }
    assert fields == points | comments


def test_the_page_is_that_which_follows_stock_nbgrader(stock: Formgrader, ours: Formgrader) -> None:
    for student in ("s01", "s02", "s03"):
        here, there = (notebook_on(page_of(one, student)).text for one in (ours, stock))
        assert here.split() == there.split()


# A person's marks


def test_what_a_person_sets_there_stays_when_the_class_is_marked_again(ours: Formgrader) -> None:
    asked = f"grades?submission_id={ours.submission('s02')}"
    essay = next(one for one in ours.api(asked) if one["name"] == "essay-answer")
    assert essay["needs_manual_grade"]
    points = {"manual_score": 7.5, "extra_credit": 0.5}
    ours.api(f"grade/{essay['id']}", "PUT", points)
    before = ours.api(asked)

    grade(ours.root, again=True)

    after = ours.api(asked)
    assert after == before
    essay = next(one for one in after if one["name"] == "essay-answer")
    assert (essay["manual_score"], essay["extra_credit"]) == (7.5, 0.5)
    assert not essay["needs_manual_grade"]
    assert ours.api(f"submission/{ASSIGNMENT}/s02")["score"] == 12
