"""What the program for pages does with links, tables and pictures."""

import base64
from pathlib import Path

import pages
import prints
import pytest
import running

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


def test_no_two_files_have_the_same_page() -> None:
    names = pages.names_of_pages()

    assert len(set(names.values())) == len(names)
    assert "index.html" not in names.values()


def test_a_lesson_that_there_is_not_is_answered_with_those_there_are() -> None:
    with pytest.raises(SystemExit, match=r"begins with '9'\. There are: 00-start-here"):
        running.chosen(["9"])


def test_without_chromium_the_message_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prints.shutil, "which", lambda name: None)

    with pytest.raises(SystemExit, match="--no-pdf"):
        prints.write_prints([])
