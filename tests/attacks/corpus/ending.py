"""Ending what should go on: the kernel, the warm process, the grader, the class."""

from tests.attacks.attack import Attack, Submission, at_end, at_start, in_place_of

__all__ = ["ATTACKS"]

FAMILY = "ending"

_JUDGED = ("gates-test", "counts-test", "may-enter-test")
_BEFORE_THE_FUNCTION = ("gates-test", "counts-test")


def _in_a_probe(code: str) -> Submission | object:
    body = "\n".join(f"    {line}" for line in code.strip().splitlines())
    return in_place_of(may_enter=f"import os, signal\n\ndef may_enter(facts):\n{body}\n")


def _signals(code: str) -> str:
    return f"import os, signal, time\n{code}"


ATTACKS = (
    Attack(
        "sys-exit",
        FAMILY,
        "calls sys.exit in a cell",
        at_start("import sys\nsys.exit(0)"),
        keeps=_JUDGED,
        tame=True,
    ),
    Attack("quit", FAMILY, "calls quit, exit and raises SystemExit", at_start("quit()\nexit()")),
    Attack(
        "os-exit", FAMILY, "ends its process in the first cell", at_start("import os\nos._exit(0)")
    ),
    Attack(
        "os-exit-at-the-end",
        FAMILY,
        "ends its process after the last test",
        at_end("import os\nos._exit(0)"),
        keeps=_JUDGED,
    ),
    Attack(
        "os-exit-in-a-probe",
        FAMILY,
        "ends its process while a test calls its function",
        in_place_of(may_enter="import os\n\ndef may_enter(facts):\n    os._exit(0)\n"),
        keeps=_BEFORE_THE_FUNCTION,
    ),
    Attack(
        "os-exit-while-encoding",
        FAMILY,
        "ends its process while its answer is being written down",
        in_place_of(
            gates="""\
import os, volens.encoding
gates = {"V1": "met", "V2": "unclear", "V3": "unclear"}
volens.encoding.encode = volens.encoding.dumps = lambda *given: os._exit(0)
"""
        ),
    ),
    Attack(
        "kills-itself-in-a-probe",
        FAMILY,
        "sends itself SIGKILL while a test calls its function",
        in_place_of(
            may_enter="""\
import os, signal
def may_enter(facts):
    os.kill(os.getpid(), signal.SIGKILL)
"""
        ),
        keeps=_BEFORE_THE_FUNCTION,
    ),
    Attack(
        "kills-its-parent",
        FAMILY,
        "sends its parent SIGTERM, SIGSEGV and SIGKILL",
        at_start(
            _signals("""\
for sign in (signal.SIGTERM, signal.SIGSEGV, signal.SIGKILL):
    try:
        os.kill(os.getppid(), sign)
    except OSError:
        pass
time.sleep(0.2)
""")
        ),
    ),
    Attack(
        "stops-its-parent",
        FAMILY,
        "sends SIGSTOP to its parent and to all processes but itself",
        at_start(
            _signals("""\
for process in (os.getppid(), 1):
    try:
        os.kill(process, signal.SIGSTOP)
    except OSError:
        pass
for name in os.listdir("/proc"):
    if name.isdigit() and int(name) != os.getpid():
        try:
            os.kill(int(name), signal.SIGSTOP)
        except OSError:
            pass
""")
        ),
    ),
    Attack(
        "kills-everything",
        FAMILY,
        "sends SIGKILL to every process that it can reach",
        at_start(
            _signals("""\
for name in sorted(os.listdir("/proc")):
    if name.isdigit() and int(name) != os.getpid():
        try:
            os.kill(int(name), signal.SIGKILL)
        except OSError:
            pass
try:
    os.kill(-1, signal.SIGKILL)
except OSError:
    pass
""")
        ),
    ),
    Attack(
        "kills-its-group",
        FAMILY,
        "sends signals to its process group and to the group of its parent",
        at_start(
            _signals("""\
for group in (os.getpgid(os.getppid()), os.getpgrp(), 0):
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(group, sign)
        except OSError:
            pass
""")
        ),
    ),
    Attack(
        "stops-itself",
        FAMILY,
        "sends itself SIGSTOP and never answers again",
        in_place_of(
            may_enter="""\
import os, signal
def may_enter(facts):
    os.kill(os.getpid(), signal.SIGSTOP)
    return True
"""
        ),
        keeps=_BEFORE_THE_FUNCTION,
    ),
    Attack(
        "segfault",
        FAMILY,
        "reads from an address that is not there",
        at_start("import ctypes\nctypes.string_at(1)"),
    ),
    Attack("abort", FAMILY, "calls abort", at_end("import os\nos.abort()"), keeps=_JUDGED),
    Attack(
        "another-program",
        FAMILY,
        "becomes a program that sleeps, with the way to the grader still open",
        at_start("""\
import os
for number in range(3, 256):
    try:
        os.set_inheritable(number, True)
    except OSError:
        pass
os.execv("/bin/sh", ["sh", "-c", "sleep 3600"])
"""),
    ),
    Attack(
        "base-exceptions",
        FAMILY,
        "raises KeyboardInterrupt, SystemExit, GeneratorExit and worse in a cell and in probes",
        in_place_of(
            gates="""\
gates = {"V1": "met", "V2": "unclear", "V3": "unclear"}
raise KeyboardInterrupt("6.0")
""",
            may_enter="""\
class Worse(BaseException):
    def __str__(self): raise Worse()
    __repr__ = __str__
turns = [KeyboardInterrupt, SystemExit, GeneratorExit, Worse]
def may_enter(facts):
    raise turns.pop()("6.0")
""",
        ),
        keeps=_BEFORE_THE_FUNCTION,
    ),
    Attack(
        "deep-recursion",
        FAMILY,
        "recurses through C code until the stack ends",
        at_start("""\
import sys
sys.setrecursionlimit(10 ** 9)
class Deep:
    def __getattr__(self, name): return getattr(self, name + "x")
    def __repr__(self): return repr([self])
repr(Deep())
"""),
    ),
    Attack(
        "signals-all-children-of-the-parent",
        FAMILY,
        "guesses the numbers of its neighbours and sends them signals",
        at_end(
            _signals("""\
for process in [*range(2, 3000), *range(os.getpid() - 200, os.getpid() + 200)]:
    if process not in (os.getpid(), os.getppid(), 1) and process > 0:
        for sign in (signal.SIGINT, signal.SIGKILL):
            try:
                os.kill(process, sign)
            except OSError:
                break
""")
        ),
    ),
)
