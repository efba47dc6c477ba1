"""The API's own description (OpenAPI 3.1): made once, from the routes themselves."""

from typing import Any

from fastapi import Request
from fastapi.openapi.utils import get_openapi
from fastapi.routing import iter_route_contexts
from starlette.responses import JSONResponse, Response

from web.access import Anyone
from web.api.bearer import scope_of
from web.api.events import CloudEvent
from web.api.routing import PREFIX, part
from web.api.shapes import Problem

router = part("Mô tả")

VERSION = "1"
REFERENCES = "#/components/schemas/{model}"
DESCRIPTION = """Mọi điều các trang làm được, cho chương trình.

**Mã truy cập**: `dondoc token add` cấp một mã cho một tài khoản hoặc một đơn vị, với các quyền và
thời hạn; gửi trong tiêu đề `Authorization: Bearer …`. Mã của đơn vị chỉ thấy phần việc của đơn vị
đó (đầu mối: cả các cơ sở trên địa bàn).

**Gửi lại an toàn**: mỗi POST mang một `Idempotency-Key`. 200: đã ghi nhận; 202: đã nhận, sẽ xét;
409 `refused`: đã xét và bị từ chối.

**Lỗi**: `application/problem+json` (RFC 9457), `code` không đổi, câu tiếng Việt cho người đọc.

**Danh sách**: theo liên kết `next` cho đến hết.
"""


@router.get("/openapi.json", include_in_schema=False)
async def openapi(request: Request, _: Anyone) -> Response:
    state = request.app.state
    if not hasattr(state, "description"):
        state.description = described(request.app)
    return JSONResponse(state.description)


def described(app: Any) -> dict[str, Any]:
    routes = [r for r in iter_route_contexts(app.routes) if (r.path or "").startswith(PREFIX)]
    document = get_openapi(title="Đôn Đốc", version=VERSION, description=DESCRIPTION, routes=routes)
    parts = document.setdefault("components", {})
    parts["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
    for model in (Problem, CloudEvent):
        shape = model.model_json_schema(ref_template=REFERENCES)
        parts["schemas"] |= shape.pop("$defs", {}) | {model.__name__: shape}
    for path, item in document["paths"].items():
        for method, operation in item.items():
            scope = scope_of(method.upper(), path)
            operation["security"] = [{"bearer": []}]
            said = operation.get("description", "")
            operation["description"] = f"{said}\n\nQuyền: `{scope}`.".strip()
    return document
