"""Show that nothing is lost and nothing doubled, whatever happens to the grader. ``make faults``.

A class of 200 is marked once in peace. Then it is marked again while the grader is killed
at random moments, while its workers are killed, while the database goes away, and on a disk
that fills up. Each time the same command is started again until it ends, and what there is
then has to be the same: every row of the gradebook, every marked notebook, every record.

The moments are random; the seed is printed, and ``--seed`` repeats a run.
"""

import argparse
import contextlib
import hashlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import psutil

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.grader.gradebook_rows import rows  # noqa: E402 (beside this checkout)
from tests.grader.postgresql import PostgreSQL, postgresql  # noqa: E402
from tests.grading.imagined_course import ASSIGNMENT, build, gates, hand_in  # noqa: E402
from volens.grading.stock import Course  # noqa: E402

CLASS, KILLS = 200, 20
#: So many may be written down between two looks, and then the run could be over.
NEAR_THE_END = 40
FINISHED = (0, 3)
PATIENCE = 600.0
GOODBYE = 10.0
WORDS = ("met", "not met", "unclear", "nonsense")
PLACES = ("records", "notebooks", "start", "moment")
#: In every so many submissions there is one of each of these, and one that is no notebook.
EVERY, BROKEN = 20, 3
ODD = {
    7: {"hours-answer": "import os; os._exit(1)"},
    13: {"hours-answer": "1 / 0"},
    16: {"gates-table-answer": "gates_table = None"},
}
SMALL_DISK = "24m"


@dataclass(frozen=True)
class State:
    """All that a run leaves behind."""

    rows: list[Any]
    notebooks: dict[str, str]
    records: dict[str, Any]
    report: dict[str, str]


@dataclass(frozen=True)
class Trial:
    """What was done to a run, and whether it came to the same end."""

    name: str
    disturbed: str
    starts: int
    faults: list[str]


Disturb: TypeAlias = Callable[[Path, subprocess.Popen[str]], None]


def make_class(root: Path, number: int) -> Path:
    """Build a course in which everybody has handed in something else."""
    build(root)
    Course(root).release(ASSIGNMENT)
    for place in range(number):
        student = f"s{place:03}"
        answers = {
            "gates-table-answer": gates(*(WORDS[(place >> shift) % 4] for shift in (0, 2, 4))),
            "hours-answer": f'hours = {{"E1": "{place % 13}", "E2": "5"}}',
            "essay-answer": f"Consent number {place} needs a request." if place % 3 else "",
        }
        answers |= ODD.get(place % EVERY, {})
        hand_in(root, student, answers)
        if place % EVERY == BROKEN:
            file = root / "submitted" / student / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
            file.write_text("{ this is no notebook", encoding="utf-8")
    return root


def start(root: Path, *options: str) -> subprocess.Popen[str]:
    """Start the grader, with whatever it starts in a session of its own."""
    program = [sys.executable, "-c", "from volens.cli import main; main()"]
    return subprocess.Popen(
        [*program, "grade", ASSIGNMENT, "--course", str(root), *options],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def finish(root: Path, *options: str) -> tuple[int, str]:
    """Start the grader and wait for its end."""
    process = start(root, *options)
    printed, _ = process.communicate(timeout=PATIENCE)
    return process.returncode, printed


def state(root: Path, database: str) -> State:
    """Read all that a run has left behind."""
    results = root / "results" / ASSIGNMENT
    records = {
        file.stem: _without_times(json.loads(file.read_text(encoding="utf-8")))
        for file in sorted((results / "records").glob("*.json"))
    }
    notebooks = {
        str(file.relative_to(root)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted((root / "autograded").rglob("*"))
        if file.is_file()
    }
    report = json.loads((results / "report.json").read_text(encoding="utf-8"))
    ended = {entry["student"]: entry["state"] for entry in report["submissions"]}
    if len(ended) != len(report["submissions"]):
        ended["(a student is listed twice)"] = ""
    return State(rows(database, ASSIGNMENT), notebooks, records, ended)


def _without_times(record: dict[str, Any]) -> dict[str, Any]:
    return {key: part for key, part in record.items() if key not in {"seconds", "marked_at"}}


def differences(found: State, wanted: State) -> list[str]:
    """Say what is not as it should be."""
    faults = []
    if found.rows != wanted.rows:
        missing = [row for row in wanted.rows if row not in found.rows]
        added = [row for row in found.rows if row not in wanted.rows]
        faults.append(
            f"gradebook: {len(missing)} rows missing, {len(added)} too many, such as "
            f"{(missing or added or ['the order'])[0]}"
        )
    if len({row[:4] for row in found.rows}) != len(found.rows):
        faults.append("gradebook: a row is there twice")
    for what in ("notebooks", "records", "report"):
        one, other = getattr(found, what), getattr(wanted, what)
        odd = sorted(key for key in {*one, *other} if one.get(key) != other.get(key))
        if odd:
            faults.append(f"{what}: {len(odd)} differ, such as {odd[0]}")
    return faults


def left_over(started: list[psutil.Process]) -> list[str]:
    """Name processes that a run has started and that are still there, after a moment to end in."""
    _, alive = psutil.wait_procs(started, timeout=GOODBYE)
    return [f"left over: process {process.pid}" for process in alive]


class Killer:
    """Kills the grader at random moments: after so many records or notebooks, or at once."""

    def __init__(self, chance: random.Random, kills: int) -> None:
        self._chance = chance
        self._kills = kills
        self.done: list[str] = []

    def trial(self, root: Path) -> tuple[int, list[str]]:
        """Kill as often as asked, then let it end."""
        faults = []
        while len(self.done) < self._kills:
            process = start(root)
            place = self._chance.choice(self._places(root))
            self._wait(root, process, place)
            if process.poll() is not None:
                faults.append("it ended before it could be killed: make the class larger")
                break
            started = children(process)
            process.kill()
            process.communicate()
            self.done.append(place)
            faults += left_over(started)
        code, printed = finish(root)
        if code not in FINISHED:
            faults.append(f"exit code {code}: {printed[-200:]}")
        return len(self.done) + 1, faults

    def _places(self, root: Path) -> tuple[str, ...]:
        """Return where it can be killed next: near the end of the class only while it starts."""
        records = root / "results" / ASSIGNMENT / "records"
        left = len(list((root / "submitted").iterdir())) - len(list(records.glob("*")))
        return PLACES if left > NEAR_THE_END else ("start",)

    def _wait(self, root: Path, process: subprocess.Popen[str], place: str) -> None:
        results = root / "results" / ASSIGNMENT / "records"
        graded = root / "autograded"
        more = self._chance.randint(1, CLASS // (self._kills + 5))
        if place == "start":
            time.sleep(self._chance.uniform(0, 2.5))
            return
        counted = results if place == "records" else graded
        before = len(list(counted.glob("*")))
        while process.poll() is None and len(list(counted.glob("*"))) < before + more:
            time.sleep(0.001)
        if place == "moment":
            time.sleep(self._chance.uniform(0, 0.05))


def children(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """Return what a run has started."""
    with contextlib.suppress(psutil.NoSuchProcess):
        found: list[psutil.Process] = psutil.Process(process.pid).children(recursive=True)
        return found
    return []


def kill_workers(chance: random.Random, times: int) -> Disturb:
    """Kill processes that the grader has started, whichever: workers, sandboxes, warm ones."""

    def disturb(_: Path, process: subprocess.Popen[str]) -> None:
        for _time in range(times):
            time.sleep(chance.uniform(0.5, 1.5))
            found = children(process)
            if found:
                with contextlib.suppress(psutil.NoSuchProcess):
                    chance.choice(found).kill()

    return disturb


def lock_gradebook(chance: random.Random) -> Disturb:
    """Hold the gradebook as another program would, again and again."""

    def disturb(root: Path, process: subprocess.Popen[str]) -> None:
        while process.poll() is None:
            other = sqlite3.connect(root / "gradebook.db", timeout=30)
            with contextlib.closing(other), contextlib.suppress(sqlite3.OperationalError):
                other.execute("BEGIN EXCLUSIVE")
                time.sleep(chance.uniform(0.2, 1.0))
                other.rollback()
            time.sleep(chance.uniform(0.1, 0.5))

    return disturb


def end_connections(server: PostgreSQL, database: str, chance: random.Random) -> Disturb:
    """Close the connections to a database again and again."""

    def disturb(_: Path, process: subprocess.Popen[str]) -> None:
        while process.poll() is None:
            time.sleep(chance.uniform(0.05, 0.4))
            server.end_connections(database)

    return disturb


def stop_server(server: PostgreSQL) -> Disturb:
    """Stop the database altogether, in the middle."""

    def disturb(root: Path, process: subprocess.Popen[str]) -> None:
        records = root / "results" / ASSIGNMENT / "records"
        while process.poll() is None and len(list(records.glob("*"))) < CLASS // 4:
            time.sleep(0.005)
        server.stop()
        process.wait()
        server.start()

    return disturb


def disturbed(root: Path, disturb: Disturb, starts: int = 5) -> tuple[int, list[str]]:
    """Run while something disturbs it; start again, undisturbed, until it ends.

    It is started once more in any case: a submission whose worker was killed twice waits for
    that.
    """
    process = start(root)
    thread = threading.Thread(target=disturb, args=(root, process))
    thread.start()
    printed, _ = process.communicate(timeout=PATIENCE)
    thread.join()
    code = process.returncode
    used = 1
    while used == 1 or (code not in FINISHED and used < starts):
        # Python's own keeper of resources complains aloud when it is killed; that is no end.
        if code not in FINISHED and "Traceback" in printed:
            return used, [f"a traceback: {printed[-300:]}"]
        code, printed = finish(root)
        used += 1
    return used, [] if code in FINISHED else [f"exit code {code}: {printed[-200:]}"]


def full_disk(root: Path) -> tuple[int, list[str]]:
    """Mark on a small disk that is full at first, and then is not."""
    disk = Path(tempfile.mkdtemp(prefix="volens-disk-"))
    mount = ["/bin/mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK}", "tmpfs", str(disk)]
    if subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        return 0, ["a small disk could not be mounted: run this as root"]
    faults = []
    try:
        copy = disk / "course"
        shutil.copytree(root, copy)
        free = shutil.disk_usage(disk).free
        filler = disk / "filler"
        filler.write_bytes(bytes(max(0, free - (1 << 20))))
        code, printed = finish(copy)
        line = printed.strip().splitlines()[-1] if printed.strip() else ""
        if code != 1 or "Traceback" in printed or not line.startswith("Error: "):
            faults.append(f"on a full disk: exit code {code}, {printed[-300:]}")
        marked = len(list((copy / "autograded").glob("*")))
        if not 0 < marked < CLASS:
            faults.append(f"the disk was not full in the middle: {marked} notebooks marked")
        filler.unlink()
        code, printed = finish(copy)
        if code not in FINISHED:
            faults.append(f"after that: exit code {code}, {printed[-200:]}")
        shutil.rmtree(root)
        shutil.copytree(copy, root)
    finally:
        subprocess.run(["/bin/umount", str(disk)], check=False)
        disk.rmdir()
    return 2, faults


def on_server(root: Path, url: str) -> None:
    """Let a course keep its gradebook on a server."""
    config = root / "nbgrader_config.py"
    text = config.read_text(encoding="utf-8")
    config.write_text(f"{text}\nc.CourseDirectory.db_url = {url!r}\n", encoding="utf-8")
    Course(root).release(ASSIGNMENT)


class Faults:
    """All trials, each on a copy of the class."""

    def __init__(self, work: Path, seed: int, kills: int, number: int) -> None:
        self._work = work
        self._chance = random.Random(seed)  # noqa: S311 (it keeps nothing secret)
        self._kills = kills
        self._fresh = make_class(work / "fresh", number)

    def _copy(self, name: str) -> Path:
        return Path(shutil.copytree(self._fresh, self._work / name))

    @staticmethod
    def _database(root: Path) -> str:
        return f"sqlite:///{root / 'gradebook.db'}"

    def peace(self) -> State:
        """Mark the class undisturbed, twice: the second time changes nothing."""
        root = self._copy("peace")
        code, printed = finish(root)
        if code not in FINISHED:
            sys.exit(f"The undisturbed run failed with exit code {code}:\n{printed}")
        self.wanted = state(root, self._database(root))
        finish(root)
        again = differences(state(root, self._database(root)), self.wanted)
        if again:
            sys.exit(f"Running twice is not the same as once: {again}")
        return self.wanted

    def trials(self) -> Iterator[Trial]:
        """Go through the trials."""
        killer = Killer(self._chance, self._kills)
        root = self._copy("killed")
        starts, faults = killer.trial(root)
        counted = ", ".join(f"{killer.done.count(place)} x {place}" for place in PLACES)
        yield self._trial("grader killed", f"SIGKILL: {counted}", root, starts, faults)

        root = self._copy("workers")
        starts, faults = disturbed(root, kill_workers(self._chance, 8))
        yield self._trial("workers killed", "8 of its processes, at random", root, starts, faults)

        root = self._copy("locked")
        starts, faults = disturbed(root, lock_gradebook(self._chance))
        yield self._trial(
            "SQLite held", "by another program, for most of the time", root, starts, faults
        )

        root = self._copy("disk")
        starts, faults = full_disk(root)
        yield self._trial("disk full", "1 MB left, then room again", root, starts, faults)
        yield from self._on_postgresql()

    def _on_postgresql(self) -> Iterator[Trial]:
        with postgresql() as server:
            for name, what, how in (
                ("peace-server", "undisturbed", None),
                ("connections", "connections closed several times a second", end_connections),
                ("stopped", "server stopped in the middle, then started", stop_server),
            ):
                root = self._copy(name)
                database = name.replace("-", "_")
                url = server.create(database)
                on_server(root, url)
                disturb: Disturb = _nothing
                if how is end_connections:
                    disturb = end_connections(server, database, self._chance)
                elif how is stop_server:
                    disturb = stop_server(server)
                starts, faults = disturbed(root, disturb)
                yield self._trial("PostgreSQL", what, root, starts, faults, url)

    def _trial(
        self, name: str, what: str, root: Path, starts: int, faults: list[str], url: str = ""
    ) -> Trial:
        found = state(root, url or self._database(root))
        return Trial(name, what, starts, [*faults, *differences(found, self.wanted)])


def _nothing(_: Path, __: subprocess.Popen[str]) -> None:
    """Disturb nobody."""


def main() -> int:
    """Run every trial, print the table, and return an exit code."""
    parser = argparse.ArgumentParser(description="Show that the grader loses nothing.")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--size", type=int, default=CLASS, help="how many hand in")
    options = parser.parse_args()
    print(f"Seed {options.seed}; {options.size} submissions, {options.kills} kills.", flush=True)
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    bad = 0
    with tempfile.TemporaryDirectory(prefix="volens-faults-") as work:
        proof = Faults(Path(work), options.seed, options.kills, options.size)
        wanted = proof.peace()
        counted = len(wanted.rows), len(wanted.notebooks), len(wanted.records)
        print("In peace: {} rows, {} files, {} records.".format(*counted), flush=True)
        print(f"{'trial':16} {'what was done':56} {'starts':>6}  end", flush=True)
        for trial in proof.trials():
            end = "the same" if not trial.faults else "; ".join(trial.faults)
            bad += bool(trial.faults)
            print(f"{trial.name:16} {trial.disturbed:56} {trial.starts:6}  {end}", flush=True)
    print("Nothing was lost, nothing doubled." if not bad else f"{bad} trials failed.")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
