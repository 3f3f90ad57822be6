"""How far a student's code may go before it is stopped."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Self

__all__ = ["Limits"]

_MEBIBYTE = 1 << 20


@dataclass(frozen=True)
class Limits:
    """The bounds of one submission.

    Attributes
    ----------
    cell_seconds
        How long one of the student's cells may run before it is interrupted.
    probe_seconds
        How long the student's side may take to answer one question of a test.
    test_seconds
        How long one test cell may take in all.
    submission_seconds
        How long one submission may take in all.
    cpu_seconds
        How much time of a processor each of its processes may use.
    memory
        How many bytes its processes may hold together, and each may ask for, beyond
        what the imports need.
    processes
        How many processes and threads there may be.
    open_files
        How many files a process may hold open.
    file_bytes
        How long a file may become.
    scratch_bytes
        How much its private folders hold.
    output_bytes
        How much one cell may print and show.
    notebook_bytes
        How long a submitted file may be.
    """

    cell_seconds: float = 30
    probe_seconds: float = 10
    test_seconds: float = 30
    submission_seconds: float = 300
    cpu_seconds: int = 120
    memory: int = 1024 * _MEBIBYTE
    processes: int = 64
    open_files: int = 256
    file_bytes: int = 32 * _MEBIBYTE
    scratch_bytes: int = 64 * _MEBIBYTE
    output_bytes: int = 2 * _MEBIBYTE
    notebook_bytes: int = 20 * _MEBIBYTE

    def as_data(self) -> dict[str, float]:
        """Return the limits as plain data.

        Examples
        --------
        >>> Limits().as_data()["cell_seconds"]
        30
        """
        return asdict(self)

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Self:
        """Rebuild limits from :meth:`as_data`; what is not named stays as it usually is."""
        known = {field.name for field in fields(cls)}
        return replace(cls(), **{key: value for key, value in data.items() if key in known})
