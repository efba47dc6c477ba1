"""Who a token lets in: the only way into the API. Cookies are not looked at, and so nothing that a
browser sends by itself can act here."""

from datetime import UTC, date, datetime
from threading import Lock
from time import monotonic

from fastapi import Request

from activities.sessions import Device
from activities.tokens import Holder
from models.visitor import AccessKind, Scope
from web.api.problems import ApiProblem
from web.forms import SAFE
from web.tools import Tools

HEADER = {"WWW-Authenticate": 'Bearer realm="dondoc"'}
MOST_REMEMBERED = 10_000
# What changes there concerns every unit at once.
OF_WHOLE_YEARS = ("/api/v1/plan-reviews", "/api/v1/plans/", "/api/v1/cycles/")


def scope_of(method: str, path: str) -> Scope:
    """What a token must have been made for: one rule for all routes, so that none forgets it."""
    if path.startswith("/api/v1/events"):
        return Scope.EVENTS
    if path.startswith("/api/v1/subscriptions"):
        return Scope.SUBSCRIPTIONS
    if method in SAFE or (path.startswith("/api/v1/plans/") and path.endswith("/preview")):
        return Scope.READ
    return Scope.LAUNCH if path.startswith(OF_WHOLE_YEARS) else Scope.WRITE


def bearer_of(request: Request, tools: Tools) -> Holder:
    """Raises ApiProblem for whoever may not come in."""
    if "\0" in request.url.path:  # PostgreSQL has no place for it, and nothing is called so
        raise ApiProblem("not_found")
    kind, _, secret = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not secret.strip():
        raise ApiProblem("token_missing", headers=HEADER)
    client = request.client
    device = Device(client.host if client else "", request.headers.get("user-agent", ""))
    holder = tools.tokens.holder(secret.strip())
    if holder is None:
        raise _refused(tools, device)
    _check_pace(request, tools, holder)
    needed = scope_of(request.method, request.url.path)
    if needed not in holder.scopes:
        raise ApiProblem(
            "scope_missing", f"Mã truy cập này chưa được cấp quyền {needed}.", scope=needed
        )
    if _register(request).first_today(holder, device):
        _note(tools, AccessKind.TOKEN_USED, device, holder)
    request.state.holder = holder
    return holder


def _refused(tools: Tools, device: Device) -> ApiProblem:
    if tools.tokens.refused_too_often(device):
        return ApiProblem("too_many_requests", headers={"Retry-After": "900"})
    tools.door.note(AccessKind.TOKEN_REFUSED, device)
    return ApiProblem("token_invalid", headers=HEADER)


def _check_pace(request: Request, tools: Tools, holder: Holder) -> None:
    most = tools.settings.api_per_minute
    wait = _register(request).wait(holder.visitor.session, most, monotonic())
    if wait:
        raise ApiProblem("too_many_requests", headers={"Retry-After": str(wait)})


def _note(tools: Tools, kind: AccessKind, device: Device, holder: Holder) -> None:
    visitor = holder.visitor
    tools.door.note(kind, device, account=visitor.account, unit=visitor.unit, detail=holder.label)


def _register(request: Request) -> "Register":
    state = request.app.state
    if not hasattr(state, "register"):
        state.register = Register()
    register: Register = state.register
    return register


class Register:
    """How fast each token calls, and from where it has called today: remembered by one process, for
    as long as it runs."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._left: dict[str, tuple[float, float]] = {}
        self._seen: set[tuple[str, str, date]] = set()

    def wait(self, token: str, per_minute: int, now: float) -> int:
        """Seconds until `token` may call again, 0 when it may call now. `per_minute` calls may come
        at once; 0 is without a limit."""
        if not per_minute:
            return 0
        with self._lock:
            if len(self._left) > MOST_REMEMBERED:
                self._left.clear()
            left, at = self._left.get(token, (float(per_minute), now))
            left = min(per_minute, left + (now - at) * per_minute / 60)
            allowed = left >= 1
            self._left[token] = (left - 1 if allowed else left, now)
        return 0 if allowed else int((1 - left) * 60 / per_minute) + 1

    def first_today(self, holder: Holder, device: Device) -> bool:
        seen = (holder.visitor.session, device.address, datetime.now(UTC).date())
        with self._lock:
            if seen in self._seen:
                return False
            if len(self._seen) > MOST_REMEMBERED:
                self._seen.clear()
            self._seen.add(seen)
        return True
