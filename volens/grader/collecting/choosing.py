"""Which of a student's files is the notebook to mark."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

__all__ = ["Choice", "File", "choose"]

# What browsers, desktops, Jupyter and Canvas add to a name that is there already.
_COPY = re.compile(r"(?:[ _-]*(?:\(\d{1,3}\)|-\d{1,3}|-? ?copy ?\(?\d{0,3}\)?))+$")


@dataclass(frozen=True)
class File:
    """A notebook that a student sent.

    Attributes
    ----------
    place
        Which of all files it is.
    source
        Which of the sources it comes from.
    name
        Its own name.
    digest
        SHA-256 of its content.
    number
        The platform's number of the file, which grows with time; 0 where it has none.
    time
        When it was written or downloaded; ``None`` where that is not known.
    timed
        Whether times within one source say which file came later.
    """

    place: int
    source: int
    name: str
    digest: str
    number: int = 0
    time: datetime | None = None
    timed: bool = True


@dataclass(frozen=True)
class Choice:
    """What was chosen of a student's files.

    Attributes
    ----------
    chosen
        The file to mark; ``None`` where a person has to say.
    by_name
        Whether its name says that it belongs to the assignment.
    same, older, others
        The other files: the same once more; earlier ones; other notebooks.
    undecided
        The files among which a person has to decide.
    """

    chosen: File | None
    by_name: bool = True
    same: tuple[File, ...] = ()
    older: tuple[File, ...] = ()
    others: tuple[File, ...] = ()
    undecided: tuple[File, ...] = ()


def choose(files: Sequence[File], assignment: str) -> Choice:
    """Choose among a student's notebooks.

    The file that is called as the assignment, with or without the number of a copy; else
    the one whose name contains it; else the only one there is. Of several tries the
    newest counts, where it is known which that is.

    Parameters
    ----------
    files
        At least one.
    assignment
        The assignment.
    """
    wanted = _plain(assignment)
    named = [one for one in files if _base(one.name) == wanted]
    if not named:
        named = [one for one in files if wanted in _plain(one.name)]
    fitting = named or list(files)
    others = tuple(one for one in files if one not in fitting)
    newest = _newest(fitting, tries=len({_base(one.name) for one in fitting}) == 1)
    if newest is None:
        return Choice(None, undecided=tuple(fitting), others=others)
    left = [one for one in fitting if one is not newest]
    return Choice(
        newest,
        by_name=bool(named),
        same=tuple(one for one in left if one.digest == newest.digest),
        older=tuple(one for one in left if one.digest != newest.digest),
        others=others,
    )


def _plain(name: str) -> str:
    r"""Return a name without its ending, whatever stands between its words.

    Examples
    --------
    >>> _plain("A3_Consent.ipynb")
    'a3-consent'
    """
    stem = name.casefold().removesuffix(".ipynb").strip()
    return re.sub(r"[\s_]+", "-", stem)


def _base(name: str) -> str:
    """Return the plain name without the number of a copy.

    Examples
    --------
    >>> _base("a3-consent (1).ipynb") == _base("a3-consent-Copy2.ipynb") == "a3-consent"
    True
    """
    stem = name.casefold().removesuffix(".ipynb").strip()
    return _plain(_COPY.sub("", stem))


def _newest(files: Sequence[File], *, tries: bool) -> File | None:
    """Return the file that came after all that differ from it; None if that is not known."""
    if len({one.digest for one in files}) == 1:
        return max(files, key=lambda one: (one.number, one.time is not None, -one.place))
    for one in files:
        different = [other for other in files if other.digest != one.digest]
        if all(_later(one, other, tries=tries) for other in different):
            return one
    return None


def _later(one: File, other: File, *, tries: bool) -> bool:
    if one.source == other.source and not tries:
        return False
    if one.number and other.number:
        return one.number > other.number
    if one.source == other.source and not (one.timed and other.timed):
        return False
    return one.time is not None and other.time is not None and one.time > other.time
