"""What a message says at the moment it leaves: its lines that still hold, to whoever is reached
today, with a link made just then."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, NamedTuple, Protocol

from sqlalchemy import ColumnElement, Row, Select, inspect, select
from sqlmodel import Session, col

from activities.address_book import Address, AddressBook
from activities.channels.port import Parcel
from activities.conversations import Earlier, conversation_of, earlier_mails, key_of
from activities.old_news import drop, old_news
from activities.views.overdue import overdue_parts
from letters.letter import Letter, Line, Overdue, Written
from letters.wording import of_plan
from letters.writing import write
from models.clock import VN
from models.deadline import RungKind
from models.identifiers import HEAD, notice_key
from models.plan import Plan
from models.tables import (
    AssignmentTable,
    CycleTable,
    DispatchTable,
    MessageTable,
    NoticeTable,
    StatementTable,
    TaskTable,
    UnitTable,
)
from rules.channels import EMAIL, channel_of
from rules.occurrences import titles_of

ASSIGNING = ("assigned", "dated")

Notice = Row[tuple[object, ...]]


class SignIn(NamedTuple):
    """A link that signs in as a unit; `id` is how its use is known, None where there is none."""

    url: str
    id: str | None


class Doors(Protocol):
    """Makes the links of messages."""

    def plain(self, code: str) -> str:
        """Where a unit's page is, without signing in."""
        ...

    def sign_in(self, code: str, *, wall: datetime) -> SignIn: ...


class Outgoing(NamedTuple):
    """A dispatch made ready: what leaves and where to. `nowhere` says why there is no place."""

    dispatch: DispatchTable
    parcel: Parcel
    to: str
    link: str | None
    nowhere: str | None = None


class Mailroom:
    """One cycle's."""

    def __init__(self, cycle: CycleTable, plan: Plan, doors: Doors) -> None:
        self._cycle = cycle.id
        self._tag = f"{plan.tag}-{cycle.year}"
        self._plan_title = plan.officer.short_title
        self._titles = {duty.code: titles_of(duty) for duty in plan.duties}
        self._coordinator = plan.officer.coordinator
        self._leadership = plan.officer.leadership
        self._wording = of_plan(plan.officer.language, plan.letters)
        self._doors = doors

    def address_book(self, session: Session, recipients: Iterable[str], day: date) -> AddressBook:
        return AddressBook.read(session, set(recipients), coordinator=self._coordinator, day=day)

    def overdue(self, session: Session, day: date) -> list[Overdue]:
        """Who is overdue on a day, as the officer's week begins with it."""
        at = datetime.combine(day, time.min, VN)
        return overdue_parts(session.connection(), self._cycle, at)

    def lines(
        self, session: Session, rows: Sequence[Any], recipient_of: Callable[[Any], str]
    ) -> list[Line]:
        """What rows of `lines_of` say; `recipient_of` tells for whom a row's message is."""
        return [self._titled(line) for line in _lines_from(session, rows, recipient_of)]

    def _titled(self, line: Line) -> Line:
        """Lists show the beginning of a task's words; a letter has room for more of them."""
        titles = self._titles.get(line.code)
        return line if titles is None else line._replace(title=titles.in_full(line.title))

    def letter(
        self,
        address: Address,
        lines: Sequence[Line],
        overdue: Sequence[Overdue] = (),
        *,
        book: AddressBook,
        day: date,
        link: str,
    ) -> Written:
        # The list of the week's beginning names the same units.
        told = [line for line in lines if not (overdue and _is_of_the_list(line))]
        letter = Letter(
            plan_title=self._plan_title,
            recipient=address.name,
            lines=tuple(told),
            day=day,
            link=link,
            on_behalf=address.fallback,
            tag=self._tag,
            sender=book.name(self._coordinator),
            overdue=tuple(overdue),
            above=address.code == self._leadership,
        )
        return write(letter, self._wording)

    def make_ready(
        self, session: Session, dispatches: Sequence[DispatchTable], *, day: date
    ) -> list[Outgoing]:
        """Claimed dispatches with what they say now. What has nothing left to say, or no place in
        its recipient's contacts any more, is marked as dropped and not returned."""
        messages = {
            row.id: row
            for row in session.scalars(
                select(MessageTable).where(
                    col(MessageTable.id).in_({dispatch.message for dispatch in dispatches})
                )
            )
        }
        lines = self._lines_that_hold(session, messages)
        book = self.address_book(session, {d.recipient for d in dispatches}, day)
        weekly = any(message.weekly for message in messages.values())
        overdue = self.overdue(session, day) if weekly else []
        earlier = earlier_mails(session, self._cycle, {d.recipient for d in dispatches})
        ready = []
        for dispatch in dispatches:
            message = messages[dispatch.message]
            said = lines.get(message.id, [])
            listed = overdue if message.weekly else []
            if not said and not listed:
                _drop_dispatch(dispatch, "việc đã được giải quyết trước khi gửi")
                message.dropped = message.sent_at is None
                continue
            outgoing = self._outgoing(dispatch, message, said, listed, book, earlier)
            if outgoing is not None:
                ready.append(outgoing)
        return ready

    def _lines_that_hold(
        self, session: Session, messages: dict[str, MessageTable]
    ) -> dict[str, list[Line]]:
        mine = col(NoticeTable.message).in_(sorted(messages))
        gone = old_news(session, mine)
        unsent = sorted(id_ for id_, message in messages.items() if message.sent_at is None)
        if gone and unsent:
            waiting = session.scalars(
                select(col(NoticeTable.key)).where(col(NoticeTable.message).in_(unsent))
            )
            drop(session, gone & set(waiting))
        rows = session.execute(lines_of(mine).order_by(col(NoticeTable.message))).all()
        rows = [row for row in rows if row.key not in gone and not row.dropped]
        made = self.lines(session, rows, lambda row: messages[row.message].recipient)
        by_message: dict[str, list[Line]] = {}
        for row, line in zip(rows, made, strict=True):
            by_message.setdefault(str(row.message), []).append(line)
        return by_message

    def _outgoing(
        self,
        dispatch: DispatchTable,
        message: MessageTable,
        lines: Sequence[Line],
        overdue: Sequence[Overdue],
        book: AddressBook,
        earlier: Earlier,
    ) -> Outgoing | None:
        address = book.of(dispatch.recipient)
        if dispatch.target and dispatch.target not in address.channels:
            _drop_dispatch(dispatch, "kênh này không còn trong danh bạ của nơi nhận")
            return None
        if dispatch.channel == EMAIL and not address.email and address.channels:
            _drop_dispatch(dispatch, "nơi nhận không còn địa chỉ thư trong danh bạ")
            return None
        link = self._doors.sign_in(address.code, wall=datetime.now(UTC))
        sent = self.letter(address, lines, overdue, book=book, day=message.day, link=link.url)
        if message.sent_at is None:
            # The link that signs in leaves with the message and is kept nowhere.
            kept = sent.relinked(link.url, self._doors.plain(address.code))
            message.subject, message.body, message.html = kept
            message.to_address, message.fallback = address.email, address.fallback
        dispatch.addressee, dispatch.on_behalf = address.name, address.fallback
        dispatch.address = dispatch.target or address.email
        dispatch.thread = conversation_of(lines, day=message.day)
        parcel = Parcel(
            key=key_of(dispatch.id, dispatch.resent),
            recipient=dispatch.recipient,
            name=address.name,
            day=message.day,
            made_at=message.created_at,
            subject=sent.subject,
            text=sent.text,
            html=sent.html,
            link=link.url,
            earlier=earlier.get((dispatch.recipient, dispatch.thread), ()),
        )
        nowhere = address.fallback if not dispatch.address else None
        return Outgoing(dispatch, parcel, dispatch.address, link.id, nowhere)


def channels_of(address: Address) -> list[tuple[str, str]]:
    """The ways a recipient is written to: channel and target. There is always one."""
    found = [(channel_of(url), url) for url in address.channels]
    return [(EMAIL, ""), *found] if address.email or not found else found


def lines_of(which: ColumnElement[bool]) -> Select[Any]:
    """Notices with what a reader has to know of their tasks."""
    return (
        select(
            *inspect(NoticeTable).columns,
            col(TaskTable.code),
            col(TaskTable.occurrence),
            col(TaskTable.title),
            col(TaskTable.ongoing),
            col(AssignmentTable.last_day).label("last_day_now"),
        )
        .join(TaskTable, col(TaskTable.id) == col(NoticeTable.task))
        .outerjoin(AssignmentTable, col(AssignmentTable.id) == col(NoticeTable.assignment))
        .where(which)
    )


def _lines_from(
    session: Session, rows: Sequence[Any], recipient_of: Callable[[Any], str]
) -> list[Line]:
    told = {to for row in rows for to in row.next_to}
    names = _names(session, {row.unit for row in rows if row.unit} | told)
    words = _words(session, {row.text for row in rows if row.text})

    def line(row: Any) -> Line:
        last_day = row.last_day_now if row.kind in ASSIGNING else row.last_day
        # A date that was moved since has another reason, and other days after it.
        as_noted = last_day == row.last_day
        return Line(
            kind=row.kind,
            level=row.level,
            unit=row.unit or "",
            unit_name=names.get(row.unit, row.unit or ""),
            own=row.unit == recipient_of(row).partition(":")[0],
            code=row.code,
            occurrence=row.occurrence,
            title=row.title,
            last_day=date.fromisoformat(last_day) if last_day else None,
            why=row.why if as_noted else "",
            text=words.get(row.text) if row.text else None,
            phrase=row.phrase,
            rule=row.rule if as_noted else "",
            next_day=date.fromisoformat(row.next_day) if row.next_day and as_noted else None,
            next_head=f"{row.unit}{HEAD}" in row.next_to,
            next_to=tuple(names.get(to, to) for to in row.next_to if not to.endswith(HEAD)),
            waits=not (last_day or row.ongoing),
        )

    return [line(row) for row in rows]


def undeliverable(
    dispatch: DispatchTable, task: str, coordinator: str, *, now: datetime
) -> NoticeTable:
    """Tells the coordinator that somebody cannot be written to."""
    unit = dispatch.recipient.partition(":")[0]
    rung = f"dead-{dispatch.channel}-{dispatch.resent}@{now.isoformat()}"
    return NoticeTable(
        key=notice_key(dispatch.id, 1, rung, coordinator),
        cycle=dispatch.cycle,
        task=task,
        unit=unit,
        recipient=coordinator,
        kind="undeliverable",
        rung=rung,
        version=1,
        scheduled=now,
        why=f"{dispatch.address or 'chưa có địa chỉ'}: {dispatch.answer}",
    )


def _is_of_the_list(line: Line) -> bool:
    return line.kind == RungKind.ESCALATION and not line.own


def _drop_dispatch(dispatch: DispatchTable, why: str) -> None:
    dispatch.state = "dropped"
    dispatch.answer = why
    dispatch.claimed_at = dispatch.claimed_by = None


def _names(session: Session, codes: set[str]) -> dict[str, str]:
    query = select(col(UnitTable.code), col(UnitTable.name))
    if len(codes) <= 500:
        query = query.where(col(UnitTable.code).in_(sorted(codes)))
    return {row.code: row.name for row in session.execute(query)}


def _words(session: Session, wanted: set[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for start in range(0, len(wanted), 500):
        some = sorted(wanted)[start : start + 500]
        rows = session.execute(
            select(col(StatementTable.id), col(StatementTable.text)).where(
                col(StatementTable.id).in_(some)
            )
        )
        found |= {row.id: row.text for row in rows}
    return found
