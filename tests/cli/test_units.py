"""The directory at the terminal: listed, imported with its difference first, exported."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import text
from typer.testing import CliRunner, Result

from activities.contacts import Contacts
from cli.context import Context
from cli.units import app
from models.clock import VN
from models.directory import Absence, Contact, ContactRole, Directory, Unit, UnitKind
from tests.shipped import shipped_directory, shipped_plan

HEADER = ("Mã đơn vị", "Tên đơn vị", "Loại", "Trực thuộc", "Thư điện tử", "Thư lãnh đạo")
SCHOOL = ("LL", "Trường Tiểu học Lê Lợi", "tiểu học", "22918", "ll@truong.vn", "ht@truong.vn")
NOW = datetime(2026, 1, 5, 8, 0, tzinfo=VN)


def typed(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def answered(*words: str | Path, exit_code: int = 0) -> Any:
    result = typed(*words, "--json")
    assert result.exit_code == exit_code, result.output
    return json.loads(result.stdout)


@pytest.fixture(autouse=True)
def context(state_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Context]:
    """An installation with the shipped directory and six sample schools."""
    monkeypatch.setenv("COLUMNS", "200")
    context = Context()
    context.registry.keep_units(shipped().units.values())
    yield context
    context.engine.dispose()


def shipped() -> Directory:
    return shipped_directory(6)


def a_workbook(path: Path, *rows: tuple[str, ...]) -> Path:
    workbook = Workbook()
    for row in (HEADER, *rows):
        workbook.worksheets[0].append(list(row))
    workbook.save(path)
    return path


def open_work(context: Context, unit: str, *, stage: str = "open") -> None:
    """An open assignment of `unit` in a cycle at `stage`."""
    rows: dict[str, dict[str, Any]] = {
        "snapshot": {"id": "s", "kind": "plan", "content": "{}"},
        "cycle": {
            "id": "c", "plan": "p", "cycle": "2026", "year": 2026, "stage": stage,
            "plan_snapshot": "s", "directory_snapshot": "s", "calendar_snapshot": "s",
            "dates": "{}", "allocation": "{}", "launched_at": "2026-01-05 01:00:00",
            "launched_by": "{}", "expected_tasks": 1, "expected_assignments": 1,
        },
        "task": {
            "id": "t", "cycle": "c", "plan": "p", "code": "A", "occurrence": "nam", "part": "1",
            "title": "A", "stage": "open", "waiting": "[]", "head_seq": 1, "head_hash": "",
            "open_units": 1, "total_units": 1, "level": 0, "opened_at": "2026-01-05 01:00:00",
        },
        "assignment": {
            "id": "a", "task": "t", "cycle": "c", "code": "A", "occurrence": "nam", "unit": unit,
            "role": "performer", "stage": "assigned", "version": 1, "revision": 0, "late": False,
            "level": 0, "extension_asked": False,
        },
    }  # fmt: skip
    with context.engine.begin() as connection:
        for table, row in rows.items():
            names = ", ".join(row)
            values = ", ".join(f":{name}" for name in row)
            connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({values})"), row)  # noqa: S608


# Listing


@pytest.mark.parametrize(
    ("options", "total"),
    [([], 140), (["--kind", "commune"], 124), (["--kind", "school", "--sample"], 6)],
    ids=["all", "communes", "sample schools"],
)
def test_units_are_listed(options: list[str], total: int) -> None:
    assert answered(*options)["total"] == total


def test_empty_list_says_so() -> None:
    assert "Không có đơn vị nào như vậy" in typed("--kind", "direct", "--real").stdout


# Importing


def test_difference_is_shown_and_nothing_written_without_a_yes(
    tmp_path: Path, context: Context
) -> None:
    file = a_workbook(tmp_path / "a.xlsx", SCHOOL)

    result = typed("import", file)

    assert result.exit_code == 0
    assert "Thêm: 1 đơn vị" in result.stdout
    assert "Chưa ghi gì" in result.stdout
    assert context.registry.directory() == shipped()


def test_import_adds_and_changes_and_says_what_it_did(tmp_path: Path, context: Context) -> None:
    office = ("VP", "Văn phòng Sở GDĐT", "văn phòng", "", "moi@x.vn", "")

    said = answered("import", a_workbook(tmp_path / "a.xlsx", SCHOOL, office), "--yes")

    assert (said["written"], [unit["code"] for unit in said["added"]]) == (True, ["LL"])
    assert [field["field"] for field in said["changed"][0]["fields"]] == [
        "name",
        "email",
        "head_email",
    ]
    assert context.registry.unit("LL") == Unit(
        code="LL",
        name=SCHOOL[1],
        kind=UnitKind.SCHOOL,
        hub="22918",
        email="ll@truong.vn",
        head_email="ht@truong.vn",
    )
    kept = context.registry.unit("VP")
    assert kept is not None
    assert (kept.name, kept.focal_person) == ("Văn phòng Sở GDĐT", "Đầu mối (mẫu)")


def test_importing_twice_is_importing_once(tmp_path: Path, context: Context) -> None:
    file = a_workbook(tmp_path / "a.xlsx", SCHOOL)
    answered("import", file, "--yes")
    once = context.registry.directory()

    again = answered("import", file, "--yes")

    assert (again["written"], again["added"], again["changed"]) == (False, [], [])
    assert context.registry.directory() == once


def test_missing_units_are_kept_and_reported(tmp_path: Path, context: Context) -> None:
    said = answered("import", a_workbook(tmp_path / "a.xlsx", SCHOOL), "--yes")

    assert len(said["missing"]) == 140
    assert not any(unit["removed"] for unit in said["missing"])
    assert len(context.registry.directory().units) == 141


def test_errors_write_nothing_and_are_told_with_their_rows(
    tmp_path: Path, context: Context
) -> None:
    file = a_workbook(tmp_path / "a.xlsx", SCHOOL, ("X", "Y", "lạ", "Z", "sai", ""))

    result = typed("import", file, "--yes")
    said = answered("import", file, "--yes", exit_code=1)

    assert result.exit_code == 1
    assert "chưa ghi gì" in result.stderr
    assert {finding["place"].rpartition(", ")[2] for finding in said["findings"]} == {"dòng 3"}
    assert len(said["findings"]) == 2
    assert context.registry.directory() == shipped()


def test_huge_file_is_one_sentence(tmp_path: Path) -> None:
    with (tmp_path / "a.xlsx").open("wb") as file:
        file.truncate(200 * 1024 * 1024)

    result = typed("import", tmp_path / "a.xlsx", "--yes")

    assert result.exit_code == 1
    assert "tệp lớn 200 MB" in result.stderr


# Removing


def test_missing_units_leave_when_asked_and_come_back_when_listed_again(
    tmp_path: Path, context: Context
) -> None:
    office = ("VP", "Văn phòng Sở", "văn phòng")
    said = answered("import", a_workbook(tmp_path / "a.xlsx", office), "--remove-missing", "--yes")
    left = context.registry.directory().units

    assert all(unit["removed"] for unit in said["missing"])
    assert list(left) == ["VP"]
    # Its history still names it.
    assert context.registry.unit("GDTRH") is not None
    answered("import", a_workbook(tmp_path / "b.xlsx", ("GDTRH", "Phòng GDTrH", "phòng")), "--yes")
    assert list(context.registry.directory().units) == ["GDTRH", "VP"]


def test_unit_with_open_work_and_its_hub_stay(tmp_path: Path, context: Context) -> None:
    open_work(context, "TM0001")

    said = answered("import", a_workbook(tmp_path / "a.xlsx", SCHOOL), "--remove-missing", "--yes")

    assert {u["code"] for u in said["missing"] if not u["removed"]} == {"TM0001", "22918"}
    assert set(context.registry.directory().units) == {"LL", "TM0001", "22918"}
    assert any("còn 1 phần việc đang mở" in finding["message"] for finding in said["findings"])


def test_work_of_a_closed_cycle_keeps_nobody(tmp_path: Path, context: Context) -> None:
    open_work(context, "TM0001", stage="closed")

    answered("import", a_workbook(tmp_path / "a.xlsx", SCHOOL), "--remove-missing", "--yes")

    assert context.registry.directory().units.keys() == {"LL", "22918"}


def test_units_of_a_loaded_plan_stay(tmp_path: Path, context: Context) -> None:
    context.registry.load_plan(shipped_plan(), [], at=NOW)

    answered("import", a_workbook(tmp_path / "a.xlsx", SCHOOL), "--remove-missing", "--yes")

    assert {"GDTRH", "LDS", "VP"} <= context.registry.directory().units.keys()


def test_directory_that_changed_meanwhile_is_not_overwritten(context: Context) -> None:
    seen = context.registry.directory()
    context.registry.keep_units([seen.units["VP"].model_copy(update={"phone": "0263"})])

    assert not context.registry.change_units([], ["PCM1"], seen=seen)
    assert "PCM1" in context.registry.directory().units


def test_unit_given_work_meanwhile_is_not_removed(context: Context) -> None:
    open_work(context, "PCM1")

    assert not context.registry.change_units([], ["PCM1"], seen=context.registry.directory())


# Files


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
def test_import_of_an_export_changes_nothing(tmp_path: Path, context: Context, name: str) -> None:
    assert answered("export", tmp_path / name) == {"file": str(tmp_path / name), "units": 140}

    said = answered("import", tmp_path / name, "--remove-missing", "--yes")

    assert (said["unchanged"], said["written"], said["missing"]) == (140, False, [])
    assert context.registry.directory() == shipped()


def test_existing_file_is_not_overwritten_unasked(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_text("của người khác")

    assert "Đã có tệp" in answered("export", tmp_path / "a.xlsx", exit_code=1)["error"]
    assert "Đã có tệp" in answered("template", tmp_path / "a.xlsx", exit_code=1)["error"]
    assert typed("template", tmp_path / "a.xlsx", "--yes").exit_code == 0
    assert load_workbook(tmp_path / "a.xlsx").sheetnames == [
        "Đơn vị",
        "Đầu mối theo thời gian",
        "Hướng dẫn",
    ]


def test_file_of_an_unknown_kind_is_refused(tmp_path: Path) -> None:
    assert typed("export", tmp_path / "a.doc").exit_code == 1
    assert typed("template", tmp_path / "a.csv").exit_code == 1
    assert not list(tmp_path.glob("a.*"))


# Provinces


def test_province_is_printed_or_written(tmp_path: Path) -> None:
    said = answered("province", "lâm đồng")

    assert (said["province"], said["total"]) == ("Lâm Đồng", 124)
    assert answered("province", "Lâm Đồng", "-o", tmp_path / "a.csv")["units"] == 124
    assert "không có trong" not in typed("import", tmp_path / "a.csv").stderr


def test_province_adds_what_is_not_known_and_leaves_the_rest(context: Context) -> None:
    before = context.registry.directory().units

    said = answered("province", "Huế", "--add", "--yes")
    again = answered("province", "Lâm Đồng", "--add", "--yes")

    assert (len(said["added"]), said["changed"]) == (40, [])
    assert (again["written"], again["unchanged"]) == (False, 124)
    after = context.registry.directory().units
    assert {code: after[code] for code in before} == before


def test_old_province_is_explained() -> None:
    assert "đã sáp nhập vào Lâm Đồng" in answered("province", "Đắk Nông", exit_code=1)["error"]


def test_contacts_by_day_go_out_and_come_back_with_the_directory(
    context: Context, tmp_path: Path
) -> None:
    contacts, file = Contacts(context.engine), tmp_path / "danh-ba.xlsx"
    focal = contacts.keep(
        Contact(
            unit="TM0001",
            role=ContactRole.FOCAL,
            name="An",
            channels=("tgram://khoa/phong",),
            valid_from=date(2026, 3, 1),
        )
    )
    away = contacts.keep_absence(
        Absence(
            unit="TM0001",
            role=ContactRole.FOCAL,
            first_day=date(2026, 4, 1),
            last_day=date(2026, 4, 7),
        )
    )
    typed("export", file)
    unchanged = answered("import", file, "--yes")
    workbook = load_workbook(file)
    sheet = workbook["Đầu mối theo thời gian"]
    sheet["D2"].value = "An Bình"
    sheet.delete_rows(3)
    workbook.save(file)
    shown = typed("import", file)
    changed = answered("import", file, "--yes")

    assert unchanged["written"] is False
    assert unchanged["contacts"] == []
    assert "Họ tên: An → An Bình" in shown.output
    assert "Đầu mối: thêm 0, sửa 1, bỏ 1." in shown.output
    assert "khoa" not in shown.output
    assert changed["written"] is True
    assert contacts.of("TM0001") == [focal.model_copy(update={"name": "An Bình"})]
    assert contacts.absences("TM0001") == []
    assert away.id is not None


def test_contacts_alone_are_a_file_of_their_own(context: Context, tmp_path: Path) -> None:
    contacts, file = Contacts(context.engine), tmp_path / "dau-moi.csv"
    kept = contacts.keep(
        Contact(unit="TM0001", role=ContactRole.HEAD, channels=("https://cong.vn/khoa",))
    )
    written = typed("export", file, "--contacts", "--channels")
    contacts.remove("TM0001", kept.id or 0)
    brought = answered("import", file, "--yes")

    assert "1 dòng đầu mối" in written.output
    assert brought["missing"] != []
    assert [each.channels for each in contacts.of("TM0001")] == [("https://cong.vn/khoa",)]
    assert "khoa" not in json.dumps(brought["contacts"])
    assert typed("export", tmp_path / "dau-moi.xlsx", "--contacts").exit_code == 1
