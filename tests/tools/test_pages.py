"""What the program for pages does with links, tables and pictures."""

import base64
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pages
import prints
import pytest
import running

TOOLS = Path(pages.__file__).parent
SOURCE = Path("/course/lessons/01.ipynb")
NAMES = {Path("/course/docs/glossary.md"): "glossary.html", SOURCE: "01.html"}


def finished(inside: str) -> str:
    return pages.finish(f"<main>{inside}</main>", SOURCE, NAMES)


def test_a_link_to_a_file_of_the_course_leads_to_its_page() -> None:
    link = '<a href="../docs/glossary.md#claim">claim</a>'

    assert finished(link) == '<main><a href="glossary.html#claim">claim</a></main>'


def test_a_link_to_what_has_no_page_becomes_text() -> None:
    assert finished('<a href="../assignments/a1.ipynb">a1</a>') == "<main>a1</main>"


@pytest.mark.parametrize("address", ["https://example.org/a.md", "#part", "mailto:a@example.org"])
def test_other_links_stay_as_they_are(address: str) -> None:
    assert finished(f'<a href="{address}">x</a>') == f'<main><a href="{address}">x</a></main>'


def test_headings_have_the_anchors_that_the_glossary_is_linked_by() -> None:
    assert '<h2 id="use-of-force">' in finished("<h2>Use of force</h2>")


def test_a_table_scrolls_in_a_box_that_has_a_name_and_is_reached_by_the_keyboard() -> None:
    box = finished("<table><caption>Toll</caption><tr><td>1</td></tr></table>")

    assert box.startswith("<main><div ")
    for part in ('class="scroll"', 'role="group"', 'tabindex="0"', 'aria-label="Toll"'):
        assert part in box


def test_a_table_of_many_columns_is_marked_for_print() -> None:
    assert "scroll wide" in finished("<table><tr>" + "<td>1</td>" * 10 + "</tr></table>")


def test_a_picture_stands_in_the_page(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"dots")
    page = pages.finish('<main><img src="a.png"></main>', tmp_path / "a.md", {})

    assert f"data:image/png;base64,{base64.b64encode(b'dots').decode()}" in page


def test_documents_are_found_through_documents(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("[b](b.md#x) [gone](gone.md) [web](https://example.org/c.md)")
    (tmp_path / "b.md").write_text("[a](a.md)")

    assert list(pages.linked([tmp_path / "a.md"])) == [tmp_path / "b.md", tmp_path / "a.md"]


def test_the_list_has_the_lessons_of_earlier_runs_too_and_no_print_older_than_its_page(
    tmp_path: Path,
) -> None:
    first, second = (lesson.stem for lesson in running.chosen(("00", "01")))
    for name in (f"{first}.html", f"{second}.html", f"{first}.pdf", f"{second}.pdf"):
        (tmp_path / name).touch()
    os.utime(tmp_path / f"{first}.html", (2**31, 2**31))
    listed = pages.index(tmp_path)

    assert re.findall(r"\(([^)]+)\)", listed) == [
        f"{first}.html",
        f"{first}.slides.html",
        f"{second}.html",
        f"{second}.slides.html",
        f"{second}.pdf",
    ]


def test_no_two_files_have_the_same_page() -> None:
    names = pages.names_of_pages()

    assert len(set(names.values())) == len(names)
    assert "index.html" not in names.values()


def test_a_lesson_that_there_is_not_is_answered_with_those_there_are() -> None:
    with pytest.raises(SystemExit, match=r"begins with '9'\. There are: 00-start-here"):
        running.chosen(["9"])


def test_a_lesson_that_fails_ends_the_program_with_its_cell_and_no_traceback(
    tmp_path: Path,
) -> None:
    aloud = nbformat.v4.new_code_cell("import os; os.system('echo aside >&2')", id="aloud")
    code = nbformat.v4.new_code_cell("1 / 0", id="division")
    nbformat.write(nbformat.v4.new_notebook(cells=[aloud, code]), tmp_path / "01-a.ipynb")
    program = (
        "import sys; from pathlib import Path; import pages, running\n"
        "running.LESSONS = Path(sys.argv[1])\n"
        "sys.exit(pages.main(['--no-pdf', '--folder', sys.argv[1] + '/pages']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        cwd=TOOLS,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr == (
        "A lesson could not be run, and has no new forms: 01-a.ipynb, cell division: "
        "ZeroDivisionError: division by zero\n"
    )
    assert list((tmp_path / "pages").iterdir()) == []


def test_without_chromium_the_message_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prints.shutil, "which", lambda name: None)

    with pytest.raises(SystemExit, match="--no-pdf"):
        prints.chromium()
