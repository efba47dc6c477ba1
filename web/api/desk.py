"""Monday's lists: who is overdue, and what waits for the officer's word."""

from datetime import date, datetime
from typing import Any

from pydantic import Field

from letters.letter import Overdue
from models.assignment import Waiting
from web.access import OfficeOnly, OfficerOnly
from web.api.paging import PagingOf
from web.api.routing import part
from web.api.shapes import Page, Shape
from web.tools import Now, ToolsOf

router = part("Cần xử lý")


class OverdueShape(Shape):
    """An overdue part, how the unit is reached, and what it said when it was called."""

    assignment: str
    unit: str
    unit_name: str
    code: str
    occurrence: str
    title: str
    last_day: date
    days_late: int
    level: int
    focal_person: str
    phone: str
    called_on: date | None
    call: str
    promised: date | None = Field(description="Ngày đơn vị hẹn nộp.")


class QuestionShape(Shape):
    """A task that cannot go on without an answer."""

    task: str
    cycle: str
    code: str
    occurrence: str
    title: str
    waiting: Waiting
    units: int


class ExtensionShape(Shape):
    """An extension asked for and not answered."""

    assignment: str
    unit: str
    unit_name: str
    title: str
    last_day: date | None
    asked_at: datetime
    proposed: date
    words: str


class DeskShape(Shape):
    questions: list[QuestionShape]
    extensions: list[ExtensionShape]
    reviews: int
    overdue: int
    failed: int = Field(description="Yêu cầu không xét được vì lỗi của hệ thống.")
    halted: int = Field(description="Nhiệm vụ đang ngừng ghi.")


@router.get("/overdue", summary="Việc quá hạn, lâu nhất trước", response_model=Page[OverdueShape])
def overdue(_visitor: OfficeOnly, tools: ToolsOf, now: Now, paging: PagingOf) -> Any:
    found = tools.views.overdue(at=now, limit=paging.limit + 1, after=paging.after(2))
    return paging.of(found.parts, found.total, _place)


@router.get("/desk", summary="Việc chờ chuyên viên quyết định")
def desk(_visitor: OfficerOnly, tools: ToolsOf, now: Now) -> DeskShape:
    return DeskShape.model_validate(tools.views.desk(at=now))


def _place(each: Overdue) -> tuple[str, str]:
    return each.last_day.isoformat(), each.assignment
