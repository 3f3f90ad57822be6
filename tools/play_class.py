"""Play one round of a class, from release to feedback, in a temporary folder.

Twelve students who do not exist hand in what real students hand in, damage
included. Stock nbgrader collects, marks and writes feedback. At the end the
program says where each result lies. Nothing in the checkout is touched.
"""

import argparse
import shutil
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from volens.grading.notebooks import read_notebook, solutions
from volens.grading.rehearsal import synthetic_class
from volens.grading.rubric import read_rubric
from volens.grading.specimens import read_specimens
from volens.grading.stock import Course, Outcome, write_marks, write_report
from volens.plots import marks_by_question

CHECKOUT = Path(__file__).resolve().parents[1]
ASSIGNMENT = "a1-claims"


def play(root: Path) -> list[Outcome]:
    """Play the round in a folder and return how each submission ended.

    Parameters
    ----------
    root
        An empty folder; it becomes the root of a course.
    """
    shutil.copytree(CHECKOUT / "source", root / "source")
    shutil.copy(CHECKOUT / "nbgrader_config.py", root)
    course = Course(root)
    print(f"Releasing {ASSIGNMENT} ...", flush=True)
    released = course.release(ASSIGNMENT)
    submissions = _rehearsed(root / "source" / ASSIGNMENT, released / f"{ASSIGNMENT}.ipynb")
    _upload(submissions, root / "downloaded" / ASSIGNMENT / "archive")
    print(f"Collecting {len(submissions)} submissions ...", flush=True)
    for name in course.collect(ASSIGNMENT):
        print(f"  {name}: nobody's. Rename it to STUDENT_{ASSIGNMENT}.ipynb and collect again.")
    print("Marking ...", flush=True)
    outcomes = _mark(course)
    print("Writing feedback ...", flush=True)
    for outcome in outcomes:
        if outcome.points is not None:
            course.feedback(ASSIGNMENT, outcome.student)
    _write_results(course, outcomes, root / "results")
    return outcomes


def _rehearsed(source: Path, released: Path) -> dict[str, str]:
    return synthetic_class(
        read_notebook(released),
        solutions(read_notebook(source / f"{ASSIGNMENT}.ipynb")),
        read_specimens(source / "specimens.toml"),
        read_rubric(source / "rubric.toml"),
    )


def _upload(submissions: Mapping[str, str], folder: Path) -> None:
    """Pack the submissions as a learning platform does: one zip file for all."""
    folder.mkdir(parents=True)
    with zipfile.ZipFile(folder / "submissions.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for student, text in submissions.items():
            archive.writestr(f"{student}_{ASSIGNMENT}.ipynb", text)


def _mark(course: Course) -> list[Outcome]:
    outcomes = []
    for outcome in course.autograde(ASSIGNMENT):
        marks = "no marks" if outcome.points is None else f"{outcome.points:g}/{outcome.possible:g}"
        print(f"  {outcome.student:24} {marks:>9}  {outcome.state}", flush=True)
        outcomes.append(outcome)
    return outcomes


def _write_results(course: Course, outcomes: Sequence[Outcome], folder: Path) -> None:
    folder.mkdir()
    marks = course.marks(ASSIGNMENT)
    write_report(outcomes, folder / "report.json")
    write_marks(outcomes, marks, folder / "marks.csv")
    course.export(folder / "nbgrader.csv")
    names = {question: question.removesuffix("-test") for question in marks.possible}
    figure = marks_by_question(
        {names[question]: points for question, points in marks.by_question().items()},
        {names[question]: points for question, points in marks.possible.items()},
    )
    figure.save(folder / "marks.html")


def _say_where(root: Path, outcomes: Sequence[Outcome]) -> None:
    lost = [outcome for outcome in outcomes if outcome.state == "needs a person"]
    if lost:
        print(f"\n{len(lost)} of {len(outcomes)} submissions need a person:")
    for outcome in lost:
        print(f"  {outcome.student}: {outcome.message}")
    waiting = sum(outcome.reason == "free-text-waits" for outcome in outcomes)
    print(f"\nThe free text of {waiting} submissions waits to be read.")
    print("\nWhere each result lies:")
    for what, place in (
        ("students' version", f"assignments/{ASSIGNMENT}/"),
        ("what was handed in", "submitted/"),
        ("marked notebooks", "autograded/"),
        ("feedback, one page a student", "feedback/"),
        ("marks, one row a student", "results/marks.csv"),
        ("nbgrader's own export", "results/nbgrader.csv"),
        ("marks by question, a picture", "results/marks.html"),
        ("how each submission ended", "results/report.json"),
        ("the gradebook", "gradebook.db"),
    ):
        print(f"  {what:30} {root / place}")


def main() -> None:
    """Read the options and play the round."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument(
        "--root", type=Path, help="an empty folder to play in (default: a new temporary one)"
    )
    root: Path | None = parser.parse_args().root
    if root is None:
        root = Path(tempfile.mkdtemp(prefix="volens-class-"))
    elif root.exists() and any(root.iterdir()):
        parser.error(f"{root} is not empty. Name a new folder.")
    root.mkdir(parents=True, exist_ok=True)
    _say_where(root, play(root))


if __name__ == "__main__":
    main()
