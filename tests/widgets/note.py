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

    def __init__(self, value: Mapping[str, object] | None = None, *, keeps: bool = True) -> None:
        begin = self.check({"words": ""} if value is None else value)
        super().__init__({"title": "A note </script>"}, begin, name="note", keeps=keeps)

    def check(self, value: object) -> dict[str, Any]:
        if not isinstance(value, Mapping) or not isinstance(value.get("words"), str):
            raise WeighingError("A note has words.")
        return {"schema": "volens/note", "version": 2, "words": value["words"]}

    def to_html(self) -> str:
        return table("Note", ("Words",), [(self.value["words"],)])

    def to_text(self) -> str:
        return str(self.value["words"])
