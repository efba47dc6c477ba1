"""`dondoc import` and `dondoc schema` as a person or a program meets them."""

import json
import re
from datetime import datetime
from pathlib import Path

import pytest
import typer
from ruamel.yaml import YAML
from typer.testing import CliRunner, Result

from cli.importing import COMMANDS
from intake.plan_folder import read_plan
from intake.vietnam_calendar import vietnam_calendar
from models.clock import VN
from models.plan import Officer, Plan, PlanDocument
from rules.unfolding import Opening, unfold
from tests.shipped import SHIPPED, shipped_directory, shipped_plan

DOCUMENT = SHIPPED / "ke-hoach.txt"
app = typer.Typer()
for name, command in COMMANDS.items():
    app.command(name)(command)


def dondoc(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_json_says_all_that_was_read():
    result = dondoc("import", DOCUMENT, "--json", "--year", 2026)

    plan = json.loads(result.stdout)
    assert list(plan) == [
        "title",
        "issuer",
        "number",
        "date",
        "bases",
        "tasks",
        "reports",
        "targets",
        "days",
        "recipients",
        "findings",
    ]
    task = plan["tasks"][3]
    assert task["code"] == "III.1.d"
    assert task["lines"] == [158, 165]
    assert task["timing"]["due"] == "2026-02-28"
    assert task["timing"]["due_exclusive"] == "2026-03-01T00:00:00+07:00"
    assert plan["reports"][0]["dates"] == ["06-25", "12-15"]
    assert plan["reports"][0]["relation"] == "before"
    assert plan["reports"][1]["dates"] == []
    assert len(plan["tasks"]) == 19
    assert len(plan["recipients"]) == 10


def test_an_article_keeps_its_printed_code_in_json(tmp_path):
    document = tmp_path / "qd.txt"
    document.write_text("QUYẾT ĐỊNH\nThử\nĐiều 1. Giao Sở A lập kế hoạch.\n", encoding="utf-8")

    result = dondoc("import", document, "--json")

    assert json.loads(result.stdout)["tasks"][0]["code"] == "Điều 1"


def test_the_document_and_the_officers_additions_are_the_shipped_years_work(tmp_path):
    result = dondoc("import", DOCUMENT, "-o", tmp_path / "plan.yaml")
    for own in ("officer.yaml", "units.csv"):
        (tmp_path / own).write_bytes((SHIPPED / own).read_bytes())

    assert result.exit_code == 0, result.output
    imported, shipped = read_plan(tmp_path), shipped_plan()
    assert imported.document == shipped.document
    assert a_year_of(imported) == a_year_of(shipped)


def a_year_of(plan: Plan) -> list[Opening]:
    """Every task, assignment, deadline and rung of the cycle that a launch would begin."""
    return unfold(
        plan,
        shipped_directory(schools=3),
        vietnam_calendar((2025, 2026, 2027)),
        year=2026,
        cycle="2026",
        at=datetime(2026, 1, 5, 8, tzinfo=VN),
        dates={},
        allocation={},
    ).openings


@pytest.fixture
def edited(tmp_path: Path) -> Path:
    """The shipped plan with an edit, a comment, and one task that the officer took out."""
    text = (SHIPPED / "plan.yaml").read_text(encoding="utf-8")
    text = text.replace("issuer: Sở Giáo dục và Đào tạo", "issuer: Sở GDĐT  # viết tắt", 1)
    start, end = text.index("  - code: III.1.b"), text.index("  - code: III.1.c")
    target = tmp_path / "plan.yaml"
    target.write_text(text[:start] + text[end:], encoding="utf-8")
    return target


def test_differences_are_told_and_nothing_is_written(edited):
    before = edited.read_text(encoding="utf-8")

    result = dondoc("import", DOCUMENT, "-o", edited)

    assert result.exit_code == 1
    assert "issuer" in result.output
    assert "III.1.b" in result.output
    assert edited.read_text(encoding="utf-8") == before


def test_yes_adds_what_is_missing_and_keeps_edits(edited):
    result = dondoc("import", DOCUMENT, "-o", edited, "--yes")

    text = edited.read_text(encoding="utf-8")
    assert result.exit_code == 0, result.output
    assert "issuer: Sở GDĐT  # viết tắt" in text
    codes = [task["code"] for task in YAML(typ="safe").load(text)["tasks"]]
    assert codes[:4] == ["III.1.a", "III.1.b", "III.1.c", "III.1.d"]
    assert "# Văn bản để trống số và ngày ban hành." in text


def test_force_takes_the_document_and_keeps_comments(edited):
    result = dondoc("import", DOCUMENT, "-o", edited, "--force")

    text = edited.read_text(encoding="utf-8")
    assert result.exit_code == 0, result.output
    assert re.search(r"issuer: Sở Giáo dục và Đào tạo +# viết tắt", text)


def test_an_unchanged_plan_is_left_alone(tmp_path):
    target = tmp_path / "plan.yaml"
    target.write_text((SHIPPED / "plan.yaml").read_text(encoding="utf-8"), encoding="utf-8")

    result = dondoc("import", DOCUMENT, "-o", target)

    assert result.exit_code == 0
    assert "không ghi gì" in " ".join(result.output.split())


def test_a_file_that_is_no_plan_is_not_overwritten(tmp_path):
    target = tmp_path / "plan.yaml"
    target.write_text("- một\n- hai\n", encoding="utf-8")

    result = dondoc("import", DOCUMENT, "-o", target, "--force")

    assert result.exit_code == 1
    assert target.read_text(encoding="utf-8") == "- một\n- hai\n"


def test_a_refused_file_writes_nothing(tmp_path):
    document = tmp_path / "quet.pdf"
    document.write_bytes(b"%PDF-1.4\n")

    result = dondoc("import", document, "-o", tmp_path / "plan.yaml")

    assert result.exit_code == 1
    assert "hỏng" in result.output
    assert not (tmp_path / "plan.yaml").exists()


def test_the_read_text_shows_what_line_numbers_mean(tmp_path):
    result = dondoc("import", DOCUMENT, "--text", tmp_path / "dong.txt")

    assert result.exit_code == 0
    assert "  158   d) Thiết lập và phát triển" in (tmp_path / "dong.txt").read_text(
        encoding="utf-8"
    )


def test_a_person_sees_findings_and_every_task():
    result = dondoc("import", DOCUMENT)

    output = " ".join(result.output.split())
    assert "ke-hoach.txt:381" in output
    assert "19 nhiệm vụ, 2 chế độ báo cáo, 9 chỉ tiêu, 3 ngày hằng năm, 10 nơi nhận" in output
    assert "28/02/2026" in output


@pytest.mark.parametrize(
    ("options", "model"), [((), PlanDocument), (("--officer",), Officer)], ids=["plan", "officer"]
)
def test_the_schema_has_every_field(options, model):
    result = dondoc("schema", *options)

    schema = json.loads(result.stdout)
    assert set(schema["properties"]) == set(model.model_fields)
    assert schema["$schema"].startswith("https://json-schema.org/")
