"""Prove the marks: print cells x answers for each assignment, and fail on a gap.

Run with the name of an assignment for that one only; ``--full`` prints every answer
on a line of its own.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from volens.errors import VolensError
from volens.grading.notebooks import read_notebook
from volens.grading.proof import Proof, prove
from volens.grading.rubric import read_rubrics
from volens.grading.specimens import KINDS, read_specimens

CHECKOUT = Path(__file__).resolve().parents[1]
COLUMNS = ("reference", *KINDS)


def proofs(assignment: str) -> list[Proof]:
    """Show an assignment's cells every answer there is."""
    folder = CHECKOUT / "source" / assignment
    texts = {
        rubric.question: rubric.anchors[0].text for rubric in read_rubrics(folder / "rubric.toml")
    }
    return list(
        prove(
            read_notebook(folder / f"{assignment}.ipynb"),
            read_specimens(CHECKOUT / "tests" / "marks" / f"{assignment}.toml"),
            texts,
        )
    )


def matrix(assignment: str, found: Sequence[Proof]) -> str:
    """Return the table of an assignment: a line a cell, a column a kind of answer."""
    lines = [f"{assignment:24}" + "".join(f"{kind:>15}" for kind in COLUMNS) + "   points"]
    for cell in dict.fromkeys(proof.cell for proof in found):
        mine = [proof for proof in found if proof.cell == cell]
        shown = Counter(proof.kind for proof in mine)
        faulty = Counter(proof.kind for proof in mine if proof.fault)
        words = [
            "-"
            if not shown[kind]
            else f"{shown[kind]} ok"
            if not faulty[kind]
            else f"{faulty[kind]} of {shown[kind]} BAD"
            for kind in COLUMNS
        ]
        possible = max(proof.possible for proof in mine)
        lines.append(f"{cell:24}" + "".join(f"{word:>15}" for word in words) + f"{possible:9g}")
    return "\n".join(lines)


def main() -> None:
    """Prove what is asked for and leave with 1 if something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("assignment", nargs="*", help="such as a3-consent; all if none is named")
    parser.add_argument("--full", action="store_true", help="a line for every answer")
    options = parser.parse_args()
    names = options.assignment or sorted(
        path.parent.name for path in (CHECKOUT / "source").glob("*/*.ipynb")
    )
    faults = answers = 0
    for name in names:
        try:
            found = proofs(name)
        except VolensError as error:
            print(error)
            faults += 1
            continue
        print(matrix(name, found))
        for proof in found:
            if options.full:
                earned = f"{proof.points:g} of {proof.possible:g}"
                print(f"    {proof.cell}: {proof.kind}: {proof.name}: {earned}")
            if proof.fault:
                print(f"  {proof.cell}: {proof.kind}, {proof.name}: {proof.fault}")
        faults += sum(bool(proof.fault) for proof in found)
        answers += sum(proof.kind != "gap" for proof in found)
        print()
    plural = "" if faults == 1 else "s"
    print(f"{answers} answers shown to their cells; {faults or 'no'} fault{plural}.")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
