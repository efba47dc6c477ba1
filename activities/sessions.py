"""Who is signed in where. The browser holds a secret, the database its hash."""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Engine, bindparam, select, update
from sqlmodel import col

from activities.clock import CLOCK, clock_of
from activities.database import database_errors, insert, reading
from models.tables import AccountTable, ClockTable, SessionTable, UnitTable, UsedLinkTable
from models.visitor import Visitor, VisitorRole

LASTS = timedelta(days=30)
LASTS_FOR_OFFICES = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=5)


class Device(NamedTuple):
    """From where somebody comes: an address of the network and what the browser calls itself."""

    address: str = ""
    name: str = ""


class Visit(NamedTuple):
    """Who has come, and at which plan instant."""

    visitor: Visitor
    now: datetime


class OpenSession(NamedTuple):
    """One of somebody's sessions, as they see it in their list."""

    id: str
    name: str
    address: str
    device: str
    created_at: datetime
    seen_at: datetime


class Sessions:
    """Every method raises DatabaseUnavailable. Times are wall time."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = reading(engine)

    def begin_for_unit(self, unit: str, device: Device, *, link: str) -> str | None:
        """A new session's secret; None when the link was used up before, by whoever it was."""
        with database_errors(), self._engine.begin() as connection:
            if not _use_up(connection, link):
                return None
            return _begin(connection, device, role=VisitorRole.UNIT, unit=unit)

    def begin_for_account(self, account: str, device: Device, *, link: str = "") -> str | None:
        """The same for an account; None too when it is disabled or unknown."""
        query = (
            select(col(AccountTable.role), col(AccountTable.name), col(AccountTable.position))
            .where(col(AccountTable.id) == account, col(AccountTable.disabled_at).is_(None))
            # Whoever closes the account waits, and then ends this session too.
            .with_for_update()
        )
        with database_errors(), self._engine.begin() as connection:
            known = connection.execute(query).one_or_none()
            if known is None or (link and not _use_up(connection, link)):
                return None
            return _begin(
                connection,
                device,
                role=VisitorRole(known.role),
                account=account,
                name=known.name,
                position=known.position,
            )

    def visitor(self, secret: str) -> Visitor | None:
        """Who holds a secret; None when the session has ended or run out."""
        visit = self.visit(secret)
        return visit and visit.visitor

    def visit(self, secret: str) -> Visit | None:
        """The same with the plan instant, which nearly every page needs. One query."""
        now = datetime.now(UTC)
        asked = {"secret": _hash(secret), "now": now}
        with database_errors(), self._reading.begin() as connection:
            row = connection.execute(_VISIT, asked).one_or_none()
        if row is None:
            return None
        if now - row.seen_at > SEEN_EVERY:
            self._note_seen(row.id, now)
        visitor = Visitor(
            session=row.id,
            role=VisitorRole(row.role),
            account=row.account,
            unit=row.unit,
            unit_name=row.unit_name or row.unit or "",
            unit_kind=row.unit_kind or "",
            name=row.name,
            position=row.position,
        )
        return Visit(visitor, clock_of(row).plan_time(now))

    def known(self, secret: str) -> bool:
        """Whether somebody was let in with a secret, be it long ago."""
        query = select(col(SessionTable.id)).where(col(SessionTable.id) == _hash(secret))
        with database_errors(), self._reading.begin() as connection:
            return connection.execute(query).scalar() is not None

    def introduce(self, session: str, *, name: str, position: str) -> None:
        """Keeps who acts for a unit in this session."""
        with database_errors(), self._engine.begin() as connection:
            connection.execute(
                update(SessionTable)
                .where(col(SessionTable.id) == session)
                .values(name=name, position=position)
            )

    def used(self, link: str) -> bool:
        """Whether a sign-in link was used up."""
        query = select(col(UsedLinkTable.id)).where(col(UsedLinkTable.id) == link)
        with database_errors(), self._reading.begin() as connection:
            return connection.execute(query).scalar() is not None

    def of(self, visitor: Visitor) -> list[OpenSession]:
        """All open sessions of the same account or unit, the last seen first."""
        query = (
            select(*(col(getattr(SessionTable, name)) for name in OpenSession._fields))
            .where(_of_the_same(visitor), *_open(datetime.now(UTC)))
            .order_by(col(SessionTable.seen_at).desc())
        )
        with database_errors(), self._reading.begin() as connection:
            return [OpenSession(*row) for row in connection.execute(query)]

    def end(self, visitor: Visitor, session: str | None = None) -> int:
        """Ends one session of this account or unit, or all of them; how many were open."""
        which = [_of_the_same(visitor), *_open(datetime.now(UTC))]
        if session is not None:
            which.append(col(SessionTable.id) == session)
        with database_errors(), self._engine.begin() as connection:
            return _end(connection, *which)

    def _note_seen(self, session: str, at: datetime) -> None:
        with database_errors(), self._engine.begin() as connection:
            connection.execute(
                update(SessionTable).where(col(SessionTable.id) == session).values(seen_at=at)
            )


def end_sessions(connection: Connection, *, account: str) -> int:
    """Signs an account out everywhere; how many sessions were open."""
    return _end(connection, col(SessionTable.account) == account, *_open(datetime.now(UTC)))


def _end(connection: Connection, *which: ColumnElement[bool]) -> int:
    ended = update(SessionTable).where(*which).values(ended_at=datetime.now(UTC))
    return connection.execute(ended).rowcount


def _begin(connection: Connection, device: Device, **who: str) -> str:
    secret = secrets.token_urlsafe(32)
    now = datetime.now(UTC)
    lasts = LASTS if who["role"] == VisitorRole.UNIT else LASTS_FOR_OFFICES
    row = {
        "id": _hash(secret),
        "address": device.address,
        "device": device.name[:200],
        "created_at": now,
        "seen_at": now,
        "expires_at": now + lasts,
        "name": "",
        "position": "",
    }
    connection.execute(insert(connection, SessionTable), row | who)
    return secret


def _use_up(connection: Connection, link: str) -> bool:
    # PostgreSQL's driver does not count inserted rows.
    use = insert(connection, UsedLinkTable).on_conflict_do_nothing()
    row = {"id": link, "used_at": datetime.now(UTC)}
    return connection.execute(use.returning(col(UsedLinkTable.id)), row).first() is not None


def _open(now: Any) -> tuple[ColumnElement[bool], ...]:
    return (col(SessionTable.ended_at).is_(None), col(SessionTable.expires_at) > now)


def _of_the_same(visitor: Visitor) -> ColumnElement[bool]:
    if visitor.account is not None:
        return col(SessionTable.account) == visitor.account
    return col(SessionTable.unit) == visitor.unit


_OF_SESSION = ("id", "role", "account", "unit", "name", "position", "seen_at")
# Built once: every page asks it.
_VISIT = (
    select(
        *(col(getattr(SessionTable, name)) for name in _OF_SESSION),
        col(UnitTable.name).label("unit_name"),
        col(UnitTable.kind).label("unit_kind"),
        *CLOCK,
    )
    .outerjoin(UnitTable, col(UnitTable.code) == col(SessionTable.unit))
    .outerjoin(ClockTable, col(ClockTable.id) == 1)
    .where(col(SessionTable.id) == bindparam("secret"), *_open(bindparam("now")))
)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
