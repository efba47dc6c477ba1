"""Tokens of the API: everybody's own, and for administrators all of them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from fastapi import APIRouter, HTTPException, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from activities.tokens import PREFIX, Token, id_of
from models.visitor import AccessKind, Scope, Visitor, VisitorRole
from web.access import OfficeOnly, SignedIn
from web.forms import COMMAND, command_id
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


class Wanted(NamedTuple):
    """A token as its form asks for it."""

    label: str
    scopes: Sequence[Scope]
    days: str


@router.get("")
def tokens(request: Request, visitor: SignedIn, tools: ToolsOf, paging: PagingOf) -> Response:
    return _page(request, visitor, tools, paging)


@router.post("")
def make(request: Request, visitor: OfficeOnly, tools: ToolsOf, paging: PagingOf) -> Response:
    """A new token, shown this once: nobody can ask for it again. A form that is sent twice makes
    one, and whichever answer is seen shows it."""
    form: FormData = request.state.form
    wanted = _wanted(visitor, form)
    said = (visitor.account or "", command_id(form.get(COMMAND)), wanted.label, wanted.days)
    secret = PREFIX + tools.seals.secret("token", *said, *wanted.scopes)
    known = _of(tools, visitor)
    made = next((each for each in known if each.id == id_of(secret)), None)
    if made is not None and is_over(made):
        sentence = _("Mã tạo từ biểu này đã bị thu hồi: hãy tạo mã khác.")
        return see(request, "/ma-truy-cap", sentence, tone="bad")
    errors = _errors(wanted, known) if made is None else {}
    if errors:
        return _page(request, visitor, tools, paging, form=form, errors=errors)
    _keep(request, visitor, tools, wanted, secret)
    return _page(request, visitor, tools, paging, made=id_of(secret), secret=secret)


def _wanted(visitor: Visitor, form: FormData) -> Wanted:
    asked = form.getlist("quyen")
    return Wanted(
        str(form.get("ten", "")).strip()[:LONGEST_LABEL],
        [scope for scope in OFFERED[visitor.role] if scope in asked],
        str(form.get("ngay", "")),
    )


def _keep(request: Request, visitor: Visitor, tools: Tools, wanted: Wanted, secret: str) -> None:
    made = tools.tokens.make(
        wanted.label,
        wanted.scopes,
        lasts=timedelta(days=int(wanted.days)),
        account=visitor.account,
        by=visitor.name,
        secret=secret,
    )
    if made.new:
        device = device_of(request)
        tools.door.note(AccessKind.TOKEN_MADE, device, account=visitor.account, detail=wanted.label)


@router.post("/{token}/thu-hoi")
def revoke(request: Request, visitor: SignedIn, tools: ToolsOf, token: str) -> Response:
    """At once and for good; what the token subscribed to ends with it."""
    found = next((each for each in _of(tools, visitor) if each.id == token), None)
    if found is None:
        raise HTTPException(404)
    own = (found.account, found.unit) == (visitor.account, visitor.unit)
    if tools.tokens.revoke(found.id):
        tools.door.note(
            AccessKind.TOKEN_REVOKED,
            device_of(request),
            account=visitor.account,
            unit=visitor.unit,
            detail=found.label if own else f"{found.label} ({found.holder})",
        )
    return see(request, "/ma-truy-cap", _("Mã truy cập đã được thu hồi."))


def _of(tools: Tools, visitor: Visitor) -> list[Token]:
    if visitor.role is VisitorRole.ADMINISTRATOR:
        return tools.tokens.all()
    return tools.tokens.of(account=visitor.account, unit=visitor.unit)


def _errors(wanted: Wanted, known: Sequence[Token]) -> dict[str, str]:
    errors = {}
    if not wanted.label:
        errors["ten"] = _("Hãy ghi chương trình nào dùng mã này.")
    if not wanted.scopes:
        errors["quyen"] = _("Hãy chọn ít nhất một quyền.")
    if wanted.days not in map(str, DAYS):
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
        stands_at="/ma-truy-cap",
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
