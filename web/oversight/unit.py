"""A unit: who they are, what they owe, how they are reached, as far as the viewer may see."""

import re
from collections.abc import Mapping
from datetime import datetime

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from activities.views import Which
from models.directory import UnitKind
from models.visitor import Visitor
from web.access import OfficerOnly, OwnUnit
from web.forms import LONGEST_NAME, Fields
from web.language import gettext as _
from web.oversight.addresses import unit_address
from web.oversight.cycle_names import cycle_namer
from web.oversight.history import OFFICE
from web.oversight.seen import shown
from web.pages import see
from web.paging import Paging, PagingOf
from web.tools import Now, Tools, ToolsOf

router = APIRouter(prefix="/don-vi/{unit}")

LETTERS_SHOWN = 10
PERSON, PHONE = "dau_moi", "dien_thoai"
A_PHONE = re.compile(r"[0-9+()./ -]{0,40}")
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
    return _page(request, visitor, tools, now, paging, unit)


@router.post("/lien-he")
def reach(
    request: Request,
    visitor: OfficerOnly,
    tools: ToolsOf,
    now: Now,
    paging: PagingOf,
    fields: Fields,
    unit: str,
) -> Response:
    """Who to call. Not where mail goes to: whoever gets that gets the links into the program."""
    errors = _wrong(fields)
    if errors:
        # Its neighbours stand where the unit does.
        at_unit = paging._replace(path=unit_address(unit))
        return _page(request, visitor, tools, now, at_unit, unit, typed=fields, errors=errors)
    person, phone = fields.get(PERSON, ""), fields.get(PHONE, "")
    if not tools.registry.set_caller(unit, focal_person=person, phone=phone):
        raise HTTPException(404)
    return see(request, unit_address(unit), _("Đã lưu người đầu mối và số điện thoại."))


def _wrong(fields: Mapping[str, str]) -> dict[str, str]:
    errors = {}
    if len(fields.get(PERSON, "")) > LONGEST_NAME:
        errors[PERSON] = _("Tên dài quá %(most)s ký tự.", most=LONGEST_NAME)
    if not A_PHONE.fullmatch(fields.get(PHONE, "")):
        errors[PHONE] = _("Số điện thoại chỉ gồm chữ số, dấu cách và các dấu + - ( ) . /")
    return errors


def _page(
    request: Request,
    visitor: Visitor,
    tools: Tools,
    now: datetime,
    paging: Paging,
    unit: str,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Response:
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
        status=422 if errors else 200,
        stands_at=unit_address(unit),
        unit=known,
        cycle_named=cycle_namer(tools),
        hub=tools.registry.unit(known.hub) if known.hub else None,
        work=paging.of(found.assignments, found.total),
        schools=[row for row in schools.rows if row.unit != unit] if schools else [],
        letters=tools.views.inbox(unit, limit=LETTERS_SHOWN),
        in_office=visitor.role in OFFICE,
        itself=visitor.unit == unit,
        caller=typed or {PERSON: known.focal_person, PHONE: known.phone},
        errors=errors or {},
    )
