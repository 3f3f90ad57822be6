"""Files from a learning platform: each ends somewhere, none stops the others."""

import io
import json
import os
import stat
import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbgrader.coursedir import CourseDirectory

from tests.grading.imagined_course import ASSIGNMENT, build
from volens.errors import CellError, GradingError
from volens.grader.collecting import sources
from volens.grader.collecting.intake import collect
from volens.grader.collecting.outcomes import Collected
from volens.grader.collecting.students import read_students

NB = f"{ASSIGNMENT}.ipynb"
MONDAY = (2026, 3, 2, 10, 0, 0)
TUESDAY = (2026, 3, 3, 10, 0, 0)
Members = Mapping[str, bytes | str]


@pytest.fixture(name="course")
def _course(tmp_path: Path) -> Path:
    """A course in which nothing was handed in yet."""
    return build(tmp_path / "course")


def zipped(
    file: Path,
    members: Members,
    date: tuple[int, int, int, int, int, int] = MONDAY,
    change: Callable[[zipfile.ZipInfo], None] = lambda info: None,
) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(date_time=date)
            info.filename = name  # the constructor would mend it
            info.compress_type = zipfile.ZIP_DEFLATED
            change(info)
            archive.writestr(info, content)
    return file


def laid_out(folder: Path, members: Members) -> Path:
    for name, content in members.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def moodle(student: int, name: str = NB, ending: str = "") -> str:
    return f"Ann Example_{student}_assignsubmission_file{ending}/{name}"


def submitted(course: Path) -> dict[str, str]:
    """What lies in ``submitted/``: the path to the text."""
    root = course / "submitted"
    return {
        file.relative_to(root).as_posix(): file.read_text()
        for file in sorted(root.rglob("*"))
        if file.is_file()
    }


def ends(done: Collected) -> list[tuple[str, str, str]]:
    return sorted((one.student, one.state, one.reason) for one in done.outcomes)


def run(course: Path, *paths: Path, **options: Any) -> Collected:  # noqa: ANN401 (those of `collect`)
    return collect(course, ASSIGNMENT, paths, **options)


# How platforms name files


def test_a_moodle_zip_becomes_submitted(course: Path, tmp_path: Path) -> None:
    file = zipped(tmp_path / "moodle.zip", {moodle(101): "one", moodle(102, ending="_"): "two"})
    done = run(course, file)
    assert dict(done.layouts) == {"moodle.zip": "moodle"}
    assert ends(done) == [("101", "collected", "new"), ("102", "collected", "new")]
    assert submitted(course) == {f"101/{ASSIGNMENT}/{NB}": "one", f"102/{ASSIGNMENT}/{NB}": "two"}


def test_a_flat_moodle_zip_is_read_as_well(course: Path, tmp_path: Path) -> None:
    names = (f"Berg Ann_7_assignsubmission_file_{NB}", f"Öz José_8_assignsubmission_file_{NB}")
    done = run(course, zipped(tmp_path / "flat.zip", dict.fromkeys(names, "x")))
    assert ends(done) == [("7", "collected", "new"), ("8", "collected", "new")]


def test_text_typed_into_moodle_is_left_out(course: Path, tmp_path: Path) -> None:
    typed = "Ann Example_101_assignsubmission_onlinetext/onlinetext.html"
    only = "Bo Example_102_assignsubmission_onlinetext_/onlinetext.html"
    done = run(course, zipped(tmp_path / "m.zip", {moodle(101): "x", typed: "", only: ""}))
    assert ends(done) == [("101", "collected", "new"), ("102", "refused", "no-notebook")]


def test_a_canvas_zip_becomes_submitted(course: Path, tmp_path: Path) -> None:
    file = zipped(
        tmp_path / "submissions.zip",
        {
            f"bergann_340_9001_{NB}": "one",
            f"öz_LATE_341_9002_{ASSIGNMENT}-2.ipynb": "two",
            "oddbo_342_text.html": "typed",
        },
    )
    done = run(course, file)
    assert done.layouts["submissions.zip"] == "canvas"
    assert ends(done) == [
        ("340", "collected", "new"),
        ("341", "collected", "new"),
        ("342", "refused", "no-notebook"),
    ]


def test_on_canvas_the_file_with_the_highest_number_is_the_newest(
    course: Path, tmp_path: Path
) -> None:
    members = {
        f"bergann_340_9009_{ASSIGNMENT}-1.ipynb": "second",
        f"bergann_340_9001_{NB}": "first",
        f"bergann_340_10000_{ASSIGNMENT}-2.ipynb": "third",
    }
    done = run(course, zipped(tmp_path / "s.zip", members))
    assert ends(done) == [
        ("340", "collected", "new"),
        ("340", "older", "superseded"),
        ("340", "older", "superseded"),
    ]
    assert submitted(course) == {f"340/{ASSIGNMENT}/{NB}": "third"}
    assert done.to_look_at == ()


def test_a_name_that_reads_as_two_students_is_for_a_person(course: Path, tmp_path: Path) -> None:
    forged = f"x_1_2_y_340_9001_{NB}"
    file = zipped(tmp_path / "s.zip", {forged: "x", f"bergann_1_9000_{NB}": "y"})
    done = run(course, file)
    assert ends(done) == [("", "refused", "which-student"), ("1", "collected", "new")]
    with_table = run(course, file, students={"1": "s01", "340": "s02"}, dry=True)
    assert ("", "refused", "which-student") in ends(with_table)


def test_a_canvas_zip_without_names_is_read(course: Path, tmp_path: Path) -> None:
    members = {f"anon_Ab3x9_9001_{NB}": "x", f"LATE_anon_zZ9aa_9002_{NB}": "y"}
    done = run(course, zipped(tmp_path / "s.zip", members))
    assert ends(done) == [("Ab3x9", "collected", "new"), ("zZ9aa", "collected", "new")]


def test_files_by_the_courses_own_convention_are_read(course: Path, tmp_path: Path) -> None:
    folder = laid_out(tmp_path / "got", {f"s01_{NB}": "x", f"s-02_{NB}": "y", "readme.txt": ""})
    done = run(course, folder)
    assert done.layouts == {"got": "named"}
    assert ends(done) == [("s-02", "collected", "new"), ("s01", "collected", "new")]
    assert done.left_out == 1


def test_a_folder_for_each_student_is_read(course: Path, tmp_path: Path) -> None:
    folder = laid_out(
        tmp_path / "got",
        {
            "ann.berg@example.org/mine.ipynb": "x",
            f"s02/{ASSIGNMENT}/{NB}": "y",
            f"s02/{ASSIGNMENT}/timestamp.txt": "2026-03-01 12:00:00.000000 UTC",
        },
    )
    done = run(course, folder)
    assert done.layouts == {"got": "folders"}
    assert ends(done) == [("ann.berg@example.org", "collected", "new"), ("s02", "collected", "new")]
    [renamed] = [one for one in done.outcomes if one.student.startswith("ann")]
    assert renamed.message == "It is called mine.ipynb; taken because it is the only notebook."


def test_nbgraders_own_time_of_submission_is_kept(course: Path, tmp_path: Path) -> None:
    stamp = "2026-03-01 13:00:00.5 Europe/Berlin"
    members = {f"s02/{ASSIGNMENT}/{NB}": "y", f"s02/{ASSIGNMENT}/timestamp.txt": stamp}
    run(course, laid_out(tmp_path / "got", members))
    folder = course / "submitted" / "s02" / ASSIGNMENT
    assert (folder / "timestamp.txt").read_text() == "2026-03-01 12:00:00.500000 UTC"
    assert CourseDirectory().get_existing_timestamp(str(folder)) == datetime(  # noqa: DTZ001
        2026, 3, 1, 12, 0, 0, 500000
    )


def test_a_layout_that_cannot_be_told_stops_with_the_names_of_the_layouts(
    course: Path, tmp_path: Path
) -> None:
    file = zipped(tmp_path / "odd.zip", {"one.ipynb": "x", "two.ipynb": "y"})
    with pytest.raises(GradingError) as caught:
        run(course, file)
    assert str(caught.value) == (
        "odd.zip: expected files as a learning platform names them, got one.ipynb, two.ipynb. Say "
        "how they are named: --layout moodle (Name_12345_assignsubmission_file_), canvas "
        "(name_340934_208490284_a0-gates.ipynb), named (STUDENT_a0-gates.ipynb) or folders "
        "(STUDENT/any.ipynb)."
    )
    assert submitted(course) == {}


def test_one_odd_name_does_not_change_the_layout(course: Path, tmp_path: Path) -> None:
    members = {moodle(1): "x", moodle(2): "y", f"forged_3_4_{NB}": "z"}
    done = run(course, zipped(tmp_path / "m.zip", members))
    assert ends(done) == [
        ("", "refused", "which-student"),
        ("1", "collected", "new"),
        ("2", "collected", "new"),
    ]


def test_an_unknown_assignment_is_not_collected(course: Path, tmp_path: Path) -> None:
    with pytest.raises(GradingError, match=r"no assignment `a0-gate`\. Did you mean .*a0-gates"):
        collect(course, "a0-gate", [zipped(tmp_path / "m.zip", {moodle(1): "x"})])


@pytest.mark.parametrize("typed", ["a0", "A0", "gates", "a0gates"])
def test_the_beginning_of_an_assignment_is_enough_to_name_it(
    course: Path, tmp_path: Path, typed: str
) -> None:
    with pytest.raises(GradingError, match=r"Did you mean `a0-gates`\?"):
        collect(course, typed, [zipped(tmp_path / "m.zip", {moodle(1): "x"})])


# Who is who


def test_a_table_gives_the_students_ids(course: Path, tmp_path: Path) -> None:
    table = tmp_path / "ids.csv"
    table.write_text("name;platform_id;student_id\nAnn;101;s01\nBo;102;s02\n", "utf-8-sig")
    file = zipped(tmp_path / "m.zip", {moodle(101): "x", moodle(109): "y"})
    done = run(course, file, students=read_students(table))
    assert ends(done) == [("", "refused", "unknown-student"), ("s01", "collected", "new")]
    assert list(submitted(course)) == [f"s01/{ASSIGNMENT}/{NB}"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id,student_id\n", "ids.csv, row 1, column `platform_id`: expected one column of this"),
        ("platform_id,student_id\n1,s01\n1,s02\n", "ids.csv, row 3, column `platform_id`"),
        (
            "platform_id,student_id\n1,s01\n2,s01\n",
            "row 3, column `student_id`: expected a student",
        ),
        ("platform_id,student_id\n1,../s01\n", "row 2, column `student_id`: expected letters"),
        ("platform_id,student_id\n,s01\n", "row 2, column `platform_id`: expected the platform's"),
    ],
)
def test_a_wrong_table_is_answered_with_row_and_column(
    tmp_path: Path, text: str, message: str
) -> None:
    table = tmp_path / "ids.csv"
    table.write_text(text, encoding="utf-8")
    with pytest.raises(CellError) as caught:
        read_students(table)
    assert message in str(caught.value)


def test_a_table_that_is_no_text_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "ids.csv"
    table.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(GradingError, match="expected text in UTF-8"):
        read_students(table)
    with pytest.raises(GradingError, match="cannot be read"):
        read_students(tmp_path / "none.csv")


def test_ids_that_some_file_systems_take_for_one_are_refused(course: Path, tmp_path: Path) -> None:
    folder = laid_out(
        tmp_path / "got", {f"Ann/{NB}": "x", f"ann/{NB}": "y", f"bo/{NB}": "z", f"CY/{NB}": "w"}
    )
    (course / "submitted" / "cy").mkdir(parents=True)
    done = run(course, folder)
    assert ends(done) == [
        ("Ann", "refused", "name-clash"),
        ("CY", "refused", "name-clash"),
        ("ann", "refused", "name-clash"),
        ("bo", "collected", "new"),
    ]


@pytest.mark.parametrize("student", [".hidden", "a b", "*", "x" * 65, "-f", "e\u0301a", "{x}"])
def test_what_cannot_be_an_id_is_refused(course: Path, tmp_path: Path, student: str) -> None:
    file = zipped(tmp_path / "f.zip", {f"{student}/{NB}": "x"})
    assert ends(run(course, file, layout="folders")) == [("", "refused", "bad-student-id")]


# Which file counts


def test_the_file_called_as_the_assignment_counts(course: Path, tmp_path: Path) -> None:
    members = {moodle(1): "x", moodle(1, "notes.ipynb"): "y", moodle(1, "essay.pdf"): "z"}
    done = run(course, zipped(tmp_path / "m.zip", members))
    assert ends(done) == [("1", "collected", "new"), ("1", "older", "other-notebook")]
    assert (submitted(course), done.left_out) == ({f"1/{ASSIGNMENT}/{NB}": "x"}, 1)


@pytest.mark.parametrize(
    "name", ["A0_Gates.IPYNB", "my a0-gates final.ipynb", "a0 gates (1).ipynb"]
)
def test_a_name_that_contains_the_assignment_counts(
    course: Path, tmp_path: Path, name: str
) -> None:
    members = {moodle(1, name): "x", moodle(1, "notes.ipynb"): "y"}
    run(course, zipped(tmp_path / "m.zip", members))
    assert submitted(course) == {f"1/{ASSIGNMENT}/{NB}": "x"}


def test_several_that_differ_and_none_that_fits_are_for_a_person(
    course: Path, tmp_path: Path
) -> None:
    members = {moodle(1, "one.ipynb"): "x", moodle(1, "two.ipynb"): "y", moodle(2): "z"}
    done = run(course, zipped(tmp_path / "m.zip", members))
    assert ends(done) == [
        ("1", "refused", "which-file"),
        ("1", "refused", "which-file"),
        ("2", "collected", "new"),
    ]


def test_moodle_does_not_say_which_of_two_copies_is_newer(course: Path, tmp_path: Path) -> None:
    members = {moodle(1): "x", moodle(1, f"{ASSIGNMENT} (1).ipynb"): "y"}
    done = run(course, zipped(tmp_path / "m.zip", members))
    assert {one.reason for one in done.outcomes} == {"which-file"}


def test_the_same_file_twice_is_one_file(course: Path, tmp_path: Path) -> None:
    members = {moodle(1): "x", moodle(1, f"{ASSIGNMENT} (1).ipynb"): "x"}
    done = run(course, zipped(tmp_path / "m.zip", members))
    assert ends(done) == [("1", "collected", "new"), ("1", "unchanged", "twice")]


def test_in_folders_the_file_written_last_is_the_newest(course: Path, tmp_path: Path) -> None:
    folder = laid_out(tmp_path / "got", {f"s01/{NB}": "old", f"s01/{ASSIGNMENT}-1.ipynb": "new"})
    os.utime(folder / "s01" / NB, (1_000_000, 1_000_000))
    os.utime(folder / "s01" / f"{ASSIGNMENT}-1.ipynb", (2_000_000, 2_000_000))
    run(course, folder)
    assert submitted(course) == {f"s01/{ASSIGNMENT}/{NB}": "new"}


def test_another_assignment_is_not_taken_for_this_one(course: Path, tmp_path: Path) -> None:
    (course / "source" / "a1-claims").mkdir()
    done = run(course, zipped(tmp_path / "m.zip", {moodle(1, "a1-claims.ipynb"): "x"}))
    assert ends(done) == [("1", "refused", "other-assignment")]
    tree = {"s01/a1-claims/a1-claims.ipynb": "x", f"s01/{ASSIGNMENT}/{NB}": "y"}
    done = run(course, laid_out(tmp_path / "got" / "submitted", tree).parent)
    assert ends(done) == [("s01", "collected", "new")]


def test_a_zip_inside_the_zip_is_not_opened(course: Path, tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr(NB, "x")
    done = run(course, zipped(tmp_path / "m.zip", {moodle(1, "mine.zip"): inner.getvalue()}))
    [one] = done.outcomes
    assert (one.state, one.reason) == ("refused", "no-notebook")
    assert one.message == (
        "No notebook, but mine.zip. A file inside another zip file is not looked for. Ask the "
        "student for the .ipynb file."
    )


# Again


def test_collecting_twice_changes_nothing(course: Path, tmp_path: Path) -> None:
    file = zipped(tmp_path / "m.zip", {moodle(1): "x", moodle(2): "y"})
    run(course, file)
    before = {path: path.stat().st_mtime_ns for path in course.rglob("*") if path.is_file()}
    done = run(course, file)
    assert ends(done) == [("1", "unchanged", "same"), ("2", "unchanged", "same")]
    assert {p: p.stat().st_mtime_ns for p in course.rglob("*") if p.is_file()} == before


def test_a_newer_file_replaces_the_earlier_one_which_is_kept(course: Path, tmp_path: Path) -> None:
    monday = zipped(tmp_path / "monday.zip", {moodle(1): "first"})
    tuesday = zipped(tmp_path / "tuesday.zip", {moodle(1): "second"}, TUESDAY)
    run(course, monday)
    assert ends(run(course, tuesday)) == [("1", "collected", "replaced")]
    assert submitted(course) == {f"1/{ASSIGNMENT}/{NB}": "second"}
    earlier = course / "results" / ASSIGNMENT / "earlier"
    assert [(one.name, one.read_text()) for one in earlier.iterdir()] == [("1-1.ipynb", "first")]
    again = run(course, monday)
    assert ends(again) == [("1", "older", "sent-before")]
    assert len(again.to_look_at) == 1
    assert submitted(course) == {f"1/{ASSIGNMENT}/{NB}": "second"}
    assert ends(run(course, monday, replace=True)) == [("1", "collected", "replaced")]
    assert submitted(course) == {f"1/{ASSIGNMENT}/{NB}": "first"}


def test_of_two_downloads_at_once_the_later_one_counts(course: Path, tmp_path: Path) -> None:
    tuesday = zipped(tmp_path / "tuesday.zip", {moodle(1): "second"}, TUESDAY)
    monday = zipped(tmp_path / "monday.zip", {moodle(1): "first", moodle(2): "x"})
    expected = [
        ("1", "collected", "new"),
        ("1", "older", "superseded"),
        ("2", "collected", "new"),
    ]
    assert ends(run(course, tuesday, monday)) == expected
    assert submitted(course)[f"1/{ASSIGNMENT}/{NB}"] == "second"
    assert ends(run(course, monday, tuesday))[0] == ("1", "older", "superseded")


def test_an_older_download_does_not_win(course: Path, tmp_path: Path) -> None:
    run(course, zipped(tmp_path / "tuesday.zip", {moodle(1): "second"}, TUESDAY))
    done = run(course, zipped(tmp_path / "monday.zip", {moodle(1): "first"}))
    assert ends(done) == [("1", "older", "older-than-collected")]
    assert submitted(course) == {f"1/{ASSIGNMENT}/{NB}": "second"}


def test_a_notebook_that_was_mended_here_stays(course: Path, tmp_path: Path) -> None:
    members = {moodle(1): "damaged"}
    run(course, zipped(tmp_path / "monday.zip", members))
    (course / "submitted" / "1" / ASSIGNMENT / NB).write_text("mended")
    done = run(course, zipped(tmp_path / "tuesday.zip", members, TUESDAY))
    assert ends(done) == [("1", "unchanged", "changed-here")]
    assert submitted(course) == {f"1/{ASSIGNMENT}/{NB}": "mended"}


def test_a_time_of_an_earlier_file_does_not_stay(course: Path, tmp_path: Path) -> None:
    folder = course / "submitted" / "1" / ASSIGNMENT
    laid_out(folder, {NB: "first", "timestamp.txt": "2020-01-01 00:00:00 UTC"})
    os.utime(folder / NB, (1_000_000, 1_000_000))
    run(course, zipped(tmp_path / "m.zip", {moodle(1): "second"}))
    assert submitted(course) == {f"1/{ASSIGNMENT}/{NB}": "second"}


def test_a_dry_run_writes_nothing(course: Path, tmp_path: Path) -> None:
    before = sorted(course.rglob("*"))
    done = run(course, zipped(tmp_path / "m.zip", {moodle(1): "x"}), dry=True)
    assert ends(done) == [("1", "collected", "new")]
    assert sorted(course.rglob("*")) == before


def test_a_list_of_what_was_taken_that_is_damaged_is_named(course: Path, tmp_path: Path) -> None:
    laid_out(course / "results" / ASSIGNMENT, {"collected.json": "{"})
    with pytest.raises(GradingError, match=r"collected\.json: expected the list of what was"):
        run(course, zipped(tmp_path / "m.zip", {moodle(1): "x"}))


def test_what_was_taken_is_written_down(course: Path, tmp_path: Path) -> None:
    run(course, zipped(tmp_path / "m.zip", {moodle(1): "x"}))
    listed = json.loads((course / "results" / ASSIGNMENT / "collected.json").read_text())
    [line] = listed["students"]["1"]
    assert (line["source"], line["file"]) == ("m.zip", moodle(1))


def test_a_disk_that_takes_nothing_is_told_of_each_student(course: Path, tmp_path: Path) -> None:
    laid_out(course / "submitted", {"1": "a file where a folder should be"})
    done = run(course, zipped(tmp_path / "m.zip", {moodle(1): "x", moodle(2): "y"}))
    assert ends(done) == [("1", "refused", "not-written"), ("2", "collected", "new")]


# What is not what it seems


def good(name: str = "2") -> str:
    return moodle(int(name))


@pytest.mark.parametrize(
    "name",
    [
        f"/etc/{NB}",
        f"../{moodle(1)}",
        f"Ann_1_assignsubmission_file_/../../{NB}",
        f"..\\Ann_1_assignsubmission_file_\\{NB}",
        f"C:/Ann_1_assignsubmission_file_/{NB}",
        f"Ann_1_assignsubmission_file_//{NB}",
        f"Ann_1_assignsubmission_file_/\x1b[2J{NB}",
        f"Ann_1_assignsubmission_file_/a\x00{NB}",
        f"Ann_1_assignsubmission_file_/\u202e{NB}",
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(course: Path, tmp_path: Path, name: str) -> None:
    done = run(course, zipped(tmp_path / "m.zip", {name: "x", good(): "y"}))
    assert ends(done) == [("", "refused", "unsafe-name"), ("2", "collected", "new")]
    assert all(one.file.isprintable() for one in done.outcomes)


def test_a_name_that_is_too_long_is_refused(course: Path, tmp_path: Path) -> None:
    done = run(course, zipped(tmp_path / "m.zip", {moodle(1, "x" * 300 + NB): "x", good(): "y"}))
    assert ends(done) == [("", "refused", "name-too-long"), ("2", "collected", "new")]


@pytest.mark.parametrize(
    ("mode", "reason"),
    [(stat.S_IFLNK, "link"), (stat.S_IFIFO, "no-file"), (stat.S_IFCHR, "no-file")],
)
def test_a_link_or_device_in_a_zip_is_refused(
    course: Path, tmp_path: Path, mode: int, reason: str
) -> None:
    def change(info: zipfile.ZipInfo) -> None:
        if "_1_" in info.filename:
            info.external_attr = (mode | 0o777) << 16

    file = zipped(tmp_path / "m.zip", {moodle(1): "/etc/passwd", good(): "y"}, change=change)
    done = run(course, file)
    assert ends(done) == [("", "refused", reason), ("2", "collected", "new")]


def test_two_files_of_one_name_are_both_refused(course: Path, tmp_path: Path) -> None:
    file = tmp_path / "m.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(moodle(1), "x")
        archive.writestr(good(), "z")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr(moodle(1), "y")
    assert ends(run(course, file)) == [
        ("", "refused", "name-twice"),
        ("", "refused", "name-twice"),
        ("2", "collected", "new"),
    ]


def test_a_locked_file_is_refused(course: Path, tmp_path: Path) -> None:
    file = zipped(tmp_path / "m.zip", {good(): "y", moodle(1): "x"})
    content = bytearray(file.read_bytes())
    # The flag stands in the list at the end, eight bytes in.
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    file.write_bytes(content)
    assert ends(run(course, file)) == [("", "refused", "encrypted"), ("2", "collected", "new")]


def test_a_bomb_is_refused_unopened(course: Path, tmp_path: Path) -> None:
    file = zipped(tmp_path / "m.zip", {moodle(1): bytes(4 << 20), good(): "y"})
    assert ends(run(course, file)) == [("", "refused", "zip-bomb"), ("2", "collected", "new")]


def test_files_that_unpack_to_too_much_together_are_refused(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "TOGETHER", 1000)
    file = zipped(tmp_path / "m.zip", {moodle(number): bytes(1 << 19) for number in range(9)})
    with pytest.raises(GradingError, match=r"m\.zip: .* unpacks to more than 200 times its length"):
        run(course, file)


def test_a_zip_in_which_nothing_can_be_opened_is_still_reported(
    course: Path, tmp_path: Path
) -> None:
    assert ends(run(course, zipped(tmp_path / "m.zip", {moodle(1): bytes(4 << 20)}))) == [
        ("", "refused", "zip-bomb")
    ]
    assert ends(run(course, zipped(tmp_path / "n.zip", {f"../{NB}": "x"}))) == [
        ("", "refused", "unsafe-name")
    ]
    with pytest.raises(GradingError, match=r"o\.zip: .* got no files"):
        run(course, zipped(tmp_path / "o.zip", {}))


def test_folders_in_folders_without_end_are_reported(course: Path, tmp_path: Path) -> None:
    deep = "/".join("abcdefghijklm")
    folder = laid_out(tmp_path / "got", {f"s01/{deep}/{NB}": "x", f"s02/{NB}": "y"})
    done = run(course, folder)
    assert ends(done) == [("", "refused", "too-deep"), ("s02", "collected", "new")]


def test_long_names_are_recognised_and_shown_short(course: Path, tmp_path: Path) -> None:
    name = f"{'Ann ' * 20}_7_assignsubmission_file_/{NB}"
    done = run(course, zipped(tmp_path / "m.zip", {name: "x"}))
    assert ends(done) == [("7", "collected", "new")]
    assert len(done.outcomes[0].file) == 100


def test_a_file_that_is_too_long_is_refused(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "NOTEBOOK_BYTES", 100)
    for source in (
        zipped(tmp_path / "m.zip", {"s01/a.ipynb": "x" * 101, "s02/a.ipynb": "y" * 100}),
        laid_out(tmp_path / "got", {"s03/a.ipynb": "x" * 101, "s04/a.ipynb": "y" * 100}),
    ):
        done = run(course, source, layout="folders")
        assert [(one.state, one.reason) for one in done.outcomes] == [
            ("refused", "too-large"),
            ("collected", "new"),
        ]


def test_a_file_longer_than_it_says_is_refused(course: Path, tmp_path: Path) -> None:
    file = zipped(tmp_path / "m.zip", {good(): "y", moodle(1): "x" * 5000})
    content = bytearray(file.read_bytes())
    place = content.rindex(b"PK\x01\x02") + 24
    content[place : place + 4] = (3).to_bytes(4, "little")
    file.write_bytes(content)
    assert ends(run(course, file)) == [("1", "refused", "damaged-zip"), ("2", "collected", "new")]


def test_a_damaged_member_does_not_stop_the_others(course: Path, tmp_path: Path) -> None:
    file = zipped(tmp_path / "m.zip", {moodle(1): os.urandom(4000), good(): "y"})
    content = bytearray(file.read_bytes())
    content[2000:2100] = bytes(100)
    file.write_bytes(content)
    assert ends(run(course, file)) == [("1", "refused", "damaged-zip"), ("2", "collected", "new")]


def test_a_zip_that_is_cut_off_is_named(course: Path, tmp_path: Path) -> None:
    file = zipped(tmp_path / "m.zip", {good(): "y"})
    file.write_bytes(file.read_bytes()[:-30])
    with pytest.raises(GradingError, match=r"m\.zip: expected a zip file, got something that"):
        run(course, file)
    with pytest.raises(GradingError, match=r"none\.zip is not there"):
        run(course, tmp_path / "none.zip")


def test_too_many_files_are_refused(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "ENTRIES", 3)
    members = {moodle(number): "x" for number in range(4)}
    with pytest.raises(GradingError, match="expected at most 3 files, got 4"):
        run(course, zipped(tmp_path / "m.zip", members))
    with pytest.raises(GradingError, match="expected at most 3 files, got more"):
        run(course, laid_out(tmp_path / "got", members))


def test_what_computers_leave_behind_is_passed_over(course: Path, tmp_path: Path) -> None:
    members = {
        good(): "y",
        f"__MACOSX/{moodle(1, '._' + NB)}": "x",
        "Ann_1_assignsubmission_file_/.DS_Store": "x",
        f"Ann_2_assignsubmission_file_/.ipynb_checkpoints/{NB}": "x",
    }
    done = run(course, zipped(tmp_path / "m.zip", members))
    assert (ends(done), done.passed_over) == ([("2", "collected", "new")], 3)


def test_links_and_pipes_in_a_folder_are_never_opened(course: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.ipynb"
    secret.write_text("secret")
    folder = laid_out(tmp_path / "got", {f"s01/{NB}": "x"})
    (folder / "s02").mkdir()
    (folder / "s02" / NB).symlink_to(secret)
    (folder / "s03").symlink_to(folder / "s01")
    (folder / "s04").mkdir()
    os.mkfifo(folder / "s04" / NB)
    done = run(course, folder)
    assert ends(done) == [
        ("", "refused", "link"),
        ("", "refused", "link"),
        ("", "refused", "no-file"),
        ("s01", "collected", "new"),
    ]
    assert submitted(course) == {f"s01/{ASSIGNMENT}/{NB}": "x"}


def test_a_file_that_becomes_a_link_after_it_was_listed_is_not_followed(tmp_path: Path) -> None:
    secret = laid_out(tmp_path / "secret", {NB: "secret"})
    folder = laid_out(tmp_path / "got", {f"s01/{NB}": "x", f"s02/{NB}": "y"})
    with sources.opened(folder) as source:
        first, second = source.entries
        (folder / "s01" / NB).unlink()
        (folder / "s01" / NB).symlink_to(secret / NB)
        (folder / "s02").rename(tmp_path / "away")
        (folder / "s02").symlink_to(secret)
        for entry in (first, second):
            with pytest.raises(GradingError, match="cannot be read"):
                source.read(entry)


def test_a_link_in_submitted_is_not_written_through(course: Path, tmp_path: Path) -> None:
    outside = laid_out(tmp_path / "outside", {ASSIGNMENT + "/keep.txt": "mine"})
    (course / "submitted").mkdir()
    (course / "submitted" / "1").symlink_to(outside)
    done = run(course, zipped(tmp_path / "m.zip", {moodle(1): "x", moodle(2): "y"}))
    assert ends(done) == [("1", "refused", "linked-folder"), ("2", "collected", "new")]
    assert [one.name for one in (outside / ASSIGNMENT).iterdir()] == ["keep.txt"]


PARTS = st.one_of(
    st.sampled_from(
        ["..", ".", "", "~", "C:", "submitted", "s01", NB, "a\\b", "\x00", "con", "*", "../..", "é"]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
)
NAMES = st.builds(
    lambda parts, form: form.format("/".join(parts)),
    st.lists(PARTS, min_size=1, max_size=4),
    st.sampled_from(
        ["{}", "{}.ipynb", f"{{}}/{NB}", "A_{}_assignsubmission_file_/x.ipynb", f"a_{{}}_7_{NB}"]
    ),
)


@settings(max_examples=80)
@given(
    names=st.lists(NAMES, min_size=1, max_size=5, unique=True),
    layout=st.sampled_from(["moodle", "canvas", "named", "folders"]),
)
def test_whatever_the_names_nothing_is_written_elsewhere(names: list[str], layout: str) -> None:
    with TemporaryDirectory() as place:
        world = Path(place).resolve()
        course = build(world / "deep" / "er" / "course")
        file = zipped(world / "in.zip", {name: f"{name}!" for name in names})
        before = {path: path.is_dir() or path.read_bytes() for path in world.rglob("*")}
        done = run(course, file, layout=layout)
        free = (course / "submitted", course / "results")
        after = {
            path: path.is_dir() or path.read_bytes()
            for path in world.rglob("*")
            if not any(path.is_relative_to(one) for one in free)
        }
        assert after == before
        assert sum(not path.endswith((NB, "timestamp.txt")) for path in submitted(course)) == 0
        ended = len(done.outcomes) + done.left_out + done.passed_over
        assert done.count("collected") == len(submitted(course)) <= ended
