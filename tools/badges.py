"""Write the badges of the README from ``[project.urls]`` in ``pyproject.toml``.

A badge needs the public address of the repository. As long as ``[project.urls]``
does not name one, there are none: a badge that leads nowhere is a broken promise.
"""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
FIRST_LESSON = "lessons/00-start-here.ipynb"
PLACE = re.compile(r"(?<=<!-- badges -->\n).*?(?=<!-- end of badges -->)", re.DOTALL)
ON_GITHUB = re.compile(r"https://github\.com/(?P<repository>[\w.-]+/[\w.-]+?)(?:\.git)?/?")


def badges(urls: Mapping[str, str]) -> str:
    """Return the badges as Markdown, one a line; empty where there are none.

    Parameters
    ----------
    urls
        ``[project.urls]``; the name ``Repository`` counts.
    """
    found = ON_GITHUB.fullmatch(urls.get("Repository", ""))
    if found is None:
        return ""
    repository = found["repository"]
    workflow = f"https://github.com/{repository}/actions/workflows/ci.yml"
    binder = f"https://mybinder.org/v2/gh/{repository}/HEAD?urlpath=lab/tree/{FIRST_LESSON}"
    return (
        f"[![Whether every check passes]({workflow}/badge.svg)]({workflow})\n"
        f"[![Open lesson 0 on Binder](https://mybinder.org/badge_logo.svg)]({binder})\n"
    )


def project_urls(checkout: Path = CHECKOUT) -> dict[str, str]:
    """Return ``[project.urls]``; empty where there is none."""
    project = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return dict(project.get("urls", {}))


def with_badges(readme: str, urls: Mapping[str, str]) -> str:
    """Return the README with the badges in their place."""
    return PLACE.sub(lambda _: badges(urls), readme)


def main() -> None:
    """Write the badges into the README."""
    readme = CHECKOUT / "README.md"
    readme.write_text(
        with_badges(readme.read_text(encoding="utf-8"), project_urls()), encoding="utf-8"
    )


if __name__ == "__main__":
    main()
