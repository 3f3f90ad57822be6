"""Run a notebook in its folder and print, as JSON, its outputs and where `volens` came from.

It runs in the environment that Binder would make, and uses what is in it.
"""

import json
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient


def main(name: str) -> None:
    file = Path(name)
    notebook = nbformat.read(file, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell("import volens; print(volens.__file__)"))
    place = {"metadata": {"path": str(file.parent)}}
    NotebookClient(notebook, kernel_name="python3", timeout=120, resources=place).execute()
    *cells, last = notebook.cells
    outputs = [output for cell in cells for output in cell.get("outputs", ())]
    json.dump({"outputs": outputs, "volens": last.outputs[0].text.strip()}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
