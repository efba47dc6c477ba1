"""Reports: the form, the draft, what was handed in, and the files that prove it."""

import asyncio
from typing import Annotated, Any

from fastapi import Body as BodyOf
from pydantic import Field
from starlette.responses import Response

from models.report import Draft, EstimateDraft, FigureDraft, LineDraft, Report, ReportForm
from web.access import OwnAssignment, OwnAssignmentToTouch, Owned
from web.api.asking import ACT, Keyed, Keying, answers, told
from web.api.problems import ApiProblem, report_problems
from web.api.routing import part
from web.api.shapes import Body, Shape, example
from web.tools import Now, Tools, ToolsOf

router = part("Báo cáo", "/assignments")

VERSION = Field(ge=0, description="`version` của biểu lúc mở; 0 khi chưa ai lưu.")


class DraftBody(Body):
    """A form as far as it is filled in. Files are named by their SHA-256 after they were sent."""

    version: int = VERSION
    lines: dict[str, LineDraft] = Field(default={}, description="Mã nhiệm vụ → nội dung.")
    figures: dict[str, FigureDraft] = Field(default={}, description="Mã chỉ tiêu → số liệu.")
    estimates: tuple[EstimateDraft, ...] = ()
    attachments: tuple[str, ...] = Field(default=(), description="SHA-256 của tệp đã gửi lên.")
    summary: str = ""


class Saved(Shape):
    version: int


DRAFT = example(
    {
        "version": 0,
        "lines": {"III.1.d": {"status": "done", "result": "Đã mở 3 kênh.", "links": ""}},
        "figures": {},
        "summary": "",
    }
)


@router.get("/{assignment:path}/report", summary="Biểu báo cáo, bản nháp và những gì được hỏi")
def form(owned: OwnAssignmentToTouch, tools: ToolsOf, fresh: bool = False) -> ReportForm:
    """`fresh=true` bắt đầu lại từ báo cáo của các cơ sở, không xóa bản nháp."""
    return tools.reports.form(owned.part.id, fresh=fresh)


@router.put("/{assignment:path}/report", summary="Lưu bản nháp")
def save(
    owned: OwnAssignmentToTouch,
    tools: ToolsOf,
    now: Now,
    body: Annotated[DraftBody, BodyOf(**DRAFT)],
) -> Saved:
    """Lưu đúng như đã gõ, kể cả khi chưa đủ để nộp. Bản nháp đã bị người khác lưu thì 409."""
    with report_problems():
        version = tools.reports.save_draft(
            owned.part.id,
            _draft(tools, owned, body),
            version=body.version,
            actor=tools.acts.actor(owned.visitor),
            at=now,
        )
    return Saved(version=version)


@router.post("/{assignment:path}/report/submit", summary="Nộp báo cáo", **ACT)
async def submit(
    owned: OwnAssignmentToTouch,
    tools: ToolsOf,
    keyed: Keyed,
    body: Annotated[DraftBody, BodyOf(**DRAFT)],
) -> Response:
    """Lưu nháp, kiểm tra rồi nộp; chưa đủ thì 422 `report_unfit` với từng mục. Tính là nộp từ lúc
    máy chủ nhận được."""
    command = await asyncio.to_thread(_submitted, tools, owned, keyed, body)
    return told(await answers(tools, [command]))


@router.get("/{assignment:path}/reports", summary="Các lần đã nộp và kết quả")
def submitted(owned: OwnAssignment, tools: ToolsOf) -> list[Report]:
    with report_problems():
        return tools.reports.revisions(owned.part.id)


def _submitted(tools: Tools, owned: Owned, keyed: Keying, body: DraftBody) -> Any:
    """The key is claimed together with the report: what is not fit leaves it free."""
    key = keyed.of(owned.visitor)
    tools.asked.get(key)  # a key that stands for something else ends it before a draft is saved
    with report_problems():
        command = tools.reports.submit(
            owned.part.id,
            _draft(tools, owned, body),
            version=body.version,
            actor=tools.acts.actor(owned.visitor),
            received_at=tools.clock.plan_now(),
            command=key.id,
            key=key,
        )
    # Another may have handed in under this key after it was looked at.
    tools.asked.get(key)
    return command


def _draft(tools: Tools, owned: Owned, body: DraftBody) -> Draft:
    """Raises ApiProblem for a file that was not sent for this very assignment."""
    kept = {each.sha256: each for each in tools.reports.attachments(owned.part.id)}
    unknown = [sha256 for sha256 in body.attachments if sha256 not in kept]
    if unknown:
        raise ApiProblem("invalid", f"Tệp {unknown[0]} chưa được gửi lên cho phần việc này.")
    return Draft(
        lines=body.lines,
        figures=body.figures,
        estimates=body.estimates,
        attachments=tuple(kept[sha256] for sha256 in body.attachments),
        summary=body.summary,
    )
