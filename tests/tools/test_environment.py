"""``.venv`` is made once, kept while it fits, and repaired where it does not."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import environment
import pytest
from environment import Checkout, Plan

TOOLS = Path(environment.__file__).parent
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"

LOCK = "volens-tests-no-such-package==1.0 \\\n    --hash=sha256:" + "0" * 64 + "\n"

OFFLINE = """\
WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError('<...>: \
Failed to establish a new connection: [Errno -3] Temporary failure in name resolution')'
ERROR: Could not find a version that satisfies the requirement anyio==4.16.0 (from versions: none)
ERROR: No matching distribution found for anyio==4.16.0
"""
TAMPERED = """\
Collecting anyio==4.16.0
ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.
    anyio==4.16.0: Expected sha256 00, got 11
"""
UNTRUSTED = """\
Could not fetch URL: There was a problem confirming the ssl certificate: HTTPSConnectionPool(...) \
(Caused by SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]')))
ERROR: No matching distribution found for anyio==4.16.0
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A checkout with locks and no environment."""
    made = Checkout(tmp_path)
    (tmp_path / "requirements").mkdir()
    made.project.write_text("[project]\n")
    for level in environment.SETS:
        made.lock(level).write_text(f"# {level}\n{LOCK}")
    return made


def pretend(checkout: Checkout, level: str) -> None:
    """Give a checkout an environment that looks as if it had been installed."""
    checkout.programs.mkdir(parents=True)
    checkout.python.symlink_to(sys.executable)
    environment.write_stamp(checkout, level, VERSION)


@pytest.fixture
def commands(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The commands of an installation, recorded instead of run."""
    recorded = []

    def record(checkout: Checkout, command: list[str]) -> None:
        recorded.append(" ".join(command).replace(str(checkout.root), "."))
        if "venv" in command:
            checkout.programs.mkdir(parents=True)
            checkout.python.symlink_to(sys.executable)

    monkeypatch.setattr(environment, "run", record)
    return recorded


class TestPlan:
    def test_without_an_environment_everything_is_installed(self, checkout: Checkout) -> None:
        assert Plan("student", packages=True, project=True) == environment.plan(checkout, "student")

    @pytest.mark.parametrize("level", environment.SETS)
    def test_what_is_installed_needs_nothing(self, checkout: Checkout, level: str) -> None:
        pretend(checkout, level)

        assert environment.plan(checkout, level).nothing

    def test_a_larger_set_serves_a_smaller_one(self, checkout: Checkout) -> None:
        pretend(checkout, "development")

        assert environment.plan(checkout, "student").nothing

    def test_a_larger_set_is_added_in_place(self, checkout: Checkout) -> None:
        pretend(checkout, "student")

        assert Plan("development", packages=True, project=True) == environment.plan(
            checkout, "development"
        )

    def test_a_changed_lock_is_installed_in_place_and_takes_nothing_away(
        self, checkout: Checkout
    ) -> None:
        pretend(checkout, "instructor")
        checkout.lock("student").write_text("# changed\n" + LOCK)

        assert Plan("instructor", packages=True, project=True) == environment.plan(
            checkout, "student"
        )

    def test_a_lock_that_changed_for_others_is_no_reason(self, checkout: Checkout) -> None:
        pretend(checkout, "development")
        checkout.lock("development").write_text("# changed\n" + LOCK)

        assert environment.plan(checkout, "student").nothing

    def test_line_endings_are_no_change(self, checkout: Checkout) -> None:
        pretend(checkout, "student")
        lock = checkout.lock("student")
        lock.write_bytes(lock.read_bytes().replace(b"\n", b"\r\n"))

        assert environment.plan(checkout, "student").nothing

    def test_a_changed_project_file_renews_the_package_only(self, checkout: Checkout) -> None:
        pretend(checkout, "student")
        checkout.project.write_text("[project]\nname = 'other'\n")

        assert Plan("student", project=True) == environment.plan(checkout, "student")

    def test_a_moved_environment_is_noticed(self, checkout: Checkout, tmp_path: Path) -> None:
        pretend(checkout, "student")
        moved = tmp_path / "elsewhere"
        moved.mkdir()
        for path in (".venv", "requirements", "pyproject.toml"):
            (tmp_path / path).rename(moved / path)

        assert (
            f"it was made for another folder, {tmp_path}"
            == environment.plan(Checkout(moved), "student").rebuild
        )

    def test_an_environment_without_its_python_is_noticed(
        self, checkout: Checkout, tmp_path: Path
    ) -> None:
        pretend(checkout, "student")
        checkout.python.unlink()
        checkout.python.symlink_to(tmp_path / "removed")

        assert environment.plan(checkout, "student").rebuild == "its Python does not start"

    def test_an_environment_of_another_python_is_noticed(self, checkout: Checkout) -> None:
        pretend(checkout, "student")
        environment.write_stamp(checkout, "student", "3.10")

        assert (
            f"it was made for Python 3.10 and now finds Python {VERSION}"
            == environment.plan(checkout, "student").rebuild
        )

    @pytest.mark.parametrize("text", ["", "{}", "[]", '{"level": "student"}'])
    def test_an_unreadable_stamp_counts_as_unfinished(self, checkout: Checkout, text: str) -> None:
        pretend(checkout, "student")
        checkout.stamp.write_text(text)

        assert environment.plan(checkout, "student").rebuild == "its installation was not finished"


class TestEnsure:
    def test_only_what_the_lock_names_is_installed(
        self, checkout: Checkout, commands: list[str]
    ) -> None:
        environment.ensure(checkout, "student")

        _, packages, project = commands
        for word in ("--require-hashes", "--no-deps", "--only-binary :all:"):
            assert word in packages
        assert packages.endswith("-r ./requirements/student.txt")
        assert project.endswith("--no-index --no-deps --no-build-isolation --editable .")

    def test_a_second_time_nothing_is_run_and_nothing_said(
        self, checkout: Checkout, commands: list[str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        environment.ensure(checkout, "student")
        capsys.readouterr()
        commands.clear()

        environment.ensure(checkout, "student")

        assert commands == []
        assert capsys.readouterr() == ("", "")

    def test_a_repair_says_why_in_one_line(
        self, checkout: Checkout, commands: list[str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        environment.ensure(checkout, "student")
        checkout.stamp.unlink()
        capsys.readouterr()

        environment.ensure(checkout, "student")

        assert capsys.readouterr().out.splitlines() == [
            "Making .venv anew: its installation was not finished.",
            "Installing the course's packages: about 1 minute on first use.",
        ]

    def test_packages_that_left_the_lock_leave_the_environment(
        self, checkout: Checkout, commands: list[str]
    ) -> None:
        environment.ensure(checkout, "student")
        checkout.lock("student").write_text(LOCK.replace("no-such", "another"))
        commands.clear()

        environment.ensure(checkout, "student")

        assert commands[1].endswith("pip uninstall -y volens-tests-no-such-package")

    def test_an_installation_that_failed_is_not_taken_for_finished(
        self, checkout: Checkout, commands: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        environment.ensure(checkout, "student")

        def fail(checkout: Checkout, command: list[str]) -> None:
            raise environment.SetUpError("no")

        monkeypatch.setattr(environment, "run", fail)
        with pytest.raises(environment.SetUpError):
            environment.ensure(checkout, "development")

        assert environment.plan(checkout, "student").rebuild == "its installation was not finished"

    def test_a_missing_lock_is_one_clear_line(self, checkout: Checkout) -> None:
        checkout.lock("instructor").unlink()

        with pytest.raises(
            environment.SetUpError, match=r"^requirements.instructor\.txt is missing\."
        ):
            environment.ensure(checkout, "student")

    def test_a_python_that_cannot_install_is_one_clear_line(
        self, checkout: Checkout, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(environment, "abilities", lambda python: {"venv"})

        with pytest.raises(environment.SetUpError, match="sudo apt-get install python3-pip"):
            environment.ensure(checkout, "student")

    def test_without_a_network_the_first_use_says_so_and_stops(
        self,
        checkout: Checkout,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        """A real environment and a real pip; the index is a port where nobody listens."""
        for name in [name for name in os.environ if name.startswith("PIP_")]:
            monkeypatch.delenv(name)
        monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
        monkeypatch.setenv("PIP_INDEX_URL", "https://127.0.0.1:9/simple")
        monkeypatch.setenv("PIP_RETRIES", "1")
        monkeypatch.setenv("NO_PROXY", "*")

        assert environment.main(["student"], checkout) == 1

        (line,) = capsys.readouterr().err.splitlines()
        assert line.startswith("The packages could not be fetched: no connection")
        assert "127.0.0.1" in checkout.log.read_text()


class TestExplain:
    @pytest.mark.parametrize(
        ("output", "words"),
        [
            (OFFLINE, "no connection to the package index"),
            (UNTRUSTED, "the certificate of the package index was not accepted"),
            (TAMPERED, "THESE PACKAGES DO NOT MATCH THE HASHES"),
            ("ERROR: [Errno 28] No space left on device\n", "No space left on device"),
            ("something odd\n", "something odd"),
            ("", "no reason was given"),
        ],
    )
    def test_every_failure_is_one_line_that_names_the_log(
        self, checkout: Checkout, output: str, words: str
    ) -> None:
        said = environment.explain(output, checkout)

        assert words in said
        assert "\n" not in said
        assert said.endswith(str(Path("build/install.log")))

    def test_a_passing_hitch_is_not_taken_for_the_cause(self, checkout: Checkout) -> None:
        hitch = OFFLINE.splitlines(keepends=True)[0]

        assert "HASHES" in environment.explain(hitch + TAMPERED, checkout)


class TestVariables:
    def test_settings_of_other_projects_do_not_reach_the_course(
        self, checkout: Checkout, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("PYTHONPATH", "PYTHONWARNINGS", "JUPYTER_PATH", "PIP_TARGET", "MPLBACKEND"):
            monkeypatch.setenv(name, "other")
        monkeypatch.setenv("VIRTUAL_ENV", "other")

        variables = environment.course_environment(checkout)

        assert str(checkout.venv) == variables.pop("VIRTUAL_ENV")
        assert "other" not in variables.values()

    def test_the_way_to_the_packages_stays(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("PIP_INDEX_URL", "PIP_CERT", "HTTPS_PROXY"):
            monkeypatch.setenv(name, "mine")

        assert {
            "PIP_INDEX_URL",
            "PIP_CERT",
            "HTTPS_PROXY",
        } <= environment.clean_environment().keys()

    def test_programs_of_the_environment_come_first(self, checkout: Checkout) -> None:
        path = environment.course_environment(checkout)["PATH"]

        assert str(checkout.programs) == path.split(os.pathsep)[0]


class TestRemove:
    def test_a_link_is_removed_and_its_target_kept(self, tmp_path: Path) -> None:
        (tmp_path / "target").mkdir()
        (tmp_path / "link").symlink_to(tmp_path / "target")

        environment.remove(tmp_path / "link")

        assert [tmp_path / "target"] == list(tmp_path.iterdir())


class TestOlderPythons:
    @pytest.mark.parametrize("path", sorted(TOOLS.glob("*.py")), ids=lambda path: path.name)
    def test_the_tools_that_start_things_can_be_read_by_an_older_python(self, path: Path) -> None:
        if "import environment" in path.read_text() or path.stem == "environment":
            ast.parse(path.read_text(), feature_version=(3, 7))

    @pytest.mark.parametrize("tool", ["environment", "course", "check", "lock"])
    def test_an_older_python_gets_one_line(self, tool: str) -> None:
        program = (
            "import sys, argparse, http.client, secrets, socket, subprocess, tempfile, webbrowser\n"
            "sys.version_info, sys.version = (3, 9, 2), '3.9.2 (default)'\n"
            f"sys.path.insert(0, {str(TOOLS)!r})\n"
            f"import {tool}\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=False
        )

        (line,) = done.stderr.splitlines()
        assert line.startswith("The course needs Python 3.11 or newer; this is Python 3.9.2.")
        assert (done.stdout, done.returncode) == ("", 1)
