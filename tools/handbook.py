"""Write the pages of ``docs/`` that are made from the data: codebook, glossary, accounts."""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from volens import codebook, evidence
from volens.codebook import Column, Table
from volens.evidence import Row

CHECKOUT = Path(__file__).resolve().parents[1]
NOTE = "<!-- Made by `make handbook` from data/. Do not edit. -->\n"


def codebook_page() -> str:
    """Return the codebook as Markdown: every table, every column."""
    package = json.loads((codebook.data_directory() / "datapackage.json").read_text("utf-8"))
    tables = [codebook.table(name) for name in codebook.table_names()]
    listed = "\n".join(
        f"| [{one.name}](#{anchor(one.name)}) | {one.title} | {len(evidence.rows(one.name))} |"
        for one in tables
    )
    others = "\n".join(
        f"| `data/{resource['path']}` | {resource['title']} | {resource['description']} |"
        for resource in package["resources"]
        if "schema" not in resource
    )
    return (
        f"{NOTE}# Codebook\n\n{package['description']}\n\n"
        f"Licence: {package['licenses'][0]['title']}. Version {package['version']}.\n\n"
        "In every table an empty cell means that nothing is known or nothing applies. A list in "
        'a cell is joined with "; ". In pandas: `vo.frame("timeline")` and the like.\n\n'
        f"| table | what it holds | rows |\n|---|---|---|\n{listed}\n\n"
        f"Beside the tables there are lists whose entries are sentences:\n\n"
        f"| file | what it holds | how |\n|---|---|---|\n{others}\n\n"
        + "\n".join(_table(one) for one in tables)
    )


def glossary_page() -> str:
    """Return the glossary as Markdown, one heading a term."""
    return (
        f"{NOTE}# Glossary\n\nEach term as this course uses it. Where lawyers disagree about a "
        "term, the entry says who holds what. French and Russian words are given where one is "
        "established.\n\n" + "\n".join(_term(row) for row in evidence.rows("glossary"))
    )


def accounts_page() -> str:
    """Return the page that says where the lessons take up what the five accounts say."""
    accounts = dict.fromkeys(row.account for row in evidence.rows("arguments"))
    return (
        f"{NOTE}# Where the lessons take up what the accounts say\n\nThe course grew out of five "
        "accounts. This page lists every argument, purpose, question and complaint in them, in our "
        "words, and the section of a lesson that takes it up. That something is listed says "
        "nothing of whether it is right. The statements (F) are rows of "
        "[the table of statements](codebook.md#statements).\n\n"
        + "\n".join(_account(account) for account in accounts)
    )


def _account(key: str) -> str:
    source = evidence.row("sources", key)
    lines = "\n".join(
        f"| {row.id} | {row.kind} | {_cell(row.says)} | {row.rows.replace('; ', ', ')} "
        f"| {_section(row)} |"
        for row in evidence.rows("arguments")
        if row.account == key
    )
    return (
        f"## {': '.join(filter(None, (source.author, source.title)))}\n\n{source.caveat}\n\n"
        "| row | kind | what it says | statements | taken up in |\n|---|---|---|---|---|\n"
        f"{lines}\n"
    )


def _section(row: Row) -> str:
    lesson = next((CHECKOUT / "lessons").glob(f"{row.lesson}-*.ipynb"))
    title = sections(lesson)[row.section]
    return f"[lesson {int(row.lesson)}](../lessons/{lesson.name}), {row.section}. {_cell(title)}"


def sections(lesson: Path) -> dict[str, str]:
    """Return the titles of a lesson's numbered sections by their numbers."""
    cells = json.loads(lesson.read_text(encoding="utf-8"))["cells"]
    prose = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    return dict(re.findall(r"^## (\d)\. (.+)$", prose, re.MULTILINE))


PAGES = {"codebook.md": codebook_page, "glossary.md": glossary_page, "accounts.md": accounts_page}


def _table(one: Table) -> str:
    place = f"`data/{one.path}`" + (" (one for each case)" if one.of_case else "")
    columns = "\n".join(_column(column, one.references) for column in one.columns)
    return (
        f"## {one.name}\n\n{one.title}: {place}. {one.description}\n\n"
        f"| column | what it means | what it may hold |\n|---|---|---|\n{columns}\n"
    )


def _column(column: Column, references: Mapping[str, str]) -> str:
    return (
        f"| `{column.name}` | {_cell(column.description)} | {_cell(_holds(column, references))} |"
    )


def _holds(column: Column, references: Mapping[str, str]) -> str:
    parts = [{"string": "text", "datetime": "minute by UTC"}.get(column.kind, column.kind)]
    if column.choices:
        parts = ["one of: " + ", ".join(column.choices)]
    elif column.names:
        parts = ["names of: " + column.names.replace("|", ", ")]
    elif column.pattern:
        parts = [codebook.in_words(column.pattern)]
    if column.name in references:
        parts = [f"an id of {references[column.name]}"]
    if column.required:
        parts.append("always filled")
    return "; ".join(parts)


def _term(row: Row) -> str:
    words = [
        f"{language}: *{row[column]}*"
        for language, column in (("French", "french"), ("Russian", "russian"), ("Kazakh", "kazakh"))
        if row[column]
    ]
    doubt = "" if row.translation_confidence in (None, "high") else " (not fully checked)"
    lines = [
        f"## {row.term}",
        row.definition,
        "; ".join(words) + doubt + "." if words else "",
        _see_also(evidence.items(row.see_also)),
    ]
    return "\n\n".join(line for line in lines if line) + "\n"


def _see_also(keys: Iterable[str]) -> str:
    terms = [evidence.row("glossary", key) for key in keys]
    links = ", ".join(f"[{one.term}](#{anchor(one.term)})" for one in terms)
    return f"See also: {links}." if links else ""


def anchor(title: str) -> str:
    """Return the anchor that a heading gets on a page."""
    kept = "".join(letter for letter in title.lower() if letter.isalnum() or letter in " -_")
    return kept.replace(" ", "-")


def _cell(text: str) -> str:
    # A dollar sign would begin a formula where a notebook program shows the page.
    return text.replace("|", "\\|").replace("$", "\\$").replace("\n", " ")


def main() -> None:
    """Write the pages."""
    for name, page in PAGES.items():
        (CHECKOUT / "docs" / name).write_text(page(), encoding="utf-8")
        print(f"docs/{name}: made from the data.")


if __name__ == "__main__":
    main()
