"""Print pages as PDF through Chromium. ``tools/pages.py`` uses this."""

import html
import shutil
from collections.abc import Iterable
from pathlib import Path

from playwright.sync_api import Page, PdfMargins, sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
MARGINS: PdfMargins = {"top": "18mm", "bottom": "20mm", "left": "17mm", "right": "17mm"}
FOOTER = (
    '<p style="width: 100%; font: 8pt sans-serif; text-align: center; color: #565656">'
    '{title} &middot; <span class="pageNumber"></span> of <span class="totalPages"></span></p>'
)


def chromium() -> str:
    """Return where Chromium is.

    Raises
    ------
    SystemExit
        If there is none; the text says what to do.
    """
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        raise SystemExit(
            "The PDFs are printed by Chromium, which was not found. Install it, or make the pages "
            "and slides without PDFs: .venv/bin/python tools/pages.py --no-pdf"
        )
    return program


def write_prints(pages: Iterable[Path], program: str) -> None:
    """Print each page to a PDF beside it. What is folded on a page, the page itself opens.

    Parameters
    ----------
    pages
        Files ending in ``.html``. Each is printed as soon as it is there.
    program
        The Chromium that prints.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for file in pages:
            shown = browser.new_page()
            shown.goto(file.as_uri())
            _print(shown, file.with_suffix(".pdf"))
            shown.close()
        browser.close()


def _print(shown: Page, file: Path) -> None:
    """Print a page with numbers, an outline and the tags that screen readers use."""
    shown.pdf(
        path=file,
        format="A4",
        display_header_footer=True,
        header_template="<p></p>",
        footer_template=FOOTER.format(title=html.escape(shown.title())),
        margin=MARGINS,
        tagged=True,
        outline=True,
    )
