"""Mark the same class with stock `nbgrader autograde` and with `volens grade`, and compare.

The class hands in a3-consent, each student with a table and a picture of their own. Student
code is shut in under `volens grade`, and runs as you under nbgrader. Nothing in the
checkout is touched; the figures mean something only while the machine does nothing else.
"""

import argparse
import json
import os
import platform
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil
from bench_class import ASSIGNMENT, Classroom
from bench_kernels import cells_to_run
from play_class import set_up

from volens.grader.crew import processors
from volens.grader.results import Graded, Job
from volens.grading.gradebook import coursedir, quietly

#: A sample is enough for the tool that takes seconds for each.
STOCK, CLASS = 10, 100
SIZES = "10,100,1000"
FLOOR = 25
#: A look costs some milliseconds itself.
_LOOK = 1.0
_MILLION = 1e6
_STEPS = re.compile(r"(\d+) of \d+$")
_BEGINS = re.compile(r"\] Sanitizing ")
_WAITS_FOR_A_PERSON = 3


@dataclass(frozen=True)
class Spent:
    """What a command took.

    Attributes
    ----------
    seconds
        From its start to its end.
    first
        Of these, until the first that is heard of a submission.
    done
        How many were done by then.
    last
        Of the seconds, those until the last was done.
    processor
        Seconds of processors, of the command and all that it started.
    coordinator
        Of these, those of the command's own process.
    memory
        The most that all its processes held together, in bytes; what they share counts once.
    """

    seconds: float
    first: float
    done: int
    last: float
    processor: float
    coordinator: float
    memory: int


# The class


def prepared(root: Path) -> Classroom:
    """Release the assignment in a temporary course and return who will hand it in."""
    released = set_up(root).release(ASSIGNMENT)
    return Classroom(released / f"{ASSIGNMENT}.ipynb")


def copied(course: Path, name: str, members: Classroom, size: int) -> Path:
    """Copy the course, as it is after the release, and let so many students hand in."""
    root = course.parent / name
    shutil.copytree(course, root)
    members.hand_in(root / "submitted", size)
    return root


# Watching a command


class Watched:
    """A command that runs, its lines with their times, and what it uses meanwhile."""

    def __init__(self, command: Sequence[str], root: Path) -> None:
        own = str(Path(sys.executable).parent)
        path = os.pathsep.join([own, os.environ.get("PATH", "")])
        self._begun = time.perf_counter()
        self._before = _of_children()
        self._process = psutil.Popen(
            command,
            cwd=root,
            env={**os.environ, "PATH": path, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._ended = threading.Event()
        self._memory = 0
        self._processor = self._coordinator = 0.0
        self._look = threading.Thread(target=self._keep_looking, daemon=True)
        self._look.start()

    def lines(self) -> Iterator[tuple[float, str]]:
        """Return each line that it writes, with the seconds since it began."""
        for line in self._process.stdout:
            yield time.perf_counter() - self._begun, line.rstrip()

    def end(self, fine: Sequence[int]) -> tuple[float, float, float, int]:
        """Wait for its end; return seconds, processor seconds, the coordinator's, and memory."""
        code = self._process.wait()
        seconds = time.perf_counter() - self._begun
        self._ended.set()
        self._look.join()
        if code not in fine:
            sys.exit(f"{' '.join(map(str, self._process.args))} ended with exit code {code}.")
        # What a process has used that was killed with its parent is counted by nobody: then
        # the last look knows more.
        used = max(_of_children() - self._before, self._processor)
        return seconds, used, self._coordinator, self._memory

    def _keep_looking(self) -> None:
        while not self._ended.wait(_LOOK):
            family = self._family()
            self._memory = max(self._memory, sum(map(_held, family)))
            used = [_used(process) for process in family]
            self._processor = max(self._processor, sum(map(sum, used)))
            self._coordinator = max(self._coordinator, used[0][0] if used else 0)

    def _family(self) -> list[psutil.Process]:
        try:
            return [self._process, *self._process.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []


def _used(process: psutil.Process) -> tuple[float, float]:
    """Return what a process has computed, and those it started and saw the end of."""
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0, 0.0
    return times.user + times.system, times.children_user + times.children_system


def _held(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss)
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def by_stock(root: Path) -> Spent:
    """Let `nbgrader autograde` mark the class of a course."""
    watched = Watched([sys.executable, "-m", "nbgrader", "autograde", ASSIGNMENT], root)
    first, begun = 0.0, 0
    said = []
    for seconds, line in watched.lines():
        said.append(line)
        if _BEGINS.search(line):
            begun += 1
            first = first or seconds
            _say(f"  stock: {begun} begun, {seconds:.0f} s")
    try:
        seconds, used, own, memory = watched.end((0,))
    except SystemExit:
        print("\n".join(said[-20:]))
        raise
    return Spent(seconds, first, 0, seconds, used, own, memory)


def by_volens(root: Path) -> Spent:
    """Let `volens grade` mark the class of a course."""
    volens = Path(sys.executable).with_name("volens")
    watched = Watched([str(volens), "grade", ASSIGNMENT], root)
    first, done, last = 0.0, 0, 0.0
    said = []
    for seconds, line in watched.lines():
        said.append(line)
        step = _STEPS.search(line)
        if step:
            done = done or int(step[1])
            first = first or seconds
            last = seconds
            _say(f"  volens: {line.strip()}, {seconds:.0f} s")
    try:
        seconds, used, own, memory = watched.end((0, _WAITS_FOR_A_PERSON))
    except SystemExit:
        print("\n".join(said[-20:]))
        raise
    return Spent(seconds, first, done, last, used, own, memory)


# What came of it


def differences(ours: Path, stocks: Path) -> list[str]:
    """Return, in words, where the gradebooks of two courses differ for their common students."""
    mine, theirs = _scores(ours), _scores(stocks)
    return [
        f"{student}, {cell}: {mine[student].get(cell)} where stock has {points}"
        for student in sorted(mine.keys() & theirs.keys())
        for cell, points in theirs[student].items()
        if mine[student].get(cell) != points
    ]


def _scores(root: Path) -> dict[str, dict[str, tuple[float | None, bool]]]:
    """Return student to cell to the mark that a program gave, and whether a person is to look."""
    from nbgrader.api import Gradebook  # noqa: PLC0415 (loads for seconds)

    with quietly(), Gradebook(coursedir(root).db_url) as gradebook:
        return {
            submission.student_id: {
                grade.name: (grade.auto_score, bool(grade.needs_manual_grade))
                for grade in submission.notebooks[0].grades
            }
            for submission in gradebook.assignment_submissions(ASSIGNMENT)
        }


def parts(root: Path) -> dict[str, float]:
    """Return how many milliseconds each part of marking took, on average, as records say."""
    seconds = [
        json.loads(file.read_text(encoding="utf-8"))["seconds"]
        for file in (root / "results" / ASSIGNMENT / "records").glob("*.json")
    ]
    return {
        part: 1000 * statistics.fmean(one.get(part, 0.0) for one in seconds)
        for part in dict.fromkeys(part for one in seconds for part in one)
    }


# The coordinator alone


class Replay:
    """A crew that knows all results already, so that only the coordinator works."""

    workers = 1

    def __init__(self, known: Mapping[str, Graded]) -> None:
        self._known = known

    def results(self, jobs: Iterable[Job]) -> Iterator[Graded]:
        """Give back a result for each job at once."""
        known = list(self._known.values())
        for place, job in enumerate(jobs):
            yield replace(known[place % len(known)], student=job.student)


class Timed:
    """An object of which each method's time is taken."""

    def __init__(self, timed: object, seconds: dict[str, float], names: Mapping[str, str]) -> None:
        self._timed = timed
        self._seconds = seconds
        self._names = names

    def __str__(self) -> str:
        return str(self._timed)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 (whatever the object has)
        found = getattr(self._timed, name)
        part = self._names.get(name)
        return _timed(found, self._seconds, part) if part else found


def _timed(work: Callable[..., Any], seconds: dict[str, float], part: str) -> Callable[..., Any]:
    def done(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401
        begun = time.process_time()
        try:
            return work(*arguments, **named)
        finally:
            seconds[part] = seconds.get(part, 0) + time.process_time() - begun

    return done


def coordinator(root: Path, size: int) -> dict[str, float]:
    """Return how many milliseconds of a processor the coordinator needs for a submission."""
    from volens.grader.folders import Folders  # noqa: PLC0415 (loads nbgrader)
    from volens.grader.kernel import Room  # noqa: PLC0415
    from volens.grader.marking import mark  # noqa: PLC0415
    from volens.grader.register import Register  # noqa: PLC0415
    from volens.grader.running import Orders, run  # noqa: PLC0415

    course = coursedir(root)
    folders = Folders(course, ASSIGNMENT)
    register = Register(course.db_url, course.course_id)
    templates = register.templates(ASSIGNMENT, folders.released())
    known = {}
    with Room() as room:
        for student in folders.students()[:5]:
            handed_in = folders.submission(student, list(templates), Orders().limits)
            job = Job(ASSIGNMENT, student, handed_in.notebooks, templates)
            known[student] = mark(job, room)
    seconds: dict[str, float] = {}
    watched: Any = Timed(
        folders, seconds, {"submission": "reading submissions", "shelve": "writing notebooks"}
    )
    writer: Any = Timed(register, seconds, {"write": "writing to the gradebook"})
    begun = time.process_time()
    with quietly():
        run(watched, writer, Replay(known), Orders())
    total = time.process_time() - begun
    register.close()
    seconds["records and the rest"] = total - sum(seconds.values())
    return {part: 1000 * taken / size for part, taken in seconds.items()}


# The floor


def floor(root: Path, size: int) -> tuple[float, float]:
    """Return what the cells alone take in a fork that has the imports.

    Returns
    -------
    Milliseconds, and milliseconds of a processor, for a submission.
    """
    from volens.grader.sandbox import variables  # noqa: PLC0415

    files = sorted((root / "submitted").glob(f"*/{ASSIGNMENT}/{ASSIGNMENT}.ipynb"))[:size]
    ran = subprocess.run(
        [sys.executable, __file__, "--floor-of", *map(str, files)],
        env={**variables(), "PYTHONPATH": str(Path(__file__).parent)},
        capture_output=True,
        text=True,
        check=True,
    )
    elapsed, used = json.loads(ran.stdout.splitlines()[-1])
    return 1000 * elapsed / len(files), 1000 * used / len(files)


def run_bare(files: Sequence[Path]) -> None:
    """Run the cells of each notebook in a fork of this process, and print what that took."""
    from volens.grader.inside.warm import warmed  # noqa: PLC0415

    shell = warmed()
    elapsed = used = 0.0
    for file in files:
        cells = cells_to_run(json.loads(file.read_text(encoding="utf-8")))
        reader, writer = os.pipe()
        if os.fork() == 0:
            begun, computed = time.perf_counter(), time.process_time()
            for source in cells:
                shell.run(source, 1 << 21)
            taken = (time.perf_counter() - begun, time.process_time() - computed)
            os.write(writer, json.dumps(taken).encode())
            os._exit(0)
        one, computed_one = json.loads(os.read(reader, 1000))
        os.wait()
        os.close(reader)
        os.close(writer)
        elapsed += one
        used += computed_one
    print(json.dumps([elapsed, used]))


def rooms(count: int) -> float:
    """Return how many seconds it takes until so many rooms are ready."""
    from volens.grader.kernel import Room  # noqa: PLC0415

    made: list[Room] = []
    begun = time.perf_counter()
    threads = [threading.Thread(target=lambda: made.append(Room())) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = time.perf_counter() - begun
    for room in made:
        room.close()
    return taken


# Printing


def _say(text: str) -> None:
    print(f"{text}{' ' * 20}", end="\r", file=sys.stderr, flush=True)


def _row(name: str, *cells: str) -> None:
    print(f"{name:44}" + "".join(f"{cell:>16}" for cell in cells), flush=True)


def machine() -> str:
    """Return what is measured on.

    Examples
    --------
    >>> machine().startswith(str(processors()))
    True
    """
    memory = psutil.virtual_memory().total / (1 << 30)
    load = os.getloadavg()[0]
    return (
        f"{processors()} processors, {memory:.0f} GiB, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, nbgrader {version('nbgrader')}, "
        f"Volens {version('volens')}; load before: {load:.1f}"
    )


def per_submission(spent: Spent, size: int) -> float:
    """Return the seconds for one submission, without the start and the end of the command.

    Examples
    --------
    >>> per_submission(Spent(22, 2, 0, 22, 0, 0, 0), 10)
    2.0
    >>> per_submission(Spent(16, 5, 10, 15, 0, 0, 0), 110)
    0.1
    """
    left = size - spent.done
    return (spent.last - spent.first) / left if left else spent.seconds / size


def start_up(spent: Spent, size: int) -> float:
    """Return the seconds that a command takes whatever the size of the class.

    Examples
    --------
    >>> start_up(Spent(16, 5, 10, 15, 0, 0, 0), 110)
    5.0
    """
    return max(0.0, spent.seconds - size * per_submission(spent, size))


def compare(course: Path, members: Classroom, stock_size: int, size: int) -> None:
    """Mark the class with both and print the tables."""
    ours = copied(course, "volens", members, size)
    spent = by_volens(ours)
    theirs = copied(course, "stock", members, stock_size)
    stock = by_stock(theirs)
    print(f"\n{ASSIGNMENT} with pandas and a picture: the same class, one run, one machine\n")
    _row("", "stock nbgrader", "volens grade")
    _row("submissions", str(stock_size), str(size))
    _row("shut in", "no", "yes")
    _row("the whole command, s", f"{stock.seconds:.1f}", f"{spent.seconds:.1f}")
    starts = start_up(stock, stock_size), start_up(spent, size)
    _row("  of which start and end, s", *(f"{one:.1f}" for one in starts))
    each = per_submission(stock, stock_size), per_submission(spent, size)
    _row("seconds a submission, start and end left out", *(f"{one:.3f}" for one in each))
    _row("submissions a minute, start and end left out", *(f"{60 / one:.0f}" for one in each))
    whole = stock.seconds / stock_size, spent.seconds / size
    _row("submissions a minute, the whole command", *(f"{60 / one:.0f}" for one in whole))
    used = stock.processor / stock_size, spent.processor / size
    _row("processor seconds a submission, in all", *(f"{one:.2f}" for one in used))
    own = stock.coordinator / stock_size, spent.coordinator / size
    _row("  of which the command's own process", *(f"{one:.2f}" for one in own))
    _row("most memory, all processes, MB", *_megabytes(stock, spent))
    _row("the same command again, s", "", f"{by_volens(ours).seconds:.1f}")
    print()
    print(f"{each[0] / each[1]:.1f} times stock, start and end left out on both sides;")
    print(f"{each[0] / whole[1]:.1f} times with start and end counted for volens grade only.")
    wrong = differences(ours, theirs)
    common = min(stock_size, size)
    print(f"\nMarks of the {common} students whom both marked: {len(wrong)} differences.")
    for line in wrong[:10]:
        print(f"  {line}")
    print("\nWhere the time goes, milliseconds a submission\n")
    _where(course, members, (ours, size), spent)


def _megabytes(*spent: Spent) -> list[str]:
    return [f"{one.memory / _MILLION:.0f}" for one in spent]


def _where(course: Path, members: Classroom, marked: tuple[Path, int], spent: Spent) -> None:
    root, size = marked
    found = parts(root)
    inner = found.get("cells", 0) + found.get("tests", 0)
    _row("in a worker: opening the file", f"{found.get('open', 0):.1f}")
    _row("in a worker: repair", f"{found.get('repair', 0):.1f}")
    _row("in a worker: the kernel's start and end", f"{found.get('kernel', inner) - inner:.1f}")
    _row("in a worker: the student's cells", f"{found.get('cells', 0):.1f}")
    _row("in a worker: tests, and their questions", f"{found.get('tests', 0):.1f}")
    _row("in a worker: writing the notebook", f"{found.get('record', 0):.1f}")
    busy = sum(taken for part, taken in found.items() if part not in ("cells", "tests"))
    workers = min(processors(), size)
    passed = 1000 * per_submission(spent, size) * workers
    _row(f"in a worker: waiting (of {passed:.0f} ms x workers)", f"{passed - busy:.1f}")
    alone = coordinator(copied(course, "alone", members, min(size, CLASS)), min(size, CLASS))
    for part, taken in alone.items():
        _row(f"the coordinator, processor: {part}", f"{taken:.1f}")
    elapsed, used = floor(root, min(size, FLOOR))
    _row("the floor: cells in a bare fork", f"{elapsed:.1f}")
    _row("the floor: of a processor", f"{used:.1f}")
    _row(f"once: {workers} rooms at the same time, s", f"{rooms(workers):.1f}")


def grow(course: Path, members: Classroom, sizes: Sequence[int]) -> None:
    """Mark classes of several sizes and print what one submission costs in each."""
    print("\nClasses of several sizes through volens grade\n")
    heads = ("whole, s", "start, end, s", "ms each", "processor ms", "most MB", "again, s")
    _row("submissions", *heads)
    for size in sizes:
        root = copied(course, f"class-of-{size}", members, size)
        spent = by_volens(root)
        again = by_volens(root)
        _row(
            str(size),
            f"{spent.seconds:.1f}",
            f"{start_up(spent, size):.1f}",
            f"{1000 * per_submission(spent, size):.0f}",
            f"{1000 * spent.processor / size:.0f}",
            *_megabytes(spent),
            f"{again.seconds:.1f}",
        )
        shutil.rmtree(root)


@contextmanager
def _somewhere() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="volens-bench-") as folder:
        yield Path(folder)


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument(
        "--stock",
        type=int,
        default=STOCK,
        help=f"how many stock marks; 0 for no comparison (default: {STOCK})",
    )
    parser.add_argument(
        "--size", type=int, default=CLASS, help=f"how many volens marks (default: {CLASS})"
    )
    parser.add_argument(
        "--sizes",
        default=SIZES,
        help=f"then classes of these sizes through volens; '' for none (default: {SIZES})",
    )
    parser.add_argument("--floor-of", nargs="+", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.floor_of:
        run_bare(options.floor_of)
        return
    print(machine())
    with _somewhere() as folder:
        course = folder / "course"
        course.mkdir()
        _say("releasing ...")
        members = prepared(course)
        if options.stock:
            compare(course, members, options.stock, options.size)
        if options.sizes:
            grow(course, members, [int(size) for size in options.sizes.split(",")])


if __name__ == "__main__":
    main()
