"""A legal view as a card to read: its thesis, the best for it and against it, and who holds it.

What an author wrote is told no further than it was read; how far that is, and how sure
the attribution, stands beside each work.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from volens import evidence, positions
from volens.positions import Position, Work
from volens.references import reference

__all__ = ["View", "position"]

_STANCES = {
    "holds": "Holds it",
    "supports": "Supports it in part",
    "opposes": "Opposes it",
    "reports": "Reports it",
}


@dataclass(frozen=True)
class View:
    """A position, ready to read.

    Attributes
    ----------
    view
        The position.
    """

    view: Position

    def __repr__(self) -> str:
        lines = [f"{self.view.name} ({self.view.kind}), as stipulated here"]
        lines += [f"{label}: {text}" for label, text in _texts(self.view)]
        lines += [f"{label}: {text}" for label, text, _ in _works(self.view)]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        texts = "".join(
            f"<p><strong>{escape(label)}:</strong> {escape(text)}</p>"
            for label, text in _texts(self.view)
        )
        head = f"{escape(self.view.name)} ({escape(self.view.kind)}), as stipulated here"
        return f"<p><strong>{head}</strong></p>{texts}{_folded(self.view)}"


def position(key: str) -> View:
    """Return a position, an inviter test or another view as a card.

    Parameters
    ----------
    key
        A slug, such as ``free-consent``, or a code of the research files, such as ``S1``.

    Raises
    ------
    UnknownDoctrineError
        If there is no such view.

    Examples
    --------
    >>> print(repr(position("S1")).splitlines()[0])
    Free consent of the government (position), as stipulated here
    """
    return View(positions.position(key))


def _texts(view: Position) -> tuple[tuple[str, str], ...]:
    return (
        ("Thesis", view.thesis),
        ("The best sentence for it", view.strongest),
        ("The best objection", view.objection),
        ("How it decides", view.test),
    )


def _works(view: Position) -> Iterator[tuple[str, str, str]]:
    """Return each work: its stance, what it argues and how far it was read, its address."""
    for work in view.works:
        source = evidence.row("sources", work.source)
        yield (
            _STANCES[work.stance],
            f"{_named(work)}. {work.holds} ({_sure(work)})",
            (source.address or ""),
        )


def _folded(view: Position) -> str:
    """Return the works behind one line: they would be most of the card."""
    items = "".join(
        f"<li><strong>{escape(label)}:</strong> {_linked(text, address)}</li>"
        for label, text, address in _works(view)
    )
    count = len(view.works)
    what = "1 work, and how far it was" if count == 1 else f"{count} works, and how far each was"
    return f"<details><summary>{what} read</summary><ul>{items}</ul></details>" if items else ""


def _named(work: Work) -> str:
    place = f", {work.pinpoint}" if work.pinpoint else ""
    return f"{reference(work.source).name}{place}"


def _sure(work: Work) -> str:
    """Say how far the work was read and, where it is not high, how sure the attribution is."""
    read = "not read" if work.read == "not" else f"read {work.read}"
    return (
        read
        if work.confidence == "high"
        else f"{read}; attribution of {work.confidence} confidence"
    )


def _linked(text: str, address: str) -> str:
    return f'<a href="{escape(address)}">{escape(text)}</a>' if address else escape(text)
