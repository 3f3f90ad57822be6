"""`volens grade`: what a person, or cron, sees of it."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from distributed import LocalCluster

from tests.checkout import ROOT
from tests.grader import gates_class
from tests.grader.gates_class import autograded, database, record, report, submitted
from tests.grader.gradebook_rows import rows
from tests.grading.imagined_course import ASSIGNMENT, gates, hand_in
from volens.grader import commands, sandbox
from volens.grader.commands import grade

PROGRAM = """
from volens.grader.commands import grade
if __name__ == "__main__":
    print("It begins.", flush=True)
    grade()
"""


def run(course: Path, *arguments: str) -> Result:
    return CliRunner().invoke(grade, [ASSIGNMENT, "--course", str(course), *arguments])


def started(course: Path, *arguments: str) -> subprocess.Popen[str]:
    """The command in a process of its own."""
    script = course / "grade.py"
    script.write_text(PROGRAM, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, script, ASSIGNMENT, "--course", course, *arguments],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "It begins.\n"
    return process


def kept(course: Path) -> dict[str, object]:
    """The state and the marks of everybody, from their records."""
    found = {}
    for file in (course / "results" / ASSIGNMENT / "records").glob("*.json"):
        data = json.loads(file.read_text(encoding="utf-8"))
        found[file.stem] = (data["state"], data["reason"], data["notebooks"])
    return found


def test_a_class_is_marked_by_two_workers_and_the_exit_code_says_who_needs_a_person(
    course: Path,
) -> None:
    done = run(course, "--workers", "2", "--feedback", "--report", str(course / "mine.json"))

    assert done.exit_code == 3, done.output
    assert "  5 of 5\n" in done.output
    assert f"{ASSIGNMENT}: 5 submissions, 5 marked now, 0 unchanged." in done.output
    assert "s04: There is no notebook" in done.output
    assert f"The report: {course / 'mine.json'}" in done.output
    assert json.loads((course / "mine.json").read_text(encoding="utf-8"))["workers"] == 2
    assert autograded(course, "s01").is_file()
    assert "Feedback pages written: 3 of 3." in done.output
    page = course / "feedback" / "s01" / ASSIGNMENT / f"{ASSIGNMENT}.html"
    assert "Which gates are passed?" in page.read_text(encoding="utf-8")

    again = run(course, "s01")
    assert again.exit_code == 0, again.output
    assert "1 submission, 0 marked now, 1 unchanged." in again.output


@pytest.fixture(name="larger")
def _larger(course: Path) -> Path:
    """The same class with more students."""
    for number in range(10, 22):
        answers = {"gates-table-answer": gates("met", "met", "met" if number % 2 else "not met")}
        hand_in(course, f"s{number}", answers)
    return course


#: Longer than anybody waits for it: what runs it has to be stopped.
ENDLESS = "import time\ntime.sleep(600)"
TIMES = ("--timeout", "600", "--total-timeout", "600")


def test_a_run_goes_on_where_it_was_however_it_was_ended(larger: Path, tmp_path: Path) -> None:
    undisturbed = tmp_path / "undisturbed"
    shutil.copytree(larger, undisturbed, symlinks=True)
    gates_class.grade(undisturbed)
    for ending, last in ((signal.SIGINT, "s11"), (signal.SIGKILL, "s15")):
        # The run cannot come to its end before it is ended: the only worker stays with this one.
        answer = submitted(larger, last).read_bytes()
        hand_in(larger, last, {"gates-table-answer": ENDLESS})
        with started(larger, "--workers", "1", *TIMES) as process:
            assert process.stdout
            assert process.stderr
            assert process.stdout.readline().startswith("  1 of ")
            # A terminal tells all processes of the command.
            os.killpg(process.pid, ending)
            said = process.stderr.read().strip()
        if ending is signal.SIGINT:
            assert process.returncode == 130
            assert said == "Stopped. What was marked is kept; the same command goes on from there."
            assert report(larger)["stopped"] == "somebody stopped it"
        assert last not in kept(larger)
        assert 1 <= len(kept(larger)) < 17
        submitted(larger, last).write_bytes(answer)
    gates_class.grade(larger)

    assert kept(larger) == kept(undisturbed)
    assert rows(database(larger), ASSIGNMENT) == rows(database(undisturbed), ASSIGNMENT)


def test_who_ends_the_program_politely_stops_it_as_ctrl_c_does(
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit) as ended, commands._stoppable():
        os.kill(os.getpid(), signal.SIGTERM)
    assert ended.value.code == 130
    assert capsys.readouterr().err.strip().startswith("Stopped. What was marked is kept;")
    assert signal.getsignal(signal.SIGTERM) == before


@pytest.mark.parametrize("seconds", [0.1, 0.5, 1, 2])
def test_ctrl_c_while_it_starts_is_one_line_too(course: Path, seconds: float) -> None:
    hand_in(course, "s01", {"gates-table-answer": ENDLESS})
    with started(course, *TIMES) as process:
        time.sleep(seconds)
        os.killpg(process.pid, signal.SIGINT)
        assert process.stderr
        said = process.stderr.read().strip()
    assert process.returncode == 130
    assert said == "Stopped. What was marked is kept; the same command goes on from there."


@pytest.fixture(name="cluster")
def _cluster() -> Iterator[LocalCluster]:
    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        dashboard_address="127.0.0.1:0",
        host="127.0.0.1",
        silence_logs=50,
    ) as cluster:
        yield cluster


def test_a_cluster_gives_the_same_marks(course: Path, cluster: LocalCluster) -> None:
    other = course.parent / "other"
    shutil.copytree(course, other)
    assert run(course, "--scheduler", cluster.scheduler_address).exit_code == 3
    gates_class.grade(other)

    assert kept(course) == kept(other)
    assert rows(database(course), ASSIGNMENT) == rows(database(other), ASSIGNMENT)
    assert report(course)["workers"] == 2


def test_without_a_sandbox_every_result_says_so(course: Path) -> None:
    done = run(course, "s01", "--no-sandbox")

    assert done.exit_code == 0, done.output
    assert "WITHOUT A SANDBOX" in done.output
    assert "NOT SHUT IN: the code of 1 submission" in done.output
    assert json.loads(record(course, "s01").read_text(encoding="utf-8"))["sandboxed"] is False


def test_without_bubblewrap_nothing_is_touched(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox.walls.cache_clear()
    monkeypatch.setenv("PATH", str(course))
    before = sorted(course.rglob("*"))
    done = run(course)
    sandbox.walls.cache_clear()

    assert done.exit_code == 1
    assert "There is no bubblewrap here" in done.output
    assert len(done.output.splitlines()) == 1
    assert sorted(course.rglob("*")) == before


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["s99"], 1, "s99 handed in nothing"),
        (["--scheduler", "tcp://127.0.0.1:8786", "--workers", "2"], 2, "a cluster has its own"),
        (["--database", "sqlite:///x.db", "--feedback"], 2, "instead of --database"),
        (["--workers", "0"], 2, "not in the range"),
        (["--database", "postgresql+psycopg://u:secret@127.0.0.1:1/x"], 1, "u:***@127.0.0.1"),
    ],
)
def test_what_cannot_start_is_said_and_what_to_do(
    course: Path, arguments: list[str], code: int, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)  # between tries for a lost database
    done = run(course, *arguments)

    assert done.exit_code == code
    assert says in done.output
    assert "secret" not in done.output
    assert "Traceback" not in done.output


def test_an_unknown_assignment_is_named(course: Path) -> None:
    done = CliRunner().invoke(grade, ["a9-none", "--course", str(course)])

    assert done.exit_code == 1
    assert "There is no notebook in" in done.output
    assert not (course / "results" / "a9-none").exists()


def test_the_time_for_a_cell_is_that_of_the_course_unless_told(course: Path) -> None:
    with (course / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write("c.Execute.timeout = 7\n")
    run(course, "s04")
    assert report(course)["limits"]["cell_seconds"] == 7

    run(course, "s04", "--timeout", "3", "--total-timeout", "60")
    limits = report(course)["limits"]
    assert (limits["cell_seconds"], limits["submission_seconds"]) == (3, 60)


def test_another_system_is_refused_in_one_line(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    done = run(course)

    assert done.exit_code == 1
    assert done.output.startswith("Error: The grader needs Linux; this system is win32.")
    assert done.output.count("\n") == 1
