"""A whole class of attackers and honest students, marked by the commands that a teacher uses.

``volens collect`` takes the archives, ``volens grade`` marks everybody with two workers and
writes the feedback. The honest sit between the attackers.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook

from tests.attacks.attack import NOTEBOOK, Archive, Attack, Link, Pipe
from tests.attacks.course import ASSIGNMENT, FORGEABLE, FULL, HONEST, NEIGHBOUR
from tests.attacks.findings import Found, Verdict, told, without_tests
from tests.attacks.ground import Ground, below, files, left_processes
from tests.attacks.pages import active
from tests.checkout import ROOT
from volens.grader.results import IN_PART, PERSON, SCORED
from volens.grading.gradebook import quietly

__all__ = ["attack_class"]

#: After so many attackers sits an honest student.
_BETWEEN = 3
#: A person has to look at something: what the commands say then.
_LOOK = 3
_PATIENCE = 1200
#: How long a cell may take, and a submission, in seconds: so long that no honest one runs into
#: it, even where the other worker is just being flooded with processes.
_CELL, _TOTAL = 5, 30
_OWN = ("autograded/", "feedback/", "results/", "gradebook.db", "submitted/")

Row = Mapping[str, Any]


def attack_class(ground: Ground, attacks: Sequence[Attack]) -> tuple[list[Verdict], list[str]]:
    """Let a class hand in, mark it, and look for breaches.

    Parameters
    ----------
    ground
        Where.
    attacks
        Who attacks.

    Returns
    -------
    What became of each attack, and the breaches that no single one can be blamed for.
    """
    return _Class(ground, attacks).play()


class _Class:
    """One class, from its files to its marks."""

    def __init__(self, ground: Ground, attacks: Sequence[Attack]) -> None:
        self._ground = ground
        self._root = ground.victim.root
        self._students = {f"s{place:03}-{one.name}": one for place, one in enumerate(attacks)}
        self._honest = [NEIGHBOUR]
        self._said = ""
        self._breaches: list[str] = []

    def play(self) -> tuple[list[Verdict], list[str]]:
        """Hand in, collect, mark, and look."""
        processes, started = len(below()), time.perf_counter()
        before = files(self._root)
        archives = [
            file for student, one in self._students.items() for file in self._hand_in(student, one)
        ]
        handed_in = files(self._root)
        if archives:
            self._run("collect", ASSIGNMENT, "--layout", "named", *map(str, archives))
            self._look_at_what_was_collected(handed_in)
        collected = files(self._root)
        self._run(
            *("grade", ASSIGNMENT, "--workers", "2", "--feedback"),
            *("--timeout", str(_CELL), "--total-timeout", str(_TOTAL)),
        )
        seconds = time.perf_counter() - started
        self._breaches += left_processes(processes)
        self._breaches += self._ground.left_files()
        self._breaches += self._ground.listener.heard()
        self._breaches += self._changed(before, collected)
        self._breaches += [
            f"{one} in what the commands say" for one in told(self._ground, self._said)
        ]
        rows, marks = self._rows(), self._marks()
        self._look_at_the_honest(rows, marks)
        verdicts = [
            self._verdict(student, one, rows, marks, seconds / len(self._students))
            for student, one in self._students.items()
        ]
        return verdicts, self._breaches

    # What is handed in

    def _hand_in(self, student: str, attack: Attack) -> Iterator[Path]:
        """Put a submission into its folder, or yield the archive in which it lies."""
        if len(self._honest) <= len(self._students) // _BETWEEN:
            self._honest.append(student[:5] + "honest")
            self._place(
                self._honest[-1], {NOTEBOOK: json.dumps(self._ground.victim.right()).encode()}
            )
        built = attack.build(self._ground.wrong())
        if isinstance(built, Archive):
            file = self._root.parent / f"{attack.name}.zip"
            file.write_bytes(built.content)
            yield file
            return
        self._place(student, {NOTEBOOK: built} if isinstance(built, bytes) else built)

    def _place(self, student: str, handed_in: Mapping[str, bytes | Link | Pipe]) -> None:
        folder = self._root / "submitted" / student / ASSIGNMENT
        for path, content in handed_in.items():
            file = folder / path if path else folder
            file.parent.mkdir(parents=True, exist_ok=True)
            match content:
                case Link():
                    file.symlink_to(content.target)
                case Pipe():
                    os.mkfifo(file)
                case bytes():
                    file.write_bytes(content)

    def _run(self, *words: str) -> None:
        """Run a command of the course, with a secret in its environment."""
        done = subprocess.run(
            [Path(sys.executable).with_name("volens"), *words, "--course", self._root],
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
            env=self._ground.environment,
            timeout=_PATIENCE,
        )
        self._said += done.stdout + done.stderr
        if done.returncode not in (0, _LOOK):
            self._breaches.append(
                f"{' '.join(words[:2])} ends with {done.returncode}: {done.stderr[-1500:]}"
            )
        if "Traceback" in done.stderr:
            self._breaches.append(f"{words[0]} shows a traceback: {done.stderr[-500:]}")

    # What became of it

    def _look_at_what_was_collected(self, before: Mapping[str, tuple[int, int]]) -> None:
        honest = self._ground.wrong().as_bytes()
        for name in (one.name for one in self._students.values() if one.family == "archives"):
            file = self._root / "submitted" / f"h-{name}" / ASSIGNMENT / NOTEBOOK
            if not file.is_file() or file.read_bytes() != honest:
                self._breaches.append(f"the honest submission in {name} did not arrive")
        after = files(self._root)
        for path in sorted(after.keys() | before.keys()):
            if after.get(path) == before.get(path):
                continue
            new = path not in before and path.startswith(("submitted", "results"))
            if not new and not (self._root / path).is_dir():
                self._breaches.append(f"collecting has changed {path}")
            if (self._root / path).is_symlink():
                self._breaches.append(f"collecting has made a link: {path}")

    def _changed(
        self, before: Mapping[str, tuple[int, int]], collected: Mapping[str, tuple[int, int]]
    ) -> Iterator[str]:
        after = files(self._root)
        for path in sorted(after.keys() | collected.keys()):
            own = path.startswith(_OWN) or path in {
                "autograded",
                "feedback",
                "results",
                "submitted",
            }
            same = after.get(path) == (collected.get(path) or before.get(path))
            if not same and (not own or path.startswith("submitted/")):
                yield f"marking has changed {path}"
            made = path.startswith(("autograded/", "feedback/", "results/"))
            if made and (self._root / path).is_symlink():
                yield f"marking has made a link: {path}"
            if made and (self._root / path).is_file():
                yield from self._secrets_in(path)

    def _secrets_in(self, path: str) -> Iterator[str]:
        text = (self._root / path).read_text(encoding="utf-8", errors="replace")
        notebook = path.startswith("autograded/") and path.endswith(NOTEBOOK)
        said = without_tests(text) if notebook else text
        for secret in told(self._ground, said):
            # An honest student's own words are in their own files.
            if path.split("/")[1] not in self._honest or not secret.endswith("neighbour"):
                yield f"{secret}, in {path}"
        if path.startswith("feedback/"):
            for piece in active(text, self._ground.token):
                yield f"{path}: {piece}"

    def _rows(self) -> dict[str, Row]:
        """Return the rows of the report by student."""
        file = self._root / "results" / ASSIGNMENT / "report.json"
        if not file.is_file():
            self._breaches.append("there is no report")
            return {}
        report = json.loads(file.read_text(encoding="utf-8"))
        rows = {row["student"]: row for row in report["submissions"]}
        handed_in = {path.parent.name for path in self._root.glob(f"submitted/*/{ASSIGNMENT}")}
        if len(report["submissions"]) != len(rows):
            self._breaches.append("somebody is in the report twice")
        if set(rows) != handed_in:
            self._breaches.append(f"not in the report as handed in: {set(rows) ^ handed_in}")
        for student, row in rows.items():
            if row["state"] not in {SCORED, IN_PART, PERSON} or not row["reason"]:
                self._breaches.append(f"{student} ends as {row['state']!r}, {row['reason']!r}")
        return rows

    def _marks(self) -> dict[str, dict[str, float]]:
        """Return the marks in the gradebook, opened as nbgrader opens it."""
        found: dict[str, dict[str, float]] = {}
        with quietly(), Gradebook(f"sqlite:///{self._root / 'gradebook.db'}") as gradebook:
            for submission in gradebook.assignment_submissions(ASSIGNMENT):
                for grade in submission.notebooks[0].grades:
                    found.setdefault(submission.student_id, {})[grade.name] = grade.score
        return found

    def _look_at_the_honest(
        self, rows: Mapping[str, Row], marks: Mapping[str, Mapping[str, float]]
    ) -> None:
        for student in self._honest:
            earned = {name: marks.get(student, {}).get(name) for name in FULL}
            if earned != FULL:
                self._breaches.append(f"{student}, who is honest, gets {earned}")
            if rows and rows.get(student, {}).get("state") != IN_PART:
                self._breaches.append(
                    f"{student}, who is honest, ends as {rows.get(student)}"[:300]
                )

    def _verdict(
        self,
        student: str,
        attack: Attack,
        rows: Mapping[str, Row],
        marks: Mapping[str, Mapping[str, float]],
        seconds: float,
    ) -> Verdict:
        found = Found()
        row = rows.get(student, {})
        earned = dict(marks.get(student, {}))
        in_archive = attack.family == "archives"
        if in_archive:
            earned = dict(marks.get(f"h-{attack.name}", {}))
            row = rows.get(f"h-{attack.name}", {})
        if not row:
            found.add("class", "is not in the report")
        for name, most in HONEST.items():
            limit = FULL[name] if name == FORGEABLE else most
            if earned.get(name, 0) > limit:
                found.add("marks", f"{name} gives {earned[name]}, honestly {most}")
        for name in attack.keeps if row else ():
            if earned.get(name) != HONEST[name]:
                found.add("marks", f"{name} gives {earned.get(name)}, should keep {HONEST[name]}")
        if attack.ends and row and row["state"] not in attack.ends:
            found.add("class", f"ends as {row['state']} ({row['reason']})")
        page = self._root / "feedback" / row.get("student", "-") / ASSIGNMENT
        if row and row["state"] != PERSON and not any(page.glob("*.html")):
            found.add("pages", "there is no feedback")
        if row and row["state"] == PERSON and earned:
            found.add("marks", f"needs a person, and has marks: {earned}")
        return Verdict(
            attack,
            row.get("state", ""),
            row.get("reason", ""),
            {name: earned.get(name) for name in FULL} if earned else {},
            found.breaches(),
            seconds=seconds,
        )
