"""What officers see and do of messages on their way: dead ones, sending again, the proof."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Engine, select, update
from sqlmodel import Session, col

from activities.clock import ClockStore
from activities.database import reading
from activities.old_news import drop
from models.tables import (
    AssignmentTable,
    DispatchTable,
    MessageTable,
    NoticeTable,
    TaskTable,
    UnitTable,
    UsedLinkTable,
)
from rules.channels import shown_target


class Dispatch(NamedTuple):
    """One way of one message. `opened_at` is wall time, when its link was followed."""

    id: str
    message: str
    recipient: str
    recipient_name: str
    subject: str
    channel: str
    address: str
    addressee: str
    on_behalf: str | None
    state: str
    queued_at: datetime
    sent_at: datetime | None
    accepted_at: datetime | None
    opened_at: datetime | None
    attempts: int
    resent: int
    answer: str


class Proof(NamedTuple):
    """What can be shown of one assignment: what its unit and others were told of it, and how."""

    assignment: str
    code: str
    title: str
    unit: str
    unit_name: str
    acknowledged_at: datetime | None
    made_at: datetime
    notices: "list[Told]"


class Told(NamedTuple):
    """One thing that one recipient was told, and the ways its message took."""

    kind: str
    level: int
    recipient: str
    scheduled: datetime
    why: str
    dropped: bool
    message: str | None
    dispatches: list[Dispatch]


class Dispatches:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = reading(engine)
        self._clock = ClockStore(engine)

    def dead(self, cycles: Collection[str]) -> list[Dispatch]:
        """What was given up, the latest first."""
        query = _ways().where(
            col(DispatchTable.state) == "dead", col(DispatchTable.cycle).in_(cycles)
        )
        with Session(self._reading) as session:
            rows = session.execute(query.order_by(col(DispatchTable.sent_at).desc())).all()
            return [_dispatch(row) for row in rows]

    def of_message(self, message: str) -> list[Dispatch]:
        with Session(self._reading) as session:
            rows = session.execute(_ways().where(col(DispatchTable.message) == message)).all()
            return [_dispatch(row) for row in rows]

    def resend(self, ids: Collection[str]) -> int:
        """Puts dispatches back into the outbox. What was accepted once leaves as a new mail, which
        a mail server would otherwise take for a repetition. Returns how many were put back; those
        that wait already stay as they are."""
        now = self._clock.plan_now()
        with Session(self._engine) as session:
            found = session.scalars(
                select(DispatchTable)
                .where(col(DispatchTable.id).in_(sorted(ids)), col(DispatchTable.state) != "queued")
                .with_for_update()
            ).all()
            for dispatch in found:
                dispatch.resent += 1
                dispatch.state, dispatch.not_before = "queued", now
                dispatch.attempts, dispatch.first_tried = 0, None
                _forget_complaint(session, dispatch)
            messages = {dispatch.message for dispatch in found}
            session.execute(
                update(MessageTable)
                .where(col(MessageTable.id).in_(sorted(messages)))
                .values(dropped=False)
            )
            session.commit()
            return len(found)

    def proof(self, assignment: str) -> Proof | None:
        """Everything that was told of an assignment; None when there is no such assignment."""
        with Session(self._reading) as session:
            row = session.execute(
                select(
                    AssignmentTable.__table__,  # type: ignore[attr-defined]
                    col(TaskTable.title),
                    col(UnitTable.name),
                )
                .join(TaskTable, col(TaskTable.id) == col(AssignmentTable.task))
                .outerjoin(UnitTable, col(UnitTable.code) == col(AssignmentTable.unit))
                .where(col(AssignmentTable.id) == assignment)
            ).one_or_none()
            if row is None:
                return None
            return Proof(
                assignment=assignment,
                code=row.code,
                title=row.title,
                unit=row.unit,
                unit_name=row.name or row.unit,
                acknowledged_at=row.acknowledged_at,
                made_at=self._clock.plan_now(),
                notices=_told(session, assignment),
            )


def _told(session: Session, assignment: str) -> list[Told]:
    notices: Sequence[NoticeTable] = session.scalars(
        select(NoticeTable)
        .where(col(NoticeTable.assignment) == assignment)
        .order_by(col(NoticeTable.scheduled), col(NoticeTable.key))
    ).all()
    messages = {notice.message for notice in notices if notice.message}
    ways: dict[str, list[Dispatch]] = {}
    for row in session.execute(_ways().where(col(DispatchTable.message).in_(sorted(messages)))):
        ways.setdefault(row.message, []).append(_dispatch(row))
    return [
        Told(
            kind=notice.kind,
            level=notice.level,
            recipient=notice.recipient,
            scheduled=notice.scheduled,
            why=notice.why,
            dropped=notice.dropped,
            message=notice.message,
            dispatches=ways.get(notice.message or "", []),
        )
        for notice in notices
    ]


def _forget_complaint(session: Session, dispatch: DispatchTable) -> None:
    """The officer need not be told any more of what is being sent again."""
    keys = session.scalars(
        select(col(NoticeTable.key)).where(
            col(NoticeTable.key).startswith(f"{dispatch.id}|v1|dead-", autoescape=True),
            col(NoticeTable.message).is_(None),
        )
    )
    drop(session, set(keys))


def _ways() -> Any:
    return (
        select(
            DispatchTable.__table__,  # type: ignore[attr-defined]
            col(MessageTable.subject),
            col(UnitTable.name),
            col(UsedLinkTable.used_at),
        )
        .join(MessageTable, col(MessageTable.id) == col(DispatchTable.message))
        .outerjoin(UsedLinkTable, col(UsedLinkTable.id) == col(DispatchTable.link))
        .outerjoin(UnitTable, col(UnitTable.code) == col(DispatchTable.recipient))
        .order_by(col(DispatchTable.queued_at), col(DispatchTable.id))
    )


def _dispatch(row: Any) -> Dispatch:
    named = {
        "recipient_name": row.name or row.recipient,
        "opened_at": row.used_at,
        # What gives access to a channel is nobody's to read in a list.
        "address": shown_target(row.address),
    }
    same = {name: getattr(row, name) for name in Dispatch._fields if name not in named}
    return Dispatch(**same, **named)
