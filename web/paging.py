"""Long lists, a page at a time."""

from collections.abc import Sequence
from typing import Annotated, Generic, NamedTuple, TypeVar
from urllib.parse import parse_qsl, urlencode

from fastapi import Depends, Query, Request

T = TypeVar("T")

PAGE_SIZE = 50
LAST_PAGE = 100_000


class Paging(NamedTuple):
    """Which part of a list is asked for, and the address it is asked at."""

    page: int
    size: int
    path: str
    query: str

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.size

    def of(self, items: Sequence[T], total: int) -> "Paged[T]":
        return Paged(items, total, self)

    def address(self, page: int) -> str:
        others = [(name, value) for name, value in parse_qsl(self.query) if name != "trang"]
        return f"{self.path}?{urlencode([*others, ('trang', page)])}"


class Paged(NamedTuple, Generic[T]):
    """One page of `total` items, with the addresses of its neighbours."""

    items: Sequence[T]
    total: int
    paging: Paging

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.paging.size))

    @property
    def first(self) -> int:
        return self.paging.offset + 1 if self.items else 0

    @property
    def last(self) -> int:
        return self.paging.offset + len(self.items)

    @property
    def previous(self) -> str | None:
        page = self.paging.page
        return self.paging.address(min(page - 1, self.pages)) if page > 1 else None

    @property
    def next(self) -> str | None:
        page = self.paging.page
        return self.paging.address(page + 1) if page < self.pages else None


async def paging(request: Request, trang: Annotated[int, Query(ge=1, le=LAST_PAGE)] = 1) -> Paging:
    return Paging(trang, PAGE_SIZE, request.url.path, request.url.query)


PagingOf = Annotated[Paging, Depends(paging)]
