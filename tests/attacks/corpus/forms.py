"""Notebooks that are not what they should be: broken, huge, old, new, rearranged."""

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from tests.attacks.attack import NOTEBOOK, Attack, Build, Files, Link, Pipe, Submission

__all__ = ["ATTACKS"]

FAMILY = "forms"

_JUDGED = ("gates-test", "counts-test", "may-enter-test")
_TESTS = (*_JUDGED, "total-test")
_PERSON = ("needs a person",)
_MARKED = ("scored", "scored in part")


def _bytes(change: Callable[[bytes], bytes]) -> Build:
    return lambda submission: change(submission.as_bytes())


def _changed(change: Callable[[dict[str, Any]], object]) -> Build:
    """Hand in the notebook after a change to its data."""

    def build(submission: Submission) -> bytes:
        change(submission.notebook)
        return submission.as_bytes()

    return build


def _tests(change: Callable[[Submission, dict[str, Any]], object]) -> Build:
    """Hand in the notebook after a change to each of its test cells."""

    def build(submission: Submission) -> bytes:
        for cell in [submission.cell(grade_id) for grade_id in _TESTS]:
            change(submission, cell)
        return submission.as_bytes()

    return build


def _settings(**settings: object) -> Build:
    return _tests(lambda _, cell: cell["metadata"]["nbgrader"].update(settings))


def _raw(number: str) -> Build:
    """Put a piece of JSON into the notebook's metadata that no other program would write."""
    return _bytes(
        lambda content: content.replace(b'"metadata": {', b'"metadata": {%s, ' % number.encode(), 1)
    )


def _twice(submission: Submission, cell: dict[str, Any]) -> None:
    cells = submission.notebook["cells"]
    cells.insert(cells.index(cell), deepcopy(cell) | {"source": "6.0", "id": "copy-" + cell["id"]})


def _renamed(_: Submission, cell: dict[str, Any]) -> None:
    cell["metadata"]["nbgrader"]["grade_id"] += "-of-mine"


def _without_labels(notebook: dict[str, Any]) -> None:
    for cell in notebook["cells"]:
        cell["metadata"] = {}


def _bonus(notebook: dict[str, Any]) -> None:
    cell = deepcopy(next(one for one in notebook["cells"] if one["id"] == "gates-test"))
    cell["metadata"]["nbgrader"] |= {"grade_id": "bonus-test", "points": 100}
    notebook["cells"].append(cell | {"id": "bonus-test", "source": "100.0"})


def _kernel(**spec: object) -> Build:
    return _changed(lambda notebook: notebook["metadata"].update(kernelspec=spec))


def _format_3(submission: Submission) -> bytes:
    cells = [
        {"cell_type": "code", "input": cell["source"], "outputs": [], "language": "python"}
        | {"metadata": cell["metadata"], "collapsed": False, "prompt_number": 1}
        if cell["cell_type"] == "code"
        else {key: cell[key] for key in ("cell_type", "metadata", "source")}
        for cell in submission.notebook["cells"]
    ]
    sheet = {"cells": cells, "metadata": {}}
    notebook = {"metadata": {"name": ""}, "nbformat": 3, "nbformat_minor": 0, "worksheets": [sheet]}
    return json.dumps(notebook).encode()


def _many_cells(notebook: dict[str, Any]) -> None:
    cell = {"cell_type": "code", "metadata": {}, "source": "1", "outputs": [], "id": "x"}
    notebook["cells"] += [
        cell | {"execution_count": None, "id": f"x{number}"} for number in range(15_000)
    ]


def _metadata_bomb(notebook: dict[str, Any]) -> None:
    deep: dict[str, Any] = {}
    for _ in range(400):
        deep = {"deep": deep}
    wide = {f"key {number}": "x" * 20 for number in range(15_000)}
    notebook["metadata"] |= {"deep": deep, "wide": wide, "celltoolbar": "Create Assignment"}
    for cell in notebook["cells"]:
        cell["metadata"]["deep"] = deep


def _same_ids(notebook: dict[str, Any]) -> None:
    for cell in notebook["cells"]:
        cell["id"] = "same"


def _odd_sources(notebook: dict[str, Any]) -> None:
    for cell in notebook["cells"]:
        cell["source"] = ["".join(cell["source"]), None, 6.0, {"a": 1}]


def _odd_types(notebook: dict[str, Any]) -> None:
    notebook["cells"] += [
        None,
        6.0,
        [],
        {},
        {"cell_type": "test", "source": "6.0", "metadata": {}},
        {"cell_type": "code", "metadata": None, "source": None, "outputs": {"a": 1}},
        {"cell_type": ["code"], "metadata": [], "source": {"a": 1}},
    ]
    notebook["metadata"] = []


def _odd_settings(notebook: dict[str, Any]) -> None:
    odd: list[Any] = [None, 6.0, "gates-test", [], {"grade_id": None}, {"grade_id": {"a": 1}}]
    odd += [{"grade_id": "../../../etc/passwd"}, {"grade_id": "gates-test", "points": 1e308}]
    for settings in odd:
        notebook["cells"].append(
            {
                "cell_type": "code",
                "execution_count": None,
                "id": f"odd-{len(notebook['cells'])}",
                "metadata": {"nbgrader": settings},
                "outputs": [],
                "source": "6.0",
            }
        )


def _linked(target: str) -> Build:
    return lambda submission: {NOTEBOOK: Link(submission.places.fill(target))}


def _links_beside(submission: Submission) -> Files:
    fill = submission.places.fill
    submission.insert(
        submission.place("gates-answer"),
        "import glob\n"
        "for path in glob.glob('**', recursive=True):\n"
        "    try:\n        print(path, open(path, errors='replace').read()[:100_000])\n"
        "    except OSError:\n        pass\n",
    )
    return {
        NOTEBOOK: submission.as_bytes(),
        "keys.txt": Link(fill("@course@/keys.txt")),
        "gradebook.db": Link(fill("@course@/gradebook.db")),
        "everybody": Link(fill("@course@/submitted")),
        "root": Link("/"),
        "upwards": Link("../../.."),
        "endless": Link("endless"),
        "waits": Pipe(),
        "zero": Link("/dev/zero"),
        "memory": Link("/proc/self/environ"),
    }


ATTACKS = (
    Attack("empty-file", FAMILY, "hands in an empty file", lambda _: b"", ends=_PERSON),
    Attack(
        "truncated-file",
        FAMILY,
        "hands in a file that is cut off in the middle",
        _bytes(lambda content: content[: len(content) // 2]),
        ends=_PERSON,
    ),
    Attack(
        "not-a-notebook",
        FAMILY,
        "hands in a program, a picture and a list in place of a notebook",
        lambda _: b"\x89PNG\r\n\x1a\n\x00\x00print('6.0')",
        ends=_PERSON,
    ),
    Attack("a-list", FAMILY, "hands in JSON that is no object", lambda _: b"[6.0]", ends=_PERSON),
    Attack("a-null", FAMILY, "hands in an object without cells", lambda _: b'{"cells": null}'),
    Attack(
        "another-alphabet",
        FAMILY,
        "hands in UTF-16, and bytes that are no text",
        _bytes(lambda content: content.decode().encode("utf-16")),
    ),
    Attack(
        "with-a-mark-of-order",
        FAMILY,
        "hands in UTF-8 with a byte order mark",
        _bytes(lambda content: b"\xef\xbb\xbf" + content),
        keeps=_JUDGED,
        ends=_MARKED,
    ),
    Attack(
        "25-megabytes",
        FAMILY,
        "hands in a file of 25 megabytes",
        _bytes(lambda content: content + b" " * 25_000_000),
        ends=_PERSON,
    ),
    Attack(
        "15000-cells",
        FAMILY,
        "hands in fifteen thousand cells",
        _changed(_many_cells),
    ),
    Attack(
        "100000-empty-cells",
        FAMILY,
        "hands in a hundred thousand empty cells",
        _bytes(lambda content: content.replace(b'"cells": [', b'"cells": [' + b"{}," * 100_000, 1)),
    ),
    Attack(
        "deep-nesting",
        FAMILY,
        "hands in lists inside lists, a hundred thousand deep",
        _raw('"x": ' + "[" * 100_000 + "]" * 100_000),
    ),
    Attack(
        "huge-numbers",
        FAMILY,
        "hands in numbers of a hundred thousand digits",
        _raw('"x": ' + "9" * 100_000 + ', "y": 1e400, "z": -1e-400'),
    ),
    Attack(
        "not-a-number",
        FAMILY,
        "hands in NaN and Infinity, as points too",
        _bytes(
            lambda content: content.replace(b'"points": 6', b'"points": Infinity').replace(
                b'"points": 4', b'"points": NaN'
            )
        ),
    ),
    Attack(
        "half-characters",
        FAMILY,
        "writes halves of characters, zero bytes and marks of direction",
        _bytes(
            lambda content: content.replace(
                b"It was wrong.", b"It \\ud800 was \\u0000 \\u202e wrong \\udfff."
            ).replace(b'\\"V2\\"', b'\\"V2\\ud83d\\"')
        ),
    ),
    Attack(
        "same-keys-twice",
        FAMILY,
        "gives keys twice, so that two readers see two notebooks",
        _raw('"nbformat": 3, "cells": [], "cells": 6.0'),
    ),
    Attack("format-3", FAMILY, "hands in the format of 2012", _format_3),
    Attack(
        "format-4.9",
        FAMILY,
        "hands in a minor format that is still to come",
        _changed(lambda notebook: notebook.update(nbformat_minor=9)),
        keeps=_JUDGED,
        ends=_MARKED,
    ),
    Attack(
        "format-5",
        FAMILY,
        "hands in a format that is still to come",
        _changed(lambda notebook: notebook.update(nbformat=5, nbformat_minor=0)),
    ),
    Attack(
        "format-of-text",
        FAMILY,
        "gives the format as text, and a negative one",
        _changed(lambda notebook: notebook.update(nbformat="4", nbformat_minor=-1)),
    ),
    Attack(
        "tests-replaced",
        FAMILY,
        "writes 6.0 into the test cells",
        _tests(lambda _, cell: cell.update(source="6.0")),
        keeps=_JUDGED,
        ends=_MARKED,
        tame=True,
    ),
    Attack(
        "tests-twice",
        FAMILY,
        "copies each test cell, with 6.0 in the copy",
        _tests(_twice),
        keeps=_JUDGED,
        ends=_MARKED,
        tame=True,
    ),
    Attack(
        "tests-deleted",
        FAMILY,
        "deletes the test cells",
        _tests(lambda submission, cell: submission.notebook["cells"].remove(cell)),
        keeps=_JUDGED,
        ends=_MARKED,
    ),
    Attack(
        "tests-first",
        FAMILY,
        "puts the test cells before everything",
        _changed(
            lambda notebook: notebook["cells"].sort(
                key=lambda cell: not cell["id"].endswith("-test")
            )
        ),
    ),
    Attack(
        "tests-renamed",
        FAMILY,
        "gives the test cells other ids",
        _tests(_renamed),
        keeps=_JUDGED,
        ends=_MARKED,
    ),
    Attack(
        "tests-as-text",
        FAMILY,
        "turns the test cells into text",
        _tests(lambda _, cell: cell.update(cell_type="markdown")),
        keeps=_JUDGED,
        ends=_MARKED,
    ),
    Attack(
        "tests-worth-more",
        FAMILY,
        "makes each test cell worth a hundred points",
        _settings(points=100),
        keeps=_JUDGED,
        ends=_MARKED,
    ),
    Attack(
        "tests-not-marked",
        FAMILY,
        "says that the test cells are not marked, or are answers",
        _settings(grade=False, solution=True, locked=False),
        keeps=_JUDGED,
        ends=_MARKED,
    ),
    Attack(
        "a-test-of-its-own",
        FAMILY,
        "adds a test cell that gives a hundred points",
        _changed(_bonus),
        keeps=_JUDGED,
        ends=_MARKED,
    ),
    Attack(
        "no-labels",
        FAMILY,
        "takes away everything that nbgrader knows cells by",
        _changed(_without_labels),
        keeps=_JUDGED,
        ends=_MARKED,
    ),
    Attack(
        "same-ids",
        FAMILY,
        "gives all cells the same id",
        _changed(_same_ids),
        keeps=_JUDGED,
        ends=_MARKED,
    ),
    Attack("odd-sources", FAMILY, "writes numbers into the lines of cells", _changed(_odd_sources)),
    Attack("odd-cells", FAMILY, "adds cells that are no cells", _changed(_odd_types)),
    Attack("odd-labels", FAMILY, "labels cells with what is no label", _changed(_odd_settings)),
    Attack(
        "kernel-of-the-shell",
        FAMILY,
        "asks for a kernel that runs the shell",
        _kernel(name="bash", display_name="Bash", language="bash"),
        keeps=_JUDGED,
        ends=_MARKED,
    ),
    Attack(
        "kernel-with-a-command",
        FAMILY,
        "asks for a kernel by path, with a command and an environment",
        _kernel(
            name="../../../../tmp/own",
            display_name=6.0,
            language="python",
            argv=["/bin/sh", "-c", "touch /tmp/@token@"],
            env={"LD_PRELOAD": "own.so"},
            metadata={"kernel_provisioner": {"provisioner_name": "own"}},
        ),
        keeps=_JUDGED,
        ends=_MARKED,
    ),
    Attack(
        "metadata-bomb",
        FAMILY,
        "fills the metadata, deep and wide",
        _changed(_metadata_bomb),
    ),
    Attack(
        "no-cells-at-all",
        FAMILY,
        "hands in a notebook without cells",
        _changed(lambda notebook: notebook.update(cells=[])),
    ),
    Attack(
        "linked-notebook",
        FAMILY,
        "hands in a link to a secret in place of its notebook",
        _linked("@course@/keys.txt"),
        ends=_PERSON,
        needs_a_class=True,
    ),
    Attack(
        "linked-to-a-neighbour",
        FAMILY,
        "hands in a link to a neighbour's notebook",
        _linked(f"@course@/submitted/@neighbour@/v1-victim/{NOTEBOOK}"),
        ends=_PERSON,
        needs_a_class=True,
    ),
    Attack(
        "linked-to-an-endless-file",
        FAMILY,
        "hands in a link to a device that never ends",
        _linked("/dev/zero"),
        ends=_PERSON,
        needs_a_class=True,
    ),
    Attack(
        "a-pipe",
        FAMILY,
        "hands in a named pipe, at which a reader waits for ever",
        lambda _: {NOTEBOOK: Pipe()},
        ends=_PERSON,
        needs_a_class=True,
    ),
    Attack(
        "a-folder",
        FAMILY,
        "hands in a folder with the notebook's name",
        lambda _: {f"{NOTEBOOK}/x": b"6.0"},
        ends=_PERSON,
        needs_a_class=True,
    ),
    Attack(
        "linked-folder",
        FAMILY,
        "hands in a link to the folder of a neighbour",
        lambda submission: {
            "": Link(submission.places.fill("@course@/submitted/@neighbour@/v1-victim"))
        },
        ends=_PERSON,
        needs_a_class=True,
    ),
    Attack(
        "links-beside-the-notebook",
        FAMILY,
        "hands in links to secrets, pipes and devices beside its notebook, and reads them",
        _links_beside,
        needs_a_class=True,
    ),
)
