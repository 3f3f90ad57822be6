"""What a crew may meet, in place of marking: the submission says what happens."""

import os
import signal
import time
from pathlib import Path

from volens.grader.limits import Limits
from volens.grader.results import SCORED, Graded, Job

QUICK = Limits(submission_seconds=1)


def job(student: str, what: str = "", limits: Limits | None = None) -> Job:
    """A submission on which `act` does something."""
    return Job("a0", student, {"a0": what.encode()}, {}, limits=limits or Limits())


def act(job: Job) -> Graded:
    """Do what the submission says, and mark it."""
    verb, _, file = job.notebooks["a0"].decode().partition(" ")
    if verb == "fail":
        raise ValueError("the cell\nis odd")
    if verb == "kill" or (verb == "kill-once" and not Path(file).exists()):
        if file:
            Path(file).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if verb == "exit":
        os._exit(0)
    if verb == "hang":
        time.sleep(3600)
    if verb == "tell":
        Path(file, job.student).write_text(f"{os.getpid()} {os.getppid()}", encoding="utf-8")
        time.sleep(0.1)
    if verb == "long":
        return Graded(job.student, SCORED, "complete", "x" * 1_000_000)
    return Graded(job.student, SCORED, "complete", str(os.getpid()))
