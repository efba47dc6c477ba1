"""New sign-in links by mail, for whoever's link was used up or has run out.

They have an outbox of their own, because the cycles' is bound to plan time, working hours and a
running cycle: whoever cannot get in is answered at once.
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from uuid import uuid4

import structlog
from sqlalchemy import Engine, Select, and_, func, or_, select, update
from sqlmodel import Session, col

from activities.accounts import Accounts, note_passing
from activities.address_book import AddressBook
from activities.channels.port import Channel, ChannelDown, Never, NotNow, Parcel
from activities.channels.port import Session as Connection
from activities.database import database_errors, insert, take_turns
from activities.directory import Registry
from activities.links import GOOD_FOR, Link, LinkKind, Links
from activities.sessions import Device
from letters.new_link import new_link
from models.clock import VN
from models.tables import AccessTable, ContactTable, LinkLetterTable, UnitTable
from models.visitor import AccessKind
from rules.bare_text import bare

log = structlog.get_logger()

# How often one may be asked for: a stranger with an old letter must not fill somebody's mailbox.
PAUSE = timedelta(minutes=10)
MOST_A_DAY = 5
MOST_UNPROVEN_A_DAY = 2
# Of what is said; no code and no address is longer.
LONGEST_SAID = 200
ADDRESS_WINDOW = timedelta(minutes=15)
ADDRESS_LIMIT = 10
# One mailbox may serve some units; at once it is written to for so many.
MOST_OF_ONE_ADDRESS = 3

LOOK_EVERY_SECONDS = 2.0
DOWN_SECONDS = 30.0
# Few, so that the last of them leaves well before another worker may claim it.
AT_ONCE = 5
CLAIM_FOR = timedelta(minutes=5)
TRY_AGAIN = timedelta(minutes=2)
# Whoever still waits then has asked again, or has found another way in.
GIVE_UP_AFTER = timedelta(days=1)


class Whose(NamedTuple):
    name: str
    email: str


class LinkRequests:
    """Every method raises DatabaseUnavailable. All times are wall time. Each request leaves one
    line in the door's record, in one transaction with what it queues: by neither can be told who
    was found, and no request goes uncounted."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._registry = Registry(engine)

    def ask(self, link: Link, device: Device) -> bool:
        """Has a new link sent to the address that is known for whom `link` was made, unless one
        was just sent. False when the same machine has asked too often."""
        now = datetime.now(UTC)
        with database_errors(), Session(self._engine) as session:
            if _asks_too_often(session, device, now):
                return False
            take_turns(session.connection(), [f"link/{link.kind}/{link.ref}"])
            if not _had_enough(session, link, now):
                _queue(session, link.kind, [link.ref], now, proven=True)
            whose = {"unit" if link.kind is LinkKind.UNIT else "account": link.ref}
            note_passing(session.connection(), AccessKind.LINK_ASKED, device, **whose)
            session.commit()
        return True

    def ask_as(self, said: str, device: Device) -> bool:
        """The same for whoever holds no link and says which unit they are, by its code, its name or
        a mail address of it. Anybody can say that, so these requests have an allowance of their
        own, and a name that several units bear is nobody's."""
        said, now = said.strip()[:LONGEST_SAID], datetime.now(UTC)
        called = self._registry.by_name().get(bare(said), [])
        codes = called if len(called) == 1 else [said]
        with database_errors(), Session(self._engine) as session:
            if _asks_too_often(session, device, now):
                return False
            # One turn for all: whoever waited must see what was queued meanwhile.
            take_turns(session.connection(), ["link/said"])
            units = _known_as(session, said, codes, now)
            _queue(session, LinkKind.UNIT, units, now, proven=False)
            note_passing(session.connection(), AccessKind.LINK_ASKED, device, login=said)
            session.commit()
        return True


def _known_as(session: Session, said: str, codes: Sequence[str], now: datetime) -> Sequence[str]:
    """The units of these codes or that address which may be written to now; who was asked for
    longest ago first, so that a mailbox of many units gets the link of each in turn."""
    if not said:
        return []
    code, email = col(UnitTable.code), said.lower()
    named = or_(
        code.in_(codes),
        func.lower(col(UnitTable.email)) == email,
        func.lower(col(UnitTable.head_email)) == email,
        code.in_(_written_to_at(email, now.astimezone(VN).date())),
    )
    asked = col(LinkLetterTable.asked_at)
    of_unit = (
        select(func.max(asked))
        .where(col(LinkLetterTable.kind) == LinkKind.UNIT, col(LinkLetterTable.ref) == code)
        .correlate(UnitTable)
    )
    last = of_unit.scalar_subquery()
    unproven_today = (
        of_unit.with_only_columns(func.count())
        .where(col(LinkLetterTable.proven).is_(False), asked > now - timedelta(days=1))
        .scalar_subquery()
    )
    return session.scalars(
        select(code)
        .where(
            named,
            col(UnitTable.removed).is_(False),
            or_(last.is_(None), last <= now - PAUSE),
            unproven_today < MOST_UNPROVEN_A_DAY,
        )
        .order_by(last.nulls_first(), code)
        .limit(MOST_OF_ONE_ADDRESS)
    ).all()


def _written_to_at(email: str, day: date) -> Select[str]:
    """The units that have this address among the contacts of the day."""
    begun, until = col(ContactTable.valid_from), col(ContactTable.valid_until)
    return select(col(ContactTable.unit)).where(
        func.lower(col(ContactTable.email)) == email,
        or_(begun.is_(None), begun <= day),
        or_(until.is_(None), until >= day),
    )


def _queue(
    session: Session, kind: LinkKind, refs: Sequence[str], now: datetime, *, proven: bool
) -> None:
    rows = [
        {
            "id": uuid4().hex,
            "kind": kind,
            "ref": ref,
            "proven": proven,
            "state": "queued",
            "asked_at": now,
            "not_before": now,
            "attempts": 0,
            "answer": "",
        }
        for ref in refs
    ]
    if rows:
        session.execute(insert(session.connection(), LinkLetterTable), rows)


def _asks_too_often(session: Session, device: Device, now: datetime) -> bool:
    """Requests of one machine are counted one after the other."""
    take_turns(session.connection(), [f"link-from/{device.address}"])
    count = (
        select(func.count())
        .select_from(AccessTable)
        .where(
            col(AccessTable.kind) == AccessKind.LINK_ASKED,
            col(AccessTable.at) > now - ADDRESS_WINDOW,
            col(AccessTable.address) == device.address,
        )
    )
    return (session.scalar(count) or 0) >= ADDRESS_LIMIT


def _had_enough(session: Session, link: Link, now: datetime) -> bool:
    """What strangers asked for in its name is not held against whoever has a link."""
    today, last = session.execute(
        select(func.count(), func.max(col(LinkLetterTable.asked_at))).where(
            col(LinkLetterTable.kind) == link.kind,
            col(LinkLetterTable.ref) == link.ref,
            col(LinkLetterTable.proven),
            col(LinkLetterTable.asked_at) > now - timedelta(days=1),
        )
    ).one()
    return today >= MOST_A_DAY or (last is not None and last > now - PAUSE)


class LinkLetters:
    """Sends them; a link is made when its letter leaves, and kept nowhere."""

    def __init__(self, engine: Engine, channel: Channel, links: Links) -> None:
        self._engine = engine
        self._channel = channel
        self._links = links
        self._accounts = Accounts(engine)

    async def run(self) -> None:
        """For as long as it runs; nobody would start it again."""
        while True:
            pause = LOOK_EVERY_SECONDS
            try:
                await self.send()
            except ChannelDown as down:
                log.warning("link_letters.channel", reason=str(down))
                pause = DOWN_SECONDS
            except Exception as problem:
                log.warning("link_letters", reason=str(problem))
                pause = DOWN_SECONDS
            await asyncio.sleep(pause)

    async def send(self) -> None:
        """What waits now. Raises ChannelDown, and what waits goes on waiting."""
        some = await asyncio.to_thread(self._claim)
        if not some:
            return
        async with self._channel.session() as connection:
            for number, each in enumerate(some):
                try:
                    await self._one(connection, each)
                except ChannelDown:
                    await asyncio.to_thread(self._release, some[number:])
                    raise
                except Exception as problem:  # one letter must never stop those behind it
                    log.warning("link_letters.letter", letter=each.id, reason=str(problem))
                    await asyncio.to_thread(self._later, each, str(problem))

    async def _one(self, connection: Connection, each: LinkLetterTable) -> None:
        whose = await asyncio.to_thread(self._whose, each)
        if whose is None:
            await asyncio.to_thread(self._end, each, "dead", "không có địa chỉ thư để gửi")
            return
        try:
            answer = await connection.send(self._parcel(each, whose), whose.email)
        except Never as never:
            await asyncio.to_thread(self._end, each, "dead", str(never))
        except NotNow as later:
            await asyncio.to_thread(self._later, each, str(later))
        else:
            await asyncio.to_thread(self._end, each, "accepted", answer)

    def _whose(self, each: LinkLetterTable) -> Whose | None:
        """The address as it is known today; a link that signs in as a unit goes to nobody else."""
        if each.kind != LinkKind.UNIT:
            account = self._accounts.get(each.ref)
            if account is None or account.disabled or not account.email:
                return None
            return Whose(account.name, account.email)
        with Session(self._engine) as session:
            day = datetime.now(VN).date()
            book = AddressBook.read(session, {each.ref}, coordinator=each.ref, day=day)
            address = book.of(each.ref)
        if address.code != each.ref or not address.email:
            return None
        return Whose(address.name, address.email)

    def _parcel(self, each: LinkLetterTable, whose: Whose) -> Parcel:
        now = datetime.now(UTC)
        match kind := LinkKind(each.kind):
            case LinkKind.UNIT:
                url = self._links.unit(each.ref, at=now, then=f"/don-vi/{each.ref}")
            case LinkKind.ACCOUNT:
                url = self._links.account(each.ref, at=now)
            case LinkKind.PASSWORD:
                url = self._links.password(each.ref, at=now)
        until = now + GOOD_FOR[kind]
        letter = new_link(whose.name, url, asked_at=each.asked_at, until=until)
        return Parcel(
            key=f"link/{each.id}",
            recipient=each.ref,
            name=whose.name,
            day=now.astimezone(VN).date(),
            made_at=each.asked_at,
            subject=letter.subject,
            text=letter.text,
            html=letter.html,
            link=url,
        )

    def _claim(self) -> Sequence[LinkLetterTable]:
        now = datetime.now(UTC)
        free = or_(
            col(LinkLetterTable.claimed_at).is_(None),
            col(LinkLetterTable.claimed_at) < now - CLAIM_FOR,
        )
        with database_errors(), Session(self._engine, expire_on_commit=False) as session:
            some = session.scalars(
                select(LinkLetterTable)
                .where(
                    and_(
                        col(LinkLetterTable.state) == "queued",
                        col(LinkLetterTable.not_before) <= now,
                        free,
                    )
                )
                .order_by(col(LinkLetterTable.asked_at))
                .limit(AT_ONCE)
                .with_for_update(skip_locked=True)
            ).all()
            for each in some:
                each.claimed_at = now
            session.commit()
            return some

    def _release(self, some: Sequence[LinkLetterTable]) -> None:
        for each in some:
            self._note(each, claimed_at=None)

    def _later(self, each: LinkLetterTable, answer: str) -> None:
        now = datetime.now(UTC)
        if now - each.asked_at > GIVE_UP_AFTER:
            self._end(each, "dead", answer)
            return
        again = now + TRY_AGAIN * (each.attempts + 1)
        attempts = each.attempts + 1
        self._note(each, claimed_at=None, not_before=again, attempts=attempts, answer=answer)

    def _end(self, each: LinkLetterTable, state: str, answer: str) -> None:
        self._note(each, state=state, claimed_at=None, attempts=each.attempts + 1, answer=answer)

    def _note(self, each: LinkLetterTable, **values: object) -> None:
        with database_errors(), self._engine.begin() as connection:
            connection.execute(
                update(LinkLetterTable).where(col(LinkLetterTable.id) == each.id).values(**values)
            )
