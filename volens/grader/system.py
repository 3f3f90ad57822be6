"""What the grader needs of the system that it runs on."""

from __future__ import annotations

import sys

from volens.errors import SandboxError

__all__ = ["require_linux"]


def require_linux() -> None:
    """Stop where the grader cannot work at all, before it loads what is not there.

    Raises
    ------
    SandboxError
        On any other system than Linux.
    """
    if sys.platform != "linux":
        raise SandboxError(
            f"The grader needs Linux; this system is {sys.platform}. Run it in a virtual machine, "
            "or mark with `nbgrader autograde`: docs/instructors.md says what to mind."
        )
