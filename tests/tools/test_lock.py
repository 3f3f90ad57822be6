"""What is installed is locked, hash by hash, and names no place."""

import re
import subprocess
import tomllib
from pathlib import Path

import environment
import lock
import pytest
from packaging.requirements import Requirement

SETS = environment.SETS
PROJECT = tomllib.loads(environment.HERE.project.read_text("utf-8"))


def text(level: str) -> str:
    return environment.HERE.lock(level).read_text("utf-8")


def entries(level: str) -> dict[str, tuple[str, ...]]:
    """Return each locked package's line, version and marker included, with its hashes."""
    joined = text(level).replace("\\\n", " ")
    listed = [line for line in joined.splitlines() if line and not line.startswith("#")]
    return {
        line.split("==")[0]: tuple(part.strip() for part in line.split("--hash=", 1))
        for line in listed
    }


def asked_for(level: str) -> list[Requirement]:
    """Return the requirements that pyproject.toml names for one set."""
    extras = PROJECT["project"]["optional-dependencies"]
    named = PROJECT["project"]["dependencies"] + extras["student"]
    named += PROJECT["dependency-groups"]["build"]
    if level != "student":
        named += extras["instructor"]
    if level == "development":
        named += PROJECT["dependency-groups"]["development"]
    return [Requirement(each) for each in named if not each.startswith("volens")]


@pytest.mark.parametrize("level", SETS)
def test_every_requirement_has_hashes(level: str) -> None:
    for line, *hashes in entries(level).values():
        assert re.fullmatch(r"[a-z0-9-]+==[^ ]+( ; .+)?", line)
        assert hashes, line
        for each in hashes[0].split("--hash="):
            assert re.fullmatch(r"sha256:[0-9a-f]{64}", each.strip())


@pytest.mark.parametrize("level", SETS)
def test_no_lock_names_an_address_a_path_or_an_option(level: str) -> None:
    assert lock.places(text(level)) == []


@pytest.mark.parametrize("level", SETS)
def test_volens_itself_is_not_locked(level: str) -> None:
    assert "volens" not in entries(level)


@pytest.mark.parametrize(("smaller", "larger"), [SETS[:2], SETS[1:]])
def test_each_set_contains_the_one_before_with_the_same_versions(smaller: str, larger: str) -> None:
    assert entries(smaller).items() <= entries(larger).items()


@pytest.mark.parametrize("level", SETS)
def test_the_lock_meets_what_the_project_asks_for(level: str) -> None:
    """If this fails, pyproject.toml has changed since `make lock`."""
    locked = {
        name: line.split("==")[1].split(";")[0].strip()
        for name, (line, *_) in entries(level).items()
    }
    unmet = [
        str(each)
        for each in asked_for(level)
        if each.name.lower() not in locked or locked[each.name.lower()] not in each.specifier
    ]

    assert unmet == []


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://example.org/simple",
        "--find-links /wheels",
        "-e .",
        "thing @ file:///wheels/thing.whl",
        "thing @ https://example.org/thing.whl",
        "    # via -r /home/someone/pyproject.toml",
        r"thing @ C:\wheels\thing.whl",
    ],
)
def test_a_place_in_a_lock_is_found(line: str) -> None:
    assert [line] == lock.places(f"# a comment\nfine==1.0 \\\n    --hash=sha256:00\n{line}\n")


def test_a_set_that_cannot_be_resolved_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    checkout = environment.Checkout(tmp_path)
    (tmp_path / "requirements").mkdir()
    monkeypatch.setattr(
        subprocess,
        "run",
        lambda *_, **__: subprocess.CompletedProcess((), 1, "", "no version of thing fits"),
    )

    assert lock.main(checkout) == 1
    assert list((tmp_path / "requirements").iterdir()) == []
    assert "nothing was changed" in capsys.readouterr().err
