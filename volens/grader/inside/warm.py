"""The warm process: everything imported, nothing run yet; one fork a submission.

It is started by :mod:`volens.grader.sandbox`, inside bubblewrap, with the number of an
open socket as its argument. Over it come, for each submission, two more sockets: the line
to the grader, which the student's process keeps, and the reins, which only the process that
watches over it has::

    warm process (knows no submission)
    └── watcher (one a submission: holds the reins)
        └── the student's process (first in its own namespaces: holds the line)

Over the reins comes first what there is to do: limits and files. The warm process never
reads it, because whatever was once in its memory, each later student's process could find.
An ``i`` on the reins interrupts the student's process; a ``q`` asks how long that process
has waited for a processor; after a ``w`` the watcher waits a moment for its end, because it
seems to have ended by itself. When the reins are dropped, the watcher ends everything.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import shutil
import signal
import socket
import sys
import tempfile
import time
import warnings
from collections.abc import Mapping
from io import RawIOBase
from pathlib import Path
from typing import Any, NoReturn

from volens.grader.inside import cage, calls

__all__ = ["HEADER", "KEPT", "REHEARSED", "main", "warmed"]

#: In so many bytes stands how long the message is that follows.
HEADER = 8

#: What notebooks do, done once, with a first table, picture and error: whatever that imports
#: or reads from the course's tables, no submission has to again.
REHEARSED = (
    "import volens as vo",
    "vo.claims().head()",
    'vo.position("free-consent")',
    'vo.cards("timeline", vo.evidence.rows("timeline")[0].id)',
    'vo.cards("statements", vo.evidence.rows("statements")[0].id)',
    'vo.cards("authorities", vo.evidence.rows("authorities")[0].id)',
    'vo.answer_sheet("rehearsed", rows=("row",), columns=vo.checks.Words())',
    'vo.check_button("a1-claims")',
    "import pandas as pd",
    'pd.Series([1.5, 2], ["a", "b"]).plot.bar(title="A picture").legend()',
    "raise Exception",
)
#: The variable that names folders in `/tmp` which a submission goes on seeing.
KEPT = "VOLENS_KEPT"
#: How long the watcher waits for the end of a process that seems to end by itself, in seconds.
_ENDING = 2.0
#: How often the watcher looks at the memory of the student's processes, in seconds.
_LOOK = 0.1


def main(arguments: list[str] | None = None) -> int:
    """Wait for submissions and start a process for each, until the other side hangs up.

    Parameters
    ----------
    arguments
        The number of the socket; how the walls are built: ``root``, ``user`` or ``none``;
        and ``try`` to see only whether they can be built.

    Returns
    -------
    An exit code.
    """
    given = sys.argv[1:] if arguments is None else arguments
    walls = given[1]
    if walls == "root":
        cage.become_nobody()
    if "try" in given:
        return _try(walls)
    shell = warmed()
    # Imported before the fork, so that no submission has to.
    from volens.grader.inside import serving  # noqa: F401, PLC0415

    control = socket.socket(fileno=int(given[0]))
    control.sendall(b'{"ready": true}\n')
    while True:
        order, descriptors, _, _ = socket.recv_fds(control, 1, 2)
        if not order:
            return 0
        line, reins = descriptors
        watcher = os.fork()
        if watcher == 0:
            try:
                control.close()
                _watch(json.loads(_message(reins)), line, reins, shell, walls)
            finally:
                os._exit(1)
        os.close(line)
        os.close(reins)
        os.waitpid(watcher, 0)
        control.sendall(b'{"ended": true}\n')


def _message(reins: int) -> bytes:
    """Return what there is to do, and nothing of the orders that may follow."""
    with open(reins, "rb", buffering=0, closefd=False) as file:
        return _read(file, int.from_bytes(_read(file, HEADER)))


def _read(file: RawIOBase, length: int) -> bytes:
    parts = bytearray()
    while len(parts) < length:
        part = file.read(min(length - len(parts), 1 << 20))
        if not part:
            # The other side has gone.
            os._exit(0)
        parts += part
    return bytes(parts)


def warmed() -> Any:  # noqa: ANN401 (the shell's class is imported here only)
    """Import what notebooks of the course import, and make the shell that runs them."""
    from volens.grader.inside.shell import make  # noqa: PLC0415 (slow, and after the trial)

    shell = make()
    with shell.builtin_trap:
        # It asks, when it is imported, whether this is a notebook.
        import pandas  # noqa: F401, ICN001, PLC0415
    import matplotlib.pyplot as plt  # noqa: PLC0415
    from ipywidgets import Widget  # type: ignore[import-untyped]  # noqa: PLC0415

    import volens  # noqa: PLC0415

    for name in volens.__all__:
        getattr(volens, name)
    # Whatever is said meanwhile is said again to whom it concerns: leaving the block
    # clears the record of warnings that were shown.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for cell in REHEARSED:
            shell.run(cell, 1 << 20)
    plt.close("all")
    # It would draw each figure once more, before the figure is shown, for a window that is
    # not there.
    plt.uninstall_repl_displayhook()
    Widget.close_all()
    for name in ("last_type", "last_value", "last_traceback"):
        vars(sys).pop(name, None)
    shell.run_cell("1", store_history=False, silent=True)  # type: ignore[no-untyped-call]
    shell.reset(new_session=True)  # type: ignore[no-untyped-call]
    gc.collect()
    gc.freeze()
    return shell


def _watch(message: Mapping[str, Any], line: int, reins: int, shell: Any, walls: str) -> NoReturn:  # noqa: ANN401
    """Fork the student's process, and see to it that it ends."""
    shut_in = walls != "none"
    # The place has to be known to both, so that it can be taken away again.
    folder = Path("/tmp/work") if shut_in else Path(tempfile.mkdtemp(prefix="volens-"))  # noqa: S108
    own = _resident(os.getpid())
    if shut_in:
        cage.split_off()
    student = os.fork()
    if student == 0:
        os.close(reins)
        _serve(message, line, shell, folder, shut_in=shut_in)
    os.close(line)
    try:
        why = _hold(student, reins, int(message["limits"]["memory"]), own, alone=shut_in)
    finally:
        # Whatever happens to the watcher, nobody is left without one.
        _send(student, signal.SIGKILL)
    if not shut_in:
        shutil.rmtree(folder, ignore_errors=True)
    _answer(reins, why)
    os._exit(0)


def _answer(reins: int, said: Mapping[str, Any]) -> None:
    with contextlib.suppress(OSError):
        os.write(reins, json.dumps(said).encode() + b"\n")


def _waited(process: int) -> float:
    """Return how many seconds a process could have run and had to wait for a processor."""
    try:
        text = Path(f"/proc/{process}/schedstat").read_text(encoding="ascii")
        return int(text.split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        # Not every system counts it.
        return 0.0


def _hold(student: int, reins: int, memory: int, shared: int, *, alone: bool) -> dict[str, str]:
    """Wait until the student's process ends, or has to be ended; return why it ended."""
    process = os.pidfd_open(student)
    poll = select.poll()
    poll.register(process, select.POLLIN)
    poll.register(reins, select.POLLIN)
    why = ""
    looked = time.monotonic()
    while not why:
        ready = {number for number, _ in poll.poll(_LOOK * 1000)}
        if reins in ready and process not in ready:
            order = os.read(reins, 1)
            if order == b"w":
                ready = set(select.select([process], [], [], _ENDING)[0])
            elif not _obeyed(order, student, reins):
                why = "told"
        if process in ready:
            why = "ended-itself"
        if not why and alone and time.monotonic() - looked > _LOOK:
            looked = time.monotonic()
            if _held(shared, memory) > memory:
                why = "memory"
    _send(student, signal.SIGKILL)
    _, status = os.waitpid(student, 0)
    how = f"exit code {os.WEXITSTATUS(status)}" if os.WIFEXITED(status) else ""
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        known = {one.value: one.name for one in signal.Signals}
        how = known.get(number, f"signal {number}")
        if how == "SIGKILL" and why == "ended-itself":
            # The system ends a process that has used its time of a processor.
            why = "processor-time"
    return {"why": why, "how": how}


def _obeyed(order: bytes, student: int, reins: int) -> bool:
    """Do what leaves the student's process running; return whether that was asked."""
    if order == b"i":
        _send(student, signal.SIGINT)
    elif order == b"q":
        _answer(reins, {"waited": _waited(student)})
    return order in {b"i", b"q"}


def _send(student: int, number: signal.Signals) -> None:
    """Send a signal to the student's process and those that it has started."""
    with contextlib.suppress(OSError):
        try:
            os.killpg(student, number)
        except OSError:
            # It leads no group yet.
            os.kill(student, number)


def _held(shared: int, enough: int) -> int:
    """Return how much memory the student's processes hold, beyond what the fork shares.

    Parameters
    ----------
    shared
        What the fork shares.
    enough
        Below that, it need not be exact.
    """
    others = {1, os.getpid(), os.getppid()}
    found = [int(name) for name in os.listdir("/proc") if name.isdigit()]  # noqa: PTH208
    processes = [one for one in found if one not in others]
    waiting = _in_sockets()
    at_most = sum(map(_resident, processes))
    if len(processes) > 1 and at_most + waiting > enough:
        # A page that several processes share is counted once; a program that the student's
        # process has started shares none.
        at_most = sum(map(_share, processes))
    return max(0, at_most - shared) + waiting


def _in_sockets() -> int:
    """Return how much may wait in the student's sockets, which is in no process's count."""
    used = Path("/proc/net/sockstat").read_text(encoding="ascii").split()[2]
    one, other = socket.socketpair()
    with one, other:
        return int(used) * one.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)


def _share(process: int) -> int:
    """Return how many bytes a process holds, of what is shared its share only."""
    try:
        with open(f"/proc/{process}/smaps_rollup", encoding="ascii", errors="replace") as file:  # noqa: PTH123
            lines = file.read().splitlines()
    except OSError:
        # It has ended, or hides: then nothing is let off.
        return _resident(process)
    held = (line.split() for line in lines if line.startswith(("Pss_Anon:", "Pss_Shmem:")))
    return sum(int(parts[1]) << 10 for parts in held)


def _resident(process: int) -> int:
    """Return how many bytes a process holds that are in no file."""
    try:
        with open(f"/proc/{process}/status", encoding="ascii", errors="replace") as file:  # noqa: PTH123
            lines = file.read().splitlines()
    except OSError:
        return 0
    held = (line.split() for line in lines if line.startswith(("RssAnon:", "RssShmem:")))
    return sum(int(parts[1]) << 10 for parts in held)


def _serve(
    message: Mapping[str, Any],
    line: int,
    shell: Any,  # noqa: ANN401
    folder: Path,
    *,
    shut_in: bool,
) -> NoReturn:
    """Become the student's process."""
    try:
        from volens.grader.inside.serving import greet, serve  # noqa: PLC0415

        with socket.socket(fileno=line) as channel:
            try:
                _settle(message, line, shell, folder, shut_in=shut_in)
            except Exception as error:  # noqa: BLE001 (whatever it is, the grader has to know)
                greet(channel, repr(error))
            else:
                greet(channel)
                serve(channel, shell, int(message["limits"]["output_bytes"]))
    finally:
        # Whatever goes wrong, nothing that this process inherited may run on in it.
        os._exit(0)


def _settle(
    message: Mapping[str, Any],
    line: int,
    shell: Any,  # noqa: ANN401
    folder: Path,
    *,
    shut_in: bool,
) -> None:
    """Shut this process in, with nothing but the line and what was handed in."""
    from volens.grader.inside.serving import write_files  # noqa: PLC0415

    os.setsid()
    with contextlib.suppress(OSError):
        # Should the machine run out of memory, this process goes first.
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    if shut_in:
        cage.enter(int(message["limits"]["scratch_bytes"]), _kept())
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in range(3):
        os.dup2(nothing, number)
    cage.close_all_but({0, 1, 2, line})
    if shut_in:
        cage.shut()
    folder.mkdir(exist_ok=True)
    # What was handed in may be larger than what the student's code may write.
    write_files(folder, message["files"])
    cage.bound(message["limits"], processes=shut_in)
    shell.listen()
    # Python's own chance is renewed by a fork, numpy's is not.
    sys.modules["numpy"].random.seed()
    if shut_in:
        calls.refuse()


def _kept() -> list[str]:
    return [folder for folder in os.environ.get(KEPT, "").split(":") if folder]


def _try(walls: str) -> int:
    """Build the walls once and say on the error stream what cannot be built."""
    try:
        if walls != "none":
            cage.split_off()
            student = os.fork()
            if student == 0:
                code = 1
                try:
                    cage.enter(1 << 20, _kept())
                    cage.shut()
                    calls.refuse()
                    code = 0
                except OSError as error:
                    print(error, file=sys.stderr)  # noqa: T201
                    sys.stderr.flush()
                finally:
                    os._exit(code)
            return os.waitstatus_to_exitcode(os.waitpid(student, 0)[1])
    except OSError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
