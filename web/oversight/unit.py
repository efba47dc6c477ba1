"""A unit: who they are, what they owe, how they are reached, as far as the viewer may see."""

import asyncio
import re

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from activities.views import Which
from models.directory import UnitKind
from web.access import OfficerOnly, OwnUnit
from web.forms import LONGEST_NAME, Fields
from web.language import gettext as _
from web.oversight.addresses import unit_address
from web.oversight.history import OFFICE
from web.oversight.seen import shown
from web.pages import see
from web.paging import PagingOf
from web.tools import Now, ToolsOf

router = APIRouter(prefix="/don-vi/{unit}")

LETTERS_SHOWN = 10
PHONE = re.compile(r"[0-9+()./ -]{0,40}")
CONTACTS = "lien-he"


@router.get("")
def unit_page(
    request: Request,
    visitor: OwnUnit,
    tools: ToolsOf,
    now: Now,
    paging: PagingOf,
    unit: str,
    xem: str = "",
) -> Response:
    """Letters lead here: a unit itself goes on to its work, unless it asks for its contacts."""
    if visitor.unit == unit and xem != CONTACTS:
        return RedirectResponse("/", 303)
    known = tools.registry.unit(unit)
    if known is None:
        raise HTTPException(404)
    found = tools.views.assignments(at=now, unit=unit, limit=paging.size, offset=paging.offset)
    cycles = {row.cycle for row in found.assignments}
    schools = (
        tools.views.heat_map(max(cycles), at=now, which=Which(hub=unit))
        if known.kind is UnitKind.COMMUNE and cycles
        else None
    )
    return shown(
        request,
        "oversight/unit.html",
        unit=known,
        hub=tools.registry.unit(known.hub) if known.hub else None,
        work=paging.of(found.assignments, found.total),
        schools=[row for row in schools.rows if row.unit != unit] if schools else [],
        letters=tools.views.inbox(unit, limit=LETTERS_SHOWN),
        in_office=visitor.role in OFFICE,
        itself=visitor.unit == unit,
    )


@router.post("/lien-he")
async def reach(
    request: Request, _visitor: OfficerOnly, tools: ToolsOf, fields: Fields, unit: str
) -> Response:
    """Who to call. Not where mail goes to: whoever gets that gets the links into the program."""
    person, phone = fields.get("dau_moi", ""), fields.get("dien_thoai", "")
    if len(person) > LONGEST_NAME or not PHONE.fullmatch(phone):
        sentence = _("Chưa lưu: số điện thoại chỉ gồm chữ số, dấu cách và các dấu + - ( ) . /")
        return see(request, unit_address(unit), sentence, tone="bad")
    known = await asyncio.to_thread(
        tools.registry.set_caller, unit, focal_person=person, phone=phone
    )
    if not known:
        raise HTTPException(404)
    return see(request, unit_address(unit), _("Đã lưu người đầu mối và số điện thoại."))
