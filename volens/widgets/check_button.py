"""The button *Check my work*: the saved file looked over, in words, without touching it.

What is looked at, and what is said, is in :mod:`volens.handin`; ``volens check`` says the same.
"""

from __future__ import annotations

import os
from html import escape
from pathlib import Path
from typing import Any

import traitlets

from volens import handin
from volens.errors import VolensError
from volens.handin.manifest import assignment
from volens.widgets.bare import BareWidget
from volens.widgets.base import script, styles

__all__ = ["CheckButton", "check_button"]

#: Jupyter tells a kernel here which notebook it belongs to.
_SESSION = "JPY_SESSION_NAME"


class CheckButton(BareWidget):
    """The button as a widget: see :func:`check_button`.

    Parameters
    ----------
    name
        The assignment.

    Raises
    ------
    AnswerError
        If the course has no such assignment.
    """

    kind = "check-button"
    _esm = script("check_button.js")
    _css = styles("check_button.css")

    #: The number of the view's last request, and what was found for which request.
    asked = traitlets.Int().tag(sync=True)
    found = traitlets.Dict().tag(sync=True)

    def __init__(self, name: str) -> None:
        self._name = name
        super().__init__(
            {"title": "Check my work", "assignment": name, "heading": assignment(name).title}
        )

    def __repr__(self) -> str:
        return f"<CheckButton {self._name}>"

    def to_html(self) -> str:
        """Return what to do where there is no button: on paper, and without a kernel."""
        return f"<p><strong>Check my work.</strong> {escape(self._instead())}</p>"

    def to_text(self) -> str:
        """Return the same as text."""
        return f"Check my work. {self._instead()}\n"

    def _instead(self) -> str:
        return (
            "Run this cell in JupyterLab for a button that says what is still empty. In a "
            f"terminal, `volens check {self._name}` says the same."
        )

    @traitlets.observe("asked")
    def _look(self, _change: object) -> None:
        """Look the file over, and answer whatever happens: the view waits."""
        self.found = {"number": self.asked, **self._result()}

    def _result(self) -> dict[str, Any]:
        try:
            return {"problem": "", **handin.check(self._file(), self._name).to_data()}
        except VolensError as error:
            return {"problem": str(error)}
        except OSError as error:
            reason = error.strerror or type(error).__name__
            return {"problem": f"The file cannot be looked over ({reason}). Save and try again."}

    def _file(self) -> Path:
        """Return the notebook of this kernel if it is known, else the one beside it."""
        session = Path(os.environ.get(_SESSION, ""))
        beside = Path(session.name)
        if session.suffix == ".ipynb" and beside.is_file():
            return beside
        return handin.find(self._name)


def check_button(name: str) -> CheckButton:
    """Return a button that looks the saved file of an assignment over before it is handed in.

    Parameters
    ----------
    name
        The assignment, such as ``a3-consent``.

    Raises
    ------
    AnswerError
        If the course has no such assignment.

    Examples
    --------
    >>> check_button("a1-claims")
    <CheckButton a1-claims>
    """
    return CheckButton(name)
