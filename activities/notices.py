"""Notices on their way out: recorded lines become letters, letters leave through a channel."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import Engine, Row, and_, func, or_, select, update
from sqlmodel import Session, col
from temporalio import activity

from activities.channels import Channel
from activities.clock import ClockStore
from activities.cycle_store import CycleStore
from models.assignment import OWING, Stage
from models.clock import VN
from models.cycle import DigestDay
from models.deadline import RungKind
from models.identifiers import message_id
from models.tables import (
    AssignmentTable,
    MessageTable,
    NoticeTable,
    StatementTable,
    TaskTable,
    UnitTable,
)
from rules.digest import within_window
from rules.letters import Line, letter

BATCH = 200
# A claim that is older belongs to a worker that died between sending and marking.
CLAIM_FOR = timedelta(minutes=10)
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
        self._channel = channel
        self._base_url = base_url
        self._cycles = CycleStore(engine)
        self._clock = ClockStore(engine)

    @activity.defn(name="compose_messages")
    def compose(self, day: DigestDay) -> int:
        """Makes one letter per recipient of what was recorded by `day.at`: everything, or what is
        urgent. Returns how many letters wait to be sent now.

        A line belongs to one letter for ever, so a repetition composes nothing twice.
        """
        cycle = self._cycles.get(day.cycle)
        snapshots = self._cycles.snapshots(cycle)
        officer = snapshots.plan.officer
        not_before = within_window(
            day.at,
            calendar=snapshots.calendar,
            send_from=officer.policy.send_from,
            send_until=officer.policy.send_until,
        )
        with Session(self._engine) as session:
            _drop_answered(session, day.cycle)
            rows = session.execute(_waiting_lines(day)).all()
            units = {unit.code: unit for unit in session.scalars(select(UnitTable))}
            words = _words(session, {row.text for row in rows if row.text})
            addresses = _Addresses(units, officer.coordinator)
            by_letter = sorted(rows, key=lambda row: (addresses.owner(row.recipient), row.key))
            for recipient, group in groupby(by_letter, lambda r: addresses.owner(r.recipient)):
                self._compose_one(
                    session,
                    day,
                    recipient,
                    list(group),
                    addresses,
                    words,
                    not_before=not_before,
                    plan_title=officer.short_title,
                )
            session.commit()
            waiting = session.scalar(
                select(func.count())
                .select_from(MessageTable)
                .where(
                    col(MessageTable.cycle) == day.cycle,
                    col(MessageTable.sent_at).is_(None),
                    col(MessageTable.not_before) <= day.at,
                )
            )
        return waiting or 0

    def _compose_one(
        self,
        session: Session,
        day: DigestDay,
        recipient: str,
        rows: Sequence[Row[tuple[object, ...]]],
        addresses: "_Addresses",
        words: dict[str, str],
        *,
        not_before: datetime,
        plan_title: str,
    ) -> None:
        address = addresses.of(recipient)
        unit = recipient.partition(":")[0]
        lines = [_line(row, unit, addresses.name(row.unit), words) for row in rows]
        written = letter(
            plan_title,
            address.name,
            lines,
            link=f"{self._base_url}/don-vi/{unit}",
            on_behalf=address.fallback,
        )
        local_day = day.at.astimezone(VN).date()
        kind = "urgent" if day.urgent else "digest"
        group = f"{day.cycle}/{local_day}/{recipient}/{kind}"
        number = session.scalar(
            select(func.count())
            .select_from(MessageTable)
            .where(
                col(MessageTable.cycle) == day.cycle,
                col(MessageTable.recipient) == recipient,
                col(MessageTable.day) == local_day,
                col(MessageTable.kind) == kind,
            )
        )
        identifier = f"{group}/{(number or 0) + 1}"
        session.add(
            MessageTable(
                id=identifier,
                cycle=day.cycle,
                recipient=recipient,
                kind=kind,
                day=local_day,
                subject=written.subject,
                body=written.body,
                created_at=day.at,
                not_before=not_before,
                to_address=address.email,
                fallback=address.fallback,
            )
        )
        session.flush()
        session.execute(
            update(NoticeTable)
            .where(col(NoticeTable.key).in_([row.key for row in rows]))
            .values(message=identifier)
        )

    @activity.defn(name="deliver_messages")
    def deliver(self, day: DigestDay) -> int:
        """Hands over what waits and may go out: claim, send, mark, in batches.

        A worker that dies between sending and marking leaves at most its batch to be sent again,
        under the same Message-ID. Raises ChannelDown.
        """
        sent = 0
        while batch := self._claim(day.cycle):
            for message in batch:
                answer = self._channel.send(_mail(message))
                self._mark(message.id, answer)
                sent += 1
            activity.heartbeat(sent)
        return sent

    def _claim(self, cycle: str) -> list[MessageTable]:
        wall = datetime.now(UTC)
        with Session(self._engine, expire_on_commit=False) as session:
            messages = session.scalars(
                select(MessageTable)
                .where(
                    col(MessageTable.cycle) == cycle,
                    col(MessageTable.sent_at).is_(None),
                    col(MessageTable.not_before) <= self._clock.plan_now(),
                    or_(
                        col(MessageTable.claimed_at).is_(None),
                        col(MessageTable.claimed_at) < wall - CLAIM_FOR,
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
        with Session(self._engine) as session:
            session.execute(
                update(MessageTable)
                .where(col(MessageTable.id) == identifier)
                .values(sent_at=self._clock.plan_now(), answer=answer, claimed_at=None)
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


def _waiting_lines(day: DigestDay):  # type: ignore[no-untyped-def]
    notice = NoticeTable
    urgent = col(notice.urgent).is_(True) if day.urgent else True
    return (
        select(
            *(c for c in notice.__table__.columns),  # type: ignore[attr-defined]
            col(TaskTable.code),
            col(TaskTable.occurrence),
            col(TaskTable.title),
        )
        .join(TaskTable, col(TaskTable.id) == col(notice.task))
        .where(
            col(notice.cycle) == day.cycle,
            col(notice.message).is_(None),
            col(notice.dropped).is_(False),
            col(notice.scheduled) <= day.at,
            urgent,
        )
    )


def _drop_answered(session: Session, cycle: str) -> None:
    """Reminders nobody has to read any more: answered, or for a date that was moved since."""
    assignment = (
        select(AssignmentTable.id)
        .where(
            col(AssignmentTable.id) == col(NoticeTable.assignment),
            or_(
                and_(
                    col(NoticeTable.kind).in_(CHASING),
                    or_(
                        col(AssignmentTable.stage).not_in(OWING),
                        col(AssignmentTable.version) != col(NoticeTable.version),
                    ),
                ),
                and_(
                    col(NoticeTable.kind) == RungKind.ACKNOWLEDGEMENT,
                    col(AssignmentTable.acknowledged_at).is_not(None),
                ),
                and_(
                    col(NoticeTable.kind) == RungKind.REVIEW,
                    col(AssignmentTable.stage) != Stage.SUBMITTED,
                    col(AssignmentTable.extension_asked).is_(False),
                ),
            ),
        )
        .exists()
    )
    session.execute(
        update(NoticeTable)
        .where(
            col(NoticeTable.cycle) == cycle,
            col(NoticeTable.message).is_(None),
            col(NoticeTable.dropped).is_(False),
            assignment,
        )
        .values(dropped=True)
        .execution_options(synchronize_session=False)
    )


def _words(session: Session, references: Iterable[str]) -> dict[str, str]:
    rows = session.execute(
        select(col(StatementTable.id), col(StatementTable.text)).where(
            col(StatementTable.id).in_(list(references))
        )
    )
    return {row.id: row.text for row in rows}


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


def _mail(message: MessageTable) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "Đôn Đốc <dondoc@localhost>"
    mail["To"] = message.to_address or "khong-co-dia-chi@localhost"
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(message.created_at.astimezone(VN))
    mail["Message-ID"] = message_id(message.id)
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Dondoc-Day"] = message.day.isoformat()
    mail.set_content(message.body)
    return mail
