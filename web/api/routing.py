"""What every part of the API is made with."""

from typing import Any

from fastapi import APIRouter

from web.api.problems import KINDS, MEDIA_TYPE

PREFIX = "/api/v1"


def _described(status: int) -> dict[str, Any]:
    codes = [f"`{code}`" for code, kind in KINDS.items() if kind.status == status]
    return {
        "description": "Mã lỗi: " + ", ".join(codes),
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: _described(status) for status in sorted({kind.status for kind in KINDS.values()})
}


def part(tag: str, prefix: str = "") -> APIRouter:
    return APIRouter(
        prefix=PREFIX + prefix,
        tags=[tag],
        responses=PROBLEMS,
    )
