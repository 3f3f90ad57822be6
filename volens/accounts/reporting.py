"""Whether a statement of an account passes on what somebody else said."""

from __future__ import annotations

import re

from volens.evidence import Row

__all__ = ["reports_words"]

_TELLS = re.compile(
    r"\b(?:said|announced|claimed|accused|blamed|denied|stressed|spoken of|spoke of"
    r"|(?:had|has|have) spoken|official account)\b",
    re.IGNORECASE,
)
_NEXT_HAND = re.compile(r" via |, as reported by ")
#: As some rows name the writer of the account itself.
_WRITER = "author"


def reports_words(statement: Row, told_by: str) -> bool:
    """Whether what a record can bear out is, first of all, that words were said.

    The type alone does not tell: a row of the type "event" may tell that somebody said so.
    So it also counts who vouches for it, and whether the statement itself has a verb of
    saying. In doubt it is taken for reported words, which claims less.

    Parameters
    ----------
    statement
        A row of the table ``statements``.
    told_by
        Who tells the account, as the table ``conflict_versions`` has it.

    Examples
    --------
    >>> from volens import evidence
    >>> hasar = "Hasar (Opinio Juris)"
    >>> [reports_words(evidence.row("statements", key), hasar) for key in ("F006", "F057", "F065")]
    [False, True, True]
    """
    return (
        statement.type == "quotation-phrase"
        or not _own(str(statement.attributed_to), told_by)
        or bool(_TELLS.search(str(statement.statement)))
    )


def _own(attributed: str, told_by: str) -> bool:
    first_hand = _NEXT_HAND.split(attributed)[0]
    return bool(_names(first_hand) & {*_names(told_by), _WRITER})


def _names(text: str) -> set[str]:
    return set(re.findall(r"[\w&-]{3,}", text.casefold()))
