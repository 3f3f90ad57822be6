"""Notebooks that show widgets: compared by nbval, and exported with the static twins."""

import subprocess
import sys
from html import unescape
from pathlib import Path

import nbformat
import pytest
import running
from nbclient import NotebookClient

from volens.widgets import KINDS, widget

CASE = "kazakhstan-2022"
WITHOUT_STATE = "--ExecutePreprocessor.store_widget_state=False"


def run(*command: str, folder: Path) -> str:
    ended = subprocess.run(
        [sys.executable, "-m", *command], cwd=folder, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.fixture(name="notebook", scope="module")
def _notebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A notebook that shows every widget, run and saved with what it showed."""
    file = tmp_path_factory.mktemp("widgets") / "widgets.ipynb"
    calls = [f"vo.{kind.replace('-', '_')}()" for kind in KINDS]
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(text) for text in ("import volens as vo", *calls)],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    client = NotebookClient(
        notebook, kernel_name="python3", store_widget_state=False, extra_arguments=running.QUIET
    )
    nbformat.write(client.execute(cwd=str(file.parent)), file)
    return file


def test_a_second_run_shows_exactly_what_the_first_did(notebook: Path) -> None:
    run("pytest", "-q", "--nbval", "-p", "no:cacheprovider", notebook.name, folder=notebook.parent)


@pytest.mark.parametrize("execute", [(), ("--execute", WITHOUT_STATE)], ids=["saved", "executed"])
def test_the_exported_page_shows_the_static_twins(notebook: Path, execute: tuple[str, ...]) -> None:
    run("jupyter", "nbconvert", *execute, "--to", "html", notebook.name, folder=notebook.parent)
    page = notebook.with_suffix(".html").read_text(encoding="utf-8")

    for kind in KINDS:
        first_cell = widget(kind, CASE).to_html().split("<td", 1)[-1].split(">", 1)[-1]
        words = unescape(first_cell.split("<", 1)[0]).strip()
        assert words in unescape(page), kind
