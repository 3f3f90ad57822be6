"""Mark the whole stock of answers with stock nbgrader and with this grader, and compare.

For each assignment a class hands in every specimen of ``tests/marks`` and every anchor of
the rubric, an untouched copy, and the instructor's own answers. ``nbgrader autograde`` and
``volens grade`` mark the same class in two copies of the same course. Then every row of the
two gradebooks has to be the same, and every cell of the two marked notebooks has to say the
same. Fails if anything is different. ``make differential``.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(CHECKOUT))

from play_class import set_up  # noqa: E402 (beside this file)

from tests.grader.gradebook_rows import Row, rows  # noqa: E402 (of this checkout)
from volens.grading.gradebook import programs_found  # noqa: E402
from volens.grading.notebooks import (  # noqa: E402
    Notebook,
    cells,
    fill_in,
    read_notebook,
    solutions,
)
from volens.grading.rehearsal import answer_cell  # noqa: E402
from volens.grading.rubric import read_rubrics  # noqa: E402
from volens.grading.specimens import read_specimens  # noqa: E402

#: The program, and what it ends with where everybody is marked, free text or not.
STOCK = (sys.executable, "-m", "nbgrader", "autograde")
OURS = (sys.executable, "-c", "from volens.cli import main; main()", "grade")
#: What no two runs of one kernel have in common.
SAME = {
    re.compile(r"\b[0-9a-f]{32}\b"): "MODEL",
    re.compile(r"\b0x[0-9a-f]+"): "ADDRESS",
}


@dataclass(frozen=True)
class Comparison:
    """What two ways of marking made of one class.

    Attributes
    ----------
    assignment
        What was marked.
    submissions, rows, cells
        How many were compared.
    differences
        One line each.
    stock, ours
        How many seconds each took.
    """

    assignment: str
    submissions: int
    rows: int
    cells: int
    differences: tuple[str, ...]
    stock: float
    ours: float


def class_of(assignment: str, released: Notebook) -> dict[str, Notebook]:
    """Return what the class hands in: each answer there is at least once.

    Parameters
    ----------
    assignment
        The assignment's folder in ``source/``.
    released
        The students' version.
    """
    instructor = read_notebook(CHECKOUT / "source" / assignment / f"{assignment}.ipynb")
    own = {
        grade_id: "".join(cell["source"])
        for grade_id, cell in cells(instructor)
        if cell["metadata"]["nbgrader"]["solution"]
    }
    handed_in = {"instructors-own": fill_in(released, own), "untouched": released}
    found = answers(assignment, solutions(instructor))
    for place in range(max(map(len, found.values()))):
        # Where a cell has fewer answers than another, it begins again.
        mine = {cell: texts[place % len(texts)] for cell, texts in found.items()}
        handed_in[f"s{place:02}"] = fill_in(released, mine)
    return handed_in


def answers(
    assignment: str, solved: Mapping[str, Mapping[str, Any]]
) -> Mapping[str, tuple[str, ...]]:
    """Return all that may stand in each answer cell, by its grade id."""
    found: dict[str, list[str]] = {}
    for specimen in read_specimens(CHECKOUT / "tests" / "marks" / f"{assignment}.toml"):
        if specimen.question in solved:
            cell = specimen.cell(solved[specimen.question])
            found.setdefault(answer_cell(specimen.question), []).append(cell)
        for name, text in specimen.written.items():
            found.setdefault(name, []).append(text)
    for rubric in read_rubrics(CHECKOUT / "source" / assignment / "rubric.toml"):
        found.setdefault(rubric.question, []).extend(anchor.text for anchor in rubric.anchors)
    return {name: tuple(dict.fromkeys(texts)) for name, texts in found.items()}


def build(root: Path, assignment: str) -> int:
    """Release an assignment, hand in for the whole class, and return how many there are."""
    course = set_up(root)
    released = read_notebook(course.release(assignment) / f"{assignment}.ipynb")
    handed_in = class_of(assignment, released)
    for student, notebook in handed_in.items():
        folder = root / "submitted" / student / assignment
        folder.mkdir(parents=True)
        (folder / f"{assignment}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    return len(handed_in)


def mark(root: Path, assignment: str, program: tuple[str, ...], expected: set[int]) -> float:
    """Mark a course with a program and return how many seconds it took.

    Raises
    ------
    SystemExit
        If it ends with another exit code than expected; the text holds what it said last.
    """
    with programs_found():
        start = time.perf_counter()
        done = subprocess.run(
            [*program, assignment], cwd=root, capture_output=True, text=True, check=False
        )
        seconds = time.perf_counter() - start
    if done.returncode not in expected:
        said = (done.stderr or done.stdout).strip()[-2000:]
        raise SystemExit(f"{assignment}: {program[-1]} ended with {done.returncode}:\n{said}")
    return seconds


def compared(assignment: str, folder: Path) -> Comparison:
    """Mark the class of an assignment in both ways and compare.

    Parameters
    ----------
    assignment
        The assignment's folder in ``source/``.
    folder
        An empty folder.
    """
    stock, ours = folder / "stock", folder / "volens"
    number = build(stock, assignment)
    shutil.copytree(stock, ours)
    seconds = mark(stock, assignment, STOCK, {0}), mark(ours, assignment, OURS, {0})
    theirs, mine = gradebook(stock, assignment), gradebook(ours, assignment)
    said, shown = notebooks(stock, assignment), notebooks(ours, assignment)
    found = (*differences(theirs, mine), *differences(said, shown))
    return Comparison(assignment, number, len(theirs), len(said), found, *seconds)


def gradebook(root: Path, assignment: str) -> dict[str, Any]:
    """Return every row of a gradebook by what it is about."""
    found: list[Row] = rows(f"sqlite:///{root / 'gradebook.db'}", assignment)
    named = {" / ".join(filter(None, row[:4])): row[4:] for row in found}
    if len(named) != len(found):
        named["two rows about the same"] = ()
    return named


def notebooks(root: Path, assignment: str) -> dict[str, Any]:
    """Return every cell of the marked notebooks by student and cell: source, settings, outputs."""
    found: dict[str, Any] = {}
    for file in sorted((root / "autograded").glob(f"*/{assignment}/{assignment}.ipynb")):
        student = file.parent.parent.name
        for place, cell in enumerate(read_notebook(file)["cells"]):
            name = f"{student} / {place}: {cell.get('id')}"
            settings = cell["metadata"].get("nbgrader", {})
            found[name] = (cell["cell_type"], "".join(cell["source"]), settings, shown(cell))
    return found


def shown(cell: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a cell shows, in the same form whoever has run it.

    Left out are the numbers of cells and of widgets, and addresses. What one stream says is
    taken together; of an error, what it says, not where.
    """
    printed: dict[str, str] = {}
    values: list[Any] = []
    for output in cell.get("outputs", ()):
        if output["output_type"] == "stream":
            said = _alike("".join(output["text"]))
            printed[output["name"]] = printed.get(output["name"], "") + said
        elif output["output_type"] == "error":
            values.append((output["ename"], _alike(output["evalue"])))
        else:
            values.append(json.loads(_alike(json.dumps(_joined(output["data"]), sort_keys=True))))
    return {**printed, "values": values}


def _joined(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is shown with each text as one, however the file divides it."""
    return {
        kind: "".join(part)
        if isinstance(part, list) and kind.startswith(("text/", "image/"))
        else part
        for kind, part in data.items()
    }


def _alike(text: str) -> str:
    for pattern, replacement in SAME.items():
        text = pattern.sub(replacement, text)
    return text


def differences(theirs: Mapping[str, Any], ours: Mapping[str, Any]) -> Iterator[str]:
    """Say what is different between stock nbgrader's and ours, one line each."""
    for name in sorted({*theirs, *ours}):
        one, other = theirs.get(name, "nothing"), ours.get(name, "nothing")
        if one != other:
            parts = zip_longest(*(p if isinstance(p, tuple) else (p,) for p in (one, other)))
            told = "; ".join(f"{a!r} / {b!r}" for a, b in parts if a != b)
            yield f"{name}: stock / volens: {told}"


def line(found: Comparison) -> str:
    """Return the line of an assignment in the table."""
    return (
        f"{found.assignment:14} {found.submissions:11} {found.rows:6} {found.cells:6} "
        f"{len(found.differences):11} {found.stock:13.1f} {found.ours:14.1f}"
    )


def main() -> int:
    """Compare what is asked for, print the table, and return 1 if anything is different."""
    known = sorted(path.parent.name for path in (CHECKOUT / "source").glob("*/*.ipynb"))
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("assignment", nargs="*", help="such as a3-consent; all if none is named")
    options = parser.parse_args()
    for name in options.assignment:
        if name not in known:
            parser.error(f"there is no assignment {name}. There are: {', '.join(known)}.")
    print(
        f"{'assignment':14} submissions   rows  cells differences seconds stock seconds volens",
        flush=True,
    )
    bad = 0
    for name in options.assignment or known:
        with tempfile.TemporaryDirectory(prefix="volens-differential-") as folder:
            found = compared(name, Path(folder))
        print(line(found), flush=True)
        for difference in found.differences:
            print(f"  {difference}", flush=True)
        bad += len(found.differences)
    print("Both mark alike." if not bad else f"{bad} differences.")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
