"""Where student code runs: a program in bubblewrap, or the reason why it cannot.

What is in there can see the system's programs and libraries, the Python environment, and
the course's package and tables, all of them read-only. It sees no network, no other
process, no home folder, no course: neither ``source/`` nor the gradebook nor anybody's
submission. Its only ways out are the sockets that it is given.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import volens
from volens.codebook import data_directory
from volens.errors import SandboxError
from volens.grader.inside.warm import KEPT

__all__ = ["command", "refusal", "variables", "walls"]

_PROGRAM = "volens.grader.inside.warm"
_TRIAL_SECONDS = 60
_READABLE = ("/etc/ld.so.cache", "/etc/localtime", "/etc/fonts", "/etc/alternatives")
#: Where nbgrader's exchange usually is: everybody's submissions, among the system's folders.
_EXCHANGE = Path("/usr/local/share/nbgrader")
_RIGHTS_OF_ROOT = ("CAP_SETUID", "CAP_SETGID", "CAP_SYS_ADMIN")
_HOW = (
    "Student code was not run. `--no-sandbox` runs it unprotected: docs/grader.md says what "
    "that risks."
)


def refusal() -> str | None:
    """Return one line that says why there is no sandbox here, or None if there is.

    It is tried, not guessed: the walls are built once, as for a submission.
    """
    try:
        walls()
    except SandboxError as error:
        return str(error)
    return None


@cache
def walls() -> str:
    """Return how the walls are built here: as ``root``, who gives root up, or as a ``user``.

    Raises
    ------
    SandboxError
        If neither can be done.
    """
    if shutil.which("bwrap") is None:
        raise SandboxError(
            "There is no bubblewrap here, which shuts student code in. Install it (Debian, "
            f"Ubuntu: `sudo apt-get install bubblewrap`; it needs Linux). {_HOW}"
        )
    said = ""
    for kind in ("root", "user") if os.geteuid() == 0 else ("user",):
        tried = subprocess.run(  # noqa: S603 (our own program)
            [*command(kind, 0), "try"],
            env=variables(),
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=_TRIAL_SECONDS,
        )
        if tried.returncode == 0:
            return kind
        said = (tried.stderr.strip().splitlines() or ["it does not say why"])[-1]
    raise SandboxError(
        f"bubblewrap cannot build a sandbox here: {said}. This system may forbid user namespaces "
        "(in a container: start it with fewer restrictions; on a computer: allow unprivileged "
        f"user namespaces). {_HOW}"
    )


def command(kind: str, control: int) -> list[str]:
    """Return the command that starts a warm process.

    Parameters
    ----------
    kind
        ``root`` or ``user``, as :func:`walls` returns it; ``none`` for no sandbox.
    control
        The number of the socket that it inherits.
    """
    program = [sys.executable, "-P", "-m", _PROGRAM, str(control), kind]
    if kind == "none":
        return program
    return ["bwrap", *_arguments(kind), *program]


def variables() -> dict[str, str]:
    """Return the environment of student code: nothing of the grader's own is in it."""
    return {
        "HOME": "/tmp",  # noqa: S108 (a folder of its own inside the sandbox)
        "IPYTHONDIR": "/tmp/.ipython",  # noqa: S108
        "LANG": "C.UTF-8",
        "LOGNAME": "student",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MPLCONFIGDIR": "/tmp/.matplotlib",  # noqa: S108
        "NBGRADER_EXECUTION": "autograde",
        # More than one thread would not survive the fork.
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PATH": f"{Path(sys.prefix) / 'bin'}:/usr/local/bin:/usr/bin:/bin",
        "PYTHONDONTWRITEBYTECODE": "1",
        # The order of sets is the same in every run, so that a mark can be repeated.
        "PYTHONHASHSEED": "0",
        "PYTHONNOUSERSITE": "1",
        "USER": "student",
    }


def _arguments(kind: str) -> Iterator[str]:
    yield from ("--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts")
    yield from ("--die-with-parent", "--new-session", "--hostname", "volens")
    if kind == "root":
        for right in _RIGHTS_OF_ROOT:
            yield from ("--cap-add", right)
    else:
        yield "--unshare-user"
    yield from _system()
    yield from ("--perms", "1777", "--tmpfs", "/tmp")  # noqa: S108 (it is the sandbox's own)
    seen = _folders()
    for parent in _parents(seen):
        # Folders on the way would otherwise be closed to whoever is not root.
        yield from ("--perms", "0755", "--dir", str(parent))
    for folder in seen:
        yield from ("--ro-bind", str(folder), str(folder))
    if _EXCHANGE.is_dir():
        yield from ("--perms", "0555", "--tmpfs", str(_EXCHANGE), "--remount-ro", str(_EXCHANGE))
    yield from ("--proc", "/proc", "--dev", "/dev")
    # Where no root is given up, what lies in `/dev` would be the student's.
    yield from ("--remount-ro", "/dev")
    yield from ("--remount-ro", "/", "--chdir", "/tmp", "--clearenv")  # noqa: S108
    # A checkout may lie in `/tmp`, over which each submission gets a folder of its own.
    kept = [str(folder) for folder in seen if folder.is_relative_to("/tmp")]  # noqa: S108
    for name, value in {**variables(), KEPT: ":".join(kept)}.items():
        yield from ("--setenv", name, value)


def _system() -> Iterator[str]:
    yield from ("--ro-bind", "/usr", "/usr")
    for name in ("bin", "lib", "lib32", "lib64", "sbin"):
        place = Path("/") / name
        if place.is_symlink():
            yield from ("--symlink", str(place.readlink()), str(place))
        elif place.is_dir():
            yield from ("--ro-bind", str(place), str(place))
    yield from ("--perms", "0755", "--dir", "/etc")
    for name in _READABLE:
        yield from ("--ro-bind-try", name, name)


def _folders() -> list[Path]:
    """Return what Python needs to run the course: its own folders, the package, the tables."""
    package = Path(volens.__file__).parent
    wanted = [Path(sys.base_prefix), Path(sys.prefix), package, data_directory()]
    found: list[Path] = []
    for folder in sorted({path.resolve() for path in wanted}):
        inside = [Path("/usr"), *found]
        if not any(folder.is_relative_to(known) for known in inside):
            found.append(folder)
    return found


def _parents(folders: Sequence[Path]) -> list[Path]:
    return sorted({parent for folder in folders for parent in folder.parents} - {Path("/")})
