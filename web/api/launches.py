"""A loaded plan, what launching it would lead to, and the launch."""

import asyncio
from contextlib import suppress
from datetime import date, datetime
from typing import Annotated

from fastapi import Body as BodyOf
from fastapi import Query
from pydantic import Field

from activities.asked import Key
from activities.cycle_store import Cycle
from models.assignment import Role
from models.cycle import LaunchOrder
from models.finding import BadInput, Finding, Severity
from models.plan import Duty, Plan, ReportDuty
from models.visitor import Visitor
from temporal_client import TemporalProblem
from web.access import OfficerOnly
from web.api.asking import Keyed
from web.api.problems import ApiProblem
from web.api.routing import part
from web.api.shapes import Body, Line, Shape, example
from web.officer.launch import SAMPLES, start
from web.tools import Now, Tools, ToolsOf

router = part("Kế hoạch và chu kỳ", "/plans/{plan}")

FIRST_YEAR, LAST_YEAR = 2020, 2100
Year = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]
Dates = dict[Line, date]


class DutyShape(Shape):
    code: str = Field(examples=["V.1"])
    text: str
    performers: list[str] = Field(description="Ai thực hiện, như văn bản viết.")
    cooperating: list[str]
    timing: str = Field(description="Thời hạn, như văn bản viết.")
    report: bool = Field(description="Là chế độ báo cáo.")


class WholePlan(Shape):
    id: str
    title: str
    short_title: str
    number: str | None
    date: date | None
    coordinator: str
    leadership: str
    duties: list[DutyShape]


class Questions(Shape):
    """What the document leaves to the officer; all of it may also be answered after the launch."""

    allocations: dict[str, str] = Field(description="Mã nhiệm vụ chưa nêu tên đơn vị → tên.")
    dates: dict[str, str] = Field(description="Kỳ chưa có hạn, như `V.2.H1` → tên.")


class Order(Body):
    year: Year
    dates: Dates = Field(default={}, max_length=500, description="Kỳ → ngày cuối còn đúng hạn.")
    allocation: dict[Line, list[Line]] = Field(
        default={}, max_length=500, description="Mã nhiệm vụ → mã các đơn vị."
    )


class FindingShape(Shape):
    severity: Severity
    place: str
    message: str
    remedy: str


class Day(Shape):
    day: date
    messages: int


class Messages(Shape):
    total: int
    days: int
    busiest: list[Day]


class Question(Shape):
    task: str
    occurrence: str
    waiting: str
    phrase: str


class PreviewShape(Shape):
    """What a launch at this moment would lead to, if nobody answered."""

    launched_at: datetime
    tasks: int
    assignments: int
    units: int
    by_role: dict[Role, int]
    messages: Messages
    waiting: list[Question]
    findings: list[FindingShape]


class Progress(Shape):
    """How far the opening, or the end, of a cycle has come."""

    cycle: str = Field(examples=["cycle/lam-dong-nq57/2026"])
    stage: str = Field(description="opening, open, closing, closed, voiding, voided")
    launched_at: datetime
    tasks: int
    expected_tasks: int
    assignments: int
    expected_assignments: int


class Launched(Progress):
    findings: list[FindingShape] = Field(description="Điều cần biết, như bản xem trước đã nêu.")


ORDER = example(
    {"year": 2027, "dates": {"V.2.H1": "2027-06-30"}, "allocation": {"III.2.a": ["GDTRH"]}}
)


@router.get("", summary="Một kế hoạch đã nạp")
def one(_visitor: OfficerOnly, tools: ToolsOf, plan: str) -> WholePlan:
    found = _plan(tools, plan)
    return WholePlan(
        id=found.id,
        title=found.document.title,
        short_title=found.officer.short_title,
        number=found.number,
        date=found.date,
        coordinator=found.officer.coordinator,
        leadership=found.officer.leadership,
        duties=[duty_shape(each) for each in found.duties],
    )


@router.get("/questions", summary="Điều văn bản để cán bộ quyết định khi phát động")
def questions(
    _visitor: OfficerOnly,
    tools: ToolsOf,
    now: Now,
    plan: str,
    year: Annotated[int, Query(ge=FIRST_YEAR, le=LAST_YEAR)],
) -> Questions:
    with_plan = _plan(tools, plan)
    try:
        left = tools.launcher.left_open(with_plan, year, at=now)
    except BadInput as bad:
        raise unfit("launch_unfit", bad.findings) from bad
    return Questions(allocations=left.allocations, dates=left.dates)


@router.post("/preview", summary="Xem trước một lần phát động")
def preview(
    visitor: OfficerOnly,
    tools: ToolsOf,
    now: Now,
    plan: str,
    body: Annotated[Order, BodyOf(**ORDER)],
) -> PreviewShape:
    """Không ghi gì, không gửi gì; không cần `Idempotency-Key`."""
    order = _order(tools, visitor, plan, body)
    try:
        shown = tools.launcher.preview(order, at=now)
    except BadInput as bad:
        raise unfit("launch_unfit", bad.findings) from bad
    findings = [FindingShape.model_validate(each) for each in shown.findings]
    return PreviewShape.model_validate(shown.counted() | {"findings": findings})


@router.post("/launch", summary="Phát động một năm")
async def launch(
    visitor: OfficerOnly,
    tools: ToolsOf,
    keyed: Keyed,
    plan: str,
    body: Annotated[Order, BodyOf(**ORDER)],
) -> Launched:
    """Trả lời ngay khi lần phát động đã được ghi; các nhiệm vụ mở dần, xem
    `/cycles/{plan}/{cycle}/progress`."""
    key = keyed.of(visitor)
    cycle, findings = await asyncio.to_thread(_kept, tools, visitor, plan, body, key)
    if cycle.stage == "opening":
        with suppress(TemporalProblem):  # the worker starts what is kept
            await start(tools, cycle)
    progress = await asyncio.to_thread(progress_of, tools, cycle.id)
    said = [FindingShape.model_validate(each) for each in findings]
    return Launched(**progress.model_dump(), findings=said)


def progress_of(tools: Tools, cycle: str) -> Progress:
    """Raises ApiProblem. Blocking."""
    row = next((each for each in tools.cycles.all() if each.id == cycle), None)
    if row is None:
        raise ApiProblem("not_found")
    tasks, assignments = tools.cycles.opened(cycle)
    return Progress(
        cycle=row.id,
        stage=row.stage,
        launched_at=row.launched_at,
        tasks=tasks,
        expected_tasks=row.expected_tasks,
        assignments=assignments,
        expected_assignments=row.expected_assignments,
    )


def duty_shape(duty: Duty) -> DutyShape:
    return DutyShape(
        code=duty.code,
        text=duty.text,
        performers=list(duty.reporters if isinstance(duty, ReportDuty) else duty.lead),
        cooperating=[] if isinstance(duty, ReportDuty) else list(duty.cooperating),
        timing=duty.timing.text,
        report=isinstance(duty, ReportDuty),
    )


def unfit(code: str, findings: list[Finding]) -> ApiProblem:
    errors = [
        {"place": each.place, "code": each.severity, "message": each.message} for each in findings
    ]
    return ApiProblem(code, errors=errors)


def _kept(
    tools: Tools, visitor: Visitor, plan: str, body: Order, key: Key
) -> tuple[Cycle, list[Finding]]:
    """The cycle that the key has led to, now or before, and what there is to say about it."""
    known = tools.asked.get(key)
    if known is not None:
        cycle = tools.cycles.get(known.commands[0])
        return cycle, tools.launcher.warnings(cycle)
    order = _order(tools, visitor, plan, body)
    try:
        kept, findings = tools.launcher.keep(order, key=key)
    except BadInput as bad:
        raise unfit("launch_unfit", bad.findings) from bad
    # The same request may have come twice at one moment.
    if not kept.new and tools.asked.get(key) is None:
        raise ApiProblem("already_launched", cycle=kept.cycle.id)
    return kept.cycle, findings


def _order(tools: Tools, visitor: Visitor, plan: str, body: Order) -> LaunchOrder:
    return LaunchOrder(
        plan=_plan(tools, plan).id,
        year=body.year,
        schools=SAMPLES,
        dates=body.dates,
        allocation={code: tuple(units) for code, units in body.allocation.items()},
        actor=tools.acts.actor(visitor),
    )


def _plan(tools: Tools, plan: str) -> Plan:
    found = tools.registry.plan(plan)
    if found is None:
        raise ApiProblem("not_found")
    return found
