"""Addresses of calendar feeds: secrets of their own, stored hashed, each revocable by itself."""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Engine, select, update
from sqlmodel import col

from activities.database import database_errors, insert, reading
from models.tables import FeedTable

# Calendars ask every few minutes; a write each time would queue with those that matter.
NOTED_EVERY = timedelta(days=1)


class Feed(NamedTuple):
    """A feed address as its owner sees it later: the secret itself is shown once only."""

    id: str
    unit: str
    label: str
    created_at: datetime
    read_at: datetime | None


class Feeds:
    """Every method raises DatabaseUnavailable. Times are wall time."""

    def __init__(self, engine: Engine, base_url: str) -> None:
        self._engine = engine
        self._reading = reading(engine)
        self._base_url = base_url.rstrip("/")

    def create(self, unit: str, *, label: str = "", person: str = "") -> str:
        """A new address of the unit's calendar; nobody can ask for it again."""
        token = secrets.token_urlsafe(24)
        row = {
            "id": _hash(token),
            "unit": unit,
            "label": label,
            "created_at": datetime.now(UTC),
            "created_by": person,
        }
        with database_errors(), self._engine.begin() as connection:
            connection.execute(insert(connection, FeedTable), row)
        return f"{self._base_url}/lich/{token}.ics"

    def of_unit(self, unit: str) -> list[Feed]:
        """Those that work, the oldest first."""
        query = (
            select(*(col(getattr(FeedTable, name)) for name in Feed._fields))
            .where(col(FeedTable.unit) == unit, col(FeedTable.revoked_at).is_(None))
            .order_by(col(FeedTable.created_at))
        )
        with database_errors(), self._reading.begin() as connection:
            return [Feed(*row) for row in connection.execute(query)]

    def unit_of(self, token: str) -> str | None:
        """Whose calendar a secret opens; None when it is unknown or revoked."""
        feed = _hash(token)
        query = select(col(FeedTable.unit), col(FeedTable.read_at)).where(
            col(FeedTable.id) == feed, col(FeedTable.revoked_at).is_(None)
        )
        now = datetime.now(UTC)
        with database_errors(), self._reading.begin() as connection:
            found = connection.execute(query).one_or_none()
        if found is None:
            return None
        if found.read_at is None or now - found.read_at > NOTED_EVERY:
            with database_errors(), self._engine.begin() as connection:
                connection.execute(
                    update(FeedTable).where(col(FeedTable.id) == feed).values(read_at=now)
                )
        unit: str = found.unit
        return unit

    def revoke(self, id_: str, *, unit: str) -> bool:
        """Closes one of a unit's feeds for good; False when it has no such feed."""
        its_own = (
            col(FeedTable.id) == id_,
            col(FeedTable.unit) == unit,
            col(FeedTable.revoked_at).is_(None),
        )
        with database_errors(), self._engine.begin() as connection:
            closed = connection.execute(
                update(FeedTable).where(*its_own).values(revoked_at=datetime.now(UTC))
            )
            return closed.rowcount == 1


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
