"""Signing in and out: links from letters, and what was typed while a session ended."""

from datetime import UTC, datetime, timedelta

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from activities.links import Link, LinkKind
from activities.passwords import SHORTEST, Refused
from activities.sessions import LASTS, LASTS_FOR_OFFICES, Device
from models.visitor import AccessKind
from web.access import Guest, SignedIn
from web.errors import trouble_page
from web.forms import AGAIN, KEPT, PASSWORD, Fields, Kept, local_path
from web.language import LANGUAGES
from web.language import gettext as _
from web.pages import page, see
from web.surroundings import current
from web.tools import Tools, ToolsOf

router = APIRouter()

REMEMBERED = timedelta(days=2)


def device_of(request: Request) -> Device:
    address = request.client.host if request.client else ""
    return Device(address, request.headers.get("user-agent", ""))


def sign_in_page(
    request: Request,
    *,
    then: str = "/",
    query: str = "",
    kept: Kept | None = None,
    status: int = 401,
    problem: str = "",
    login: str = "",
) -> Response:
    tools: Tools = request.app.state.tools
    sealed = tools.seals.keep(kept, visit=current().visit) if kept else ""
    leads_to = f"{then}?{query}" if query else then
    return page(
        request,
        "sign_in/sign_in.html",
        status=status,
        stands_at=leads_to,  # whoever is not signed in is asked to there
        then=leads_to,
        kept=kept,
        sealed=sealed,
        problem=problem,
        login=login,
        provider=tools.settings.oidc_name if tools.provider else "",
    )


def send_again_page(request: Request, kept: Kept, *, signed_in: bool) -> Response:
    """What was typed, in a form that can be sent; the button stays with the person."""
    if not signed_in:
        return sign_in_page(request, kept=kept)
    return page(request, "sign_in/again.html", kept=kept, status=200)


@router.get("/vao")
def sign_in(request: Request, visitor: Guest, den: str = "/") -> Response:
    then = local_path(den)
    if visitor is not None:
        return RedirectResponse(then, 303)
    return sign_in_page(request, then=then, status=200)


@router.post("/vao")
def with_password(request: Request, _visitor: Guest, tools: ToolsOf, fields: Fields) -> Response:
    device = device_of(request)
    login = fields.get("ten", "")
    checked = tools.passwords.check(login, fields.get(PASSWORD, ""), device)
    if checked.refused is not None:
        kind = AccessKind.LOCKED if checked.locked_now else AccessKind.REFUSED
        tools.door.note(kind, device, login=login, detail=checked.refused.value)
        return _refused(request, checked.refused, fields)
    secret = tools.sessions.begin_for_account(checked.account or "", device)
    if secret is None:
        return _refused(request, Refused.DISABLED, fields)
    end_former(tools)
    tools.door.note(AccessKind.SIGNED_IN, device, account=checked.account, detail="password")
    kept = tools.seals.kept(fields.get(KEPT, ""), visit=current().visit)
    if kept is None:
        response: Response = RedirectResponse(local_path(fields.get("den")), 303)
    else:
        request.state.visitor = tools.sessions.visitor(secret)
        response = page(request, "sign_in/again.html", kept=kept, holder=secret)
    return begun(tools, response, secret, unit=False)


@router.get("/vao/{token}")
def opened_link(
    request: Request, token: str, _visitor: Guest, tools: ToolsOf, den: str = "/"
) -> Response:
    """A page that says for whom the link is. Programs that open every link in a letter stop here,
    and nothing is used up."""
    link = tools.links.read(token)
    if link is None:
        return _unusable(request, None)
    if link.expired(at=datetime.now(UTC)) or tools.sessions.used(link.id):
        return _unusable(request, link)
    return page(
        request,
        "sign_in/link.html",
        link=link,
        name=_name(tools, link),
        token=token,
        then=local_path(den),
        shortest=SHORTEST,
        errors={},
        takes_cookies=_takes_cookies(request),
    )


@router.post("/vao/{token}")
def use_link(
    request: Request, token: str, _visitor: Guest, tools: ToolsOf, fields: Fields
) -> Response:
    link = tools.links.read(token)
    device = device_of(request)
    if link is None or link.expired(at=datetime.now(UTC)):
        return _unusable(request, link)
    if link.kind is LinkKind.PASSWORD and len(fields.get(PASSWORD, "")) < SHORTEST:
        return _too_short(request, tools, link, token)
    whose = {"unit" if link.kind is LinkKind.UNIT else "account": link.ref}
    if link.kind is LinkKind.UNIT:
        secret = tools.sessions.begin_for_unit(link.ref, device, link=link.id)
    else:
        secret = tools.sessions.begin_for_account(link.ref, device, link=link.id)
    if secret is None:
        tools.door.note(AccessKind.REFUSED, device, detail="used link", **whose)
        return _unusable(request, link)
    end_former(tools)
    if link.kind is LinkKind.PASSWORD:
        tools.passwords.set(link.ref, fields[PASSWORD])
        tools.door.note(AccessKind.PASSWORD_SET, device, **whose)
    tools.door.note(AccessKind.SIGNED_IN, device, detail="link", **whose)
    response = see(request, local_path(fields.get("den")), _("Đã đăng nhập."))
    return begun(tools, response, secret, unit=link.kind is LinkKind.UNIT)


@router.post("/vao/{token}/moi")
def ask_for_link(request: Request, token: str, _visitor: Guest, tools: ToolsOf) -> Response:
    """A new link to the address that is known, for whoever holds an old one. The answer is the
    same whether there is such an address or not."""
    link = tools.links.read(token)
    if link is None:
        return _unusable(request, None)
    if not tools.link_requests.ask(link, device_of(request)):
        return trouble_page(request, 429)
    return page(request, "sign_in/link_asked.html", sealed="")


@router.post("/lien-ket-moi")
def ask_as(request: Request, _visitor: Guest, tools: ToolsOf, fields: Fields) -> Response:
    """The same for a unit that has no letter at hand. What it typed before goes along."""
    if not tools.link_requests.ask_as(fields.get("don_vi", ""), device_of(request)):
        return trouble_page(request, 429)
    return page(request, "sign_in/link_asked.html", sealed=fields.get(KEPT, ""))


@router.post("/tiep-tuc")
def go_on(request: Request, visitor: Guest, tools: ToolsOf, fields: Fields) -> Response:
    """After signing in somewhere else: what was typed comes back."""
    kept = tools.seals.kept(fields.get(KEPT, ""), visit=current().visit)
    if kept is None:
        return see(request, "/")
    return send_again_page(request, kept, signed_in=visitor is not None)


@router.post("/ra")
def sign_out(request: Request, visitor: SignedIn, tools: ToolsOf) -> Response:
    tools.sessions.end(visitor, visitor.session)
    tools.door.note(
        AccessKind.SIGNED_OUT, device_of(request), account=visitor.account, unit=visitor.unit
    )
    response = see(request, "/vao", _("Đã đăng xuất."))
    # With the visit goes what was typed and kept: the next at this machine may be another.
    for name in (tools.cookies.session, tools.cookies.visit):
        response.delete_cookie(name, path="/", secure=tools.cookies.secure)
    return response


@router.post("/ngon-ngu")
def speak(_visitor: Guest, tools: ToolsOf, fields: Fields) -> Response:
    response = RedirectResponse(local_path(fields.get("den")), 303)
    language = fields.get("ngon_ngu", "")
    if language in LANGUAGES:
        response.set_cookie(
            tools.cookies.language,
            language,
            max_age=365 * 86_400,
            path="/",
            httponly=True,
            samesite="lax",
            secure=tools.cookies.secure,
        )
    return response


def begun(tools: Tools, response: Response, secret: str, *, unit: bool) -> Response:
    """`response` with the new session's secret. It is always a new one: whatever a browser held
    before it signed in is worth nothing afterwards."""
    # Longer than the session: of whoever was let in before, a long form is still taken and kept.
    lasts = (LASTS if unit else LASTS_FOR_OFFICES) + REMEMBERED
    response.set_cookie(
        tools.cookies.session,
        secret,
        max_age=int(lasts.total_seconds()),
        path="/",
        httponly=True,
        samesite="lax",
        secure=tools.cookies.secure,
    )
    return response


def end_former(tools: Tools) -> None:
    """Whoever was signed in on this browser before is not any more."""
    former = tools.sessions.visitor(current().session) if current().session else None
    if former is not None:
        tools.sessions.end(former, former.session)


def _refused(request: Request, why: Refused, fields: dict[str, str]) -> Response:
    """One sentence for whatever was wrong: it tells nobody which names exist."""
    if why is Refused.TOO_MANY:
        return trouble_page(request, 429)
    tools: Tools = request.app.state.tools
    problem = _(
        "Tên đăng nhập hoặc mật khẩu không đúng, hoặc tài khoản đang tạm khóa. Sai 5 lần liền thì "
        "tài khoản tạm khóa 15 phút."
    )
    return sign_in_page(
        request,
        then=local_path(fields.get("den")),
        kept=tools.seals.kept(fields.get(KEPT, ""), visit=current().visit),
        problem=problem,
        login=fields.get("ten", ""),
    )


def _too_short(request: Request, tools: Tools, link: Link, token: str) -> Response:
    sentence = _("Mật khẩu cần ít nhất %(least)s ký tự.", least=SHORTEST)
    return page(
        request,
        "sign_in/link.html",
        status=422,
        stands_at=f"/vao/{token}",
        link=link,
        name=_name(tools, link),
        token=token,
        then="/",
        shortest=SHORTEST,
        takes_cookies=True,
        errors={PASSWORD: sentence},
    )


def _unusable(request: Request, link: Link | None) -> Response:
    token = request.path_params["token"]
    return page(
        request,
        "sign_in/unusable.html",
        stands_at=f"/vao/{token}",
        link=link,
        token=token,
        takes_cookies=_takes_cookies(request),
        status=410 if link else 404,
    )


def _takes_cookies(request: Request) -> bool:
    """False when this browser was sent here with one and brings none: its forms lead nowhere."""
    tools: Tools = request.app.state.tools
    brought = current().flash or tools.cookies.visit in request.cookies
    return bool(brought) or AGAIN not in request.query_params


def _name(tools: Tools, link: Link) -> str:
    if link.kind is LinkKind.UNIT:
        unit = tools.registry.unit(link.ref)
        return unit.name if unit else link.ref
    account = tools.accounts.get(link.ref)
    return account.name if account else ""
