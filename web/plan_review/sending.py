"""Sending a document, and waiting until it is read."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.datastructures import UploadFile
from starlette.responses import JSONResponse, Response

from activities.plan_reviews import Review, Sent
from models.finding import BadInput
from models.plan_review import ReviewState
from models.visitor import Visitor
from rules.evidence import plain_name
from web.access import OfficerOnly
from web.language import gettext as _
from web.pages import page, see
from web.paging import Paging, PagingOf
from web.tools import Now, Tools, ToolsOf

router = APIRouter(prefix="/ke-hoach")

# Most documents are read before anybody looks for a progress bar.
PATIENCE_SECONDS = 8.0
REVIEW = "/ke-hoach/soat"
ENDED = (ReviewState.CONFIRMED, ReviewState.DROPPED)


@router.get("/nhap")
def send_in(request: Request, _visitor: OfficerOnly, tools: ToolsOf, cho: str = "") -> Response:
    return _sending(request, tools, {"thay": cho})


@router.post("/nhap")
async def receive(request: Request, visitor: OfficerOnly, tools: ToolsOf, now: Now) -> Response:
    """Keeps the file, and has it read."""
    typed = await request.form()
    fields = {name: value for name, value in typed.items() if isinstance(value, str)}
    file = typed.get("tep")
    if not isinstance(file, UploadFile) or not file.filename:
        errors = {"tep": _("Hãy chọn tệp văn bản.")}
        return await asyncio.to_thread(_sending, request, tools, fields, errors)
    try:
        review = await asyncio.to_thread(_received, tools, visitor, file, fields, now)
    except BadInput as bad:
        errors = {"tep": bad.findings[0].message}
        return await asyncio.to_thread(_sending, request, tools, fields, errors)
    await tools.readings.read(review, patience=PATIENCE_SECONDS)
    return see(request, f"{REVIEW}/{review.id}")


def _received(
    tools: Tools, visitor: Visitor, file: UploadFile, fields: Mapping[str, str], now: datetime
) -> Review:
    kept = tools.readings.receive(file.filename or "", file.file)
    known = {plan.id for plan in tools.registry.plans()}
    year = fields.get("nam", "")
    sent = Sent(
        name=plain_name(file.filename or ""),
        sha256=kept.sha256,
        size=kept.size,
        year=int(year) if year.isdecimal() and 2000 <= int(year) <= 2100 else None,
        replaces=plan if (plan := fields.get("thay", "")) in known else None,
        conventions=plan if (plan := fields.get("theo", "")) in known else None,
    )
    tools.plan_reviews.begin(kept.review, sent, at=now, by=visitor.name)
    return review_of(tools, kept.review)


def _sending(
    request: Request,
    tools: Tools,
    fields: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
) -> Response:
    plans = [(plan.id, plan.short_title) for plan in tools.registry.plans()]
    return page(
        request,
        "plan_review/send.html",
        stands_at="/ke-hoach/nhap",
        status=422 if errors else 200,
        plans=plans,
        replaced=[(plan, _("Văn bản mới của: %(title)s", title=title)) for plan, title in plans],
        fields=fields,
        errors=errors or {},
    )


@router.get("/soat/{review}/tien-do")
def progress(_visitor: OfficerOnly, tools: ToolsOf, review: str) -> Response:
    """For the script of a page that waits."""
    found = review_of(tools, review)
    return JSONResponse({"state": found.state, "done": found.progress, "pages": found.pages})


@router.post("/soat/{review}/doc-lai")
async def read_again(
    request: Request, _visitor: OfficerOnly, tools: ToolsOf, review: str
) -> Response:
    """After the server was stopped while it read."""
    found = await asyncio.to_thread(review_of, tools, review)
    if found.state is ReviewState.READING and tools.readings.is_dead(found):
        await tools.readings.read(found, patience=PATIENCE_SECONDS)
    return see(request, f"{REVIEW}/{review}")


class Reviewing(NamedTuple):
    """A request about a review."""

    request: Request
    tools: Tools
    paging: Paging
    review: Review

    @property
    def now(self) -> datetime:
        """The plan instant. One query."""
        return self.tools.clock.plan_now()


def reviewing(request: Request, tools: ToolsOf, paging: PagingOf, review: str) -> Reviewing:
    return Reviewing(request, tools, paging, review_of(tools, review))


AnyReview = Annotated[Reviewing, Depends(reviewing)]


def only_open(at: AnyReview) -> Reviewing:
    if at.review.state in ENDED:
        raise HTTPException(409, detail=ended_sentence(at.review))
    if at.review.state is not ReviewState.OPEN:
        raise HTTPException(404)
    return at


def ended_sentence(review: Review) -> str:
    if review.state is ReviewState.CONFIRMED:
        return _("Bản soát này đã được xác nhận thành kế hoạch, nên chưa có gì vừa gõ được ghi.")
    return _("Bản soát này đã bỏ, nên chưa có gì vừa gõ được ghi.")


# A route names them after who may enter: of a foreign review nobody else learns anything.
OpenReview = Annotated[Reviewing, Depends(only_open)]


def review_of(tools: Tools, review: str, *states: ReviewState) -> Review:
    found = tools.plan_reviews.get(review)
    if found is None or (states and found.state not in states):
        raise HTTPException(404)
    return found
