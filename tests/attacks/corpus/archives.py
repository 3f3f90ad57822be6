"""Zip files that are not what a learning platform sends, for ``volens collect``.

In each lies an honest submission as well, of a student whose id begins with ``h-``: it has to
arrive whole.
"""

import io
import json
import warnings
import zipfile
from collections.abc import Callable

from tests.attacks.attack import Archive, Attack, Build, Submission
from tests.attacks.course import ASSIGNMENT

__all__ = ["ATTACKS"]

FAMILY = "archives"

_LINK = 0o120777 << 16
_DEVICE = 0o060666 << 16

Fill = Callable[[zipfile.ZipFile, Submission, str], None]


def _archive(name: str, fill: Fill) -> Build:
    """Make an archive with an honest submission, and what the attack puts beside it."""

    def build(submission: Submission) -> Archive:
        target = io.BytesIO()
        with warnings.catch_warnings(), zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
            # Python warns of a name that is there twice: that is the point.
            warnings.simplefilter("ignore")
            fill(file, submission, f"x-{name}_{ASSIGNMENT}.ipynb")
            file.writestr(f"h-{name}_{ASSIGNMENT}.ipynb", submission.as_bytes())
        return Archive(target.getvalue())

    return build


def _attack(name: str, what: str, fill: Fill) -> Attack:
    return Attack(name, FAMILY, what, _archive(name, fill), needs_a_class=True)


def _bomb(file: zipfile.ZipFile, submission: Submission, name: str) -> None:
    start = submission.as_bytes()[:-1]
    with file.open(name, "w", force_zip64=True) as entry:
        entry.write(start)
        block = b" " * (1 << 22)
        for _ in range(256):
            entry.write(block)
        entry.write(b"}")


def _many(file: zipfile.ZipFile, submission: Submission, name: str) -> None:
    for number in range(60):
        file.writestr(f"x{number}-{name}", b"")


def _slips(file: zipfile.ZipFile, submission: Submission, name: str) -> None:
    fill = submission.places.fill
    content = submission.as_bytes()
    for path in (
        f"../../{name}",
        fill(f"@course@/submitted/@neighbour@/{ASSIGNMENT}/{name}"),
        fill("../../../@token@.ipynb"),
        fill("/var/tmp/@token@.ipynb"),  # noqa: S108 (it must not come to be)
        fill(f"..\\..\\@token@_{ASSIGNMENT}.ipynb"),
        fill(f"C:\\@token@_{ASSIGNMENT}.ipynb"),
        f"../@neighbour@_{ASSIGNMENT}.ipynb".replace("@neighbour@", ".."),
        f".._{ASSIGNMENT}.ipynb",
        f"-rf_{ASSIGNMENT}.ipynb",
        f"x/../../y_{ASSIGNMENT}.ipynb",
        f"x\n<script>_{ASSIGNMENT}.ipynb",
        f"\u202ex-{name}",
        "x" * 5000 + f"_{ASSIGNMENT}.ipynb",
        "../../nbgrader_config.py",
        "../../gradebook.db",
    ):
        file.writestr(path, content)


def _entry(name: str, mode: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.create_system = 3
    entry.external_attr = mode
    return entry


def _links(file: zipfile.ZipFile, submission: Submission, name: str) -> None:
    fill = submission.places.fill
    file.writestr(_entry(name, _LINK), fill("@course@/keys.txt"))
    file.writestr(_entry(f"x-folder-{name}", _LINK), fill("@course@/submitted"))
    file.writestr(_entry(f"x-device-{name}", _DEVICE), b"")


def _twice(file: zipfile.ZipFile, submission: Submission, name: str) -> None:
    for marks in ("6.0", "5.0"):
        other = submission.copy()
        other.insert(0, marks)
        file.writestr(name, other.as_bytes())
    file.writestr(name.upper(), b"{}")


def _in_the_name_of(file: zipfile.ZipFile, submission: Submission, name: str) -> None:
    fill = submission.places.fill
    file.writestr(fill(f"@neighbour@ _{ASSIGNMENT}.ipynb"), b'{"cells": []}')
    file.writestr(fill(f"@neighbour@\u200b_{ASSIGNMENT}.ipynb"), b'{"cells": []}')
    file.writestr(fill(f"x/../@neighbour@_{ASSIGNMENT}.ipynb"), b'{"cells": []}')
    file.writestr(fill(f"N00-NEIGHBOUR_{ASSIGNMENT}.ipynb"), b'{"cells": []}')


def _inside(file: zipfile.ZipFile, submission: Submission, name: str) -> None:
    content = json.dumps(submission.notebook).encode()
    for _ in range(5):
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as inner:
            inner.writestr(name, content)
        content = target.getvalue()
    file.writestr(name, content)
    file.writestr(name.replace(".ipynb", ".zip"), content)


ATTACKS = (
    _attack("zip-bomb", "packs a gigabyte into a notebook of one megabyte", _bomb),
    _attack("zip-of-many", "packs empty files under sixty names", _many),
    _attack("zip-slip", "names files so that they would lie elsewhere", _slips),
    _attack("zip-links", "packs links and devices in place of notebooks", _links),
    _attack("zip-twice", "packs the same name twice, with other contents", _twice),
    _attack(
        "zip-for-a-neighbour", "hands in under names that look like somebody else", _in_the_name_of
    ),
    _attack("zip-in-zips", "packs archives into archives, named as notebooks", _inside),
)
