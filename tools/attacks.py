"""Attack the grader: print attack x outcome, and leave with 1 if one succeeds.

Each attack of ``tests/attacks/corpus`` is an honest wrong answer plus an attempt. Each is
marked alone, with an honest submission after it, in the same warm worker; then all of them
are marked together as one class, by ``volens collect`` and ``volens grade``. Nothing is run
where there is no sandbox.

Name families or attacks for those only.
"""

import argparse
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.attacks.attack import Attack
from tests.attacks.corpus import ATTACKS
from tests.attacks.course import FORGEABLE, FULL, HONEST
from tests.attacks.findings import KINDS, Verdict
from tests.attacks.ground import Ground, ground
from tests.attacks.trial import Trial
from tests.attacks.whole_class import attack_class

JUDGED = [name for name in HONEST if name != FORGEABLE]
HEADS = ("attack", "family", "ended as", "reason", "marks", "forgeable", *KINDS, "verdict")
WIDTHS = (41, 12, 16, 25, 10, 10, *(max(8, len(kind) + 2) for kind in KINDS), 8)


def row(verdict: Verdict) -> str:
    """Return the line of an attack."""
    earned = sum(verdict.points.get(name) or 0 for name in JUDGED)
    honest = sum(HONEST[name] for name in JUDGED)
    forged = verdict.points.get(FORGEABLE) or 0
    held = ["BROKEN" if kind in verdict.breaches else "held" for kind in KINDS]
    cells = (
        *(verdict.attack.name, verdict.attack.family, verdict.state, verdict.reason),
        *(f"{earned:g} of {honest:g}", f"{forged:g} of {FULL[FORGEABLE]:g}", *held),
        "BREACH" if verdict.breaches else "held",
    )
    return line(cells)


def line(cells: Sequence[str]) -> str:
    """Return the cells of a row side by side."""
    return "".join(f"{cell:{width}}" for cell, width in zip(cells, WIDTHS, strict=True)).rstrip()


def alone(place: Ground, attacks: Sequence[Attack]) -> Iterator[Verdict]:
    """Try attacks one by one."""
    if not attacks:
        return
    trial = Trial(place)
    try:
        for attack in attacks:
            yield trial.run(attack)
    finally:
        trial.close()


def told(verdicts: Iterator[Verdict] | Sequence[Verdict]) -> list[Verdict]:
    """Print the table as it grows, and what was broken below each row."""
    print(line(HEADS))
    kept = []
    for verdict in verdicts:
        kept.append(verdict)
        print(row(verdict), flush=True)
        for text in str(verdict).splitlines() + [f"note: {note}" for note in verdict.notes]:
            print(f"    {text}")
    return kept


def chosen(names: Sequence[str]) -> list[Attack]:
    """Return the attacks of these names or families; all where none is named."""
    return [one for one in ATTACKS if not names or one.name in names or one.family in names]


def main() -> None:
    """Attack, and say what became of it."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("name", nargs="*", help="a family or an attack; all if none is named")
    parser.add_argument("--no-class", action="store_true", help="only one by one")
    options = parser.parse_args()
    attacks = chosen(options.name)
    for name in options.name:
        if not chosen([name]):
            families = ", ".join(dict.fromkeys(one.family for one in ATTACKS))
            parser.error(f"there is no attack or family {name}. The families are: {families}.")
    # Whoever ends this program politely should find nothing left of it either.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped."))
    started = time.monotonic()
    try:
        with ground() as place:
            print("One by one, each with an honest submission after it:\n")
            kept = told(alone(place, [one for one in attacks if not one.needs_a_class]))
        together: list[str] = []
        if not options.no_class:
            with ground() as place:
                print("\nAll together, marked as one class by two workers:\n", flush=True)
                verdicts, together = attack_class(place, attacks)
                kept += told(verdicts)
    except RuntimeError as error:
        sys.exit(str(error))
    for text in together:
        print(f"the class: {text}")
    seconds = time.monotonic() - started
    broken = Counter(bool(verdict.breaches) for verdict in kept)
    fine = not broken[True] and not together
    forged = [one for one in kept if one.points.get(FORGEABLE)]
    print(
        f"\n{len(attacks)} attacks, tried {len(kept)} times: {broken[False]} held, "
        f"{broken[True]} breached; breaches of the class as a whole: {len(together)}; "
        f"{seconds:.0f} seconds.\n"
        f"The ordinary nbgrader cell, marked as forgeable, was forged {len(forged)} times."
    )
    sys.exit(0 if fine else 1)


if __name__ == "__main__":
    main()
