"""Looking without touching: where things stand, who owes what, whether the ledger is whole."""

from collections.abc import Callable
from datetime import datetime, timedelta
from textwrap import shorten
from typing import Annotated, Any
from unicodedata import normalize

import typer

from activities.report_store import ReportStore
from activities.views import (
    AssignmentView,
    CycleView,
    Page,
    TaskView,
    Views,
)
from cli import addressing, histories, inboxes
from cli.calling import PlanOption, TaskOption, UnitOption, YearOption
from cli.context import Context
from cli.exporting import Csv, Files, Overwrite, Xlsx
from cli.output import (
    Json,
    Problem,
    console,
    moment,
    print_findings,
    print_json,
    print_rest,
    print_table,
    problems,
)
from documents.lists import assignments_table, tasks_table
from models.assignment import Role, Stage
from models.clock import VN
from models.finding import Finding
from rules.wording import ROLE_NAMES, dmy, standing, task_standing

SHOWN = 50
ROOMY = 110  # columns of a terminal that has room for everything
CYCLE_STAGES = {
    "opening": "đang mở",
    "open": "đang chạy",
    "closing": "đang khép lại",
    "closed": "đã khép lại",
    "voiding": "đang hủy",
    "voided": "đã hủy",
}


def status(
    plan: PlanOption = None,
    year: YearOption = None,
    xlsx: Xlsx = None,
    csv: Csv = None,
    yes: Overwrite = False,
    json_: Json = False,
) -> None:
    """Tình hình các chu kỳ: từng nhiệm vụ đang ở đâu, bao nhiêu đơn vị còn nợ, quá hạn."""
    with problems(as_json=json_):
        files = Files(xlsx, csv, overwrite=yes)
        context = Context()
        at = context.now
        cycles = Views(context.engine).cycles(at=at, plan=plan, year=year)
        files.write(tasks_table(cycles, at))
        if json_:
            print_json({"at": at, "cycles": [_cycle_json(cycle) for cycle in cycles]})
        if json_ or files:
            return
        console.print(f"Tính đến {moment(at)}.", highlight=False)
        for cycle in cycles:
            _print_cycle(cycle)
        if not cycles:
            console.print(_what_next(context, plan, at), highlight=False)


def _cycle_json(cycle: CycleView) -> dict[str, Any]:
    return {
        "cycle": cycle.id,
        "plan": cycle.plan,
        "title": cycle.title,
        "year": cycle.year,
        "stage": cycle.stage,
        "launched_at": cycle.launched_at,
        "expected_tasks": cycle.expected_tasks,
        "expected_assignments": cycle.expected_assignments,
        "paused_at": cycle.paused_at,
        "paused_why": cycle.paused_why,
        "tasks": [_task_json(task) for task in cycle.tasks],
    }


def _task_json(task: TaskView) -> dict[str, Any]:
    return {
        "id": task.id,
        "task": task.code,
        "occurrence": task.occurrence,
        "part": task.part,
        "title": task.title,
        "stage": task.stage,
        "waiting": task.waiting,
        "halted": task.halted,
        "next_deadline": task.next_deadline,
        "next_instant": task.next_instant,
        "open": task.open,
        "overdue": task.overdue,
        "held": task.held,
        "total": task.total,
        "level": task.level,
    }


def _print_cycle(cycle: CycleView) -> None:
    stage = CYCLE_STAGES.get(cycle.stage, cycle.stage)
    columns: dict[str, Callable[[TaskView], object]] = {
        "Nhiệm vụ": lambda task: f"{task.code}/{task.occurrence}",
        "Nội dung": lambda task: shorten(
            task.title.removeprefix(f"{task.code}. "), 60, placeholder=" …"
        ),
        "Tình trạng": lambda task: task_standing(task.stage, task.waiting, task.halted),
        "Hạn": lambda task: _breach_day(task.next_deadline),
        "Quá hạn": lambda task: task.overdue or "",
        "Chờ quyết định": lambda task: task.held or "",
        "Mở/tổng": lambda task: f"{task.open}/{task.total}",
        "Cấp": lambda task: task.level or "",
        "Mốc kế tiếp": lambda task: moment(task.next_instant),
    }
    if not any(task.held for task in cycle.tasks):
        del columns["Chờ quyết định"]
    if console.width < ROOMY:
        del columns["Cấp"], columns["Mốc kế tiếp"]
    print_table(
        f"{cycle.title}, năm {cycle.year}: {stage}, phát động {moment(cycle.launched_at)}",
        list(columns),
        [[show(task) for show in columns.values()] for task in cycle.tasks],
        flexible=("Nội dung", "Tình trạng"),
    )
    if len(cycle.tasks) < cycle.expected_tasks and cycle.stage == "opening":
        opened = f"{len(cycle.tasks)}/{cycle.expected_tasks}"
        console.print(f"Đang mở các nhiệm vụ: {opened}.", highlight=False)
    if cycle.paused_at is not None:
        why = f" ({cycle.paused_why})" if cycle.paused_why else ""
        console.print(
            f"Tạm dừng gửi tin từ {moment(cycle.paused_at)}{why}; gửi tiếp: dondoc notices resume.",
            style="yellow",
            highlight=False,
            markup=False,
        )


def _breach_day(breach: datetime | None) -> str:
    """The last day on time: a breach is the midnight that ends it."""
    return "" if breach is None else dmy((breach.astimezone(VN) - timedelta(days=1)).date())


def _what_next(context: Context, plan: str | None, at: datetime) -> str:
    loaded = [row.id for row in context.registry.plans()]
    if not loaded:
        return (
            "Chưa có kế hoạch nào. Nạp một kế hoạch: dondoc load plans/lam-dong-nq57; "
            f"rồi phát động: dondoc launch lam-dong-nq57 --year {at.year}"
        )
    name = plan if plan in loaded else loaded[0]
    return (
        f"Chưa có chu kỳ nào. Các kế hoạch đã nạp: {', '.join(loaded)}. "
        f"Phát động: dondoc launch {name} --year {at.year}"
    )


def assignments(
    plan: PlanOption = None,
    year: YearOption = None,
    unit: UnitOption = None,
    task: TaskOption = None,
    stage: Annotated[Stage | None, typer.Option("--stage", help="Chỉ tình trạng này.")] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="Chỉ phần việc quá hạn.")] = False,
    limit: Annotated[
        int | None,
        typer.Option("--limit", min=0, help="Số dòng nhiều nhất, mặc định 50; 0 là tất cả."),
    ] = None,
    offset: Annotated[int, typer.Option("--offset", min=0, help="Bỏ qua bấy nhiêu dòng.")] = 0,
    xlsx: Xlsx = None,
    csv: Csv = None,
    yes: Overwrite = False,
    json_: Json = False,
) -> None:
    """Danh sách phần việc của các đơn vị, lọc theo đơn vị, nhiệm vụ, tình trạng."""
    with problems(as_json=json_):
        files = Files(xlsx, csv, overwrite=yes)
        context = Context()
        at = context.now
        code, _, occurrence = normalize("NFC", task or "").partition("/")
        page = Views(context.engine).assignments(
            at=at,
            plan=plan,
            year=year,
            unit=None if unit is None else addressing.unit(context, unit).code,
            code=code or None,
            occurrence=occurrence or None,
            stage=stage,
            overdue=overdue,
            limit=_limit(limit, everything=bool(files)),
            offset=offset,
        )
        files.write(assignments_table(page.assignments, at))
        if json_:
            rows = [_assignment_json(row) for row in page.assignments]
            print_json({"total": page.total, "assignments": rows})
        elif not files:
            _print_assignments(page, offset)


def _limit(given: int | None, *, everything: bool) -> int | None:
    """A screen shows 50 rows unless told otherwise, a file holds all of them."""
    if given is None:
        return None if everything else SHOWN
    return given or None


def _assignment_json(row: AssignmentView) -> dict[str, Any]:
    renamed = {"assignment": row.id, "task": row.code}
    left_out = {"id", "task", "cycle", "code"}
    return renamed | {k: v for k, v in row._asdict().items() if k not in left_out}


def _print_assignments(page: Page, offset: int) -> None:
    if not page.total:
        console.print("Không có phần việc nào như vậy.")
        return
    print_table(
        f"{page.total} phần việc",
        ("Đơn vị", "Nhiệm vụ", "Vai trò", "Tình trạng", "Hạn cuối", "Cấp đã báo", "Mốc kế tiếp"),
        [
            (
                f"{row.unit_name} ({row.unit})",
                f"{row.code}/{row.occurrence}",
                ROLE_NAMES[Role(row.role)],
                standing(row.stage, overdue=row.overdue, late=row.late),
                None if row.last_day is None else dmy(row.last_day),
                row.level or "",
                row.next_rung,
            )
            for row in page.assignments
        ],
    )
    print_rest(
        page.total - offset - len(page.assignments), "dòng", "--task/--unit/--stage hoặc --limit"
    )


def verify_ledger(plan: PlanOption = None, year: YearOption = None, json_: Json = False) -> None:
    """Kiểm tra sổ theo dõi có toàn vẹn không: mọi mục, mọi dấu niêm phong, mọi báo cáo đã nộp."""
    with problems(as_json=json_):
        context = Context()
        findings = _ledger_findings(context, plan, year)
        if json_:
            print_json({"verified": not findings, "findings": findings})
        elif findings:
            print_findings(findings)
        else:
            console.print("Sổ theo dõi và các báo cáo đã nộp toàn vẹn.")
        if findings:
            raise typer.Exit(1)


def _ledger_findings(context: Context, plan: str | None, year: int | None) -> list[Finding]:
    reports = ReportStore(context.engine)
    if plan is None and year is None:
        return [*context.ledger.verify(), *reports.altered()]
    cycles = [
        cycle
        for cycle in context.cycles.all()
        if plan in (None, cycle.plan) and year in (None, cycle.year)
    ]
    if not cycles:
        raise Problem("Không có chu kỳ nào của kế hoạch hoặc năm này.")
    return [
        finding
        for cycle in cycles
        for finding in (*context.ledger.verify(cycle.id), *reports.altered(cycle.id))
    ]


COMMANDS: dict[str, Callable[..., None]] = {
    "status": status,
    "assignments": assignments,
    "history": histories.history,
    "inbox": inboxes.inbox,
    "verify-ledger": verify_ledger,
}
