"""What every widget of the course has: entries as plain data, kept twice, and a page of its own.

A widget is one model in Python and one view in the browser. The model holds ``content``, which
the view shows and nobody changes, and ``value``, what a student entered. The view does its own
computing, so that the same view also stands on a page without a kernel.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from volens.errors import VolensError
from volens.widgets.keeping import FOLDER, keep, kept

__all__ = ["CourseWidget", "script", "styles"]


@cache
def script(*names: str) -> str:
    """Return a view: the shared frame, then the files named, as one text.

    A text and not a path: a path would watch the file and keep old views alive.

    Parameters
    ----------
    names
        Files in ``volens/widgets/view``. None of them imports anything.
    """
    return _joined("base.js", *names)


@cache
def styles(*names: str) -> str:
    """Return the styles: those of the shared frame, then those of the files named."""
    return _joined("base.css", *names)


def _joined(*names: str) -> str:
    folder = files("volens.widgets").joinpath("view")
    return "\n".join(folder.joinpath(name).read_text(encoding="utf-8") for name in names)


class CourseWidget(anywidget.AnyWidget):
    """A widget with a student's entries.

    A subclass gives ``kind`` (a slug), ``words`` (what the page of its own says first), ``_esm``
    and ``_css``, and the methods :meth:`check`, :meth:`to_html` and :meth:`to_text`.

    Parameters
    ----------
    content
        What the view shows; it has a ``title``.
    given
        What to begin with, as plain data; none to begin untouched.
    about
        The id of what is shown, such as a case; empty where there is only one thing to show.
    name
        Under which name the entries are kept; none for that of the kind and of what is shown.
        A widget that only shows an answer given to it, and has no name, keeps nothing, so that
        the student's own entries are left alone.
    """

    kind = ""
    words = ""

    content = traitlets.Dict().tag(sync=True)
    # The kernel sends nothing back that came from the view: an echo that comes late would undo
    # what was entered since.
    value = traitlets.Dict().tag(sync=True, echo_update=False)
    name = traitlets.Unicode().tag(sync=True)
    keeps = traitlets.Bool(default_value=True).tag(sync=True)
    #: What the file beside the notebook holds from earlier, for the view to offer.
    earlier = traitlets.Dict().tag(sync=True)
    #: The number of the view's last change, and which of them the kernel has kept, with a note.
    sent = traitlets.Int().tag(sync=True, echo_update=False)
    keeping = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        content: Mapping[str, Any],
        given: Mapping[str, object] | None,
        *,
        about: str = "",
        name: str = "",
    ) -> None:
        keeps = given is None or bool(name)
        name = name or "-".join(filter(None, (self.kind, about)))
        value = self.check({} if given is None else given)
        self._file = Path.cwd() / FOLDER / f"{name}.json"
        earlier, problem = self._found() if keeps else ({}, "")
        self._spare = bool(problem)
        super().__init__(
            content={"kind": self.kind, **content},
            value=value,
            name=name,
            keeps=keeps,
            earlier=earlier,
            keeping={"number": 0, "note": problem},
        )

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"

    def check(self, value: object) -> dict[str, Any]:
        """Return a whole and checked value from plain data.

        Raises
        ------
        VolensError
            If the data are not entries of this widget; the message says what is wrong.
        """
        raise NotImplementedError

    def to_html(self) -> str:
        """Return the entries as tables: for print, for PDF, and without a kernel."""
        raise NotImplementedError

    def to_text(self) -> str:
        """Return the entries as text."""
        raise NotImplementedError

    def save(self, file: Path | str) -> None:
        """Write the entries to a file, as *Save* does."""
        text = json.dumps(self.value, indent=2, ensure_ascii=False)
        Path(file).write_text(text + "\n", encoding="utf-8")

    def load(self, file: Path | str) -> None:
        """Show what a file holds that *Save* wrote.

        Raises
        ------
        VolensError
            If the file holds no entries of this widget.
        """
        found = kept(Path(file))
        self.value = self.check(found.data)

    def to_page(self) -> str:
        """Return a page of its own, which needs no kernel and no network."""
        title = escape(str(self.content["title"]))
        model = _in_script({"content": self.content, "value": self.value, "name": self.name})
        show = (
            f'show(WIDGET, {{ model: pageModel({model}), el: document.getElementById("widget") }});'
        )
        return (
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<title>{title}</title>\n<style>\n{_PAGE_STYLE}{self._css}</style>\n</head>\n"
            f"<body>\n<main>\n<h1>{title}</h1>\n<p>{escape(self.words)} {_PAGE_WORDS}</p>\n"
            '<div id="widget"></div>\n<noscript>This page needs JavaScript.</noscript>\n</main>\n'
            f'<script type="module">\n{self._esm}\n{show}\n</script>\n</body>\n</html>\n'
        )

    @traitlets.observe("sent")
    def _keep(self, _change: object) -> None:
        """Write what the view sent, and answer: the view says so where no answer comes."""
        note = ""
        if self.keeps:
            note = keep(self._file, self.value, spare=self._spare)
            self._spare = False
        self.keeping = {"number": self.sent, "note": note}

    def _found(self) -> tuple[dict[str, Any], str]:
        """Return what the file holds from earlier, and what is wrong with it."""
        found = kept(self._file)
        if found.data is None:
            return {}, found.problem
        try:
            return self.check(found.data), ""
        except VolensError as error:
            return {}, (
                f"{FOLDER}/{self._file.name} is not used: {error} "
                "Your next change puts that file aside under another name."
            )

    def _repr_mimebundle_(self, **options: Any) -> Any:  # noqa: ANN401 (IPython's protocol)
        bundle = super()._repr_mimebundle_(**options)
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        if data is not None:
            data["text/html"] = self.to_html()
            data["text/plain"] = self.to_text()
        return bundle


_PAGE_WORDS = "What you enter stays in this browser and is sent nowhere."
_PAGE_STYLE = (
    "body { font-family: system-ui, sans-serif; margin: 0; color: #1a1a1a; background: #fff; }\n"
    "main { max-width: 76rem; margin: 0 auto; padding: 0 12px 2em; }\n"
    "h1 { font-size: 1.4rem; }\n"
)


def _in_script(data: Mapping[str, Any]) -> str:
    """Return data as a literal: a closing tag inside them would end the script early."""
    return json.dumps(data, ensure_ascii=False).replace("</", "<\\/").replace("<!--", "<\\!--")
