"""The end of a cycle: closed, with the officer's word on what stays open, or voided."""

from asyncio import to_thread
from collections.abc import Mapping, Sequence
from typing import Literal

from fastapi import APIRouter, HTTPException, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from activities.cycle_store import Cycle
from models.cycle import CycleEnd
from models.visitor import Visitor
from rules.closing import NoWord, Undecided, decided, left_open, tasks_of
from temporal_client import TemporalProblem
from web.access import OfficerOnly
from web.language import gettext as _
from web.pages import page, see
from web.tools import Tools, ToolsOf

router = APIRouter(prefix="/phat-dong/ket-thuc")

RUNNING = ("opening", "open")
KEPT_ON = "chuyen"


class AlreadyEnding(Exception):
    """The cycle does not run any more, or not for long."""


@router.get("/{cycle:path}")
def closing(request: Request, _visitor: OfficerOnly, tools: ToolsOf, cycle: str) -> Response:
    return _page(request, tools, the_cycle(tools, cycle), FormData())


@router.post("/{cycle:path}")
async def end(request: Request, visitor: OfficerOnly, tools: ToolsOf, cycle: str) -> Response:
    form: FormData = request.state.form
    found = await to_thread(the_cycle, tools, cycle)
    back = f"/phat-dong/tien-trinh/{cycle}"
    reason = str(form.get("noi_dung", "")).strip()
    if not reason:
        errors = {"noi_dung": _("Hãy nêu căn cứ hoặc lý do.")}
        return await to_thread(_page, request, tools, found, form, errors)
    verb: Literal["close", "void"] = "void" if form.get("huy") else "close"
    carry = [str(name) for name in form.getlist(KEPT_ON)]
    number = str(form.get("quyet_dinh", "")).strip()
    try:
        order = await to_thread(ordered, tools, visitor, found, verb, reason, carry, number)
        await tools.acts.end_cycle(order)
    except Undecided as lacking:
        return await to_thread(_page, request, tools, found, form, _word_needed(lacking))
    except AlreadyEnding:
        return see(request, back, _("Chu kỳ này đã hoặc đang khép lại."), tone="bad")
    except TemporalProblem as problem:
        return await to_thread(_page, request, tools, found, form, {"khep": str(problem)}, 503)
    return see(request, back, _("Đang khép lại từng nhiệm vụ."), tone="waiting")


def the_cycle(tools: Tools, cycle: str) -> Cycle:
    for each in tools.cycles.all():
        if each.id == cycle:
            return each
    raise HTTPException(404)


def ordered(
    tools: Tools,
    visitor: Visitor,
    cycle: Cycle,
    verb: Literal["close", "void"],
    reason: str,
    carry: Sequence[str] = (),
    reference: str = "",
) -> CycleEnd:
    """The order to end a running cycle. `carry` and `reference` are the officer's word on what it
    leaves open, as `decided` takes it. Raises Undecided, AlreadyEnding. Blocking."""
    if cycle.stage not in RUNNING:
        raise AlreadyEnding
    carried, ended = (
        ([], [])
        if verb == "void"
        else decided(left_open(tools.lookup.open_by_task(cycle.id)), carry, reference)
    )
    return CycleEnd(
        cycle=cycle.id,
        verb=verb,
        actor=tools.acts.actor(visitor),
        received_at=tools.clock.plan_now(),
        text=tools.commands.store_statement(reason) if reason else None,
        carry=tasks_of(carried),
        ended=tasks_of(ended),
        reference=reference if ended else "",
    )


def _word_needed(lacking: Undecided) -> dict[str, str]:
    if isinstance(lacking, NoWord):
        sentence = _(
            "Việc còn dở mà không chuyển sang chu kỳ sau thì cần số văn bản cho không tiếp tục."
        )
        return {"quyet_dinh": sentence}
    return {"khep": str(lacking)}


def _page(
    request: Request,
    tools: Tools,
    cycle: Cycle,
    typed: FormData,
    errors: Mapping[str, str] | None = None,
    status: int = 422,
) -> Response:
    return page(
        request,
        "officer/closing.html",
        status=status if errors else 200,
        cycle=cycle,
        still_open=left_open(tools.lookup.open_by_task(cycle.id)),
        titles={task.id: task.title for task in tools.cycles.open_tasks(cycle.id)},
        typed=typed,
        kept_on=typed.getlist(KEPT_ON),
        errors=errors or {},
    )
