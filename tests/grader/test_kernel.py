"""Student code in its sandbox: what runs, what is seen, and what is stopped."""

import json
import os
import secrets
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.checkout import ROOT
from volens.errors import KernelStoppedError, SandboxError
from volens.grader import kernel as kernel_module
from volens.grader import sandbox
from volens.grader.kernel import Kernel, Room, Run
from volens.grader.limits import Limits
from volens.grader.outputs import cleaned

#: Small, but for the times: what a busy machine does slowly must not run into those.
LIMITS = Limits(
    cell_seconds=30,
    probe_seconds=30,
    submission_seconds=300,
    memory=200 << 20,
    processes=24,
    scratch_bytes=8 << 20,
    file_bytes=4 << 20,
    output_bytes=100_000,
)
#: Short times, for tests in which a time runs out.
HASTY = replace(LIMITS, cell_seconds=3, probe_seconds=1)
#: Longer than any cell may run: until whoever sleeps is stopped.
ASLEEP = 600


@pytest.fixture(name="room", scope="module")
def _room() -> Iterator[Room]:
    os.environ["CANARY_OF_THE_GRADER"] = "seen"
    with Room(LIMITS) as room:
        yield room
    del os.environ["CANARY_OF_THE_GRADER"]


@pytest.fixture(name="kernel")
def _kernel(room: Room) -> Iterator[Kernel]:
    with room.kernel({"notes/table.csv": b"a,b\n1,2\n"}) as kernel:
        yield kernel


@pytest.fixture(name="hasty")
def _hasty(room: Room) -> Iterator[Kernel]:
    with room.kernel(limits=HASTY) as kernel:
        yield kernel


@pytest.fixture(name="patient")
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is interrupted may take long to end, as it does on a busy machine."""
    monkeypatch.setattr(kernel_module, "_GRACE", LIMITS.cell_seconds)


def text(run: Run) -> str:
    return "".join(output.get("text", "") for output in run.outputs)


def says(kernel: Kernel, source: str) -> Any:  # noqa: ANN401 (any JSON value)
    """The value of an expression, inside."""
    return json.loads(text(kernel.run(f"import json, os\nprint(json.dumps({source}))")))


def lines(*source: str) -> str:
    return "\n".join(source)


#: Goes through every descriptor there may be.
EACH = "import os\nfor n in range(3, 256):\n    try:\n        {}\n    except OSError: pass"


def reason(kernel: Kernel, source: str) -> str:
    with pytest.raises(KernelStoppedError) as stopped:
        kernel.run(source)
    return stopped.value.reason


def programs(source: str) -> str:
    """A cell that starts six programs, each of which keeps what this source makes."""
    code = f"{source}; import time; time.sleep({ASLEEP})"
    return (
        "import subprocess, sys, time\n"
        f"for _ in range(6): subprocess.Popen([sys.executable, '-S', '-c', {code!r}])\n"
        f"time.sleep({ASLEEP})"
    )


# What runs


def test_the_sandbox_is_there() -> None:
    assert sandbox.refusal() is None


def test_a_cell_leaves_what_it_printed_and_its_value(kernel: Kernel) -> None:
    run = kernel.run("x = 20\nprint('hello')\nx + 1")

    assert run == Run(
        "ok",
        [
            {"output_type": "stream", "name": "stdout", "text": "hello\n"},
            {
                "output_type": "execute_result",
                "data": {"text/plain": "21"},
                "metadata": {},
                "execution_count": 1,
            },
        ],
    )


def test_names_stay_from_cell_to_cell_and_not_from_submission_to_submission(room: Room) -> None:
    with room.kernel() as first:
        first.run("kept = 1\nimport volens\nvolens.mark = 'left behind'")
        assert first.run("kept").status == "ok"
    with room.kernel() as second:
        assert second.run("kept").status == "error"
        assert says(second, "hasattr(__import__('volens'), 'mark')") is False


def test_an_error_ends_the_cell_and_not_the_notebook(kernel: Kernel) -> None:
    run = kernel.run("1 / 0")

    assert (run.status, run.outputs[0]["ename"]) == ("error", "ZeroDivisionError")
    assert kernel.run("1").status == "ok"


def test_an_error_that_is_kept_from_being_shown_is_noted(kernel: Kernel) -> None:
    kernel.run("get_ipython().showtraceback = lambda *a, **k: None")
    run = kernel.run("1 / 0")

    assert [output["ename"] for output in run.outputs] == ["ZeroDivisionError"]


def test_a_figure_becomes_a_picture(kernel: Kernel) -> None:
    run = kernel.run("import matplotlib.pyplot as plt\nplt.bar([1], [2]);")

    assert "image/png" in run.outputs[-1]["data"]


def test_what_programs_print_is_kept(kernel: Kernel) -> None:
    run = kernel.run(
        "os = __import__('os')\nos.write(1, b'raw ')\nos.system('echo out; echo e >&2');"
    )

    assert [(one["name"], one["text"]) for one in run.outputs] == [
        ("stdout", "raw out\n"),
        ("stderr", "e\n"),
    ]


def test_files_lie_in_the_working_directory(kernel: Kernel) -> None:
    assert says(kernel, "open('notes/table.csv').read()") == "a,b\n1,2\n"


def test_a_file_may_be_larger_than_what_a_notebook_may_write(room: Room) -> None:
    with room.kernel({"large.csv": bytes(5 << 20)}) as kernel:
        assert says(kernel, "os.path.getsize('large.csv')") == 5 << 20


def test_an_answer_is_asked_for(kernel: Kernel) -> None:
    kernel.run("ranking = ['C012', 'C040']")

    assert json.loads(kernel.ask('{"name": "ranking"}')) == {"value": '["C012", "C040"]'}


# What is seen


def test_nothing_of_the_grader_is_seen(kernel: Kernel) -> None:
    assert says(kernel, "'CANARY_OF_THE_GRADER' in os.environ") is False
    assert says(kernel, "os.path.exists('/etc/passwd')") is False
    assert says(kernel, f"os.path.exists({str(sandbox.__file__)!r})") is True
    for hidden in ("source", "tests", "pyproject.toml", ".git"):
        place = ROOT / hidden
        assert place.exists() or hidden == ".git"
        assert says(kernel, f"os.path.exists({str(place)!r})") is False


def test_it_sees_no_process_but_its_own(kernel: Kernel) -> None:
    assert says(kernel, "[p for p in os.listdir('/proc') if p.isdigit()]") == ["1"]
    assert says(kernel, "[os.getpid(), os.getppid(), os.getuid()]") == [1, 0, 1000]


def test_nothing_can_be_written_but_its_own_folders(kernel: Kernel) -> None:
    attempt = (
        "def writable(folder):\n"
        "    try:\n"
        "        open(folder + '/x', 'w').close()\n"
        "        return True\n"
        "    except OSError:\n"
        "        return False\n"
    )
    kernel.run(attempt)
    closed = ["/", "/usr", "/dev", str(Path(sandbox.__file__).parent)]

    assert says(kernel, f"[writable(one) for one in {closed}]") == [False] * 4
    assert says(kernel, "[writable(one) for one in ('/tmp', '/dev/shm', '.')]") == [True] * 3


def test_it_has_no_network(kernel: Kernel) -> None:
    run = kernel.run("import socket\nsocket.create_connection(('127.0.0.1', 1), 1)")
    lines = says(kernel, "open('/proc/net/dev').read().splitlines()[2:]")

    assert run.outputs[0]["ename"] == "OSError"
    assert [line.split(":")[0].strip() for line in lines] == ["lo"]


def test_it_has_no_rights_and_can_get_none(kernel: Kernel) -> None:
    status = says(kernel, "open('/proc/self/status').read()")
    rights = {
        line.split(":")[0]: line.split()[1]
        for line in status.splitlines()
        if ":" in line and len(line.split()) > 1
    }

    assert {rights[name] for name in ("CapEff", "CapPrm", "CapBnd")} == {"0" * 16}
    assert rights["NoNewPrivs"] == "1"
    for unshare in ("0x10000000", "0x20000", "0x40000000"):
        assert says(kernel, f"__import__('ctypes').CDLL(None).unshare({unshare})") == -1


@pytest.mark.parametrize(
    "call",
    [
        "os.memfd_create('m')",
        "library.shmget(0, 1 << 20, 0o1600)",
        "library.ptrace(0, 0, 0, 0)",
        # Memory that is shared without a file, and longer queues in sockets: nobody counts them.
        "mmap.mmap(-1, 4096)",
        "socket.socketpair()[0].setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 24)",
        # A process in a user namespace of its own, with both calls that there are for it.
        "library.clone(None, None, 0x10000000, None)",
        "library.syscall(435, None, 0)",
        "library.fsopen(b'tmpfs', 0)",
    ],
)
def test_calls_that_a_notebook_has_no_use_for_are_refused(kernel: Kernel, call: str) -> None:
    kernel.run("import ctypes, mmap, os, socket\nlibrary = ctypes.CDLL(None)")
    run = kernel.run(f"found = {call}\nassert found != -1, 'refused'")

    assert run.outputs[0]["evalue"] in {"refused", "[Errno 1] Operation not permitted"}


def test_what_processes_and_threads_need_is_allowed(kernel: Kernel) -> None:
    kernel.run("from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor")
    kernel.run("import asyncio, multiprocessing, subprocess")

    for pool in ("ProcessPoolExecutor", "ThreadPoolExecutor"):
        assert says(kernel, f"list({pool}(2).map(abs, [-1, 2]))") == [1, 2]
    assert says(kernel, "multiprocessing.Value('i', 7).value") == 7
    assert (
        says(kernel, "subprocess.run(['echo', '7'], capture_output=True).stdout.decode()") == "7\n"
    )
    assert text(kernel.run("print(await asyncio.sleep(0, 7))")) == "7\n"


@pytest.mark.parametrize("family", ["AF_INET", "AF_INET6", "AF_NETLINK", "AF_VSOCK"])
def test_it_has_no_sockets_that_lead_elsewhere(kernel: Kernel, family: str) -> None:
    run = kernel.run(f"import socket\nsocket.socket(socket.{family}, socket.SOCK_STREAM)")

    assert run.outputs[0]["ename"] == "OSError"


def test_it_finds_nothing_of_earlier_submissions_in_its_memory(room: Room) -> None:
    for _ in range(2):
        with room.kernel({"a.txt": b"only for the first student " * 3000}) as kernel:
            kernel.run("1")
    # In base 64, as it travels; the second half is put together where it is looked for.
    search = (
        "found, wanted = 0, b'b25seSBm' + b'b3IgdGhlIGZpcnN0'\n"
        "with open('/proc/self/maps') as maps, open('/proc/self/mem', 'rb', 0) as memory:\n"
        "    for line in (line for line in maps if ' rw' in line):\n"
        "        start, end = (int(one, 16) for one in line.split()[0].split('-'))\n"
        "        try:\n"
        "            memory.seek(start)\n"
        "            found += memory.read(end - start).count(wanted[:8] + wanted[8:])\n"
        "        except (OSError, ValueError, OverflowError):\n"
        "            pass\n"
        "print(found)"
    )
    with room.kernel(limits=replace(LIMITS, cell_seconds=120, memory=800 << 20)) as kernel:
        assert int(text(kernel.run(search))) < 10


def test_it_inherits_no_line_but_its_own(kernel: Kernel) -> None:
    listing = lines(
        "import os",
        "names = [f'/proc/self/fd/{n}' for n in os.listdir('/proc/self/fd')]",
        "found = [os.readlink(name).split(':')[0] for name in names if os.path.islink(name)]",
    )
    kernel.run(listing)
    listed = says(kernel, "found")

    # Its line; and what its event loop waits with, which was made for it alone.
    assert listed.count("socket") == 1 + 2
    assert listed.count("anon_inode") == 1
    assert "pipe" not in listed


# What is stopped


def test_a_cell_that_takes_too_long_is_interrupted_and_the_next_one_runs(
    hasty: Kernel, patient: None
) -> None:
    run = hasty.run("while True: pass")

    assert run.status == "interrupted"
    assert run.outputs[-1]["ename"] == "CellTimeoutError"
    assert says(hasty, "1") == 1


def test_a_cell_that_will_not_be_interrupted_is_stopped(hasty: Kernel) -> None:
    source = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"

    assert reason(hasty, source) == "time"
    assert reason(hasty, "1") == "time"


def test_a_question_that_takes_too_long_is_answered_by_the_grader(
    hasty: Kernel, patient: None
) -> None:
    hasty.run("def gate(x):\n    while True: pass")
    reply = json.loads(hasty.ask('{"name": "gate", "with": "[1]"}'))

    assert reply["error"] == "TimeoutError"
    assert says(hasty, "1") == 1


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import os; os._exit(3)", "ended-itself"),
        ("import ctypes; ctypes.string_at(0)", "ended-itself"),
        (EACH.format("os.write(n, b'x\\n')"), "nonsense"),
        (EACH.format("os.close(n)"), "ended-itself"),
        (
            lines(
                "import os, time",
                "x = bytearray(100 << 20)",
                "os.fork()",
                "y = bytearray(80 << 20)",
                f"time.sleep({ASLEEP})",
            ),
            "memory",
        ),
        (
            # Programs share nothing with the student's process.
            programs("x = bytearray(60 << 20)"),
            "memory",
        ),
        (
            programs("import socket; x = [socket.socketpair() for _ in range(120)]"),
            "memory",
        ),
    ],
    ids=["exit", "crash", "nonsense", "closed", "memory", "programs", "sockets"],
)
def test_a_process_that_ends_says_why(kernel: Kernel, source: str, expected: str) -> None:
    assert reason(kernel, source) == expected


def test_how_a_process_ended_is_known_each_time(room: Room) -> None:
    """The process that watches over it may be gone before it is asked."""
    told = set()
    for _ in range(30):
        with room.kernel() as kernel, pytest.raises(KernelStoppedError, match="exit code") as end:
            kernel.run("import os; os._exit(4)")
        told.add(str(end.value))

    assert len(told) == 1


def test_a_flood_on_the_line_is_cut(kernel: Kernel) -> None:
    flood = EACH.format("for _ in range(2000): os.write(n, b'x' * 65536)")

    assert reason(kernel, flood) == "output"


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("x = bytearray(1 << 30)", "MemoryError"),
        (
            f"import os, time\nwhile os.fork(): pass\ntime.sleep({ASLEEP})",
            "BlockingIOError",
        ),
        (
            lines(
                "import threading, time",
                f"while True: threading.Thread(target=time.sleep, args=({ASLEEP},)).start()",
            ),
            "RuntimeError",
        ),
        ("kept = []\nwhile True: kept.append(open('/dev/null'))", "OSError"),
        ("open('big', 'wb').write(bytes(6 << 20))", "OSError"),
        ("for n in range(9): open(f'part{n}', 'wb').write(bytes(3 << 20))", "OSError"),
        ("input('?')", "StdinNotImplementedError"),
    ],
    ids=["memory", "processes", "threads", "files", "file", "disk", "input"],
)
def test_what_goes_too_far_meets_an_error(kernel: Kernel, source: str, error: str) -> None:
    run = kernel.run(source)

    assert error in [output.get("ename") for output in run.outputs]


def test_output_is_cut_by_its_length(kernel: Kernel) -> None:
    printed = text(kernel.run("print('x' * 1_000_000)"))

    assert len(printed) < 101_000
    assert printed.endswith("... Output truncated ...\n")


def test_all_cells_together_may_show_so_much(room: Room) -> None:
    with room.kernel(limits=replace(LIMITS, output_bytes=10_000)) as kernel:
        for _ in range(15):
            kernel.run("print('x' * 9_900)")

        assert reason(kernel, "print('x' * 9_900)\nprint('y' * 9_900)") == "output"


def shown(data: dict[str, Any]) -> Any:  # noqa: ANN401 (any JSON value)
    (output,) = cleaned([{"output_type": "display_data", "data": data}])
    return output["data"]


def test_what_no_file_can_hold_is_taken_out_of_an_output() -> None:
    deep: Any = json.loads("[" * 900 + "]" * 900)

    assert shown({"a+json": {"b": ["\ud800", float("inf"), 1]}}) == {
        "a+json": {"b": ["?", None, 1]}
    }
    assert str(shown({"a+json": deep})).count("[") == 51
    assert shown({"a+json": [[]] * 60_000, "text/plain": "1"}) == {"text/plain": "1"}
    assert len(cleaned([{"output_type": "error"}] * 2_000)) == 1_000


def test_nothing_outlives_the_submission(room: Room) -> None:
    mark = secrets.token_hex(8)
    stays = [sys.executable, "-S", "-c", f"import time; time.sleep({ASLEEP})", mark]
    with room.kernel() as kernel:
        run = kernel.run(
            lines(
                "import os",
                "for folder in ('/dev/shm', '/tmp', '.'): open(folder + '/left', 'w').close()",
                "if os.fork() == 0:",
                "    os.setsid()",
                f"    if os.fork() == 0: os.execv({sys.executable!r}, {stays!r})",
                "    os._exit(0)",
            )
        )
        assert run == Run("ok", [])
        # Seen from outside, where it cannot hide.
        assert bearing(mark, wanted=True)
    assert not bearing(mark, wanted=False)
    with room.kernel() as kernel:
        assert says(kernel, "os.listdir('/dev/shm') + os.listdir('.')") == []
        assert says(kernel, "[name for name in os.listdir('/tmp') if 'left' in name]") == []
    assert room.is_open


def bearing(mark: str, *, wanted: bool, seconds: float = 60) -> list[int]:
    """The living processes with a word in their command, once there are some, or none."""
    end = time.monotonic() + seconds
    while True:
        with_mark = [
            one.pid
            for one in psutil.process_iter(["cmdline"])
            if mark in (one.info["cmdline"] or ())
        ]
        if bool(with_mark) == wanted or time.monotonic() > end:
            return with_mark
        time.sleep(0.02)


def test_a_submission_has_one_budget_of_time() -> None:
    with (
        Room(LIMITS) as room,
        room.kernel(limits=Limits(cell_seconds=5, submission_seconds=1)) as kernel,
    ):
        assert reason(kernel, "import time; time.sleep(60)") == "submission-time"


def test_without_a_sandbox_the_same_cells_run() -> None:
    with Room(LIMITS, sandboxed=False) as room:
        with room.kernel({"a.txt": b"1"}) as kernel:
            assert says(kernel, "open('a.txt').read()") == "1"
            place = says(kernel, "os.getcwd()")
        assert not Path(place).exists()


def test_a_process_that_cannot_be_made_ready_says_why(room: Room) -> None:
    files = {"notes": b"", "notes/more.txt": b""}
    with (
        pytest.raises(SandboxError, match=r"could not be made ready: .*(Exists|NotADir)"),
        room.kernel(files) as kernel,
    ):
        kernel.run("1")
    with room.kernel() as kernel:
        assert kernel.run("1").status == "ok"
