"""Measure how long each lesson takes to run, without a network, and print the figures.

The kernel's own programs cannot open a connection: Python's sockets refuse every address but
this machine's, and the proxies lead to a closed port. Imports are timed inside the kernel and
shown apart, since a student waits for them once. Nothing depends on the figures.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import nbformat
import running
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError

CLOSED = "http://127.0.0.1:9"
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
STARTUP = """\
def cut_off_and_time():
    import builtins, importlib, socket, time

    def cut(connect):
        def refused(self, address, *rest):
            if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1", "localhost"):
                raise OSError(f"No network while lessons are measured: {address[0]}")
            return connect(self, address, *rest)
        return refused

    def timed(load):
        def counted(*arguments, **named):
            if state["inside"]:
                return load(*arguments, **named)
            state["inside"], start = True, clock()
            try:
                return load(*arguments, **named)
            finally:
                state["inside"] = False
                state["seconds"] += clock() - start
        return counted

    clock, state = time.perf_counter, {"inside": False, "seconds": 0.0}
    socket.socket.connect = cut(socket.socket.connect)
    socket.socket.connect_ex = cut(socket.socket.connect_ex)
    builtins.__import__ = timed(builtins.__import__)
    importlib.import_module = timed(importlib.import_module)
    return state

imports_timed = cut_off_and_time()
"""
ASK = "print(imports_timed['seconds'])"


class Figures(NamedTuple):
    """What was measured of one lesson."""

    seconds: float
    imports: float
    stderr: str


@contextmanager
def without_network() -> Iterator[None]:
    """Let kernels that start here find no network."""
    before = dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="volens-bench-") as folder:
        startup = Path(folder, "profile_default", "startup")
        startup.mkdir(parents=True)
        (startup / "00-measure.py").write_text(STARTUP, encoding="utf-8")
        os.environ.update(dict.fromkeys(PROXIES, CLOSED), IPYTHONDIR=folder, no_proxy="127.0.0.1")
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)


def measure(lesson: Path) -> Figures:
    """Run a lesson from the first cell to the last and return its figures."""
    notebook = nbformat.read(lesson, as_version=4)
    asked = nbformat.v4.new_code_cell(ASK)
    with tempfile.TemporaryDirectory(prefix="volens-lesson-") as folder:
        place = {"metadata": {"path": folder}}
        client = NotebookClient(
            notebook, kernel_name="python3", extra_arguments=running.QUIET, resources=place
        )
        with client.setup_kernel():
            start = time.perf_counter()
            for number, cell in enumerate(notebook.cells):
                client.execute_cell(cell, number)
            seconds = time.perf_counter() - start
            notebook.cells.append(asked)
            client.execute_cell(asked, len(notebook.cells) - 1)
    outputs = [out for cell in notebook.cells for out in cell.get("outputs", ())]
    stderr = "".join(out["text"] for out in outputs if out.get("name") == "stderr")
    return Figures(seconds, float(asked.outputs[0]["text"]), stderr)


def main() -> int:
    """Print the figures of the lessons named, or of all."""
    print("Run from the first cell to the last, with the network cut off for the kernel.")
    failed = False
    print(f"{'lesson':28} {'seconds':>8} {'imports':>8} {'the rest':>9}   on stderr")
    for lesson in running.chosen(sys.argv[1:]):
        try:
            with without_network():
                found = measure(lesson)
        except (CellExecutionError, DeadKernelError) as error:
            print(f"{lesson.stem:28} could not be run: {running.in_words(error)}", flush=True)
            failed = True
            continue
        print(
            f"{lesson.stem:28} {found.seconds:8.1f} {found.imports:8.1f} "
            f"{found.seconds - found.imports:9.1f}   {found.stderr.strip() or 'nothing'}",
            flush=True,
        )
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
