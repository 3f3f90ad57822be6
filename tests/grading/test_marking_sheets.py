"""Marks for free text from spreadsheets: checked, compared, and all or nothing."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.grading.imagined_course import ASSIGNMENT, RUBRIC
from tests.grading.test_rubric import SECOND
from volens.cli import main
from volens.errors import GradingError
from volens.grading.gradebook import gradebook
from volens.grading.marking_sheets import (
    Reading,
    agreements,
    comment_for,
    decide,
    empty_sheet,
    import_marks,
    read_sheet,
)
from volens.grading.rubric import Rubric, read_rubrics
from volens.grading.stock import Course

HEADER = "student,question,marker,law,fact,comment\n"
CELL = "essay-answer"


@pytest.fixture(name="rubrics")
def _rubrics(tmp_path: Path) -> tuple[Rubric, ...]:
    file = tmp_path / "rubric.toml"
    file.write_text(RUBRIC, encoding="utf-8")
    return read_rubrics(file)


def written(folder: Path, text: str, name: str = "sheet.csv", encoding: str = "utf-8") -> Path:
    file = folder / name
    file.write_bytes(text.encode(encoding))
    return file


def state(course: Path, student: str) -> tuple[float | None, bool, str | None]:
    with gradebook(course) as book:
        grade = book.find_grade(CELL, ASSIGNMENT, ASSIGNMENT, student)
        comment = book.find_comment(CELL, ASSIGNMENT, ASSIGNMENT, student)
        return grade.manual_score, grade.needs_manual_grade, comment.manual_comment


def reading(student: str, marker: str, law: float, fact: float, comment: str = "") -> Reading:
    return Reading(student, CELL, marker, {"law": law, "fact": fact}, comment)


def run(course: Path, *arguments: object) -> Result:
    words = [str(argument) for argument in arguments]
    return CliRunner().invoke(main, ["marks", *words, "--course", str(course)])


# The empty sheet


def test_an_empty_sheet_has_a_row_for_everybody_who_handed_in(course: Path) -> None:
    assert empty_sheet(course, ASSIGNMENT).splitlines() == [
        "student,question,marker,law,fact,comment",
        "s01,essay-answer,,,,",
        "s02,essay-answer,,,,",
        "s03,essay-answer,,,,",
    ]


def test_an_empty_sheet_of_two_questions_has_the_criteria_of_both(course: Path) -> None:
    file = course / "source" / ASSIGNMENT / "rubric.toml"
    file.write_text(RUBRIC + SECOND, encoding="utf-8")
    lines = empty_sheet(course, ASSIGNMENT).splitlines()

    assert lines[0] == "student,question,marker,law,fact,exact,comment"
    assert len(lines) == 7
    assert len(empty_sheet(course, ASSIGNMENT, "redraft-answer").splitlines()) == 4


def test_an_empty_sheet_can_be_imported_and_changes_nothing(course: Path) -> None:
    done = import_marks(course, ASSIGNMENT, [written(course, empty_sheet(course, ASSIGNMENT))])

    assert done.changes == ()
    assert len(done.left_empty) == 3


def test_a_class_that_has_not_handed_in_gets_no_sheet(course: Path) -> None:
    (course / "submitted").rename(course / "elsewhere")
    with pytest.raises(GradingError, match="Nobody has handed in a0-gates yet"):
        empty_sheet(course, ASSIGNMENT)


def test_a_question_that_is_not_there_is_named_with_those_that_are(course: Path) -> None:
    with pytest.raises(GradingError, match=r"no question `essay`\. The questions are: essay"):
        empty_sheet(course, ASSIGNMENT, "essay")


# Reading a sheet


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (HEADER + "s01,essay-answer,M,6,3,good\n", "utf-8"),
        (HEADER + "s01,essay-answer,M,6,3,good\n", "utf-8-sig"),
        (HEADER.replace(",", ";") + "s01;essay-answer;M;6,0;3,0;good\n", "utf-8-sig"),
        (HEADER.replace(",", "\t") + "s01\tessay-answer\tM\t6\t3\tgood\n", "utf-8"),
        (HEADER + " s01 , essay-answer , M , 6.0 , 3 , good \r\n,,,,,\r\n,,,,,\r\n", "utf-8"),
        ("Student,Marker,The Law,FACT,Comment,,\ns01,M,6,3,good,,\n", "utf-8"),
    ],
    ids=["plain", "byte order mark", "semicolons", "tabs", "spaces and empty rows", "titles"],
)
def test_a_sheet_is_read_however_a_spreadsheet_saved_it(
    tmp_path: Path, rubrics: Sequence[Rubric], text: str, encoding: str
) -> None:
    found, faults, empty = read_sheet(written(tmp_path, text, encoding=encoding), rubrics)

    assert (faults, empty) == ([], [])
    assert [(one.student, one.marker, dict(one.marks), one.comment) for one in found] == [
        ("s01", "M", {"law": 6, "fact": 3}, "good")
    ]


def test_a_comment_may_have_commas_and_lines(tmp_path: Path, rubrics: Sequence[Rubric]) -> None:
    text = HEADER + 's01,essay-answer,M,6,3,"Good, but:\nread again."\n'
    found, _, _ = read_sheet(written(tmp_path, text), rubrics)

    assert found[0].comment == "Good, but:\nread again."


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            HEADER + "s01,essay-answer,M,5,3,\n",
            'sheet.csv, row 2, column `law`: expected 6 or 4 or 2 or 0, got "5". Give every',
        ),
        (HEADER + "s01,essay-answer,M,,3,\n", "row 2, column `law`: expected 6 or 4 or 2 or 0"),
        (HEADER + "s01,essay-answer,M,-6,3,\n", 'got "-6"'),
        (HEADER + "s01,essay-answer,M,six,3,\n", 'got "six"'),
        (HEADER + "s01,essay-answer,,6,3,\n", "column `marker`: expected who read it"),
        (HEADER + ",essay-answer,M,6,3,\n", "column `student`: expected whose text it is"),
        (HEADER + "s01,essay-answr,M,6,3,\n", "Did you mean `essay-answer`?"),
        (HEADER + "s01,essay-answer,M,6,3,good, but\n", "needs quotation marks"),
        (HEADER + "\n\ns01,essay-answer,M,6,9,\n", "row 4, column `fact`"),
        ("student,marker,law,comment\ns01,M,6,\n", "row 1, column `fact`: expected a column"),
        ("student,marker,law,fact,lwa\ns01,M,6,3,\n", "Did you mean `law`?"),
        ("student,marker,law,fact,law\ns01,M,6,3,6\n", "expected each column once"),
        ("", "row 1, column `student`"),
    ],
)
def test_what_is_wrong_is_named_with_its_row(
    tmp_path: Path, rubrics: Sequence[Rubric], text: str, message: str
) -> None:
    _, faults, _ = read_sheet(written(tmp_path, text), rubrics)

    assert message in "\n".join(map(str, faults))


def test_a_sheet_in_another_encoding_is_refused_with_what_to_do(
    tmp_path: Path, rubrics: Sequence[Rubric]
) -> None:
    text = HEADER + "s01,essay-answer,M,6,3,très bien\n"
    _, faults, _ = read_sheet(written(tmp_path, text, encoding="cp1252"), rubrics)

    assert 'Save it as "CSV UTF-8".' in str(faults[0])


def test_points_of_another_question_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "rubric.toml"
    file.write_text(RUBRIC + SECOND, encoding="utf-8")
    text = "student,question,marker,law,fact,exact\ns01,redraft-answer,M,6,,2\n"
    _, faults, _ = read_sheet(written(tmp_path, text), read_rubrics(file))

    assert "it is no criterion of redraft-answer" in str(faults[0])


# Deciding


def test_one_reading_counts_as_it_is(rubrics: Sequence[Rubric]) -> None:
    (decision,) = decide([reading("s01", "M", 6, 3)], rubrics)

    assert (decision.decided, decision.points) == (True, 9)


def test_two_close_readings_count_by_their_mean(rubrics: Sequence[Rubric]) -> None:
    (decision,) = decide(
        [reading("s01", "M", 6, 3), reading("s01", "N", 5 - 1, 3)], rubrics, apart=0.2
    )

    assert decision.marks == {"law": 5, "fact": 3}
    assert decision.points == 8


@pytest.mark.parametrize(
    ("one", "other", "apart", "why"),
    [
        ((6, 3), (2, 3), 1, "The law: 6 and 2 points, two levels or more apart"),
        ((6, 6), (4, 3), 0.15, "in all: 12 and 7 points, more than 3 apart"),
    ],
)
def test_readings_that_are_far_apart_wait_for_a_third(
    rubrics: Sequence[Rubric],
    one: tuple[float, float],
    other: tuple[float, float],
    apart: float,
    why: str,
) -> None:
    two = [reading("s01", "M", *one), reading("s01", "N", *other)]
    (decision,) = decide(two, rubrics, apart=apart)

    assert not decision.decided
    assert why in decision.differences


def test_one_level_in_one_criterion_is_never_far_apart(rubrics: Sequence[Rubric]) -> None:
    """Three points of twelve are a quarter, and still only one level."""
    two = [reading("s01", "M", 6, 6), reading("s01", "N", 6, 3)]

    assert decide(two, rubrics, apart=0)[0].decided


def test_the_third_reading_decides_alone(rubrics: Sequence[Rubric]) -> None:
    three = [reading("s01", *row) for row in (("M", 6, 6), ("N", 0, 0), ("T", 4, 3))]
    (decision,) = decide(three, rubrics, third="T")

    assert (decision.decided, decision.points, decision.third) == (True, 7, True)


def test_three_readings_without_a_named_third_are_refused(rubrics: Sequence[Rubric]) -> None:
    three = [reading("s01", name, 6, 6) for name in "MNT"]
    with pytest.raises(GradingError, match="Say whose was the third"):
        decide(three, rubrics)


def test_four_readings_are_refused(rubrics: Sequence[Rubric]) -> None:
    with pytest.raises(GradingError, match=r"4 readings\. Leave at most three"):
        decide([reading("s01", name, 6, 6) for name in "MNTU"], rubrics, third="T")


# Agreement


def test_agreement_counts_the_same_and_the_next_level(rubrics: Sequence[Rubric]) -> None:
    rows = [(6, 6), (6, 4), (4, 0), (0, 0)]
    readings = [
        reading(f"s{place}", marker, pair[which], 3)
        for place, pair in enumerate(rows)
        for which, marker in enumerate("MN")
    ]
    law, fact, total = agreements(readings, rubrics)

    assert (law.same, law.near, law.of) == (2, 3, 4)
    # By hand: 1 - 3.125 / 10.714, with the ordinal distances 6.25 (0 to 4, 4 to 6) and 25.
    assert law.alpha == pytest.approx(0.7083, abs=0.0001)
    assert (fact.same, fact.alpha) == (4, None)
    assert "not defined, because nothing varies" in str(fact)
    assert (total.title, total.same, total.near) == ("Total", 2, 3)


def test_full_agreement_beyond_chance_is_one(rubrics: Sequence[Rubric]) -> None:
    readings = [
        reading(f"s{place}", marker, points, 3)
        for place, points in enumerate((6, 4, 0))
        for marker in "MN"
    ]
    assert agreements(readings, rubrics)[0].alpha == 1


def test_the_third_reading_counts_in_no_agreement(rubrics: Sequence[Rubric]) -> None:
    three = [reading("s01", *row) for row in (("M", 6, 6), ("N", 0, 0), ("T", 4, 3))]

    assert agreements(three, rubrics, third="T")[0].same == 0
    assert agreements(three[:1], rubrics) == ()


# What the student reads


def test_the_comment_names_the_level_reached(rubrics: Sequence[Rubric]) -> None:
    (decision,) = decide([reading("s01", "M", 4, 6, "Well done.")], rubrics)

    assert comment_for(decision, rubrics[0]) == (
        "- **The law: 4 of 6 points.** Names it in part.\n"
        "- **The facts: 6 of 6 points.** Takes two facts.\n\nWell done."
    )


def test_the_comment_of_two_names_both_levels_and_no_marker(rubrics: Sequence[Rubric]) -> None:
    two = [reading("s01", "Anna", 6, 6, "Clear."), reading("s01", "Bolat", 4, 6, "Short.")]
    words = comment_for(decide(two, rubrics, apart=1)[0], rubrics[0])

    assert "5 of 6 points.** Between two levels: Names the rule. / Names it in part." in words
    assert "Clear.\n\nShort.\n\nTwo people read your text." in words
    assert "Anna" not in words


# Into the gradebook


def test_marks_and_comment_are_written_and_nothing_waits_any_more(course: Path) -> None:
    sheet = written(course, HEADER + "s01,essay-answer,M,4,6,Well done.\n")
    (change,) = import_marks(course, ASSIGNMENT, [sheet]).changes

    assert (change.student, change.before, change.after) == ("s01", None, 10)
    score, waits, comment = state(course, "s01")
    assert (score, waits) == (10, False)
    assert str(comment).endswith("Well done.")


def test_importing_twice_changes_nothing(course: Path) -> None:
    sheet = written(course, HEADER + "s01,essay-answer,M,4,6,Well done.\n")
    import_marks(course, ASSIGNMENT, [sheet])
    before = state(course, "s01")

    assert import_marks(course, ASSIGNMENT, [sheet]).changes == ()
    assert state(course, "s01") == before


def test_a_mark_that_stood_there_is_named(course: Path) -> None:
    for points in (4, 6):
        sheet = written(course, HEADER + f"s01,essay-answer,M,{points},6,\n")
        changes = import_marks(course, ASSIGNMENT, [sheet]).changes

    assert (changes[0].before, changes[0].after) == (10, 12)


def test_a_check_writes_nothing(course: Path) -> None:
    sheet = written(course, HEADER + "s01,essay-answer,M,4,6,\n")
    done = import_marks(course, ASSIGNMENT, [sheet], write=False)

    assert len(done.changes) == 1
    assert state(course, "s01") == (None, True, None)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("s99,essay-answer,M,6,6,", "row 3, column `student`: expected a student of this course"),
        ("s2,essay-answer,M,6,6,", "Did you mean `s02`?"),
        ("s04,essay-answer,M,6,6,", "expected a submission that was marked by the program first"),
        ("s05,essay-answer,M,6,6,", "expected a student who handed in"),
        ("s03,essay-answer,M,6,6,", "this student left the text as it was"),
        ("s01,essay-answer,m,4,6,", "a second, after sheet.csv, row 2"),
        ("s02,essay-answer,M,5,6,", "column `law`"),
    ],
)
def test_nothing_is_written_unless_all_is_right(course: Path, row: str, message: str) -> None:
    (course / "submitted" / "s04" / ASSIGNMENT).mkdir(parents=True)
    with gradebook(course) as book:
        book.add_student("s05")
    sheet = written(course, f"{HEADER}s01,essay-answer,M,4,6,\n{row}\n")
    with pytest.raises(GradingError) as caught:
        import_marks(course, ASSIGNMENT, [sheet])

    assert message in str(caught.value)
    assert "nothing was written" in str(caught.value)
    assert state(course, "s01") == (None, True, None)


def test_every_fault_of_every_sheet_is_listed(course: Path) -> None:
    one = written(course, HEADER + "s01,essay-answer,M,5,6,\n", "one.csv")
    two = written(course, HEADER + "s99,essay-answer,N,6,6,\n", "two.csv")
    with pytest.raises(GradingError, match=r"2 things are wrong(.|\n)*one.csv(.|\n)*two.csv"):
        import_marks(course, ASSIGNMENT, [one, two])


def test_no_points_for_a_text_that_was_left_as_it_was_are_fine(course: Path) -> None:
    sheet = written(course, HEADER + "s03,essay-answer,M,0,0,\n")

    assert import_marks(course, ASSIGNMENT, [sheet]).changes[0].after == 0


def test_feedback_has_the_rubric_with_the_level_that_was_reached(course: Path) -> None:
    sheet = written(course, HEADER + "s01,essay-answer,M,4,6,Well <b>done</b>.\n")
    import_marks(course, ASSIGNMENT, [sheet])
    page = Course(course).feedback(ASSIGNMENT, "s01").read_text(encoding="utf-8")

    assert "<strong>The law: 4 of 6 points.</strong> Names it in part." in page
    assert "<strong>4 points, reached:</strong> Names it in part." in page
    assert "<strong>2 points:</strong> Names another rule." in page
    assert "10 of 12 points" in page


# The commands


def test_a_sheet_goes_out_and_comes_back(course: Path) -> None:
    file = course / "out.csv"
    assert "fill in marker" in run(course, "sheet", ASSIGNMENT, file).output
    assert "there already" in run(course, "sheet", ASSIGNMENT, file).output
    file.write_text(HEADER + "s01,essay-answer,M,6,6,\n", encoding="utf-8")

    checked = run(course, "import", ASSIGNMENT, file, "--check")
    assert "s01, essay-answer: no mark -> 12" in checked.output
    assert "1 texts decided, 0 wait, 1 marks would change." in checked.output
    assert "1 marks changed." in run(course, "import", ASSIGNMENT, file).output
    assert "0 marks changed." in run(course, "import", ASSIGNMENT, file).output


def test_two_markers_see_how_far_they_agree_and_what_waits(course: Path) -> None:
    mine = written(
        course, HEADER + "s01,essay-answer,M,6,6,\ns02,essay-answer,M,4,3,\n", "mine.csv"
    )
    yours = written(
        course, HEADER + "s01,essay-answer,N,0,6,\ns02,essay-answer,N,4,3,\n", "yours.csv"
    )
    printed = run(course, "import", ASSIGNMENT, mine, yours).output

    assert "two markers read 2 texts" in printed
    assert "means little" in printed
    assert "The law: the same in 1 of 2" in printed
    assert "The law: 6 and 0 points, two levels or more apart" in printed
    assert "1 texts decided, 1 wait" in printed
    assert state(course, "s01") == (None, True, None)

    theirs = written(course, HEADER + "s01,essay-answer,T,4,6,\n", "third.csv")
    printed = run(course, "import", ASSIGNMENT, mine, yours, theirs, "--third", "t").output
    assert "s01, essay-answer: no mark -> 10" in printed
    assert "The third reading counts." in str(state(course, "s01")[2])


def test_a_wrong_sheet_gives_one_message(course: Path) -> None:
    done = run(course, "import", ASSIGNMENT, course / "none.csv")

    assert done.exit_code == 1
    assert "cannot be read" in done.output
    assert "Traceback" not in done.output


def test_a_course_without_a_gradebook_gets_none(course: Path) -> None:
    (course / "gradebook.db").unlink()
    sheet = written(course, HEADER + "s01,essay-answer,M,6,6,\n")

    assert "no class was marked here yet" in run(course, "import", ASSIGNMENT, sheet).output
    assert not (course / "gradebook.db").exists()


def test_a_folder_that_is_no_course_is_refused(tmp_path: Path) -> None:
    (tmp_path / "source" / ASSIGNMENT).mkdir(parents=True)
    (tmp_path / "source" / ASSIGNMENT / "rubric.toml").write_text(RUBRIC, encoding="utf-8")
    done = run(tmp_path, "sheet", ASSIGNMENT, tmp_path / "x.csv")

    assert "has no nbgrader_config.py" in done.output
