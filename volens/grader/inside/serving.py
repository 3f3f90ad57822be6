"""The student's side of the line: runs cells and answers questions until it is ended.

One JSON object a line, each way. The first comes from here, before any code of a student
has run: ``{"n": 0}``, with ``trouble`` where the process could not be made ready. Then
``{"n": 1, "run": "x = 1"}`` is answered by the outputs of the cell, and
``{"n": 2, "ask": "..."}`` by a reply of :func:`volens.answering.reply_to`.
Whoever reads the replies knows that this process belongs to the student.
"""

from __future__ import annotations

import json
import os
import signal
import socket
from base64 import b64decode
from collections.abc import Mapping
from pathlib import Path
from types import FrameType
from typing import Any

from volens.answering import reply_to
from volens.grader.inside.shell import Shell

__all__ = ["greet", "serve", "write_files"]


def greet(channel: socket.socket, trouble: str = "") -> None:
    """Say that this process is ready, or why it is not.

    Parameters
    ----------
    channel
        The line to the grader.
    trouble
        What failed.
    """
    channel.sendall(
        json.dumps({"n": 0} | ({"trouble": trouble} if trouble else {})).encode() + b"\n"
    )


def serve(channel: socket.socket, shell: Shell, output_bytes: int) -> None:
    """Do what is asked over the channel until it is closed.

    Parameters
    ----------
    channel
        The line to the grader.
    shell
        Where cells run.
    output_bytes
        How much of a cell's output is kept.
    """
    lines = channel.makefile("rb")
    signal.signal(signal.SIGINT, _interrupt)
    while line := lines.readline():
        try:
            reply = _reply(line, shell, output_bytes)
        except KeyboardInterrupt:
            reply = _encoded({"n": json.loads(line)["n"], "interrupted": True})
        # The student's code may have put something else in its place. (It may replace any
        # name here, too; it gains nothing by it, since whatever leaves this process is taken
        # for the student's own word.)
        signal.signal(signal.SIGINT, _interrupt)
        channel.sendall(reply)


def _interrupt(_: int, frame: FrameType | None) -> None:
    """End what a message asks for; between two messages there is nothing to end.

    An interrupt may come at any moment, several come at once, and threads of the student's
    code receive them for us: only where this process stands tells whom it concerns. A mask
    would not do: an interrupt that it held back would end the next cell in its place.
    """
    while frame is not None:
        if frame.f_code is _reply.__code__:
            raise KeyboardInterrupt
        frame = frame.f_back


def _reply(line: bytes, shell: Shell, output_bytes: int) -> bytes:
    """Do what a message asks for. Whatever runs in here may be interrupted."""
    return _encoded(_done(json.loads(line), shell, output_bytes))


def _encoded(reply: Mapping[str, Any]) -> bytes:
    return json.dumps(reply, default=repr).encode() + b"\n"


def _done(message: Mapping[str, Any], shell: Shell, output_bytes: int) -> dict[str, Any]:
    number = message["n"]
    if "run" in message:
        status, outputs = shell.run(message["run"], output_bytes, message.get("count"))
        return {"n": number, "status": status, "outputs": outputs}
    return {"n": number, "reply": reply_to(message["ask"], shell.user_ns)}


def write_files(folder: Path, files: Mapping[str, str]) -> None:
    """Write what lies beside the notebook into the working directory.

    Parameters
    ----------
    folder
        The working directory.
    files
        Path with ``/`` to content in base 64.
    """
    for name, content in files.items():
        parts = name.split("/")
        if not set(parts).isdisjoint({"", ".", ".."}):
            raise ValueError(f"{name} would not lie in the working directory")
        target = folder.joinpath(*parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(b64decode(content))
    os.chdir(folder)
