"""Measure the doctrine engine: the full sensitivity of a case, and all cases on all positions."""

import statistics
import time
from collections.abc import Callable

from volens import cases, positions
from volens.errors import ReasoningError
from volens.reasoning import assess, compare, pivotal, sensitivity

ROUNDS = 20
COURSE = "kazakhstan-2022"


def milliseconds(work: Callable[[], object]) -> tuple[float, float]:
    """Return the median and the slowest of several rounds, after a first that warms up."""
    work()
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - start))
    return statistics.median(taken), max(taken)


def every_case() -> int:
    """Judge every act of every case on every position; return how many opinions that is."""
    count = 0
    for key in cases.case_ids():
        case = cases.case(key)
        for act in (None, *(one.id for one in case.acts)):
            try:
                count += len(compare(case, act=act))
            except ReasoningError:
                continue
    return count


def main() -> None:
    """Print what each question takes."""
    case = cases.case(COURSE)
    views = [one for one in positions.positions() if one.kind == "position"]
    rows = sensitivity(case)
    flips = sum(len(row.alone) + len(row.together) for row in rows)
    print(f"{COURSE}: {len(case.findings)} findings, {len(case.aims)} aims")
    print(f"{'':44} {'median':>9} {'slowest':>9}   of {ROUNDS}, ms")
    for name, work in (
        ("one opinion", lambda: assess(case, views[0])),
        ("pivotal facts, one position", lambda: pivotal(case, views[0])),
        ("pivotal pairs, one position", lambda: pivotal(case, views[0], order=2)),
        (f"full sensitivity ({len(rows)} settings, {flips} flips)", lambda: sensitivity(case)),
        (f"all cases, all acts ({every_case()} opinions)", every_case),
    ):
        middle, slowest = milliseconds(work)
        print(f"{name:44} {middle:9.2f} {slowest:9.2f}")


if __name__ == "__main__":
    main()
