"""`dondoc check`: what is wrong, or likely not meant, in a plan before it is launched."""

import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.addressing import parse_day
from cli.context import Context
from cli.launching import PlanArgument, Schools
from cli.output import Json, Problem, console, print_findings, print_json, problems
from intake.directory_files import DirectoryFile
from intake.plan_folder import read_listed, read_plan, with_samples
from intake.plan_lines import plan_lines
from intake.vietnam_calendar import calendar_of_cycle
from models.clock import VN
from models.directory import Directory
from models.finding import BadInput, Finding, Severity
from models.plan import Plan
from rules.lint import lint

LAUNCHED_AT = time(8, 0)
NAMES = {Severity.ERROR: "lỗi", Severity.WARNING: "cảnh báo", Severity.INFO: "lưu ý"}

Lines = dict[str, tuple[Path, int]]


def check_plan(
    plan: PlanArgument,
    year: Annotated[
        int | None,
        typer.Option("--year", help="Năm của chu kỳ; mặc định năm nay.", min=2020, max=2100),
    ] = None,
    at: Annotated[
        str | None, typer.Option("--at", help="Ngày phát động dự kiến; mặc định hôm nay.")
    ] = None,
    schools: Schools = 60,
    json_: Json = False,
) -> None:
    """Soát một kế hoạch trước khi phát động: lỗi, cảnh báo, chỗ cần sửa và cách sửa.

    Không ghi gì. Mã thoát là 0 khi không có lỗi, 1 khi có. Với một thư mục kế hoạch thì không cần
    cơ sở dữ liệu.
    """
    with problems(as_json=json_):
        folder = Path(plan)
        if folder.is_dir() or len(folder.parts) > 1:
            now = datetime.now(UTC)
            findings = _read_and_lint(folder, schools, *_when(year, at, now))
            lines = plan_lines(folder)
        else:
            context = Context()
            loaded = context.registry.plan(unicodedata.normalize("NFC", plan))
            if loaded is None:
                ids = ", ".join(row.id for row in context.registry.plans())
                raise Problem(
                    f"“{plan}” không phải thư mục và chưa được nạp (đã nạp: {ids or 'chưa có'})."
                )
            directory = context.launcher.launchable(schools)
            findings = _lint(loaded, directory, *_when(year, at, context.now))
            lines = {}
        if json_:
            print_json(_as_json(findings, lines))
        else:
            print_findings([_located(finding, lines) for finding in findings])
            console.print(_summary(findings), highlight=False)
    if _errors(findings):
        raise typer.Exit(1)


def _when(year: int | None, at: str | None, now: datetime) -> tuple[int, datetime]:
    """The year of the cycle and the instant of its launch."""
    if at is not None:
        now = datetime.combine(parse_day(at), LAUNCHED_AT, VN)
    return year or now.astimezone(VN).year, now


def _read_and_lint(folder: Path, schools: int, year: int, at: datetime) -> list[Finding]:
    """The findings of a folder; one that cannot be read has the reasons for findings."""
    problems_read: list[Finding] = []
    plan: Plan | None = None
    listed: DirectoryFile | None = None
    try:
        plan = read_plan(folder)
    except BadInput as bad:
        problems_read += bad.findings
    try:
        listed = read_listed(folder)
    except BadInput as bad:
        problems_read += bad.findings
    if plan is None or listed is None:
        return list(dict.fromkeys(problems_read))
    directory = with_samples(listed.units, schools)
    return [*listed.findings, *_lint(plan, directory, year, at)]


def _lint(plan: Plan, directory: Directory, year: int, at: datetime) -> list[Finding]:
    calendar = calendar_of_cycle(year)
    return lint(plan, directory, calendar, year=year, at=at)


def _as_json(findings: list[Finding], lines: Lines) -> dict[str, Any]:
    return {
        "errors": _errors(findings),
        "warnings": sum(finding.severity is Severity.WARNING for finding in findings),
        "findings": [
            finding.model_dump(mode="json") | {"file": file and str(file), "line": line}
            for finding in findings
            for file, line in [_line_of(finding, lines)]
        ],
    }


def _located(finding: Finding, lines: Lines) -> Finding:
    file, line = _line_of(finding, lines)
    if file is None:
        return finding
    return finding.model_copy(update={"place": f"{finding.place} ({file}, dòng {line})"})


def _line_of(finding: Finding, lines: Lines) -> tuple[Path | None, int | None]:
    """`V.1.H2` stands where V.1 stands."""
    code, _, _ = finding.place.rpartition(".")
    return lines.get(finding.place) or lines.get(code) or (None, None)


def _errors(findings: list[Finding]) -> int:
    return sum(finding.severity is Severity.ERROR for finding in findings)


def _summary(findings: list[Finding]) -> str:
    if not findings:
        return "Không có gì cần lưu ý."
    counts = [
        f"{sum(each.severity is severity for each in findings)} {name}"
        for severity, name in NAMES.items()
    ]
    return f"{', '.join(counts)}."


COMMANDS: dict[str, Callable[..., None]] = {"check": check_plan}
