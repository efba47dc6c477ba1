"""Plans, cycles, their tasks and their figures."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import Query
from pydantic import Field

from models.consolidated import FourWay
from rules.counting import four_ways, grouped, overdue_by_level
from rules.four_way import GROUP_NAMES
from web.access import OfficeOnly, OfficerOnly
from web.api.problems import ApiProblem
from web.api.routing import part
from web.api.shapes import Shape
from web.oversight.seen import Seen
from web.tools import Now, ToolsOf

router = part("Kế hoạch và chu kỳ")


class PlanShape(Shape):
    id: str = Field(examples=["lam-dong-nq57"])
    short_title: str
    loaded_at: datetime


class TaskShape(Shape):
    """One task of a cycle. `overdue` counts the units that owe and whose deadline has passed;
    `held` those whose deadline had passed before the launch: they wait for the officer's word."""

    id: str = Field(examples=["task/lam-dong-nq57/2026/V.1/H1/1"])
    code: str = Field(examples=["V.1"])
    occurrence: str = Field(examples=["H1"])
    part: str
    title: str
    stage: str = Field(description="open, closed, voided")
    waiting: tuple[str, ...] = Field(description="Đang chờ chuyên viên điều gì.")
    halted: str | None = Field(description="Vì sao ngừng ghi, nếu đang ngừng.")
    next_deadline: datetime | None
    open: int
    overdue: int
    held: int
    total: int
    level: int


class CycleShape(Shape):
    id: str = Field(examples=["cycle/lam-dong-nq57/2026"])
    plan: str
    title: str
    year: int
    stage: str = Field(description="opening, open, closing, closed, voiding, voided")
    launched_at: datetime
    tasks: list[TaskShape]


class Figures(Shape):
    """The four figures of the consolidated report, and what stands beside them."""

    key: str = Field(examples=["task/lam-dong-nq57/2026/V.1/H1/1"])
    name: str
    completed_on_time: int
    completed_late: int
    open_within_time: int
    open_overdue: int
    held: int = Field(description="Hạn đã qua trước khi phát động, chờ cán bộ quyết định.")
    undated: int
    ongoing: int
    discontinued: int
    total: int


class Statistics(Shape):
    at: datetime = Field(description="Thời điểm của các con số.")
    cycle: str
    whole: Figures
    by_task: list[Figures]
    by_group: list[Figures]
    by_hub: list[Figures]
    overdue_by_level: dict[int, int] = Field(description="Số phần việc quá hạn ở mỗi cấp đã báo.")


@router.get("/plans", summary="Các kế hoạch đã nạp")
def plans(_visitor: OfficerOnly, tools: ToolsOf) -> list[PlanShape]:
    return [PlanShape.model_validate(each) for each in tools.registry.plans()]


@router.get("/cycles", summary="Các chu kỳ, mỗi nhiệm vụ đang đứng ở đâu")
def cycles(
    _visitor: OfficeOnly,
    tools: ToolsOf,
    now: Now,
    plan: Annotated[str | None, Query(max_length=100)] = None,
    year: Annotated[int | None, Query(ge=1900, le=9999)] = None,
) -> list[CycleShape]:
    return [
        CycleShape.model_validate(each) for each in tools.views.cycles(at=now, plan=plan, year=year)
    ]


@router.get("/cycles/{plan}/{cycle}", summary="Một chu kỳ")
def one(_visitor: OfficeOnly, tools: ToolsOf, now: Now, plan: str, seen: Seen) -> CycleShape:
    for each in tools.views.cycles(at=now, plan=plan, year=seen.cycle.year):
        if each.id == seen.cycle.id:
            return CycleShape.model_validate(each)
    raise ApiProblem("not_found")


@router.get("/cycles/{plan}/{cycle}/statistics", summary="Bốn nhóm số liệu của một chu kỳ")
def statistics(_visitor: OfficeOnly, seen: Seen) -> Statistics:
    """Hoàn thành đúng hạn, hoàn thành muộn, đang làm còn hạn, quá hạn: cả chu kỳ, theo nhiệm vụ,
    theo nhóm đơn vị, theo đầu mối."""
    by_task = grouped(seen.totals, lambda count: count.task)
    by_group = grouped(seen.totals, lambda count: count.kind)
    by_hub = grouped(seen.counts, lambda count: count.hub)
    return Statistics(
        at=seen.at,
        cycle=seen.cycle.id,
        whole=figures_shape(seen.cycle.id, seen.cycle.title, four_ways(seen.totals)),
        by_task=_rows({task.id: task.title for task in seen.tasks}, by_task, empty=True),
        by_group=_rows(GROUP_NAMES, by_group),
        by_hub=_rows(seen.communes, by_hub),
        overdue_by_level=overdue_by_level(seen.totals),
    )


def _rows(
    names: Mapping[Any, str], counts: Mapping[str, FourWay], *, empty: bool = False
) -> list[Figures]:
    """One row a name, in their order; those nothing was counted for only where `empty`."""
    return [
        figures_shape(key, name, counts.get(key, FourWay()))
        for key, name in names.items()
        if empty or key in counts
    ]


def figures_shape(key: str, name: str, counts: FourWay) -> Figures:
    figures: dict[str, Any] = counts.model_dump()
    return Figures(key=key, name=name, total=counts.total, **figures)
