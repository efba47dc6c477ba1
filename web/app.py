"""The web program: its routes, and what surrounds them."""

from fastapi import FastAPI, Request
from sqlalchemy import Engine
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from settings import Settings
from web import (
    assets,
    feeds,
    health,
    home,
    live,
    openid,
    oversight,
    own_sessions,
    own_tokens,
    sign_in,
)
from web.access import declared, undeclared
from web.api import resources
from web.body_limit import BodyLimitMiddleware
from web.errors import install, unexpected
from web.forms import OwnForm
from web.officer import closing, desk, follow_up, launch, overdue, plans
from web.plan_review import pages as plan_review
from web.plan_review import sending as document_sending
from web.review import pages as review
from web.surroundings import SurroundingsMiddleware
from web.tools import Tools
from web.unit import calendar, report, today, work

# A part of the pages is a module or package with a `router`; it is added here.
ROUTERS = (
    assets.router,
    health.router,
    sign_in.router,
    openid.router,
    own_sessions.router,
    own_tokens.router,
    live.router,
    home.router,
    feeds.router,
    today.router,
    work.router,
    report.router,
    calendar.router,
    review.router,
    desk.router,
    plans.router,
    document_sending.router,
    plan_review.router,
    closing.router,
    launch.router,
    follow_up.router,
    overdue.router,
    *oversight.ROUTERS,
    *resources.ROUTERS,
)


def create_app(settings: Settings, engine: Engine) -> FastAPI:
    """Raises RuntimeError when a route does not say who may use it."""
    tools = Tools(settings, engine)
    app = FastAPI(
        title="Đôn Đốc",
        dependencies=[OwnForm],
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    app.state.tools = tools
    for router in ROUTERS:
        app.include_router(router)
    open_to_all = undeclared(declared(app))
    if open_to_all:
        raise RuntimeError(f"routes that do not say who may use them: {', '.join(open_to_all)}")
    install(app)
    # The last added stands outermost.
    app.add_middleware(BodyLimitMiddleware)
    app.add_middleware(_Unexpected)
    app.add_middleware(GZipMiddleware, minimum_size=600, compresslevel=5)
    app.add_middleware(SurroundingsMiddleware, cookies=tools.cookies)
    return app


class _Unexpected:
    """An error of ours becomes a page like any other, with its headers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:
            if started or scope["type"] != "http":
                raise
            response = unexpected(Request(scope, receive), error)
            await response(scope, receive, send)
