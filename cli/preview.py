"""A launch seen beforehand: nothing is written, nothing is sent."""

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from textwrap import shorten
from typing import Annotated, Any, NamedTuple
from unicodedata import normalize

import typer

from cli import addressing
from cli.calling import TaskOption, UnitOption
from cli.context import Context
from cli.launching import (
    AllocateFile,
    Dates,
    PlanArgument,
    Schools,
    Year,
    parse_dates,
    read_allocation,
)
from cli.output import (
    Json,
    Problem,
    console,
    moment,
    print_findings,
    print_rest,
    print_table,
    problems,
)
from intake.plan_folder import read_directory, read_plan
from intake.vietnam_calendar import calendar_of_cycle
from models.clock import VN
from models.deadline import Deadline, RungKind
from models.directory import Directory, Unit
from models.finding import Finding
from models.identifiers import parse_task_id
from models.plan import Plan
from rules.checks import check, check_ordered
from rules.narration import LADDERS, recipient_name
from rules.performers import folded
from rules.preview import Owed, Preview
from rules.unfolding import Opening, unfold
from rules.wording import ROLE_NAMES, dmy
from rules.working_calendar import next_working_day

LAUNCHED_AT = time(8, 0)
MOST_ROWS = 20
MOST_LADDERS = 2


def preview(
    plan: PlanArgument,
    year: Year,
    unit: UnitOption = None,
    task: TaskOption = None,
    schools: Schools = 60,
    date_: Dates = None,
    allocate: AllocateFile = None,
    at: Annotated[
        str | None,
        typer.Option("--at", help="Ngày phát động; mặc định là ngày làm việc đầu tiên của năm."),
    ] = None,
    json_: Json = False,
) -> None:
    """Xem trước một lần phát động: ai phải làm gì, đến ngày nào, vì sao, được nhắc ra sao.

    Không ghi gì, không gửi gì. Với một thư mục kế hoạch thì không cần cơ sở dữ liệu.
    """
    with problems(as_json=json_):
        shown = _previewed(
            plan,
            year,
            schools,
            dates=parse_dates(date_),
            allocation=read_allocation(allocate),
            at=at,
            task=task,
            unit=unit,
        )
        if json_:
            _stream_preview(shown)
        else:
            _print_preview(shown)


def _previewed(
    plan_name: str,
    year: int,
    schools: int,
    *,
    dates: Mapping[str, date],
    allocation: Mapping[str, Sequence[str]],
    at: str | None,
    task: str | None,
    unit: str | None,
) -> Preview:
    plan, directory = _plan_and_directory(plan_name, schools)
    check_ordered(dates, year=year)
    calendar = calendar_of_cycle(year)
    first = addressing.parse_day(at) if at else next_working_day(calendar, date(year, 1, 1))
    launched_at = datetime.combine(first, LAUNCHED_AT, VN)
    unfolded = unfold(
        plan,
        directory,
        calendar,
        year=year,
        cycle=str(year),
        at=launched_at,
        dates=dates,
        allocation=allocation,
    )
    findings = check(plan, directory, calendar, year=year, dates=dates)
    return Preview(
        plan,
        directory,
        calendar,
        year,
        launched_at,
        _selected(unfolded.openings, plan, task),
        _concerning([*findings, *unfolded.findings], plan, task),
        None if unit is None else _unit_in(directory, unit),
    )


def _plan_and_directory(name: str, schools: int) -> tuple[Plan, Directory]:
    folder = Path(name)
    if folder.is_dir() or len(folder.parts) > 1:
        return read_plan(folder), read_directory(folder, schools)
    context = Context()
    plan = context.registry.plan(name)
    if plan is None:
        loaded = ", ".join(row.id for row in context.registry.plans()) or "chưa có kế hoạch nào"
        raise Problem(f"“{name}” không phải thư mục và chưa được nạp (đã nạp: {loaded}).")
    return plan, context.launcher.launchable(schools)


def _selected(openings: Sequence[Opening], plan: Plan, task: str | None) -> list[Opening]:
    """The openings of `III.1.d` or of `III.1.c/05-18`; a known task may have none this year."""
    if task is None:
        return list(openings)
    code, slash, occurrence = normalize("NFC", task).partition("/")
    codes = [duty.code for duty in plan.duties]
    if code not in codes:
        raise Problem(f"Kế hoạch không có nhiệm vụ “{code}”. Các mã: {', '.join(codes)}.")
    keys = {opening.task: parse_task_id(opening.task) for opening in openings}
    of_code = [opening for opening in openings if keys[opening.task].code == code]
    if not slash or not of_code:
        return of_code
    found = [opening for opening in of_code if keys[opening.task].occurrence == occurrence]
    if not found:
        names = dict.fromkeys(f"{code}/{keys[opening.task].occurrence}" for opening in of_code)
        raise Problem(f"{code} không có kỳ “{occurrence}”. Các kỳ: {', '.join(names)}.")
    return found


def _concerning(findings: Sequence[Finding], plan: Plan, task: str | None) -> list[Finding]:
    """The findings about the selected task, and those about no task."""
    code = normalize("NFC", task or "").partition("/")[0]
    others = [duty.code for duty in plan.duties if task and duty.code != code]
    return [
        finding
        for finding in findings
        if not any(f"{finding.place}.".startswith(f"{other}.") for other in others)
    ]


def _unit_in(directory: Directory, text: str) -> Unit:
    if text in directory.units:
        return directory.units[text]
    wanted = folded(text)
    found = [
        unit
        for unit in directory.units.values()
        if wanted in map(folded, (unit.code, unit.name, *unit.aliases))
    ]
    if not found:
        raise Problem(f"Danh bạ không có đơn vị “{text}”.")
    if len(found) > 1:
        names = ", ".join(f"{unit.code} ({unit.name})" for unit in found[:8])
        raise Problem(f"“{text}” có thể là nhiều đơn vị, hãy ghi mã: {names}.")
    return found[0]


def _stream_preview(shown: Preview) -> None:
    """One assignment a line, written as it is made."""
    head = {"plan": shown.plan.id, "year": shown.year}
    write = sys.stdout.write
    write(f'{_dumped(head)[:-1]}, "assignments": [')
    for number, owed in enumerate(shown.owed()):
        write((",\n" if number else "\n") + _dumped(owed.as_json()))
    told = {"severity", "place", "message"}
    findings = [finding.model_dump(mode="json", include=told) for finding in shown.findings]
    write(f'\n], "findings": {_dumped(findings)},\n"summary": {_dumped(shown.summary())}}}\n')


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


class _Class(NamedTuple):
    """What all units of one deadline of a task share; `first` is one of them, as an example."""

    first: Owed
    units: list[str]


def _print_preview(shown: Preview) -> None:
    classes: dict[tuple[str, str, date | None], _Class] = {}
    rows: list[tuple[object, ...]] = []
    for owed in shown.owed():
        facts, unit = owed.facts, owed.assignment.unit
        last_day = None if owed.deadline is None else owed.deadline.last_day
        key = (facts.code, facts.occurrence, last_day)
        classes.setdefault(key, _Class(owed, [])).units.append(unit)
        if len(rows) < MOST_ROWS:
            rows.append(_owed_row(owed, shown.directory))
    summary = shown.summary()
    title = shown.plan.officer.short_title
    console.print(f"[bold]{title}, năm {shown.year}[/bold]", highlight=False)
    console.print(f"Phát động lúc {moment(shown.at)} (xem trước, không ghi gì).", highlight=False)
    if not classes:
        console.print("Không có phần việc nào được giao trong phạm vi đã chọn.")
    else:
        _print_owed(classes, rows, shown)
    _print_summary(summary)
    print_findings(shown.findings)


def _print_owed(
    classes: Mapping[tuple[str, str, date | None], _Class],
    rows: Sequence[Sequence[object]],
    shown: Preview,
) -> None:
    print_table(
        "Nhiệm vụ và hạn",
        ("Nhiệm vụ", "Đơn vị", "Hạn cuối (hết ngày)", "Vì sao", "Các ngày nhắc"),
        [_class_row(each, shown.directory) for each in classes.values()],
    )
    print_table("Phần việc", ("Đơn vị", "Nhiệm vụ", "Vai trò", "Hạn cuối", "Vì sao"), rows)
    print_rest(shown.tally.assignments - len(rows), "dòng", "--task/--unit")
    dated = [each for each in classes.values() if each.first.deadline is not None]
    for each in dated[:MOST_LADDERS]:
        _print_ladder(each.first, shown.directory)
    print_rest(len(dated) - MOST_LADDERS, "lịch nhắc", "--task/--unit")


def _owed_row(owed: Owed, directory: Directory) -> tuple[object, ...]:
    facts, assignment = owed.facts, owed.assignment
    return (
        f"{_name(directory, assignment.unit)} ({assignment.unit})",
        f"{facts.code}/{facts.occurrence}",
        ROLE_NAMES[assignment.role],
        _last_day(owed.deadline),
        owed.why,
    )


def _class_row(each: _Class, directory: Directory) -> tuple[object, ...]:
    owed, units = each
    who = _name(directory, units[0]) if len(units) == 1 else f"{len(units)} đơn vị"
    days = dict.fromkeys(
        f"{instant:%d/%m}"
        for rung in owed.rungs
        if rung["kind"] in (RungKind.REMINDER, RungKind.DUE)
        for instant in [datetime.fromisoformat(rung["at"])]
    )
    what = owed.facts.title.removeprefix(f"{owed.facts.code}. ")
    title = f"{owed.facts.code}/{owed.facts.occurrence}: {shorten(what, 50, placeholder=' …')}"
    return (title, who, _last_day(owed.deadline), owed.why, ", ".join(days))


def _print_ladder(owed: Owed, directory: Directory) -> None:
    facts = owed.facts
    who = _name(directory, owed.assignment.unit)
    rows = [
        (
            rung["rung"],
            moment(datetime.fromisoformat(rung["at"])),
            LADDERS[rung["kind"]],
            recipient_name(rung["recipient"], unit_name=lambda code: _name(directory, code)),
            rung["why"] + (f" (gộp vào {rung['carried_by']})" if rung["carried_by"] else ""),
        )
        for rung in owed.rungs
    ]
    print_table(
        f"Lịch nhắc {facts.code}/{facts.occurrence} của {who}",
        ("Mốc", "Lúc", "Việc", "Báo ai", "Vì sao"),
        rows,
    )


def _print_summary(summary: Mapping[str, Any]) -> None:
    roles = ", ".join(f"{ROLE_NAMES[role]} {n}" for role, n in summary["by_role"].items())
    console.print(
        f"Tổng cộng {summary['tasks']} nhiệm vụ, {summary['assignments']} phần việc của "
        f"{summary['units']} đơn vị" + (f" ({roles})." if roles else "."),
        highlight=False,
    )
    busiest = [
        f"{dmy(date.fromisoformat(each['day']))}: {each['messages']} thư"
        for each in summary["messages"]["busiest"][:3]
    ]
    if busiest:
        console.print(
            f"Nếu không đơn vị nào trả lời, các ngày nhiều thư nhất là {'; '.join(busiest)}.",
            highlight=False,
        )


def _name(directory: Directory, code: str) -> str:
    return directory.units[code].name if code in directory.units else code


def _last_day(deadline: Deadline | None) -> str:
    return "không có hạn" if deadline is None else dmy(deadline.last_day)
