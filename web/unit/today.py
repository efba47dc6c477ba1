"""Today's list: everything a unit holds, most pressing first, and one button to acknowledge it."""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from fastapi import APIRouter, Request
from starlette.responses import Response

from activities.views import AssignmentView
from models.assignment import Stage
from models.commands import Acknowledge
from models.visitor import Visitor
from web.access import UnitOnly
from web.forms import COMMAND, Fields, command_id
from web.language import gettext as _
from web.language import lazily as later
from web.live import position_of
from web.pages import page, see
from web.tools import Tools, ToolsOf

router = APIRouter()

SOON = timedelta(days=14)
DONE = frozenset({Stage.ACCEPTED, Stage.SETTLED, Stage.CANCELLED, Stage.REASSIGNED})

RESTING = frozenset({Stage.HELD, Stage.SUSPENDED})


class Pile(NamedTuple):
    """Assignments of one kind of urgency. `folded` ones need nothing from the unit today."""

    title: str
    tone: str
    folded: bool
    work: list[AssignmentView]


RETURNED = (later("Bị trả lại, cần nộp lại"), "bad", False)
OVERDUE = (later("Đã quá hạn"), "bad", False)
SOON_DUE = (later("Sắp đến hạn"), "waiting", False)
LATER_DUE = (later("Có hạn về sau"), "", False)
UNDATED = (later("Chưa có hạn hoặc làm thường xuyên"), "", False)
AT_REST = (later("Chờ quyết định hoặc tạm dừng, chưa phải làm gì"), "", False)
IN_REVIEW = (later("Đã nộp, chờ duyệt"), "", True)
OVER = (later("Đã xong"), "", True)
ORDER = (RETURNED, OVERDUE, SOON_DUE, LATER_DUE, UNDATED, AT_REST, IN_REVIEW, OVER)


def piles(work: Iterable[AssignmentView], *, at: datetime) -> list[Pile]:
    """What is owed soonest first; inside a pile by its deadline. Empty piles are left out."""
    found: dict[tuple[str, str, bool], list[AssignmentView]] = {each: [] for each in ORDER}
    for each in sorted(work, key=_by_deadline):
        found[_pile(each, at)].append(each)
    return [Pile(*pile, theirs) for pile, theirs in found.items() if theirs]


def today(request: Request, visitor: Visitor, tools: Tools, now: datetime) -> Response:
    """The first page of a unit."""
    position = position_of(request)
    held = tools.views.held_by(visitor.unit or "", at=now)
    return page(
        request,
        "unit/today.html",
        position=position,
        piles=piles(held, at=now),
        unread=sum(_is_unread(each) for each in held),
        schools=tools.views.below(visitor.unit or "", at=now) if visitor.is_hub else None,
        now=now,
    )


@router.post("/tiep-nhan")
async def acknowledge_all(
    request: Request, visitor: UnitOnly, tools: ToolsOf, fields: Fields
) -> Response:
    """One acknowledgement covers everything that was assigned."""
    commands = await asyncio.to_thread(
        acknowledgements, tools, visitor, command_id(fields.get(COMMAND))
    )
    answers = await tools.acts.perform(*commands)
    troubles = [answer for answer in answers if not answer.done]
    if troubles:
        return see(request, "/", troubles[0].sentence, tone=troubles[0].tone)
    return see(request, "/", _("Đã xác nhận tiếp nhận %(count)s việc.", count=len(answers)))


def acknowledgements(tools: Tools, visitor: Visitor, id_: str) -> list[Acknowledge]:
    cycles = [cycle.id for cycle in tools.cycles.all(running=True)]
    open_parts = tools.lookup.open_parts(cycles, visitor.unit)
    return [
        Acknowledge(
            **tools.acts.heading(visitor, part.task, id_=f"{id_}.{part.id}"), unit=part.unit
        )
        for part in open_parts
        if not part.acknowledged
    ]


def _pile(each: AssignmentView, at: datetime) -> tuple[str, str, bool]:
    if each.stage in DONE:
        return OVER
    if each.stage == Stage.SUBMITTED:
        return IN_REVIEW
    if each.stage in RESTING:
        return AT_REST
    if each.stage == Stage.RETURNED:
        return RETURNED
    if each.breach is None:
        return UNDATED
    if each.overdue:
        return OVERDUE
    return SOON_DUE if each.breach - at <= SOON else LATER_DUE


def _by_deadline(each: AssignmentView) -> tuple[bool, datetime | None, str, str]:
    return (each.breach is None, each.breach, each.code, each.occurrence)


def _is_unread(each: AssignmentView) -> bool:
    return each.acknowledged_at is None and each.stage not in DONE
