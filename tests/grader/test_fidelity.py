"""The same cells in a stock kernel and in this grader's: the same outputs, field by field.

Left out is what differs between two runs of one kernel: addresses, durations, numbers of
threads and widgets, and the name under which a cell is compiled. Of a traceback, its last
line is compared. What one stream says comes together, in both.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.preprocessors import Execute as Stock

from volens.grader.executing import Execute

DOT = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)

CELLS = {
    # Text
    "print": "print('one', 'two', sep='-')\nprint('three', end='')\nprint('four')",
    "letters": "print('Қазақстан — ұжым 🙂')",
    "carriage return": "print('10%\\r20%')\nprint('ab\\b\\bcd')",
    "standard error": "import sys\nprint('out')\nprint('err', file=sys.stderr)\nprint('out')",
    "writelines": "sys.stdout.writelines(['a\\n', 'b\\n'])\nsys.stdout.flush()",
    "what a stream says of itself": (
        "out = sys.stdout\nout.name, out.encoding, out.errors, out.isatty(), out.readable()"
    ),
    "redirected": (
        "import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()) as kept:\n"
        "    print('kept')\nkept.getvalue()"
    ),
    "long line": "'x' * 5000",
    "long list": "list(range(2000))[:1200]",
    # Values
    "value": "1 + 1",
    "none": "None",
    "semicolon": "1 + 1;",
    "print and value": "print('a')\n'b'",
    "earlier values": "_, In[1][:5], len(Out) > 5",
    "nothing": "   \n",
    "comment": "# nothing",
    "dictionary": "{'b': 1, 'a': list(range(40)), 'c': {3, 1, 2}}",
    "every expression": (
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "InteractiveShell.ast_node_interactivity = 'all'"
    ),
    "two expressions": "1\n2",
    "last expression": "InteractiveShell.ast_node_interactivity = 'last_expr'",
    "own html": (
        "class Own:\n    def _repr_html_(self):\n        return '<b>own</b>'\n\n"
        "    def __repr__(self):\n        return 'own'\n\n\nOwn()"
    ),
    "own bundle": (
        "class Bundle:\n    def _repr_mimebundle_(self, **_):\n"
        "        return {'application/x-own': 'text', 'text/plain': 'bundle'}\n\n\nBundle()"
    ),
    "own display": (
        "class Shown:\n    def _ipython_display_(self):\n        print('shown')\n\n\nShown()"
    ),
    "faulty repr": (
        "class Bad:\n    def __repr__(self):\n        raise ValueError('no repr')\n\n\nBad()"
    ),
    # What is shown
    "display": (
        "from IPython.display import *\ndisplay('a', 2)\nprint('c')\ndisplay(HTML('<b>d</b>'))"
    ),
    "markdown": "Markdown('**a**')",
    "latex": "Latex('$x$')",
    "svg": "SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>')",
    "json": "JSON({'a': 1})",
    "script": "Javascript('alert(1)')",
    "html cell": "%%html\n<b>cell</b>",
    "picture": f"import base64\nImage(base64.b64decode({DOT!r}), width=7)",
    "published": "publish_display_data({'text/plain': 'published'})",
    "updated": (
        "handle = display('first', display_id=True)\nhandle.update('second')\nprint('after')"
    ),
    "shown": "handle = display('shown', display_id=True)",
    "updated later": "handle.update('updated')",
    "cleared": "print('gone')\nclear_output()\nprint('stays')",
    "cleared when more comes": "print('gone')\nclear_output(wait=True)\nprint('stays')",
    "cleared when nothing comes": "print('stays')\nclear_output(wait=True)",
    "after that": "print('next cell')",
    # Pictures and tables
    "figure": (
        "import matplotlib.pyplot as plt\nfigure, axes = plt.subplots(figsize=(2, 1))\n"
        "axes.plot([1, 2, 4])\nplt.show()\nprint('below')"
    ),
    "figure at the end": "figure, axes = plt.subplots(figsize=(2, 1))\naxes.plot([3, 1, 2])",
    "inline": "%matplotlib inline\nplt.figure(figsize=(1, 1));",
    "figure as a value": "plt.close(figure)\nfigure",
    "table": "import pandas as pd\npd.DataFrame({'a': [1, None], 'b': ['x', '<y>']})",
    "long table": "pd.DataFrame({'a': range(200)})",
    "wide table": "pd.DataFrame([{f'column {i}': 'long ' * 5 for i in range(30)}])",
    "column": "pd.Series(range(200))",
    "array": "import numpy as np\nnp.set_printoptions(precision=2)",
    "array with a setting": "np.array([1 / 3])",
    "precision": "import decimal\ndecimal.getcontext().prec = 3",
    "precision in the next cell": "decimal.Decimal(1) / 3",
    # Errors
    "error": "print('before')\n\n\ndef fails(x):\n    return 1 / x\n\n\nfails(0)",
    "chained error": (
        "try:\n    {}['a']\nexcept KeyError as error:\n    raise RuntimeError('outer') from error"
    ),
    "assertion": "assert 1 == 2, 'one is not two'",
    "bare assertion": "assert False",
    "name error": "nothing_of_this_name",
    "syntax error": "def f(:\n    pass",
    "indentation error": "if True:\nprint(1)",
    "return": "return 3",
    "odd error": "class Odd(BaseException):\n    pass\n\n\nraise Odd('odd')",
    "two errors": "raise ExceptionGroup('two', [ValueError(1), TypeError(2)])",
    "interrupt": "raise KeyboardInterrupt",
    "exit": "sys.exit(3)",
    "error of the course": "import volens as vo\nvo.evidence.rows('nothing')",
    "printed error": (
        "import traceback\ntry:\n    1 / 0\nexcept ZeroDivisionError:\n    traceback.print_exc()"
    ),
    "hidden error": (
        "shell = get_ipython()\nshell.set_custom_exc((ValueError,), "
        "lambda *given, **_: print('handled', given[2]))\nraise ValueError('custom')"
    ),
    "no longer hidden": "shell.set_custom_exc((), None)",
    "faulty error": (
        "class Faulty(Exception):\n    def __str__(self):\n        raise ValueError('no')\n\n\n"
        "raise Faulty"
    ),
    "shorter errors": "%xmode Minimal",
    "short error": "1 / 0",
    "longer errors": "%xmode Context",
    "warning": "import warnings\nwarnings.warn('careful')",
    "log": "import logging\nlogging.warning('logged')\nlogging.info('unheard')",
    # Magics and programs
    "time": "%time 1 + 1",
    "time of a cell": "%%time\nvalue = 1",
    "timeit": "%timeit -n1 -r1 pass",
    "captured": "%%capture caught\nprint('caught')",
    "what was captured": "caught.stdout",
    "bash": "%%bash\necho from bash\necho to stderr >&2",
    "bash fails": "%%bash\nexit 3",
    "python": "%%python\nprint('python')",
    "shell": "!echo hello && ls *.csv",
    "shell to a name": "found = !echo a; echo b\nfound",
    # A stock kernel reads what they print in a thread, which may be late: it is waited for.
    "programs": (
        "import os, subprocess, threading\nprint('a')\nheard = threading.Event()\n\n\n"
        "def hears(text, write=sys.stdout.write):\n    write(text)\n"
        "    if 'e' in text:\n        heard.set()\n\n\n"
        "late = hasattr(sys.stdout, 'watch_fd_thread')\nif late:\n    sys.stdout.write = hears\n"
        "os.system('echo b')\nsubprocess.run(['echo', 'c'])\nos.write(1, b'd\\n')\n"
        "print('e', file=sys.__stdout__, flush=True)\n"
        "if late:\n    assert heard.wait(60)\n    del sys.stdout.write"
    ),
    "what a program says": (
        "subprocess.run(['echo', 'read'], capture_output=True, text=True).stdout"
    ),
    "file": "%%writefile written.py\nprint('ran')",
    "run": "%run written.py",
    "help": "print.__name__?",
    "source": "fails??",
    "help in words": "help(fails)",
    "unknown magic": "%nothing",
    "unknown cell magic": "%%nothing\nx",
    "cell in a cell": "result = shell.run_cell('print(7)\\n8')",
    "hook": "hook = lambda *_: print('hook')\nshell.events.register('post_run_cell', hook)",
    "no hook": "shell.events.unregister('post_run_cell', hook)",
    "what libraries ask": "type(shell).__name__, __name__, plt.get_backend()",
    "rich text": "from rich import print as rich_print\nrich_print('[bold]rich[/bold]')",
    # At the same time
    "thread": (
        "import threading\nthread = threading.Thread(target=lambda: print('from a thread'))\n"
        "thread.start()\nthread.join()"
    ),
    "thread fails": (
        "thread = threading.Thread(target=lambda: 1 / 0)\nthread.start()\nthread.join()"
    ),
    "await": (
        "import asyncio\n\n\nasync def later():\n    await asyncio.sleep(0)\n"
        "    return 'later'\n\n\nawait later()"
    ),
    "await several": "await asyncio.gather(later(), later())",
    "await fails": "1 / 0\nawait later()",
    "await and draw": "await later()\nplt.figure(figsize=(1, 1));",
    "loop": "asyncio.get_event_loop().is_running()",
    "loop in a loop": (
        "coroutine = later()\ntry:\n    asyncio.run(coroutine)\nfinally:\n    coroutine.close()"
    ),
    "task": "task = asyncio.create_task(later())",
    "task later": "await task",
    # Whom to ask
    "input": "input('name? ')",
    "password": "import getpass\ngetpass.getpass()",
    "standard input": "sys.stdin.read()",
    # Widgets
    "widget": "import ipywidgets\nipywidgets.IntSlider(3)",
    "printed into a widget": (
        "output = ipywidgets.Output()\nwith output:\n    print('inside')\noutput"
    ),
}

#: Where they differ, and why they may.
DIFFERENT = {
    "faulty repr": "the stock kernel shows the same error twice, the second time without a name",
    "faulty error": "the stock kernel shows the error of the error only, and twice",
    "json": "of what an output says about itself only sizes are kept: no page shows the rest",
    "script": "a program that would run in the browser of whoever marks is not kept",
    "shown": "what is shown stays as it was when its cell ended",
    "printed into a widget": "no page holds the widget, so it is kept below the cell",
}

SAME = {
    re.compile(r"\x1b\[[0-9;]*m"): "",
    re.compile(r"/\w+/ipykernel_\d+/\d+\.py|<ipython-input-[^>]*>|\b\d{6,}\.py"): "CELL",
    re.compile(r"\b0x[0-9a-f]+"): "ADDRESS",
    re.compile(r"\bThread-\d+"): "THREAD",
    re.compile(r"\b[\d.]+(e\+\d+)? [μµmn]?s\b"): "DURATION",
    re.compile(r"\b[0-9a-f]{32}\b"): "MODEL",
}


def run(executor: type[Stock], folder: Path) -> dict[str, NotebookNode]:
    """Every cell after it has run."""
    (folder / "table.csv").write_text("a\n", encoding="utf-8")
    notebook = new_notebook(cells=[new_code_cell(source) for source in CELLS.values()])
    # On a busy machine, too, each cell ends, and everything is heard of it.
    times = {"timeout": 300, "iopub_timeout": 300, "startup_timeout": 300}
    executor(**times).preprocess(notebook, {"metadata": {"path": str(folder)}})
    return dict(zip(CELLS, notebook.cells, strict=True))


@pytest.fixture(name="stock", scope="module")
def _stock(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, NotebookNode]:
    with pytest.MonkeyPatch.context() as patch:
        # By this the kernel would know that it is tested, and not hear what programs print.
        patch.delenv("PYTEST_CURRENT_TEST")
        # A kernel with the settings that it has anywhere: here warnings may be errors.
        patch.setenv("IPYTHONDIR", str(tmp_path_factory.mktemp("profile")))
        return run(Stock, tmp_path_factory.mktemp("stock"))


@pytest.fixture(name="ours", scope="module")
def _ours(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, NotebookNode]:
    return run(Execute, tmp_path_factory.mktemp("ours"))


def plain(cell: NotebookNode) -> tuple[int | None, list[dict[str, Any]]]:
    """What is compared of a cell."""
    text = json.dumps(list(_together(cell.outputs)), ensure_ascii=False)
    # The escape character, which JSON writes in six letters.
    text = text.replace(r"\u001b", "\x1b")
    for pattern, replacement in SAME.items():
        text = pattern.sub(replacement, text)
    return cell.execution_count, json.loads(text)


def _together(outputs: list[NotebookNode]) -> Iterator[dict[str, Any]]:
    said: dict[str, dict[str, Any]] = {}
    for output in map(dict, outputs):
        if output["output_type"] == "stream":
            first = said.setdefault(output["name"], {**output, "text": ""})
            first["text"] += output["text"]
            if first["text"] != output["text"]:
                continue
            output = first  # noqa: PLW2901
        elif output["output_type"] == "error":
            output["traceback"] = output["traceback"][-1:]
        yield output


@pytest.mark.parametrize("name", [name for name in CELLS if name not in DIFFERENT])
def test_a_cell_shows_what_it_shows_in_a_stock_kernel(
    name: str, stock: Mapping[str, NotebookNode], ours: Mapping[str, NotebookNode]
) -> None:
    assert plain(ours[name]) == plain(stock[name])


@pytest.mark.parametrize("name", DIFFERENT)
def test_what_is_listed_as_different_is_different(
    name: str, stock: Mapping[str, NotebookNode], ours: Mapping[str, NotebookNode]
) -> None:
    assert plain(ours[name]) != plain(stock[name])
