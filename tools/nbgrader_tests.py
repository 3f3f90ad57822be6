"""Run nbgrader's own tests of its ``autograde`` with this grader's engine.

The tests are those of the installed package, as they are. They read nbgrader's settings
from a folder of their own, which name :class:`volens.grader.executing.Execute`; no other
settings and no notebook of this course are involved. Fails if a test fails that is not
listed here, or if one passes that is.
"""

import os
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType

import nbgrader
import pytest

MODULES = ("apps/test_nbgrader_autograde.py",)
#: Fewer would mean that they were not found.
FEWEST = 40

#: Tests that fail with this engine, and why they may.
EXCEPTED: Mapping[str, str] = MappingProxyType(
    {
        "test_side_effects": (
            "student code writes a file, and nbgrader keeps it in autograded/: here its folder "
            "is its own and goes with it, or it could fill the course's disk and lay links there"
        ),
    }
)
#: Tests that nbgrader itself skips, and why.
SKIPPED: Mapping[str, str] = MappingProxyType(
    {
        "test_many_students": "nbgrader skips it: it wants a PostgreSQL set up by hand",
        "test_infinite_loop_with_output": (
            "nbgrader skips it: its own kernel takes too long over it and too much memory "
            "(tests/grader/test_executing.py runs the same notebook with this engine)"
        ),
    }
)

SETTINGS = """\
c = get_config()  # noqa: F821
c.Autograde.autograde_preprocessors = [
    "volens.grader.executing.Execute",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
"""


@dataclass
class Record:
    """A plugin of pytest that notes how each test ended."""

    ended: dict[str, str] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note one step of a test; a failure in any step stands."""
        name = report.nodeid.rpartition("::")[2]
        if self.ended.get(name) != "failed" and (report.when == "call" or not report.passed):
            self.ended[name] = report.outcome
            self.said[name] = f"{report.longreprtext}\n{report.capstderr}"

    def named(self, outcome: str) -> set[str]:
        """Return the tests that ended so."""
        return {name for name, ended in self.ended.items() if ended == outcome}


def run(folder: Path) -> Record:
    """Run the tests, with their settings in a folder."""
    (folder / "nbgrader_config.py").write_text(SETTINGS, "utf-8")
    (folder / "pytest.ini").write_text("[pytest]\n", "utf-8")
    programs = Path(sys.executable).parent
    os.environ |= {
        "JUPYTER_CONFIG_DIR": str(folder),
        # nbgrader starts `alembic` by its name.
        "PATH": os.pathsep.join((str(programs), os.environ.get("PATH", os.defpath))),
    }
    tests = Path(nbgrader.__file__).parent / "tests"
    record = Record()
    pytest.main(
        [
            *(str(tests / module) for module in MODULES),
            *("-c", str(folder / "pytest.ini"), "--rootdir", str(tests)),
            *("-p", "no:cacheprovider", "-p", "no:warnings"),
            *("-q", "--no-header", "--no-summary", "-n", "2"),
        ],
        plugins=[record],
    )
    return record


def faults(record: Record) -> list[str]:
    """Return what is wrong with how the tests ended, one line each."""
    failed, passed, skipped = (record.named(one) for one in ("failed", "passed", "skipped"))
    found = [f"{name} failed." for name in sorted(failed - set(EXCEPTED))]
    found += [
        f"{name} passed: take it off the list of exceptions."
        for name in sorted(passed & {*EXCEPTED, *SKIPPED})
    ]
    found += [f"{name} was skipped." for name in sorted(skipped - set(SKIPPED))]
    if len(record.ended) < FEWEST:
        found.append(f"Only {len(record.ended)} tests ran; there should be at least {FEWEST}.")
    return found


def main() -> int:
    """Run the tests, say how they ended, and return an exit code."""
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="volens-nbgrader-tests-") as folder:
        record = run(Path(folder))
    seconds = time.monotonic() - start
    excepted = sorted(record.named("failed") & set(EXCEPTED))
    skipped = sorted(record.named("skipped") & set(SKIPPED))
    wrong = faults(record)
    print(
        f"\nnbgrader {version('nbgrader')}'s own tests of autograde with this engine: "
        f"{len(record.named('passed'))} passed, {len(excepted)} excepted, "
        f"{len(skipped)} skipped by nbgrader, {len(wrong)} wrong; {seconds:.0f} seconds."
    )
    for name in (*excepted, *skipped):
        print(f"  {name}: {({**EXCEPTED, **SKIPPED})[name]}.")
    for name in sorted(record.named("failed") - set(EXCEPTED)):
        print(f"\n== {name}\n{record.said[name]}")
    for line in wrong:
        print(f"Wrong: {line}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
