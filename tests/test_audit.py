"""What a schema cannot say of the data, and that it is said of damaged data."""

from pathlib import Path

import pytest

from tests.checkout import ROOT
from tests.conftest import Damage
from volens import audit, wording

CASE = "cases/kazakhstan-2022"
TIMELINE = f"{CASE}/timeline.csv"
ACCOUNTS = ROOT.parent / "shared" / "seeds"


def only_fault(pattern: str) -> None:
    found = audit.faults()
    assert len(found) >= 1
    assert any(pattern in fault for fault in found), found[:3]


def test_the_data_are_sound() -> None:
    assert audit.faults() == ()


def test_no_nine_words_come_from_the_accounts() -> None:
    if not ACCOUNTS.is_dir():
        pytest.skip("the plain texts of the accounts are not beside this checkout")
    assert audit.faults(ACCOUNTS) == ()


def test_an_id_that_occurs_twice_is_reported(damage: Damage) -> None:
    damage("\nT002,", "\nT001,", TIMELINE)
    only_fault("timeline.csv, row 3, column `id`: the id `T001` occurs twice. Give one a new id.")


def test_an_address_that_occurs_twice_is_reported(damage: Damage) -> None:
    twice = "https://opiniojuris.org/2022/02/07/kazakhstan-another-intervention"
    there = "https://trenchantobserver.com/2022/01/05/russia-and-collective-security"
    damage(there, f"{twice}-by-invitation-that-played-out-as-expected,", "sources.csv")
    only_fault("sources.csv, row 3")


def test_a_link_to_nowhere_is_reported(damage: Damage) -> None:
    damage("claims,C001,", "claims,C901,", f"{CASE}/case-links.csv")
    only_fault("column `row`: `claims` has no row `C901`")


def test_a_source_that_does_not_exist_is_reported(damage: Damage) -> None:
    damage("claims,C001,", "claims,C001,x-", f"{CASE}/case-links.csv")
    only_fault("column `source`: `sources` has no row")


def test_an_interval_outside_its_day_is_reported(damage: Damage) -> None:
    damage("2022-01-05T10:10Z,", "2022-01-04T10:10Z,", TIMELINE)
    only_fault("column `earliest_utc`: by the clock of Asia/Almaty this is on 2022-01-04")


def test_an_interval_that_ends_before_it_begins_is_reported(damage: Damage) -> None:
    damage("2022-01-05T18:00Z,2022-01-05T19:01Z", "2022-01-05T19:01Z,2022-01-05T18:00Z", TIMELINE)
    only_fault("the interval ends before it begins")


def test_a_zone_that_does_not_exist_is_reported(damage: Damage) -> None:
    damage("Asia/Almaty", "Asia/Nowhere", TIMELINE)
    only_fault("column `zone`: expected a time zone like Asia/Almaty, got `Asia/Nowhere`")


def test_a_decision_before_its_request_is_reported(damage: Damage) -> None:
    damage("T039,january-2022,2022-01-06,", "T039,january-2022,2022-01-05,", TIMELINE)
    damage("2022-01-05T21:42Z,2022-01-05T21:42Z", "2022-01-05T12:00Z,2022-01-05T12:00Z", TIMELINE)
    only_fault("T036 (request) cannot begin after T039 (decision) ends")


def test_a_purpose_that_the_doctrine_does_not_know_is_reported(damage: Damage) -> None:
    damage("regime-support,sovereign-consent", "empire,sovereign-consent", "doctrine/matrix.csv")
    only_fault("empire")


def test_a_code_in_a_list_that_does_not_exist_is_reported(damage: Damage) -> None:
    damage("counter-terrorism; treaty-obligation", "counter-terrorism; glory", f"{CASE}/claims.csv")
    only_fault(
        'column `other_purposes`: expected ids of claim_codes, joined with "; ", got `glory`'
    )


def test_high_confidence_without_the_sources_for_it_is_reported(data: Path, damage: Damage) -> None:
    file = data / CASE / "case-links.csv"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("timeline,T036,")]
    file.write_text("".join(kept), encoding="utf-8")
    only_fault("column `confidence`: T036 is high, which needs one primary source")


def test_a_long_quotation_is_reported(damage: Damage) -> None:
    damage("terrorist threat,", "one " * 15 + "terrorist threat,", f"{CASE}/claims.csv")
    only_fault("column `quotation`: a quotation has 17 words; 14 are allowed")


def test_words_taken_over_from_an_account_are_reported(tmp_path: Path) -> None:
    event = (
        "Independence declared; Turkey recognises the same day, the United States on 25 December"
    )
    (tmp_path / "account.txt").write_text(f"It was so. {event}. And so on.", encoding="utf-8")
    assert any("T001" not in fault and "nine words" in fault for fault in audit.faults(tmp_path))


def test_a_file_that_cannot_be_read_is_reported_whatever_else_is_looked_for(
    tmp_path: Path, damage: Damage
) -> None:
    (tmp_path / "account.txt").write_text("Nothing.", encoding="utf-8")
    damage("T001,background", "T001,", TIMELINE)

    assert any("expected a value" in fault for fault in audit.faults(tmp_path / "."))


def test_quotations_and_names_are_not_taken_over() -> None:
    text = 'He said "one two three four five six seven eight nine ten" of it.'
    assert wording.borrowed_runs(text, ["one two three four five six seven eight nine ten"]) == ()
    name = "Protocol on Amendments to the Collective Security Treaty of 15 May 1992"
    assert wording.borrowed_runs(name, [name]) == ()


def test_a_file_that_nothing_describes_is_reported(data: Path, damage: Damage) -> None:
    (data / CASE / "time-line.csv").write_text("id\n")
    damage("T001", "T001", TIMELINE)
    only_fault("time-line.csv: no table of this name")


@pytest.mark.parametrize(
    "file", ["doctrine/positions.toml", "doctrine/elements.toml", f"{CASE}/case.toml"]
)
def test_a_broken_list_is_reported_and_not_raised(data: Path, damage: Damage, file: str) -> None:
    (data / file).write_text("[[", encoding="utf-8")
    damage("T001", "T001", TIMELINE)
    only_fault(f"data/{file} is not TOML")
