"""How long a lesson takes: reading at 200 words a minute, and the minutes its activities state.

Run as a program, it prints a table of all lessons. Each lesson states these figures in its
opening block, and a test holds them to what is counted here.
"""

import json
import re
import sys
from pathlib import Path
from typing import NamedTuple

LESSONS = Path(__file__).resolve().parents[1] / "lessons"
WORDS_A_MINUTE = 200
MINUTES = re.compile(r"\((\d+) minutes?\b")
MARKS = re.compile(r"<[^>]+>|\]\([^)]*\)|[|#*_`>\[\]-]")
WORD = re.compile(r"\w[\w'\u2019.,:/-]*")


class Times(NamedTuple):
    """What a lesson asks of a student."""

    words: int
    reading: int
    activities: int

    @property
    def total(self) -> int:
        """All its minutes."""
        return self.reading + self.activities


def words(markdown: str) -> int:
    """Count the words that a reader meets: no marks, no addresses of links."""
    return len(WORD.findall(MARKS.sub(" ", markdown)))


def times(lesson: Path) -> Times:
    """Count the words of a lesson's text and the minutes that its activities state.

    Every "(12 minutes" in the text is a stated time; that of reading cards and
    figures stands there too, since their words are not in the text.
    """
    cells = json.loads(lesson.read_text(encoding="utf-8"))["cells"]
    prose = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    counted = sum(words(text) for text in prose)
    stated = sum(int(found) for text in prose for found in MINUTES.findall(text))
    return Times(counted, round(counted / WORDS_A_MINUTE), stated)


def main() -> int:
    """Print the times of all lessons."""
    print(f"{'lesson':28} {'words':>6} {'reading':>8} {'activities':>11} {'total':>6}")
    for lesson in sorted(LESSONS.glob("[0-9]*.ipynb")):
        found = times(lesson)
        print(
            f"{lesson.stem:28} {found.words:6} {found.reading:8} {found.activities:11} "
            f"{found.total:6}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
