"""That an attack fails says something only where the same attack can succeed.

So some are run under stock nbgrader, and in the open, where they do gain marks, read
secrets and leave things behind; and the eyes that look for breaches see them.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest

from tests.attacks.attack import NOTEBOOK, Attack, Build, Submission, at_end, at_start
from tests.attacks.corpus import ATTACKS
from tests.attacks.course import ASSIGNMENT, FORGEABLE, HONEST
from tests.attacks.findings import Found, Verdict, look, told, without_tests
from tests.attacks.ground import Ground, ground
from tests.attacks.pages import active
from tests.attacks.trial import Trial
from volens.grader.results import IN_PART, Graded, GradedNotebook, Mark
from volens.grading.stock import Course

FORGING = (
    *("patched-score", "replaced-module", "input-transformer", "ast-transformer"),
    "forged-result-before-the-test",
)
READING = ("files-nearby", "gradebook", "environment")


def named(name: str) -> Attack:
    return next(attack for attack in ATTACKS if attack.name == name)


@pytest.fixture(name="laid_out", scope="module")
def _laid_out() -> Iterator[Ground]:
    with ground() as laid_out:
        yield laid_out


# Under stock nbgrader


@pytest.fixture(name="stock", scope="module")
def _stock(laid_out: Ground) -> tuple[Mapping[str, Mapping[str, float]], Mapping[str, str]]:
    """Marks and outputs that attackers get from stock nbgrader, by attack."""
    root = laid_out.victim.root
    for name in (*FORGING, *READING):
        attack = named(name)
        assert attack.tame
        built = attack.build(laid_out.wrong())
        assert isinstance(built, bytes)
        folder = root / "submitted" / name / ASSIGNMENT
        folder.mkdir(parents=True)
        (folder / NOTEBOOK).write_bytes(built)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VOLENS_KEY", laid_out.environment["VOLENS_KEY"])
        states = {one.student: one.state for one in Course(root).autograde(ASSIGNMENT)}
    assert {name: state for name, state in states.items() if state != IN_PART} == {}
    outputs = {
        name: without_tests(
            (root / "autograded" / name / ASSIGNMENT / NOTEBOOK).read_text(encoding="utf-8"),
            outputs_only=True,
        )
        for name in states
    }
    return Course(root).marks(ASSIGNMENT).points, outputs


@pytest.mark.parametrize("name", FORGING)
def test_stock_nbgrader_gives_a_forger_more(
    stock: tuple[Mapping[str, Mapping[str, float]], Mapping[str, str]], name: str
) -> None:
    marks, _ = stock
    judged = [grade_id for grade_id in HONEST if grade_id != FORGEABLE]

    assert sum(marks[name][one] for one in judged) > sum(HONEST[one] for one in judged)


@pytest.mark.parametrize("name", READING)
def test_stock_nbgrader_lets_a_secret_be_read(
    stock: tuple[Mapping[str, Mapping[str, float]], Mapping[str, str]],
    laid_out: Ground,
    name: str,
) -> None:
    _, outputs = stock

    assert list(told(laid_out, outputs[name])) != []


# In the open


@pytest.fixture(name="in_the_open", scope="module")
def _in_the_open(laid_out: Ground, stock: object) -> Iterator[Trial]:
    trial = Trial(laid_out, sandboxed=False)
    yield trial
    trial.close()


def harmless(name: str, build: Build, accomplice: Build | None = None) -> Attack:
    return Attack(name, "proof", "shows that it would be seen", build, accomplice, tame=True)


CALLS = """\
import socket
socket.create_connection(("127.0.0.1", @port@)).close()
"""
LEAVES = """\
with open("/tmp/@token@-left", "w") as file:
    file.write("@baton@")
with open("@course@/left", "w") as file:
    file.write("")
"""
FINDS = 'with open("@course@/left") as file:\n    print("found @seen@")\n'
STAYS = """\
import subprocess
subprocess.Popen(["sleep", "600"], start_new_session=True)
"""


@pytest.mark.parametrize(
    ("attack", "kind", "seen"),
    [
        (named("gradebook"), "secrets", "the secret of: tests"),
        (named("course-folder"), "secrets", "the secret of: neighbour"),
        (harmless("calls", at_end(CALLS)), "secrets", "a call to the host's service: tcp"),
        (harmless("leaves", at_end(LEAVES), at_start(FINDS)), "leftovers", "in the course: left"),
        (
            harmless("tells", at_end(LEAVES), at_start(FINDS)),
            "neighbours",
            "what one left, another could read",
        ),
        (harmless("stays", at_end(STAYS)), "leftovers", "a process: sleep 600"),
        (
            harmless("wins", at_end('print("@won@")')),
            "secrets",
            "the attack itself says that it has succeeded",
        ),
    ],
    ids=lambda value: value.name if isinstance(value, Attack) else "",
)
def test_in_the_open_a_breach_is_seen(
    in_the_open: Trial, attack: Attack, kind: str, seen: str
) -> None:
    verdict = in_the_open.run(attack)

    assert seen in verdict.breaches[kind]


def test_no_bomb_is_run_in_the_open(in_the_open: Trial) -> None:
    with pytest.raises(RuntimeError, match="fork-bomb is not run outside a sandbox"):
        in_the_open.run(named("fork-bomb"))


# The eyes


def graded(submission: Submission, marks: Mapping[str, float]) -> Graded:
    listed = tuple(
        Mark(name, points, 6.0 if name == "gates-test" else 4.0) for name, points in marks.items()
    )
    notebook = GradedNotebook(ASSIGNMENT, json.dumps(submission.notebook), listed)
    return Graded("x", IN_PART, "free-text-waits", "", (notebook,))


def seen_in(laid_out: Ground, result: Graded) -> Verdict:
    found = Found()
    attack = named("tests-replaced")
    look(laid_out, result, attack, found)
    return Verdict(attack, result.state, result.reason, {}, found.breaches())


def test_a_mark_that_is_too_high_is_seen(laid_out: Ground) -> None:
    verdict = seen_in(laid_out, graded(laid_out.wrong(), {"gates-test": 4.0}))

    assert "gates-test gives 4.0, honestly 2.0" in verdict.breaches["marks"]
    assert "gates-test: recorded 4.0, nbgrader reads 6.0" in verdict.breaches["marks"]
    assert "counts-test gives None, and should keep 1.0" in verdict.breaches["marks"]


def test_a_state_that_is_none_is_seen(laid_out: Ground) -> None:
    result = replace(graded(laid_out.wrong(), {}), reason="", sandboxed=False)

    assert seen_in(laid_out, result).breaches["class"] == (
        "has no reason code: ''",
        "was marked without a sandbox",
    )


def test_a_secret_in_a_message_is_seen(laid_out: Ground) -> None:
    result = replace(graded(laid_out.wrong(), {}), message=laid_out.secrets["memory"])

    assert "the secret of: memory" in seen_in(laid_out, result).breaches["secrets"]


def test_hidden_tests_may_stand_in_test_cells_and_nowhere_else(laid_out: Ground) -> None:
    submission = laid_out.wrong()
    submission.cell("gates-test")["source"] = laid_out.secrets["tests"]

    assert "secrets" not in seen_in(laid_out, graded(submission, {})).breaches

    submission.cell("gates-answer")["source"] = laid_out.secrets["tests"]

    assert "secrets" in seen_in(laid_out, graded(submission, {})).breaches


@pytest.mark.parametrize(
    "piece",
    [
        "<script>x()</script>",
        "<SCRIPT>x()</SCRIPT>",
        "<img src=a onerror=x()>",
        '<a href=" java\nscript:x()">a</a>',
        "<style>x()</style>",
        '<iframe srcdoc="x()"></iframe>',
        '<p style="background:url(x())">a</p>',
        '<img src="https://example.org/x()">',
    ],
)
def test_what_a_browser_would_act_on_is_seen(piece: str) -> None:
    assert active(f"<p>{piece}</p>", "x()") != ()


@pytest.mark.parametrize(
    "piece",
    ["<p>x()</p>", "<pre>&lt;script&gt;x()</pre>", '<img alt="x()" src="data:image/png;,">'],
)
def test_what_a_browser_only_shows_is_not(piece: str) -> None:
    assert active(piece, "x()") == ()
