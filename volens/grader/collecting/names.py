"""Names that come from outside: which of them can be trusted, and how they are shown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import PurePosixPath

from volens.wording import suggestion

__all__ = ["clash_key", "is_junk", "meant", "name_problem", "shown", "student_problem"]

#: What file systems take for one name, in bytes; one byte more and nothing can be written.
_PART_BYTES = 255
#: A platform's path is a folder and a file. Four names of full length are beyond any of them.
_PATH_BYTES = 1020
#: Longer ids than this are no ids; nbgrader's longest file name grows with them.
_STUDENT_LENGTH = 64
_SHOWN_LENGTH = 100

_JUNK = {
    "__macosx",
    "__pycache__",
    ".ds_store",
    ".ipynb_checkpoints",
    "desktop.ini",
    "thumbs.db",
}
_DRIVE = re.compile(r"[A-Za-z]:")
# No `*`, `?`, `[` or `{`: nbgrader reads an id as a pattern, and as part of a template.
_STUDENT = re.compile(r"[^\W_](?:[\w.@+-]*\w)?")
# Marks that turn the direction of writing make a name look like another on the screen.
_TURNING = {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}
_UNPRINTABLE = {"Cc", "Cs", "Cn", "Zl", "Zp"}


def shown(name: str) -> str:
    r"""Return a name as it can be printed: nothing in it moves the cursor, and not too long.

    Examples
    --------
    >>> shown("a\x1b[2Jb.ipynb")
    'a\\x1b[2Jb.ipynb'
    """
    text = "".join(
        one.encode("unicode_escape").decode("ascii") if _unprintable(one) else one for one in name
    )
    return text if len(text) <= _SHOWN_LENGTH else f"{text[: _SHOWN_LENGTH - 3]}..."


def _unprintable(character: str) -> bool:
    return unicodedata.category(character) in _UNPRINTABLE or character in _TURNING


def is_junk(name: str) -> bool:
    """Tell whether a file is one that an operating system or Jupyter left there.

    Examples
    --------
    >>> is_junk("__MACOSX/smith/._a3-consent.ipynb"), is_junk("smith/a3-consent.ipynb")
    (True, False)
    """
    parts = name.casefold().split("/")
    return any(part in _JUNK for part in parts) or parts[-1].startswith("._")


def name_problem(name: str) -> tuple[str, str] | None:
    """Say what is wrong with the name of a file in a zip file or a folder.

    Parameters
    ----------
    name
        The path inside it, as it is written there.

    Returns
    -------
    A code and a reason; ``None`` where nothing is wrong.

    Examples
    --------
    >>> name_problem("../../.bashrc")[0]
    'unsafe-name'
    """
    if any(_unprintable(one) for one in name):
        return "unsafe-name", "Its name has characters that cannot be seen."
    if name.startswith("/") or "\\" in name or _DRIVE.match(name):
        return "unsafe-name", "Its name is that of a place on a computer, not of a submission."
    parts = name.split("/")
    if any(part in {"", ".", ".."} for part in parts):
        return "unsafe-name", "Its name leads out of the folder."
    encoded = name.encode("utf-8")
    if len(encoded) > _PATH_BYTES or any(len(part.encode()) > _PART_BYTES for part in parts):
        return "name-too-long", "Its name is too long for a file."
    return None


def student_problem(student: str) -> str | None:
    """Say why something cannot be a student's id; ``None`` where it can.

    Examples
    --------
    >>> student_problem("s1234567"), student_problem("ann.berg@example.org")
    (None, None)
    >>> student_problem("..") is None
    False
    """
    if len(student) > _STUDENT_LENGTH:
        return f"expected an id of at most {_STUDENT_LENGTH} characters"
    if not _STUDENT.fullmatch(student) or len(PurePosixPath(student).parts) != 1:
        return "expected letters, digits and, between them, . _ @ + or -"
    if unicodedata.normalize("NFC", student) != student:
        return "expected each letter with its accent as one character (Unicode NFC)"
    return None


def clash_key(student: str) -> str:
    """Return what two ids share that some file systems cannot tell apart.

    Examples
    --------
    >>> clash_key("Ann") == clash_key("ann")
    True
    """
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", student).casefold())


def meant(assignment: str, known: Iterable[str]) -> str:
    """Return a sentence that names the assignment that was meant; empty where none is near.

    People shorten such names, so the only one that begins with what was typed comes first.

    Examples
    --------
    >>> meant("a3", ("a1-claims", "a3-consent")), meant("x9", ("a1-claims", "a3-consent"))
    (' Did you mean `a3-consent`?', '')
    """
    names = list(known)
    begun = [name for name in names if name.casefold().startswith(assignment.casefold())]
    return f" Did you mean `{begun[0]}`?" if len(begun) == 1 else suggestion(assignment, names)
