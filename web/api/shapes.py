"""The shapes that several parts of the API share."""

from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from models.assignment import Role, Stage
from models.commands import Verdict

T = TypeVar("T")


def plain(text: str) -> str:
    """PostgreSQL has no place for NUL in a text."""
    if "\0" in text:
        raise PydanticCustomError("string_pattern_mismatch", "NUL")
    return text


Plain = AfterValidator(plain)
Words = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000), Plain
]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300), Plain]
NoWords = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000), Plain]


class Body(BaseModel):
    """What a program sends: a member nobody knows is its mistake, and told."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Shape(BaseModel):
    """What a program gets; read from our own values by their names."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


class FieldProblem(Shape):
    place: str = Field(examples=["body.last_day"])
    code: str = Field(examples=["date_from_datetime_parsing"])
    message: str = Field(examples=["Ngày chưa đúng: cần dạng 2026-02-28."])


class Problem(Shape):
    """RFC 9457. `code` is stable; `title` and `detail` are Vietnamese sentences for people."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["urn:dondoc:problem:invalid"])
    title: str = Field(examples=["Nội dung chưa đúng"])
    status: int = Field(examples=[422])
    code: str = Field(examples=["invalid"])
    detail: str = Field(examples=["Có mục thiếu hoặc chưa đúng; chưa có gì được ghi."])
    errors: list[FieldProblem] | None = None


class Page(Shape, Generic[T]):
    """Some of a list. `next` is the address of what follows; absent on the last page."""

    items: list[T]
    total: int = Field(description="Bao nhiêu mục khớp với bộ lọc, ở mọi trang.")
    next: str | None = Field(default=None, examples=["/api/v1/assignments?limit=50&cursor=WyJ…"])


class CommandAnswer(Shape):
    """How one command ended. Without a verdict it is received and will be decided."""

    id: str = Field(examples=["5f0c6d1e0f3b4c7a9d2e8b1a6c4f3e2d"])
    verdict: Verdict | None
    sentence: str = Field(examples=["Đã ghi nhận."])


class Answers(Shape):
    commands: list[CommandAnswer]


class Assignment(Shape):
    """One unit's part in one task, as it stands at this moment."""

    id: str = Field(examples=["lam-dong-nq57/2026/V.1/H1/TM0001"])
    task: str = Field(examples=["task/lam-dong-nq57/2026/V.1/H1/1"])
    cycle: str = Field(examples=["cycle/lam-dong-nq57/2026"])
    code: str = Field(examples=["V.1"])
    occurrence: str = Field(examples=["H1"])
    title: str
    unit: str = Field(examples=["TM0001"])
    unit_name: str
    role: Role
    stage: Stage
    last_day: date | None = Field(description="Ngày cuối còn đúng hạn.")
    breach: datetime | None = Field(description="Thời điểm quá hạn: 24 giờ của ngày cuối.")
    acknowledged_at: datetime | None
    received_at: datetime | None = Field(description="Lúc nhận báo cáo; quyết định đúng hay muộn.")
    revision: int = Field(description="Số lần đã nộp.")
    late: bool
    overdue: bool
    level: int = Field(description="Cấp đã được báo quá hạn; 0 là chưa.")
    extension_asked: bool
    next_rung_at: datetime | None
    next_rung: str | None = Field(description="Mốc nhắc kế tiếp.")
    updated_at: datetime | None


def example(value: Any) -> dict[str, Any]:
    """An example of a body, as the description shows it."""
    return {"openapi_examples": {"ví dụ": {"value": value}}}
