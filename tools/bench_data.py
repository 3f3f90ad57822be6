"""Measure how long the tables take to load: as rows, and as frames once pandas is imported."""

import statistics
import time

import pandas as pd

from volens import codebook, evidence, tables

ROUNDS = 5


def forget() -> None:
    """Let everything be read anew."""
    for module in (codebook, evidence):
        for found in vars(module).values():
            if hasattr(found, "cache_clear"):
                found.cache_clear()


def seconds(load: str) -> dict[str, float]:
    """Return the seconds for each table, read from its file."""
    forget()
    codebook.table_names()
    taken = {}
    for name in codebook.table_names():
        start = time.perf_counter()
        if load == "rows":
            evidence.rows(name)
        else:
            tables.frame(name)
        taken[name] = time.perf_counter() - start
    return taken


def main() -> None:
    """Print the median of several rounds."""
    pd.DataFrame({"warm": [1]})
    rounds = {load: [seconds(load) for _ in range(ROUNDS)] for load in ("rows", "frames")}
    print(f"{'table':20} {'rows':>6} {'as rows':>10} {'as frame':>10}   median of {ROUNDS}, ms")
    for name in codebook.table_names():
        medians = [
            1000 * statistics.median(one[name] for one in found) for found in rounds.values()
        ]
        print(f"{name:20} {len(evidence.rows(name)):6} {medians[0]:10.1f} {medians[1]:10.1f}")
    totals = [
        1000 * statistics.median(sum(one.values()) for one in found) for found in rounds.values()
    ]
    print(f"{'all tables':20} {'':6} {totals[0]:10.1f} {totals[1]:10.1f}")


if __name__ == "__main__":
    main()
