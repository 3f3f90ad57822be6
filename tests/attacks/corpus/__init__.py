"""The attacks, a module a family.

Most are tried one by one. A link, a pipe or an archive is handed in as a file, so those are
tried on a class.
"""

from tests.attacks.attack import Attack
from tests.attacks.corpus import (
    archives,
    ending,
    exhaustion,
    forging,
    forms,
    injection,
    lying,
    network,
    reading,
    shadowing,
    siblings,
    staying,
    writing,
)

__all__ = ["ALONE", "ATTACKS", "TOGETHER"]

ATTACKS: tuple[Attack, ...] = (
    *forging.ATTACKS,
    *reading.ATTACKS,
    *writing.ATTACKS,
    *ending.ATTACKS,
    *exhaustion.ATTACKS,
    *staying.ATTACKS,
    *siblings.ATTACKS,
    *shadowing.ATTACKS,
    *network.ATTACKS,
    *forms.ATTACKS,
    *archives.ATTACKS,
    *injection.ATTACKS,
    *lying.ATTACKS,
)

#: Those that hand in something other than plain files.
TOGETHER = tuple(attack for attack in ATTACKS if attack.needs_a_class)
ALONE = tuple(attack for attack in ATTACKS if not attack.needs_a_class)
