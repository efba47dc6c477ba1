"""Plans into cycles: load, launch."""

import asyncio
import unicodedata
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from activities.cycle_store import Cycle, CycleStore, Launch
from activities.cycles import Cycles
from cli import addressing
from cli.calling import By, actor
from cli.context import Context, run
from cli.doctor import examine, findings_of
from cli.output import (
    Json,
    Problem,
    console,
    moment,
    print_findings,
    print_json,
    problems,
    progress_bar,
)
from intake.plan_folder import read_listed, read_plan
from intake.vietnam_calendar import calendar_of_cycle
from models.cycle import LaunchOrder
from models.finding import Finding
from models.plan import Plan
from rules.checks import check
from temporal_client import TemporalProblem

OPENING_SECONDS = 600

PlanArgument = Annotated[
    str, typer.Argument(metavar="KẾ_HOẠCH", help="Thư mục kế hoạch, hoặc mã kế hoạch đã nạp.")
]
Year = Annotated[int, typer.Option("--year", help="Năm của chu kỳ.", min=2020, max=2100)]
Schools = Annotated[int, typer.Option("--schools", help="Số cơ sở giáo dục mẫu.", min=0, max=1605)]
Dates = Annotated[
    list[str] | None, typer.Option("--date", help="Hạn văn bản không cho: V.2.H1=2026-06-30.")
]
AllocateFile = Annotated[
    Path | None,
    typer.Option("--allocate", help="Tệp YAML phân công, mỗi dòng một nhiệm vụ: III.2.a: [PCM1]."),
]


def load(
    folder: Annotated[Path, typer.Argument(metavar="THƯ_MỤC", help="Thư mục kế hoạch.")],
    schools: Schools = 60,
    json_: Json = False,
) -> None:
    """Nạp một kế hoạch và danh sách đơn vị đi kèm; chu kỳ đang chạy không thay đổi.

    Thông tin liên hệ đang có trong danh bạ được giữ nguyên.
    """
    with problems(as_json=json_):
        context = Context()
        plan, findings = load_folder(context, folder, schools)
        directory = context.launcher.launchable(schools)
        year = context.now.year
        findings += check(plan, directory, calendar_of_cycle(year), year=year)
    if json_:
        print_json({"plan": plan.id, "units": len(directory.units), "findings": findings})
        return
    print_findings(findings)
    console.print(
        f"Đã nạp {plan.id}: {len(plan.document.tasks)} nhiệm vụ, "
        f"{len(plan.document.reports)} chế độ báo cáo; danh bạ có {len(directory.units)} đơn vị. "
        f"Phát động bằng: dondoc launch {plan.id} --year {context.now.year}",
        highlight=False,
    )


def load_folder(context: Context, folder: Path, schools: int) -> tuple[Plan, list[Finding]]:
    """Keeps a folder's plan, its units and made-up schools; what to know about the units."""
    plan = read_plan(folder)
    listed = read_listed(folder)
    not_taken = context.registry.load_plan(plan, listed.units.values(), at=context.now)
    context.launcher.keep_samples(context.launcher.launchable(schools))
    return plan, [*listed.findings, *not_taken]


def launch(
    plan: PlanArgument,
    year: Year,
    allocate: AllocateFile = None,
    schools: Schools = 60,
    date_: Dates = None,
    by: By = "",
    json_: Json = False,
) -> None:
    """Phát động chu kỳ một năm: mỗi nhiệm vụ thành một quy trình bền vững."""
    with problems(as_json=json_):
        context = Context()
        order = LaunchOrder(
            plan="",
            year=year,
            schools=schools,
            dates=parse_dates(date_),
            allocation=read_allocation(allocate),
            actor=actor(context, "officer", by),
        )
        kept, findings = keep_launch(context, plan, order)
        waiting = run(_open(context, kept.cycle))
        findings += findings_of(run(examine(context)))
        tasks, assignments = context.cycles.opened(kept.cycle.id)
    if json_:
        print_json(
            {
                "cycle": kept.cycle.id,
                "new": kept.new,
                "launched_at": kept.cycle.launched_at,
                "tasks": tasks,
                "assignments": assignments,
                "complete": waiting is None,
                "findings": findings,
            }
        )
        return
    print_findings(findings)
    if not kept.new:
        console.print(
            f"Chu kỳ {kept.cycle.id} đã được phát động lúc {moment(kept.cycle.launched_at)}; "
            "giữ nguyên như đã phát động.",
            highlight=False,
        )
    if waiting:
        console.print(waiting, style="yellow", highlight=False)
    else:
        console.print(
            f"[green]Đã phát động[/green] {kept.cycle.id}: {tasks} nhiệm vụ, {assignments} phần "
            "việc. Xem: dondoc status",
            highlight=False,
        )


def keep_launch(
    context: Context, plan_name: str, order: LaunchOrder
) -> tuple[Launch, list[Finding]]:
    """Keeps a launch of a plan that is loaded, or of a folder, which is loaded first. Raises
    BadInput or Problem, and then nothing is written."""
    plan, found = find_plan(context, plan_name, order.schools)
    kept, findings = context.launcher.keep(order.model_copy(update={"plan": plan.id}))
    return kept, [*found, *findings]


def find_plan(context: Context, name: str, schools: int) -> tuple[Plan, list[Finding]]:
    """A plan by its folder, which is loaded first, or by the id it was loaded under."""
    if Path(name).is_dir():
        return load_folder(context, Path(name), schools)
    plan = context.registry.plan(name)
    if plan is None:
        loaded = ", ".join(row.id for row in context.registry.plans()) or "chưa có kế hoạch nào"
        raise Problem(f"Không có kế hoạch “{name}” (đã nạp: {loaded}), cũng không có thư mục ấy.")
    return plan, []


def parse_dates(texts: list[str] | None) -> dict[str, date]:
    """`V.2.H1=2026-06-30` …; raises Problem."""
    dates = {}
    for text in texts or []:
        key, separator, day = text.partition("=")
        if not separator:
            raise Problem(f"Không hiểu “{text}”: hãy viết dạng V.2.H1=2026-06-30.")
        dates[unicodedata.normalize("NFC", key.strip())] = addressing.parse_day(day.strip())
    return dates


def read_allocation(path: Path | None) -> dict[str, tuple[str, ...]]:
    """A YAML file of task codes and the units allocated to them; raises Problem."""
    if path is None:
        return {}
    try:
        # Plain text throughout: a commune's code is not a number.
        content = YAML(typ="base", pure=True).load(
            unicodedata.normalize("NFC", path.read_text("utf-8"))
        )
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise Problem(f"Không đọc được tệp phân công {path}: {error}") from error
    if not isinstance(content, dict):
        raise Problem(f"{path}: mỗi dòng phải có dạng MÃ_NHIỆM_VỤ: [ĐƠN_VỊ, …].")
    allocation = {}
    for code, units in content.items():
        listed = [units] if isinstance(units, str) else units
        if not isinstance(listed, list) or not all(isinstance(unit, str) for unit in listed):
            raise Problem(f"{path}, {code}: phải là danh sách mã đơn vị.")
        allocation[str(code)] = tuple(listed)
    return allocation


async def _open(context: Context, cycle: Cycle) -> str | None:
    """Starts the cycle and waits until all its tasks are open. Otherwise the sentence that says
    what is still to come; nothing that was kept is lost."""
    try:
        client = await context.client()
    except TemporalProblem:
        return "Đã ghi lần phát động; các nhiệm vụ sẽ được mở khi hệ thống chạy (dondoc up)."
    await Cycles(context.engine, client, context.settings.task_queue).start_cycle(cycle)
    return await wait_until_open(context.cycles, cycle)


async def wait_until_open(store: CycleStore, cycle: Cycle) -> str | None:
    loop = asyncio.get_running_loop()
    until = loop.time() + OPENING_SECONDS
    with progress_bar() as progress:
        bar = progress.add_task("Mở nhiệm vụ", total=cycle.expected_tasks)
        while store.get(cycle.id).stage == "opening":
            progress.update(bar, completed=store.opened(cycle.id)[0])
            if loop.time() > until:
                return "Chưa mở xong các nhiệm vụ: hãy kiểm tra tiến trình xử lý (dondoc up)."
            await asyncio.sleep(0.2)
    return None
