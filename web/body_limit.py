"""Requests that are too large are refused as they arrive, before anything of them is kept."""

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.formparsers import MultiPartException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from activities.database import DatabaseUnavailable
from settings import Settings
from web.errors import trouble_page
from web.surroundings import current, of_the_api
from web.tools import Tools

MEGABYTE = 1 << 20
# Enough for every form without files; more is taken only of whoever was let in before.
OF_STRANGERS = 2 * MEGABYTE


class BodyLimitMiddleware:
    """Looks at the length that is announced, and counts what really comes."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = _Body(self, scope, receive, send)
        announced = Headers(scope=scope).get("content-length", "")
        if announced.isdecimal() and await body.is_over(int(announced)):
            await body.refuse()
            return
        try:
            await self._app(scope, body.receive, body.send)
        except MultiPartException:
            if not body.over:
                raise
        if body.over and not body.answered:
            await body.refuse()

    async def most(self, scope: Scope) -> int:
        """How many bytes are taken of whoever sends this."""
        tools: Tools = scope["app"].state.tools
        settings = tools.settings
        if of_the_api(scope["path"]):
            known = "authorization" in Headers(scope=scope)
            return max(OF_STRANGERS, _of_a_file(scope, settings) if known else 0)
        most = settings.request_megabytes * MEGABYTE
        secret = current().session
        if not secret:
            return OF_STRANGERS
        try:
            known = await run_in_threadpool(tools.sessions.known, secret)
        except DatabaseUnavailable:
            return most  # the page that says so also gives back what was typed
        return most if known else OF_STRANGERS


def _of_a_file(scope: Scope, settings: Settings) -> int:
    """What is large of the API: a file as evidence, and a document that becomes a plan."""
    match scope["method"], scope["path"].rpartition("/")[2]:
        case "PUT", "attachments":
            return settings.attachment_megabytes * MEGABYTE
        case "POST", "plan-reviews":
            return settings.request_megabytes * MEGABYTE
    return 0


class _Body:
    """One request's body as it arrives; once it is over, the program's own answer is dropped."""

    def __init__(
        self, limits: BodyLimitMiddleware, scope: Scope, receive: Receive, send: Send
    ) -> None:
        self._limits, self._scope, self._receive, self._send = limits, scope, receive, send
        self._most = OF_STRANGERS
        self._asked = False
        self._taken = 0
        self.over = False
        self.answered = False

    async def receive(self) -> Message:
        message = await self._receive()
        self._taken += len(message.get("body", b""))
        if await self.is_over(self._taken):
            self.over = True
            # The one error at which a form's parser closes the files it has begun.
            raise MultiPartException("too large")
        return message

    async def send(self, message: Message) -> None:
        if not self.over:
            self.answered = True
            await self._send(message)

    async def is_over(self, size: int) -> bool:
        if size > self._most and not self._asked:
            self._asked = True
            self._most = await self._limits.most(self._scope)
        return size > self._most

    async def refuse(self) -> None:
        response = trouble_page(Request(self._scope), 413)
        await response(self._scope, self._receive, self._send)
