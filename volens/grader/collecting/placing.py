"""Files on their way into ``submitted/``: whole or not at all, and nothing is thrown away.

What was taken is written down in ``results/<assignment>/collected.json``. So the same file
is known again where somebody has mended the one in ``submitted/`` since.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from volens.errors import GradingError, SubmissionError
from volens.grader.collecting.outcomes import COLLECTED, OLDER, UNCHANGED, State
from volens.grader.whole_files import write_whole

__all__ = ["Arrival", "Desk", "Placed"]

#: As nbgrader's exchange writes it.
_TIMESTAMP = "%Y-%m-%d %H:%M:%S.%f UTC"
_EARLIER = re.compile(r"(?P<student>.+)-\d+\.ipynb")


@dataclass(frozen=True)
class Arrival:
    """A notebook that has come in.

    Attributes
    ----------
    student
        Whose it is.
    content
        The file.
    source, file
        Where it comes from.
    time
        When it was written or downloaded, if that is known.
    handed_in
        When the student handed it in, if that is known.
    """

    student: str
    content: bytes
    source: str
    file: str
    time: datetime | None = None
    handed_in: datetime | None = None


@dataclass(frozen=True)
class Placed:
    """What became of it: state, a code, and a message where there is something to say."""

    state: State
    reason: str
    message: str = ""


@dataclass(frozen=True)
class _Taken:
    """One line of the list of what was taken."""

    sha256: str
    source: str
    file: str
    time: str

    def before(self, time: datetime | None) -> bool | None:
        """Tell whether it is from before a time; None if that is not known."""
        return _before(datetime.fromisoformat(self.time) if self.time else None, time)


class Desk:
    """Where submissions of one assignment are handed in.

    Parameters
    ----------
    submitted
        The folder with a folder for each student.
    results
        The folder for what is said about the assignment.
    assignment
        The assignment; its notebook has the same name.
    replace
        Whether what comes in wins even where it seems to be older.
    dry
        Whether to write nothing.
    """

    def __init__(
        self,
        submitted: Path,
        results: Path,
        assignment: str,
        *,
        replace: bool = False,
        dry: bool = False,
    ) -> None:
        self._submitted = submitted
        self._results = results
        self._assignment = assignment
        self._replace = replace
        self._dry = dry
        self._ledger = results / "collected.json"
        self._taken = _read_ledger(self._ledger)

    def close(self) -> None:
        """Write down what was taken; raises GradingError where that cannot be done."""
        if self._dry or not self._taken:
            return
        content = {
            student: [asdict(one) for one in taken]
            for student, taken in sorted(self._taken.items())
        }
        text = json.dumps({"students": content}, indent=1, ensure_ascii=False) + "\n"
        try:
            if not self._ledger.is_file() or self._ledger.read_text(encoding="utf-8") != text:
                write_whole(self._ledger, text.encode("utf-8"), lasting=True)
        except OSError as error:
            raise GradingError(
                f"{self._ledger} could not be written ({error.strerror}). What was collected lies "
                "in submitted/. Mend that, and collect again: nothing is collected twice."
            ) from None

    def place(self, arrival: Arrival) -> Placed:
        """Put a notebook where it belongs, unless what lies there is newer.

        Raises
        ------
        SubmissionError
            If it cannot be written.
        """
        try:
            folder = self._folder(arrival.student)
            target = folder / f"{self._assignment}.ipynb"
            found = target.read_bytes() if target.exists() else None
            placed = self._decide(arrival, target, found)
            if placed.state == COLLECTED and not self._dry:
                if found is not None:
                    self._keep(arrival.student, found)
                _write_submission(folder, target, arrival)
        except OSError as error:
            raise SubmissionError(
                "not-written",
                f"{error.strerror or error}: {error.filename or self._submitted}. Mend that, and "
                "collect again.",
            ) from None
        if placed.state in {COLLECTED, UNCHANGED}:
            self._note(arrival)
        return placed

    def _folder(self, student: str) -> Path:
        """Return where a student's notebook goes, if no link leads away from there."""
        folder = self._submitted / student / self._assignment
        for one in (folder.parent, folder, folder / f"{self._assignment}.ipynb"):
            if one.is_symlink():
                raise SubmissionError(
                    "linked-folder",
                    f"{one} is a link, and what it points to might be overwritten. Put a folder "
                    "or a file in its place.",
                )
        return folder

    def _decide(self, arrival: Arrival, target: Path, found: bytes | None) -> Placed:
        if found is None:
            return Placed(COLLECTED, "new")
        if found == arrival.content:
            return Placed(UNCHANGED, "same")
        kept = (
            f"The earlier file is kept in {self._results.parent.name}/{self._assignment}/earlier."
        )
        replaced = Placed(COLLECTED, "replaced", kept)
        return (
            replaced
            if self._replace
            else self._against_what_lies_there(arrival, target) or replaced
        )

    def _against_what_lies_there(self, arrival: Arrival, target: Path) -> Placed | None:
        """Return why what lies there stays; None if it does not."""
        digest = sha256(arrival.content).hexdigest()
        taken = self._taken.get(arrival.student, [])
        if taken and taken[-1].sha256 == digest:
            return Placed(
                UNCHANGED, "changed-here", "The file in submitted/ was changed here; it stays."
            )
        newer = taken[-1].before(arrival.time) if taken else _written(target, arrival.time)
        again = "To take it all the same, collect it with --replace."
        if newer is not True and digest in {one.sha256 for one in taken}:
            return Placed(OLDER, "sent-before", f"It was replaced by a later file already. {again}")
        if newer is False:
            return Placed(
                OLDER,
                "older-than-collected",
                f"It is older than the file that lies in submitted/. {again}",
            )
        return None

    def _note(self, arrival: Arrival) -> None:
        digest = sha256(arrival.content).hexdigest()
        taken = self._taken.setdefault(arrival.student, [])
        if not taken or taken[-1].sha256 != digest:
            time = arrival.time.isoformat() if arrival.time else ""
            taken.append(_Taken(digest, arrival.source, arrival.file, time))

    def _keep(self, student: str, content: bytes) -> None:
        """Keep what is about to be replaced, once."""
        kept = self._earlier.setdefault(student, [])
        if not any(one.read_bytes() == content for one in kept):
            numbers = [int(one.stem.rpartition("-")[2]) for one in kept]
            file = self._results / "earlier" / f"{student}-{max(numbers, default=0) + 1}.ipynb"
            write_whole(file, content, lasting=True)
            kept.append(file)

    @cached_property
    def _earlier(self) -> dict[str, list[Path]]:
        """Each student's files that were replaced."""
        found: dict[str, list[Path]] = {}
        for one in (self._results / "earlier").glob("*.ipynb"):
            match = _EARLIER.fullmatch(one.name)
            if match:
                found.setdefault(match["student"], []).append(one)
        return found


def _before(one: datetime | None, other: datetime | None) -> bool | None:
    """Tell which time is the earlier; None if that is not known.

    Some programs write the same time everywhere, so equal times say nothing.
    """
    return None if one is None or other is None or one == other else one < other


def _written(target: Path, time: datetime | None) -> bool | None:
    """Tell whether a file was written before a time."""
    return _before(datetime.fromtimestamp(target.stat().st_mtime, UTC), time)


def _write_submission(folder: Path, target: Path, arrival: Arrival) -> None:
    write_whole(target, arrival.content, beside=folder.parent, lasting=True)
    stamp = folder / "timestamp.txt"
    if arrival.handed_in is not None:
        text = arrival.handed_in.astimezone(UTC).strftime(_TIMESTAMP)
        write_whole(stamp, text.encode(), beside=folder.parent, lasting=True)
    else:
        # The time of an earlier file would make this one late, or not late, by mistake.
        stamp.unlink(missing_ok=True)


def _read_ledger(file: Path) -> dict[str, list[_Taken]]:
    try:
        data: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        return {
            student: [_Taken(**one) for one in taken] for student, taken in data["students"].items()
        }
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise GradingError(
            f"{file}: expected the list of what was collected, got something else ({error}). "
            "Take it back from a copy, or move it away: then each file that differs from the "
            "one in submitted/ is compared by its time alone."
        ) from None
