"""The ground on which attacks are tried: a course, secrets round it, and eyes on everything.

It lies in the checkout's own folder for what is built, not in a temporary one: a sandbox
has temporary folders of its own, and would hide the course by accident.
"""

import contextlib
import ctypes
import json
import os
import secrets
import shutil
import socket
import time
from collections.abc import Iterator, Mapping
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Self

import nbformat
import psutil

from tests.attacks import course
from tests.attacks.attack import NOTEBOOK, Places, Submission
from tests.attacks.course import ASSIGNMENT, NEIGHBOUR, Victim, canary
from tests.checkout import ROOT, SOURCES, read_notebook
from volens.grader.sandbox import refusal
from volens.grading.proof import test_cells

__all__ = ["Ground", "below", "files", "ground", "left_processes"]

_SUBREAPER = 36
#: In these folders lies a secret of this machine.
_PLANTED = ("/tmp", "/var/tmp", "/dev/shm", str(Path.home()), str(ROOT / "build"))  # noqa: S108
#: In these an attack might leave a file.
_WRITABLE = (
    *(*_PLANTED, "/run", "/run/lock", "/dev", "/dev/mqueue", "/", "/home", "/srv", "/opt", "/mnt"),
    *("/etc", "/etc/profile.d", "/etc/cron.d", "/usr/local/bin", "/usr", "/sys", "/proc/sys"),
    *(str(Path.home() / name) for name in (".config", ".ssh", ".ipython/profile_default/startup")),
    *(str(ROOT / name) for name in (".", "volens", "data", "source", "tests", "tools", ".venv")),
)


class Ground:
    """A course, secrets, and what must not happen to them.

    Parameters
    ----------
    folder
        An empty folder.
    """

    def __init__(self, folder: Path) -> None:
        # Whatever detaches itself from its parent becomes a child of this process.
        ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
        # It belongs to Python, and lives as long as this process.
        resource_tracker.ensure_running()
        self.victim: Victim = course.build(folder)
        self.token = f"volens-attack-{secrets.token_hex(6)}"
        self.won, self.baton = canary("success"), canary("baton")
        self._environment = canary()
        self._closing = contextlib.ExitStack()
        self.listener = self._closing.enter_context(_Listener(self.token))
        self._plant()
        self.places = self._places()

    def close(self) -> None:
        """Take everything away."""
        self._closing.close()

    @property
    def secrets(self) -> dict[str, str]:
        """Where a secret is kept, to its text."""
        found = {**self.victim.secrets, "environment": self._environment}
        with contextlib.suppress(OSError):
            passwords = Path("/etc/shadow").read_text(encoding="utf-8")
            found["passwords"] = passwords.splitlines()[0]
        tests = "".join(test_cells(read_notebook(SOURCES[0])).values())
        hidden = tests.split("### BEGIN HIDDEN TESTS")[1].splitlines()
        found["source"] = max(hidden, key=len).strip()
        return found

    @property
    def environment(self) -> dict[str, str]:
        """The environment of the grader, with a secret in it."""
        return os.environ | {"VOLENS_KEY": self._environment}

    def wrong(self) -> Submission:
        """Return the wrong answers, to be tampered with."""
        return Submission(self.victim.wrong(), self.places)

    def left_files(self) -> Iterator[str]:
        """Yield files of this machine that bear the run's mark, and take them away."""
        packages = Path(nbformat.__file__).parents[1]
        for top in dict.fromkeys([*map(Path, _WRITABLE), packages, Path.cwd()]):
            with contextlib.suppress(OSError):
                for name in os.listdir(top):  # noqa: PTH208 (only names)
                    if self.token in name and name not in self._planted:
                        yield str(top / name)
                        _remove(top / name)

    def _plant(self) -> None:
        """Put secrets where an attacker might look, to be taken away at the end."""
        key = f"{self.token}-key"
        self._planted = {key, self.listener.name}
        for folder in _PLANTED:
            file = Path(folder) / key
            with contextlib.suppress(OSError):
                file.write_text(self.victim.secrets["outside"], encoding="utf-8")
                self._closing.callback(file.unlink, missing_ok=True)
        lying = self.victim.root / "submitted" / NEIGHBOUR / ASSIGNMENT
        lying.mkdir(parents=True)
        (lying / NOTEBOOK).write_text(json.dumps(self.victim.right()), encoding="utf-8")

    def _places(self) -> Places:
        return Places(
            {
                "course": str(self.victim.root),
                "checkout": str(ROOT),
                "home": str(Path.home()),
                "neighbour": NEIGHBOUR,
                "token": self.token,
                # In two halves: a traceback that shows the line is no success.
                "won": self.won.replace("-", '-" "', 1),
                "seen": self.baton.replace("-", '-" "', 1),
                "baton": self.baton,
                "port": str(self.listener.port),
                "address": self.listener.address,
                "socket": self.listener.path,
            }
        )


@contextlib.contextmanager
def ground() -> Iterator[Ground]:
    """Lay out a ground, and take it away again.

    Raises
    ------
    RuntimeError
        If there is no sandbox here: no attack is run without one.
    """
    reason = refusal()
    if reason is not None:
        raise RuntimeError(f"No attack is run outside a sandbox. {reason}")
    folder = ROOT / "build" / f"attacks-{secrets.token_hex(4)}"
    folder.mkdir(parents=True)
    found = None
    try:
        found = Ground(folder)
        yield found
    finally:
        if found is not None:
            found.close()
        shutil.rmtree(folder, ignore_errors=True)


class _Listener:
    """Services of this machine, which must not hear anything."""

    def __init__(self, token: str) -> None:
        self.name = f"{token}.sock"
        self.path = str(Path("/var/tmp") / self.name)  # noqa: S108 (one name, never used again)
        tcp, udp = _of_one_port()
        self.port: int = tcp.getsockname()[1]
        self._sockets = {"tcp": tcp, "udp": udp}
        for kind, name in (("path", self.path), ("abstract", f"\0{token}")):
            one = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            one.bind(name)
            one.listen()
            self._sockets[kind] = one
        for one in self._sockets.values():
            one.settimeout(0)
        self.address = _address()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for one in self._sockets.values():
            one.close()
        Path(self.path).unlink(missing_ok=True)

    def heard(self) -> Iterator[str]:
        """Yield who called since the last time."""
        for kind, one in self._sockets.items():
            with contextlib.suppress(BlockingIOError):
                if kind == "udp":
                    one.recv(1000)
                else:
                    one.accept()[0].close()
                yield f"a call to the host's service: {kind}"


def _of_one_port() -> tuple[socket.socket, socket.socket]:
    """Return a TCP and a UDP socket of the same port, which may be taken for the second."""
    tries = 20
    while True:
        tcp = socket.create_server(("0.0.0.0", 0))  # noqa: S104 (whoever calls is found)
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            udp.bind(tcp.getsockname())
        except OSError:
            tcp.close()
            udp.close()
            tries -= 1
            if not tries:
                raise
        else:
            return tcp, udp


def _address() -> str:
    """Return an address of this machine by which others reach it."""
    for found in psutil.net_if_addrs().values():
        for one in found:
            if one.family == socket.AF_INET and not one.address.startswith("127."):
                return str(one.address)
    return "127.0.0.1"


def below() -> dict[int, psutil.Process]:
    """Return all living processes below this one, even those that detached themselves."""
    found = {}
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if process.status() != psutil.STATUS_ZOMBIE:
                found[process.pid] = process
    return found


def left_processes(most: int, seconds: float = 10) -> list[str]:
    """Wait until only so many processes are below this one; end and name those that stay.

    Parameters
    ----------
    most
        How many there may be.
    seconds
        How long to wait for those that are ending.
    """
    end = time.monotonic() + seconds
    while len(found := below()) > most:
        if time.monotonic() > end:
            youngest = sorted(found.values(), key=lambda one: -one.create_time())
            return [_ended(process) for process in youngest[: len(found) - most]]
        time.sleep(0.02)
    return []


def _ended(process: psutil.Process) -> str:
    said = f"process {process.pid}"
    with contextlib.suppress(psutil.Error):
        said = f"a process: {' '.join(process.cmdline())[:80] or process.name()}"
        process.kill()
    return said


def files(root: Path) -> Mapping[str, tuple[int, int]]:
    """Return what lies in a folder: path to size and time."""
    found = {}
    for path in root.rglob("*"):
        about = path.lstat()
        found[str(path.relative_to(root))] = (about.st_size, about.st_mtime_ns)
    return found


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
