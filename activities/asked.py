"""What keys of idempotency were first used for: a repeated request is known again, whatever ended
in between."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import Connection, Engine, select
from sqlmodel import col

from activities.database import database_errors, insert, reading
from models.tables import AskedTable


class Key(NamedTuple):
    """A request by its key: `id` is made from holder and key, `fingerprint` of what is asked."""

    id: str
    fingerprint: str


class Asked(NamedTuple):
    """A request that was taken in: what tells it from another, and the commands it led to."""

    fingerprint: str
    commands: tuple[str, ...]


class KeyReused(Exception):
    """The key stands for another request; nothing was written."""


class AskedBefore:
    """Every method raises DatabaseUnavailable."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = reading(engine)

    def get(self, key: Key) -> Asked | None:
        """What the key stands for, if anything. Raises KeyReused."""
        with database_errors(), self._reading.begin() as connection:
            found = _found(connection, key.id)
        return None if found is None else _same(found, key)

    def claim(self, key: Key, commands: Sequence[str]) -> Asked:
        """What the key stands for from now on: this, unless somebody was faster. Raises
        KeyReused."""
        with database_errors(), self._engine.begin() as connection:
            return claim_with(connection, key, commands)


def claim_with(connection: Connection, key: Key, commands: Sequence[str]) -> Asked:
    """Claims a key in the transaction that keeps what was asked: no key is ever claimed for
    something that was not kept, so none has to be freed again. Raises KeyReused."""
    row = {
        "id": key.id,
        "fingerprint": key.fingerprint,
        "commands": list(commands),
        "at": datetime.now(UTC),
    }
    claim = insert(connection, AskedTable).on_conflict_do_nothing()
    if connection.execute(claim.returning(col(AskedTable.id)), row).first() is not None:
        return Asked(key.fingerprint, tuple(commands))
    found = _found(connection, key.id)
    assert found is not None  # noqa: S101  # keys are never freed
    return _same(found, key)


def _found(connection: Connection, id_: str) -> Asked | None:
    query = select(col(AskedTable.fingerprint), col(AskedTable.commands)).where(
        col(AskedTable.id) == id_
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else Asked(row.fingerprint, tuple(row.commands))


def _same(found: Asked, key: Key) -> Asked:
    if found.fingerprint != key.fingerprint:
        raise KeyReused(key.id)
    return found
