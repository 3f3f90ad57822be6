"""The command line."""

import json
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from volens import audit, codebook
from volens.cli import main

DOCUMENTED = Path(__file__).parents[1] / "docs" / "commands.md"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def test_tables_lists_every_table_with_its_rows() -> None:
    printed = run("tables").output

    for name in codebook.table_names():
        assert name in printed
    assert "147 rows" in printed


def test_show_prints_cards() -> None:
    assert run("show", "claims", "C004").output.startswith(
        "C004: Peskov, spokesman of the President of Russia, 2022-01-05"
    )


def test_show_prints_json_with_every_column() -> None:
    row = json.loads(run("show", "timeline", "T036", "--json").output)[0]

    assert row["id"] == "T036"
    assert row["date"] == "2022-01-05"
    assert set(row) == {column.name for column in codebook.table("timeline").columns}


def test_a_table_without_cards_of_its_own_is_shown_column_by_column() -> None:
    assert "label: counter-terrorism" in run("show", "claim_codes", "counter-terrorism").output


def test_show_without_ids_prints_the_whole_table() -> None:
    assert len(json.loads(run("show", "claim_codes", "--json").output)) == 27


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("show", "claim"), "Did you mean `claims`"),
        (("show", "claims", "C9"), "no row `C9`"),
    ],
)
def test_a_mistake_gives_one_message_and_no_traceback(
    arguments: tuple[str, ...], message: str
) -> None:
    result = run(*arguments)

    assert result.exit_code == 1
    assert message in result.output
    assert "Traceback" not in result.output


def test_a_source_is_printed_as_reference_and_as_bibtex_with_how_much_was_read() -> None:
    printed = run("source", "OJ").output

    assert "(Opinio Juris, 7 February 2022)" in printed
    assert "@online{hasar-another-intervention-by-invitation," in printed
    assert "Kind: scholarly. Read: in full." in printed


def test_data_check_says_that_all_is_well() -> None:
    assert "agree with their codebook" in run("data", "check").output


def test_data_check_says_what_it_did_not_look_for() -> None:
    assert "were not looked for" in run("data", "check").output


def test_data_check_names_what_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "faults", lambda accounts: (f"data/x.csv, row 2: {accounts}",))
    result = run("data", "check")

    assert result.exit_code == 1
    assert "data/x.csv, row 2: None" in result.output
    assert "1 found" in result.output


def test_case_new_writes_a_case_and_says_where(data: Path) -> None:
    words = ("--title", "Mali 2013", "--state", "Mali", "--period", "2013-01-11/2014-07-15")
    printed = run("case", "new", "mali-2013", *words).output

    assert str(data / "cases" / "mali-2013" / "case.toml") in printed
    assert "data check" in printed


def commands(group: click.Group, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*above, name))
        else:
            yield (*above, name)


@pytest.mark.parametrize("words", sorted(commands(main)))
def test_every_command_has_help_and_is_documented(words: tuple[str, ...]) -> None:
    assert "Options:" in run(*words, "--help").output
    assert f"volens {' '.join(words)}" in DOCUMENTED.read_text(encoding="utf-8")
