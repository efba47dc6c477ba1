"""What officers and supervisors do about one assignment."""

import asyncio
from datetime import date
from typing import Annotated

from fastapi import Body as BodyOf
from pydantic import AwareDatetime, Field
from starlette.responses import Response

from models.commands import (
    Cancel,
    GrantExtension,
    Note,
    NoteKind,
    Reassign,
    RefuseExtension,
    Reopen,
    Reschedule,
    Submit,
)
from web.access import AssignmentOfOfficer, SupervisedAssignment
from web.api.asking import ACT, Keyed
from web.api.directory import member
from web.api.problems import ApiProblem
from web.api.routing import part
from web.api.shapes import Body, Line, NoWords, Words, example
from web.api.unit_acts import asked
from web.tools import Now, ToolsOf

router = part("Theo dõi từng phần việc", "/assignments")


class Granting(Body):
    last_day: date | None = Field(default=None, description="Bỏ trống là đúng ngày đơn vị xin.")
    text: NoWords = ""


class Refusing(Body):
    text: Words = Field(description="Lý do không đồng ý.")


class Call(Body):
    text: Words = Field(description="Nội dung cuộc gọi.")
    promised: date | None = Field(default=None, description="Ngày đơn vị hẹn nộp.")


class PaperReport(Body):
    reference: Line = Field(description="Số, ký hiệu của báo cáo giấy.")
    received_at: AwareDatetime = Field(description="Lúc nhận được; quyết định đúng hay muộn.")
    text: NoWords = ""


class NewDate(Body):
    last_day: date
    text: Words = Field(description="Lý do dời hạn.")


class Cancelling(Body):
    reference: Line = Field(description="Số quyết định, văn bản.")
    text: NoWords = ""


class Passing(Body):
    unit: Line = Field(description="Mã đơn vị nhận việc.")
    text: NoWords = ""


class Reopening(Body):
    text: Words = Field(description="Lý do mở lại.")


class Instruction(Body):
    text: Words = Field(description="Ý kiến chỉ đạo.")


@router.post("/{assignment:path}/extension/grant", summary="Đồng ý gia hạn", **ACT)
async def grant(
    owned: AssignmentOfOfficer, tools: ToolsOf, keyed: Keyed, body: Granting = Granting()
) -> Response:
    return await asked(tools, owned, keyed, GrantExtension, body.text, last_day=body.last_day)


@router.post("/{assignment:path}/extension/refuse", summary="Không đồng ý gia hạn", **ACT)
async def refuse(
    owned: AssignmentOfOfficer, tools: ToolsOf, keyed: Keyed, body: Refusing
) -> Response:
    return await asked(tools, owned, keyed, RefuseExtension, body.text)


@router.post("/{assignment:path}/calls", summary="Ghi cuộc gọi", **ACT)
async def note_call(
    owned: AssignmentOfOfficer, tools: ToolsOf, keyed: Keyed, body: Call
) -> Response:
    what = {"kind": NoteKind.CALL, "promised": body.promised}
    return await asked(tools, owned, keyed, Note, body.text, **what)


@router.post("/{assignment:path}/paper-report", summary="Nhập báo cáo giấy", **ACT)
async def paper_report(
    owned: AssignmentOfOfficer,
    tools: ToolsOf,
    now: Now,
    keyed: Keyed,
    body: Annotated[
        PaperReport,
        BodyOf(**example({"reference": "12/BC-UBND", "received_at": "2026-02-27T15:30:00+07:00"})),
    ],
) -> Response:
    """Tính từ lúc nhận được bản giấy, không phải từ lúc nhập."""
    if body.received_at > now:
        raise ApiProblem("invalid", "Thời điểm nhận báo cáo giấy còn ở tương lai: hãy xem lại.")
    what = {"received_at": body.received_at, "on_behalf": True, "reference": body.reference}
    return await asked(tools, owned, keyed, Submit, body.text, **what)


@router.post("/{assignment:path}/reschedule", summary="Dời hạn", **ACT)
async def reschedule(
    owned: AssignmentOfOfficer, tools: ToolsOf, keyed: Keyed, body: NewDate
) -> Response:
    return await asked(tools, owned, keyed, Reschedule, body.text, last_day=body.last_day)


@router.post("/{assignment:path}/cancel", summary="Không tiếp tục thực hiện", **ACT)
async def cancel(
    owned: AssignmentOfOfficer, tools: ToolsOf, keyed: Keyed, body: Cancelling
) -> Response:
    return await asked(tools, owned, keyed, Cancel, body.text, reference=body.reference)


@router.post("/{assignment:path}/reassign", summary="Chuyển cho đơn vị khác", **ACT)
async def reassign(
    owned: AssignmentOfOfficer, tools: ToolsOf, keyed: Keyed, body: Passing
) -> Response:
    to = await asyncio.to_thread(member, tools, body.unit)
    return await asked(tools, owned, keyed, Reassign, body.text, to=to)


@router.post("/{assignment:path}/reopen", summary="Mở lại báo cáo đã duyệt", **ACT)
async def reopen(
    owned: AssignmentOfOfficer, tools: ToolsOf, keyed: Keyed, body: Reopening
) -> Response:
    return await asked(tools, owned, keyed, Reopen, body.text)


@router.post("/{assignment:path}/instructions", summary="Ý kiến chỉ đạo của lãnh đạo", **ACT)
async def instruct(
    owned: SupervisedAssignment, tools: ToolsOf, keyed: Keyed, body: Instruction
) -> Response:
    return await asked(tools, owned, keyed, Note, body.text, kind=NoteKind.INSTRUCTION)
