"""The answer sheet's model: what it copies is Python whatever is typed, and it judges nothing."""

import ast
import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from IPython.core.inputtransformer2 import TransformerManager

import volens as vo
from volens.answering import LocalAnswers
from volens.checks import Check, Choice, Day, Instant, Number, Several, Words
from volens.errors import AnswerError, TestCellError
from volens.widgets.answer_sheet import AnswerSheet, answer_sheet

ROWS = {"C004": "Peskov", "C009": "Pashinyan"}
OFFICE = Choice("a State", "an organisation")
COLUMNS = {
    "gates": Several("request", "timing"),
    "day": Day(),
    "moment": Instant(),
    "count": Number(),
    "reason": Words(at_least=3),
}

#: What has broken a copied cell before, or might.
HOSTILE = (
    'He said "no" and \\"left\\"',
    "'''\"\"\"",
    "ends in a backslash \\",
    "two\nlines\r\nand\tmore",
    "\u201ccurly\u201d \u2018quotes\u2019",
    "\u041f\u0440\u043e\u0441\u044c\u0431\u0430 \u4e2d\u6587",
    "\u0627\u0644\u0639\u0631\u0628\u064a\u0629 \u202e\u202c",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1f0\U0001f1ff",
    "\ud83d half a character",
    "\u2028!ls\u2029%cd /\x85\x0b\x0c\x1c!rm",
    "\x00\x07\x1b[31m",
    "# no comment",
    "{braces} %s %%time ?help??",
    "### END SOLUTION",
    "\\N{BULLET} \\u0041 \\x41",
    " ",
)
TEXTS = st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(codec=None), max_size=30))


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def entered(sheet: AnswerSheet, entries: dict[str, dict[str, str]]) -> AnswerSheet:
    """Fill a sheet as the view does."""
    sheet.value = sheet.check({"schema": "volens/answer-sheet", "version": 1, "entries": entries})
    return sheet


def run(cell: str) -> dict[str, Any]:
    """Run a cell as a notebook does, and return its names."""
    names: dict[str, Any] = {}
    exec(TransformerManager().transform_cell(cell), names)
    return names


def flat(text: str) -> str:
    """A text on one line, in other words than those of the sheet."""
    line = "".join(" " if is_break(one) else one for one in text)
    return re.sub(" +", " ", "".join(map(whole, line))).strip(" ")


def is_break(one: str) -> bool:
    return one in "\u2028\u2029" or ord(one) < 32 or 127 <= ord(one) < 160


def whole(one: str) -> str:
    return "\ufffd" if "\ud800" <= one <= "\udfff" else one


# What is copied


def test_one_kind_makes_one_column() -> None:
    sheet = entered(answer_sheet("capacity", ROWS, OFFICE), {"C009": {"answer": "a State"}})

    assert sheet.to_cell() == (
        'capacity = {\n    "C004": "",  # Peskov\n    "C009": "a State",  # Pashinyan\n}'
    )
    assert sheet.answer == {"C004": "", "C009": "a State"}


def test_kinds_by_name_make_a_table() -> None:
    columns = {"request": OFFICE, "reason": Words()}
    sheet = entered(
        answer_sheet("gates_table", {"V1": "", "V2": "V2"}, columns),
        {"V1": {"reason": "Who\nasked?"}},
    )

    assert sheet.to_cell() == (
        'gates_table = {\n    "V1": {\n        "request": "",\n        "reason": "Who asked?",\n'
        '    },\n    "V2": {\n        "request": "",\n        "reason": "",\n    },\n}'
    )


@given(TEXTS, TEXTS, TEXTS)
@example("\n", "label\n# more\u2028import os", "\\")
def test_whatever_is_typed_comes_back_on_one_line(one: str, label: str, other: str) -> None:
    sheet = answer_sheet("essay", {"V1": label, "V2": ""}, {"a": Words(), "b": Words()})
    entered(sheet, {"V1": {"a": one}, "V2": {"a": other, "b": one}})
    cell = sheet.to_cell()

    expected = {"V1": {"a": flat(one), "b": ""}, "V2": {"a": flat(other), "b": flat(one)}}
    cell.encode("utf-8")
    assert run(cell)["essay"] == sheet.answer == expected
    assert ast.literal_eval(cell.removeprefix("essay = ")) == expected
    assert len(cell.splitlines()) == 10


@given(TEXTS.filter(lambda text: bool(text) and flat(text) == text))
def test_whatever_a_row_is_called_its_entry_is_found(row: str) -> None:
    sheet = entered(answer_sheet("disputes", [row], Words()), {row: {"answer": "because"}})

    assert run(sheet.to_cell())["disputes"] == {row: "because"}


def test_a_check_reads_what_is_copied() -> None:
    sheet = answer_sheet("facts", ["V1"], COLUMNS)
    entered(
        sheet,
        {
            "V1": {
                "gates": "none",
                "day": "2022-01-05",
                "moment": "2022-01-05 17:15",
                "count": "12",
                "reason": "He \u201casked\u201d\nfor help",
            }
        },
    )
    check = Check(LocalAnswers(run(sheet.to_cell())), points=5)
    read = check.table("facts", rows=("V1",), columns=COLUMNS)

    assert None not in read.values()
    assert read["V1: reason"] == "He \u201casked\u201d for help"
    assert float(check.score()) == 5


# What is kept


def test_entries_are_kept_as_typed_in_their_order_without_empty_ones() -> None:
    sheet = entered(
        answer_sheet("capacity", ROWS, OFFICE), {"C009": {"answer": ""}, "C004": {"answer": ""}}
    )
    assert sheet.value["entries"] == {}

    words = entered(
        answer_sheet("notes", ROWS, Words()), {"C009": {"answer": "a\nb "}, "C004": {"answer": "c"}}
    )
    assert list(words.value["entries"]) == ["C004", "C009"]
    assert words.value["entries"]["C009"] == {"answer": "a\nb "}


def test_choices_are_kept_in_the_words_of_the_list() -> None:
    sheet = answer_sheet("facts", ["V1"], {"a": OFFICE, "b": Several("request", "timing")})
    entered(sheet, {"V1": {"a": "STATE.", "b": "timing;Request"}})

    assert sheet.value["entries"] == {"V1": {"a": "a State", "b": "request; timing"}}


def test_what_the_view_sends_is_written_beside_the_notebook(tmp_path: Path) -> None:
    sheet = entered(answer_sheet("capacity", ROWS, OFFICE), {"C004": {"answer": "a State"}})
    sheet.sent += 1

    (file,) = (tmp_path / "answers").iterdir()
    assert re.fullmatch(r"capacity-[0-9a-f]{4}\.json", file.name)
    assert json.loads(file.read_text("utf-8")) == sheet.value
    before = file.read_bytes()
    again = answer_sheet("capacity", ROWS, OFFICE)
    assert (again.value, again.earlier) == (sheet.value, {})
    assert (
        datetime.fromisoformat(again.resumed)
        == datetime.fromtimestamp(file.stat().st_mtime).astimezone()
    )
    assert file.read_bytes() == before


def test_a_sheet_with_nothing_kept_or_only_empty_fields_begins_empty() -> None:
    sheet = answer_sheet("capacity", ROWS, OFFICE)
    assert (sheet.value["entries"], sheet.resumed) == ({}, "")
    sheet.sent += 1
    again = answer_sheet("capacity", ROWS, OFFICE)

    assert (again.value["entries"], again.resumed) == ({}, "")


def test_entries_that_the_sheet_does_not_know_are_not_brought_back() -> None:
    entered(answer_sheet("capacity", ROWS, OFFICE), {"C004": {"answer": "a State"}}).sent += 1
    (file,) = Path("answers").iterdir()
    file.write_text(file.read_text("utf-8").replace("C004", "C999"), encoding="utf-8")
    again = answer_sheet("capacity", ROWS, OFFICE)

    assert (again.value["entries"], again.resumed) == ({}, "")
    assert "is not used" in again.keeping["note"]


def test_answers_of_one_name_in_two_assignments_are_kept_apart() -> None:
    one = answer_sheet("disputes", {"V1": "label"}, Words())

    assert answer_sheet("disputes", ["V1"], Words()).name == one.name
    assert answer_sheet("disputes", ["V2"], Words()).name != one.name


def test_save_and_load_are_each_others_way_back(tmp_path: Path) -> None:
    sheet = entered(answer_sheet("capacity", ROWS, OFFICE), {"C004": {"answer": "a State"}})
    sheet.save(tmp_path / "mine.json")
    other = answer_sheet("capacity", ROWS, OFFICE)
    other.load(tmp_path / "mine.json")

    assert other.value == sheet.value


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ([], "expected a dictionary, got a list"),
        ({"schema": "volens/coding"}, "It is the answer of another widget"),
        ({"schema": "volens/answer-sheet", "version": 2}, "If a newer course made it"),
        ({"case": "record"}, "It belongs to another question"),
        ({"entries": {"C999": {}}}, "there is no `C999`"),
        ({"entries": {"C004": "a State"}}, "`C004`: expected a dictionary"),
        ({"entries": {"C004": {"request": "x"}}}, "there is no `request`"),
        ({"entries": {"C004": {"answer": 3}}}, "expected a text, got 3"),
        ({"entries": {"C004": {"answer": "a person"}}}, "expected one of: a State"),
        ({"answers": {}}, "there is no `answers`"),
    ],
)
def test_what_is_no_entry_of_this_sheet_is_refused_in_words(data: Any, said: str) -> None:  # noqa: ANN401 (of any form)
    if isinstance(data, dict):
        data = {"schema": "volens/answer-sheet", "version": 1, **data}

    with pytest.raises(AnswerError, match=re.escape(said)):
        answer_sheet("capacity", ROWS, OFFICE).check(data)


# What cannot make a sheet


@pytest.mark.parametrize("name", ["", "a b", "1st", "class", 'x"; import os', None])
def test_a_name_that_is_none_in_python_is_refused(name: Any) -> None:  # noqa: ANN401
    with pytest.raises(TestCellError, match="needs the name of an answer"):
        answer_sheet(name, ROWS, OFFICE)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "needs a row"),
        ({}, "needs a row"),
        ("C004", "a list of ids"),
        (7, "a list of ids"),
        (["C004", "C004"], "The row `C004` stands twice"),
        (["C004", 9], "texts on one line; this one has 9"),
        ([""], "texts on one line"),
        (["C004 "], "texts on one line"),
        ({"C004": None}, "texts on one line; this one has None"),
    ],
)
def test_rows_that_make_no_sheet_are_refused(rows: Any, said: str) -> None:  # noqa: ANN401
    with pytest.raises(TestCellError, match=re.escape(said)):
        answer_sheet("capacity", rows, OFFICE)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({}, "needs a column"),
        ("met", "no kind of answer"),
        (Day, "no kind of answer"),
        ({"request": ("met", "not met")}, "The column `request`"),
        ({"": Day()}, "names on one line"),
        ({3: Day()}, "names on one line; one is called 3"),
    ],
)
def test_columns_that_make_no_sheet_are_refused(columns: Any, said: str) -> None:  # noqa: ANN401
    with pytest.raises(TestCellError, match=re.escape(said)):
        answer_sheet("capacity", ROWS, columns)


# What is shown


def test_the_notebook_reaches_it_by_name() -> None:
    sheet = vo.answer_sheet("capacity", ROWS, vo.checks.Choice("a State", "nobody"))

    assert repr(sheet) == "<AnswerSheet capacity: 0 of 2 fields filled>"


def test_the_static_twin_shows_entries_and_what_is_asked() -> None:
    columns = {"request": OFFICE, "reason": Words(at_least=6)}
    sheet = entered(
        answer_sheet("gates_table", {"V1": "A <letter>"}, columns),
        {"V1": {"reason": "<b>bold</b>"}},
    )
    twin = sheet.to_html()

    assert "gates_table: 1 of 2 fields filled" in twin
    assert "request (one of: a State, an organisation)" in twin
    assert "V1: A &lt;letter&gt;" in twin
    assert "&lt;b&gt;bold&lt;/b&gt;" in twin
    assert sheet.to_text() == (
        "gates_table: 1 of 2 fields filled.\n- V1: A <letter>: reason: <b>bold</b>\n"
    )


def test_the_text_of_one_column_says_what_is_empty() -> None:
    sheet = entered(answer_sheet("capacity", ROWS, OFFICE), {"C009": {"answer": "a State"}})

    assert sheet.to_text() == (
        "capacity: 1 of 2 fields filled.\n- C004: Peskov: nothing yet\n- C009: Pashinyan: a State\n"
    )


def test_a_page_of_its_own_fetches_nothing() -> None:
    page = answer_sheet("capacity", ROWS, OFFICE).to_page()

    assert re.findall(r"<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)=", page) == []
    assert re.findall(r"@import|url\(\s*['\"]?http|\bfetch\(|XMLHttpRequest|WebSocket", page) == []
    assert re.search(r"^\s*import\b", page, re.MULTILINE) is None
