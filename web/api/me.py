"""Who a token stands for."""

from datetime import datetime

from fastapi import APIRouter, Request
from pydantic import Field

from activities.tokens import Holder
from models.visitor import Scope, VisitorRole
from web.access import SignedIn
from web.api.routing import part
from web.api.shapes import Shape

router: APIRouter = part("Mã truy cập")


class Me(Shape):
    role: VisitorRole
    unit: str | None = Field(examples=["22918"])
    unit_name: str
    name: str = Field(description="Người chịu trách nhiệm, ghi vào lịch sử.")
    position: str
    label: str
    scopes: list[Scope]
    expires_at: datetime


@router.get("/me", summary="Mã truy cập này là của ai, được làm gì, đến bao giờ")
def me(request: Request, visitor: SignedIn) -> Me:
    holder: Holder = request.state.holder
    return Me(
        role=visitor.role,
        unit=visitor.unit,
        unit_name=visitor.unit_name,
        name=visitor.name,
        position=visitor.position,
        label=holder.label,
        scopes=[scope for scope in Scope if scope in holder.scopes],
        expires_at=holder.expires_at,
    )
