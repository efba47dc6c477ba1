"""Files that prove what a report says."""

import tempfile
from typing import Annotated, BinaryIO, cast
from urllib.parse import quote

from fastapi import Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from models.report import Attachment
from web.access import OwnAssignment, OwnAssignmentToTouch
from web.api.problems import ApiProblem, report_problems
from web.api.routing import part
from web.api.shapes import Line
from web.tools import Now, ToolsOf
from web.unit.report import AS_DOWNLOAD, pieces

IN_MEMORY = 1024 * 1024

router = part("Minh chứng", "/assignments")

BYTES = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}


@router.put(
    "/{assignment:path}/attachments",
    summary="Gửi một tệp minh chứng",
    openapi_extra={"requestBody": {"required": True, "content": BYTES}},
)
async def keep(
    request: Request,
    owned: OwnAssignmentToTouch,
    tools: ToolsOf,
    now: Now,
    name: Annotated[Line, Query(max_length=255)],
) -> Attachment:
    """Thân yêu cầu là nội dung tệp. Cùng một tệp gửi lại vẫn là một; bản nháp nêu tệp bằng
    SHA-256."""
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as file:
        await take_body(request, file)
        actor = await run_in_threadpool(tools.acts.actor, owned.visitor)
        with report_problems():
            return await run_in_threadpool(
                tools.reports.attach,
                owned.part.id,
                name,
                cast(BinaryIO, file),
                actor=actor,
                at=now,
            )


async def take_body(request: Request, file: tempfile.SpooledTemporaryFile[bytes]) -> None:
    """What a request brings, piece by piece, ready to be read from its beginning."""
    async for piece in request.stream():
        await run_in_threadpool(file.write, piece)
    file.seek(0)


@router.get(
    "/{assignment:path}/attachments/{sha256}",
    summary="Tải một tệp minh chứng",
    response_class=StreamingResponse,
    responses={200: {"content": BYTES}},
)
def evidence(owned: OwnAssignment, tools: ToolsOf, sha256: str) -> StreamingResponse:
    try:
        with report_problems():
            attachment, opened = tools.reports.open_attachment(owned.part.id, sha256)
    except KeyError as missing:
        raise ApiProblem("not_found") from missing
    return StreamingResponse(
        pieces(opened),
        media_type="application/octet-stream",
        headers=AS_DOWNLOAD
        | {
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(attachment.name)}",
            "Content-Length": str(attachment.size),
        },
    )
