"""Many submissions at once: worker processes here, or a Dask cluster.

A crew takes jobs and gives back results as they end, one for each job whatever happens:
a worker that dies or hangs costs at most the submission it was at. Jobs are taken a few
at a time, so that a class of thousands is never in memory.
"""

from __future__ import annotations

import atexit
import ctypes
import logging
import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future
from concurrent.futures import wait as wait_for
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.metadata import version
from itertools import islice
from multiprocessing import forkserver, resource_tracker
from multiprocessing.process import BaseProcess
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from pebble import ProcessExpired, ProcessPool

from volens.errors import GradingError
from volens.grader.limits import Limits
from volens.grader.results import PERSON, Graded, Job

if TYPE_CHECKING:
    import distributed

    from volens.grader.kernel import Room

__all__ = ["ClusterCrew", "Crew", "LocalCrew", "Work", "get_ready", "mark_here", "processors"]

#: What is done with a job; it is found by its name in each worker.
Work: TypeAlias = Callable[[Job], Graded]

#: So many jobs a worker: one that is marked, and some that wait while results are written.
_DEPTH = 3
_ATTEMPTS = 2
#: Workers are forked from a process that has imported what they need, and nothing else.
_FORKED = multiprocessing.get_context("forkserver")
_NEEDED = ["volens.grader.marking"]
_PR_SET_PDEATHSIG = 1


class Crew(Protocol):
    """Whoever marks."""

    @property
    def workers(self) -> int:
        """How many submissions are marked at the same time."""

    def results(self, jobs: Iterable[Job]) -> Iterator[Graded]:
        """Mark all jobs, and give back each result as it ends."""


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0))


# What happens in a worker


@dataclass
class _Warm:
    """The room of this process, made when it is first wanted and kept for the next job."""

    room: Room | None = None
    limits: Limits | None = None
    sandboxed: bool = True
    lock: Lock = field(default_factory=Lock)

    def room_for(self, job: Job) -> Room:
        from volens.grader.kernel import Room  # noqa: PLC0415 (only workers need it)

        fits = (self.limits, self.sandboxed) == (job.limits, job.sandboxed)
        if self.room is not None and not (fits and self.room.is_open):
            self.leave()
        if self.room is None:
            self.room = Room(job.limits, sandboxed=job.sandboxed)
            self.limits, self.sandboxed = job.limits, job.sandboxed
        return self.room

    def leave(self) -> None:
        room, self.room = self.room, None
        if room is not None:
            with suppress(Exception):  # it is broken: that is why we leave
                room.close()


_warm = _Warm()
atexit.register(_warm.leave)


def mark_here(job: Job) -> Graded:
    """Mark a submission in this process's warm room; a failure is a result too.

    Parameters
    ----------
    job
        The submission. A room that breaks under it is made anew, once.
    """
    from volens.grader.marking import mark  # noqa: PLC0415 (only workers need it)

    with _warm.lock:
        for attempt in range(1, _ATTEMPTS + 1):
            last = attempt == _ATTEMPTS
            try:
                room = _warm.room_for(job)
                graded = mark(job, room)
            except Exception as error:  # noqa: BLE001 (whatever it is, the class goes on)
                graded = _stopped(job, _one_line(error))
            else:
                if room.is_open or last:
                    return graded
            _warm.leave()
    return graded


def get_ready() -> None:
    """Begin to import what workers need, in a process of its own, before they are needed."""
    _FORKED.set_forkserver_preload(_NEEDED)
    # Started first, since it lets the signal through again.
    resource_tracker.ensure_running()
    # A terminal sends Ctrl-C to all of them, and imports that are cut short complain.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _sit_down() -> None:
    """Let this process die with the one that started it, and what it has started with it."""
    # What is started from here can be interrupted again; this process ignores it by now.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    libc = ctypes.CDLL(None, use_errno=True)
    # This is about the process that it was forked from, which lives as long as any worker.
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    coordinator = multiprocessing.parent_process()
    if coordinator is None:
        os._exit(1)
    Thread(target=_end_with, args=(coordinator,), daemon=True).start()


def _end_with(coordinator: BaseProcess) -> None:
    """Wait for the end of the coordinator, however it comes, and end this process.

    The coordinator holds a pipe open for each worker, and nobody else does.
    """
    coordinator.join()
    os.kill(os.getpid(), signal.SIGKILL)


# Results for jobs that nobody could finish


def _stopped(job: Job, cause: str) -> Graded:
    return _unmarked(
        job,
        "grader-stopped",
        f"The grader stopped while it marked this ({cause}). Run `volens grade {job.assignment} "
        f"{job.student}` once more; if it stops again, mark it by hand.",
    )


def _too_slow(job: Job) -> Graded:
    return _unmarked(
        job,
        "grader-too-slow",
        f"The grader was not done with this after {job.limits.submission_seconds:g} s and gave "
        f"up. Run `volens grade {job.assignment} {job.student}` once more on a quieter machine; "
        "if it gives up again, mark it by hand.",
    )


def _unmarked(job: Job, reason: str, message: str) -> Graded:
    return Graded(
        job.student, PERSON, reason, message, sandboxed=job.sandboxed, engine=version("volens")
    )


def _one_line(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}"[:200] if text else type(error).__name__


# Worker processes on this machine


@dataclass
class _Task:
    job: Job
    attempt: int = 1
    future: Future[Graded] = field(default_factory=Future)


class _Seat:
    """One worker process, with the jobs that were handed to it.

    Each worker is a pool of its own: a pool of several shares its pipes and locks, and a
    worker that is killed at the wrong moment would take them along.
    """

    def __init__(self, work: Work, grace: float) -> None:
        self.tasks: deque[_Task] = deque()
        self._work = work
        self._grace = grace
        self._pool = self._sit()

    def take(self, task: _Task) -> None:
        """Hand over a job; it waits until those before it are done."""
        if not self.tasks:
            self._heard = time.monotonic()
        self.tasks.append(task)
        self._schedule(task)

    def ended(self) -> Iterator[Graded]:
        """Give back what has ended since it was last asked."""
        while self.tasks and (self.tasks[0].future.done() or self.patience() <= 0):
            task = self.tasks[0]
            self._heard = time.monotonic()
            error = _error(task.future)
            if error is None:
                self.tasks.popleft()
                yield task.future.result()
                continue
            # From here on this worker, or its pipe, is not to be relied on.
            died = isinstance(error, ProcessExpired | BrokenExecutor)
            if died and task.attempt < _ATTEMPTS:
                task.attempt += 1
                self._renew()
                continue
            self.tasks.popleft()
            self._renew()
            late = isinstance(error, TimeoutError)
            yield _too_slow(task.job) if late else _stopped(task.job, _cause(error))

    def patience(self) -> float:
        """Return how long to wait until this worker must be heard of again.

        The pool has a clock of its own; this one is for a worker that never took its job.
        """
        if not self.tasks:
            return float("inf")
        allowed = self.tasks[0].job.limits.submission_seconds + 2 * self._grace
        return self._heard + allowed - time.monotonic()

    def leave(self) -> None:
        """End the worker, whatever it is at."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    def _renew(self) -> None:
        self.leave()
        self._pool = self._sit()
        for task in self.tasks:
            self._schedule(task)

    def _sit(self) -> ProcessPool:
        self._heard = time.monotonic()
        return ProcessPool(max_workers=1, initializer=_sit_down, context=_FORKED)

    def _schedule(self, task: _Task) -> None:
        seconds = task.job.limits.submission_seconds + self._grace
        try:
            task.future = self._pool.schedule(self._work, args=(task.job,), timeout=seconds)
        except RuntimeError as error:  # the pool is broken, and says so only now
            task.future = Future()
            task.future.set_exception(BrokenExecutor(str(error)))


def _error(future: Future[Graded]) -> BaseException | None:
    return future.exception() if future.done() else TimeoutError()


def _cause(error: BaseException) -> str:
    if isinstance(error, ProcessExpired | BrokenExecutor):
        return "its worker process ended twice"
    return _one_line(error)


class LocalCrew:
    """Worker processes on this machine.

    Parameters
    ----------
    workers
        How many; else as many as there are processors to use.
    work
        What is done with each job.
    grace
        How many seconds a submission may take beyond its limit before its worker is ended.
    """

    def __init__(
        self, workers: int | None = None, *, work: Work = mark_here, grace: float = 30
    ) -> None:
        get_ready()
        self.workers = workers or processors()
        self._work = work
        self._grace = grace

    def results(self, jobs: Iterable[Job]) -> Iterator[Graded]:
        """Mark all jobs, and give back each result as it ends.

        Parameters
        ----------
        jobs
            Taken when a worker has room for the next one.
        """
        queue = (_Task(job) for job in jobs)
        seats: list[_Seat] = []
        try:
            while True:
                self._fill(seats, queue)
                flying = [task.future for seat in seats for task in seat.tasks]
                if not flying:
                    return
                patience = max(0, min(seat.patience() for seat in seats))
                wait_for(flying, timeout=patience, return_when=FIRST_COMPLETED)
                for seat in seats:
                    yield from seat.ended()
        finally:
            for seat in seats:
                seat.leave()

    def _fill(self, seats: list[_Seat], queue: Iterator[_Task]) -> None:
        """Give every worker a first job before any gets a second; no more workers than jobs."""
        for depth in range(1, _DEPTH + 1):
            for place in range(self.workers):
                if place < len(seats) and len(seats[place].tasks) >= depth:
                    continue
                task = next(queue, None)
                if task is None:
                    return
                if place == len(seats):
                    seats.append(_Seat(self._work, self._grace))
                seats[place].take(task)


# A Dask cluster


class ClusterCrew:
    """The workers of a Dask cluster.

    Each needs this version of Volens and, unless told otherwise, bubblewrap. A worker
    marks one submission at a time: start it with one thread and as many processes as
    its machine has processors.

    Parameters
    ----------
    scheduler
        Where the cluster's scheduler listens, such as ``tcp://host:8786``.
    sandboxed
        Whether each worker must be able to shut student code in.
    work
        What is done with each job.
    patience
        How many seconds to wait for the scheduler, and beyond a submission's limit.

    Raises
    ------
    GradingError
        If the cluster cannot be reached, has no workers, or one of them cannot mark.
    """

    def __init__(
        self,
        scheduler: str,
        *,
        sandboxed: bool = True,
        work: Work = mark_here,
        patience: float = 15,
    ) -> None:
        self._scheduler = scheduler
        self._work = work
        self._patience = patience
        self._client = self._connect()
        try:
            self._inspect(sandboxed=sandboxed)
        except BaseException:
            self.close()
            raise

    @property
    def workers(self) -> int:
        """How many submissions are marked at the same time, as far as is known now."""
        return len(self._client.scheduler_info(n_workers=-1)["workers"])

    def close(self) -> None:
        """Leave the cluster; it stays as it is."""
        self._client.close()

    def results(self, jobs: Iterable[Job]) -> Iterator[Graded]:
        """Mark all jobs, and give back each result as it ends.

        Parameters
        ----------
        jobs
            Taken when a worker has room for the next one.

        Raises
        ------
        GradingError
            If the cluster goes away; what has ended by then was given back.
        """
        from distributed import wait  # noqa: PLC0415 (optional)
        from distributed.client import FuturesCancelledError  # noqa: PLC0415

        queue = iter(jobs)
        flying: dict[distributed.Future[Graded], Job] = {}
        try:
            while True:
                room = _DEPTH * max(1, self.workers) - len(flying)
                for job in islice(queue, max(0, room)):
                    flying[self._client.submit(self._work, job, pure=False)] = job
                if not flying:
                    return
                longest = max(job.limits.submission_seconds for job in flying.values())
                try:
                    seconds = longest + self._patience
                    ended = wait(list(flying), seconds, "FIRST_COMPLETED").done
                except TimeoutError:
                    ended = self._given_up(flying)
                for future in ended:
                    yield self._result(future, flying.pop(future))
        except (OSError, FuturesCancelledError) as error:
            raise GradingError(
                f"The cluster at {self._scheduler} went away ({_one_line(error)}). What was "
                "marked by then is kept: start the cluster and run the command again."
            ) from None
        finally:
            with suppress(Exception):  # the cluster may be gone
                self._client.cancel(list(flying), force=True)

    def _given_up(
        self, flying: dict[distributed.Future[Graded], Job]
    ) -> set[distributed.Future[Graded]]:
        """Return what workers are at although its time is over, and begin those workers anew."""
        if not self.workers:
            raise ConnectionError("it has no workers left")
        stuck = self._client.call_stack(list(flying))
        keys = {key for tasks in stuck.values() for key in tasks}
        given_up = {future for future in flying if future.key in keys} or set(flying)
        self._client.cancel(list(given_up), force=True)
        with suppress(Exception):  # a worker without a nanny cannot be begun anew
            self._client.restart_workers(list(stuck), raise_for_error=False)
        return given_up

    @staticmethod
    def _result(future: distributed.Future[Graded], job: Job) -> Graded:
        if future.cancelled():
            return _too_slow(job)
        if future.status == "finished":
            result: Graded = future.result()
            return result
        error = future.exception()
        killed = type(error).__name__ == "KilledWorker"
        return _stopped(job, "worker after worker ended under it" if killed else _one_line(error))

    def _connect(self) -> distributed.Client:
        try:
            import dask  # noqa: PLC0415 (optional)
            import distributed  # noqa: PLC0415
        except ModuleNotFoundError:
            raise GradingError(
                "--scheduler needs Dask, which is not installed here. "
                'Install it with: pip install "volens[service]"'
            ) from None
        # It would tell a person about its own connections, and warn of long notebooks.
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GiB"})
        try:
            return distributed.Client(self._scheduler, timeout=self._patience, name="volens-grade")
        except (OSError, ValueError, TimeoutError) as error:
            raise GradingError(
                f"No Dask scheduler answers at {self._scheduler} ({_one_line(error)[:80]}). Start "
                "one with `dask scheduler`, and name it as --scheduler tcp://HOST:8786."
            ) from None

    def _inspect(self, *, sandboxed: bool) -> None:
        """Ask every worker whether it can mark, before anything begins."""
        try:
            self._client.wait_for_workers(1, timeout=self._patience)
        except TimeoutError:
            raise GradingError(
                f"The Dask scheduler at {self._scheduler} has no workers. Start some with "
                f"`dask worker {self._scheduler} --nworkers auto --nthreads 1`."
            ) from None
        try:
            answers: dict[str, Any] = self._client.run(_fitness, version("volens"), sandboxed)
        except Exception as error:  # noqa: BLE001 (a worker may fail in any way)
            raise GradingError(
                f"A worker of the cluster at {self._scheduler} cannot mark "
                f"({_one_line(error)}). Install the same Volens on all of them."
            ) from None
        for worker, trouble in answers.items():
            if trouble:
                raise GradingError(f"The worker {worker} cannot mark. {trouble}")


def _fitness(wanted: str, sandboxed: bool) -> str | None:  # noqa: FBT001 (called by name there)
    """Say why this worker cannot mark; ``None`` if it can."""
    if version("volens") != wanted:
        return f"It has Volens {version('volens')}, and {wanted} is wanted: install that."
    if not sandboxed:
        return None
    from volens.grader.sandbox import refusal  # noqa: PLC0415 (only workers need it)

    return refusal()
