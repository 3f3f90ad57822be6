"""Using up time, memory, processes, files, or the grader's patience.

None of these may ever run outside a sandbox.
"""

from tests.attacks.attack import Attack, Submission, at_end, at_start, before, in_place_of

__all__ = ["ATTACKS"]

FAMILY = "exhaustion"

_JUDGED = ("gates-test", "counts-test", "may-enter-test")


def _slow_cells(submission: Submission) -> bytes:
    for _ in range(40):
        submission.insert(len(submission.notebook["cells"]), "import time\ntime.sleep(1.5)")
    return submission.as_bytes()


ATTACKS = (
    Attack(
        "infinite-loop",
        FAMILY,
        "never ends a cell",
        at_start("while True:\n    pass"),
        keeps=_JUDGED,
    ),
    Attack(
        "loop-that-swallows-interrupts",
        FAMILY,
        "goes on whatever interrupts it",
        at_end("""\
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
"""),
        keeps=_JUDGED,
    ),
    Attack(
        "loop-in-c",
        FAMILY,
        "computes a power that no interrupt can end",
        at_end("10 ** 10 ** 8 % 7"),
        keeps=_JUDGED,
    ),
    Attack(
        "endless-pattern",
        FAMILY,
        "matches a pattern that takes for ever",
        at_end('import re\nre.match("(a*)*b", "a" * 60)'),
        keeps=_JUDGED,
    ),
    Attack(
        "sleeps",
        FAMILY,
        "sleeps for a year in every cell",
        at_end("import time\nwhile True:\n    time.sleep(10 ** 7)"),
        keeps=_JUDGED,
    ),
    Attack(
        "waits-for-input",
        FAMILY,
        "waits for somebody to type",
        at_end('import sys\nsys.stdin.readline()\ninput("Marks? ")'),
        keeps=_JUDGED,
    ),
    Attack(
        "many-slow-cells",
        FAMILY,
        "stays just under each limit, in very many cells",
        _slow_cells,
        keeps=_JUDGED,
    ),
    Attack(
        "fork-bomb",
        FAMILY,
        "forks without end",
        at_end("""\
import os
while True:
    try:
        os.fork()
    except OSError:
        pass
"""),
        keeps=_JUDGED,
    ),
    Attack(
        "thread-bomb",
        FAMILY,
        "starts threads without end",
        at_end("""\
import threading, time
kept = []
while True:
    try:
        thread = threading.Thread(target=time.sleep, args=(3600,), daemon=True)
        thread.start()
        kept.append(thread)
    except RuntimeError:
        time.sleep(0.01)
"""),
        keeps=_JUDGED,
    ),
    Attack(
        "memory",
        FAMILY,
        "takes memory until there is none, and touches it",
        at_end("""\
kept = []
while True:
    try:
        kept.append(bytearray(b"x" * 50_000_000))
    except MemoryError:
        pass
"""),
        keeps=_JUDGED,
    ),
    Attack(
        "memory-of-many",
        FAMILY,
        "takes memory in many children at once",
        at_end("""\
import os, time
for _ in range(24):
    try:
        if os.fork() == 0:
            try:
                kept = bytearray(b"x" * 200_000_000)
            except MemoryError:
                kept = bytearray(b"x" * 50_000_000)
            time.sleep(3600)
    except OSError:
        break
time.sleep(3600)
"""),
        keeps=_JUDGED,
    ),
    Attack(
        "memory-outside-the-heap",
        FAMILY,
        "keeps memory in shared maps, anonymous files and pipes, which no limit of a heap counts",
        at_end("""\
import mmap, os
kept = []
try:
    while True:
        shared = mmap.mmap(-1, 20_000_000)
        shared.write(b"x" * 20_000_000)
        kept.append(shared)
except (OSError, ValueError, MemoryError):
    pass
try:
    number = os.memfd_create("kept")
    while True:
        os.write(number, b"x" * 10_000_000)
except (OSError, MemoryError):
    pass
"""),
        keeps=_JUDGED,
    ),
    Attack(
        "disk",
        FAMILY,
        "fills every folder in which it may write",
        at_end("""\
import os
block = b"x" * 1_000_000
for folder in (".", "/tmp", "/dev/shm", "/var/tmp", os.path.expanduser("~"), "/run", "/dev"):
    for number in range(4000):
        try:
            with open(os.path.join(folder, f"@token@-{number}"), "wb") as file:
                for _ in range(4):
                    file.write(block)
        except OSError:
            break
"""),
        keeps=_JUDGED,
    ),
    Attack(
        "one-huge-file",
        FAMILY,
        "makes one file of five gigabytes, with holes and without",
        at_end("""\
import os
for folder in (".", "/tmp"):
    try:
        number = os.open(os.path.join(folder, "@token@"), os.O_RDWR | os.O_CREAT)
        os.ftruncate(number, 5_000_000_000)
        os.posix_fallocate(number, 0, 5_000_000_000)
    except OSError:
        pass
"""),
        keeps=_JUDGED,
    ),
    Attack(
        "many-small-files",
        FAMILY,
        "makes files and folders until there is no room for another name",
        at_end("""\
import os
for number in range(2_000_000):
    try:
        os.mkdir(f"/tmp/@token@-{number}")
        os.mknod(f"@token@-{number}")
    except OSError:
        break
"""),
        keeps=_JUDGED,
    ),
    Attack(
        "prints-without-end",
        FAMILY,
        "prints without end",
        at_end('while True:\n    print("x" * 10_000)'),
        keeps=_JUDGED,
    ),
    Attack(
        "one-long-line",
        FAMILY,
        "prints and returns one line of a hundred megabytes",
        at_end('text = "x" * 100_000_000\nprint(text)\ntext'),
        keeps=_JUDGED,
    ),
    Attack(
        "shows-without-end",
        FAMILY,
        "shows objects without end",
        at_end("""\
from IPython.display import HTML, display
while True:
    display(HTML("<p>" + "x" * 100_000 + "</p>"))
"""),
        keeps=_JUDGED,
    ),
    Attack(
        "error-stream-without-end",
        FAMILY,
        "writes to the error stream and raises errors of a hundred megabytes",
        at_end("""\
import sys
for _ in range(2000):
    sys.stderr.write("x" * 100_000)
raise ValueError("x" * 50_000_000)
"""),
        keeps=_JUDGED,
    ),
    Attack(
        "writes-past-the-streams",
        FAMILY,
        "writes to the descriptors 1 and 2 without end, past Python's streams",
        at_end(
            'import os\nwhile True:\n    os.write(1, b"x" * 100_000)\n    os.write(2, b"x" * 9000)'
        ),
        keeps=_JUDGED,
    ),
    Attack(
        "open-files",
        FAMILY,
        "opens files and sockets until there are none left, and keeps them through the tests",
        before(
            "gates-test",
            """\
import os, socket
kept = []
try:
    while True:
        kept.append(open("/dev/null"))
except OSError:
    pass
try:
    while True:
        kept.append(socket.socketpair())
except OSError:
    pass
""",
        ),
    ),
    Attack(
        "many-children",
        FAMILY,
        "keeps every process that it may have, through the tests",
        before(
            "gates-test",
            """\
import os, time
for _ in range(500):
    try:
        if os.fork() == 0:
            while True:
                pass
    except OSError:
        break
""",
        ),
    ),
    Attack(
        "answers-without-end",
        FAMILY,
        "answers each question with a hundred megabytes",
        in_place_of(
            may_enter='def may_enter(facts):\n    return ["x" * 1000] * 100_000\n',
        ),
        keeps=("gates-test", "counts-test"),
    ),
    Attack(
        "compiles-for-ever",
        FAMILY,
        "hands in code that is hard to read: deep brackets and huge constants",
        at_end('eval("(" * 90 + ")" * 90)\ncompile("x=" + "-" * 100_000 + "1", "c", "exec")'),
        keeps=_JUDGED,
    ),
    Attack(
        "deep-brackets",
        FAMILY,
        "hands in a cell that no parser can read to its end",
        at_end("x = " + "[" * 50_000 + "]" * 50_000),
        keeps=_JUDGED,
    ),
    Attack(
        "slow-probe",
        FAMILY,
        "lets each question wait as long as it may",
        in_place_of(
            may_enter="import time\ndef may_enter(facts):\n    time.sleep(0.9)\n    return True\n"
        ),
        keeps=("gates-test", "counts-test"),
    ),
    Attack(
        "probe-that-never-returns",
        FAMILY,
        "never returns from a function that a test calls, whatever interrupts it",
        in_place_of(
            may_enter="""\
def may_enter(facts):
    while True:
        try:
            while True: pass
        except BaseException:
            pass
"""
        ),
        keeps=("gates-test", "counts-test"),
    ),
    Attack(
        "shell-commands",
        FAMILY,
        "does the same through the shell's magic commands",
        at_start("!yes | head -c 50000000\n!sleep 3600 &\n%%bash\nsleep 3600"),
    ),
)
