"""What a schema cannot say of the data, checked row by row.

:func:`faults` reads every table, the doctrine and every case, and returns what is
wrong. A fault names file, row and column, so that an author can find the place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from volens import cases, codebook, doctrine, evidence, positions
from volens.codebook import COURSE_CASE, Column, Table
from volens.entries import toml
from volens.errors import DataError, DoctrineError
from volens.evidence import Row
from volens.wording import LONGEST_QUOTATION, borrowed_runs, quotations

__all__ = ["Fault", "faults"]

_LISTS: Mapping[str, Callable[[], tuple[Any, ...]]] = {
    "elements": positions.elements,
    "positions": positions.positions,
    "principles": doctrine.principles,
    "purposes": doctrine.purposes,
}
_NOT_PROSE = frozenset(
    {"citations", "original", "quotation", "title", "author", "container", "publisher", "address"}
)


class Fault(str):
    """One thing that is wrong, as a sentence that begins with the place.

    Examples
    --------
    >>> Fault.at("data/links.csv", 7, "source", "there is no such source.")
    'data/links.csv, row 7, column `source`: there is no such source.'
    """

    __slots__ = ()

    @classmethod
    def at(cls, file: str, number: int, column: str, problem: str) -> Fault:
        """Make a fault of its place and the problem there."""
        return cls(f"{file}, row {number}, column `{column}`: {problem}")


def faults(accounts: Path | None = None) -> tuple[Fault, ...]:
    """Read everything and return what is wrong; empty if all is well.

    Parameters
    ----------
    accounts
        A folder with the plain texts of the accounts from which the course grew; then
        no run of nine words may be shared with them.

    Returns
    -------
    Faults in the order of the files. What needs several tables (sequences, confidence,
    words taken over) is looked at once each of them is sound by itself.
    """
    found: list[Fault] = []
    for case in cases.case_ids():
        for name in codebook.table_names():
            described = codebook.table(name)
            if described.of_case or case == COURSE_CASE:
                found += _of_table(described, case)
    found += _of_files()
    if not found:
        found += [*_of_sequences(), *_of_confidence()]
        found += _borrowed(accounts) if accounts is not None else ()
    return tuple(dict.fromkeys(found))


def _of_table(described: Table, case: str) -> Iterator[Fault]:
    file = f"data/{described.file(case)}"
    try:
        lines = evidence.rows(described.name, case=case)
    except DataError as error:
        yield Fault(error)
        return
    yield from _of_keys(described, file, lines)
    for number, line in enumerate(lines, 2):
        for column in described.columns:
            yield from _of_cell(column, file, number, line, case)
        for column_name, target in described.references.items():
            yield from _of_reference(file, number, line, column_name, target, case)
        if described.name in ("links", "case_links"):
            yield from _of_link(file, number, line, case)
        yield from _of_bounds(file, number, line)
        if "earliest_utc" in line:
            yield from _of_interval(file, number, line)


def _of_keys(described: Table, file: str, lines: tuple[Row, ...]) -> Iterator[Fault]:
    for column in described.columns:
        if column.name != described.key and not column.unique:
            continue
        seen: set[object] = set()
        for number, line in enumerate(lines, 2):
            cell = line[column.name]
            if cell is not None and cell in seen:
                what = "the id" if column.name == described.key else "the value"
                advice = "Give one a new id." if column.name == described.key else "Change one."
                yield Fault.at(file, number, column.name, f"{what} `{cell}` occurs twice. {advice}")
            seen.add(cell)


def _of_cell(column: Column, file: str, number: int, line: Row, case: str) -> Iterator[Fault]:
    cell = line[column.name]
    if not isinstance(cell, str):
        return
    quoted = [cell] if column.name in ("quotation", "original") else quotations(cell)
    for words in quoted:
        length = len(words.split())
        if length > LONGEST_QUOTATION:
            yield Fault.at(
                file,
                number,
                column.name,
                f"a quotation has {length} words; {LONGEST_QUOTATION} are allowed. "
                "Shorten it, or say it in our own words.",
            )
    if column.names:
        known = _named(column.names, case)
        for item in evidence.items(cell):
            if known is not None and item not in known:
                yield Fault.at(
                    file,
                    number,
                    column.name,
                    f'expected {_kinds(column.names)}, joined with "; ", got `{item}`.',
                )


def _kinds(names: str) -> str:
    return "ids of " + ", ".join(names.split("|"))


@cache
def _named(names: str, case: str) -> frozenset[str] | None:
    """Return every id that a column may name; nothing where a list of them is broken."""
    found: frozenset[str] = frozenset()
    for kind in names.split("|"):
        known = _ids(kind, case)
        if known is None:
            return None
        found |= known
    return found


@cache
def _ids(kind: str, case: str) -> frozenset[str] | None:
    try:
        if kind == "actors":
            return frozenset(one.id for one in cases.case(case).actors)
        if kind in _LISTS:
            return frozenset(one.id for one in _LISTS[kind]())
        return frozenset(str(line.id) for line in evidence.rows(kind, case=case))
    except DataError:
        return None


def _of_reference(
    file: str, number: int, line: Row, column: str, target: str, case: str
) -> Iterator[Fault]:
    known = _ids(target, case)
    if known is not None and line[column] is not None and line[column] not in known:
        yield Fault.at(file, number, column, f"`{target}` has no row `{line[column]}`.")


def _of_link(file: str, number: int, line: Row, case: str) -> Iterator[Fault]:
    known = _ids(line.table, case)
    if known is not None and line.row not in known:
        yield Fault.at(file, number, "row", f"`{line.table}` has no row `{line.row}`.")


def _of_bounds(file: str, number: int, line: Row) -> Iterator[Fault]:
    for low, high in (("value_low", "value"), ("value", "value_high"), ("begins", "ends")):
        least, most = line.get(low), line.get(high)
        if least is not None and most is not None and least > most:  # type: ignore[operator] # two of a kind
            yield Fault.at(file, number, high, f"{most} is less than `{low}`, which is {least}.")


def _of_interval(file: str, number: int, line: Row) -> Iterator[Fault]:
    if line.earliest_utc is None or line.latest_utc is None:
        return
    if line.earliest_utc > line.latest_utc:
        yield Fault.at(file, number, "earliest_utc", "the interval ends before it begins.")
    try:
        zone = ZoneInfo(line.zone)
    except (ZoneInfoNotFoundError, ValueError):
        yield Fault.at(
            file, number, "zone", f"expected a time zone like Asia/Almaty, got `{line.zone}`."
        )
        return
    if line.precision == "days":
        return
    for column, moment in (("earliest_utc", line.earliest_utc), ("latest_utc", line.latest_utc)):
        day = moment.astimezone(zone).date()
        if day != line.date:
            yield Fault.at(
                file,
                number,
                column,
                f"by the clock of {line.zone} this is on {day}; the event is dated {line.date}.",
            )


def _of_files() -> Iterator[Fault]:
    """Read what is no table, and look for files that nothing describes."""
    for read in _LISTS.values():
        try:
            read()
        except DataError as error:
            yield Fault(error)
    try:
        doctrine.relations()
    except DataError as error:
        yield Fault(error)
    for case in cases.case_ids():
        try:
            cases.case(case)
        except DataError as error:
            yield Fault(error)
        known = {codebook.table(name).file(case) for name in codebook.table_names()}
        for file in sorted((codebook.data_directory() / "cases" / case).glob("*.csv")):
            if f"cases/{case}/{file.name}" not in known:
                yield Fault(
                    f"data/cases/{case}/{file.name}: no table of this name. Describe it in "
                    "data/datapackage.json, or take it out."
                )


def _of_sequences() -> Iterator[Fault]:
    """Look whether requests can precede decisions, and decisions arrivals."""
    for case in cases.case_ids():
        sequence = cases.case(case).sequence
        for earlier, later in pairwise(sequence):
            for first in earlier.events:
                for second in later.events:
                    yield from _of_order(case, first, second, earlier.name, later.name)


def _of_order(case: str, first: str, second: str, what: str, then: str) -> Iterator[Fault]:
    begins = evidence.row("timeline", first, case=case).earliest_utc
    ends = evidence.row("timeline", second, case=case).latest_utc
    if isinstance(begins, datetime) and isinstance(ends, datetime) and begins > ends:
        file = f"data/{codebook.table('timeline').file(case)}"
        number = _line_number(case, first)
        yield Fault.at(
            file,
            number,
            "earliest_utc",
            f"{first} ({what}) cannot begin after {second} ({then}) ends.",
        )


def _line_number(case: str, key: str) -> int:
    return [line.id for line in evidence.rows("timeline", case=case)].index(key) + 2


def _of_confidence() -> Iterator[Fault]:
    """Look whether each row of high confidence has the sources for it."""
    for case in cases.case_ids():
        for name in codebook.table_names():
            described = codebook.table(name)
            columns = {column.name for column in described.columns}
            if "confidence" not in columns or not described.key:
                continue
            if not described.of_case and case != COURSE_CASE:
                continue
            for number, line in enumerate(evidence.rows(name, case=case), 2):
                if line.confidence == "high" and not _well_sourced(name, line, case):
                    yield Fault.at(
                        f"data/{described.file(case)}",
                        number,
                        "confidence",
                        f"{line[described.key]} is high, which needs one primary source or two "
                        "independent others that are not partisan. Link them, or lower it.",
                    )


def _well_sourced(name: str, line: Row, case: str) -> bool:
    key = str(line[codebook.table(name).key])
    if evidence.sources_of(name, key, role="hosts", case=case):
        return True  # the text itself, or the speaker's own publication
    found = [
        source
        for source in evidence.sources_of(name, key, case=case)
        if source.type != "partisan" and source.read != "not"
    ]
    if any(source.type == "primary" for source in found):
        return True
    return len({source.publisher or source.id for source in found}) > 1


def _borrowed(folder: Path) -> Iterator[Fault]:
    texts = tuple(file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.txt")))
    for file, place, text in _prose():
        for run in borrowed_runs(text, texts):
            yield Fault(
                f"{file}, {place}: nine words in a row stand in one of the accounts too "
                f'("{run}"). Say it in our own words.'
            )


def _prose() -> Iterator[tuple[str, str, str]]:
    """Every text that is ours: file, place, and the text."""
    for case in cases.case_ids():
        for name in codebook.table_names():
            described = codebook.table(name)
            if not described.of_case and case != COURSE_CASE:
                continue
            for number, line in enumerate(evidence.rows(name, case=case), 2):
                for column in described.columns:
                    cell = line[column.name]
                    if isinstance(cell, str) and column.name not in _NOT_PROSE:
                        yield (
                            f"data/{described.file(case)}",
                            f"row {number}, column `{column.name}`",
                            cell,
                        )
    root = codebook.data_directory()
    for file in sorted(root.rglob("*.toml")):
        path = file.relative_to(root).as_posix()
        for place, text in _texts(toml(path, DoctrineError).content, ""):
            yield f"data/{path}", f"key `{place}`", text


def _texts(content: object, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(content, str):
        yield place, content
    elif isinstance(content, Mapping):
        for key, value in content.items():
            yield from _texts(value, f"{place}.{key}".lstrip("."))
    elif isinstance(content, list):
        for number, value in enumerate(content, 1):
            name = value.get("id", number) if isinstance(value, Mapping) else number
            yield from _texts(value, f"{place} {name}")
