"""Tokens of programs that use the API: secrets shown once, stored hashed, revocable one by one."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Engine, bindparam, func, select, update
from sqlmodel import col

from activities.clock import CLOCK, clock_of
from activities.database import database_errors, insert, reading
from activities.sessions import Device
from models.tables import (
    AccessTable,
    AccountTable,
    ClockTable,
    SubscriptionTable,
    TokenTable,
    UnitTable,
)
from models.visitor import AccessKind, Scope, Visitor, VisitorRole

# A secret that was published by mistake can be found by what it begins with.
PREFIX = "dondoc_"
NOTED_EVERY = timedelta(minutes=5)
REFUSED_WINDOW = timedelta(minutes=15)
REFUSED_LIMIT = 30


class Token(NamedTuple):
    """A token as others see it; its secret is known to nobody but its program."""

    id: str
    label: str
    account: str | None
    unit: str | None
    holder: str  # sign-in name or unit's code
    scopes: tuple[Scope, ...]
    created_at: datetime
    created_by: str
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


class Made(NamedTuple):
    """`secret` is kept nowhere; `new` says that the token was made just now."""

    id: str
    secret: str
    new: bool


class Holder(NamedTuple):
    """Who a secret lets in, for what, and the plan instant of the request."""

    visitor: Visitor
    now: datetime
    scopes: frozenset[Scope]
    label: str
    expires_at: datetime


class Tokens:
    """Every method raises DatabaseUnavailable. Times are wall time."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = reading(engine)

    def make(
        self,
        label: str,
        scopes: Iterable[Scope],
        *,
        lasts: timedelta,
        account: str | None = None,
        unit: str | None = None,
        name: str = "",
        position: str = "",
        by: str = "",
        secret: str | None = None,
    ) -> Made:
        """A token for an account or for a unit; `name` is who answers for what is done in the
        unit's name. One with a `secret` that is known already stays as it is."""
        secret = secret or PREFIX + secrets.token_urlsafe(32)
        now = datetime.now(UTC)
        row = {
            "id": id_of(secret),
            "label": label,
            "account": account,
            "unit": unit,
            "name": name,
            "position": position,
            "scopes": [scope.value for scope in Scope if scope in set(scopes)],
            "created_at": now,
            "created_by": by,
            "expires_at": now + lasts,
        }
        with database_errors(), self._engine.begin() as connection:
            # PostgreSQL's driver does not count inserted rows.
            made = insert(connection, TokenTable).on_conflict_do_nothing()
            new = connection.execute(made.returning(col(TokenTable.id)), row).first() is not None
        return Made(id_of(secret), secret, new)

    def holder(self, secret: str) -> Holder | None:
        """Who holds a secret; None when it is unknown, revoked or expired, or its account is
        disabled."""
        now = datetime.now(UTC)
        asked = {"secret": id_of(secret), "now": now}
        with database_errors(), self._reading.begin() as connection:
            row = connection.execute(_HOLDER, asked).one_or_none()
        if row is None:
            return None
        if row.used_at is None or now - row.used_at > NOTED_EVERY:
            self._note_used(row.id, now)
        return _holder(row, now)

    def all(self) -> list[Token]:
        """The newest first, with those that are revoked or expired."""
        return self._found()

    def of(self, *, account: str | None, unit: str | None) -> list[Token]:
        """A holder's own, as `all` has them."""
        mine = col(TokenTable.account) == account
        return self._found(mine if account is not None else col(TokenTable.unit) == unit)

    def revoke(self, id_: str) -> bool:
        """Closes a token for good, and ends what it subscribed to; False when it was closed, or
        never was."""
        now = datetime.now(UTC)
        this = (col(TokenTable.id) == id_, col(TokenTable.revoked_at).is_(None))
        its = (col(SubscriptionTable.token) == id_, col(SubscriptionTable.ended_at).is_(None))
        with database_errors(), self._engine.begin() as connection:
            closed = connection.execute(update(TokenTable).where(*this).values(revoked_at=now))
            connection.execute(update(SubscriptionTable).where(*its).values(ended_at=now))
            return closed.rowcount == 1

    def revoke_all(self, *, account: str | None, unit: str | None) -> int:
        """Closes all of a holder's, as `revoke` does; how many were open."""
        with database_errors(), self._engine.begin() as connection:
            return end_programs(connection, account=account, unit=unit)

    def refused_too_often(self, device: Device) -> bool:
        """Whether an address has tried so many wrong tokens that no more is noted of it. Wrong
        tokens never close the door to passwords: one wrong program shares its address with a whole
        office."""
        query = (
            select(func.count())
            .select_from(AccessTable)
            .where(
                col(AccessTable.kind) == AccessKind.TOKEN_REFUSED,
                col(AccessTable.at) > datetime.now(UTC) - REFUSED_WINDOW,
                col(AccessTable.address) == device.address,
            )
        )
        with database_errors(), self._reading.begin() as connection:
            return connection.execute(query).scalar_one() >= REFUSED_LIMIT

    def _found(self, *which: ColumnElement[bool]) -> list[Token]:
        holder = func.coalesce(col(AccountTable.login), col(TokenTable.unit), "").label("holder")
        query = (
            select(TokenTable.__table__, holder)  # type: ignore[attr-defined]
            .outerjoin(AccountTable, col(AccountTable.id) == col(TokenTable.account))
            .where(*which)
            .order_by(col(TokenTable.created_at).desc(), col(TokenTable.id))
        )
        with database_errors(), self._reading.begin() as connection:
            return [_token(row) for row in connection.execute(query)]

    def _note_used(self, id_: str, at: datetime) -> None:
        with database_errors(), self._engine.begin() as connection:
            connection.execute(
                update(TokenTable).where(col(TokenTable.id) == id_).values(used_at=at)
            )


def end_programs(connection: Connection, *, account: str | None, unit: str | None = None) -> int:
    """No program goes on for this holder: closes every token and every subscription. Returns how
    many tokens were open."""
    now = datetime.now(UTC)

    def of(table: type[TokenTable] | type[SubscriptionTable]) -> ColumnElement[bool]:
        return col(table.account) == account if account is not None else col(table.unit) == unit

    its = (of(SubscriptionTable), col(SubscriptionTable.ended_at).is_(None))
    connection.execute(update(SubscriptionTable).where(*its).values(ended_at=now))
    open_ = (of(TokenTable), col(TokenTable.revoked_at).is_(None), col(TokenTable.expires_at) > now)
    return connection.execute(update(TokenTable).where(*open_).values(revoked_at=now)).rowcount


_HOLDER: Any = (
    select(
        TokenTable.__table__,  # type: ignore[attr-defined]
        col(AccountTable.role).label("account_role"),
        col(AccountTable.name).label("account_name"),
        col(AccountTable.position).label("account_position"),
        col(UnitTable.name).label("unit_name"),
        col(UnitTable.kind).label("unit_kind"),
        *CLOCK,
    )
    .outerjoin(AccountTable, col(AccountTable.id) == col(TokenTable.account))
    .outerjoin(UnitTable, col(UnitTable.code) == col(TokenTable.unit))
    .outerjoin(ClockTable, col(ClockTable.id) == 1)
    .where(
        col(TokenTable.id) == bindparam("secret"),
        col(TokenTable.revoked_at).is_(None),
        col(TokenTable.expires_at) > bindparam("now"),
        col(AccountTable.disabled_at).is_(None),
    )
)


def _holder(row: Any, wall: datetime) -> Holder:
    visitor = Visitor(
        session=row.id,
        role=VisitorRole(row.account_role) if row.account else VisitorRole.UNIT,
        account=row.account,
        unit=row.unit,
        unit_name=row.unit_name or row.unit or "",
        unit_kind=row.unit_kind or "",
        name=row.account_name if row.account else row.name,
        position=row.account_position if row.account else row.position,
    )
    return Holder(
        visitor,
        clock_of(row).plan_time(wall),
        frozenset(map(Scope, row.scopes)),
        row.label,
        row.expires_at,
    )


def _token(row: Any) -> Token:
    same = {name: getattr(row, name) for name in Token._fields}
    return Token(**same | {"scopes": tuple(map(Scope, row.scopes))})


def id_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
