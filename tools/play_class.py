"""Play a round of a class for each assignment, from release to feedback, in a temporary folder.

Twelve students who do not exist hand in what real students hand in, damage
included. Stock nbgrader collects, marks and writes feedback; two imagined markers
read the free text. At the end the program says where each result lies. Nothing in
the checkout is touched.
"""

import argparse
import shutil
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from volens.grading.marking_sheets import import_marks
from volens.grading.notebooks import read_notebook, solutions
from volens.grading.rehearsal import marking_sheet, synthetic_class
from volens.grading.rubric import read_rubrics
from volens.grading.specimens import read_specimens
from volens.grading.stock import Course, Outcome, write_marks, write_report
from volens.plots import marks_by_question

CHECKOUT = Path(__file__).resolve().parents[1]


def set_up(root: Path) -> Course:
    """Make a folder the root of a course and return it."""
    shutil.copytree(CHECKOUT / "source", root / "source", dirs_exist_ok=True)
    shutil.copy(CHECKOUT / "nbgrader_config.py", root)
    return Course(root)


def play(root: Path, assignment: str) -> list[Outcome]:
    """Play the round of one assignment and return how each submission ended.

    Parameters
    ----------
    root
        An empty folder, or one in which other assignments were played.
    assignment
        The assignment's folder in ``source/``.
    """
    course = set_up(root)
    print(f"{assignment}: releasing ...", flush=True)
    released = course.release(assignment)
    submissions = rehearsed(assignment, released / f"{assignment}.ipynb")
    _upload(assignment, submissions, root / "downloaded" / assignment / "archive")
    print(f"{assignment}: collecting {len(submissions)} submissions ...", flush=True)
    for name in course.collect(assignment):
        print(f"  {name}: nobody's. Rename it to STUDENT_{assignment}.ipynb and collect again.")
    print(f"{assignment}: marking ...", flush=True)
    outcomes = _read_texts(course, assignment, _mark(course, assignment))
    print(f"{assignment}: writing feedback ...", flush=True)
    for outcome in outcomes:
        if outcome.points is not None:
            course.feedback(assignment, outcome.student)
    _write_results(course, assignment, outcomes, root / "results" / assignment)
    return outcomes


def rehearsed(assignment: str, released: Path) -> dict[str, str]:
    """Return what the class hands in: student's id to the text of the file."""
    source = CHECKOUT / "source" / assignment
    return synthetic_class(
        read_notebook(released),
        solutions(read_notebook(source / f"{assignment}.ipynb")),
        read_specimens(CHECKOUT / "tests" / "marks" / f"{assignment}.toml"),
        read_rubrics(source / "rubric.toml"),
    )


def _upload(assignment: str, submissions: Mapping[str, str], folder: Path) -> None:
    """Pack the submissions as a learning platform does: one zip file for all."""
    folder.mkdir(parents=True)
    with zipfile.ZipFile(folder / "submissions.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for student, text in submissions.items():
            archive.writestr(f"{student}_{assignment}.ipynb", text)


def _mark(course: Course, assignment: str) -> list[Outcome]:
    outcomes = []
    for outcome in course.autograde(assignment):
        marks = "no marks" if outcome.points is None else f"{outcome.points:g}/{outcome.possible:g}"
        print(f"  {outcome.student:26} {marks:>12}  {outcome.state}", flush=True)
        outcomes.append(outcome)
    return outcomes


def _read_texts(course: Course, assignment: str, outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Take in the marking sheet of two markers, and return how each submission stands then."""
    folder = course.root / "results" / assignment
    folder.mkdir(parents=True)
    sheet = folder / "marking-sheet.csv"
    rubrics = read_rubrics(CHECKOUT / "source" / assignment / "rubric.toml")
    sheet.write_text(marking_sheet(rubrics), encoding="utf-8")
    print(f"{assignment}: reading the free text ...", flush=True)
    imported = import_marks(course.root, assignment, [sheet])
    for agreement in imported.agreements:
        print(f"  {agreement}")
    return [
        course.outcome(assignment, outcome.student, outcome.seconds)
        if outcome.points is not None
        else outcome
        for outcome in outcomes
    ]


def _write_results(
    course: Course, assignment: str, outcomes: Sequence[Outcome], folder: Path
) -> None:
    marks = course.marks(assignment)
    write_report(outcomes, folder / "report.json")
    write_marks(outcomes, marks, folder / "marks.csv")
    course.export(folder / "nbgrader.csv")
    names = {question: question.removesuffix("-test") for question in marks.possible}
    figure = marks_by_question(
        {names[question]: points for question, points in marks.by_question().items()},
        {names[question]: points for question, points in marks.possible.items()},
    )
    figure.save(folder / "marks.html")


def _say_where(root: Path, played: Mapping[str, Sequence[Outcome]]) -> None:
    for assignment, outcomes in played.items():
        lost = [outcome for outcome in outcomes if outcome.state == "needs a person"]
        waiting = sum(outcome.reason == "free-text-waits" for outcome in outcomes)
        print(f"\n{assignment}: waiting for a person: {waiting} of {len(outcomes)} submissions.")
        if lost:
            print(f"{len(lost)} of {len(outcomes)} submissions need a person:")
        for outcome in lost:
            print(f"  {outcome.student}: {outcome.message}")
    print("\nWhere each result lies:")
    for what, place in (
        ("students' versions", "assignments/"),
        ("what was handed in", "submitted/"),
        ("marked notebooks", "autograded/"),
        ("feedback, one page a student", "feedback/"),
        ("what two markers gave", "results/ASSIGNMENT/marking-sheet.csv"),
        ("marks, one row a student", "results/ASSIGNMENT/marks.csv"),
        ("nbgrader's own export", "results/ASSIGNMENT/nbgrader.csv"),
        ("marks by question, a picture", "results/ASSIGNMENT/marks.html"),
        ("how each submission ended", "results/ASSIGNMENT/report.json"),
        ("the gradebook", "gradebook.db"),
    ):
        print(f"  {what:30} {root / place}")


def main() -> None:
    """Read the options and play the rounds."""
    known = sorted(path.parent.name for path in (CHECKOUT / "source").glob("*/*.ipynb"))
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("assignment", nargs="*", help="such as a3-consent; all if none is named")
    parser.add_argument(
        "--root", type=Path, help="an empty folder to play in (default: a new temporary one)"
    )
    options = parser.parse_args()
    for name in options.assignment:
        if name not in known:
            parser.error(f"there is no assignment {name}. There are: {', '.join(known)}.")
    root: Path | None = options.root
    if root is None:
        root = Path(tempfile.mkdtemp(prefix="volens-class-"))
    elif root.exists() and any(root.iterdir()):
        parser.error(f"{root} is not empty. Name a new folder.")
    root.mkdir(parents=True, exist_ok=True)
    _say_where(root, {name: play(root, name) for name in options.assignment or known})


if __name__ == "__main__":
    main()
