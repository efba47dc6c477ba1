"""Signing in with an account of the agency's own, at its OpenID Connect provider."""

import hmac

import structlog
from fastapi import APIRouter, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from activities.openid import Errand, Identity, Provider, ProviderProblem, Refused
from models.visitor import AccessKind
from web.access import Guest
from web.errors import trouble_page
from web.forms import ERRAND_SECONDS, local_path
from web.language import gettext as _
from web.pages import see
from web.sign_in import begun, device_of, end_former, sign_in_page
from web.tools import Tools, ToolsOf

log = structlog.get_logger()

router = APIRouter(prefix="/dang-nhap/oidc")


@router.get("")
def leave(request: Request, _visitor: Guest, tools: ToolsOf, den: str = "/") -> Response:
    """Sends the browser to the provider, with an errand that only this browser can bring back."""
    provider = _provider(tools)
    if tools.passwords.turned_away(device_of(request)):
        return trouble_page(request, 429)
    then = local_path(den)
    try:
        url, errand = provider.send(then)
    except ProviderProblem as problem:
        return _unreachable(request, problem, then)
    response = RedirectResponse(url, 303)
    response.set_cookie(
        tools.cookies.errand,
        tools.seals.errand(errand),
        max_age=ERRAND_SECONDS,
        path="/",
        httponly=True,
        samesite="lax",
        secure=tools.cookies.secure,
    )
    return response


@router.get("/ve")
def come_back(
    request: Request, _visitor: Guest, tools: ToolsOf, code: str = "", state: str = ""
) -> Response:
    """Signs in whom the provider has identified, if the administrator knows them."""
    provider = _provider(tools)
    sealed = request.cookies.get(tools.cookies.errand, "")
    errand = tools.seals.errand_of(sealed)
    if errand is None or not hmac.compare_digest(state.encode(), errand.state.encode()):
        return _again(request, _("Lần đăng nhập này đã quá lâu hoặc bắt đầu ở nơi khác."))
    if not code:
        return _again(request, _("Máy chủ đăng nhập của cơ quan không cho vào."))
    try:
        identity = provider.identify(code, errand)
    except ProviderProblem as problem:
        return _unreachable(request, problem, errand.then)
    except Refused as refused:
        tools.door.note(AccessKind.REFUSED, device_of(request), detail=f"oidc {refused}"[:200])
        return _again(request, _("Máy chủ đăng nhập của cơ quan trả lời không đúng."))
    return _signed_in(request, tools, identity, errand)


def _signed_in(request: Request, tools: Tools, identity: Identity, errand: Errand) -> Response:
    device = device_of(request)
    found = tools.accounts.identified(identity.subject, identity.email)
    secret = found and tools.sessions.begin_for_account(found.account, device)
    if not found or not secret:
        who = identity.email or identity.subject
        tools.door.note(AccessKind.REFUSED, device, login=who, detail="oidc: no account")
        sentence = _(
            "Tài khoản này chưa được quản trị viên của hệ thống cho phép vào. Hãy báo quản trị "
            "viên ghi đúng địa chỉ thư công vụ của anh/chị."
        )
        return _again(request, sentence)
    end_former(tools)
    if found.first:
        tools.door.note(AccessKind.ACCOUNT_LINKED, device, account=found.account)
    tools.door.note(AccessKind.SIGNED_IN, device, account=found.account, detail="oidc")
    response = see(request, local_path(errand.then), _("Đã đăng nhập."))
    _forget_errand(tools, response)
    return begun(tools, response, secret, unit=False)


def _provider(tools: Tools) -> Provider:
    if tools.provider is None:
        raise HTTPException(404)
    return tools.provider


def _again(request: Request, sentence: str) -> Response:
    """An errand is good for one return, whatever came of it; where it was to lead is not
    forgotten."""
    tools: Tools = request.app.state.tools
    then = tools.seals.led_to(request.cookies.get(tools.cookies.errand, ""))
    response = sign_in_page(request, problem=sentence, then=local_path(then))
    _forget_errand(tools, response)
    return response


def _forget_errand(tools: Tools, response: Response) -> None:
    response.delete_cookie(tools.cookies.errand, path="/", secure=tools.cookies.secure)


def _unreachable(request: Request, problem: ProviderProblem, then: str) -> Response:
    log.warning("openid", reason=str(problem))
    sentence = _("Máy chủ đăng nhập của cơ quan chưa trả lời. Hãy thử lại, hoặc dùng mật khẩu.")
    return sign_in_page(request, status=503, problem=sentence, then=local_path(then))
