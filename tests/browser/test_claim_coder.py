"""The claim coder on a page of its own: keyboard, phone, and the same words as Python."""

import ast
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.conftest import visited
from tests.checkout import ROOT
from volens import coding
from volens.agreement import CAUTIONS, NO_REASON, compare_codings, memo
from volens.coding import BASES, CANNOT, FIELDS, SPEAKERS, Code, Coding
from volens.widgets.base import script
from volens.widgets.claim_coder import ClaimCoder, claim_coder

CASE = "kazakhstan-2022"
PICTURES = ROOT / "build" / "pictures"
FIRST = coding.sample(CASE, "first")
CODES = tuple(one for one in coding.purposes() if one != CANNOT)


@pytest.fixture(name="coder", scope="module")
def _coder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClaimCoder]:
    with pytest.MonkeyPatch.context() as elsewhere:
        elsewhere.chdir(tmp_path_factory.mktemp("course"))
        yield claim_coder(CASE)


@pytest.fixture(name="tab", scope="module")
def _tab(
    chromium: Browser, coder: ClaimCoder, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Page]:
    """One page for the whole module; errors on it fail the tests."""
    file = tmp_path_factory.mktemp("coder") / "coder.html"
    file.write_text(coder.to_page(), encoding="utf-8")
    with visited(chromium, file, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.add_init_script("localStorage.clear()")  # nothing comes from the test before
        yield page


@pytest.fixture(name="page")
def _page(tab: Page) -> Page:
    """The coder, empty, with nothing kept."""
    tab.set_viewport_size({"width": 1280, "height": 900})
    tab.reload()
    return tab


def state(page: Page) -> dict[str, Any]:
    """What the answer as text says."""
    text = page.locator("textarea[data-part=answer]")
    if not text.input_value():
        page.get_by_text("The answer as text").click()
        page.wait_for_function("document.querySelector('textarea[data-part=answer]').value")
    return ast.literal_eval(text.input_value().removeprefix("coding = "))  # type: ignore[no-any-return]


def code(page: Page, *purposes: str) -> None:
    page.get_by_label(SPEAKERS["inviting-state"], exact=True).check()
    page.get_by_label(BASES["aim"], exact=True).check()
    for purpose in purposes or ("counter-terrorism",):
        page.get_by_label(coding.purposes()[purpose], exact=True).check()


def fill(page: Page, count: int) -> None:
    """Code the next claims, in one go: the purposes take turns."""
    purposes = [coding.purposes()[one] for one in ("counter-terrorism", "stability")]
    page.evaluate(FILL, [count, SPEAKERS["inviting-state"], BASES["aim"], purposes])


FILL = """([count, speaker, basis, purposes]) => {
    const press = (tag, words) => [...document.querySelectorAll(`.volens ${tag}`)]
        .find((one) => one.textContent.trim() === words).click();
    for (let at = 0; at < count; at += 1) {
        for (const words of [speaker, basis, purposes[at % 2]]) press("label", words);
        press("button", "Next claim");
    }
}"""


def other() -> Coding:
    """A second coder who reads the first eight claims as the reference does."""
    reference = coding.reference(CASE).codes
    return Coding(CASE, {claim: reference[claim] for claim in FIRST})


def paste(page: Page, text: str) -> None:
    if page.locator(".cc-second").get_attribute("open") is None:
        page.get_by_text("A second coder", exact=True).click()
    page.get_by_label("Or the second coder's copied answer").fill(text)
    page.get_by_role("button", name="Compare with a second coder").click()


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.textContent"))


# The main path


def test_a_claim_is_coded_and_compared_with_the_keyboard_alone(page: Page) -> None:
    page.get_by_text("The answer as text").press("Enter")

    def to(label: str) -> None:
        for _ in range(80):
            page.keyboard.press("Tab")
            here = page.evaluate(
                "(document.activeElement.labels?.[0] ?? document.activeElement).textContent.trim()"
            )
            if here == label:
                return
        pytest.fail(f"Tab did not reach {label}")

    page.evaluate("document.activeElement.blur()")
    page.locator(".volens-claim-coder select").focus()
    to(SPEAKERS["inviting-state"])
    page.keyboard.press("Space")
    to(BASES["aim"])
    page.keyboard.press("Space")
    to("counter-terrorism")
    page.keyboard.press("Space")
    to("Note: why, in your words")
    page.keyboard.type("It says aggression.")
    to("Next claim")
    page.keyboard.press("Enter")
    assert focused(page).startswith(f"{FIRST[1]}: ")
    to("Compare with the reference")
    page.keyboard.press("Enter")

    assert focused(page) == "You and the reference"
    assert state(page)["codes"] == {
        FIRST[0]: {
            "speaker": "inviting-state",
            "basis": "aim",
            "purposes": ["counter-terrorism"],
            "note": "It says aggression.",
        }
    }
    assert state(page)["shown"] == [FIRST[0]]


def test_no_reference_is_on_the_screen_before_a_comparison(page: Page) -> None:
    fill(page, 3)

    assert page.locator(".cc-known").is_hidden()
    assert page.locator(".cc-found table").count() == 0
    page.get_by_role("button", name="Compare with the reference").click()
    assert page.locator(".cc-known").is_hidden()  # the fourth claim is not coded yet
    page.get_by_role("button", name="Previous claim").click()
    assert page.locator(".cc-known").is_visible()


def test_a_claim_coded_after_a_comparison_waits_for_the_next(page: Page) -> None:
    fill(page, 1)
    page.get_by_role("button", name="Compare with the reference").click()
    fill(page, 2)

    assert "of 1" in page.locator(".cc-numbers").inner_text()
    page.get_by_role("button", name="Compare with the reference").click()
    assert "of 3" in page.locator(".cc-numbers").inner_text()


def test_a_code_changed_after_comparing_counts_as_first_coded(page: Page) -> None:
    fill(page, 1)
    page.get_by_role("button", name="Compare with the reference").click()
    before = page.locator(".cc-found").first.inner_text()
    page.get_by_role("button", name="Previous claim").click()
    page.get_by_label(SPEAKERS["press"], exact=True).check()

    assert page.locator(".cc-found").first.inner_text() == before
    assert "Before comparing, who speaks: the inviting State." in (
        page.locator(".cc-known").inner_text()
    )


def test_nothing_coded_is_not_compared_and_says_so(page: Page) -> None:
    page.get_by_role("button", name="Compare with the reference").click()

    page.get_by_text("Code one claim whole first").first.wait_for()
    assert page.locator(".cc-found table").count() == 0


def test_a_reference_below_high_confidence_is_a_reading(page: Page) -> None:
    page.get_by_label("Which claims").select_option("speaker:kazakhstan")
    claims = coding.sample(CASE, "speaker:kazakhstan")
    for _ in range(claims.index("C007")):
        page.get_by_role("button", name="Next claim").click()
    code(page)
    page.get_by_role("button", name="Compare with the reference").click()

    mark = "reference, confidence medium: a reading, not a key"
    assert mark in page.locator(".cc-known").inner_text().lower()
    assert mark in page.locator(".cc-rows").inner_text()
    assert "the same in 0 of 0" in page.locator(".cc-numbers").inner_text()
    assert "Not counted above" in page.locator(".cc-found").first.inner_text()


def test_cannot_be_told_stands_alone(page: Page) -> None:
    box = page.get_by_role("checkbox", name="cannot be told from these words")
    page.get_by_label("stability", exact=True).check()
    box.check()
    assert not page.get_by_label("stability", exact=True).is_checked()
    assert state(page)["codes"][FIRST[0]]["purposes"] == [CANNOT]
    page.get_by_label("stability", exact=True).check()
    assert not box.is_checked()


def test_progress_and_the_list_follow_the_codes(page: Page) -> None:
    fill(page, 2)
    page.get_by_label(SPEAKERS["press"], exact=True).check()

    assert page.locator(".cc-progress").inner_text() == "2 of 8 coded."
    assert page.locator(".cc-list button").all_inner_texts()[2].endswith("(begun)")
    page.locator(".cc-list button").first.click()
    assert focused(page).startswith(FIRST[0])


def test_a_row_that_disagrees_leads_back_to_its_claim(page: Page) -> None:
    fill(page, 2)
    page.get_by_role("button", name="Compare with the reference").click()
    page.locator(".cc-rows button").last.click()

    assert focused(page).startswith(FIRST[1])


def test_undo_goes_back_to_the_claim_and_names_it(page: Page) -> None:
    fill(page, 2)
    page.get_by_role("button", name="Undo").click()

    assert FIRST[1] in page.get_by_role("status").inner_text()
    assert state(page)["codes"][FIRST[1]]["purposes"] == []
    assert page.locator(".cc-claim").inner_text().startswith(FIRST[1])


def test_a_claim_is_cleared_and_comes_back(page: Page) -> None:
    code(page)
    page.get_by_role("button", name="Clear this claim").click()
    assert state(page)["codes"] == {}
    page.get_by_role("button", name="Undo").click()
    assert len(state(page)["codes"]) == 1


def test_original_words_carry_their_language(page: Page) -> None:
    page.locator(".volens-claim-coder select").select_option("all")
    claims = coding.sample(CASE, "all")
    place = claims.index("C109")
    page.evaluate(
        "(n) => { const next = [...document.querySelectorAll('button')]"
        ".find((one) => one.textContent === 'Next claim');"
        " for (let i = 0; i < n; i += 1) next.click(); }",
        place,
    )

    assert page.locator("blockquote [lang=ru]").count() == 1
    assert "Russian" in page.locator(".cc-card").inner_text()


# A second coder


def test_a_pasted_answer_is_compared_and_raw_agreement_shown(page: Page) -> None:
    fill(page, 3)
    paste(page, "coding = " + json.dumps(other().to_data(), indent=4))

    expected = compare_codings(CASE, Coding.from_data(CASE, state(page)), other())
    shown = page.locator(".cc-found").nth(1)
    assert [one.same for one in expected.agreements] == [
        row.inner_text().split("\t")[1] for row in shown.locator(".cc-numbers tr").all()
    ]
    assert shown.locator(".cc-row").count() - len(FIELDS) == len(expected.rows)
    assert shown.locator(".cc-head").count() == len({row.claim for row in expected.rows})
    assert (
        "this number is computed only in the course's notebook"
        in shown.locator(".v-note").inner_text()
    )
    assert page.locator(".cc-found").nth(0).locator("table").count() == 0
    assert state(page)["shown"] == []


def test_a_saved_file_of_a_second_coder_is_compared(page: Page, tmp_path: Path) -> None:
    fill(page, 1)
    (tmp_path / "theirs.json").write_text(json.dumps(other().to_data()), encoding="utf-8")
    page.get_by_text("A second coder", exact=True).click()
    page.get_by_label("The second coder's saved file").set_input_files(tmp_path / "theirs.json")
    page.get_by_role("heading", name="You and the second coder").wait_for()

    assert "of 1" in page.locator(".cc-numbers").inner_text()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nonsense", "it cannot be read"),
        ('{"weighing": {}}', "it is no saved coding"),
        (json.dumps({**Coding(CASE).to_data(), "case": "mali-2013"}), "it belongs to mali-2013"),
        (json.dumps({**Coding(CASE).to_data(), "version": 2}), "a newer version"),
        (json.dumps(Coding(CASE).to_data()), "There is no claim that both have coded."),
        ("", "paste the copied answer"),
    ],
)
def test_what_is_no_second_coding_is_refused_in_words(page: Page, text: str, said: str) -> None:
    code(page)
    paste(page, text)

    assert said in page.locator(".cc-trouble").inner_text()
    assert page.locator(".cc-found table").count() == 0


KERNEL = """async ([script, content, value, computed]) => {
    const blob = new Blob([script], { type: "text/javascript" });
    const module = await import(URL.createObjectURL(blob));
    const all = { content, value, name: "kernel", keeps: false, earlier: {}, sent: 0,
        keeping: { number: 9, note: "" }, second: {}, computed: {} };
    const listeners = {};
    const model = { get: (name) => all[name], save_changes: () => {}, off: () => {},
        on: (name, listener) => (listeners[name] ??= []).push(listener),
        set: (name, next) => {
            all[name] = next;
            (listeners[`change:${name}`] ?? []).forEach((one) => one());
        } };
    const el = document.createElement("div");
    document.querySelector("main").append(el);
    module.default.render({ model, el });
    const rows = () => [...el.querySelectorAll(".cc-numbers tr")];
    const numbers = () => rows().map((row) => row.lastChild.textContent);
    const before = numbers();
    model.set("computed", computed);
    const after = numbers();
    model.set("computed", { reference: { ...computed.reference, counts: [9, 9, 9, 9] } });
    const stale = numbers();
    el.remove();
    return { before, after, stale };
}"""


def test_with_a_kernel_agreement_beyond_chance_is_shown_as_it_comes(
    page: Page, coder: ClaimCoder
) -> None:
    mine = Coding(CASE)
    for claim in FIRST:
        mine = mine.set(claim, Code("inviting-state", "aim", ("stability",)))
    mine = mine.compared()
    seen = compare_codings(CASE, mine, among=mine.shown)
    given = [script("claim_coder.js"), coder.content, mine.to_data(), {"reference": seen.to_data()}]
    found = page.evaluate(KERNEL, given)

    waiting = ["not computed yet: the notebook's kernel does it"] * 3
    assert found["before"] == found["stale"] == waiting
    assert found["after"] == [one.beyond for one in seen.agreements]


# For everybody


def test_at_320_pixels_nothing_sticks_out(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    fill(page, 2)
    page.get_by_role("button", name="Compare with the reference").click()
    paste(page, json.dumps(other().to_data()))
    page.get_by_text("The code book").click()

    assert page.evaluate("document.scrollingElement.scrollWidth") <= 320


def test_every_control_keeps_its_keys_and_is_large_enough(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    fill(page, 2)
    page.get_by_role("button", name="Compare with the reference").click()
    small = page.evaluate(
        """() => [...document.querySelectorAll(
                ".volens :is(button, select, textarea, summary, label)")]
            .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 24
                && !(one.tagName === "LABEL" && !one.querySelector("input")))
            .map((one) => one.textContent)"""
    )
    controls = ".volens :is(button, input, select, textarea, summary)"

    assert small == []
    assert page.locator(f"{controls}:not([data-lm-suppress-shortcuts])").count() == 0


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    fill(page, 3)
    page.get_by_role("button", name="Compare with the reference").click()
    paste(page, json.dumps(other().to_data()))
    page.get_by_text("The code book").click()
    page.get_by_text("What these numbers mean").click()
    page.get_by_role("button", name="Previous claim").click()
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"claim-coder-{width}.png", full_page=True)
    found = Axe().run(page).response["violations"]

    assert [(one["id"], one["impact"], one["nodes"][0]["html"]) for one in found] == []


def test_cautions_stand_with_the_numbers(page: Page) -> None:
    fill(page, 1)
    page.get_by_role("button", name="Compare with the reference").click()

    for line in CAUTIONS:
        assert page.get_by_text(line).count() == 1
    assert page.evaluate(
        "document.querySelector('.cc-numbers')"
        ".compareDocumentPosition(document.querySelector('.cc-about'))"
    ) == (4)  # the result stands first, what it means follows
    assert page.locator(".cc-about").get_attribute("open") is None


def test_coding_is_said_to_be_sorting_before_anything_is_asked(page: Page) -> None:
    page.get_by_text("You do not need to program.").wait_for()

    assert page.locator(".cc-what").inner_text().startswith("To code is to sort a statement")


def test_where_the_reference_differs_it_says_that_it_gives_no_reason(page: Page) -> None:
    page.get_by_label(SPEAKERS["press"], exact=True).check()
    page.get_by_label(BASES["neutral"], exact=True).check()
    page.get_by_label("stability", exact=True).check()
    page.get_by_role("button", name="Compare with the reference").click()
    known = page.locator(".cc-known").inner_text()
    main = coding.main_purpose(CASE, FIRST[0])

    assert known.count(NO_REASON) == 1
    assert f'The reference takes the basis from the main purpose: "{main}" is sorted' in known
    assert f'taken from the main purpose, "{main}"' in page.locator(".cc-rows").inner_text()


def test_where_the_reference_agrees_it_needs_no_reason(page: Page) -> None:
    same = coding.reference(CASE).codes[FIRST[0]]
    page.get_by_label(SPEAKERS[same.speaker], exact=True).check()
    page.get_by_label(BASES[same.basis], exact=True).check()
    for purpose in same.purposes:
        page.get_by_label(coding.purposes()[purpose], exact=True).check()
    page.get_by_role("button", name="Compare with the reference").click()

    assert page.get_by_text(NO_REASON).count() == 0


def test_the_rows_of_a_claim_stand_under_one_button(page: Page) -> None:
    page.get_by_label(SPEAKERS["press"], exact=True).check()
    page.get_by_label(BASES["neutral"], exact=True).check()
    page.get_by_label("stability", exact=True).check()
    page.get_by_role("button", name="Compare with the reference").click()

    assert page.locator(".cc-rows .cc-row").count() == 3
    assert page.locator(".cc-rows button").count() == 1


@pytest.mark.parametrize("width", [1280, 360])
def test_the_next_claim_comes_into_view_with_its_heading(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    page.get_by_role("button", name="Next claim").click()
    heading = page.locator(".cc-claim")

    assert focused(page).startswith(FIRST[1])
    assert 0 <= heading.evaluate("one => one.getBoundingClientRect().top") < 350
    assert page.locator(".cc-at").evaluate("one => one.getBoundingClientRect().top") >= 0


def test_on_a_phone_the_words_of_the_claim_stay_in_sight_while_ticking(page: Page) -> None:
    sight = page.locator(".cc-sight")
    assert sight.is_hidden()
    page.set_viewport_size({"width": 360, "height": 700})
    page.locator(".cc-group input").last.scroll_into_view_if_needed()
    box = sight.bounding_box()

    assert box
    assert (box["y"], box["height"] < 140) == (0, True)
    assert sight.inner_text().startswith(FIRST[0])


# The same words as in Python

TEXTS = (
    "",
    " ",
    "\n\n",
    "# Heading\n- and <b>more</b>",
    "It\u00a0is.\tSo",
    "\u00e9\u4e2d\U0001f600",
)


def random_coding(chance: random.Random) -> Coding:
    found = Coding(CASE)
    for claim in chance.sample(list(coding.claims(CASE))[:30], chance.randrange(12)):
        purposes = chance.sample(CODES, chance.randrange(4)) or chance.choice([[], [CANNOT]])
        entry = Code(
            chance.choice(["", *SPEAKERS]),
            chance.choice(["", *BASES]),
            tuple(purposes),
            chance.choice(TEXTS),
        )
        found = found.set(claim, entry)
    return found


IN_THE_BROWSER = """async ([script, content, cases]) => {
    const blob = new Blob([script], { type: "text/javascript" });
    const coder = await import(URL.createObjectURL(blob));
    return cases.map(([value, changed, second, computed]) => ({
        sound: coder.sound(content, value),
        compared: coder.afterComparing(content, value),
        withSecond: coder.afterComparing(content, value, second.first),
        rows: coder.comparison(content, changed).rows.length,
        memo: coder.memo(content, changed, second, computed),
    }));
}"""


def test_memo_and_comparison_are_those_of_python(page: Page, coder: ClaimCoder) -> None:
    seed = random.randrange(10**6)  # noqa: S311 (a test's choice)
    print(f"seed {seed}")  # noqa: T201
    chance = random.Random(seed)  # noqa: S311
    made = []
    for _ in range(30):
        mine, theirs = random_coding(chance), random_coding(chance).compared()
        changed = mine.compared()
        for claim, entry in random_coding(chance).codes.items():
            changed = changed.set(claim, entry)
        made.append((mine, changed, theirs))
    given = []
    for mine, changed, theirs in made:
        seen = compare_codings(CASE, changed, among=changed.shown).to_data()
        second = compare_codings(CASE, changed, theirs, among=changed.first).to_data()
        computed = {"reference": seen, "second": second}
        given.append([mine.to_data(), changed.to_data(), theirs.to_data(), computed])
    found = page.evaluate(IN_THE_BROWSER, [script("claim_coder.js"), coder.content, given])

    for (mine, changed, theirs), here in zip(made, found, strict=True):
        assert here["sound"] == {"value": mine.to_data(), "lost": 0}
        assert here["compared"] == mine.compared().to_data()
        assert here["withSecond"] == mine.compared(theirs).to_data()
        assert here["rows"] == len(compare_codings(CASE, changed, among=changed.shown).rows)
        assert here["memo"] == memo(changed, theirs)


DAMAGED = {
    "sample": "some",
    "codes": {
        "C001": {"speaker": "me", "basis": "aim", "purposes": ["stability", "P07"], "note": 3},
        "C999": {"speaker": "press"},
        "C002": "text",
    },
    "first": {"C001": {"speaker": "press"}},
    "shown": ["C001"],
}


def test_what_the_coder_does_not_know_is_left_out_and_counted(
    page: Page, coder: ClaimCoder
) -> None:
    value = {**Coding(CASE).to_data(), **DAMAGED}
    given = [script("claim_coder.js"), coder.content, value]
    found = page.evaluate(
        """async ([script, content, value]) => {
            const blob = new Blob([script], { type: "text/javascript" });
            return (await import(URL.createObjectURL(blob))).sound(content, value);
        }""",
        given,
    )

    assert found["lost"] == 7
    assert Coding.from_data(CASE, found["value"]).codes == {
        "C001": Code("", "aim", ("stability",), "")
    }
    assert Coding.from_data(CASE, found["value"]).to_data() == found["value"]
