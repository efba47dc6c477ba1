"""The installation's one clock, as a row of the database."""

from datetime import UTC, datetime

from sqlalchemy import Engine
from sqlmodel import Session

from activities.database import reading
from models.clock import Clock
from models.tables import ClockTable


class ClockStore:
    """Reads and sets the clock. Every process of an installation reads the same row."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = reading(engine)

    def read(self) -> Clock:
        """The clock; the identity until another is set."""
        with Session(self._reading) as session:
            row = session.get(ClockTable, 1)
            return Clock() if row is None else _clock(row)

    def set(self, clock: Clock) -> None:
        with Session(self._engine) as session:
            session.merge(
                ClockTable(
                    id=1,
                    wall_anchor=clock.wall_anchor.astimezone(UTC),
                    plan_anchor=clock.plan_anchor.astimezone(UTC),
                    speed=clock.speed,
                    seen_plan=clock.plan_anchor.astimezone(UTC),
                )
            )
            session.commit()

    def plan_now(self) -> datetime:
        return self.read().plan_time(datetime.now(UTC))

    def note_seen(self) -> None:
        """Keeps the plan instant a rehearsal resumes at after it was stopped, however it was."""
        with Session(self._engine) as session:
            row = session.get(ClockTable, 1)
            if row is not None:
                row.seen_plan = _clock(row).plan_time(datetime.now(UTC)).astimezone(UTC)
                session.add(row)
                session.commit()

    def resume(self) -> Clock | None:
        """Re-anchors a clock that is not the identity where it was last seen; None otherwise.

        The identity needs nothing: plan time went on while we were down, and so did the world.
        """
        with Session(self._reading) as session:
            row = session.get(ClockTable, 1)
            if row is None or row.speed == 1.0 or row.seen_plan is None:
                return None
            clock = _clock(row).anchored(wall=datetime.now(UTC), plan=row.seen_plan)
        self.set(clock)
        return clock


def _clock(row: ClockTable) -> Clock:
    return Clock(wall_anchor=row.wall_anchor, plan_anchor=row.plan_anchor, speed=row.speed)
