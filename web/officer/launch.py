"""Launching a plan's year: what the document leaves open, what it leads to, the launch itself."""

import asyncio
from collections.abc import Iterable, Mapping
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
from rules.occurrences import may_be_due
from rules.unfolding import LeftOpen
from temporal_client import TemporalProblem
from web.access import OfficerOnly
from web.language import gettext as _
from web.officer.closing import the_cycle, title_of
from web.officer.launch_preview import Place, Shown, shown, told
from web.oversight.addresses import cycle_address
from web.pages import moment, page, see
from web.tools import Now, Tools, ToolsOf

router = APIRouter(prefix="/phat-dong")

OFFERED = (UnitKind.OFFICE, UnitKind.DIVISION)
ALLOCATED, DATED = "giao.", "han."
YEARS = range(2020, 2101)
YEARS_AHEAD = 5
SAMPLES = 60


class Wrong(Exception):
    """Fields that cannot be used: the sentence for each name."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = errors


class Launching(NamedTuple):
    """A request about launching a plan. `standing` are its cycles by year, but voided ones."""

    request: Request
    tools: Tools
    now: datetime
    plan: Plan
    standing: dict[int, Cycle]
    typed: FormData

    @property
    def chosen_year(self) -> int | None:
        said = str(self.typed.get("nam", ""))
        # Of thousands of digits Python makes no number.
        return int(said) if len(said) == 4 and said.isdecimal() and int(said) in YEARS else None

    @property
    def year(self) -> int:
        """The chosen year, else the next that is not launched."""
        years = range(self.now.year, self.now.year + YEARS_AHEAD)
        following = (year for year in years if year not in self.standing)
        return self.chosen_year or next(following, self.now.year)


@router.get("/tien-trinh/{cycle:path}")
def progress(request: Request, _visitor: OfficerOnly, tools: ToolsOf, cycle: str) -> Response:
    found = the_cycle(tools, cycle)
    tasks, assignments = tools.cycles.opened(cycle)
    return page(
        request,
        "officer/progress.html",
        cycle=found,
        title=title_of(tools, found),
        address=cycle_address(cycle),
        tasks=tasks,
        assignments=assignments,
    )


@router.get("/{plan}")
def wizard(
    request: Request, _visitor: OfficerOnly, tools: ToolsOf, now: Now, plan: str
) -> Response:
    return _page(_launching(request, tools, now, plan, FormData()))


@router.post("/{plan}")
async def launch(
    request: Request, visitor: OfficerOnly, tools: ToolsOf, now: Now, plan: str
) -> Response:
    """Shows what the launch would lead to, or launches."""
    typed = await request.form()
    at = await asyncio.to_thread(_launching, request, tools, now, plan, typed)
    if "doi_nam" in typed:
        return await asyncio.to_thread(_page, at)
    try:
        order = await asyncio.to_thread(_order, at, visitor)
        if at.year in at.standing:
            return await asyncio.to_thread(_found_again, at, order, at.standing[at.year])
        if "phat_dong" not in typed:
            preview = await asyncio.to_thread(tools.launcher.preview, order, at=now)
            return await asyncio.to_thread(_page, at, await asyncio.to_thread(shown, preview))
        kept, _findings = await asyncio.to_thread(tools.launcher.keep, order)
    except Wrong as wrong:
        return await asyncio.to_thread(_page, at, errors=wrong.errors)
    except BadInput as bad:
        return await asyncio.to_thread(_page, at, findings=bad.findings)
    if not kept.new:
        return await asyncio.to_thread(_found_again, at, order, kept.cycle)
    progress_page = f"/phat-dong/tien-trinh/{kept.cycle.id}"
    try:
        await start(tools, kept.cycle)
    except TemporalProblem:
        said = _("Đã ghi lệnh phát động; các nhiệm vụ sẽ được mở khi hệ thống xử lý chạy lại.")
        return see(request, progress_page, said, tone="waiting")
    return see(request, progress_page)


def _found_again(at: Launching, order: LaunchOrder, cycle: Cycle) -> Response:
    """A year that is launched already: the same form sent twice, or one that would be lost."""
    launched = moment(cycle.launched_at)
    same = (order.dates, {code: [*units] for code, units in order.allocation.items()})
    if "phat_dong" in at.typed and same == (cycle.parsed_dates(), cycle.allocation):
        sentence = _(
            "Chu kỳ này đã được phát động từ trước, lúc %(when)s. Lần bấm này không ghi thêm gì.",
            when=launched,
        )
        return see(at.request, f"/phat-dong/tien-trinh/{cycle.id}", sentence, tone="waiting")
    sentence = _(
        "Chu kỳ năm %(year)s đã được phát động từ trước, lúc %(when)s. Chưa có gì vừa nhập được "
        "ghi: hãy chọn năm khác; với năm ấy thì ấn định hạn và phân công ở trang Cần xử lý.",
        year=cycle.year,
        when=launched,
    )
    return _page(at, errors={"nam": sentence})


async def start(tools: Tools, cycle: Cycle) -> None:
    """Starts what was kept. Raises TemporalProblem; then the worker starts it once it can."""
    client = await tools.acts.client()
    try:
        await Cycles(tools.engine, client, tools.settings.task_queue).start_cycle(cycle)
    except RPCError as error:
        raise TemporalProblem(str(error)) from error


def _launching(
    request: Request, tools: Tools, now: datetime, plan: str, typed: FormData
) -> Launching:
    found = tools.registry.plan(plan)
    if found is None:
        raise HTTPException(404)
    standing = {
        cycle.year: cycle
        for cycle in tools.cycles.all()
        if cycle.plan == plan and cycle.stage != "voided"
    }
    return Launching(request, tools, now, found, standing, typed)


def _order(at: Launching, visitor: Visitor) -> LaunchOrder:
    """Raises Wrong, with all that is wrong."""
    if at.chosen_year is None:
        raise Wrong({"nam": _("Hãy chọn năm của chu kỳ.")})
    return LaunchOrder(
        plan=at.plan.id,
        year=at.year,
        schools=SAMPLES,
        dates=_dates(at.typed, at.year),
        allocation=_allocation(at.typed),
        actor=at.tools.acts.actor(visitor),
    )


def _dates(typed: FormData, year: int) -> dict[str, date]:
    found, errors = {}, {}
    for name, value in typed.items():
        if not name.startswith(DATED) or not value:
            continue
        try:
            day = date.fromisoformat(str(value))
        except ValueError:
            errors[name] = _("Ngày chưa đúng: hãy chọn một ngày trên lịch.")
            continue
        if not may_be_due(day, year):
            errors[name] = _(
                "Ngày này không thuộc chu kỳ năm %(year)s: hãy chọn một ngày trong năm ấy, "
                "muộn nhất là hết quý I năm sau.",
                year=year,
            )
        found[name.removeprefix(DATED)] = day
    if errors:
        raise Wrong(errors)
    return found


def _allocation(typed: FormData) -> dict[str, tuple[str, ...]]:
    names = {name for name in typed if name.startswith(ALLOCATED)}
    return {
        name.removeprefix(ALLOCATED): tuple(map(str, typed.getlist(name))) for name in sorted(names)
    }


def _page(
    at: Launching,
    seen: Shown | None = None,
    *,
    errors: Mapping[str, str] | None = None,
    findings: Iterable[Finding] = (),
) -> Response:
    year, plan = at.year, at.plan
    try:
        left = at.tools.launcher.left_open(plan, year, at=at.now)
    except BadInput:
        left = LeftOpen({}, {})
    refused = list(findings)
    standing, counted = at.standing.get(year), seen is not None and seen.first is not None
    about = f"/ke-hoach/thong-tin/{plan.id}"
    return page(
        at.request,
        "officer/launch.html",
        stands_at=f"/phat-dong/{plan.id}",
        status=422 if errors or refused else 200,
        plan=plan,
        about=about,
        year_options=_years(at),
        year=str(year),
        standing=standing,
        cycle_address=cycle_address,
        left=left,
        divisions=at.tools.registry.of_kinds(OFFERED),
        chosen=at.typed,
        shown=seen,
        letters_from=None
        if standing or counted
        else at.tools.launcher.letters_from(plan, year, at=at.now),
        told=told(
            seen.preview.findings if seen else refused,
            left,
            seen,
            (plan.id, Place(_("Thông tin chung"), about)),
        ),
        errors=errors or {},
    )


def _years(at: Launching) -> list[tuple[str, str]]:
    years = sorted({*range(at.now.year, at.now.year + YEARS_AHEAD), at.year})
    return [
        (str(year), _("%(year)s (đã phát động)", year=year) if year in at.standing else str(year))
        for year in years
    ]
