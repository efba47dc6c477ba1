"""What a unit does with what it was assigned."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from fastapi import Body as BodyOf
from pydantic import Field
from starlette.responses import Response

from models.commands import Acknowledge, AskExtension, Command, Note, NoteKind, Withdraw
from web.access import OwnAssignmentToTouch, Owned, UnitOnly
from web.api.asking import ACT, Keyed, Keying, perform
from web.api.routing import part
from web.api.shapes import Body, NoWords, Words, example
from web.tools import Tools, ToolsOf
from web.unit.today import acknowledgements
from web.unit.work import extension_words

router = part("Việc của đơn vị")


class Acknowledgement(Body):
    undo: bool = Field(default=False, description="Bỏ xác nhận vừa ghi nhầm.")


class WithWords(Body):
    text: NoWords = Field(default="", description="Lời kèm theo, đứng trong lịch sử.")


class Progress(Body):
    text: Words = Field(description="Việc đã làm, ngắn gọn.")


class ExtensionRequest(Body):
    last_day: date = Field(description="Ngày cuối đề nghị.")
    reason: Words
    done: NoWords = Field(default="", description="Đã thực hiện được đến đâu.")


@router.post("/acknowledgements", summary="Tiếp nhận mọi việc được giao", **ACT)
async def acknowledge_all(visitor: UnitOnly, tools: ToolsOf, keyed: Keyed) -> Response:
    """Một lần xác nhận cho tất cả phần việc chưa tiếp nhận của đơn vị."""
    return await perform(tools, visitor, keyed, lambda id_: acknowledgements(tools, visitor, id_))


@router.post("/assignments/{assignment:path}/acknowledge", summary="Tiếp nhận", **ACT)
async def acknowledge(
    owned: OwnAssignmentToTouch,
    tools: ToolsOf,
    keyed: Keyed,
    body: Acknowledgement = Acknowledgement(),
) -> Response:
    return await asked(tools, owned, keyed, Acknowledge, undo=body.undo)


@router.post("/assignments/{assignment:path}/withdraw", summary="Rút báo cáo về", **ACT)
async def withdraw(
    owned: OwnAssignmentToTouch, tools: ToolsOf, keyed: Keyed, body: WithWords = WithWords()
) -> Response:
    """Chỉ khi báo cáo chưa được duyệt."""
    return await asked(tools, owned, keyed, Withdraw, body.text)


@router.post("/assignments/{assignment:path}/progress", summary="Cập nhật tiến độ", **ACT)
async def progress(
    owned: OwnAssignmentToTouch, tools: ToolsOf, keyed: Keyed, body: Progress
) -> Response:
    return await asked(tools, owned, keyed, Note, body.text, kind=NoteKind.PROGRESS)


@router.post("/assignments/{assignment:path}/extension", summary="Đề nghị gia hạn", **ACT)
async def ask_extension(
    owned: OwnAssignmentToTouch,
    tools: ToolsOf,
    keyed: Keyed,
    body: Annotated[
        ExtensionRequest,
        BodyOf(**example({"last_day": "2026-07-10", "reason": "Chờ số liệu của ba trường."})),
    ],
) -> Response:
    words = extension_words(body.reason, body.done)
    return await asked(tools, owned, keyed, AskExtension, words, last_day=body.last_day)


async def asked(
    tools: Tools,
    owned: Owned,
    keyed: Keying,
    command: Callable[..., Command],
    words: str = "",
    /,
    **what: Any,
) -> Response:
    """Asks one thing about the assignment in the path."""

    def build(id_: str) -> list[Command]:
        heading = tools.acts.heading(owned.visitor, owned.part.task, id_=id_, words=words)
        return [command(**heading | {"unit": owned.part.unit} | what)]

    return await perform(tools, owned.visitor, keyed, build)
