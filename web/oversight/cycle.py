"""A cycle at a glance, and how late it is."""

from datetime import date
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from activities.views import Oversight
from models.clock import VN
from models.consolidated import FourWay
from models.deadline import RungKind
from models.mark import Mark
from rules.counting import first_overdue, four_ways, grouped, last_days, overdue_by_level
from rules.timeline import Week, weeks
from web.access import OfficeOnly
from web.oversight.seen import Seen, cycle_page
from web.oversight.words import GROUPS
from web.tools import ToolsOf

router = APIRouter(prefix="/chu-ky/{plan}/{cycle}")

COMMUNES_SHOWN = 10
AllAsked = Annotated[bool, Query(alias="tat-ca")]
CHART_HEIGHT = 120


@router.get("")
def overview(
    request: Request, _visitor: OfficeOnly, seen: Seen, everything: AllAsked = False
) -> Response:
    return overview_page(request, seen, everything=everything)


def overview_page(request: Request, seen: Oversight, *, everything: bool = False) -> Response:
    by_hub = grouped(seen.counts, lambda count: count.hub)
    communes = sorted(
        ((code, name, by_hub[code]) for code, name in seen.communes.items() if code in by_hub),
        key=lambda each: (-each[2].open_overdue, -each[2].completed_late, each[1]),
    )
    by_kind = grouped(seen.totals, lambda count: count.kind)
    return cycle_page(
        request,
        "oversight/overview.html",
        seen,
        "",
        figures=four_ways(seen.totals),
        submitted=sum(c.assignments for c in seen.totals if c.mark is Mark.SUBMITTED),
        levels=overdue_by_level(seen.totals),
        last_days=last_days(seen.totals),
        overdue_days=first_overdue(seen.totals),
        by_task=grouped(seen.totals, lambda count: count.task),
        by_group=[(kind, by_kind[kind]) for kind in GROUPS if kind in by_kind],
        communes=communes if everything else communes[:COMMUNES_SHOWN],
        hidden_communes=0 if everything else max(0, len(communes) - COMMUNES_SHOWN),
        nothing=FourWay(),
        today=seen.at.astimezone(VN).date(),
    )


class Bar(NamedTuple):
    """One week of a chart, in units of the drawing."""

    week: Week
    x: int
    height: float


@router.get("/tre-han")
def lateness(request: Request, _visitor: OfficeOnly, seen: Seen, tools: ToolsOf) -> Response:
    found = weeks(
        seen.totals,
        tools.views.completed_late(seen.cycle.id),
        tools.views.told_by_day(seen.cycle.id, kinds=(RungKind.ESCALATION,)),
        first=seen.cycle.launched_at.astimezone(VN).date(),
        last=_last_day(seen),
    )
    highest = max((week.overdue for week in found), default=0)
    bars = [
        Bar(week, place * 14, CHART_HEIGHT * week.overdue / highest if highest else 0)
        for place, week in enumerate(found)
    ]
    return cycle_page(
        request,
        "oversight/lateness.html",
        seen,
        "/tre-han",
        weeks=found,
        bars=bars,
        highest=highest,
        height=CHART_HEIGHT,
        held=sum(task.held for task in seen.tasks),
        levels=overdue_by_level(seen.totals),
        by_task={
            task.id: overdue_by_level(c for c in seen.totals if c.task == task.id)
            for task in seen.tasks
            if task.overdue
        },
    )


def _last_day(seen: Oversight) -> date:
    """Today, or the end of the cycle's year when that has passed."""
    return min(seen.at.astimezone(VN).date(), date(seen.cycle.year, 12, 31))
