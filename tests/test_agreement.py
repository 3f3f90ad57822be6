"""Agreement beyond chance: checked against examples that can be computed by hand."""

import subprocess
import sys
from html import escape

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from volens import coding
from volens.agreement import (
    NO_REASON,
    _alpha,
    _differ,
    alpha,
    compare_codings,
    masi,
    memo,
    not_a_key,
)
from volens.coding import CANNOT, FIELDS, Code, Coding, reference
from volens.errors import CodingError

CASE = "kazakhstan-2022"
CLAIMS = tuple(coding.claims(CASE))
LETTERS = dict(zip("abcde", coding.SPEAKERS, strict=False))
CODES = [one for one in coding.purposes() if one != CANNOT]

sets = st.frozensets(st.sampled_from(CODES[:6]), min_size=1, max_size=4)


def speaking(letters: str) -> Coding:
    """A coder who gave these codes for who speaks, one claim after the other."""
    codes = [Code(LETTERS[letter], "aim", ("stability",)) for letter in letters.replace(" ", "")]
    return Coding(CASE, dict(zip(CLAIMS, codes, strict=False)))


def with_purposes(*given_: str) -> Coding:
    codes = [Code("press", "aim", tuple(CODES["abc".index(x)] for x in one)) for one in given_]
    return Coding(CASE, dict(zip(CLAIMS, codes, strict=False)))


def test_nominal_data_of_two_observers_as_krippendorff_computes_them() -> None:
    """Computing Krippendorff's Alpha-Reliability (2011), section B: .692.

    By hand: 24 values (4 a, 6 b, 6 c, 6 d, 2 e), 18 of them in pairs that agree;
    (23 x 18 - 104) / (24 x 23 - 104) = 310/448.
    """
    ben, gerry = speaking("a a b b d c c c e d d a"), speaking("b a b b b c c c e d d d")
    found = alpha(ben, gerry, "speaker")

    assert found.alpha == pytest.approx(310 / 448)
    assert str(found).startswith("Who speaks: the same in 9 of 12. Beyond chance: 0.69 (")


def test_two_values_of_two_observers_as_krippendorff_computes_them() -> None:
    """The same paper, section A: .095.

    By hand: 14 zeros and 6 ones, 4 pairs that differ: 1 - 19 x 4 / (14 x 6) = 8/84.
    """
    meg, owen = speaking("a b a a a a a a b a"), speaking("b b b a a b a a a a")

    assert alpha(meg, owen, "speaker").alpha == pytest.approx(8 / 84)


def test_sets_that_share_codes_are_partly_in_agreement() -> None:
    """By hand: observed 10/3, expected 64/15 (both times 6): 1 - 50/64 = 14/64."""
    found = alpha(with_purposes("a", "ab", "b"), with_purposes("a", "a", "c"), "purposes")

    assert found.alpha == pytest.approx(14 / 64)
    assert found.same == "the same set in 1 of 3, at least one in common in 2 of 3"


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        ("a", "a", 0),
        ("ab", "ba", 0),
        ("a", "b", 1),
        ("a", "ab", 1 - 1 / 2 * 2 / 3),
        ("ab", "bc", 1 - 1 / 3 * 1 / 3),
    ],
)
def test_masi_weighs_what_is_shared(one: str, other: str, distance: float) -> None:
    assert masi(one, other) == pytest.approx(distance)


@given(sets, sets)
def test_masi_is_a_distance_between_nothing_and_one(
    one: frozenset[str], other: frozenset[str]
) -> None:
    assert masi(one, other) == masi(other, one)
    assert 0 <= masi(one, other) <= 1
    assert (masi(one, other) == 0) == (one == other)


@given(st.lists(st.tuples(sets, sets), min_size=2, max_size=12))
def test_alpha_never_exceeds_one_and_does_not_ask_who_came_first(
    units: list[tuple[frozenset[str], frozenset[str]]],
) -> None:
    found = _alpha(units, masi)
    assume(found is not None)
    assert found is not None

    assert found <= 1 + 1e-9
    assert _alpha([(other, one) for one, other in units], masi) == pytest.approx(found)
    assert _alpha([(one, one) for one, _ in units], masi) in (None, pytest.approx(1))


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=2, max_size=20))
def test_alpha_of_single_codes_is_that_of_the_textbook_formula(
    units: list[tuple[str, str]],
) -> None:
    values = [code for unit in units for code in unit]
    n = len(values)
    pairs = n * n - sum(values.count(code) ** 2 for code in "abc")
    expected = None if not pairs else 1 - (n - 1) * 2 * sum(a != b for a, b in units) / pairs

    assert _alpha(units, _differ) == (None if expected is None else pytest.approx(expected))


def test_with_fewer_than_two_claims_there_is_no_number() -> None:
    for letters in ("", "a"):
        found = alpha(speaking(letters), speaking("ab"), "speaker")
        assert found.alpha is None
        assert found.why == "fewer than 2 claims were coded by both"


def test_without_variation_there_is_no_number() -> None:
    found = alpha(speaking("a" * 10), speaking("a" * 10), "speaker")

    assert found.alpha is None
    assert found.beyond == (
        "not defined, because both used one and the same code throughout, as chance would then too"
    )


def test_agreement_below_chance_is_below_nothing() -> None:
    found = alpha(speaking("ab"), speaking("ba"), "speaker")

    assert found.alpha == pytest.approx(-0.5)


def test_a_number_of_few_claims_would_read_as_a_mark_and_is_not_shown() -> None:
    nine, ten = "abababab" + "a", "abababab" + "ab"

    assert alpha(speaking(nine), speaking(nine), "speaker").beyond == (
        "needs 10 claims that both coded; so far 9"
    )
    assert alpha(speaking(ten), speaking(ten), "speaker").beyond.startswith("1.00")


def test_how_far_one_claim_moves_the_number_is_said() -> None:
    ben, gerry = speaking("aabbdcccedda"), speaking("babbbcccedddd"[:12])
    found = alpha(ben, gerry, "speaker")

    assert found.lowest is not None
    assert found.highest is not None
    assert found.alpha is not None
    assert found.lowest < found.alpha < found.highest


def test_a_number_that_no_claim_moves_is_said_once() -> None:
    found = alpha(speaking("aabb" * 3), speaking("aabb" * 3), "speaker")

    assert found.beyond == "1.00 (the same with any one claim left out)"


def test_with_many_claims_none_is_left_out() -> None:
    found = alpha(reference(CASE), reference(CASE), "speaker")

    assert (found.alpha, found.lowest) == (pytest.approx(1), None)
    assert found.beyond == "1.00"


# Comparisons


def test_below_high_confidence_nothing_counts_as_a_key() -> None:
    mine = Coding(CASE, {"C001": Code("press", "aim", ("stability",))})
    mine = mine.set("C007", Code("press", "aim", ("stability",)))
    found = compare_codings(CASE, mine)

    assert {one.share.of for one in found.agreements} == {1}
    assert {one.share.of for one in found.readings} == {1}
    assert "reference, confidence medium: a reading, not a key" in repr(found)
    assert "Not counted above, since the confidence of the reference is not high" in repr(found)


def test_a_key_carries_no_mark() -> None:
    assert not_a_key(CASE, "C001") == ""
    assert not_a_key(CASE, "C012") == "reference, confidence low: a reading, not a key"


def test_numbers_stand_with_what_they_are_out_of_and_without_a_grade() -> None:
    found = compare_codings(CASE, speaking("aab"), speaking("aba"), names=("Ann", "Ben"))
    page = found._repr_html_()

    assert "the same in 1 of 3" in page
    assert "<th scope=" in page
    assert "Ann</th>" in page
    assert "takes that off" in page
    for grade in ("excellent", "acceptable", "reliable", "substantial", "moderate", "poor"):
        assert grade not in page.lower()


def test_a_comparison_takes_plain_data_and_names_what_is_wrong() -> None:
    mine = speaking("ab").to_data()

    assert compare_codings(CASE, mine, mine).rows == ()
    assert "No row disagrees." in repr(compare_codings(CASE, mine, mine))
    with pytest.raises(CodingError, match="Coding of claims, `schema`"):
        compare_codings(CASE, mine, {"weighing": {}})
    with pytest.raises(CodingError, match=r"no table of claims|another case"):
        compare_codings("mali-2013", speaking("a"))


def test_codings_without_a_common_claim_say_so() -> None:
    other = Coding(CASE, {CLAIMS[-1]: Code("press", "aim", ("stability",))})

    assert "There is no claim that both have coded." in repr(
        compare_codings(CASE, speaking("a"), other)
    )


def test_words_in_a_name_are_no_markup() -> None:
    page = compare_codings(CASE, speaking("a"), speaking("b"), names=("<b>", "x"))._repr_html_()

    assert "<b>" not in page


def test_a_memo_shows_no_reference_before_it_was_seen() -> None:
    mine = speaking("ab")

    assert "reference" not in memo(mine)
    assert "## Compared with the reference" in memo(mine.compared())


def test_a_memo_says_what_was_changed_after_comparing() -> None:
    changed = speaking("ab").compared().set(CLAIMS[0], Code("ngo", "aim", ("stability",), "A\n b"))

    assert "Before comparing, who speaks: the inviting State." in memo(changed)
    assert "Note: A b" in memo(changed)


def test_a_memo_has_both_comparisons() -> None:
    text = memo(speaking("ab").compared(), speaking("ba"))

    assert "## Compared with a second coder" in text
    assert text.count("Beyond chance: ") == 2 * len(FIELDS)


def test_importing_loads_neither_numpy_nor_the_library() -> None:
    program = (
        "import sys, volens.agreement;"
        "print([m for m in ('numpy', 'krippendorff', 'pandas') if m in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert result.stdout.strip() == "[]"


def test_a_reference_that_differs_says_that_it_gives_no_reason() -> None:
    mine = Coding(CASE, {"C001": Code("press", "neutral", ("stability",))})
    same = Coding(CASE, {"C001": reference(CASE).codes["C001"]})
    found = compare_codings(CASE, mine)

    assert repr(found).count(NO_REASON) == found._repr_html_().count(escape(NO_REASON)) == 1
    assert NO_REASON not in repr(compare_codings(CASE, same))
    assert NO_REASON not in repr(compare_codings(CASE, mine, same))


def test_the_basis_of_the_reference_says_from_which_purpose_it_is_taken() -> None:
    mine = Coding(CASE, {"C001": Code("press", "neutral", ("stability",))})
    same = Coding(CASE, {"C001": reference(CASE).codes["C001"]})
    because = f'taken from the main purpose, "{coding.main_purpose(CASE, "C001")}"'

    assert repr(compare_codings(CASE, mine)).count(because) == 1
    assert because not in repr(compare_codings(CASE, mine, same))
