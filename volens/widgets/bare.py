"""A widget that keeps no entries: something to press or to look up, with a static twin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import anywidget
import traitlets

__all__ = ["BareWidget"]


class BareWidget(anywidget.AnyWidget):
    """A widget without entries, and so without undo, keeping and loading.

    A subclass gives ``kind`` (a slug), ``_esm`` and ``_css``, and the methods :meth:`to_html` and
    :meth:`to_text`.

    Parameters
    ----------
    content
        What the view shows; it has a ``title``.
    """

    kind = ""

    content = traitlets.Dict().tag(sync=True)

    def __init__(self, content: Mapping[str, Any]) -> None:
        super().__init__(content={"kind": self.kind, **content})

    def to_html(self) -> str:
        """Return the same for print, for PDF, and without a kernel."""
        raise NotImplementedError

    def to_text(self) -> str:
        """Return the same as text."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **options: Any) -> Any:  # noqa: ANN401 (IPython's protocol)
        bundle = super()._repr_mimebundle_(**options)
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        if data is not None:
            data["text/html"] = self.to_html()
            data["text/plain"] = self.to_text()
        return bundle
