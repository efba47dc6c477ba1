"""Long lists by cursor: where the next page begins is told by its last item, not by a count, so
that nothing is skipped or shown twice while the list grows."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import Annotated, Any, NamedTuple, TypeVar
from urllib.parse import parse_qsl, urlencode

from fastapi import Depends, Query, Request
from starlette.responses import Response

from web.api.problems import ApiProblem

T = TypeVar("T")

MOST = 200
Key = tuple[str, ...]


class Paging(NamedTuple):
    """What is asked for; the answer's own headers get the address of the next page too."""

    limit: int
    cursor: str | None
    request: Request
    response: Response

    def after(self, width: int) -> Key | None:
        """The `width` values the page begins after; None at the beginning."""
        return None if self.cursor is None else _read(self.cursor, width)

    def of(self, items: Sequence[T], total: int, key: Callable[[T], Key]) -> dict[str, Any]:
        """A page of items that were looked up with one more than asked for."""
        shown = list(items[: self.limit])
        following = self._address(key(shown[-1])) if len(items) > self.limit else None
        if following:
            self.response.headers["Link"] = f'<{following}>; rel="next"'
        return {"items": shown, "total": total, "next": following}

    def _address(self, key: Key) -> str:
        others = [pair for pair in parse_qsl(self.request.url.query) if pair[0] != "cursor"]
        query = urlencode([*others, ("cursor", _written(key))])
        return f"{self.request.url.path}?{query}"


async def paging(
    request: Request,
    response: Response,
    limit: Annotated[int, Query(ge=1, le=MOST, description="Số mục một trang.")] = 50,
    cursor: Annotated[
        str | None, Query(max_length=2000, description="Lấy từ liên kết `next`; không tự tạo.")
    ] = None,
) -> Paging:
    return Paging(limit, cursor, request, response)


PagingOf = Annotated[Paging, Depends(paging)]


def _written(key: Key) -> str:
    text = json.dumps(key, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(cursor: str, width: int) -> Key:
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        values = json.loads(text)
    except (ValueError, binascii.Error, RecursionError) as error:
        raise ApiProblem("cursor_invalid") from error
    plain = isinstance(values, list) and all(
        isinstance(value, str) and "\0" not in value for value in values
    )
    if not plain or len(values) != width:
        raise ApiProblem("cursor_invalid")
    return tuple(values)
