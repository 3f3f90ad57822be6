"""The questions of :mod:`volens.reasoning`, each with an answer that is ready to be shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from volens import positions as views
from volens import reasoning
from volens.cases import Case, record_of
from volens.errors import ReasoningError
from volens.opinions.deciding import decisive
from volens.opinions.showing import Shown, ShownTable
from volens.opinions.sides import side_by_side
from volens.opinions.words import MET_MEANS, first_line, named, subject, verdict_of
from volens.positions import Position
from volens.reasoning.judging import facts
from volens.reasoning.questions import answer_in_words, question_of
from volens.reasoning.standards import BURDENS, Standard

__all__ = ["assess", "compare", "pivotal", "sensitivity", "symmetry", "verdicts"]

_BURDENS = {
    "none": "No burden rule",
    "intervener": "Open facts count against the intervener",
    "complainant": "Open facts count against the complainant",
}
_LATER = "Findings that changed later"
_AIMS = {"all": "all", "predominant": "the predominant one", "any": "any one of them"}


def assess(
    case: Case | str,
    position: Position | str,
    standard: Standard | None = None,
    *,
    act: str | None = None,
    inviter_test: Position | str | None = None,
) -> Shown:
    """Judge a case, or one act of it, on a position: :func:`volens.reasoning.assess`, shown.

    Examples
    --------
    >>> isinstance(assess("mali-2013", "S3").steps, tuple)
    True
    """
    record = record_of(case)
    return Shown(
        reasoning.assess(record, position, standard, act=act, inviter_test=inviter_test), record
    )


def compare(
    case: Case | str, standard: Standard | None = None, *, act: str | None = None
) -> ShownTable:
    """Judge a case on every position: :func:`volens.reasoning.compare`, shown.

    Examples
    --------
    >>> len(compare("mali-2013"))
    4
    """
    record = record_of(case)
    found = reasoning.compare(record, standard, act=act)
    caption = (
        f"{subject(record, act)}, on every position, each with the inviter test that it "
        f"presupposes; {(standard or Standard()).in_words()}. Each verdict holds on its position "
        f"as stipulated here. {MET_MEANS}"
    )
    return ShownTable(
        caption=caption,
        columns=("Position", "Inviter test", "Verdict", "What would decide it"),
        rows=tuple(
            (
                named(one.position),
                named(one.inviter_test),
                one.verdict,
                " ".join(decisive(one)).rstrip("."),
            )
            for one in found
        ),
        found=found,
        page=side_by_side(caption, found),
    )


def verdicts(
    case: Case | str,
    standards: Mapping[str, Standard],
    *,
    positions: Sequence[str] = (),
    act: str | None = None,
    inviter_test: str | None = None,
) -> ShownTable:
    """Judge a case under several standards: one line each, one column a position.

    Where a standard has a date of knowledge, a last column counts the findings whose
    value changed after it.

    Parameters
    ----------
    case
        The case, or its id.
    standards
        The standards, each under the name that its line is to have.
    positions
        The ids of the positions to ask, in that order; nothing for every position.
    act
        The id of an act; none for what all acts have in common.
    inviter_test
        The id of the test for all lines; none for what each position presupposes.

    Raises
    ------
    ReasoningError
        If there is no standard.

    Examples
    --------
    >>> rules = {"nobody": Standard(), "those who came": Standard(burden="intervener")}
    >>> verdicts("kazakhstan-2022", rules, positions=["S1"]).rows
    (('nobody', 'undetermined'), ('those who came', 'unlawful'))
    """
    if not standards:
        raise ReasoningError(
            '`standards`: expected one or more under a name, such as {"no rule": vo.Standard()}, '
            "got none."
        )
    record = record_of(case)
    asked = positions or [one.id for one in views.positions() if one.kind == "position"]
    found = {
        name: tuple(
            reasoning.assess(record, view, standard, act=act, inviter_test=inviter_test)
            for view in asked
        )
        for name, standard in standards.items()
    }
    test = named(inviter_test) if inviter_test else "each with the inviter test it presupposes"
    dated = any(one.known_on for one in standards.values())
    return ShownTable(
        caption=f"{subject(record, act)}: the verdict on each position, {test}; "
        f"{_in_common(standards.values())}. Each verdict holds on its position as stipulated here.",
        columns=("Standard", *(named(view) for view in asked), *([_LATER] if dated else [])),
        rows=tuple(
            (name, *(one.verdict for one in line), *([str(len(line[0].later))] if dated else []))
            for name, line in found.items()
        ),
        found=tuple(one for line in found.values() for one in line),
    )


def pivotal(
    case: Case | str,
    position: Position | str,
    standard: Standard | None = None,
    *,
    order: int = 1,
    act: str | None = None,
    inviter_test: Position | str | None = None,
) -> ShownTable:
    """Find the facts that would change the verdict: :func:`volens.reasoning.pivotal`, shown.

    Examples
    --------
    >>> pivotal("mali-2013", "abstention").columns[0]
    'Question'
    """
    record = record_of(case)
    opinion = reasoning.assess(record, position, standard, act=act, inviter_test=inviter_test)
    found = reasoning.pivotal(
        record, position, standard, order=order, act=act, inviter_test=inviter_test
    )
    answers, _ = facts(record, opinion.standard, act)
    count = _count(len(found), order)
    return ShownTable(
        caption=f"{first_line(opinion, record)} {count} This verdict "
        "holds on this position as stipulated here.",
        columns=("Question", "On the record", "If instead", "Verdict then"),
        rows=tuple(
            (
                " And: ".join(question_of(record, name) for name, _ in flip.changes),
                " and ".join(
                    answer_in_words(answers[name].value) if name in answers else "no finding"
                    for name, _ in flip.changes
                ),
                " and ".join(answer_in_words(value) for _, value in flip.changes),
                verdict_of(opinion, flip),
            )
            for flip in found
        ),
        found=found,
    )


def sensitivity(
    case: Case | str, *, act: str | None = None, standard: Standard | None = None
) -> ShownTable:
    """Vary position, inviter test, burden and aims: :func:`volens.reasoning.sensitivity`, shown.

    Examples
    --------
    >>> sensitivity("mali-2013").columns[:2]
    ('Position', 'Inviter test')
    """
    record = record_of(case)
    found = reasoning.sensitivity(record, act=act, standard=standard)
    cells: dict[tuple[str, str, str], dict[str, str]] = {}
    for one in found:
        asked = views.position(one.position).flags["purpose_test"]
        aims = _AIMS[one.mixed_purposes] if asked else "not asked"
        line = cells.setdefault((named(one.position), named(one.inviter_test), aims), {})
        line[one.burden] = f"{one.verdict} ({len(one.alone)})"
    return ShownTable(
        caption=f"{subject(record, act)}: the verdict under {len(found)} settings. In brackets, "
        "how many single facts would change it. Each verdict holds on its position as stipulated "
        "here.",
        columns=(
            *("Position", "Inviter test", "Aims required"),
            *(_BURDENS[burden] for burden in BURDENS),
        ),
        rows=tuple((*key, *(line[burden] for burden in BURDENS)) for key, line in cells.items()),
        found=found,
    )


def symmetry(
    first: Case | str,
    second: Case | str,
    standard: Standard | None = None,
    *,
    acts: tuple[str | None, str | None] = (None, None),
) -> ShownTable:
    """Ask whether two cases are judged alike: :func:`volens.reasoning.symmetry`, shown.

    Examples
    --------
    >>> len(symmetry("mali-2013", "syria-2015"))
    4
    """
    one, two = record_of(first), record_of(second)
    found = reasoning.symmetry(one, two, standard, acts=acts)
    subjects = tuple(
        subject(record, act) if act else record.title
        for record, act in ((one, acts[0]), (two, acts[1]))
    )
    return ShownTable(
        caption=f"Judged alike? {subjects[0]}, beside {subjects[1]}; "
        f"{(standard or Standard()).in_words()}. Each verdict holds on its position as stipulated "
        "here.",
        columns=("Position", *subjects, "Facts that differ", "Why"),
        rows=tuple(
            (
                named(each.position),
                each.first,
                each.second,
                tuple(
                    f"{question_of(one, fact)} "
                    f"{answer_in_words(here)}, then {answer_in_words(there)}"
                    for fact, here, there in each.findings
                )
                or "none",
                each.why.rstrip("."),
            )
            for each in found
        ),
        found=found,
    )


def _in_common(standards: Iterable[Standard]) -> str:
    """Return in words the settings that several standards share."""
    first, *others = (one.in_words().split(", ") for one in standards)
    shared = [words for words in first if all(words in other for other in others)]
    return ", ".join(shared) or "every setting differs from line to line"


def _count(number: int, order: int) -> str:
    """Say how many changes there are that would change the verdict."""
    if order == 1:
        what = f"{number or 'No'} single {'change' if number == 1 else 'changes'} of fact"
    else:
        what = f"{number or 'No'} {'pair' if number == 1 else 'pairs'} of changes of fact"
    return f"{what} would give another."
