"""Being told of what the ledger records: where to, of what, and how it goes."""

import base64
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import Body as BodyOf
from pydantic import Field

from activities.publishing import subscription_key
from activities.subscriptions import Subscription
from models.events import EVENT_KINDS
from models.visitor import Visitor
from web.access import Subscribers
from web.api.asking import Keyed
from web.api.problems import ApiProblem
from web.api.routing import part
from web.api.shapes import Body, Line, Shape, example
from web.tools import Tools, ToolsOf

router = part("Đăng ký nhận sự kiện", "/subscriptions")

MOST = 20


class Wanted(Body):
    url: Annotated[str, Field(max_length=500, description="http:// hoặc https://")]
    kinds: list[Line] = Field(
        default=[],
        max_length=len(EVENT_KINDS),
        description="Chỉ các loại này; bỏ trống là tất cả: " + ", ".join(EVENT_KINDS),
    )
    cycle: Line | None = Field(default=None, description="Chỉ chu kỳ này.")


class SubscriptionShape(Shape):
    id: str
    url: str
    kinds: list[str]
    cycle: str | None
    created_at: datetime
    failures: int = Field(description="Số lần gửi không được liên tiếp.")
    not_before: datetime | None = Field(description="Gửi lại từ lúc này.")
    stopped_at: datetime | None = Field(description="Đã thôi gửi; tiếp tục bằng /resume.")
    answer: str = Field(description="Nơi nhận trả lời gì lần cuối.")
    answered_at: datetime | None


class Made(SubscriptionShape):
    signing_key: str = Field(description="Khóa Standard Webhooks để kiểm tra chữ ký.")


@router.get("", summary="Các đăng ký của mình")
def mine(visitor: Subscribers, tools: ToolsOf) -> list[SubscriptionShape]:
    return [SubscriptionShape.model_validate(each) for each in _own(tools, visitor)]


@router.post("", summary="Đăng ký", status_code=201, response_model=Made)
def make(
    visitor: Subscribers,
    tools: ToolsOf,
    keyed: Keyed,
    body: Annotated[
        Wanted, BodyOf(**example({"url": "https://he-thong.example/nhan", "kinds": ["submitted"]}))
    ],
) -> Any:
    """Được báo mọi điều sổ ghi từ bây giờ, theo thứ tự trong từng nhiệm vụ, cho đến khi nơi nhận
    trả lời 2xx. Đơn vị chỉ được báo về mình; đầu mối cả các cơ sở trên địa bàn."""
    _check(body)
    key = keyed.of(visitor)
    if tools.asked.get(key) is None and len(_own(tools, visitor)) >= MOST:
        raise ApiProblem("invalid", f"Mỗi nơi có nhiều nhất {MOST} đăng ký.")
    tools.asked.claim(key, [])
    tools.subscriptions.make(
        key.id,
        body.url,
        account=visitor.account,
        unit=visitor.unit,
        token=visitor.session,
        kinds=body.kinds,
        cycle=body.cycle,
    )
    secret = base64.b64encode(subscription_key(tools.secret, key.id)).decode()
    shape = SubscriptionShape.model_validate(_one(tools, visitor, key.id))
    return shape.model_dump() | {"signing_key": f"whsec_{secret}"}


@router.delete("/{id}", summary="Thôi nhận", status_code=204)
def end(visitor: Subscribers, tools: ToolsOf, id: str) -> None:  # noqa: A002
    tools.subscriptions.end(_one(tools, visitor, id).id)


@router.post("/{id}/resume", summary="Gửi tiếp từ chỗ đã dừng")
def resume(
    visitor: Subscribers,
    tools: ToolsOf,
    keyed: Keyed,
    id: str,  # noqa: A002
) -> SubscriptionShape:
    """Làm lại nhiều lần vẫn như một."""
    tools.asked.claim(keyed.of(visitor), [])
    tools.subscriptions.resume(_one(tools, visitor, id).id)
    return SubscriptionShape.model_validate(_one(tools, visitor, id))


def _own(tools: Tools, visitor: Visitor) -> list[Subscription]:
    return tools.subscriptions.of(account=visitor.account, unit=visitor.unit)


def _one(tools: Tools, visitor: Visitor, id_: str) -> Subscription:
    for each in _own(tools, visitor):
        if each.id == id_:
            return each
    raise ApiProblem("not_found")


def _check(body: Wanted) -> None:
    try:
        parts = urlsplit(body.url)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound or not body.url.isprintable() or " " in body.url:
        raise ApiProblem("invalid", "url phải là một địa chỉ http:// hoặc https://.")
    unknown = [kind for kind in body.kinds if kind not in EVENT_KINDS]
    if unknown:
        raise ApiProblem("invalid", f"Không có loại sự kiện “{unknown[0]}”.")
