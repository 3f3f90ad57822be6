"""Marks for learning platforms: what the gradebook says, and not a cell more."""

import csv
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook
from nbgrader.plugins.export import CsvExportPlugin

from tests.grader.marked_by_stock import Stage
from tests.grading.imagined_course import ASSIGNMENT
from volens.errors import GradingError
from volens.grader.exporting import Exported, Settings, export
from volens.grader.exporting.cells import Sheet, guarded
from volens.grader.exporting.marks import read_marks

BOM = "\ufeff"
WORKSHEET = (
    "Identifier,Full name,Email address,Status,Grade,Maximum Grade,"
    "Grade can be changed,Last modified (grade),Feedback comments\r\n"
    '"Participant 101","Berg, Ann",ann@example.org,"Submitted, not graded",,28.00,Yes,-,\r\n'
    '"Participant 102","=HYPERLINK(1)",bo@example.org,Submitted,,28.00,Yes,-,\r\n'
    '"Participant 103",Cy "the" Öz,cy@example.org,Submitted,3.00,28.00,Yes,-,"<p>old</p>"\r\n'
    '"Participant 109",Di,di@example.org,"No submission",,28.00,Yes,-,\r\n'
)
IDS = {"101": "s01", "102": "s02", "103": "s03"}
CANVAS = (
    f"{BOM}Student,ID,SIS User ID,SIS Login ID,Section,a0-gates-more (7),{ASSIGNMENT} (55),Total\n"
    ",,,,,,Manual Posting,\n"
    "    Points Possible,,,,,10,28,(read only)\n"
    '"Berg, Ann",901,s01,ann,"A and B",1.00,,\n'
    '"Bo",902,s02,bo,A,2.00,,\n'
    '"Öz, Cy",903,s03,cy,A,3.00,4.00,12\n'
    '"Student, Test",904,,test,A,,,\n'
)


@pytest.fixture(name="course")
def _course(stages: Mapping[str, Stage], marked_course: Path, tmp_path: Path) -> Path:
    """That class after a person has read two of three, with a fourth who sent nothing."""
    root = tmp_path / "course"
    shutil.copytree(marked_course, root)
    shutil.copy(stages["read"].file, root / "gradebook.db")
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}", "volens") as book:
        book.add_student("s04", last_name="=1+1", first_name="Eve")
    return root


def written(folder: Path, text: str, name: str = "template.csv") -> Path:
    file = folder / name
    file.write_bytes(text.encode())
    return file


def run(
    course: Path,
    to: str,
    template: str | None = None,
    ids: Mapping[str, str] | None = None,
    **settings: Any,  # noqa: ANN401 (those of `Settings`)
) -> tuple[str, Exported]:
    out = course / "out.csv"
    file = None if template is None else written(course, template)
    chosen = Settings(**settings)
    done = export(course, ASSIGNMENT, to, out, template=file, ids=ids, settings=chosen)
    return out.read_bytes().decode(), done


# What the gradebook says


def test_points_are_those_of_nbgraders_own_export(course: Path) -> None:
    plugin = CsvExportPlugin(parent=None)
    plugin.to = str(course / "stock.csv")
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}", "volens") as book:
        plugin.export(book)
    with (course / "stock.csv").open(encoding="utf-8") as file:
        stock = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    ours = {one.student: one.points for one in read_marks(course, ASSIGNMENT).students}
    # Stock writes a zero for whoever handed in nothing.
    assert ours == stock | {"s04": None}


def test_a_plain_table_has_every_question(course: Path) -> None:
    text, done = run(course, "csv")
    assert text == (
        "student,name,gates-table-test,hours-test,essay-answer,count-test,task,late_penalty,"
        "points,possible,state\n"
        "s01,,4,0,8,1,4,0,17,28,scored\n"
        "s02,,4.5,2,,0,0,0.71,5.79,28,scored in part\n"
        "s03,,0,1,2,3,6,4,8,28,scored\n"
        's04,"\'=1+1, Eve",,,,,,,,28,nothing handed in\n'
    )
    assert (done.written, done.unmarked) == (3, ["s04"])


def test_whoever_was_not_marked_yet_has_no_points(
    stages: Mapping[str, Stage], marked_course: Path, tmp_path: Path
) -> None:
    root = tmp_path / "course"
    shutil.copytree(marked_course, root)
    shutil.copy(stages["released"].file, root / "gradebook.db")
    found = [(one.student, one.state, one.points) for one in read_marks(root, ASSIGNMENT).students]
    assert found == [(student, "needs a person", None) for student in ("s01", "s02", "s03")]


def test_an_assignment_that_the_gradebook_does_not_know_is_named(course: Path) -> None:
    with pytest.raises(GradingError, match=r"no assignment `a9`\. It has: a0-gates"):
        read_marks(course, "a9")
    with pytest.raises(GradingError, match=r"`a0`\. Did you mean `a0-gates`\? It has: a0-gates"):
        read_marks(course, "a0")


# Moodle


def test_moodles_worksheet_gets_its_grades_and_nothing_else(course: Path) -> None:
    text, done = run(course, "moodle", BOM + WORKSHEET, IDS)
    expected = WORKSHEET.replace('not graded",,28', 'not graded",17,28').replace(
        ",Submitted,3.00,", ",Submitted,8,"
    )
    assert text == BOM + expected
    assert done == Exported(
        written=2,
        matched_by="Identifier",
        waiting=["s02"],
        unmarked=["s04"],
        without_mark=["Participant 109"],
    )


def test_unfinished_marks_are_written_if_asked_for(course: Path) -> None:
    text, done = run(course, "moodle", WORKSHEET, IDS, unfinished=True)
    assert ",bo@example.org,Submitted,5.79,28.00," in text
    assert (done.written, done.waiting) == (3, [])


def test_comments_are_written_if_asked_for(course: Path) -> None:
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}", "volens") as book:
        comment = book.find_comment("essay-answer", ASSIGNMENT, ASSIGNMENT, "s01")
        comment.manual_comment = "=1+1, <b>good</b>\nRead on."
        book.db.commit()
    text, _ = run(course, "moodle", WORKSHEET, IDS, comments=True)
    first, _, third, _ = list(csv.reader(text.splitlines()))[1:]
    assert first[-1] == "Essay (8 of 12):<br>=1+1, &lt;b&gt;good&lt;/b&gt;<br>Read on."
    assert third[-1] == "Essay (2 of 12): No response.<br>Task (6 of 5): A fine arrow."


def test_comments_are_plain_words_without_marks_of_markdown(course: Path) -> None:
    said = (
        "- **The law: 4 of 6 points.** Names `it` *in part*.\n"
        "- **The facts: 3 of 6 points.** 2 * 3 * 4, and one_of_two.\n\n"
        "Two people read your text."
    )
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}", "volens") as book:
        comment = book.find_comment("essay-answer", ASSIGNMENT, ASSIGNMENT, "s01")
        comment.manual_comment = said
        book.db.commit()
    text, _ = run(course, "moodle", WORKSHEET, IDS, comments=True)
    assert next(csv.DictReader(text.splitlines()))["Feedback comments"] == (
        "Essay (8 of 12):<br>The law: 4 of 6 points. Names it in part.<br>The facts: 3 of 6 "
        "points. 2 * 3 * 4, and one_of_two.<br>Two people read your text."
    )


def test_marks_out_of_another_maximum_are_not_written(course: Path) -> None:
    template = WORKSHEET.replace("28.00", "100,00")
    template = template.replace(",100,00", ',"100,00"')
    with pytest.raises(GradingError, match=r"expected marks out of 28, .* got a maximum of 100"):
        run(course, "moodle", template, IDS)
    assert not (course / "out.csv").exists()
    text, _ = run(course, "moodle", template, IDS, scale=100)
    assert 'not graded",60.71,"100,00"' in text


def test_a_worksheet_in_another_language_needs_the_name_of_one_column(course: Path) -> None:
    template = "ID;Vollständiger Name;Bewertung\nTeilnehmer/in 101;Ann;\nTeilnehmer/in 103;Cy;\n"
    with pytest.raises(GradingError, match=r"expected a column `Grade`, got none.*--column"):
        run(course, "moodle", template, IDS)
    text, done = run(course, "moodle", template, IDS, column="Bewertung")
    assert text == template.replace("Ann;", "Ann;17").replace("Cy;", "Cy;8")
    assert (done.matched_by, done.waiting) == ("ID", ["s02"])


def test_a_column_that_is_missing_is_asked_for_by_what_would_find_it(course: Path) -> None:
    template = "ID;Name;Bewertung;Feedback als Kommentar\nTeilnehmer/in 101;Ann;;\n"
    with pytest.raises(GradingError) as caught:
        run(course, "moodle", template, IDS, column="Bewertung", comments=True)
    assert "expected a column `Feedback comments`, got none" in str(caught.value)
    assert str(caught.value).endswith(
        "Comments go into a column of this name only: set Moodle to English, download the "
        "worksheet again, and upload it in English, too; or leave out --comments."
    )
    with pytest.raises(GradingError, match=r"`Note`, got none.*Name one of these with --column\.$"):
        run(course, "moodle", template, IDS, column="Note")
    with pytest.raises(GradingError, match=r"`ID`, got none.*Download the gradebook again"):
        run(course, "canvas", CANVAS.replace(",ID,", ",No,"))


def test_a_mark_without_a_row_is_listed(course: Path) -> None:
    template = "\r\n".join(WORKSHEET.split("\r\n")[:2]) + "\r\n"
    _, done = run(course, "moodle", template, IDS)
    assert (done.written, done.without_row) == (1, ["s03"])


def test_students_are_found_by_the_column_that_finds_most(course: Path) -> None:
    template = "Identifier,Full name,ID number,Grade\nParticipant 1,A,s01,\nParticipant 2,B,s03,\n"
    text, done = run(course, "moodle", template)
    assert text == template.replace("s01,", "s01,17").replace("s03,", "s03,8")
    assert done.matched_by == "ID number"


def test_a_student_twice_in_the_template_stops_it(course: Path) -> None:
    template = "Identifier,ID number,Grade\nParticipant 1,s01,\nParticipant 2,s01,\n"
    with pytest.raises(GradingError, match=r"row 3: expected each student once, got s01 again"):
        run(course, "moodle", template)


def test_without_a_worksheet_moodle_gets_a_table_to_import(course: Path) -> None:
    assert run(course, "moodle")[0] == f"idnumber,{ASSIGNMENT}\ns01,17\ns03,8\n"
    assert run(course, "moodle", ids=IDS)[0] == f"idnumber,{ASSIGNMENT}\n101,17\n103,8\n"


# Canvas


def test_canvas_gets_its_column_and_nothing_else(course: Path) -> None:
    text, done = run(course, "canvas", CANVAS)
    assert text == CANVAS.replace(",1.00,,\n", ",1.00,17,\n").replace(",3.00,4.00,", ",3.00,8,")
    assert done == Exported(
        written=2,
        matched_by="SIS User ID",
        waiting=["s02"],
        unmarked=["s04"],
        without_mark=["Student, Test"],
    )


def test_a_table_of_ids_is_about_canvass_own(course: Path) -> None:
    _, done = run(course, "canvas", CANVAS, {"901": "s03"})
    assert (done.matched_by, done.written, done.without_row) == ("ID", 1, ["s01"])


def test_what_canvas_says_in_place_of_a_mark_stays(course: Path) -> None:
    template = CANVAS.replace(",1.00,,", ",1.00,EX,").replace(",3.00,4.00,", ",3.00,N/A,")
    text, done = run(course, "canvas", template)
    assert (text, done.excused, done.written) == (template, ["s01", "s03"], 0)


def test_a_column_that_is_not_there_or_not_writable_is_named(course: Path) -> None:
    with pytest.raises(GradingError, match=r"expected one column a0-gates \(12345\), got none"):
        run(course, "canvas", CANVAS.replace(f"{ASSIGNMENT} (55)", "Gates (55)"))
    with pytest.raises(GradingError, match=r"column `Total` \(read only\)"):
        run(course, "canvas", CANVAS, column="Total")
    with pytest.raises(GradingError, match=r"expected marks out of 28.* got a maximum of 10"):
        run(course, "canvas", CANVAS, column="a0-gates-more (7)")


def test_without_a_gradebook_canvas_gets_a_table_to_import(course: Path) -> None:
    head = f"Student,ID,SIS User ID,SIS Login ID,Section,{ASSIGNMENT}\n    Points Possible,,,,,28\n"
    assert run(course, "canvas")[0] == f"{head},,,s01,,17\n,,,s03,,8\n"
    assert run(course, "canvas", ids=IDS)[0] == f"{head},101,,,,17\n,103,,,,8\n"


# Files


@pytest.mark.parametrize(
    "text",
    [
        'a,b\n"1",2\n',
        'a;b\r\n" x ""y"" ";\r\n',
        'a\tb\n"line\nbreak"\t2',
        f"{BOM}a,b\r1,2\r",
        'a,b\n1"2,"3"4\n,\n\n"open,2\n',
        "a,b\n,",
    ],
)
def test_a_sheet_that_is_not_changed_stays_byte_for_byte(text: str) -> None:
    assert str(Sheet("x.csv", text)) == text


def test_a_row_without_the_cell_is_named() -> None:
    sheet = Sheet("x.csv", "a,b\n1\n")
    with pytest.raises(GradingError, match=r"x\.csv, row 2: expected 2 cells, got 1"):
        sheet.set(1, 1, "x")


@pytest.mark.parametrize("text", ["=1", "+a", "-a", "@a", " =1", "\t=1"])
def test_text_that_a_spreadsheet_would_run_is_shown_instead(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-2", "+3.5", "-0,5", "a=b", ""])
def test_numbers_and_other_text_stay(text: str) -> None:
    assert guarded(text) == text


def test_the_template_itself_is_not_overwritten(course: Path) -> None:
    template = written(course, WORKSHEET)
    with pytest.raises(GradingError, match="is the template itself"):
        export(course, ASSIGNMENT, "moodle", template, template=template, ids=IDS)
    assert template.read_bytes().decode() == WORKSHEET


def test_options_that_do_not_fit_are_named(course: Path) -> None:
    with pytest.raises(GradingError, match="leave out --template, --scale and --column"):
        run(course, "csv", scale=100)
    with pytest.raises(GradingError, match="Comments have a place in Moodle's grading worksheet"):
        run(course, "canvas", CANVAS, comments=True)


def test_a_template_that_cannot_be_read_is_named(course: Path, tmp_path: Path) -> None:
    with pytest.raises(GradingError, match="cannot be read"):
        export(course, ASSIGNMENT, "moodle", tmp_path / "out.csv", template=tmp_path / "no.csv")
    file = tmp_path / "latin.csv"
    file.write_bytes("Identifier,Grade\nÖz,\n".encode("latin-1"))
    with pytest.raises(GradingError, match="expected text in UTF-8"):
        export(course, ASSIGNMENT, "moodle", tmp_path / "out.csv", template=file)
    with pytest.raises(GradingError, match="expected a header and rows"):
        run(course, "moodle", "Identifier,Grade\n")
