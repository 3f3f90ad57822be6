"""A student's kernel as the grader holds it: run a cell, ask a question, end it.

A :class:`Room` is one warm process in the sandbox. For each submission it forks a
:class:`Kernel`, and of those there is one at a time. Every wait has an end, and every
message has a greatest length.
"""

from __future__ import annotations

import json
import socket
import subprocess
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Self

from volens.answering import LONGEST_REPLY
from volens.errors import KernelStoppedError, SandboxError
from volens.grader import sandbox
from volens.grader.inside.warm import HEADER
from volens.grader.limits import Limits
from volens.grader.outputs import cleaned

__all__ = ["Kernel", "Room", "Run"]

_START_SECONDS = 120.0
#: How long something that was interrupted may take to end.
_GRACE = 2.0
#: So many times its budget something may take at most, if it has to wait for a processor.
_PATIENCE = 4
#: Waiting that is shorter than this part of the budget does not count.
_LITTLE = 0.1
_END_SECONDS = 10.0
#: Room for the names and braces round what is limited itself.
_FRAME = 200_000
_STALE = 100
#: So many times what one cell may show is what all cells together may.
_ALL_CELLS = 16

_MESSAGES = {
    "ended-itself": "The notebook ended Python itself ({how}). Nothing after that could be run.",
    "memory": "The notebook needed more memory than there is for it, and was stopped.",
    "processor-time": "The notebook computed longer than it may, and was stopped.",
    "time": "The notebook went on after it was interrupted, and was stopped.",
    "output": "The notebook sent more than can be read, and was stopped.",
    "nonsense": "The notebook sent something that cannot be read, and was stopped.",
    "submission-time": "The notebook as a whole took longer than it may, and was stopped.",
}


@dataclass(frozen=True)
class Run:
    """How one cell ended.

    Attributes
    ----------
    status
        ``ok``, ``error`` or ``interrupted``: it took too long.
    outputs
        What it printed and showed, as a notebook has it.
    """

    status: str
    outputs: list[dict[str, Any]]


class Room:
    """A warm process from which kernels are forked, one at a time.

    Parameters
    ----------
    limits
        How far student code may go.
    sandboxed
        Whether it is shut in.

    Raises
    ------
    SandboxError
        If there is no sandbox to be had, or the process does not start.
    """

    def __init__(self, limits: Limits | None = None, *, sandboxed: bool = True) -> None:
        self.limits = limits or Limits()
        self.sandboxed = sandboxed
        kind = sandbox.walls() if sandboxed else "none"
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 (our own program)
                sandbox.command(kind, theirs.fileno()),
                pass_fds=(theirs.fileno(),),
                env=sandbox.variables(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        self._control = ours
        ours.settimeout(_START_SECONDS)
        self._replies = ours.makefile("rb")
        if not self._hear():
            said = self._last_words()
            self.close()
            raise SandboxError(f"The process for student code did not start: {said}")

    @contextmanager
    def kernel(
        self, files: Mapping[str, bytes] | None = None, limits: Limits | None = None
    ) -> Iterator[Kernel]:
        """Start a kernel for one submission, and end it and all that it started.

        Parameters
        ----------
        files
            What lies in its working directory: path with ``/`` to content.
        limits
            How far it may go; else as far as the room's limits say.
        """
        limits = limits or self.limits
        line, their_line = socket.socketpair()
        reins, their_reins = socket.socketpair()
        with line, reins:
            with their_line, their_reins:
                self._order((their_line.fileno(), their_reins.fileno()))
            self._brief(reins, files or {}, limits)
            kernel = Kernel(line, reins, limits)
            try:
                yield kernel
            finally:
                kernel.stop()
                if not self._hear():
                    self.close()

    @property
    def is_open(self) -> bool:
        """Whether it can still start kernels."""
        return self._process.poll() is None

    def close(self) -> None:
        """End the process, with everything in it."""
        self._replies.close()
        self._control.close()
        if self._process.poll() is None:
            try:
                self._process.wait(_GRACE)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        if self._process.stderr:
            self._process.stderr.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _order(self, lines: tuple[int, int]) -> None:
        try:
            socket.send_fds(self._control, [b"n"], list(lines))
        except OSError as error:
            self.close()
            raise SandboxError(f"The process for student code has ended: {error}") from None

    def _brief(self, reins: socket.socket, files: Mapping[str, bytes], limits: Limits) -> None:
        """Say what there is to do: to the watcher alone.

        What the warm process once held, every later student's process inherits with its memory.
        """
        content = {name: b64encode(part).decode() for name, part in files.items()}
        message = json.dumps({"limits": limits.as_data(), "files": content}).encode()
        reins.settimeout(_START_SECONDS)
        try:
            reins.sendall(len(message).to_bytes(HEADER) + message)
        except OSError as error:
            self.close()
            raise SandboxError(f"The process for student code has ended: {error}") from None
        reins.settimeout(None)

    def _hear(self) -> bool:
        try:
            return bool(self._replies.readline(_FRAME))
        except OSError:
            return False

    def _last_words(self) -> str:
        self._process.kill()
        _, said = self._process.communicate()
        lines = (said or b"").decode("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else "it does not say why"


class Kernel:
    """One student's process.

    Parameters
    ----------
    line
        The socket to it. What comes from there is the student's.
    reins
        The socket to the process that watches over it; :mod:`volens.grader.inside.warm`
        says what is understood there.
    limits
        How far it may go.
    """

    def __init__(self, line: socket.socket, reins: socket.socket, limits: Limits) -> None:
        self._line = line
        self._reins = reins
        self._limits = limits
        self._number = 0
        self._waited = 0.0
        self._late_answers = 0
        self._pending = b""
        self._greeted = False
        self._stopped: KernelStoppedError | None = None
        self._length = 0
        self._left = _ALL_CELLS * limits.output_bytes
        self._end = time.monotonic() + limits.submission_seconds

    @property
    def stopped(self) -> KernelStoppedError | None:
        """Why it runs no more; ``None`` while it does."""
        return self._stopped

    @property
    def late_answers(self) -> int:
        """How many questions were not answered in time."""
        return self._late_answers

    def run(self, source: str, count: int | None = None) -> Run:
        """Run a cell.

        Parameters
        ----------
        source
            Its text.
        count
            Its number in the notebook; the next one if none is given. Test cells, which
            run elsewhere, have one as well.

        Raises
        ------
        KernelStoppedError
            If the process ended, or had to be ended.
        """
        most = min(8 * self._limits.output_bytes + _FRAME, self._left)
        reply = self._exchange({"run": source, "count": count}, self._limits.cell_seconds, most)
        self._left -= self._length
        outputs = cleaned(reply.get("outputs"))
        status = str(reply.get("status", "interrupted"))
        if reply.get("late"):
            outputs.append(_too_long(self._limits.cell_seconds))
            status = "interrupted"
        return Run(status, outputs)

    def ask(self, question: str, seconds: float | None = None) -> str:
        """Ask for an answer, or for a call of a function.

        Parameters
        ----------
        question
            One line, as :class:`volens.answering.AskedAnswers` writes it.
        seconds
            How long the answer may take; else as long as the limits say.

        Returns
        -------
        One line, as :func:`volens.answering.reply_to` writes it.

        Raises
        ------
        KernelStoppedError
            If the process ended, or had to be ended.
        """
        seconds = self._limits.probe_seconds if seconds is None else seconds
        reply = self._exchange({"ask": question}, seconds, 2 * LONGEST_REPLY)
        self._late_answers += bool(reply.get("late"))
        if reply.get("late") or not isinstance(reply.get("reply"), str):
            name = json.loads(question).get("name", "")
            took = f"it took longer than {seconds:g} seconds"
            return json.dumps({"name": name, "error": "TimeoutError", "message": took}) + "\n"
        return str(reply["reply"])

    def stop(self) -> None:
        """End the process and everything it started."""
        if self._stopped is None:
            self._stopped = KernelStoppedError("told", "The notebook has been closed.")
            self._drop()

    def _exchange(self, message: dict[str, Any], seconds: float, most: int) -> dict[str, Any]:
        """Send one message and return the reply to it, ``late`` if it had to be interrupted."""
        if self._stopped is not None:
            raise self._stopped
        if not self._greeted:
            self._be_greeted()
        self._number += 1
        try:
            self._send({"n": self._number, **message}, self._until(seconds))
            return self._reply_in_time(seconds, most)
        except TimeoutError:
            pass
        if time.monotonic() >= self._end:
            raise self._stop("submission-time")
        self._reins.send(b"i")
        try:
            reply = self._reply_in_time(_GRACE, most)
        except TimeoutError:
            raise self._stop("time") from None
        # Once this is answered, the interrupt is over and cannot meet what comes next.
        self._lost_to_others()
        return {**reply, "late": True}

    def _be_greeted(self) -> None:
        """Wait until the process is ready; nothing of the student's has run before that."""
        try:
            line = self._read_line(time.monotonic() + _START_SECONDS, _FRAME)
            trouble = json.loads(line).get("trouble")
        except KernelStoppedError as stopped:
            trouble = str(stopped)
        except TimeoutError:
            trouble = f"it took longer than {_START_SECONDS:g} seconds"
        if trouble:
            raise SandboxError(f"The process for a notebook could not be made ready: {trouble}")
        self._greeted = True

    def _send(self, message: dict[str, Any], end: float) -> None:
        self._line.settimeout(max(0.01, end - time.monotonic()))
        try:
            self._line.sendall(json.dumps(message).encode() + b"\n")
        except TimeoutError:
            raise
        except OSError:
            raise self._stop("ended-itself") from None

    def _until(self, seconds: float) -> float:
        """Return when so many seconds are over, or the submission's time is."""
        return min(time.monotonic() + seconds, self._end)

    def _reply_in_time(self, seconds: float, most: int) -> dict[str, Any]:
        """Return the reply; the time in which others had the processor does not count.

        A submission shall not lose marks because another one, or somebody else on this
        machine, computes at the same time.
        """
        end, last = self._until(seconds), self._until(_PATIENCE * seconds)
        while True:
            try:
                return self._reply(end, most)
            except TimeoutError:
                lost = self._lost_to_others()
                if lost < _LITTLE * seconds or time.monotonic() >= last:
                    raise
                end = min(self._until(lost), last)

    def _lost_to_others(self) -> float:
        """Return how long the process has waited for a processor since this was last asked."""
        try:
            self._reins.send(b"q")
            self._reins.settimeout(_GRACE)
            waited = float(json.loads(self._reins.recv(1000))["waited"])
        except (OSError, ValueError, KeyError):
            return 0.0
        lost, self._waited = waited - self._waited, waited
        return lost

    def _reply(self, end: float, most: int) -> dict[str, Any]:
        """Return the reply to the last message; what answers an earlier one is passed over."""
        for _ in range(_STALE):
            line = self._read_line(end, most)
            self._length = len(line)
            # So many lists would fill the memory, though they are short to write.
            if line.count(b"[") + line.count(b"{") > most // 4 + _FRAME:
                raise self._stop("nonsense")
            try:
                reply = json.loads(line)
            except (ValueError, RecursionError):
                raise self._stop("nonsense") from None
            if not isinstance(reply, dict):
                raise self._stop("nonsense")
            if reply.get("n") == self._number:
                return reply
        raise self._stop("nonsense")

    def _read_line(self, end: float, most: int) -> bytes:
        parts = [self._pending]
        length = len(self._pending)
        while b"\n" not in parts[-1]:
            left = end - time.monotonic()
            if left <= 0:
                self._pending = b"".join(parts)
                raise TimeoutError
            self._line.settimeout(left)
            try:
                part = self._line.recv(1 << 16)
            except TimeoutError:
                continue
            except OSError:
                part = b""
            if not part:
                raise self._stop("ended-itself")
            parts.append(part)
            length += len(part)
            if length > most:
                raise self._stop("output")
        line, _, self._pending = b"".join(parts).partition(b"\n")
        return line

    def _stop(self, reason: str) -> KernelStoppedError:
        """End the process, find out why it ended, and return that as an error to raise."""
        known = self._drop(b"w" if reason == "ended-itself" else b"")
        if reason == "ended-itself" and known.get("why") in _MESSAGES:
            reason = known["why"]
        message = _MESSAGES[reason].format(how=known.get("how") or "it does not say how")
        self._stopped = KernelStoppedError(reason, message)
        return self._stopped

    def _drop(self, last_order: bytes = b"") -> dict[str, str]:
        """Let the reins go, and return what the watcher says of the end."""
        # The watcher may have ended by now; what it said can still be read.
        with suppress(OSError):
            self._reins.send(last_order)
            self._reins.shutdown(socket.SHUT_WR)
        try:
            self._reins.settimeout(_END_SECONDS)
            # An answer that came late may stand before it.
            lines = self._reins.recv(1000).splitlines()
            said = json.loads(lines[-1]) if lines else {}
        except (OSError, ValueError):
            said = {}
        self._line.close()
        return {str(key): str(value) for key, value in said.items()}


def _too_long(seconds: float) -> dict[str, Any]:
    """Return the output by which nbgrader marks a cell that took too long."""
    return {
        "output_type": "error",
        "ename": "CellTimeoutError",
        "evalue": f"It took longer than {seconds:g} seconds and was stopped.",
        "traceback": [f"CellTimeoutError: It took longer than {seconds:g} seconds."],
    }
