"""What is installed is locked, hash by hash, and names no place."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import environment
import lock
import pytest
from packaging.requirements import Requirement

SETS = environment.SETS
PROJECT = tomllib.loads(environment.HERE.project.read_text("utf-8"))
BINDER = environment.HERE.root / "binder" / "requirements.txt"
BASE = lock.base_pins(lock.binder_base(environment.HERE).read_text("utf-8"))


def text(level: str) -> str:
    return environment.HERE.lock(level).read_text("utf-8")


def entries(content: str) -> dict[str, tuple[str, ...]]:
    """Return each locked package's line, version and marker included, with its hashes."""
    joined = content.replace("\\\n", " ")
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
        named += extras["service"]
        named += PROJECT["dependency-groups"]["development"]
    return [Requirement(each) for each in named if not each.startswith("volens")]


@pytest.mark.parametrize("file", [*map(environment.HERE.lock, SETS), BINDER])
def test_every_requirement_has_hashes(file: Path) -> None:
    for line, *hashes in entries(file.read_text("utf-8")).values():
        assert re.fullmatch(r"[a-z0-9-]+==[^ ]+( ; .+)?", line)
        assert hashes, line
        for each in hashes[0].split("--hash="):
            assert re.fullmatch(r"sha256:[0-9a-f]{64}", each.strip())


@pytest.mark.parametrize("level", SETS)
def test_no_lock_names_an_address_a_path_or_an_option(level: str) -> None:
    assert lock.places(text(level)) == []


@pytest.mark.parametrize("level", SETS)
def test_volens_itself_is_not_locked(level: str) -> None:
    assert "volens" not in entries(text(level))


@pytest.mark.parametrize(("smaller", "larger"), [SETS[:2], SETS[1:]])
def test_each_set_contains_the_one_before_with_the_same_versions(smaller: str, larger: str) -> None:
    """On which systems a package is wanted may differ: a larger set may want it everywhere."""
    assert versions(smaller).items() <= versions(larger).items()


def versions(level: str) -> dict[str, tuple[str, ...]]:
    """Each package's version and hashes."""
    found = entries(text(level))
    return {name: (line.split(" ;")[0], *hashes) for name, (line, *hashes) in found.items()}


@pytest.mark.parametrize("level", SETS)
def test_the_lock_meets_what_the_project_asks_for(level: str) -> None:
    """If this fails, pyproject.toml has changed since `make lock`."""
    locked = {
        name: line.split("==")[1].split(";")[0].strip()
        for name, (line, *_) in entries(text(level)).items()
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


FROZEN = """\
# Frozen by hand
@EXPLICIT
https://example.org/linux-64/libzlib-1.3.1-hb9d3cd8_2.conda#00
https://example.org/linux-64/python-3.11.14-hfe2f287_1_cpython.conda#00
https://example.org/linux-64/pyyaml-6.0.3-py311h3778330_0.conda#00
https://example.org/noarch/jupyterhub-base-5.4.0-pyhc90fa1f_0.conda#00
https://example.org/noarch/jupyterhub-singleuser-5.4.0-hd843c07_0.conda#00
https://example.org/noarch/jupyter_core-5.8.1-pyh31011fe_0.conda#00
https://example.org/noarch/defusedxml-0.7.1-pyhd8ed1ab_0.tar.bz2#00
"""


def test_the_python_packages_of_a_frozen_environment_are_found() -> None:
    assert lock.base_pins(FROZEN) == {
        "pyyaml": "6.0.3",
        "jupyterhub": "5.4.0",
        "jupyter-core": "5.8.1",
        "defusedxml": "0.7.1",
    }


def test_binder_is_given_what_its_base_lacks_and_nothing_else() -> None:
    """If this fails, pyproject.toml or repo2docker has changed since `make lock`."""
    found = entries(BINDER.read_text("utf-8"))
    given = {name: line.split("==")[1] for name, (line, *_) in found.items()}
    asked = PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["build"]
    all_there = BASE | given

    assert given.keys() & BASE.keys() == set()
    assert "jupyterlab" in BASE
    here = [each for each in map(Requirement, asked) if not each.marker or each.marker.evaluate()]
    for each in here:
        assert all_there[each.name] in each.specifier, each


def test_binders_packages_come_from_no_place_and_need_no_other_file() -> None:
    assert lock.places(BINDER.read_text("utf-8")) == []


def test_without_repo2docker_the_lock_says_so(tmp_path: Path) -> None:
    runtime = tmp_path / "binder" / "runtime.txt"
    runtime.parent.mkdir()
    runtime.write_text("python-3.0\n")
    checkout = environment.Checkout(tmp_path)
    checkout.programs.mkdir(parents=True)
    checkout.python.symlink_to(sys.executable)

    with pytest.raises(environment.SetUpError, match=r"no environment for Python 3\.0; nothing"):
        lock.binder_base(checkout)


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
