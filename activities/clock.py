"""The installation's one clock, as a row of the database."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, select
from sqlmodel import Session, col

from activities.database import reading
from models.clock import Clock
from models.tables import ClockTable

CLOCK = tuple(col(getattr(ClockTable, name)) for name in Clock.model_fields)
_THE_CLOCK = select(*CLOCK).where(col(ClockTable.id) == 1)


class ClockStore:
    """Reads and sets the clock. Every process of an installation reads the same row."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = reading(engine)

    def read(self) -> Clock:
        """The clock; the identity until another is set."""
        with self._reading.begin() as connection:
            row = connection.execute(_THE_CLOCK).one_or_none()
        return Clock() if row is None else clock_of(row)

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
                row.seen_plan = clock_of(row).plan_time(datetime.now(UTC)).astimezone(UTC)
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
            clock = clock_of(row).anchored(wall=datetime.now(UTC), plan=row.seen_plan)
        self.set(clock)
        return clock


def clock_of(row: Any) -> Clock:
    """The clock in a row that has the columns of CLOCK; the identity where they are empty."""
    if row.speed is None:
        return Clock()
    return Clock(wall_anchor=row.wall_anchor, plan_anchor=row.plan_anchor, speed=row.speed)
