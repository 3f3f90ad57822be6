"""The README's badges."""

import pytest
from badges import FIRST_LESSON, badges, project_urls, with_badges

from tests.checkout import ROOT


def test_the_readme_has_the_badges_of_pyproject() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert "<!-- badges -->\n" in readme
    assert readme == with_badges(readme, project_urls())


@pytest.mark.parametrize("end", ["", "/", ".git"])
def test_a_repository_gets_the_badge_of_its_own_checks(end: str) -> None:
    made = badges({"Repository": f"https://github.com/somebody/volens{end}"})

    assert "https://github.com/somebody/volens/actions/workflows/ci.yml/badge.svg" in made


def test_a_repository_gets_the_badge_that_opens_the_first_lesson_on_binder() -> None:
    made = badges({"Repository": "https://github.com/somebody/volens"})

    assert (ROOT / FIRST_LESSON).is_file()
    assert f"(https://mybinder.org/v2/gh/somebody/volens/HEAD?urlpath=lab/tree/{FIRST_LESSON})" in (
        made
    )


@pytest.mark.parametrize("urls", [{}, {"Homepage": "https://example.org"}])
def test_without_a_repository_there_are_no_badges(urls: dict[str, str]) -> None:
    assert badges(urls) == ""


def test_badges_replace_what_stood_in_their_place() -> None:
    readme = "# V\n<!-- badges -->\nold\n<!-- end of badges -->\nrest"

    assert with_badges(readme, {}) == "# V\n<!-- badges -->\n<!-- end of badges -->\nrest"
