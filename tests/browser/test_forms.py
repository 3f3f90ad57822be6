"""The forms of the lessons: web pages, slides and print, made once and looked at in Chromium."""

import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from tests.browser.conftest import visited
from tests.checkout import LESSONS, ROOT, read_notebook, text

PHONE: ViewportSize = {"width": 360, "height": 740}
LAPTOP: ViewportSize = {"width": 1280, "height": 900}
ONLY_FAULTS = {"resultTypes": ["violations"]}
STARTS_A_SLIDE = {"slide", "subslide"}
GRAVE = {"serious", "critical"}
WIDER = "document.documentElement.scrollWidth > innerWidth"
#: Rows further down a long table are made as those above them.
FIRST_ROWS = "for (const row of document.querySelectorAll('tr:nth-child(n + 25)')) row.remove()"
#: The slides on which something sticks out, each looked at as it is shown.
WIDER_SLIDES = """() => Reveal.getSlides().filter(slide => {
  const at = Reveal.getIndices(slide);
  Reveal.slide(at.h, at.v);
  return slide.scrollWidth > slide.clientWidth;
}).map(slide => slide.innerText.slice(0, 60))"""
#: Reveal hides all slides but one, and lays a background over them; axe says nothing of what
#: is hidden, nor of the colours of what is covered.
ALL_SLIDES = """() => {
  const style = document.createElement("style");
  style.textContent = `.reveal .slides, .reveal .slides section { display: block !important;
    position: static !important; visibility: visible !important; height: auto !important;
    opacity: 1 !important; transform: none !important; overflow: visible !important;
    pointer-events: auto !important; }
    .reveal .backgrounds { display: none !important; }
    html, body, main, .reveal { overflow: visible !important; height: auto !important; }`;
  document.head.append(style);
  for (const one of document.querySelectorAll(".slides section")) {
    one.removeAttribute("hidden");
    one.removeAttribute("aria-hidden");
  }
}"""

lessons = pytest.mark.parametrize("lesson", LESSONS, ids=lambda file: file.stem)


@pytest.fixture(name="folder", scope="module")
def _folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All forms of all lessons; every lesson is run once."""
    folder = tmp_path_factory.mktemp("pages")
    program = [sys.executable, str(ROOT / "tools" / "pages.py"), "--folder", str(folder)]
    done = subprocess.run(program, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(name="context", scope="module")
def _context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(offline=True)
    yield context
    context.close()


@cache
def soup(file: Path) -> BeautifulSoup:
    return BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")


def kinds(lesson: Path) -> list[str]:
    """The place of each cell among the slides."""
    return [cell["metadata"]["slideshow"]["slide_type"] for cell in read_notebook(lesson)["cells"]]


def squeezed(words: str) -> str:
    """A text as a printed page may break it: without spaces, ligatures and marks."""
    return re.sub(r"[\s*_`]+", "", unicodedata.normalize("NFKC", words))


def last_folded_words(lesson: Path) -> str:
    """The end of the last text that is folded in a lesson."""
    prose = "\n".join(
        text(cell) for cell in read_notebook(lesson)["cells"] if cell["cell_type"] == "markdown"
    )
    folded = re.findall(r"<details>.*?</summary>(.*?)</details>", prose, re.DOTALL)[-1]
    plain = re.sub(r"\]\([^)]*\)|<[^>]+>|\[", "", folded)
    return " ".join(plain.split()[-6:])


@contextmanager
def watched(context: BrowserContext, file: Path) -> Iterator[tuple[Page, list[str]]]:
    """A page on a phone, and the list of its faults: first, what it loads and what goes wrong."""
    found: list[str] = []
    page = context.new_page()
    page.set_viewport_size(PHONE)
    page.on("request", lambda request: found.append(f"loads {request.url}"))
    page.on("pageerror", lambda error: found.append(f"error {error}"))
    page.goto(file.as_uri())
    yield page, found
    page.close()
    ours = (f"loads {file.as_uri()}", "loads data:")
    found[:] = [each for each in found if not each.startswith(ours)]


def barriers(page: Page) -> list[str]:
    """What axe finds that keeps people out. The texts are the same at every size."""
    return [
        f"{one['id']}: {one['help']}, at {[node['html'][:200] for node in one['nodes']]}"
        for one in Axe().run(page, options=ONLY_FAULTS).response["violations"]
        if one["impact"] in GRAVE
    ]


def page_faults(context: BrowserContext, file: Path) -> list[str]:
    """What a page loads, what goes wrong on it, what axe finds, and at which size it is wider."""
    with watched(context, file) as (page, found):
        for size in (LAPTOP, PHONE):
            page.set_viewport_size(size)
            if page.evaluate(WIDER):
                found.append(f"{size['width']} pixels: something sticks out")
        page.evaluate(FIRST_ROWS)
        found.extend(barriers(page))
    return found


@lessons
def test_a_page_loads_nothing_fits_and_can_be_used_by_all(
    folder: Path, context: BrowserContext, lesson: Path
) -> None:
    assert page_faults(context, folder / f"{lesson.stem}.html") == []


@lessons
def test_so_does_a_deck_which_has_the_slides_and_notes_that_the_notebook_says(
    folder: Path, context: BrowserContext, lesson: Path
) -> None:
    said = kinds(lesson)
    with watched(context, folder / f"{lesson.stem}.slides.html") as (page, found):
        slides = page.evaluate("Reveal.getTotalSlides()")
        notes = page.locator("aside.notes").count()
        for size in (PHONE, LAPTOP):
            page.set_viewport_size(size)
            wider = page.evaluate(WIDER_SLIDES)
            found.extend(f"{size['width']} pixels: {each!r} sticks out" for each in wider)
        page.evaluate(ALL_SLIDES)
        found.extend(barriers(page))

    assert found == []
    assert slides == sum(kind in STARTS_A_SLIDE for kind in said)
    assert notes >= said.count("notes")


def test_a_fault_on_a_slide_that_is_not_shown_first_is_found(
    folder: Path, context: BrowserContext
) -> None:
    with watched(context, folder / f"{LESSONS[0].stem}.slides.html") as (page, _):
        page.evaluate(
            "Reveal.getSlides().at(-2).insertAdjacentHTML('beforeend',"
            " '<div style=\"width: 3000px; color: #ddd\">pale and wide</div>')"
        )
        wider = page.evaluate(WIDER_SLIDES)
        page.evaluate(ALL_SLIDES)
        found = barriers(page)

    assert len(wider) == 1
    assert [each.split(":")[0] for each in found] == ["color-contrast"]


def test_the_list_of_lessons_and_the_documents_do_as_the_pages_do(
    folder: Path, context: BrowserContext
) -> None:
    ours = {file.stem for file in LESSONS}
    documents = [one for one in sorted(folder.glob("*.html")) if one.name.split(".")[0] not in ours]

    assert {"index.html", "glossary.html", "data.html"} <= {file.name for file in documents}
    assert {one.name: page_faults(context, one) for one in documents} == {
        one.name: [] for one in documents
    }


def test_every_page_has_a_language_a_title_and_one_first_heading(folder: Path) -> None:
    for file in folder.glob("*.html"):
        page = soup(file)
        assert page.html["lang"] == "en-GB", file.name
        assert page.title.string.strip(), file.name
        assert len(page.find_all("h1")) == 1, file.name


def test_links_inside_the_folder_lead_to_a_file_and_a_place_in_it(folder: Path) -> None:
    ids = {
        file.name: {str(each["id"]) for each in soup(file).find_all(id=True)}
        for file in folder.glob("*.html")
    }
    files = {file.name for file in folder.iterdir()}
    for file in ids:
        for link in soup(folder / file).select("a[href]"):
            name, part = urldefrag(str(link["href"]))
            if not re.match(r"[a-z]+:", name):
                assert (name or file) in files, (file, str(link))
                assert not part or unquote(part) in ids[name or file], (file, str(link))


@lessons
def test_code_that_is_folded_in_the_notebook_is_folded_or_left_out(
    folder: Path, lesson: Path
) -> None:
    page, slides = (soup(folder / (lesson.stem + end)) for end in (".html", ".slides.html"))
    shown = {"import volens as vo"} | {
        text(cell)
        for cell in read_notebook(lesson)["cells"]
        if cell["cell_type"] == "code" and cell["metadata"].get("jupyter", {}).get("source_hidden")
    }

    assert all(not one.has_attr("open") for one in page.select("details.code"))
    for block in [*page.select("main pre"), *slides.select("main pre")]:
        assert block.get_text().strip() not in shown or block.find_parent("details", class_="code")


@lessons
def test_widgets_stand_as_static_twins(folder: Path, lesson: Path) -> None:
    for ending in (".html", ".slides.html"):
        content = (folder / (lesson.stem + ending)).read_text(encoding="utf-8")
        assert "application/vnd.jupyter.widget" not in content


def test_keys_scroll_a_long_slide_before_they_turn_to_the_next(
    folder: Path, chromium: Browser
) -> None:
    small: ViewportSize = {"width": 800, "height": 300}
    deck = folder / f"{LESSONS[0].stem}.slides.html"
    with visited(chromium, deck, viewport=small) as page:
        place = "[Reveal.getState().indexv, Reveal.getCurrentSlide().scrollTop > 0]"
        page.keyboard.press("PageDown")
        assert page.evaluate(place) == [0, True]
        for _ in range(30):
            if page.evaluate(place)[0]:
                break
            page.keyboard.press("PageDown")
        assert page.evaluate(place) == [1, False]


def test_what_folds_on_a_slide_opens_with_the_keyboard_and_the_slide_stays(
    folder: Path, chromium: Browser
) -> None:
    deck = folder / f"{LESSONS[0].stem}.slides.html"
    with visited(chromium, deck) as page:
        summary = page.locator(".slides summary").first
        before = summary.evaluate(
            "one => { const at = Reveal.getIndices(one.closest('section'));"
            "Reveal.slide(at.h, at.v); return [at.h, at.v]; }"
        )
        summary.focus()
        page.keyboard.press("Space")
        assert summary.evaluate("one => one.parentElement.open")
        assert page.evaluate("[Reveal.getIndices().h, Reveal.getIndices().v]") == before


@lessons
def test_print_has_numbered_pages_and_opens_what_is_folded(folder: Path, lesson: Path) -> None:
    printed = pypdf.PdfReader(folder / f"{lesson.stem}.pdf")
    wanted, words = squeezed(last_folded_words(lesson)), ""
    for page in reversed(printed.pages):
        words = squeezed(page.extract_text()) + words
        if wanted in words:
            break

    assert wanted in words
    assert squeezed(printed.pages[0].extract_text()).endswith(f"1of{len(printed.pages)}")
    assert printed.outline


def test_a_page_folds_again_what_it_opened_for_print(folder: Path, chromium: Browser) -> None:
    with visited(chromium, folder / f"{LESSONS[0].stem}.html") as page:
        opened = "document.querySelectorAll('details[open]').length"
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.evaluate(opened) > 0
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.evaluate(opened) == 0
