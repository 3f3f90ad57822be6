"""The walls round one submission: namespaces, private folders, limits, no rights.

All of it happens inside the sandbox that was started from outside, in a process that was
forked for one submission and ends with it. Linux only; Python 3.11 has no functions for
namespaces, so the C library is called directly.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path

__all__ = ["become_nobody", "bound", "close_all_but", "enter", "shut", "split_off"]

_NEW_MOUNTS, _NEW_IPC, _NEW_USER, _NEW_PROCESSES = 0x00020000, 0x08000000, 0x10000000, 0x20000000
_NO_SUID, _NO_DEVICES, _NO_PROGRAMS = 2, 4, 8
_BOUND, _RECURSIVE, _PRIVATE = 0x1000, 0x4000, 0x40000
_SET_DUMPABLE, _DROP_FROM_BOUNDS, _NO_NEW_RIGHTS = 4, 24, 38
_CAPABILITY_VERSION, _CAPABILITIES = 0x20080522, 64
_KEYCTL, _JOIN_SESSION = 250, 1
#: The user outside whom student code runs as where the grader itself runs as root.
_NOBODY = 65534
#: The user that student code sees itself as.
_STUDENT = 1000

_library = ctypes.CDLL(None, use_errno=True)


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("process", ctypes.c_int))


class _Rights(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


def become_nobody() -> None:
    """Give up root for good, where the grader runs as root.

    A fresh ``/proc`` is mounted first: parts of the one that bubblewrap gives root are
    covered, and the kernel then refuses another one further in.
    """
    _mount("proc", "/proc", "proc", _NO_SUID | _NO_DEVICES | _NO_PROGRAMS)
    os.setgroups([])
    os.setresgid(_NOBODY, _NOBODY, _NOBODY)
    os.setresuid(_NOBODY, _NOBODY, _NOBODY)


def split_off() -> None:
    """Leave the namespaces of the warm process; what is forked next is in new ones."""
    user, group = os.getuid(), os.getgid()
    # A process that changed its user may not write its own maps, unless it says so.
    _library.prctl(_SET_DUMPABLE, 1, 0, 0, 0)
    _check(_library.unshare(_NEW_USER | _NEW_PROCESSES | _NEW_IPC), "unshare")
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    Path("/proc/self/uid_map").write_text(f"{_STUDENT} {user} 1", encoding="ascii")
    Path("/proc/self/gid_map").write_text(f"{_STUDENT} {group} 1", encoding="ascii")


def enter(scratch_bytes: int, kept: Sequence[str] = ()) -> None:
    """Give this process, the first in its namespaces, a ``/proc`` and folders of its own.

    Parameters
    ----------
    scratch_bytes
        How much its private folders hold.
    kept
        Folders in ``/tmp`` that stay where they are: what Python needs, if it lies there.
    """
    # Not before the fork: the watcher has to go on seeing all processes in its own `/proc`.
    _check(_library.unshare(_NEW_MOUNTS), "unshare")
    _mount("none", "/", None, _RECURSIVE | _PRIVATE)
    held = {folder: os.open(folder, os.O_PATH) for folder in kept}
    _mount("proc", "/proc", "proc", _NO_SUID | _NO_DEVICES | _NO_PROGRAMS)
    for folder, share in (("/tmp", 1), ("/dev/shm", 4)):  # noqa: S108 (both are private)
        options = f"size={scratch_bytes // share},nr_inodes=8192,mode=700"
        _mount("tmpfs", folder, "tmpfs", _NO_SUID | _NO_DEVICES, options)
    for folder, number in held.items():
        Path(folder).mkdir(parents=True)
        _mount(f"/proc/self/fd/{number}", folder, None, _BOUND | _RECURSIVE)
        os.close(number)
    # Memory shared through this device is in no process's count once it is let go of.
    _mount("/dev/null", "/dev/zero", None, _BOUND)
    # A key that is left in a keyring would reach the next submission.
    _library.syscall(_KEYCTL, _JOIN_SESSION, None)


def shut() -> None:
    """Give up every right inside the namespaces, and the way to new ones."""
    # Some systems do not let it be set. Rights in a namespace further in are then possible,
    # but the mounts made here are locked for whoever is in it.
    with contextlib.suppress(OSError):
        Path("/proc/sys/user/max_user_namespaces").write_text("0", encoding="ascii")
    for right in range(_CAPABILITIES):
        _library.prctl(_DROP_FROM_BOUNDS, right, 0, 0, 0)
    header, none = _Header(_CAPABILITY_VERSION, 0), (_Rights * 2)()
    _check(_library.capset(ctypes.byref(header), none), "capset")
    _check(_library.prctl(_NO_NEW_RIGHTS, 1, 0, 0, 0), "prctl")


def bound(limits: Mapping[str, float], *, processes: bool) -> None:
    """Set the limits that the system itself keeps.

    Parameters
    ----------
    limits
        As :meth:`volens.grader.limits.Limits.as_data` gives them.
    processes
        Whether to limit their number: outside a namespace it would count everything
        that this user runs.
    """
    used = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    memory = used * resource.getpagesize() + int(limits["memory"])
    cpu = int(limits["cpu_seconds"])
    hard: dict[int, tuple[int, int]] = {
        resource.RLIMIT_AS: (memory, memory),
        resource.RLIMIT_CORE: (0, 0),
        # The first process of a namespace does not heed the soft limit, only the hard one.
        resource.RLIMIT_CPU: (cpu, cpu + 1),
        resource.RLIMIT_FSIZE: (int(limits["file_bytes"]),) * 2,
        resource.RLIMIT_MEMLOCK: (0, 0),
        resource.RLIMIT_MSGQUEUE: (0, 0),
        resource.RLIMIT_NOFILE: (int(limits["open_files"]),) * 2,
    }
    if processes:
        hard[resource.RLIMIT_NPROC] = (int(limits["processes"]),) * 2
    for kind, (soft, most) in hard.items():
        allowed = resource.getrlimit(kind)[1]
        if allowed != resource.RLIM_INFINITY:
            soft, most = min(soft, allowed), min(most, allowed)  # noqa: PLW2901
        resource.setrlimit(kind, (soft, most))


def close_all_but(kept: set[int]) -> None:
    """Close every socket, pipe and device that this process has inherited, save some.

    Plain files stay: they are fonts, opened for reading, and Python objects hold them. They
    are opened anew, because else all submissions would share one place in each.
    """
    for number in [int(name) for name in os.listdir("/proc/self/fd")]:  # noqa: PTH208
        try:
            plain = stat.S_ISREG(os.fstat(number).st_mode)
            if number in kept:
                continue
            if plain:
                _open_anew(number)
            else:
                os.close(number)
        except OSError:
            # It was the listing's own.
            continue


def _open_anew(number: int) -> None:
    again = os.open(f"/proc/self/fd/{number}", os.O_RDONLY | os.O_CLOEXEC)
    os.lseek(again, os.lseek(number, 0, os.SEEK_CUR), os.SEEK_SET)
    os.dup2(again, number, inheritable=False)
    os.close(again)


def _mount(what: str, where: str, kind: str | None, flags: int, options: str | None = None) -> None:
    done = _library.mount(
        what.encode(),
        where.encode(),
        kind.encode() if kind else None,
        flags,
        options.encode() if options else None,
    )
    _check(done, f"mount {where}")


def _check(result: int, step: str) -> None:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{step}: {os.strerror(number)}")
