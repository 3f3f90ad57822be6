"""Make, repair or renew ``.venv``, the Python environment of the course.

Run it with a Python of your own, 3.11 or newer; it needs nothing but the
standard library::

    python3 tools/environment.py student

There are three sets of packages, each containing the one before: ``student``,
``instructor`` and ``development``. What is installed is what the files in
``requirements/`` say, hash by hash. A stamp in ``.venv`` records what was
installed, so that a second run does nothing.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - an older Python does read this line
    sys.exit(
        "The course needs Python 3.11 or newer; this is Python "
        + sys.version.split()[0]
        + ". Install a newer one from https://www.python.org/downloads/ and name it: "
        "`make course PYTHON=python3.11`, on Windows `py -3 tools/course.py`."
    )

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NoReturn

SETS = ("student", "instructor", "development")
"""The sets of packages; each contains the one before."""

MINUTES = {"student": "1 minute", "instructor": "1 minute", "development": "2 minutes"}

KEPT_FOR_PIP = {
    "PIP_CACHE_DIR",
    "PIP_CERT",
    "PIP_CLIENT_CERT",
    "PIP_CONFIG_FILE",
    "PIP_DEFAULT_TIMEOUT",
    "PIP_EXTRA_INDEX_URL",
    "PIP_FIND_LINKS",
    "PIP_INDEX_URL",
    "PIP_KEYRING_PROVIDER",
    "PIP_NO_CACHE_DIR",
    "PIP_NO_INDEX",
    "PIP_PROXY",
    "PIP_RETRIES",
    "PIP_TIMEOUT",
    "PIP_TRUSTED_HOST",
}
"""How a person reaches the packages is theirs to say; where they go is ours."""

FOREIGN_PREFIXES = ("CONDA_", "IPYTHON", "JPY_", "JUPYTER", "PIP_", "PYTEST_", "PYTHON", "RUFF_")
FOREIGN = {
    "MAKEFLAGS",
    "MAKELEVEL",
    "MFLAGS",
    "MPLBACKEND",
    "MYPYPATH",
    "MYPY_CACHE_DIR",
    "VIRTUAL_ENV",
    "VIRTUAL_ENV_PROMPT",
    "__PYVENV_LAUNCHER__",
}
KEPT = KEPT_FOR_PIP | {"PYTHONIOENCODING", "PYTHONUTF8"}

NO_NETWORK = re.compile(
    r"NewConnectionError|Failed to establish a new connection|NameResolutionError"
    r"|name resolution|getaddrinfo failed|ConnectTimeoutError|ReadTimeoutError"
    r"|Network is unreachable|Connection refused|ProxyError|RemoteDisconnected"
)
NOTHING_FETCHED = re.compile(r"No matching distribution found|ConnectionPool\(host=.*Error")
NOT_TRUSTED = re.compile(r"CERTIFICATE_VERIFY_FAILED|SSLCertVerificationError")
PIP_ERROR = re.compile(r"^\s*(?:ERROR: |error: |\w+Error: )(?P<reason>.+)$", re.MULTILINE)


class SetUpError(Exception):
    """Something the person at the keyboard can put right; its text says how."""


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line and end with exit code 1."""

    def error(self, message: str) -> NoReturn:
        """Print what is wrong and where to find the options, then stop.

        Parameters
        ----------
        message
            What ``argparse`` found.
        """
        program = Path(self.prog).name
        self.exit(1, f"{message[:1].upper()}{message[1:]}. See `{program} --help`.\n")


@dataclass(frozen=True)
class Checkout:
    """A clone of the course, and where its parts are."""

    root: Path

    @property
    def venv(self) -> Path:
        """The folder of the environment."""
        return self.root / ".venv"

    @property
    def programs(self) -> Path:
        """The folder of the environment's programs."""
        return self.venv / ("Scripts" if os.name == "nt" else "bin")

    @property
    def python(self) -> Path:
        """The environment's Python."""
        return self.programs / ("python.exe" if os.name == "nt" else "python")

    @property
    def stamp(self) -> Path:
        """The record of what was installed; absent while an installation is under way."""
        return self.venv / "volens-stamp.json"

    @property
    def log(self) -> Path:
        """What pip said during the last installation."""
        return self.root / "build" / "install.log"

    @property
    def project(self) -> Path:
        """The project file: `volens` itself is installed anew when it changes."""
        return self.root / "pyproject.toml"

    def lock(self, level: str) -> Path:
        """Return the locked requirements of one set."""
        return self.root / "requirements" / f"{level}.txt"


HERE = Checkout(Path(__file__).resolve().parent.parent)


@dataclass(frozen=True)
class Stamp:
    """What an environment was made from."""

    level: str
    checkout: str
    python: str
    locks: dict[str, str]
    project: str
    packages: list[str]


@dataclass(frozen=True)
class Plan:
    """What there is to do before a set of packages is ready."""

    level: str
    rebuild: str | None = None
    packages: bool = False
    project: bool = False

    @property
    def nothing(self) -> bool:
        """Whether all is ready."""
        return not (self.packages or self.project)


def digest(path: Path) -> str:
    """Return the SHA-256 of a text file, whatever its line endings."""
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def locked_packages(path: Path) -> list[str]:
    """Return the names of the packages that a lock file lists."""
    return re.findall(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==", path.read_text("utf-8"), re.MULTILINE)


def read_stamp(checkout: Checkout) -> Stamp | None:
    """Return what ``.venv`` was made from, or None where that is not recorded."""
    try:
        return Stamp(**json.loads(checkout.stamp.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def write_stamp(checkout: Checkout, level: str, python: str) -> None:
    """Record that a set is installed."""
    contained = SETS[: SETS.index(level) + 1]
    stamp = Stamp(
        level=level,
        checkout=str(checkout.root.resolve()),
        python=python,
        locks={name: digest(checkout.lock(name)) for name in contained},
        project=digest(checkout.project),
        packages=locked_packages(checkout.lock(level)),
    )
    checkout.stamp.write_text(json.dumps(asdict(stamp), indent=1) + "\n", "utf-8")


def running_version(python: Path) -> str | None:
    """Return the version of a Python as ``3.11``, or None where it does not start."""
    command = [str(python), "-I", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=True, timeout=60, env=clean_environment()
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def clean_environment() -> dict[str, str]:
    """Return the environment variables, without those that would lead our programs astray.

    An active environment of another project, a ``PYTHONPATH``, settings for
    pip or Jupyter that fit somewhere else: none of them reaches the course.
    How to reach the packages (proxies, certificates, an index) stays.
    """
    return {
        name: value
        for name, value in os.environ.items()
        if name.upper() in KEPT
        or not (name.upper() in FOREIGN or name.upper().startswith(FOREIGN_PREFIXES))
    }


def course_environment(checkout: Checkout) -> dict[str, str]:
    """Return the environment variables under which the course's programs run.

    The environment's programs come first on ``PATH``: nbgrader looks for
    ``alembic`` there, and kernels for their tools.
    """
    variables = clean_environment()
    variables["VIRTUAL_ENV"] = str(checkout.venv)
    variables["PATH"] = os.pathsep.join(
        part for part in (str(checkout.programs), variables.get("PATH", "")) if part
    )
    return variables


def plan(checkout: Checkout, wanted: str) -> Plan:
    """Find out what there is to do before a set of packages is ready.

    Parameters
    ----------
    checkout
        The clone of the course.
    wanted
        One of :data:`SETS`.

    Returns
    -------
    A plan for the larger of the wanted set and the set that is installed, so
    that nothing is ever taken away from an environment that serves two purposes.
    """
    if not os.path.lexists(checkout.venv):
        return Plan(wanted, packages=True, project=True)
    version = running_version(checkout.python)
    stamp = read_stamp(checkout)
    reason = None
    if version is None:
        reason = "its Python does not start"
    elif stamp is None or stamp.level not in SETS:
        reason = "its installation was not finished"
    elif stamp.checkout != str(checkout.root.resolve()):
        reason = f"it was made for another folder, {stamp.checkout}"
    elif stamp.python != version:
        reason = f"it was made for Python {stamp.python} and now finds Python {version}"
    if stamp is None or reason is not None:
        return Plan(wanted, rebuild=reason, packages=True, project=True)
    level = max(wanted, stamp.level, key=SETS.index)
    current = stamp.locks.get(wanted) == digest(checkout.lock(wanted))
    return Plan(
        level,
        packages=not current,
        project=not current or stamp.project != digest(checkout.project),
    )


def base_python() -> Path:
    """Return the Python that environments are made from: never one inside an environment."""
    return Path(getattr(sys, "_base_executable", None) or sys.executable)


def abilities(python: Path) -> set[str]:
    """Return which of ``venv``, ``pip`` and ``ensurepip`` a Python has."""
    program = (
        "import importlib.util as u\n"
        "print(*(m for m in ('venv', 'pip', 'ensurepip') if u.find_spec(m)))"
    )
    done = subprocess.run(
        [str(python), "-c", program],
        capture_output=True,
        text=True,
        check=False,
        env=clean_environment(),
    )
    return set(done.stdout.split())


def remove(path: Path) -> None:
    """Remove a folder, a file or a link, whichever it is."""
    try:
        if path.is_symlink() or path.is_file():
            path.unlink()
        elif path.exists():
            shutil.rmtree(path)
    except OSError as error:
        raise SetUpError(
            f"{path.name} cannot be removed ({error.strerror}: {error.filename}). "
            "Close every course that is still open, delete the folder, and try again."
        ) from error


def create(checkout: Checkout) -> list[str]:
    """Make an empty environment.

    Debian's Python can make one without pip only, unless python3-venv is
    installed; so pip then works on it from outside.

    Parameters
    ----------
    checkout
        The clone of the course.

    Returns
    -------
    The command that runs pip for the new environment.
    """
    python = base_python()
    able = abilities(python)
    if "venv" not in able or not able & {"pip", "ensurepip"}:
        raise SetUpError(
            f"{python} lacks the parts that install packages (pip and venv). On Debian and Ubuntu, "
            "run `sudo apt-get install python3-pip python3-venv`; then try again."
        )
    command = [str(python), "-m", "venv"]
    if "pip" in able:
        pip = [str(python), "-m", "pip", "--python", str(checkout.python)]
        command += ["--without-pip", str(checkout.venv)]
    else:
        pip = [str(checkout.python), "-m", "pip"]
        command += [str(checkout.venv)]
    run(checkout, command)
    return pip


def run(checkout: Checkout, command: Sequence[str]) -> None:
    """Run one step of an installation; what it prints goes to the log only.

    Parameters
    ----------
    checkout
        The clone of the course.
    command
        The program and its arguments.

    Raises
    ------
    SetUpError
        If the step fails; the text says why, and what to do next.
    """
    checkout.log.parent.mkdir(exist_ok=True)
    with checkout.log.open("a", encoding="utf-8") as log:
        print("$", *command, file=log, flush=True)
        start = checkout.log.stat().st_size
        done = subprocess.run(
            command,
            stdout=log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            check=False,
            cwd=checkout.root,
            env=clean_environment(),
        )
    if done.returncode != 0:
        output = checkout.log.read_bytes()[start:].decode("utf-8", "replace")
        raise SetUpError(explain(output, checkout))


def explain(output: str, checkout: Checkout) -> str:
    """Say in one line why an installation failed, and what to do next.

    Parameters
    ----------
    output
        What the failed program printed.
    checkout
        The clone of the course.

    Returns
    -------
    One line for a person.
    """
    log = checkout.log.relative_to(checkout.root)
    if NOT_TRUSTED.search(output):
        return (
            "The packages could not be fetched: the certificate of the package index was not "
            "accepted. Check the computer's clock; if your network uses its own certificate, name "
            f"its file in the variable PIP_CERT. Then try again. Details: {log}"
        )
    if NO_NETWORK.search(output) and NOTHING_FETCHED.search(output):
        return (
            "The packages could not be fetched: no connection to the package index. The first "
            f"start needs the internet, later ones do not. Connect, then try again. Details: {log}"
        )
    errors = [match["reason"].strip() for match in PIP_ERROR.finditer(output)]
    lines = output.strip().splitlines()
    reason = (errors or lines[-1:] or ["no reason was given"])[0]
    return f"The packages could not be installed: {reason.rstrip('.')}. The whole story: {log}"


def install(checkout: Checkout, steps: Plan) -> None:
    """Carry out a plan.

    Parameters
    ----------
    checkout
        The clone of the course.
    steps
        What :func:`plan` found to do.
    """
    previous = read_stamp(checkout)
    remove(checkout.log)
    if steps.rebuild is not None:
        print(f"Making .venv anew: {steps.rebuild}.", flush=True)
        remove(checkout.venv)
    pip = [str(checkout.python), "-m", "pip"]
    if not checkout.venv.exists():
        print(
            f"Installing the course's packages: about {MINUTES[steps.level]} on first use.",
            flush=True,
        )
        previous = None
        pip = create(checkout)
    elif steps.packages:
        print("Bringing the course's packages up to date.", flush=True)
    remove(checkout.stamp)
    quiet = ["--no-input", "--progress-bar", "off", "--disable-pip-version-check"]
    if steps.packages:
        lock = checkout.lock(steps.level)
        exactly = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", str(lock)]
        run(checkout, [*pip, "install", *quiet, *exactly])
        left_over = set(previous.packages if previous else []) - set(locked_packages(lock))
        if left_over:
            run(checkout, [str(checkout.python), "-m", "pip", "uninstall", "-y", *left_over])
    if steps.project:
        ours = ["--no-index", "--no-deps", "--no-build-isolation", "--editable", "."]
        run(checkout, [str(checkout.python), "-m", "pip", "install", *quiet, *ours])
    write_stamp(checkout, steps.level, running_version(checkout.python) or "")


def ensure(checkout: Checkout, wanted: str) -> None:
    """Make a set of packages ready, doing no more than is needed.

    Parameters
    ----------
    checkout
        The clone of the course.
    wanted
        One of :data:`SETS`.

    Raises
    ------
    SetUpError
        If that fails; the text says why, and what to do next.
    """
    for needed in (checkout.project, *map(checkout.lock, SETS)):
        if not needed.is_file():
            raise SetUpError(
                f"{needed.relative_to(checkout.root)} is missing. Bring it back with "
                "`git checkout -- pyproject.toml requirements`, or clone the course again."
            )
    steps = plan(checkout, wanted)
    if not steps.nothing:
        install(checkout, steps)


def main(arguments: Sequence[str] | None = None, checkout: Checkout = HERE) -> int:
    """Make the named set of packages ready and return an exit code."""
    parser = Parser(description="Make, repair or renew .venv, the course's Python environment.")
    parser.add_argument("level", choices=SETS, metavar="SET", help="one of: " + ", ".join(SETS))
    options = parser.parse_args(arguments)
    try:
        ensure(checkout, options.level)
    except SetUpError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The next start takes it up again.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
