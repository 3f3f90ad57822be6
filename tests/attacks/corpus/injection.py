"""Scripts and styles for whoever reads a page: the student's feedback, or formgrader.

Each bears the run's mark, by which it is found where a browser would act on it.
"""

from tests.attacks.attack import Attack, Submission, at_end, first, in_place_of

__all__ = ["ATTACKS", "HOSTILE"]

FAMILY = "injection"

_JUDGED = ("gates-test", "counts-test", "may-enter-test")

HOSTILE = """\
<script>alert("@token@")</script><SCRIPT SRC="https://example.org/@token@.js"></SCRIPT>
<img src=x onerror="alert('@token@')">
<svg onload="alert('@token@')"><script>'@token@'</script></svg>
<iframe srcdoc="<script>alert('@token@')</script>"></iframe><body onload="'@token@'">
<meta http-equiv="refresh" content="0; url=https://example.org/@token@">
<base href="https://example.org/@token@/"><link rel="stylesheet" href="https://example.org/@token@">
<style>body { background: url(https://example.org/@token@) }</style>
<object data="https://example.org/@token@"></object><embed src="https://example.org/@token@">
<form action="https://example.org/@token@"><input onfocus="'@token@'" autofocus></form>
<a href="javascript:alert('@token@')">here</a><a href=" java&#10;script:'@token@'">there</a>
<a href="data:text/html,<script>'@token@'</script>">and there</a>
<math><mtext><style><img src=x onerror="'@token@'"></style></mtext></math>
<div style="position:fixed;inset:0;background:url(https://example.org/@token@)">over all</div>
<details open ontoggle="alert('@token@')"><summary>@token@</summary></details>
<noscript><p title="</noscript><img src=x onerror='alert(`@token@`)'>"></noscript>
"""
_MARKDOWN = f"""\
{HOSTILE}

[a link](javascript:alert('@token@')) ![a picture](https://example.org/@token@.png "t\\" onerror=x")
[another][1] <javascript:alert('@token@')> <!-- --><script>'@token@'</script>

[1]: javascript:alert('@token@') "@token@"

$\\href{{javascript:alert('@token@')}}{{x}}$ and $$\\class{{x}}{{<img src=x onerror="'@token@'">}}$$
```html
</code></pre><script>alert("@token@")</script>
```
| a | b |
|---|---|
| <script>"@token@"</script> | `</td><script>'@token@'</script>` |
"""


def _in_the_text(submission: Submission) -> bytes:
    submission.answer("essay-answer", _MARKDOWN)
    submission.insert(1, _MARKDOWN, kind="markdown")
    submission.insert(1, HOSTILE, kind="raw")
    submission.notebook["cells"][1]["metadata"] = {"raw_mimetype": "text/html"}
    return submission.as_bytes()


def _slow(submission: Submission) -> bytes:
    pieces = ("\\begin{a}", "<div>", "<b>", "[a](", "\\[", "$a ", "> ", "# ")
    text = "\n\n".join(piece * 15_000 for piece in pieces)
    submission.answer("essay-answer", f"@token@\n\n{text}")
    return submission.as_bytes()


#: Two hundred kinds of bold, and paragraphs: each of them opens all again.
_GROWS = f"<p>{''.join(f'<b x={number}>' for number in range(190))}{'</p><p>x' * 2_000}"


def _growing(submission: Submission) -> bytes:
    submission.answer("essay-answer", f"@token@\n\n{_GROWS}")
    submission.insert(1, f"@token@\n\n{_GROWS}", kind="markdown")
    return submission.as_bytes()


def _attached(submission: Submission) -> bytes:
    fill = submission.places.fill
    cell = submission.cell("essay-answer")
    cell["source"] = fill("![x](attachment:x.svg) ![y](attachment:@token@.html)")
    picture = fill("<svg xmlns='http://www.w3.org/2000/svg' onload=\"alert('@token@')\"/>")
    cell["attachments"] = {
        "x.svg": {"image/svg+xml": picture},
        fill("@token@.html"): {"text/html": fill(HOSTILE)},
    }
    return submission.as_bytes()


def _in_the_metadata(submission: Submission) -> bytes:
    fill = submission.places.fill
    words = fill(HOSTILE)
    about = submission.notebook["metadata"]
    about["title"] = about["authors"] = words
    about["language_info"] = {"name": words, "pygments_lexer": words, "file_extension": words}
    about["kernelspec"]["display_name"] = words
    about["widgets"] = {
        "application/vnd.jupyter.widget-state+json": {
            "version_major": 2,
            "version_minor": 0,
            "state": {
                "x": {
                    "model_module": "@jupyter-widgets/controls",
                    "model_module_version": "2.0.0",
                    "model_name": "HTMLModel",
                    "state": {"value": words},
                },
                "y": {
                    "model_module": "anywidget",
                    "model_name": "AnyModel",
                    "state": {"_esm": fill("alert('@token@')"), "_css": words},
                },
            },
        }
    }
    for cell in submission.notebook["cells"]:
        cell["metadata"]["tags"] = ["raises-exception", words]
        cell["metadata"]["name"] = words
    return submission.as_bytes()


_SHOWN = f"""\
from IPython.display import display
hostile = r'''{HOSTILE}'''
for kind in ("text/html", "image/svg+xml", "text/markdown", "text/latex", "application/javascript",
             "application/vnd.jupyter.widget-view+json", "application/pdf", "text/plain",
             "application/vnd.custom.v1+json", 'text/html" onload="@token@', "image/png"):
    display({{kind: hostile}}, raw=True)
    display({{kind: [hostile, hostile]}}, metadata={{kind: {{"isolated": True}}}}, raw=True)
get_ipython().run_cell_magic("javascript", "", "alert('@token@')")
get_ipython().run_cell_magic("html", "", hostile)
"""

ATTACKS = (
    Attack(
        "hostile-text",
        FAMILY,
        "writes scripts, styles and links into its free text and other cells",
        _in_the_text,
        keeps=_JUDGED,
    ),
    Attack(
        "hostile-outputs",
        FAMILY,
        "shows scripts in every kind of output",
        at_end(_SHOWN),
        keeps=_JUDGED,
    ),
    Attack(
        "hostile-outputs-of-a-cell-of-the-course",
        FAMILY,
        "shows scripts whenever a cell of the course runs, whose outputs the feedback shows",
        first(
            _SHOWN
            + """\
def shows(*given):
    display({"text/html": hostile}, raw=True)
    display({"image/svg+xml": hostile, "text/plain": hostile}, raw=True)
get_ipython().events.register("post_execute", shows)
"""
        ),
    ),
    Attack(
        "outputs-that-take-for-ever",
        FAMILY,
        "shows HTML for which a program that cleans it needs very long, in a cell of the course",
        first("""\
from IPython.display import HTML, display
def shows(*given):
    for piece in ("<b>", "<div>", "<table>", "<!--", "&#x"):
        display(HTML("@token@" + piece * 30_000))
get_ipython().events.register("post_execute", shows)
"""),
    ),
    Attack(
        "outputs-of-scripts-without-an-end",
        FAMILY,
        "shows thousands of scripts that nothing closes; looking for each end takes for ever",
        first("""\
from IPython.display import HTML, display
def shows(*given):
    display(HTML("@token@" + "<script></a>" * 5_000))
get_ipython().events.register("post_execute", shows)
"""),
    ),
    Attack(
        "outputs-that-grow",
        FAMILY,
        "shows formatting that is opened again in each paragraph, a thousand times what was typed",
        first(f"""\
from IPython.display import HTML, display
def shows(*given):
    display(HTML("@token@{_GROWS}"))
get_ipython().events.register("post_execute", shows)
"""),
    ),
    Attack(
        "hostile-errors",
        FAMILY,
        "raises errors whose names, messages and lines hold scripts and terminal codes",
        at_end(f"""\
hostile = r'''{HOSTILE}'''
print("\\x1b[31m" + hostile + "\\x1b[2J\\x9b")
print("\\x1b]8;;javascript:alert('@token@')\\x07x\\x1b]8;;\\x07")
kind = type("<script>alert('@token@')</script>", (Exception,), {{}})
class Own(Exception):
    def _render_traceback_(self): return [hostile, "\\x1b[38;2;1;2;<script>'@token@'</script>m"]
try:
    raise kind(hostile)
except Exception as error:
    raise Own(hostile) from error
"""),
        keeps=_JUDGED,
    ),
    Attack(
        "hostile-answers",
        FAMILY,
        "answers with scripts, which the messages of a test repeat",
        in_place_of(
            gates=f"""\
hostile = r'''{HOSTILE}'''
gates = {{"V1": "met", "V2": hostile, "V3": "<script>'@token@'</script>", hostile: hostile}}
""",
            counts=f"""\
import pandas as pd
hostile = r'''{HOSTILE}'''
counts = pd.DataFrame({{"State": ["Armenia", "Belarus"], "troops": [hostile, 2]}})
""",
            may_enter=f"""\
hostile = r'''{HOSTILE}'''
def may_enter(facts):
    if facts["free"]: return hostile if not facts["asked"] else True
    raise type("<script>'@token@'</script>", (Exception,), {{}})(hostile + "\\x1b[31m\\r\\n\\x00")
""",
        ),
    ),
    Attack(
        "hostile-attachments",
        FAMILY,
        "attaches pictures that hold scripts",
        _attached,
        keeps=_JUDGED,
    ),
    Attack(
        "text-that-takes-for-ever",
        FAMILY,
        "writes text for which a program that makes a page of it needs hours",
        _slow,
        keeps=_JUDGED,
    ),
    Attack(
        "text-that-grows",
        FAMILY,
        "writes formatting that is opened again in each paragraph, in its free text",
        _growing,
        keeps=_JUDGED,
    ),
    Attack(
        "hostile-metadata",
        FAMILY,
        "puts scripts into the notebook's title, language, tags and saved widgets",
        _in_the_metadata,
        keeps=_JUDGED,
    ),
)
