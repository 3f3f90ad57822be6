"""``make course`` opens JupyterLab on this computer, or says in one line why not."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import course
import environment
import pytest
from environment import Checkout

NOTEBOOK = '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}\n'


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A checkout with a first lesson; its environment is the one that runs the tests."""
    lesson = tmp_path / course.FIRST_LESSON
    lesson.parent.mkdir()
    lesson.write_text(NOTEBOOK)
    (tmp_path / ".venv").symlink_to(sys.prefix)
    return Checkout(tmp_path)


@pytest.fixture
def taken() -> Iterator[int]:
    """A port where somebody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_port_in_use_is_one_line_that_names_a_free_one(
    checkout: Checkout, taken: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert course.main(["--port", str(taken), "--browser", "no"], checkout) == 1

    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"Port {taken} is in use")
    other = int(line.split("PORT=")[1].split("`")[0])
    assert course.is_free(other)


def test_a_missing_first_lesson_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert course.main([], Checkout(tmp_path)) == 1

    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("lessons/00-start-here.ipynb is missing.")


@pytest.mark.parametrize("port", ["0", "65536", "-1", "eight", ""])
def test_a_port_that_is_none_is_one_line(
    checkout: Checkout, capsys: pytest.CaptureFixture[str], port: str
) -> None:
    with pytest.raises(SystemExit) as stopped:
        course.main([f"--port={port}"], checkout)

    (line,) = capsys.readouterr().err.splitlines()
    assert f"a port is a number from 1 to 65535, such as 8890, not {port!r}" in line
    assert stopped.value.code == 1


def test_every_folder_of_jupyter_is_the_courses_own(checkout: Checkout) -> None:
    folders = {
        name: value
        for name, value in course.settings(checkout, "token").items()
        if name.startswith(("JUPYTER", "IPYTHON")) and name != "JUPYTER_TOKEN"
    }

    assert len(folders) == 6
    own = checkout.root / "build" / "jupyter"
    assert all(own in Path(value).parents for value in folders.values())


@pytest.mark.skipif(os.name != "posix", reason="only there can a person be root")
@pytest.mark.parametrize(("user", "expected"), [(0, ["--allow-root"]), (1000, [])])
def test_root_is_allowed_only_where_needed(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch, user: int, expected: list[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: user)

    assert expected == [
        word for word in course.command(checkout, 8888) if word.startswith("--allow")
    ]


def test_a_server_that_stops_is_one_line_that_names_the_log() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as server:
        server.wait()
        with pytest.raises(environment.SetUpError, match=r"^JupyterLab stopped .* see the\.log"):
            course.wait_until_up(server, course.free_port(40000), "token", "the.log")


@pytest.mark.skipif(os.name != "posix", reason="sends a signal as a terminal does")
def test_the_course_opens_answers_and_closes_on_ctrl_c(checkout: Checkout) -> None:
    port = course.free_port(40100 + os.getpid() % 1000)
    program = (
        "import sys, pathlib, environment, course\n"
        "environment.ensure = lambda *_: None\n"
        f"checkout = environment.Checkout(pathlib.Path({str(checkout.root)!r}))\n"
        f"sys.exit(course.main(['--port', '{port}', '--browser', 'no'], checkout))\n"
    )
    started = subprocess.Popen(
        [sys.executable, "-c", program],
        env=os.environ | {"PYTHONPATH": str(Path(course.__file__).parent)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with started:
        try:
            address = started.stdout.readline().removeprefix("The course is open: ").strip()
            with urllib.request.urlopen(address) as answer:  # noqa: S310 - on this computer
                assert answer.status == 200
            assert not course.is_free(port)
        finally:
            started.send_signal(signal.SIGINT)
        rest = started.stdout.read()

    assert address.startswith(
        f"http://127.0.0.1:{port}/lab/tree/lessons/00-start-here.ipynb?token="
    )
    assert rest.endswith("Closing the course.\n")
    assert started.returncode == 0
    deadline = time.monotonic() + 60
    while not course.is_free(port) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert course.is_free(port)
