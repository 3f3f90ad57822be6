"""``volens collect`` and ``volens export``, as they are typed."""

import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.grader.marked_by_stock import Stage
from tests.grading.imagined_course import ASSIGNMENT, build
from volens.grader.intake_commands import collect, export

NB = f"{ASSIGNMENT}.ipynb"


@pytest.fixture(name="course")
def _course(tmp_path: Path) -> Path:
    return build(tmp_path / "course")


def zipped(file: Path, members: Mapping[str, str]) -> Path:
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 3, 2, 10, 0, 0)), content)
    return file


def collected(course: Path, *arguments: object) -> Result:
    words = [str(one) for one in (ASSIGNMENT, *arguments, "--course", course)]
    return CliRunner().invoke(collect, words)


def test_collect_says_what_became_of_each_file(course: Path, tmp_path: Path) -> None:
    file = zipped(
        tmp_path / "m.zip",
        {
            f"Ann_101_assignsubmission_file_/{NB}": "x",
            "Bo_102_assignsubmission_file_/mine.ipynb": "y",
            "Bo_102_assignsubmission_file_/essay.pdf": "z",
            "Cy_103_assignsubmission_file_/essay.pdf": "z",
            "Cy_103_assignsubmission_file_/notes.txt": "z",
        },
    )
    result = collected(course, file)
    assert result.output == (
        "m.zip: read as moodle\n"
        "  102: collected. It is called mine.ipynb; taken because it is the only notebook. "
        "(Bo_102_assignsubmission_file_/mine.ipynb)\n"
        "\n"
        "Look at these:\n"
        "  103: refused, no-notebook: m.zip, Cy_103_assignsubmission_file_/essay.pdf\n"
        "    No notebook, but essay.pdf, notes.txt. A file inside another zip file is not looked "
        "for. Ask the student for the .ipynb file.\n"
        "\n"
        "a0-gates: 2 collected, 0 unchanged, 0 older, 1 refused. Other files left out: 1.\n"
    )
    assert result.exit_code == 3


def test_collect_ends_with_0_if_all_are_in(course: Path, tmp_path: Path) -> None:
    file = zipped(tmp_path / "m.zip", {f"Ann_101_assignsubmission_file_/{NB}": "x"})
    dry = collected(course, file, "--dry-run")
    assert dry.exit_code == 0
    assert dry.output.splitlines()[-2:] == [
        "a0-gates: 1 would be collected, 0 unchanged, 0 older, 0 refused. Other files left out: 0.",
        "Nothing was written.",
    ]
    assert not (course / "submitted").exists()
    assert [collected(course, file).exit_code for _ in range(2)] == [0, 0]


def test_collect_takes_a_table_of_students(course: Path, tmp_path: Path) -> None:
    table = tmp_path / "ids.csv"
    table.write_text("platform_id,student_id\n101,s01\n")
    file = zipped(tmp_path / "m.zip", {f"Ann_101_assignsubmission_file_/{NB}": "x"})
    assert collected(course, file, "--students", table).exit_code == 0
    assert (course / "submitted" / "s01" / ASSIGNMENT / NB).read_text() == "x"


def test_a_dry_run_says_of_each_file_what_would_be(course: Path, tmp_path: Path) -> None:
    file = zipped(tmp_path / "m.zip", {"Ann_101_assignsubmission_file_/mine.ipynb": "x"})
    lines = collected(course, file, "--dry-run").output.splitlines()
    assert lines[1].startswith("  101: would be collected. It is called mine.ipynb;")


def test_what_is_refused_is_not_counted_as_left_out(course: Path, tmp_path: Path) -> None:
    names = (f"{who}_assignsubmission_file_/essay.pdf" for who in ("Ann_101", "Bo_102"))
    last = collected(course, zipped(tmp_path / "m.zip", dict.fromkeys(names, "x"))).output
    assert last.endswith("0 older, 2 refused. Other files left out: 0.\n")


def test_a_table_that_makes_students_anew_is_told_of(course: Path, tmp_path: Path) -> None:
    members = {f"{who}_assignsubmission_file_/{NB}": who for who in ("Ann_101", "Bo_102")}
    file = zipped(tmp_path / "m.zip", members)
    collected(course, file)
    table = tmp_path / "ids.csv"
    table.write_text("platform_id,student_id\n101,s01\n102,102\n103,s03\n")
    result = collected(course, file, "--students", table, "--dry-run")
    assert result.exit_code == 0
    assert result.output.splitlines()[-3] == (
        "These were collected before under the platform's id, and each would be two students: "
        "101 (now s01). Delete submitted/ID/a0-gates of the old id and collect again; if it was "
        "marked already, keep to the old ids and leave --students out."
    )
    assert "two students" not in collected(course, file).output


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ([], 2, "Name a zip file or a folder, or use --exchange."),
        (["x.zip", "--exchange"], 2, "With --exchange, name no sources"),
        (["x.zip"], 1, "Error: x.zip is not there. Name a zip file"),
    ],
)
def test_a_mistake_gives_one_message(
    course: Path, arguments: list[str], code: int, message: str
) -> None:
    result = collected(course, *arguments)
    assert (result.exit_code, message in result.output) == (code, True)


# nbgrader's exchange


@pytest.fixture(name="inbound")
def _inbound(course: Path, tmp_path: Path) -> Path:
    """What students have handed in through an exchange."""
    exchange = tmp_path / "exchange"
    with (course / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write(f"\nc.Exchange.root = {str(exchange)!r}\n")
        config.write("c.ExchangeCollect.check_owner = False\n")
    inbound = exchange / "volens" / "inbound"
    folder = inbound / f"s01+{ASSIGNMENT}+2026-03-01 12:00:00.000000 UTC"
    folder.mkdir(parents=True)
    exchange.chmod(0o777)
    (folder / NB).write_text("x")
    (folder / "timestamp.txt").write_text("2026-03-01 12:00:00.000000 UTC")
    return inbound


def test_collect_takes_from_nbgraders_exchange(course: Path, inbound: Path) -> None:
    result = collected(course, "--exchange")
    assert (result.exit_code, f"Collecting submission: s01 {ASSIGNMENT}" in result.output) == (
        0,
        True,
    )
    assert (course / "submitted" / "s01" / ASSIGNMENT / NB).read_text() == "x"


def test_a_link_in_the_exchange_is_not_followed(
    course: Path, inbound: Path, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("secret")
    folder = inbound / f"s02+{ASSIGNMENT}+2026-03-01 12:00:00.000000 UTC"
    folder.mkdir()
    (folder / NB).symlink_to(tmp_path / "secret")
    result = collected(course, "--exchange")
    assert result.exit_code == 1
    assert "In the exchange, 1 links lie where files should" in result.output
    assert not (course / "submitted").exists()


# Export


def test_export_says_whose_mark_has_no_row(
    stages: Mapping[str, Stage], marked_course: Path, tmp_path: Path
) -> None:
    root = tmp_path / "marked"
    shutil.copytree(marked_course, root)
    shutil.copy(stages["read"].file, root / "gradebook.db")
    template = tmp_path / "worksheet.csv"
    template.write_text(
        "Identifier,ID number,Grade\nParticipant 1,s01,\n"
        '"Bekova, Aliya",s08,\n"Conti, Bruno",s09,\n'
    )
    out = tmp_path / "marks.csv"
    words = [ASSIGNMENT, "--to", "moodle", "--out", out, "--template", template, "--course", root]
    result = CliRunner().invoke(export, [str(word) for word in words])
    assert result.output == (
        "Students were found by the column ID number.\n"
        "Left empty, because a person still has to mark something: s02\n"
        "In the template, but not in the gradebook; left as they were: Bekova, Aliya; "
        "Conti, Bruno\n"
        "NOT EXPORTED: these have a mark, but no row in the template: s03\n"
        f"{out}: 1 marks.\n"
    )
    assert result.exit_code == 3
    plain = CliRunner().invoke(
        export, [ASSIGNMENT, "--to", "csv", "--out", str(out), "--course", str(root)]
    )
    assert plain.exit_code == 0
