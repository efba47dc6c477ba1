"""The first page of each role."""

from itertools import chain

from fastapi import APIRouter, Request
from starlette.responses import Response

from models.clock import VN
from models.visitor import VisitorRole
from rules.counting import first_overdue, four_ways
from web.access import SignedIn
from web.live import position_of
from web.oversight.cycle import overview_page
from web.oversight.seen import HELPERS
from web.pages import page
from web.paging import PagingOf
from web.tools import Now, ToolsOf
from web.unit.today import today

router = APIRouter()


@router.get("/")
def home(
    request: Request, visitor: SignedIn, tools: ToolsOf, now: Now, paging: PagingOf
) -> Response:
    match visitor.role:
        case VisitorRole.UNIT:
            return today(request, visitor, tools, now)
        case VisitorRole.OFFICER | VisitorRole.SUPERVISOR:
            position = position_of(request)
            cycles = tools.views.cycles(at=now)
            if visitor.role is VisitorRole.SUPERVISOR and len(cycles) == 1:
                seen = tools.views.oversight(cycles[0].id, at=now)
                if seen is not None:
                    return overview_page(request, seen)
            totals = tools.views.totals([cycle.id for cycle in cycles], at=now)
            return page(
                request,
                "home/cycles.html",
                position=position,
                cycles=[(cycle, four_ways(totals[cycle.id])) for cycle in cycles],
                overdue_days=first_overdue(chain.from_iterable(totals.values())),
                folded=visitor.role is VisitorRole.SUPERVISOR,
                today=now.astimezone(VN).date(),
                **HELPERS,
            )
        case _:
            lines, total = tools.door.record(limit=paging.size, offset=paging.offset)
            return page(
                request,
                "home/administrator.html",
                accounts=tools.accounts.all(),
                passed=paging.of(lines, total),
            )
