"""Make the students' versions of all assignments anew, out of ``source/``.

nbgrader does the work, in a temporary folder, so that no gradebook appears in
the checkout. What it makes is committed and never edited.
"""

import shutil
import tempfile
from pathlib import Path

from volens.grading.stock import Course

CHECKOUT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Release every assignment and replace ``assignments/``."""
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
            print(f"assignments/{source.name}: made from source/{source.name}.")


if __name__ == "__main__":
    main()
