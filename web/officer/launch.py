"""Launching a plan's year: what the document leaves open, what it leads to, the launch itself."""

import asyncio
from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from fastapi import APIRouter, HTTPException, Request
from starlette.datastructures import FormData
from starlette.responses import Response
from temporalio.service import RPCError

from activities.cycle_store import Cycle
from activities.cycles import Cycles
from models.cycle import LaunchOrder
from models.directory import UnitKind
from models.finding import BadInput, Finding
from models.plan import Plan
from models.visitor import Visitor
from rules.preview import Preview
from rules.unfolding import LeftOpen
from temporal_client import TemporalProblem
from web.access import OfficerOnly
from web.language import gettext as _
from web.pages import page, see
from web.tools import Now, Tools, ToolsOf

router = APIRouter(prefix="/phat-dong")

OFFERED = (UnitKind.OFFICE, UnitKind.DIVISION)
ALLOCATED, DATED = "giao.", "han."
YEARS_AHEAD = 5
SAMPLES = 60


class Wrong(Exception):
    """A field that cannot be used: its name and the sentence."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@router.get("/tien-trinh/{cycle:path}")
def progress(request: Request, _visitor: OfficerOnly, tools: ToolsOf, cycle: str) -> Response:
    found = [each for each in tools.cycles.all() if each.id == cycle]
    if not found:
        raise HTTPException(404)
    tasks, assignments = tools.cycles.opened(cycle)
    return page(
        request, "officer/progress.html", cycle=found[0], tasks=tasks, assignments=assignments
    )


@router.get("/{plan}")
def wizard(
    request: Request, _visitor: OfficerOnly, tools: ToolsOf, now: Now, plan: str
) -> Response:
    return _page(request, tools, now, _plan(tools, plan), {})


@router.post("/{plan}")
async def launch(
    request: Request, visitor: OfficerOnly, tools: ToolsOf, now: Now, plan: str
) -> Response:
    """Shows what the launch would lead to, or launches."""
    typed = await request.form()
    loaded = await asyncio.to_thread(_plan, tools, plan)
    try:
        order = await asyncio.to_thread(_order, tools, visitor, loaded, typed)
        if "phat_dong" not in typed:
            shown = await asyncio.to_thread(_previewed, tools, order, now)
            return await asyncio.to_thread(_page, request, tools, now, loaded, typed, shown)
        kept, _findings = await asyncio.to_thread(tools.launcher.keep, order)
    except Wrong as wrong:
        errors = {wrong.field: str(wrong)}
        return await asyncio.to_thread(
            _page, request, tools, now, loaded, typed, None, errors=errors
        )
    except BadInput as bad:
        return await asyncio.to_thread(
            _page, request, tools, now, loaded, typed, None, findings=bad.findings
        )
    said = _("Đã phát động.") if kept.new else _("Chu kỳ này đã được phát động từ trước.")
    try:
        await start(tools, kept.cycle)
    except TemporalProblem:
        said += " " + _("Các nhiệm vụ sẽ được mở khi hệ thống xử lý chạy lại.")
    return see(request, f"/phat-dong/tien-trinh/{kept.cycle.id}", said)


async def start(tools: Tools, cycle: Cycle) -> None:
    """Starts what was kept. Raises TemporalProblem; then the worker starts it once it can."""
    client = await tools.acts.client()
    try:
        await Cycles(tools.engine, client, tools.settings.task_queue).start_cycle(cycle)
    except RPCError as error:
        raise TemporalProblem(str(error)) from error


class Shown(NamedTuple):
    """A preview, counted."""

    preview: Preview
    assignments: int
    units: int
    letters: int
    busiest: list[tuple[date, int]]


def _previewed(tools: Tools, order: LaunchOrder, now: datetime) -> Shown:
    preview = tools.launcher.preview(order, at=now)
    summary = preview.counted()
    messages = summary["messages"]
    return Shown(
        preview,
        summary["assignments"],
        summary["units"],
        messages["total"],
        [(date.fromisoformat(day["day"]), day["messages"]) for day in messages["busiest"]],
    )


def _plan(tools: Tools, plan: str) -> Plan:
    found = tools.registry.plan(plan)
    if found is None:
        raise HTTPException(404)
    return found


def _order(tools: Tools, visitor: Visitor, plan: Plan, typed: FormData) -> LaunchOrder:
    said = str(typed.get("nam", ""))
    if not (said.isdecimal() and len(said) == 4):
        raise Wrong("nam", _("Hãy chọn năm của chu kỳ."))
    return LaunchOrder(
        plan=plan.id,
        year=int(said),
        schools=SAMPLES,
        dates=dict(_dates(typed)),
        allocation=_allocation(typed),
        actor=tools.acts.actor(visitor),
    )


def _dates(typed: FormData) -> list[tuple[str, date]]:
    found = []
    for name, value in typed.items():
        if name.startswith(DATED) and value:
            try:
                found.append((name.removeprefix(DATED), date.fromisoformat(str(value))))
            except ValueError as error:
                raise Wrong(name, _("Ngày chưa đúng: hãy chọn một ngày trên lịch.")) from error
    return found


def _allocation(typed: FormData) -> dict[str, tuple[str, ...]]:
    names = {name for name in typed if name.startswith(ALLOCATED)}
    return {
        name.removeprefix(ALLOCATED): tuple(map(str, typed.getlist(name))) for name in sorted(names)
    }


def _page(
    request: Request,
    tools: Tools,
    now: datetime,
    plan: Plan,
    typed: Mapping[str, object],
    shown: Shown | None = None,
    *,
    errors: Mapping[str, str] | None = None,
    findings: list[Finding] | None = None,
) -> Response:
    year = now.year
    try:
        left = tools.launcher.left_open(plan, year, at=now)
    except BadInput:
        left = LeftOpen({}, {})
    chosen = typed if isinstance(typed, FormData) else FormData()
    return page(
        request,
        "officer/launch.html",
        status=422 if errors or findings else 200,
        plan=plan,
        year_options=[(str(each), str(each)) for each in range(year - 1, year + YEARS_AHEAD)],
        year=str(chosen.get("nam", year)),
        left=left,
        divisions=tools.registry.of_kinds(OFFERED),
        chosen=chosen,
        shown=shown,
        findings=findings or (list(shown.preview.findings) if shown else []),
        errors=errors or {},
    )
