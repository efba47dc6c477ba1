"""Monday morning: who is overdue, how to reach them, and what they promised."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from web.access import OfficeOnly
from web.forms import LONGEST_NAME
from web.oversight.cycle_names import cycle_namer
from web.pages import page
from web.paging import PagingOf
from web.tools import Now, ToolsOf

router = APIRouter(prefix="/qua-han")


@router.get("")
def overdue(
    request: Request,
    _visitor: OfficeOnly,
    tools: ToolsOf,
    now: Now,
    paging: PagingOf,
    said: Annotated[str, Query(alias="don-vi", max_length=LONGEST_NAME)] = "",
) -> Response:
    chosen = tools.registry.named_like(said) if said.strip() else None
    found = tools.views.overdue(at=now, held_by=chosen, limit=paging.size, offset=paging.offset)
    return page(
        request,
        "officer/overdue.html",
        work=paging.of(found.parts, found.total),
        units=found.units,
        held=found.held,
        said=said,
        cycle_named=cycle_namer(tools),
    )
