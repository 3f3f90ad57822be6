"""Faults at a chosen moment of a transaction: the process ends, or the connection does."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

__all__ = ["at_statement", "killed_at_statement"]


@contextmanager
def at_statement(number: int, happens: Callable[[], object]) -> Iterator[list[str]]:
    """Let something happen once, after so many statements; yield those that were sent."""
    sent: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:  # noqa: ANN401
        sent.append(statement)
        if len(sent) == number:
            happens()

    event.listen(Engine, "after_cursor_execute", count)
    try:
        yield sent
    finally:
        event.remove(Engine, "after_cursor_execute", count)


def killed_at_statement(number: int, work: Callable[[], object]) -> bool:
    """Do something in a process that is killed after so many statements; False if it was done."""
    child = os.fork()
    if child == 0:
        try:
            with at_statement(number, lambda: os.kill(os.getpid(), signal.SIGKILL)):
                work()
            os._exit(0)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) in {0, -signal.SIGKILL}
    return os.waitstatus_to_exitcode(status) != 0
