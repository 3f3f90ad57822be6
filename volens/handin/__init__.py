"""Look a student's work over before it is handed in, in words, without touching it.

``volens check`` and the button *Check my work* both come here. The file is read, never written:
its cells are compared with those that were given out, the answers and the visible checks run in
a place of their own, and what is still empty is named.

Examples
--------
>>> canonical("a3-consent (1)"), canonical("a3-consent-Copy2")
('a3-consent', 'a3-consent')
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from volens.checks import NOT_YET_WRITTEN, Written
from volens.errors import AnswerError
from volens.handin import manifest, running
from volens.handin.checked import Checked, Manual, Question, Text
from volens.handin.manifest import Assignment, Cell, assignment
from volens.handin.matching import Matched, Problem, assigned, labels, matched
from volens.handin.mending import in_words
from volens.handin.opening import LARGE, Found, opened
from volens.handin.running import LIMIT, Job, Outcome
from volens.handin.sheets import Differs, flat, not_copied, sheets

__all__ = ["Checked", "Manual", "Problem", "Question", "Text", "canonical", "check", "find"]

_RENAMED = re.compile(r"(?:[ _-]*\(\d+\)|[ _-]*copy[ _-]?\d*|\.ipynb|[ _.]+)$", re.IGNORECASE)
_NOT_SAVED = "You changed something after you last saved. Save, then check again."
#: Seconds that a sheet's entries may take to their file.
_WRITING = 2.0
_MEGABYTE = 1_000_000
_PASTE = "Mend it, or press Copy my answers in the sheet and paste over the whole cell."


def canonical(stem: str) -> str:
    """Return the name that a file had before a browser or a copy changed it.

    Parameters
    ----------
    stem
        The name of the file, without its ending.
    """
    while (shorter := _RENAMED.sub("", stem)) != stem:
        stem = shorter
    return stem


def find(name: str, folder: Path | None = None) -> Path:
    """Return the file of an assignment.

    Parameters
    ----------
    name
        The assignment, such as ``a3-consent``; or a file, or a folder that holds one.
    folder
        Where to look; the working directory if none is given.

    Raises
    ------
    AnswerError
        If there is no such file, or several that only copies.
    """
    base = folder or Path()
    asked = base / name
    if asked.is_file():
        return asked
    if asked.suffix == ".ipynb":
        raise AnswerError(f"There is no file {name}.")
    if asked.is_dir() and (there := sorted(asked.glob("*.ipynb"))):
        own = [file for file in there if file.stem == asked.name]
        if own or len(there) == 1:
            return (own or there)[0]
    name = assignment(Path(name).name).name
    places = (base, base / "assignments" / name, base / name)
    for place in places:
        if (place / f"{name}.ipynb").is_file():
            return place / f"{name}.ipynb"
    copies = [
        file for place in places for file in sorted(place.glob("*.ipynb")) if _copies(file, name)
    ]
    if len(copies) == 1:
        return copies[0]
    if copies:
        named = ", ".join(file.name for file in copies)
        raise AnswerError(f"There are several copies of {name}: {named}. Name the one you mean.")
    raise AnswerError(
        f"There is no file {name}.ipynb here. Go to the folder in which it lies, or name the file."
    )


def check(file: Path, name: str = "", *, limit: float = LIMIT) -> Checked:
    """Look a student's file over.

    Parameters
    ----------
    file
        The notebook. It is only read.
    name
        The assignment that it should be; none to go by the name of the file, or else by its cells.
    limit
        Seconds after which cells that do not end are stopped.

    Raises
    ------
    AnswerError
        If the course has no such assignment, or the file is none of them.
    """
    name = name or _by_name(file)
    try:
        found = opened(file)
    except AnswerError as error:
        if not name:
            raise
        given = assignment(name)
        return Checked(given.name, given.title, str(file), _saved(file), (Problem(str(error)),))
    given = assignment(name or _by_cells(found) or _no_assignment(file))
    begin = Checked(given.name, given.title, str(file), _saved(file))
    stranger = _another(given, found)
    if stranger:
        return _with(begin, (stranger,))
    match = matched(given, found)
    jobs, names = _plan(given, found, match)
    ended = running.run(jobs, file.read_bytes(), f"{given.name}.ipynb", limit=limit)
    problems = [*_about_the_file(file, given), *match.problems]
    differing = tuple(_differing(given, match, ended, file.parent))
    if _older(file, differing):
        # What the sheets hold now says nothing about a file from before.
        problems.insert(0, Problem(_NOT_SAVED))
    else:
        problems += [Problem(one.text) for one in differing]
    problems += _about_own_cells(names, ended)
    return Checked(
        given.name,
        given.title,
        str(file),
        _saved(file),
        tuple(sorted(problems, key=lambda one: not one.harms)),
        tuple(_questions(given, match, ended)),
        tuple(_texts(given, match)),
        tuple(_manual(given, match, ended)),
    )


def _with(begin: Checked, problems: tuple[Problem, ...]) -> Checked:
    return Checked(begin.assignment, begin.title, begin.file, begin.saved, problems)


def _copies(file: Path, name: str) -> bool:
    return canonical(file.stem) == name


def _saved(file: Path) -> datetime | None:
    with suppress(OSError):
        return datetime.fromtimestamp(file.stat().st_mtime).astimezone()
    return None


# --- which assignment it is


def _by_name(file: Path) -> str:
    name = canonical(file.stem)
    return name if name in manifest.assignments() else ""


def _by_cells(found: tuple[Found, ...], likely: str = "") -> str:
    """Return the assignment that shares most cells with a file; some ids stand in several."""
    here = _labels_of(found)
    shared = {name: len(labels(one) & here) for name, one in manifest.assignments().items()}
    best = max(shared, key=lambda name: (shared[name], name == likely), default="")
    return best if best and shared[best] else ""


def _labels_of(found: tuple[Found, ...]) -> set[str]:
    return {one.label or one.id for one in found}


def _no_assignment(file: Path) -> str:
    raise AnswerError(
        f"{file.name} is none of the assignments: {', '.join(manifest.assignments())}."
    )


def _another(given: Assignment, found: tuple[Found, ...]) -> Problem | None:
    other = _by_cells(found, given.name)
    if other == given.name:
        return None
    holds = f"It holds {other}" if other else "It holds none of its cells"
    return Problem(f"This file is not {given.name}. {holds}. Look whether it is the right file.")


# --- running


def _plan(
    given: Assignment, found: tuple[Found, ...], match: Matched
) -> tuple[list[Job], Mapping[str, Found]]:
    """Return what to run, in the order of the file, and the student's own cells by key."""
    known = {id(one): key for key, one in match.cells.items()}
    cells = {cell.id: cell for cell in given.cells}
    jobs, own = [], {}
    for place, one in enumerate(found, start=1):
        cell = cells.get(known.get(id(one), ""))
        if one.type != "code":
            continue
        if cell is None:
            if not one.label and any(one is mine for mine in match.own):
                own[f"own cell {place}"] = one
                jobs.append(Job(f"own cell {place}", one.source))
        elif cell.kind in {"answer", "manual"} or (
            cell.kind == "test" and cell.id not in match.changed
        ):
            jobs.append(Job(cell.id, one.source, test=cell.kind == "test"))
    return jobs, own


def _questions(
    given: Assignment, match: Matched, ended: Mapping[str, Outcome]
) -> Iterator[Question]:
    answers: list[Cell] = []
    for cell in given.cells:
        if cell.kind == "answer":
            answers.append(cell)
        elif cell.kind == "test":
            yield _question(cell, answers, match, ended)
            answers = []


def _question(
    test: Cell, answers: list[Cell], match: Matched, ended: Mapping[str, Outcome]
) -> Question:
    begin = Question(
        test.id,
        test.title or test.id,
        test.points,
        complete=False,
        empty=tuple(_empty(answers, ended)),
    )
    outcome = ended.get(test.id)
    if failed := tuple(_failed(answers, match, ended)):
        return replace(begin, empty=(), sentences=failed, readable=False)
    if outcome is None:
        return replace(begin, sentences=("Its check was not run here.",))
    if outcome.failure:
        stopped = f"Its check stopped: {in_words(outcome.failure, '')} Tell your instructor."
        return replace(begin, sentences=(stopped,))
    return replace(begin, complete=outcome.complete, sentences=outcome.printed)


def _failed(answers: Iterable[Cell], match: Matched, ended: Mapping[str, Outcome]) -> Iterator[str]:
    for cell in answers:
        outcome, found = ended.get(cell.id), match.cells.get(cell.id)
        if found is None or found.type != "code":
            yield f"{_capital(cell.name)} is missing or of another kind: see above."
        elif outcome is None:
            yield f"{_capital(cell.name)} was not run here."
        elif outcome.failure and outcome.failure.kind != "NotImplementedError":
            words = in_words(outcome.failure, found.source)
            yield f"{_capital(cell.name)} ends in an error: {words} {_PASTE}"


def _empty(answers: Iterable[Cell], ended: Mapping[str, Outcome]) -> Iterator[str]:
    for cell in answers:
        for answer in ended[cell.id].values.values() if cell.id in ended else ():
            for (row, column), text in flat(answer).items():
                if not text:
                    yield row if column == "answer" else f"{row}: {column}"


def _texts(given: Assignment, match: Matched) -> Iterator[Text]:
    for cell in given.cells:
        if cell.kind == "text":
            found = match.cells.get(cell.id)
            words = Written(found.source.replace(NOT_YET_WRITTEN, " ") if found else "").count
            yield Text(cell.id, cell.title or cell.id, cell.points, words, cell.words)


def _manual(given: Assignment, match: Matched, ended: Mapping[str, Outcome]) -> Iterator[Manual]:
    for cell in given.cells:
        if cell.kind == "manual":
            problem = " ".join(_failed([cell], match, ended))
            values = ended[cell.id].values.values() if cell.id in ended else ()
            filled = sum(bool(text) for answer in values for text in flat(answer).values())
            yield Manual(cell.id, cell.title or cell.id, filled, problem)


# --- what else to know


def _about_the_file(file: Path, given: Assignment) -> Iterator[Problem]:
    right = f"{given.name}.ipynb"
    beside = file.with_name(right)
    if file.name != right:
        also = " That file lies beside it: look which is yours." if beside.exists() else ""
        yield Problem(
            f"The file is called {file.name}. Hand it in as {right}, or it may not be found.{also}"
        )
    else:
        time = file.stat().st_mtime
        for other in sorted(file.parent.glob("*.ipynb")):
            if other != file and _copies(other, given.name) and other.stat().st_mtime > time:
                yield Problem(
                    f"{other.name}, beside it, was saved later. Only {right} was read here.",
                    harms=False,
                )
    size = file.stat().st_size
    if size >= LARGE:
        yield Problem(
            f"The file has {size // _MEGABYTE} MB, and a learning platform may refuse it. In "
            "JupyterLab, choose *Clear Outputs of All Cells* in the *Edit* menu, and save.",
            harms=False,
        )


def _differing(
    given: Assignment, match: Matched, ended: Mapping[str, Outcome], folder: Path
) -> Iterator[Differs]:
    kept = sheets(folder)
    for cell in given.cells:
        if cell.kind not in {"answer", "manual"} or cell.id not in ended:
            continue
        values = ended[cell.id].values
        for name in sorted(assigned(match.cells[cell.id].source) & values.keys() & kept.keys()):
            found = not_copied(cell, values[name], kept[name])
            if found:
                yield found


def _older(file: Path, differing: Iterable[Differs]) -> bool:
    """Return whether a sheet was changed after the file was saved, writing apart."""
    newest = max((one.changed for one in differing), default=0.0)
    return newest > file.stat().st_mtime + _WRITING


def _about_own_cells(own: Mapping[str, Found], ended: Mapping[str, Outcome]) -> Iterator[Problem]:
    for key, found in own.items():
        outcome = ended.get(key)
        if outcome and outcome.failure and "\n%" not in f"\n{found.source}":
            words = in_words(outcome.failure, found.source)
            yield Problem(
                f'A cell of your own, which begins "{found.opening_words}", ends in an error: '
                f"{words} If no answer needs it, leave it or delete it.",
                harms=False,
            )


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]
