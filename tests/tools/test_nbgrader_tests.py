"""How the run of nbgrader's own tests is judged; the tests themselves are not run here."""

import nbgrader_tests

EXPECTED = {
    **{f"test_{number}": "passed" for number in range(nbgrader_tests.FEWEST)},
    **dict.fromkeys(nbgrader_tests.EXCEPTED, "failed"),
    **dict.fromkeys(nbgrader_tests.SKIPPED, "skipped"),
}


def faults(changed: dict[str, str]) -> list[str]:
    return nbgrader_tests.faults(nbgrader_tests.Record({**EXPECTED, **changed}))


def test_listed_exceptions_are_no_faults() -> None:
    assert faults({}) == []


def test_a_failure_that_is_not_listed_is_a_fault() -> None:
    assert faults({"test_0": "failed"}) == ["test_0 failed."]


def test_an_exception_that_passes_is_a_fault() -> None:
    assert faults({"test_side_effects": "passed"}) == [
        "test_side_effects passed: take it off the list of exceptions."
    ]


def test_a_test_that_is_skipped_without_being_listed_is_a_fault() -> None:
    assert faults({"test_0": "skipped"}) == ["test_0 was skipped."]


def test_tests_that_are_not_found_are_a_fault() -> None:
    record = nbgrader_tests.Record({"test_0": "passed"})

    assert nbgrader_tests.faults(record) == ["Only 1 tests ran; there should be at least 40."]
