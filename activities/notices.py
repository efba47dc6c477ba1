"""Notices on their way out: recorded lines become letters, letters leave through a channel."""

import logging
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from email.header import Header
from email.message import Message
from email.mime.text import MIMEText
from email.utils import format_datetime, formataddr
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Engine,
    Row,
    Select,
    and_,
    bindparam,
    func,
    inspect,
    or_,
    select,
    update,
)
from sqlmodel import Session, col
from temporalio import activity

from activities.channels import Channel, ChannelDown
from activities.clock import ClockStore
from activities.commands import Commands
from activities.cycle_store import CycleStore, Snapshots
from activities.database import reading
from letters.letter import Letter, Line
from letters.writing import write
from models.assignment import OPEN, OWING, Stage
from models.clock import VN
from models.cycle import DigestDay
from models.deadline import RungKind
from models.identifiers import message_id
from models.tables import (
    AssignmentTable,
    MessageTable,
    NoticeTable,
    TaskTable,
    UnitTable,
)
from rules.digest import within_window

logger = logging.getLogger(__name__)

BATCH = 200
# A claim that is older belongs to a worker that died between sending and marking.
CLAIM_FOR = timedelta(minutes=10)
RETRY_AFTER = timedelta(hours=1)
MOMENT = timedelta(minutes=10)
ASKING = "ask-"
CHASING = (RungKind.REMINDER, RungKind.DUE, RungKind.ESCALATION)


class Address(NamedTuple):
    """Where a recipient's letter goes; `fallback` says why not to the recipient itself."""

    name: str
    email: str
    fallback: str | None


class Notices:
    """Composes and delivers. `base_url` is where a letter's link leads."""

    def __init__(self, engine: Engine, channel: Channel, base_url: str) -> None:
        self._engine = engine
        self._reading = reading(engine)
        self._channel = channel
        self._base_url = base_url
        self._cycles = CycleStore(engine)
        self._clock = ClockStore(engine)
        self._commands = Commands(engine)

    @activity.defn(name="compose_messages")
    def compose(self, day: DigestDay) -> int:
        """Makes one letter per recipient of what was recorded by `day.at`: everything, or what is
        urgent. Returns how many letters wait to be sent now.

        Outside the send window nothing is composed: what is answered before it opens needs no
        letter. A line belongs to one letter for ever, so a repetition composes nothing twice.
        """
        cycle = self._cycles.get(day.cycle)
        snapshots = self._cycles.snapshots(cycle)
        if not self._may_send(snapshots):
            return 0
        officer = snapshots.plan.officer
        with Session(self._engine) as session:
            _drop_answered(session, day.cycle)
            rows = session.execute(_waiting_lines(day)).all()
            day = day.model_copy(update={"at": max(day.at, self._a_moment_ago())})
            units = {unit.code: unit for unit in session.scalars(select(UnitTable))}
            addresses = _Addresses(units, officer.coordinator)
            words = self._commands.statements({row.text for row in rows if row.text})
            numbers = _numbers(session, day)
            by_letter = sorted(rows, key=lambda row: (addresses.owner(row.recipient), row.key))
            for recipient, group in groupby(by_letter, lambda r: addresses.owner(r.recipient)):
                message = self._letter(
                    day,
                    recipient,
                    lines := list(group),
                    addresses,
                    words,
                    number=numbers.get(recipient, 0) + 1,
                    plan_title=officer.short_title,
                )
                session.add(message)
                _enclose(session, lines, message.id)
                activity.heartbeat(message.id)
            waiting = session.scalar(select(func.count()).where(*self._to_send(day.cycle)))
            session.commit()
        return waiting or 0

    def _letter(
        self,
        day: DigestDay,
        recipient: str,
        rows: Sequence[Row[tuple[object, ...]]],
        addresses: "_Addresses",
        words: dict[str, str],
        *,
        number: int,
        plan_title: str,
    ) -> MessageTable:
        address = addresses.of(recipient)
        unit = recipient.partition(":")[0]
        written = write(
            Letter(
                plan_title=plan_title,
                recipient=address.name,
                lines=tuple(_line(row, unit, addresses.name(row.unit), words) for row in rows),
                day=_day(day),
                link=f"{self._base_url}/don-vi/{unit}",
                on_behalf=address.fallback,
            )
        )
        return MessageTable(
            id=f"{day.cycle}/{_day(day)}/{recipient}/{_kind(day)}/{number}",
            cycle=day.cycle,
            recipient=recipient,
            kind=_kind(day),
            day=_day(day),
            subject=written.subject,
            body=written.text,
            html=written.html,
            created_at=day.at,
            not_before=day.at,
            to_address=address.email,
            fallback=address.fallback,
        )

    @activity.defn(name="deliver_messages")
    def deliver(self, day: DigestDay) -> int:
        """Hands over what waits and may go out: claim, send, mark, in batches. Returns how many
        letters are left, because a worker that died had claimed them.

        A worker that dies between sending and marking leaves one letter to be sent again, under
        the same Message-ID. A letter that cannot be sent waits for its own next attempt; raises
        ChannelDown when none can.
        """
        snapshots = self._cycles.snapshots(self._cycles.get(day.cycle))
        # A cycle delivers one after another: what a failed attempt claimed is nobody's any more.
        again = activity.info().attempt > 1
        while self._may_send(snapshots) and (batch := self._claim(day.cycle, again=again)):
            for number, message in enumerate(batch):
                try:
                    answer = self._channel.send(_mail(message))
                except ChannelDown as down:
                    self._put_back(batch[number:], str(down))
                    raise
                except Exception as error:  # one address must never stop the others
                    logger.exception("thư %s chưa gửi được", message.id)
                    self._put_back([message], str(error), wait=RETRY_AFTER)
                else:
                    self._mark(message.id, answer)
                activity.heartbeat(message.id)
        with Session(self._reading) as session:
            left = session.scalar(select(func.count()).where(*self._to_send(day.cycle)))
        return left or 0 if self._may_send(snapshots) else 0

    def _may_send(self, snapshots: Snapshots) -> bool:
        """Whether the window is open, or was a moment ago: a clock that runs fast would otherwise
        leave it while the letters are written."""
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

    def _to_send(self, cycle: str) -> tuple[ColumnElement[bool], ...]:
        return (
            col(MessageTable.cycle) == cycle,
            col(MessageTable.sent_at).is_(None),
            col(MessageTable.not_before) <= self._clock.plan_now(),
        )

    def _claim(self, cycle: str, *, again: bool) -> list[MessageTable]:
        wall = datetime.now(UTC)
        old = wall if again else wall - CLAIM_FOR
        with Session(self._engine, expire_on_commit=False) as session:
            messages = session.scalars(
                select(MessageTable)
                .where(
                    *self._to_send(cycle),
                    or_(
                        col(MessageTable.claimed_at).is_(None),
                        col(MessageTable.claimed_at) < old,
                    ),
                )
                .order_by(col(MessageTable.created_at), col(MessageTable.id))
                .limit(BATCH)
                .with_for_update(skip_locked=True)
            ).all()
            for message in messages:
                message.claimed_at = wall
                message.attempts += 1
            session.commit()
            return list(messages)

    def _mark(self, identifier: str, answer: str) -> None:
        now = self._clock.plan_now()
        with Session(self._engine) as session:
            session.execute(
                update(MessageTable)
                .where(col(MessageTable.id) == identifier)
                .values(sent_at=now, answer=answer, claimed_at=None)
            )
            session.commit()

    def _put_back(
        self, messages: Sequence[MessageTable], answer: str, *, wait: timedelta = timedelta(0)
    ) -> None:
        not_before = self._clock.plan_now() + wait
        with Session(self._engine) as session:
            session.execute(
                update(MessageTable)
                .where(col(MessageTable.id).in_([message.id for message in messages]))
                .values(answer=answer, claimed_at=None, not_before=not_before)
            )
            session.commit()


class _Addresses:
    """Who gets a recipient's letter, by today's directory."""

    def __init__(self, units: dict[str, UnitTable], coordinator: str) -> None:
        self._units = units
        self._coordinator = coordinator

    def name(self, code: str | None) -> str:
        return self._units[code].name if code in self._units else code or ""

    def owner(self, recipient: str) -> str:
        """Recipients that share an address share a letter: the head of a unit gets one of its own
        only where it has an address of its own."""
        code, _, role = recipient.partition(":")
        unit = self._units.get(code)
        if role and unit is not None and unit.head_email not in ("", unit.email):
            return recipient
        return code

    def of(self, recipient: str) -> Address:
        code, _, role = recipient.partition(":")
        unit = self._units.get(code)
        if unit is None:
            return Address(code, "", None)
        email = unit.head_email if role else unit.email
        name = f"Lãnh đạo {unit.name}" if role else unit.name
        if email:
            return Address(name, email, None)
        for code_above in (unit.hub, self._coordinator):
            above = self._units.get(code_above) if code_above else None
            if above is not None and above.email and above.code != unit.code:
                sentence = f"Thư này dành cho {name}, đơn vị chưa có địa chỉ liên hệ trong danh bạ."
                return Address(above.name, above.email, sentence)
        return Address(name, "", f"{name} chưa có địa chỉ liên hệ trong danh bạ.")


def _waiting_lines(day: DigestDay) -> Select[Any]:
    query = (
        select(
            *inspect(NoticeTable).columns,
            col(TaskTable.code),
            col(TaskTable.occurrence),
            col(TaskTable.title),
        )
        .join(TaskTable, col(TaskTable.id) == col(NoticeTable.task))
        .where(
            col(NoticeTable.cycle) == day.cycle,
            col(NoticeTable.message).is_(None),
            col(NoticeTable.dropped).is_(False),
            col(NoticeTable.scheduled) <= day.at,
        )
    )
    return query.where(col(NoticeTable.urgent).is_(True)) if day.urgent else query


def _drop_answered(session: Session, cycle: str) -> None:
    """What nobody has to read any more: answered, or for a date that was moved since."""
    waiting = and_(
        col(NoticeTable.cycle) == cycle,
        col(NoticeTable.message).is_(None),
        col(NoticeTable.dropped).is_(False),
    )
    kind, stage = col(NoticeTable.kind), col(AssignmentTable.stage)
    answered = or_(
        and_(
            kind.in_(CHASING),
            or_(
                stage.not_in(OWING),
                col(AssignmentTable.version) != col(NoticeTable.version),
            ),
        ),
        and_(
            kind == RungKind.ACKNOWLEDGEMENT,
            or_(stage.not_in(OPEN), col(AssignmentTable.acknowledged_at).is_not(None)),
        ),
        and_(
            kind == RungKind.REVIEW,
            stage != Stage.SUBMITTED,
            col(AssignmentTable.extension_asked).is_(False),
        ),
        and_(kind.in_(("assigned", "dated", "adopted")), stage.not_in(OWING)),
        and_(kind == "submitted", stage != Stage.SUBMITTED),
        and_(kind == "returned", stage != Stage.RETURNED),
        and_(kind == "extension_asked", col(AssignmentTable.extension_asked).is_(False)),
    )
    assignment = (
        select(col(AssignmentTable.id))
        .where(col(AssignmentTable.id) == col(NoticeTable.assignment), answered)
        .exists()
    )
    _drop(session, and_(waiting, assignment))
    asked = session.execute(
        select(col(NoticeTable.key), kind, col(TaskTable.waiting))
        .join(TaskTable, col(TaskTable.id) == col(NoticeTable.task))
        .where(waiting, kind.startswith(ASKING))
    )
    settled = [row.key for row in asked if row.kind.removeprefix(ASKING) not in row.waiting]
    if settled:
        _drop(session, col(NoticeTable.key).in_(settled))


def _drop(session: Session, which: ColumnElement[bool]) -> None:
    session.execute(
        update(NoticeTable)
        .where(which)
        .values(dropped=True)
        .execution_options(synchronize_session=False)
    )


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


def _enclose(session: Session, rows: Sequence[Row[tuple[object, ...]]], message: str) -> None:
    """Marks the notices as part of a letter, one by one: a letter of the coordinator may have more
    of them than one statement takes."""
    session.flush()
    session.connection().execute(
        update(NoticeTable).where(col(NoticeTable.key) == bindparam("notice")),
        [{"notice": row.key, "message": message} for row in rows],
    )


def _day(day: DigestDay) -> date:
    return day.at.astimezone(VN).date()


def _kind(day: DigestDay) -> str:
    return "urgent" if day.urgent else "digest"


def _line(row: Row[tuple[object, ...]], unit: str, name: str, words: dict[str, str]) -> Line:
    return Line(
        kind=row.kind,
        level=row.level,
        unit=row.unit or "",
        unit_name=name,
        own=row.unit == unit,
        code=row.code,
        occurrence=row.occurrence,
        title=row.title,
        last_day=date.fromisoformat(row.last_day) if row.last_day else None,
        why=row.why,
        text=words.get(row.text) if row.text else None,
    )


def _mail(message: MessageTable) -> Message:
    """The letter as a mail. `EmailMessage` folds Vietnamese headers with spaces lost, so the
    subject is encoded by `Header`."""
    mail = MIMEText(message.body, "plain", "utf-8")
    mail["From"] = formataddr(("Đôn Đốc", "dondoc@localhost"))
    mail["To"] = message.to_address or "khong-co-dia-chi@localhost"
    mail["Subject"] = Header(message.subject, "utf-8", header_name="Subject").encode()
    mail["Date"] = format_datetime(message.created_at.astimezone(VN))
    mail["Message-ID"] = message_id(message.id)
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Dondoc-Day"] = message.day.isoformat()
    return mail
