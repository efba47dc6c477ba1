"""What waits to be reviewed, one report at a time or several accepted together."""

import asyncio
from datetime import date, datetime

from fastapi import APIRouter, HTTPException, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from models.assignment import Stage
from models.commands import Accept, Return
from models.visitor import Visitor, VisitorRole
from rules.decide_shared import check_not_past
from rules.report_checks import STATUS_NAMES
from web.access import AssignmentToReview, Owned, ReviewersOnly
from web.acts import Answer, worst
from web.forms import COMMAND, command_id
from web.lacking import Lacking, allowed, chosen_day
from web.language import gettext as _
from web.language import ngettext
from web.pages import page, see
from web.paging import PagingOf
from web.tools import Now, Tools, ToolsOf

router = APIRouter(prefix="/duyet")

CHOSEN = "bao_cao"
REASON = "ly_do."


@router.get("")
def waiting(request: Request, visitor: ReviewersOnly, tools: ToolsOf, paging: PagingOf) -> Response:
    found = tools.reviews.queue(
        reviewer=reviewer_of(visitor), limit=paging.size, offset=paging.offset
    )
    return page(request, "review/waiting.html", work=paging.of(found.items, found.total))


@router.post("")
async def accept_several(request: Request, visitor: ReviewersOnly, tools: ToolsOf) -> Response:
    """Accepts the reports that were ticked, each with its own outcome."""
    typed = await request.form()
    commands = await asyncio.to_thread(_acceptances, tools, visitor, typed)
    if not commands:
        return see(request, "/duyet", _("Chưa chọn báo cáo nào."), tone="waiting")
    answers = await tools.acts.perform(*commands)
    return _told(request, answers)


@router.get("/{assignment:path}")
def one(request: Request, owned: AssignmentToReview, tools: ToolsOf, now: Now) -> Response:
    return _page(request, owned, tools, now)


@router.post("/{assignment:path}/chap-nhan")
async def accept(request: Request, owned: AssignmentToReview, tools: ToolsOf, now: Now) -> Response:
    typed = await request.form()
    heading = await asyncio.to_thread(
        tools.acts.heading,
        owned.visitor,
        owned.part.task,
        id_=command_id(typed.get(COMMAND)),
        words=str(typed.get("noi_dung", "")),
    )
    (answer,) = await tools.acts.perform(Accept(**heading, unit=owned.part.unit))
    if answer.refused:
        errors = {"noi_dung": answer.sentence}
        return await asyncio.to_thread(_page, request, owned, tools, now, typed, errors)
    return see(request, "/duyet", answer.sentence, tone=answer.tone)


@router.post("/{assignment:path}/tra-lai")
async def give_back(
    request: Request, owned: AssignmentToReview, tools: ToolsOf, now: Now
) -> Response:
    """Returns a report with what is to be mended, task by task."""
    typed = await request.form()
    try:
        command = await asyncio.to_thread(_returning, tools, owned, typed, now)
    except Lacking as lacking:
        errors = {lacking.field: str(lacking)}
        return await asyncio.to_thread(_page, request, owned, tools, now, typed, errors)
    (answer,) = await tools.acts.perform(command)
    if answer.refused:
        errors = {"chung": answer.sentence}
        return await asyncio.to_thread(_page, request, owned, tools, now, typed, errors)
    return see(request, "/duyet", answer.sentence, tone=answer.tone)


def reviewer_of(visitor: Visitor) -> str | None:
    """A hub sees its own; the officer everything that waits for somebody."""
    return visitor.unit if visitor.role is VisitorRole.UNIT else None


def _acceptances(tools: Tools, visitor: Visitor, typed: FormData) -> list[Accept]:
    chosen = [str(each) for each in typed.getlist(CHOSEN)]
    waiting = tools.reviews.queue(reviewer=reviewer_of(visitor), among=chosen)
    return tools.reviews.accepting(
        [item.assignment for item in waiting.items],
        actor=tools.acts.actor(visitor),
        received_at=tools.clock.plan_now(),
        command=command_id(typed.get(COMMAND)),
    )


def _returning(tools: Tools, owned: Owned, typed: FormData, now: datetime) -> Return:
    """Raises Lacking when something is missing."""
    last_day = _last_day(typed, now) if typed.get("ngay") else None
    reasons = {
        name.removeprefix(REASON): str(value)
        for name, value in typed.items()
        if name.startswith(REASON)
    }
    try:
        return tools.reviews.returning(
            owned.part.id,
            reasons,
            text=str(typed.get("noi_dung", "")),
            last_day=last_day,
            actor=tools.acts.actor(owned.visitor),
            received_at=now,
            command=command_id(typed.get(COMMAND)),
        )
    except ValueError as problem:
        raise Lacking("chung", str(problem)) from problem


def _last_day(typed: FormData, now: datetime) -> date:
    otherwise = _("Ngày nộp lại chưa đúng: hãy chọn một ngày trên lịch.")
    last_day = chosen_day(typed, "ngay", otherwise)
    allowed("ngay", check_not_past, last_day, now)
    return last_day


def _told(request: Request, answers: list[Answer]) -> Response:
    troubles = [answer for answer in answers if not answer.done]
    done = len(answers) - len(troubles)
    said = [ngettext("Đã chấp nhận %(num)s báo cáo.", "Đã chấp nhận %(num)s báo cáo.", done)]
    said += [answer.sentence for answer in troubles[:3]]
    return see(request, "/duyet", *said, tone=worst(answers).tone)


def _page(
    request: Request,
    owned: Owned,
    tools: Tools,
    now: datetime,
    typed: FormData | None = None,
    errors: dict[str, str] | None = None,
) -> Response:
    work = tools.views.assignment(owned.part.id, at=now)
    handed_in = tools.views.handed_in(owned.part.task, owned.part.unit)
    on_paper = handed_in is not None and handed_in.report is None
    reports = [] if on_paper else tools.reports.revisions(owned.part.id)
    if work is None or not (on_paper or reports):
        raise HTTPException(404)
    form = tools.reports.form(owned.part.id)
    return page(
        request,
        "review/report.html",
        stands_at=f"/duyet/{owned.part.id}",
        status=422 if errors else 200,
        work=work,
        report=reports[-1] if reports else None,
        paper=handed_in if on_paper else None,
        waits=work.stage == Stage.SUBMITTED,
        titles={line.code: line.text for line in form.lines},
        targets={target.code: target for target in form.targets},
        statuses=STATUS_NAMES,
        typed={} if typed is None else {name: str(value) for name, value in typed.items()},
        errors=errors or {},
    )
