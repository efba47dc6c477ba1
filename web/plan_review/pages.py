"""Sending a document, and reviewing what was read of it until it is a plan."""

from collections.abc import Mapping, Sequence
from itertools import islice

from fastapi import APIRouter, HTTPException, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from activities.plan_reviews import UNFINISHED, Overtaken
from models.clock import VN
from models.plan_review import ReviewState
from models.visitor import Visitor
from rules.citation import issue_problems
from web.access import OfficerOnly
from web.forms import Fields
from web.language import gettext as _
from web.pages import page, see
from web.paging import Paging
from web.plan_review.confirming import Unready, WouldReplace, is_confirmed, plan_from
from web.plan_review.edits import (
    Edit,
    codes_of,
    edit_adding,
    edit_of_added,
    edit_of_meanings,
    edit_of_read,
    edit_of_settings,
    is_made,
    removed_codes,
)
from web.plan_review.seen import (
    ADDED,
    NAMED_KINDS,
    Card,
    look,
    meaning_options,
    passages,
)
from web.plan_review.sending import (
    REVIEW,
    AnyReview,
    OpenReview,
    Reviewing,
    ended_sentence,
    only_open,
    review_of,
)
from web.plan_review.typed import (
    KIND,
    REPORT,
    SEEN,
    errors_of,
    meanings_from,
    settings_from,
    version_in,
)
from web.rule_words import worded
from web.tools import Now, ToolsOf

router = APIRouter(prefix="/ke-hoach")

CARDS = 12
FINDINGS = 30
LINES = 200
# The forms of the page that are no duty's.
SETTINGS = "chung"
PHRASES = "cum-tu"
CONFIRMING = "xac-nhan"
ADDING_REPORT = "them-bao-cao"


@router.get("/soat/{review}")
def review_page(request: Request, _visitor: OfficerOnly, at: AnyReview) -> Response:
    found, readings = at.review, at.tools.readings
    if found.state is ReviewState.OPEN:
        return _page(at)
    if found.state is ReviewState.CONFIRMED:
        return RedirectResponse(f"/phat-dong/{found.sent.replaces}", 303)
    if found.state is ReviewState.DROPPED:
        raise HTTPException(404)
    return page(
        request,
        "plan_review/reading.html",
        review=found,
        dead=readings.is_dead(found),
        has_file=readings.has_file(found.id),
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
def change_duty(visitor: OfficerOnly, at: OpenReview, fields: Fields) -> Response:
    """Corrects, removes or brings back one duty."""
    key = fields.get("viec", "")
    added = key.startswith(ADDED)
    edit = edit_of_added(key, fields) if added else edit_of_read(key, fields)
    only_pressed = {"bo", "lay_lai", "nhu_doc"} & fields.keys()
    if not only_pressed and (errors := _errors(at, edit, fields)):
        return _page(at, errors=errors, typed=fields, card=key)
    # An added duty is known by its code, which the form may have changed.
    now = f"{ADDED}{fields['code']}" if added and not only_pressed else key
    return _saved(at, visitor, edit, fields, card=key, leads_to=now)


@router.post("/soat/{review}/them")
def add(visitor: OfficerOnly, at: OpenReview, fields: Fields) -> Response:
    """Adds a task or a report that was not found in the document."""
    edit, code = edit_adding(fields), fields.get("code", "")
    card = ADDING_REPORT if fields.get(KIND) == REPORT else ADDED
    if errors := _errors(at, edit, fields):
        return _page(at, errors=errors, typed=fields, card=card)
    said = _("Đã thêm %(code)s.", code=code)
    return _saved(at, visitor, edit, fields, card=card, leads_to=f"{ADDED}{code}", said=said)


@router.post("/soat/{review}/chung")
def change_settings(visitor: OfficerOnly, at: OpenReview, now: Now, fields: Fields) -> Response:
    """Keeps what the officer says of the plan itself, even while it is not all right yet; a number
    or a day that none can have is not kept."""
    try:
        said = settings_from(fields)
    except ValueError:
        errors = {"date": _("Ngày chưa đúng: hãy chọn một ngày trên lịch.")}
        return _page(at, errors=errors, typed=fields, card=SETTINGS)
    issued = issue_problems(said.number, said.date, today=now.astimezone(VN).date())
    if wrong := {name: worded(problem) for name, problem in issued}:
        return _page(at, errors=wrong, typed=fields, card=SETTINGS)
    edit = edit_of_settings(said, fields.get(SEEN))
    return _saved(at, visitor, edit, fields, card=SETTINGS)


@router.post("/soat/{review}/cum-tu")
def change_meanings(visitor: OfficerOnly, at: OpenReview) -> Response:
    """Whom the phrases mean that nothing else explains."""
    form: FormData = at.request.state.form
    units = at.tools.registry.of_kinds(NAMED_KINDS)
    chosen = meanings_from(form, {value for value, _words in meaning_options(units)})
    edit = edit_of_meanings(chosen, str(form.get(SEEN, "")))
    return _saved(at, visitor, edit, chosen, card=PHRASES, place="#ai")


@router.post("/soat/{review}/xac-nhan")
def confirm(visitor: OfficerOnly, at: AnyReview, fields: Fields) -> Response:
    """The review becomes a plan that can be launched."""
    version = version_in(fields)
    if is_confirmed(at.review, version):
        return _confirmed(at.request, at.review.sent.replaces or "")
    found = only_open(at).review
    seen = fields.get("nen") or None
    try:
        plan = plan_from(at.tools, found, may_replace="thay" in fields)
        at.tools.plan_reviews.confirm(
            found.id, plan, version=version, over=seen, at=at.now, by=visitor.name
        )
    except Unready:
        sentence = _("Chưa thành kế hoạch được: hãy sửa các chỗ ghi ở đầu trang.")
        return _page(at, errors={"xac_nhan": sentence})
    except WouldReplace:
        sentence = _("Kế hoạch mang mã này đã có: hãy xem các khác biệt rồi đánh dấu đồng ý thay.")
        return _page(at, errors={"thay": sentence})
    except Overtaken:
        now = at.tools.plan_reviews.get(found.id)
        if now is None or not is_confirmed(now, version):
            return _conflict(at, {}, card=CONFIRMING)
    return _confirmed(at.request, plan.id)


def _confirmed(request: Request, plan: str) -> Response:
    said = _("Đã thành kế hoạch. Từ đây phát động được một năm.")
    return see(request, f"/phat-dong/{plan}", said)


@router.post("/soat/{review}/bo")
def drop(visitor: OfficerOnly, at: AnyReview, fields: Fields) -> Response:
    review = at.review.id
    try:
        at.tools.plan_reviews.drop(review, version=version_in(fields), at=at.now, by=visitor.name)
    except Overtaken:
        now = at.tools.plan_reviews.get(review)
        if now is None or now.state not in UNFINISHED:
            return _ended(at.request)
        sentence = _("Có người đã sửa bản soát này nên chưa bỏ. Xem lại rồi bấm lần nữa.")
        return see(at.request, f"{REVIEW}/{review}", sentence, tone="bad")
    return see(at.request, "/ke-hoach", _("Đã bỏ bản soát."))


def _errors(at: Reviewing, edit: Edit, fields: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with a duty's form. An added task that was sent twice has its code itself."""
    imported, corrections = at.tools.plan_reviews.content(at.review.id)
    key = fields.get("viec", ADDED)
    again = key.startswith(ADDED) and is_made(edit, imported, corrections)
    taken = set() if again else codes_of(imported, corrections, but=key)
    removed = removed_codes(corrections, but=key) if key.startswith(ADDED) and not again else set()
    return errors_of(fields, taken=taken, removed=removed)


def _saved(
    at: Reviewing,
    visitor: Visitor,
    edit: Edit,
    typed: Mapping[str, str],
    *,
    card: str,
    place: str = "",
    leads_to: str = "",
    said: str = "",
) -> Response:
    """Saves what a form changes, and shows where it stands: the `place`, or the duty it
    `leads_to`."""
    try:
        at.tools.plan_reviews.change(at.review.id, edit, at=at.now, by=visitor.name)
    except Overtaken:
        return _conflict(at, typed, card=card)
    address = _address(at, leads_to) if leads_to else f"{REVIEW}/{at.review.id}{place}"
    return see(at.request, address, said or _("Đã lưu."))


def _address(at: Reviewing, key: str) -> str:
    """Where a duty stands now."""
    imported, corrections = at.tools.plan_reviews.content(at.review.id)
    keys = [duty.code for duty in imported.document.duties]
    keys += [f"{ADDED}{each.code}" for each in corrections.added]
    return _places(keys, at.review.id).get(key, f"{REVIEW}/{at.review.id}")


def _conflict(at: Reviewing, typed: Mapping[str, str], *, card: str) -> Response:
    """The page as it is now, with what was typed in the form it was typed in."""
    found = at.tools.plan_reviews.get(at.review.id)
    if found is None or found.state is not ReviewState.OPEN:
        raise HTTPException(409, detail=ended_sentence(found or at.review))
    sentence = _(
        "Trong lúc anh/chị xem, có người đã sửa chỗ này. Chưa có gì được ghi: những gì anh/chị vừa "
        "gõ còn nguyên bên dưới, bản của người kia ghi cạnh đó. Xem lại rồi bấm lần nữa."
    )
    if card == CONFIRMING:
        sentence = _(
            "Trong lúc anh/chị xem, bản soát này hoặc kế hoạch đang có đã thay đổi, nên chưa xác "
            "nhận. Trang này là bản mới nhất: xem lại rồi xác nhận lần nữa."
        )
    now = at._replace(review=found)
    return _page(now, errors={SEEN: sentence}, typed=typed, card=card, status=409)


def _ended(request: Request) -> Response:
    sentence = _("Bản soát này đã được xác nhận hoặc đã bỏ. Lần bấm này không ghi thêm gì.")
    return see(request, "/ke-hoach", sentence, tone="bad")


def _page(
    at: Reviewing,
    *,
    errors: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
    card: str = "",
    status: int | None = None,
) -> Response:
    """`card` names the form that `typed` and `errors` belong to."""
    tools, review = at.tools, at.review
    seen = look(tools, review)
    paging = Paging(at.paging.page, CARDS, f"{REVIEW}/{review.id}", "")
    shown = seen.cards[paging.offset : paging.offset + CARDS]
    return page(
        at.request,
        "plan_review/review.html",
        stands_at=f"{REVIEW}/{review.id}",
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
    found = _places([card.key for card in cards], review)
    for card in cards:
        found.setdefault(card.duty.code, found[card.key])
    return found


def _places(keys: Sequence[str], review: str) -> dict[str, str]:
    return {
        key: f"{REVIEW}/{review}?trang={place // CARDS + 1}#viec-{key}"
        for place, key in enumerate(keys)
    }
