"""What Binder would build, built here: the plan of repo2docker, and its steps replayed.

There is no container and no conda. A clean environment gets the Python packages
of repo2docker's own base, in its versions; then the plan's steps run as they stand.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import environment
import lock
import pytest

from tests.checkout import LESSONS, RELEASED, ROOT, SOURCES, read_notebook, text

HERE = Path(__file__).parent
KEPT = {"assignments", "binder", "data", "docs", "lessons"}
MARKERS = ("BEGIN SOLUTION", "BEGIN HIDDEN TESTS", "BEGIN MARK SCHEME")
PART = re.compile(r"### BEGIN (?P<kind>[A-Z ]+)\n(?P<inside>.*?)### END (?P=kind)", re.DOTALL)
SHORTEST = 16
"""Shorter lines of a solution, such as a bracket, give nothing away."""
QUIETLY = ("--no-input", "--progress-bar", "off", "--disable-pip-version-check")

SETTINGS = """
import json
from jupyterlab.commands import get_app_dir
from jupyterlab_server.config import LabConfig
from jupyterlab_server.settings_utils import get_settings
app = get_app_dir()
found, _ = get_settings(app + "/settings", app + "/schemas", "/nowhere")
news = "@jupyterlab/apputils-extension:notification"
schema = next(one["schema"] for one in found["settings"] if one["id"] == news)
print(json.dumps({name: of["default"] for name, of in schema["properties"].items()}))
"""


@dataclass(frozen=True)
class Replay:
    """A session as a student finds it."""

    tree: Path
    home: environment.Checkout
    base: dict[str, str]
    packages: dict[str, str]

    def python(self, *words: str) -> str:
        """Run the session's Python in the folder of the lessons; return what it prints."""
        own = {"HOME": str(self.home.root), "IPYTHONDIR": str(self.home.root / "ipython")}
        done = subprocess.run(
            [str(self.home.python), *words],
            cwd=self.tree / "lessons",
            env=environment.course_environment(self.home) | own,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def plan_of(folder: Path) -> dict[str, Any]:
    """What repo2docker would do with a folder."""
    program = [sys.executable, str(HERE / "binder_plan.py"), str(folder)]
    done = subprocess.run(program, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def copy_of_the_clone(target: Path) -> Path:
    """Copy what git would hand out, with what is not committed yet."""
    listed = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    for name in filter(None, listed):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    return target


def installed(home: environment.Checkout) -> dict[str, str]:
    """The packages of an environment, with their versions."""
    program = [str(home.python), "-m", "pip", "list", "--format=json", QUIETLY[-1]]
    found = subprocess.run(program, capture_output=True, text=True, check=True).stdout
    return {lock.normal(one["name"]): one["version"] for one in json.loads(found)}


@pytest.fixture(name="plan", scope="module")
def _plan() -> dict[str, Any]:
    return plan_of(ROOT)


@pytest.fixture(name="replay", scope="module")
def _replay(plan: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replay]:
    root = tmp_path_factory.mktemp("binder")
    home = environment.Checkout(root / "home")
    home.root.mkdir()
    tree = copy_of_the_clone(root / "tree")
    (tree / ".git").mkdir()
    pins = lock.base_pins(lock.binder_base(environment.HERE).read_text("utf-8"))
    base = root / "base.txt"
    base.write_text("".join(f"{name}=={version}\n" for name, version in pins.items()))
    places = [f"{name}={home.venv}" for name in ("NB_PYTHON_PREFIX", "KERNEL_PYTHON_PREFIX")]
    shell = ["env", *places, f"REPO_DIR={tree}", "bash", "-c"]
    steps = [*plan["early"], *plan["late"], *(f"./{script}" for script in plan["last"])]
    failure = None
    try:
        pip = environment.create(home)
        environment.run(
            home, [*pip, "install", *QUIETLY, "--no-deps", "--no-compile", "-r", str(base)]
        )
        before = installed(home)
        for step in steps:
            # Here the packages come out of pip's own store if they are there.
            command = step.replace(" --no-cache-dir", "")
            environment.run(home, [*shell, f'cd "$0" && {command}', str(tree)])
    except environment.SetUpError as error:
        failure = error
    if failure:
        pytest.fail(f"Binder was not replayed in {home.root}. {failure}", pytrace=False)
    yield Replay(tree, home, before, installed(home))
    shutil.rmtree(root)


def test_repo2docker_takes_our_python_our_packages_and_our_script(plan: dict[str, Any]) -> None:
    assert plan["pack"] == "PythonBuildPack"
    assert plan["python"] == lock.binder_python(environment.HERE) == "3.11"
    assert plan["base"] == [f"conda/{lock.binder_base(environment.HERE).name}"]
    assert [step.split("/bin/", 1)[1] for step in plan["early"]] == [
        'pip install --no-cache-dir -r "binder/requirements.txt"'
    ]
    assert plan["late"] == []
    assert plan["last"] == ["binder/postBuild"]
    assert "RUN ./binder/postBuild\n" in plan["recipe"]


def test_without_a_runtime_repo2docker_takes_a_python_that_is_too_old(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "binder", tmp_path / "binder")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "binder" / "runtime.txt").unlink()

    assert plan_of(tmp_path)["python"] == "3.10"


def test_the_script_runs_in_no_clone_that_somebody_works_in(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "binder", tmp_path / "binder")
    (tmp_path / "source").mkdir()
    for variables in ({}, {"NB_PYTHON_PREFIX": "/", "REPO_DIR": str(tmp_path / "elsewhere")}):
        done = subprocess.run(
            ["bash", "binder/postBuild"],
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"]} | variables,
            capture_output=True,
            text=True,
            check=False,
        )

        assert done.returncode == 1
        assert done.stderr.endswith("Nothing was done.\n")
        assert (tmp_path / "source").is_dir()


def test_nothing_of_the_base_is_changed_and_everything_fits(replay: Replay) -> None:
    pinned = lock.base_pins(lock.binder_base(environment.HERE).read_text("utf-8"))
    asked = environment.locked_packages(ROOT / "binder" / "requirements.txt")

    assert replay.base == pinned
    assert replay.packages.items() >= replay.base.items()
    assert set(replay.packages) - set(replay.base) == {*asked, "volens"}
    assert "No broken requirements found" in replay.python("-m", "pip", "check")


def test_widgets_find_their_part_for_jupyterlab(replay: Replay) -> None:
    extensions = replay.home.venv / "share" / "jupyter" / "labextensions"

    for name in ("anywidget", "@jupyter-widgets/jupyterlab-manager", "jupyter-offlinenotebook"):
        assert (extensions / name / "package.json").is_file()


def test_jupyterlab_fetches_no_news(replay: Replay) -> None:
    settings = json.loads(replay.python("-c", SETTINGS))

    assert settings["fetchNews"] == "false"
    assert settings["checkForUpdates"] is False


def test_students_keep_what_they_read_and_nothing_else(replay: Replay) -> None:
    assert {path.name for path in replay.tree.iterdir() if path.is_dir()} == KEPT, (
        "a folder at the top is new: if students do not need it, binder/postBuild removes it"
    )
    for file in (*LESSONS, *RELEASED, ROOT / "README.md", ROOT / "data" / "README.md"):
        assert (replay.tree / file.relative_to(ROOT)).is_file()


def secrets() -> set[str]:
    """Lines of solutions, hidden tests and rubrics that give something away."""
    found = set(MARKERS)
    for source in SOURCES:
        for cell in read_notebook(source)["cells"]:
            for part in PART.finditer(text(cell)):
                found |= {line.strip() for line in part["inside"].splitlines()}
        rubric = tomllib.loads((source.parent / "rubric.toml").read_text("utf-8"))
        for question in rubric["question"]:
            levels = [level for one in question["criterion"] for level in one["level"]]
            found |= {level["description"] for level in levels}
            found |= {line for one in question["anchor"] for line in one["text"].splitlines()}
        open_text = "\n".join(PART.sub("", text(cell)) for cell in read_notebook(source)["cells"])
        found = {line for line in found if line not in open_text}
    # The package's own example of a test cell has this line, which tells nothing.
    found.discard("check.compare(read, key, why)")
    return {line for line in found if len(line) >= SHORTEST or line in MARKERS}


def places_of(lines: set[str], folder: Path) -> list[tuple[str, str]]:
    """Where lines stand in the files of a folder, as they are or as a notebook writes them."""
    spellings = {
        line: (line, json.dumps(line)[1:-1], json.dumps(line, ensure_ascii=False)[1:-1])
        for line in lines
    }
    found = []
    for file in folder.rglob("*"):
        if file.is_file():
            content = file.read_bytes().decode("utf-8", "replace")
            found += [
                (str(file.relative_to(folder)), line)
                for line, forms in spellings.items()
                if any(form in content for form in forms)
            ]
    return found


def test_the_search_for_solutions_finds_them_in_the_source() -> None:
    lines = secrets()
    found = places_of(lines, ROOT / "source")

    assert len(lines) > 100
    assert {line for _, line in found} >= lines - {"BEGIN MARK SCHEME"}


def test_no_solution_is_left(replay: Replay) -> None:
    assert places_of(secrets(), replay.tree) == []


def test_no_solution_came_with_the_package(replay: Replay) -> None:
    """The package knows the markers, because it works with nbgrader's notebooks."""
    package = next(replay.home.venv.glob("lib/python*/site-packages/volens"))

    assert places_of(secrets() - set(MARKERS), package) == []


def test_every_link_between_the_files_that_are_left_leads_somewhere(replay: Replay) -> None:
    files = [*replay.tree.rglob("*.md"), *replay.tree.rglob("*.ipynb")]
    links = [
        (file, target)
        for file in files
        for target in re.findall(r"\]\(([^)#\s]+)[^)\s]*\)", file.read_text("utf-8"))
        if not re.match(r"https?://|mailto:", target)
    ]
    broken = [
        (str(file.relative_to(replay.tree)), target)
        for file, target in links
        if not (file.parent / target).exists()
    ]

    assert len(links) > len(LESSONS)
    assert broken == []


@pytest.mark.parametrize("file", [*LESSONS, *RELEASED], ids=lambda file: file.stem)
def test_a_notebook_runs_without_an_error_or_a_word_on_the_error_stream(
    replay: Replay, file: Path
) -> None:
    program = str(HERE / "binder_run.py")
    ran = json.loads(replay.python(program, str(replay.tree / file.relative_to(ROOT))))

    assert [output["text"] for output in ran["outputs"] if output.get("name") == "stderr"] == []
    assert [output for output in ran["outputs"] if output["output_type"] == "error"] == []
    assert any(output["output_type"] == "execute_result" for output in ran["outputs"])
    assert Path(ran["volens"]).is_relative_to(replay.home.venv)
