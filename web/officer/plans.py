"""The plans that are loaded, and the way to launch each."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from web.access import OfficerOnly
from web.pages import page
from web.tools import ToolsOf

router = APIRouter(prefix="/ke-hoach")


@router.get("")
def plans(request: Request, _visitor: OfficerOnly, tools: ToolsOf) -> Response:
    return page(
        request,
        "officer/plans.html",
        plans=tools.registry.plans(),
        cycles=tools.cycles.all(),
        reviews=tools.plan_reviews.unfinished(),
    )
