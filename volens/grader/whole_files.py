"""Files that are there in full or not at all, whenever the program is killed."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["write_whole"]

_UNFINISHED = ".unfinished"


def write_whole(
    file: Path,
    content: bytes,
    *,
    mode: int | None = None,
    beside: Path | None = None,
    lasting: bool = False,
) -> None:
    """Write a file so that it is there in full or, whatever happens, not at all.

    Parameters
    ----------
    file
        The file; its folders are made.
    content
        What goes into it.
    mode
        Who may read and write it; else as the system usually has it.
    beside
        The folder for the unfinished file; else the file's own. It must be on the same disk.
    lasting
        Whether to wait until it is on the disk, so that a loss of power does not take it.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = (beside or file.parent) / _UNFINISHED
    # One may be left from a run that was killed.
    unfinished.unlink(missing_ok=True)
    try:
        with unfinished.open("xb") as target:
            target.write(content)
            target.flush()
            if lasting:
                os.fsync(target.fileno())
        if mode is not None:
            unfinished.chmod(mode)
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)
