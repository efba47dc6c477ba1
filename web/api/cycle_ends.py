"""How far a cycle has come, and its end: closed, with a word on what is open, or voided."""

import asyncio
from typing import Annotated

from fastapi import Body as BodyOf
from pydantic import Field

from activities.asked import Key
from ending import NotNow, Word
from models.identifiers import cycle_id
from models.visitor import Visitor
from rules.closing import NoWord, Undecided, left_open, stands
from web.access import OfficerOnly
from web.api.asking import Keyed, Keying
from web.api.launches import Progress, progress_of
from web.api.problems import ApiProblem
from web.api.routing import part
from web.api.shapes import Body, Line, NoWords, Shape, Words, example
from web.officer.closing import sent, the_cycle
from web.tools import Tools, ToolsOf

router = part("Kế hoạch và chu kỳ", "/cycles/{plan}/{cycle}")


class OpenShape(Shape):
    """What one task leaves open with a deadline."""

    name: str = Field(examples=["V.1/H1"])
    owing: int = Field(description="Đơn vị chưa xong.")
    waiting: int = Field(description="Đơn vị chờ duyệt hoặc đang tạm dừng.")


class Closing(Body):
    """Every task that is left open needs a word: carried, or ended by a decision."""

    carry: list[Line] = Field(
        default=[], max_length=500, description="Chuyển sang chu kỳ sau: `all`, `V.1`, `V.1/H2`."
    )
    end_with: Annotated[str, Field(max_length=300)] = Field(
        default="", description="Số văn bản cho không tiếp tục các việc còn lại."
    )
    text: NoWords = Field(default="", description="Căn cứ, ghi chú.")


class Voiding(Body):
    text: Words = Field(description="Lý do hủy.")


@router.get("/progress", summary="Mở, hoặc khép lại, đến đâu")
def progress(_visitor: OfficerOnly, tools: ToolsOf, plan: str, cycle: str) -> Progress:
    return progress_of(tools, cycle_id(plan, cycle))


@router.get("/left-open", summary="Phần việc có hạn còn dở, theo nhiệm vụ")
def still_open(_visitor: OfficerOnly, tools: ToolsOf, plan: str, cycle: str) -> list[OpenShape]:
    found = the_cycle(tools, cycle_id(plan, cycle))
    parts = left_open(tools.lookup.open_by_task(found.id))
    return [OpenShape.model_validate(each) for each in parts]


@router.post("/close", summary="Khép lại chu kỳ", status_code=202)
async def close(
    visitor: OfficerOnly,
    tools: ToolsOf,
    keyed: Keyed,
    plan: str,
    cycle: str,
    body: Annotated[Closing, BodyOf(**example({"carry": ["V.1"], "end_with": "12/QĐ-SGDĐT"}))],
) -> Progress:
    """Phần việc có hạn còn dở phải được chuyển sang chu kỳ sau hoặc kết thúc theo văn bản. Trả lời
    ngay khi lệnh đã được ghi; xem `/cycles/{plan}/{cycle}/progress`."""
    word = Word("close", body.text.strip(), body.carry, body.end_with.strip())
    return await _end(tools, visitor, keyed, cycle_id(plan, cycle), word)


@router.post("/void", summary="Hủy một lần phát động nhầm", status_code=202)
async def void(
    visitor: OfficerOnly, tools: ToolsOf, keyed: Keyed, plan: str, cycle: str, body: Voiding
) -> Progress:
    """Nhận được cả khi chu kỳ đang mở."""
    word = Word("void", body.text.strip())
    return await _end(tools, visitor, keyed, cycle_id(plan, cycle), word)


async def _end(tools: Tools, visitor: Visitor, keyed: Keying, cycle: str, word: Word) -> Progress:
    """Answers once the order is kept; the worker sends what could not be sent now."""
    await asyncio.to_thread(_keep, tools, visitor, keyed.of(visitor), cycle, word)
    await sent(tools, cycle)
    return await asyncio.to_thread(progress_of, tools, cycle)


def _keep(tools: Tools, visitor: Visitor, key: Key, cycle: str, word: Word) -> None:
    """Keeps the order, unless this very request led to the one that stands."""
    found = the_cycle(tools, cycle)
    if found.ending is not None and tools.asked.get(key) is not None:
        return
    try:
        kept = tools.ending.keep(found, word, tools.acts.actor(visitor), key=key)
    except NoWord as lacking:
        raise ApiProblem("left_open", f"{lacking} Hãy nêu carry hoặc end_with.") from lacking
    except Undecided as lacking:
        raise ApiProblem("left_open", str(lacking)) from lacking
    except NotNow as refused:
        raise ApiProblem("refused", str(refused)) from refused
    # The same request may have come twice at one moment.
    if not kept.new and tools.asked.get(key) is None:
        raise ApiProblem("refused", stands(kept.order))
