"""Make the students' versions of all assignments anew, out of ``source/``.

nbgrader does the work, in a temporary folder, so that no gradebook appears in
the checkout. What it makes is committed and never edited. So is the list of what each
notebook holds, ``data/assignments.json``.
"""

import json
import shutil
import tempfile
from pathlib import Path

from volens.grading.manifest import entry
from volens.grading.notebooks import read_notebook
from volens.grading.stock import Course

CHECKOUT = Path(__file__).resolve().parents[1]
MANIFEST = CHECKOUT / "data" / "assignments.json"


def main() -> None:
    """Release every assignment and replace ``assignments/``."""
    made_of = {}
    with tempfile.TemporaryDirectory(prefix="volens-release-") as folder:
        root = Path(folder)
        shutil.copytree(CHECKOUT / "source", root / "source")
        shutil.copy(CHECKOUT / "nbgrader_config.py", root)
        course = Course(root)
        for source in sorted((CHECKOUT / "source").glob("[!.]*/")):
            made = course.release(source.name)
            target = CHECKOUT / "assignments" / source.name
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(made, target)
            made_of[source.name] = entry(read_notebook(target / f"{source.name}.ipynb"))
            print(f"assignments/{source.name}: made from source/{source.name}.")
    MANIFEST.write_text(json.dumps(made_of, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print("data/assignments.json: what each of them holds.")


if __name__ == "__main__":
    main()
