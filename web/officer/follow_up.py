"""Following up one assignment on the officer's side: calls, paper reports, moved dates."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from activities.lookup import Part
from models.clock import VN
from models.commands import (
    Cancel,
    Command,
    Note,
    NoteKind,
    Reassign,
    Reopen,
    Reschedule,
    Submit,
)
from models.visitor import Visitor
from rules.decide_shared import check_not_past, check_promise
from web.access import OfficerOnly
from web.forms import COMMAND, Fields, command_id
from web.lacking import Lacking, allowed, chosen_day
from web.language import gettext as _
from web.officer.desk import SUGGESTED
from web.pages import page, see
from web.tools import Now, Tools, ToolsOf
from web.units_said import codes_said, members_of

router = APIRouter(prefix="/xu-ly")

Fill = Callable[[Tools, dict[str, str], datetime], dict[str, Any]]


class Asked(NamedTuple):
    """An act: its command, what reads its own fields, and the field whose form it is."""

    command: Callable[..., Command]
    fill: Fill
    field: str


@router.get("/{assignment:path}")
def follow_up(
    request: Request, _visitor: OfficerOnly, tools: ToolsOf, now: Now, assignment: str
) -> Response:
    return _page(request, tools, now, assignment)


@router.post("/{assignment:path}/{act}")
async def act(
    request: Request,
    visitor: OfficerOnly,
    tools: ToolsOf,
    now: Now,
    fields: Fields,
    assignment: str,
    act: str,
) -> Response:
    if act not in ACTS:
        raise HTTPException(404)
    part = await asyncio.to_thread(_part, tools, assignment)
    asked = ACTS[act]
    again = partial(_page, request, tools, now, assignment, fields, act)
    try:
        command = await asyncio.to_thread(_command, tools, visitor, part, fields, asked, now)
    except Lacking as lacking:
        return await asyncio.to_thread(again, {lacking.field: str(lacking)})
    (answer,) = await tools.acts.perform(command)
    if answer.refused:
        return await asyncio.to_thread(again, {asked.field: answer.sentence})
    return see(request, f"/xu-ly/{assignment}", answer.sentence, tone=answer.tone)


def _note_call(_tools: Tools, fields: dict[str, str], now: datetime) -> dict[str, Any]:
    _needed(fields, "noi_dung", _("Hãy ghi nội dung cuộc gọi."))
    promised = chosen_day(fields, "hua") if fields.get("hua") else None
    if promised:
        allowed("hua", check_promise, promised, now)
    return {"kind": NoteKind.CALL, "promised": promised}


def _paper(_tools: Tools, fields: dict[str, str], now: datetime) -> dict[str, Any]:
    """A report that came on paper counts from the day it was received."""
    reference = _needed(fields, "so", _("Hãy ghi số, ký hiệu của báo cáo giấy."))
    return {"received_at": _moment(fields, now), "on_behalf": True, "reference": reference}


def _reschedule(_tools: Tools, fields: dict[str, str], now: datetime) -> dict[str, Any]:
    _needed(fields, "noi_dung", _("Hãy nêu lý do dời hạn."))
    last_day = chosen_day(fields, "han", _("Hãy chọn hạn mới."))
    allowed("han", check_not_past, last_day, now)
    return {"last_day": last_day}


def _cancel(_tools: Tools, fields: dict[str, str], _now: datetime) -> dict[str, Any]:
    return {"reference": _needed(fields, "quyet_dinh", _("Hãy ghi số quyết định, văn bản."))}


def _reassign(tools: Tools, fields: dict[str, str], _now: datetime) -> dict[str, Any]:
    said = _needed(fields, "don_vi", _("Hãy ghi mã hoặc tên đơn vị nhận việc."))
    members = members_of(tools, "don_vi", codes_said(tools, "don_vi", said))
    if len(members) != 1:
        raise Lacking("don_vi", _("Phần việc chuyển cho một đơn vị: hãy ghi một mã hoặc một tên."))
    return {"to": members[0]}


def _reopen(_tools: Tools, fields: dict[str, str], _now: datetime) -> dict[str, Any]:
    _needed(fields, "noi_dung", _("Hãy nêu lý do mở lại."))
    return {}


ACTS = {
    "goi": Asked(Note, _note_call, "noi_dung"),
    "bao-cao-giay": Asked(Submit, _paper, "so"),
    "doi-han": Asked(Reschedule, _reschedule, "han"),
    "khong-tiep-tuc": Asked(Cancel, _cancel, "quyet_dinh"),
    "chuyen": Asked(Reassign, _reassign, "don_vi"),
    "mo-lai": Asked(Reopen, _reopen, "noi_dung"),
}


def _part(tools: Tools, assignment: str) -> Part:
    found = tools.lookup.part(assignment)
    if not found:
        raise HTTPException(404)
    return found[0]


def _command(
    tools: Tools,
    visitor: Visitor,
    part: Part,
    fields: dict[str, str],
    asked: Asked,
    now: datetime,
) -> Command:
    # First, because the heading stores what the officer wrote.
    own = asked.fill(tools, fields, now)
    heading = tools.acts.heading(
        visitor,
        part.task,
        id_=command_id(fields.get(COMMAND)),
        words=fields.get("noi_dung", ""),
    )
    return asked.command(**heading | {"unit": part.unit} | own)


def _needed(fields: dict[str, str], name: str, sentence: str) -> str:
    if not fields.get(name):
        raise Lacking(name, sentence)
    return fields[name]


def _moment(fields: dict[str, str], now: datetime) -> datetime:
    """When the paper arrived: a day, with or without the hour, and never still to come."""
    try:
        said = datetime.fromisoformat(fields.get("nhan_luc", "")).replace(tzinfo=VN)
    except ValueError as error:
        raise Lacking("nhan_luc", _("Hãy ghi lúc nhận được báo cáo giấy.")) from error
    if said > now:
        raise Lacking("nhan_luc", _("Thời điểm nhận báo cáo giấy còn ở tương lai: hãy xem lại."))
    return said


def _page(
    request: Request,
    tools: Tools,
    now: datetime,
    assignment: str,
    typed: dict[str, str] | None = None,
    act: str = "",
    errors: dict[str, str] | None = None,
) -> Response:
    """`act` is the form that was `typed`."""
    work = tools.views.assignment(assignment, at=now)
    if work is None:
        raise HTTPException(404)
    return page(
        request,
        "officer/follow_up.html",
        status=422 if errors else 200,
        stands_at=f"/xu-ly/{assignment}",
        work=work,
        unit=tools.registry.unit(work.unit),
        units=tools.registry.of_kinds(SUGGESTED),
        typed=typed or {},
        act=act,
        errors=errors or {},
        now=now,
    )
