"""Staying alive after the cell, the test or the submission has ended."""

from tests.attacks.attack import Attack, at_end, at_start, before

__all__ = ["ATTACKS"]

FAMILY = "staying"

_LATER = """\
import os, socket, time
def later():
    end = time.monotonic() + 60
    while time.monotonic() < end:
        for path in ("@course@", "/tmp", "/var/tmp", "/dev/shm", "."):
            try:
                with open(os.path.join(path, "@token@-late"), "a") as file:
                    file.write("still here")
            except OSError:
                pass
        try:
            socket.create_connection(("127.0.0.1", @port@), 0.1).close()
        except OSError:
            pass
        for number in (1, 2):
            try:
                os.write(number, b"@token@ still here")
            except OSError:
                pass
        time.sleep(0.05)
    os._exit(0)
"""

ATTACKS = (
    Attack(
        "threads",
        FAMILY,
        "keeps threads that change the answers while tests read them",
        at_start("""\
import threading, time
def changes():
    space = get_ipython().user_ns
    end = time.monotonic() + 20
    while time.monotonic() < end:
        for words in (("met", "unclear", "met"), ("met", "met", "unclear")):
            space["gates"] = dict(zip(("V1", "V2", "V3"), words))
            time.sleep(0.0005)
for _ in range(4):
    threading.Thread(target=changes, daemon=True).start()
"""),
    ),
    Attack(
        "stubborn-threads",
        FAMILY,
        "keeps threads for which a process waits at its end",
        at_end("import threading, time\nthreading.Thread(target=time.sleep, args=(3600,)).start()"),
        keeps=("gates-test", "counts-test", "may-enter-test"),
    ),
    Attack(
        "detached-child",
        FAMILY,
        "leaves a child in a session of its own, which writes and calls later",
        at_end(
            _LATER
            + """\
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        later()
    os._exit(0)
"""
        ),
    ),
    Attack(
        "detached-program",
        FAMILY,
        "starts programs in the background that outlive it, through nohup and setsid",
        at_end("""\
import subprocess
for start in (["setsid"], ["nohup"], ["setsid", "nohup"]):
    subprocess.Popen([*start, "sh", "-c", "sleep 60; touch /tmp/@token@-late"],
                     start_new_session=True, stdin=subprocess.DEVNULL,
                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
"""),
    ),
    Attack(
        "child-that-holds-the-channel",
        FAMILY,
        "leaves a child with every open file, and ends itself",
        at_end("""\
import os, signal, time
if os.fork() == 0:
    for sign in range(1, 32):
        try:
            signal.signal(sign, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    time.sleep(3600)
os._exit(0)
"""),
    ),
    Attack(
        "child-that-answers",
        FAMILY,
        "lets a child and its parent both answer the questions",
        before("gates-test", "import os\nos.fork()"),
    ),
    Attack(
        "signal-handlers",
        FAMILY,
        "ignores every signal and answers alarms by working on",
        at_end("""\
import signal
for sign in range(1, 65):
    try:
        signal.signal(sign, lambda *given: None)
    except (OSError, ValueError):
        pass
signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
while True:
    pass
"""),
        keeps=("gates-test", "counts-test", "may-enter-test"),
    ),
    Attack(
        "alarms-in-probes",
        FAMILY,
        "lets an alarm interrupt the answering a thousand times a second",
        at_start("""\
import signal
def rings(*given):
    raise ValueError("6.0")
signal.signal(signal.SIGALRM, rings)
signal.setitimer(signal.ITIMER_REAL, 0.3, 0.001)
"""),
    ),
    Attack(
        "tasks-of-the-loop",
        FAMILY,
        "leaves tasks and callbacks in the event loop",
        at_start("""\
import asyncio
async def stays():
    while True:
        print("6.0")
        await asyncio.sleep(0)
try:
    asyncio.get_event_loop().create_task(stays())
except RuntimeError:
    pass
await asyncio.sleep(0)
"""),
    ),
    Attack(
        "work-at-exit",
        FAMILY,
        "does its work when the process ends: exit hooks, finalisers, forks of exit hooks",
        at_end(
            _LATER
            + """\
import atexit, weakref
atexit.register(later)
class Last:
    def __del__(self): later()
last = Last()
weakref.finalize(last, later)
os.register_at_fork(after_in_child=lambda: None, before=lambda: None)
"""
        ),
    ),
    Attack(
        "moves-to-the-warm-process",
        FAMILY,
        "injects calls into its parent through ptrace and pidfd",
        at_end("""\
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
parent = os.getppid()
if parent not in (0, os.getpid()):
    number = libc.syscall(434, parent, 0)
    if number >= 0:
        for there in range(64):
            if libc.syscall(438, number, there, 0) >= 0:
                print("@won@ took a file of its parent")
    if libc.ptrace(16, parent, 0, 0) == 0:
        print("@won@ attached to its parent")
        libc.ptrace(17, parent, 0, 0)
"""),
    ),
)
