"""HTML from what somebody typed, in which nothing can run, load or lead astray.

What students write is shown to them and to whoever marks. Nothing of it is trusted: every
piece of HTML goes through a list of what is allowed.

Nothing of it may take long either. There are short texts of which the program that cleans
HTML makes a thousand times as much, or over which it sits for hours, so its steps are
counted, and what needs more than any honest page is shown as it was typed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape, unescape
from typing import Any
from urllib.parse import unquote

from bleach.sanitizer import Cleaner  # type: ignore[import-untyped] # it has no types
from markupsafe import Markup
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from volens.grading.counted_html import CountedParser, Steps, TooTangledError

__all__ = ["rendered", "safe"]

#: So long is no table and no picture in words of the course, nor twice as long. What the
#: pictures of a page hold is not counted.
_LONGEST_HTML = 500_000
#: How many steps the cleaner may make: some for whatever it is given, some for each
#: character, and one for some characters of pictures. No page of the course needs two for each.
_STEPS = 2_000
_STEPS_EACH = 6
_CHARACTERS_OF_PICTURES = 6
#: A few thousand words. Up to here Markdown takes a second at the very most.
_LONGEST_MARKDOWN = 20_000
#: From where a formula may begin, Markdown looks for its end in all that follows. So many
#: characters may be looked at: two hundred formulas in the longest text.
_LONGEST_SEARCH = 4_000_000
_FORMULA = re.compile(r"\\\\[(\[]|\\begin\{")
#: So many characters may the pictures of one cell have, as they stand in the file.
_LONGEST_PICTURES = 4_000_000
#: Pictures that somebody pasted into a text, and that cannot hold a program.
_PASTED = ("image/png", "image/jpeg", "image/gif")
_NOT_SHOWN = re.compile(r"<(style|script)\b", re.IGNORECASE)
_ENDS = {name: re.compile(rf"</{name}\s*>", re.IGNORECASE) for name in ("style", "script")}
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|svg\+xml);base64,[A-Za-z0-9+/=\s]+")
_LINK = re.compile(r"(?:https?://|mailto:)\S+", re.IGNORECASE)
#: The elements that a page may have.
_TAGS = {
    *("h3", "h4", "h5", "h6", "p", "br", "hr", "div", "span", "blockquote", "pre", "code"),
    *("ul", "ol", "li", "dl", "dt", "dd", "details", "summary", "figure", "figcaption", "img"),
    *("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"),
    *("a", "b", "del", "em", "i", "s", "small", "strong", "sub", "sup", "u"),
}
_ATTRIBUTES = {("th", "scope"), ("td", "colspan"), ("td", "rowspan"), ("th", "colspan")}


def safe(html: str, *, quote: bool = False) -> Markup:
    """Return HTML in which nothing can run, load or lead astray.

    Parameters
    ----------
    html
        From a notebook; whoever wrote it is not trusted.
    quote
        Whether what is not allowed is shown as the words that were typed; otherwise it
        is left out.

    Examples
    --------
    >>> print(safe('<p onclick="go()">Yes<script>go()</script></p>'))
    <p>Yes</p>
    """
    shown = html if quote else _without_programs(html)
    length = len(_PICTURE.sub("", shown))
    if length > _LONGEST_HTML:
        return _as_typed(html)
    steps = Steps(_STEPS + _STEPS_EACH * length + len(shown) // _CHARACTERS_OF_PICTURES)
    try:
        cleaned = _cleaner(steps, quote=quote).clean(shown)
    except TooTangledError:
        return _as_typed(html)
    wrapped = re.sub(r"<table>", '<div class="wide" tabindex="0"><table>', cleaned)
    # A head of a column that says nothing is none.
    wrapped = re.sub(r"<th>\s*</th>", "<td></td>", wrapped)
    return Markup(wrapped.replace("</table>", "</table></div>"))  # noqa: S704 (cleaned above)


def _without_programs(html: str) -> str:
    """Leave out scripts and styles, each with its end, in one way through the text."""
    kept = []
    end = 0
    endless = set()
    for start in _NOT_SHOWN.finditer(html):
        name = start[1].lower()
        if start.start() < end or name in endless:
            continue
        closing = _ENDS[name].search(html, start.end())
        if closing is None:
            endless.add(name)
            continue
        kept.append(html[end : start.start()])
        end = closing.end()
    return "".join([*kept, html[end:]])


def _as_typed(text: str) -> Markup:
    """Return a text, or its beginning, as it was typed, and say so."""
    note = "This is shown as it was typed."
    if len(text) > _LONGEST_MARKDOWN:
        note = f"This is shown as it was typed. It has {len(text):,} characters in all."
    return Markup("<pre>{}</pre><p>({})</p>").format(text[:_LONGEST_MARKDOWN], note)


def _cleaner(steps: Steps, *, quote: bool) -> Any:  # noqa: ANN401 (bleach has no types)
    """Return what cleans HTML, and stops where it needs too many steps."""
    cleaner = Cleaner(
        tags=_TAGS,
        attributes=_allowed,
        protocols={"http", "https", "mailto", "data"},
        strip=not quote,
    )
    cleaner.parser = CountedParser(
        steps,
        tags=_TAGS,
        strip=not quote,
        consume_entities=False,
        namespaceHTMLElements=False,
    )
    return cleaner


def _allowed(tag: str, name: str, value: str) -> bool:
    """Tell whether an element may have an attribute."""
    if tag == "a" and name == "href":
        return bool(_LINK.fullmatch(unescape(value).strip()))
    if tag == "img":
        return name == "alt" or (name == "src" and bool(_PICTURE.fullmatch(value)))
    return (tag, name) in _ATTRIBUTES


def rendered(
    source: str, *, escape_html: bool, attachments: Mapping[str, object] | None = None
) -> str:
    """Return Markdown as HTML, which is not yet safe.

    Of a text that is longer than any answer the beginning is returned, as it was typed:
    there are texts for which Markdown needs hours.

    Parameters
    ----------
    source
        The text of a cell.
    escape_html
        Whether HTML in it is shown as it was typed.
    attachments
        The pictures that were pasted into the cell, as a notebook has them.
    """
    if len(source) > _LONGEST_MARKDOWN:
        cut = f"(The text has {len(source):,} characters. It goes on in the notebook.)"
        return f"<pre>{escape(source[:_LONGEST_MARKDOWN])}</pre><p>{cut}</p>"
    if len(source) * len(_FORMULA.findall(source)) > _LONGEST_SEARCH:
        return f"<pre>{escape(source)}</pre>"
    renderer = IPythonRenderer(
        escape=escape_html, exclude_anchor_links=True, attachments=_Pasted(attachments)
    )
    try:
        return str(MarkdownWithMath(renderer=renderer).render(source))
    except RecursionError:
        return f"<pre>{escape(source)}</pre>"


class _Pasted(dict[str, dict[str, str]]):
    """The pictures of a cell; an empty one where there is none, which is no error here.

    A picture that is shown many times would make a page without end, so what has been shown
    is counted.
    """

    def __init__(self, attachments: object) -> None:
        super().__init__()
        self._found = attachments if isinstance(attachments, Mapping) else {}
        self._left = _LONGEST_PICTURES

    def __contains__(self, name: object) -> bool:
        return True

    def __getitem__(self, name: str) -> dict[str, str]:
        kinds = self._found.get(name, self._found.get(unquote(name)))
        for kind in _PASTED if isinstance(kinds, Mapping) else ():
            content = _joined(kinds.get(kind))
            if content and len(content) <= self._left:
                self._left -= len(content)
                return {kind: content}
        return {"image/png": ""}


def _joined(content: object) -> str:
    """Return what stands in a notebook as one line or as many; nothing where it is no text."""
    lines = content if isinstance(content, list) else [content]
    words = [line for line in lines if isinstance(line, str)]
    return "".join(words) if len(words) == len(lines) else ""
