"""Reports that wait for an answer, and the answers."""

from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi import Body as BodyOf
from pydantic import Field
from starlette.responses import Response

from models.commands import Accept, Command
from models.report import ReviewItem
from web.access import AssignmentToReview, ReviewersOnly
from web.api.asking import ACT, Keyed, perform
from web.api.paging import Paging, PagingOf
from web.api.problems import ApiProblem, report_problems
from web.api.routing import part
from web.api.shapes import Body, NoWords, Page, Words, example
from web.api.unit_acts import asked
from web.review.pages import reviewer_of
from web.tools import ToolsOf

router = part("Duyệt báo cáo")


class Accepting(Body):
    text: NoWords = ""


class Returning(Body):
    """`reasons` are given task by task; at least one of them or `text` is needed."""

    reasons: dict[str, Words] = Field(default={}, description="Mã nhiệm vụ → điều cần sửa.")
    text: NoWords = Field(default="", description="Nhận xét chung.")
    last_day: date | None = Field(
        default=None, description="Hạn nộp lại; bỏ trống là theo quy định."
    )


@router.get(
    "/reviews", summary="Báo cáo chờ duyệt, lâu nhất trước", response_model=Page[ReviewItem]
)
def waiting(visitor: ReviewersOnly, tools: ToolsOf, paging: PagingOf) -> Any:
    """Đầu mối thấy báo cáo của các cơ sở trên địa bàn; chuyên viên thấy tất cả."""
    found = tools.reviews.queue(
        reviewer=reviewer_of(visitor), limit=paging.limit + 1, after=_after(paging)
    )
    return paging.of(found.items, found.total, _place)


@router.post("/assignments/{assignment:path}/accept", summary="Chấp nhận báo cáo", **ACT)
async def accept(
    owned: AssignmentToReview, tools: ToolsOf, keyed: Keyed, body: Accepting = Accepting()
) -> Response:
    return await asked(tools, owned, keyed, Accept, body.text)


@router.post("/assignments/{assignment:path}/return", summary="Trả lại báo cáo", **ACT)
async def give_back(
    owned: AssignmentToReview,
    tools: ToolsOf,
    keyed: Keyed,
    body: Annotated[
        Returning,
        BodyOf(**example({"reasons": {"III.1.d": "Thiếu địa chỉ của hai kênh."}})),
    ],
) -> Response:
    def build(id_: str) -> list[Command]:
        try:
            with report_problems():
                return [
                    tools.reviews.returning(
                        owned.part.id,
                        body.reasons,
                        text=body.text,
                        last_day=body.last_day,
                        actor=tools.acts.actor(owned.visitor),
                        received_at=tools.clock.plan_now(),
                        command=id_,
                    )
                ]
        except ValueError as lacking:
            raise ApiProblem("invalid", str(lacking)) from lacking

    return await perform(tools, owned.visitor, keyed, build)


def _after(paging: Paging) -> tuple[datetime, str] | None:
    after = paging.after(2)
    if after is None:
        return None
    try:
        return datetime.fromisoformat(after[0]).astimezone(UTC), after[1]
    except (ValueError, OverflowError) as error:
        raise ApiProblem("cursor_invalid") from error


def _place(item: ReviewItem) -> tuple[str, str]:
    return item.received_at.isoformat(), item.assignment
