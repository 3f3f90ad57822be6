"""What a browser would do with a page: run, load or show anything that an attacker put there."""

import json
import warnings
from html.parser import HTMLParser
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode, reads
from nbgrader.server_extensions.formgrader import handlers
from traitlets.config import Config

from tests.attacks.course import Victim
from volens.grader.results import Graded, GradedNotebook
from volens.grading.feedback import Mark, feedback_page, render
from volens.grading.gradebook import configuration

__all__ = ["active", "feedback", "formgrader"]

#: Elements that run or load something, or change the rest of the page.
_ACTIVE = {
    *("script", "style", "iframe", "object", "embed", "base", "link", "meta", "form", "input"),
    *("svg", "math", "frame", "frameset", "applet", "audio", "video", "source", "portal"),
}
_LEADS = ("javascript:", "data:text", "vbscript:")


class _Reader(HTMLParser):
    """Finds what is active and bears a mark."""

    def __init__(self, mark: str) -> None:
        super().__init__(convert_charrefs=True)
        self._mark = mark
        self._inside = ""
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            plain = "".join((value or "").split()).lower()
            if self._mark not in plain:
                continue
            loads = name in {"src", "srcset", "srcdoc", "action", "formaction", "data", "poster"}
            if (
                tag in _ACTIVE
                or name.startswith("on")
                or name == "style"
                or (loads and not plain.startswith("data:image/"))
                or plain.startswith(_LEADS)
            ):
                self.found.append(f"<{tag} {name}>")
        self._inside = tag if tag in {"script", "style"} else ""

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside and self._mark in data:
            self.found.append(f"<{self._inside}>")


def active(page: str, mark: str) -> tuple[str, ...]:
    """Return which active pieces of a page bear a mark."""
    reader = _Reader(mark.lower())
    # A mark is searched in any case of letters; the tags are so already.
    reader.feed(page.replace(mark.upper(), mark.lower()))
    return tuple(dict.fromkeys(reader.found))


def feedback(victim: Victim, graded: Graded, notebook: GradedNotebook) -> str:
    """Return the page that the student would get."""
    marks = {
        mark.grade_id: Mark(mark.points or 0, mark.possible, waits=mark.points is None)
        for mark in notebook.marks
    }
    comments = {one.grade_id: one.text for one in notebook.comments if one.text}
    content: dict[str, Any] = json.loads(notebook.content)
    page = feedback_page(
        content,
        released=victim.released,
        marks=marks,
        comments=comments,
        rubrics=(),
        student=graded.student,
    )
    return render(page)


def formgrader(victim: Victim, content: str) -> str:
    """Return the page on which whoever marks would read the notebook."""
    config = configuration(victim.root)
    config.merge(
        Config(
            {
                "HTMLExporter": {
                    "template_name": "formgrade",
                    "extra_template_basedirs": [handlers.template_path],
                }
            }
        )
    )
    notebook: NotebookNode = reads(content, as_version=4)
    exporter = HTMLExporter(config=config)  # type: ignore[no-untyped-call]
    with warnings.catch_warnings():
        # It warns of outputs that it cannot show.
        warnings.simplefilter("ignore", UserWarning)
        page, _ = exporter.from_notebook_node(notebook, resources=_resources())
    return str(page)


def _resources() -> dict[str, Any]:
    """Return what formgrader tells its template, apart from the notebook."""
    return {
        "assignment_id": "v1-victim",
        "notebook_id": "v1-victim",
        "submission_id": "x",
        "index": 0,
        "total": 1,
        "base_url": "/",
        "mathjax_url": "",
        "last_name": "",
        "first_name": "",
        "notebook_path": "x",
        "keyword_prefix": "",
        "unique_key": "x",
        "uuid": "x",
    }
