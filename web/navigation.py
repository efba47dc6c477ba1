"""Where each role can go from every page."""

from typing import NamedTuple

from models.visitor import Visitor, VisitorRole
from web.language import gettext as _
from web.language import lazily as later


class Place(NamedTuple):
    path: str
    title: str


class MenuItem(NamedTuple):
    path: str
    title: str
    here: bool


PLACES: dict[VisitorRole, tuple[Place, ...]] = {
    VisitorRole.UNIT: (
        Place("/", later("Việc của đơn vị")),
        Place("/lich-cua-toi", later("Lịch")),
    ),
    VisitorRole.OFFICER: (
        Place("/", later("Chu kỳ")),
        Place("/can-xu-ly", later("Cần xử lý")),
        Place("/qua-han", later("Quá hạn")),
        Place("/duyet", later("Duyệt báo cáo")),
        Place("/ke-hoach", later("Kế hoạch")),
    ),
    VisitorRole.SUPERVISOR: (Place("/", later("Tổng quan")),),
    VisitorRole.ADMINISTRATOR: (
        Place("/", later("Nhật ký truy cập")),
        Place("/ma-truy-cap", later("Mã truy cập API")),
    ),
}


def navigation(visitor: Visitor | None, path: str) -> list[MenuItem]:
    if visitor is None:
        return []
    return [
        MenuItem(place.path, _(place.title), _is_here(place.path, path))
        for place in PLACES[visitor.role]
    ]


def _is_here(place: str, path: str) -> bool:
    return path == place or (place != "/" and path.startswith(f"{place}/"))
