"""Where somebody is signed in, who acts there, and how they leave one place or all of them."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from models.visitor import AccessKind, Visitor
from web.access import SignedIn
from web.forms import LONGEST_NAME, NAME, POSITION, Fields
from web.language import gettext as _
from web.pages import page, see
from web.sign_in import device_of
from web.tools import Tools, ToolsOf

router = APIRouter(prefix="/phien")


@router.get("")
def sessions(request: Request, visitor: SignedIn, tools: ToolsOf) -> Response:
    return page(request, "sign_in/sessions.html", sessions=tools.sessions.of(visitor))


@router.post("/nguoi")
def say_who(request: Request, visitor: SignedIn, tools: ToolsOf, fields: Fields) -> Response:
    """Another person goes on for the same unit."""
    name, position = fields.get(NAME, ""), fields.get(POSITION, "")
    if visitor.unit is None or not name or not position:
        return see(request, "/phien", _("Cần họ tên và chức vụ."), tone="bad")
    tools.sessions.introduce(
        visitor.session, name=name[:LONGEST_NAME], position=position[:LONGEST_NAME]
    )
    return see(request, "/phien", _("Đã ghi nhận người thực hiện."))


@router.post("/dong")
def end(request: Request, visitor: SignedIn, tools: ToolsOf, fields: Fields) -> Response:
    """Ends one session, or every one, with every token where that is asked."""
    which = fields.get("phien") or None
    if "ma" in fields:
        return _end_all(request, visitor, tools)
    ended = tools.sessions.end(visitor, which)
    if ended:
        _note(request, visitor, tools, ended)
    gone = which is None or which == visitor.session
    return see(request, "/vao" if gone else "/phien", _("Đã đăng xuất %(n)s nơi.", n=ended))


def _end_all(request: Request, visitor: Visitor, tools: Tools) -> Response:
    """Tokens first: whoever is cut off in between is still signed in to try again."""
    tokens = tools.tokens.revoke_all(account=visitor.account, unit=visitor.unit)
    if tokens:
        _note(request, visitor, tools, tokens, AccessKind.TOKEN_REVOKED)
    ended = tools.sessions.end(visitor)
    _note(request, visitor, tools, ended)
    said = _("Đã đăng xuất %(n)s nơi, thu hồi %(tokens)s mã truy cập.", n=ended, tokens=tokens)
    return see(request, "/vao", said)


def _note(
    request: Request,
    visitor: Visitor,
    tools: Tools,
    ended: int,
    kind: AccessKind = AccessKind.REVOKED,
) -> None:
    tools.door.note(
        kind,
        device_of(request),
        account=visitor.account,
        unit=visitor.unit,
        detail=f"{ended}",
    )
