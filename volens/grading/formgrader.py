"""How formgrader shows Markdown, so that nothing that a student wrote can run there.

Formgrader puts the Markdown of a submission on its page as it is, scripts included, and the
page may set marks. ``nbgrader_config.py`` gives this function to it in place of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from jinja2 import pass_context
from markupsafe import Markup

from volens.grading.typed_html import rendered, safe

__all__ = ["markdown"]

_HEADING = re.compile(r"(</?h)([1-6])\b")
_LOWEST = 6
_BELOW_THE_PAGE = 2


@pass_context
def markdown(context: Mapping[str, Any], source: str) -> Markup:
    """Return Markdown as HTML in which nothing can run, load or lead astray.

    What is not allowed is shown as it was typed: whoever marks should see it. Headings stand
    two levels lower, below those of the page.

    Parameters
    ----------
    context
        What the page's template knows; of its ``cell`` the pasted pictures are shown.
    source
        The text of a cell; whoever wrote it is not trusted.

    Examples
    --------
    >>> print(markdown({}, "# Consent <script>go()</script>").strip())
    <h3>Consent &lt;script&gt;go()&lt;/script&gt;</h3>
    """
    attachments = context.get("cell", {}).get("attachments")
    html = rendered(source, escape_html=False, attachments=attachments)
    return safe(_HEADING.sub(_lowered, html), quote=True)


def _lowered(found: re.Match[str]) -> str:
    return f"{found[1]}{min(int(found[2]) + _BELOW_THE_PAGE, _LOWEST)}"
