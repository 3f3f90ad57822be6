"""Run the lessons and keep the outputs that are part of the argument.

What ``make pins`` runs. A cell tagged ``keep_output`` and ``nbval-check-output`` keeps what it
prints or shows as text, so that a changed verdict or count is noticed: ``make test`` compares
what is kept with what the cell gives. Every other cell is stored without outputs.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import running

TAGS = {"keep_output", "nbval-check-output"}
KEPT = ("text/html", "text/plain")
COUNT = 1
"""Stands for every run: nbval does not compare a cell that seems never to have been run."""


def is_pinned(cell: dict[str, Any]) -> bool:
    """Return whether a cell keeps its output."""
    return cell["cell_type"] == "code" and set(cell["metadata"].get("tags", ())) >= TAGS


def stored(output: dict[str, Any], where: str) -> dict[str, Any]:
    """Return an output in the form in which it is kept.

    Parameters
    ----------
    output
        What the kernel gave.
    where
        The lesson and the cell, for an error.

    Raises
    ------
    SystemExit
        If it cannot be compared: a picture, a widget, an error, or anything on stderr.
    """
    if output["output_type"] == "stream" and output["name"] == "stdout":
        return {"name": "stdout", "output_type": "stream", "text": _lines(output["text"])}
    kinds = sorted(output.get("data", {})) or [output.get("name", output["output_type"])]
    if not set(kinds) <= set(KEPT):
        raise SystemExit(
            f"{where}: a pinned cell gives text, {' and '.join(KEPT)}; this one gives "
            f"{', '.join(kinds)}. Show the text that matters, or take the tags "
            f"{' and '.join(sorted(TAGS))} off the cell. Nothing of this lesson was changed."
        )
    found: dict[str, Any] = {
        "data": {kind: _lines(output["data"][kind]) for kind in kinds},
        "metadata": {},
        "output_type": output["output_type"],
    }
    if output["output_type"] == "execute_result":
        found["execution_count"] = COUNT
    return found


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def pin(lesson: Path) -> int:
    """Store the outputs of a lesson's pinned cells, and return how many cells there are."""
    notebook = json.loads(lesson.read_text(encoding="utf-8"))
    pinned = [cell for cell in notebook["cells"] if is_pinned(cell)]
    shown = {cell["id"]: cell for cell in running.run(lesson).cells} if pinned else {}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            outputs = shown[cell["id"]]["outputs"] if is_pinned(cell) else []
            where = f"{lesson.name}, cell {cell['id']}"
            cell["outputs"] = [stored(output, where) for output in outputs]
            cell["execution_count"] = COUNT if is_pinned(cell) else None
    text = json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    lesson.write_text(text, encoding="utf-8", newline="\n")
    return len(pinned)


def main(arguments: Sequence[str] | None = None) -> int:
    """Store the pinned outputs of the lessons named, or of all, and return an exit code."""
    try:
        for lesson in running.chosen(sys.argv[1:] if arguments is None else arguments):
            print(f"{lesson.stem}: {pin(lesson)} pinned cells", flush=True)
    except running.LessonError as error:
        print(f"This lesson could not be run, and was not changed: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
