"""What an attack is: a submission with wrong answers and an attempt, as data.

The attacks themselves are in :mod:`tests.attacks.corpus`, a module a family.

In their code a few words between ``@`` stand for what an attacker who knows everything
about this machine would write; :class:`Places` has them. ``@won@`` is what an attack prints
where it notices itself that it has succeeded; ``@seen@`` is what an accomplice prints where it
notices what the one before has left. Both stand between quotation marks.
"""

import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from tests.attacks.course import ASSIGNMENT
from volens.grading.notebooks import cells

__all__ = [
    "SEARCH",
    "Archive",
    "Attack",
    "Build",
    "Files",
    "Link",
    "Pipe",
    "Places",
    "Submission",
    "at_end",
    "at_start",
    "before",
    "first",
    "in_place_of",
]

NOTEBOOK = f"{ASSIGNMENT}.ipynb"

#: Looks for secrets in whatever it is given, and prints those that it finds.
SEARCH = """\
import glob, os, re

def tell(found):
    found = found.encode("utf-8", "replace") if isinstance(found, str) else bytes(found)
    for hit in sorted(set(re.findall(rb"volens-(?:canary|baton)-[0-9a-f]{16}", found))):
        print("found", hit.decode())

def look(path, most=4_000_000):
    try:
        with open(path, "rb") as file:
            tell(file.read(most))
    except Exception:
        pass

def walk(top, most=3000):
    seen = 0
    for folder, _, names in os.walk(top):
        for name in names:
            path = os.path.join(folder, name)
            if os.path.isfile(path):
                look(path)
                seen += 1
            if seen > most:
                return
"""


@dataclass(frozen=True)
class Places:
    """What an attacker may know about the machine, and what a run is recognised by.

    Attributes
    ----------
    words
        What stands between ``@`` in the code of attacks, to what it stands for.
    """

    words: Mapping[str, str]

    def fill(self, text: str) -> str:
        """Put in what the words between ``@`` stand for."""
        for word, meaning in self.words.items():
            text = text.replace(f"@{word}@", meaning)
        return text


@dataclass(frozen=True)
class Link:
    """A symbolic link in a folder that is handed in."""

    target: str


@dataclass(frozen=True)
class Pipe:
    """A named pipe in a folder that is handed in."""


@dataclass(frozen=True)
class Archive:
    """A zip file as a learning platform hands it over, for ``volens collect``."""

    content: bytes


#: What is handed in, by path: bytes, or something that is no file.
Files: TypeAlias = dict[str, bytes | Link | Pipe]


@dataclass
class Submission:
    """The wrong answers as an honest student hands them in, to be tampered with.

    Attributes
    ----------
    notebook
        The notebook as JSON data.
    places
        What the attacker knows.
    """

    notebook: dict[str, Any]
    places: Places

    def cell(self, grade_id: str) -> dict[str, Any]:
        """Return the cell of this grade id."""
        return next(cell for name, cell in cells(self.notebook) if name == grade_id)

    def place(self, grade_id: str) -> int:
        """Return where the cell of this grade id stands."""
        return int(self.notebook["cells"].index(self.cell(grade_id)))

    def insert(self, place: int, code: str, kind: str = "code") -> None:
        """Put a cell of the attacker's own somewhere."""
        cell: dict[str, Any] = {
            "cell_type": kind,
            "id": f"own-{len(self.notebook['cells'])}",
            "metadata": {},
            "source": self.places.fill(code),
        }
        if kind == "code":
            cell |= {"execution_count": None, "outputs": []}
        self.notebook["cells"].insert(place, cell)

    def answer(self, grade_id: str, source: str) -> None:
        """Write an answer."""
        self.cell(grade_id)["source"] = self.places.fill(source)

    def copy(self) -> "Submission":
        """Return another one with the same content."""
        return Submission(deepcopy(self.notebook), self.places)

    def as_bytes(self) -> bytes:
        """Return the file."""
        return json.dumps(self.notebook).encode()


Build: TypeAlias = Callable[[Submission], bytes | Files | Archive]


@dataclass(frozen=True)
class Attack:
    """Wrong answers, and an attempt.

    Attributes
    ----------
    name, family
        What it is called; families are what it is after or how it goes about it.
    what
        What it tries, as a sentence without a subject.
    build
        Makes what is handed in out of the honest submission.
    accomplice
        A second submission, marked after it, which looks for what the first has left.
    keeps
        Test cells whose honest marks this student must not lose.
    ends
        The states in which it may end; empty where any will do.
    tame
        Whether it may run outside a sandbox: to show that it works there.
    needs_a_class
        Whether it hands in links, pipes or archives, which only the commands for a class see.
    """

    name: str
    family: str
    what: str
    build: Build
    accomplice: Build | None = None
    keeps: tuple[str, ...] = ()
    ends: tuple[str, ...] = field(default=())
    tame: bool = False
    needs_a_class: bool = False


def at_start(code: str) -> Build:
    """Run code before the first answer."""

    def build(submission: Submission) -> bytes:
        submission.insert(submission.place("gates-answer"), code)
        return submission.as_bytes()

    return build


def before(grade_id: str, code: str) -> Build:
    """Run code in a cell before another."""

    def build(submission: Submission) -> bytes:
        submission.insert(submission.place(grade_id), code)
        return submission.as_bytes()

    return build


def first(code: str) -> Build:
    """Run code before everything, the cells of the course too."""

    def build(submission: Submission) -> bytes:
        submission.insert(0, code)
        return submission.as_bytes()

    return build


def at_end(code: str) -> Build:
    """Run code after everything else."""

    def build(submission: Submission) -> bytes:
        submission.insert(len(submission.notebook["cells"]), code)
        return submission.as_bytes()

    return build


def in_place_of(**answers: str) -> Build:
    """Write code into answer cells, named with ``_`` and without their ending."""

    def build(submission: Submission) -> bytes:
        for name, code in answers.items():
            submission.answer(f"{name.replace('_', '-')}-answer", code)
        return submission.as_bytes()

    return build
