"""The Python in which a student's cells run: reads them as JSON, tells how each ended."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict

from volens.handin.running import Job, each

__all__ = ["main"]


def main() -> None:
    """Run the cells that stand on the standard input."""
    jobs = [Job(**one) for one in json.load(sys.stdin.buffer)]
    # A cell may write to the output itself, past `print`; what is told goes elsewhere.
    with os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8") as told:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        for outcome in each(jobs):
            told.write(json.dumps(asdict(outcome)) + "\n")
            told.flush()


if __name__ == "__main__":
    main()
