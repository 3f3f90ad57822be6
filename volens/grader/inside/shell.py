"""IPython without a kernel round it, whose outputs are kept as a notebook keeps them."""

from __future__ import annotations

import asyncio
import builtins
import getpass
import os
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from contextvars import Context, copy_context
from io import TextIOBase
from types import MappingProxyType
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from IPython.core.interactiveshell import ExecutionResult, InteractiveShell
from IPython.core.page import as_hook
from traitlets import Type
from traitlets.config import Config

__all__ = ["Outputs", "Shell", "make"]

_STREAMS = {"stdout": 1, "stderr": 2}
#: No program starts and ends in so few seconds.
_NO_PROGRAM = 0.001
_TRUNCATED = "\n... Output truncated ...\n"


class Outputs:
    """What one cell prints and shows, up to so many bytes.

    Parameters
    ----------
    most
        How many characters are kept.
    """

    def __init__(self, most: int) -> None:
        self._left = most
        self._full = False
        self._clear = False
        self.found: list[dict[str, Any]] = []

    @property
    def room(self) -> int:
        """How many characters more are kept."""
        return max(0, self._left)

    def stream(self, name: str, text: str) -> None:
        """Keep something printed; neighbouring pieces of one stream become one."""
        text = self._fitting(text)
        if not text:
            return
        self._clear_if_due()
        last = self.found[-1] if self.found else {}
        if last.get("output_type") == "stream" and last["name"] == name:
            last["text"].append(text)
        else:
            self.found.append({"output_type": "stream", "name": name, "text": [text]})

    def add(self, output: dict[str, Any], size: int) -> None:
        """Keep something shown, whole or not at all."""
        if size > self._left:
            self._fitting("x" * (self._left + 1))
            return
        self._left -= size
        self._clear_if_due()
        self.found.append(output)

    def clear(self, *, wait: bool) -> None:
        """Forget what there was, at once or when the next output comes."""
        self._clear = wait
        if not wait:
            self.found.clear()

    def update(self, key: str, data: Mapping[str, Any], metadata: Mapping[str, Any]) -> None:
        """Replace what was shown under a display id."""
        for output in self.found:
            if output.get("transient", {}).get("display_id") == key:
                output["data"], output["metadata"] = dict(data), dict(metadata)

    def as_list(self) -> list[dict[str, Any]]:
        """Return the outputs as a notebook has them."""
        listed = []
        for output in self.found:
            plain = {key: value for key, value in output.items() if key != "transient"}
            if plain["output_type"] == "stream":
                plain["text"] = "".join(plain["text"])
            listed.append(plain)
        return listed

    def _fitting(self, text: str) -> str:
        if self._full:
            return ""
        if len(text) > self._left:
            text = text[: self._left] + _TRUNCATED
            self._full = True
        self._left -= len(text)
        return text

    def _clear_if_due(self) -> None:
        if self._clear:
            self._clear = False
            self.found.clear()


class _Stream(TextIOBase):
    """Standard output or error as Python sees it."""

    encoding = "UTF-8"

    def __init__(self, name: str, shell: Shell, descriptor: int) -> None:
        super().__init__()
        self.name = name
        self._shell = shell
        self._descriptor = descriptor

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._shell.collect(_NO_PROGRAM)
        self._shell.outputs.stream(self.name, text)
        return len(text)

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return False

    def fileno(self) -> int:
        return self._descriptor


class _Publisher(DisplayPublisher):
    """Takes what ``display`` shows."""

    def publish(
        self,
        data: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        source: str = "",  # noqa: ARG002
        *,
        transient: dict[str, Any] | None = None,
        update: bool = False,
        **_: object,
    ) -> None:
        transient = transient or {}
        outputs = _outputs(self.shell)
        if update:
            outputs.update(transient.get("display_id", ""), data, metadata or {})
            return
        output = {
            "output_type": "display_data",
            "data": dict(data),
            "metadata": dict(metadata or {}),
            "transient": transient,
        }
        outputs.add(output, _size(data))

    def clear_output(self, wait: bool = False) -> None:  # noqa: FBT001, FBT002 (IPython's)
        _outputs(self.shell).clear(wait=wait)


class _Hook(DisplayHook):
    """Takes the value of a cell's last expression."""

    def start_displayhook(self) -> None:
        pass

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(
        self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None
    ) -> None:
        output = {
            "output_type": "execute_result",
            "execution_count": self.prompt_count,
            "data": dict(format_dict),
            "metadata": dict(md_dict or {}),
        }
        _outputs(self.shell).add(output, _size(format_dict))

    def finish_displayhook(self) -> None:
        pass


class Shell(InteractiveShell):
    """IPython whose outputs go into a list."""

    displayhook_class = Type(_Hook)
    display_pub_class = Type(_Publisher)
    outputs = Outputs(0)
    #: That there is such an attribute tells pandas that this is a notebook and no terminal.
    kernel = None
    _printed: Mapping[str, int] = MappingProxyType({})
    _looked = 0.0
    _loop: asyncio.AbstractEventLoop | None = None
    _context: Context = copy_context()

    def enable_gui(self, gui: str | None = None) -> None:
        """Accept ``%matplotlib inline``; there is no window to open."""

    def run(
        self, source: str, most: int, count: int | None = None
    ) -> tuple[str, list[dict[str, Any]]]:
        """Run a cell.

        Parameters
        ----------
        source
            Its text.
        most
            How much of its output is kept, in characters.
        count
            Its number; the next one if none is given.

        Returns
        -------
        ``ok``, ``error`` or ``interrupted``, and the outputs.
        """
        self.outputs = Outputs(most)
        if count is not None:
            self.execution_count = count
        try:
            result = self._complete(source)
            error = result.error_before_exec or result.error_in_exec
        except (KeyboardInterrupt, Exception) as fault:  # noqa: BLE001
            # It came between two cells, or in a part of IPython that a student has replaced.
            error = fault
        status = "ok"
        if error is not None:
            status = "interrupted" if isinstance(error, KeyboardInterrupt) else "error"
            self._record_if_hidden(error)
        with suppress(AttributeError, OSError, ValueError):
            sys.__stdout__.flush()  # type: ignore[union-attr]
            sys.__stderr__.flush()  # type: ignore[union-attr]
        self.collect()
        return status, self.outputs.as_list()

    def _complete(self, source: str) -> ExecutionResult:
        """Run a cell in a loop that runs, as a notebook's kernel does."""
        if self._loop is None:
            # The warm process has none: it would not survive the fork.
            return self._run_plainly(source)
        if self._loop.is_closed():
            self._loop = _new_loop()
        # What is set for one context, such as a precision, holds in the next cell too.
        task = self._loop.create_task(self._in_loop(source), context=self._context)
        try:
            return self._loop.run_until_complete(task)
        except KeyboardInterrupt:
            if task.done():
                raise
            task.cancel()
            self._loop.run_until_complete(task)
            raise

    async def _in_loop(self, source: str) -> ExecutionResult:
        try:
            changed: str = self.transform_cell(source)  # type: ignore[no-untyped-call]
        except Exception:  # noqa: BLE001 (a student may change how cells are read)
            changed = ""
        if not (changed and self.should_run_async(source, transformed_cell=changed)):
            return self._run_plainly(source)
        result = None
        try:
            result = await self.run_cell_async(source, store_history=True, transformed_cell=changed)
        finally:
            self.events.trigger("post_execute")
            self.events.trigger("post_run_cell", result)
        return result

    def _run_plainly(self, source: str) -> ExecutionResult:
        done: ExecutionResult = self.run_cell(source, store_history=True)  # type: ignore[no-untyped-call]
        return done

    def _record_if_hidden(self, error: BaseException) -> None:
        """Note an error that the cell kept from being shown."""
        name = type(error).__name__
        if not any(
            one["output_type"] == "error" and one["ename"] == name for one in self.outputs.found
        ):
            hidden = ["ERROR: An error occurred while showtraceback was disabled"]
            self._note(name, _told(error), hidden)

    def _showtraceback(self, etype: type[BaseException], evalue: object, stb: list[str]) -> None:
        self._note(str(getattr(etype, "__name__", etype)), _told(evalue), list(stb))

    def _note(self, name: str, value: str, lines: list[str]) -> None:
        self.outputs.add(
            {"output_type": "error", "ename": name, "evalue": value, "traceback": lines},
            min(sum(map(len, lines)) + len(value), 1),
        )

    def listen(self) -> None:
        """Let what is printed from now on go into the outputs of the cell that runs.

        That is what Python prints; what programs print that a cell starts goes to files
        in memory, and is taken over when Python next prints, or when the cell has ended.
        """
        sys.stdout = _Stream("stdout", self, 1)
        sys.stderr = _Stream("stderr", self, 2)
        builtins.input = _refusing("raw_input")
        getpass.getpass = _refusing("getpass")
        self._loop = _new_loop()
        self._printed = {name: _descriptor(name, number) for name, number in _STREAMS.items()}

    def collect(self, pause: float = 0) -> None:
        """Take over what programs have printed by now.

        Parameters
        ----------
        pause
            How many seconds ago the last look must be for another one.
        """
        now = time.monotonic()
        if now - self._looked < pause:
            return
        self._looked = now
        for name, descriptor in self._printed.items():
            # Whoever closes it is not heard any more.
            with suppress(OSError):
                self._take(name, descriptor)

    def _take(self, name: str, descriptor: int) -> None:
        if not os.fstat(descriptor).st_size:
            return
        os.lseek(descriptor, 0, os.SEEK_SET)
        text = os.read(descriptor, self.outputs.room + 1)
        os.ftruncate(descriptor, 0)
        os.lseek(descriptor, 0, os.SEEK_SET)
        self.outputs.stream(name, text.decode("utf-8", "replace"))


def make() -> Shell:
    """Make the shell: once, in the warm process."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "neutral"
    config.InteractiveShell.enable_tip = False
    # Libraries tell a notebook from a terminal by this name, and print accordingly.
    Shell.__name__ = Shell.__qualname__ = "ZMQInteractiveShell"
    shell: Shell = Shell.instance(config=config)
    # What `name?` shows is for whoever sits there; a notebook does not keep it.
    shell.set_hook("show_in_pager", as_hook(lambda *_, **__: None), 99)  # type: ignore[no-untyped-call]
    # A notebook's kernel looks for modules beside the notebook.
    if "" not in sys.path:
        sys.path.insert(0, "")
    return shell


def _outputs(shell: Any) -> Outputs:  # noqa: ANN401 (IPython does not say which shell it is)
    shell.collect()
    found: Outputs = shell.outputs
    return found


def _size(data: Mapping[str, Any]) -> int:
    return sum(len(part) if isinstance(part, str | bytes) else 1000 for part in data.values())


def _new_loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    return loop


def _told(error: object) -> str:
    try:
        return str(error)
    except Exception:  # noqa: BLE001 (the error may be a student's own, and faulty itself)
        return "<exception str() failed>"


def _refusing(name: str) -> Callable[..., str]:
    """Return what stands in for a function that would ask a person."""

    def ask(*_: object, **__: object) -> str:
        raise StdinNotImplementedError(
            f"{name} was called, but this frontend does not support input requests."
        )

    return ask


def _descriptor(name: str, number: int) -> int:
    """Put a file in memory behind the descriptor of a stream, and return another to it."""
    kept = os.memfd_create(name, 0)
    os.dup2(kept, number)
    os.set_inheritable(number, True)  # noqa: FBT003 (the function takes nothing else)
    return kept
