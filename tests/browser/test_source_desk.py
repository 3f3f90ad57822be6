"""The source desk on a page of its own: keyboard, phone, honest trace, same words as Python."""

import ast
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import visited
from tests.checkout import ROOT
from volens.accounts import SORTS, WHOLE, Classing, Desk, dossiers, remark
from volens.widgets.source_desk import SourceDesk, source_desk
from volens.wording import word_count

CASE = "kazakhstan-2022"
PICTURES = ROOT / "build" / "pictures"
REASON = (
    "JAMnews and the Russian text both have interference, and only this account prints the word "
    "aggression here"
)
CORRECTION = "The chairman spoke of interference from outside"
COMPARE = "Compare with the record"
ITEMS = [item for one in dossiers(CASE) for item in one.items]


@pytest.fixture(name="file", scope="module")
def _file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("desk")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        (folder / "desk.html").write_text(source_desk(CASE).to_page(), encoding="utf-8")
    return folder / "desk.html"


@pytest.fixture(name="tab", scope="module")
def _tab(chromium: Browser, file: Path) -> Iterator[Page]:
    """One tab for the whole module; errors on its page fail the last test."""
    with visited(chromium, file) as page:
        yield page


@pytest.fixture(name="page")
def _page(tab: Page) -> Page:
    """The desk, untouched, with nothing kept."""
    tab.set_viewport_size({"width": 1280, "height": 900})
    tab.evaluate("localStorage.clear()")
    tab.reload()
    tab.wait_for_selector(".volens")
    return tab


def class_the_noun(page: Page, name: str = "contradicted", reason: str = REASON) -> None:
    """Class the first statement: the noun in Hasar's account."""
    page.get_by_role("radio", name=f"{name}: ").check()
    page.get_by_label("Your reason").fill(reason)


def state(page: Page) -> dict[str, Any]:
    """What the answer as text says."""
    field = page.get_by_label("For the answer cell")
    if not field.is_visible():
        page.get_by_text("The answer as text").click()
    expect(field).not_to_have_value("")
    return ast.literal_eval(field.input_value().removeprefix("source_desk = "))["entries"]  # type: ignore[no-any-return]


def tab_to(page: Page, found: str) -> None:
    """Press Tab until a control has the focus whose name or text begins so."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED).startswith(found):
            return
    pytest.fail(f"Tab does not reach {found}")


FOCUSED = """(() => {
    const one = document.activeElement;
    return (one.labels?.length ? one.labels[0].textContent : one.textContent).trim();
})()"""


def test_a_statement_is_classed_compared_and_revised_with_the_keyboard_alone(page: Page) -> None:
    tab_to(page, "F049 Hasar (Opinio Juris): Statement")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Hasar (Opinio Juris) says")).to_be_focused()
    tab_to(page, "borne out")
    page.keyboard.press("Space")
    tab_to(page, "reported words")
    page.keyboard.press("Space")
    tab_to(page, "Your reason")
    page.keyboard.type(REASON)
    tab_to(page, COMPARE)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Beside the record")).to_be_focused()
    for _ in range(4):
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowDown")

    first = {"class": "corroborated", "sort": "quotation-phrase", "reason": REASON}
    assert state(page) == {
        "Q01|F049": {**first, "class": "contradicted", "first": first, "seen": 0},
    }


def test_the_row_that_lessons_cite_stands_small_beside_each_statement(page: Page) -> None:
    shown = [one.split(" ")[0] for one in page.locator(".sd-items button").all_inner_texts()]
    items = [one.id for one in dossiers(CASE)[0].items]

    assert shown[:-1] == items[:-1]
    assert "whole" not in " ".join(shown)


def test_the_boxes_beside_the_record_hold_their_text_under_the_styles_of_jupyterlab(
    page: Page,
) -> None:
    """JupyterLab floats the parts of a list of terms, which would leave their boxes empty."""
    class_the_noun(page)
    page.get_by_role("button", name=COMPARE).click()
    page.evaluate(AS_IN_JUPYTERLAB)
    heights = page.locator(".sd-trace > div").evaluate_all(
        "(all) => all.map((one) => [one.clientHeight, one.lastChild.offsetHeight])"
    )

    assert len(heights) == 2
    assert all(box > text for box, text in heights)


#: What JupyterLab says of lists of terms in the output of a cell.
AS_IN_JUPYTERLAB = """() => {
    const style = document.createElement("style");
    style.textContent = `
        .jp-OutputArea-output :is(dl, dt, dd) { display: block; padding: 0; margin: 0; }
        .jp-OutputArea-output dl { width: 100%; overflow: hidden; }
        .jp-OutputArea-output dt { float: left; width: 20%; }
        .jp-OutputArea-output dd { float: left; width: 80%; }`;
    document.head.append(style);
    document.querySelector(".volens").parentElement.classList.add("jp-OutputArea-output");
}"""


def test_the_record_is_not_on_the_screen_before_it_is_compared(page: Page) -> None:
    class_the_noun(page)
    assert CORRECTION not in page.inner_text("main")
    assert page.locator("main").evaluate(f"one => !one.textContent.includes('{CORRECTION}')")
    page.get_by_role("button", name=COMPARE).click()

    assert CORRECTION in page.inner_text("main")
    assert 'You and the record agree: "contradicted".' in page.inner_text("main")


def test_comparing_waits_for_a_class_and_fifteen_words_and_says_so(page: Page) -> None:
    compare = page.get_by_role("button", name=COMPARE)
    assert compare.get_attribute("aria-disabled") == "true"
    expect(compare).to_have_accessible_description(
        "Before you can compare: choose how it stands and write 15 more words of reason."
    )
    class_the_noun(page, reason=" ".join(["because"] * 14))
    expect(compare).to_have_accessible_description(
        "Before you can compare: write 1 more word of reason."
    )
    compare.click(force=True)
    expect(page.get_by_role("status")).to_have_text(
        "Before you can compare: write 1 more word of reason."
    )
    assert "first" not in state(page)["Q01|F049"]
    page.get_by_text("14 of at least 15 words.").wait_for()


def test_the_first_classing_stays_beside_the_revised(page: Page) -> None:
    class_the_noun(page, "borne out")
    page.get_by_role("button", name=COMPARE).click()
    assert 'The record says "contradicted", and you say "borne out".' in page.inner_text("main")
    class_the_noun(page, "contradicted", f"{REASON}, as I see now")

    assert page.locator(".sd-trace dt").all_inner_texts() == [
        "Your first judgement",
        "Your judgement now",
        "The record",
    ]
    assert state(page)["Q01|F049"]["first"]["class"] == "corroborated"


def test_where_the_record_is_not_firm_it_is_called_a_reading(page: Page) -> None:
    page.get_by_label("Dossier", exact=True).select_option(value="Q06")
    page.get_by_role("button", name="The dossier as a whole").click()
    class_the_noun(page, "settled")
    page.get_by_role("button", name=COMPARE).click()

    assert page.locator(".sd-remark").inner_text() == (
        "The record has a reading here, but no right answer (confidence: medium). "
        'It reads it as "open", and you as "settled": say in your reason what yours rests on.'
    )
    assert page.locator(".sd-trace dt").last.inner_text() == "The record's reading"


def test_the_words_in_other_languages_say_their_language(page: Page) -> None:
    russian = page.locator(".sd-original span")

    assert russian.inner_text() == "вмешательство извне"
    assert russian.get_attribute("lang") == "ru"
    assert page.locator(".sd-words i[lang=fr]").all_inner_texts() == ["ingérence", "ingérence"]
    assert page.locator(".sd-term").inner_text().startswith("Translation note.")


def test_each_account_says_its_kind_and_how_far_it_was_read(page: Page) -> None:
    account = page.get_by_role("article", name="AFP in French (20 minutes)")

    assert account.locator(".sd-badges .v-badge").all_inner_texts() == [
        "of 6 January 2022",
        "press",
        "own text read: in part",
    ]
    assert "Read in French; the English is ours." in account.inner_text()


def test_a_source_says_its_own_date_and_which_part_of_it_was_read(page: Page) -> None:
    account = page.get_by_role("article", name="AFP in French (20 minutes)")
    first = page.get_by_role("article", name="Hasar (Opinio Juris)")
    account.locator("summary").click()

    assert account.locator(".sd-where .v-badge").all_inner_texts()[1] == "own text read: in part"
    assert "Read: opening of the stored page." in account.locator(".sd-where").inner_text()
    assert first.locator(".v-badge").first.inner_text() == "of 6 January 2022"
    assert first.locator("summary").inner_text() == (
        "Where it was read: a source of 7 February 2022"
    )


def test_where_it_was_read_is_not_written_smaller_than_nine_tenths(page: Page) -> None:
    page.locator(".sd-where summary").first.click()
    sizes = page.locator(".sd-where").first.evaluate(
        """one => [one, ...one.querySelectorAll("*")]
            .map((node) => parseFloat(getComputedStyle(node).fontSize))"""
    )
    body = page.locator(".volens").evaluate("one => parseFloat(getComputedStyle(one).fontSize)")

    assert min(sizes) >= 0.9 * body


def test_what_the_record_is_stands_once_above_the_accounts(page: Page) -> None:
    assert page.get_by_text("The record: what this course's tables hold").count() == 1


def test_after_the_last_statement_the_next_dossier_follows(page: Page) -> None:
    page.get_by_role("button", name="Next statement").click()
    expect(page.get_by_role("heading", name="Rowles (Trenchant Observer) says")).to_be_focused()
    page.get_by_role("button", name="The dossier as a whole").click()
    page.locator(".sd-form").get_by_role("button", name="Next dossier").click()

    assert page.locator(".sd-title").inner_text().startswith("Which legal basis")
    page.get_by_label("Dossier", exact=True).select_option(index=len(dossiers(CASE)) - 1)
    page.get_by_role("button", name="The dossier as a whole").click()
    assert page.locator(".sd-form").get_by_role("button", name="Next").count() == 0


def test_the_comparison_comes_into_view(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 700})
    class_the_noun(page)
    page.get_by_role("button", name=COMPARE).click()

    heading = page.get_by_role("heading", name="Beside the record")
    assert 0 <= heading.evaluate("one => one.getBoundingClientRect().top") < 100


def test_one_dossier_follows_another_and_progress_is_told(page: Page) -> None:
    class_the_noun(page)
    page.get_by_role("button", name="Next dossier").click()

    assert page.evaluate("document.activeElement.textContent").startswith("Which legal basis")
    expect(page.locator(".sd-progress")).to_have_text(
        "Dossier 2 of 56. In this dossier: 0 of 5 judged, 0 compared. Dossiers begun: 1 of 56."
    )
    assert "(1 of 5 judged)" in page.locator("option").first.inner_text()


def test_undo_shows_what_was_undone_and_start_again_empties_the_desk(page: Page) -> None:
    class_the_noun(page)
    page.get_by_role("button", name="Next dossier").click()
    page.get_by_role("button", name="Undo").click()

    assert page.get_by_label("Your reason").input_value() == ""
    assert page.locator(".sd-title").inner_text().startswith("Aggression, interference")
    page.get_by_role("button", name="Start again").click()
    assert state(page) == {}


def test_typing_keeps_the_focus_and_taking_all_words_back_leaves_no_entry(page: Page) -> None:
    field = page.get_by_label("Your reason")
    field.press_sequentially("why")
    expect(field).to_be_focused()
    assert state(page)["Q01|F049"] == {"class": "", "sort": "", "reason": "why"}
    field.fill("")
    assert state(page) == {}


def test_every_control_keeps_its_keys_to_itself(page: Page) -> None:
    controls = ".volens :is(button, input, select, textarea, summary)"

    assert page.locator(f"{controls}:not([data-lm-suppress-shortcuts])").count() == 0


def test_at_320_pixels_accounts_stand_below_each_other_and_nothing_sticks_out(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    lefts = page.locator(".sd-account").evaluate_all("all => all.map((one) => one.offsetLeft)")
    assert len(set(lefts)) == 1
    for place in ("Q12", "Q50", "Q01"):
        page.get_by_label("Dossier", exact=True).select_option(value=place)
        assert page.evaluate("document.scrollingElement.scrollWidth") <= 320
    class_the_noun(page)
    page.get_by_role("button", name=COMPARE).click()
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 320
    for control in page.locator(".volens :is(button, select, textarea, summary)").all():
        box = control.bounding_box()
        if box and control.is_visible():
            assert box["height"] >= 24, control.inner_text()


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    class_the_noun(page, "borne out")
    page.get_by_role("button", name=COMPARE).click()
    class_the_noun(page)
    page.locator(".sd-where summary").first.click()
    found = Axe().run(page).response["violations"]

    assert [(one["id"], one["impact"], len(one["nodes"])) for one in found] == []


def test_pictures_are_taken_for_people_to_look_at(page: Page) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    class_the_noun(page, "borne out")
    page.get_by_role("button", name=COMPARE).click()
    class_the_noun(page)
    page.screenshot(path=PICTURES / "source-desk-1280.png", full_page=True)
    page.set_viewport_size({"width": 320, "height": 900})
    page.screenshot(path=PICTURES / "source-desk-320.png", full_page=True)

    assert (PICTURES / "source-desk-1280.png").stat().st_size > 10_000


# The same words as in Python

TEXTS = (
    "",
    " ",
    "\n\n",
    "# Heading\n- and <b>more</b>",
    "Because.",
    'He said "no".\nAnd left',
    "\u00a0",
    "\u00e9\u4e2d\U0001f600",
    REASON,
)


def random_desk(chance: random.Random) -> Desk:
    desk = Desk(CASE)
    for item in chance.sample(ITEMS, chance.randrange(12)):
        sorts = [""] if item.id == WHOLE else ["", *SORTS]

        def classing(first: Classing | None = None, item=item, sorts=sorts) -> Classing:  # type: ignore[no-untyped-def] # noqa: ANN001
            chosen = chance.choice(["", *item.choices])
            seen = chance.randrange(4) if first else 0
            return Classing(chosen, chance.choice(sorts), chance.choice(TEXTS), first, seen)

        desk = desk.set(item.place, classing(classing() if chance.random() > 1 / 2 else None))
    return desk


def test_memo_and_entries_are_those_of_python(page: Page) -> None:
    seed = random.randrange(10**6)  # noqa: S311 (a test's choice)
    print(f"seed {seed}")  # noqa: T201
    chance = random.Random(seed)  # noqa: S311
    all_desks = [random_desk(chance) for _ in range(40)]
    found = page.evaluate(
        IN_THE_BROWSER, [SourceDesk._esm, content(), [desk.to_data() for desk in all_desks]]
    )

    for desk, (memo, sound, lost) in zip(all_desks, found, strict=True):
        assert memo == desk.to_memo()
        assert sound == desk.to_data()
        assert lost == 0


def test_every_remark_is_that_of_python(page: Page) -> None:
    found = page.evaluate(REMARKS, [SourceDesk._esm, content()])

    assert found == [[remark(item, choice) for choice in (*item.choices, "")] for item in ITEMS]


def test_words_are_counted_as_python_counts_them(page: Page) -> None:
    found = page.evaluate(WORD_COUNTS, [SourceDesk._esm, list(TEXTS)])

    assert found == [word_count(text) for text in TEXTS]


def test_comparing_keeps_the_same_trace_as_python(page: Page) -> None:
    desk = Desk(CASE)
    for place in ("Q01|F049", "Q01|F245", "Q01|whole"):
        choice = "open" if place.endswith(WHOLE) else "opinion"
        desk = desk.set(place, Classing(choice, "", REASON))
    places = ["Q01|F245", "Q01|whole", "Q01|F049"]
    found = page.evaluate(COMPARED, [SourceDesk._esm, content(), desk.to_data(), places])
    for place in places:
        desk = desk.compare(place)

    assert found == desk.to_data()


def test_what_the_desk_does_not_know_is_left_out_and_counted(page: Page) -> None:
    entries = {
        "Q01|F049": {"class": "wrong", "sort": 3, "reason": "kept", "first": "no"},
        "Q99|F001": {"class": "opinion"},
        "Q01|whole": "nothing",
    }
    [(_, sound, lost)] = page.evaluate(
        IN_THE_BROWSER, [SourceDesk._esm, content(), [{**Desk(CASE).to_data(), "entries": entries}]]
    )

    assert lost == 2
    assert sound["entries"]["Q01|F049"]["reason"] == "kept"
    assert sound["entries"]["Q01|F049"]["class"] == ""


def content() -> dict[str, Any]:
    return dict(source_desk(CASE, {}).content)


IMPORTED = """
    const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    const desk = await import(address);
"""
IN_THE_BROWSER = f"""async ([script, content, values]) => {{{IMPORTED}
    return values.map((value) => {{
        const sound = desk.sound(content, value);
        return [desk.memo(content, sound.value), sound.value, sound.lost];
    }});
}}"""
REMARKS = f"""async ([script, content]) => {{{IMPORTED}
    return desk.everything(content).map(({{ item }}) =>
        [...(item.id === "whole" ? content.settled : content.statuses), {{ id: "" }}]
            .map((choice) => desk.remark(content, item, choice.id)));
}}"""
WORD_COUNTS = f"""async ([script, texts]) => {{{IMPORTED}
    return texts.map(desk.wordCount);
}}"""
COMPARED = f"""async ([script, content, value, places]) => {{{IMPORTED}
    return places.reduce((now, place) => desk.compared(content, now, place), value);
}}"""
