"""Lesson 0 as a student meets it."""

from playwright.sync_api import Locator, Page


def said(place: Locator) -> str:
    """What stands there, also where JupyterLab does not draw it yet."""
    return " ".join((place.text_content() or "").split())


def card(lesson: Page, heading: str) -> Locator:
    return lesson.locator(".jp-OutputArea li", has_text=heading).first


def test_the_page_opens_at_the_lesson(lesson: Page) -> None:
    assert said(lesson.locator("h1").first).startswith("0. How do I use this course?")


def test_no_cell_shows_an_error(lesson: Page) -> None:
    assert lesson.locator("[data-mime-type$=stderr], [data-mime-type$=error]").count() == 0
    assert lesson.get_by_text("Traceback").count() == 0


def test_cards_are_shown_with_their_sources(lesson: Page) -> None:
    found = card(lesson, "T036: 2022-01-05")

    assert "Other versions: 5 January by Minsk" in said(found)
    assert said(found.locator("summary")) == "4 sources for T036"


def test_sources_open_with_the_keyboard(lesson: Page) -> None:
    details = card(lesson, "T036: 2022-01-05").locator("details")
    details.locator("summary").scroll_into_view_if_needed()
    details.locator("summary").focus()
    lesson.keyboard.press("Enter")

    assert details.get_attribute("open") is not None
    assert (details.locator("a").first.get_attribute("href") or "").startswith("https://")


def test_the_picture_keeps_its_alternative(lesson: Page) -> None:
    picture = lesson.locator("figure img")

    assert "Withdrawn later: 164." in (picture.get_attribute("alt") or "")
    assert lesson.locator("figure figcaption").count() == 1


def test_an_option_of_check_yourself_opens_and_answers(lesson: Page) -> None:
    option = lesson.locator(".jp-MarkdownOutput details", has_text="That the President said so.")
    option.locator("summary", has_text="That the President said so.").click()

    assert option.get_attribute("open") is not None
    assert "That is a claim with a speaker" in said(option)


def test_code_is_folded_away_but_for_the_answer(lesson: Page) -> None:
    folded = lesson.locator(".jp-CodeCell .jp-InputPlaceholder").count()

    assert folded == lesson.locator(".jp-CodeCell").count() - 1


def test_an_incomplete_practice_answer_is_explained(lesson: Page) -> None:
    assert lesson.get_by_text("`place` has no answer yet for: T045, T094.").count() == 1
    assert lesson.get_by_text("1 of 3 right: 1 of 3 points.").count() == 1


def test_a_check_after_a_red_cell_says_that_it_read_an_older_answer(lesson: Page) -> None:
    lesson.locator(".jp-CodeCell", has_text="place = {").locator(".cm-content").click()
    lesson.keyboard.press("Control+End")
    lesson.keyboard.type('"')
    lesson.keyboard.press("Shift+Enter")
    lesson.get_by_text("unterminated string literal").first.wait_for(state="attached")
    lesson.keyboard.press("Shift+Enter")

    lesson.get_by_text("The cell that ran before this one ended in red.").wait_for(
        state="attached", timeout=20_000
    )
