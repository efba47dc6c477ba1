"""Pages that stay open are told that something changed; what it is, they ask for themselves."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import structlog
from fastapi import APIRouter, FastAPI, Request
from starlette.responses import Response, StreamingResponse

from activities.database import DatabaseUnavailable
from activities.views.changes import Change, Changes
from models.visitor import Visitor, VisitorRole
from web.access import SignedIn

log = structlog.get_logger()

LOOK_EVERY_SECONDS = 2.0
ALIVE_EVERY_SECONDS = 25.0
# A page asks again by itself; an end gives back what a forgotten window holds.
LONGEST_SECONDS = 3600.0
MOST_LISTENERS = 1000
MOST_REMEMBERED = 500

router = APIRouter()


class Listener:
    """An open page: of one cycle where it names one, of one unit where a unit is signed in.

    What was recorded up to `since` is on the page already.
    """

    def __init__(self, visitor: Visitor, cycle: str | None, *, since: int = 0) -> None:
        self.since = since
        self._unit = visitor.unit if visitor.role is VisitorRole.UNIT else None
        self._cycle = cycle
        self.changed = asyncio.Event()

    def hear(self, changes: Iterable[Change]) -> None:
        if any(self._concerned_by(change) for change in changes):
            self.changed.set()

    def _concerned_by(self, change: Change) -> bool:
        if change.position <= self.since:
            return False
        if self._cycle is not None and change.cycle != self._cycle:
            return False
        return self._unit is None or self._unit in change.units


class Broadcast:
    """One look at the database every other second, as long as anybody listens."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self._listeners: set[Listener] = set()
        self._looking: asyncio.Task[None] | None = None
        self._lately: deque[Change] = deque(maxlen=MOST_REMEMBERED)

    @property
    def full(self) -> bool:
        return len(self._listeners) >= MOST_LISTENERS

    def position(self) -> int:
        """Where the ledgers are. Blocking; raises DatabaseUnavailable."""
        return self._changes.position()

    @asynccontextmanager
    async def listening(self, listener: Listener) -> AsyncIterator[None]:
        self._listeners.add(listener)
        # What was seen between the making of the page and its listening; and what was not, because
        # another process made it, or this one has begun since.
        listener.hear(self._lately)
        if listener.since < self._changes.began:
            listener.changed.set()
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        try:
            yield
        finally:
            self._listeners.discard(listener)

    async def _look(self) -> None:
        while self._listeners:
            try:
                changes = await asyncio.to_thread(self._changes.look)
            except DatabaseUnavailable as problem:
                log.warning("live.database", reason=str(problem))
            else:
                self._lately.extend(changes)
                for listener in list(self._listeners):
                    listener.hear(changes)
            await asyncio.sleep(LOOK_EVERY_SECONDS)


def broadcast_of(app: FastAPI) -> Broadcast:
    if not hasattr(app.state, "broadcast"):
        app.state.broadcast = Broadcast(Changes(app.state.tools.engine))
    broadcast: Broadcast = app.state.broadcast
    return broadcast


def position_of(request: Request) -> int:
    """Where the ledgers are before a page is made: what is recorded later is news to it."""
    return broadcast_of(request.app).position()


@router.get("/su-kien")
async def listen(
    request: Request, visitor: SignedIn, chu_ky: str | None = None, tu: int | None = None
) -> Response:
    """Server-sent events: `changed` whenever something of the cycle, or of one's own, was
    recorded, after the position `tu` the page was made at."""
    broadcast = broadcast_of(request.app)
    if broadcast.full:
        return Response(status_code=204)  # tells browsers not to ask again
    now = await asyncio.to_thread(broadcast.position)
    since = now if tu is None else tu
    return StreamingResponse(
        _events(broadcast, Listener(visitor, chu_ky, since=since)), media_type="text/event-stream"
    )


async def _events(broadcast: Broadcast, listener: Listener) -> AsyncIterator[str]:
    loop = asyncio.get_running_loop()
    end = loop.time() + LONGEST_SECONDS
    async with broadcast.listening(listener):
        yield "retry: 5000\n\n"
        while loop.time() < end:
            try:
                async with asyncio.timeout(ALIVE_EVERY_SECONDS):
                    await listener.changed.wait()
            except TimeoutError:
                yield ": alive\n\n"
                continue
            listener.changed.clear()
            yield "event: changed\ndata: {}\n\n"
