"""Documents sent to be read, how their review stands, and the plan that comes of it. What was read
is corrected on the page, beside the original text."""

import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Annotated, BinaryIO, cast

from fastapi import Query, Request
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from activities.asked import Key
from activities.plan_reviews import Overtaken, Review, Sent
from models.finding import BadInput, Severity
from models.plan_review import ReviewState
from models.visitor import Visitor
from rules.evidence import plain_name
from web.access import OfficerOnly
from web.api.asking import IdempotencyKey, Keyed, Keying, identity
from web.api.evidence import BYTES, IN_MEMORY, take_body
from web.api.launches import DutyShape, duty_shape, unfit
from web.api.problems import ApiProblem
from web.api.routing import part
from web.api.shapes import Body, Line, Shape
from web.plan_review.confirming import Unready, WouldReplace, plan_from
from web.plan_review.seen import Card, look
from web.plan_review.sending import review_of
from web.tools import Now, Tools, ToolsOf

router = part("Soát kế hoạch", "/plan-reviews")

# Most documents are read within it.
PATIENCE_SECONDS = 2.0


class ReviewShape(Shape):
    """How far a document has come. `notes` say why it could not be read, or which corrections of
    the older document were not taken over."""

    id: str
    state: ReviewState
    file: str
    interrupted: bool = Field(
        description="Việc đọc bị ngắt giữa chừng: gửi lại chính tệp này cùng khóa để đọc tiếp."
    )
    progress: int = Field(description="Trang đã đọc.")
    pages: int
    notes: list[str]
    version: int = Field(description="Nêu lại khi xác nhận hoặc bỏ.")
    plan: str | None = Field(description="Mã kế hoạch đã thành, hoặc sẽ được thay.")
    created_at: datetime
    created_by: str
    saved_at: datetime
    saved_by: str


class ReadDuty(DutyShape):
    lines: tuple[int, int] | None = Field(description="Dòng đầu và dòng cuối trong văn bản.")
    corrected: bool
    removed: bool


class Noted(Shape):
    severity: Severity
    line: int | None
    message: str


class Problem(Shape):
    place: str
    message: str


class Difference(Shape):
    code: str
    what: str
    before: str
    after: str


class Settings(Shape):
    plan: str
    short_title: str
    number: str
    date: date | None
    coordinator: str
    leadership: str


class WholeReview(ReviewShape):
    """With all that was read and corrected, of a review that is open."""

    address: str = Field(description="Trang để sửa, cạnh nguyên văn.")
    settings: Settings | None
    duties: list[ReadDuty]
    findings: list[Noted]
    problems: list[Problem] = Field(description="Điều phải sửa trước khi thành kế hoạch.")
    replaces: str | None = Field(description="Bản kế hoạch đang có sẽ bị thay; nêu khi xác nhận.")
    changes: list[Difference]


class Confirming(Body):
    version: int
    replaces: Line | None = Field(
        default=None, description="`replaces` của bản soát: đồng ý thay kế hoạch đang có."
    )


class Confirmed(Shape):
    plan: str = Field(examples=["lam-dong-nq57"])


class Dropping(Body):
    version: int


@router.get("", summary="Các văn bản đang đọc, đang soát, không đọc được")
def unfinished(_visitor: OfficerOnly, tools: ToolsOf) -> list[ReviewShape]:
    return [_head(tools, each) for each in tools.plan_reviews.unfinished()]


@router.post(
    "",
    summary="Gửi một văn bản để đọc",
    status_code=202,
    openapi_extra={"requestBody": {"required": True, "content": BYTES}},
)
async def send(
    request: Request,
    visitor: OfficerOnly,
    tools: ToolsOf,
    now: Now,
    key: IdempotencyKey,
    name: Annotated[Line, Query(max_length=255, description="Tên tệp, kèm đuôi.")],
    year: Annotated[int | None, Query(ge=2000, le=2100)] = None,
    replaces: Annotated[Line | None, Query(description="Kế hoạch mà đây là văn bản mới.")] = None,
    conventions: Annotated[Line | None, Query(description="Kế hoạch mới theo cách của.")] = None,
) -> ReviewShape:
    """Thân yêu cầu là nội dung tệp. Việc đọc diễn ra sau; hỏi lại ở `/plan-reviews/{id}`."""
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as spooled:
        await take_body(request, spooled)
        file = cast(BinaryIO, spooled)
        asked = ("POST", str(request.url.query), await run_in_threadpool(_sha256, file))
        keyed = Keying(key, identity(*asked)).of(visitor)
        sent = Sent(plain_name(name), "", 0, year, replaces, conventions)
        found, new = await run_in_threadpool(_received, tools, visitor, keyed, file, sent, now)
    if new or _is_interrupted(tools, found):
        await tools.readings.read(found, patience=PATIENCE_SECONDS)
    return _head(tools, await run_in_threadpool(review_of, tools, found.id))


@router.get("/{review}", summary="Một bản soát")
def one(_visitor: OfficerOnly, tools: ToolsOf, review: str) -> WholeReview:
    found = review_of(tools, review)
    address = f"{tools.settings.base_url}/ke-hoach/soat/{review}"
    head = _head(tools, found).model_dump() | {"address": address}
    if found.state is not ReviewState.OPEN:
        nothing: dict[str, Sequence[object]] = dict.fromkeys(
            ("duties", "findings", "problems", "changes"), ()
        )
        return WholeReview.model_validate(head | nothing | {"settings": None, "replaces": None})
    seen = look(tools, found)
    return WholeReview(
        **head,
        settings=Settings.model_validate(seen.corrections.settings),
        duties=[_duty(card) for card in seen.cards],
        findings=[Noted.model_validate(finding) for _card, finding in seen.waiting],
        problems=[Problem.model_validate(each) for each in seen.problems],
        replaces=seen.over,
        changes=[Difference.model_validate(each) for each in seen.changes],
    )


@router.post("/{review}/confirm", summary="Xác nhận thành kế hoạch")
def confirm(
    visitor: OfficerOnly, tools: ToolsOf, now: Now, keyed: Keyed, review: str, body: Confirming
) -> Confirmed:
    """Sau đó phát động được. Chu kỳ đang chạy không đổi."""
    with _once(tools, keyed.of(visitor)) as key:
        if key is not None:
            _confirm(tools, visitor, now, review_of(tools, review), body, key)
    return Confirmed(plan=review_of(tools, review).sent.replaces or "")


@router.post("/{review}/drop", summary="Bỏ một bản soát", status_code=204)
def drop(
    visitor: OfficerOnly, tools: ToolsOf, now: Now, keyed: Keyed, review: str, body: Dropping
) -> None:
    with _once(tools, keyed.of(visitor)) as key:
        if key is not None:
            found = review_of(tools, review)
            tools.plan_reviews.drop(
                found.id, version=body.version, at=now, by=visitor.name, key=key
            )


def _received(
    tools: Tools, visitor: Visitor, key: Key, file: BinaryIO, sent: Sent, now: datetime
) -> tuple[Review, bool]:
    """The review under the id of the key, and whether it is new: sent again, it is found again."""
    tools.asked.get(key)
    found = tools.plan_reviews.get(key.id)
    waits = found is not None and found.state is ReviewState.READING
    if found is not None and (not waits or tools.readings.has_file(found.id)):
        return found, False
    known = {plan.id for plan in tools.registry.plans()}
    for plan in (sent.replaces, sent.conventions):
        if plan is not None and plan not in known:
            raise ApiProblem("invalid", f"Chưa nạp kế hoạch “{plan}”.")
    file.seek(0)
    try:
        kept = tools.readings.receive(
            sent.name, file, review=key.id, claim=lambda: tools.asked.claim(key, [])
        )
    except BadInput as bad:
        raise ApiProblem("too_large", bad.findings[0].message) from bad
    sent = sent._replace(sha256=kept.sha256, size=kept.size)
    new = tools.plan_reviews.begin(kept.review, sent, at=now, by=visitor.name)
    return review_of(tools, kept.review), new


def _confirm(
    tools: Tools, visitor: Visitor, now: datetime, review: Review, body: Confirming, key: Key
) -> None:
    if review.state is not ReviewState.OPEN or review.version != body.version:
        raise Overtaken
    plan = plan_from(tools, review, may_replace=body.replaces is not None)
    tools.plan_reviews.confirm(
        review.id, plan, version=body.version, over=body.replaces, at=now, by=visitor.name, key=key
    )


@contextmanager
def _once(tools: Tools, key: Key) -> Iterator[Key | None]:
    """The key to do it under, None when it was done before. The same request may also come twice
    at one moment: then what is refused to one was done for the other."""
    try:
        yield key if tools.asked.get(key) is None else None
    except (Overtaken, Unready, WouldReplace) as refused:
        if tools.asked.get(key) is None:
            raise _problem(refused) from refused


def _problem(refused: Exception) -> ApiProblem:
    match refused:
        case Unready():
            return unfit("plan_unfit", refused.findings)
        case WouldReplace():
            return ApiProblem("plan_exists")
    return ApiProblem("review_changed")


def _is_interrupted(tools: Tools, review: Review) -> bool:
    return review.state is ReviewState.READING and tools.readings.is_dead(review)


def _head(tools: Tools, review: Review) -> ReviewShape:
    same = {name: getattr(review, name) for name in ReviewShape.model_fields if name in _OWN}
    return ReviewShape(
        **same,
        file=review.sent.name,
        plan=review.sent.replaces,
        interrupted=_is_interrupted(tools, review),
    )


_OWN = frozenset(Review._fields)


def _duty(card: Card) -> ReadDuty:
    return ReadDuty(
        **duty_shape(card.duty).model_dump(),
        lines=card.lines,
        corrected=card.changed,
        removed=card.removed,
    )


def _sha256(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while piece := file.read(1 << 20):
        digest.update(piece)
    return digest.hexdigest()
