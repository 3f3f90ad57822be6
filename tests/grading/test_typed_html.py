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
        ("<STYLE>p {}</Style ><script>a</style>b</script>y", "y"),
        ("<script>a<p>b</p><style>c</style>", "a<p>b</p>"),
        ("<style>a<script></style>b</script>", "b"),
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


# Nothing takes long

#: Each of these needs hours, or makes hundreds of times as much.
TANGLED = {
    "formatting opened again in each paragraph": "<p>"
    + "".join(f"<b x={number}>" for number in range(190))
    + "</p><p>x" * 2_200,
    "formatting that nothing closes": "".join(f"<b x={number}></x>y" for number in range(2_000)),
    "closings that a table keeps out": "".join(
        f"<b x={number}><table></b></table>" for number in range(1_000)
    ),
    "links across paragraphs": "<a><p>" * 20_000,
    "formatting across paragraphs": "<b><i><u><s><p></b></i></u></s>x</p>" * 5_000,
    "a link that is opened again": f"<a href='http://{'x' * 9_000}'>" + "</p><p>x" * 5_000,
    "attributes": f"<p {' '.join(f'a{number}' for number in range(40_000))}>",
    "the same attribute": f"<p{' a' * 100_000}>",
    "what does not belong into a table": "<table>" + "<br>" * 60_000,
    "tags in tags": "<nottag " * 30_000 + ">",
    "many beside one another": "<p>y</p>" * 40_000,
    "one name of a tag": "<" + "a" * 400_000,
    "characters that are none": "\x01" * 400_000,
    "the name of a character": "&#" + "1" * 400_000,
    "a number in a link": f"<a href='http://&#{'1' * 5_000};'>y</a>",
    "ampersands": "&" * 400_000,
    "deep": "<div>" * 30_000,
    "a long page": "<p>yes</p>" * 100_000,
}


@pytest.mark.parametrize("quote", [False, True])
@pytest.mark.parametrize("html", TANGLED.values(), ids=TANGLED)
def test_what_would_take_for_ever_is_shown_as_it_was_typed(html: str, *, quote: bool) -> None:
    page = safe(html, quote=quote)

    assert page.startswith(f"<pre>{html[:1].replace('&', '&amp;').replace('<', '&lt;')}")
    assert "(This is shown as it was typed." in page
    assert len(page) < 150_000


def test_the_name_of_a_character_that_grows_together_is_seen() -> None:
    html = "&#" + f"{'1' * 200}<x>" * 1_000

    assert "(This is shown as it was typed." in safe(html)


@pytest.mark.parametrize(
    ("html", "note"),
    [
        ("<div>" * 300, "(This is shown as it was typed.)"),
        ("<div>" * 9_000, "(This is shown as it was typed. It has 45,000 characters in all.)"),
    ],
)
def test_it_is_said_what_is_left_out(html: str, note: str) -> None:
    assert safe(html).endswith(f"<p>{note}</p>")


@pytest.mark.parametrize(
    "html", ["<script></a>", "<style></a>", "<script><style></a>", "<script></script", "</script "]
)
def test_scripts_without_an_end_are_looked_for_once(html: str) -> None:
    # Looked for again from each, this would take minutes.
    assert "<script" not in safe(html * (400_000 // len(html)))


def test_thousands_of_scripts_are_left_out() -> None:
    assert safe("<script>a</script>y<style>b</style>" * 20_000) == "y" * 20_000


def table(rows: int) -> str:
    cells = "".join(f"<td>{number}</td>" for number in range(8))
    return f"<table><tbody>{f'<tr>{cells}</tr>' * rows}</tbody></table>"


@pytest.mark.parametrize(
    "html",
    [
        table(4_000),
        "<p>" + "One line of it, and another.<br>" * 5_000 + "</p>",
        "<p>A <strong>word</strong> and <em>more</em>.</p>" * 2_000,
        '<span class="n">name</span><span class="o">=</span>' * 2_000,
        "<p>Tom &amp; others, &lt;here&gt;</p>" * 2_000,
        f'<p><img alt="a map" src="data:image/png;base64,{"A" * 3_000_000}"></p>',
        "<div>" * 150 + "deep" + "</div>" * 150,
        "<ul>" + "<li>One, <b>two</b>" * 2_000 + "</ul>",
    ],
    ids=["table", "lines", "paragraphs", "code", "entities", "picture", "deep", "list"],
)
def test_a_long_honest_page_is_shown(html: str) -> None:
    assert "shown as it was typed" not in safe(html)


def test_formulas_without_an_end_are_shown_as_they_were_typed() -> None:
    for opening in ("\\\\(", "\\\\[", "\\begin{a}"):
        text = (opening + " ") * 2_000
        assert rendered(text, escape_html=True) == f"<pre>{text}</pre>"


def test_a_text_full_of_formulas_is_shown() -> None:
    text = "Where \\\\(a\\\\) is, $b$ is.\n\n" * 190

    assert rendered(text, escape_html=True).count("<p>") == 190
