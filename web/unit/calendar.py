"""The unit's deadlines in its own calendar program: addresses made, listed and closed."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from web.access import UnitOnly
from web.forms import Fields
from web.language import gettext as _
from web.pages import page, see
from web.tools import Tools, ToolsOf

router = APIRouter(prefix="/lich-cua-toi")

LONGEST_LABEL = 60


@router.get("")
def feeds(request: Request, visitor: UnitOnly, tools: ToolsOf) -> Response:
    return _page(request, tools, visitor.unit or "")


@router.post("")
def add(request: Request, visitor: UnitOnly, tools: ToolsOf, fields: Fields) -> Response:
    """A new address, shown this once: nobody can ask for it again."""
    label = fields.get("ten", "")[:LONGEST_LABEL]
    address = tools.feeds.create(visitor.unit or "", label=label, person=visitor.name)
    return _page(request, tools, visitor.unit or "", address=address)


@router.post("/{feed}/thu-hoi")
def revoke(request: Request, visitor: UnitOnly, tools: ToolsOf, feed: str) -> Response:
    if tools.feeds.revoke(feed, unit=visitor.unit or ""):
        return see(request, "/lich-cua-toi", _("Địa chỉ lịch đã được thu hồi."))
    return see(request, "/lich-cua-toi", _("Không có địa chỉ lịch này."), tone="bad")


def _page(request: Request, tools: Tools, unit: str, *, address: str = "") -> Response:
    return page(
        request,
        "unit/calendar.html",
        stands_at="/lich-cua-toi",
        feeds=tools.feeds.of_unit(unit),
        address=address,
    )
