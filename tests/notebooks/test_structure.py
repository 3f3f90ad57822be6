"""What every notebook of the course has in common."""

import ast
import json
import re
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import handbook
import lesson_times
import pins
import pytest

from tests.checkout import LESSONS, RELEASED, ROOT, SOURCES, read_notebook, text
from tests.notebooks import facts, prose
from volens import evidence

WRITTEN = [*LESSONS, *SOURCES]
DOCUMENTS = sorted(
    file
    for folder in (".", "docs", "data", "data/practice")
    for file in ROOT.glob(f"{folder}/*.md")
)
#: The titles of the sections, by the number of the lesson and that of the section.
NUMBERED = {str(int(file.stem[:2])): handbook.sections(file) for file in LESSONS}
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_CELL = 15
LONGEST_SLIDE = 120
FOLDED = re.compile(r"<details>.*?</details>", re.DOTALL)
#: What a wrong answer may send a student to: a provision, a page of the law, a row, a section.
PLACE = re.compile(
    r"\b(?:[Aa]rt(?:icle)?s?|[Pp]ara(?:graph)?s?|[Rr]es(?:olution)?s?|[Cc]onclusions?"
    r"|[Ss]ections?|[Ll]essons?) \d|\b[Cc]ards? \*|\b[CEFGKNQTU]\d{2,3}\b"
)
QUOTATION = re.compile(r"[\u201c\u2018]([^\u201d\u2019\n|*]+)")
SEVERAL = r"\d(?:(?:, | and | to |\u2013|-)\d)*(?![\w(.]*\d)"
LESSON = re.compile(rf"\b[Ll]essons? ({SEVERAL})")
#: A section, and the lesson it is of, which is named before it, after it, or not at all.
SECTION = re.compile(
    rf"(?:\b[Ll]esson (?P<before>\d),? )?\b[Ss]ections? (?P<sections>{SEVERAL})"
    r"(?: (?:of|in) [Ll]esson (?P<after>\d))?"
)
IDIOMS = ("at the end of the day", "in a nutshell", "clearly,", "obviously", "of course,")

notebook_files = pytest.mark.parametrize("file", WRITTEN, ids=lambda file: file.stem)
lesson_files = pytest.mark.parametrize("file", LESSONS, ids=lambda file: file.stem)


def cells(file: Path) -> list[tuple[str, str]]:
    """The cells of text of a notebook: id and text."""
    return list(prose.markdown(file))


def markdown(file: Path) -> list[str]:
    return [source for _, source in cells(file)]


def code(file: Path) -> list[dict[str, Any]]:
    return [cell for cell in read_notebook(file)["cells"] if cell["cell_type"] == "code"]


def headings(file: Path) -> list[tuple[int, str]]:
    return [
        (len(marks), title)
        for cell in markdown(file)
        for marks, title in re.findall(r"^(#+) (.+)$", cell, re.MULTILINE)
        if "SOLUTION" not in title
    ]


def test_there_is_something_to_test() -> None:
    assert len(LESSONS) >= 1
    assert len(SOURCES) == len(RELEASED) >= 1


@notebook_files
def test_the_format_is_one(file: Path) -> None:
    notebook = read_notebook(file)
    written = json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"

    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    assert file.read_text(encoding="utf-8") == written


@notebook_files
def test_ids_of_cells_are_readable_and_unique(file: Path) -> None:
    ids = [cell["id"] for cell in read_notebook(file)["cells"]]

    assert [id_ for id_ in ids if not SLUG.fullmatch(id_)] == []
    assert len(ids) == len(set(ids))


@notebook_files
def test_the_id_of_a_graded_cell_is_its_grade_id(file: Path) -> None:
    for cell in read_notebook(file)["cells"]:
        if "nbgrader" in cell["metadata"]:
            assert cell["id"] == cell["metadata"]["nbgrader"]["grade_id"]


@notebook_files
def test_outputs_are_stripped_unless_pinned(file: Path) -> None:
    for cell in code(file):
        if not set(cell["metadata"].get("tags", ())) >= pins.TAGS:
            kept = (cell["outputs"], cell["execution_count"])
            assert kept == ([], None), f"Run `make pins`: cell {cell['id']} was saved with outputs."


@notebook_files
def test_there_is_one_title_and_no_heading_is_skipped(file: Path) -> None:
    levels = [level for level, _ in headings(file)]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@notebook_files
def test_every_cell_has_a_place_among_the_slides(file: Path) -> None:
    kinds = {"slide", "subslide", "fragment", "skip", "notes", "-"}
    for cell in read_notebook(file)["cells"]:
        assert cell["metadata"]["slideshow"]["slide_type"] in kinds


@notebook_files
def test_code_imports_volens_and_nothing_else(file: Path) -> None:
    for cell in code(file):
        for node in ast.walk(ast.parse(text(cell))):
            if isinstance(node, ast.Import):
                assert [(name.name, name.asname) for name in node.names] == [("volens", "vo")]
            assert not isinstance(node, ast.ImportFrom)
        assert not re.search(r"^\s*[%!]|pip install|https?://", text(cell), re.MULTILINE)


@lesson_files
def test_code_cells_are_short(file: Path) -> None:
    lengths = [len(text(cell).splitlines()) for cell in code(file)]

    assert median(lengths) <= 3
    assert max(lengths) <= LONGEST_CELL


@notebook_files
def test_code_that_nobody_types_into_is_folded_away(file: Path) -> None:
    for cell in code(file):
        typed = cell["id"].endswith("-answer") or cell["id"].startswith("look-up-")
        assert cell["metadata"].get("jupyter", {}).get("source_hidden", False) is not typed


@lesson_files
def test_a_lesson_opens_with_the_block(file: Path) -> None:
    block = markdown(file)[1]

    for line in (
        "The question",
        "You will",
        "Afterwards you can",
        "Time",
        "You need",
        "Read before",
    ):
        assert f"| **{line}** |" in block


@lesson_files
def test_the_time_stated_is_the_time_counted(file: Path) -> None:
    counted = lesson_times.times(file)
    stated = (
        f"| **Time** | {counted.total} minutes: {counted.reading} of reading, "
        f"{counted.activities} in activities"
    )

    assert stated in markdown(file)[1], f"It should begin: {stated}"
    assert 45 <= counted.total <= 75


@lesson_files
def test_the_readme_names_the_lesson_its_question_and_its_time(file: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    number, question = headings(file)[0][1].split(". ", 1)
    line = rf"\| \[Lesson {number}\]\(lessons/{file.name}\) \| {re.escape(question)}.* \| (\d+) min"

    (stated,) = re.findall(line, readme)
    assert int(stated) == lesson_times.times(file).total


@lesson_files
def test_the_overview_mirrors_the_numbered_headings(file: Path) -> None:
    overview = next(cell for cell in markdown(file) if "What is in this lesson" in cell)
    listed = re.findall(r"^(\d+\. .+)$", overview, re.MULTILINE)

    assert listed == [
        title for level, title in headings(file) if re.match(r"\d+\. ", title) and level == 2
    ]
    assert 4 <= len(listed) <= 7
    assert [int(title.split(".")[0]) for title in listed] == [*range(1, len(listed) + 1)]


@lesson_files
def test_a_lesson_ends_with_what_was_found_and_what_stays_open(file: Path) -> None:
    ends = [title for level, title in headings(file) if level == 2][-5:]

    assert ends == [
        "What we found",
        "What stays open",
        "Check yourself",
        "Further reading",
        "Where next",
    ]


@lesson_files
def test_an_activity_says_when_it_is_done_and_how_long_it_takes(file: Path) -> None:
    for cell in markdown(file):
        for activity in re.findall(r"^\*\*Try it\.\*\*.+$", cell, re.MULTILINE):
            assert "You are done when" in activity
            assert re.search(r"\(\d+ minutes?\b", activity)


@lesson_files
def test_there_are_three_to_six_activities(file: Path) -> None:
    activities = [
        line
        for cell in markdown(file)
        for line in re.findall(r"^\*\*Try it\.\*\*", cell, re.MULTILINE)
    ]

    assert 3 <= len(activities) <= 6


def questions(file: Path) -> list[str]:
    asked = next(cell for cell in markdown(file) if "## Check yourself" in cell)
    return re.split(r"^\*\*\d\. ", asked, flags=re.MULTILINE)[1:]


@lesson_files
def test_there_are_five_to_eight_questions_to_check_oneself(file: Path) -> None:
    assert 5 <= len(questions(file)) <= 8


@lesson_files
def test_every_option_is_answered_and_one_is_right(file: Path) -> None:
    for question in questions(file):
        answers = re.findall(r"<details><summary>.+?</summary>\s+(\*\*.+?\*\*)", question)

        assert 2 <= len(answers) == question.count("<details>") <= 4, question
        assert answers.count("**Yes.**") == 1, question


@lesson_files
def test_a_wrong_answer_says_where_to_look(file: Path) -> None:
    for question in questions(file):
        for answer in re.findall(r"</summary>\s+(\*\*.+?)</details>", question, re.DOTALL):
            assert answer.startswith("**Yes.**") or PLACE.search(answer), (
                "Name a provision with its number, a row, a card in italics, a section or a "
                f"lesson in this answer: {answer}"
            )


@pytest.mark.parametrize("answer", ["See the card.", "A lesson to learn.", "In this section."])
def test_a_wrong_answer_that_names_no_place_would_be_noticed(answer: str) -> None:
    assert not PLACE.search(answer)


def test_every_misconception_is_met_in_a_lesson() -> None:
    met = {
        belief
        for file in LESSONS
        for cell in read_notebook(file)["cells"]
        for belief in cell["metadata"].get("volens", {}).get("beliefs", [])
    }

    assert met == {row["id"] for row in evidence.rows("misconceptions")}


@lesson_files
def test_a_later_lesson_assigns_a_primary_text_and_a_peer_reviewed_reading(file: Path) -> None:
    readings = next(cell for cell in markdown(file) if "## Further reading" in cell)

    if file.stem >= "02":
        assert "- **Primary text.** " in readings
        assert "- **Peer-reviewed.** " in readings
    for reading in re.findall(r"^- .+$", readings, re.MULTILINE):
        ours = re.search(r"\]\((?:\.\./|\d\d-)", reading)
        assert ours or re.search(r"(?i)\b(?:not )?open access\b", reading), reading


@lesson_files
def test_what_stands_on_a_slide_is_short(file: Path) -> None:
    for cell in read_notebook(file)["cells"]:
        kind = cell["metadata"]["slideshow"]["slide_type"]
        if cell["cell_type"] == "markdown" and kind not in {"notes", "skip"}:
            shown = re.sub(r"^>.*$", "", FOLDED.sub("", text(cell)), flags=re.MULTILINE)
            most = LONGEST_SLIDE * (2 if "\n|" in shown else 1)
            assert lesson_times.words(shown) <= most, (
                f"Cell {cell['id']} has {lesson_times.words(shown)} words outside what folds; on a "
                f"slide at most {most}. Shorten it, or make it the speaker's: slide type notes."
            )


@lesson_files
def test_a_table_has_no_empty_header(file: Path) -> None:
    for cell in markdown(file):
        for header in re.findall(r"^(\|.*\|)\n\|(?:\s*:?-+:?\s*\|)+$", cell, re.MULTILINE):
            assert all(name.strip() for name in header.strip("|").split("|")), header


@notebook_files
def test_a_link_says_where_it_leads(file: Path) -> None:
    for cell in markdown(file):
        for words in re.findall(r"\[([^\]]+)\]\([^)]+\)", cell):
            assert words.strip().lower() not in {"here", "link", "this", "more", "read more"}


def terms(file: Path) -> set[str]:
    return {
        term for cell in markdown(file) for term in re.findall(r"glossary\.md#([a-z0-9-]+)", cell)
    }


@lesson_files
def test_new_terms_are_few(file: Path) -> None:
    met = {term for earlier in LESSONS if earlier < file for term in terms(earlier)}

    assert len(terms(file) - met) <= 5


def anchors(file: Path) -> set[str]:
    """The places in a text that a link can lead to."""
    source = prose.FENCED.sub("", file.read_text(encoding="utf-8"))
    return {handbook.anchor(title) for title in re.findall(r"^#+ (.+)$", source, re.MULTILINE)}


def dead_links(file: Path, source: str) -> list[str]:
    """The links of a text that lead to no file, or to no heading of a file."""
    found = []
    for link in re.findall(r"\]\(([^)\s]+)\)", prose.FENCED.sub("", source)):
        if link.startswith("https://"):
            continue
        target, _, part = link.partition("#")
        place = file.parent / target if target else file
        if not place.exists() or (part and (place.suffix != ".md" or part not in anchors(place))):
            found.append(link)
    return found


@notebook_files
def test_links_lead_to_a_file_and_a_heading_that_there_are(file: Path) -> None:
    dead = [
        f"cell {id_}: {link}" for id_, source in cells(file) for link in dead_links(file, source)
    ]

    assert dead == [], "These links lead nowhere. A link to a heading of a notebook is not used."


@pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: str(file.relative_to(ROOT)))
def test_so_do_those_of_the_documents(file: Path) -> None:
    assert dead_links(file, file.read_text(encoding="utf-8")) == []


def strays(source: str, here: str) -> list[str]:
    """The lessons and sections that a text sends a reader to, and that there are not."""
    plain = prose.LINK.sub(r"\1", source)
    found = [
        f"lesson {number}"
        for several in LESSON.findall(plain)
        for number in re.findall(r"\d", several)
        if number not in NUMBERED
    ]
    for one in SECTION.finditer(plain):
        lesson = one["before"] or one["after"] or here
        there = NUMBERED.get(lesson, {})
        found += [
            f"section {number} of lesson {lesson}"
            for number in re.findall(r"\d", one["sections"])
            if number not in there
        ]
    return found


@lesson_files
def test_the_lessons_and_sections_that_the_text_names_are_there(file: Path) -> None:
    here = str(int(file.stem[:2]))
    found = [f"cell {id_}: {each}" for id_, source in cells(file) for each in strays(source, here)]

    assert found == [], "Readers are sent to what there is not"


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("see section 9", ["section 9 of lesson 1"]),
        ("(section 2 and lesson 4)", []),
        ("See lessons 2 and 9.", ["lesson 9"]),
        ("in sections 1 and 9", ["section 9 of lesson 1"]),
        ("section 9 of [lesson 0](00-start-here.ipynb)", ["section 9 of lesson 0"]),
        ("[lesson 0](00-start-here.ipynb), section 8", ["section 8 of lesson 0"]),
        ("Lesson 8 says", ["lesson 8"]),
        ("section 109 of an Act, lesson 10", []),
    ],
)
def test_a_section_that_there_is_not_is_found(source: str, found: list[str]) -> None:
    assert strays(source, "1") == found


def test_no_two_widgets_keep_their_entries_under_one_name() -> None:
    names = [
        name
        for file in LESSONS
        for cell in code(file)
        for name in re.findall(r"\bname=\"([^\"]+)\"", text(cell))
    ]

    assert sorted(names) == sorted(set(names))


@notebook_files
def test_pictures_in_text_have_an_alternative(file: Path) -> None:
    for cell in markdown(file):
        assert not re.search(r"!\[\s*\]\(", cell)
        assert not re.search(r"<img(?![^>]*\balt=\"[^\"]+\")", cell)


@notebook_files
def test_prose_has_no_filler(file: Path) -> None:
    read = " ".join(markdown(file)).lower()

    assert [phrase for phrase in IDIOMS if phrase in read] == []


@notebook_files
def test_a_quotation_has_fewer_than_fifteen_words(file: Path) -> None:
    for cell in markdown(file):
        for quotation in QUOTATION.findall(cell):
            assert len(quotation.split()) < 15, quotation


@notebook_files
def test_every_row_that_is_named_exists(file: Path) -> None:
    for cell in read_notebook(file)["cells"]:
        for named in re.findall(r"\b[CEFGKNQTU]\d{2,3}\b", text(cell)) + facts.listed(cell):
            facts.row(named)
