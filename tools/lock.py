"""Renew the locked requirements in ``requirements/`` from ``pyproject.toml``.

What ``make lock`` runs, in the development environment, whose ``uv`` it uses.
The largest set is resolved first; the smaller ones are held to its versions.
One version of each package serves every system and every Python from 3.11 on.
"""

import re
import subprocess
import sys

import environment

HEADER = """\
# What `{command}` installs for the {level} set: every package, one version, its hashes.
# Made by `make lock` from pyproject.toml. Do not edit.
"""
CHOSEN = {
    "student": ("--extra", "student"),
    "instructor": ("--extra", "instructor"),
    "development": ("--extra", "instructor", "--group", "development"),
}
COMMANDS = {"student": "make course", "instructor": "make class", "development": "make test"}
RESOLVE = (
    *("-m", "uv", "pip", "compile", "pyproject.toml", "--quiet", "--upgrade"),
    *("--group", "build", "--no-emit-package", "volens"),
    *("--universal", "--python-version", "3.11", "--fork-strategy", "fewest"),
    *("--only-binary", ":all:", "--generate-hashes"),
    *("--no-emit-index-url", "--no-header", "--no-annotate"),
)
PLACE = re.compile(r"://|(?:^|\s)(?:[A-Za-z]:)?[/\\]\w|@ file|^-(?!-)|^--(?!hash)")
"""An address, a path of the machine, or an option that could hold one."""


def places(text: str) -> list[str]:
    """Return the lines of a lock that name a place: an address, a path, an option."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return [line for line in lines if PLACE.search(line)]


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

    Raises
    ------
    environment.SetUpError
        If no set of versions fits, or the text names a place.
    """
    held = ("--constraints", "-") if limits else ()
    done = subprocess.run(
        [str(checkout.python), *RESOLVE, *CHOSEN[level], *held],
        input=limits,
        capture_output=True,
        text=True,
        check=False,
        cwd=checkout.root,
        env=environment.course_environment(checkout),
    )
    if done.returncode != 0:
        raise environment.SetUpError(
            f"The {level} set could not be resolved; nothing was changed.\n{done.stderr.strip()}"
        )
    found = places(done.stdout)
    if found:
        raise environment.SetUpError(
            f"The {level} set names a place, {found[0].strip()!r}; nothing was changed. "
            "Look at the settings of uv on this computer, then try again."
        )
    return HEADER.format(command=COMMANDS[level], level=level) + done.stdout


def main(checkout: environment.Checkout = environment.HERE) -> int:
    """Renew all locks, or none, and return an exit code."""
    try:
        largest = resolve(checkout, environment.SETS[-1], "")
        smaller = {name: resolve(checkout, name, largest) for name in environment.SETS[:-1]}
    except environment.SetUpError as error:
        print(error, file=sys.stderr)
        return 1
    for name, text in {**smaller, environment.SETS[-1]: largest}.items():
        path = checkout.lock(name)
        changed = not path.is_file() or path.read_text("utf-8") != text
        path.write_text(text, "utf-8", newline="\n")
        count = len(environment.locked_packages(path))
        state = "renewed" if changed else "unchanged"
        print(f"requirements/{name}.txt: {count} packages, {state}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
