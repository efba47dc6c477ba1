"""The end of a cycle: closed, with the officer's word on what stays open, or voided."""

from asyncio import to_thread
from collections.abc import Mapping

from fastapi import APIRouter, HTTPException, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from activities.cycle_store import ENDED, Cycle
from activities.cycles import Cycles
from activities.delivery import Undeliverable
from ending import NotNow, Word
from models.visitor import Visitor
from rules.closing import NoWord, Undecided, left_open
from temporal_client import TemporalProblem
from web.access import OfficerOnly
from web.language import gettext as _
from web.pages import page, see
from web.tools import Tools, ToolsOf

router = APIRouter(prefix="/phat-dong/ket-thuc")

KEPT_ON = "chuyen"
SHOWN = "con_do"


@router.get("/{cycle:path}")
def closing(request: Request, _visitor: OfficerOnly, tools: ToolsOf, cycle: str) -> Response:
    return _page(request, tools, the_cycle(tools, cycle), FormData())


@router.post("/{cycle:path}")
async def end(request: Request, visitor: OfficerOnly, tools: ToolsOf, cycle: str) -> Response:
    form: FormData = request.state.form
    found = await to_thread(the_cycle, tools, cycle)
    back = f"/phat-dong/tien-trinh/{cycle}"
    word = _word(form)
    if not word.reason:
        errors = {"noi_dung": _("Hãy nêu căn cứ hoặc lý do.")}
        return await to_thread(_page, request, tools, found, form, errors)
    try:
        await to_thread(_keep, tools, visitor, found, word)
    except Undecided as lacking:
        return await to_thread(_page, request, tools, found, form, _word_needed(lacking))
    except NotNow as refused:
        return see(request, back, str(refused), tone="bad")
    if await sent(tools, cycle):
        doing = (
            _("Đang hủy từng nhiệm vụ.")
            if word.verb == "void"
            else _("Đang khép lại từng nhiệm vụ.")
        )
        return see(request, back, doing, tone="waiting")
    said = _("Đã ghi lệnh; lệnh sẽ được thực hiện khi hệ thống xử lý chạy lại.")
    return see(request, back, said, tone="waiting")


def the_cycle(tools: Tools, cycle: str) -> Cycle:
    for each in tools.cycles.all():
        if each.id == cycle:
            return each
    raise HTTPException(404)


def title_of(tools: Tools, cycle: Cycle) -> str:
    """The plan's name."""
    titles = {plan.id: plan.short_title for plan in tools.registry.plans()}
    return titles.get(cycle.plan, cycle.plan)


async def sent(tools: Tools, cycle: str) -> bool:
    """Whether the kept order to end a cycle has reached its workflow; otherwise the worker sends
    it."""
    kept = await to_thread(tools.cycles.get, cycle)
    if kept.stage in ENDED:
        return True
    try:
        client = await tools.acts.client()
        await Cycles(tools.engine, client, tools.settings.task_queue).send_end(kept)
    except (TemporalProblem, Undeliverable):
        return False
    return True


def _word(form: FormData) -> Word:
    return Word(
        "void" if form.get("huy") else "close",
        reason=str(form.get("noi_dung", "")).strip(),
        carry=[str(name) for name in form.getlist(KEPT_ON)],
        reference=str(form.get("quyet_dinh", "")).strip(),
        shown=[str(name) for name in form.getlist(SHOWN)],
    )


def _keep(tools: Tools, visitor: Visitor, cycle: Cycle, word: Word) -> None:
    tools.ending.keep(cycle, word, tools.acts.actor(visitor))


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
        stands_at=f"/phat-dong/ket-thuc/{cycle.id}",
        status=status if errors else 200,
        cycle=cycle,
        title=title_of(tools, cycle),
        still_open=left_open(tools.lookup.open_by_task(cycle.id)),
        titles={task.id: task.title for task in tools.cycles.open_tasks(cycle.id)},
        typed=typed,
        kept_on=typed.getlist(KEPT_ON),
        errors=errors or {},
    )
