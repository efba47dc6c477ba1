"""What waits for the officer: questions of tasks, extensions asked for, and where the rest is."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from fastapi import APIRouter, HTTPException, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from activities.lookup import Part, Task
from models.assignment import Role, Waiting
from models.commands import (
    Adopt,
    Allocate,
    Command,
    DocumentIssued,
    GrantExtension,
    Member,
    RefuseExtension,
    SetDate,
)
from models.directory import UnitKind
from models.identifiers import parse_task_id
from models.visitor import Visitor
from rules.decide_shared import check_extension, check_issued, check_not_past
from web.access import OfficerOnly
from web.acts import Answer, worst
from web.forms import COMMAND, Kept, command_id, kept_of
from web.lacking import Lacking, allowed, chosen_day
from web.language import gettext as _
from web.live import position_of
from web.oversight.addresses import task_address
from web.pages import page, see
from web.tools import Now, Tools, ToolsOf
from web.units_said import codes_said, members_of

DESK = "/can-xu-ly"
router = APIRouter(prefix=DESK)

OFFERED = (UnitKind.OFFICE, UnitKind.DIVISION)
# Whom a code is suggested for: schools are too many for a list.
SUGGESTED = (*OFFERED, UnitKind.COMMUNE, UnitKind.DIRECT)
SURE = "_chac"


class Decision(NamedTuple):
    """A command for each part of a task, and for how many units something would be different."""

    commands: Sequence[Command]
    units: int


Asked = Callable[[FormData, list[Task]], Decision]


@router.get("")
def desk(request: Request, _visitor: OfficerOnly, tools: ToolsOf, now: Now) -> Response:
    return _page(request, tools, now)


@router.post("/phan-cong/{task:path}")
async def allocate(
    request: Request, visitor: OfficerOnly, tools: ToolsOf, now: Now, task: str
) -> Response:
    """Names the units that carry out a task whose document names nobody."""

    def asked(typed: FormData, parts: list[Task]) -> Decision:
        members = _units_said(tools, typed)
        if not members:
            raise Lacking("don_vi", _("Chưa chọn đơn vị nào để phân công."))
        role = Role.COOPERATING if typed.get("phoi_hop") else Role.LEAD
        heading = _heading(tools, visitor, typed, parts[0], 0)
        command = Allocate(**heading, units=tuple(members), role=role)
        return Decision([command], 1)  # each of them was named

    return await _decided(request, tools, now, task, Waiting.ALLOCATION, asked)


@router.post("/an-dinh-han/{task:path}")
async def set_date(
    request: Request, visitor: OfficerOnly, tools: ToolsOf, now: Now, task: str
) -> Response:
    def asked(typed: FormData, parts: list[Task]) -> Decision:
        last_day = chosen_day(typed, "ngay", _("Hãy chọn ngày cuối còn đúng hạn."))
        allowed("ngay", check_not_past, last_day, now)
        commands = [
            SetDate(**_heading(tools, visitor, typed, part, number), last_day=last_day)
            for number, part in enumerate(parts)
        ]
        return Decision(commands, _owing(parts))

    return await _decided(request, tools, now, task, Waiting.DATE, asked)


@router.post("/van-ban/{task:path}")
async def document_issued(
    request: Request, visitor: OfficerOnly, tools: ToolsOf, now: Now, task: str
) -> Response:
    """The document a task waits for has come."""

    def asked(typed: FormData, parts: list[Task]) -> Decision:
        number = str(typed.get("so", "")).strip()
        if not number:
            raise Lacking("so", _("Hãy ghi số, ký hiệu của văn bản."))
        issued_on = chosen_day(typed, "ngay", _("Hãy chọn ngày của văn bản."))
        allowed("ngay", check_issued, issued_on, now)
        last_day = chosen_day(typed, "han") if typed.get("han") else None
        if last_day:
            allowed("han", check_not_past, last_day, now)
        commands = [
            DocumentIssued(
                **_heading(tools, visitor, typed, part, number_),
                number=number,
                issued_on=issued_on,
                last_day=last_day,
            )
            for number_, part in enumerate(parts)
        ]
        return Decision(commands, _owing(parts))

    return await _decided(request, tools, now, task, Waiting.DOCUMENT, asked)


@router.post("/han-da-qua/{task:path}")
async def adopt(
    request: Request, visitor: OfficerOnly, tools: ToolsOf, now: Now, task: str
) -> Response:
    """What was overdue before the launch: settled, in time or late, or chased from now on."""

    def asked(typed: FormData, parts: list[Task]) -> Decision:
        late = "xong_muon" in typed
        settled = late or "xong" in typed
        held = tools.lookup.held([part.id for part in parts])
        commands = [
            Adopt(**_heading(tools, visitor, typed, part, number), settled=settled, late=late)
            for number, part in enumerate(parts)
            if part.id in held
        ]
        return Decision(commands, sum(len(units) for units in held.values()))

    return await _decided(request, tools, now, task, Waiting.ADOPTION, asked)


@router.post("/gia-han/{assignment:path}")
async def answer_extension(
    request: Request, visitor: OfficerOnly, tools: ToolsOf, now: Now, assignment: str
) -> Response:
    typed = await request.form()
    found = await asyncio.to_thread(tools.lookup.part, assignment)
    if not found:
        raise HTTPException(404)
    try:
        command = await asyncio.to_thread(_answer, tools, visitor, typed, found[0], now)
    except Lacking as lacking:
        return await _again(request, tools, now, assignment, lacking)
    answers = await tools.acts.perform(command)
    return await _told(request, tools, now, assignment, answers)


def _answer(
    tools: Tools, visitor: Visitor, typed: FormData, part: Part, now: datetime
) -> GrantExtension | RefuseExtension:
    granted, words = bool(typed.get("dong_y")), str(typed.get("noi_dung", "")).strip()
    last_day = chosen_day(typed, "ngay") if granted and typed.get("ngay") else None
    asked = tools.views.extension(part.id)
    if granted and asked:
        last_day = last_day or asked.proposed  # named, so that the answer can name it
        allowed("ngay", check_extension, last_day, part.last_day, now)
    if not (granted or words):
        raise Lacking("noi_dung", _("Không đồng ý thì hãy nêu lý do."))
    heading = tools.acts.heading(
        visitor, part.task, id_=command_id(typed.get(COMMAND)), words=words
    ) | {"unit": part.unit}
    return GrantExtension(**heading, last_day=last_day) if granted else RefuseExtension(**heading)


async def _decided(
    request: Request, tools: Tools, now: datetime, task: str, waiting: Waiting, asked: Asked
) -> Response:
    """Builds the commands for every part of a task, and says how they ended. What is about many
    units asks first."""
    typed = await request.form()
    card = f"{waiting}-{task}"
    parts = await asyncio.to_thread(parts_of, tools, task)
    try:
        commands, units = await asyncio.to_thread(asked, typed, parts)
    except Lacking as lacking:
        return await _again(request, tools, now, card, lacking)
    if SURE not in typed and commands and units > 1:
        return page(
            request,
            "officer/sure.html",
            stands_at=DESK,
            title=parts[0].title,
            address=task_address(task),
            year=parse_task_id(task).cycle,
            verb=commands[0].verb,
            settled=isinstance(commands[0], Adopt) and commands[0].settled,
            late=isinstance(commands[0], Adopt) and commands[0].late,
            units=units,
            kept=await kept_of(request),
            back=f"{DESK}#viec-{card}",
        )
    return await _told(request, tools, now, card, await tools.acts.perform(*commands))


def _owing(parts: Sequence[Task]) -> int:
    return sum(part.units for part in parts)


async def _again(
    request: Request, tools: Tools, now: datetime, card: str, lacking: Lacking
) -> Response:
    """The desk with what was typed into the form of a card, and what is lacking in it."""
    typed, kept = await request.form(), await kept_of(request)
    return await asyncio.to_thread(_page, request, tools, now, card, typed, kept, lacking)


def _page(
    request: Request,
    tools: Tools,
    now: datetime,
    at: str = "",
    typed: FormData | None = None,
    kept: Kept | None = None,
    lacking: Lacking | None = None,
) -> Response:
    """`at` is the card (`date-…` and a task, or an assignment) whose form was `typed`, and what is
    `lacking` in it; `kept` is the same for where the card no longer stands."""
    position = position_of(request)
    units = tools.registry.of_kinds(SUGGESTED)
    desk = tools.views.desk(at=now)
    cards = {f"{each.waiting}-{each.task}": each.title for each in desk.questions}
    cards |= {each.assignment: f"{each.unit_name}, {each.title}" for each in desk.extensions}
    return page(
        request,
        "officer/desk.html",
        status=422 if lacking else 200,
        stands_at=DESK,
        position=position,
        desk=desk,
        about=cards.get(at, ""),
        divisions=[unit for unit in units if unit.kind in OFFERED],
        units=units,
        task_address=task_address,
        at=at,
        typed=typed or FormData(),
        kept=kept,
        wrong=str(lacking or ""),
        field=lacking.field if lacking else "",
        now=now,
    )


def parts_of(tools: Tools, task: str) -> list[Task]:
    found = tools.lookup.task(task)
    if not found:
        raise HTTPException(404)
    return tools.lookup.tasks([found[0].cycle], found[0].code, found[0].occurrence)


def _heading(
    tools: Tools, visitor: Visitor, typed: FormData, part: Task, number: int
) -> dict[str, Any]:
    id_ = command_id(typed.get(COMMAND))
    return tools.acts.heading(
        visitor,
        part.id,
        id_=f"{id_}.{number}" if number else id_,
        words=str(typed.get("noi_dung", "")),
    )


def _units_said(tools: Tools, typed: FormData) -> list[Member]:
    others = "don_vi_khac"
    said = codes_said(tools, others, str(typed.get(others, "")))
    ticked = map(str, typed.getlist("don_vi"))
    return members_of(tools, others, list(dict.fromkeys([*ticked, *said])))


async def _told(
    request: Request, tools: Tools, now: datetime, card: str, answers: Sequence[Answer]
) -> Response:
    """What nobody could foresee is refused with what was typed."""
    if not answers:
        return see(request, DESK, _("Không còn gì phải quyết định ở việc này."))
    answer = worst(answers)
    if answer.refused:
        return await _again(request, tools, now, card, Lacking("", answer.sentence))
    return see(request, DESK, answer.sentence, tone=answer.tone)
