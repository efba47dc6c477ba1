"""Assignments: the list, one of them, its history and what proves it."""

from datetime import date, datetime
from typing import Annotated, Any, NamedTuple

from fastapi import Depends, Query
from pydantic import Field

from activities.views import DispatchView, Which
from activities.views.assignments import place_of
from models.assignment import Stage
from models.deadline import Deadline
from models.directory import UnitKind
from models.mark import Mark
from models.visitor import Visitor, VisitorRole
from rules.channels import shown_target
from rules.deadlines import explain
from web.access import OwnAssignment, WorkOnly
from web.api.paging import PagingOf
from web.api.problems import ApiProblem
from web.api.routing import part
from web.api.shapes import Assignment, Page, Plain, Shape
from web.oversight.history import OFFICE, Entry, deadline_of, entries_of
from web.tools import Now, ToolsOf

router = part("Phần việc", "/assignments")

Text = Annotated[Annotated[str, Plain] | None, Query(max_length=200)]


class Sent(Shape):
    """A letter on its way through one channel; `answer` is what the other side said."""

    channel: str = Field(description="email, webhook, apprise")
    state: str = Field(description="queued, accepted, dead, dropped")
    sent_at: datetime | None
    attempts: int
    address: str | None = Field(description="Chỉ cho chuyên viên và lãnh đạo; không kèm khóa.")
    answer: str


class Told(Shape):
    """A notice that followed from an entry, and the proof that it left."""

    kind: str
    level: int
    recipient: str
    scheduled: datetime
    why: str
    dropped: bool
    sent: list[Sent]


class HistoryEntry(Shape):
    """One entry of the ledger in words. `number` is its place in the task's hash chain."""

    number: int
    kind: str = Field(examples=["submitted"])
    at: datetime
    actor: str
    text: str
    told: list[Told]


class WhyThisDate(Shape):
    phrase: str = Field(description="Cụm từ trong văn bản.")
    rule: str
    last_day: date
    why: str = Field(description="Vì sao là ngày này, kể cả các lần dời.")


class History(Shape):
    assignment: Assignment
    deadline: WhyThisDate | None
    fault: str | None = Field(description="Mục nào của sổ không khớp mã băm; null là nguyên vẹn.")
    entries: list[HistoryEntry]


class Verification(Shape):
    """The whole chain of the task, hashed again; an answer some minutes old may be given."""

    task: str
    at: datetime
    entries: int
    head: str = Field(description="Mã băm của mục cuối.")
    fault: str | None


class Filters(NamedTuple):
    plan: str | None
    cycle: str | None
    year: int | None
    code: str | None
    occurrence: str | None
    unit: str | None
    hub: str | None
    kind: UnitKind | None
    stage: Stage | None
    mark: Mark | None
    overdue: bool
    level: int | None


def filters(
    plan: Text = None,
    cycle: Annotated[
        Text, Query(description="Mã chu kỳ.", examples=["cycle/lam-dong-nq57/2026"])
    ] = None,
    year: Annotated[int | None, Query(ge=1900, le=9999)] = None,
    code: Annotated[Text, Query(description="Mã nhiệm vụ.", examples=["V.1"])] = None,
    occurrence: Annotated[Text, Query(description="Lần, kỳ.", examples=["H1"])] = None,
    unit: Annotated[Text, Query(description="Mã đơn vị.", examples=["22918"])] = None,
    hub: Annotated[Text, Query(description="Đầu mối cùng các cơ sở của đầu mối.")] = None,
    kind: Annotated[UnitKind | None, Query(description="Nhóm đơn vị.")] = None,
    stage: Annotated[Stage | None, Query(description="Đang ở bước nào.")] = None,
    mark: Annotated[Mark | None, Query(description="Ô trên bản đồ nhiệt.")] = None,
    overdue: Annotated[bool, Query(description="Chỉ việc đang quá hạn.")] = False,
    level: Annotated[int | None, Query(ge=0, le=9, description="Cấp đã báo quá hạn.")] = None,
) -> Filters:
    return Filters(
        plan, cycle, year, code, occurrence, unit, hub, kind, stage, mark, overdue, level
    )


@router.get("", summary="Danh sách phần việc", response_model=Page[Assignment])
def assignments(
    visitor: WorkOnly,
    tools: ToolsOf,
    now: Now,
    paging: PagingOf,
    asked: Annotated[Filters, Depends(filters)],
) -> Any:
    """Đơn vị thấy phần việc của mình và, nếu là đầu mối, của các cơ sở trên địa bàn."""
    if not _within_reach(visitor, asked):
        return paging.of([], 0, place_of)
    of_unit = visitor.role is VisitorRole.UNIT
    found = tools.views.assignments(
        at=now,
        plan=asked.plan,
        cycle=asked.cycle,
        year=asked.year,
        code=asked.code,
        occurrence=asked.occurrence,
        unit=visitor.unit if of_unit and not visitor.is_hub else asked.unit,
        which=Which(asked.kind, visitor.unit if of_unit else asked.hub),
        stage=asked.stage,
        marks=() if asked.mark is None else (asked.mark,),
        overdue=asked.overdue,
        level=asked.level,
        limit=paging.limit + 1,
        after=paging.after(4),
    )
    return paging.of(found.assignments, found.total, place_of)


def _within_reach(visitor: Visitor, asked: Filters) -> bool:
    """A unit asks about itself; of a hub, the lookup itself keeps to its own schools."""
    if visitor.role is not VisitorRole.UNIT:
        return True
    mine = visitor.is_hub or asked.unit in (None, visitor.unit)
    return mine and asked.hub in (None, visitor.unit)


@router.get("/{assignment:path}/history", summary="Lịch sử, bằng chứng và vì sao là hạn này")
def history(owned: OwnAssignment, tools: ToolsOf, now: Now) -> History:
    found = tools.views.history(owned.part.id, at=now)
    if found is None:
        raise ApiProblem("not_found")
    deadline = deadline_of(found)
    return History(
        assignment=Assignment.model_validate(found.assignment),
        deadline=None if deadline is None else _why(deadline),
        fault=found.fault,
        entries=[
            _entry(each, in_office=owned.visitor.role in OFFICE) for each in entries_of(found)
        ],
    )


@router.get("/{assignment:path}/verification", summary="Kiểm tra chuỗi băm của nhiệm vụ")
def verification(owned: OwnAssignment, tools: ToolsOf) -> Verification:
    checked = tools.views.checked(owned.part.task)
    return Verification(task=owned.part.task, **checked._asdict())


def one(owned: OwnAssignment, tools: ToolsOf, now: Now) -> Assignment:
    found = tools.views.assignment(owned.part.id, at=now)
    if found is None:
        raise ApiProblem("not_found")
    return Assignment.model_validate(found)


def _why(deadline: Deadline) -> WhyThisDate:
    return WhyThisDate(
        phrase=deadline.phrase,
        rule=deadline.rule,
        last_day=deadline.last_day,
        why=explain(deadline),
    )


def _entry(entry: Entry, *, in_office: bool) -> HistoryEntry:
    return HistoryEntry(
        number=entry.number,
        kind=entry.event.kind,
        at=entry.event.at,
        actor=entry.actor,
        text=entry.text,
        told=[
            Told(
                kind=proof.notice.kind,
                level=proof.notice.level,
                recipient=proof.recipient,
                scheduled=proof.notice.scheduled,
                why=proof.notice.why,
                dropped=proof.notice.dropped,
                sent=[_sent(each, in_office=in_office) for each in proof.dispatches],
            )
            for proof in entry.proofs
        ],
    )


def _sent(view: DispatchView, *, in_office: bool) -> Sent:
    return Sent(
        channel=view.channel,
        state=view.state,
        sent_at=view.sent_at,
        attempts=view.attempts,
        address=shown_target(view.address) if in_office else None,
        answer=view.answer,
    )
