"""What was recorded lately, for pages that stay open: one small look serves all of them."""

from typing import NamedTuple

from sqlalchemy import Engine, func, select
from sqlmodel import col

from activities.database import database_errors, reading
from models.tables import LedgerTable, TaskTable


class Change(NamedTuple):
    """One task went on. `units` are those that the new entries name; `position` is the ledgers'
    when it was seen."""

    cycle: str
    task: str
    units: frozenset[str]
    position: int


_POSITION = select(func.sum(col(TaskTable.head_seq)))


class Changes:
    """Remembers how far every ledger was at the last look."""

    def __init__(self, engine: Engine) -> None:
        self._reading = reading(engine)
        self._seen: dict[str, int] | None = None
        # Where the ledgers were at the first look: what was recorded before is not known here.
        self.began = 0

    def position(self) -> int:
        """How many entries all ledgers have together: it only ever grows. The first who asks
        has looked, so that nothing later is missed. Raises DatabaseUnavailable."""
        if self._seen is None:
            self.look()
            return self.began
        with database_errors(), self._reading.begin() as connection:
            return connection.execute(_POSITION).scalar() or 0

    def look(self) -> list[Change]:
        """What was recorded since the last look; nothing at the first. Raises
        DatabaseUnavailable."""
        heads = select(col(TaskTable.id), col(TaskTable.cycle), col(TaskTable.head_seq))
        with database_errors(), self._reading.begin() as connection:
            rows = connection.execute(heads).all()
            seen, self._seen = self._seen, {row.id: row.head_seq for row in rows}
            position = sum(self._seen.values())
            if seen is None:
                self.began = position
                return []
            found = []
            for row in rows:
                before = seen.get(row.id, 0)
                if row.head_seq > before:
                    named = connection.execute(
                        select(col(LedgerTable.unit))
                        .where(col(LedgerTable.task) == row.id, col(LedgerTable.seq) > before)
                        .distinct()
                    ).scalars()
                    found.append(
                        Change(row.cycle, row.id, frozenset(filter(None, named)), position)
                    )
            return found
