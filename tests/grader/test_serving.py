"""The student's side of the line: each message has one whole reply, whatever interrupts it."""

import json
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, cast

import pytest

from volens.grader.inside.serving import serve
from volens.grader.inside.shell import Shell

_DEADLINE = 60
#: In seconds. An interrupt has to be over before the next one comes.
_PAUSE = 0.0002


class Bare:
    """A shell with nothing round Python."""

    def __init__(self) -> None:
        self.user_ns: dict[str, Any] = {}

    def run(self, source: str, most: int, count: int | None = None) -> tuple[str, list[Any]]:
        exec(source, self.user_ns)
        return "ok", [{"most": most, "count": count}]


@contextmanager
def served() -> Iterator[tuple[int, socket.socket]]:
    """A process that serves, and the line to it."""
    ours, theirs = socket.socketpair()
    process = os.fork()
    if process == 0:
        ours.close()
        with suppress(BaseException):
            serve(theirs, cast("Shell", Bare()), 100)
            os._exit(0)
        os._exit(1)
    theirs.close()
    ours.settimeout(_DEADLINE)
    try:
        yield process, ours
    finally:
        ours.close()
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)


def exchange(line: socket.socket, number: int, source: str) -> Any:  # noqa: ANN401 (JSON)
    line.sendall(json.dumps({"n": number, "run": source}).encode() + b"\n")
    heard = b""
    while not heard.endswith(b"\n"):
        part = line.recv(1 << 16)
        assert part, "the process has ended"
        heard += part
    return json.loads(heard)


@contextmanager
def interrupted(process: int) -> Iterator[None]:
    """Interrupt a process again and again, each time twice in a row, as its watcher does."""
    done = threading.Event()

    def interrupt() -> None:
        with suppress(ProcessLookupError):
            while not done.is_set():
                os.kill(process, signal.SIGINT)
                os.kill(process, signal.SIGINT)
                time.sleep(_PAUSE)

    thread = threading.Thread(target=interrupt)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


@pytest.mark.parametrize(
    "start",
    ["pass", "import threading, time\nthreading.Thread(target=time.sleep, args=(99,)).start()"],
    ids=["alone", "with a thread"],
)
def test_an_interrupt_at_any_moment_leaves_one_whole_reply(start: str) -> None:
    with served() as (process, line):
        assert exchange(line, 1, start) == {
            "n": 1,
            "status": "ok",
            "outputs": [{"most": 100, "count": None}],
        }
        with interrupted(process):
            replies = [exchange(line, n, "x = 'y' * 1000") for n in range(2, 3000)]
        assert exchange(line, 3000, "pass")["status"] == "ok"

    assert [reply["n"] for reply in replies] == list(range(2, 3000))


def test_an_interrupt_ends_what_runs() -> None:
    with served() as (process, line):
        exchange(line, 1, "pass")
        with interrupted(process):
            assert exchange(line, 2, "while True: pass") == {"n": 2, "interrupted": True}


def test_an_interrupt_between_two_messages_concerns_neither() -> None:
    with served() as (process, line):
        exchange(line, 1, "pass")
        for _ in range(3):
            os.kill(process, signal.SIGINT)
        assert exchange(line, 2, "import time; time.sleep(0.1)")["status"] == "ok"


def test_programs_that_a_cell_starts_can_be_interrupted() -> None:
    program = "import os; os.kill(os.getpid(), 2)"
    start = f"x = subprocess.run([sys.executable, '-Sc', {program!r}], stderr=subprocess.DEVNULL)"
    cell = f"import subprocess, sys\n{start}"
    with served() as (_, line):
        exchange(line, 1, cell)
        reply = exchange(line, 2, "assert x.returncode == -2, x")
    assert reply["status"] == "ok"


def test_a_handler_that_a_cell_sets_is_gone_in_the_next() -> None:
    with served() as (process, line):
        exchange(line, 1, "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)")
        with interrupted(process):
            assert exchange(line, 2, "while True: pass") == {"n": 2, "interrupted": True}
