"""Reaching the next submission, which comes out of the same warm process.

Each leaves something; its accomplice, marked after it, looks for that. Whatever gets
through would let one student give answers to another, or harm one.
"""

from tests.attacks.attack import SEARCH, Attack, Build, at_end, at_start

__all__ = ["ATTACKS"]

FAMILY = "siblings"

_LIBC = "import ctypes, os\nlibc = ctypes.CDLL(None, use_errno=True)\n"


def _looks(code: str) -> Build:
    return at_start(SEARCH + code)


ATTACKS = (
    Attack(
        "left-files",
        FAMILY,
        "leaves files for an accomplice",
        at_end("""\
import os, sys
named = (os.environ.get(name, "/tmp") for name in ("MPLCONFIGDIR", "IPYTHONDIR", "TMPDIR"))
for folder in {".", "/tmp", "/dev/shm", "/var/tmp", "/run", os.path.expanduser("~"), *sys.path,
               *named}:
    try:
        with open(os.path.join(folder, "baton.txt"), "w") as file:
            file.write("@baton@")
    except OSError:
        pass
"""),
        _looks("""\
import sys
named = (os.environ.get(name, "/tmp") for name in ("MPLCONFIGDIR", "IPYTHONDIR", "TMPDIR"))
for top in {".", "/tmp", "/dev/shm", "/var/tmp", "/run", os.path.expanduser("~"), *sys.path,
            *named}:
    look(os.path.join(top, "baton.txt"))
"""),
    ),
    Attack(
        "left-shared-memory",
        FAMILY,
        "leaves shared memory, semaphores and message queues for an accomplice",
        at_end(
            _LIBC
            + """\
libc.shmat.restype = ctypes.c_void_p
number = libc.shmget(0x766F6C, 4096, 0o1666)
at = libc.shmat(number, None, 0)
if number >= 0:
    ctypes.memmove(at, b"@baton@", 29)
from multiprocessing import resource_tracker, shared_memory
try:
    block = shared_memory.SharedMemory("baton", create=True, size=4096)
    resource_tracker.unregister(block._name, "shared_memory")
    block.buf[:29] = b"@baton@"
except OSError:
    pass
queue = libc.msgget(0x766F6C, 0o1666)
class Message(ctypes.Structure):
    _fields_ = [("kind", ctypes.c_long), ("text", ctypes.c_char * 64)]
libc.msgsnd(queue, ctypes.byref(Message(1, b"@baton@")), 64, 0o4000)
"""
        ),
        _looks(
            _LIBC
            + """\
libc.shmat.restype = ctypes.c_void_p
number = libc.shmget(0x766F6C, 0, 0o666)
if number >= 0:
    tell(ctypes.string_at(libc.shmat(number, None, 0o10000), 64))
look("/dev/shm/baton")
class Message(ctypes.Structure):
    _fields_ = [("kind", ctypes.c_long), ("text", ctypes.c_char * 64)]
queue, message = libc.msgget(0x766F6C, 0o666), Message()
if queue >= 0 and libc.msgrcv(queue, ctypes.byref(message), 64, 0, 0o4000) > 0:
    tell(message.text)
"""
        ),
    ),
    Attack(
        "left-keys",
        FAMILY,
        "leaves keys in the kernel's keyrings for an accomplice",
        at_end(
            _LIBC
            + """\
for ring in (-1, -2, -3, -4, -5):
    libc.syscall(248, b"user", b"baton", b"@baton@", 29, ring)
    number = libc.syscall(248, b"user", b"baton", b"@baton@", 29, ring)
    libc.syscall(250, 5, number, 0x3F3F3F3F)
"""
        ),
        _looks(
            _LIBC
            + """\
look("/proc/keys")
buffer = ctypes.create_string_buffer(64)
for ring in (-1, -2, -3, -4, -5):
    number = libc.syscall(250, 10, ring, b"user", b"baton", 0)
    if number > 0 and libc.syscall(250, 11, number, buffer, 64) > 0:
        tell(buffer.raw)
"""
        ),
    ),
    Attack(
        "left-sockets",
        FAMILY,
        "leaves a child that listens on sockets for an accomplice",
        at_end("""\
import os, socket, time
if os.fork() == 0:
    os.setsid()
    listening = []
    for kind, name in ((socket.AF_UNIX, "\\0baton"), (socket.AF_UNIX, "/tmp/baton.sock"),
                       (socket.AF_INET, ("127.0.0.1", 54321))):
        try:
            one = socket.socket(kind)
            one.bind(name)
            one.listen()
            one.settimeout(0.05)
            listening.append(one)
        except OSError:
            pass
    end = time.monotonic() + 30
    while time.monotonic() < end:
        for one in listening:
            try:
                caller, _ = one.accept()
                caller.sendall(b"@baton@")
                caller.close()
            except OSError:
                pass
    os._exit(0)
time.sleep(0.3)
"""),
        _looks("""\
import socket
for kind, name in ((socket.AF_UNIX, "\\0baton"), (socket.AF_UNIX, "/tmp/baton.sock"),
                   (socket.AF_INET, ("127.0.0.1", 54321))):
    try:
        one = socket.socket(kind)
        one.settimeout(0.3)
        one.connect(name)
        tell(one.recv(64))
    except OSError:
        pass
"""),
    ),
    Attack(
        "left-in-descriptors",
        FAMILY,
        "writes into files that it has inherited, moves in them, locks them and stops them",
        at_end("""\
import fcntl, os
for number in range(256):
    for try_it in (
        lambda: os.write(number, b"@baton@\\n") if number > 2 else None,
        lambda: os.ftruncate(number, 7_000),
        lambda: os.lseek(number, 1_234, os.SEEK_SET),
        lambda: fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB),
        lambda: os.set_blocking(number, False),
        lambda: fcntl.fcntl(number, fcntl.F_SETPIPE_SZ, 4096),
        lambda: fcntl.fcntl(number, fcntl.F_SETOWN, os.getppid()),
    ):
        try:
            try_it()
        except OSError:
            pass
"""),
        _looks("""\
for number in range(3, 256):
    try:
        if os.lseek(number, 0, os.SEEK_CUR) == 1_234:
            print("found @seen@ in a file's place")
    except OSError:
        pass
    try:
        tell(os.pread(number, 100_000, 0))
    except OSError:
        pass
"""),
    ),
    Attack(
        "left-in-the-parent",
        FAMILY,
        "changes limits, priority, name and groups of the warm process for whoever comes next",
        at_end(
            _LIBC
            + """\
import resource
for process in {os.getppid(), 1} - {0, os.getpid()}:
    for name in ("RLIMIT_NOFILE", "RLIMIT_NPROC", "RLIMIT_FSIZE", "RLIMIT_CPU"):
        try:
            resource.prlimit(process, getattr(resource, name), (1, 1))
        except (OSError, ValueError):
            pass
    try:
        os.setpriority(os.PRIO_PROCESS, process, 19)
        os.sched_setaffinity(process, {0})
    except OSError:
        pass
    for file, text in (("oom_score_adj", "1000"), ("comm", "baton"), ("timerslack_ns", "10000000")):
        try:
            with open(f"/proc/{process}/{file}", "w") as opened:
                opened.write(text)
        except OSError:
            pass
libc.sethostname(b"baton", 5)
os.umask(0o777)
"""
        ),
        _looks("""\
import socket
names = [socket.gethostname()]
for path in glob.glob("/proc/[0-9]*/comm"):
    with open(path) as file:
        names.append(file.read())
if any("baton" in name for name in names):
    print("found @seen@ in a name")
"""),
    ),
    Attack(
        "left-locks",
        FAMILY,
        "locks files of the system, for ever, for the next to wait at",
        at_end("""\
import fcntl, glob, os, time
import matplotlib, pandas, volens
kept = []
for one in (os, volens, pandas, matplotlib):
    try:
        file = open(one.__file__)
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        kept.append(file)
    except OSError:
        pass
if os.fork() == 0:
    os.setsid()
    time.sleep(60)
"""),
        _looks("""\
import fcntl
import volens
try:
    fcntl.flock(open(os.__file__), fcntl.LOCK_EX | fcntl.LOCK_NB)
except OSError:
    print("found @seen@ in a lock")
"""),
    ),
    Attack(
        "left-mounts",
        FAMILY,
        "mounts folders of its own over those of the packages",
        at_end(
            _LIBC
            + """\
import volens
os.makedirs("/tmp/own", exist_ok=True)
with open("/tmp/own/__init__.py", "w") as file:
    file.write("baton = '@baton@'")
for path in (os.path.dirname(volens.__file__), "/usr/lib", "/etc", "/tmp", "/dev/shm"):
    libc.mount(b"/tmp/own", path.encode(), None, 4096, None)
    libc.mount(b"none", path.encode(), b"tmpfs", 0, None)
"""
        ),
        _looks("""\
import volens
look(volens.__file__)
for path in glob.glob("/etc/*") + glob.glob("/tmp/*"):
    look(path)
"""),
    ),
)
