"""A unit: who they are, what they owe, how they are reached, as far as the viewer may see."""

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from activities.views import Which
from models.directory import UnitKind
from models.visitor import VisitorRole
from web.access import OwnUnit
from web.oversight.history import OFFICE
from web.oversight.seen import shown
from web.paging import PagingOf
from web.tools import Now, ToolsOf

router = APIRouter(prefix="/don-vi/{unit}")

LETTERS_SHOWN = 10


@router.get("")
def unit_page(
    request: Request, visitor: OwnUnit, tools: ToolsOf, now: Now, paging: PagingOf, unit: str
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
        unit=known,
        hub=tools.registry.unit(known.hub) if known.hub else None,
        work=paging.of(found.assignments, found.total),
        schools=[row for row in schools.rows if row.unit != unit] if schools else [],
        letters=tools.views.inbox(unit, limit=LETTERS_SHOWN),
        in_office=visitor.role in OFFICE,
        itself=visitor.role is VisitorRole.UNIT and visitor.unit == unit,
    )
