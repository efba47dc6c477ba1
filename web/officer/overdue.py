"""Monday morning: who is overdue, how to reach them, and what they promised."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from web.access import OfficeOnly
from web.oversight.cycle_names import cycle_namer
from web.pages import page
from web.paging import PagingOf
from web.tools import Now, ToolsOf

router = APIRouter(prefix="/qua-han")


@router.get("")
def overdue(
    request: Request, _visitor: OfficeOnly, tools: ToolsOf, now: Now, paging: PagingOf
) -> Response:
    found = tools.views.overdue(at=now, limit=paging.size, offset=paging.offset)
    return page(
        request,
        "officer/overdue.html",
        work=paging.of(found.parts, found.total),
        units=found.units,
        held=found.held,
        cycle_named=cycle_namer(tools),
    )
