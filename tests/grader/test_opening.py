"""What a submitted file may be, and what becomes of it."""

import json
import logging
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.checkout import RELEASED
from volens.errors import SubmissionError
from volens.grader.limits import Limits
from volens.grader.mending.plain import clean
from volens.grader.opening import MOST_CELLS, open_notebook

LIMITS = Limits()
CELL = {"cell_type": "markdown", "id": "essay", "metadata": {}, "source": "Consent."}


def code(name: str, source: object, **more: object) -> dict[str, Any]:
    cell = {"cell_type": "code", "id": name, "metadata": {}, "source": source}
    return cell | {"execution_count": None, "outputs": []} | more


def file(*cells: object, **more: object) -> bytes:
    whole = {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole | more).encode()


def opened(content: bytes) -> tuple[dict[str, Any], list[str]]:
    """The notebook, which is always valid and can be written, and the codes of the repairs."""
    notebook, repairs = open_notebook(content, "a3.ipynb", LIMITS)
    nbformat.validate(nbformat.from_dict(notebook), version=4)
    json.dumps(notebook, allow_nan=False, ensure_ascii=False).encode()
    assert all(isinstance(cell["source"], str) for cell in notebook["cells"])
    return notebook, [one.code for one in repairs]


def refusal(content: bytes, limits: Limits = LIMITS) -> SubmissionError:
    with pytest.raises(SubmissionError) as caught:
        open_notebook(content, "a3.ipynb", limits)
    assert str(caught.value).startswith("a3.ipynb ")
    return caught.value


@pytest.mark.parametrize("path", RELEASED, ids=lambda path: path.stem)
def test_a_released_notebook_is_opened_as_it_is(path: Path) -> None:
    content = path.read_bytes()
    given = json.loads(content)
    for cell in given["cells"]:
        cell["source"] = "".join(cell["source"])
    assert opened(content) == (given, [])


def test_outputs_and_counts_are_left_out() -> None:
    output = {"output_type": "stream", "name": "stdout", "text": "10"}
    cell = code("a", ["x = 1\n", "x"], outputs=[output], execution_count=7)
    cell["metadata"] = {"scrolled": True, "collapsed": False, "tags": ["mine"]}
    notebook, codes = opened(file(cell))
    assert (notebook["cells"], codes) == (
        [code("a", "x = 1\nx") | {"metadata": {"tags": ["mine"]}}],
        [],
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty-file"),
        (b" \r\n\t", "empty-file"),
        (b"\xef\xbb\xbf", "empty-file"),
        (b"\xff\xfe", "empty-file"),
        (b"<!DOCTYPE html><title>Sign in</title>", "web-page"),
        (b"\xef\xbb\xbf <html>", "web-page"),
        ("<html>".encode("utf-16"), "web-page"),
        (b"PK\x03\x04\x80\xff", "not-text"),
        (b'{"cells": ["\xe9"]}', "not-text"),
        (b"\xff\xfe\x00\xd8", "not-text"),
        (file(CELL)[:-9], "unreadable-notebook"),
        (file(CELL) + b"}", "unreadable-notebook"),
        (b'{"cells": [' + b"9" * 5_000 + b"]}", "unreadable-notebook"),
        (b"<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> theirs", "merge-conflict"),
        (b'{\n<<<<<<< HEAD\n"a": 1,\n=======\n"b": 2\n>>>>>>> theirs\n}', "merge-conflict"),
        (b"[" * 100_000, "too-deep"),
        (b'{"a":' * 100_000, "too-deep"),
        (b"[1, 2]", "not-a-notebook"),
        (b"null", "not-a-notebook"),
        (b'"text"', "not-a-notebook"),
        (b"{}", "no-cells"),
        (file(), "no-cells"),
        (file(cells={"0": CELL}), "no-cells"),
        (file(7, None), "no-cells"),
        (file(CELL, nbformat=5), "newer-format"),
        (file(CELL, nbformat=10**4000), "newer-format"),
        (file(*[{}] * (MOST_CELLS + 1)), "too-many-cells"),
        (file(*[0] * 1_000_000), "too-many-cells"),
        (file(cells=0, worksheets=[{"cells": [0] * (MOST_CELLS + 1)}]), "too-many-cells"),
        (b'{"cells": [' + b"[]," * 2_000_001 + b"0]}", "too-large"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_what_is_no_notebook_is_refused_with_a_reason(content: bytes, reason: str) -> None:
    assert refusal(content).reason == reason


def test_a_file_over_the_limit_is_refused_before_it_is_read() -> None:
    error = refusal(b"[" * 3_000_000, Limits(notebook_bytes=2 << 20))
    assert error.reason == "too-large"
    assert str(error) == (
        "a3.ipynb has 3 MiB; 2 are read. Ask for it without outputs: in JupyterLab, "
        "*Clear Outputs of All Cells* in the *Edit* menu."
    )


def test_a_refusal_says_from_which_line_on_the_file_is_damaged() -> None:
    message = "a3.ipynb is damaged: from its line 2 on it cannot be read. Ask for the file again."
    assert str(refusal(b'{"cells":\n[,]}')) == message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_marks_of_the_byte_order_are_understood(encoding: str) -> None:
    mark = "\ufeff" if encoding.endswith(("le", "be")) else ""
    text = mark + json.dumps({"cells": [CELL | {"source": "Қазақстан 🕊"}]}, ensure_ascii=False)
    notebook, _ = opened(text.encode(encoding))
    assert notebook["cells"][0]["source"] == "Қазақстан 🕊"


def test_a_key_that_stands_twice_and_what_is_no_number_do_no_harm() -> None:
    content = b'{"nbformat": NaN, "nbformat": 4, "nbformat_minor": 5, "metadata": {"x": Infinity},'
    cell = b'{"id": "a", "cell_type": "raw", "source": "b", "metadata": {"size": -Infinity}}'
    notebook, codes = opened(content + b'"cells": [' + cell + b"]}")
    assert notebook["cells"] == [
        {"id": "a", "cell_type": "raw", "source": "b", "metadata": {"size": None}}
    ]
    assert (notebook["metadata"], codes) == ({}, [])


def test_a_notebook_of_format_3_is_upgraded(caplog: pytest.LogCaptureFixture) -> None:
    settings_ = {"nbgrader": {"grade_id": "gates-answer", "solution": True}}
    cells = [
        {"cell_type": "heading", "level": 2, "source": "Gates", "metadata": {}},
        {"cell_type": "code", "input": ["gates = {}\n", "gates"], "language": "python",
         "outputs": [{"output_type": "pyout", "text": 1}], "prompt_number": 3,
         "collapsed": True, "metadata": settings_},
        {"cell_type": "html", "source": "<b>Law</b>"},
        {"cell_type": "heading", "level": {}, "source": 5, "metadata": []},
        "nothing",
    ]  # fmt: skip
    old = {
        "worksheets": [{"cells": cells}, 5, {"cells": None}],
        "nbformat": 3,
        "metadata": {"name": ""},
    }
    with caplog.at_level(logging.DEBUG):
        notebook, codes = opened(json.dumps(old).encode())
    assert [(one["id"], one["cell_type"], one["source"]) for one in notebook["cells"]] == [
        ("cell-1", "markdown", "## Gates"),
        ("gates-answer", "code", "gates = {}\ngates"),
        ("cell-3", "markdown", "<b>Law</b>"),
        ("cell-4", "markdown", "# "),
    ]
    assert notebook["cells"][1]["metadata"] == settings_
    assert (codes, caplog.messages) == (["older-format", "cell-unreadable"], [])


@pytest.mark.parametrize("minor", [0, 1, 2, 4])
def test_older_minor_formats_have_no_ids_and_get_them(minor: int) -> None:
    labelled = code("", "x = 1") | {"metadata": {"nbgrader": {"grade_id": "x-answer"}}}
    cells = [{key: value for key, value in one.items() if key != "id"} for one in (CELL, labelled)]
    notebook, codes = opened(file(*cells, labelled | {"id": "x-answer-2"}, nbformat_minor=minor))
    ids = [cell["id"] for cell in notebook["cells"]]
    assert (ids, codes) == (["cell-1", "x-answer", "x-answer-2"], ["older-format"])


def test_a_newer_minor_format_is_read_as_far_as_it_is_known() -> None:
    content = file(CELL | {"mood": "fine"}, nbformat_minor=7, authors=["me"])
    notebook, codes = opened(content)
    assert (notebook["cells"], codes) == ([CELL], ["newer-minor-format"])
    assert sorted(notebook) == ["cells", "metadata", "nbformat", "nbformat_minor"]


@pytest.mark.parametrize(
    ("cell", "expected", "code_"),
    [
        ({**CELL, "cell_type": "sql"}, {**CELL, "cell_type": "raw"}, "cell-type-unknown"),
        ({**CELL, "cell_type": ["code"]}, {**CELL, "cell_type": "raw"}, "cell-type-unknown"),
        ({**CELL, "source": None}, {**CELL, "source": ""}, "source-unreadable"),
        ({**CELL, "source": ["a", 5, "b"]}, {**CELL, "source": "ab"}, "source-unreadable"),
        ({**CELL, "source": {"a": 1}}, {**CELL, "source": ""}, "source-unreadable"),
        ({**CELL, "metadata": [1]}, CELL, "metadata-unreadable"),
        ({**CELL, "id": "not an id"}, {**CELL, "id": "cell-1"}, "id-renewed"),
        ({**CELL, "id": "e" * 65}, {**CELL, "id": "cell-1"}, "id-renewed"),
        ({**CELL, "id": "essay\n"}, {**CELL, "id": "cell-1"}, "id-renewed"),
        ({**CELL, "id": {}}, {**CELL, "id": "cell-1"}, "id-renewed"),
        ({**CELL, "source": "a\0b\ud83d"}, {**CELL, "source": "a\ufffdb\ufffd"}, "odd-characters"),
    ],
)
def test_a_cell_is_read_as_far_as_possible(cell: object, expected: object, code_: str) -> None:
    notebook, codes = opened(file(cell))
    assert (notebook["cells"], codes) == ([expected], [code_])


def test_repairs_of_many_cells_are_told_once() -> None:
    _, repairs = open_notebook(file(CELL, *[{**CELL, "id": 5}] * 8), "a3.ipynb", LIMITS)
    assert [one.message for one in repairs] == [
        "Each of the cells 2, 3, 4, 5, 6 and 3 more is without an id of its own. It was given one."
    ]


def test_the_second_of_two_cells_with_one_id_gets_another() -> None:
    notebook, codes = opened(file(CELL, CELL, CELL | {"id": "cell-2"}))
    assert [cell["id"] for cell in notebook["cells"]] == ["essay", "cell-2-2", "cell-2"]
    assert codes == ["id-renewed"]


def test_settings_that_the_format_forbids_are_left_out() -> None:
    metadata = {
        "jupyter": {"source_hidden": True, "outputs_hidden": "yes"},
        "tags": ["a", "a", "b,c", 5, ""],
        "name": "",
        "format": "text/html",
        "nbgrader": ["not", "a", "dict"],
        "\ud800": "\0",
        "deep": json.loads("[" * 100 + "]" * 100),
        "long": "x" * 20_000,
    }
    notebook, codes = opened(file(CELL | {"metadata": metadata}))
    kept = notebook["cells"][0]["metadata"]
    assert (kept["jupyter"], kept["tags"]) == ({"source_hidden": True}, ["a"])
    assert "name" not in kept
    assert "format" not in kept
    assert (kept["\ufffd"], len(kept["long"]), codes) == ("\ufffd", 10_000, [])


def test_of_far_too_many_settings_only_those_of_nbgrader_stay() -> None:
    label = {"grade_id": "essay", "points": 6, "more": ["x"] * 50_000}
    metadata = {"nbgrader": label, "long": "x" * 1_000_000}
    notebook, _ = opened(file(CELL | {"metadata": metadata}))
    assert notebook["cells"][0]["metadata"] == {"nbgrader": {"grade_id": "essay", "points": 6}}


def test_jupyter_settings_of_a_wrong_type_become_empty() -> None:
    notebook, _ = opened(file(CELL | {"metadata": {"jupyter": 5, "tags": {}, "name": []}}))
    assert notebook["cells"][0]["metadata"] == {"jupyter": {}, "tags": []}


def test_attachments_are_kept_where_they_are_pictures() -> None:
    attachments = {"a.png": {"image/png": ["aGVs", "bG8="]}, "b": 5, "c": {"text": {}}}
    notebook, _ = opened(file(CELL | {"attachments": attachments}))
    assert notebook["cells"][0]["attachments"] == {"a.png": {"image/png": "aGVsbG8="}}


def test_code_has_no_attachments() -> None:
    notebook, _ = opened(file(code("a", "1", attachments={"a": {"b": "c"}})))
    assert notebook["cells"] == [code("a", "1")]


def test_only_kernel_and_language_stay_of_the_settings_of_a_notebook() -> None:
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    language = {"name": "python", "codemirror_mode": {"name": "ipython", "version": 3}}
    metadata = {
        "kernelspec": kernel | {"argv": ["rm"]},
        "language_info": language | {"mimetype": 5},
        "widgets": {"state": "x" * 50_000},
    }
    notebook, _ = opened(file(CELL, metadata=metadata))
    assert notebook["metadata"] == {"kernelspec": kernel, "language_info": language}


@pytest.mark.parametrize("metadata", [[], None, "x", 5])
def test_unreadable_settings_of_a_notebook_are_replaced(metadata: object) -> None:
    notebook, codes = opened(file(CELL, metadata=metadata))
    assert (notebook["metadata"], codes) == ({}, ["metadata-unreadable"])


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just("\ud83d\0"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
CELLS = st.fixed_dictionaries(
    {},
    optional={
        "cell_type": st.sampled_from(["code", "markdown", "raw", "heading"]) | ANYTHING,
        "id": st.sampled_from(["a", "b"]) | ANYTHING,
        "metadata": st.dictionaries(
            st.sampled_from(["jupyter", "tags", "name", "nbgrader", "format"]), ANYTHING
        )
        | ANYTHING,
        "source": st.text() | ANYTHING,
        "input": ANYTHING,
        "level": ANYTHING,
        "outputs": ANYTHING,
        "attachments": ANYTHING,
    },
)
FILES = st.fixed_dictionaries(
    {},
    optional={
        "cells": st.lists(CELLS | ANYTHING, max_size=4) | ANYTHING,
        "worksheets": st.lists(st.fixed_dictionaries({"cells": st.lists(CELLS, max_size=3)}))
        | ANYTHING,
        "metadata": st.fixed_dictionaries(
            {}, optional={"kernelspec": ANYTHING, "language_info": ANYTHING}
        )
        | ANYTHING,
        "nbformat": st.integers(1, 5) | ANYTHING,
        "nbformat_minor": st.integers(0, 6) | ANYTHING,
    },
)


@given(FILES)
@settings(max_examples=150)
def test_any_json_is_opened_or_refused(found: dict[str, Any]) -> None:
    content = json.dumps(found).encode()
    try:
        notebook, _ = opened(content)
    except SubmissionError:
        return
    again, repairs = open_notebook(json.dumps(notebook).encode(), "again", LIMITS)
    assert (again, repairs) == (notebook, ())


@given(st.binary())
def test_any_bytes_are_opened_or_refused(content: bytes) -> None:
    with pytest.raises(SubmissionError):
        open_notebook(content, "a3.ipynb", LIMITS)


@given(st.text(st.characters() | st.sampled_from("\ud83d\ude00\0")))
def test_a_cleaned_text_can_be_written_and_stays(text: str) -> None:
    cleaned = clean(text)
    assert (cleaned.encode().decode(), clean(cleaned)) == (cleaned, cleaned)
    assert "\0" not in cleaned
