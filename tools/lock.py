"""Renew the locked requirements in ``requirements/`` and ``binder/`` from ``pyproject.toml``.

What ``make lock`` runs, in the development environment, whose ``uv`` it uses.
The largest set is resolved first; the smaller ones are held to its versions.
One version of each package serves every system and every Python from 3.11 on.

Binder is a world of its own: its images start from a base environment that
repo2docker has frozen. The course's packages are fitted to that base, as the
``jupyter-repo2docker`` of the development set carries it, and take the versions
of the student set wherever the base leaves the choice.
"""

import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import environment

HEADER = """\
# What `{command}` installs for the {level} set: every package, one version, its hashes.
# Made by `make lock` from pyproject.toml. Do not edit.
"""
BINDER_HEADER = """\
# What Binder adds to repo2docker's own environment, which has JupyterLab and the kernel:
# every package, one version, its hashes. Whatever else these need is in that environment.
# Made by `make lock` from pyproject.toml. Do not edit.
"""
CHOSEN = {
    "student": ("--extra", "student"),
    "instructor": ("--extra", "instructor"),
    "development": ("--extra", "service", "--group", "development"),
}
COMMANDS = {"student": "make course", "instructor": "make class", "development": "make test"}
COMPILE = (
    *("-m", "uv", "pip", "compile", "pyproject.toml"),
    *("--group", "build", "--no-emit-package", "volens", "--only-binary", ":all:"),
    *("--generate-hashes", "--no-emit-index-url", "--no-header", "--no-annotate"),
)
RESOLVE = (
    *(*COMPILE, "--quiet", "--upgrade"),
    *("--universal", "--python-version", "3.11", "--fork-strategy", "fewest"),
)
ENTRY = re.compile(r"^(?P<name>[a-z0-9-]+)==.*\n(?: .*\n)*", re.MULTILINE)
"""A package in a lock, with the lines of its hashes."""
FIND_BASE = (
    "import importlib.util as u; found = u.find_spec('repo2docker');"
    "print(found.submodule_search_locations[0] if found else '')"
)
FROZEN = re.compile(
    r"/(?P<name>[\w.-]+)-(?P<version>[^-/]+)-(?P<build>py[^-/]*)\.(?:conda|tar\.bz2)"
)
"""A Python package in a frozen conda environment; the build of any other has no `py`."""
CONDA_NAMES = {
    "brotli-python": "brotli",
    "jupyterhub-base": "jupyterhub",
    "nbconvert-core": "nbconvert",
    "python-fastjsonschema": "fastjsonschema",
}
"""Packages that conda and the Python index call by different names."""
PLACE = re.compile(r"://|(?:^|\s)(?:[A-Za-z]:)?[/\\]\w|@ file|^-(?!-)|^--(?!hash)")
"""An address, a path of the machine, or an option that could hold one."""


def places(text: str) -> list[str]:
    """Return the lines of a lock that name a place: an address, a path, an option."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return [line for line in lines if PLACE.search(line)]


def normal(name: str) -> str:
    """Return a package's name in the one spelling that locks use."""
    return re.sub(r"[-_.]+", "-", name).lower()


def uv(checkout: environment.Checkout, words: Sequence[str], name: str, limits: str) -> str:
    """Resolve packages with ``uv``.

    Parameters
    ----------
    checkout
        The clone of the course.
    words
        The options.
    name
        What the packages are for, in an error.
    limits
        Versions that are to be kept; empty for none.

    Returns
    -------
    What was resolved: packages with their hashes.

    Raises
    ------
    environment.SetUpError
        If no set of versions fits, or the text names a place.
    """
    held = ("--constraints", "-") if limits else ()
    done = subprocess.run(
        [str(checkout.python), *words, *held],
        input=limits,
        capture_output=True,
        text=True,
        check=False,
        cwd=checkout.root,
        env=environment.course_environment(checkout),
    )
    if done.returncode != 0:
        raise environment.SetUpError(
            f"The {name} set could not be resolved; nothing was changed.\n{done.stderr.strip()}"
        )
    found = places(done.stdout)
    if found:
        raise environment.SetUpError(
            f"The {name} set names a place, {found[0].strip()!r}; nothing was changed. "
            "Look at the settings of uv on this computer, then try again."
        )
    return done.stdout


def resolve(checkout: environment.Checkout, level: str, limits: str) -> str:
    """Resolve one set of packages.

    Parameters
    ----------
    checkout
        The clone of the course.
    level
        One of :data:`environment.SETS`.
    limits
        The lock whose versions are to be kept; empty for none.

    Returns
    -------
    The text of the new lock.
    """
    resolved = uv(checkout, (*RESOLVE, *CHOSEN[level]), level, limits)
    return HEADER.format(command=COMMANDS[level], level=level) + resolved


def binder_python(checkout: environment.Checkout) -> str:
    """Return the Python that Binder is asked for, as ``3.11``."""
    runtime = checkout.root / "binder" / "runtime.txt"
    return runtime.read_text("utf-8").strip().removeprefix("python-")


def binder_base(checkout: environment.Checkout) -> Path:
    """Return the file in which repo2docker has frozen the environment it starts from.

    Raises
    ------
    environment.SetUpError
        If repo2docker is not installed, or has none for this Python.
    """
    done = subprocess.run(
        [str(checkout.python), "-c", FIND_BASE],
        capture_output=True,
        text=True,
        check=False,
        env=environment.course_environment(checkout),
    )
    version = binder_python(checkout)
    name = f"environment.py-{version}-linux-64.lock"
    file = Path(done.stdout.strip(), "buildpacks", "conda", name)
    if not done.stdout.strip() or not file.is_file():
        raise environment.SetUpError(
            f"The installed repo2docker has no environment for Python {version}; nothing was "
            "changed. Look at binder/runtime.txt and at jupyter-repo2docker in pyproject.toml."
        )
    return file


def base_pins(frozen: str) -> dict[str, str]:
    """Return the Python packages of a frozen conda environment, with their versions.

    Parameters
    ----------
    frozen
        The text of repo2docker's file: one address of a conda package a line.

    Returns
    -------
    Versions by name, under the names that the Python index uses.
    """
    found = (FROZEN.search(line) for line in frozen.splitlines() if not line.startswith("#"))
    return {
        CONDA_NAMES.get(normal(each["name"]), normal(each["name"])): each["version"]
        for each in found
        if each
    }


def resolve_binder(checkout: environment.Checkout, student: str, base: Mapping[str, str]) -> str:
    """Resolve what Binder adds to its base environment.

    Parameters
    ----------
    checkout
        The clone of the course.
    student
        The student set's lock, whose versions are preferred.
    base
        The versions of the base environment, which stay as they are.

    Returns
    -------
    The text of the new ``binder/requirements.txt``. It names no package of the
    base: should Binder renew its base, this file does not turn it back.
    """
    limits = "".join(f"{name}=={version}\n" for name, version in sorted(base.items()))
    system = ("--python-version", binder_python(checkout), "--python-platform", "linux")
    with tempfile.TemporaryDirectory(prefix="volens-lock-") as folder:
        preferred = Path(folder, "requirements.txt")
        preferred.write_text(student, "utf-8")
        words = (*COMPILE, *system, "--output-file", str(preferred))
        resolved = uv(checkout, words, "binder", limits)
    kept = (each[0] for each in ENTRY.finditer(resolved) if each["name"] not in base)
    return BINDER_HEADER + "".join(kept)


def main(checkout: environment.Checkout = environment.HERE) -> int:
    """Renew all locks, or none, and return an exit code."""
    try:
        largest = resolve(checkout, environment.SETS[-1], "")
        smaller = {name: resolve(checkout, name, largest) for name in environment.SETS[:-1]}
        base = base_pins(binder_base(checkout).read_text("utf-8"))
        binder = resolve_binder(checkout, smaller["student"], base)
    except environment.SetUpError as error:
        print(error, file=sys.stderr)
        return 1
    renewed = {checkout.lock(name): text for name, text in smaller.items()}
    renewed[checkout.lock(environment.SETS[-1])] = largest
    renewed[checkout.root / "binder" / "requirements.txt"] = binder
    for path, text in renewed.items():
        changed = not path.is_file() or path.read_text("utf-8") != text
        path.write_text(text, "utf-8", newline="\n")
        count = len(environment.locked_packages(path))
        state = "renewed" if changed else "unchanged"
        print(f"{path.relative_to(checkout.root).as_posix()}: {count} packages, {state}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
