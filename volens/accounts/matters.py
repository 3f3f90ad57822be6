"""One point told in more than one way: who tells what, and what the record says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from volens.accounts.classes import SETTLED, STATUSES, Choice
from volens.accounts.dating import in_words
from volens.evidence import Row
from volens.references import LANGUAGES

__all__ = ["WHOLE", "Account", "Dossier", "Item", "Record"]

#: The item of a dossier that asks about the dossier and not about one account.
WHOLE = "whole"
_BETWEEN = "|"


@dataclass(frozen=True)
class Account:
    """One telling.

    Attributes
    ----------
    id
        Of the version, or of the claim.
    told_by
        Who tells it.
    words
        What is told, in our words; what stands in double quotation marks is quoted.
    date
        The day to which the words belong, not that of the source; may be empty.
    sources
        Where it is told.
    original, language
        Words of it in the language in which they were said or written, and which that is.
    dictionary
        Whether ``original`` gives the form of the dictionary and not that of the sentence.
    confidence
        How well established it is that this was told; empty where the dossier says it.
    said
        Whether it is somebody's own words, and ``date`` the day on which they were said.
    """

    id: str
    told_by: str
    words: str
    date: str
    sources: tuple[Row, ...]
    original: str = ""
    language: str = ""
    dictionary: bool = False
    confidence: str = ""
    said: bool = False

    @property
    def when(self) -> str:
        """The day to which the words belong, so that nobody takes it for that of the source.

        Examples
        --------
        >>> from volens.accounts import dossier
        >>> dossier("kazakhstan-2022", "Q01").accounts[0].when
        'of 6 January 2022'
        """
        if not self.date:
            return "no date"
        said = "said on" if self.date.count("-") > 1 else "said in"
        return f"{said if self.said else 'of'} {in_words(self.date)}"

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of its sources, each once."""
        return tuple(dict.fromkeys(str(source.type) for source in self.sources))

    @property
    def translated_from(self) -> tuple[str, ...]:
        """The languages of its sources, in words, where none is English: the English is ours."""
        found = [source.language for source in self.sources if source.language]
        if "en" in found:
            return ()
        return tuple(dict.fromkeys(LANGUAGES.get(one, one) for one in found))


@dataclass(frozen=True)
class Record:
    """What the record says of one item.

    Attributes
    ----------
    choice, sort
        Its class, and what sort of statement it takes it for.
    says, note
        The correction or the finding, and what was found or remains open.
    doubt
        Why the class is a reading and no key; empty where it is a key.
    supports, against
        The sources that bear the item out, and those that tell against it.
    reported
        Whether the item passes on what somebody said, so that a record that bears it out
        shows only that it was said.
    """

    choice: str
    sort: str
    says: str
    note: str
    doubt: str
    supports: tuple[Row, ...]
    against: tuple[Row, ...]
    reported: bool = False

    @property
    def key(self) -> bool:
        """Whether the class is firm enough to agree or disagree with."""
        return not self.doubt


@dataclass(frozen=True)
class Item:
    """What is classed: a statement of an account, or a dossier as a whole.

    Attributes
    ----------
    dossier, id
        Where it stands, and the id of the statement, or ``whole``.
    told_by, words, through
        Who says it, what is said, and through whose hands it came.
    record
        What the record says of it.
    source
        The account in which it stands; none for a dossier as a whole.
    """

    dossier: str
    id: str
    told_by: str
    words: str
    through: str
    record: Record
    source: Row | None = None

    @property
    def place(self) -> str:
        """Its name among a student's entries.

        Examples
        --------
        >>> from volens.accounts import dossier
        >>> dossier("kazakhstan-2022", "Q01").items[0].place
        'Q01|F049'
        """
        return f"{self.dossier}{_BETWEEN}{self.id}"

    @property
    def choices(self) -> Mapping[str, Choice]:
        """The classes from which a student chooses."""
        return SETTLED if self.id == WHOLE else STATUSES


@dataclass(frozen=True)
class Dossier:
    """One point that is told in more than one way.

    Attributes
    ----------
    id, heading, title
        The id of the conflict, the group to which it belongs, and its short name.
    about, exercise, caution
        What is told in more than one way; a task for afterwards; what to keep in mind.
    accounts
        The tellings, in the order of the table.
    items
        What is classed: the statements of the accounts, and then the dossier as a whole.
    terms
        Rows of the glossary whose words, in another language, stand in the accounts.
    foreign
        Words in the accounts that are not English, each with its language tag (BCP 47).
    """

    id: str
    heading: str
    title: str
    about: str
    exercise: str
    accounts: tuple[Account, ...]
    items: tuple[Item, ...]
    terms: tuple[Row, ...]
    foreign: tuple[tuple[str, str], ...]

    @property
    def question(self) -> str:
        """The title as a question."""
        return f"{self.title}: what does the record bear out?"
