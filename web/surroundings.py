"""What surrounds a request: its language, its visit, and the headers every answer carries."""

import re
import secrets
from contextvars import ContextVar
from dataclasses import dataclass
from time import perf_counter

import structlog
from starlette.datastructures import MutableHeaders
from starlette.requests import Request, cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.language import LANGUAGE, LANGUAGES, SOURCE

log = structlog.get_logger()

YEAR_SECONDS = 365 * 86_400
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_VISIT = re.compile(r"[A-Za-z0-9_-]{22,64}")


@dataclass(frozen=True)
class CookieNames:
    """`__Host-` binds a cookie to this very host, which browsers only grant over HTTPS."""

    secure: bool

    def __getattr__(self, name: str) -> str:
        return f"__Host-dondoc-{name}" if self.secure else f"dondoc-{name}"


@dataclass(frozen=True)
class Surroundings:
    """`visit` tells browsers apart before anybody signs in, `session` is the secret of who has."""

    visit: str
    session: str
    flash: str
    path: str

    @property
    def holder(self) -> str:
        """What a form belongs to."""
        return self.session or self.visit


_CURRENT: ContextVar[Surroundings] = ContextVar("surroundings")


def of_the_api(path: str) -> bool:
    """Programs call here, with tokens: no cookie counts, and answers are never pages."""
    return path.startswith("/api/")


def current() -> Surroundings:
    return _CURRENT.get()


class SurroundingsMiddleware:
    def __init__(self, app: ASGIApp, *, cookies: CookieNames) -> None:
        self._app = app
        self._cookies = cookies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        cookies = "" if of_the_api(scope["path"]) else request.headers.get("cookie", "")
        sent = cookie_parser(cookies)
        known = sent.get(self._cookies.visit, "")
        visit = known if _VISIT.fullmatch(known) else secrets.token_urlsafe(24)
        language = sent.get(self._cookies.language, SOURCE)
        LANGUAGE.set(language if language in LANGUAGES else SOURCE)
        _CURRENT.set(
            Surroundings(
                visit=visit,
                session=sent.get(self._cookies.session, ""),
                flash=sent.get(self._cookies.flash, ""),
                path=scope["path"],
            )
        )

        begun = perf_counter()

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                took = (perf_counter() - begun) * 1000
                headers.setdefault("Server-Timing", f"app;dur={took:.1f}")
                self._complete(headers, new_visit=visit if visit != known else None)
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _complete(self, headers: MutableHeaders, *, new_visit: str | None) -> None:
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
        if self._cookies.secure:
            headers.setdefault("Strict-Transport-Security", f"max-age={YEAR_SECONDS}")
        # What one person saw, the next at the same machine must not: no cache keeps a page.
        headers.setdefault("Cache-Control", "no-store")
        if new_visit and headers.get("content-type", "").startswith("text/html"):
            secure = "; Secure" if self._cookies.secure else ""
            headers.append(
                "Set-Cookie",
                f"{self._cookies.visit}={new_visit}; Path=/; HttpOnly; SameSite=Lax{secure}",
            )
