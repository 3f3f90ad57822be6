"""A table of incidents in sentences: what was counted, out of how many, and what is missing.

The screen says the same: its texts are compared with these in a test.

Examples
--------
>>> from volens.practice.queries import CORE, Query
>>> from volens.practice.counting import ask
>>> print(sentences(ask(Query(filters=CORE, rows="ended")))[0])
72 of 94 incidents meet your filter; 6 of these have no value for “Outcome: whether it has ended”.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from volens import evidence
from volens.practice.counting import SMALLEST, CrossTable, ask
from volens.practice.queries import CORE, SHARES, Query
from volens.practice.variables import Variable, variable

__all__ = ["cell_name", "filter_line", "limits", "memo", "sentences", "shown", "title"]

_MOST = 3
_NO_SAMPLE = (
    "This is not a sample: no count shows how frequent or how successful such interventions are."
)
_WORDS_ONLY = "Purposes rest on speakers: words are coded, and not motives."
_KNOWN = (
    "Incidents are known, reported, and in the table because somebody claimed consent. A purpose "
    "without a record may have been claimed all the same: a count may be too low, and a wrong code "
    "makes one too high."
)
_NO_CUSTOM = (
    "What States say they came for is not yet what they hold to be law. A count shows neither a "
    "general practice nor its acceptance as law (opinio juris), and silence counts only where a "
    "State could react and had occasion to (ILC, identification of customary international law, "
    "conclusion 10(3))."
)
_FRAME = (
    "The list of purposes has no row for the support of a government against its opponents. That "
    "such words are missing from this table shows nothing about what States avow. Two rows are no "
    "aims on the purpose-based view: self-defence is a title, and not taking sides an assurance."
)
_ONCE = 1


def title(query: Query) -> str:
    """Return what a table shows.

    Examples
    --------
    >>> title(Query(rows="era", columns="region"))
    'Era (rows) by region (columns)'
    """
    rows = variable(query.rows).name
    if query.columns == "none":
        return rows
    columns = variable(query.columns).name
    return f"{rows} (rows) by {columns[0].lower()}{columns[1:]} (columns)"


def filter_line(query: Query) -> str:
    """Return the filter as one line.

    Examples
    --------
    >>> filter_line(Query())
    'Filter: none, all incidents are in.'
    """
    said = query.in_words()
    return f"Filter: {'; '.join(said)}." if said else "Filter: none, all incidents are in."


def sentences(table: CrossTable) -> tuple[str, ...]:
    """Return what has to be known before a count is used: denominator, gaps, repetition.

    Parameters
    ----------
    table
        What a query found.
    """
    return tuple(
        line
        for line in (
            _denominator(table),
            *_gaps(table),
            *_contested(table),
            *_repeated(table),
            _left_out(table),
            _beside_the_core(table),
            _confidence(table),
            _purposes(table),
            _states(table),
            _small(table),
        )
        if line
    )


def limits() -> tuple[str, ...]:
    """Return what the data cannot show, whatever is asked of them: the two foremost first."""
    purposes = evidence.rows("incident_purposes")
    low = [row for row in purposes if row.confidence == "low"]
    unread = [row for row in low if row.verified == "knowledge"]
    incidents = evidence.rows("incidents")
    checked = [row for row in incidents if row.checked == "spot-checked"]
    excluded = evidence.rows("excluded")
    bear = [row for row in excluded if (row.could_defeat_claim or "").startswith("Open")]
    return (
        _NO_SAMPLE,
        _WORDS_ONLY,
        _KNOWN,
        _NO_CUSTOM,
        _FRAME,
        (
            f"{len(low)} of {len(purposes)} recorded purposes have low confidence; {len(unread)} "
            "of these rest on what one coder knew or summed up, and no page was read for them."
        ),
        (
            f"One person coded. {len(checked)} of {len(incidents)} incidents were spot-checked in "
            "a second reading, which does not mean confirmed."
        ),
        (
            f"{len(excluded)} cases were weighed and left out. {len(bear)} of them are open: their "
            "decisive words were not looked for, or not found, and some could defeat the claim "
            "that States hardly ever avow help to decide an internal contest (Hasar)."
        ),
    )


def shown(table: CrossTable, row: str, column: str) -> str:
    """Return a count with its denominator and its percentage, where the query asks for them.

    Examples
    --------
    >>> from volens.practice.counting import ask
    >>> shown(ask(Query(rows="era", share="filter")), "cold-war", "")
    '11 (12% of 94)'
    """
    count = table.number(row, column)
    whole, percent = table.share(row, column)
    if not whole:
        return str(count)
    return f"{count} (of {whole})" if percent is None else f"{count} ({percent}% of {whole})"


def cell_name(query: Query, row: str, column: str) -> str:
    """Return the name of a cell: its row and its column in words.

    Examples
    --------
    >>> cell_name(Query(rows="era", columns="ended"), "cold-war", "unknown")
    '“Cold War, for reference” and “not known”'
    """
    names = [variable(query.rows).option(row).name] if row else []
    names += [variable(query.columns).option(column).name] if column else []
    return " and ".join(f"“{name}”" for name in names)


def memo(table: CrossTable, row: str = "", column: str = "") -> str:
    """Return a table with its sentences as text to start a memo from, in Markdown.

    Parameters
    ----------
    table
        What a query found.
    row, column
        A cell whose incidents are named; both empty for none.
    """
    lines = [f"# Practice: {title(table.query)}", "", filter_line(table.query), ""]
    lines += [f"- {line}" for line in sentences(table)]
    lines += ["", *_markdown(table)]
    lines += ["", *_chosen(table, row, column)] if row or column else []
    lines += ["", "## What these data cannot show", "", *(f"- {line}" for line in limits())]
    cautions = [one.caution for one in _used(table.query) if one.caution]
    lines += [f"- {line}" for line in dict.fromkeys(cautions)]
    return "\n".join(lines) + "\n"


def _denominator(table: CrossTable) -> str:
    query = table.query
    met, total = table.number(), table.total
    gaps = [f"{sum(table.missing('rows').values())} of these have no value for {_name(query.rows)}"]
    if query.columns != "none":
        gaps.append(f"{sum(table.missing('columns').values())} for {_name(query.columns)}")
    return f"{met} of {total} incidents meet your filter; {', '.join(gaps)}."


def _gaps(table: CrossTable) -> Iterator[str]:
    for axis, key in _axes(table):
        found = table.missing(axis)
        if found:
            why = ", ".join(f"{count} {reason}" for reason, count in found.items())
            yield f"No value for {_name(key)}: {why}. They stay in the table and in the count."


def _contested(table: CrossTable) -> Iterator[str]:
    for axis, key in _axes(table):
        if any(option.id == "contested" for option in variable(key).options):
            count = table.contested(axis)
            are = "is" if count == 1 else "are"
            yield f"{count} {are} contested on {_name(key)}: neither yes nor no, and no gap."


def _repeated(table: CrossTable) -> Iterator[str]:
    for axis, key in _axes(table):
        if variable(key).multiple:
            line, lines = ("row", "rows") if axis == "rows" else ("column", "columns")
            count = table.repeated(axis)
            stand = "stands" if count == 1 else "stand"
            yield (
                f"{_name(key)} may have several values: {_count(count, 'incident')} {stand} in "
                f"more than one {line}, so the {lines} do not add up to {table.number()}."
            )


def _left_out(table: CrossTable) -> str:
    said = [f"{count} {why}" for why, count in table.left_out.items() if count]
    return (
        f"Your settings leave out, of those that meet the filter: {', '.join(said)}."
        if said
        else ""
    )


def _beside_the_core(table: CrossTable) -> str:
    """Say how many are no core incidents."""
    others = sum(one not in _core() for one in table.found)
    if not others:
        return ""
    return (
        f"{others} of the {table.number()} are outside the core: of the Cold War, not met, "
        "planned, or for contrast. They are for reference."
    )


@cache
def _core() -> frozenset[str]:
    return frozenset(ask(Query(filters=CORE)).found)


def _confidence(table: CrossTable) -> str:
    """Say how sure the rows are."""
    levels = variable("confidence").options
    of = [evidence.row("incidents", one).confidence for one in table.found]
    said = [f"{of.count(level.id)} {level.name}" for level in levels]
    return f"Confidence in these rows: {', '.join(said)}." if of else ""


def _purposes(table: CrossTable) -> str:
    """Say how sure the purposes behind a table are."""
    query = table.query
    if not {"purpose", "stated_by"} & {query.rows, query.columns, *query.filters}:
        return ""
    stated = table.stated()
    low = sum(row.confidence == "low" for row in stated)
    return (
        f"Behind the table: {_count(len(stated), 'stated purpose')}, of which {low} with low "
        "confidence."
    )


def _states(table: CrossTable) -> str:
    states = table.states()
    several = {state: count for state, count in states.items() if count > _ONCE}
    if not states:
        return ""
    start = f"They concern {_count(len(states), 'State')}"
    if not several:
        return f"{start}, one incident each."
    most = ", ".join(f"{state} {count}" for state, count in list(several.items())[:_MOST])
    return (
        f"{start}; {len(several)} of these with more than one incident (most: {most}). Incidents "
        "in one State may belong to one conflict and are then not independent. The data do not "
        "say which do."
    )


def _small(table: CrossTable) -> str:
    if table.query.share == "none":
        return ""
    of_what = next(one.name for one in SHARES if one.id == table.query.share)
    return (
        f"Percentages are shares {of_what}. Where that is fewer than {SMALLEST}, none is given: "
        "one incident would change it by more than ten points."
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _axes(table: CrossTable) -> Iterator[tuple[str, str]]:
    yield "rows", table.query.rows
    if table.query.columns != "none":
        yield "columns", table.query.columns


def _used(query: Query) -> tuple[Variable, ...]:
    keys = (query.rows, query.columns, *query.filters)
    return tuple(variable(key) for key in keys if key != "none")


def _name(key: str) -> str:
    return f"“{variable(key).name}”"


def _markdown(table: CrossTable) -> Iterator[str]:
    columns = table.columns
    heads = (variable(table.query.rows).name, *(one.name for one in columns), "all incidents")
    yield _line(heads)
    yield _line(["---"] * len(heads))
    for row in table.rows:
        cells = [shown(table, row.id, column.id) for column in columns]
        yield _line([row.name, *cells, shown(table, row.id, "")])
    cells = [shown(table, "", column.id) for column in columns]
    yield _line(["all incidents", *cells, str(table.number())])


def _line(cells: list[str] | tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def _chosen(table: CrossTable, row: str, column: str) -> Iterator[str]:
    ids = table.ids(row, column)
    yield f"## {cell_name(table.query, row, column)}: {_count(len(ids), 'incident')}"
    yield ""
    for one in ids:
        yield f"- {evidence.row('incidents', one).title} ({one})"
