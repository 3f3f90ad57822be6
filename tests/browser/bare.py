"""A page for a widget without entries, with an object in place of a kernel."""

import json
from pathlib import Path

from volens.widgets.bare import BareWidget

PAGE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><style>body {{ font-family: sans-serif; margin: 8px; }} {css}</style></head>
<body><main><h1>{title}</h1><h2>In the notebook</h2><div id="widget"></div></main>
<script type="module">
{view}
const model = pageModel({model});
window.model = model;
window.end = render({{ model, el: document.getElementById("widget") }});
</script></body></html>
"""


def write_page(widget: BareWidget, file: Path, **traits: object) -> None:
    """Write a page that shows a widget; ``window.model`` is its model."""
    model = json.dumps({"content": widget.content, **traits}).replace("</", "<\\/")
    page = PAGE.format(
        title=widget.content["title"], css=widget._css, view=widget._esm, model=model
    )
    file.write_text(page, encoding="utf-8")
