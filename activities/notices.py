"""Notices on their way out: recorded lines become messages, messages leave through channels."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Engine, and_, bindparam, func, not_, select, update
from sqlmodel import Session, col
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.address_book import AddressBook
from activities.clock import ClockStore
from activities.cycle_store import ENDED, Cycle, CycleStore, Snapshots
from activities.database import reading
from activities.heartbeat import Heartbeat
from activities.mailroom import Doors, Mailroom, lines_of
from activities.old_news import drop, old_news
from activities.outbox import Claimant, Outbox, queue
from activities.sending import Drain, Post, drain
from letters.letter import Line
from models.clock import VN
from models.cycle import DigestDay, Unsent
from models.deadline import RungKind
from models.tables import CycleTable, DispatchTable, MessageTable, NoticeTable
from rules.deadlines import COORDINATOR_LEVEL
from rules.digest import within_window

MOMENT = timedelta(minutes=10)


class Notices:
    """Composes and delivers. `posts` are the channels by name."""

    def __init__(
        self,
        engine: Engine,
        posts: Mapping[str, Post],
        doors: Doors,
        *,
        outbox: Outbox | None = None,
    ) -> None:
        self._engine = engine
        self._reading = reading(engine)
        self._posts = posts
        self._doors = doors
        self._cycles = CycleStore(engine)
        self._clock = ClockStore(engine)
        self._outbox = outbox or Outbox(engine)

    @activity.defn(name="compose_messages")
    def compose(self, day: DigestDay) -> int:
        """Makes one message per recipient of what was recorded by `day.at`: everything, or what is
        urgent. Returns how many wait to be sent, now or later.

        Outside the send window nothing is composed: what is answered before it opens needs no
        letter. A line belongs to one message for ever, so a repetition composes nothing twice.
        """
        cycle = self._cycles.get(day.cycle)
        snapshots = self._cycles.snapshots(cycle)
        if not self._may_send(day.cycle, snapshots):
            return 0
        mailroom = self._mailroom(cycle, snapshots)
        coordinator, beat = snapshots.plan.officer.coordinator, Heartbeat()
        with Session(self._engine) as session:
            waiting = _waiting(day.cycle)
            drop(session, old_news(session, waiting))
            weekly = _begins_week(session, day)
            overdue = mailroom.overdue(session, _day(day)) if weekly else []
            which = _to_compose(day, follow_up=weekly or cycle.stage in ENDED)
            rows = session.execute(lines_of(which)).all()
            day = day.model_copy(update={"at": max(day.at, self._a_moment_ago())})
            book = mailroom.address_book(session, {row.recipient for row in rows}, _day(day))
            numbers = _numbers(session, day)
            # A digest that was late may have become today's: what it did not tell waits a day.
            told_today = set() if day.urgent or cycle.stage in ENDED else set(numbers)
            enclosures: list[dict[str, str]] = []
            rows = sorted(rows, key=lambda row: (book.owner(row.recipient), row.key))
            said = zip(rows, mailroom.lines(session, rows, _owner(book)), strict=True)
            enclosed: dict[str, list[tuple[Any, Line]]] = {}
            for row, line in said:
                enclosed.setdefault(book.owner(row.recipient), []).append((row, line))
            if overdue:
                enclosed.setdefault(coordinator, [])
            for recipient, pairs in enclosed.items():
                if recipient in told_today:
                    continue
                address = book.of(recipient)
                listed = overdue if recipient == coordinator else []
                written = mailroom.letter(
                    address,
                    [line for _, line in pairs],
                    listed,
                    book=book,
                    day=_day(day),
                    link=self._doors.plain(address.code),
                )
                number = numbers.get(recipient, 0) + 1
                message = MessageTable(
                    id=f"{day.cycle}/{_day(day)}/{recipient}/{_kind(day)}/{number}",
                    cycle=day.cycle,
                    recipient=recipient,
                    kind=_kind(day),
                    day=_day(day),
                    subject=written.subject,
                    body=written.text,
                    html=written.html,
                    created_at=day.at,
                    weekly=bool(listed),
                    to_address=address.email,
                    fallback=address.fallback,
                )
                session.add(message)
                queue(session, message, address)
                enclosures += [{"notice": row.key, "message": message.id} for row, _ in pairs]
                beat(message.id)
            _enclose(session, enclosures)
            to_send = session.scalar(
                select(func.count())
                .select_from(DispatchTable)
                .where(
                    col(DispatchTable.cycle) == day.cycle,
                    col(DispatchTable.state) == "queued",
                )
            )
            session.commit()
        return to_send or 0

    @activity.defn(name="deliver_messages")
    def deliver(self, day: DigestDay) -> Unsent:
        """Hands over what waits and may go out: claim, send, mark. Returns what is left for
        a later attempt: their channel is down, their recipient could not take them, or a worker
        that died had claimed them.

        A worker that dies between sending and marking leaves the one in flight of each connection
        to be sent again, under the same Message-ID.
        """
        info = activity.info()
        cycle = self._cycles.get(day.cycle)
        snapshots = self._cycles.snapshots(cycle)

        def may_send() -> bool:
            return not activity.is_worker_shutdown() and self._may_send(day.cycle, snapshots)

        work = Drain(
            outbox=self._outbox,
            mailroom=self._mailroom(cycle, snapshots),
            cycle=day.cycle,
            coordinator=snapshots.plan.officer.coordinator,
            claimant=Claimant(f"{info.workflow_run_id}/{info.activity_id}", info.attempt),
            clock=self._clock.read,
            may_send=may_send,
            beat=Heartbeat(),
        )
        asyncio.run(drain(work, self._posts))
        if activity.is_worker_shutdown():
            raise ApplicationError("tiến trình đang dừng; tiến trình khác gửi tiếp")
        if not self._may_send(day.cycle, snapshots):
            return Unsent(number=0)
        return self._outbox.unsent(day.cycle, self._clock.plan_now())

    def _mailroom(self, cycle: Cycle, snapshots: Snapshots) -> Mailroom:
        return Mailroom(cycle, snapshots.plan, self._doors)

    def _may_send(self, cycle: str, snapshots: Snapshots) -> bool:
        """Whether the cycle is not paused and the window is open, or was a moment ago: a clock
        that runs fast would otherwise leave it while the letters are written."""
        with Session(self._reading) as session:
            if session.get_one(CycleTable, cycle).paused_at is not None:
                return False
        policy = snapshots.plan.officer.policy
        opens = within_window(
            self._a_moment_ago(),
            calendar=snapshots.calendar,
            send_from=policy.send_from,
            send_until=policy.send_until,
        )
        return opens <= self._clock.plan_now()

    def _a_moment_ago(self) -> datetime:
        clock = self._clock.read()
        return clock.plan_time(datetime.now(UTC)) - clock.plan_span(MOMENT)


def _owner(book: AddressBook) -> Callable[[Any], str]:
    return lambda row: book.owner(row.recipient)


def _waiting(cycle: str) -> ColumnElement[bool]:
    return and_(
        col(NoticeTable.cycle) == cycle,
        col(NoticeTable.message).is_(None),
        col(NoticeTable.dropped).is_(False),
    )


def _to_compose(day: DigestDay, *, follow_up: bool) -> ColumnElement[bool]:
    due = and_(_waiting(day.cycle), col(NoticeTable.scheduled) <= day.at)
    if not follow_up:
        due = and_(due, not_(_FOLLOW_UP))
    return and_(due, col(NoticeTable.urgent).is_(True)) if day.urgent else due


# The weekly repetition of an escalation: told together, when a week begins.
_FOLLOW_UP = and_(
    col(NoticeTable.kind) == RungKind.ESCALATION, col(NoticeTable.level) == COORDINATOR_LEVEL
)


def _begins_week(session: Session, day: DigestDay) -> bool:
    """Whether this is the first digest of its week that anybody is written: the week's first
    working day, or, after an outage, the day when letters can be written again."""
    if day.urgent:
        return False
    written = session.scalar(
        select(func.count()).where(
            col(MessageTable.cycle) == day.cycle,
            col(MessageTable.kind) == "digest",
            col(MessageTable.day) >= _day(day) - timedelta(days=_day(day).weekday()),
        )
    )
    return not written


def _numbers(session: Session, day: DigestDay) -> dict[str, int]:
    """How many letters of this kind each recipient was written that day."""
    rows = session.execute(
        select(col(MessageTable.recipient), func.count().label("letters"))
        .where(
            col(MessageTable.cycle) == day.cycle,
            col(MessageTable.day) == _day(day),
            col(MessageTable.kind) == _kind(day),
        )
        .group_by(col(MessageTable.recipient))
    )
    return {row.recipient: row.letters for row in rows}


def _enclose(session: Session, enclosures: Sequence[dict[str, str]]) -> None:
    """Marks the notices as parts of their messages, one by one: a message of the coordinator may
    have more of them than one statement takes."""
    session.flush()
    if enclosures:
        session.connection().execute(
            update(NoticeTable).where(col(NoticeTable.key) == bindparam("notice")), enclosures
        )


def _day(day: DigestDay) -> date:
    return day.at.astimezone(VN).date()


def _kind(day: DigestDay) -> str:
    return "urgent" if day.urgent else "digest"
