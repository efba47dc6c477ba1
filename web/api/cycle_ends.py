"""How far a cycle has come, and its end: closed, with a word on what is open, or voided."""

import asyncio
from typing import Annotated, Literal

from fastapi import Body as BodyOf
from pydantic import Field

from models.cycle import CycleEnd
from models.identifiers import cycle_id
from models.visitor import Visitor
from rules.closing import NoWord, Undecided, left_open
from temporal_client import TemporalProblem
from web.access import OfficerOnly
from web.api.asking import Keyed, Keying
from web.api.launches import Progress, progress_of
from web.api.problems import ApiProblem
from web.api.routing import part
from web.api.shapes import Body, Line, NoWords, Shape, Words, example
from web.officer.closing import AlreadyEnding, ordered, the_cycle
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
    """Phần việc có hạn còn dở phải được chuyển sang chu kỳ sau hoặc kết thúc theo văn bản."""
    return await _end(tools, visitor, keyed, cycle_id(plan, cycle), "close", body)


@router.post("/void", summary="Hủy một lần phát động nhầm", status_code=202)
async def void(
    visitor: OfficerOnly, tools: ToolsOf, keyed: Keyed, plan: str, cycle: str, body: Voiding
) -> Progress:
    return await _end(tools, visitor, keyed, cycle_id(plan, cycle), "void", Closing(text=body.text))


async def _end(
    tools: Tools,
    visitor: Visitor,
    keyed: Keying,
    cycle: str,
    verb: Literal["close", "void"],
    said: Closing,
) -> Progress:
    order = await asyncio.to_thread(_ordered, tools, visitor, keyed, cycle, verb, said)
    if order is not None:
        try:
            await tools.acts.end_cycle(order)
        except TemporalProblem as problem:
            raise ApiProblem("unavailable", str(problem), headers={"Retry-After": "30"}) from None
    return await asyncio.to_thread(progress_of, tools, cycle)


def _ordered(
    tools: Tools,
    visitor: Visitor,
    keyed: Keying,
    cycle: str,
    verb: Literal["close", "void"],
    said: Closing,
) -> CycleEnd | None:
    """None when this very request has been followed already."""
    found = the_cycle(tools, cycle)
    known = tools.asked.get(keyed.of(visitor))
    try:
        order = ordered(tools, visitor, found, verb, said.text, said.carry, said.end_with.strip())
    except AlreadyEnding as ending:
        if known is not None:
            return None
        raise ApiProblem("refused", "Chu kỳ này đã hoặc đang khép lại.") from ending
    except NoWord as lacking:
        raise ApiProblem("left_open", f"{lacking} Hãy nêu carry hoặc end_with.") from lacking
    except Undecided as lacking:
        raise ApiProblem("left_open", str(lacking)) from lacking
    tools.asked.claim(keyed.of(visitor), [])
    return order
