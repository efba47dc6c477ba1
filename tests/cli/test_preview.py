"""What a launch of the shipped plan would lead to, before anything is written."""

import json
import shutil
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import settings
from cli.output import console
from intake.vietnam_calendar import vietnam_calendar
from models.clock import VN
from rules.working_calendar import is_working_day
from starter import app

SHIPPED = Path(__file__).parents[2] / "plans" / "lam-dong-nq57"


def preview(*options: str, plan: Path | str = SHIPPED, year: int = 2026) -> Result:
    return CliRunner().invoke(app, ["preview", str(plan), "--year", str(year), *options])


@cache
def previewed(*options: str) -> dict[str, Any]:
    result = preview(*options, "--json")
    assert result.exit_code == 0, result.output
    return dict(json.loads(result.stdout))


def rungs_of(assignment: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {rung["rung"]: rung for rung in assignment["rungs"]}


def days(assignment: dict[str, Any], *kinds: str) -> list[str]:
    return [rung["at"][:10] for rung in assignment["rungs"] if rung["kind"] in kinds]


@pytest.fixture(autouse=True)
def _installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("DONDOC_STATE_DIR", str(tmp_path / "var"))
    settings.load.cache_clear()
    yield
    settings.load.cache_clear()


# The dates


def test_before_march_has_its_dates_around_tet() -> None:
    (channels,) = previewed("--task", "III.1.d", "--unit", "GDTRH")["assignments"]

    assert channels["breach"] == "2026-03-01T00:00:00+07:00"
    assert channels["target"] == "2026-02-27"
    assert days(channels, "reminder", "due") == [
        "2026-01-28",
        "2026-02-13",
        "2026-02-13",
        "2026-02-24",
        "2026-02-26",
        "2026-02-27",
    ]
    assert "28/02/2026, thứ Bảy" in channels["why"]
    assert "nghỉ Tết Nguyên đán" in rungs_of(channels)["T-7"]["why"]


def test_rungs_of_one_instant_share_one_message() -> None:
    (channels,) = previewed("--task", "III.1.d", "--unit", "TM0001")["assignments"]

    carried = {rung["rung"]: rung["carried_by"] for rung in channels["rungs"]}
    assert carried.pop("T-14") == "T-7"
    assert set(carried.values()) == {None}


@pytest.mark.parametrize(
    ("unit", "told"),
    [
        pytest.param(
            "TM0001",
            ["TM0001:head", "22918", "GDTRH", "LDS", "GDTRH"],
            id="school: head, hub, coordinator, leadership, weekly",
        ),
        pytest.param("VP", ["VP:head", "GDTRH", "LDS", "GDTRH"], id="office: no hub"),
        pytest.param(
            "GDTRH", ["GDTRH:head", "LDS", "LDS", "LDS"], id="coordinator: leadership instead"
        ),
    ],
)
def test_escalations_name_each_recipient(unit: str, told: list[str]) -> None:
    (report, _) = previewed("--task", "V.1", "--unit", unit)["assignments"]

    escalations = [rung for rung in report["rungs"] if rung["kind"] == "escalation"]
    assert [rung["recipient"] for rung in escalations] == told
    assert escalations[-1]["why"].endswith("mỗi tuần một lần cho đến khi xong, nhiều nhất 52 lần")


def test_whoever_was_told_at_a_lower_level_gets_no_second_message() -> None:
    (report, _) = previewed("--task", "V.1", "--unit", "GDTRH")["assignments"]

    assert rungs_of(report)["E+3"]["carried_by"] is None
    assert rungs_of(report)["E+7"]["carried_by"] == "E+3"


@pytest.mark.parametrize(
    ("task", "unit", "breach", "target"),
    [
        pytest.param("V.1/H1", "VP", "2026-06-25", "2026-06-24", id="before 25/6"),
        pytest.param("V.1/H2", "VP", "2026-12-15", "2026-12-14", id="before 15/12"),
        pytest.param("V.1/H1", "TM0001", "2026-06-18", "2026-06-17", id="schools, first half"),
        pytest.param("V.1/H2", "TM0001", "2026-12-08", "2026-12-07", id="schools, second half"),
        pytest.param("III.1.c/05-18", "TM0001", "2026-05-26", "2026-05-25", id="yearly day"),
    ],
)
def test_each_deadline_breaches_when_its_last_day_ends(
    task: str, unit: str, breach: str, target: str
) -> None:
    (assignment,) = previewed("--task", task, "--unit", unit)["assignments"]

    assert assignment["breach"] == f"{breach}T00:00:00+07:00"
    assert assignment["target"] == target


def test_no_rung_falls_on_a_day_off() -> None:
    calendar = vietnam_calendar(range(2025, 2029))

    instants = {
        datetime.fromisoformat(rung["at"])
        for assignment in previewed()["assignments"]
        for rung in assignment["rungs"]
    }

    assert len(instants) > 50
    assert all(instant.utcoffset() == VN.utcoffset(instant) for instant in instants)
    assert [i for i in instants if not is_working_day(calendar, i.date())] == []


# What is in it


def test_json_has_its_shape() -> None:
    shown = previewed("--task", "III.1.d")

    assert list(shown) == ["plan", "year", "assignments", "findings", "summary"]
    assert (shown["plan"], shown["year"]) == ("lam-dong-nq57", 2026)
    assignment = shown["assignments"][0]
    assert list(assignment) == [
        "task",
        "occurrence",
        "unit",
        "role",
        "breach",
        "target",
        "why",
        "rungs",
    ]
    assert set(assignment["rungs"][0]) == {
        "at",
        "kind",
        "level",
        "recipient",
        "why",
        "rung",
        "carried_by",
    }
    assert {frozenset(finding) for finding in shown["findings"]} == {
        frozenset({"severity", "place", "message"})
    }


def test_summary_counts_what_is_listed() -> None:
    shown = previewed()

    summary, assignments = shown["summary"], shown["assignments"]
    assert summary["launched_at"] == "2026-01-05T08:00:00+07:00"
    assert summary["tasks"] == 26
    assert summary["assignments"] == len(assignments) == sum(summary["by_role"].values())
    assert summary["units"] == len({assignment["unit"] for assignment in assignments})
    assert len([each for each in summary["waiting"] if each["waiting"] == "allocation"]) == 15
    assert [each["task"] for each in summary["waiting"] if each["waiting"] == "date"] == ["V.2"] * 2
    busiest = summary["messages"]["busiest"]
    assert len(busiest) == 10
    # At most one digest each for a unit and for its head.
    assert busiest[0]["messages"] <= 2 * summary["units"]


def test_ongoing_task_is_never_overdue() -> None:
    (news,) = previewed("--task", "III.1.a", "--unit", "VP")["assignments"]

    assert (news["breach"], news["target"]) == (None, None)
    assert "không bao giờ bị tính quá hạn" in news["why"]
    assert {rung["kind"] for rung in news["rungs"]} == {"acknowledgement"}


def test_date_that_the_document_leaves_open_is_not_invented() -> None:
    first, second = previewed("--task", "V.2")["assignments"]

    assert (first["breach"], second["breach"]) == (None, None)
    assert "chưa có hạn" in first["why"]


def test_officer_sets_the_date_that_the_document_leaves_open() -> None:
    first, second = previewed("--task", "V.2", "--date", "V.2.H1=2026-06-30")["assignments"]

    assert first["breach"] == "2026-07-01T00:00:00+07:00"
    assert "cán bộ điều phối ấn định" in first["why"]
    assert second["breach"] is None


def test_officer_allocates_where_the_document_names_nobody(tmp_path: Path) -> None:
    file = tmp_path / "phan-cong.yaml"
    file.write_text("III.2.a: [PCM1, PCM2]\n", encoding="utf-8")

    shown = previewed("--task", "III.2.a", "--allocate", str(file))

    assert [each["unit"] for each in shown["assignments"]] == ["PCM1", "PCM2"]
    assert shown["summary"]["waiting"] == []


def test_late_launch_folds_what_it_missed_into_one_message() -> None:
    shown = previewed("--task", "III.1.d", "--unit", "TM0001", "--at", "2026-02-25")
    (channels,) = shown["assignments"]

    rungs = {rung["rung"]: rung["carried_by"] for rung in channels["rungs"]}
    assert [rungs[name] for name in ("T-30", "T-14", "T-7", "T-3", "T-1")] == [
        "T-3",
        "T-3",
        "T-3",
        None,
        None,
    ]


def test_breached_before_the_launch_waits_for_the_officer() -> None:
    shown = previewed("--task", "III.1.d", "--unit", "TM0001", "--at", "2026-03-02")

    (channels,) = shown["assignments"]
    assert channels["rungs"] == []
    assert channels["breach"] == "2026-03-01T00:00:00+07:00"
    assert "chờ cán bộ quyết định" in channels["why"]
    assert [each["waiting"] for each in shown["summary"]["waiting"]] == ["adoption"]


def test_deadline_of_another_year_is_said_not_shown() -> None:
    result = preview("--task", "III.1.d", "--json", year=2027)

    shown = json.loads(result.stdout)
    assert (result.exit_code, shown["assignments"]) == (0, [])
    assert any("không thuộc năm 2027" in finding["message"] for finding in shown["findings"])


def test_unit_is_found_by_its_name_too() -> None:
    shown = previewed("--task", "V.1/H1", "--unit", "văn phòng sở")

    assert [each["unit"] for each in shown["assignments"]] == ["VP"]


def test_schools_are_as_many_as_asked_for() -> None:
    assert len(previewed("--task", "III.1.d", "--schools", "100")["assignments"]) == 101


def test_a_folder_is_previewed_without_a_database(tmp_path: Path) -> None:
    previewed.cache_clear()

    previewed("--task", "III.1.d")

    assert not (tmp_path / "var").exists()


# For people


def test_table_says_who_owes_what_and_how_to_see_the_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(console, "_width", 200)
    monkeypatch.setattr(console, "_height", 50)

    result = preview("--task", "III.1.d")

    assert result.exit_code == 0
    assert "28/02/2026" in result.stdout
    assert "28/01, 13/02, 24/02, 26/02, 27/02" in result.stdout
    assert "… và 41 dòng khác, thêm --task/--unit để thu hẹp." in result.stdout


# What cannot be shown


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        pytest.param(["--task", "III.9.z"], "không có nhiệm vụ “III.9.z”", id="task"),
        pytest.param(["--task", "III.1.c/05-19"], "III.1.c/05-18", id="occurrence"),
        pytest.param(["--unit", "NOBODY"], "không có đơn vị “NOBODY”", id="unit"),
        pytest.param(["--date", "V.2.H1"], "V.2.H1=2026-06-30", id="date without a day"),
        pytest.param(["--date", "V.9=2026-06-30"], "không có kỳ “V.9”", id="unknown period"),
        pytest.param(["--date", "V.2.H1=2028-06-30"], "không thuộc chu kỳ năm", id="other year"),
        pytest.param(["--at", "mai"], "Không hiểu ngày “mai”", id="launch day"),
        pytest.param(["--allocate", "no-such-file"], "no-such-file", id="allocation file"),
    ],
)
def test_what_is_not_understood_is_one_sentence(options: list[str], sentence: str) -> None:
    result = preview(*options, "--json")

    assert result.exit_code == 1
    assert sentence in json.loads(result.stdout)["error"]
    assert "Traceback" not in result.output


def test_bad_plan_folder_is_told_with_its_places(tmp_path: Path) -> None:
    folder = tmp_path / "plan"
    shutil.copytree(SHIPPED, folder)
    plan = folder / "plan.yaml"
    plan.write_text(plan.read_text("utf-8").replace("relation: before", "relation: trước"))

    result = preview(plan=folder)

    assert result.exit_code == 1
    assert "plan.yaml, dòng" in result.stderr.replace("\n", "")


def test_missing_plan_folder_is_told(tmp_path: Path) -> None:
    result = preview(plan=tmp_path / "nowhere")

    assert result.exit_code == 1
    assert "không tìm thấy tệp" in result.stderr.replace("\n", " ")


def test_plan_that_was_not_loaded_is_told() -> None:
    result = preview("--json", plan="no-such-plan")

    assert result.exit_code == 1
    assert "no-such-plan" in json.loads(result.stdout)["error"]


@pytest.mark.parametrize("option", [["--schools", "-1"], ["--no-such-option"]])
def test_wrong_usage_is_exit_code_2(option: list[str]) -> None:
    assert preview(*option).exit_code == 2
