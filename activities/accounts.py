"""Accounts of officers, supervisors and administrators, and the record of the door."""

from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import uuid4

from sqlalchemy import Connection, Engine, Row, func, select, update
from sqlmodel import col

from activities.database import database_errors, insert, reading
from activities.sessions import Device, end_sessions
from activities.tokens import end_programs
from models.tables import AccessTable, AccountTable
from models.visitor import AccessKind, VisitorRole


class Account(NamedTuple):
    """An account as others see it; `has_password` is all that is said of its password."""

    id: str
    login: str
    name: str
    position: str
    email: str
    role: VisitorRole
    disabled: bool
    has_password: bool


class Identified(NamedTuple):
    """The account of whom a provider has identified; `first` says that it was bound just now."""

    account: str
    first: bool


# An administrator's account opens all others and depends on nobody else's server.
BY_PROVIDER = (VisitorRole.OFFICER, VisitorRole.SUPERVISOR)


class Accounts:
    """Every method raises DatabaseUnavailable. Times are wall time."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = reading(engine)

    def add(
        self, login: str, role: VisitorRole, *, name: str, position: str = "", email: str = ""
    ) -> Account | None:
        """A new account without a password; None when the sign-in name is taken."""
        row = {
            "id": uuid4().hex,
            "login": login.strip().lower(),
            "role": role,
            "name": name,
            "position": position,
            "email": email,
            "failures": 0,
            "created_at": datetime.now(UTC),
        }
        with database_errors(), self._engine.begin() as connection:
            # PostgreSQL's driver does not count inserted rows.
            added = insert(connection, AccountTable).on_conflict_do_nothing()
            if connection.execute(added.returning(col(AccountTable.id)), row).first() is None:
                return None
        return self.named(login)

    def named(self, login: str) -> Account | None:
        query = select(AccountTable.__table__).where(  # type: ignore[attr-defined]
            col(AccountTable.login) == login.strip().lower()
        )
        with database_errors(), self._reading.begin() as connection:
            row = connection.execute(query).one_or_none()
            return None if row is None else _account(row)

    def disable(self, account: str) -> int:
        """Nobody signs in with it any more, and its programs are shut out for good. Returns how
        many sessions it ended."""
        return self._change(account, disabled_at=datetime.now(UTC))

    def reset(self, account: str) -> int:
        """Takes the password, the provider's person, the sessions and the programs away, and
        whatever kept the account closed. Returns how many sessions it ended."""
        emptied = ("password", "subject", "locked_until", "disabled_at")
        return self._change(account, failures=0, **dict.fromkeys(emptied))

    def identified(self, subject: str, email: str) -> Identified | None:
        """Whose account a provider's person has. A first time it is the one enabled account of an
        officer or a supervisor that the administrator gave this address, which is then bound to
        the person. None when there is no such account, or more than one."""
        this, open_ = col(AccountTable.subject) == subject, col(AccountTable.disabled_at).is_(None)
        office = col(AccountTable.role).in_(BY_PROVIDER)
        with database_errors(), self._engine.begin() as connection:
            known = connection.execute(
                select(col(AccountTable.id)).where(this, open_, office)
            ).scalar()
            if known is not None:
                return Identified(known, first=False)
            if not email or connection.execute(select(col(AccountTable.id)).where(this)).scalar():
                return None
            # Two accounts with one address are nobody's, be one of them disabled.
            same = connection.execute(
                select(col(AccountTable.id)).where(func.lower(AccountTable.email) == email.lower())
            ).scalars()
            if len(found := list(same)) != 1:
                return None
            bound = connection.execute(
                update(AccountTable)
                .where(
                    col(AccountTable.id) == found[0],
                    col(AccountTable.subject).is_(None),
                    open_,
                    office,
                )
                .values(subject=subject)
            )
            return Identified(found[0], first=True) if bound.rowcount == 1 else None

    def get(self, id_: str) -> Account | None:
        query = select(AccountTable.__table__).where(  # type: ignore[attr-defined]
            col(AccountTable.id) == id_
        )
        with database_errors(), self._reading.begin() as connection:
            row = connection.execute(query).one_or_none()
            return None if row is None else _account(row)

    def all(self) -> list[Account]:
        query = select(AccountTable.__table__).order_by(  # type: ignore[attr-defined]
            col(AccountTable.login)
        )
        with database_errors(), self._reading.begin() as connection:
            return [_account(row) for row in connection.execute(query)]

    def _change(self, account: str, **values: Any) -> int:
        with database_errors(), self._engine.begin() as connection:
            connection.execute(
                update(AccountTable).where(col(AccountTable.id) == account).values(**values)
            )
            end_programs(connection, account=account)
            return end_sessions(connection, account=account)


class Passed(NamedTuple):
    """A line of the record of the door, with the sign-in name an account has."""

    at: datetime
    kind: str
    who: str
    address: str
    device: str
    detail: str


class Door:
    """The record of who came in, who was refused, and who left."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = reading(engine)

    def record(
        self, *, kind: str | None = None, limit: int = 50, offset: int = 0
    ) -> tuple[list[Passed], int]:
        """The newest lines first, and how many there are."""
        wanted = [col(AccessTable.kind) == kind] if kind else []
        who = func.coalesce(col(AccountTable.login), col(AccessTable.unit), col(AccessTable.login))
        lines = (
            select(
                col(AccessTable.at),
                col(AccessTable.kind),
                who,
                col(AccessTable.address),
                col(AccessTable.device),
                col(AccessTable.detail),
            )
            .outerjoin(AccountTable, col(AccountTable.id) == col(AccessTable.account))
            .where(*wanted)
            .order_by(col(AccessTable.id).desc())
            .limit(limit)
            .offset(offset)
        )
        count = select(func.count()).select_from(AccessTable).where(*wanted)
        with database_errors(), self._reading.begin() as connection:
            found = [Passed(*row) for row in connection.execute(lines)]
            return found, connection.execute(count).scalar_one()

    def note(
        self,
        kind: AccessKind,
        device: Device,
        *,
        account: str | None = None,
        unit: str | None = None,
        login: str = "",
        detail: str = "",
    ) -> None:
        """Raises DatabaseUnavailable."""
        with database_errors(), self._engine.begin() as connection:
            note_passing(
                connection, kind, device, account=account, unit=unit, login=login, detail=detail
            )


def note_passing(
    connection: Connection,
    kind: AccessKind,
    device: Device,
    *,
    account: str | None = None,
    unit: str | None = None,
    login: str = "",
    detail: str = "",
) -> None:
    """One line of the door's record, with whatever else the transaction writes."""
    row = {
        "at": datetime.now(UTC),
        "kind": kind,
        "account": account,
        "unit": unit,
        "login": login[:200],
        "address": device.address,
        "device": device.name[:200],
        "detail": detail,
    }
    connection.execute(insert(connection, AccessTable), row)


def _account(row: Row[tuple[object, ...]]) -> Account:
    return Account(
        id=row.id,
        login=row.login,
        name=row.name,
        position=row.position,
        email=row.email,
        role=VisitorRole(row.role),
        disabled=row.disabled_at is not None,
        has_password=row.password is not None,
    )
