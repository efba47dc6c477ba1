"""The ledger: what happened to each task, append-only and hash-chained, and its read model.

Screens' rows and notices are written in the transaction of the entries they follow from.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, Engine
from temporalio import activity

from activities.database import database_errors, reading
from activities.group_commit import GroupCommit
from activities.ledger import seals
from activities.ledger.entries import BrokenLedger, whole
from activities.ledger.recording import halt, open_task, opening, record
from activities.ledger.rows import rebuild
from models.clock import VN
from models.cycle import DigestDay
from models.events import Event
from models.finding import Finding
from models.recording import Loaded, Recorded, Recording
from rules.evolve import fold

__all__ = ["BrokenLedger", "Ledger"]


class Ledger:
    """The only writer of entries, of screens' rows and of notices."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = reading(engine)
        # A server of its own serves many writers, and there two groups could wait for each other.
        alone = engine.dialect.name == "sqlite"
        self._recording = GroupCommit(engine, _record_all) if alone else None

    def open_task(self, task: str, cycle: str, events: Sequence[Event]) -> bool:
        """Records the first events of a task. False, and nothing written, if it is open already."""
        with database_errors():
            facts, first = opening(task, cycle, events)
            with self._engine.begin() as connection:
                return open_task(connection, facts, first)

    @activity.defn(name="record")
    def record(self, recording: Recording) -> Recorded:
        """Records everything or nothing, on the head it was decided on.

        A repetition after a crash may bring other input, so what the ledger already has is
        answered, never merged.
        """
        if self._recording is not None:
            return self._recording.run(recording)
        with database_errors(), self._engine.begin() as connection:
            return record(connection, recording)

    @activity.defn(name="load_task")
    def load(self, task: str) -> Loaded:
        """The task as its ledger tells it. A ledger that does not verify halts the task."""
        try:
            with database_errors(), self._reading.begin() as connection:
                head, events = whole(connection, task)
                return Loaded(state=fold(None, events), head=head)
        except BrokenLedger as broken:
            with database_errors(), self._engine.begin() as connection:
                halt(connection, task, f"Sổ theo dõi không toàn vẹn: {broken.message}")
            raise

    @activity.defn(name="seal_cycle")
    def seal(self, day: DigestDay) -> str:
        """Seals the chains of a cycle for the day of `day.at`, and returns the root.

        A day that a seal covers already is not sealed again: the heads of then are gone.
        """
        with database_errors(), self._engine.begin() as connection:
            return seals.seal(connection, day.cycle, day.at.astimezone(VN).date())

    def verify(self, cycle: str | None = None) -> list[Finding]:
        """What does not add up in the chains and seals of one cycle, or of all."""
        with database_errors(), self._reading.begin() as connection:
            return seals.verify(connection, cycle)

    def rebuild(self, task: str) -> None:
        """Makes the screens' rows of a task anew from its ledger, and the notices that lack.
        Pages that are being served are to be started again after it."""
        with database_errors(), self._engine.begin() as connection:
            _, events = whole(connection, task)
            rebuild(connection, task, events)


def _record_all(connection: Connection, recordings: Sequence[Recording]) -> list[Recorded]:
    return [record(connection, recording) for recording in recordings]
