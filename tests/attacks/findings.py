"""What counts as a breach, looked for in what the grader makes of a submission."""

import contextlib
import json
import re
import signal
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import nbformat
from nbgrader.utils import determine_grade

from tests.attacks import pages
from tests.attacks.attack import Attack
from tests.attacks.course import FORGEABLE, FULL, HONEST
from tests.attacks.ground import Ground
from volens.grader.results import IN_PART, PERSON, SCORED, Graded, GradedNotebook

__all__ = ["KINDS", "Found", "Verdict", "look", "points"]

#: The kinds of breaches, in the order of the table.
KINDS = ("marks", "secrets", "leftovers", "neighbours", "pages", "class")

_LONGEST_NOTEBOOK = 8 << 20
#: How long a page may take, in seconds of the processor.
_PAGE_SECONDS = 15
_REASON = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Verdict:
    """What became of an attack.

    Attributes
    ----------
    attack
        The attack.
    state, reason
        How its submission ended.
    points
        Grade id to points.
    breaches
        Kind of breach, one of :data:`KINDS`, to what was seen.
    notes
        What is no breach, and worth knowing.
    seconds
        How long it took.
    """

    attack: Attack
    state: str
    reason: str
    points: Mapping[str, float | None]
    breaches: Mapping[str, tuple[str, ...]]
    notes: tuple[str, ...] = ()
    seconds: float = 0

    def __str__(self) -> str:
        """Return the breaches, a line each."""
        return "\n".join(f"{kind}: {one}" for kind in KINDS for one in self.breaches.get(kind, ()))


@dataclass
class Found:
    """Breaches and notes, as they are gathered."""

    by_kind: dict[str, list[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def add(self, kind: str, *what: str) -> None:
        """Note breaches of a kind."""
        if what:
            self.by_kind.setdefault(kind, []).extend(what)

    def breaches(self) -> dict[str, tuple[str, ...]]:
        """Return what was found, each thing once."""
        return {kind: tuple(dict.fromkeys(seen)) for kind, seen in self.by_kind.items()}


def points(graded: Graded) -> dict[str, float | None]:
    """Return grade id to points."""
    return {one.grade_id: one.points for notebook in graded.notebooks for one in notebook.marks}


def look(ground: Ground, graded: Graded, attack: Attack, found: Found) -> None:
    """Look for breaches in what became of an attack's submission."""
    found.add("class", *_ending(graded, attack))
    found.add("marks", *gains(graded), *_losses(graded, attack))
    found.add("secrets", *told(ground, said_in(graded)))
    if ground.won in said_in(graded, outputs_only=True):
        found.add("secrets", "the attack itself says that it has succeeded")
    for notebook in graded.notebooks:
        if notebook.content:
            found.add("class", *_faults(notebook))
            found.add("marks", *_disagreements(notebook))
            found.add("pages", *_on_pages(ground, graded, notebook))
    if ground.victim.arguments in said_in(graded):
        found.notes.append("arguments of hidden tests stand in the autograded notebook")


def gains(graded: Graded) -> Iterator[str]:
    """Yield which marks are higher than the wrong answers deserve, or not called what they are."""
    for notebook in graded.notebooks:
        ids = [one.grade_id for one in notebook.marks]
        if len(ids) != len(set(ids)):
            yield "a mark is there twice"
        for one in notebook.marks:
            if one.grade_id not in HONEST:
                if one.points:
                    yield f"{one.grade_id} gives {one.points}"
                continue
            if one.forgeable != (one.grade_id == FORGEABLE):
                yield f"{one.grade_id} is {'' if one.forgeable else 'not '}called forgeable"
            if one.possible != FULL[one.grade_id]:
                yield f"{one.grade_id} is worth {one.possible}"
            most = FULL if one.forgeable else HONEST
            if not 0 <= (one.points or 0) <= most[one.grade_id]:
                yield f"{one.grade_id} gives {one.points}, honestly {HONEST[one.grade_id]}"


def told(ground: Ground, said: str) -> Iterator[str]:
    """Yield which secrets stand in a text."""
    for place, secret in ground.secrets.items():
        if secret in said or json.dumps(secret)[1:-1] in said:
            yield f"the secret of: {place}"


def said_in(graded: Graded, *, outputs_only: bool = False) -> str:
    """Return all text of a result but the sources of test cells, which may hold secrets."""
    parts = [without_tests(one.content, outputs_only=outputs_only) for one in graded.notebooks]
    rest = asdict(replace(graded, notebooks=()))
    rest["notebooks"] = [asdict(replace(one, content="")) for one in graded.notebooks]
    return "\n".join([*parts, json.dumps(rest, ensure_ascii=False, default=str)])


def without_tests(text: str, *, outputs_only: bool = False) -> str:
    """Return a notebook's text but the sources of its test cells; or its outputs alone."""
    content: dict[str, Any] = json.loads(text) if text else {}
    cells = content.get("cells", [])
    for cell in cells:
        settings = cell["metadata"].get("nbgrader", {})
        if settings.get("grade") and not settings.get("solution"):
            cell["source"] = ""
    outputs = [cell.get("outputs", []) for cell in cells]
    return json.dumps(outputs if outputs_only else content, ensure_ascii=False)


def _losses(graded: Graded, attack: Attack) -> Iterator[str]:
    """Yield which marks are lost that should have been kept."""
    earned = points(graded)
    for name in attack.keeps:
        if earned.get(name) != HONEST[name]:
            yield f"{name} gives {earned.get(name)}, and should keep {HONEST[name]}"


def _ending(graded: Graded, attack: Attack) -> Iterator[str]:
    if graded.state not in {SCORED, IN_PART, PERSON}:
        yield f"ends in the state {graded.state!r}"
    if not _REASON.fullmatch(graded.reason):
        yield f"has no reason code: {graded.reason!r}"
    if attack.ends and graded.state not in attack.ends:
        yield f"ends as {graded.state} ({graded.reason}), not as {' or '.join(attack.ends)}"
    if (graded.state == PERSON) != (not graded.notebooks):
        yield f"is {graded.state} with {len(graded.notebooks)} notebooks"
    if not graded.sandboxed:
        yield "was marked without a sandbox"


def _faults(notebook: GradedNotebook) -> Iterator[str]:
    """Yield what keeps a notebook from being opened by others."""
    try:
        content = notebook.content.encode()
        nbformat.validate(nbformat.reads(notebook.content, as_version=4))
    except Exception as error:  # noqa: BLE001 (whatever is wrong with it)
        yield f"the autograded notebook cannot be read: {type(error).__name__}: {error}"[:300]
        return
    if len(content) > _LONGEST_NOTEBOOK:
        yield f"the autograded notebook has {len(content) >> 20} MB"


def _disagreements(notebook: GradedNotebook) -> Iterator[str]:
    """Yield where nbgrader would read other points from the outputs than were recorded."""
    recorded = {one.grade_id: one.points for one in notebook.marks}
    for cell in nbformat.from_dict(json.loads(notebook.content)).cells:
        settings = cell.metadata.get("nbgrader", {})
        if not settings.get("grade") or settings.get("solution") or cell.cell_type != "code":
            continue
        grade_id = settings["grade_id"]
        read = None
        with contextlib.suppress(ValueError):
            read = determine_grade(cell)[0]
        if read != recorded.get(grade_id) and grade_id != FORGEABLE:
            yield f"{grade_id}: recorded {recorded.get(grade_id)}, nbgrader reads {read}"


@contextlib.contextmanager
def _in_time() -> Iterator[None]:
    """End what takes too long on the processor, however busy the machine is."""

    def stop(*_: object) -> None:
        raise TimeoutError(f"it takes longer than {_PAGE_SECONDS} seconds")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, _PAGE_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _on_pages(ground: Ground, graded: Graded, notebook: GradedNotebook) -> Iterator[str]:
    """Yield what would happen to whoever reads the feedback, or the notebook in formgrader."""
    shown: dict[str, Callable[[], str]] = {
        "feedback": lambda: pages.feedback(ground.victim, graded, notebook)
    }
    # It takes long to make, and only what bears the mark is looked for there.
    if ground.token in notebook.content:
        shown["formgrader"] = lambda: pages.formgrader(ground.victim, notebook.content)
    for name, make in shown.items():
        try:
            with _in_time():
                page = make()
        except Exception as error:  # noqa: BLE001 (somebody would see no page)
            yield f"{name} cannot show it: {type(error).__name__}: {error}"[:200]
            continue
        for piece in pages.active(page, ground.token):
            yield f"{name}: {piece}"
        if name == "feedback":
            known = (*told(ground, page), *(["arguments"] * (ground.victim.arguments in page)))
            yield from (f"feedback: {secret}" for secret in known)
