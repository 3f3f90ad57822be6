"""The wheel carries the data and works outside the checkout."""

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tests.checkout import ROOT
from volens import codebook, evidence


@pytest.fixture(name="wheel", scope="module")
def _wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    options = ("--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder))
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", *options, str(ROOT)],
        check=True,
        capture_output=True,
    )
    return next(folder.glob("*.whl"))


def test_the_wheel_carries_every_table_and_no_solution(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()

    for table in codebook.table_names():
        assert f"volens/_data/{codebook.table(table).path}" in names
    assert [name for name in names if name.endswith(".ipynb") or "rubric" in Path(name).name] == [
        "volens/grading/rubric.py"
    ]
    assert "volens/py.typed" in names
    for view in (ROOT / "volens" / "widgets" / "view").iterdir():
        assert f"volens/widgets/view/{view.name}" in names


def test_the_installed_wheel_loads_every_table_from_anywhere(wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "elsewhere"
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    site = next(home.glob("lib/python*/site-packages"))
    zipfile.ZipFile(wheel).extractall(site)
    program = (
        "from volens import audit, codebook, evidence; from pathlib import Path;"
        "assert audit.faults() == ();"
        "print(codebook.data_directory());"
        "print(*(len(evidence.rows(name)) for name in codebook.table_names()))"
    )
    done = subprocess.run(
        [str(python), "-I", "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    where, rows = done.stdout.splitlines()

    assert Path(where) == site / "volens" / "_data"
    assert rows.split() == [str(len(evidence.rows(name))) for name in codebook.table_names()]
