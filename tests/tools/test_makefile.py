"""Each task is one word, listed by ``make``; CI runs what a person runs."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import environment
import pytest

ROOT = environment.HERE.root
MAKE = shutil.which("make")
TASKS = {"help", "course", "test", "lock", "class", "format", "clean"}

pytestmark = pytest.mark.skipif(MAKE is None, reason="without make, the tools are called directly")


def make(*arguments: str, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    variables = environment.clean_environment()
    if path is not None:
        variables["PATH"] = str(path)
    return subprocess.run(
        [MAKE, *arguments], cwd=ROOT, env=variables, capture_output=True, text=True, check=False
    )


def test_make_alone_lists_every_task() -> None:
    listed = re.findall(r"^  (\S+)", make().stdout, re.MULTILINE)
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)

    assert set(targets) - {"python"} == set(listed)
    assert set(listed) >= TASKS


@pytest.mark.parametrize("task", sorted(TASKS - {"help", "clean"}))
def test_without_python_every_task_says_what_to_install(tmp_path: Path, task: str) -> None:
    (tmp_path / "sh").symlink_to(shutil.which("sh"))

    done = make(task, path=tmp_path)

    said, stopped = done.stderr.splitlines()
    assert said.startswith("No python3 was found. Install Python 3.11 or newer")
    assert stopped.startswith("make: ***")
    assert done.returncode != 0


def test_the_port_and_the_browser_reach_the_program_and_nothing_else() -> None:
    done = make("--dry-run", "course", "PORT=8890", "BROWSER=no")

    assert "python3 tools/course.py --port '8890' --browser 'no'" in done.stdout


def test_a_browser_named_in_the_environment_is_not_taken_for_the_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BROWSER", "firefox")
    monkeypatch.setenv("PORT", "1")

    assert "--port '8888' --browser 'yes'" in make("--dry-run", "course").stdout


def test_continuous_integration_runs_what_a_person_runs() -> None:
    script = ROOT / ".ci" / "run"
    workflow = (ROOT / ".github" / "workflows" / "ci.yml").read_text()

    assert script.read_text().splitlines()[-1] == "exec make test"
    assert os.access(script, os.X_OK)
    assert "run: .ci/run" in workflow
    assert "permissions:\n  contents: read\n" in workflow


def test_every_action_is_pinned_by_its_full_commit() -> None:
    workflow = (ROOT / ".github" / "workflows" / "ci.yml").read_text()
    used = re.findall(r"uses: (\S+)", workflow)

    assert used
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", each) for each in used)
