"""What a person reads when something does not work: what happened, what is lost, what to do."""

from contextlib import suppress
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import uuid4

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from activities.asked import KeyReused
from activities.database import BadData, DatabaseUnavailable
from web.access import NameNeeded, SignInNeeded, visitor_of
from web.api.problems import ApiProblem, not_valid, problem, problem_of_status
from web.forms import AGAIN, KEPT, PASSWORD, SAFE, ForeignForm, StaleForm, kept_of, local_path
from web.language import gettext as _
from web.language import lazily as later
from web.pages import page, see
from web.surroundings import current, of_the_api

log = structlog.get_logger()


class Trouble(NamedTuple):
    title: str
    sentence: str


TROUBLES = {
    400: Trouble(
        later("Yêu cầu không đọc được"),
        later("Máy chủ không hiểu nội dung vừa gửi. Chưa có gì được ghi."),
    ),
    403: Trouble(
        later("Không có quyền mở trang này"),
        later("Trang này dành cho vai trò khác. Nếu cần, hãy đăng nhập bằng tài khoản phù hợp."),
    ),
    404: Trouble(
        later("Không có trang này"),
        later("Địa chỉ có thể đã gõ sai, hoặc nội dung không thuộc phạm vi của anh/chị."),
    ),
    405: Trouble(
        later("Không làm được như vậy ở trang này"),
        later("Hãy quay lại trang trước và dùng nút có trên trang. Chưa có gì được ghi."),
    ),
    409: Trouble(
        later("Chưa ghi được"),
        later("Nội dung này đã thay đổi trong lúc anh/chị xem. Chưa có gì được ghi."),
    ),
    413: Trouble(
        later("Nội dung gửi quá lớn"),
        later("Hãy gửi tệp nhỏ hơn. Chưa có gì được ghi."),
    ),
    422: Trouble(
        later("Nội dung chưa đúng"),
        later("Có mục chưa điền hoặc điền chưa đúng. Chưa có gì được ghi."),
    ),
    429: Trouble(
        later("Thử lại sau ít phút"),
        later("Vừa có quá nhiều lần thử từ máy này. Hãy đợi ít phút rồi thử lại."),
    ),
    500: Trouble(
        later("Hệ thống gặp lỗi"),
        later("Lỗi thuộc về hệ thống, không phải do anh/chị, và đã được ghi lại để xử lý."),
    ),
    503: Trouble(
        later("Hệ thống chưa nhận được gì"),
        later(
            "Cơ sở dữ liệu đang tạm ngừng, nên nội dung vừa gửi chưa được ghi. Những gì đã nhập "
            "vẫn còn ở dưới: hãy để nguyên trang này và bấm “Gửi lại” sau ít phút."
        ),
    ),
}
NOTHING_TO_READ = later("Cơ sở dữ liệu đang tạm ngừng. Hãy thử tải lại trang sau ít phút.")
NOT_SIGNED_IN = later(
    "Cơ sở dữ liệu đang tạm ngừng nên chưa đăng nhập được. Mật khẩu vừa gõ không được giữ lại: sau "
    "ít phút, hãy gõ lại."
)


OLD_PAGE = later("Trang này mở đã lâu nên chưa nhận được. Hãy bấm lại nút ở dưới.")
LINKS = "/vao/"


def install(app: FastAPI) -> None:
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _not_valid)
    app.add_exception_handler(ApiProblem, _api_problem)
    app.add_exception_handler(KeyReused, _key_reused)
    app.add_exception_handler(SignInNeeded, _sign_in)
    app.add_exception_handler(NameNeeded, _name)
    app.add_exception_handler(StaleForm, _stale)
    app.add_exception_handler(ForeignForm, _foreign)
    app.add_exception_handler(DatabaseUnavailable, _database)
    app.add_exception_handler(SQLAlchemyError, _database)
    app.add_exception_handler(BadData, _bad_data)


def trouble_page(request: Request, status: int, *, detail: str = "", **context: Any) -> Response:
    """An error page; for programs the same as JSON."""
    if of_the_api(request.url.path):
        return problem_of_status(status, **{k: v for k, v in context.items() if k == "reference"})
    trouble = TROUBLES.get(status, TROUBLES[500])
    sentence = detail or _(trouble.sentence)
    context = {"kept": None, "again": "", "reference": ""} | context
    return page(
        request,
        "error.html",
        status=status,
        title=_(trouble.title),
        sentence=sentence,
        code=status,
        **context,
    )


def unexpected(request: Request, error: Exception) -> Response:
    """The page for an error of ours. Its reference finds the log's lines."""
    reference = uuid4().hex[:8]
    log.error("web.error", reference=reference, path=request.url.path, exc_info=error)
    return trouble_page(request, 500, reference=reference)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101  # what it was registered for
    standard = error.detail == HTTPException(error.status_code).detail
    # Sending it again would change nothing; but nobody should have to type it twice.
    overtaken = error.status_code == 409 and not of_the_api(request.url.path)
    typed = await kept_of(request) if overtaken else None
    if not of_the_api(request.url.path) and not hasattr(request.state, "visitor"):
        # Of an address nothing stands at, nobody has asked yet who it was.
        with suppress(DatabaseUnavailable):
            await _visitor(request)
    response = trouble_page(
        request, error.status_code, detail="" if standard else error.detail, kept=typed
    )
    for name, value in (error.headers or {}).items():
        response.headers[name] = value
    return response


async def _api_problem(_request: Request, error: Exception) -> Response:
    assert isinstance(error, ApiProblem)  # noqa: S101
    return problem(error.code, str(error), headers=error.headers, **error.members)


async def _key_reused(_request: Request, _error: Exception) -> Response:
    return problem("key_reused")


async def _not_valid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    if of_the_api(request.url.path):
        return not_valid(error.errors())
    return trouble_page(request, 422)


async def _sign_in(request: Request, _error: Exception) -> Response:
    """Whoever was typing when their session ended gets it all back after signing in."""
    from web.sign_in import sign_in_page

    if request.method in SAFE:
        return sign_in_page(request, then=request.url.path, query=request.url.query)
    return sign_in_page(request, kept=await kept_of(request))


async def _name(request: Request, _error: Exception) -> Response:
    return page(request, "sign_in/who.html", status=422, kept=await kept_of(request))


async def _stale(request: Request, _error: Exception) -> Response:
    from web.sign_in import send_again_page, sign_in_page

    if request.url.path.startswith(LINKS):
        return await _link_again(request, _(OLD_PAGE), tone="waiting")
    kept = await kept_of(request)
    # Not all that a browser sends here is a form somebody filled in.
    visitor = await _visitor(request)
    if kept.path in ("/vao", "/tiep-tuc", "/lien-ket-moi"):
        return sign_in_page(request) if visitor is None else see(request, "/")
    return send_again_page(request, kept, signed_in=visitor is not None)


async def _foreign(request: Request, _error: Exception) -> Response:
    return trouble_page(
        request, 403, detail=_("Biểu mẫu này được gửi từ một trang khác nên không được nhận.")
    )


async def _database(request: Request, error: Exception) -> Response:
    log.warning("web.database", path=request.url.path, reason=str(error))
    if request.method in SAFE or of_the_api(request.url.path):
        response = trouble_page(request, 503, detail=_(NOTHING_TO_READ))
    else:
        response = await _offered_again(request)
    response.headers["Retry-After"] = "30"
    return response


async def _offered_again(request: Request) -> Response:
    """The form once more as it was; one with a password is to be filled in again."""
    from web.sign_in import sign_in_page

    form = await request.form()
    kept = await kept_of(request)
    if PASSWORD not in form:
        return trouble_page(request, 503, kept=kept, again=_("Gửi lại"), again_token=True)
    if request.url.path.startswith(LINKS):
        return await _link_again(request, _(NOT_SIGNED_IN), tone="bad")
    return sign_in_page(
        request,
        then=local_path(form.get("den")),
        kept=kept if KEPT in form else None,
        status=503,
        problem=_(NOT_SIGNED_IN),
        login=str(form.get("ten", "")),
    )


async def _link_again(request: Request, sentence: str, *, tone: str) -> Response:
    """The page of the link itself: nowhere else can whoever holds it sign in."""
    then = local_path((await request.form()).get("den"))
    page_of_link = request.url.path.removesuffix("/moi")
    query = urlencode({"den": then, AGAIN: 1})
    return see(request, f"{page_of_link}?{query}", sentence, tone=tone)


async def _bad_data(request: Request, error: Exception) -> Response:
    log.warning("web.bad_data", path=request.url.path, reason=str(error))
    return trouble_page(request, 422)


async def _visitor(request: Request) -> object:
    from starlette.concurrency import run_in_threadpool

    if not current().session:
        return None
    return await run_in_threadpool(visitor_of, request, request.app.state.tools)
