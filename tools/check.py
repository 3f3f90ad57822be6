"""Set up what the checks need, then run every check. What ``make test`` runs.

All checks run, even after one has failed; the last lines say which did.
"""

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import environment


class SystemPackage(NamedTuple):
    """A package of Debian that the checks need, and why."""

    name: str
    reason: str
    proof: str
    """A program, or a pattern for a file from the root, that shows that it is there."""

    def is_installed(self) -> bool:
        """Return whether it is there, however it came."""
        if not self.proof.startswith("/"):
            return shutil.which(self.proof) is not None
        return any(Path("/").glob(self.proof.removeprefix("/")))


SYSTEM_PACKAGES = (
    SystemPackage("bubblewrap", "the grader shuts student code in with it", "bwrap"),
    SystemPackage("chromium", "the widgets are tested in a real browser", "chromium"),
    SystemPackage(
        "libatomic1",
        "the program that drives the browser is linked to it",
        "/usr/lib/*/libatomic.so.1*",
    ),
    SystemPackage(
        "fonts-dejavu-core",
        "the browser needs letters to draw",
        "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    ),
    SystemPackage(
        "hunspell-en-gb", "the spelling of the lessons is checked", "/usr/share/hunspell/en_GB.dic"
    ),
    SystemPackage(
        "postgresql",
        "a gradebook on a real server is tested",
        "/usr/lib/postgresql/*/bin/postgres",
    ),
)

NOTEBOOK_FOLDERS = ("lessons", "source")
WARNINGS_AS_ERRORS = """\
# Every warning in a notebook is an error while the checks run; not the kernel's own.
import warnings

warnings.simplefilter("error")
warnings.filterwarnings("ignore", module=r"ipykernel\\.")
"""
KERNEL_SETTINGS = """\
# Kernels that run side by side would wait for one another's history.
c = get_config()  # noqa: F821
c.HistoryManager.enabled = False
"""


class Check(NamedTuple):
    """One check: what it is called, and the module and arguments that run it."""

    name: str
    words: tuple[str, ...]


def notebooks(root: Path) -> list[Path]:
    """Return the notebooks that are run as they stand, in order."""
    found = (path for folder in NOTEBOOK_FOLDERS for path in (root / folder).rglob("*.ipynb"))
    return sorted(path for path in found if ".ipynb_checkpoints" not in path.parts)


def checks(root: Path) -> list[Check]:
    """Return every check, in order."""
    listed = [
        Check("format", ("ruff", "format", "--check", ".")),
        Check("style", ("ruff", "check", ".")),
        Check("types", ("mypy",)),
        Check("tests", ("pytest", "-n", "2", "--dist", "loadfile")),
    ]
    found = notebooks(root)
    if found:
        run = ("pytest", "-n", "2", "--dist", "loadfile", "--nbval-lax", "--nbval-current-env")
        listed.append(
            Check("notebooks", run + tuple(str(path.relative_to(root)) for path in found))
        )
    return listed


def missing_packages() -> list[SystemPackage]:
    """Return the system packages that are not there."""
    return [package for package in SYSTEM_PACKAGES if not package.is_installed()]


def install_system_packages(missing: Sequence[SystemPackage], log: Path) -> None:
    """Install system packages, or say how.

    Parameters
    ----------
    missing
        What is not there.
    log
        Where the story of the installation goes.

    Raises
    ------
    environment.SetUpError
        If this person may not install them, or it fails; the text holds the
        line to run.
    """
    if not missing:
        return
    names = [package.name for package in missing]
    steps = (
        ["apt-get", "update"],
        ["apt-get", "install", "--yes", "--no-install-recommends", *names],
    )
    by_hand = " && ".join("sudo " + shlex.join(step) for step in steps)
    if shutil.which("apt-get") is None:
        raise environment.SetUpError(
            f"The checks need {' and '.join(names)}, and there is no apt-get here. "
            "Install them in your system's way, then run `make test` again."
        )
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        raise environment.SetUpError(f"Run this once, then `make test` again: {by_hand}")
    for package in missing:
        print(f"Installing the system package {package.name}: {package.reason}.", flush=True)
    log.parent.mkdir(exist_ok=True)
    with log.open("wb") as output:
        for step in steps:
            done = subprocess.run(
                step,
                check=False,
                env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            if done.returncode != 0:
                raise environment.SetUpError(
                    f"The system packages could not be installed: `{shlex.join(step)}` failed. "
                    f"Why: see {log.relative_to(log.parent.parent)}. Then try again."
                )


def make_profile(folder: Path) -> None:
    """Write settings for kernels under which a warning in a notebook is an error."""
    profile = folder / "profile_default"
    startup = profile / "startup"
    startup.mkdir(parents=True)
    (startup / "00-warnings.py").write_text(WARNINGS_AS_ERRORS, "utf-8")
    (profile / "ipython_kernel_config.py").write_text(KERNEL_SETTINGS, "utf-8")


def run_check(check: Check, checkout: environment.Checkout, profile: Path) -> bool:
    """Run one check and return whether it passed."""
    print(f"\n== {check.name}: {shlex.join(check.words)}", flush=True)
    variables = environment.course_environment(checkout) | {"IPYTHONDIR": str(profile)}
    start = time.monotonic()
    done = subprocess.run(
        [str(checkout.python), "-m", *check.words], cwd=checkout.root, env=variables, check=False
    )
    result = "passed" if done.returncode == 0 else f"failed, exit code {done.returncode}"
    print(f"== {check.name}: {result}, {time.monotonic() - start:.1f} seconds", flush=True)
    return done.returncode == 0


def main(
    arguments: Sequence[str] | None = None, checkout: environment.Checkout = environment.HERE
) -> int:
    """Run every check and return an exit code."""
    parser = environment.Parser(description="Set up what the checks need, then run them.")
    parser.add_argument("--only-set-up", action="store_true", help="run no check")
    options = parser.parse_args(arguments)
    try:
        install_system_packages(missing_packages(), checkout.root / "build" / "system-packages.log")
        environment.ensure(checkout, "development")
    except environment.SetUpError as error:
        print(error, file=sys.stderr)
        return 1
    if options.only_set_up:
        return 0
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="volens-checks-") as folder:
        profile = Path(folder)
        make_profile(profile)
        listed = checks(checkout.root)
        failed = [each.name for each in listed if not run_check(each, checkout, profile)]
    seconds = time.monotonic() - start
    if failed:
        print(f"\nFailed in {seconds:.0f} seconds: {', '.join(failed)}.", flush=True)
        return 1
    print(f"\nEvery check passed in {seconds:.0f} seconds.", flush=True)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("\nStopped before the checks had ended.", file=sys.stderr)
        sys.exit(1)
