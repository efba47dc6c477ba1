"""Tokens of the API: everybody's own, and for administrators all of them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from fastapi import APIRouter, HTTPException, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from activities.tokens import Token
from models.visitor import AccessKind, Scope, Visitor, VisitorRole
from web.access import OfficeOnly, SignedIn
from web.language import gettext as _
from web.language import lazily as later
from web.pages import page, see
from web.paging import Paging, PagingOf
from web.sign_in import device_of
from web.tools import Tools, ToolsOf

router = APIRouter(prefix="/ma-truy-cap")

LONGEST_LABEL = 100
MOST = 20
DAYS = (30, 90, 180, 365)
SCOPES = {
    Scope.READ: later("xem"),
    Scope.WRITE: later("làm những việc của tài khoản này"),
    Scope.LAUNCH: later("soát kế hoạch, phát động, khép lại hoặc hủy một năm"),
    Scope.EVENTS: later("báo sự kiện từ hệ thống khác"),
    Scope.SUBSCRIPTIONS: later("đăng ký nhận sự kiện"),
}
# A unit's session begins with a link in a letter, which somebody may have passed on; a token would
# outlive it by a year. So units end theirs here, and the administrator makes them.
OFFERED = {
    VisitorRole.OFFICER: tuple(Scope),
    VisitorRole.SUPERVISOR: (Scope.READ, Scope.WRITE),
}


@router.get("")
def tokens(request: Request, visitor: SignedIn, tools: ToolsOf, paging: PagingOf) -> Response:
    return _page(request, visitor, tools, paging)


@router.post("")
def make(request: Request, visitor: OfficeOnly, tools: ToolsOf, paging: PagingOf) -> Response:
    """A new token, shown this once: nobody can ask for it again."""
    form: FormData = request.state.form
    label = str(form.get("ten", "")).strip()[:LONGEST_LABEL]
    asked = form.getlist("quyen")
    scopes = [scope for scope in OFFERED[visitor.role] if scope in asked]
    days = str(form.get("ngay", ""))
    errors = _errors(label, scopes, days, _of(tools, visitor))
    if errors:
        return _page(request, visitor, tools, paging, form=form, errors=errors)
    id_, secret = tools.tokens.make(
        label,
        scopes,
        lasts=timedelta(days=int(days)),
        account=visitor.account,
        by=visitor.name,
    )
    tools.door.note(
        AccessKind.TOKEN_MADE, device_of(request), account=visitor.account, detail=label
    )
    return _page(request, visitor, tools, paging, made=id_, secret=secret)


@router.post("/{token}/thu-hoi")
def revoke(request: Request, visitor: SignedIn, tools: ToolsOf, token: str) -> Response:
    """At once and for good; what the token subscribed to ends with it."""
    found = next((each for each in _of(tools, visitor) if each.id == token), None)
    if found is None:
        raise HTTPException(404)
    if tools.tokens.revoke(found.id):
        tools.door.note(
            AccessKind.TOKEN_REVOKED,
            device_of(request),
            account=found.account,
            unit=found.unit,
            detail=found.label,
        )
    return see(request, "/ma-truy-cap", _("Mã truy cập đã được thu hồi."))


def _of(tools: Tools, visitor: Visitor) -> list[Token]:
    if visitor.role is VisitorRole.ADMINISTRATOR:
        return tools.tokens.all()
    return tools.tokens.of(account=visitor.account, unit=visitor.unit)


def _errors(
    label: str, scopes: Sequence[Scope], days: str, known: Sequence[Token]
) -> dict[str, str]:
    errors = {}
    if not label:
        errors["ten"] = _("Hãy ghi chương trình nào dùng mã này.")
    if not scopes:
        errors["quyen"] = _("Hãy chọn ít nhất một quyền.")
    if days not in map(str, DAYS):
        errors["ngay"] = _("Hãy chọn dùng được bao lâu.")
    if sum(not is_over(each) for each in known) >= MOST:
        errors["ten"] = _("Đã có %(n)s mã đang dùng: hãy thu hồi bớt mã không còn cần.", n=MOST)
    return errors


def is_over(token: Token) -> bool:
    return token.revoked_at is not None or token.expires_at <= datetime.now(UTC)


def _page(
    request: Request,
    visitor: Visitor,
    tools: Tools,
    paging: Paging,
    *,
    made: str = "",
    secret: str = "",
    form: FormData | None = None,
    errors: Mapping[str, str] | None = None,
) -> Response:
    found = _of(tools, visitor)
    shown = found[paging.offset : paging.offset + paging.size]
    typed = form or FormData()
    return page(
        request,
        "sign_in/tokens.html",
        status=422 if errors else 200,
        tokens=paging.of(shown, len(found)),
        offered=OFFERED.get(visitor.role, ()),
        scopes={scope: _(words) for scope, words in SCOPES.items()},
        days=[(str(each), _("%(n)s ngày", n=each)) for each in DAYS],
        is_over=is_over,
        made=made,
        secret=secret,
        typed=typed,
        chosen=typed.getlist("quyen") if form else [Scope.READ],
        errors=errors or {},
    )
