"""The cycle a page is about, and the trail that leads to it."""

from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request
from starlette.responses import Response

from activities.views import Oversight
from models.identifiers import cycle_id
from web.language import gettext as _
from web.oversight import words
from web.oversight.addresses import (
    check_address,
    cycle_address,
    history_address,
    task_address,
    unit_address,
)
from web.pages import page
from web.tools import Now, ToolsOf


def seen_cycle(tools: ToolsOf, now: Now, plan: str, cycle: str) -> Oversight:
    found = tools.views.oversight(cycle_id(plan, cycle), at=now)
    if found is None or found.cycle.stage == "voided":
        raise HTTPException(404)
    return found


Seen = Annotated[Oversight, Depends(seen_cycle)]


def cycle_page(
    request: Request, template: str, seen: Oversight, here: str, **context: Any
) -> Response:
    """A page of a cycle: `here` is the address part of the tab it belongs to. What is on the
    screen is offered as a file under the same address and filters, where there is one."""
    cycle = seen.cycle
    tabs = [
        ("", _("Tổng quan")),
        ("/ban-do", _("Bản đồ nhiệt")),
        ("/dong-thoi-gian", _("Dòng thời gian")),
        ("/tre-han", _("Trễ hạn")),
        ("/phan-viec", _("Danh sách")),
    ]
    return shown(
        request,
        template,
        seen=seen,
        cycle=cycle,
        file=FILES.get(here),
        query=f"?{request.url.query}" if request.url.query else "",
        tabs=[(cycle_address(cycle.id, part), title, part == here) for part, title in tabs],
        **context,
    )


def shown(request: Request, template: str, /, *, status: int = 200, **context: Any) -> Response:
    return page(request, template, status=status, **HELPERS, **context)


FILES = {"": "/tong-quan", "/ban-do": "/ban-do", "/phan-viec": "/phan-viec"}
# Every address a template leads to is made by one of these.
HELPERS: dict[str, Any] = {
    "words": words,
    "last_day_of": words.last_day_of,
    "tone_of": words.tone_of,
    "cycle_address": cycle_address,
    "task_address": task_address,
    "history_address": history_address,
    "check_address": check_address,
    "unit_address": unit_address,
}
