"""One thing a unit has to do: what, until when and why, and everything it may answer."""

import asyncio
from collections.abc import Callable
from datetime import date
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from models.assignment import OPEN, OWING
from models.commands import Acknowledge, AskExtension, Command, Note, NoteKind, Withdraw
from rules.decide_shared import check_proposed
from rules.wording import dmy
from web.access import OwnAssignment, OwnAssignmentToTouch, Owned
from web.acts import Answer
from web.forms import COMMAND, Fields, command_id
from web.lacking import Lacking, allowed, chosen_day
from web.language import gettext as _
from web.pages import page, see
from web.rule_words import day_off
from web.tools import Now, Tools, ToolsOf

router = APIRouter(prefix="/viec")


@router.get("/{assignment:path}")
def work(request: Request, owned: OwnAssignment, tools: ToolsOf, now: Now) -> Response:
    return _page(request, owned, tools, now)


@router.post("/{assignment:path}/tiep-nhan")
async def acknowledge(
    request: Request, owned: OwnAssignmentToTouch, tools: ToolsOf, fields: Fields
) -> Response:
    undo = "bo" in fields
    return await _answered(request, owned, tools, fields, Acknowledge, undo=undo)


@router.post("/{assignment:path}/rut")
async def withdraw(
    request: Request, owned: OwnAssignmentToTouch, tools: ToolsOf, fields: Fields
) -> Response:
    """Takes a report back before anybody has answered it."""
    return await _answered(request, owned, tools, fields, Withdraw)


@router.post("/{assignment:path}/tien-do")
async def progress(
    request: Request, owned: OwnAssignmentToTouch, tools: ToolsOf, now: Now, fields: Fields
) -> Response:
    """An update on what is done all year."""
    if not fields.get("noi_dung"):
        errors = {"noi_dung": _("Hãy ghi ngắn gọn việc đã làm.")}
        return await asyncio.to_thread(_page, request, owned, tools, now, fields, errors)
    answer = await _answer(owned, tools, fields, Note, kind=NoteKind.PROGRESS)
    if answer.refused:
        errors = {"noi_dung": answer.sentence}
        return await asyncio.to_thread(_page, request, owned, tools, now, fields, errors)
    return see(request, f"/viec/{owned.part.id}", answer.sentence, tone=answer.tone)


@router.post("/{assignment:path}/gia-han")
async def ask_extension(
    request: Request, owned: OwnAssignmentToTouch, tools: ToolsOf, now: Now, fields: Fields
) -> Response:
    """Asks for another last day, with reasons and how far the work is."""
    found = await asyncio.to_thread(tools.views.assignment, owned.part.id, at=now)
    last_day, errors = _extension(fields, found.last_day if found else None)
    if errors or last_day is None:
        return await asyncio.to_thread(_page, request, owned, tools, now, fields, errors)
    words = extension_words(fields["ly_do"], fields.get("da_lam", ""))
    asked = fields | {"noi_dung": words}
    answer = await _answer(owned, tools, asked, AskExtension, last_day=last_day)
    if answer.refused:
        errors = {"ngay": answer.sentence}
        return await asyncio.to_thread(_page, request, owned, tools, now, fields, errors)
    said = await asyncio.to_thread(_of_day_off, tools, found.cycle if found else "", last_day)
    return see(request, f"/viec/{owned.part.id}", answer.sentence, *said, tone=answer.tone)


def _of_day_off(tools: Tools, cycle: str, day: date) -> list[str]:
    reason = tools.reports.off(cycle, day) if cycle else None
    if reason is None:
        return []
    return [
        _("Ngày đề nghị %(day)s là ngày nghỉ (%(reason)s).", day=dmy(day), reason=day_off(reason))
    ]


def extension_words(reason: str, done: str) -> str:
    words = _("Lý do: %(reason)s", reason=reason)
    if done:
        words += "\n" + _("Đã thực hiện: %(done)s", done=done)
    return words


def _extension(fields: dict[str, str], current: date | None) -> tuple[date | None, dict[str, str]]:
    errors, last_day = {}, None
    try:
        last_day = chosen_day(fields, "ngay", _("Hãy chọn ngày đề nghị."))
        allowed("ngay", check_proposed, last_day, current)
    except Lacking as lacking:
        errors[lacking.field] = str(lacking)
    if not fields.get("ly_do"):
        errors["ly_do"] = _("Hãy nêu lý do xin gia hạn.")
    return last_day, errors


async def _answered(
    request: Request,
    owned: Owned,
    tools: Tools,
    fields: dict[str, str],
    asked: Callable[..., Command],
    **what: Any,
) -> Response:
    """What is one button, with nothing typed: the work's page says how it ended."""
    answer = await _answer(owned, tools, fields, asked, **what)
    return see(request, f"/viec/{owned.part.id}", answer.sentence, tone=answer.tone)


async def _answer(
    owned: Owned, tools: Tools, fields: dict[str, str], asked: Callable[..., Command], **what: Any
) -> Answer:
    heading = await asyncio.to_thread(
        tools.acts.heading,
        owned.visitor,
        owned.part.task,
        id_=command_id(fields.get(COMMAND)),
        words=fields.get("noi_dung", ""),
    )
    (answer,) = await tools.acts.perform(asked(**heading, unit=owned.part.unit, **what))
    return answer


def _page(
    request: Request,
    owned: Owned,
    tools: Tools,
    now: Any,
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
) -> Response:
    found = tools.views.assignment(owned.part.id, at=now)
    if found is None:
        raise HTTPException(404)
    mine = owned.visitor.unit == found.unit
    owing = found.stage in OWING
    asked = found.extension_asked
    return page(
        request,
        "unit/work.html",
        status=422 if errors else 200,
        stands_at=f"/viec/{found.id}",
        work=found,
        form=tools.reports.outline(found.id),
        reports=tools.reports.revisions(found.id),
        mine=mine,
        may_acknowledge=mine and found.stage in OPEN,
        may_report=mine and owing and found.breach is not None,
        # What was typed stays, also where the answer is that it can no longer be asked for.
        may_extend=(errors and "ly_do" in (typed or {}))
        or (mine and owing and found.breach is not None and not found.overdue and not asked),
        too_late=mine and owing and found.overdue,
        extension=tools.views.extension(found.id) if asked else None,
        may_note=(errors and "noi_dung" in (typed or {}))
        or (mine and found.breach is None and found.stage in OPEN),
        typed=typed or {},
        errors=errors or {},
        now=now,
    )
