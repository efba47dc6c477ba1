"""Units: those that a token's holder answers for, the office all of them."""

from typing import Annotated, Any

from fastapi import Query
from pydantic import Field

from models.directory import Unit, UnitKind
from models.visitor import Visitor
from web.access import OwnUnit, WorkOnly
from web.api.paging import PagingOf
from web.api.problems import ApiProblem
from web.api.routing import part
from web.api.shapes import Page, Shape
from web.oversight.history import OFFICE
from web.tools import ToolsOf

router = part("Đơn vị")


class UnitShape(Shape):
    """How a unit is called and reached. Telephone and the head's address are told to the office
    and to the unit itself, as on its page."""

    code: str = Field(examples=["22918"])
    name: str
    kind: UnitKind
    hub: str | None = Field(description="Mã của xã, phường làm đầu mối.")
    focal_person: str
    email: str
    phone: str | None
    head_email: str | None


@router.get("/units", summary="Danh bạ đơn vị", response_model=Page[UnitShape])
def units(
    visitor: WorkOnly,
    tools: ToolsOf,
    paging: PagingOf,
    kind: Annotated[UnitKind | None, Query()] = None,
    hub: Annotated[str | None, Query(max_length=100)] = None,
) -> Any:
    """Đơn vị thấy mình và, nếu là đầu mối, các cơ sở trên địa bàn; chuyên viên và lãnh đạo thấy
    tất cả."""
    (after,) = paging.after(1) or ("",)
    found, total = tools.registry.listed(
        kind=kind,
        hub=hub,
        of=visitor.unit,
        below=visitor.is_hub,
        after=after,
        limit=paging.limit + 1,
    )
    return paging.of([_shown(unit, visitor) for unit in found], total, lambda unit: (unit.code,))


@router.get("/units/{unit}", summary="Một đơn vị")
def one(visitor: OwnUnit, tools: ToolsOf, unit: str) -> UnitShape:
    known = tools.registry.unit(unit)
    if known is None:
        raise ApiProblem("not_found")
    return _shown(known, visitor)


def _shown(unit: Unit, visitor: Visitor) -> UnitShape:
    close = visitor.role in OFFICE or visitor.unit == unit.code
    return UnitShape(
        code=unit.code,
        name=unit.name,
        kind=unit.kind,
        hub=unit.hub,
        focal_person=unit.focal_person,
        email=unit.email,
        phone=unit.phone if close else None,
        head_email=unit.head_email if close else None,
    )
