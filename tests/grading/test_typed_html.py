"""HTML from what somebody typed: nothing in it runs, loads or leads astray."""

import base64
from collections.abc import Mapping

import pytest

from volens.grading.formgrader import markdown
from volens.grading.typed_html import rendered, safe

DOTS = base64.b64encode(b"dots").decode()


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<a href="java&#115;cript:x">y</a>', "<a>y</a>"),
        ('<a href="data:text/html,x">y</a>', "<a>y</a>"),
        ('<a href="//example.org">y</a>', "<a>y</a>"),
        ('<img src="https://example.org/x.png" alt="z">', '<img alt="z">'),
        ('<img src="data:text/html;base64,AAAA" alt="z">', '<img alt="z">'),
        ('<img src="data:image/png;base64,AAAA">', '<img src="data:image/png;base64,AAAA">'),
        ('<svg><script>x</script></svg><p style="top:0">y</p>', "<p>y</p>"),
        ("<style>p {}</style><p>y</p>", "<p>y</p>"),
    ],
)
def test_html_is_made_safe(html: str, expected: str) -> None:
    assert safe(html) == expected


def shown(source: str, attachments: object) -> str:
    return safe(rendered(source, escape_html=True, attachments=attachments))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("address", "attachments"),
    [
        ("image.png", {"image.png": {"image/png": DOTS}}),
        ("image.png", {"image.png": {"image/png": [DOTS[:4], DOTS[4:]]}}),
        ("my%20map.png", {"my map.png": {"image/png": DOTS}}),
    ],
)
def test_a_picture_that_was_pasted_is_shown(
    address: str, attachments: Mapping[str, object]
) -> None:
    page = shown(f"See ![the map](attachment:{address}).", attachments)

    assert f'<img src="data:image/png;base64,{DOTS}" alt="the map">' in page


@pytest.mark.parametrize(
    "attachments",
    [
        None,
        [],
        {"image.png": None},
        {"image.png": {"image/png": 1}},
        {"image.png": {"image/svg+xml": DOTS}},
        {"image.png": {"text/html": DOTS}},
        {"image.png": {"image/png": '" onerror="go()'}},
        {"image.png": {"image/png": "A" * 4_000_001}},
    ],
)
def test_what_is_no_picture_leaves_its_words(attachments: object) -> None:
    assert '<img alt="the map">' in shown("![the map](attachment:image.png)", attachments)


def test_a_picture_shown_many_times_does_not_make_a_page_without_end() -> None:
    attachments = {"image.png": {"image/png": "A" * 1_000_000}}
    page = shown("![the map](attachment:image.png)\n" * 500, attachments)

    assert page.count('alt="the map"') == 500
    assert page.count("src=") == 4


def test_whoever_marks_sees_the_picture_too() -> None:
    cell = {"attachments": {"image.png": {"image/png": DOTS}}}

    assert f"base64,{DOTS}" in markdown({"cell": cell}, "![the map](attachment:image.png)")
