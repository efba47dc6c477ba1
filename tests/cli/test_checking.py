"""`dondoc check`: findings with their lines, and an exit code for scripts."""

import json
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

import settings
from cli.checking import COMMANDS
from cli.context import Context
from models.clock import VN, Clock
from tests.shipped import SHIPPED, shipped_directory, shipped_plan

NOW = datetime(2026, 1, 5, 8, 0, tzinfo=VN)

app = typer.Typer()
for name, command in COMMANDS.items():
    app.command(name)(command)


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("DONDOC_STATE_DIR", str(tmp_path / "var"))
    settings.load.cache_clear()
    yield tmp_path / "var"
    settings.load.cache_clear()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped plan to spoil."""
    return shutil.copytree(SHIPPED, tmp_path / "ke-hoach")


def typed(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def checked(*words: str | Path, exit_code: int = 0) -> Any:
    result = typed(*words, "--at", "2026-01-05", "--json")
    assert result.exit_code == exit_code, result.output
    return json.loads(result.stdout)


def spoil(file: Path, before: str, after: str) -> int:
    """Replaces text in a file; the line it stands on."""
    content = file.read_text("utf-8")
    assert before in content
    file.write_text(content.replace(before, after, 1), "utf-8")
    return content[: content.index(before)].count("\n") + 1


def at(said: Any, place: str) -> dict[str, Any]:
    (found,) = (finding for finding in said["findings"] if finding["place"] == place)
    return dict(found)


def test_shipped_plan_has_no_error(state: Path) -> None:
    said = checked(SHIPPED)

    assert (said["errors"], said["warnings"]) == (0, 4)
    # A folder needs no database, and nothing is written.
    assert not state.exists()


def test_findings_name_file_and_line(folder: Path) -> None:
    line = spoil(folder / "plan.yaml", "  - code: V.1\n", "  - code: V.1\n")

    finding = at(checked(folder), "V.1.H2")

    assert (finding["file"], finding["line"]) == (str(folder / "plan.yaml"), line)
    assert finding["remedy"]


def test_unit_without_contact_is_found_in_its_row(folder: Path) -> None:
    line = spoil(folder / "units.csv", "vp@sgddt.lamdong.example", "")

    finding = at(checked(folder), "VP")

    assert (finding["file"], finding["line"]) == (str(folder / "units.csv"), line)


def test_entry_of_the_officer_is_found_in_its_line(folder: Path) -> None:
    line = spoil(folder / "officer.yaml", "allocation: {}", "allocation: {III.2.a: [KHONG]}")

    finding = at(checked(folder, exit_code=1), "phân công III.2.a")

    assert (finding["severity"], finding["line"]) == ("error", line)


def test_two_tasks_with_one_code_are_an_error(folder: Path) -> None:
    spoil(folder / "plan.yaml", "code: III.1.b", "code: III.1.a")

    said = checked(folder, exit_code=1)

    assert said["errors"] >= 1
    assert any("mã “III.1.a” bị trùng" in finding["message"] for finding in said["findings"])


def test_recurring_day_that_the_year_lacks_is_an_error(folder: Path) -> None:
    spoil(folder / "plan.yaml", 'days: ["06-25", "12-15"]', 'days: ["02-29", "12-15"]')

    finding = at(checked(folder, exit_code=1), "V.1")

    assert (finding["severity"], finding["message"].startswith("không có ngày 29/02")) == (
        "error",
        True,
    )
    assert checked(folder, "--year", "2028")["errors"] == 0


def test_problems_of_all_files_are_told_at_once(folder: Path) -> None:
    spoil(folder / "plan.yaml", "title:", "titel:")
    spoil(folder / "units.csv", "VP,", "GDTRH,")

    said = checked(folder, exit_code=1)

    files = {finding["place"].split(",")[0].rpartition("/")[2] for finding in said["findings"]}
    assert files >= {"plan.yaml", "units.csv"}


def test_loaded_plan_is_checked_by_the_plan_clock() -> None:
    context = Context()
    context.clock.set(Clock(wall_anchor=NOW, plan_anchor=NOW, speed=0.0))
    context.registry.load_plan(shipped_plan(), shipped_directory(6).units.values(), at=NOW)

    result = typed("lam-dong-nq57", "--json")
    context.engine.dispose()

    said = json.loads(result.stdout)
    assert (result.exit_code, said["errors"], said["warnings"]) == (0, 0, 4)
    assert at(said, "V.1.H2")["line"] is None


def test_unknown_plan_is_one_sentence() -> None:
    result = typed("khong-co")

    assert result.exit_code == 1
    assert "chưa được nạp" in result.stderr


def test_person_reads_place_message_and_remedy() -> None:
    result = typed(SHIPPED, "--at", "5/1/2026")

    assert "plan.yaml, dòng" in result.stderr
    assert "→ " in result.stderr
    assert "0 lỗi, 4 cảnh báo" in result.stdout
