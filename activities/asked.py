"""What keys of idempotency were first used for: a repeated request is known again, whatever ended
in between."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import Engine, delete, select
from sqlmodel import col

from activities.database import database_errors, insert, reading
from models.tables import AskedTable


class Asked(NamedTuple):
    """A request that was taken in: what tells it from another, and the commands it led to."""

    fingerprint: str
    commands: tuple[str, ...]


class AskedBefore:
    """Every method raises DatabaseUnavailable."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = reading(engine)

    def get(self, id_: str) -> Asked | None:
        query = select(col(AskedTable.fingerprint), col(AskedTable.commands)).where(
            col(AskedTable.id) == id_
        )
        with database_errors(), self._reading.begin() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else Asked(row.fingerprint, tuple(row.commands))

    def claim(self, id_: str, fingerprint: str, commands: Sequence[str]) -> Asked:
        """What `id_` stands for from now on: this, unless somebody was faster."""
        row = {
            "id": id_,
            "fingerprint": fingerprint,
            "commands": list(commands),
            "at": datetime.now(UTC),
        }
        with database_errors(), self._engine.begin() as connection:
            claim = insert(connection, AskedTable).on_conflict_do_nothing()
            claimed = connection.execute(claim.returning(col(AskedTable.id)), row).first()
        if claimed is not None:
            return Asked(fingerprint, tuple(commands))
        return self.get(id_) or self.claim(id_, fingerprint, commands)

    def release(self, id_: str) -> None:
        """Frees a key whose request turned out to be unfit before anything was kept of it."""
        with database_errors(), self._engine.begin() as connection:
            connection.execute(delete(AskedTable).where(col(AskedTable.id) == id_))
