"""Make the other forms of the lessons: web page, slides and print, in ``build/pages/``.

What ``make pages`` runs. Every lesson is run once, and nbconvert makes the forms with the
templates in ``tools/templates/``. No form loads anything from a network: what a page needs
stands in the page. Widgets show as their static twins.
"""

import argparse
import mimetypes
import os
import re
import sys
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag

import nbformat
import running
import sphinx_revealjs
from bs4 import BeautifulSoup, Tag
from handbook import anchor
from nbconvert import HTMLExporter, SlidesExporter
from nbformat import NotebookNode
from prints import chromium, write_prints

OUTPUT = running.CHECKOUT / "build" / "pages"
TEMPLATES = Path(__file__).with_name("templates")
REVEAL = Path(sphinx_revealjs.__file__).parent / "_static" / "revealjs"
REVEAL_JS = ("dist/reveal.js", "plugin/notes/notes.js")
REVEAL_CSS = REVEAL / "dist" / "reveal.css"
WIDGET = "application/vnd.jupyter.widget-view+json"
DOCUMENT = re.compile(r"\]\(([^)#\s]+\.md)(?:#[^)]*)?\)")
ELSEWHERE = re.compile(r"[a-z]+:|#|$")
COLUMNS_ON_PAPER = 9  # a table with more is printed small
ROWS_ON_PAPER = 40
CUT = "On paper, {} of {} rows. The web page and the notebook have them all."
NOTE = "This is the lesson to read. What you fill in works in the notebook of the same name."

Names = Mapping[Path, str]
"""The pages of the folder: which file of the course each comes from."""


def title(notebook: NotebookNode) -> str:
    """Return the first heading of a notebook."""
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    found = re.search(r"^# (.+)$", prose, re.MULTILINE)
    return re.sub(r"[*_`]", "", found[1]) if found else "Volens"


def document(markdown: str) -> NotebookNode:
    """Return a text as a notebook of one cell, since nbconvert makes pages of notebooks."""
    notebook: NotebookNode = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell(markdown, id="document")]
    )
    return notebook


def linked(files: Iterable[Path]) -> Iterator[Path]:
    """Find the Markdown files that files link to, and those that these link to."""
    seen: set[Path] = set()
    waiting = list(files)
    while waiting:
        file = waiting.pop(0)
        for target in DOCUMENT.findall(file.read_text(encoding="utf-8")):
            found = (file.parent / target).resolve()
            if found.is_file() and found not in seen:
                seen.add(found)
                waiting.append(found)
                yield found


def names_of_pages() -> dict[Path, str]:
    """Return every file that has a page, with the page's name: ``docs/glossary.md`` and so on."""
    lessons = running.chosen(())
    names = {lesson: f"{lesson.stem}.html" for lesson in lessons}
    for file in linked(lessons):
        stem = file.parent.name if file.stem == "README" else file.stem
        names[file] = f"{stem.lower()}.html"
    return names


def finish(html: str, source: Path, names: Names) -> str:
    """Give a page the anchors, links, pictures and table boxes that it needs in the folder.

    Links are read from where the source stands. A link to a file that has no page in the
    folder becomes plain text.
    """
    soup = BeautifulSoup(html, "html.parser")
    for heading in soup.find_all(["h1", "h2", "h3", "h4"]):
        heading["id"] = anchor(heading.get_text())
    for link in soup.select("main a[href]"):
        address, part = urldefrag(str(link["href"]))
        if not ELSEWHERE.match(address):
            page = names.get((source.parent / address).resolve())
            if page is None:
                link.unwrap()
            else:
                link["href"] = page + (f"#{part}" if part else "")
    for picture in soup.select("main img[src]"):
        file = source.parent / str(picture["src"])
        if not ELSEWHERE.match(str(picture["src"])) and file.is_file():
            kind = mimetypes.guess_type(file.name)[0]
            picture["src"] = f"data:{kind};base64,{b64encode(file.read_bytes()).decode()}"
    for number, table in enumerate(soup.find_all("table"), start=1):
        _box(soup, table, number)
    return str(soup)


def _box(soup: BeautifulSoup, table: Tag, number: int) -> None:
    """Let a wide table scroll in a box of its own, which the keyboard reaches too."""
    label = table.caption.get_text() if table.caption else f"Table {number}"
    box = soup.new_tag("div", tabindex="0", role="group")
    wide = len(table.tr.find_all(["td", "th"])) > COLUMNS_ON_PAPER if table.tr else False
    box["class"], box["aria-label"] = "scroll wide" if wide else "scroll", label
    table.wrap(box)
    rows = table.select("tbody tr")
    if len(rows) > ROWS_ON_PAPER and table.find_parent(class_="jp-OutputArea-output"):
        for row in rows[ROWS_ON_PAPER:]:
            row["class"] = "off-paper"
        rest = soup.new_tag("p", string=CUT.format(ROWS_ON_PAPER, len(rows)))
        rest["class"] = "on-paper"
        box.insert_after(rest)


def without_widgets(notebook: NotebookNode) -> NotebookNode:
    """Take the live views of widgets out, so that their static twins are shown."""
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            output.get("data", {}).pop(WIDGET, None)
    return notebook


def page(notebook: NotebookNode, source: Path, names: Names, **around: Any) -> str:  # noqa: ANN401
    """Return a notebook, already run, as a web page.

    ``around`` may hold ``links``, pairs of a name and an address, and ``note``, a line of text.
    """
    return _export(HTMLExporter, "page", notebook, source, names, around)


def deck(notebook: NotebookNode, source: Path, names: Names) -> str:
    """Return a notebook as slides, with reveal.js inside the file."""
    scripts = "\n".join((REVEAL / name).read_text(encoding="utf-8") for name in REVEAL_JS)
    inside = {
        "reveal_js": scripts.replace("</script", "<\\/script"),
        "reveal_css": REVEAL_CSS.read_text(encoding="utf-8"),
    }
    return _export(SlidesExporter, "deck", notebook, source, names, inside)


def _export(
    kind: type[HTMLExporter],
    template: str,
    notebook: NotebookNode,
    source: Path,
    names: Names,
    around: Mapping[str, Any],
) -> str:
    exporter = kind(
        template_name=template,
        extra_template_basedirs=[str(TEMPLATES)],
        extra_template_paths=[str(TEMPLATES)],
        exclude_anchor_links=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
    )
    notebook.metadata["title"] = title(notebook)
    place = {"metadata": {"name": source.stem, "path": str(source.parent)}}
    html, _ = exporter.from_notebook_node(notebook, {**place, "links": [], "note": "", **around})
    return finish(html, source, names)


def index(folder: Path) -> str:
    """Return the list of the lessons in a folder and their forms, as Markdown.

    A print that is older than its page is left out.
    """
    listed = []
    for one in running.chosen(()):
        file, pdf = folder / f"{one.stem}.html", folder / f"{one.stem}.pdf"
        number = int(one.stem[:2])
        if file.is_file():
            listed.append(f"- [{title(nbformat.read(one, 4))}]({file.name})\n")
            listed.append(f"  - [slides of lesson {number}]({one.stem}.slides.html)\n")
            if pdf.is_file() and pdf.stat().st_mtime_ns >= file.stat().st_mtime_ns:
                listed.append(f"  - [print of lesson {number}]({pdf.name})\n")
    return (
        "# Volens: the lessons\n\nAn open course on intervention by invitation. Each lesson is "
        "here to read, as slides and for print. What you fill in works in the notebooks.\n\n"
        + "".join(listed)
    )


def write_lesson(lesson: Path, names: Names, folder: Path, *, pdf: bool) -> Path:
    """Run a lesson, write it as a page and as slides, and return the file of the page."""
    notebook = without_widgets(running.run(lesson))
    links = [("All lessons", "index.html"), ("Slides", f"{lesson.stem}.slides.html")]
    links += [("Print", f"{lesson.stem}.pdf")] if pdf else []
    shown = page(notebook, lesson, names, links=links, note=NOTE)
    (folder / names[lesson]).write_text(shown, encoding="utf-8")
    slides = deck(notebook, lesson, names)
    (folder / f"{lesson.stem}.slides.html").write_text(slides, encoding="utf-8")
    print(f"{lesson.stem}: run, page and slides written", flush=True)
    return folder / names[lesson]


def write_documents(names: Names, folder: Path) -> None:
    """Write the list of lessons, and the documents that lessons link to."""
    home = [("All lessons", "index.html")]
    for file, name in names.items():
        if file.suffix == ".md":
            shown = page(document(file.read_text(encoding="utf-8")), file, names, links=home)
            (folder / name).write_text(shown, encoding="utf-8")
    there = {file.resolve(): file.name for file in folder.iterdir()}
    shown = page(document(index(folder)), folder / "index.html", there)
    (folder / "index.html").write_text(shown, encoding="utf-8")


def build(lessons: Sequence[Path], folder: Path, *, pdf: bool) -> None:
    """Write all forms of lessons into a folder."""
    program = chromium() if pdf else ""
    folder.mkdir(parents=True, exist_ok=True)
    names = names_of_pages()
    # Kernels run side by side, and what is ready is printed while others still run.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        written = pool.map(lambda one: write_lesson(one, names, folder, pdf=pdf), lessons)
        if pdf:
            write_prints(written, program)
            print(f"{len(lessons)} lessons printed as PDF", flush=True)
        else:
            list(written)
    write_documents(names, folder)
    print(f"Open {folder / 'index.html'}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the forms and return an exit code."""
    parser = argparse.ArgumentParser(description="Write the lessons as pages, slides and PDF.")
    parser.add_argument("lessons", nargs="*", metavar="LESSON", help="such as 05; all if not named")
    parser.add_argument("--no-pdf", action="store_true", help="leave the PDFs out")
    parser.add_argument("--folder", type=Path, default=OUTPUT, help="where they are written")
    options = parser.parse_args(arguments)
    try:
        build(running.chosen(options.lessons), options.folder.resolve(), pdf=not options.no_pdf)
    except running.LessonError as error:
        print(f"A lesson could not be run, and has no new forms: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
