"""What became of a command that was still waiting when it was asked."""

import asyncio

from starlette.responses import Response

from models.commands import Command
from models.visitor import Visitor, VisitorRole
from web.access import WorkOnly
from web.api.asking import ACT, answers, told
from web.api.problems import ApiProblem
from web.api.routing import part
from web.tools import Tools, ToolsOf

router = part("Kết quả")


@router.get("/commands/{id:path}", summary="Một yêu cầu đã kết thúc thế nào", **ACT)
async def outcome(visitor: WorkOnly, tools: ToolsOf, id: str) -> Response:  # noqa: A002
    """Đơn vị hỏi được về yêu cầu của chính mình; chuyên viên, lãnh đạo về mọi yêu cầu."""
    return told(await answers(tools, [await asyncio.to_thread(_own, tools, visitor, id)]))


def _own(tools: Tools, visitor: Visitor, id_: str) -> Command:
    for command in tools.commands.stored([id_]):
        if visitor.role is not VisitorRole.UNIT or command.actor.ref == visitor.unit:
            return command
    raise ApiProblem("not_found")
