"""Every attack, one by one: none gains a mark, reads a secret, leaves anything, or harms others."""

from collections.abc import Iterator

import pytest

from tests.attacks.attack import Attack
from tests.attacks.corpus import ALONE
from tests.attacks.ground import ground
from tests.attacks.trial import Trial


@pytest.fixture(name="trial", scope="module")
def _trial() -> Iterator[Trial]:
    """One warm worker for all of them."""
    with ground() as laid_out:
        trial = Trial(laid_out)
        yield trial
        trial.close()


@pytest.mark.parametrize("attack", ALONE, ids=[attack.name for attack in ALONE])
def test_an_attack_gains_nothing_and_harms_nobody(trial: Trial, attack: Attack) -> None:
    verdict = trial.run(attack)

    assert str(verdict) == ""
