"""`dondoc report` at the terminal, on a cycle whose clock stands on 01/07/2026."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook
from typer.testing import CliRunner, Result

import settings
from activities.directory import Registry
from cli.context import Context
from cli.output import console
from models.clock import VN, Clock
from starter import app
from tests.activities.office import HUBS, SHARE, Office
from tests.shipped import PLAN

NOW = datetime(2026, 7, 1, 9, 0, tzinfo=VN)
HUB = HUBS[0]


def typed(*words: str | Path) -> Result:
    return CliRunner().invoke(app, ["report", *map(str, words)])


def answered(*words: str | Path, exit_code: int = 0) -> Any:
    result = typed(*words, "--json")
    assert result.exit_code == exit_code, result.output
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("report")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DONDOC_STATE_DIR", str(folder))
        # Nobody listens there: what is submitted is kept for the relay.
        patch.setenv("DONDOC_TEMPORAL_ADDRESS", "127.0.0.1:1")
        patch.setattr(console, "_width", 200)
        settings.load.cache_clear()
        context = Context()
        context.clock.set(Clock(wall_anchor=NOW, plan_anchor=NOW, speed=0.0))
        office = Office(context.engine, folder)
        first, second, *_ = office.schools_of(HUB)
        for school, figures in ((first, (3, 4)), (second, (5, 10))):
            office.report(school, II_2_a_1=figures)
            office.accept(school)
        office.report("VP")
        yield office
        context.engine.dispose()
    settings.load.cache_clear()


@pytest.fixture(autouse=True)
def surroundings(office: Office) -> None:
    """Every command of these tests meets the office."""


def test_form_is_a_file_that_reads_back_as_it_was_written(tmp_path: Path) -> None:
    file = tmp_path / "bieu.yaml"

    typed("form", f"V.1/H1/{HUB}", "-o", file)
    saved = answered("save", f"V.1/H1/{HUB}", "--file", file)

    text = file.read_text(encoding="utf-8")
    assert "Cộng từ 2 báo cáo: 8/14" in text
    assert "số liệu từ ngày 15/12/2025 đến hết ngày 14/06/2026" in text
    form = answered("form", f"V.1/H1/{HUB}")
    assert form["draft"]["figures"][SHARE]["numerator"] == "8"
    assert "Đã làm III.1.a" in form["draft"]["lines"]["III.1.a"]["result"]
    assert saved["version"] == form["version"] == 1


def test_numbers_stay_as_they_were_typed(tmp_path: Path) -> None:
    file = tmp_path / "bieu.yaml"
    typed("form", "V.1/H1/TM0005", "-o", file)
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('numerator: ""', "numerator: 1.250", 1), encoding="utf-8")

    answered("save", "V.1/H1/TM0005", "--file", file)

    figures = answered("form", "V.1/H1/TM0005")["draft"]["figures"]
    assert "1.250" in {figure["numerator"] for figure in figures.values()}


def test_what_is_wrong_is_said_field_by_field_and_what_was_typed_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "bieu.yaml"
    typed("form", "V.1/H1/TM0006", "-o", file)
    text = file.read_text(encoding="utf-8").replace('status: ""', "status: sắp xong", 1)
    file.write_text(text, encoding="utf-8")

    refused = answered("submit", "V.1/H1/TM0006", "--file", file, exit_code=1)

    places = {finding["place"] for finding in refused["findings"]}
    assert {"lines.III.1.a.status", "figures.II.2.a.1.numerator"} <= places
    kept = answered("form", "V.1/H1/TM0006")["draft"]
    assert kept["lines"]["III.1.a"]["status"] == "sắp xong"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param("tasks: [", "không phải YAML", id="not YAML"),
        pytest.param("- a\n- b", "không phải biểu báo cáo", id="a list"),
        pytest.param("ghi_chu: x", "không có mục “ghi_chu”", id="unknown key"),
        pytest.param("tasks: {III.1.a: xong}", "phải có các mục", id="no fields"),
        pytest.param("report: a/2026/V.1/H1/VP", "không phải của", id="another's form"),
    ],
)
def test_a_file_that_is_no_form_is_refused(tmp_path: Path, content: str, said: str) -> None:
    file = tmp_path / "bieu.yaml"
    file.write_text(content, encoding="utf-8")

    result = typed("submit", "V.1/H1/TM0007", "--file", file)

    assert result.exit_code == 1
    assert said in result.output


def test_a_submission_is_received_while_temporal_is_down(tmp_path: Path) -> None:
    file = tmp_path / "kenh.yaml"
    typed("form", "III.1.d/TM0008", "-o", file)
    text = file.read_text(encoding="utf-8").replace('status: ""', "status: đã hoàn thành")
    file.write_text(text.replace('result: ""', "result: Đã lập kênh"), encoding="utf-8")
    picture = tmp_path / "anh.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n anh chup")

    answer = answered(
        "submit",
        "III.1.d/TM0008",
        "--file",
        file,
        "--attach",
        picture,
        "--as",
        "unit:TM0008",
        "--id",
        "một",
    )

    assert answer["verdict"] is None
    shown = answered("show", "III.1.d/TM0008")["report"]
    assert shown["content"]["attachments"][0]["name"] == "anh.png"
    assert shown["verdict"] is None


def test_unit_does_not_submit_for_another(tmp_path: Path) -> None:
    file = tmp_path / "bieu.yaml"
    typed("form", "V.1/H1/TM0009", "-o", file)

    result = typed("submit", "V.1/H1/TM0009", "--file", file, "--as", "unit:TM0010")

    assert result.exit_code == 1
    assert "Không báo cáo thay đơn vị TM0009" in result.output


def test_consolidated_report_has_one_spelling_more() -> None:
    words = ("--plan", PLAN, "--year", "2026", "--period", "h1")

    short, long = answered(*words), answered("consolidated", *words)

    assert short == long
    assert short["period_name"] == "6 tháng đầu năm 2026"
    assert {each["unit"] for each in short["waiting"]} == {"VP"}


def test_consolidated_report_is_a_document(office: Office, tmp_path: Path) -> None:
    """It cites the plan by its number, though that was entered after the launch."""
    file = tmp_path / "bao-cao.docx"
    assert Registry(office.engine).set_issued(PLAN, "12/KH-SGDĐT", NOW.date())

    written = typed("--plan", PLAN, "--year", "2026", "--period", "H1", "--docx", file)
    again = typed("--period", "H1", "--docx", file)

    assert written.exit_code == 0, written.output
    text = "\n".join(paragraph.text for paragraph in Document(str(file)).paragraphs)
    assert "6 tháng đầu năm 2026" in text
    assert "Kế hoạch số 12/KH-SGDĐT" in text
    assert again.exit_code == 1
    assert "Đã có tệp" in again.output


def test_consolidated_report_is_a_workbook_of_the_same_numbers(tmp_path: Path) -> None:
    file, late = tmp_path / "bao-cao.xlsx", tmp_path / "muon.xlsx"

    written = typed("--period", "H1", "--xlsx", file)
    listed = typed("late", "--period", "H1", "--xlsx", late)

    assert (written.exit_code, listed.exit_code) == (0, 0), written.output
    report = answered("--period", "H1")
    book = load_workbook(file)
    coverage = book["Tình hình báo cáo"].iter_rows(min_row=5, values_only=True)
    assert [row[1] for row in coverage] == [each["expected"] for each in report["coverage"]]
    assert book["Muộn, quá hạn"].max_row == 4 + len(report["late"])
    assert load_workbook(late).active.max_row == 4 + len(report["late"])  # type: ignore[union-attr]
    said = {row[1] for row in book["Ý kiến đơn vị"].iter_rows(min_row=5, values_only=True)}
    assert said == {each["unit"] for task in report["tasks"] for each in task["results"]}


def test_tables_are_files_too(tmp_path: Path) -> None:
    file = tmp_path / "thong-ke.xlsx"

    result = typed("statistics", "--by", "group", "--xlsx", file)

    assert result.exit_code == 0, result.output
    sheet = load_workbook(file).active
    assert sheet is not None
    values = [cell.value for row in sheet.iter_rows() for cell in row]
    assert "UBND các xã, phường, đặc khu" in values


def test_period_that_does_not_exist_is_said() -> None:
    result = typed("--period", "H9")

    assert result.exit_code == 1
    assert "không có kỳ H9" in result.output


def test_missing_units_are_named() -> None:
    found = answered("missing", "--period", "H1", "--hub", HUB)

    assert {each["unit"] for each in found} == {"TM0003", "TM0004"}


@pytest.mark.parametrize("by", ["task", "unit", "group", "period"])
def test_every_way_of_counting_counts_the_same_assignments(by: str) -> None:
    rows = answered("statistics", "--by", by, "--task", "V.1/H1")["rows"]

    total = sum(sum(row["counts"].values()) for row in rows)
    assert total == 27
    assert sum(row["counts"]["completed_on_time"] for row in rows) == 3


def test_reviews_name_the_reviewer() -> None:
    assert [
        (item["unit"], item["reviewer"]) for item in answered("reviews", "--unit", "GDTRH")
    ] == [("VP", "GDTRH")]


def test_return_for_a_task_the_report_has_not_is_refused() -> None:
    result = typed("return", "V.1/H1/VP", "--reason", "IX.9=gì đó")

    assert result.exit_code == 1
    assert "không có nhiệm vụ IX.9" in result.output


def test_tables_are_drawn() -> None:
    for words in (("--period", "H1"), ("targets", "--period", "H1"), ("still",), ("reviews",)):
        result = typed(*words)
        assert result.exit_code == 0, result.output
        assert "│" in result.output
    assert "Lần nộp" not in typed("show", "V.1/H1/VP").output
    assert "Đã làm III.1.a" in typed("show", "V.1/H1/TM0001").output
