"""Attackers and honest students in one class, from ``volens collect`` to the feedback."""

import pytest

from tests.attacks.corpus import ALONE, ATTACKS, TOGETHER
from tests.attacks.findings import Verdict
from tests.attacks.ground import ground
from tests.attacks.whole_class import attack_class

#: Those that need a class, and one of each other family: the others are tried one by one.
SOME = (*TOGETHER, *{attack.family: attack for attack in ALONE}.values())


@pytest.fixture(name="played", scope="module")
def _played() -> tuple[dict[str, Verdict], list[str]]:
    """The class, marked."""
    with ground() as laid_out:
        verdicts, breaches = attack_class(laid_out, SOME)
    return {verdict.attack.name: verdict for verdict in verdicts}, breaches


def test_the_corpus_is_large_and_every_attack_has_a_name_of_its_own() -> None:
    assert len(ATTACKS) >= 40
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS)
    assert {*ALONE, *TOGETHER} == {*ATTACKS}


def test_the_class_is_marked_to_its_end_and_nobody_is_harmed(
    played: tuple[dict[str, Verdict], list[str]],
) -> None:
    _, breaches = played

    assert breaches == []


@pytest.mark.parametrize("name", [attack.name for attack in SOME])
def test_an_attack_gains_nothing_in_a_class(
    played: tuple[dict[str, Verdict], list[str]], name: str
) -> None:
    verdicts, _ = played

    assert str(verdicts[name]) == ""
