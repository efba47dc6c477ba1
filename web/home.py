"""The first page of each role."""

from datetime import datetime

from fastapi import APIRouter, Request
from starlette.responses import Response

from models.visitor import Visitor, VisitorRole
from web.access import SignedIn
from web.pages import page
from web.paging import Paging, PagingOf
from web.tools import Now, Tools, ToolsOf

router = APIRouter()


@router.get("/")
def home(
    request: Request, visitor: SignedIn, tools: ToolsOf, now: Now, paging: PagingOf
) -> Response:
    match visitor.role:
        case VisitorRole.UNIT:
            return _unit(request, visitor, tools, now, paging)
        case VisitorRole.OFFICER | VisitorRole.SUPERVISOR:
            return page(request, "home/cycles.html", cycles=tools.views.cycles(at=now), now=now)
        case _:
            return page(request, "home/administrator.html", accounts=tools.accounts.all())


def _unit(
    request: Request, visitor: Visitor, tools: Tools, now: datetime, paging: Paging
) -> Response:
    found = tools.views.assignments(
        at=now, unit=visitor.unit, limit=paging.size, offset=paging.offset
    )
    return page(request, "home/unit.html", work=paging.of(found.assignments, found.total), now=now)
