"""One attack after another, each followed by an honest neighbour, in one warm worker.

The worker is a process of its own, as in a real run: if an attack ends or stops it, that is
a breach and not the end of the trial. Everything it starts remains below this process, even
what detaches itself, so that what an attack leaves is found.
"""

import contextlib
import json
import os
import resource
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, replace
from multiprocessing import get_context
from pathlib import Path

import psutil

from tests.attacks.attack import NOTEBOOK, Archive, Attack, Build, Submission
from tests.attacks.course import ASSIGNMENT, FULL, HONEST, NEIGHBOUR
from tests.attacks.findings import Found, Verdict, gains, look, points, said_in, told
from tests.attacks.ground import Ground, below, files, left_processes
from volens.grader.kernel import Room
from volens.grader.limits import Limits
from volens.grader.marking import mark
from volens.grader.register import Register
from volens.grader.results import Graded, Job

__all__ = ["LIMITS", "Trial"]

_MEBIBYTE = 1 << 20
#: Small, so that whatever runs into them does so soon.
LIMITS = Limits(
    cell_seconds=2,
    probe_seconds=1,
    test_seconds=3,
    submission_seconds=12,
    cpu_seconds=10,
    memory=300 * _MEBIBYTE,
    processes=32,
    open_files=128,
    file_bytes=8 * _MEBIBYTE,
    scratch_bytes=16 * _MEBIBYTE,
    output_bytes=_MEBIBYTE // 4,
)
#: For the honest, and for an attacker who seems to have lost a mark to the clock: times that
#: nobody runs into because the machine is busy.
_PLENTY = replace(
    LIMITS,
    cell_seconds=20,
    probe_seconds=20,
    test_seconds=60,
    submission_seconds=120,
    cpu_seconds=120,
)
#: Stops because a time was over.
_TIMES = frozenset(
    {"cell-time", "probe-time", "test-time", "time", "submission-time", "processor-time"}
)
#: How much longer than a submission may take the worker may be silent, in seconds.
_PATIENCE = 120
#: How much memory one attack may cost the grader itself.
_OWN_MEMORY = 400 * _MEBIBYTE
_SAFE = """\
import os, resource
endless = resource.RLIM_INFINITY
print({
    "bounded": resource.getrlimit(resource.RLIMIT_NPROC)[0] != endless
    and resource.getrlimit(resource.RLIMIT_AS)[0] != endless,
    "alone": all(
        os.readlink(f"/proc/self/ns/{kind}") != outside
        for kind, outside in @spaces@.items()
    ),
})
"""


# The worker: the only part that runs in another process


_room: Room | None = None
#: A secret in the memory of the grader.
_kept = ""


def _open(kept: str, sandboxed: bool) -> None:  # noqa: FBT001 (given by place)
    global _room, _kept  # noqa: PLW0603 (one a process)
    _kept = kept
    _room = Room(LIMITS, sandboxed=sandboxed)


def _mark(job: Job) -> tuple[Graded, int]:
    """Mark a job; return what came of it, and how much memory this process has held at most."""
    global _room  # noqa: PLW0603
    if _room is None or not _room.is_open:
        _room = Room(job.limits, sandboxed=job.sandboxed)
    graded = mark(job, _room)
    return graded, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


@contextlib.contextmanager
def _in_environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Let what is started here have other variables."""
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


class Trial:
    """Attacks, one by one.

    Parameters
    ----------
    ground
        Where.
    sandboxed
        Whether student code is shut in; without that, only tame attacks are run.
    """

    def __init__(self, ground: Ground, *, sandboxed: bool = True) -> None:
        self._ground = ground
        self._sandboxed = sandboxed
        self._others = frozenset(below())
        register = Register(f"sqlite:///{ground.victim.root / 'gradebook.db'}")
        self._templates = register.templates(ASSIGNMENT, {ASSIGNMENT: ground.victim.released})
        register.close()
        self._start()

    def close(self) -> None:
        """End the worker."""
        self._pool.shutdown(cancel_futures=True)

    def run(self, attack: Attack) -> Verdict:
        """Try an attack."""
        if not (self._sandboxed or attack.tame):
            raise RuntimeError(f"{attack.name} is not run outside a sandbox.")
        started = time.perf_counter()
        found = Found()
        before = files(self._ground.victim.root)
        graded: Graded | None = None
        try:
            graded = self._mark_attacker(attack)
            if self._grown > _OWN_MEMORY:
                found.add("class", f"the grader grew by {self._grown // _MEBIBYTE} MB")
            if attack.accomplice is not None:
                second = self._mark(self._job("y-" + attack.name, attack.accomplice))
                self._look_at_accomplice(second, found)
            self._look_at_neighbour(self._mark(self._neighbour()), found)
        except (BrokenProcessPool, TimeoutError) as error:
            hangs = isinstance(error, TimeoutError)
            found.add("class", "the grader hangs" if hangs else "the grader died")
            self._start_anew()
        except Exception as error:  # noqa: BLE001 (whatever the grader may raise)
            found.add("class", f"the grader stops with {type(error).__name__}: {error}"[:500])
            self._start_anew()
        taken = time.perf_counter() - started
        if graded is not None:
            look(self._ground, graded, attack, found)
        found.add("leftovers", *left_processes(self._family), *self._changed(before))
        found.add("leftovers", *self._ground.left_files())
        found.add("secrets", *self._ground.listener.heard())
        return Verdict(
            attack,
            graded.state if graded else "",
            graded.reason if graded else "",
            points(graded) if graded else {},
            found.breaches(),
            tuple(found.notes),
            taken,
        )

    # Who is marked

    def _mark_attacker(self, attack: Attack) -> Graded:
        graded = self._mark(self._job("x-" + attack.name, attack.build))
        if _lost_to_the_clock(graded, attack):
            graded = self._mark(self._job("x-" + attack.name, attack.build, _PLENTY))
        return graded

    def _job(self, student: str, build: Build, limits: Limits = LIMITS) -> Job:
        built = build(self._ground.wrong())
        handed_in = {NOTEBOOK: built} if isinstance(built, bytes) else built
        assert not isinstance(handed_in, Archive)
        plain = {path: one for path, one in handed_in.items() if isinstance(one, bytes)}
        return Job(
            ASSIGNMENT,
            student,
            {ASSIGNMENT: plain.pop(NOTEBOOK)},
            self._templates,
            plain,
            limits,
            self._sandboxed,
        )

    def _neighbour(self) -> Job:
        content = json.dumps(self._ground.victim.right()).encode()
        notebooks = {ASSIGNMENT: content}
        return Job(ASSIGNMENT, NEIGHBOUR, notebooks, self._templates, {}, _PLENTY, self._sandboxed)

    # The worker

    def _start(self) -> None:
        """Start the worker, with a secret in its environment, and mark the honest."""
        self._held = self._grown = 0
        self._pool = ProcessPoolExecutor(
            1,
            get_context("spawn"),
            _open,
            (self._ground.victim.secrets["memory"], self._sandboxed),
        )
        with _in_environment(self._ground.environment):
            honest = self._mark(self._job("x00-honest", lambda one: one.as_bytes(), _PLENTY))
        if self._sandboxed:
            self._see_that_walls_hold()
        self._before = self._mark(self._neighbour())
        for graded, expected in ((self._before, FULL), (honest, HONEST)):
            earned = {name: points(graded).get(name) for name in expected}
            if earned != expected:
                raise RuntimeError(f"Without any attack, {graded.student} gets {earned}.")
        self._family = len(below())

    def _see_that_walls_hold(self) -> None:
        """Refuse to go on where nothing would hold what is run next."""
        spaces = {
            kind: str(Path(f"/proc/self/ns/{kind}").readlink())
            for kind in ("pid", "mnt", "net", "ipc")
        }

        def looks(submission: Submission) -> bytes:
            submission.insert(0, _SAFE.replace("@spaces@", repr(spaces)))
            return submission.as_bytes()

        said = said_in(self._mark(self._job("x00-looks", looks, _PLENTY)), outputs_only=True)
        if "'bounded': True, 'alone': True" not in said:
            raise RuntimeError(f"No attack is run where nothing holds it: {said}")

    def _mark(self, job: Job) -> Graded:
        wait = job.limits.submission_seconds + _PATIENCE
        graded, held = self._pool.submit(_mark, job).result(wait)
        self._grown = held - self._held if self._held else 0
        self._held = max(self._held, held)
        return graded

    def _start_anew(self) -> None:
        """Replace a worker that died or hangs."""
        for pid, process in below().items():
            if pid not in self._others:
                with contextlib.suppress(psutil.Error):
                    process.kill()
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._start()

    # Who comes after

    def _look_at_accomplice(self, graded: Graded, found: Found) -> None:
        found.add("marks", *gains(graded))
        said = said_in(graded, outputs_only=True)
        found.add("secrets", *told(self._ground, said))
        if self._ground.baton in said:
            found.add("neighbours", "what one left, another could read")

    def _look_at_neighbour(self, graded: Graded, found: Found) -> None:
        if points(graded) != points(self._before):
            found.add("neighbours", f"the next one gets {points(graded)}")
        everything = json.dumps(asdict(graded), default=str)
        if self._ground.token in everything or self._ground.baton in everything:
            found.add("neighbours", "the next one's notebook holds an attacker's words")
        if graded.notebooks != self._before.notebooks:
            found.add("neighbours", "the next one's notebook is another than before")

    def _changed(self, before: Mapping[str, tuple[int, int]]) -> Iterator[str]:
        after = files(self._ground.victim.root)
        for path in sorted(after.keys() | before.keys()):
            if after.get(path) != before.get(path):
                yield f"in the course: {path}"


def _lost_to_the_clock(graded: Graded, attack: Attack) -> bool:
    """Tell whether a mark that should have been kept may be lost because the machine is busy."""
    earned = points(graded)
    stops = {stop.code for notebook in graded.notebooks for stop in notebook.stops}
    return bool(stops & _TIMES) and any(earned.get(one) != HONEST[one] for one in attack.keeps)
