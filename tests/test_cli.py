"""The command line."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from volens import evidence
from volens.cli import main

DOCUMENTED = Path(__file__).parents[1] / "docs" / "commands.md"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def test_tables_lists_every_table_with_its_rows() -> None:
    printed = run("tables").output

    for name in evidence.table_names():
        assert name in printed
    assert "105 rows" in printed


def test_show_prints_cards() -> None:
    assert run("show", "claims", "C004").output.startswith(
        "C004: Peskov, spokesman of the President of Russia, 2022-01-05"
    )


def test_show_prints_json_with_every_column() -> None:
    row = json.loads(run("show", "timeline", "T036", "--json").output)[0]

    assert row["id"] == "T036"
    assert row["date"] == "2022-01-05"
    assert set(row) == {column.name for column in evidence.table("timeline").columns}


def test_a_table_without_cards_of_its_own_is_shown_column_by_column() -> None:
    assert "label: counter-terrorism" in run("show", "claim_codes", "counter-terrorism").output


def test_show_without_ids_prints_the_whole_table() -> None:
    assert len(json.loads(run("show", "claim_codes", "--json").output)) == 26


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


def test_check_data_says_that_all_is_well() -> None:
    assert "agree with their codebook" in run("check-data").output


def test_check_data_names_what_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "check", lambda: ("data/x.csv, row 2: no",))
    result = run("check-data")

    assert result.exit_code == 1
    assert "data/x.csv, row 2: no" in result.output


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_has_help_and_is_documented(name: str) -> None:
    assert run(name, "--help").exit_code == 0
    assert main.commands[name].help
    assert f"volens {name}" in DOCUMENTED.read_text(encoding="utf-8")
