"""``make test`` sets up what the checks need, runs them all, and says which failed."""

import os
from pathlib import Path

import check
import environment
import nbclient
import nbformat
import pytest
from environment import Checkout

ABSENT = check.SystemPackage("volens-nothing", "nothing needs it", "volens-nothing")


def test_only_what_is_missing_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    present = check.SystemPackage("sh", "it is everywhere", "sh")
    monkeypatch.setattr(check, "SYSTEM_PACKAGES", (present, ABSENT))

    assert check.missing_packages() == [ABSENT]


@pytest.mark.parametrize(
    ("proof", "expected"),
    [("sh", True), ("/etc/passw*", True), ("/etc/no-such-file*", False), ("volens-nothing", False)],
)
def test_a_package_is_proved_by_a_program_or_by_a_file(proof: str, *, expected: bool) -> None:
    assert check.SystemPackage("any", "a test", proof).is_installed() is expected


def test_who_may_not_install_gets_the_one_line_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    monkeypatch.setattr(check.shutil, "which", lambda name: f"/usr/bin/{name}")

    with pytest.raises(environment.SetUpError) as stopped:
        check.install_system_packages([ABSENT], tmp_path / "log")

    assert str(stopped.value) == (
        "Run this once, then `make test` again: sudo apt-get update && "
        "sudo apt-get install --yes --no-install-recommends volens-nothing"
    )


def test_a_system_without_apt_get_gets_the_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check.shutil, "which", lambda name: None)

    with pytest.raises(environment.SetUpError, match="The checks need volens-nothing"):
        check.install_system_packages([ABSENT], tmp_path / "log")


def test_nothing_missing_installs_nothing(tmp_path: Path) -> None:
    check.install_system_packages([], tmp_path / "log")

    assert not (tmp_path / "log").exists()


def test_lessons_and_sources_are_run_and_checkpoints_are_not(tmp_path: Path) -> None:
    wanted = ["lessons/00.ipynb", "source/a1-x/a1-x.ipynb"]
    for name in (*wanted, "lessons/.ipynb_checkpoints/00.ipynb", "assignments/a1-x/a1-x.ipynb"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()

    assert [tmp_path / name for name in wanted] == check.notebooks(tmp_path)
    assert wanted == list(check.checks(tmp_path)[-1].words[-2:])


def test_without_notebooks_the_other_checks_remain(tmp_path: Path) -> None:
    assert [each.name for each in check.checks(tmp_path)] == ["format", "style", "types", "tests"]


def test_every_check_runs_and_the_last_line_names_what_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(check, "SYSTEM_PACKAGES", ())
    monkeypatch.setattr(environment, "ensure", lambda *_: None)
    listed = [check.Check("bad", ("volens_nothing",)), check.Check("good", ("this",))]
    monkeypatch.setattr(check, "checks", lambda root: listed)
    (tmp_path / ".venv").symlink_to(check.sys.prefix)

    assert check.main([], Checkout(tmp_path)) == 1

    out = capfd.readouterr().out
    assert "== bad: failed, exit code 1" in out
    assert "Beautiful is better than ugly." in out
    assert "== good: passed" in out
    assert out.splitlines()[-1].endswith("seconds: bad.")


def run_cell(
    source: str, profile: Path, monkeypatch: pytest.MonkeyPatch
) -> list[nbformat.NotebookNode]:
    monkeypatch.setenv("IPYTHONDIR", str(profile))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    nbclient.NotebookClient(notebook, kernel_name="python3", timeout=60).execute()
    return notebook.cells[0].outputs


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    check.make_profile(tmp_path)
    return tmp_path


def test_a_warning_in_a_notebook_is_an_error(
    profile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(nbclient.exceptions.CellExecutionError, match="DeprecationWarning"):
        run_cell("import warnings; warnings.warn('old', DeprecationWarning)", profile, monkeypatch)


def test_a_notebook_without_warnings_runs_in_the_courses_environment(
    profile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (shown,) = run_cell("import sys; print(sys.prefix)", profile, monkeypatch)

    assert check.sys.prefix == shown.text.strip()
