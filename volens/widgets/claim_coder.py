"""The claim coder: code claims one at a time, then see where others read them otherwise.

What codes mean is in :mod:`volens.coding`; agreement beyond chance, which the view leaves
to the kernel, in :mod:`volens.agreement`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import traitlets

from volens import cases, evidence, references
from volens.agreement import (
    CAUTIONS,
    MEANING,
    NO_REASON,
    OF_REFERENCE,
    Comparison,
    compare_codings,
    memo,
    not_a_key,
)
from volens.cases import Case
from volens.coding import (
    BASES,
    CANNOT,
    FIELDS,
    SAMPLES,
    SCHEMA,
    SPEAKERS,
    VERSION,
    Coding,
    claims,
    in_words,
    is_key,
    main_purpose,
    purposes,
    reference,
    sample,
)
from volens.errors import CodingError
from volens.evidence import Row
from volens.pages import table
from volens.references import LANGUAGES
from volens.widgets.base import CourseWidget, script, styles

__all__ = ["ClaimCoder", "claim_coder"]

#: How the code list is set out: a heading for each kind of code.
_HEADINGS = {
    "purpose": "Purposes and grounds",
    "criticism": "Criticisms",
    "neutral": "Neither",
}
_NOT_FOUND = "Not found"
_CODE_BOOK = (
    (
        "Who speaks",
        (
            "Ask in whose name the words are said. A ministry speaks for its State, a chairman in "
            "office for the organisation, a scholar for no one else. People without public office "
            "are protesters, families, detained people and public figures."
        ),
    ),
    (
        "What it rests on",
        (
            "Choose one, the main one. An aim says what the force is for. A ground says why it may "
            "act at all. A limit says how it acts. Collective self-defence is a ground: it gives a "
            "title to use force. Not taking sides is a limit: it is an assurance, and says neither "
            "what the force is for nor why it may act."
        ),
    ),
    (
        "Purposes",
        (
            "Tick all that the words invoke, the main one and others. Code what is said, not what "
            "you believe lies behind it, and not whether it is true."
        ),
    ),
    (
        "Cannot be told",
        (
            "An answer like the others, where the words before you do not decide. Leave aside what "
            "you know from elsewhere."
        ),
    ),
)


class ClaimCoder(CourseWidget):
    """The claim coder as a widget.

    Parameters
    ----------
    case
        The case, or its id. It needs a table of claims.
    value
        What to begin with: plain data as *Copy answer* gives them. Without it the coder
        begins empty, and offers what was kept earlier.
    name
        Under which name the entries are kept; none for that of the kind and the case.

    Raises
    ------
    CodingError
        If the case has no claims, or the data are not a coding of this case.
    """

    kind = "claim-coder"
    words = (
        "Read a claim, say who speaks, on what the claim rests and which purposes it invokes. "
        "Then compare with the reference and with a second coder."
    )
    _esm = script("claim_coder.js")
    _css = styles("claim_coder.css")

    #: The second coder's coding, as plain data; empty where none was loaded.
    second = traitlets.Dict().tag(sync=True)
    #: What only the kernel computes: agreement beyond chance, in words.
    computed = traitlets.Dict().tag(sync=True)

    def __init__(
        self, case: Case | str, value: Mapping[str, object] | None = None, *, name: str = ""
    ) -> None:
        self._case = cases.record_of(case)
        self._seen: object = None
        super().__init__(
            _content(self._case.id),
            value,
            about=self._case.id,
            name=name,
        )

    def __repr__(self) -> str:
        return f"<ClaimCoder {self._case.id}: {len(self.coding.before())} claims coded>"

    @property
    def coding(self) -> Coding:
        """What the coder holds now."""
        return Coding.from_data(self._case.id, self.value)

    @coding.setter
    def coding(self, coding: Coding) -> None:
        self.value = coding.to_data()

    def check(self, value: object) -> dict[str, Any]:
        """Return a whole coding from plain data.

        Raises
        ------
        CodingError
            If the data are not a coding of this case.
        """
        return Coding.from_data(self._case.id, value).to_data()

    def agreement(
        self, other: ClaimCoder | Coding | Mapping[str, object] | str = "reference"
    ) -> Comparison:
        """Return how often the student's codes agree with another's, and where they differ.

        Parameters
        ----------
        other
            Another claim coder, a coding, or plain data; ``"reference"`` for the course's
            own codes, of those claims only that were compared with it on the screen.

        Raises
        ------
        CodingError
            If nothing was compared with the reference yet, or `other` is no coding of this
            case.
        """
        coding = self.coding
        if isinstance(other, ClaimCoder):
            other = other.coding
        if other != "reference":
            return compare_codings(self._case.id, coding, other)
        if not coding.shown:
            raise CodingError(
                "Nothing was compared with the reference yet. Code a claim, then press "
                "*Compare with the reference*."
            )
        return compare_codings(self._case.id, coding, among=coding.shown)

    def to_html(self) -> str:
        """Return the codes as tables: for print, for PDF, and without a kernel."""
        return _static(self._case, self.coding, self._other())

    def to_text(self) -> str:
        """Return the codes and what was compared as text to start a memo from."""
        return memo(self.coding, self._other())

    def _other(self) -> Coding | None:
        try:
            return Coding.from_data(self._case.id, self.second) if self.second else None
        except CodingError:
            return None

    @traitlets.observe("value", "second")
    def _compute(self, _change: object) -> None:
        """Answer the view with what it cannot compute, where something compared has changed."""
        state = (self.value.get("first"), self.value.get("shown"), self.second)
        if state == self._seen or not self.value.get("first"):
            return
        self._seen = state
        try:
            coding = self.coding
        except CodingError:
            return  # the view sends only what is sound; whoever set this hears of it on reading
        other = self._other()
        found: dict[str, Any] = {}
        if coding.shown:
            found["reference"] = self.agreement().to_data()
        if other is not None:
            seen = compare_codings(self._case.id, coding, other, among=coding.first)
            found["second"] = seen.to_data()
        self.computed = found


def claim_coder(
    case: Case | str = "kazakhstan-2022",
    value: Mapping[str, object] | None = None,
    *,
    name: str = "",
) -> ClaimCoder:
    """Return a claim coder for a case.

    Parameters
    ----------
    case
        The case, or its id. It needs a table of claims.
    value
        What to begin with, as *Copy answer* gives it; nothing to begin empty.
    name
        Under which name the entries are kept, where a notebook has several coders.

    Raises
    ------
    CodingError
        If the case has no claims, or the data are not a coding of this case.

    Examples
    --------
    >>> claim_coder("kazakhstan-2022")
    <ClaimCoder kazakhstan-2022: 0 claims coded>
    """
    return ClaimCoder(case, value, name=name)


@cache
def _content(case: str) -> dict[str, Any]:
    """Return all that the view shows and that does not change."""
    title = cases.case(case).title
    rows = claims(case)
    sources = dict.fromkeys(
        str(source.id)
        for claim in rows
        for source in evidence.sources_of("claims", claim, case=case)
    )
    return {
        "kind": ClaimCoder.kind,
        "title": f"Claim coder: {title}",
        "case": case,
        "caseTitle": title,
        "schema": SCHEMA,
        "version": VERSION,
        "cannot": CANNOT,
        "fields": _listed(FIELDS),
        "speakers": _listed(SPEAKERS),
        "bases": _listed(BASES),
        "purposes": _listed(purposes()),
        "groups": _groups(),
        "codeBook": [*(list(entry) for entry in _CODE_BOOK), *_notes()],
        "samples": _samples(case),
        "claims": [_claim(case, row) for row in rows.values()],
        "sources": {key: references.reference(key).to_data() for key in sources},
        "meaning": MEANING,
        "cautions": list(CAUTIONS),
        "ofReference": OF_REFERENCE,
        "noReason": NO_REASON,
    }


def _listed(names: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"id": key, "name": name} for key, name in names.items()]


def _groups() -> list[dict[str, Any]]:
    """Return the codes under a heading for each kind, which their labels need not repeat."""
    rows = evidence.rows("claim_codes")
    return [
        {
            "legend": legend,
            "codes": [
                {"id": row.id, "name": row.label.removeprefix(f"{kind}: ")}
                for row in rows
                if row.kind == kind
            ],
        }
        for kind, legend in _HEADINGS.items()
    ]


def _notes() -> list[list[str]]:
    """Return the notes of the code list; which codes were never used is left for later."""
    return [
        [str(row.label), f"{row.note}."]
        for row in evidence.rows("claim_codes")
        if row.note and not row.note.startswith(_NOT_FOUND)
    ]


def _samples(case: str) -> list[dict[str, Any]]:
    spoken = [one for row in claims(case).values() for one in evidence.items(row.actor)]
    named = dict(SAMPLES) | {
        f"speaker:{actor.id}": f"Speaker: {actor.name}"
        for actor in cases.case(case).actors
        if actor.id in spoken
    }
    return [
        {"id": key, "name": name, "claims": list(sample(case, key))} for key, name in named.items()
    ]


def _claim(case: str, row: Row) -> dict[str, Any]:
    return {
        "id": row.id,
        "speaker": row.speaker,
        "date": row.date,
        "addressee": row.addressee or "not known",
        "claim": row.claim,
        "quotation": row.quotation or "",
        "original": row.original or "",
        "language": row.language or "",
        "spoken": LANGUAGES.get(row.language or "", row.language) or "not known",
        "wording": _wording(row),
        "sure": row.confidence,
        "key": int(is_key(case, row.id)),
        "mark": not_a_key(case, row.id),
        "sources": [source.id for source in evidence.sources_of("claims", row.id, case=case)],
        "main": main_purpose(case, str(row.id)),
        "reference": reference(case).codes[str(row.id)].to_data(),
    }


def _wording(row: Row) -> str:
    if row.wording == "gloss":
        return "a summary only, ours or the source's: no words of the speaker are at hand"
    if row.translated is None:
        return "quoted; whether translated is not known"
    return "quoted, in translation" if row.translated else "quoted, in the language spoken"


def _static(case: Case, coding: Coding, second: Coding | None) -> str:
    title = f"Claim coder: {case.title}"
    rows = [
        (
            f"{claim} ({row.speaker}), {row.date}",
            row.claim,
            *(
                in_words(name, getattr(coding.codes[claim], name))
                if claim in coding.codes
                else "not coded"
                for name in FIELDS
            ),
            coding.codes[claim].note if claim in coding.codes else "",
        )
        for claim, row in claims(case.id).items()
        if claim in coding.codes or claim in sample(case.id, coding.sample)
    ]
    names = ("Claim", "In our words", *(_capital(name) for name in FIELDS.values()), "Note")
    shown = [table(title, names, rows)]
    if coding.shown:
        seen = compare_codings(case.id, coding, among=coding.shown)
        shown.append(seen._repr_html_())
    if second is not None:
        seen = compare_codings(case.id, coding, second, among=coding.first)
        shown.append(seen._repr_html_())
    return "".join(shown)


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
