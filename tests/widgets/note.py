"""The smallest widget there can be, to test the frame by: one note of words."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from volens.errors import WeighingError
from volens.pages import table
from volens.widgets.base import CourseWidget, script, styles

VIEW = Path(__file__).with_name("note.js").read_text(encoding="utf-8")


class Note(CourseWidget):
    """One note."""

    kind = "note"
    words = "Write a note."
    _esm = script() + VIEW
    _css = styles()

    def __init__(self, value: Mapping[str, object] | None = None, *, name: str = "") -> None:
        super().__init__({"title": "A note </script>"}, value, name=name)

    def check(self, value: object) -> dict[str, Any]:
        words = value.get("words", "") if isinstance(value, Mapping) else None
        if not isinstance(words, str):
            raise WeighingError("A note has words.")
        return {"schema": "volens/note", "version": 2, "words": words}

    def to_html(self) -> str:
        return table("Note", ("Words",), [(self.value["words"],)])

    def to_text(self) -> str:
        return str(self.value["words"])
