"""The command line."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from volens import audit, codebook, evidence
from volens.cli import main

DOCUMENTED = Path(__file__).parents[1] / "docs" / "commands.md"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def test_help_says_that_a_class_can_be_marked() -> None:
    words = " ".join(run("--help").output.split())

    assert "collect, mark and export the work of a class" in words


def test_tables_lists_every_table_with_its_rows() -> None:
    printed = run("tables").output

    for name in codebook.table_names():
        assert re.search(rf"^{name} +{len(evidence.rows(name))} rows ", printed, re.MULTILINE)


def test_show_prints_cards() -> None:
    assert run("show", "claims", "C004").output.startswith(
        "C004: Peskov, spokesman of the President of Russia, 2022-01-05"
    )


def test_show_prints_json_with_every_column() -> None:
    row = json.loads(run("show", "timeline", "T036", "--json").output)[0]

    assert row["id"] == "T036"
    assert row["date"] == "2022-01-05"
    assert set(row) == {column.name for column in codebook.table("timeline").columns}


def test_a_code_for_claims_is_shown_in_words_and_not_column_by_column() -> None:
    shown = run("show", "claim_codes", "counter-terrorism").output

    assert shown == "counter-terrorism\nA code for claims: purpose.\n"


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
    assert "Kind: scholarly. Own text read: in full." in printed


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
    words = ("--title", "Chad 2008", "--state", "Chad", "--period", "2008-02-01/2009-03-31")
    printed = run("case", "new", "chad-2008", *words).output

    assert str(data / "cases" / "chad-2008" / "case.toml") in printed
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


def test_assess_prints_the_opinion_with_its_settings() -> None:
    printed = run("assess", "kazakhstan-2022", "--position", "S3", "--burden", "intervener").output

    assert printed.startswith("Kazakhstan and the CSTO, January 2022")
    assert "open facts count against the intervener" in printed.splitlines()[0]
    assert "as stipulated here" in printed


def test_assess_prints_data_that_a_program_can_read() -> None:
    words = ("--position", "S2", "--known-on", "2022-01-06", "--presume", "free-will")
    opinion = json.loads(run("assess", "kazakhstan-2022", *words, "--format", "json").output)

    assert opinion["position"] == "abstention"
    assert opinion["standard"]["known_on"] == "2022-01-06"
    assert opinion["standard"]["presumptions"] == ["free-will"]


def test_assess_judges_one_act_with_another_inviter_test_as_a_memo() -> None:
    words = ("--position", "S1", "--act", "stay-and-exit", "--inviter-test", "S4")
    printed = run("assess", "kazakhstan-2022", *words, "--format", "markdown").output

    assert printed.startswith("## Issue\n")
    assert "Stay and exit" in printed
    assert '"Effective control" (S4)' in printed


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--position", "S4"), "expected one of the kind position"),
        (("--position", "S99"), "S99"),
        (("--position", "S3", "--burden", "nobody"), "expected one of none, intervener"),
        (("--position", "S3", "--mixed-purposes", "most"), "expected one of all, predominant"),
        (("--position", "S3", "--act", "landing"), "landing"),
        (("--position", "S3", "--presume", "conduct"), "expected one of existence"),
    ],
)
def test_a_setting_that_is_not_there_gives_one_message(
    words: tuple[str, ...], message: str
) -> None:
    result = run("assess", "kazakhstan-2022", *words)

    assert result.exit_code == 1
    assert message in result.output
    assert result.output.startswith("Error: ")
