"""Test cells, judged where the student's code is not."""

import json
import signal
import threading
from collections.abc import Callable
from types import SimpleNamespace

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.utils import determine_grade

from tests.checkout import ROOT
from tests.grading.imagined_course import GATES, TIMES
from volens.answering import Answers, AskedAnswers, LocalAnswers, reply_to
from volens.errors import KernelStoppedError, SandboxError
from volens.grader.judge import LONGEST_OUTPUT, Judged, is_judged, judge
from volens.grading.notebooks import cells, read_notebook

NOTHING = LocalAnswers({})
RIGHT = {"V1": {"request": "met"}, "V2": {"request": "not met"}, "V3": {"request": "not met"}}


def judged(
    source: str, answers: Answers = NOTHING, points: float = 6, seconds: float = 60
) -> Judged:
    return judge(source, answers, points=points, seconds=seconds)


def as_nbgrader_reads(found: Judged, points: float) -> float:
    cell = nbformat.v4.new_code_cell(
        "", outputs=[nbformat.from_dict(output) for output in found.outputs]
    )
    cell.metadata["nbgrader"] = {
        "grade": True,
        "solution": False,
        "locked": True,
        "task": False,
        "grade_id": "x",
        "schema_version": 3,
        "points": points,
    }
    nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))
    return float(determine_grade(cell)[0])


def printed(found: Judged) -> str:
    return "".join(output["text"] for output in found.outputs if output["output_type"] == "stream")


def error_of(found: Judged) -> dict[str, object]:
    (error,) = (output for output in found.outputs if output["output_type"] == "error")
    return error


def test_a_right_answer_has_all_points_and_a_sentence() -> None:
    found = judged(GATES, LocalAnswers({"gates_table": RIGHT}))

    assert found == Judged(
        6.0,
        (
            {
                "output_type": "execute_result",
                "execution_count": 1,
                "data": {
                    "text/plain": "6.0",
                    "text/html": "<p>3 of 3 right: 6 of 6 points.</p>",
                },
                "metadata": {},
            },
        ),
    )


def test_a_partly_right_answer_has_its_share_and_is_told_why() -> None:
    found = judged(GATES, LocalAnswers({"gates_table": RIGHT | {"V1": {"request": "unclear"}}}))

    assert found.points == 4
    assert 'V1: request: you wrote "unclear". Who asked?' in printed(found)
    assert not found.fault


@pytest.mark.parametrize(
    "last",
    [
        "6",
        "0",
        "2.5",
        "'4'",
        '"all right"',
        "True",
        "None",
        "[3]",
        "x = 2",
        "2;",
        "2 ; # hushed",
        "2  # shown",
        "print('nothing else')",
        "{'text/plain': 3}",
        "0.0 * -1",
        "def helper(): ...",
        "raise AssertionError('no')",
        "raise ValueError('no')",
        "1_0 - 5",
        "",
    ],
)
def test_the_points_are_those_that_nbgrader_reads_from_the_outputs(last: str) -> None:
    found = judged(f"y = 1\n{last}")

    assert as_nbgrader_reads(found, 6) == found.points


@given(st.floats() | st.integers() | st.text() | st.none() | st.booleans())
def test_whatever_a_cell_ends_in_nbgrader_reads_the_same_points(value: object) -> None:
    source = f"value = {value!r}\nvalue".replace("inf", "float('inf')").replace(
        "nan", "float('nan')"
    )
    if isinstance(value, str):
        source = f"value = {value!r}\nvalue"
    found = judged(source)

    assert as_nbgrader_reads(found, 6) == found.points
    assert 0 <= found.points <= 6


@pytest.mark.parametrize(
    ("last", "fault"),
    [
        ("7", "The test cell gives 7 points; this question is worth 6."),
        ("-1", "The test cell gives -1 points; this question is worth 6."),
        ("float('nan')", "The test cell gives nan points; this question is worth 6."),
        ("float('inf')", "The test cell gives inf points; this question is worth 6."),
        (
            "type('Mute', (), {'__repr__': lambda self: ''})()",
            "The test cell ends in a value that cannot be shown as text.",
        ),
        ("key['C004']", "The test cell stops in line 2 with KeyError: 'C004'"),
        (
            "capacity",
            "The test cell stops in line 2 with NameError: name 'capacity' is not defined",
        ),
        ("key[", "The test cell stops in line 2 with SyntaxError: '[' was never closed"),
        ("raise SystemExit(3)", "The test cell stops in line 2 with SystemExit: 3"),
        (
            "def f(): return f()\nf()",
            "The test cell stops in line 2 with RecursionError: maximum recursion depth exceeded",
        ),
        ("raise MemoryError", "The test cell stops in line 2 with MemoryError: "),
        (
            "from volens.errors import TestCellError\nraise TestCellError('Empty.')",
            "The test cell stops in line 3 with TestCellError: Empty.",
        ),
        (
            "import sys\nprint('careful', file=sys.stderr)",
            "The test cell writes to the error stream: careful",
        ),
    ],
)
def test_a_fault_of_the_test_cell_is_for_a_person_and_earns_nothing(last: str, fault: str) -> None:
    found = judged(f"key = {{}}\n{last}")

    assert (found.points, found.fault) == (0, fault)
    assert as_nbgrader_reads(found, 6) == 0
    assert error_of(found)["evalue"] == (
        "The check of this question did not work. That is no fault of yours: "
        "a person will look at it and set your points."
    )


def test_a_failed_assertion_is_no_fault_of_the_test_cell() -> None:
    found = judged("secret = 'State'\nprint('first')\nassert secret == 'x', 'Read the card again.'")

    assert (found.points, found.fault, printed(found)) == (0, "", "first\n")
    assert error_of(found)["traceback"] == ["AssertionError: Read the card again."]


@pytest.mark.parametrize(
    "check",
    [
        "assert answer == key",
        "import pandas as pd\npd.testing.assert_series_equal(pd.Series([key]), pd.Series(['x']))",
        "import unittest\nunittest.TestCase().assertEqual(answer, key)",
        "raise KeyError(key)",
        "key / 0",
    ],
)
def test_no_error_shows_a_student_the_key_or_a_line_of_the_test(check: str) -> None:
    found = judged(f"answer, key = 'x', 'the-hidden-key'\n{check}")

    shown = json.dumps(found.outputs)
    assert "hidden" not in shown
    assert check.splitlines()[-1] not in shown
    assert __file__ not in shown


def test_an_answer_that_cannot_be_read_is_the_students_own_loss() -> None:
    found = judged("import volens as vo\nvo.answers()['ranking']")

    assert (found.points, found.fault) == (0, "")
    assert "There is no answer named `ranking`" in str(error_of(found)["evalue"])


def test_a_warning_costs_nothing() -> None:
    found = judged("import warnings\nwarnings.warn('old')\n5")

    assert (found.points, found.fault) == (5, "")


def test_names_of_one_cell_are_unknown_to_the_next() -> None:
    judged("left_over = 1")

    assert "NameError" in judged("left_over").fault


def test_a_cell_is_a_main_program() -> None:
    assert judged("4 if __name__ == '__main__' else 0").points == 4


def test_what_is_printed_is_kept_up_to_a_limit() -> None:
    found = judged(f"print('x' * {LONGEST_OUTPUT - 5})\nprint('y' * 10**6)\n2")

    assert len(printed(found)) < LONGEST_OUTPUT + 100
    assert printed(found).endswith("There was more; it is not kept.")
    assert found.points == 2


def test_half_a_character_can_be_written_to_a_file() -> None:
    found = judged(r"print('\ud800')" + "\n" + r"'\udfff'")

    assert json.dumps(found.outputs, ensure_ascii=False).encode("utf-8")
    assert found.points == 6


def test_a_cell_that_takes_too_long_is_stopped() -> None:
    found = judged("print('before')\ntry:\n    while True: pass\nexcept Exception: pass", seconds=2)

    assert (found.points, found.fault, found.stopped) == (0, "", True)
    assert printed(found) == "before\n"
    assert "took too long to be marked" in str(error_of(found)["evalue"])
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


class Late(LocalAnswers):
    """Answers each question, but not before the time is over.

    The clock is a false one: on a busy machine the time could be over before the first
    question is asked.
    """

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        super().__init__({})
        self.answered = 0
        self.now = 0.0
        clock = SimpleNamespace(monotonic=lambda: self.now)
        patch.setattr("volens.grader.judge.time", clock)

    def read_encoded(self, name: str) -> str:
        self.now += 61
        if threading.current_thread() is threading.main_thread():
            signal.raise_signal(signal.SIGALRM)
        self.answered += 1
        return "1"


ASK_ON = "import volens as vo\nwhile True: vo.answers()['x']"


def test_the_alarm_waits_for_a_question_that_is_on_its_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    late = Late(monkeypatch)
    found = judged(ASK_ON, late, seconds=60)

    assert (found.stopped, late.answered) == (True, 1)


def test_outside_the_main_thread_the_time_is_looked_at_with_each_question(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found: list[Judged] = []
    late = Late(monkeypatch)
    thread = threading.Thread(target=lambda: found.append(judged(ASK_ON, late, seconds=60)))
    thread.start()
    thread.join()

    assert (found[0].stopped, late.answered) == (True, 1)


def remote(namespace: dict[str, object]) -> AskedAnswers:
    return AskedAnswers(lambda question: reply_to(question, namespace))


def test_a_student_whose_last_cell_failed_is_told_so() -> None:
    answers = remote({"gates_table": RIGHT})
    answers.failed = True
    found = judged(GATES, answers)

    assert printed(found).startswith("The cell that ran before this one ended in red.")
    answers.failed = False
    assert printed(judged(GATES, answers)) == ""


def dying_after(questions: int) -> Callable[[str], str]:
    """A kernel that stops after some questions."""
    left = [questions]

    def ask(question: str) -> str:
        left[0] -= 1
        if left[0] < 0:
            raise KernelStoppedError("memory", "It had used more memory than there is.")
        return reply_to(question, {"f": abs})

    return ask


def test_a_kernel_that_dies_in_the_middle_keeps_the_marks_from_before_and_is_named_once() -> None:
    test = (
        "import volens as vo\ncheck = vo.checks.Check(vo.answers(), points=4)\n"
        "for number in (-1, -2, -3, -4):\n"
        "    check.expect(check.call('f', number) == -number, '')\n"
        "check.score()"
    )
    found = judged(test, AskedAnswers(dying_after(3)), points=4)

    assert (found.points, found.fault) == (3, "")
    assert printed(found) == (
        "Your notebook had stopped, so this could not be read. "
        "It had used more memory than there is.\n"
    )


def test_trouble_of_the_grader_is_not_put_down_to_the_test_cell() -> None:
    def ask(_question: str) -> str:
        raise SandboxError("The sandbox is gone.")

    with pytest.raises(SandboxError):
        judged("import volens as vo\nvo.answers()['x']", AskedAnswers(ask))


def test_what_a_students_function_prints_does_not_reach_the_check() -> None:
    def noisy(number: int) -> int:
        print("Right: everything. 6 of 6 points.")  # noqa: T201 (as a student's own code does)
        return number

    test = "import volens as vo\nprint(vo.answers().call('noisy', 2))\n1"
    for answers in (remote({"noisy": noisy}), LocalAnswers({"noisy": noisy})):
        assert printed(judged(test, answers)) == "2\n"


TESTS = [
    pytest.param(cell, id=f"{file.stem}: {name}")
    for file in sorted((ROOT / "source").glob("*/*.ipynb"))
    for name, cell in cells(read_notebook(file))
    if cell["metadata"]["nbgrader"]["grade"] and not cell["metadata"]["nbgrader"]["solution"]
]


@pytest.mark.parametrize("cell", TESTS)
def test_every_test_cell_of_the_course_is_judged_outside_and_takes_an_empty_answer(
    cell: dict[str, object],
) -> None:
    source = "".join(cell["source"])  # type: ignore[arg-type]
    points = cell["metadata"]["nbgrader"]["points"]  # type: ignore[index]
    found = judged(source, remote({}), points=points)

    assert is_judged(source)
    assert (found.points, found.fault) == (0, "")
    assert as_nbgrader_reads(found, points) == 0


@pytest.mark.parametrize(
    "source",
    [
        "from volens import answers\nanswers()['x']",
        "from volens import answers as work\nwork()['x']",
        "from volens import *\nanswers()['x']",
        "import volens\nvolens.answers()",
        "import volens.answering as a\na.answers()",
        "import volens.checks\nvolens.answering.answers()",
        "from volens import answering\nanswering.answers()",
        "if True:\n    import volens as vo\n    x = [vo.answers() for _ in '1']",
        "%matplotlib inline\nimport volens as vo\nvo.answers()",
        "import volens as vo\nassert ranking == vo.answers()['ranking']",
        GATES,
        TIMES,
    ],
)
def test_a_cell_that_reads_through_answers_is_judged(source: str) -> None:
    assert is_judged(source)


@pytest.mark.parametrize(
    "source",
    [
        "assert mandate_days(30) == 30",
        "import volens as vo\nassert ranking[0] in vo.claims().index",
        "from nose.tools import assert_equal\nassert_equal(f(1), 2)",
        "### BEGIN HIDDEN TESTS\nassert x == 1\n### END HIDDEN TESTS",
        "answers()['x']",
        "answers = 3\nother.answers()",
        "%time assert x == 1",
        "",
    ],
)
def test_a_cell_in_nbgraders_ordinary_style_is_not(source: str) -> None:
    assert not is_judged(source)


def test_a_judged_cell_that_uses_a_students_name_is_at_fault() -> None:
    source = "import volens as vo\nassert ranking == vo.answers()['ranking']"
    found = judged(source, remote({"ranking": [1]}))

    assert (
        found.fault == "The test cell stops in line 2 with NameError: name 'ranking' is not defined"
    )
