"""What `dondoc timing` answers."""

import json

import pytest
import typer
from typer.testing import CliRunner, Result

from cli.timing import COMMANDS

app = typer.Typer()
app.callback()(lambda: None)
for name, command in COMMANDS.items():
    app.command(name)(command)


def timing(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["timing", *arguments])


def test_json_has_the_reading() -> None:
    result = timing("Trước ngày 20/11/2026", "--year", "2026", "--json")

    shown = json.loads(result.stdout)
    assert result.exit_code == 0
    assert list(shown)[:8] == [
        "text",
        "kind",
        "start",
        "due",
        "due_exclusive",
        "rule",
        "confidence",
        "alternatives",
    ]
    assert (shown["kind"], shown["due"]) == ("deadline", "2026-11-19")
    assert shown["due_exclusive"] == "2026-11-20T00:00:00+07:00"
    assert [other["due"] for other in shown["alternatives"]] == ["2026-11-20"]


def test_the_year_of_the_plan_dates_a_phrase_without_one() -> None:
    shown = json.loads(timing("Chậm nhất 30/9", "--year", "2027", "--json").stdout)

    assert shown["due"] == "2027-09-30"


def test_people_get_a_table_with_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")

    result = timing("đến hết quý I/2026", "--year", "2026")

    assert result.exit_code == 0
    assert "31/03/2026" in result.stdout
    assert "Tính đến hết quý I/2026" in result.stdout


def test_a_date_that_does_not_exist_is_an_error_with_its_sentence() -> None:
    for_people = timing("trước ngày 31/9/2026")
    for_programs = timing("trước ngày 31/9/2026", "--json")

    assert (for_people.exit_code, for_programs.exit_code) == (1, 1)
    assert "Không có ngày 31/09/2026" in for_people.stderr.replace("\n", " ")
    shown = json.loads(for_programs.stdout)
    assert shown["kind"] == "invalid"
    assert "Không có ngày 31/09/2026" in shown["error"]


def test_a_period_in_days_ends_on_a_working_day() -> None:
    shown = json.loads(
        timing("trong 10 ngày kể từ ngày 04/02/2026", "--year", "2026", "--json").stdout
    )

    assert shown["due"] == "2026-02-23"
