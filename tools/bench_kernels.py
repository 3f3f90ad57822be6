"""Measure what may run a student's cells: a fresh ipykernel, a forked one, a forked bare shell.

All of them run the same notebook: a3-consent, filled in, with a table and a picture of the
student's own; test cells are left out, for they run elsewhere. Nothing depends on the
figures; `docs/grader.md` says what follows from them.
"""

import argparse
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import nbformat
import psutil
from bench_class import ASSIGNMENT, CHECKOUT, Classroom
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.connect import write_connection_file
from nbclient import NotebookClient

from volens.grader.kernel import Room
from volens.grader.sandbox import variables

TRIVIAL = 50
_WAIT = 60
#: What differs from run to run: addresses of objects, and the numbers of widgets.
_CHANGING = re.compile(r'0x[0-9a-f]+|"model_id": "[0-9a-f]+"')

Outputs: TypeAlias = list[dict[str, Any]]
#: Runs a cell.
Run: TypeAlias = Callable[[str], Outputs]
#: Starts a kernel.
Start: TypeAlias = Callable[[], AbstractContextManager[Run]]


class Figures(NamedTuple):
    """What was measured of one kernel, in milliseconds and megabytes."""

    first: float
    trivial: float
    whole: float
    processor: float
    pss: float
    uss: float


# The three kernels


@contextmanager
def fresh() -> Iterator[Run]:
    """Start an ipykernel as stock nbgrader does."""
    notebook = nbformat.v4.new_notebook()
    quiet = ["--Application.log_level=ERROR"]
    client = NotebookClient(notebook, kernel_name="python3", extra_arguments=quiet)

    def run(source: str) -> Outputs:
        cell = nbformat.v4.new_code_cell(source)
        notebook.cells.append(cell)
        client.execute_cell(cell, len(notebook.cells) - 1)
        return [dict(output) for output in cell.outputs]

    with client.setup_kernel():
        yield run


@contextmanager
def forked(warm: subprocess.Popen[str], folder: Path) -> Iterator[Run]:
    """Let a warm process fork an ipykernel, and talk to it over sockets in a private folder."""
    place = Path(tempfile.mkdtemp(dir=folder))
    file, _ = write_connection_file(
        str(place / "kernel.json"), transport="ipc", ip=str(place / "socket")
    )
    print(file, file=warm.stdin, flush=True)
    process = int(_line(warm))
    client = BlockingKernelClient()
    client.load_connection_file(file)
    client.start_channels()

    def run(source: str) -> Outputs:
        outputs: Outputs = []
        client.execute_interactive(
            source, allow_stdin=False, timeout=_WAIT, output_hook=lambda one: _take(one, outputs)
        )
        return outputs

    try:
        client.wait_for_ready(_WAIT)
        yield run
    finally:
        client.stop_channels()
        os.kill(process, signal.SIGKILL)
        _line(warm)


@contextmanager
def bare(room: Room) -> Iterator[Run]:
    """Fork the bare shell that `volens grade` uses."""
    with room.kernel() as kernel:
        yield lambda source: kernel.run(source).outputs


def _take(message: dict[str, Any], outputs: Outputs) -> None:
    """Keep an output of an ipykernel as a notebook does."""
    kind = message["header"]["msg_type"]
    if kind in ("stream", "display_data", "execute_result", "error"):
        outputs.append({"output_type": kind, **message["content"]})


# The warm process of the second


def stay_warm() -> None:
    """Import what notebooks need; then fork an ipykernel for each connection file named."""
    from ipykernel.kernelapp import IPKernelApp  # noqa: PLC0415
    from matplotlib_inline.config import InlineBackend  # noqa: PLC0415

    from volens.grader.inside.warm import warmed  # noqa: PLC0415

    # The bare shell makes way for the kernel's own.
    type(warmed()).clear_instance()
    InlineBackend.clear_instance()
    print("ready", flush=True)
    for line in iter(sys.stdin.readline, ""):
        process = os.fork()
        if process == 0:
            try:
                # It tells a person how to connect; nobody is there.
                os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
                kernel: Any = IPKernelApp.instance()
                kernel.initialize(["-f", line.strip(), "--log-level=ERROR"])
                kernel.shell.enable_matplotlib("inline")
                kernel.start()
            finally:
                os._exit(0)
        print(process, flush=True)
        os.waitpid(process, 0)
        print("ended", flush=True)


@contextmanager
def warm_process() -> Iterator[subprocess.Popen[str]]:
    """Start the process that forks ipykernels, without the sandbox."""
    surroundings = {**variables(), "PYTHONPATH": str(Path(__file__).parent)}
    with subprocess.Popen(
        [sys.executable, __file__, "--stay-warm"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=surroundings,
    ) as warm:
        if _line(warm) != "ready":
            sys.exit("The process that forks ipykernels did not start.")
        try:
            yield warm
        finally:
            warm.kill()


def _line(process: subprocess.Popen[str]) -> str:
    return process.stdout.readline().strip() if process.stdout else ""


# Measuring


def processor_seconds() -> float:
    """Return what this process, those it started and those they ended have computed."""
    total = 0.0
    for process in (psutil.Process(), *psutil.Process().children(recursive=True)):
        try:
            used = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += used.user + used.system + used.children_user + used.children_system
    return total


def memory_of_newest() -> tuple[float, float]:
    """Return proportional and own memory of the process that was started last, in megabytes."""
    newest = max(psutil.Process().children(recursive=True), key=psutil.Process.create_time)
    try:
        found = newest.memory_full_info()
    except psutil.AccessDenied:
        return float("nan"), float("nan")
    return found.pss / 1e6, found.uss / 1e6


def measure(start: Start, cells: Sequence[str]) -> tuple[Figures, list[Outputs]]:
    """Run the notebook once in a new kernel."""
    computed = processor_seconds()
    begun = time.perf_counter()
    with start() as run:
        outputs = [run(cells[0])]
        first = time.perf_counter()
        outputs += [run(source) for source in cells[1:]]
        run_through = time.perf_counter()
        pss, uss = memory_of_newest()
        for _ in range(TRIVIAL):
            run("1")
        answered = time.perf_counter()
    computed = processor_seconds() - computed
    figures = Figures(
        1000 * (first - begun),
        1000 * (answered - run_through) / TRIVIAL,
        1000 * (run_through - begun),
        1000 * computed,
        pss,
        uss,
    )
    return figures, outputs


def alike(found: Outputs, stock: Outputs) -> bool:
    """Tell whether a cell shows the same, save what differs in any two runs.

    Examples
    --------
    >>> one = {"output_type": "execute_result", "data": {"text/plain": "<A at 0x7f>"}}
    >>> alike([one | {"execution_count": 1}], [one | {"execution_count": 2}])
    True
    """
    return _comparable(found) == _comparable(stock)


def _comparable(outputs: Outputs) -> str:
    kept = [
        {key: part for key, part in one.items() if key not in ("execution_count", "transient")}
        for one in outputs
    ]
    return _CHANGING.sub("", json.dumps(kept, sort_keys=True))


def report(name: str, start: Start, cells: Sequence[str], rounds: int) -> list[Outputs]:
    """Measure a kernel several times and print the medians; return what the cells showed."""
    measured = [measure(start, cells) for _ in range(rounds)]
    columns = zip(*(figures for figures, _ in measured), strict=True)
    one = Figures(*(statistics.median(column) for column in columns))
    print(
        f"{name:32}{one.first:9.1f}{one.trivial:10.2f}{one.whole:10.0f}{one.processor:10.0f}"
        f"{one.pss:8.0f}{one.uss:8.0f}",
        flush=True,
    )
    return measured[-1][1]


def cells_to_run(notebook: Mapping[str, Any]) -> list[str]:
    """Return the code of a notebook, without its test cells.

    Examples
    --------
    >>> own = {"cell_type": "code", "metadata": {}, "source": "x = 1"}
    >>> test = own | {"metadata": {"nbgrader": {"grade": True, "solution": False}}}
    >>> cells_to_run({"cells": [own, test]})
    ['x = 1']
    """
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    settings = [cell["metadata"].get("nbgrader", {}) for cell in code]
    return [
        "".join(cell["source"])
        for cell, known in zip(code, settings, strict=True)
        if not known.get("grade") or known.get("solution")
    ]


def compare(rounds: int) -> None:
    """Measure all of them and print the table."""
    released = CHECKOUT / "assignments" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    cells = cells_to_run(Classroom(released).submission(0))
    print(f"{len(cells)} cells of {ASSIGNMENT}, {TRIVIAL} trivial ones; medians of {rounds} runs.")
    print(f"{'':32}{'first':>9}{'trivial':>10}{'whole':>10}{'processor':>10}{'PSS':>8}{'USS':>8}")
    print(f"{'':32}{'cell, ms':>9}{'cell, ms':>10}{'book, ms':>10}{'ms':>10}{'MB':>8}{'MB':>8}")
    shown = {}
    stock = report("fresh ipykernel, by nbclient", fresh, cells, rounds)
    with warm_process() as warm, tempfile.TemporaryDirectory(prefix="volens-") as folder:
        name = "forked ipykernel, no sandbox"
        shown[name] = report(name, partial(forked, warm, Path(folder)), cells, rounds)
    for sandboxed in (False, True):
        with Room(sandboxed=sandboxed) as room:
            name = f"forked bare shell, {'sandbox' if sandboxed else 'no sandbox'}"
            shown[name] = report(name, partial(bare, room), cells, rounds)
    for name, outputs in shown.items():
        same = [alike(*both) for both in zip(outputs, stock, strict=True)]
        print(f"{name}: {sum(same)} of {len(same)} cells show what they show in the first.")
        for source, fits in zip(cells, same, strict=True):
            if not fits:
                print(f"  not the same: {source.splitlines()[0]}")


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--rounds", type=int, default=7, help="runs of each (default: 7)")
    parser.add_argument("--stay-warm", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.stay_warm:
        stay_warm()
    else:
        compare(options.rounds)


if __name__ == "__main__":
    main()
