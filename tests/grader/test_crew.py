"""A crew: one result for each job, whatever happens to the workers."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from distributed import LocalCluster

from tests.checkout import ROOT
from tests.grader.work import QUICK, act, job
from volens.errors import GradingError
from volens.grader.crew import ClusterCrew, LocalCrew, processors
from volens.grader.limits import Limits
from volens.grader.results import PERSON, SCORED, Graded, Job

#: In seconds: longer than anything here takes, on a machine that has other things to do.
_DEADLINE = 120
#: In seconds: how long such a machine may take to connect two of its processes.
_PATIENCE = 10
SLOW = Limits(submission_seconds=60)


def by_student(results: Iterator[Graded]) -> dict[str, Graded]:
    """The results, each of which came once."""
    listed = list(results)
    found = {one.student: one for one in listed}
    assert len(found) == len(listed)
    return found


# Workers on this machine


def test_each_job_ends_once_and_workers_are_kept_for_the_next() -> None:
    done = by_student(LocalCrew(2, work=act).results(job(f"s{n:02}") for n in range(30)))

    assert sorted(done) == [f"s{n:02}" for n in range(30)]
    assert {one.state for one in done.values()} == {SCORED}
    assert len({one.message for one in done.values()}) == 2


def test_there_are_as_many_workers_as_processors_to_use() -> None:
    assert LocalCrew().workers == processors() == len(os.sched_getaffinity(0))


def test_no_job_is_taken_before_there_is_room_for_it() -> None:
    taken = 0

    def jobs() -> Iterator[Job]:
        nonlocal taken
        for n in range(50):
            taken += 1
            yield job(f"s{n}")

    for place, _ in enumerate(LocalCrew(2, work=act).results(jobs())):
        assert taken <= place + 1 + 2 * 3


def test_a_job_whose_worker_dies_is_tried_again_in_a_fresh_one(tmp_path: Path) -> None:
    jobs = [job("s1", f"kill-once {tmp_path / 'a'}"), job("s2"), job("s3"), job("s4")]
    done = by_student(LocalCrew(1, work=act).results(jobs))

    assert {name: one.state for name, one in done.items()} == dict.fromkeys(
        ("s1", "s2", "s3", "s4"), SCORED
    )


def test_a_job_that_ends_its_worker_twice_goes_to_a_person_and_the_others_on() -> None:
    done = by_student(LocalCrew(1, work=act).results([job("s1", "kill"), job("s2"), job("s3")]))

    assert (done["s1"].state, done["s1"].reason) == (PERSON, "grader-stopped")
    assert "ended twice" in done["s1"].message
    assert {done[name].state for name in ("s2", "s3")} == {SCORED}


def test_an_error_goes_to_a_person_with_its_cause_in_one_line() -> None:
    done = by_student(LocalCrew(1, work=act).results([job("s1", "fail"), job("s2")]))

    assert (done["s1"].state, done["s1"].reason) == (PERSON, "grader-stopped")
    assert "(ValueError: the cell is odd)" in done["s1"].message
    assert done["s2"].state == SCORED


@pytest.mark.parametrize("trouble", ["hang", "exit"])
def test_a_job_that_never_ends_goes_to_a_person_and_the_others_on(trouble: str) -> None:
    jobs = [job("s1", trouble, QUICK), job("s2"), job("s3")]
    done = by_student(LocalCrew(1, work=act, grace=0.5).results(jobs))

    assert (done["s1"].state, done["s1"].reason) == (PERSON, "grader-too-slow")
    assert {done[name].state for name in ("s2", "s3")} == {SCORED}


def test_workers_killed_at_any_moment_lose_no_job_and_double_none() -> None:
    """Long results keep the pipe busy: some workers die in the middle of a message."""
    found = []
    for graded in LocalCrew(2, work=act).results(job(f"s{n}", "long") for n in range(24)):
        found.append(graded.student)
        if len(found) in (3, 9, 15):
            for worker in workers():
                os.kill(worker, signal.SIGKILL)

    assert Counter(found) == Counter(f"s{n}" for n in range(24))
    assert workers() == []


def test_leaving_early_leaves_no_worker_behind() -> None:
    for _ in LocalCrew(2, work=act).results(job(f"s{n}") for n in range(9)):
        break

    assert workers() == []


def workers() -> list[int]:
    """Worker processes of ours that run."""
    children = [one for one in psutil.Process().children() if one.status() != psutil.STATUS_ZOMBIE]
    servers = [one for one in children if "forkserver" in " ".join(one.cmdline())]
    return [worker.pid for server in servers for worker in server.children()]


#: A run whose jobs never end. Each tells of its process once there is something to leave behind.
_ENDLESS = """
import os, sys, time
from pathlib import Path
from tests.grader.work import job
from volens.grader.crew import LocalCrew
from volens.grader.kernel import Room
from volens.grader.limits import Limits

def tell(job):
    Path(sys.argv[1], job.student).write_text(str(os.getpid()), encoding="utf-8")

def hang(job):
    tell(job)
    time.sleep(3600)

def run(job):
    limits = Limits(cell_seconds=3600, submission_seconds=3600, cpu_seconds=3600)
    with Room(limits, sandboxed=sys.argv[2] == "run-shut-in") as room, room.kernel() as kernel:
        kernel.run("import os, subprocess, time\\nsubprocess.Popen(['sleep', '3600'])")
        tell(job)
        kernel.run("while True: pass")

if __name__ == "__main__":
    work = hang if sys.argv[2] == "hang" else run
    list(LocalCrew(2, work=work).results(job(f"s{n}") for n in range(int(sys.argv[3]))))
"""


@pytest.mark.parametrize("what", ["hang", "run-shut-in", "run-in-the-open"])
def test_workers_die_with_the_coordinator(what: str, tmp_path: Path) -> None:
    """And with them the sandboxes, and whatever a notebook has started."""
    script = tmp_path / "run.py"
    script.write_text(_ENDLESS, encoding="utf-8")
    jobs = 9 if what == "hang" else 1
    command = [sys.executable, str(script), str(tmp_path), what, str(jobs)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=ROOT, env=environment) as coordinator:
        try:
            pids = set(told(tmp_path, min(jobs, 2)))
            started = psutil.Process(coordinator.pid).children(recursive=True)
            names = {one.name() for one in started}
        finally:
            coordinator.kill()
    try:
        assert pids <= {one.pid for one in started}
        assert ("sleep" in names) == (what != "hang")
        until(lambda: not any(map(runs, started)), "the end of all that it has started")
    finally:
        for one in filter(runs, started):
            one.kill()


def told(folder: Path, count: int) -> list[int]:
    """The processes that told of themselves, once there are so many messages."""
    found: list[int] = []

    def enough() -> bool:
        texts = [file.read_text(encoding="utf-8") for file in folder.glob("s[0-9]*")]
        found[:] = [int(text.split()[0]) for text in texts if text]
        return len(found) >= count

    until(enough, f"{count} processes that tell of themselves")
    return found


def until(happened: Callable[[], bool], what: str) -> None:
    """Wait for something, and fail where it does not come."""
    end = time.monotonic() + _DEADLINE
    while not happened():
        assert time.monotonic() < end, f"waited {_DEADLINE} s for {what}"
        time.sleep(0.02)


def runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


# A Dask cluster


@pytest.fixture(name="cluster", scope="module")
def _cluster() -> Iterator[LocalCluster]:
    """A real scheduler and two worker processes, each with a nanny."""
    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        dashboard_address="127.0.0.1:0",
        host="127.0.0.1",
        silence_logs=50,
    ) as cluster:
        yield cluster


def test_every_job_ends_once_although_a_worker_of_the_cluster_is_killed(
    cluster: LocalCluster, tmp_path: Path
) -> None:
    crew = ClusterCrew(cluster.scheduler_address, sandboxed=False, work=act)
    results = crew.results(job(f"s{n}", f"tell {tmp_path}") for n in range(30))
    found = [next(results)]
    killed = told(tmp_path, 1)[0]
    os.kill(killed, signal.SIGKILL)
    found += results
    crew.close()

    assert Counter(one.student for one in found) == Counter(f"s{n}" for n in range(30))
    assert {one.state for one in found} == {SCORED}
    # What the killed one had done may have been done again: then nothing tells of it any more.
    assert set(told(tmp_path, 30)) - {killed}


def test_a_job_that_fails_on_the_cluster_goes_to_a_person(cluster: LocalCluster) -> None:
    crew = ClusterCrew(cluster.scheduler_address, sandboxed=False, work=act)
    done = by_student(crew.results([job("s1", "fail"), job("s2"), job("s3", "long")]))
    crew.close()

    assert (done["s1"].state, done["s1"].reason) == (PERSON, "grader-stopped")
    assert "(ValueError: the cell is odd)" in done["s1"].message
    assert {done[name].state for name in ("s2", "s3")} == {SCORED}


def test_a_job_that_never_ends_on_the_cluster_goes_to_a_person(cluster: LocalCluster) -> None:
    crew = ClusterCrew(cluster.scheduler_address, sandboxed=False, work=act, patience=_PATIENCE)
    # The others have time enough: they may have to wait for a worker that is begun anew.
    jobs = [job("s1", "hang", QUICK), *(job(f"t{n}", limits=SLOW) for n in range(5))]
    done = by_student(crew.results(jobs))
    crew.close()

    assert (done["s1"].state, done["s1"].reason) == (PERSON, "grader-too-slow")
    assert {one.state for name, one in done.items() if name != "s1"} == {SCORED}


def test_a_cluster_that_goes_away_stops_the_run_with_one_line() -> None:
    found = []
    with LocalCluster(
        n_workers=1,
        threads_per_worker=1,
        processes=True,
        dashboard_address="127.0.0.1:0",
        host="127.0.0.1",
        silence_logs=50,
    ) as short:
        crew = ClusterCrew(short.scheduler_address, sandboxed=False, work=act, patience=_PATIENCE)
        results = crew.results(job(f"s{n}") for n in range(99))
        found.append(next(results))
    with pytest.raises(GradingError, match="went away") as caught:
        found += results
    crew.close()

    assert "\n" not in str(caught.value)
    assert len(found) < 99


def test_a_scheduler_that_does_not_answer_is_one_line() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(GradingError, match="No Dask scheduler answers at") as caught:
            ClusterCrew(address, patience=1)
    assert "\n" not in str(caught.value)


def test_a_cluster_without_workers_is_one_line() -> None:
    with (
        LocalCluster(
            n_workers=0, processes=True, dashboard_address="127.0.0.1:0", silence_logs=50
        ) as empty,
        pytest.raises(GradingError, match="has no workers"),
    ):
        ClusterCrew(empty.scheduler_address, patience=_PATIENCE)
