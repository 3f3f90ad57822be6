"""Writing where a student must not write. Each file made bears a mark by which it is found."""

from tests.attacks.attack import Attack, at_end, at_start

__all__ = ["ATTACKS"]

FAMILY = "writing"

ATTACKS = (
    Attack(
        "gradebook-written",
        FAMILY,
        "sets its own marks in the gradebook, and locks it",
        at_end("""\
import sqlite3
for path in ("@course@/gradebook.db", "../../../gradebook.db"):
    try:
        database = sqlite3.connect(path, timeout=0.2)
        database.execute("UPDATE grade SET manual_score = 6, auto_score = 6")
        database.commit()
        database.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error:
        pass
"""),
    ),
    Attack(
        "neighbours-files",
        FAMILY,
        "writes into the folders of others and of the course",
        at_end("""\
import glob, os
for top in ("submitted", "autograded", "feedback", "results", "source", "release", "."):
    for folder in [f"@course@/{top}", *glob.glob(f"@course@/{top}/*/*")]:
        try:
            with open(os.path.join(folder, "@token@.ipynb"), "w") as file:
                file.write("{}")
        except OSError:
            pass
for path in glob.glob("@course@/submitted/*/*/*.ipynb") + ["@course@/nbgrader_config.py"]:
    try:
        open(path, "ab").close()
        os.utime(path)
        print("@won@")
    except OSError:
        pass
"""),
    ),
    Attack(
        "poisoned-packages",
        FAMILY,
        "puts modules among the packages that the next submission imports",
        at_end("""\
import glob, os, site, sys
import volens, pandas, numpy
folders = [os.path.dirname(one.__file__) for one in (volens, pandas, numpy)]
folders += [*sys.path, *site.getsitepackages(), site.getusersitepackages(), "@checkout@"]
for folder in folders:
    for name in ("@token@.pth", "@token@.py"):
        try:
            os.makedirs(folder, exist_ok=True)
            with open(os.path.join(folder, name), "w") as file:
                file.write("import sys\\n")
        except OSError:
            pass
for module in (volens, volens.answering, pandas):
    try:
        open(module.__file__, "ab").close()
        print("@won@")
    except OSError:
        pass
"""),
    ),
    Attack(
        "startup-files",
        FAMILY,
        "writes files that a shell, Python or Jupyter runs when it starts",
        at_end("""\
import os
for home in ("@home@", os.path.expanduser("~"), "/root", "/etc", "/usr/local"):
    for name in (".@token@rc", ".ipython/profile_default/startup/@token@.py",
                 ".config/@token@", ".local/lib/python3.11/site-packages/@token@.pth",
                 "profile.d/@token@.sh", "bin/@token@", "cron.d/@token@"):
        path = os.path.join(home, name)
        try:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as file:
                file.write("true\\n")
        except OSError:
            pass
"""),
    ),
    Attack(
        "leftovers",
        FAMILY,
        "leaves files in every folder in which anybody may write",
        at_end("""\
import os
for folder in ("/tmp", "/var/tmp", "/dev/shm", "/run", "/run/lock", "/dev/mqueue", "/", "/dev",
               "/home", "/srv", "/opt", "/mnt", "..", "../..", "."):
    try:
        with open(os.path.join(folder, "@token@"), "w") as file:
            file.write("x" * 1000)
        os.mkfifo(os.path.join(folder, "@token@-pipe"))
        os.symlink("/etc/passwd", os.path.join(folder, "@token@-link"))
    except OSError:
        pass
"""),
    ),
    Attack(
        "settings-of-the-system",
        FAMILY,
        "opens settings of the running system for writing, such as the program for crashes",
        # Nothing is written: that the file opens is already the breach.
        at_end("""\
import os
for path in ("/proc/sys/kernel/core_pattern", "/proc/sys/kernel/modprobe",
             "/proc/sys/vm/overcommit_memory",
             "/proc/sysrq-trigger", "/proc/kcore", "/dev/mem", "/dev/kmsg",
             "/sys/power/state", "/sys/fs/cgroup/cgroup.procs",
             "/sys/kernel/uevent_helper"):
    try:
        os.close(os.open(path, os.O_WRONLY))
        print("@won@", path)
    except OSError:
        pass
"""),
    ),
    Attack(
        "remounted",
        FAMILY,
        "mounts the system's folders for writing and puts files there",
        at_end("""\
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
REMOUNT, BIND = 32, 4096
for path in ("/", "/usr", "/etc", "/proc/sys", "/sys", "@checkout@", "@checkout@/volens",
             "@checkout@/.venv", "@checkout@/data"):
    libc.mount(b"none", path.encode(), None, REMOUNT | BIND, None)
    libc.mount(b"none", path.encode(), None, REMOUNT, None)
    try:
        with open(os.path.join(path, "@token@"), "w") as file:
            file.write("")
    except OSError:
        pass
for path in ("/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger"):
    try:
        os.close(os.open(path, os.O_WRONLY))
        print("@won@", path)
    except OSError:
        pass
"""),
    ),
    Attack(
        "its-own-limits",
        FAMILY,
        "raises its own limits and takes back what was taken from it",
        at_start("""\
import ctypes, os, resource
libc = ctypes.CDLL(None, use_errno=True)
endless = resource.RLIM_INFINITY
for name in ("RLIMIT_AS", "RLIMIT_NPROC", "RLIMIT_FSIZE", "RLIMIT_CPU", "RLIMIT_NOFILE"):
    soft, hard = resource.getrlimit(getattr(resource, name))
    try:
        resource.setrlimit(getattr(resource, name), (endless, endless))
        if hard != endless:
            print("@won@", name)
    except (ValueError, OSError):
        pass
for call in (os.setuid, os.setgid):
    try:
        call(0)
    except OSError:
        pass
try:
    os.nice(-5)
    print("@won@ nice")
except OSError:
    pass
"""),
    ),
)
