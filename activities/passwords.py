"""Passwords of accounts: hashed with argon2, checked with a lock against guessing."""

from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import cached_property
from typing import NamedTuple

from pwdlib import PasswordHash
from sqlalchemy import Engine, func, select, update
from sqlmodel import col

from activities.database import database_errors, reading
from activities.sessions import Device
from models.tables import AccessTable, AccountTable
from models.visitor import AccessKind

SHORTEST = 10
LOCK_AFTER = 5
LOCK_FOR = timedelta(minutes=15)
ADDRESS_WINDOW = timedelta(minutes=15)
ADDRESS_LIMIT = 30


class Refused(Enum):
    """Why a sign-in was refused. A person is told the same for the first three."""

    UNKNOWN = "unknown sign-in name"
    WRONG = "wrong password"
    DISABLED = "disabled account"
    LOCKED = "locked account"
    TOO_MANY = "too many tries from this address"


class Checked(NamedTuple):
    """An account whose password was right, else why not."""

    account: str | None
    refused: Refused | None = None
    locked_now: bool = False


class Passwords:
    """Every method raises DatabaseUnavailable. Hashing takes a core for a tenth of a second."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = reading(engine)
        self._hasher = PasswordHash.recommended()

    def check(self, login: str, password: str, device: Device) -> Checked:
        now = datetime.now(UTC)
        if self.turned_away(device):
            return Checked(None, Refused.TOO_MANY)
        query = select(AccountTable.__table__).where(  # type: ignore[attr-defined]
            col(AccountTable.login) == login.strip().lower()
        )
        with database_errors(), self._reading.begin() as connection:
            account = connection.execute(query).one_or_none()
        if account is None or account.password is None:
            # As slow as a known name, so that nobody learns which names exist.
            self._hasher.verify(password, self._nobodys)
            return Checked(None, Refused.UNKNOWN)
        if account.locked_until is not None and account.locked_until > now:
            return Checked(None, Refused.LOCKED)
        right = self._hasher.verify(password, account.password)
        if right and account.disabled_at is not None:
            return Checked(None, Refused.DISABLED)
        if not right:
            return Checked(None, Refused.WRONG, locked_now=self._note_failure(account.id, now))
        self._forget_failures(account.id)
        return Checked(account.id)

    def turned_away(self, device: Device) -> bool:
        """Whether too many were refused from this address of late."""
        since = datetime.now(UTC) - ADDRESS_WINDOW
        return self._tries_from(device, since=since) >= ADDRESS_LIMIT

    def set(self, account: str, password: str) -> None:
        """Raises ValueError when it is too short; what makes a password good is its length."""
        if len(password) < SHORTEST:
            raise ValueError(SHORTEST)
        values = {"password": self._hasher.hash(password), "failures": 0, "locked_until": None}
        with database_errors(), self._engine.begin() as connection:
            connection.execute(
                update(AccountTable).where(col(AccountTable.id) == account).values(**values)
            )

    def _tries_from(self, device: Device, *, since: datetime) -> int:
        query = (
            select(func.count())
            .select_from(AccessTable)
            .where(
                col(AccessTable.kind) == AccessKind.REFUSED,
                col(AccessTable.at) > since,
                col(AccessTable.address) == device.address,
            )
        )
        with database_errors(), self._reading.begin() as connection:
            return connection.execute(query).scalar_one()

    def _note_failure(self, account: str, now: datetime) -> bool:
        """Counts in the database, so that tries at once count too; whether it locks now."""
        this = col(AccountTable.id) == account
        with database_errors(), self._engine.begin() as connection:
            failures: int = connection.execute(
                update(AccountTable)
                .where(this)
                .values(failures=col(AccountTable.failures) + 1)
                .returning(col(AccountTable.failures))
            ).scalar_one()
            if failures < LOCK_AFTER:
                return False
            connection.execute(
                update(AccountTable).where(this).values(failures=0, locked_until=now + LOCK_FOR)
            )
        return True

    def _forget_failures(self, account: str) -> None:
        with database_errors(), self._engine.begin() as connection:
            connection.execute(
                update(AccountTable)
                .where(col(AccountTable.id) == account)
                .values(failures=0, locked_until=None)
            )

    @cached_property
    def _nobodys(self) -> str:
        return self._hasher.hash("nobody's password")
