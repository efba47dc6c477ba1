"""Sending a document, and reviewing what was read of it until it is a plan."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import islice

from fastapi import APIRouter, HTTPException, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from activities.plan_reviews import Overtaken, Review
from models.imported import ImportedPlan
from models.plan_review import Corrections, ReviewState
from models.visitor import Visitor
from rules.plan_review import plan_of, problems
from web.access import OfficerOnly
from web.forms import Fields
from web.language import gettext as _
from web.pages import page, see
from web.paging import Paging, PagingOf
from web.plan_review.edits import codes_of, edit_of_added, edit_of_read
from web.plan_review.seen import (
    ADDED,
    Card,
    fingerprint,
    look,
    meaning_options,
    passages,
    standing_of,
)
from web.plan_review.sending import REVIEW, review_of
from web.plan_review.typed import (
    SEEN,
    added_from,
    errors_of,
    meanings_from,
    settings_from,
)
from web.tools import Now, Tools, ToolsOf

router = APIRouter(prefix="/ke-hoach")

CARDS = 12
FINDINGS = 30
LINES = 200


@router.get("/soat/{review}")
def review_page(
    request: Request, _visitor: OfficerOnly, tools: ToolsOf, paging: PagingOf, review: str
) -> Response:
    found = review_of(tools, review)
    if found.state is ReviewState.OPEN:
        return _page(request, tools, found, paging)
    if found.state is ReviewState.CONFIRMED:
        return RedirectResponse(f"/phat-dong/{found.sent.replaces}", 303)
    if found.state is ReviewState.DROPPED:
        raise HTTPException(404)
    return page(
        request,
        "plan_review/reading.html",
        review=found,
        dead=tools.readings.is_dead(found),
        has_file=tools.readings.has_file(found.id),
    )


@router.get("/soat/{review}/van-ban")
def source(
    request: Request, _visitor: OfficerOnly, tools: ToolsOf, review: str, dong: int = 1
) -> Response:
    """The document as it was read, from a line on."""
    found = review_of(tools, review, ReviewState.OPEN)
    first = max(1, min(dong, max(1, found.last_line)))
    lines = list(islice(tools.plan_reviews.lines(review, first, first + LINES), LINES))
    return page(
        request,
        "plan_review/source.html",
        review=found,
        lines=lines,
        first=first,
        before=max(1, first - LINES) if first > 1 else None,
        after=lines[-1].number + 1 if lines and lines[-1].number < found.last_line else None,
    )


@router.post("/soat/{review}/viec")
def change_duty(
    request: Request,
    visitor: OfficerOnly,
    tools: ToolsOf,
    now: Now,
    paging: PagingOf,
    fields: Fields,
    review: str,
) -> Response:
    """Corrects, removes or brings back one duty."""
    found = review_of(tools, review, ReviewState.OPEN)
    key = fields.get("viec", "")
    if not {"bo", "lay_lai", "nhu_doc"} & fields.keys():
        _imported, corrections = tools.plan_reviews.content(review)
        others = codes_of(_imported, corrections, but=key)
        if errors := errors_of(fields, taken=others):
            return _page(request, tools, found, paging, errors=errors, typed=fields, card=key)
    edit = edit_of_added(key, fields) if key.startswith(ADDED) else edit_of_read(key, fields)
    try:
        tools.plan_reviews.change(review, edit, at=now, by=visitor.name)
    except Overtaken:
        return _conflict(request, tools, review, paging, fields, card=key)
    return see(request, _at(review, paging, key), _("Đã lưu."))


@router.post("/soat/{review}/them")
def add(
    request: Request,
    visitor: OfficerOnly,
    tools: ToolsOf,
    now: Now,
    paging: PagingOf,
    fields: Fields,
    review: str,
) -> Response:
    """Adds a task that was not found in the document."""
    found = review_of(tools, review, ReviewState.OPEN)
    imported, corrections = tools.plan_reviews.content(review)
    errors = errors_of(fields, taken=codes_of(imported, corrections))
    if errors:
        return _page(request, tools, found, paging, errors=errors, typed=fields, card=ADDED)
    added = added_from(fields)

    def edit(imported: ImportedPlan, corrections: Corrections) -> Corrections:
        if added.code in codes_of(imported, corrections):
            raise Overtaken
        return corrections.model_copy(update={"added": (*corrections.added, added)})

    try:
        tools.plan_reviews.change(review, edit, at=now, by=visitor.name)
    except Overtaken:
        return _conflict(request, tools, review, paging, fields, card=ADDED)
    return see(request, f"{REVIEW}/{review}", _("Đã thêm %(code)s.", code=added.code))


@router.post("/soat/{review}/chung")
def change_settings(
    request: Request,
    visitor: OfficerOnly,
    tools: ToolsOf,
    now: Now,
    paging: PagingOf,
    fields: Fields,
    review: str,
) -> Response:
    """Keeps what the officer says of the plan itself, even while it is not all right yet."""
    found = review_of(tools, review, ReviewState.OPEN)
    try:
        settings = settings_from(fields)
    except ValueError:
        errors = {"date": _("Ngày chưa đúng: hãy chọn một ngày trên lịch.")}
        return _page(request, tools, found, paging, errors=errors, typed=fields, card="chung")

    def edit(_imported: ImportedPlan, corrections: Corrections) -> Corrections:
        if fields.get(SEEN) != fingerprint(corrections.settings):
            raise Overtaken
        return corrections.model_copy(update={"settings": settings})

    try:
        tools.plan_reviews.change(review, edit, at=now, by=visitor.name)
    except Overtaken:
        return _conflict(request, tools, review, paging, fields, card="chung")
    return see(request, f"{REVIEW}/{review}", _("Đã lưu."))


@router.post("/soat/{review}/cum-tu")
async def change_meanings(
    request: Request,
    visitor: OfficerOnly,
    tools: ToolsOf,
    now: Now,
    paging: PagingOf,
    review: str,
) -> Response:
    """Whom the phrases mean that nothing else explains."""
    typed = await request.form()
    return await asyncio.to_thread(_meanings, request, visitor, tools, now, paging, review, typed)


def _meanings(
    request: Request,
    visitor: Visitor,
    tools: Tools,
    now: datetime,
    paging: Paging,
    review: str,
    typed: FormData,
) -> Response:
    seen = look(tools, review_of(tools, review, ReviewState.OPEN))
    allowed = {value for value, _words in meaning_options(seen.units) if value}
    meanings = meanings_from(typed, allowed)

    def edit(_imported: ImportedPlan, corrections: Corrections) -> Corrections:
        if typed.get(SEEN) != fingerprint(corrections.meanings):
            raise Overtaken
        return corrections.model_copy(update={"meanings": meanings})

    try:
        tools.plan_reviews.change(review, edit, at=now, by=visitor.name)
    except Overtaken:
        fields = {f"nghia.{phrase}": meaning for phrase, meaning in meanings.items()}
        return _conflict(request, tools, review, paging, fields, card="cum-tu")
    return see(request, f"{REVIEW}/{review}#ai", _("Đã lưu."))


@router.post("/soat/{review}/xac-nhan")
def confirm(
    request: Request,
    visitor: OfficerOnly,
    tools: ToolsOf,
    now: Now,
    paging: PagingOf,
    fields: Fields,
    review: str,
) -> Response:
    """The review becomes a plan that can be launched."""
    found = review_of(tools, review, ReviewState.OPEN)
    imported, corrections = tools.plan_reviews.content(review)
    like, over = standing_of(tools, found, corrections)
    wrong = list(problems(imported, corrections, tools.registry.directory()))
    if wrong:
        sentence = _("Chưa thành kế hoạch được: hãy sửa các chỗ ghi ở đầu trang.")
        return _page(request, tools, found, paging, errors={"xac_nhan": sentence})
    if over is not None and "thay" not in fields:
        sentence = _("Kế hoạch mang mã này đã có: hãy xem các khác biệt rồi đánh dấu đồng ý thay.")
        return _page(request, tools, found, paging, errors={"thay": sentence})
    plan = plan_of(imported, corrections, like, replaces=over is not None)
    said = fields.get(SEEN, "")
    try:
        tools.plan_reviews.confirm(
            review,
            plan,
            version=int(said) if said.isdecimal() else -1,
            over=fields.get("nen") or None,
            at=now,
            by=visitor.name,
        )
    except Overtaken:
        return _conflict(request, tools, review, paging, {}, card="xac-nhan")
    return see(
        request, f"/phat-dong/{plan.id}", _("Đã thành kế hoạch. Từ đây phát động được một năm.")
    )


@router.post("/soat/{review}/bo")
def drop(request: Request, visitor: OfficerOnly, tools: ToolsOf, now: Now, review: str) -> Response:
    review_of(tools, review)
    tools.plan_reviews.drop(review, at=now, by=visitor.name)
    return see(request, "/ke-hoach", _("Đã bỏ bản soát."))


def _at(review: str, paging: Paging, key: str) -> str:
    return f"{REVIEW}/{review}?trang={paging.page}#viec-{key}"


def _conflict(
    request: Request,
    tools: Tools,
    review: str,
    paging: Paging,
    typed: Mapping[str, str],
    *,
    card: str,
) -> Response:
    """The page as it is now, with what was typed in the form it was typed in."""
    found = tools.plan_reviews.get(review)
    if found is None or found.state is not ReviewState.OPEN:
        return see(
            request,
            "/ke-hoach",
            _("Bản soát này vừa được người khác xác nhận hoặc bỏ. Chưa có gì được ghi."),
            tone="bad",
        )
    sentence = _(
        "Trong lúc anh/chị xem, %(who)s đã sửa chỗ này. Chưa có gì được ghi: những gì anh/chị vừa "
        "gõ còn nguyên bên dưới, bản của người kia ghi cạnh đó. Xem lại rồi bấm lần nữa.",
        who=found.saved_by,
    )
    return _page(
        request, tools, found, paging, errors={SEEN: sentence}, typed=typed, card=card, status=409
    )


def _page(
    request: Request,
    tools: Tools,
    review: Review,
    paging: Paging,
    *,
    errors: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
    card: str = "",
    status: int | None = None,
) -> Response:
    """`card` names the form that `typed` and `errors` belong to."""
    seen = look(tools, review)
    paging = Paging(paging.page, CARDS, f"{REVIEW}/{review.id}", "")
    shown = seen.cards[paging.offset : paging.offset + CARDS]
    return page(
        request,
        "plan_review/review.html",
        status=status or (422 if errors else 200),
        seen=seen,
        review=review,
        cards=paging.of(shown, len(seen.cards)),
        lines=passages(tools, review, shown),
        address_of=_addresses(seen.cards, review.id),
        waiting=seen.waiting[:FINDINGS],
        more=max(0, len(seen.waiting) - FINDINGS),
        meanings=meaning_options(seen.units),
        unit_options=[("", _("– chọn –")), *((unit.code, unit.name) for unit in seen.units)],
        errors=errors or {},
        typed=typed or {},
        card=card,
    )


def _addresses(cards: Sequence[Card], review: str) -> dict[str, str]:
    """Where each duty stands, on whichever page; by its key and by its code."""
    found = {}
    for place, card in enumerate(cards):
        address = f"{REVIEW}/{review}?trang={place // CARDS + 1}#viec-{card.key}"
        found[card.key] = address
        found.setdefault(card.duty.code, address)
    return found
