"""Following up one assignment on the officer's side: calls, paper reports, moved dates."""

import asyncio
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from activities.lookup import Part
from models.clock import VN
from models.commands import (
    Cancel,
    Command,
    Member,
    Note,
    NoteKind,
    Reassign,
    Reopen,
    Reschedule,
    Submit,
)
from models.visitor import Visitor
from web.access import OfficerOnly
from web.forms import COMMAND, Fields, command_id
from web.language import gettext as _
from web.officer.desk import SUGGESTED
from web.pages import page, see
from web.tools import Now, Tools, ToolsOf

router = APIRouter(prefix="/xu-ly")

Fill = Callable[[Tools, dict[str, str], dict[str, Any]], Command]


class Lacking(Exception):
    """A field that is missing or wrong: its name, and the sentence that says so."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


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
    try:
        command = await asyncio.to_thread(_command, tools, visitor, part, fields, ACTS[act])
    except Lacking as lacking:
        errors = {lacking.field: str(lacking)}
        return await asyncio.to_thread(_page, request, tools, now, assignment, fields, errors)
    (answer,) = await tools.acts.perform(command)
    return see(request, f"/xu-ly/{assignment}", answer.sentence, tone=answer.tone)


def _note_call(_tools: Tools, fields: dict[str, str], heading: dict[str, Any]) -> Command:
    _needed(fields, "noi_dung", _("Hãy ghi nội dung cuộc gọi."))
    promised = _day(fields, "hua", "") if fields.get("hua") else None
    return Note(**heading, kind=NoteKind.CALL, promised=promised)


def _paper(_tools: Tools, fields: dict[str, str], heading: dict[str, Any]) -> Command:
    """A report that came on paper counts from the day it was received."""
    reference = _needed(fields, "so", _("Hãy ghi số, ký hiệu của báo cáo giấy."))
    received = _moment(fields, heading["received_at"])
    return Submit(**heading | {"received_at": received}, on_behalf=True, reference=reference)


def _reschedule(_tools: Tools, fields: dict[str, str], heading: dict[str, Any]) -> Command:
    _needed(fields, "noi_dung", _("Hãy nêu lý do dời hạn."))
    return Reschedule(**heading, last_day=_day(fields, "han", _("Hãy chọn hạn mới.")))


def _cancel(_tools: Tools, fields: dict[str, str], heading: dict[str, Any]) -> Command:
    reference = _needed(fields, "quyet_dinh", _("Hãy ghi số quyết định, văn bản."))
    return Cancel(**heading, reference=reference)


def _reassign(tools: Tools, fields: dict[str, str], heading: dict[str, Any]) -> Command:
    code = _needed(fields, "don_vi", _("Hãy ghi mã đơn vị nhận việc."))
    unit = tools.registry.assignable(code)
    if unit is None:
        raise Lacking("don_vi", _("Danh bạ không có đơn vị mang mã “%(code)s”.", code=code))
    return Reassign(**heading, to=Member(code=unit.code, hub=unit.hub))


def _reopen(_tools: Tools, fields: dict[str, str], heading: dict[str, Any]) -> Command:
    _needed(fields, "noi_dung", _("Hãy nêu lý do mở lại."))
    return Reopen(**heading)


ACTS: dict[str, Fill] = {
    "goi": _note_call,
    "bao-cao-giay": _paper,
    "doi-han": _reschedule,
    "khong-tiep-tuc": _cancel,
    "chuyen": _reassign,
    "mo-lai": _reopen,
}


def _part(tools: Tools, assignment: str) -> Part:
    found = tools.lookup.part(assignment)
    if not found:
        raise HTTPException(404)
    return found[0]


def _command(
    tools: Tools, visitor: Visitor, part: Part, fields: dict[str, str], fill: Fill
) -> Command:
    heading = tools.acts.heading(
        visitor,
        part.task,
        id_=command_id(fields.get(COMMAND)),
        words=fields.get("noi_dung", ""),
    )
    return fill(tools, fields, heading | {"unit": part.unit})


def _needed(fields: dict[str, str], name: str, sentence: str) -> str:
    if not fields.get(name):
        raise Lacking(name, sentence)
    return fields[name]


def _day(fields: dict[str, str], name: str, otherwise: str) -> date:
    try:
        return date.fromisoformat(fields.get(name, ""))
    except ValueError as error:
        sentence = otherwise or _("Ngày chưa đúng: hãy chọn một ngày trên lịch.")
        raise Lacking(name, sentence) from error


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
    errors: dict[str, str] | None = None,
) -> Response:
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
        errors=errors or {},
        now=now,
    )
