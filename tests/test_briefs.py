"""The briefs of a6: alike in what they ask, drawn evenly, and swapped without a word."""

import tomllib
from collections import Counter

import pytest

from volens import briefs, evidence, opinions, positions
from volens.entries import TomlEntry
from volens.errors import DoctrineError
from volens.logic import UNCLEAR
from volens.reasoning import Standard
from volens.wording import word_count

ALL = briefs.briefs()
EACH = pytest.mark.parametrize("one", ALL, ids=lambda one: one.id)
IDS = [f"s{number:07}" for number in range(10_000)]


def opinion_on(one: briefs.Brief) -> opinions.Shown:
    """What the engine finds on a brief's matter, with nobody bearing a burden."""
    standard = Standard(known_on=one.known_on) if one.known_on else Standard()
    return opinions.assess(
        "kazakhstan-2022", one.position, standard, act=one.act, inviter_test=one.inviter_test
    )


def test_there_is_one_brief_for_each_position_and_role() -> None:
    expected = {
        (view.id, role)
        for view in positions.positions()
        if view.kind == "position"
        for role in ("asking", "doubting")
    }

    assert {(one.position, one.role) for one in ALL} == expected
    assert len({one.title for one in ALL}) == len({one.id for one in ALL}) == len(ALL) == 8


def test_every_brief_has_as_much_to_work_with() -> None:
    sizes = {(len(one.rows), len(one.authorities), len(one.works), len(one.turns)) for one in ALL}

    assert sizes == {(12, 6, 2, 3)}


def test_every_brief_is_as_long_to_read() -> None:
    lengths = [word_count(one.task) for one in ALL]

    assert max(lengths) - min(lengths) <= 20


@EACH
def test_the_answer_is_open_and_turns_on_the_elements_that_the_brief_says(
    one: briefs.Brief,
) -> None:
    opinion = opinion_on(one)

    assert opinion.verdict == "undetermined"
    assert {step.element for step in opinion.steps if step.value is UNCLEAR} == set(one.turns)


@EACH
def test_both_roles_read_the_same_facts(one: briefs.Brief) -> None:
    (other,) = (each for each in ALL if each.position == one.position and each != one)

    assert (one.rows, one.authorities, one.works) == (other.rows, other.authorities, other.works)
    assert (one.rule, one.found, one.open) == (other.rule, other.found, other.open)
    assert one.hardest != other.hardest


@EACH
def test_no_brief_turns_on_the_step_that_lesson_7_works_out(one: briefs.Brief) -> None:
    assert "continuity" not in one.turns
    assert "T092" not in one.rows


@EACH
def test_texts_of_law_were_read_and_are_sure(one: briefs.Brief) -> None:
    texts = [evidence.row("authorities", name) for name in one.authorities]

    assert {text.confidence for text in texts} == {"high"}
    assert all(text.read != "not" for text in texts)
    assert all(text.status != "doctrine" for text in texts)
    assert all(evidence.row("sources", name).read != "not" for name in one.works)


@EACH
def test_the_first_work_is_for_the_position_and_the_second_is_not(one: briefs.Brief) -> None:
    stances = {work.source: work.stance for work in positions.position(one.position).works}

    assert [stances[name] for name in one.works[:1]] in (["holds"], ["supports"])
    assert stances[one.works[1]] in ("opposes", "reports")


@EACH
def test_evidence_was_there_on_the_day_up_to_which_it_counts(one: briefs.Brief) -> None:
    days = [
        str(evidence.row("timeline" if name.startswith("T") else "claims", name).date)
        for name in one.rows
    ]

    assert not one.known_on or max(days) <= one.known_on


@EACH
def test_no_brief_asks_whether_the_deployment_was_lawful(one: briefs.Brief) -> None:
    assert "lawful" not in one.task.casefold()
    assert "on this view" in one.question or "this view" in one.question


def test_the_draw_is_even() -> None:
    """Over 10,000 ids no brief is more than a tenth away from its share."""
    drawn = Counter(briefs.draw(student).id for student in IDS)
    share = len(IDS) / len(ALL)

    assert set(drawn) == {one.id for one in ALL}
    assert max(abs(count - share) for count in drawn.values()) <= share / 10


def test_each_other_brief_is_drawn_evenly_too() -> None:
    pairs = Counter((briefs.draw(student).id, briefs.swapped(student).id) for student in IDS)
    share = len(IDS) / (len(ALL) * 3)

    assert len(pairs) == len(ALL) * 3
    assert max(abs(count - share) for count in pairs.values()) <= share / 4


def test_the_draw_does_not_change() -> None:
    """A student who comes back next week has the same brief, on every machine."""
    assert [briefs.draw(student).id for student in ("s2000003", "s2000011")] == [
        "free-consent-doubting",
        "free-consent-asking",
    ]
    assert briefs.swapped("s2000011").id == "abstention-doubting"


@pytest.mark.parametrize("typed", ["s2000011", "S2000011", " s-2000011 ", "s 2000 011."])
def test_how_an_id_is_typed_does_not_matter(typed: str) -> None:
    assert briefs.draw(typed).id == "free-consent-asking"


@pytest.mark.parametrize("student", IDS[:50])
def test_the_other_brief_has_another_position_and_the_other_role(student: str) -> None:
    first, other = briefs.draw(student), briefs.swapped(student)

    assert (first.position != other.position, first.role != other.role) == (True, True)


def test_an_id_without_a_letter_or_a_digit_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a letter or a digit"):
        briefs.draw(" - ")


def test_a_card_shows_both_briefs_and_asks_nothing() -> None:
    card = briefs.brief("s2000011")
    shown = card._repr_html_()

    assert card.titles == (
        "Free consent, for the Government that asked",
        "Abstention in civil war, for a State that doubts",
    )
    assert "<summary>Take another brief. Nobody asks why.</summary>" in shown
    assert shown.index(card.titles[0]) < shown.index("<details>") < shown.index(card.titles[1])
    assert "<input" not in shown


def test_a_card_shows_each_row_and_text_with_words_beside_its_id() -> None:
    text = repr(briefs.brief("s2000011"))

    assert "- T036, 2022-01-05, Tokayev: At the Security Council, on air" in text
    assert "- C001, 2022-01-05, said by Tokayev, President of Kazakhstan:" in text
    assert "- arsiwa-20: Articles on Responsibility of States" in text


def test_what_an_id_holds_cannot_break_the_page() -> None:
    assert "<script" not in briefs.brief("<script>s1")._repr_html_()


@pytest.mark.parametrize("answer", ["", "  ", {}, {"you": {"student id": ""}}, {"you": "s1"}])
def test_without_an_id_the_card_says_what_to_do(answer: object) -> None:
    card = briefs.brief(answer)  # type: ignore[arg-type]

    assert card.titles == ()
    assert "There is no student id yet" in repr(card)
    assert "There is no student id yet" in card._repr_html_()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('rows = ["T999"]', "ids that exist"),
        ('position = "natural-law"', "one of free-consent"),
        ('act = "the-war"', "one of decision"),
    ],
)
def test_a_matter_that_names_what_does_not_exist_is_refused(line: str, said: str) -> None:
    good = next(iter(tomllib.loads(FILE)["matter"]))
    matter = TomlEntry("briefs.toml", "matter 1", good | tomllib.loads(line), DoctrineError)

    with pytest.raises(DoctrineError, match=said):
        briefs._check(matter)


FILE = """
[[matter]]
position = "free-consent"
act = "russian-deployment"
about = "the entry"
inviter_test = "incumbency"
rule = "A rule."
found = "A fact."
open = "A question."
turns = ["scope"]
rows = ["T036"]
authorities = ["arsiwa-20"]
works = ["hasar-another-intervention-by-invitation"]
"""
